#!/usr/bin/env bats
# tokbill report: rows, groups, periods, zones, formats (contract sections 1, 4 and 6).

load helpers

acceptance() {
	cat >rates.ini <<-'END'
	[gpt-4o-mini]
	input          = 0.15
	cached_read    = 0.075
	output         = 0.60
	batch_discount = 50%
	END
	cat >log.csv <<-'END'
	timestamp,model,batch,input_tokens,cached_read_tokens,output_tokens
	2026-04-05T10:00:00Z,gpt-4o-mini,false,8888888,7654321,345678
	2026-04-05T11:00:00Z,gpt-4o-mini,true,20000000,0,2500001
	END
}

# Ten rows of three models on three days, in three projects and two tiers.
several() {
	cat >rates.ini <<-'END'
	[a]
	provider = one
	aliases = a-long
	input = 1
	output = 2
	batch_discount = 50%
	[B]
	provider = two
	input = 3
	output = 4
	flex_discount = 10%
	priority_input = 6
	priority_output = 8
	[c]
	input = 5
	output = 6
	END
	cat >log.csv <<-'END'
	timestamp,model,service_tier,input_tokens,output_tokens,project,user name
	2026-04-02T00:00:00Z,c,,5,5,web,x
	2026-04-01T10:00:00Z,a,,1000,10,web,x
	2026-04-01T11:00:00Z,a-long,batch,1000,10,web,y
	2026-04-01T12:00:00Z,B,flex,2000,20,app,x
	2026-04-01T13:00:00Z,B,priority,2000,20,app,"y, z"
	2026-04-30T23:59:59Z,a,,1,1,,x
	2026-05-01T00:00:00Z,a,,1,1,,x
	2026-03-31T23:59:59Z,a,,3,3,web,x
	2026-04-02T00:00:00Z,a,,7,7,"a ""quoted"" one",x
	2026-04-02T23:59:59Z,a,,7,7,app,x
	END
}

@test "the acceptance example of the contract, to the byte" {
	acceptance
	bill 0 report --rates rates.ini log.csv
	out <<-'END'
	date,model,requests,input_tokens,cached_read_tokens,cache_write_tokens,output_tokens,batch_tokens,list_cost,cache_savings,batch_savings,tier_savings,cost,currency
	2026-04-05,gpt-4o-mini,2,28888888,7654321,0,2845679,22500001,6.0407406,0.574074075,2.2500003,0.00,3.216666225,USD
	END
	err <<-'END'
	tokbill: 2 rows read: 2 billed, 0 set aside, 0 skipped
	tokbill: cost USD 3.216666225
	END
}

@test "the locale and TZ change nothing" {
	acceptance
	bill 0 report --rates rates.ini log.csv
	cp "$OUT" first
	for zone in America/New_York Asia/Kolkata '' nonsense; do
		TZ=$zone LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 bill 0 report --rates rates.ini log.csv
		cmp "$OUT" first
	done
}

@test "the header stays as it is, also without a row" {
	unit_rates
	log
	bill 0 report --rates rates.ini log.csv
	echo "$HEADER" | out
	err <<-'END'
	tokbill: 1 log has a header and no rows
	tokbill: 0 rows read: 0 billed, 0 set aside, 0 skipped
	END
}

@test "rows are sorted by date, then model in byte order; aliases become the section's name" {
	several
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-03-31,a,3,3,0.000009 \
		2026-04-01,B,4000,40,0.017632 \
		2026-04-01,a,2000,20,0.00153 \
		2026-04-02,a,14,14,0.000042 \
		2026-04-02,c,5,5,0.000055 \
		2026-04-30,a,1,1,0.000003 \
		2026-05-01,a,1,1,0.000003
}

@test "every row adds up: list cost is cost plus savings" {
	several
	bill 0 report --rates rates.ini --by model,tier log.csv
	out <<-'END'
	model,tier,requests,input_tokens,cached_read_tokens,cache_write_tokens,output_tokens,batch_tokens,list_cost,cache_savings,batch_savings,tier_savings,cost,currency
	B,flex,1,2000,0,0,20,0,0.00608,0.00,0.00,0.000608,0.005472,USD
	B,priority,1,2000,0,0,20,0,0.00608,0.00,0.00,-0.00608,0.01216,USD
	a,batch,1,1000,0,0,10,1010,0.00102,0.00,0.00051,0.00,0.00051,USD
	a,standard,6,1019,0,0,29,0,0.001077,0.00,0.00,0.00,0.001077,USD
	c,standard,1,5,0,0,5,0,0.000055,0.00,0.00,0.00,0.000055,USD
	END
}

