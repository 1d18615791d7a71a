#!/usr/bin/env python3
"""Writes fixtures/month/usage-2026-08.csv: one company's LLM usage in August 2026.

The values are synthetic, the shape is not: office hours, quiet weekends, nightly
batches, prompts that repeat and are cached, a few very long requests. The same
script always writes the same bytes, on every machine.

  make-month.py            write the file
  make-month.py --check    compare it with what would be written; exit 1 if it differs
"""

import argparse
import csv
import io
import random
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

TARGET = Path(__file__).resolve().parents[2] / "fixtures" / "month" / "usage-2026-08.csv"
SEED = 202608
FIRST_DAY = date(2026, 8, 1)
DAYS = 31


class Row(NamedTuple):
    """One line of the log; the field names are the header."""

    timestamp: str
    request_id: str
    project: str
    model: str
    service_tier: str
    batch: str
    requests: int
    input_tokens: int
    cached_read_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    output_tokens: int
    reasoning_tokens: int


class Vendor(NamedTuple):
    """How a vendor's logs look: its words for two tiers, and what its cache counts."""

    standard_word: str
    batch_word: str
    cache_step: int  # cached tokens come in multiples of this


OPENAI = Vendor(standard_word="default", batch_word="default", cache_step=128)
ANTHROPIC = Vendor(standard_word="standard", batch_word="batch", cache_step=1)
GOOGLE = Vendor(standard_word="", batch_word="", cache_step=1)


class Model(NamedTuple):
    vendor: Vendor
    alias: str = ""  # some callers pin this name
    writes_5m: bool = False  # filling the cache is billed
    writes_1h: bool = False
    batch_writes: bool = False  # filling it from a batch has a published price
    reasons: bool = False  # reports its reasoning tokens apart
    threshold: int = 0  # more input than this is a long-context request
    may_be_long: bool = False  # every meter it uses has a published long price


MODELS = {
    "gpt-4o-mini": Model(OPENAI, alias="gpt-4o-mini-2024-07-18"),
    "gpt-5": Model(OPENAI, alias="gpt-5-2025-08-07", reasons=True),
    "gpt-5.4": Model(OPENAI, alias="gpt-5.4-2026-03-05", reasons=True,
                     threshold=272_000, may_be_long=True),
    "gpt-5.6-sol": Model(OPENAI, alias="gpt-5.6", writes_5m=True, reasons=True, threshold=272_000),
    "gpt-5.6-luna": Model(OPENAI, writes_5m=True, reasons=True, threshold=272_000),
    "claude-sonnet-5": Model(ANTHROPIC, writes_5m=True, writes_1h=True, batch_writes=True),
    # Anthropic's logs name this model by its dated snapshot only.
    "claude-haiku-4-5-20251001": Model(ANTHROPIC, writes_5m=True, writes_1h=True,
                                       batch_writes=True),
    "claude-opus-4-8": Model(ANTHROPIC, writes_5m=True, writes_1h=True, batch_writes=True),
    "gemini-2.5-pro": Model(GOOGLE, reasons=True, threshold=200_000, may_be_long=True),
    "gemini-3.5-flash": Model(GOOGLE, reasons=True),
}


class Load(NamedTuple):
    """One kind of request a project makes. Ranges are inclusive, percentages whole."""

    model: str
    share: int  # of the project's requests, relative to its other loads
    prefix: tuple[int, int]  # tokens that repeat: instructions, tools, repository
    fresh: tuple[int, int]  # tokens only this request has
    output: tuple[int, int]
    hits: int  # % whose prefix is found in the cache
    tier: str = "standard"
    hour_long: int = 0  # % of the cache fillings that are bought for an hour


class Project(NamedTuple):
    per_workday: int
    week: tuple[int, ...]  # % of per_workday, Monday to Sunday
    hours: tuple[int, ...]  # relative weight of each UTC hour
    loads: tuple[Load, ...]


OFFICE_WEEK = (100, 108, 110, 104, 84, 9, 6)
OFFICE_HOURS = (0, 0, 0, 0, 0, 1, 6, 14, 20, 22, 19, 12, 15, 21, 20, 15, 8, 4, 2, 1, 1, 0, 0, 0)
CUSTOMER_WEEK = (112, 105, 100, 98, 92, 42, 36)
CUSTOMER_HOURS = (2, 1, 1, 1, 2, 4, 8, 12, 15, 17, 17, 15, 14, 15, 16, 16, 15, 14, 13, 12, 10, 8,
                  6, 4)
