#!/usr/bin/env bats
# tokbill whatif: a log as it was and as it would have been.

load helpers

MONTH=fixtures/month/usage-2026-08.csv

# 1 a token of input, 0.1 of a cached one, 2 of output; b is half of it; c has no cache prices.
some_rates() {
	cat >rates.ini <<-'END'
		[a]
		aliases = alias-of-a
		replacement = b
		input = 1000000
		cached_read = 100000
		cache_write = 1250000
		output = 2000000
		batch_discount = 50%
		[b]
		replacement = c
		input = 500000
		cached_read = 50000
		cache_write = 625000
		output = 1000000
		batch_discount = 50%
		[c]
		input = 100000
		output = 100000
		[euro]
		currency = EUR
		input = 1
		output = 1
		[long]
		input = 1000000
		output = 1000000
		long_context_from = 100
		long_input = 2000000
		long_output = 2000000
		[late @ 2026-09-01]
		input = 1000000
		output = 1000000
		[eras]
		input = 1000000
		output = 1000000
		[eras @ 2026-09-01]
		input = 3000000
		output = 3000000
	END
}

HEAD=model,scenario_model,requests,baseline_cost,scenario_cost,difference,difference_pct,currency

whatif() { # CODE ARG...
	local code=$1
	shift
	bill "$code" whatif --rates rates.ini "$@" log.csv
}

expect() { # ROW...
	diff -u --label expected --label output <(printf '%s\n' "$HEAD" "$@") "$OUT"
}

@test "nothing asked: no difference on any row" {
	bill 0 whatif "$ROOT/$MONTH"
	[ "$(wc -l <"$OUT")" = 11 ]
	tail -n +2 "$OUT" | awk -F, '$1 != $2 || $4 != $5 || $6 != "0.00" || $7 != "0.00" { print; exit 1 }'
	err_has 'tokbill: USD 2629.044810525 instead of 2629.044810525: 0.00 (0.00 %)'
	some_rates
	log 2026-04-01,a,10,5 2026-04-01,b,10,0
	whatif 0
	expect a,a,1,20.00,20.00,0.00,0.00,USD b,b,1,5.00,5.00,0.00,0.00,USD
	cp "$OUT" nothing
	whatif 0 --move a=a --scale 100%
	cmp "$OUT" nothing
	whatif 0 --move '*=a' --move a=b
	expect b,a,1,5.00,10.00,5.00,100.00,USD a,a,1,20.00,20.00,0.00,0.00,USD
}

@test "--move: names, aliases, patterns; the first that matches counts, and moves do not follow on" {
	some_rates
	log 2026-04-01,a,10,5 2026-04-01,b,10,0 2026-04-01,c,10,0
	whatif 0 --move alias-of-a=b
	expect a,b,1,20.00,10.00,-10.00,-50.00,USD b,b,1,5.00,5.00,0.00,0.00,USD c,c,1,1.00,1.00,0.00,0.00,USD
	whatif 0 --move a=b --move b=c
	expect a,b,1,20.00,10.00,-10.00,-50.00,USD b,c,1,5.00,1.00,-4.00,-80.00,USD c,c,1,1.00,1.00,0.00,0.00,USD
	whatif 0 --move '[ab]=c' --move 'a=b'
	expect a,c,1,20.00,1.50,-18.50,-92.50,USD b,c,1,5.00,1.00,-4.00,-80.00,USD c,c,1,1.00,1.00,0.00,0.00,USD
	whatif 0 --move 'c=alias-of-a'
	expect c,a,1,1.00,10.00,9.00,900.00,USD a,a,1,20.00,20.00,0.00,0.00,USD b,b,1,5.00,5.00,0.00,0.00,USD
}

@test "--replacements are followed to the end of the chain" {
	some_rates
	log 2026-04-01,a,10,5 2026-04-01,long,10,0
	whatif 0 --replacements
	expect a,c,1,20.00,1.50,-18.50,-92.50,USD long,long,1,10.00,10.00,0.00,0.00,USD
	whatif 0 --move long=b --replacements
	expect a,c,1,20.00,1.50,-18.50,-92.50,USD long,c,1,10.00,1.00,-9.00,-90.00,USD
	sed -i 's/replacement = c/replacement = nowhere/' rates.ini
	whatif 2 --replacements
	expect long,long,1,10.00,10.00,0.00,0.00,USD a,,1,20.00,,,,USD
	err_has 'tokbill: 1 request has no price and is in no total: the replacement that the card of a leads to is not in the rates'
	sed -i 's/replacement = nowhere/replacement = a/' rates.ini
	whatif 78 --replacements
	no_out
	has_text "$ERR" "replacements: the cards of the rates lead from 'a' in a circle"
}

