#!/usr/bin/env python3
"""Write a random rate book and random logs; the same seed gives the same bytes.

Seed 0 writes logs for the built-in rates.
"""

import argparse
import random
import sys
from pathlib import Path

from oracle import built_in_rates
from randombook import write_books
from randomlogs import write_logs
from ratebook import load_rates

BUILT_IN_SEED = 0


def generate(seed: int, rows: int, folder: Path) -> tuple[list[str], list[str]]:
    """Returns the paths of the rate files, none where the built-in ones serve, and of the logs."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    books = []
    if seed != BUILT_IN_SEED:
        books = write_books(rng, folder, two_files=seed % 2 == 0)
    logs = write_logs(rng, folder, load_rates(books or built_in_rates()), rows)
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