@test "cache writes that cost more than input are a negative saving" {
	cat >rates.ini <<-'END'
	[m]
	input = 10
	cached_read = 1
	cache_write = 12.5
	cache_write_1h = 20
	output = 50
	reasoning = 60
	END
	log_with "$SHORT,cached_tokens,cache_write_tokens,cache_write_1h_tokens,reasoning_tokens,requests" \
		2026-04-01,m,1000,100,100,200,300,40,7
	bill 0 report --rates rates.ini log.csv
	# list: 1000 x 10 + 60 x 50 + 40 x 60; cost: 400 x 10 + 100 x 1 + 200 x 12.5 + 300 x 20 + ...
	tail -n 1 "$OUT" | diff - <(echo \
		2026-04-01,m,7,1000,100,500,100,0,0.0154,-0.0026,0.00,0.00,0.018,USD)
}

# ---- groups ----

@test "--by: reserved words and columns of the log, in the order given" {
	several
	bill 0 report --rates rates.ini --by 'provider,user name,project' log.csv
	cut -d, -f1-4 "$OUT" | diff - <(cat <<-'END'
	provider,user name,project,requests
	,x,web,1
	one,x,,2
	one,x,"a ""quoted"" one",1
	one,x,app,1
	one,x,web,2
	one,y,web,1
	two,x,app,1
	two,"y, z",app
	END
	)
}

@test "--by date has nothing to do with a column of that name" {
	unit_rates
	log 2026-04-01T10:00:00Z,m,1,0 2026-04-01T11:00:00Z,m,1,0
	bill 0 report --rates rates.ini --by date log.csv
	cut -d, -f1,3 "$OUT" | diff - <(printf 'date,input_tokens\n2026-04-01,2\n')
}

@test "--by takes a column that has another meaning, as text" {
	unit_rates
	log_with timestamp,model,input_tokens,output_tokens 2026-04-01T10:00:00Z,m,1,0 \
		2026-04-01T11:00:00Z,m,1,0
	bill 0 report --rates rates.ini --by timestamp log.csv
	cut -d, -f1 "$OUT" | diff - <(printf '%s\n' timestamp 2026-04-01T10:00:00Z 2026-04-01T11:00:00Z)
}

@test "--by a column named as one of the report's makes no two columns of one name" {
	unit_rates
	log 2026-04-01,m,1,0
	if "$TOKBILL" report --rates rates.ini --by input_tokens -f json log.csv >"$OUT" 2>"$ERR"; then
		[ "$(grep -c '"input_tokens"' "$OUT")" = 2 ] # once in the row, once in the total
	fi
}

@test "--by a column that the log lacks: 64, with the nearest one" {
	several
	bill 64 report --rates rates.ini --by date,projekt log.csv
	no_out
	err <<-'END'
	log.csv:1: header: 'projekt': --by names no column of this log; did you mean 'project'?
	tokbill: log.csv: a column of --by is missing
	END
	bill 64 report --rates rates.ini --by team log.csv
	err <<-'END'
	log.csv:1: header: 'team': --by names no column of this log
	tokbill: log.csv: a column of --by is missing
	END
}

@test "--by a column that only the second of two logs lacks: 64" {
	unit_rates
	log_with "$SHORT,team" 2026-04-01,m,1,0,x
	mv log.csv first.csv
	log 2026-04-01,m,1,0
	bill 64 report --rates rates.ini --by team first.csv log.csv
	no_out
	err_has "log.csv:1: header: 'team': --by names no column of this log"
}

@test "--by: empty, repeated and too many columns" {
	several
	bill 64 report --rates rates.ini --by date,,model log.csv
	echo "tokbill: --by: 'date,,model': an empty column name" | err
	bill 64 report --rates rates.ini --by date, log.csv
	echo "tokbill: --by: 'date,': an empty column name" | err
	bill 64 report --rates rates.ini --by model,date,model log.csv
	echo "tokbill: --by: 'model,date,model': a column named twice" | err
	many=$(seq -s, 33)
	bill 64 report --rates rates.ini --by "$many" log.csv
	has_text "$ERR" 'more than 32 columns'
}

@test "--max-groups stops the run with 65" {
	several
	bill 65 report --rates rates.ini --max-groups 2 log.csv
	no_out
	err <<-'END'
	tokbill: more than 2 tallies (one for each group, price era, tier and context); group by less (--by), or allow more (--max-groups)
	END
	for n in 0 x -1 2147483648; do
		bill 64 report --rates rates.ini --max-groups "$n" log.csv
		echo "tokbill: --max-groups: '$n': not a number from 1 to 2147483647" | err
	done
}

