#!/usr/bin/env python3
"""Makes rate files of the public price lists that are installed, for `tokbill rates audit`.

lists.py TOKBILL DIR    writes litellm.json, genai-prices.ini and model-prices.ini into DIR

The lists match models by patterns or have them under their makers, so they are asked for the names
of the book, of that seller. Prices are decimals from beginning to end.
"""

import csv
import datetime
import importlib.util
import io
import json
import pathlib
import shutil
import subprocess
import sys
from decimal import Decimal

# Where the lists have another word for a seller, and what the audit expects before its names.
GENAI = {"amazon": "aws", "moonshot": "moonshotai", "xai": "x-ai"}
LABS = {"amazon": "amazon-bedrock", "moonshot": "moonshotai"}
PREFIX = {
    "alibaba": "dashscope/", "cerebras": "cerebras/", "deepseek": "deepseek/", "fireworks": "fireworks_ai/",
    "google": "gemini/", "groq": "groq/", "meta": "meta/", "minimax": "minimax/", "mistral": "mistral/",
    "moonshot": "moonshot/", "perplexity": "perplexity/", "together": "together_ai/", "xai": "xai/",
    "xiaomi": "xiaomi_mimo/", "zai": "zai/",
}
GENAI_KEYS = {
    "input_mtok": "input", "cache_read_mtok": "cached_read", "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h", "output_mtok": "output", "web_searches_kcount": "web_search",
}
LAB_KEYS = {"input": "input", "cache_read": "cached_read", "cache_write": "cache_write", "output": "output"}


def names_of_the_book(tokbill):
    """(provider, name) of every model and alias, without the seller that some stand behind."""
    text = subprocess.run([tokbill, "rates", "list", "-f", "csv"], capture_output=True, text=True, check=True)
    for row in csv.DictReader(io.StringIO(text.stdout)):
        for name in [row["model"], *row["aliases"].split()]:
            if row["provider"] in ("alibaba", "together"):
                name = name.removeprefix(PREFIX[row["provider"]])
            yield row["provider"], name


def decimal(value):
    return format(Decimal(value).quantize(Decimal("1e-9")).normalize(), "f")


class RateFile:
    def __init__(self):
        self.lines, self.count, self.seen = [], 0, set()

    def add(self, provider, name, eras):
        """`eras` are (start or "", {key: price})."""
        if (provider, name) in self.seen or not eras:
            return
        self.seen.add((provider, name))
        self.count += 1
        for start, prices in eras:
            self.lines.append(f"[m{self.count}{' @ ' + start if start else ''}]")
            self.lines.append(f"aliases = {PREFIX.get(provider, '')}{name}")
            self.lines.append(f"provider = {provider}")
            self.lines.extend(f"{key} = {value}" for key, value in prices.items())

    def write(self, path):
        path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")


def complete_long(prices):
    """Where there are prices of long contexts, every standard meter has one."""
    if any(key.startswith("long_context_") for key in prices):
        for key in LAB_KEYS.values():
            if key in prices:
                prices.setdefault("long_" + key, prices[key])
    return prices


# ---- genai-prices ----

def genai_prices(price, prefix=""):
    found = {}
    for field, key in GENAI_KEYS.items():
        value = getattr(price, field, None)
        if value is None or (prefix and key == "web_search"):
            continue
        if isinstance(value, Decimal):
            found[prefix + key] = decimal(value)
            continue
        found[prefix + key] = decimal(value.base)
        start, step = value.tiers[0].start, decimal(value.tiers[0].price)
        found[prefix + "long_" + key] = step
        if not prefix:
            word, limit = ("over", start) if start % 10 == 0 else ("from", start + 1)
            found[f"long_context_{word}"] = limit
    return found


def start_of(entry):
    constraint = getattr(entry, "constraint", None)
    return None if constraint is None else getattr(constraint, "start_date", False)


def variants_at(model, day):
    found = {}
    for variant in model.price_variants or []:
        (word, tier), *more = variant.when.items()
        start = start_of(variant)
        if more or tier not in ("batch", "flex", "priority") or start is False:
            continue
        start = start or datetime.date.min
        if start <= day and (tier not in found or start >= found[tier][0]):
            found[tier] = start, variant
    prices = {}
    for tier, (_, variant) in found.items():
        prices.update(genai_prices(variant.prices, tier + "_"))
    return prices


def genai_eras(model, today):
    entries = model.prices if isinstance(model.prices, list) else None
    if entries is None:
        entries = [type("Always", (), {"constraint": None, "prices": model.prices})]
    eras = []
    for entry in entries:
        start = start_of(entry)
        if start is False:
            continue  # hours of the day
        prices = complete_long(genai_prices(entry.prices) | variants_at(model, max(start or today, today)))
        if "input" in prices and "output" in prices:
            eras.append((start.isoformat() if start else "", prices))
    return eras


def genai_file(names, today):
    from genai_prices.data import providers  # pylint: disable=import-outside-toplevel

    sellers = {provider.id: provider for provider in providers}
    out = RateFile()
    for provider, name in names:
        seller = sellers.get(GENAI.get(provider, provider))
        model = seller and seller.find_model(name)
        if model:
            out.add(provider, name, genai_eras(model, today))
    return out


# ---- model-prices ----

def lab_prices(rates, prefix=""):
    found = {prefix + key: decimal(rates[field]) for field, key in LAB_KEYS.items() if field in rates}
    if "cache_write" in rates and "cache_write_1h_multiple" in rates:
        found[prefix + "cache_write_1h"] = decimal(rates["input"] * rates["cache_write_1h_multiple"])
    for step in rates.get("tiers", [])[:1]:
        found.update({f"{prefix}long_{key}": decimal(step[field])
                      for field, key in LAB_KEYS.items() if field in step})
        if prefix + "cache_write_1h" in found:
            found[f"{prefix}long_cache_write_1h"] = decimal(step["input"] * rates["cache_write_1h_multiple"])
        if not prefix:
            found["long_context_over"] = step["above"]
    return found


def lab_eras(tiers, today):
    """The era of today: what was before is not compared."""
    now = {}
    for tier, eras in tiers.items():
        held = [era for era in eras if (era["start"] or "") <= today.isoformat() + "T12"]
        if held and held[-1]["rates"]:
            now[tier] = held[-1]["rates"]
    if "standard" not in now:
        return []
    prices = lab_prices(now["standard"])
    for tier in ("batch", "flex"):
        if tier in now:
            prices.update(lab_prices(now[tier], tier + "_"))
    return [("", complete_long(prices))]


def lab_file(names, today):
    path = package("model_prices") / "snapshot.json"
    labs = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["prices"]
    out = RateFile()
    for provider, name in names:
        model = labs.get(LABS.get(provider, provider), {}).get(name)
        if model:
            out.add(provider, name, lab_eras(model, today))
    return out


def package(name):
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


def main(tokbill, directory):
    today = datetime.date(2026, 11, 20)  # of the newest of the lists
    out = pathlib.Path(directory)
    names = list(names_of_the_book(tokbill))
    shutil.copy(package("litellm") / "model_prices_and_context_window_backup.json", out / "litellm.json")
    genai_file(names, today).write(out / "genai-prices.ini")
    lab_file(names, today).write(out / "model-prices.ini")


if __name__ == "__main__":
    main(*sys.argv[1:])
