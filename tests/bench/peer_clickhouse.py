"""The same job in ClickHouse (chdb, its engine as a library): parse, price, sum, write CSV.

  peer_clickhouse.py LOG KIND THREADS OUT
"""

import sys

import chdb

path, kind, threads, out = sys.argv[1:]

PLAIN = ("timestamp DateTime, model String, input_tokens UInt64, cached_tokens UInt64, "
         "output_tokens UInt64, batch String, ")
columns = {
    "groups": PLAIN + "user String",
    "openai": "start_time UInt64, end_time UInt64, start_time_iso String, end_time_iso String, "
              "project_id String, num_model_requests UInt64, user_id String, api_key_id String, "
              "model String, batch String, service_tier String, input_tokens UInt64, "
              "output_tokens UInt64, cached_tokens UInt64, "
              + ", ".join(f"rest_{i} UInt64" for i in range(10)),
}.get(kind, PLAIN + "project String")
key = {"groups": "user", "openai": "toDate(start_time)"}.get(kind, "toDate(timestamp)")
by = "key" if kind == "groups" else "key, name"
prices = ", ".join(f"('{name}', {i}, {c}, {o})" for name, i, c, o in (
    ("gpt-4o-mini", "0.15", "0.075", "0.60"), ("gpt-4o", "2.5", "1.25", "10"),
    ("gpt-5", "1.25", "0.125", "10"), ("claude-haiku-4-5", "1", "0.1", "5"),
    ("gemini-2.5-flash", "0.3", "0.03", "2.5"), ("gpt-4.1", "2", "0.5", "8")))
chdb.query(f"""
    WITH sums AS (
        SELECT {key} AS key, model AS name, batch, count() AS requests,
            sum(input_tokens) AS i, sum(cached_tokens) AS c, sum(output_tokens) AS o
        FROM file('{path}', 'CSVWithNames', '{columns}') GROUP BY key, name, batch),
    prices AS (SELECT * FROM values('name String, pi Decimal(38, 9), pc Decimal(38, 9),
        po Decimal(38, 9)', {prices}))
    SELECT {by}, sum(requests) AS requests, sum(i) AS input_tokens, sum(c) AS cached_tokens,
        sum(o) AS output_tokens,
        sum(((i - c) * pi + c * pc + o * po) / if(lower(batch) = 'true', 2, 1)) / 1000000 AS cost
    FROM sums JOIN prices USING (name) GROUP BY {by} ORDER BY {by}
    INTO OUTFILE '{out}' TRUNCATE FORMAT CSVWithNames
    SETTINGS max_threads = {threads}, date_time_input_format = 'best_effort',
        input_format_with_names_use_header = 0""")
