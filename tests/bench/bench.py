#!/usr/bin/env python3
"""Times tokbill against whatever peers are present, interleaved, and prints tables in Markdown.

  bench.py [--rows N] [--runs N] [--threads N] [--only PROGRAM,...] [KIND...]

Kinds: ids plain quoted openai gzip zstd groups small growth instructions count; all of them without an
argument. Every program must give the same token sums. Logs and peers live under build/bench;
`make bench-peers` installs the peers. The growth logs (0.1, 1 and 10 GB) are made under TMPDIR and
removed.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from importlib import metadata
from pathlib import Path

import count

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
PEERS = WORK / "peers"
TOKBILL = ROOT / "build" / "tokbill"


# ---- logs ----

# kind: (what gen_log writes, share of the rows, how the file is packed)
KINDS = {
    "ids": ("ids", 1, None),  # repeated ids are dropped by every program that can
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
GROWTH = {"0.1 GB": 1_600_000, "1 GB": 16_000_000, "10 GB": 160_000_000}


def rows_of(kind, rows):
    return int(rows * KINDS[kind][1]) or SMALL_ROWS


def make_log(kind, rows, folder=WORK):
    shape, _, packer = KINDS[kind]
    path = folder / f"{kind}-{rows}{ENDINGS.get(kind, '.csv')}"
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
    return ["sh", "-c", f"wc -l <'{path}' >'{WORK}/wc.txt'"]


def python_peer(name):
    return lambda path, kind, threads: [
        sys.executable, ROOT / f"tests/bench/peer_{name}.py", path, kind, str(threads),
        WORK / f"{name}.csv"]


def mawk(path, kind, _threads):
    columns = (12, 13) if kind == "openai" else (3, 5)
    script = "NR > 1 { i += $%d; o += $%d } END { printf \"%%.0f %%.0f\\n\", i, o }" % columns
    return ["sh", "-c", f"mawk -F, '{script}' '{path}' >'{WORK}/mawk.txt'"]


def miller(path, kind, threads):
    unpack = ["--gzin"] if kind == "gzip" else []
    day = "start_time_iso" if kind == "openai" else "timestamp"
    key = "user,model,batch" if kind == "groups" else "date,model,batch"
    return ["sh", "-c", " ".join(
        ["mlr", "--icsv", "--ocsv", "--nr-progress-mod", "1000000000", *unpack,
         f"""put '$date = substr(${day}, 0, 9)' then""",
         f"stats1 -a sum -f input_tokens,output_tokens -g {key} then",
         "rename input_tokens_sum,input_tokens,output_tokens_sum,output_tokens",
         f"'{path}' >'{WORK}/miller.csv'"])]


def have_module(name):
    return (PEERS / name).is_dir()


# name: (command, the kinds it can read, whether it is too slow to be run again and again)
PROGRAMS = {
    "tokbill": (tokbill, lambda kind: True, False),
    "wc -l": (wc, lambda kind: kind not in ENDINGS, False),
    "duckdb": (python_peer("duckdb"), lambda kind: have_module("duckdb"), False),
    "clickhouse": (python_peer("clickhouse"), lambda kind: have_module("chdb") and kind != "ids", False),
    "polars": (python_peer("polars"),
               lambda kind: have_module("polars") and kind not in ("zstd", "openai", "ids"), False),
    "mawk": (mawk, lambda kind: shutil.which("mawk") and kind in ("plain", "openai", "groups"),
             True),
    # Miller takes minutes and 20 GiB for a million groups.
    "miller": (miller, lambda kind: shutil.which("mlr") and kind not in ("zstd", "groups", "ids"), True),
}
SLOW_RUNS = 1


def token_sums(name):
    """Input and output tokens by the program's own output, or None when it gives none."""
    if name == "mawk":
        return tuple(int(n) for n in (WORK / "mawk.txt").read_text().split())
    if name == "wc -l":
        return None
    with open(WORK / f"{name}.csv", encoding="utf-8") as report:
        header = report.readline().rstrip("\n").replace('"', "").split(",")
        i, o = header.index("input_tokens"), header.index("output_tokens")
        sums = [0, 0]
        for line in report:
            cells = line.rstrip("\n").split(",")
            sums[0] += int(cells[i])
            sums[1] += int(cells[o])
    return tuple(sums)


def run(command):
    """Seconds and peak memory in MiB of one run."""
    result = WORK / "measured.txt"
    done = subprocess.run([WORK / "measure", result, *command], stdout=subprocess.DEVNULL,
                          env=dict(os.environ, PYTHONPATH=str(PEERS)), check=False)
    if done.returncode != 0:
        raise SystemExit(f"exit code {done.returncode}: {command}")
    seconds, kib = result.read_text().split()
    return float(seconds), int(kib) / 1024


