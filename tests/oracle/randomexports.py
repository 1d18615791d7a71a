#!/usr/bin/env python3
"""Random usage, written as each vendor's export and as tokbill's own log: both must bill alike.

    randomexports.py --tokbill build/tokbill --rates fixtures/formats/rates.ini [--seeds N] [--rows N]

The usage is drawn as disjoint counts; each writer below knows how its vendor would have put them.
"""

import argparse
import csv
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

OWN = (
    "timestamp,model,requests,input_tokens,cached_read_tokens,cache_write_tokens,"
    "cache_write_1h_tokens,output_tokens,reasoning_tokens,service_tier,context,region,web_searches"
).split(",")
COUNTS = ("fresh", "read", "write", "hour", "answer", "thought")
START = datetime(2026, 7, 28, tzinfo=timezone.utc)
CHINA = timezone(timedelta(hours=8))


class Usage:
    """One request, or several; only the meters, tiers and facts that the vendor can tell."""

    def __init__(self, rng, model, can):
        self.model = model
        self.time = START + timedelta(seconds=rng.randrange(20 * 86400))
        for name in COUNTS:
            told = name in ("fresh", "answer") or name in can
            size = 10 ** rng.randrange(7)
            setattr(self, name, rng.randrange(size + 1) if told else 0)
        self.requests = rng.randrange(1, 9) if "requests" in can else 1
        self.tier = rng.choice(can.get("tiers", ("standard",)))
        self.context = rng.choice(can.get("contexts", ("",)))
        self.region = rng.choice(can.get("regions", ("",)))
        self.searches = rng.randrange(4) if "searches" in can else 0
        self.input = self.fresh + self.read + self.write + self.hour
        self.output = self.answer + self.thought

    def own(self):
        return dict(
            zip(
                OWN,
                (
                    self.time.strftime("%Y-%m-%dT%H:%M:%SZ"), self.model, self.requests, self.input,
                    self.read, self.write, self.hour, self.output, self.thought, self.tier,
                    self.context, self.region, self.searches,
                ),
            )
        )  # fmt: skip


def whole(rng, n):
    return rng.choice((f"{n}", f"{n}.0", f"{n}.00"))


def openai(rng, u):
    start = u.time.replace(second=0)
    u.time = start
    return [{
        "start_time": int(start.timestamp()), "end_time": int(start.timestamp()) + 60,
        "start_time_iso": start.isoformat(), "end_time_iso": (start + timedelta(minutes=1)).isoformat(),
        "num_model_requests": whole(rng, u.requests), "model": u.model,
        "batch": "TRUE" if u.tier == "batch" else rng.choice(("FALSE", "")),
        "service_tier": {"flex": "flex-tier", "batch": ""}.get(u.tier, u.tier),
        "input_tokens": whole(rng, u.input), "output_tokens": whole(rng, u.output),
        "input_cached_tokens": whole(rng, u.read) if u.read else rng.choice(("", "0.0")),
        "input_cache_write_tokens": whole(rng, u.write), "input_uncached_tokens": whole(rng, u.fresh),
        "input_audio_tokens": rng.choice(("", "0", "0.0")), "input_image_tokens": "7",
    }]  # fmt: skip


def anthropic(rng, u):
    u.time = u.time.replace(hour=0, minute=0, second=0)
    return [{
        "usage_date_utc": u.time.date().isoformat(), "model_version": u.model, "usage_type": u.tier,
        "context_window": {"base": "≤ 200k", "long": "200k-1M"}[u.context],
        "usage_input_tokens_no_cache": u.fresh, "usage_input_tokens_cache_write_5m": u.write,
        "usage_input_tokens_cache_write_1h": u.hour, "usage_input_tokens_cache_read": u.read,
        "usage_output_tokens": u.output, "web_search_count": u.searches,
        "inference_geo": u.region or rng.choice(("", "global", "not_available")),
        "speed": rng.choice(("", "standard")),
    }]  # fmt: skip


def anthropic_api(rng, u):
    row = {
        "created_at": u.time.isoformat(), "model": u.model, "input_tokens": u.fresh,
        "cache_read_input_tokens": u.read, "cache_creation_input_tokens": u.write + u.hour,
        "ephemeral_5m_input_tokens": u.write, "ephemeral_1h_input_tokens": u.hour,
        "output_tokens": u.output, "service_tier": u.tier,
    }  # fmt: skip
    if not u.hour and rng.random() < 0.5:
        row["ephemeral_5m_input_tokens"] = row["ephemeral_1h_input_tokens"] = ""
    return [row]


