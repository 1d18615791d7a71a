#!/bin/bash
# DuckDB 1.5.6 (PyPI): request ids that happen to be digits around one "e" are read as numbers, so ids that
# differ become one. Six ids of a usage log (1e5, 10e4, 100e3, 7e2, 70e1, 12e1) are typed DOUBLE by read_csv,
# and count(DISTINCT request_id), or a GROUP BY that drops repeated ids, finds three requests: half the usage is
# lost without a word. With all_varchar = true it finds six. Seen:
#   sniffed: DOUBLE, 6 rows, 3 ids, 300 tokens after dropping repeated ids
#   as text: VARCHAR, 6 rows, 6 ids, 600 tokens after dropping repeated ids
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet duckdb==1.5.6
printf 'request_id,input_tokens\n' >usage.csv
printf '%s,100\n' 1e5 10e4 100e3 7e2 70e1 12e1 >>usage.csv
cat >run.py <<'PY'
import duckdb

QUERY = """
SELECT any_value(typeof(request_id)), count(*), count(DISTINCT request_id),
       (SELECT sum(t) FROM (SELECT any_value(input_tokens::BIGINT) t FROM {log} GROUP BY request_id))
FROM {log}
"""
for name, log in [("sniffed", "read_csv('usage.csv')"), ("as text", "read_csv('usage.csv', all_varchar = true)")]:
    kind, rows, ids, tokens = duckdb.sql(QUERY.format(log=log)).fetchone()
    print(f"{name}: {kind}, {rows} rows, {ids} ids, {tokens} tokens after dropping repeated ids")
PY
venv/bin/python run.py | tee seen
diff seen - <<'SEEN'
sniffed: DOUBLE, 6 rows, 3 ids, 300 tokens after dropping repeated ids
as text: VARCHAR, 6 rows, 6 ids, 600 tokens after dropping repeated ids
SEEN