@test "--batch-share: that part of the standard tier, fractions kept" {
	some_rates
	log_with "$SHORT,batch" 2026-04-01,a,10,5,false 2026-04-01,a,10,5,true 2026-04-01,b,1,0,false
	whatif 0 --batch-share 33.33%
	expect a,a,2,30.00,26.667,-3.333,-11.11,USD b,b,1,0.50,0.416675,-0.083325,-16.67,USD
	whatif 0 --batch-share 10% --batch-share b=100%
	expect a,a,2,30.00,29.00,-1.00,-3.33,USD b,b,1,0.50,0.25,-0.25,-50.00,USD
	whatif 0 --batch-share 'b=0%'
	expect a,a,2,30.00,30.00,0.00,0.00,USD b,b,1,0.50,0.50,0.00,0.00,USD
	# No batch price: never free, and only where there is something to move.
	log 2026-04-01,c,10,0
	whatif 0 --batch-share 0%
	whatif 2 --batch-share 1%
	expect c,c,1,1.00,,,,USD
	err_has 'tokbill: 1 request has no price and is in no total: [c] (rates.ini:16) has no batch price for input'
}

@test "--cache-hit: that part of the input which is not written to a cache" {
	some_rates
	log_with "$SHORT,cached_read_tokens,cache_write_tokens" 2026-04-01,a,100,0,20,40
	# 40 fresh, 20 read, 40 written: 40 + 2 + 50. At 60 %: 24 fresh, 36 read.
	whatif 0 --cache-hit 60%
	expect a,a,1,92.00,77.60,-14.40,-15.65,USD
	whatif 0 --cache-hit 0%
	expect a,a,1,92.00,110.00,18.00,19.57,USD
	log 2026-04-01,c,10,0
	whatif 0 --cache-hit 0%
	whatif 2 --cache-hit 0.01%
	expect c,c,1,1.00,,,,USD
	err_has 'tokbill: 1 request has no price and is in no total: [c] (rates.ini:16) has no standard price for cached_read'
	whatif 0 --cache-hit a=60%
	log 2026-04-01,c,0,10
	whatif 0 --cache-hit 60%
}

@test "--scale, and all of them together, exactly" {
	some_rates
	log 2026-04-01,a,1,0
	whatif 0 --scale 120%
	expect a,a,1,1.00,1.20,0.20,20.00,USD
	whatif 0 --scale 0%
	expect a,a,1,1.00,0.00,-1.00,-100.00,USD
	# 1 token: (1 - 0.1234/2) x (1 - 0.5678 x 0.9) x 0.9012
	whatif 0 --batch-share 12.34% --cache-hit 56.78% --scale 90.12%
	expect a,a,1,1.00,0.4134795125208,-0.5865204874792,-58.65,USD
	# A price of 10^-9 per million, a share of a share of it.
	printf '%s\n' '[a]' 'input = 0.000000001' 'cached_read = 0' 'output = 0' 'batch_discount = 33.33%' >rates.ini
	whatif 0 --batch-share 0.01% --cache-hit 0.01% --scale 0.01%
	expect a,a,1,0.000000000000001,0.0000000000000000000999866673333,-0.0000000000000009999000133326667,-99.99,USD
}

@test "--rates-b: prices that hold instead, the others stay" {
	some_rates
	log 2026-04-01,a,10,0 2026-04-01,b,10,0
	printf '%s\n' '[a]' 'input = 900000' 'output = 1' '[new]' 'input = 1' 'output = 1' >offer.ini
	whatif 0 --rates-b offer.ini
	expect a,a,1,10.00,9.00,-1.00,-10.00,USD b,b,1,5.00,5.00,0.00,0.00,USD
	whatif 0 --rates-b offer.ini --move b=new
	expect b,new,1,5.00,0.00001,-4.99999,-100.00,USD a,a,1,10.00,9.00,-1.00,-10.00,USD
	whatif 64 --rates-b offer.ini -o offer.ini
	whatif 78 --rates-b missing.ini
	has_text "$ERR" 'missing.ini: cannot be read'
	printf '%s\n' '[gpt-4o-mini]' 'input = 0.30' 'cached_read = 0.15' 'output = 1.20' 'batch_discount = 50%' 'batch_cached_read = 0.15' >double.ini
	bill 0 whatif --rates-b double.ini "$ROOT/$MONTH"
	grep '^gpt-4o-mini,' "$OUT" | cut -d, -f7 | diff - <(echo 100.00)
}

