#!/usr/bin/env python3
"""Hold tokbill whatif and estimate against exact fractions, on random books, logs and scenarios."""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from math import floor
from pathlib import Path

from civil import day_in_zone, load_zone, parse_moment, period_of
from generate import generate
from oracle import TOKENS_PER_PRICE, UNITS_PER_FEE, charge, csv_line, decimal, defused
from oracle import drop_duplicates
from randombook import BookWriter
from ratebook import FEES, STANDARD, Book, Unpriced, load_rates
from usagelog import Row, read_log

UTC = load_zone("UTC")
COLUMNS = "requests,baseline_cost,scenario_cost,difference,difference_pct,currency".split(",")
SCENARIOS_PER_SEED = 20
ESTIMATES_PER_SEED = 10
COST = 4


@dataclass
class Scenario:
    moves: list[tuple[str, str]] = field(default_factory=list)
    replacements: bool = False
    batch: list[tuple[str | None, Fraction]] = field(default_factory=list)
    hits: list[tuple[str | None, Fraction]] = field(default_factory=list)
    scale: Fraction = Fraction(1)
    rates_b: str | None = None
    as_of: str | None = None
    words: list[str] = field(default_factory=list)

    def share(self, shares, book: Book, model: str) -> Fraction | None:
        """A model's own share comes before that of all models."""
        for pattern, part in shares:
            if pattern is not None and means(book, pattern, model):
                return part
        return next((part for pattern, part in shares if pattern is None), None)


def means(book: Book, pattern: str, model: str) -> bool:
    if any(sign in pattern for sign in "*?["):
        return fnmatchcase(model, pattern)
    return book.model_by_name.get(pattern) == model


def target_of(scenario: Scenario, book: Book, new_book: Book, cards: dict, model: str) -> str:
    for source, goal in scenario.moves:
        if means(book, source, model):
            model = new_book.model_by_name[goal]
            break
    while scenario.replacements and model in cards and has_card(scenario, book, model):
        model = new_book.model_by_name[cards[model]]
    return model


def has_card(scenario: Scenario, book: Book, model: str) -> bool:
    """The replacement stands in the model's last era; another one may be in force."""
    eras = book.eras_by_model[model]
    if not scenario.as_of or len(eras) == 1:
        return True
    return eras[-1].start <= parse_moment(scenario.as_of, UTC).instant


def would_cost(scenario: Scenario, row: Row, was, book: Book, target: str) -> Fraction:
    instant = row.moment.instant
    if scenario.as_of:
        instant = parse_moment(scenario.as_of, UTC).instant
    era = book.era_of(target, instant)
    if era.currency != was.currency:
        raise Unpriced("another currency")
    told = row.context if era.thresholds == was.thresholds else ""
    context = era.context_of(replace(row, context=told))
    units = {meter: Fraction(n) for meter, n in row.units_by_meter().items()}
    hit = scenario.share(scenario.hits, book, target)
    if hit is not None:
        whole = units["input"] + units["cached_read"]
        units["input"], units["cached_read"] = whole * (1 - hit), whole * hit
    batch = scenario.share(scenario.batch, book, target) or Fraction(0)
    tiers = {row.tier: Fraction(1)}
    if row.tier == STANDARD:
        tiers = {STANDARD: 1 - batch, "batch": batch}
    cost = Fraction(0)
    for tier, part in tiers.items():
        for meter, n in units.items():
            if part == 0 or n == 0:
                continue
            if meter in FEES:
                if meter not in era.fees:
                    raise Unpriced(meter)
                cost += part * n * era.fees[meter] / UNITS_PER_FEE
                continue
            price = era.price(meter, tier, context)
            if price is None:
                raise Unpriced(meter)
            cost += part * n * price * era.uplift(row.region) / TOKENS_PER_PRICE
    return cost * scenario.scale


def percent(part: Fraction, whole: Fraction) -> str:
    if whole == 0:
        return ""
    ratio = abs(part / whole) * 10000
    cents = floor(ratio + Fraction(1, 2))
    sign = "-" if cents and part / whole < 0 else ""
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def expected(scenario: Scenario, rows, book, new_book, cards, by) -> str:
    sums: dict[tuple, list] = {}
    for row in rows:
        era = book.era_of(row.model, row.moment.instant)
        baseline = charge(era, row)[COST]
        target = target_of(scenario, book, new_book, cards, era.model)
        try:
            cost = would_cost(scenario, row, era, new_book, target)
        except Unpriced:
            cost = None
        texts = {
            "date": period_of(day_in_zone(row.moment, UTC), "day"),
            "model": era.model,
            "provider": era.provider,
            "tier": row.tier,
        }
        names = tuple(texts.get(name, row.texts.get(name)) for name in by)
        found = sums.setdefault((cost is None, era.currency, names, target), [0, 0, 0])
        found[0] += row.requests
        found[1] += baseline
        found[2] += cost or 0

    def place(entry):
        (unpriced, currency, names, target), (_, baseline, cost) = entry
        size = 0 if unpriced else -abs(cost - baseline)
        return unpriced, currency, size, [name.encode() for name in names], target.encode()

    lines = [csv_line([*map(defused, by), "scenario_model", *COLUMNS])]
    for (unpriced, currency, names, target), found in sorted(sums.items(), key=place):
        requests, baseline, cost = found
        cells = [decimal(Fraction(baseline), None), "", "", ""]
        if not unpriced:
            cells[1:] = [decimal(Fraction(cost), None), decimal(cost - baseline, None)]
            cells.append(percent(cost - baseline, Fraction(baseline)))
        texts = [*map(defused, names), defused(target)]
        lines.append(csv_line([*texts, str(requests), *cells, currency]))
    return "".join(lines)


