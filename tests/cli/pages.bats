#!/usr/bin/env bats
# What is written for people to read elsewhere: Markdown and pages.

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

# Holds table.csv, read back from a page, against month.csv: the same cells, rounded to cents.
same_month() {
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
}

@test "markdown: every cell of the month is the CSV's, rounded to cents" {
	bill 0 report -q --month 2026-08 --by date,model -o month.md "$ROOT/$MONTH"
	bill 0 report -q --month 2026-08 --by date,model -o month.csv "$ROOT/$MONTH"
	table_of month.md >table.csv
	same_month
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

# What a browser reads of a page: check that it is well formed and loads nothing, its table as CSV,
# its other texts by element and class as lines "tag.class: text".
read_page() { # PAGE TABLE TEXTS
	python3 - "$@" <<-'END'
		import base64, csv, hashlib, re, sys
		from html.parser import HTMLParser

		VOID = {"meta"}

		class Page(HTMLParser):
		    def __init__(self):
		        super().__init__()
		        self.open, self.texts, self.rows, self.script, self.policy = [], [], [], "", ""
		    def handle_starttag(self, tag, attrs):
		        attrs = dict(attrs)
		        for name, value in attrs.items():
		            assert name not in ("src", "href", "style", "action") and not name.startswith("on"), (tag, name)
		        if attrs.get("http-equiv") == "Content-Security-Policy":
		            self.policy = attrs["content"]
		        if tag in VOID:
		            return
		        self.open.append((tag, attrs.get("class") or ""))
		        if tag == "tr":
		            self.rows.append([])
		        if tag in ("td", "th"):
		            self.rows[-1].append("")
		    def handle_startendtag(self, tag, attrs):
		        assert tag in ("rect", "line"), tag
		    def handle_endtag(self, tag):
		        assert self.open.pop()[0] == tag, (tag, self.open)
		    def handle_data(self, data):
		        tag, name = self.open[-1] if self.open else ("", "")
		        if tag == "script":
		            self.script += data
		        elif tag in ("td", "th"):
		            self.rows[-1][-1] += data
		        elif tag != "style" and data.strip():
		            self.texts.append(f"{tag}.{name}: {data.strip()}")

		text = open(sys.argv[1], encoding="utf-8").read()
		page = Page()
		page.feed(text)
		page.close()
		assert not page.open, page.open
		digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
		assert page.policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'", page.policy
		assert not re.search(r"url\(|@import", text)
		csv.writer(open(sys.argv[2], "w", encoding="utf-8"), lineterminator="\n").writerows(page.rows)
		open(sys.argv[3], "w", encoding="utf-8").write("".join(t + "\n" for t in page.texts))
	END
}

@test "html: a page that stands alone, whose cells are the CSV's, rounded to cents" {
	bill 0 report -q --month 2026-08 --by date,model -o month.html "$ROOT/$MONTH"
	bill 0 report -q --month 2026-08 --by date,model -o month.csv "$ROOT/$MONTH"
	read_page month.html table.csv texts
	same_month
	grep -qxF 'h1.: Usage and cost' texts
	grep -qF 'Amounts are rounded to cents here;' texts
	bill 0 report -q --month 2026-08 --by date,model -f html "$ROOT/$MONTH"
	cmp "$OUT" month.html
}

@test "html: what the chart says in words is the CSV's sums, computed with fractions" {
	bill 0 report -q --month 2026-08 --by date,model -o month.html "$ROOT/$MONTH"
	bill 0 report -q --month 2026-08 --by date,model -o month.csv "$ROOT/$MONTH"
	read_page month.html table.csv texts
	python3 - <<-'END'
		import csv
		from collections import defaultdict
		from decimal import Decimal as D, ROUND_HALF_UP

		def cents(x):
		    return str(x.quantize(D("0.01"), ROUND_HALF_UP))

		models, days, cells = defaultdict(D), defaultdict(D), {}
		for row in csv.DictReader(open("month.csv")):
		    models[row["model"]] += D(row["cost"])
		    days[row["date"]] += D(row["cost"])
		    cells[row["date"], row["model"]] = D(row["cost"])
		total = sum(models.values())
		ranked = sorted(models, key=lambda m: -models[m])
		parts = [(m, models[m]) for m in ranked[:7]] + [("all others", sum(models[m] for m in ranked[7:]))]
		texts = open("texts").read().splitlines()
		legend = [t[5:] for t in texts if t.startswith("li.: ")]
		assert legend == [f"{m}: {cents(c)} USD, {cents(c * 100 / total)} %" for m, c in parts], legend
		most = max(days, key=lambda d: days[d])
		assert f"figcaption.: : most at {most} with {cents(days[most])} USD." in texts
		# Each rectangle tells its amount.
		hints = [t[8:] for t in texts if t.startswith("title.: 2026")]
		assert len(hints) > 200
		for hint in hints:
		    names, amount = hint.rsplit(": ", 1)
		    day, model = names.split(", ")
		    c = cells[day, model] if model != "all others" else sum(cells.get((day, m), D(0)) for m in ranked[7:])
		    assert amount == (cents(c) if c >= D("0.005") else "<0.01") + " USD", (hint, c)
	END
}

@test "html: texts of others stay texts" {
	hostile_log
	bill 0 report -q --rates rates.ini --by who -o page.html log.csv
	read_page page.html table.csv texts
	python3 -c '
import csv
shown = [row[0] for row in csv.reader(open("table.csv", encoding="utf-8"))][1:-1]
texts = sorted(row["who"] for row in csv.DictReader(open("log.csv", encoding="utf-8")))
assert shown == texts, (shown, texts)'
	printf 'timestamp,model,who,input_tokens,output_tokens\n2026-04-01,m,"a\033[2J\342\200\256b",1,0\n' >log.csv
	bill 0 report -q --rates rates.ini --by who -o page.html log.csv
	read_page page.html table.csv texts
	grep -qF 'a\x1b[2J\u202eb' table.csv
}

@test "html: a comparison, a sweep, a list, a card and nothing at all" {
	unit_rates
	log 2026-04-01,m,10,0
	bill 0 whatif -q --rates rates.ini --scale 50% -o page.html log.csv
	read_page page.html table.csv texts
	sed -n 2p table.csv | diff - <(echo m,m,1,10.00,5.00,-5.00,-50.00,,USD)
	grep -qF '<rect class=less x=0 y=1 width=60 height=8 />' page.html
	bill 0 whatif -q --rates rates.ini --sweep scale=0..100%/4 -o page.html log.csv
	read_page page.html table.csv texts
	grep -c '<rect class=s0 x=' page.html | grep -qx 9
	bill 0 rates list -o page.html rates.ini
	read_page page.html table.csv texts
	printf '%s\n' model,input,output,currency m,1000000.00,2000000.00,USD | diff - table.csv
	bill 0 rates show m -o page.html rates.ini
	read_page page.html table.csv texts
	sed -n 2p table.csv | diff - <(echo m,,,standard,base,input,1000000.00,no,USD)
	grep -qxF 'h2.: Price history' texts
	log
	bill 0 report -q --rates rates.ini -o page.html log.csv
	read_page page.html table.csv texts
	grep -qxF 'p.: No usage to bill.' texts
}

@test "html: a chart for each currency, days without usage are gaps, and too many names are no chart" {
	cat >rates.ini <<-'END'
		[m]
		input = 1000000
		output = 1
		[e]
		currency = EUR
		input = 1000000
		output = 1
	END
	log 2026-04-01,m,1,0 2026-04-04,m,3,0 2026-04-01,e,2,0
	bill 0 report -q --rates rates.ini -o page.html log.csv
	read_page page.html table.csv texts
	grep -qF 'most at 2026-04-04 with 3.00 USD.' texts
	grep -qF 'most at 2026-04-01 with 2.00 EUR.' texts
	# Of four places of 177.5 units from 80 on the last one begins at 612.5, and a gap of an eighth after.
	grep -qF '<rect class=s0 x=634.6' page.html
	{ echo "$SHORT,who" && seq -f '2026-04-01,m,1,0,u%.0f' 20001; } >log.csv
	bill 0 report -q --rates rates.ini --by who -o page.html log.csv
	run ! grep -q '<figure>' page.html
}
