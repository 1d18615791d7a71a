"""Peak hours: the times of a week in which a model has other prices."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction
from math import floor

from civil import load_zone, offset_seconds, unix_seconds, utc_datetime

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60

DAY = rf"(?:{'|'.join(WEEKDAYS)})"
DAYS = rf"{DAY}(?:-{DAY})?(?:,{DAY}(?:-{DAY})?)*"
CLOCK = r"[0-9]{2}:[0-9]{2}"
TIMES = rf"{CLOCK}-{CLOCK}(?:,{CLOCK}-{CLOCK})*"
PEAK_HOURS = re.compile(rf"(?:({DAYS}) +)?({TIMES}) +(\S+)", re.IGNORECASE)
OFFSET = re.compile(r"[+-][0-9]{2}:[0-9]{2}")


@dataclass(frozen=True)
class PeakHours:
    """Weekdays (Monday is 0) and minutes of a day, on the clocks of `zone`."""

    weekdays: frozenset[int]
    ranges: tuple[tuple[int, int], ...]
    zone: tzinfo

    def hold(self, instant: Fraction) -> bool:
        local = utc_datetime(floor(instant)).astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        in_range = any(first <= minute < end for first, end in self.ranges)
        return in_range and local.weekday() in self.weekdays

    def edges(self, day: date) -> list[int]:
        """Where a range of that local day begins or ends, in seconds since 1970."""
        midnight = datetime.combine(day, time())
        walls = [midnight + timedelta(minutes=edge) for ends in self.ranges for edge in ends]
        return [unix_seconds(wall.replace(tzinfo=self.zone)) for wall in walls]


def parse_peak_hours(text: str) -> PeakHours:
    match = PEAK_HOURS.fullmatch(text)
    if not match:
        raise ValueError(f"not peak hours: {text!r}")
    days, times, zone = match.groups()
    weekdays = parse_weekdays(days) if days else range(len(WEEKDAYS))
    return PeakHours(frozenset(weekdays), parse_ranges(times), parse_zone(zone))


def parse_weekdays(text: str) -> set[int]:
    weekdays = set()
    for part in text.lower().split(","):
        first, _, last = part.partition("-")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        weekdays.update((start + step) % 7 for step in range(length))
    return weekdays


def parse_ranges(text: str) -> tuple[tuple[int, int], ...]:
    ranges = []
    for part in text.split(","):
        first, end = map(parse_clock, part.split("-"))
        if first >= end:
            raise ValueError(f"ends before it begins: {part!r}")
        ranges.append((first, end))
    return tuple(ranges)


def parse_clock(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes > 59 or hours * 60 + minutes > DAY_MINUTES:
        raise ValueError(f"no time of a day: {text!r}")
    return hours * 60 + minutes


def parse_zone(text: str) -> tzinfo:
    if OFFSET.fullmatch(text):
        return timezone(timedelta(seconds=offset_seconds(text)))
    return load_zone(text)
