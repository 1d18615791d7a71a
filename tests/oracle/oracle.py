#!/usr/bin/env python3
"""What `tokbill report -f csv` must print, worked out row by row in exact fractions."""

import argparse
import sys
from dataclasses import dataclass, field
from datetime import date, tzinfo
from fractions import Fraction
from math import floor
from pathlib import Path

from civil import day_in_zone, load_zone, parse_day, period_of
from ratebook import FEES, Book, Era, RateError, Unpriced, load_rates
from usagelog import Row, UsageError, read_log

EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_CONFIG = 64, 65, 66, 78

COUNT_COLUMNS = (
    "requests",
    "input_tokens",
    "cached_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "batch_tokens",
)
AMOUNT_COLUMNS = ("list_cost", "cache_savings", "batch_savings", "tier_savings", "cost")
CACHE_METERS = ("cached_read", "cache_write", "cache_write_1h")
RESERVED_COLUMNS = ("date", "model", "provider", "tier")

BUILT_IN_RATES = Path(__file__).resolve().parents[2] / "rates"

TOKENS_PER_PRICE = 1_000_000
UNITS_PER_FEE = 1_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NEEDS_QUOTES = (",", '"', "\r", "\n")


@dataclass(frozen=True)
class Options:
    by: tuple[str, ...]
    period: str
    zone: tzinfo
    first_day: date
    last_day: date
    month: str | None
    places: int | None

    def covers(self, day: date) -> bool:
        in_month = self.month is None or period_of(day, "month") == self.month
        return in_month and self.first_day <= day <= self.last_day


@dataclass
class Tally:
    counts: list[int] = field(default_factory=lambda: [0] * len(COUNT_COLUMNS))
    amounts: list[Fraction] = field(default_factory=lambda: [Fraction(0)] * len(AMOUNT_COLUMNS))

    def add(self, counts: list[int], amounts: list[Fraction]) -> None:
        self.counts = [total + count for total, count in zip(self.counts, counts)]
        self.amounts = [total + amount for total, amount in zip(self.amounts, amounts)]


def charge(era: Era, row: Row) -> list[Fraction]:
    """The amounts of one row, in the order of AMOUNT_COLUMNS."""
    context = era.context_of(row)
    list_cost = cache_savings = tier_difference = cost = Fraction(0)
    for meter, units in row.units_by_meter().items():
        if units == 0:
            continue
        if meter in FEES:
            fee = Fraction(units, UNITS_PER_FEE) * fee_price(era, meter)
            list_cost += fee
            cost += fee
            continue
        price = era.price(meter, row.tier, context)
        if price is None:
            raise Unpriced(f"{row.tier} {context} price of {meter} is unpublished")
        standard = era.standard_price(meter, context)
        is_cache = meter in CACHE_METERS
        listed = era.standard_price("input", context) if is_cache else standard
        tokens = Fraction(units, TOKENS_PER_PRICE) * era.uplift(row.region)
        list_cost += tokens * listed
        cache_savings += tokens * (listed - standard)
        tier_difference += tokens * (standard - price)
        cost += tokens * price
    is_batch = row.tier == "batch"
    batch_savings = tier_difference if is_batch else Fraction(0)
    tier_savings = Fraction(0) if is_batch else tier_difference
    return [list_cost, cache_savings, batch_savings, tier_savings, cost]


def fee_price(era: Era, meter: str) -> Fraction:
    if meter not in era.fees:
        raise Unpriced(f"the fee {meter} is unpublished")
    return era.fees[meter]


def count(row: Row) -> list[int]:
    """The counts of one row, in the order of COUNT_COLUMNS."""
    counts = row.counts
    written = counts["cache_write"] + counts["cache_write_1h"]
    batch = counts["input"] + counts["output"] if row.tier == "batch" else 0
    head = [row.requests, counts["input"], counts["cached_read"], written]
    return head + [counts["output"], batch]


def group_of(row: Row, era: Era, day: date, options: Options) -> tuple[str, ...]:
    reserved = {
        "date": period_of(day, options.period),
        "model": era.model,
        "provider": era.provider,
        "tier": row.tier,
    }
    return tuple(reserved.get(name, row.texts.get(name)) for name in options.by)


def bill(rows: list[Row], book: Book, options: Options) -> tuple[dict, list[str]]:
    """Tallies by group (currency last), and a line for every row without a price."""
    tallies: dict[tuple[str, ...], Tally] = {}
    bad = []
    for row in rows:
        day = day_in_zone(row.moment, options.zone)
        if not options.covers(day):
            continue
        try:
            era = book.era_of(row.model, row.moment.instant)
            amounts = charge(era, row)
        except Unpriced as error:
            bad.append(f"{row.place}: {error}")
            continue
        group = group_of(row, era, day, options) + (era.currency,)
        tallies.setdefault(group, Tally()).add(count(row), amounts)
    return tallies, bad


