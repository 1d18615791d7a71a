#!/usr/bin/env python3
"""What of src/ the tests run: lines and branches per module, held against the bars.

    tests/cover/cover.py build/cover [--missing FILE]

Reads what a build with COVER=1 counted, through gcov (of the compiler that built it; GCOV names
another). Prints a table, and exits with 1 where a bar is missed:

  * all branches of the modules in EXACT, where money, numbers, times and prices pass,
    but for those that the file `unreached` lists with a reason;
  * more than 90 % of the lines of all of src.

--missing writes down every line and branch that was not run, for whoever wants to test it.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNREACHED = pathlib.Path(__file__).with_name("unreached")
LINES_BAR = 90

EXACT = """base/count base/decimal base/money base/civil base/quantity base/ini ratebook/prices
           billing/rating billing/charge billing/tally billing/row_cache billing/count_store billing/text_groups""".split()


class Source:
    """What was counted in one file: runs of each line, and of each branch of a line."""

    def __init__(self):
        self.lines = defaultdict(int)
        self.branches = defaultdict(int)  # (line, function, number) -> times taken

    def add(self, line):
        number = line["line_number"]
        self.lines[number] += line["count"]
        for i, branch in enumerate(line["branches"]):
            self.branches[number, line.get("function_name"), i] += branch["count"]


class Module:
    """A .c file and its header."""

    def __init__(self, name):
        self.name = name
        self.lines = self.lines_run = self.branches = self.branches_run = self.listed = 0

    def add(self, other):
        for what in ("lines", "lines_run", "branches", "branches_run", "listed"):
            setattr(self, what, getattr(self, what) + getattr(other, what))

    def row(self):
        return (f"{self.name:<24}{self.lines:>7}{percent(self.lines_run, self.lines):>9}"
                f"{self.branches:>10}{percent(self.branches_run, self.branches):>9}"
                f"{self.listed or '':>8}")


def percent(part, whole):
    """In tenths, rounded down: 100.0 is all of them."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"


def gcov(build):
    """Every file of src/ that was compiled, inlined headers included."""
    notes = sorted(str(p.resolve()) for p in build.glob("obj/**/*.gcno"))
    if not notes:
        sys.exit(f"{build}: nothing was built with COVER=1 here")
    command = [os.environ.get("GCOV", "gcov"), "--json-format", "--stdout", "--branch-probabilities"]
    texts = subprocess.run(command + notes, cwd=ROOT, check=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout
    sources = defaultdict(Source)
    for text in texts.splitlines():
        for file in json.loads(text)["files"] if text.strip() else []:
            if file["file"].startswith("src/"):
                for line in file["lines"]:
                    sources[file["file"]].add(line)
    return sources


class Unreached:
    """The branches that no test can take. In the file: `PATH: COUNT: the line of source`, and below
    it, indented, why."""

    def __init__(self, path):
        self.left = {}
        self.wrong = []
        for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", path.read_text()).strip()):
            match = re.fullmatch(r"(\S+): (\d+): (.+)\n\s+(\S[\s\S]*)", entry)
            if match:
                self.left[match[1], match[3]] = int(match[2])
            elif entry:
                self.wrong.append(f"{path.name}: not an entry with a reason: {entry!r}")

    def excuse(self, path, text):
        """Whether one more branch of that line is listed."""
        if self.left.get((path, text), 0) == 0:
            return False
        self.left[path, text] -= 1
        return True

    def stale(self):
        return [f"{path}: {text}: {n} listed in {UNREACHED.name}, but taken or gone"
                for (path, text), n in self.left.items() if n]


def count(path, source, unreached, missing):
    """The figures of one file; what was not run goes to `missing`."""
    text = (ROOT / path).read_text().splitlines()
    if max(source.lines, default=0) > len(text):
        sys.exit(f"{path}: changed since it was compiled; run make cover again")
    module = Module(re.sub(r"^src/|\.[ch]$", "", path))
    module.lines = len(source.lines)
    module.lines_run = sum(n > 0 for n in source.lines.values())
    module.branches = len(source.branches)
    for number, n in sorted(source.lines.items()):
        if n == 0:
            missing.append((path, number, "line", text[number - 1].strip()))
    for (number, _, _), n in sorted(source.branches.items(), key=lambda item: item[0][0]):
        if n > 0:
            module.branches_run += 1
        elif unreached.excuse(path, text[number - 1].strip()):
            module.branches_run += 1
            module.listed += 1
        else:
            missing.append((path, number, "branch", text[number - 1].strip()))
    return module


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--missing", type=pathlib.Path)
    args = parser.parse_args()

    unreached, missing = Unreached(UNREACHED), []
    modules = {}
    for path, source in sorted(gcov(args.build).items()):
        part = count(path, source, unreached, missing)
        modules.setdefault(part.name, Module(part.name)).add(part)
    for name in EXACT:
        modules.setdefault(name, Module(name))

    print(f"{'module':<24}{'lines':>7}{'run':>9}{'branches':>10}{'taken':>9}{'listed':>8}")
    total = Module("all of src")
    faults = unreached.wrong + unreached.stale()
    for name in sorted(modules):
        module = modules[name]
        total.add(module)
        exact = name in EXACT
        print(module.row() + ("  all branches" if exact else ""))
        if exact and (module.branches_run < module.branches or not module.lines):
            faults.append(f"{name}: not all branches were taken")
            faults += [f"  {path}:{number}: {text}" for path, number, kind, text in missing
                       if kind == "branch" and re.sub(r"^src/|\.[ch]$", "", path) == name]
    print(total.row() + f"  more than {LINES_BAR} % of lines")
    if total.lines_run * 100 <= total.lines * LINES_BAR:
        faults.append(f"all of src: not more than {LINES_BAR} % of the lines were run")
    if args.missing:
        args.missing.write_text("".join(f"{path}:{number}: {kind}: {text}\n"
                                        for path, number, kind, text in sorted(set(missing))))
    for fault in faults:
        print("cover:", fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
