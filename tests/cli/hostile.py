#!/usr/bin/env python3
"""Whether an output can be shown, or opened in a spreadsheet, without harm.

    hostile.py shown FILE     nothing in it that a terminal obeys or a reader cannot see
    hostile.py sheet FILE     CSV: no text that a spreadsheet would run as a formula
    hostile.py json FILE      well-formed JSON
"""

import csv
import json
import re
import sys
import unicodedata

FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?%?")


def shown(data):
    text = data.decode("utf-8")  # broken bytes are to be shown as \xff
    for line, row in enumerate(text.split("\n"), 1):
        for c in row:
            if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
                yield f"line {line}: U+{ord(c):04X} in {row!r}"


def sheet(data):
    for line, row in enumerate(csv.reader(data.decode("utf-8").splitlines(keepends=True)), 1):
        for cell in row:
            if cell and cell[0] in FORMULA and not NUMBER.fullmatch(cell):
                yield f"row {line}: {cell!r}"


def whole(data):
    try:
        json.loads(data)
    except ValueError as e:
        yield str(e)


def main():
    kind, path = sys.argv[1:]
    with open(path, "rb") as f:
        faults = list({"shown": shown, "sheet": sheet, "json": whole}[kind](f.read()))
    for fault in faults[:5]:
        print(f"{path}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
