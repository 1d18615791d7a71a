#!/usr/bin/env python3
"""Checks what `tokbill rates import` made of LiteLLM's list: each price, and that nothing is lost.

imported.py PRICES.json RATES.ini LEFT.csv    compares; prints what is wrong
imported.py --generate SEED                   prints a list of the kind, with odd numbers
"""

import csv
import json
import random
import re
import sys
from decimal import Decimal
from fractions import Fraction

from ratebook import BEGINNING, Unpriced, load_rates

METERS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "reasoning",
    "cache_read_input_token_cost": "cached_read",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "cache_creation_input_token_cost": "cache_write",
}
TIERS = {"": "standard", "_batches": "batch", "_flex": "flex", "_priority": "priority"}
PRICE_KEY = re.compile(
    "(" + "|".join(METERS) + r")(?:_above_(\d+)(k?)_tokens)?(|_batches|_flex|_priority)"
)
UPLIFT = "regional_processing_uplift_multiplier_"
CARD = {
    "litellm_provider", "mode", "source", "max_input_tokens", "deprecation_date",
    "supported_modalities", "supported_output_modalities", "metadata",
}
NOISE = Fraction(1, 10**4)


def per_million(value) -> Fraction:
    return Fraction(value) * 1000000


class Check:
    def __init__(self, models, book, ini, left):
        self.models, self.book, self.ini, self.left = models, book, ini, left
        self.faults = []
        self.prices = 0

    def fault(self, text):
        self.faults.append(text)

    def is_left(self, model, key):
        return (model, key) in self.left

    def check_price(self, model, key, value, era, cell):
        if not isinstance(value, Decimal) or value < 0:
            if not self.is_left(model, key):
                self.fault(f"{model}: {key} is no price, and not listed")
            return
        expected, found = per_million(value), era.prices.get(cell)
        self.prices += 1
        if found is None:
            if not self.is_left(model, key):
                self.fault(f"{model}: {key} is neither carried over nor listed")
        elif found != expected:
            mended = f"is the likely value of {self.texts[model, key][:60]} per token"
            if mended not in self.ini or abs(found - expected) > NOISE * expected:
                self.fault(f"{model}: {key}: {found} instead of {expected}")

    def check_uplift(self, model, key, value, era):
        region = key.removeprefix(UPLIFT)
        if era.uplift(region) != Fraction(value) and not self.is_left(model, key):
            self.fault(f"{model}: {key}: {era.uplift(region)} instead of {value}")

    def check_uplifts(self, model, value, era):
        """{"us": 1.1, "fast": 6}: what has two letters is a region."""
        for name, factor in value.items():
            if len(name) == 2:
                self.check_uplift(model, UPLIFT + name, factor, era)
            elif not self.is_left(model, f"provider_specific_entry.{name}"):
                self.fault(f"{model}: {name} of provider_specific_entry is not listed")

    def check_search(self, model, key, value, era):
        """A fee for each search, where it is the same for all of them."""
        prices = {Fraction(price) * 1000 for price in value.values()}
        if len(prices) == 1 and era.fees.get("web_search") != prices.pop():
            self.fault(f"{model}: web_search {era.fees.get('web_search')}")
        elif len(prices) > 1 and not self.is_left(model, key):
            self.fault(f"{model}: {key} is not listed")

    def check_invented(self, model, keys, era):
        """A price that the list has not can only be that of long contexts, and says so."""
        given = {self.cell(key) for key in keys if PRICE_KEY.fullmatch(key)}
        for cell, price in era.prices.items():
            tier, context, meter = cell
            if cell in given:
                continue
            base = era.prices.get(("standard", "base", meter))
            if (tier, context) != ("standard", "long") or price != base:
                self.fault(f"{model}: {cell} = {price} is in no key")
            if f"derived: long_{meter} is {meter}" not in self.ini:
                self.fault(f"{model}: long_{meter} is derived and does not say so")

    @staticmethod
    def cell(key):
        name, threshold, _, suffix = PRICE_KEY.fullmatch(key).groups()
        return TIERS[suffix], "long" if threshold else "base", METERS[name]

    def check_threshold(self, model, keys, era):
        limits = {
            int(m[2]) * (1000 if m[3] else 1)
            for m in map(PRICE_KEY.fullmatch, keys) if m and m[2] and not self.is_left(model, m[0])
        }
        inclusive = keys.get("litellm_provider") == "xai"
        if limits and era.thresholds != {"from" if inclusive else "over": limits.pop()}:
            self.fault(f"{model}: threshold {era.thresholds}")

    def check_model(self, model, keys):
        try:
            era = self.book.era_of(model, BEGINNING)
        except Unpriced:
            if not self.is_left(model, ""):
                self.fault(f"{model}: neither carried over nor listed")
            return
        for key, value in keys.items():
            if value is None or key.startswith("supports_") or key in CARD:
                continue
            if PRICE_KEY.fullmatch(key):
                self.check_price(model, key, value, era, self.cell(key))
            elif key.startswith(UPLIFT):
                self.check_uplift(model, key, value, era)
            elif key == "provider_specific_entry":
                self.check_uplifts(model, value, era)
            elif key == "search_context_cost_per_query":
                self.check_search(model, key, value, era)
            elif not self.is_left(model, key):
                self.fault(f"{model}: {key} is not listed")
        self.check_invented(model, keys, era)
        self.check_threshold(model, keys, era)

    def run(self, texts):
        self.texts = texts
        for model, keys in self.models.items():
            if isinstance(keys, dict):
                self.check_model(model, keys)
            elif not self.is_left(model, ""):
                self.fault(f"{model}: not listed")


