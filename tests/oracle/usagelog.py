"""Usage logs: CSV files read into rows whose tokens are split by meter."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from civil import Moment, parse_moment
from ratebook import ASCII_LOWER, BASE, LONG, STANDARD

ACCEPTED_NAMES = {
    "time": ("timestamp", "time", "date", "created_at", "start_time"),
    "model": ("model",),
    "input": ("input_tokens", "prompt_tokens"),
    "cached_read": (
        "cached_read_tokens",
        "cached_tokens",
        "cached_input_tokens",
        "input_cached_tokens",
    ),
    "cache_write": ("cache_write_tokens",),
    "cache_write_1h": ("cache_write_1h_tokens",),
    "output": ("output_tokens", "completion_tokens"),
    "reasoning": ("reasoning_tokens",),
    "batch": ("batch",),
    "service_tier": ("service_tier",),
    "requests": ("requests", "num_model_requests"),
    "context": ("context",),
    "request_id": ("request_id",),
    "region": ("region",),
    "web_search": ("web_searches",),
}
FIELD_BY_NAME = {name: field for field, names in ACCEPTED_NAMES.items() for name in names}
REQUIRED_FIELDS = ("time", "model", "input", "output")
COUNT_FIELDS = (
    "input",
    "cached_read",
    "cache_write",
    "cache_write_1h",
    "output",
    "reasoning",
    "web_search",
)

TRUE_WORDS = ("true", "yes", "1")
FALSE_WORDS = ("false", "no", "0", "")
STANDARD_WORDS = ("", "standard", "default", "auto")
OTHER_TIERS = ("batch", "flex", "priority")

COUNT = re.compile(r"[0-9]{1,19}")
MAX_COUNT = 2**63 - 1
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")
BARE_CR = re.compile(r"\r(?!\n)")


class UsageError(Exception):
    """A log that cannot be read at all."""


@dataclass(frozen=True)
class Row:
    place: str
    moment: Moment
    model: str
    counts: dict[str, int]
    tier: str
    requests: int
    context: str
    request_id: str
    region: str
    texts: dict[str, str]

    def content(self) -> tuple:
        """What two rows with one request id must share to be the same request."""
        counts = tuple(self.counts[field] for field in COUNT_FIELDS)
        facts = (self.tier, self.context, self.requests, self.region)
        return (self.moment, self.model, counts, *facts)

    def units_by_meter(self) -> dict[str, int]:
        """Disjoint counts: the log's input and output include their parts."""
        units = dict(self.counts)
        for part in ("cached_read", "cache_write", "cache_write_1h"):
            units["input"] -= units[part]
        units["output"] -= units["reasoning"]
        return units


def read_log(path: str, log_zone: tzinfo) -> tuple[list[Row], list[str]]:
    """All good rows of a log, and a line `file:line: reason` for every bad one."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    names = next(reader, None)
    if not names:
        raise UsageError(f"{path}:1: no header")
    fields = fields_of_header(path, names)
    rows, bad = [], []
    first_line = reader.line_num + 1
    for record in reader:
        place = f"{path}:{first_line}"
        first_line = reader.line_num + 1
        if not record:
            continue
        try:
            if len(record) != len(names):
                raise ValueError(f"{len(record)} fields, header has {len(names)}")
            rows.append(read_row(place, dict(zip(names, record)), fields, log_zone))
        except ValueError as error:
            bad.append(f"{place}: {error}")
    return rows, bad


def read_text(path: str) -> str:
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8: {error}") from error
    if "\0" in text or BARE_CR.search(text):
        raise UsageError(f"{path}: NUL or bare CR")
    return text


def plain(name: str) -> str:
    """A name in a header, whose case, blanks and hyphens do not matter."""
    return name.strip(" \t").translate(ASCII_LOWER).replace(" ", "_").replace("-", "_")


def fields_of_header(path: str, names: list[str]) -> dict[str, str]:
    """Which column holds which field."""
    fields: dict[str, str] = {}
    for name in names:
        field = FIELD_BY_NAME.get(plain(name))
        if field in fields:
            raise UsageError(f"{path}:1: two columns for {field}: {fields[field]}, {name}")
        if field:
            fields[field] = name
    for field in REQUIRED_FIELDS:
        if field not in fields:
            raise UsageError(f"{path}:1: no column for {field}")
    return fields


def read_row(place: str, texts: dict[str, str], fields: dict[str, str], log_zone) -> Row:
    text = {field: texts[name] for field, name in fields.items()}
    if not text["model"] or CONTROL_CHARACTER.search(text["model"]):
        raise ValueError(f"model: {text['model']!r} is not a name")
    context = text.get("context", "")
    if context not in ("", BASE, LONG):
        raise ValueError(f"context: {context!r} is neither base nor long")
    return Row(
        place=place,
        moment=parse_moment(text["time"], log_zone),
        model=text["model"],
        counts=read_counts(text),
        tier=read_tier(text.get("batch", ""), text.get("service_tier", "")),
        requests=parse_count("requests", text.get("requests") or "1"),
        context=context,
        request_id=text.get("request_id", ""),
        region=text.get("region", ""),
        texts=texts,
    )


def read_counts(text: dict[str, str]) -> dict[str, int]:
    counts = {}
    for field in COUNT_FIELDS:
        empty_is_zero = field not in REQUIRED_FIELDS and not text.get(field)
        counts[field] = 0 if empty_is_zero else parse_count(field, text[field])
    if counts["cached_read"] + counts["cache_write"] + counts["cache_write_1h"] > counts["input"]:
        raise ValueError("cached and written tokens exceed input")
    if counts["reasoning"] > counts["output"]:
        raise ValueError("reasoning tokens exceed output")
    return counts


def parse_count(field: str, text: str) -> int:
    if not COUNT.fullmatch(text) or int(text) > MAX_COUNT:
        raise ValueError(f"{field}: {text!r} is not a count")
    return int(text)


def read_tier(batch: str, service_tier: str) -> str:
    if service_tier not in STANDARD_WORDS and service_tier not in OTHER_TIERS:
        raise ValueError(f"service_tier: unknown {service_tier!r}")
    tier = STANDARD if service_tier in STANDARD_WORDS else service_tier
    if batch.lower() in FALSE_WORDS:
        return tier
    if batch.lower() not in TRUE_WORDS:
        raise ValueError(f"batch: unknown {batch!r}")
    if tier not in (STANDARD, "batch"):
        raise ValueError(f"batch is true beside service_tier {tier!r}")
    return "batch"