def drop_duplicates(rows: list[Row], by: tuple[str, ...]) -> tuple[list[Row], list[str]]:
    """One row for every request id; ids whose rows differ in content are bad throughout."""
    kept = [row for row in rows if not row.request_id]
    rows_by_id: dict[str, list[Row]] = {}
    for row in rows:
        if row.request_id:
            rows_by_id.setdefault(row.request_id, []).append(row)
    bad = []
    for request_id, same_id in rows_by_id.items():
        if len({row.content() for row in same_id}) > 1:
            bad += [f"{row.place}: other content under id {request_id!r}" for row in same_id]
        else:
            # Group texts may differ; the choice must not depend on the order of files.
            kept.append(min(same_id, key=lambda row: [row.texts.get(name, "") for name in by]))
    return kept, bad


def decimal(amount: Fraction, places: int | None) -> str:
    """A plain decimal of at least 2 decimals; exact, or rounded half away from zero."""
    size = abs(amount)
    if places is not None:
        size = Fraction(floor(size * 10**places + Fraction(1, 2)), 10**places)
    shown = 2
    while (size * 10**shown).denominator != 1:
        shown += 1
    digits = str(int(size * 10**shown)).rjust(shown + 1, "0")
    sign = "-" if amount < 0 and size else ""
    return f"{sign}{digits[:-shown]}.{digits[-shown:]}"


def defused(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def csv_line(cells: list[str]) -> str:
    quoted = [
        '"' + cell.replace('"', '""') + '"' if any(c in cell for c in NEEDS_QUOTES) else cell
        for cell in cells
    ]
    return ",".join(quoted) + "\n"


def format_report(tallies: dict[tuple[str, ...], Tally], options: Options) -> str:
    lines = [csv_line([*map(defused, options.by), *COUNT_COLUMNS, *AMOUNT_COLUMNS, "currency"])]
    # Dates, months and weeks of four-digit years sort by time as text, so bytes serve all columns.
    for group in sorted(tallies, key=lambda texts: [text.encode() for text in texts]):
        tally = tallies[group]
        numbers = [str(number) for number in tally.counts]
        amounts = [decimal(amount, options.places) for amount in tally.amounts]
        lines.append(csv_line([*map(defused, group[:-1]), *numbers, *amounts, group[-1]]))
    return "".join(lines)


def report(args: argparse.Namespace) -> tuple[str, list[str]]:
    """The report's text, and a line for every row that is not in it."""
    book = load_rates(args.rates or built_in_rates())
    options = make_options(args)
    rows, bad = [], []
    for path in args.logs:
        log_rows, log_bad = read_log(path, args.log_tz)
        refuse_missing_columns(path, log_rows, options.by)
        rows += log_rows
        bad += log_bad
    rows, conflicts = drop_duplicates(rows, options.by)
    tallies, unpriced = bill(rows, book, options)
    return format_report(tallies, options), bad + conflicts + unpriced


def built_in_rates() -> list[str]:
    return sorted(map(str, BUILT_IN_RATES.glob("*.ini")))


def make_options(args: argparse.Namespace) -> Options:
    return Options(
        by=tuple(args.by.split(",")),
        period=args.period,
        zone=args.tz,
        first_day=args.first_day,
        last_day=args.last_day,
        month=args.month,
        places=args.places,
    )


def refuse_missing_columns(path: str, rows: list[Row], by: tuple[str, ...]) -> None:
    for name in by:
        if rows and name not in RESERVED_COLUMNS and name not in rows[0].texts:
            raise UsageError(f"{path}:1: no column {name!r}")


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("report")
    command.add_argument("--rates", action="append", metavar="FILE")
    command.add_argument("--by", default="date,model", metavar="COLS")
    command.add_argument("--period", choices=("day", "week", "month"), default="day")
    command.add_argument("--from", dest="first_day", type=parse_day, default=date.min)
    command.add_argument("--to", dest="last_day", type=parse_day, default=date.max)
    command.add_argument("--month", metavar="MONTH")
    command.add_argument("--tz", type=load_zone, default="UTC")
    command.add_argument("--log-tz", type=load_zone, default="UTC")
    command.add_argument("--round", dest="places", type=int, metavar="N")
    command.add_argument("--skip-bad", action="store_true")
    command.add_argument("logs", nargs="+", metavar="LOG")
    try:
        return parser.parse_args(arguments)
    except SystemExit as stop:
        sys.exit(EX_USAGE if stop.code else 0)


def main(arguments: list[str]) -> int:
    args = parse_arguments(arguments)
    try:
        text, bad = report(args)
    except RateError as error:
        print(error, file=sys.stderr)
        return EX_CONFIG
    except UsageError as error:
        print(error, file=sys.stderr)
        return EX_DATAERR
    except OSError as error:
        print(error, file=sys.stderr)
        return EX_NOINPUT
    if bad and not args.skip_bad:
        print("\n".join(bad), file=sys.stderr)
        return EX_DATAERR
    if bad:
        print(f"{len(bad)} rows skipped", file=sys.stderr)
    sys.stdout.buffer.write(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
