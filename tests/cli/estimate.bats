#!/usr/bin/env bats
# tokbill estimate: usage typed in, compared, and held against a budget.

load helpers

# Prices that make amounts easy to read off: 1 a token of input, 2 of output.
some_rates() {
	cat >rates.ini <<-'END'
		[m]
		aliases = alias-of-m
		input = 1000000
		cached_read = 100000
		output = 2000000
		batch_discount = 50%
		[m-long]
		input = 1000000
		output = 2000000
		long_context_over = 1000
		long_input = 2000000
		long_output = 3000000
		[m-free]
		input = 0
		output = 0
		[m-euro]
		currency = EUR
		input = 500000
		output = 500000
		[m-new @ 2026-09-01]
		input = 3000000
		output = 3000000
		[m-eras]
		input = 7000000
		output = 7000000
		[m-eras @ 2026-09-01]
		input = 9000000
		output = 9000000
	END
}

estimate() { # CODE ARG...
	local code=$1
	shift
	bill "$code" estimate --rates rates.ini "$@"
}

costs() { tail -n +2 "$OUT" | cut -d, -f1,2,3,13,14; }

expect_costs() { diff -u --label expected --label costs <(printf '%s\n' "$@") <(costs); }

@test "the issue's example, in the report's own header" {
	bill 0 estimate -m gpt-4o-mini --input 1200 --cached-read 800 --output 300 --requests 1e6 \
		--on 2026-08-01
	out <<-END
		$HEADER
		2026-08-01,gpt-4o-mini,1000000,1200000000,800000000,0,300000000,0,360.00,60.00,0.00,0.00,300.00,USD
	END
	echo 'tokbill: cost USD 300.00' | err
}

@test "the same bytes as a report of the same usage" {
	bill 0 estimate -m claude-sonnet-5 --input 2M --cached-read 1.5M --cache-write 1k \
		--cache-write-1h 2k --output 5k --tier batch --on 2026-09-01
	cp "$OUT" estimated
	printf "%s\n" date,model,input_tokens,cached_read_tokens,cache_write_tokens,cache_write_1h_tokens,output_tokens,service_tier \
		2026-09-01,claude-sonnet-5,2000000,1500000,1000,2000,5000,batch >log.csv
	bill 0 report log.csv
	cmp "$OUT" estimated
}

@test "counts are per request" {
	some_rates
	estimate 0 -m m --input 10 --output 5 --requests 3 --on 2026-04-01
	expect_costs 2026-04-01,m,3,60.00,USD
	estimate 0 -m m --input 10 --cached-read 10 --per-day 50k --days 30 --on 2026-04-01
	expect_costs 2026-04-01,m,1500000,1500000.00,USD
	estimate 0 -m m --input 10 --per-day 2 --on 2026-04-01
	expect_costs 2026-04-01,m,60,600.00,USD
	estimate 0 -m m --output 1 --requests 0 --on 2026-04-01
	expect_costs 2026-04-01,m,0,0.00,USD
}

@test "tokens past 2^64 are exact, amounts past what can be held are refused" {
	some_rates
	printf '%s\n' '[tiny]' 'input = 0.000000001' 'output = 0' >tiny.ini
	bill 0 estimate --rates tiny.ini -m tiny --input 9223372036854775807 --requests 1000 --on 2026-04-01
	expect_costs 2026-04-01,tiny,1000,9223372.036854775807,USD
	estimate 65 -m m --input 9223372036854775807 --requests 9223372036854775807
	no_out
	err_has 'tokbill: an amount is too large to be exact: more than 57000000000000000000000000000000000 of the currency'
}

@test "tiers, contexts, eras" {
	some_rates
	estimate 0 -m m --input 10 --tier batch --on 2026-04-01
	expect_costs 2026-04-01,m,1,5.00,USD
	estimate 0 -m m-long --input 1000 --requests 5 --on 2026-04-01
	expect_costs 2026-04-01,m-long,5,5000.00,USD
	estimate 0 -m m-long --input 1001 --on 2026-04-01
	expect_costs 2026-04-01,m-long,1,2002.00,USD
	estimate 0 -m m-long --input 10 --context long --on 2026-04-01
	expect_costs 2026-04-01,m-long,1,20.00,USD
	estimate 0 -m m-long --input 1001 --context base --on 2026-04-01
	expect_costs 2026-04-01,m-long,1,1001.00,USD
	estimate 0 -m m-eras --input 1 --on 2026-08-31T23:59:59Z
	expect_costs 2026-08-31,m-eras,1,7.00,USD
	estimate 0 -m m-eras --input 1 --on 2026-09-01
	expect_costs 2026-09-01,m-eras,1,9.00,USD
}

