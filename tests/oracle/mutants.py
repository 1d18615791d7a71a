#!/usr/bin/env python3
"""Mutants of valid logs: whatever a lost or stray character does, no amount may change unseen.

    mutants.py --tokbill build/tokbill --rates fixtures/formats/rates.ini [--seeds N] [--part N]

Random usage is written as tokbill's own log and as each vendor's export (see randomexports.py),
plain and quoted. At every field of a row, and of the header, a separator, quote, line end, byte
order mark, NUL or blank is added, removed or moved. tokbill may set the mutant aside; what it bills
must be what another reader of CSV, Python's in strict mode, finds in the file, and cost what that
costs: by the exact computation of oracle.py for tokbill's own log; for an export, what tokbill
bills for the same fields written anew, each in quotes.

Each row has a name, by which reports are gathered, so that a report says of each row what it cost.
"""

import argparse
import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timezone
from pathlib import Path

import randomexports
from oracle import Options, bill, drop_duplicates, format_report
from ratebook import load_rates
from usagelog import BARE_CR, UsageError, read_log

BY = ("row_name", "date", "model", "tier")
BATCH = 120  # files to a run
TIMEOUT_SECONDS = 300

# What is put at the start, in the middle and at the end of a field.
ADDED = (",", ",,", '"', '""', '"""', '","', "\n", "\r", "\r\n", "\n\n", "\ufeff", "\0", " ", "\t", ";", "'")


def own(_rng, usage):
    return [usage.own()]


FORMATS = {
    own: ("claude-sonnet-4-5", {"read": 1, "write": 1, "hour": 1, "thought": 1, "requests": 1,
                                "tiers": ("standard", "batch"), "contexts": ("", "base", "long"),
                                "regions": ("", "us")}),
    **randomexports.VENDORS,
}  # fmt: skip


@dataclass
class Mutant:
    """A file in which one row, or the header, is not as it was written."""

    what: str
    text: str
    columns: list[str]
    others: list[list[str]]  # the rows that were left as they were
    header: bool  # it is the header that was changed


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def written(text, always):
    return quoted(text) if always or any(c in text for c in ',"\r\n') else text