NIGHT_WEEK = (100, 100, 100, 100, 90, 20, 45)
NIGHT_HOURS = (18, 14, 8, 3, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 2, 4, 8, 14, 20, 22)

PROJECTS = {
    "support-bot": Project(68, CUSTOMER_WEEK, CUSTOMER_HOURS, (
        Load("claude-haiku-4-5-20251001", 35, (5_200, 9_400), (180, 7_500), (60, 900), hits=93),
        Load("gpt-4o-mini", 30, (2_300, 5_600), (120, 4_800), (40, 700), hits=90),
        Load("gpt-5.6-luna", 25, (3_000, 8_200), (150, 6_500), (80, 1_500), hits=92),
        Load("gemini-3.5-flash", 10, (4_100, 7_000), (150, 5_600), (80, 1_300), hits=86),
    )),
    "search": Project(52, OFFICE_WEEK, OFFICE_HOURS, (
        Load("gpt-4o-mini", 30, (1_700, 3_900), (300, 9_000), (30, 420), hits=62),
        Load("gemini-3.5-flash", 25, (2_600, 5_200), (700, 24_000), (60, 1_600), hits=55),
        Load("gpt-5", 20, (2_200, 4_800), (600, 22_000), (200, 4_200), hits=58, tier="priority"),
        Load("gpt-5", 10, (2_200, 4_800), (600, 22_000), (200, 4_200), hits=58),
        Load("gpt-5.6-luna", 15, (2_200, 5_000), (600, 18_000), (100, 2_400), hits=60),
    )),
    "code-review": Project(82, OFFICE_WEEK, OFFICE_HOURS, (
        Load("claude-opus-4-8", 34, (70_000, 330_000), (25_000, 560_000), (1_200, 26_000), hits=58,
             hour_long=35),
        Load("gpt-5.6-sol", 24, (40_000, 120_000), (30_000, 150_000), (1_200, 34_000), hits=52),
        Load("claude-sonnet-5", 18, (60_000, 260_000), (20_000, 480_000), (900, 22_000), hits=60,
             hour_long=25),
        Load("gpt-5.4", 10, (24_000, 110_000), (9_000, 150_000), (900, 16_000), hits=50),
        # Reviews of a whole repository: always past the long-context threshold.
        Load("gpt-5.4", 16, (90_000, 260_000), (183_000, 740_000), (2_500, 40_000), hits=38),
    )),
    "evals": Project(46, NIGHT_WEEK, NIGHT_HOURS, (
        Load("claude-opus-4-8", 20, (2_400, 18_000), (3_000, 160_000), (600, 14_000), hits=62,
             tier="batch", hour_long=70),
        Load("claude-sonnet-5", 18, (2_400, 18_000), (3_000, 160_000), (600, 14_000), hits=62,
             tier="batch", hour_long=70),
        Load("gpt-5.6-sol", 18, (2_000, 16_000), (3_000, 150_000), (600, 18_000), hits=34,
             tier="batch"),
        Load("gpt-5.4", 14, (2_000, 16_000), (3_000, 150_000), (600, 14_000), hits=34,
             tier="batch"),
        Load("gpt-5", 14, (2_000, 12_000), (3_000, 110_000), (600, 16_000), hits=30, tier="flex"),
        Load("gpt-5.6-luna", 6, (2_000, 12_000), (2_000, 90_000), (300, 6_000), hits=30,
             tier="batch"),
        # The judge answers while the run waits for it, so it is not batched.
        Load("gpt-5.6-sol", 10, (3_000, 9_000), (2_000, 60_000), (200, 3_000), hits=70),
    )),
    "doc-pipeline": Project(44, NIGHT_WEEK, NIGHT_HOURS, (
        Load("gemini-2.5-pro", 32, (1_500, 9_000), (12_000, 188_000), (1_500, 22_000), hits=25,
             tier="batch"),
        Load("gemini-3.5-flash", 24, (1_500, 6_000), (6_000, 240_000), (800, 12_000), hits=25,
             tier="batch"),
        Load("claude-haiku-4-5-20251001", 12, (5_000, 9_000), (5_000, 120_000), (600, 9_000),
             hits=55, tier="batch", hour_long=60),
        Load("gpt-4o-mini", 12, (1_300, 4_000), (4_000, 90_000), (300, 6_000), hits=20,
             tier="batch"),
        # Whole contracts and manuals, read in one piece and outside the nightly batch.
        Load("gemini-2.5-pro", 20, (2_000, 14_000), (199_000, 700_000), (3_000, 40_000), hits=30),
    )),
}


