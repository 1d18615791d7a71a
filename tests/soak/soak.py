#!/usr/bin/env python3
"""Random reports for a given time, on several threads, with what is conserved checked each time.

    soak.py --tokbill build/gcc-thread/tokbill --seconds 600 [--jobs N] [--seed N]

Made for builds with sanitizers: any report of theirs is a failure. Of random books and logs
(tests/oracle/generate.py), or of random exports of vendors (tests/oracle/randomexports.py), for
random options:

* any number of threads, gzip, and any order of the files give the same bytes;
* the report of some files and that of the others add up to the report of all, exactly;
* with broken rows: rows read = billed + set aside + skipped, the rejects hold as many rows as were
  set aside, each byte for byte as it stands in that line of the log, and report and rejects are
  the same bytes on any number of threads.

The last line is "N passed, N failed".
"""

import argparse
import csv
import gzip
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "oracle"))
import randomexports  # noqa: E402
from generate import generate  # noqa: E402

OPTIONS = ["", "--period month", "--by model", "--by provider,tier", "--by project,date", "--tz America/New_York",
           "--by team,date,model --period week", "--from 2026-02-10 --to 2026-09-20", "--detail",
           "--tz Asia/Kolkata --log-tz Europe/Berlin"]
NUMBERS = {"requests", "input_tokens", "cached_read_tokens", "cache_write_tokens", "output_tokens", "batch_tokens",
           "list_cost", "cache_savings", "batch_savings", "tier_savings", "cost", "reasoning_tokens"}
ROWS = 2500
COPIES = 8  # of each log's rows, so that a file has blocks for several threads
TIMEOUT = 600
NATIVE = ("--format", "tokbill")  # random columns can look like those of a vendor
EXPORT_RATES = ROOT / "fixtures" / "formats" / "rates.ini"
REJECT_END = re.compile(rb',([0-9]+),"(?:[^"\n]|"")*"\r?\n')  # line and reason, behind the row itself


class Failure(Exception):
    pass


