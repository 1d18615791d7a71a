#!/usr/bin/env python3
"""Times tokbill against whatever peers are present, interleaved, and prints a table.

  bench.py [--rows N] [--runs N] [--threads N] [KIND...]

Kinds: plain quoted openai gzip zstd groups small. Every run of every program must give the same
token sums. Logs and peers live under build/bench; `make bench-peers` installs the peers.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
PEERS = WORK / "peers"
TOKBILL = ROOT / "build" / "tokbill"
COLUMNS = ("timestamp", "model", "input_tokens", "cached_tokens", "output_tokens", "batch")


# ---- logs ----

# kind: (what gen_log writes, share of the rows, how the file is packed)
KINDS = {
    "plain": ("plain", 1, None),
    "quoted": ("quoted", 1, None),
    "openai": ("openai", 0.2, None),
    "gzip": ("plain", 1, ["gzip", "-1"]),
    "zstd": ("plain", 1, ["zstd", "-q", "-3", "-T0"]),
    "groups": ("groups", 1, None),
    "small": ("plain", 0, None),
}
ENDINGS = {"gzip": ".csv.gz", "zstd": ".csv.zst"}
SMALL_ROWS = 100


def rows_of(kind, rows):
    return int(rows * KINDS[kind][1]) or SMALL_ROWS


def make_log(kind, rows):
    shape, _, packer = KINDS[kind]
    path = WORK / f"{kind}-{rows}{ENDINGS.get(kind, '.csv')}"
    if not path.exists():
        part = path.with_suffix(".part")
        with open(part, "wb") as out:
            maker = subprocess.Popen([WORK / "gen_log", shape, str(rows)],
                                     stdout=subprocess.PIPE if packer else out)
            if packer:
                subprocess.run(packer + ["-c"], stdin=maker.stdout, stdout=out, check=True)
            if maker.wait() != 0:
                raise SystemExit("gen_log failed")
        part.rename(path)
    return path


# ---- programs ----

def tokbill(path, kind, threads):
    by = ["--by", "user"] if kind == "groups" else []
    return [TOKBILL, "report", "-q", "--threads", str(threads), *by, "-f", "csv",
            "-o", WORK / "tokbill.csv", path]


def wc(path, _kind, _threads):
    return ["wc", "-l", path]


def duckdb(path, kind, threads):
    return [sys.executable, ROOT / "tests/bench/peer_duckdb.py", path, kind, str(threads),
            WORK / "duckdb.csv"]


def polars(path, kind, threads):
    return [sys.executable, ROOT / "tests/bench/peer_polars.py", path, kind, str(threads),
            WORK / "polars.csv"]


def mawk(path, kind, _threads):
    columns = (12, 13) if kind == "openai" else (3, 5)
    script = "NR > 1 { i += $%d; o += $%d } END { printf \"%%.0f %%.0f\\n\", i, o }" % columns
    return ["sh", "-c", f"mawk -F, '{script}' '{path}' >'{WORK}/mawk.txt'"]


def have_module(name):
    return (PEERS / name).is_dir()


PROGRAMS = {
    "tokbill": (tokbill, lambda kind: True),
    "wc -l": (wc, lambda kind: kind not in ENDINGS),
    "duckdb": (duckdb, lambda kind: have_module("duckdb")),
    "polars": (polars, lambda kind: have_module("polars") and kind not in ("zstd", "openai")),
    "mawk": (mawk, lambda kind: shutil.which("mawk") and kind in ("plain", "openai", "groups")),
}


def token_sums(name):
    """Input and output tokens by the program's own output, or None when it gives none."""
    if name == "mawk":
        return tuple(int(n) for n in (WORK / "mawk.txt").read_text().split())
    if name == "wc -l":
        return None
    with open(WORK / f"{name}.csv", encoding="utf-8") as report:
        header = report.readline().rstrip("\n").split(",")
        i, o = header.index("input_tokens"), header.index("output_tokens")
        sums = [0, 0]
        for line in report:
            cells = line.rstrip("\n").split(",")
            sums[0] += int(cells[i])
            sums[1] += int(cells[o])
    return tuple(sums)


def run(command):
    """Seconds and peak memory in MiB of one run."""
    env = dict(os.environ, PYTHONPATH=str(PEERS))
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"exit code {child.returncode}: {command}")
    return seconds, usage.ru_maxrss / 1024


# ---- the table ----

def measure(kind, rows, runs, threads):
    path = make_log(kind, rows_of(kind, rows))
    names = [n for n, (_, able) in PROGRAMS.items() if able(kind)]
    seconds = {n: [] for n in names}
    memory = dict.fromkeys(names, 0.0)
    sums = {}
    for i in range(runs + 1):  # the first round warms the page cache and is not counted
        for name in names:
            took, peak = run(PROGRAMS[name][0](path, kind, threads))
            if i:
                seconds[name].append(took)
            memory[name] = max(memory[name], peak)
            if i == 0 and token_sums(name):
                sums[name] = token_sums(name)
    if len(set(sums.values())) > 1:
        raise SystemExit(f"{kind}: the programs disagree: {sums}")
    return path.stat().st_size, {n: statistics.median(s) for n, s in seconds.items()}, memory


def print_kind(kind, rows, size, medians, memory):
    mb = size / 1e6
    print(f"\n{kind}: {rows_of(kind, rows):,} rows, {mb:,.1f} MB")
    print(f"  {'program':10} {'seconds':>9} {'MB/s':>9} {'peak MiB':>9} {'x tokbill':>10}")
    for name, s in sorted(medians.items(), key=lambda item: item[1]):
        print(f"  {name:10} {s:9.3f} {mb / s:9.0f} {memory[name]:9.1f} "
              f"{s / medians['tokbill']:10.2f}")


def print_instructions():
    """Instructions a row, which do not depend on what else the machine does."""
    if not shutil.which("valgrind"):
        return
    counts = []
    for rows in (1000, 101000):
        path = make_log("plain", rows)
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             *tokbill(path, "plain", 1)], capture_output=True, text=True, check=True)
        counts.append(int(done.stderr.split("Collected :")[1].split()[0]))
    print(f"\ninstructions a row, plain log: {(counts[1] - counts[0]) / 100000:.0f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    args = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, {args.threads} threads, medians of "
          f"{args.runs} interleaved runs")
    for kind in args.kinds:
        size, medians, memory = measure(kind, args.rows, args.runs, args.threads)
        print_kind(kind, args.rows, size, medians, memory)
    print_instructions()


if __name__ == "__main__":
    main()
