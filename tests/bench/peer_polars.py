"""The same sums in Polars: parse, sum per day and model (or user), write CSV.

  peer_polars.py LOG KIND THREADS OUT
"""

import os
import sys

path, kind, threads, out = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # noqa: E402 (reads the variable when it is loaded)

INT = pl.Int64
schema = {"timestamp": pl.String, "model": pl.String, "input_tokens": INT, "cached_tokens": INT,
          "output_tokens": INT, "batch": pl.Boolean,
          "user" if kind == "groups" else "project": pl.String}
keys = ["user"] if kind == "groups" else [pl.col("timestamp").str.slice(0, 10).alias("date"), "model"]
(pl.scan_csv(path, schema=schema)
 .group_by(keys)
 .agg(pl.len().alias("requests"), pl.col("input_tokens").sum(), pl.col("cached_tokens").sum(),
      pl.col("output_tokens").sum())
 .sort(by=["user"] if kind == "groups" else ["date", "model"])
 .collect(engine="streaming")
 .write_csv(out))