@test "--as-of: that day's prices; the context is decided anew" {
	some_rates
	log 2026-04-01,eras,10,0 2026-10-01,eras,10,0 2026-04-01,long,100,0 2026-04-01,a,99,0
	whatif 0 --as-of 2026-09-01 --move a=long
	expect eras,eras,2,40.00,60.00,20.00,50.00,USD a,long,1,99.00,99.00,0.00,0.00,USD long,long,1,200.00,200.00,0.00,0.00,USD
	whatif 0 --as-of 2026-08-31T23:59:59Z
	expect eras,eras,2,40.00,20.00,-20.00,-50.00,USD a,a,1,99.00,99.00,0.00,0.00,USD long,long,1,200.00,200.00,0.00,0.00,USD
	log 2026-04-01,a,99,0 2026-04-01,a,100,0 2026-04-01,long,100,0
	whatif 0 --move a=long
	expect a,long,2,199.00,299.00,100.00,50.25,USD long,long,1,200.00,200.00,0.00,0.00,USD
	whatif 0 --move long=a
	expect long,a,1,200.00,100.00,-100.00,-50.00,USD a,a,2,199.00,199.00,0.00,0.00,USD
	whatif 2 --move a=late
	expect long,long,1,200.00,200.00,0.00,0.00,USD a,late,2,199.00,,,,USD
	whatif 0 --move a=late --as-of 2026-09-01
}

@test "a told context holds where the threshold stays; else the average decides, and that is told" {
	some_rates
	log_with "$SHORT,context,requests" 2026-04-01,long,100,0,base,1 2026-04-01,a,300,0,base,2
	whatif 0
	expect a,a,2,300.00,300.00,0.00,0.00,USD long,long,1,100.00,100.00,0.00,0.00,USD
	whatif 0 --move a=long
	expect a,long,2,300.00,600.00,300.00,100.00,USD long,long,1,100.00,100.00,0.00,0.00,USD
	has_text "$ERR" '1 rows sum several requests: their average decided the long-context price of a scenario'
}

@test "different currencies are not compared" {
	some_rates
	log 2026-04-01,a,10,0 2026-04-01,euro,10,0
	whatif 2 --move a=euro
	expect euro,euro,1,0.00001,0.00001,0.00,0.00,EUR a,euro,1,10.00,,,,USD
	has_text "$ERR" 'is priced in EUR and a in USD: amounts of different currencies are not compared'
}

@test "usage without a price today: named, or set aside and on both sides" {
	some_rates
	log 2026-04-01,a,10,0 2026-04-01,x,10,0 2026-04-01,x,10,0
	whatif 65 --scale 50%
	no_out
	has_text "$ERR" "log.csv:3: model: 'x': not in the rates"
	whatif 2 --scale 50% --rejects rejects
	expect a,a,1,10.00,5.00,-5.00,-50.00,USD x,,2,,,,,
	[ "$(wc -l <rejects/log.rejects.csv)" = 3 ]
	whatif 2 --scale 50% --rejects rejects -f json
	has_text "$OUT" '"baseline_cost": null'
}

@test "--by: group columns first, the model always among them" {
	some_rates
	log_with "$SHORT,project" 2026-04-01,a,10,0,p 2026-04-02,a,10,0,q 2026-04-02,b,10,0,p
	whatif 0 --scale 50% --by project
	out <<-'END'
		project,model,scenario_model,requests,baseline_cost,scenario_cost,difference,difference_pct,currency
		p,a,a,1,10.00,5.00,-5.00,-50.00,USD
		q,a,a,1,10.00,5.00,-5.00,-50.00,USD
		p,b,b,1,5.00,2.50,-2.50,-50.00,USD
	END
	whatif 0 --scale 50% --by date,model --period month
	head -n 2 "$OUT" | diff - <(printf '%s\n' date,$HEAD 2026-04,a,a,2,20.00,10.00,-10.00,-50.00,USD)
	whatif 64 --by scenario_cost
}

