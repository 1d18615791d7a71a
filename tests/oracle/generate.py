#!/usr/bin/env python3
"""Write a random rate book and random logs; the same seed gives the same bytes."""

import argparse
import random
import sys
from pathlib import Path

from randombook import write_books
from randomlogs import write_logs
from ratebook import load_rates


def generate(seed: int, rows: int, folder: Path) -> tuple[list[str], list[str]]:
    """Returns the paths of the rate files and of the partial logs."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    books = write_books(rng, folder, two_files=seed % 2 == 0)
    logs = write_logs(rng, folder, load_rates(books), rows)
    return books, logs


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    args = parser.parse_args(arguments)
    generate(args.seed, args.rows, args.dir)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
