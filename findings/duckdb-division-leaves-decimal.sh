#!/bin/bash
# DuckDB 1.5.6 (PyPI): tokens x price is an exact DECIMAL, but "per 1,000,000 tokens" written as / 1000000 makes
# it a DOUBLE, and the bill of ten million rows is off in the last digits. The sum of 0..9999999 tokens at 0.0375
# per million is 1874999.8125 exactly. Seen, on one thread:
#   DECIMAL(24,4) tokens x price
#   DOUBLE        tokens x price / 1000000
#   exact 1874999.8125, summed after the division exact: False, summed before it exact: True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet duckdb==1.5.6
cat >run.py <<'PY'
from decimal import Decimal

import duckdb

db = duckdb.connect(config={"threads": 1})
rows = "range(10000000) t(input_tokens)"
types = db.sql("SELECT typeof(1::BIGINT * 0.0375), typeof(1::BIGINT * 0.0375 / 1000000)").fetchone()
print(f"{types[0]:13} tokens x price")
print(f"{types[1]:13} tokens x price / 1000000")
exact = Decimal(sum(range(10000000))) * Decimal("0.0375") / 1000000
after = db.sql(f"SELECT sum(input_tokens * 0.0375 / 1000000) FROM {rows}").fetchone()[0]
before = db.sql(f"SELECT sum(input_tokens * 0.0375) FROM {rows}").fetchone()[0]
print(f"exact {exact.normalize():f}, summed after the division exact: {Decimal(after) == exact}, "
      f"summed before it exact: {before / 1000000 == exact}")
PY
venv/bin/python run.py | tee seen
diff seen - <<'SEEN'
DECIMAL(24,4) tokens x price
DOUBLE        tokens x price / 1000000
exact 1874999.8125, summed after the division exact: False, summed before it exact: True
SEEN