@test "--scenario: a section each, and a column" {
	some_rates
	log 2026-04-01,a,10,0
	cat >scenarios.ini <<-'END'
		; two ways to save
		[half]
		scale = 50%
		[batch on b]
		move = a=b
		batch-share = 100%
		cache-hit = a=50%
		as-of = 2026-09-01
		replacements = no
	END
	whatif 0 --scenario scenarios.ini
	out <<-END
		scenario,$HEAD
		half,a,a,1,10.00,5.00,-5.00,-50.00,USD
		batch on b,a,b,1,10.00,2.50,-7.50,-75.00,USD
	END
	err_has 'tokbill: half: USD 5.00 instead of 10.00: -5.00 (-50.00 %)'
	whatif 1 --scenario scenarios.ini --budget 4
	err_has 'tokbill: half: USD 5.00 exceeds the budget of 4.00'
	whatif 64 --scenario scenarios.ini --scale 50%
	printf '%s\n' '[x]' 'scael = 50%' 'move = a' '[x]' 'batch-share = 140%' >scenarios.ini
	whatif 78 --scenario scenarios.ini
	err <<-'END'
		scenarios.ini:2: scael: '50%': unknown key; did you mean 'scale'?
		scenarios.ini:3: move: 'a': not a move; type it like gpt-4o=gpt-4.1-nano or 'gpt-4*=gpt-5'
		scenarios.ini:4: a second scenario [x]; give it another name
		scenarios.ini:5: batch-share: '140%': more than 100%; type a percentage from 0% to 100%
		tokbill: the scenarios cannot be used
	END
	printf '%s\n' '' '[x]' 'move = a=bb' >scenarios.ini
	whatif 78 --scenario scenarios.ini
	err_has "tokbill: scenarios.ini:2: [x]: move: 'bb' is not in the rates; did you mean 'b'?"
}

@test "--budget: 1 when the scenario exceeds it" {
	some_rates
	log 2026-04-01,a,10,0
	whatif 0 --scale 50% --budget 5
	whatif 1 --scale 50% --budget 4.99
	err_has 'tokbill: scenario: USD 5.00 exceeds the budget of 4.99'
	expect a,a,1,10.00,5.00,-5.00,-50.00,USD
}

@test "--sweep: the curve, from one pass" {
	some_rates
	log 2026-04-01,a,10,0
	printf '%s\n' batch_share,requests,baseline_cost,scenario_cost,difference,difference_pct,currency \
		0%,1,10.00,10.00,0.00,0.00,USD 25%,1,10.00,8.75,-1.25,-12.50,USD \
		50%,1,10.00,7.50,-2.50,-25.00,USD >expected
	"$TOKBILL" whatif -q --rates rates.ini --sweep batch-share=0..50%/2 - <log.csv | diff expected -
	whatif 0 -q --sweep cache-hit=10%..10.5%/5
	cut -d, -f1,4 "$OUT" | diff - <(printf '%s\n' cache_hit,scenario_cost 10%,9.10 10.1%,9.091 10.2%,9.082 10.3%,9.073 10.4%,9.064 10.5%,9.055)
	whatif 0 -q --sweep scale=0..200%/2 --move a=b
	cut -d, -f1,4 "$OUT" | diff - <(printf '%s\n' scale,scenario_cost 0%,0.00 100%,5.00 200%,10.00)
	whatif 0 -q --sweep scale=0..200%/2 -f table
	out_has '200%          1     10.00     20.00       10.00   100.00  USD  ####################'
	whatif 0 -q --sweep scale=0..200%/2 -f json
	# What has no price at a point is in neither sum of it.
	log 2026-04-01,a,10,0 2026-04-01,c,10,0
	whatif 2 --sweep batch-share=0..10%/1
	tail -n +2 "$OUT" | diff - <(printf '%s\n' 0%,2,11.00,11.00,0.00,0.00,USD 10%,1,10.00,9.50,-0.50,-5.00,USD)
	err_has 'tokbill: at 10% 1 request has no price and is left out: [c] (rates.ini:16) has no batch price for input'
}

