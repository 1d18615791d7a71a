#!/usr/bin/env bats
# tokbill report --detail: each price that was used; and what the run warns of (--strict).

load helpers

terms() {
	cat >rates.ini <<-'END'
	[m]
	input = 2
	cached_read = 0.5
	output = 10
	batch_discount = 50%
	peak_hours = Mon-Fri 09:00-12:00,14:00-18:00 Asia/Shanghai
	peak_multiplier = 2
	uplift_us = 10%
	web_search = 10
	source = https://example.com/prices
	verified = 2026-08-01
	[m @ 2026-09-01]
	input = 3
	output = 15
	END
	cat >log.csv <<-'END'
	timestamp,model,input_tokens,cached_read_tokens,output_tokens,batch,region,web_searches,requests
	2026-08-17T01:30:00Z,m,1000000,400000,200000,false,us,3,2
	2026-08-17T05:30:00Z,m,1000000,0,200000,true,eu,0,1
	2026-09-01T05:30:00Z,m,100,0,0,,,0,4
	END
}

# In peak hours input is 4.00 and output 20.00; with the region's tenth 4.40, 1.10 and 22.00.
@test "a row for each meter, tier and price, and where the price is from" {
	terms
	bill 0 report --rates rates.ini --detail -f csv log.csv
	{
		echo "$HEADER,meter,rate_tier,rate_context,rate_region,quantity,unit,price_per_1m,peak_surcharge,region_surcharge,fees,rate_section,rate_effective_from,rate_file,rate_source,rate_verified,rate_confidence"
		cat <<-'END'
		2026-08-17,m,2,600000,0,0,0,0,2.64,0.00,0.00,0.00,2.64,USD,input,standard,peak,us,600000,tokens,4.40,1.20,0.24,0.00,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-08-17,m,0,400000,400000,0,0,0,1.76,1.32,0.00,0.00,0.44,USD,cached_read,standard,peak,us,400000,tokens,1.10,0.20,0.04,0.00,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-08-17,m,0,0,0,0,200000,0,4.40,0.00,0.00,0.00,4.40,USD,output,standard,peak,us,200000,tokens,22.00,2.00,0.40,0.00,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-08-17,m,0,0,0,0,0,0,0.03,0.00,0.00,0.00,0.03,USD,web_search,standard,peak,,3,searches,10000.00,0.00,0.00,0.03,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-08-17,m,1,1000000,0,0,0,1000000,2.00,0.00,1.00,0.00,1.00,USD,input,batch,base,,1000000,tokens,1.00,0.00,0.00,0.00,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-08-17,m,0,0,0,0,200000,200000,2.00,0.00,1.00,0.00,1.00,USD,output,batch,base,,200000,tokens,5.00,0.00,0.00,0.00,m,,rates.ini,https://example.com/prices,2026-08-01,
		2026-09-01,m,4,100,0,0,0,0,0.0003,0.00,0.00,0.00,0.0003,USD,input,standard,base,,100,tokens,3.00,0.00,0.00,0.00,m @ 2026-09-01,2026-09-01T00:00:00Z,rates.ini,https://example.com/prices,2026-08-01,
		END
	} | out
}

@test "without --detail the same amounts in the frozen columns" {
	terms
	bill 0 report --rates rates.ini log.csv
	out <<-END
	$HEADER
	2026-08-17,m,3,2000000,400000,0,400000,1200000,12.83,1.32,2.00,0.00,9.51,USD
	2026-09-01,m,4,100,0,0,0,0,0.0003,0.00,0.00,0.00,0.0003,USD
	END
}

# Every column that counts, summed over all rows of the month, exactly.
sums() { # FILE
	python3 - "$1" <<-'END'
	import csv, sys
	from fractions import Fraction
	rows = list(csv.DictReader(open(sys.argv[1])))
	names = list(rows[0])[2:13]
	print(*(sum(Fraction(row[name]) for row in rows) for name in names))
	for row in rows:
	    if "price_per_1m" in row:
	        priced = int(row["quantity"]) * Fraction(row["price_per_1m"]) / 1000000
	        assert priced == Fraction(row["cost"]), row
	END
}

@test "the month's details add up to its report, and each row is its quantity times its price" {
	bill 0 report --detail -o detail.csv "$ROOT/fixtures/month/usage-2026-08.csv"
	bill 0 report -o plain.csv "$ROOT/fixtures/month/usage-2026-08.csv"
	diff <(sums detail.csv) <(sums plain.csv)
}