def openrouter(rng, u):
    return [{
        "generation_id": f"gen-{rng.randrange(10**18)}", "model_permaslug": "vendor/" + u.model,
        "created_at": u.time.strftime("%Y-%m-%d %H:%M:%S.") + f"{rng.randrange(1000):03}",
        "cost_total": "0.1", "tokens_prompt": u.input, "tokens_cached": u.read,
        "tokens_completion": u.output, "tokens_reasoning": u.thought,
        "variant": rng.choice(("", "standard")), "cancelled": rng.choice(("true", "false", "")),
    }]  # fmt: skip


def cursor(rng, u):
    inside = rng.random() < 0.5
    with_writes = u.write + (u.fresh if inside else 0)
    return [{
        "Date": u.time.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "Model": u.model, "Kind": "Included",
        "Input (w/ Cache Write)": with_writes, "Input (w/o Cache Write)": u.fresh,
        "Cache Read": u.read, "Output Tokens": u.output, "Total Tokens": u.input + u.output,
        "Cost": rng.choice(("$0.10", "NaN", "Included", "EUR 3,50", "Free", "1.5")),
    }]  # fmt: skip


def deepseek(rng, u):
    rows = [("input_cache_hit_tokens", u.read), ("input_cache_miss_tokens", u.fresh),
            ("output_tokens", u.output), ("request_count", u.requests)]  # fmt: skip
    rng.shuffle(rows)
    stamp = u.time.astimezone(CHINA).isoformat()
    return [{"start_time_iso": stamp, "end_time_iso": stamp, "model": u.model, "type": kind,
             "price": rng.choice(("0.00000028", "2.8e-7", "")), "amount": n}
            for kind, n in rows]  # fmt: skip


def litellm(rng, u):
    details = {"cached_tokens": u.read, "audio_tokens": None}
    usage = {"prompt_tokens_details": details}
    if u.write or u.hour:
        usage["cache_creation_input_tokens"] = u.write + u.hour
        details["cache_creation_token_details"] = {
            "ephemeral_5m_input_tokens": u.write, "ephemeral_1h_input_tokens": u.hour}  # fmt: skip
    if u.thought:
        usage["completion_tokens_details"] = {"reasoning_tokens": u.thought}
    if rng.random() < 0.5:
        usage["cache_read_input_tokens"] = rng.choice((0, u.read))
    if rng.random() < 0.5:
        usage["prompt_tokens"], usage["completion_tokens"] = u.input, u.output
    if u.searches or rng.random() < 0.5:
        usage["server_tool_use"] = {"web_search_requests": u.searches}
    if u.tier != "standard" or rng.random() < 0.5:
        usage["service_tier"] = u.tier
    usage["inference_geo"] = u.region or rng.choice(("", "global", None))
    usage["speed"] = rng.choice(("", "standard", None))
    where = rng.choice(("usage_object", "additional_usage_values"))
    metadata = {"tags": [{where: {"cache_read_input_tokens": 5}}], where: usage, "x.y": 1}
    return [{
        "request_id": f"chat-{rng.randrange(10**18)}", "spend": rng.choice(("1.5e-05", "0", "0.25")),
        "startTime": u.time.strftime("%Y-%m-%d %H:%M:%S.123"), "model": rng.choice(("", "v/")) + u.model,
        "prompt_tokens": u.input, "completion_tokens": u.output, "total_tokens": u.input + u.output,
        "metadata": json.dumps(metadata), "cache_hit": rng.choice(("", "False", "None")),
    }]  # fmt: skip


def langfuse(rng, u):
    usage = {"input": u.fresh, rng.choice(("input_cached_tokens", "input_cache_read")): u.read,
             "output": u.answer, "output_reasoning_tokens": u.thought, "total": u.input + u.output,
             "input_video": 0}  # fmt: skip
    if u.write or u.hour:
        usage["input_cache_creation"] = u.write + u.hour
        usage["input_cache_creation_5m"], usage["input_cache_creation_1h"] = u.write, u.hour
    time = u.time.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return [{
        "id": f"obs-{rng.randrange(10**18)}", "traceId": "t", "model": u.model,
        "startTime": rng.choice((time, f'"{time}"')), "usageDetails": json.dumps(usage),
        "inputUsage": u.input, "outputUsage": u.output, "totalUsage": u.input + u.output,
        "totalCost": rng.choice(("", "0.002", "$0.002")),
    }]  # fmt: skip


