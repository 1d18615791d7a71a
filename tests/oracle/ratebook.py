"""Rate files: price eras of models, and the exact price of a meter in a tier and context."""

import re
import string
from dataclasses import dataclass, field
from datetime import timezone
from fractions import Fraction
from pathlib import Path

from civil import parse_moment
from peakhours import PeakHours, parse_peak_hours

METERS = ("input", "cached_read", "cache_write", "cache_write_1h", "output", "reasoning")
# Counted in requests, not in tokens: one price in all tiers and contexts.
FEES = ("web_search",)
STANDARD = "standard"
TIERS = (STANDARD, "batch", "flex", "priority")
BASE, LONG, PEAK, PEAK_LONG = "base", "long", "peak", "peak_long"
CONTEXTS = (BASE, LONG, PEAK, PEAK_LONG)
# The context of the same request outside peak hours.
CALM = {PEAK: BASE, PEAK_LONG: LONG}

CARD_FIELDS = frozenset(
    "name summary modalities capabilities strengths tradeoffs context_window tokenizer lifecycle released"
    " deprecated shutdown replacement hosts benchmark source verified confidence note".split()
)
REPEATABLE_KEYS = frozenset(("aliases", "note"))
THRESHOLD_KEYS = {"long_context_over": "over", "long_context_from": "from"}
DISCOUNT_KEYS = {f"{tier}_discount": tier for tier in TIERS if tier != STANDARD}
UPLIFT_PREFIX = "uplift_"
ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

SECTION_LINE = re.compile(r"\[([^\]]+)\]\s*(?:;.*)?")
ENTRY_LINE = re.compile(r"(uplift_[A-Za-z0-9_-]+|[a-z0-9_]+)\s*=\s*(.*)")
INLINE_COMMENT = re.compile(r"\s+;.*")
PRICE = re.compile(r"[0-9]+(?:\.[0-9]{1,12})?")
THRESHOLD = re.compile(r"[0-9]{1,19}")
MULTIPLIER = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
PERCENT = re.compile(r"([0-9]+(?:\.[0-9]{1,2})?)%")

# Earlier than any instant a log can hold: the start of an undated era.
BEGINNING = Fraction(-(10**12))


class RateError(Exception):
    """A rate file that has to be refused."""


class Unpriced(Exception):
    """Usage for which no price is published."""


def price_key(tier: str, context: str, meter: str) -> str:
    tier_part = "" if tier == STANDARD else f"{tier}_"
    context_part = "" if context == BASE else f"{context}_"
    return tier_part + context_part + meter


PRICE_KEYS = {
    price_key(tier, context, meter): (tier, context, meter)
    for tier in TIERS
    for context in CONTEXTS
    for meter in METERS
}


@dataclass
class Section:
    """One section of a file as written: `entries` holds (line, key, value)."""

    place: str
    name: str
    entries: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class Era:
    """The prices of one model from `start` until its next era begins."""

    place: str
    model: str
    start: Fraction
    file_currency: str | None
    # (tier, context, meter) -> a price per 1,000,000 tokens, or the name of another meter
    prices: dict[tuple[str, str, str], Fraction | str] = field(default_factory=dict)
    discounts: dict[str, Fraction] = field(default_factory=dict)
    thresholds: dict[str, int] = field(default_factory=dict)
    window: int | None = None  # tokens that one request can have
    peak_hours: PeakHours | None = None
    peak_multiplier: Fraction | None = None
    uplifts: dict[str, Fraction] = field(default_factory=dict)
    fees: dict[str, Fraction] = field(default_factory=dict)
    aliases: list[str] | None = None
    provider: str | None = None
    currency: str | None = None

    def price(self, meter, tier, context, seen=()) -> Fraction | None:
        """The price of a meter by the look-up rule, None where it is unpublished."""
        cell = (tier, context, meter)
        if cell in seen:
            raise RateError(f"{self.place}: prices refer to each other in a circle: {meter}")
        seen += (cell,)
        explicit = self.prices.get(cell)
        if isinstance(explicit, str):
            return self.price(explicit, tier, context, seen)
        if explicit is not None:
            return explicit
        if self.is_multiple(meter, tier, context):
            return times(self.price(meter, tier, CALM[context], seen), self.peak_multiplier)
        if meter == "reasoning" and not self.has_reasoning(context):
            return self.price("output", tier, context, seen)
        if tier not in self.discounts:
            return None
        return times(self.price(meter, STANDARD, context, seen), 1 - self.discounts[tier])

    def is_multiple(self, meter, tier, context) -> bool:
        """Whether a price in peak hours is a multiple of an explicit one outside them."""
        if self.peak_multiplier is None or context not in CALM:
            return False
        return (tier, CALM[context], meter) in self.prices

    def has_reasoning(self, context) -> bool:
        """Whether reasoning has a standard price of its own; else it is output."""
        cells = [(STANDARD, context, "reasoning")]
        if self.peak_multiplier is not None and context in CALM:
            cells.append((STANDARD, CALM[context], "reasoning"))
        return any(cell in self.prices for cell in cells)

    def uplift(self, region: str) -> Fraction:
        """What a token costs in the region, as a multiple of what it costs elsewhere."""
        return 1 + self.uplifts.get(region.translate(ASCII_LOWER), 0)

    def standard_price(self, meter, context) -> Fraction:
        """What savings are measured from: cache meters sold only in a tier count as input."""
        price = self.price(meter, STANDARD, context)
        return self.price("input", STANDARD, context) if price is None else price

    def context_of(self, row) -> str:
        is_long = self.is_long(row)
        if self.peak_hours and self.peak_hours.hold(row.moment.instant):
            return PEAK_LONG if is_long else PEAK
        return LONG if is_long else BASE

    def is_long(self, row) -> bool:
        """What the row says of its context, else its average input per request."""
        if not self.thresholds:
            return False
        if row.context:
            return row.context == LONG
        requests = max(row.requests, 1)
        if requests == 1 and self.window and row.counts["input"] > self.window:
            return False  # it sums requests, nobody knows how many
        if "over" in self.thresholds:
            return row.counts["input"] > self.thresholds["over"] * requests
        return row.counts["input"] >= self.thresholds["from"] * requests