# ---- the tables ----

def measure(kind, path, runs, threads):
    names = [n for n, (_, able, _) in PROGRAMS.items() if able(kind)]
    seconds = {n: [] for n in names}
    memory = dict.fromkeys(names, 0.0)
    sums = {}
    for i in range(runs + 1):  # the first round warms the page cache and is not counted
        for name in names:
            command, _, slow = PROGRAMS[name]
            if slow and i > SLOW_RUNS:
                continue
            took, peak = run(command(path, kind, threads))
            if i:
                seconds[name].append(took)
            memory[name] = max(memory[name], peak)
            if i == 0 and token_sums(name):
                sums[name] = token_sums(name)
    if len(set(sums.values())) > 1:
        raise SystemExit(f"{kind}: the programs disagree: {sums}")
    return {n: statistics.median(s) for n, s in seconds.items()}, memory


def print_kind(kind, rows, runs, threads):
    rows = rows_of(kind, rows)
    path = make_log(kind, rows)
    medians, memory = measure(kind, path, runs, threads)
    mb = path.stat().st_size / 1e6
    print(f"\n{kind}: {rows:,} rows, {mb:,.1f} MB\n")
    print("| program | seconds | MB/s | peak MiB | x tokbill |\n|---|--:|--:|--:|--:|")
    for name, s in sorted(medians.items(), key=lambda item: item[1]):
        print(f"| {name} | {s:.3f} | {mb / s:,.0f} | {memory[name]:,.1f} | "
              f"{s / medians['tokbill']:.2f} |")


def print_growth(_rows, runs, threads):
    print("\ngrowth: plain logs, tokbill alone\n")
    print("| log | rows | seconds | MB/s | peak MiB |\n|---|--:|--:|--:|--:|")
    for name, rows in GROWTH.items():
        with tempfile.TemporaryDirectory() as folder:
            path = make_log("plain", rows, Path(folder))
            command = tokbill(path, "plain", threads)
            run(command)  # warms the page cache
            results = [run(command) for _ in range(min(runs, 3))]
            s = statistics.median(took for took, _ in results)
            mb = path.stat().st_size / 1e6
            print(f"| {name} | {rows:,} | {s:.3f} | {mb / s:,.0f} | "
                  f"{max(peak for _, peak in results):.1f} |")


def print_instructions(_rows, _runs, _threads):
    """Instructions a row on one thread, which do not depend on what else the machine does."""
    if not shutil.which("valgrind"):
        return
    print("\ninstructions a row (callgrind), and those of a run without rows\n")
    print("| log | a row | a run |\n|---|--:|--:|")
    few, many = 1000, 101000
    for kind in ("plain", "quoted", "openai", "groups"):
        counts = []
        for rows in (few, many):
            done = subprocess.run(
                ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                 *tokbill(make_log(kind, rows), kind, 1)],
                capture_output=True, text=True, check=True)
            counts.append(int(done.stderr.split("Collected :")[1].split()[0]))
        a_row = (counts[1] - counts[0]) / (many - few)
        print(f"| {kind} | {a_row:,.0f} | {counts[0] - few * a_row:,.0f} |")


def cpu_model():
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()


def versions():
    sys.path.insert(0, str(PEERS))
    for module in ("duckdb", "chdb", "polars"):
        if have_module(module):
            yield f"{module} {metadata.version(module)}"
    for command in (["mawk", "-W", "version"], ["mlr", "--version"], ["wc", "--version"]):
        if shutil.which(command[0]):
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            yield (said.stdout or said.stderr).splitlines()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", help="these programs alone, beside tokbill")
    parser.add_argument("kinds", nargs="*")
    args = parser.parse_args()
    for name in list(PROGRAMS) if args.only else []:
        if name not in ("tokbill", *args.only.split(",")):
            del PROGRAMS[name]
    print(f"{date.today()}, {cpu_model()}, {os.cpu_count()} processors, {args.threads} threads; "
          f"medians of {args.runs} interleaved runs, page cache warm\n")
    print("; ".join(versions()))
    others = {"growth": print_growth, "instructions": print_instructions,
              "count": count.print_count}
    for kind in args.kinds or [*KINDS, *others]:
        sys.stdout.flush()
        if kind in others:
            others[kind](args.rows, args.runs, args.threads)
        else:
            print_kind(kind, args.rows, args.runs, args.threads)


if __name__ == "__main__":
    main()