# ---- random scenarios ----


def part_text(rng: random.Random, limit: int) -> tuple[Fraction, str]:
    part = rng.choice((0, 1, limit, limit // 2, limit // 4, rng.randrange(limit + 1)))
    return Fraction(part, 10000), f"{part // 100}.{part % 100:02d}%"


def shares(rng, option: str, models, words) -> list[tuple[str | None, Fraction]]:
    found = []
    names = rng.sample(models, rng.choice((0, 0, 1, 2)))
    for name in [None, *names] if rng.random() < 0.7 else names:
        part, text = part_text(rng, 10000)
        found.append((name, part))
        words += [option, text if name is None else f"{name}={text}"]
    return found


def moves(rng, book: Book, new_book: Book, words) -> list[tuple[str, str]]:
    """Never in a circle: goals are models from which nothing moves. A model moves once."""
    names = list(book.eras_by_model)
    goal_models = rng.sample(names, min(4, len(names)))
    goals = [n for n, model in new_book.model_by_name.items() if model in goal_models]
    goals += [n for n in new_book.eras_by_model if n not in book.eras_by_model]
    found = []
    for _ in range(rng.choice((0, 1, 2, 3))):
        moved = {book.model_by_name[source] for source, _ in found}
        sources = [n for n, m in book.model_by_name.items() if m not in goal_models and m not in moved]
        sources = [n for n in sources if "=" not in n and not set(n) & set("*?[")]
        if not sources:
            break
        found.append((rng.choice(sources), rng.choice(goals)))
    if rng.random() < 0.25:
        found.append((rng.choice(("*", "g*", "*-[0-9]*", "?*")), rng.choice(goals)))
        goal = found[-1][1]
        # A pattern takes the goals of the others with it, unless they stay where they are.
        found[:-1] = [(source, goal) for source, _ in found[:-1]]
    for source, goal in found:
        words += ["--move", f"{source}={goal}"]
    return [m for m in found if any(means(book, m[0], model) for model in names)] if found else []


def random_scenario(rng, book, new_book, books_b) -> Scenario:
    words: list[str] = []
    s = Scenario(words=words)
    use = [rng.random() < 0.5 for _ in range(6)]
    if use[0]:
        s.moves = moves(rng, book, new_book, words)
        dropped = len(words) // 2 - len(s.moves)
        if dropped:  # a pattern without a model is refused
            words.clear()
            for source, goal in s.moves:
                words += ["--move", f"{source}={goal}"]
    if use[1] and not s.moves:
        s.replacements = True
        words.append("--replacements")
    models = [m for m in new_book.eras_by_model if not set(m) & set("*?[")]
    if use[2]:
        s.batch = shares(rng, "--batch-share", models, words)
    if use[3]:
        s.hits = shares(rng, "--cache-hit", models, words)
    if use[4]:
        s.scale, text = part_text(rng, 30000)
        words += ["--scale", text]
    if books_b:
        s.rates_b = books_b
        words += ["--rates-b", books_b]
    if use[5]:
        s.as_of = rng.choice(("2026-06-01", "2027-05-01", "2026-03-04T05:06:07Z"))
        words += ["--as-of", s.as_of]
    return s


def give_replacements(rng, paths: list[str], book: Book) -> dict[str, str]:
    """Writes `replacement` into the last era of some models; never in a circle."""
    names = list(book.eras_by_model)
    cards = {}
    for i, model in enumerate(names[:-1]):
        if rng.random() < 0.5:
            cards[model] = rng.choice(names[i + 1 :])
    for model, goal in cards.items():
        place = book.eras_by_model[model][-1].place
        path, _, line = place.rpartition(":")
        lines = Path(path).read_bytes().split(b"\n")
        end = b"\r" if lines[int(line) - 1].endswith(b"\r") else b""
        lines[int(line) - 1] += b"\nreplacement = " + goal.encode() + end
        Path(path).write_bytes(b"\n".join(lines))
        book = load_rates(paths)  # lines have moved
    return cards


def write_offer(rng, folder: Path, book: Book) -> str:
    """Another file: it replaces a model, and has one of its own."""
    offer = BookWriter(rng, folder / "offer.ini", rng.choice((None, "USD", "EUR")))
    offer.add_model("offered", 90, undated=True)
    for number, model in enumerate(rng.sample(list(book.eras_by_model), 3), start=91):
        offer.add_model(model, number, undated=True)
    return offer.write()


class Failed(Exception):
    pass


def run(tokbill: str, words: list[str], folder: Path) -> tuple[int, str, str]:
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}
    environment.pop("TOKBILL_RATES", None)
    done = subprocess.run(
        [tokbill, *words], cwd=folder, env=environment, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=300,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def compare_whatif(args, seed: int, folder: Path) -> list[str]:
    rng = random.Random(seed)
    paths, logs = generate(seed, args.rows, folder)
    book = load_rates(paths)
    cards = give_replacements(rng, paths, book)
    book = load_rates(paths)
    offer = write_offer(rng, folder, book)
    offered = load_rates([*paths, offer])
    rows = [row for log in logs for row in read_log(log, UTC)[0]]
    failures = []
    rates = [word for path in paths for word in ("--rates", path)]
    for i in range(SCENARIOS_PER_SEED):
        use_offer = rng.random() < 0.3
        new_book = offered if use_offer else book
        s = random_scenario(rng, book, new_book, offer if use_offer else None)
        by = rng.choice((("model",), ("model",), ("project", "model"), ("tier", "date", "model")))
        kept, _ = drop_duplicates(rows, by)
        threads = str(rng.choice((1, 2, 3)))
        words = ["whatif", "-q", "-f", "csv", "--threads", threads, "--by", ",".join(by)]
        words += [*rates, *s.words, *logs]
        code, out, err = run(args.tokbill, words, folder)
        wanted = expected(s, kept, book, new_book, cards, by)
        has_unpriced = ",,,," in wanted
        if out != wanted or code != (2 if has_unpriced else 0):
            failures.append(f"FAIL seed {seed} scenario {i}: exit {code} {err[-200:]!r}: {words}")
            (folder / f"wanted-{i}.csv").write_text(wanted)
            (folder / f"got-{i}.csv").write_text(out)
    return failures


def compare_estimates(args, seed: int, folder: Path) -> list[str]:
    rng = random.Random(seed + 1000)
    paths = sorted(str(path) for path in folder.glob("book*.ini"))
    book = load_rates(paths)
    rates = [word for path in paths for word in ("--rates", path)]
    failures = []
    for i in range(ESTIMATES_PER_SEED):
        when = rng.choice(("2026-06-01", "2026-12-31T23:59:59Z", "2027-02-03"))
        counts = {"input": rng.randrange(400_000), "output": rng.randrange(9000)}
        counts["cached_read"] = rng.randrange(counts["input"] // 3 + 1)
        counts["cache_write"] = rng.choice((0, rng.randrange(counts["input"] // 3 + 1)))
        counts["cache_write_1h"] = rng.choice((0, rng.randrange(counts["input"] // 3 + 1)))
        counts["reasoning"] = rng.choice((0, rng.randrange(counts["output"] + 1)))
        counts["web_search"] = rng.choice((0, 0, 3))
        tier, times = rng.choice(("standard", "batch", "flex")), rng.choice((1, 50_000, 10**12))
        moment = parse_moment(when, UTC)
        costs = []
        for model in book.eras_by_model:
            row = Row("", moment, model, counts, tier, 1, "", "", "", {})
            try:
                era = book.era_of(model, moment.instant)
                costs.append((era.currency, charge(era, row)[COST] * times, model.encode()))
            except Unpriced:
                pass
        words = ["estimate", "-q", "-f", "csv", "--all", *rates, "--on", when, "--tier", tier]
        for name, count in counts.items():
            option = {"web_search": "web-searches"}.get(name, name.replace("_", "-"))
            words += [f"--{option}", str(count)]
        words += ["--requests", {50_000: "50k", 10**12: "1e12"}.get(times, str(times))]
        code, out, err = run(args.tokbill, words, folder)
        wanted = [(defused(m.decode()), decimal(cost, None), cur) for cur, cost, m in sorted(costs)]
        got = []
        for record in csv.DictReader(out.splitlines()):
            got.append((record["model"], record["cost"], record["currency"]))
        if got != wanted or code != (0 if wanted else 65):
            failures.append(f"FAIL seed {seed} estimate {i}: exit {code} {err[-200:]!r}: {words}")
    return failures


def compare(args, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="tokbill-scenarios-") as name:
        return compare_whatif(args, seed, Path(name)) + compare_estimates(args, seed, Path(name))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokbill", required=True, type=os.path.abspath)
    parser.add_argument("--seeds", default="1-3")
    parser.add_argument("--rows", type=int, default=250)
    args = parser.parse_args(arguments)
    first, _, last = args.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [f for found in pool.map(lambda seed: compare(args, seed), seeds) for f in found]
    print("\n".join(failures), end="\n" if failures else "")
    total = len(seeds) * (SCENARIOS_PER_SEED + ESTIMATES_PER_SEED)
    print(f"{total - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