@test "every point of a sweep is what the option gives" {
	for share in 0% 30% 60%; do
		bill 0 whatif -q --batch-share $share --move 'gpt-5=gpt-5-mini' --rejects r "$ROOT/$MONTH" || bill 2 whatif -q --batch-share $share --move 'gpt-5=gpt-5-mini' "$ROOT/$MONTH"
		awk -F, 'NR > 1 && $5 != "" { n += $3 } END { print n }' "$OUT" >>requests
	done
	bill 2 whatif -q --sweep batch-share=0..60%/2 --move 'gpt-5=gpt-5-mini' "$ROOT/$MONTH" || bill 0 whatif -q --sweep batch-share=0..60%/2 --move 'gpt-5=gpt-5-mini' "$ROOT/$MONTH"
	tail -n +2 "$OUT" | cut -d, -f2 | diff requests -
}

@test "the table: bars to both sides, in ASCII unless the locale is UTF-8, no colour" {
	some_rates
	log 2026-04-01,a,10,0 2026-04-01,c,10,0
	whatif 0 -q -f table --move a=b --move c=a
	out <<-'END'
		model  would be  requests  baseline  scenario  difference       %   less | more   
		-------------------------------------------------------------------------------------
		c      a                1      1.00     10.00        9.00  900.00        |######  USD
		a      b                1     10.00      5.00       -5.00  -50.00     ###|        USD
		-------------------------------------------------------------------------------------
		TOTAL                   2     11.00     15.00        4.00   36.36                 USD

		Amounts are rounded to cents here; -f csv has them exactly.
	END
	LC_ALL=C.UTF-8 whatif 0 -q -f table --move a=b
	has_text "$OUT" '██████│'
	on_terminal 80 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --move a=b log.csv"
	lacks_text "$OUT" $'\033'
	TERM=xterm on_terminal 80 "'$TOKBILL' whatif -q --rates rates.ini --move a=b log.csv"
	has_text "$OUT" $'\033[32m'
	log
	whatif 0 -q -f table
	echo 'No usage to compare.' | out
}

@test "json: the run, rows, totals, and what has no price" {
	some_rates
	log 2026-04-01,a,10,0 2026-04-01,c,10,0
	whatif 2 -q -f json --batch-share 50%
	for text in '"rows_billed": 2' '"scenario_cost": "7.50"' '"scenario_cost": null' '"difference_pct": "-25.00"' \
		'"reason": "[c] (rates.ini:16) has no batch price for input"'; do
		has_text "$OUT" "$text"
	done
}

@test "the same bytes on any number of threads, in any order of rows" {
	bill 2 whatif -q --threads 1 --move '*=gpt-4.1-nano' --batch-share 33.33% --by project "$ROOT/$MONTH"
	cp "$OUT" expected
	(head -n 1 "$ROOT/$MONTH" && tail -n +2 "$ROOT/$MONTH" | tac) >turned.csv
	for threads in 2 5; do
		bill 2 whatif -q --threads $threads --move '*=gpt-4.1-nano' --batch-share 33.33% --by project turned.csv
		cmp "$OUT" expected
	done
}

@test "large rate files: chains of replacements, unknown ones, differences" {
	# What looked at every name for every model would take minutes for each of these.
	awk 'BEGIN { for (i = 0; i < 20000; i++) printf "[m%d]\ninput = %d\noutput = 1\nreplacement = m%d\n", i, i + 1, i + 1
		print "[m20000]\ninput = 5\noutput = 1" }' >chain.ini
	log 2026-04-01,m0,1000000,0 2026-04-01,m19999,1000000,0
	timeout 60 "$TOKBILL" whatif -q --replacements --rates chain.ini -f csv log.csv >"$OUT"
	expect m19999,m20000,1,20000.00,5.00,-19995.00,-99.98,USD m0,m20000,1,1.00,5.00,4.00,400.00,USD
	sed 's/replacement = m/replacement = none-of-them-/' chain.ini >unknown.ini
	timeout 60 "$TOKBILL" rates check unknown.ini >"$OUT" 2>"$ERR"
	grep -qxF 'tokbill: 20001 price eras checked: 40001 warnings' "$ERR"
	timeout 60 "$TOKBILL" rates diff chain.ini unknown.ini >"$OUT"
}