@test "details in JSON, and totals that leave out what does not add up" {
	terms
	bill 0 report --rates rates.ini --detail -f json log.csv
	python3 - "$OUT" <<-'END'
	import json, sys
	report = json.load(open(sys.argv[1]))
	first, total = report["rows"][0], report["totals"][0]
	assert first["price_per_1m"] == "4.40" and first["rate_section"] == "m", first
	assert total["peak_surcharge"] == "3.40" and total["fees"] == "0.03", total
	assert "price_per_1m" not in total and "quantity" not in total, total
	END
}

@test "--round rounds surcharges and never a price" {
	terms
	bill 0 report --rates rates.ini --detail --round 0 -f csv log.csv
	has_text "$OUT" ",1.00,USD,input,batch,base,,1000000,tokens,1.00,0.00,0.00,0.00,"
	has_text "$OUT" ",0.00,USD,cached_read,standard,peak,us,400000,tokens,1.10,0.00,0.00,0.00,"
}

@test "a group cannot be named like a column of the details" {
	terms
	bill 64 report --rates rates.ini --by fees log.csv
	has_text "$ERR" "--by: 'fees': the report has a column of that name itself"
}

@test "--detail and --compare exclude each other, and --tolerance needs --compare" {
	terms
	bill 64 report --rates rates.ini --detail --compare log.csv
	has_text "$ERR" "--compare and --detail exclude each other"
	bill 64 report --rates rates.ini --tolerance 1 log.csv
	has_text "$ERR" "--tolerance needs --compare"
	bill 64 report --rates rates.ini --compare --tolerance 1,5 log.csv
	has_text "$ERR" "--tolerance: '1,5': neither an amount such as 0.01 nor a percentage such as 0.5%"
}

# ---- warnings ----

closed() {
	cat >rates.ini <<-'END'
	[gone]
	input = 1
	output = 2
	batch_discount = 50%
	shutdown = 2026-08-16
	[gone @ 2026-08-10]
	input = 2
	output = 2
	batch_discount = 50%
	capabilities = imageInput, promptCaching
	[kept]
	input = 1
	output = 2
	batch_discount = 50%
	capabilities = imageInput batchSupport
	END
}

@test "usage after a model's shutdown is told once for the model" {
	closed
	log 2026-08-16,gone,1,1 2026-08-17,gone,1,1 2026-08-18,gone,1,1 2026-08-18,kept,1,1
	bill 0 report -q --rates rates.ini log.csv
	err <<-'END'
	tokbill: gone: 2 rows lie after its shutdown ([gone] in rates.ini:1); is the model's name right, or the date in the rates?
	END
}

@test "batch rows of a model whose capabilities list no batch are told" {
	closed
	log_with date,model,input_tokens,output_tokens,batch \
		2026-08-09,gone,1,1,true 2026-08-11,gone,1,1,true 2026-08-11,kept,1,1,true
	bill 0 report -q --rates rates.ini log.csv
	err <<-'END'
	tokbill: gone: 1 batch row, though its capabilities ([gone] in rates.ini:1) list no batchSupport
	END
}

@test "--strict makes warnings errors and leaves the older report" {
	closed
	log 2026-08-17,gone,1,1
	echo old >report.csv
	bill 65 report --strict --rates rates.ini -o report.csv log.csv
	err_has "tokbill: nothing was written, for --strict makes warnings errors"
	[ "$(cat report.csv)" = old ]
	log 2026-08-17,kept,1,1
	bill 0 report --strict --rates rates.ini -o report.csv log.csv
}

@test "--strict minds a log that may be cut, too" {
	unit_rates
	printf '%s\n2026-08-17,m,1,1' "$SHORT" >log.csv
	bill 65 report --strict --rates rates.ini log.csv
	no_out
}

@test "on a narrow terminal the details keep meter, tier, quantity and price" {
	cat >rates.ini <<-'END'
		[claude-sonnet-4-5]
		input = 3
		cached_read = 0.30
		cache_write_1h = 6
		output = 15
		batch_discount = 50%
	END
	log_with "$SHORT,cached_read_tokens,cache_write_1h_tokens,batch" \
		2026-04-01,claude-sonnet-4-5,4000000,1000000,1000000,1000000,true
	on_terminal 80 "NO_COLOR=1 '$TOKBILL' report -q --rates rates.ini --detail log.csv"
	awk '!/^Left out/ && length > 80 { print; exit 1 }' "$OUT"
	head -n 1 "$OUT" | grep -Eq '^date +model +cost +meter +rate tier +quantity +per 1M$'
	grep -Eq '^2026-04-01 +claude-s[^ ]* +[0-9.]+ +USD +cache_write_1h +batch +1,000,000 +3\.00$' "$OUT"
	grep -Eq '^2026-04-01 +claude-s[^ ]* +[0-9.]+ +USD +output +batch +1,000,000 +7\.50$' "$OUT"
}