class Number(Decimal):
    """A number that knows how it was written."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def compare(prices, rates, left):
    with open(prices, encoding="utf-8") as file:
        models = json.load(file, parse_float=Number, parse_int=Number)
    with open(rates, encoding="utf-8") as file:
        ini = file.read()
    with open(left, encoding="utf-8", newline="") as file:
        listed = {(row["model"].removeprefix("'"), row["key"]) for row in csv.DictReader(file)}
    texts = {
        (model, key): value.text
        for model, keys in models.items() if isinstance(keys, dict)
        for key, value in keys.items() if isinstance(value, Number)
    }
    check = Check(models, load_rates([rates]), ini, listed)
    check.run(texts)
    for fault in check.faults[:20]:
        print(fault)
    print(f"{check.prices} prices of {len(models)} models compared, {len(check.faults)} faults")
    return not check.faults and check.prices > 0


def number(rng):
    """A price per token in one of the ways in which programs write them."""
    price = Decimal(rng.randrange(0, 10**rng.randrange(1, 6))) / 10 ** rng.randrange(0, 5)
    token = price / 1000000
    return rng.choice((
        lambda: repr(float(token)), lambda: repr(float(price) / 1e6), lambda: f"{token:.15f}",
        lambda: repr(float(token) * 1.1), lambda: f"{token:E}", lambda: f"{price}e-6",
        lambda: repr(float(token) * 3),
    ))()


def generate(seed):
    rng = random.Random(seed)
    keys = [
        name + threshold + suffix
        for name in METERS for threshold in ("", "_above_200k_tokens") for suffix in TIERS
    ]
    models = []
    for i in range(300):
        chosen = ["input_cost_per_token", "output_cost_per_token"] + rng.sample(keys, 8)
        if i % 3:
            chosen = [key for key in chosen if "_above_200k" not in key]
        lines = [f'"{key}": {number(rng)}' for key in dict.fromkeys(chosen)]
        lines.append(rng.choice(('"mode": "chat"', '"max_tokens": 5', '"input_cost_per_image": 1')))
        models.append(f'"model-{i}": {{{", ".join(lines)}}}')
    print("{" + ",\n".join(models) + "}")


if __name__ == "__main__":
    if sys.argv[1] == "--generate":
        generate(int(sys.argv[2]))
    else:
        sys.exit(not compare(*sys.argv[1:4]))