@test "copies of a request count once in every scenario" {
	some_rates
	log_with "$SHORT,request_id" 2026-04-01,a,10,0,r1 2026-04-01,a,10,0,r1 2026-04-01,a,10,0,r2
	whatif 0 --scale 50%
	expect a,a,2,20.00,10.00,-10.00,-50.00,USD
}

@test "what cannot be says what to type instead" {
	some_rates
	log 2026-04-01,a,1,1
	while IFS='|' read -r args message; do
		# shellcheck disable=SC2086 # several words
		whatif 64 $args
		no_out
		echo "tokbill: $message" | err
	done <<-'END'
		--move a=bb|--move: 'bb' is not in the rates; did you mean 'b'?
		--move erass=b|--move: 'erass' is not in the rates; did you mean 'eras'?
		--move zz*=b|--move: 'zz*' matches no model of the rates; `tokbill rates list` has their names
		--move a=b*|--move: 'b*' is a pattern, and usage moves to one model; type its name after the =
		--move a|--move: 'a': not a move; type it like gpt-4o=gpt-4.1-nano or 'gpt-4*=gpt-5'
		--move a=b --move b=a|--move: 'a' moves to 'b' and comes back to 'a': a circle; leave out one of the moves, such as b=a
		--batch-share 140%|--batch-share: '140%': more than 100%; type a percentage from 0% to 100%
		--batch-share 40|--batch-share: '40': not a percentage; type it like 40%
		--batch-share -1%|--batch-share: '-1%': not a percentage; type it like 40%
		--batch-share 1.234%|--batch-share: '1.234%': more than 2 decimals of a percent
		--batch-share bb=1%|--batch-share: 'bb' is not in the rates; did you mean 'b'?
		--batch-share 1% --batch-share 2%|--batch-share: '2%': given for all models already; type MODEL=40% for one of them
		--batch-share a=1% --batch-share b=3% --batch-share a=2%|--batch-share: 'a' is given twice; leave out one of them
		--cache-hit a*=1% --cache-hit a*=1%|--cache-hit: 'a*' is given twice; leave out one of them
		--move a=b --move a=c|--move: 'a' is given twice; leave out one of them
		--move a=b --move alias-of-a=c|--move: 'a' and 'alias-of-a' are the same model; leave out one of them
		--cache-hit 140%|--cache-hit: '140%': more than 100%; type a percentage from 0% to 100%
		--cache-hit =4%|--cache-hit: '=4%': no model before the =; type it like gpt-4o=40%, or 40% for all
		--scale 1.2|--scale: '1.2': not a percentage; type it like 120%
		--scale 1000001%|--scale: '1000001%': more than 1000000%; type a percentage from 0% to 1000000%
		--as-of 2026-13-01|--as-of: '2026-13-01': not a date such as 2027-01-01, nor an instant such as 2027-01-01T16:00:00Z
		--sweep batch-share=0..100%|--sweep: 'batch-share=0..100%': no number of steps; type it after a slash: batch-share=0..100%/10
		--sweep batch-share|--sweep: 'batch-share': nothing to vary; type it like batch-share=0..100%/10
		--sweep speed=0..100%/10|--sweep: 'speed=0..100%/10': not one of batch-share, cache-hit, scale; type it like batch-share=0..100%/10
		--sweep scale=100%/10|--sweep: 'scale=100%/10': no range; type it like batch-share=0..100%/10
		--sweep scale=0..100%/0|--sweep: 'scale=0..100%/0': the steps after the slash are a number from 1 to 1000
		--sweep scale=0..100%/3|--sweep: 'scale=0..100%/3': such steps have more than 2 decimals of a percent; type a number of steps that divides the range
		--sweep scale=50..10%/4|--sweep: 'scale=50..10%/4': the range must rise; type it like batch-share=0..100%/10
		--sweep cache-hit=0..140%/10|--sweep: 'cache-hit=0..140%/10': more than 100%; type a percentage from 0% to 100%
		--sweep scale=0..100%/10 --scale 5%|--sweep: --scale is what the sweep varies; leave it out
		--sweep scale=0..100%/10 --budget 5|--sweep and --budget: type one of them
		--budget lots|--budget: 'lots': not an amount such as 500 or 99.50, of at most 1000000000
	END
}

