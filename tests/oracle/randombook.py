"""Random rate books that use every kind of price key the format has."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from ratebook import BASE, LONG, METERS, PEAK, PEAK_LONG, STANDARD, TIERS, load_rates, price_key

MAX_SECTION_NAME = 49
MAX_LINE = 190

# Names with every sign a section name may hold that CSV, spreadsheets or INI read specially,
# pairs that differ only in case, and one as long as a section name can be.
MODEL_NAMES = (
    "gpt-4o-mini",
    "GPT-4o-mini",
    "claude-sonnet-5",
    "gemini-2.5-pro",
    "o3",
    "@cf/meta/llama-3-8b",
    "llama3:70b",
    "claude@20250514",
    "modèle-éclair",
    "日本語モデル",
    "llama, small",
    'say "hi" model',
    "-dash-first",
    "+plus-first",
    "=equal=first",
    "Qwen/Qwen2.5-72B",
    "deepseek chat",
    "x" * MAX_SECTION_NAME,
)
ADDED_MODEL_NAMES = ("added-one", "added:two")
PROVIDERS = (
    "openai",
    "OpenAI",
    "Acme, Inc.",
    'The "Best" AI',
    "Müller KI",
    "@handle",
    "-minus",
    "=SUM(A1:A9)",
)
DISCOUNTS = ("50%", "33.33%", "0%", "100%", "12.5%", "99.99%", "0.01%", "7%")
THRESHOLDS = (1000, 32000, 128000, 200000, 272000)
ZERO_PRICES = ("0", "0.00", "0.000000000")
MULTIPLIERS = ("2", "2", "1.5", "1.25", "3.00", "1", "0.5")
UPLIFTS = ("10%", "10%", "25%", "7.25%", "0%", "100%")
# Also what a log's `region` is matched with: letters in either case, and nothing else.
REGIONS = ("us", "EU", "eu-west-1", "US_only")
# Days, often none; times that touch, end at midnight, or are a minute long; zones whose clocks are
# set, by half an hour too, and days that begin before and after those of UTC.
PEAK_DAYS = ("", "", "Mon-Fri ", "Sat,Sun ", "Sun ", "Fri-Mon ", "mon,Wed-THU ", "Mon-Sun ")
PEAK_TIMES = (
    "09:00-12:00,14:00-18:00",
    "00:00-24:00",
    "08:30-08:31",
    "00:00-01:00,23:00-24:00",
    "14:00-18:00,09:00-12:00",
    "01:15-03:45",
    "09:00-12:00,12:00-13:30",
)
PEAK_ZONES = (
    "Asia/Shanghai",
    "UTC",
    "+08:00",
    "-03:30",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
)
# References always point towards input, so that they can never run in a circle.
REFERENCES = {
    "cached_read": ("input",),
    "cache_write": ("input",),
    "cache_write_1h": ("input", "cache_write"),
    "output": ("input",),
    "reasoning": ("output",),
}
OPTIONAL_METERS = ("cached_read", "cache_write", "cache_write_1h", "reasoning")

# Eras begin inside the time that most usage falls in.
FIRST_START = datetime(2026, 1, 2)
DAYS_OF_STARTS = 350
LATE_START = "2027-01-01"


def write_books(rng: random.Random, folder: Path, two_files: bool) -> list[str]:
    """Write book.ini and perhaps book2.ini; returns their paths in the order they add up."""
    names = rng.sample(MODEL_NAMES, 14)
    book = BookWriter(rng, folder / "book.ini", rng.choice((None, "USD", "EUR")))
    for number, name in enumerate(names):
        book.add_model(name, number)
    paths = [book.write()]
    if two_files:
        second = BookWriter(rng, folder / "book2.ini", rng.choice((None, "EUR")))
        second.add_model(names[0], 0, undated=True)
        for number, name in enumerate(ADDED_MODEL_NAMES, start=len(names)):
            second.add_model(name, number)
        # A dated section alone adds to the eras of the first file.
        name = next(name for name in names[1:] if fits(name, LATE_START))
        second.add_era(name, LATE_START, {"currency": "GBP", "provider": "late"})
        paths.append(second.write())
    load_rates(paths)
    return paths


class BookWriter:
    def __init__(self, rng: random.Random, path: Path, currency: str | None):
        self.rng = rng
        self.path = path
        self.currency = currency
        self.sections: list[str] = []
        self.newline = rng.choice(("\n", "\r\n"))

    def add_model(self, name: str, number: int, undated: bool = False) -> None:
        rng = self.rng
        starts = self.era_starts(name, undated)
        for position, start in enumerate(starts):
            facts = {}
            if position == 0 or rng.random() < 0.3:
                facts["aliases"] = self.aliases(number, position)
            if rng.random() < (0.7 if position == 0 else 0.2):
                facts["provider"] = rng.choice(PROVIDERS)
            if rng.random() < 0.12:
                facts["currency"] = rng.choice(("EUR", "USD"))
            self.add_era(name, start, facts)

    def era_starts(self, name: str, undated: bool) -> list[str]:
        """The first is empty where the model has prices from the beginning."""
        rng = self.rng
        if not fits(name, "2026-01-01T00:00:00Z"):
            return [""]
        days = sorted(rng.sample(range(DAYS_OF_STARTS), rng.choice((0, 1, 1, 2, 3))))
        starts = [self.start_text(FIRST_START + timedelta(days=day)) for day in days]
        return [""] + starts if undated or not starts or rng.random() < 0.7 else starts

    def start_text(self, day: datetime) -> str:
        if self.rng.random() < 0.5:
            return f"{day:%Y-%m-%d}"
        return f"{day + timedelta(seconds=self.rng.randrange(86400)):%Y-%m-%dT%H:%M:%SZ}"

    def aliases(self, number: int, position: int) -> list[str]:
        stems = (f"alias-{number}", f"@alias/{number}", f"älias:{number}")
        count = self.rng.randrange(len(stems) + 1)
        # The first may come again in a later section of its model, the others are new there.
        return [stems[0]][:count] + [f"{stem}.{position}" for stem in stems[1:count]]

    def add_era(self, name: str, start: str, facts: dict) -> None:
        rng = self.rng
        entries = list(price_entries(rng).items())
        entries += [(key, value) for key, value in facts.items() if key != "aliases"]
        entries += alias_entries(rng, facts.get("aliases", []))
        entries += [("note", "one fact"), ("note", "another: with = and : signs")]
        entries.append(("source", "https://example.com/prices?a=1"))
        rng.shuffle(entries)
        section = f"{name} @ {start}" if start else name
        lines = [f"[{section}]" + rng.choice(("", "", "   ; an era"))]
        lines += [self.entry_line(key, value) for key, value in entries]
        self.sections.append("\n".join(lines) + rng.choice(("\n", "\n\n")))

    def entry_line(self, key: str, value: str) -> str:
        sign = self.rng.choice(("=", " = ", "   =  "))
        comment = self.rng.choice(("", "", "", "  ; input = 999", "\t; 5%", "   "))
        return key + sign + value + comment

    def write(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            rng.shuffle(self.sections)
        defaults = f"[defaults]\ncurrency = {self.currency}\n" if self.currency else ""
        # One byte is left for the CR of a CRLF.
        comment = "; prices per 1,000,000 tokens; output = 0.01".ljust(MAX_LINE - 1, ".")
        text = f"# prices\n{comment}\n\n{defaults}" + "".join(self.sections)
        bom = b"\xef\xbb\xbf" if rng.random() < 0.3 else b""
        self.path.write_bytes(bom + text.replace("\n", self.newline).encode())
        return str(self.path)


def fits(name: str, start: str) -> bool:
    return len(f"{name} @ {start}".encode()) <= MAX_SECTION_NAME


def alias_entries(rng: random.Random, aliases: list[str]) -> list[tuple[str, str]]:
    """One line with all aliases or one line for each."""
    if not aliases or rng.random() < 0.3:
        return [("aliases", alias) for alias in aliases]
    return [("aliases", rng.choice((", ", " ", ",", "  ,  ")).join(aliases))]


def price_entries(rng: random.Random) -> dict[str, str]:
    entries: dict[str, str] = {}
    add_terms(rng, entries)
    contexts = [BASE]
    add_standard_prices(rng, entries)
    if rng.random() < 0.45:
        threshold = rng.choice(("long_context_over", "long_context_from"))
        entries[threshold] = str(rng.choice(THRESHOLDS))
        contexts.append(LONG)
        add_context_prices(rng, entries, LONG)
    if "peak_hours" in entries:
        peaks = [PEAK, PEAK_LONG][: len(contexts)]
        contexts += peaks
        for context in peaks:
            add_context_prices(rng, entries, context)
    for tier in TIERS:
        if tier != STANDARD:
            add_tier(rng, entries, tier, contexts)
    return entries


def add_terms(rng: random.Random, entries: dict[str, str]) -> None:
    """Peak hours, uplifts and fees."""
    if rng.random() < 0.4:
        days, zone = rng.choice(PEAK_DAYS), rng.choice(PEAK_ZONES)
        entries["peak_hours"] = f"{days}{rng.choice(PEAK_TIMES)} {zone}"
        if rng.random() < 0.75:
            entries["peak_multiplier"] = rng.choice(MULTIPLIERS)
    if rng.random() < 0.4:
        for region in rng.sample(REGIONS, rng.choice((1, 2))):
            entries[f"uplift_{region}"] = rng.choice(UPLIFTS)
    if rng.random() < 0.5:
        entries["web_search"] = price_text(rng, {})


def add_standard_prices(rng: random.Random, entries: dict[str, str]) -> None:
    entries["input"] = price_text(rng, entries)
    entries["output"] = "input" if rng.random() < 0.05 else price_text(rng, entries)
    for meter in OPTIONAL_METERS:
        if rng.random() < 0.65:
            entries[meter] = price_or_reference(rng, entries, "", meter)


def add_context_prices(rng: random.Random, entries: dict[str, str], context: str) -> None:
    """A price of every meter; or of some, where peak_multiplier makes the others."""
    prefix = price_key(STANDARD, context, "")
    derived = context != LONG and "peak_multiplier" in entries
    for meter in METERS:
        if meter in entries and not (derived and rng.random() < 0.75):
            entries[prefix + meter] = price_or_reference(rng, entries, prefix, meter)


def add_tier(rng: random.Random, entries: dict[str, str], tier: str, contexts) -> None:
    """No price at all, a discount, explicit prices, or a discount with exceptions."""
    kind = rng.choice(("none", "discount", "discount", "exceptions", "exceptions", "explicit"))
    if kind in ("discount", "exceptions"):
        two_decimals = f"{rng.randrange(100)}.{rng.randrange(100):02d}%"
        entries[f"{tier}_discount"] = rng.choice((*DISCOUNTS, two_decimals))
    for context in contexts:
        if kind == "exceptions":
            meters = [meter for meter in METERS if rng.random() < 0.4]
        elif kind == "explicit":
            extra = [meter for meter in OPTIONAL_METERS if rng.random() < 0.6]
            meters = ["input", "output", *extra]
        else:
            meters = []
        prefix = price_key(tier, context, "")
        for meter in meters:
            entries[prefix + meter] = price_or_reference(rng, entries, prefix, meter)


def price_or_reference(rng: random.Random, entries: dict[str, str], prefix: str, meter: str) -> str:
    """A number, or another meter that has a price in the same tier and context."""
    targets = [
        target
        for target in REFERENCES.get(meter, ())
        if any(key + target in entries for key in priced_by(entries, prefix))
    ]
    if targets and rng.random() < 0.25:
        return rng.choice(targets)
    return price_text(rng, entries)


def priced_by(entries: dict[str, str], prefix: str) -> list[str]:
    """Prefixes of the keys each of which alone gives a price under `prefix`."""
    found = [prefix]
    if "peak_multiplier" in entries and "peak_" in prefix:
        found.append(prefix.replace("peak_", ""))
    tier = next((tier for tier in TIERS if prefix.startswith(f"{tier}_")), STANDARD)
    if f"{tier}_discount" in entries:
        found += priced_by(entries, prefix.removeprefix(f"{tier}_"))
    return found


def price_text(rng: random.Random, entries: dict[str, str]) -> str:
    """At most 76 a million tokens, so that the largest counts cost less than 1e18."""
    if rng.random() < 0.08:
        return rng.choice(ZERO_PRICES)
    whole = rng.choice((0, 0, 0, 0, 1, 2, 5, 15, 75))
    decimals = rng.choice((0, 1, 2, 2, 3, 4, 6, 9, 12))
    if decimals == 0:
        return str(whole)
    return f"{whole}.{rng.randrange(10**decimals):0{decimals}d}"