@test "--max-groups counts what is kept in memory: groups by era, tier and context" {
	several
	bill 65 report --rates rates.ini --by provider --max-groups 3 log.csv
	has_text "$ERR" 'more than 3 tallies'
}

# ---- periods ----

@test "--period week and month" {
	several
	bill 0 report --rates rates.ini --period month log.csv
	expect_rows 2026-03,a,3,3,0.000009 \
		2026-04,B,4000,40,0.017632 \
		2026-04,a,2015,35,0.001575 \
		2026-04,c,5,5,0.000055 \
		2026-05,a,1,1,0.000003
	bill 0 report --rates rates.ini --period week --by date log.csv
	cut -d, -f1 "$OUT" | diff - <(printf '%s\n' date 2026-W14 2026-W18)
}

@test "--period week: the ISO year is that of the Thursday" {
	unit_rates
	log 2026-12-28,m,1,0 2027-01-03,m,1,0 2027-01-04,m,1,0 2024-12-30,m,1,0 2021-01-03,m,1,0
	bill 0 report --rates rates.ini --period week log.csv
	expect_rows 2020-W53,m,1,0,1.00 2025-W01,m,1,0,1.00 2026-W53,m,2,0,2.00 2027-W01,m,1,0,1.00
}

@test "--period takes three words" {
	several
	bill 64 report --period year log.csv
	echo "tokbill: --period: 'year': not one of day, week, month" | err
}

@test "--from and --to are inclusive; --month is both" {
	several
	bill 0 report --rates rates.ini --by date --from 2026-04-02 --to 2026-04-30 log.csv
	cut -d, -f1 "$OUT" | diff - <(printf '%s\n' date 2026-04-02 2026-04-30)
	err <<-'END'
	tokbill: 10 rows read: 4 billed, 0 set aside, 6 skipped
	tokbill: 6 rows skipped outside the period
	tokbill: cost USD 0.0001
	END
	bill 0 report --rates rates.ini --by date --month 2026-04 log.csv
	cut -d, -f1 "$OUT" | diff - <(printf '%s\n' date 2026-04-01 2026-04-02 2026-04-30)
	bill 0 report --rates rates.ini --month 2026-02 log.csv
	echo "$HEADER" | out
}

@test "one row outside the period" {
	several
	bill 0 report --rates rates.ini --from 2026-04-01 log.csv
	err_has 'tokbill: 1 row skipped outside the period'
}

