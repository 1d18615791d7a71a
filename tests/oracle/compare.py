#!/usr/bin/env python3
"""Compare what tokbill and the oracle print for random books and logs, byte for byte."""

import argparse
import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from generate import generate

ORACLE = (sys.executable, str(Path(__file__).resolve().parent / "oracle.py"))
TIMEOUT_SECONDS = 300

# The report must depend neither on the zone nor on the locale of the machine.
ODD_ENVIRONMENT = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}

OPTION_SETS = {
    "default": "",
    "month": "--period month",
    "week": "--period week",
    "model": "--by model",
    "provider-tier": "--by provider,tier",
    "project-date": "--by project,date",
    "team-week-model": "--by team,date,model --period week",
    "new-york": "--tz America/New_York",
    "kolkata-from-berlin": "--tz Asia/Kolkata --log-tz Europe/Berlin",
    # The hour that Berlin shows twice straddles midnight in Cape Verde.
    "cape-verde-from-berlin": "--tz Atlantic/Cape_Verde --log-tz Europe/Berlin --by date",
    "berlin-project": "--log-tz Europe/Berlin --by tier,project,model",
    "from-to": "--from 2026-02-10 --to 2026-09-20",
    "from": "--from 2026-06-15",
    "to": "--to 2026-06-15 --by date",
    "one-month": "--month 2026-04",
    "one-month-new-york": "--month 2026-10 --tz America/New_York --by project",
    "to-lord-howe": "--to 2026-10-04 --tz Australia/Lord_Howe --period month",
    "round-2": "--round 2",
    "round-0": "--round 0 --by model",
    "round-7": "--round 7 --period month --by date",
}
# Option sets whose report must not change with the order or the number of files.
ORDER_SETS = ("default", "project-date", "kolkata-from-berlin", "round-2")

# Spelled out, so that a comparison that drops out of the tables is noticed:
# 20 against the oracle, 17 identities (all but the rounded), 4 orders and 4 whole files.
COMPARISONS_PER_SEED = 45

AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}(?:[0-9]*[1-9])?")
AMOUNT_COLUMNS = ("list_cost", "cache_savings", "batch_savings", "tier_savings", "cost")


@dataclass(frozen=True)
class Run:
    """A command's outcome; `error` is empty where it printed a report."""

    command: tuple[str, ...]
    output: bytes
    error: str


class Comparer:
    """All comparisons of one seed, in one folder."""

    def __init__(self, tokbill: str, seed: int, rows: int, folder: Path):
        self.tokbill = tokbill
        self.seed = seed
        self.folder = folder
        books, logs = generate(seed, rows, folder)
        self.rates = [word for book in books for word in ("--rates", Path(book).name)]
        self.logs = [Path(log).name for log in logs]
        self.passed = 0
        self.failures: list[str] = []

    def run_all(self) -> None:
        for name, options in OPTION_SETS.items():
            words = options.split()
            ours = self.run_tokbill(words, self.logs)
            oracle = self.run((*ORACLE, "report", *self.rates, *words, *self.logs))
            self.expect_same(f"{name}: oracle", ours, oracle)
            if "--round" not in words:
                self.expect_identity(f"{name}: identity", ours)
            if name in ORDER_SETS:
                reversed_logs = self.run_tokbill(words, self.logs[::-1])
                self.expect_same(f"{name}: files reversed", ours, reversed_logs)
                whole = self.run_tokbill(words, ["whole.csv"])
                self.expect_same(f"{name}: whole file", ours, whole)

    def run_tokbill(self, words: list[str], logs: list[str]) -> Run:
        return self.run((self.tokbill, "report", "-f", "csv", *self.rates, *words, *logs))

    def run(self, command: tuple[str, ...]) -> Run:
        environment = {**os.environ, **ODD_ENVIRONMENT}
        environment.pop("TOKBILL_RATES", None)
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=TIMEOUT_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Run(command, b"", str(error))
        error = ""
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").splitlines() or [""]
            error = f"{Path(command[0]).name} exit {done.returncode}: {lines[0][:120]!r}"
        return Run(command, done.stdout, error)

    def expect_same(self, name: str, left: Run, right: Run) -> None:
        reason = left.error or right.error
        if not reason and left.output != right.output:
            reason = first_difference(left.output, right.output)
        rerun = f"diff <({shlex.join(left.command)}) <({shlex.join(right.command)})"
        self.count(name, reason, rerun)

    def expect_identity(self, name: str, run: Run) -> None:
        reason = run.error or broken_identity(run.output)
        self.count(name, reason, shlex.join(run.command))

    def count(self, name: str, reason: str, rerun: str) -> None:
        if not reason:
            self.passed += 1
            return
        where = f"cd {shlex.quote(str(self.folder))}"
        self.failures.append(f"FAIL seed {self.seed}, {name}: {reason}; rerun: {where} && {rerun}")


def first_difference(left: bytes, right: bytes) -> str:
    left_lines, right_lines = left.split(b"\n"), right.split(b"\n")
    pairs = zip(left_lines, right_lines)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
    if same is None:
        return f"{len(left_lines)} lines against {len(right_lines)}"
    return f"first difference in line {same + 1}"


def broken_identity(output: bytes) -> str:
    """The first row where list cost is not cost plus savings; empty where there is none."""
    records = list(csv.DictReader(io.StringIO(output.decode(), newline=""), strict=True))
    if not records:
        return "report without rows"
    for number, record in enumerate(records, start=1):
        texts = [record.get(name) or "" for name in AMOUNT_COLUMNS]
        if not all(map(AMOUNT.fullmatch, texts)):
            return f"row {number}: not amounts: {texts}"
        list_cost, *parts = map(Fraction, texts)
        if list_cost != sum(parts):
            return f"row {number}: {texts[0]} is not the sum of {texts[1:]}"
    return ""


def compare_seed(tokbill: str, seed: int, rows: int) -> Comparer:
    folder = Path(tempfile.mkdtemp(prefix=f"tokbill-oracle-{seed}-"))
    comparer = Comparer(tokbill, seed, rows, folder)
    comparer.run_all()
    if not comparer.failures:
        shutil.rmtree(folder)
    return comparer


def parse_seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokbill", required=True, type=os.path.abspath)
    parser.add_argument("--seeds", type=parse_seeds, default="0-5", help="N or FIRST-LAST")
    parser.add_argument("--rows", type=int, default=4000)
    args = parser.parse_args(arguments)
    if not os.access(args.tokbill, os.X_OK):
        parser.error(f"cannot run {args.tokbill}")
    passed = failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in pool.map(lambda seed: compare_seed(args.tokbill, seed, args.rows), args.seeds):
            passed += done.passed
            failed += len(done.failures)
            for failure in done.failures:
                print(failure, flush=True)
    expected = COMPARISONS_PER_SEED * len(args.seeds)
    is_complete = passed + failed == expected > 0
    if not is_complete:
        print(f"FAIL {passed + failed} comparisons were run, {expected} expected")
    print(f"{passed} passed, {failed} failed")
    return 0 if is_complete and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