# A model with a price in part (a on c: its batch has none), one without, and one without today.
three_scenarios() {
	some_rates
	log_with "$SHORT,batch" 2026-04-01,a,10,5,true 2026-04-01,a,30,0,false 2026-04-01,b,10,0,false \
		2026-04-02,c,1,0,false 2026-04-02,euro,3000000,0,false 2026-04-02,x,3,0,false
	cat >scenarios.ini <<-'END'
		[on b]
		move = a=b
		[everything on the cheap one]
		move = a=c
		[batch]
		batch-share = 50%
	END
}

@test "several scenarios side by side: a row for each model, and what has no price marked and named" {
	three_scenarios
	on_terminal 120 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario scenarios.ini log.csv" || [ $? = 2 ]
	out <<-'END'
		model  requests  baseline   on b       %  everything on t~       %   batch       %  
		---------------------------------------------------------------------------------------
		euro          1      3.00   3.00    0.00             3.00     0.00      -        -  EUR
		a             2     40.00  20.00  -50.00             3.00*  -90.00  32.50   -18.75  USD
		b             1      5.00   5.00    0.00             5.00     0.00   3.75   -25.00  USD
		c             1      0.10   0.10    0.00             0.10     0.00      -        -  USD
		---------------------------------------------------------------------------------------
		TOTAL         1      3.00   3.00    0.00             3.00     0.00      -        -  EUR
		TOTAL         4     45.10  25.10  -44.35             8.10*  -76.92  36.25*  -19.44  USD

		Without a price, and not in that scenario's cost:
		  1 request, everything on the cheap one: [c] (rates.ini:16) has no batch price for input
		  1 request, batch: [c] (rates.ini:16) has no batch price for input
		  1 request, batch: [euro] (rates.ini:19) has no batch price for input
		  1 request: x has no price today

		* Not all of it has a price there: cost and % are of the part that has.
		Amounts are rounded to cents here; -f csv has them exactly.
	END
	cp "$OUT" wide
	whatif 2 -q --rejects r --scenario scenarios.ini -f table
	cmp "$OUT" wide
}

# What was asked stays: requests and the baseline go first, then percentages, then scenarios.
@test "side by side on a narrow terminal: every scenario and its % stay longest, from the left" {
	three_scenarios
	on_terminal 80 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario scenarios.ini log.csv" || [ $? = 2 ]
	sed -n '1,/^TOTAL.*USD/p; /^Left/p' "$OUT" | diff -u - <(
		cat <<-'END'
			model  baseline   on b       %  everything on t~       %   batch       %  
			-----------------------------------------------------------------------------
			euro       3.00   3.00    0.00             3.00     0.00      -        -  EUR
			a         40.00  20.00  -50.00             3.00*  -90.00  32.50   -18.75  USD
			b          5.00   5.00    0.00             5.00     0.00   3.75   -25.00  USD
			c          0.10   0.10    0.00             0.10     0.00      -        -  USD
			-----------------------------------------------------------------------------
			TOTAL      3.00   3.00    0.00             3.00     0.00      -        -  EUR
			TOTAL     45.10  25.10  -44.35             8.10*  -76.92  36.25*  -19.44  USD
			Left out to fit the terminal: requests.
		END
	)
	on_terminal 50 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario scenarios.ini log.csv" || [ $? = 2 ]
	out_has 'TOTAL  25.10             8.10*  36.25*  USD' \
		'Left out to fit the terminal: requests, baseline, % of on b, % of everything on the cheap one, % of batch.'
	on_terminal 30 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario scenarios.ini log.csv" || [ $? = 2 ]
	out_has 'TOTAL  25.10  USD'
	lacks_text "$OUT" '*'
	TERM=xterm on_terminal 120 "'$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario scenarios.ini log.csv" || [ $? = 2 ]
	has_text "$OUT" $'\033[32m'
}

@test "one scenario on a narrow terminal: the bars go first, and % stays" {
	three_scenarios
	sed -n 1,2p scenarios.ini >one.ini
	on_terminal 80 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario one.ini log.csv" || [ $? = 2 ]
	out_has 'scenario  model  would be  requests  baseline  scenario  difference       %  ' \
		'Left out to fit the terminal: bar.'
	on_terminal 60 "NO_COLOR=1 '$TOKBILL' whatif -q --rates rates.ini --rejects r --scenario one.ini log.csv" || [ $? = 2 ]
	out_has 'scenario  model  would be  scenario  difference       %  '
}