@test "an unpriced row outside the period does not matter" {
	unit_rates
	log 2026-03-31,unknown,1,1 2026-04-01,m,1,1
	bill 0 report --rates rates.ini --month 2026-04 log.csv
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "--from, --to, --month: what is no date" {
	several
	bill 64 report --from 2026-4-1 log.csv
	echo "tokbill: --from: '2026-4-1': not a date such as 2026-04-01" | err
	bill 64 report --to 2026-02-29 log.csv
	echo "tokbill: --to: '2026-02-29': not a date such as 2026-04-01" | err
	bill 64 report --month 2026-13 log.csv
	echo "tokbill: --month: '2026-13': not a month such as 2026-04" | err
	bill 64 report --from 2026-04-02 --to 2026-04-01 log.csv
	echo "tokbill: --from lies after --to" | err
}

@test "--month excludes --from and --to, whatever comes first" {
	several
	bill 64 report --rates rates.ini --from 2026-04-02 --month 2026-04 log.csv
	echo "tokbill: --month: '2026-04': --from and --to give the ends already" | err
	bill 64 report --rates rates.ini --month 2026-04 --from 2026-04-02 log.csv
	bill 64 report --rates rates.ini --month 2026-04 --to 2026-04-02 log.csv
	bill 64 report --rates rates.ini --month 2026-04 --from 2026-05-02 log.csv
}

# ---- zones ----

@test "--tz: the days of the clock change in Berlin" {
	unit_rates
	log 2026-03-28T22:59:59Z,m,1,0 2026-03-28T23:00:00Z,m,2,0 2026-03-29T21:59:59Z,m,4,0 \
		2026-03-29T22:00:00Z,m,8,0 2026-10-24T21:59:59Z,m,16,0 2026-10-24T22:00:00Z,m,32,0 \
		2026-10-25T22:59:59Z,m,64,0 2026-10-25T23:00:00Z,m,128,0
	bill 0 report --rates rates.ini --tz Europe/Berlin log.csv
	expect_rows 2026-03-28,m,1,0,1.00 2026-03-29,m,6,0,6.00 2026-03-30,m,8,0,8.00 \
		2026-10-24,m,16,0,16.00 2026-10-25,m,96,0,96.00 2026-10-26,m,128,0,128.00
}

@test "--tz: half hours, both sides of the date line, and the period" {
	unit_rates
	log 2026-04-01T18:29:59Z,m,1,0 2026-04-01T18:30:00Z,m,2,0
	bill 0 report --rates rates.ini --tz Asia/Kolkata log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-04-02,m,2,0,2.00
	bill 0 report --rates rates.ini --tz Asia/Kolkata --from 2026-04-02 log.csv
	expect_rows 2026-04-02,m,2,0,2.00
	log 2026-04-01T09:59:59Z,m,1,0 2026-04-01T10:00:00Z,m,2,0
	bill 0 report --rates rates.ini --tz Pacific/Kiritimati log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-04-02,m,2,0,2.00
	bill 0 report --rates rates.ini --tz Pacific/Pago_Pago log.csv
	expect_rows 2026-03-31,m,3,0,3.00
}

@test "a date alone is that day in every zone, priced as at its 00:00 UTC" {
	cat >rates.ini <<-'END'
	[m]
	input = 1000000
	output = 0
	[m @ 2026-04-02]
	input = 2000000
	output = 0
	END
	log 2026-04-01,m,1,0 2026-04-02,m,1,0
	for zone in UTC America/Los_Angeles Pacific/Kiritimati; do
		bill 0 report --rates rates.ini --tz "$zone" --log-tz "$zone" log.csv
		expect_rows 2026-04-01,m,1,0,1.00 2026-04-02,m,1,0,2.00
	done
}

@test "--log-tz: the zone of times that have none" {
	unit_rates
	log '2026-04-01 01:59:59,m,1,0' 2026-04-01T02:00:00,m,2,0 2026-04-01T02:00:00Z,m,4,0 \
		2026-04-01T23:00:00-05:00,m,8,0
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,7,0,7.00 2026-04-02,m,8,0,8.00
	bill 0 report --rates rates.ini --log-tz Europe/Berlin log.csv
	expect_rows 2026-03-31,m,1,0,1.00 2026-04-01,m,6,0,6.00 2026-04-02,m,8,0,8.00
}

@test "--log-tz: a time that the clock never showed is refused" {
	unit_rates
	log 2026-03-29T01:59:59,m,1,0 2026-03-29T02:00:00,m,1,0 2026-03-29T02:59:59,m,1,0 \
		2026-03-29T03:00:00,m,1,0
	bill 65 report --rates rates.ini --log-tz Europe/Berlin log.csv
	err <<-'END'
	log.csv:3: date: '2026-03-29T02:00:00': the clock of --log-tz was set forward over this time
	log.csv:4: date: '2026-03-29T02:59:59': the clock of --log-tz was set forward over this time
	tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR
	END
}

@test "--log-tz: of a time that the clock showed twice, the earlier is taken, and said" {
	cat >rates.ini <<-'END'
	[m]
	input = 1000000
	output = 0
	[m @ 2026-10-25T01:00:00Z]
	input = 5000000
	output = 0
	END
	log 2026-10-25T02:30:00,m,1,0
	bill 0 report --rates rates.ini --log-tz Europe/Berlin log.csv
	expect_rows 2026-10-25,m,1,0,1.00
	err_has 'tokbill: 1 time was shown twice by the clock of --log-tz; the earlier one was taken'
	log 2026-10-25T02:00:00,m,1,0 2026-10-25T02:59:59,m,1,0 2026-10-25T03:00:00,m,1,0
	bill 0 report -q --rates rates.ini --log-tz Europe/Berlin log.csv
	expect_rows 2026-10-25,m,3,0,7.00
	echo 'tokbill: 2 times were shown twice by the clock of --log-tz; the earlier ones were taken' | err
}

@test "--log-tz: a local time outside the years in UTC is refused" {
	unit_rates
	log 1970-01-01T00:30:00,m,1,0 9999-12-31T23:30:00,m,1,0
	bill 65 report --rates rates.ini --log-tz Europe/Berlin log.csv
	err_has "log.csv:2: date: '1970-01-01T00:30:00': outside the years 1970 to 9999 in UTC"
	bill 65 report --rates rates.ini --log-tz America/New_York log.csv
	err_has "log.csv:3: date: '9999-12-31T23:30:00': outside the years 1970 to 9999 in UTC"
}

@test "--tz: what is no zone" {
	several
	for zone in Europe/Atlantis /etc/localtime ../zoneinfo/UTC Europe zone.tab; do
		bill 64 report --tz "$zone" log.csv
		echo "tokbill: '$zone' is no time zone of this machine; names are like Europe/Berlin (see /usr/share/zoneinfo/, package tzdata)" | err
	done
	bill 64 report --log-tz MEZ4 log.csv
}

@test "days in the far future and the past follow the zone's rules" {
	unit_rates
	log 9999-07-01T21:59:59Z,m,1,0 9999-07-01T22:00:00Z,m,2,0 1970-01-01T00:00:00Z,m,4,0
	bill 0 report --rates rates.ini --tz Europe/Berlin log.csv
	expect_rows 1970-01-01,m,4,0,4.00 9999-07-01,m,1,0,1.00 9999-07-02,m,2,0,2.00
}

# ---- rounding ----

@test "--round: once, at the end, half away from zero" {
	cat >rates.ini <<-'END'
	[m]
	input = 5000
	cached_read = 10000
	output = 0
	END
	log_with "$SHORT,cached_tokens" 2026-04-01,m,1,0,1 2026-04-01,m,1,0,1 2026-04-01,m,1,0,1
	bill 0 report --rates rates.ini --round 2 log.csv
	tail -n 1 "$OUT" | diff - <(echo 2026-04-01,m,3,3,3,0,0,0,0.02,-0.02,0.00,0.00,0.03,USD)
	err_has 'tokbill: cost USD 0.03'
	bill 0 report --rates rates.ini --round 0 log.csv
	tail -n 1 "$OUT" | diff - <(echo 2026-04-01,m,3,3,3,0,0,0,0.00,0.00,0.00,0.00,0.00,USD)
	bill 0 report --rates rates.ini --round 19 log.csv
	tail -n 1 "$OUT" | diff - <(echo 2026-04-01,m,3,3,3,0,0,0,0.015,-0.015,0.00,0.00,0.03,USD)
}

@test "--round takes 0 to 19" {
	several
	for n in 20 -1 x 1.5 99999999999999999999; do
		bill 64 report --round "$n" log.csv
		echo "tokbill: --round: '$n': not a number of decimals from 0 to 19" | err
	done
}

# ---- inputs ----

@test "several files are the same as one, in any order" {
	local month=$ROOT/fixtures/month/usage-2026-08.csv
	bill 0 report "$month"
	cp "$OUT" whole
	head -n 1 "$month" >head.csv
	tail -n +2 "$month" | split -l 1000 - part-
	for part in part-*; do
		cat head.csv "$part" >"$part.csv"
	done
	bill 0 report part-*.csv
	cmp "$OUT" whole
	# shellcheck disable=SC2046 # the names have no blanks
	bill 0 report $(printf '%s\n' part-*.csv | tac)
	cmp "$OUT" whole
}

@test "rows and columns in another order give the same bytes" {
	local month=$ROOT/fixtures/month/usage-2026-08.csv
	bill 0 report --by project,model "$month"
	cp "$OUT" whole
	(head -n 1 "$month" && tail -n +2 "$month" | tac) >tac.csv
	bill 0 report --by project,model tac.csv
	cmp "$OUT" whole
	(head -n 1 "$month" && tail -n +2 "$month" | sort -t, -k8,8n) >sorted.csv
	bill 0 report --by project,model sorted.csv
	cmp "$OUT" whole
	awk -F, -v OFS=, '{for (i = NF; i > 1; i--) printf "%s,", $i; print $1}' "$month" >turned.csv
	bill 0 report --by project,model turned.csv
	cmp "$OUT" whole
}

@test "standard input, from a file and through a pipe" {
	acceptance
	bill 0 report --rates rates.ini log.csv
	cp "$OUT" file
	piped 0 report --rates rates.ini - <log.csv
	cmp "$OUT" file
	cat log.csv | piped 0 report --rates rates.ini -
	cmp "$OUT" file
	(head -c 100 log.csv && sleep 0.2 && tail -c +101 log.csv) | piped 0 report --rates rates.ini -
	cmp "$OUT" file
	bill 0 report --rates rates.ini <(cat log.csv)
	cmp "$OUT" file
}

@test "standard input is read from where it stands" {
	acceptance
	sed -i '1i a line that somebody else reads' log.csv
	(read -r _ && piped 0 report --rates rates.ini -) <log.csv
	tail -n 1 "$OUT" | cut -d, -f13 | diff - <(echo 3.216666225)
}

@test "a bad row from standard input is named (stdin)" {
	unit_rates
	log 2026-04-01,x,1,1
	piped 65 report --rates rates.ini - <log.csv
	err_has "(stdin):2: model: 'x': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)"
}

@test "standard input beside files" {
	unit_rates
	log 2026-04-01,m,1,0
	piped 0 report --rates rates.ini log.csv - < <(printf '%s\n' "$SHORT" 2026-04-02,m,2,0)
	expect_rows 2026-04-01,m,1,0,1.00 2026-04-02,m,2,0,2.00
}

@test "300 files at once" {
	unit_rates
	for ((i = 1; i <= 300; i++)); do
		printf '%s\n' "$SHORT" "2026-04-01,m,$i,0" >"log-$i.csv"
	done
	bill 0 report --rates rates.ini log-*.csv
	expect_rows 2026-04-01,m,45150,0,45150.00
}

@test "more files than descriptors: 66, and which" {
	unit_rates
	for ((i = 1; i <= 40; i++)); do
		printf '%s\n' "$SHORT" "2026-04-01,m,$i,0" >"log-$i.csv"
	done
	(ulimit -n 32 && bill 66 report --rates rates.ini log-*.csv)
	no_out
	grep -qx 'tokbill: log-[0-9]*\.csv: cannot be read: Too many open files' "$ERR"
}

@test "the same file twice, by any name, is refused" {
	acceptance
	ln log.csv hard.csv
	ln -s log.csv soft.csv
	for name in log.csv ./log.csv hard.csv soft.csv "$PWD/log.csv"; do
		bill 64 report --rates rates.ini log.csv "$name"
		no_out
		echo "tokbill: $name: is the same file as log.csv and would be billed twice" | err
	done
	piped 64 report --rates rates.ini log.csv - <log.csv
	echo 'tokbill: (stdin): is the same file as log.csv and would be billed twice' | err
}

@test "a log that grows while it is read is refused" {
	unit_rates
	log 2026-04-01,m,1,0
	mkfifo slow
	"$TOKBILL" report --rates rates.ini slow log.csv >"$OUT" 2>"$ERR" &
	local pid=$! code=0
	exec 9>slow
	opened() { find "/proc/$pid/fd" -lname '*/log.csv' | grep -q .; }
	wait_until opened
	echo 2026-04-01,m,1,0 >>log.csv
	printf '%s\n' "$SHORT" 2026-04-01,m,1,0 >&9
	exec 9>&-
	wait "$pid" || code=$?
	exited 66 "$code"
	no_out
	echo 'tokbill: log.csv: changed while it was being read; run again when it is complete' | err
}

@test "inputs that cannot be read: 66" {
	unit_rates
	mkdir folder
	bill 66 report --rates rates.ini missing.csv
	echo 'tokbill: missing.csv: cannot be read: No such file or directory' | err
	bill 66 report --rates rates.ini folder
	echo 'tokbill: folder: a directory without a file to read' | err
	bill 66 report --rates rates.ini rates.ini/log.csv
	echo 'tokbill: rates.ini/log.csv: cannot be read: Not a directory' | err
}

@test "an input without read permission: 66" {
	skip_if_root
	acceptance
	chmod 0 log.csv
	bill 66 report --rates rates.ini log.csv
	echo 'tokbill: log.csv: cannot be read: Permission denied' | err
}

@test "a read error in the middle is not the end of the file" {
	unit_rates
	# Reading one's own memory from address 0 on gives EIO.
	bill 74 report --rates rates.ini /proc/self/mem
	no_out
	echo 'tokbill: /proc/self/mem: cannot be read: Input/output error' | err
}

# ---- long context ----

@test "rows of several requests are decided by their average, and that is said" {
	cat >rates.ini <<-'END'
	[m]
	input = 1000000
	output = 0
	long_context_over = 100
	long_input = 2000000
	long_output = 0
	END
	log_with "$SHORT,requests,context" 2026-04-01,m,100,0,1, 2026-04-02,m,101,0,1, \
		2026-04-03,m,200,0,2, 2026-04-04,m,201,0,2, 2026-04-05,m,201,0,2,base \
		2026-04-06,m,1,0,2,long
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,100,0,100.00 2026-04-02,m,101,0,202.00 2026-04-03,m,200,0,200.00 \
		2026-04-04,m,201,0,402.00 2026-04-05,m,201,0,201.00 2026-04-06,m,1,0,2.00
	err_has 'tokbill: 2 rows sum several requests: their average decided the long-context price'
	bill 0 report --rates rates.ini --to 2026-04-03 log.csv
	err_has 'tokbill: 1 row sums several requests: their average decided the long-context price'
}

# ---- formats ----

@test "-f json: amounts as strings, totals and facts" {
	several
	cat >>rates.ini <<-'END'
	[e]
	currency = EUR
	input = 1
	output = 1
	END
	echo '2026-04-03T10:00:00Z,e,,1,1,"line
	break",x' >>log.csv
	bill 0 report --rates rates.ini -f json --by model,project --tz Europe/Berlin --from 2026-04-02 log.csv
	golden report.json
	python3 -m json.tool "$OUT" >/dev/null
}

@test "-f json: the sums of the rows are the totals" {
	bill 0 report -f json --by model "$ROOT/fixtures/month/usage-2026-08.csv"
	python3 - "$OUT" <<-'END'
	import json, sys
	from decimal import Decimal
	report = json.load(open(sys.argv[1]))
	[total] = report["totals"]
	for key, value in total.items():
	    if key == "currency":
	        continue
	    kind = Decimal if isinstance(value, str) else int
	    assert sum(kind(row[key]) for row in report["rows"]) == kind(value), key
	run = report["run"]
	assert run["rates"] == ["built-in"] and run["rows_read"] == run["rows_billed"] > 6000, run
	END
}

@test "-f json is JSON also when a file's name is not UTF-8" {
	unit_rates
	log 2026-04-01,m,1,0
	mv log.csv $'log-\xff.csv'
	bill 0 report --rates rates.ini -f json log-*.csv
	python3 -c 'import json, sys; json.loads(open(sys.argv[1], "rb").read().decode())' "$OUT"
}

@test "-f table: aligned, with a totals line for each currency" {
	several
	cat >>rates.ini <<-'END'
	[e]
	currency = EUR
	input = 1000000
	output = 123456789.5
	END
	echo 2026-04-01T10:00:00Z,e,,1000000,9,web,x >>log.csv
	bill 0 report --rates rates.ini -f table log.csv
	golden report.txt
	err_has 'tokbill: cost EUR 1001111.1111055' 'tokbill: cost USD 0.019274'
}

@test "-f table: what is not zero never looks like zero" {
	cat >rates.ini <<-'END'
	[m]
	input = 1
	cache_write = 2
	output = 0
	END
	log_with "$SHORT,cache_write_tokens" 2026-04-01,m,1,0,1
	bill 0 report --rates rates.ini -f table log.csv
	has_text "$OUT" '<0.01'
	has_text "$OUT" '>-0.01'
	bill 0 report --rates rates.ini -f table --round 6 log.csv
	has_text "$OUT" '-0.000001'
	lacks_text "$OUT" 'rounded to cents'
}

@test "-f table without a row" {
	unit_rates
	log
	bill 0 report --rates rates.ini -f table log.csv
	echo 'No usage to bill.' | out
}

@test "-f takes three words" {
	several
	bill 64 report -f xml log.csv
	echo "tokbill: --output-format: 'xml': not one of csv json table markdown html" | err
}

@test "currencies are never added up" {
	cat >rates.ini <<-'END'
	[defaults]
	currency = EUR
	[a]
	input = 1000000
	output = 0
	[b]
	currency = USD
	input = 1000000
	output = 0
	[c]
	input = 1000000
	output = 0
	[c @ 2026-04-02]
	currency = CHF
	input = 1000000
	output = 0
	END
	log 2026-04-01,a,1,0 2026-04-01,b,2,0 2026-04-01,c,4,0 2026-04-02,c,8,0
	bill 0 report --rates rates.ini --period month log.csv
	cut -d, -f1,2,13,14 "$OUT" | diff - <(cat <<-'END'
	date,model,cost,currency
	2026-04,a,1.00,EUR
	2026-04,b,2.00,USD
	2026-04,c,8.00,CHF
	2026-04,c,4.00,EUR
	END
	)
	err <<-'END'
	tokbill: 4 rows read: 4 billed, 0 set aside, 0 skipped
	tokbill: cost CHF 8.00
	tokbill: cost EUR 5.00
	tokbill: cost USD 2.00
	END
	bill 0 report --rates rates.ini -f table --by date --period month log.csv
	[ "$(grep -c ^TOTAL "$OUT")" = 3 ]
}

@test "-o: the format follows the ending, -f wins" {
	acceptance
	for ending in csv json txt; do
		bill 0 report --rates rates.ini -o "report.$ending" log.csv
		no_out
	done
	head -n 1 report.csv | diff - <(echo "$HEADER")
	head -n 1 report.json | diff - <(echo '{')
	grep -q ^TOTAL report.txt
	bill 0 report --rates rates.ini -o plain log.csv
	cmp plain report.csv
	bill 0 report --rates rates.ini -f csv -o forced.json log.csv
	cmp forced.json report.csv
	bill 0 report --rates rates.ini -o - log.csv
	cmp "$OUT" report.csv
}

# ---- terminals ----

@test "on a terminal: a table, bold where colours are" {
	acceptance
	TERM=xterm on_terminal 200 "'$TOKBILL' report -q --rates rates.ini log.csv"
	head -n 1 "$OUT" | grep -q $'^\e\[1mdate .*\e\[0m$'
	grep -q $'^\e\[1mTOTAL' "$OUT"
	TERM=xterm NO_COLOR=1 on_terminal 200 "'$TOKBILL' report -q --rates rates.ini log.csv"
	grep -q '^TOTAL' "$OUT"
	lacks_text "$OUT" $'\e'
	TERM=dumb on_terminal 200 "'$TOKBILL' report -q --rates rates.ini log.csv"
	lacks_text "$OUT" $'\e'
	# A file is a file, whatever watches.
	TERM=xterm on_terminal 200 "'$TOKBILL' report -q --rates rates.ini -o report.txt log.csv"
	lacks_text report.txt $'\e'
}

@test "an empty NO_COLOR does not count" {
	acceptance
	TERM=xterm NO_COLOR='' on_terminal 200 "'$TOKBILL' report -q --rates rates.ini log.csv"
	has_text "$OUT" $'\e[1m'
}

@test "on a narrow terminal no line of the table is wider, and what is left out is named" {
	several
	for columns in 40 60 80 100; do
		on_terminal "$columns" "'$TOKBILL' report -q --rates rates.ini log.csv"
		sed '/^$/,$d' "$OUT" | awk -v max="$columns" 'length > max { exit 1 }'
		has_text "$OUT" 'Left out to fit the terminal: '
		grep -q '^TOTAL.* USD$' "$OUT"
	done
	on_terminal 60 "'$TOKBILL' report -q --rates rates.ini log.csv"
	golden narrow.txt
}

@test "on a narrow terminal long names are cut, and seen to be" {
	several
	sed -i 's/,web,x$/,a-project-with-a-name-that-is-too-long-for-a-narrow-terminal,x/' log.csv
	on_terminal 50 "'$TOKBILL' report -q --rates rates.ini --by project log.csv"
	has_text "$OUT" '~'
	sed '/^$/,$d' "$OUT" | awk 'length > 50 { exit 1 }'
}

@test "wide and combining characters keep the columns in line" {
	several
	sed -i 's/,web,x$/,日本語,x/; s/,app,x$/,cafe'$'\u0301'',x/' log.csv
	bill 0 report --rates rates.ini -f table --by project log.csv
	golden wide.txt
}

@test "-f csv on a terminal is CSV" {
	acceptance
	on_terminal 40 "'$TOKBILL' report -q --rates rates.ini -f csv log.csv"
	head -n 1 "$OUT" | diff - <(echo "$HEADER")
}

@test "a bar while a terminal watches a long run; none with -q or without a terminal" {
	unit_rates
	# Drawn after 0.7 s at the earliest, when bytes come.
	slow="(echo $SHORT; sleep 0.9; echo 2026-04-01,m,1,0)"
	on_terminal 80 "$slow | '$TOKBILL' report --rates rates.ini -f csv -"
	has_text "$OUT" 'tokbill: 0 MB, 0 MB/s'
	# The line is clear again when something else is printed.
	has_text "$OUT" $'MB/s\r\e[Kdate,model'
	on_terminal 80 "$slow | '$TOKBILL' report -q --rates rates.ini -f csv -"
	lacks_text "$OUT" MB
	on_terminal 80 "$slow | '$TOKBILL' report --rates rates.ini -f csv - 2>errors"
	lacks_text errors MB
}

@test "for files the bar shows the share that is done" {
	unit_rates
	(echo "$SHORT" && yes 2026-04-01,m,1,0 | head -n 6000000) >log.csv
	# Stopped on the way, so that it takes long enough on every machine.
	on_terminal 80 "'$TOKBILL' report --rates rates.ini -f csv log.csv &
		sleep 0.05; kill -STOP \$!; sleep 0.8; kill -CONT \$!; wait"
	grep -q 'tokbill: \[#*\.*\] *[0-9]*% of 102 MB, [0-9]* MB/s' "$OUT"
}

@test "a period in which no row lies is warned of" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 0 report --rates rates.ini --month 2026-05 log.csv
	out <<<"$HEADER"
	err_has 'tokbill: no row of the logs lies in the period chosen; is it the right one?'
	bill 65 report --strict --rates rates.ini --from 2026-04-02 log.csv
	no_out
	bill 0 report --strict --rates rates.ini --month 2026-04 log.csv
	lacks_text "$ERR" 'period chosen'
}