def google(rng, u):
    tools = rng.randrange(u.fresh + 1)
    return [{
        "time": int(u.time.timestamp() * 1000), "modelVersion": rng.choice(("", "models/")) + u.model,
        "promptTokenCount": u.input - tools, "toolUsePromptTokenCount": tools,
        "cachedContentTokenCount": u.read or "", "candidatesTokenCount": u.answer or "",
        "thoughtsTokenCount": u.thought, "totalTokenCount": u.input + u.output,
    }]  # fmt: skip


def xai(rng, u):
    return [{
        "timestamp": u.time.isoformat(), "model": u.model, "prompt_tokens": u.input,
        "cached_prompt_text_tokens": u.read, "completion_tokens": u.answer,
        "reasoning_tokens": u.thought, "total_tokens": u.input + u.output, "num_sources_used": 0,
    }]  # fmt: skip


CLAUDE = {"read", "write", "hour"}
VENDORS = {
    openai: ("gpt-4o-mini", {"read": 1, "write": 1, "requests": 1,
                             "tiers": ("standard", "batch", "flex", "priority")}),
    anthropic: ("claude-sonnet-4-5", {**dict.fromkeys(CLAUDE), "searches": 1, "regions": ("", "us"),
                                      "contexts": ("base", "long"), "tiers": ("standard", "batch")}),
    anthropic_api: ("claude-sonnet-4-5", {**dict.fromkeys(CLAUDE), "tiers": ("standard", "batch")}),
    openrouter: ("gpt-5", {"read": 1, "thought": 1}),
    cursor: ("claude-sonnet-4-5", {"read": 1, "write": 1}),
    deepseek: ("deepseek-chat", {"read": 1, "requests": 1}),
    litellm: ("claude-sonnet-4-5", {**dict.fromkeys(CLAUDE | {"thought"}), "searches": 1,
                                    "regions": ("", "us"), "tiers": ("standard", "batch")}),
    langfuse: ("claude-sonnet-4-5", dict.fromkeys(CLAUDE | {"thought"})),
    google: ("gemini-2.5-pro", {"read": 1, "thought": 1}),
    xai: ("grok-4", {"read": 1, "thought": 1}),
}  # fmt: skip


def write(rng, path, columns, rows):
    """Columns in any order, with unknown ones between; perhaps a BOM, CRLF, and quotes."""
    columns = [*columns, "note, free", "team"]
    rng.shuffle(columns)
    text = io.StringIO()
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    ending = rng.choice(("\n", "\r\n"))
    out = csv.DictWriter(text, columns, restval='say "x"', quoting=quoting, lineterminator=ending)
    out.writeheader()
    out.writerows(rows)
    path.write_text(rng.choice(("", "\ufeff")) + text.getvalue(), encoding="utf-8", newline="")


def report(args, *words):
    done = subprocess.run(
        [args.tokbill, "report", "-q", "--rates", args.rates, "--by", "date,model,tier", *words],
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else done.stderr


def compare(args, rng, vendor, folder):
    model, can = VENDORS[vendor]
    usage = [Usage(rng, model, can) for _ in range(args.rows)]
    rows = [row for u in usage for row in vendor(rng, u)]
    export, own = folder / f"{vendor.__name__}.csv", folder / "own.csv"
    write(rng, export, list(rows[0]), rows)
    write(rng, own, OWN, [u.own() for u in usage])
    theirs, ours = report(args, str(export)), report(args, str(own))
    if theirs == ours and theirs.startswith(b"date,"):
        shutil.rmtree(folder)
        return True
    print(f"FAIL {vendor.__name__}: see {folder}\n{theirs[:300]!r}\n{ours[:300]!r}")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokbill", required=True)
    parser.add_argument("--rates", required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=300)
    args = parser.parse_args()
    failed = 0
    for seed in range(args.seeds):
        for vendor in VENDORS:
            rng = random.Random(f"{vendor.__name__} {seed}")
            failed += not compare(args, rng, vendor, Path(tempfile.mkdtemp(prefix="tokbill-exports-")))
    print(f"{args.seeds * len(VENDORS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