def times(price: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if price is None else price * factor


class Book:
    """All eras of all models, by every name a log may use."""

    def __init__(self, eras_by_model: dict[str, list[Era]]):
        self.eras_by_model = eras_by_model
        self.model_by_name = claim_names(eras_by_model)

    def era_of(self, name: str, instant: Fraction) -> Era:
        model = self.model_by_name.get(name)
        if model is None:
            raise Unpriced(f"unknown model {name!r}")
        begun = [era for era in self.eras_by_model[model] if era.start <= instant]
        if not begun:
            raise Unpriced(f"no price of {name!r} is in force yet")
        era = begun[-1]
        if name != model and name not in era.aliases:
            raise Unpriced(f"{name!r} is not a name of {model!r} at that time")
        return era


def claim_names(eras_by_model: dict[str, list[Era]]) -> dict[str, str]:
    owner = {model: model for model in eras_by_model}
    for model, eras in eras_by_model.items():
        for alias in {alias: None for era in eras for alias in era.aliases}:
            if alias in eras_by_model or owner.setdefault(alias, model) != model:
                raise RateError(f"{eras[0].place}: name claimed twice: {alias!r}")
    return owner


def load_rates(paths: list[str]) -> Book:
    eras_by_model: dict[str, list[Era]] = {}
    for path in paths:
        for model, eras in read_rate_file(path).items():
            replaces = any(era.start == BEGINNING for era in eras)
            earlier = [] if replaces else eras_by_model.get(model, [])
            eras_by_model[model] = earlier + eras
    for eras in eras_by_model.values():
        eras.sort(key=lambda era: era.start)
        inherit(eras)
    return Book(eras_by_model)


def inherit(eras: list[Era]) -> None:
    """Fill in, era by era, what the earlier one hands down; prices are never inherited."""
    aliases, provider, currency, window = [], "", None, None
    for earlier, later in zip(eras, eras[1:]):
        if earlier.start == later.start:
            raise RateError(f"{later.place}: two eras of {later.model!r} with one start")
    file = None
    for era in eras:
        # A file's [defaults] is nearer than an era of another file.
        if era.place.rsplit(":", 1)[0] != file and era.file_currency:
            currency = era.file_currency
        file = era.place.rsplit(":", 1)[0]
        aliases = era.aliases = aliases if era.aliases is None else era.aliases
        provider = era.provider = provider if era.provider is None else era.provider
        currency = era.currency = era.currency or currency or "USD"
        window = era.window = window if era.window is None else era.window


def read_rate_file(path: str) -> dict[str, list[Era]]:
    sections = read_sections(path)
    file_currency = None
    for section in sections:
        if section.name == "defaults":
            file_currency = read_defaults(section)
    eras_by_model: dict[str, list[Era]] = {}
    for section in sections:
        if section.name != "defaults":
            era = read_era(section, file_currency)
            eras_by_model.setdefault(era.model, []).append(era)
    return eras_by_model


def read_sections(path: str) -> list[Section]:
    sections: list[Section] = []
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RateError(f"{path}: not UTF-8: {error}") from error
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip() or line[0] in ";#":
            continue
        place = f"{path}:{number}"
        if header := SECTION_LINE.fullmatch(line):
            sections.append(Section(place, header[1]))
            continue
        entry = ENTRY_LINE.fullmatch(line)
        if not entry or not sections:
            raise RateError(f"{place}: neither a section nor a key of one: {line!r}")
        value = INLINE_COMMENT.sub("", entry[2]).rstrip()
        sections[-1].entries.append((number, entry[1], value))
    refuse_repeats(sections)
    return sections


def refuse_repeats(sections: list[Section]) -> None:
    names = set()
    for section in sections:
        if section.name in names:
            raise RateError(f"{section.place}: section given twice: {section.name!r}")
        names.add(section.name)
        keys = set()
        for line, key, _ in section.entries:
            if key in keys and key not in REPEATABLE_KEYS:
                raise RateError(f"{section.place}: key given twice (line {line}): {key}")
            keys.add(key)


def read_defaults(section: Section) -> str:
    if [key for _, key, _ in section.entries] != ["currency"]:
        raise RateError(f"{section.place}: [defaults] takes the key currency alone")
    return section.entries[0][2]


def read_era(section: Section, file_currency: str | None) -> Era:
    model, at, start_text = section.name.partition(" @ ")
    try:
        start = parse_moment(start_text, timezone.utc).instant if at else BEGINNING
    except ValueError as error:
        raise RateError(f"{section.place}: {error}") from error
    era = Era(section.place, model, start, file_currency)
    for line, key, value in section.entries:
        try:
            read_entry(era, key, value)
        except ValueError as error:
            path = section.place.rpartition(":")[0]
            raise RateError(f"{path}:{line}: {key}: {error}") from error
    check_era(era)
    return era


def read_entry(era: Era, key: str, value: str) -> None:
    if not value:
        raise ValueError("empty value")
    if key in PRICE_KEYS:
        era.prices[PRICE_KEYS[key]] = value if value in METERS else parse_price(value)
    elif key in DISCOUNT_KEYS:
        era.discounts[DISCOUNT_KEYS[key]] = parse_percent(value)
    elif key in THRESHOLD_KEYS:
        era.thresholds[THRESHOLD_KEYS[key]] = parse_threshold(value)
    elif key in FEES:
        era.fees[key] = parse_price(value)
    elif key == "peak_hours":
        era.peak_hours = parse_peak_hours(value)
    elif key == "peak_multiplier":
        era.peak_multiplier = parse_multiplier(value)
    elif key.startswith(UPLIFT_PREFIX):
        add_uplift(era, key.removeprefix(UPLIFT_PREFIX), value)
    elif key == "aliases":
        era.aliases = (era.aliases or []) + value.replace(",", " ").split()
    elif key == "provider":
        era.provider = value
    elif key == "currency":
        era.currency = value
    elif key == "context_window" and value.isascii() and value.isdigit():
        era.window = int(value)
    elif key not in CARD_FIELDS:
        raise ValueError("unknown key")


def parse_price(text: str) -> Fraction:
    if not PRICE.fullmatch(text):
        raise ValueError(f"not a price: {text!r}")
    return Fraction(text)


def parse_multiplier(text: str) -> Fraction:
    if not MULTIPLIER.fullmatch(text):
        raise ValueError(f"not a multiplier: {text!r}")
    return Fraction(text)


def add_uplift(era: Era, region: str, value: str) -> None:
    region = region.translate(ASCII_LOWER)
    if region in era.uplifts:
        raise ValueError(f"a second uplift of {region!r}")
    era.uplifts[region] = parse_percent(value)


def parse_percent(text: str) -> Fraction:
    match = PERCENT.fullmatch(text)
    if not match or Fraction(match[1]) > 100:
        raise ValueError(f"not a percentage from 0 to 100: {text!r}")
    return Fraction(match[1]) / 100


def parse_threshold(text: str) -> int:
    if not THRESHOLD.fullmatch(text):
        raise ValueError(f"not a number of tokens: {text!r}")
    return int(text)


def check_era(era: Era) -> None:
    for meter in ("input", "output"):
        if (STANDARD, BASE, meter) not in era.prices:
            raise RateError(f"{era.place}: no price of {meter}")
    if len(era.thresholds) > 1:
        raise RateError(f"{era.place}: two long-context thresholds")
    if era.peak_multiplier is not None and not era.peak_hours:
        raise RateError(f"{era.place}: peak_multiplier without peak_hours")
    needed = needed_contexts(era)
    for tier, context, meter in era.prices:
        if "long" in context and not era.thresholds:
            raise RateError(f"{era.place}: long price without a threshold: {meter}")
        if "peak" in context and not era.peak_hours:
            raise RateError(f"{era.place}: peak price without peak_hours: {meter}")
        for other in needed if tier == STANDARD and context == BASE else ():
            if (STANDARD, other, meter) not in era.prices:
                raise RateError(f"{era.place}: no {other} price of {meter}")
    for tier, context, meter in PRICE_KEYS.values():
        era.price(meter, tier, context)  # refuses circles


def needed_contexts(era: Era) -> list[str]:
    """The contexts in which every meter with a standard price needs one of its own."""
    needed = [LONG] if era.thresholds else []
    if era.peak_hours and era.peak_multiplier is None:
        needed += [PEAK, PEAK_LONG] if era.thresholds else [PEAK]
    return needed