# Sums the CSV of the scenarios with fractions, and holds each row and total of the table against them.
compare_with_csv() { # CSV TABLE GROUP-COLUMNS
	python3 - "$@" <<-'END'
		import csv, sys
		from collections import defaultdict
		from fractions import Fraction as F

		groups = int(sys.argv[3])
		rows = list(csv.DictReader(open(sys.argv[1])))
		names = list(dict.fromkeys(r["scenario"] for r in rows))
		columns = list(rows[0])[1 : 1 + groups]
		whole, cost, base, lacks = (defaultdict(F) for _ in range(4))
		for r in rows:
		    for key in (tuple(r[c] for c in columns), ("TOTAL",)):
		        key += (r["currency"],)
		        if r["scenario"] == names[0]:
		            whole[key] += F(r["baseline_cost"])
		            whole[key, "requests"] += int(r["requests"])
		        at = key, r["scenario"]
		        if r["scenario_cost"]:
		            cost[at] += F(r["scenario_cost"])
		            base[at] += F(r["baseline_cost"])
		        else:
		            lacks[at] = F(1)

		def shown(x):
		    n = int(abs(x) * 100 + F(1, 2))
		    if x and not n:
		        return "<0.01"
		    return "%s%d.%02d" % ("-" if x < 0 and n else "", n // 100, n % 100)

		def cells(key):
		    out = [*key[:-1], f"{int(whole[key, 'requests']):,}", shown(whole[key])]
		    for name in names:
		        at = key, name
		        if at not in cost:
		            out += ["-", "-"]
		            continue
		        out.append(shown(cost[at]) + "*" * (at in lacks))
		        out.append(shown((cost[at] - base[at]) * 100 / base[at]).replace("<0.01", "0.00"))
		    return out + [key[-1]]

		def largest(key):
		    return max(abs(cost.get((key, n), 0) - base.get((key, n), 0)) for n in names)

		keys = [k for k in whole if k[-1] != "requests"]
		keys.sort(key=lambda k: (k[0] == "TOTAL", k[-1], -largest(k), k))
		lines = open(sys.argv[2]).read().split("\n\n")[0].splitlines()[2:]
		table = [l.split() for l in lines if not l.startswith("--")]
		assert table == [cells(k) for k in keys], (table, [cells(k) for k in keys])
	END
}

@test "side by side: every cell and the totals are the CSV's sums, computed with fractions" {
	three_scenarios
	for format in csv table; do
		whatif 2 -q --rejects r --scenario scenarios.ini -f $format
		grep -v '^,x,' "$OUT" >$format
	done
	compare_with_csv csv table 1
	cat >month.ini <<-'END'
		[third]
		batch-share = 33.33%
		cache-hit = 12.34%
		[nano]
		move = gpt*=gpt-4.1-nano
		[up]
		scale = 123.45%
	END
	for format in csv table; do
		bill 2 whatif -q --scenario month.ini --by project,model -f $format "$ROOT/$MONTH"
		cp "$OUT" $format
	done
	compare_with_csv csv table 2
	for threads in 1 3; do
		bill 2 whatif -q --threads $threads --scenario month.ini --by project,model -f table "$ROOT/$MONTH"
		cmp "$OUT" table
	done
}

@test "one scenario of a file keeps its bars; none of several has usage" {
	some_rates
	log 2026-04-01,a,10,0
	printf '%s\n' '[half]' 'scale = 50%' >scenarios.ini
	whatif 0 -q --scenario scenarios.ini -f table
	has_text "$OUT" '######|'
	printf '%s\n' '[more]' 'scale = 150%' >>scenarios.ini
	whatif 0 -q --scenario scenarios.ini -f table
	lacks_text "$OUT" '|'
	log
	whatif 0 -q --scenario scenarios.ini -f table
	echo 'No usage to compare.' | out
}

@test "examples/whatif: the scenarios, side by side" {
	bill 0 whatif -q --scenario "$ROOT/examples/whatif/scenarios.ini" --by provider "$ROOT/$MONTH"
	cut -d, -f1 "$OUT" | uniq | diff - <(printf '%s\n' scenario batch cache 'smaller models' 'all of it')
	bill 0 whatif -q --rates-b "$ROOT/examples/whatif/nano.ini" --move '*=gpt-4.1-nano' "$ROOT/$MONTH"
}
