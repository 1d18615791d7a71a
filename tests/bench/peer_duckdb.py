"""The same job in DuckDB: parse, price, sum per day and model (or user), write CSV.

  peer_duckdb.py LOG KIND THREADS OUT
"""

import sys

import duckdb

path, kind, threads, out = sys.argv[1:]

PLAIN = {"timestamp": "TIMESTAMPTZ", "model": "VARCHAR", "input_tokens": "BIGINT",
         "cached_tokens": "BIGINT", "output_tokens": "BIGINT", "batch": "BOOLEAN"}
COLUMNS = {
    "ids": {"timestamp": "TIMESTAMPTZ", "request_id": "VARCHAR", "model": "VARCHAR",
            "project": "VARCHAR", "input_tokens": "BIGINT", "cached_tokens": "BIGINT",
            "output_tokens": "BIGINT", "batch": "BOOLEAN"},
    "groups": {**PLAIN, "user": "VARCHAR"},
    "openai": {
        "start_time": "BIGINT", "end_time": "BIGINT", "start_time_iso": "VARCHAR",
        "end_time_iso": "VARCHAR", "project_id": "VARCHAR", "num_model_requests": "BIGINT",
        "user_id": "VARCHAR", "api_key_id": "VARCHAR", "model": "VARCHAR", "batch": "BOOLEAN",
        "service_tier": "VARCHAR", "input_tokens": "BIGINT", "output_tokens": "BIGINT",
        "cached_tokens": "BIGINT", **{f"rest_{i}": "BIGINT" for i in range(10)}},
}
columns = COLUMNS.get(kind, {**PLAIN, "project": "VARCHAR"})
day = "to_timestamp(start_time)::DATE" if kind == "openai" else "timestamp::DATE"
group = "user" if kind == "groups" else f"{day}, model"
key = "user AS key" if kind == "groups" else f"{day} AS date, model"
compression = {"gzip": "gzip", "zstd": "zstd"}.get(kind, "none")
log = (f"read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '\"', "
       f"compression = '{compression}', columns = {columns!r})")
# One row for each id, as tokbill counts it.
rows = f"SELECT * FROM {log}"
if kind == "ids":
    rest = ", ".join(f"any_value({name}) AS {name}" for name in columns if name != "request_id")
    rows = f"SELECT request_id, {rest} FROM {log} GROUP BY request_id"

db = duckdb.connect()
db.execute(f"SET threads = {threads}")
db.execute("SET TimeZone = 'UTC'")
db.execute("CREATE TABLE prices (name VARCHAR, i DECIMAL(18,9), c DECIMAL(18,9), o DECIMAL(18,9))")
db.execute("""INSERT INTO prices VALUES ('gpt-4o-mini', 0.15, 0.075, 0.60), ('gpt-4o', 2.5, 1.25, 10),
    ('gpt-5', 1.25, 0.125, 10), ('claude-haiku-4-5', 1, 0.1, 5),
    ('gemini-2.5-flash', 0.3, 0.03, 2.5), ('gpt-4.1', 2, 0.5, 8)""")
db.execute(f"""COPY (
    WITH sums AS (
        SELECT {key}, model AS name, batch, count(*) AS requests, sum(input_tokens) AS input_tokens,
            sum(cached_tokens) AS cached_tokens, sum(output_tokens) AS output_tokens
        FROM ({rows})
        GROUP BY {group}, model, batch)
    SELECT {'key' if kind == 'groups' else 'date, name'}, sum(requests) AS requests,
        sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
        sum(output_tokens) AS output_tokens,
        sum(((input_tokens - cached_tokens) * i + cached_tokens * c + output_tokens * o)
            * (CASE WHEN batch THEN 0.5 ELSE 1 END)) / 1000000 AS cost
    FROM sums JOIN prices USING (name) GROUP BY 1{'' if kind == 'groups' else ', 2'} ORDER BY 1
    {'' if kind == 'groups' else ', 2'}
) TO '{out}' (FORMAT csv, HEADER)""")
