#!/usr/bin/env bats
# What is written for people to read elsewhere: Markdown.

load helpers

MONTH=fixtures/month/usage-2026-08.csv

# Texts that would be markup, a link or a formula if they were not kept texts.
hostile_log() {
	unit_rates
	cat >log.csv <<-'END'
		timestamp,model,who,input_tokens,output_tokens
		2026-04-01,m,"a|b*c_ _d_ user_name",1,0
		2026-04-01,m,"<script>alert(1)</script><img src=x onerror=alert(1)>",2,0
		2026-04-01,m,"[l](javascript:alert(1)) `q` ~s~ $x$ \ & &amp; \| \\",3,0
		2026-04-01,m,"https://evil.example/ www.evil.example 'a' ""b""",4,0
		2026-04-01,m,"=1+1",5,0
		2026-04-01,m,"日本 é",6,0
	END
}

# Reads the first table of a Markdown page back into rows of plain texts, as CSV.
table_of() { # PAGE
	python3 - "$1" <<-'END'
		import csv, re, sys
		out = csv.writer(sys.stdout, lineterminator="\n")
		for line in open(sys.argv[1], encoding="utf-8"):
		    if not line.startswith("|"):
		        continue
		    cells = re.findall(r"\|((?:\\.|[^|\\])*)(?=\|)", line.rstrip("\n"))
		    if all(re.fullmatch(r" ---:? ", c) for c in cells):
		        continue
		    plain = [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"(?<!\\)\*\*", "", c.strip())) for c in cells]
		    out.writerow(plain)
	END
}

@test "markdown: every cell of the month is the CSV's, rounded to cents" {
	bill 0 report -q --month 2026-08 --by date,model -o month.md "$ROOT/$MONTH"
	bill 0 report -q --month 2026-08 --by date,model -o month.csv "$ROOT/$MONTH"
	table_of month.md >table.csv
	python3 - <<-'END'
		import csv
		from decimal import Decimal as D, ROUND_HALF_UP

		exact = list(csv.DictReader(open("month.csv")))
		table = list(csv.reader(open("table.csv")))
		heading, rows = table[0], table[1:]
		assert heading[:2] == ["date", "model"] and heading[-2:] == ["cost", "currency"], heading
		assert len(rows) == len(exact) + 1 and len(exact) > 100
		sums = {}
		for text, row in zip(rows, exact):
		    for cell, (name, value) in zip(text, row.items()):
		        if name in ("date", "model", "currency"):
		            shown = value
		        elif name == "requests" or name.endswith("_tokens"):
		            shown = f"{int(value):,}"
		            sums[name] = sums.get(name, 0) + int(value)
		        else:
		            cents = D(value).quantize(D("0.01"), ROUND_HALF_UP)
		            tiny = "<0.01" if D(value) > 0 else ">-0.01"
		            shown = tiny if D(value) and not cents else str(cents)
		            sums[name] = sums.get(name, 0) + D(value)
		        assert cell == shown, (name, cell, shown)
		total = rows[-1]
		assert total[:2] == ["TOTAL", ""]
		for cell, name in zip(total[2:], list(exact[0])[2:-1]):
		    value = sums[name]
		    shown = f"{value:,}" if isinstance(value, int) else str(value.quantize(D("0.01"), ROUND_HALF_UP))
		    assert cell == shown, (name, cell, shown)
	END
	out_of_page=$(tail -n 1 month.md)
	# shellcheck disable=SC2016 # the backticks are Markdown's
	[ "$out_of_page" = 'Amounts are rounded to cents here; `-f csv` has them exactly.' ]
}

@test "markdown: texts of others stay texts" {
	hostile_log
	bill 0 report -q --rates rates.ini --by who -f markdown log.csv
	table_of "$OUT" | python3 -c '
import csv, sys
shown = [row[0] for row in csv.reader(sys.stdin)][1:-1]
texts = sorted(row["who"] for row in csv.DictReader(open("log.csv", encoding="utf-8")))
assert shown == texts, (shown, texts)'
	# Nothing that begins a tag, a link or an entity is left as it is.
	run ! grep -E '(^|[^\\])(<[a-z/]|\[l\]|&amp;|`q|https?://|www\.)' "$OUT"
}

@test "markdown: a comparison, a list, a card and nothing at all" {
	unit_rates
	log 2026-04-01,m,10,0
	bill 0 whatif -q --rates rates.ini --scale 50% -f markdown log.csv
	out <<-'END'
		| model | would be | requests | baseline | scenario | difference | % | currency |
		| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
		| m | m | 1 | 10.00 | 5.00 | -5.00 | -50.00 | USD |
		| **TOTAL** |  | **1** | **10.00** | **5.00** | **-5.00** | **-50.00** | **USD** |

		Amounts are rounded to cents here; `-f csv` has them exactly.
	END
	bill 0 rates list -f markdown rates.ini
	out <<-'END'
		| model | input | output | currency |
		| --- | ---: | ---: | --- |
		| m | 1000000.00 | 2000000.00 | USD |
	END
	bill 0 rates show m -f markdown rates.ini
	out <<-'END'
		# m

		m

		## Pricing (USD per 1,000,000 tokens)

		| model | from | until | tier | context | meter | price | derived | currency |
		| --- | --- | --- | --- | --- | --- | ---: | --- | --- |
		| m |  |  | standard | base | input | 1000000.00 | no | USD |
		| m |  |  | standard | base | output | 2000000.00 | no | USD |

		## Price history

		- \> from the beginning
		  input 1000000.00, output 2000000.00

		(standard prices; \> is in force)
	END
	log
	bill 0 report -q --rates rates.ini -f markdown log.csv
	echo 'No usage to bill.' | out
}