class Pinned(NamedTuple):
    """A request that must be there, because a boundary of the price sheet runs through it."""

    moment: str
    project: str
    model: str
    input_tokens: int
    cached: int
    output_tokens: int
    reasoning: int


PINNED = (
    # The first minutes of the month are still July west of Greenwich.
    Pinned("2026-08-01T00:00:00Z", "support-bot", "gpt-4o-mini", 5_412, 3_840, 211, 0),
    Pinned("2026-08-01T00:41:17Z", "support-bot", "gemini-3.5-flash", 9_870, 7_105, 318, 110),
    # At the long-context threshold, and one token past it.
    Pinned("2026-08-11T09:30:00Z", "code-review", "gpt-5.4", 272_000, 131_072, 8_214, 3_900),
    Pinned("2026-08-11T09:34:00Z", "code-review", "gpt-5.4", 272_001, 131_072, 8_377, 4_050),
    Pinned("2026-08-12T22:10:00Z", "doc-pipeline", "gemini-2.5-pro", 200_000, 0, 12_650, 4_410),
    Pinned("2026-08-12T22:12:00Z", "doc-pipeline", "gemini-2.5-pro", 200_001, 0, 12_702, 4_388),
    # Long only when the cached tokens are counted with the others.
    Pinned("2026-08-13T14:02:36Z", "code-review", "gpt-5.4", 278_476, 7_936, 9_120, 5_202),
    # The last second of one price of gpt-5.6-sol, and the first of the next.
    Pinned("2026-08-20T23:59:59Z", "evals", "gpt-5.6-sol", 41_266, 6_144, 1_780, 960),
    Pinned("2026-08-21T00:00:00Z", "evals", "gpt-5.6-sol", 41_266, 6_144, 1_780, 960),
    # The month's last hours are already September east of Greenwich, at the August price.
    Pinned("2026-08-31T22:04:09Z", "support-bot", "gpt-5.6-luna", 8_322, 5_120, 402, 128),
    Pinned("2026-08-31T22:47:51Z", "support-bot", "gemini-3.5-flash", 11_940, 6_310, 377, 142),
    Pinned("2026-08-31T23:15:30Z", "code-review", "claude-sonnet-5", 118_204, 74_500, 5_066, 0),
    Pinned("2026-08-31T23:40:02Z", "code-review", "claude-opus-4-8", 96_713, 61_200, 4_190, 0),
    Pinned("2026-08-31T23:58:44Z", "evals", "claude-sonnet-5", 36_808, 12_400, 2_215, 0),
    Pinned("2026-08-31T23:59:59Z", "support-bot", "gpt-4o-mini", 6_031, 4_480, 196, 0),
)


class Dice:
    """All chance comes from random(), the one method whose sequence Python promises to keep.

    What is built on it multiplies and truncates only: no logarithm or root whose last bit
    depends on the C library.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def between(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))

    def skewed(self, low: int, high: int) -> int:
        """Mostly near low, now and then near high: the shape of prompts and answers."""
        return low + int(self._random() * self._random() * (high - low + 1))

    def percent(self, chance: int) -> bool:
        return self._random() * 100 < chance

    def weighted(self, weights: tuple[int, ...]) -> int:
        """An index, each as likely as its weight."""
        left = self.between(1, sum(weights))
        for index, weight in enumerate(weights):
            left -= weight
            if left <= 0:
                return index
        raise AssertionError("weights do not add up")

    def request_id(self) -> str:
        return f"req_{self.between(0, 2**32 - 1):08x}{self.between(0, 2**32 - 1):08x}"


class Tokens(NamedTuple):
    """The counts of one request, in the order of the log's columns."""

    input: int
    cached: int
    write_5m: int
    write_1h: int
    output: int
    reasoning: int


