#!/usr/bin/env bats
# tokbill report --compare: against what the log says that its rows cost.

load helpers

# OpenRouter's activity export, of which only these columns matter; 1 token in is 1.00 here.
activity() { # ROW...
	unit_rates
	log_with generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug "$@"
}

@test "reported cost and difference are appended, and an exact match is exit code 0" {
	activity 'g1,2026-08-06 03:46:57.713,5.00,5,0,acme/m' 'g2,2026-08-06 03:47:00,7,3,2,m'
	bill 0 report -q --rates rates.ini --compare log.csv
	out <<-END
	$HEADER,reported_cost,difference
	2026-08-06,m,2,8,0,0,2,0,12.00,0.00,0.00,0.00,12.00,USD,12.00,0.00
	END
}

@test "a difference is exit code 1, with the report written" {
	activity 'g1,2026-08-06 03:46:57,5.02,5,0,m' 'g2,2026-08-07 03:46:57,4.5,5,0,m'
	bill 1 report --rates rates.ini --compare -o report.csv log.csv
	err_has "tokbill: compared 2 rows of the report with what the logs say: 2 beyond the tolerance"
	diff - <(cut -d, -f1,13- report.csv) <<-'END'
	date,cost,currency,reported_cost,difference
	2026-08-06,5.00,USD,5.02,-0.02
	2026-08-07,5.00,USD,4.50,0.50
	END
	bill 1 report -q --rates rates.ini --compare --tolerance 0.499 log.csv
	bill 0 report -q --rates rates.ini --compare --tolerance 0.5 log.csv
	bill 1 report -q --rates rates.ini --compare --tolerance 10% log.csv
	bill 0 report -q --rates rates.ini --compare --tolerance 11.12% log.csv
}

@test "rows that say nothing of their cost are billed, not compared, and counted" {
	activity 'g1,2026-08-06 03:46:57,5,5,0,m' 'g2,2026-08-06 03:46:57,,100,0,m'
	bill 0 report --rates rates.ini --compare -f csv log.csv
	out_has "2026-08-06,m,2,105,0,0,0,0,105.00,0.00,0.00,0.00,105.00,USD,5.00,0.00"
	err_has "tokbill: 1 of 2 rows billed do not say what they cost and are not compared"
}

@test "a comparison that compared nothing is exit code 1, and says so" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 1 report -q --rates rates.ini --compare log.csv
	has_lines "$OUT" "$HEADER,reported_cost,difference" \
		"2026-04-01,m,1,1,0,0,1,0,3.00,0.00,0.00,0.00,3.00,USD,,"
	err_has "tokbill: compared nothing: no row of the logs says what it cost"
}

@test "dollars say nothing of a cost in euros" {
	activity 'g1,2026-08-06 03:46:57,9,5,0,m'
	sed -i '1a currency = EUR' rates.ini
	bill 1 report -q --rates rates.ini --compare log.csv
	out_has "2026-08-06,m,1,5,0,0,0,0,5.00,0.00,0.00,0.00,5.00,EUR,,"
}

@test "the same on any number of threads, and in JSON" {
	activity
	awk 'BEGIN { for (i = 1; i <= 20000; i++)
		print "g" i ",2026-08-0" i % 9 + 1 " 03:46:57,0.3333333333," i % 7 "," i % 5 ",acme/m" }' >>log.csv
	bill 1 report -q --rates rates.ini --compare --threads 1 log.csv
	mv "$OUT" one.csv
	bill 1 report -q --rates rates.ini --compare --threads 4 log.csv
	cmp "$OUT" one.csv
	bill 1 report -q --rates rates.ini --compare --by model -f json log.csv
	python3 - "$OUT" <<-'END'
	import json, sys
	from fractions import Fraction
	total = json.load(open(sys.argv[1]))["totals"][0]
	assert Fraction(total["reported_cost"]) == 20000 * Fraction("0.3333333333"), total
	cost = sum(i % 7 + 2 * (i % 5) for i in range(1, 20001))
	assert Fraction(total["difference"]) == cost - Fraction(total["reported_cost"]), total
	END
}