def changes(cells, at):
    """(what, cells) for each change at one field; cells are as written, separators between."""
    cell = cells[at]
    before, behind = cells[:at], cells[at + 1 :]

    def put(*instead):
        return [*before, *instead, *behind]

    for added in ADDED:
        for where, place in (("start", 0), ("middle", len(cell) // 2), ("end", len(cell))):
            yield f"{added!r} at the {where}", put(cell[:place] + added + cell[place:])
    yield "left out", put()
    yield "emptied", put("")
    yield "twice", put(cell, cell)
    yield "in quotes", put(f'"{cell}"')
    yield "in quotes, properly", put(quoted(cell))
    for place in range(len(cell)):
        if cell[place] in ',"':
            yield f"{cell[place]!r} removed", put(cell[:place] + cell[place + 1 :])
    if cell[:1] == '"':
        yield "without its quotes", put(cell[1:-1])
        yield "first quote later", put(cell[1:2] + '"' + cell[2:])
        yield "last quote earlier", put(cell[:-2] + '"' + cell[-2:-1])
        yield "first quote before the separator", moved_quote(cells, at)
    if behind:
        after, rest = behind[0], behind[1:]
        yield "separator removed", [*before, cell + after, *rest]
        yield "separator later", [*before, cell + after[:1], after[1:], *rest]
        yield "separator earlier", [*before, cell[:-1], cell[-1:] + after, *rest]
        yield "separator into the next but one", [*before, cell + after, *(rest[:1] * 2), *rest[1:]]
        yield "fields swapped", [*before, after, cell, *rest]


def moved_quote(cells, at):
    if at == 0:
        return [cells[at][1:], *cells[1:]]
    return [*cells[: at - 1], cells[at - 1] + '"', cells[at][1:], *cells[at + 1 :]]


class Maker:
    """The mutants of one format, written in one way."""

    def __init__(self, rng, vendor, always, ending):
        self.rng, self.vendor, self.always, self.ending = rng, vendor, always, ending
        self.model, self.can = FORMATS[vendor]
        self.count = 0
        self.columns = [*self.fields(), "note, free", "row_name"]
        rng.shuffle(self.columns)

    def fields(self):
        """The fields of some usage in this format."""
        return self.vendor(self.rng, randomexports.Usage(self.rng, self.model, self.can))[0]

    def row(self):
        self.count += 1
        name = f"{self.vendor.__name__} {self.always:d} {self.count}"
        free = self.rng.choice(("", "x", 'say "x"', "a, b"))
        fields = {**self.fields(), "note, free": free, "row_name": name}
        return [str(fields.get(column, "")) for column in self.columns]

    def cells(self, row):
        return [written(text, self.always) for text in row]

    def mutants(self):
        for at in range(len(self.columns)):
            # Another row for each change, for ids are not to meet.
            for number, (what, _) in enumerate(changes(self.cells(self.row()), at)):
                for header in (False, True):
                    mutant = self.mutant(at, number, header)
                    if mutant:
                        yield mutant

    def mutant(self, at, number, header):
        rows = [self.row() for _ in range(3)]
        lines = [self.columns, *rows]
        changed = 0 if header else 2
        found = list(changes(self.cells(lines[changed]), at))
        if number >= len(found):
            return None
        what, cells = found[number]
        texts = [",".join(cells if i == changed else self.cells(line)) for i, line in enumerate(lines)]
        others = [] if header else [rows[0], rows[2]]
        name = f"{self.vendor.__name__}, {self.columns[at]}{' in the header' * header}: {what}"
        return Mutant(name, self.ending.join(texts) + self.ending, self.columns, others, header)


def parse(text):
    """The records that a strict reader finds up to the first fault, the header first."""
    records = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for record in reader:
            if record:
                records.append(record)
    except csv.Error:
        pass
    return records


def is_text(record):
    return not any("\0" in field or BARE_CR.search(field) for field in record)


def expected_log(mutant):
    """The file written anew: what is found in it, and what was not changed, each field in quotes."""
    records = parse(mutant.text.removeprefix("\ufeff"))
    header = records[0] if mutant.header and records else mutant.columns
    rows = [r for r in records[1:] if len(r) == len(header) and is_text(r)]
    rows += [r for r in mutant.others if r not in rows]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


class Checker:
    def __init__(self, tokbill, rates, folder):
        self.tokbill, self.rates, self.folder = tokbill, rates, folder
        self.book = load_rates([rates])
        self.seen = Counter()
        self.failures = []

    def report(self, paths):
        """(exit code, lines of the report) of some files."""
        shutil.rmtree(self.folder / "rejects", ignore_errors=True)
        done = subprocess.run(
            [self.tokbill, "report", "-q", "-f", "csv", "--rates", self.rates, "--by", ",".join(BY),
             "--rejects", self.folder / "rejects", *paths],
            capture_output=True, check=False, timeout=TIMEOUT_SECONDS)  # fmt: skip
        return done.returncode, records_of(done.stdout.decode())

    def oracle(self, paths):
        options = Options(BY, "day", timezone.utc, date.min, date.max, None, None)
        rows = []
        for path in paths:
            try:
                rows += read_log(str(path), timezone.utc)[0]
            except UsageError:
                continue
        rows, _ = drop_duplicates([row for row in rows if "row_name" in row.texts], BY)
        return records_of(format_report(bill(rows, self.book, options)[0], options))

    def save(self, mutants):
        files, twins = [], []
        for number, mutant in enumerate(mutants):
            files.append(self.folder / f"{number}.csv")
            twins.append(self.folder / f"{number}.expected.csv")
            files[-1].write_text(mutant.text, encoding="utf-8", newline="")
            twins[-1].write_text(expected_log(mutant), encoding="utf-8", newline="")
        return files, twins

    def wrong(self, files, twins, exact):
        """(exit code, what was billed, what of it ought not to have been)."""
        code, billed = self.report(files)
        if code not in (0, 2):
            return code, [], []
        right = self.oracle(twins) if exact else self.report(twins)[1]
        return code, billed, [line for line in billed if line not in right]

    def check(self, mutants, exact):
        files, twins = self.save(mutants)
        code, billed, wrong = self.wrong(files, twins, exact)
        if code in (0, 2) and not wrong:
            self.count(mutants, billed)
            return
        # A file that is refused stops the others, and rows that lost their names meet in a group.
        for mutant, file, twin in zip(mutants, files, twins):
            code, billed, wrong = self.wrong([file], [twin], exact)
            if wrong or code not in (0, 2, 64, 65):
                self.fail(mutant, file, code, wrong)
            else:
                self.count([mutant], billed)

    def count(self, mutants, billed):
        """Those that were billed beside the two rows which were not changed."""
        whole = sum(len(m.others) for m in mutants)
        self.seen["tried"] += len(mutants)
        self.seen["billed as they read"] += min(len(mutants), max(0, len(billed) - whole))

    def fail(self, mutant, file, code, wrong):
        kept = Path(tempfile.mkdtemp(prefix="tokbill-mutant-")) / "mutant.csv"
        shutil.copy(file, kept)
        self.seen["tried"] += 1
        self.failures.append(f"FAIL {mutant.what}: exit {code}, {wrong[:2]}; see {kept}")


def records_of(report):
    return list(csv.reader(io.StringIO(report, newline="")))[1:]


def batches(mutants):
    for start in range(0, len(mutants), BATCH):
        yield mutants[start : start + BATCH]


def check_format(checker, seed, vendor, always, part):
    rng = random.Random(f"{vendor.__name__} {always} {seed}")
    maker = Maker(rng, vendor, always, rng.choice(("\n", "\r\n")))
    mutants = [m for m in maker.mutants() if rng.randrange(part) == 0]
    for mutant in (m for m in mutants if m.header):
        checker.check([mutant], vendor is own)
    for batch in batches([m for m in mutants if not m.header]):
        checker.check(batch, vendor is own)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokbill", required=True)
    parser.add_argument("--rates", required=True)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--part", type=int, default=1, help="try one mutant of so many")
    args = parser.parse_args()
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # each run waits for the disk
    with tempfile.TemporaryDirectory(prefix="tokbill-mutants-", dir=memory) as folder:
        checker = Checker(args.tokbill, args.rates, Path(folder))
        for seed in range(args.seeds):
            for vendor in FORMATS:
                for always in (False, True):
                    check_format(checker, seed, vendor, always, args.part)
    for failure in checker.failures[:20]:
        print(failure)
    tried, failed = checker.seen["tried"], len(checker.failures)
    print(f"{tried} mutants tried, {checker.seen['billed as they read']} billed as they read, "
          f"{failed} billed otherwise, the others set aside or refused")  # fmt: skip
    print(f"{tried - failed} passed, {failed} failed")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