@test "without --on it is today, in UTC" {
	some_rates
	local before after
	before=$(date -u +%F)
	TZ=Pacific/Kiritimati estimate 0 -m m --input 1
	after=$(date -u +%F)
	[ "$(costs)" = "$before,m,1,1.00,USD" ] || [ "$(costs)" = "$after,m,1,1.00,USD" ]
}

@test "several models: cheapest first, ties by name, each once, no sum" {
	some_rates
	estimate 0 -m m-long -m alias-of-m -m 'm-e*' -m m --input 10 --on 2026-04-01
	expect_costs 2026-04-01,m-euro,1,5.00,EUR 2026-04-01,m,1,10.00,USD \
		2026-04-01,m-long,1,10.00,USD 2026-04-01,m-eras,1,70.00,USD
	no_err
	estimate 0 -f table -m m-long -m 'm-e*' -m m --input 10 --on 2026-04-01
	lacks_text "$OUT" TOTAL
	awk '$2 == "m-eras" { print $(NF - 1) } $2 == "m-euro" { print $(NF - 1) }' "$OUT" | diff - <(printf '%s\n' 1.00 7.00)
}

@test "factors are rounded half away from zero; a free model has none" {
	printf '%s\n' '[a]' 'input = 200' 'output = 1' '[b]' 'input = 201' 'output = 1' '[c]' \
		'input = 200.999' 'output = 1' >rates.ini
	estimate 0 -f json -m '[abc]' --input 1M
	grep '"factor"' "$OUT" | tr -d ' ,' | diff - <(printf '%s\n' '"factor":"1.00"' '"factor":"1.00"' '"factor":"1.01"')
	some_rates
	estimate 0 -f json -m m -m m-free --input 1
	grep '"factor"' "$OUT" | tr -d ' ,' | diff - <(printf '%s\n' '"factor":null' '"factor":null')
}

@test "--all lists the models without a price apart" {
	some_rates
	estimate 0 --all --input 10 --tier batch --on 2026-04-01
	expect_costs 2026-04-01,m,1,5.00,USD
	err_has 'tokbill: m-new: has no price at 2026-04-01T00:00:00Z: its first era is [m-new @ 2026-09-01] (rates.ini:20), from 2026-09-01T00:00:00Z' \
		'tokbill: m-free: unpriced: [m-free] (rates.ini:13) has no batch price for input, and 10 tokens need it'
	estimate 0 --all --input 10 --tier batch --on 2026-04-01 -f table
	out_has 'Without a price:' \
		'  m-free: unpriced: [m-free] (rates.ini:13) has no batch price for input, and 10 tokens need it'
	echo 'tokbill: cost USD 5.00' | err
	estimate 0 -q --all --input 10 --tier batch --on 2026-04-01 -f json
	has_text "$OUT" '"unpriced": ['
	no_err
}

@test "no model with a price: 65" {
	some_rates
	estimate 65 -m m-free --input 10 --tier flex
	no_out
	echo 'tokbill: m-free: unpriced: [m-free] (rates.ini:13) has no flex price for input, and 10 tokens need it' | err
	estimate 65 --all --input 10 --tier flex -o x.csv
	[ ! -e x.csv ]
	err_has 'tokbill: none of the models has a price for this usage'
}

@test "unknown models: 64, with the nearest name" {
	bill 64 estimate -m gpt-4o-mni --input 1
	no_out
	echo "tokbill: -m: 'gpt-4o-mni': not in the rates; did you mean 'gpt-4o-mini'? Else add it to a rate file (--rates)" | err
	bill 64 estimate -m gpt-4o-mini -m xyzzyxyzzy --input 1
	no_out
	echo "tokbill: -m: 'xyzzyxyzzy': not in the rates; add it to a rate file (--rates)" | err
	bill 64 estimate -m 'claud-*' --input 1
	echo "tokbill: -m: 'claud-*': matches no model of the rates; \`tokbill rates list\` has their names" | err
}