def draw_written(dice: Dice, load: Load, prefix: int, fresh: int, hit: bool) -> tuple[int, int]:
    """Tokens put into the cache, for 5 minutes and for an hour."""
    model = MODELS[load.model]
    if not model.writes_5m or (load.tier == "batch" and not model.batch_writes):
        return 0, 0
    if hit:
        # The conversation grew: its newest part joins the cache, more often than not.
        return (fresh * dice.between(30, 90) // 100 if dice.percent(55) else 0), 0
    if model.writes_1h and dice.percent(load.hour_long):
        return 0, prefix
    return prefix, 0


def draw_output(dice: Dice, load: Load) -> tuple[int, int]:
    """Output tokens, and the reasoning among them."""
    if not dice.percent(99):  # cancelled before the first token
        return 0, 0
    output = dice.skewed(*load.output)
    reasons = MODELS[load.model].reasons and dice.percent(85)
    return output, (output * dice.between(12, 78) // 100 if reasons else 0)


def draw_tokens(dice: Dice, load: Load) -> Tokens:
    step = MODELS[load.model].vendor.cache_step
    prefix = dice.between(*load.prefix)
    prefix -= prefix % step
    fresh = dice.skewed(*load.fresh)
    hit = dice.percent(load.hits)
    write_5m, write_1h = draw_written(dice, load, prefix, fresh, hit)
    output, reasoning = draw_output(dice, load)
    return Tokens(prefix + fresh, prefix if hit else 0, write_5m, write_1h, output, reasoning)


def tier_columns(model: Model, tier: str) -> tuple[str, str]:
    """The service_tier and batch fields, in the words of the model's vendor."""
    if tier == "standard":
        return model.vendor.standard_word, "false"
    if tier == "batch":
        return model.vendor.batch_word, "true"
    return tier, "false"


def make_row(dice: Dice, moment: str, project: str, load: Load, tokens: Tokens) -> Row:
    model = MODELS[load.model]
    name = model.alias if model.alias and dice.percent(12) else load.model
    word, batch = tier_columns(model, load.tier)
    return Row(moment, dice.request_id(), project, name, word, batch, 1, *tokens)


def draw_moment(dice: Dice, day: date, hours: tuple[int, ...]) -> str:
    start = datetime(day.year, day.month, day.day, dice.weighted(hours), tzinfo=timezone.utc)
    return (start + timedelta(seconds=dice.between(0, 3599))).strftime("%Y-%m-%dT%H:%M:%SZ")


def project_day(dice: Dice, name: str, project: Project, day: date) -> list[Row]:
    busy = project.week[day.weekday()] * dice.between(88, 112)
    shares = tuple(load.share for load in project.loads)
    rows = []
    for _ in range(project.per_workday * busy // 10_000):
        load = project.loads[dice.weighted(shares)]
        moment = draw_moment(dice, day, project.hours)
        rows.append(make_row(dice, moment, name, load, draw_tokens(dice, load)))
    return rows


def pinned_row(dice: Dice, pin: Pinned) -> Row:
    tokens = Tokens(pin.input_tokens, pin.cached, 0, 0, pin.output_tokens, pin.reasoning)
    word, batch = tier_columns(MODELS[pin.model], "standard")
    return Row(pin.moment, dice.request_id(), pin.project, pin.model, word, batch, 1, *tokens)


def month() -> list[Row]:
    dice = Dice(SEED)
    rows = [pinned_row(dice, pin) for pin in PINNED]
    for offset in range(DAYS):
        for name, project in PROJECTS.items():
            rows += project_day(dice, name, project, FIRST_DAY + timedelta(days=offset))
    return sorted(rows)


def model_of(name: str) -> Model:
    return MODELS.get(name) or next(m for m in MODELS.values() if m.alias == name)


def fault(row: Row) -> str:
    """Why the row could not be billed, or nothing: a slip in the tables above shows here."""
    model = model_of(row.model)
    written = row.cache_write_tokens + row.cache_write_1h_tokens
    is_long = model.threshold and row.input_tokens > model.threshold
    if row.cached_read_tokens + written > row.input_tokens:
        return "more cached and written than input"
    if row.reasoning_tokens > row.output_tokens:
        return "more reasoning than output"
    if is_long and (row.batch == "true" or written or not model.may_be_long):
        return "a long request without a published long price"
    return ""


def verify(rows: list[Row]) -> None:
    for row in rows:
        if reason := fault(row):
            raise AssertionError(f"{row}: {reason}")
    if len({row.request_id for row in rows}) != len(rows):
        raise AssertionError("a request id was drawn twice")


def as_csv(rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return text.getvalue().encode("ascii")


def check(expected: bytes) -> int:
    if TARGET.is_file() and TARGET.read_bytes() == expected:
        return 0
    print(f"{TARGET.name} is not what make-month.py writes", file=sys.stderr)
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true",
                        help="compare the file with what would be written; exit 1 if it differs")
    arguments = parser.parse_args()
    rows = month()
    verify(rows)
    if arguments.check:
        return check(as_csv(rows))
    TARGET.write_bytes(as_csv(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
