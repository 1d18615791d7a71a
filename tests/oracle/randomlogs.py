"""Random usage logs, billable from start to end, in many spellings of one format."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path

from civil import load_zone, midnight, parse_moment, utc_datetime
from oracle import charge
from randombook import REGIONS
from ratebook import BEGINNING, STANDARD, TIERS, Book, Era, Unpriced
from usagelog import ACCEPTED_NAMES, COUNT_FIELDS, MAX_COUNT, REQUIRED_FIELDS, STANDARD_WORDS, Row

# Every row can be billed whichever of these zones is given as --log-tz.
LOG_ZONES = tuple(map(load_zone, ("UTC", "Europe/Berlin")))

FIRST_DAY = date(2025, 12, 20)
DAYS_OF_USAGE = 390
FAR_DAYS = (date(1970, 2, 3), date(1999, 12, 31), date(2024, 2, 29), date(2100, 3, 1))
# The hour that Berlin's clocks show twice, as a log without zones would name it.
CLOCK_SET_BACK = midnight(date(2026, 10, 25)) + 2 * 3600
# Midnight of New York (winter, summer), Kolkata and Berlin as seconds of the UTC day.
FOREIGN_MIDNIGHTS = (5 * 3600, 4 * 3600, 18 * 3600 + 1800, 23 * 3600, 22 * 3600)
MILLISECOND, NANOSECOND = Fraction(1, 10**3), Fraction(1, 10**9)
NEIGHBOURS = (-1, 0, 1, -NANOSECOND, -MILLISECOND, MILLISECOND, Fraction(1, 2))
OFFSETS_IN_MINUTES = (60, 120, -300, -480, 330, 345, -210, 840, -720, 765)
ZERO_OFFSETS = ("Z", "Z", "Z", "+00:00", "-00:00")

# Text that CSV, spreadsheets, sorting or trimming could spoil.
TEXTS = (
    "alpha",
    "beta",
    "gamma",
    "Alpha",
    "",
    "a,b",
    'say "hi"',
    "line\nbreak",
    "line\r\nbreak",
    "=SUM(A1:A9)",
    "+1",
    "-1",
    "@here",
    "\tindented",
    "\nnext line",
    "\r\nnext line",
    " padded ",
    "'quoted",
    "1e6",
    "Zürich",
    "日本",
    "\uff5e",
    "😀",
    ",",
    '"',
)
TEXT_COLUMNS = ("project", "team")
# Unknown to the program, though two are named like columns of a report.
EXTRA_COLUMNS = ("tier", "provider", "end_time", "cost", "note, free", 'the "user"', "version")
OPTIONAL_FIELDS = tuple(field for field in ACCEPTED_NAMES if field not in REQUIRED_FIELDS)
# Regions without an uplift, or almost the name of one with it.
OTHER_REGIONS = ("", "", "global", "not_available", "us-", " us", "eu_west_1", "ＵＳ", "uſ_only")
SEARCH_COUNTS = (1, 2, 7, 1000, 123_457)
REQUEST_COUNTS = (0, 1, 1, 1, 2, 3, 7, 1000, 123456)
TOKEN_MAGNITUDES = (0, 10, 1000, 200_000, 3_000_000, 10**9)
HUGE_ROWS = 6


@dataclass(frozen=True)
class Draft:
    """A row before it is spelled in the columns of one log."""

    time: str
    model: str
    counts: dict[str, int]
    tier: str
    requests: int
    context: str
    request_id: str
    region: str
    texts: dict[str, str]

    def row(self, log_zone) -> Row:
        moment = parse_moment(self.time, log_zone)
        facts = (self.model, self.counts, self.tier, self.requests, self.context)
        return Row("", moment, *facts, self.request_id, self.region, self.texts)


@dataclass(frozen=True)
class LogFormat:
    """Columns of one log as (field, header name), and the habits of its writer."""

    columns: list[tuple[str, str]]
    newlines: tuple[str, ...]
    bom: bool
    quoting_rate: float
    ends_with_newline: bool

    def has(self, field: str) -> bool:
        return any(field == own for own, _ in self.columns)

    def tiers(self) -> tuple[str, ...]:
        if self.has("service_tier"):
            return TIERS
        return (STANDARD, "batch") if self.has("batch") else (STANDARD,)

    def can_express(self, draft: Draft) -> bool:
        return (
            all(self.has(field) or not count for field, count in draft.counts.items())
            and draft.tier in self.tiers()
            and (self.has("requests") or draft.requests == 1)
            and (self.has("context") or not draft.context)
            and (self.has("request_id") or not draft.request_id)
            and (self.has("region") or not draft.region)
        )


def write_logs(rng: random.Random, folder: Path, book: Book, rows: int) -> list[str]:
    """Write a.csv, b.csv, ... and whole.csv; returns the paths of the parts."""
    formats = [random_format(rng, OPTIONAL_FIELDS)]
    for _ in range(rng.choice((2, 3, 4))):
        formats.append(random_format(rng, [f for f in OPTIONAL_FIELDS if rng.random() < 0.6]))
    maker = DraftMaker(rng, book, rows)
    drafts_by_log = [[] for _ in formats]
    for number in range(rows):
        log = rng.randrange(len(formats))
        drafts_by_log[log].append(maker.draft(number, formats[log]))
    paths = []
    for letter, log_format, drafts in zip("abcdefgh", formats, drafts_by_log):
        paths.append(str(folder / f"{letter}.csv"))
        write_log(rng, Path(paths[-1]), log_format, drafts)
    everything = [draft for drafts in drafts_by_log for draft in drafts]
    rng.shuffle(everything)
    write_log(rng, folder / "whole.csv", random_format(rng, OPTIONAL_FIELDS), everything)
    return paths


def random_format(rng: random.Random, optional_fields) -> LogFormat:
    fields = [*REQUIRED_FIELDS, *optional_fields]
    columns = [(field, rng.choice(ACCEPTED_NAMES[field])) for field in fields]
    extras = rng.sample(EXTRA_COLUMNS, rng.randrange(4))
    columns += [(name, name) for name in (*TEXT_COLUMNS, *extras)]
    rng.shuffle(columns)
    return LogFormat(
        columns=columns,
        newlines=rng.choice((("\n",), ("\r\n",), ("\n", "\r\n"))),
        bom=rng.random() < 0.4,
        quoting_rate=rng.choice((0, 0.1, 1)),
        ends_with_newline=rng.random() < 0.8,
    )


class DraftMaker:
    """Makes rows, mostly close to what can go wrong: starts of eras, midnights, thresholds."""

    def __init__(self, rng: random.Random, book: Book, rows: int):
        self.rng = rng
        self.book = book
        self.models = list(book.eras_by_model)
        # Few days, so that many rows meet in one group of a report.
        offsets = rng.sample(range(DAYS_OF_USAGE), 30)
        self.days = [FIRST_DAY + timedelta(days=offset) for offset in offsets]
        self.huge_numbers = set(rng.sample(range(rows), min(rows, HUGE_ROWS)))
        self.identified: list[Draft] = []

    def draft(self, number: int, log_format: LogFormat) -> Draft:
        if number not in self.huge_numbers and self.rng.random() < 0.01:
            earlier = [draft for draft in self.identified if log_format.can_express(draft)]
            if earlier:
                return self.rng.choice(earlier)
        while True:
            draft = self.propose(number, log_format)
            if is_billable(self.book, draft):
                break
        if draft.request_id:
            self.identified.append(draft)
        return draft

    def propose(self, number: int, log_format: LogFormat) -> Draft:
        rng = self.rng
        era = rng.choice(self.book.eras_by_model[rng.choice(self.models)])
        is_huge = number in self.huge_numbers
        requests = self.requests(is_huge) if log_format.has("requests") else 1
        has_id = log_format.has("request_id") and rng.random() < 0.7
        return Draft(
            time=spell_time(rng, self.instant(era)),
            model=rng.choice((era.model, *era.aliases)),
            counts=self.counts(log_format, era, requests, is_huge),
            tier=rng.choice(log_format.tiers()),
            requests=requests,
            context=rng.choice(("", "", "base", "long")) if log_format.has("context") else "",
            request_id=rng.choice(("req-{}", "é,{}", "{}")).format(number) if has_id else "",
            region=self.region(era) if log_format.has("region") else "",
            texts={name: rng.choice(TEXTS) for name in TEXT_COLUMNS},
        )

    def instant(self, era: Era) -> Fraction:
        rng = self.rng
        kind = rng.random()
        if kind < 0.25 and era.start != BEGINNING:
            return era.start + rng.choice(NEIGHBOURS)
        if era.peak_hours and rng.random() < 0.4:
            edges = era.peak_hours.edges(rng.choice(self.days))
            return rng.choice(edges) + rng.choice(NEIGHBOURS)
        if kind < 0.27:
            return Fraction(midnight(rng.choice(FAR_DAYS)) + rng.randrange(86400))
        if kind < 0.30:
            return Fraction(CLOCK_SET_BACK + rng.randrange(3600))
        start_of_day = midnight(rng.choice(self.days))
        if kind < 0.50:
            return start_of_day + rng.choice((0, *FOREIGN_MIDNIGHTS)) + rng.choice(NEIGHBOURS)
        decimals = rng.choice((0, 0, 0, 1, 3, 6, 9))
        return start_of_day + Fraction(rng.randrange(86400 * 10**decimals), 10**decimals)

    def region(self, era: Era) -> str:
        rng = self.rng
        if rng.random() < 0.4:
            return rng.choice(OTHER_REGIONS)
        return any_case(rng, rng.choice((*era.uplifts, *REGIONS)))

    def requests(self, is_huge: bool) -> int:
        if is_huge and self.rng.random() < 0.4:
            return self.rng.choice((MAX_COUNT, 2**62))
        return self.rng.choice(REQUEST_COUNTS)

    def counts(self, log_format, era: Era, requests: int, is_huge: bool) -> dict[str, int]:
        rng = self.rng
        counts = dict.fromkeys(COUNT_FIELDS, 0)
        if rng.random() < 0.03 and not is_huge:
            return counts
        counts["input"] = self.input_tokens(era, requests, is_huge)
        counts["output"] = self.huge() if is_huge else self.tokens()
        uncached = counts["input"]
        for part in rng.sample(COUNT_FIELDS[1:4], 3):
            if log_format.has(part) and rng.random() < 0.35:
                counts[part] = self.part_of(uncached)
                uncached -= counts[part]
        if log_format.has("reasoning") and rng.random() < 0.35:
            counts["reasoning"] = self.part_of(counts["output"])
        if log_format.has("web_search") and rng.random() < 0.3:
            counts["web_search"] = self.huge() if is_huge else rng.choice(SEARCH_COUNTS)
        return counts

    def input_tokens(self, era: Era, requests: int, is_huge: bool) -> int:
        if is_huge:
            return self.huge()
        if era.thresholds and self.rng.random() < 0.5:
            (threshold,) = era.thresholds.values()
            return threshold * max(requests, 1) + self.rng.choice((-1, 0, 1))
        return self.tokens()

    def huge(self) -> int:
        return self.rng.choice((MAX_COUNT, MAX_COUNT - 1, self.rng.randrange(2**62, 2**63)))

    def tokens(self) -> int:
        if self.rng.random() < 0.2:
            return self.rng.randrange(1000) * 1000  # amounts of few digits: ties when rounding
        return self.rng.randrange(self.rng.choice(TOKEN_MAGNITUDES) + 1)

    def part_of(self, whole: int) -> int:
        return self.rng.choice((whole, self.rng.randrange(whole + 1)))


def is_billable(book: Book, draft: Draft) -> bool:
    """Whether the row has a price under every --log-tz, and its tier one even for no tokens."""
    try:
        for zone in LOG_ZONES:
            row = draft.row(zone)
            era = book.era_of(row.model, row.moment.instant)
            if era.price("input", row.tier, era.context_of(row)) is None:
                return False
            charge(era, row)
    except (Unpriced, ValueError):
        return False
    return True


def spell_time(rng: random.Random, instant: Fraction) -> str:
    seconds = floor(instant)
    fraction = instant - seconds
    if rng.random() < 0.12:
        return f"{utc_datetime(seconds):%Y-%m-%d}"
    is_ten_digits = 10**9 <= seconds < 10**10
    if is_ten_digits and not fraction and rng.random() < 0.15:
        return str(seconds)
    if is_ten_digits and (fraction * 1000).denominator == 1 and rng.random() < 0.15:
        return str(int(instant * 1000))
    offset, offset_text = random_offset(rng)
    wall = utc_datetime(seconds + offset)
    separator = rng.choice("T ")
    return f"{wall:%Y-%m-%d}{separator}{wall:%H:%M:%S}{fraction_text(rng, fraction)}{offset_text}"


def random_offset(rng: random.Random) -> tuple[int, str]:
    """Seconds east of UTC, and how they are written; often not at all."""
    kind = rng.random()
    if kind < 0.3:
        return 0, ""
    if kind < 0.7:
        return 0, rng.choice(ZERO_OFFSETS)
    minutes = rng.choice(OFFSETS_IN_MINUTES)
    sign = "-" if minutes < 0 else "+"
    return minutes * 60, f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def fraction_text(rng: random.Random, fraction: Fraction) -> str:
    digits = 0
    while (fraction * 10**digits).denominator != 1:
        digits += 1
    digits = rng.choice((digits, digits, max(digits, 3), 9))
    return f".{int(fraction * 10**digits):0{digits}d}" if digits else ""


def write_log(rng: random.Random, path: Path, log_format: LogFormat, drafts: list[Draft]) -> None:
    header = [name for _, name in log_format.columns]
    records = [csv_record(rng, log_format, header)]
    for draft in drafts:
        blank = rng.choice(log_format.newlines) if rng.random() < 0.003 else ""
        records.append(blank + csv_record(rng, log_format, cells(rng, log_format, draft)))
    text = "".join(record + rng.choice(log_format.newlines) for record in records)
    if not log_format.ends_with_newline:
        text = text.removesuffix("\n").removesuffix("\r")
    bom = b"\xef\xbb\xbf" if log_format.bom else b""
    path.write_bytes(bom + text.encode())


def csv_record(rng: random.Random, log_format: LogFormat, texts: list[str]) -> str:
    return ",".join(csv_field(rng, log_format, text) for text in texts)


def csv_field(rng: random.Random, log_format: LogFormat, text: str) -> str:
    needs_quotes = any(sign in text for sign in ',"\r\n')
    if needs_quotes or rng.random() < log_format.quoting_rate:
        return '"' + text.replace('"', '""') + '"'
    return text


def cells(rng: random.Random, log_format: LogFormat, draft: Draft) -> list[str]:
    texts = {
        "time": draft.time,
        "model": draft.model,
        "requests": requests_text(rng, draft.requests),
        "context": draft.context,
        "request_id": draft.request_id,
        "region": draft.region,
        **draft.texts,
    }
    for field, count in draft.counts.items():
        texts[field] = count_text(rng, count, field in REQUIRED_FIELDS)
    texts["batch"], texts["service_tier"] = tier_texts(rng, log_format, draft.tier)
    return [texts.get(field, rng.choice(TEXTS)) for field, _ in log_format.columns]


def requests_text(rng: random.Random, requests: int) -> str:
    return "" if requests == 1 and rng.random() < 0.5 else str(requests)


def count_text(rng: random.Random, count: int, is_required: bool) -> str:
    if count == 0 and not is_required and rng.random() < 0.5:
        return ""
    return str(count).zfill(rng.choice((12, 19))) if rng.random() < 0.02 else str(count)


def tier_texts(rng: random.Random, log_format: LogFormat, tier: str) -> tuple[str, str]:
    """Words for the columns batch and service_tier that together say `tier`."""
    yes = any_case(rng, rng.choice(("true", "yes", "1")))
    no = rng.choice(("", any_case(rng, rng.choice(("false", "no", "0")))))
    if tier == STANDARD:
        return no, rng.choice(STANDARD_WORDS)
    if tier != "batch":
        return no, tier
    if not log_format.has("batch"):
        return "", tier
    if not log_format.has("service_tier"):
        return yes, ""
    return rng.choice(((yes, rng.choice(STANDARD_WORDS)), (yes, tier), (no, tier)))


def any_case(rng: random.Random, word: str) -> str:
    spelling = rng.choice((str.lower, str.upper, str.title, str.swapcase))
    return spelling(word[:1]) + spelling(word[1:]) if rng.random() < 0.2 else spelling(word)