@test "a budget: exit code 1 when it is exceeded, and how many requests fit in" {
	some_rates
	estimate 0 -m m --input 10 --requests 50 --budget 500
	err_has 'tokbill: m: USD 500.00 is within the budget of 500.00; 50 requests fit in'
	estimate 1 -m m --input 10 --requests 51 --budget 500.00
	expect_costs "$(date -u +%F),m,51,510.00,USD"
	err_has 'tokbill: m: USD 510.00 exceeds the budget of 500.00; 50 requests fit in'
	estimate 1 -q -m m --input 10 --requests 51 --budget 509.999999999
	echo 'tokbill: m: USD 510.00 exceeds the budget of 509.999999999; 50 requests fit in' | err
	estimate 0 -m m-free --input 10 --requests 51 --budget 0
	err_has 'tokbill: m-free: USD 0.00 is within the budget of 0.00; any number of requests fit in'
	bill 0 estimate --rates rates.ini -m m --input 1 --requests 0 --budget 5
	err_has 'tokbill: m: USD 0.00 is within the budget of 5.00; with --requests 1 or more it is said how many fit in'
	estimate 1 -m m -m m-free --input 10 --budget 5 -f json
	has_text "$OUT" '"requests_in_budget": 0'
	has_text "$OUT" '"requests_in_budget": null'
	echo 'tokbill: 1 of 2 models exceed the budget of 5.00' | err
}

@test "--round, -o" {
	some_rates
	estimate 0 -m m --input 1 --cached-read 1 --round 0 -o x.csv --on 2026-04-01
	no_out
	cp x.csv "$OUT"
	expect_costs 2026-04-01,m,1,0.00,USD
}

@test "what cannot be says what to type instead" {
	some_rates
	while IFS='|' read -r args message; do
		# shellcheck disable=SC2086 # several words
		estimate 64 $args
		no_out
		echo "tokbill: $message" | err
	done <<-'END'
		--input 1|no model given; type -m MODEL, such as -m gpt-4o-mini, or --all
		-m m|nothing to price; type --input N, --output N or both
		-m m --all --input 1|--all and -m: --all names every model; leave out -m
		m --input 1|m: estimate reads no files; a model is typed as -m m, a log is priced by `tokbill report m`
		-m m --input 1200 --cached-read 1500|--cached-read, --cache-write and --cache-write-1h: 1500 tokens, which are part of --input, and that is 1200; if they come on top of it, type --input 2700
		-m m --input 2 --cache-write 2 --cache-write-1h 1|--cached-read, --cache-write and --cache-write-1h: 3 tokens, which are part of --input, and that is 2; if they come on top of it, type --input 5
		-m m --output 5 --reasoning 6|--reasoning: 6 tokens, which are part of --output, and that is 5; if they come on top of it, type --output 11
		-m m --input 1.5|--input: '1.5': not a whole number
		-m m --input 1,000|--input: '1,000': not a number; type it like 1200, 300k, 2.5M or 1e6
		-m m --output 5m|--output: '5m': a small m; type M for a million
		-m m --input 1 --requests -1|--requests: '-1': not a number; type it like 1200, 300k, 2.5M or 1e6
		-m m --input 1 --days 3|--days needs --per-day N, the requests of a day
		-m m --input 1 --per-day 3 --requests 3|--requests and --per-day: type one of them; --per-day N --days D are N x D requests
		-m m --input 1 --per-day 1e18 --days 30|more than 9223372036854775807 requests
		-m m --input 1 --tier bulk|--tier: 'bulk': not one of standard, batch, flex, priority
		-m m --input 1 --context short|--context: 'short': not one of base, long; without it the tokens of --input decide
		-m m --input 1 --on 2026-02-30|--on: '2026-02-30': not a date such as 2026-04-01, nor an instant such as 2026-04-01T16:00:00Z
		-m m --input 1 --budget 5k|--budget: '5k': not an amount such as 500 or 99.50, of at most 1000000000
	END
}
