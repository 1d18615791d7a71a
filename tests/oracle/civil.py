"""Times as people write them in logs, and the days and periods they fall in."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
UNIX_TIME = re.compile(r"[0-9]{10}|[0-9]{13}")
DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True)
class Moment:
    """An instant in seconds since 1970; `day` is set where only a date was written."""

    instant: Fraction
    day: date | None = None


def parse_day(text: str) -> date:
    match = DATE.fullmatch(text)
    if not match:
        raise ValueError(f"not a date: {text!r}")
    day = date(*map(int, match.groups()))
    if day.year < 1970:
        raise ValueError(f"year outside 1970 to 9999: {text!r}")
    return day


def parse_moment(text: str, log_zone: tzinfo) -> Moment:
    """Read any accepted spelling; `log_zone` is where times without a zone were taken."""
    if DATE.fullmatch(text):
        day = parse_day(text)
        return Moment(Fraction(midnight(day)), day)
    if UNIX_TIME.fullmatch(text):
        return Moment(Fraction(int(text), 1 if len(text) == 10 else 1000))
    match = DATE_TIME.fullmatch(text)
    if not match:
        raise ValueError(f"not a time: {text!r}")
    day_text, hour, minute, second, fraction, zone = match.groups()
    clock = time(int(hour), int(minute), int(second))
    wall = datetime.combine(parse_day(day_text), clock)
    seconds = whole_seconds(wall, zone, log_zone)
    return Moment(seconds + Fraction(int(fraction or 0), 10 ** len(fraction or "")))


def whole_seconds(wall: datetime, zone_text: str | None, log_zone: tzinfo) -> int:
    if zone_text is None:
        return local_seconds(wall, log_zone)
    utc_wall = wall.replace(tzinfo=timezone.utc)
    return unix_seconds(utc_wall) - offset_seconds(zone_text)


def local_seconds(wall: datetime, zone: tzinfo) -> int:
    # fold=0, the default, is the earlier of the two instants an ambiguous time can mean.
    utc = wall.replace(tzinfo=zone).astimezone(timezone.utc)
    if utc.astimezone(zone).replace(tzinfo=None) != wall:
        raise ValueError(f"no such local time: {wall} in {zone}")
    return unix_seconds(utc)


def offset_seconds(zone_text: str) -> int:
    if zone_text == "Z":
        return 0
    hours, minutes = int(zone_text[1:3]), int(zone_text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(f"impossible offset: {zone_text!r}")
    seconds = hours * 3600 + minutes * 60
    return -seconds if zone_text[0] == "-" else seconds


def unix_seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


def midnight(day: date) -> int:
    return unix_seconds(datetime.combine(day, time(), timezone.utc))


def utc_datetime(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def day_in_zone(moment: Moment, zone: tzinfo) -> date:
    if moment.day:
        return moment.day
    return utc_datetime(floor(moment.instant)).astimezone(zone).date()


def period_of(day: date, period: str) -> str:
    if period == "month":
        return day.isoformat()[:7]
    if period == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return day.isoformat()


def load_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"unknown time zone: {name!r}") from error