class Soak:
    def __init__(self, tokbill, seed):
        self.tokbill, self.seed, self.rng = tokbill, seed, random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix=f"soak-{seed}-"))
        self.checks = 0
        if self.rng.random() < 0.3:
            self.write_exports()
        else:
            self.write_logs()

    def write_exports(self):
        self.format, self.rates, self.logs = (), ["--rates", str(EXPORT_RATES)], []
        # No column of theirs is called project.
        self.options = [words for words in OPTIONS if "project" not in words]
        for number in range(self.rng.randint(1, 3)):
            vendor = self.rng.choice(list(randomexports.VENDORS))
            model, can = randomexports.VENDORS[vendor]
            usage = [randomexports.Usage(self.rng, model, can) for _ in range(ROWS)]
            rows = [row for u in usage for row in vendor(self.rng, u)]
            self.logs.append(f"{number}-{vendor.__name__}.csv")
            randomexports.write(self.rng, self.folder / self.logs[-1], list(rows[0]), rows)

    def write_logs(self):
        self.format, self.options = NATIVE, OPTIONS
        books, logs = generate(self.seed, ROWS, self.folder)
        self.rates = [w for b in books for w in ("--rates", Path(b).name)]
        self.logs = [Path(name).name for name in logs]
        for name in self.logs:
            self.lengthen(self.folder / name)

    def lengthen(self, path):
        """The rows several times over, ids told apart, where the log has lines to repeat."""
        lines = path.read_bytes().splitlines(keepends=True)
        header = lines[0].decode(errors="replace")
        if '"' in "".join(line.decode(errors="replace") for line in lines[:200]) or "request_id" in header:
            return
        if not lines[-1].endswith(b"\n"):
            lines[-1] += b"\n"
        path.write_bytes(lines[0] + b"".join(lines[1:]) * COPIES)

    def run(self, logs, *words, code=0, threads=None):
        threads = threads or self.rng.randint(1, 8)
        command = [self.tokbill, "report", "-q", *self.format, "--threads", str(threads), *self.rates, *words, *logs]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=TIMEOUT)
        said = done.stderr.decode(errors="replace")
        if done.returncode != code or "Sanitizer" in said:
            raise Failure(f"exit code {done.returncode}, not {code}: {' '.join(command)}\n{said[:6000]}")
        self.checks += 1
        return done.stdout

    def same(self, what, left, right):
        self.checks += 1
        if left != right:
            raise Failure(f"not the same: {what}")

    def sums(self, *reports):
        total = {}
        for report in reports:
            for row in csv.DictReader(io.StringIO(report.decode(), newline=""), strict=True):
                key = tuple(v for k, v in row.items() if k not in NUMBERS)
                counts = total.setdefault(key, {})
                for name in NUMBERS & row.keys():
                    counts[name] = counts.get(name, 0) + Fraction(row[name])
        return total

    def threads_and_order(self, words):
        whole = self.run(self.logs, *words, threads=1)
        self.same("on several threads", whole, self.run(self.logs, *words))
        shuffled = self.rng.sample(self.logs, len(self.logs))
        self.same("in another order", whole, self.run(shuffled, *words))
        return whole

    def compressed(self, whole, words):
        packed = []
        for name in self.logs:
            (self.folder / (name + ".gz")).write_bytes(gzip.compress((self.folder / name).read_bytes(), 1))
            packed.append(name + ".gz")
        self.same("gzip", whole, self.run(packed, *words))

    def parts(self, whole, words):
        if len(self.logs) < 2 or "--detail" in words:
            return
        cut = self.rng.randint(1, len(self.logs) - 1)
        a, b = self.run(self.logs[:cut], *words), self.run(self.logs[cut:], *words)
        # A request that stands in both parts is billed once in the whole.
        if self.copies(self.logs, words) != self.copies(self.logs[:cut], words) + self.copies(self.logs[cut:], words):
            return
        self.same("the sum of the parts", self.sums(whole), self.sums(a, b))

    def copies(self, logs, words):
        return json.loads(self.run(logs, *words, "-f", "json"))["run"]["rows_duplicate"]

    def broken_rows(self, words):
        """A log with some bytes lost or doubled, on one thread and on several."""
        name = self.rng.choice(self.logs)
        data = bytearray((self.folder / name).read_bytes())
        head = data.index(b"\n") + 1
        for _ in range(self.rng.randint(1, 40)):
            at = self.rng.randrange(head, len(data))
            if self.rng.random() < 0.5:
                del data[at]
            else:
                data.insert(at, self.rng.choice(b'",\n0x'))
        (self.folder / "broken.csv").write_bytes(data)
        found = []
        for threads in (1, self.rng.randint(2, 8)):
            shutil.rmtree(self.folder / "rejects", ignore_errors=True)
            report, facts = self.run_broken(words, threads)
            rejects = self.folder / "rejects" / "broken.rejects.csv"
            found.append((report, facts, rejects.read_bytes() if rejects.exists() else b""))
        self.same("broken rows on several threads", found[0], found[1])
        facts = found[0][1]
        skipped = facts["rows_outside_period"] + facts["rows_duplicate"]
        self.same("rows read", facts["rows_read"], facts["rows_billed"] + facts["rows_set_aside"] + skipped)
        self.recount(bytes(data), found[0][2], facts["rows_set_aside"])

    def recount(self, log, rejects, set_aside):
        """The rejects, one by one: as many as were told, and as they stand in the log."""
        if rejects:
            rejects = rejects[rejects.index(b"\n") + 1 :]
        starts = [0, *(m.end() for m in re.finditer(b"\n", log))]
        at = count = 0
        for end in REJECT_END.finditer(rejects):
            start = starts[int(end[1]) - 1]
            raw = rejects[at : end.start()]
            self.same(f"the row of line {end[1].decode()}", log[start : start + len(raw)], raw)
            at, count = end.end(), count + 1
        self.same("rows in the rejects", (count, at), (set_aside, len(rejects)))

    def run_broken(self, words, threads):
        command = [self.tokbill, "report", "-q", *self.format, "--threads", str(threads), "--rejects", "rejects", *self.rates,
                   *words, "-o", "broken.json", "broken.csv"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=TIMEOUT)
        said = done.stderr.decode(errors="replace")
        if done.returncode not in (0, 2) or "Sanitizer" in said:
            raise Failure(f"exit code {done.returncode}: {' '.join(command)}\n{said[:6000]}")
        self.checks += 1
        report = json.loads((self.folder / "broken.json").read_bytes())
        run = report.pop("run")
        facts = {k: v for k, v in run.items() if k.startswith("rows_")}
        return report, facts

    def all(self):
        words = self.rng.choice(self.options).split()
        whole = self.threads_and_order(words)
        self.compressed(whole, words)
        self.parts(whole, words)
        self.broken_rows(words)


def soak(tokbill, seed, until):
    if time.monotonic() > until:
        return 0, None
    one = Soak(tokbill, seed)
    try:
        one.all()
    except (Failure, subprocess.TimeoutExpired) as failure:
        return one.checks, f"not ok seed {seed}: {failure}\n    (cd {one.folder})"
    shutil.rmtree(one.folder)
    return one.checks, None


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--tokbill", required=True, type=os.path.abspath)
    p.add_argument("--seconds", type=int, required=True)
    p.add_argument("--jobs", type=int, default=os.cpu_count())
    p.add_argument("--seed", type=int, default=0, help="the first (default: another one each time)")
    options = p.parse_args()
    first = options.seed or random.SystemRandom().randrange(1, 10**9)
    until = time.monotonic() + options.seconds
    seeds = checks = failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        while time.monotonic() < until and failed < 5:
            batch = [pool.submit(soak, options.tokbill, first + seeds + i, until) for i in range(options.jobs)]
            seeds += len(batch)
            for done in batch:
                n, failure = done.result()
                checks += n
                if failure:
                    failed += 1
                    print(failure, flush=True)
    print(f"{seeds} books and logs from seed {first}, {checks} runs and comparisons")
    print(f"{seeds - failed} passed, {failed} failed")
    return failed != 0 or seeds == 0


if __name__ == "__main__":
    sys.exit(main())
