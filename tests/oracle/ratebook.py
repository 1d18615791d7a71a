"""Rate files: price eras of models, and the exact price of a meter in a tier and context."""

import re
from dataclasses import dataclass, field
from datetime import timezone
from fractions import Fraction
from pathlib import Path

from civil import parse_moment

METERS = ("input", "cached_read", "cache_write", "cache_write_1h", "output", "reasoning")
STANDARD = "standard"
TIERS = (STANDARD, "batch", "flex", "priority")
BASE, LONG = "base", "long"
CONTEXTS = (BASE, LONG)

CARD_FIELDS = frozenset(
    "name summary modalities capabilities strengths tradeoffs context_window lifecycle released"
    " deprecated shutdown replacement hosts benchmark source verified confidence note".split()
)
REPEATABLE_KEYS = frozenset(("aliases", "note"))
THRESHOLD_KEYS = {"long_context_over": "over", "long_context_from": "from"}
DISCOUNT_KEYS = {f"{tier}_discount": tier for tier in TIERS if tier != STANDARD}

SECTION_LINE = re.compile(r"\[([^\]]+)\]\s*(?:;.*)?")
ENTRY_LINE = re.compile(r"([a-z0-9_]+)\s*=\s*(.*)")
INLINE_COMMENT = re.compile(r"\s+;.*")
PRICE = re.compile(r"[0-9]+(?:\.[0-9]{1,9})?")
THRESHOLD = re.compile(r"[0-9]{1,19}")
PERCENT = re.compile(r"([0-9]+(?:\.[0-9]{1,2})?)%")

# Earlier than any instant a log can hold: the start of an undated era.
BEGINNING = Fraction(-(10**12))


class RateError(Exception):
    """A rate file that has to be refused."""


class Unpriced(Exception):
    """Usage for which no price is published."""


def price_key(tier: str, context: str, meter: str) -> str:
    tier_part = "" if tier == STANDARD else f"{tier}_"
    context_part = "long_" if context == LONG else ""
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
        if meter == "reasoning" and (STANDARD, context, meter) not in self.prices:
            return self.price("output", tier, context, seen)
        if tier not in self.discounts:
            return None
        standard = self.price(meter, STANDARD, context, seen)
        return None if standard is None else standard * (1 - self.discounts[tier])

    def standard_price(self, meter, context) -> Fraction:
        """What savings are measured from: cache meters sold only in a tier count as input."""
        price = self.price(meter, STANDARD, context)
        return self.price("input", STANDARD, context) if price is None else price

    def context_of(self, row) -> str:
        """The context that prices a row: its own word, else its average input per request."""
        if not self.thresholds:
            return BASE
        if row.context:
            return row.context
        requests = max(row.requests, 1)
        if "over" in self.thresholds:
            is_long = row.counts["input"] > self.thresholds["over"] * requests
        else:
            is_long = row.counts["input"] >= self.thresholds["from"] * requests
        return LONG if is_long else BASE


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
    aliases, provider, currency = [], "", None
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
    elif key == "aliases":
        era.aliases = (era.aliases or []) + value.replace(",", " ").split()
    elif key == "provider":
        era.provider = value
    elif key == "currency":
        era.currency = value
    elif key not in CARD_FIELDS:
        raise ValueError("unknown key")


def parse_price(text: str) -> Fraction:
    if not PRICE.fullmatch(text):
        raise ValueError(f"not a price: {text!r}")
    return Fraction(text)


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
    for tier, context, meter in era.prices:
        if context == LONG and not era.thresholds:
            raise RateError(f"{era.place}: long price without a threshold: {meter}")
        is_standard_base = tier == STANDARD and context == BASE
        if era.thresholds and is_standard_base and (STANDARD, LONG, meter) not in era.prices:
            raise RateError(f"{era.place}: no long price of {meter}")
        era.price(meter, tier, context)  # refuses circles
