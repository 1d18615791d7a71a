#!/usr/bin/env bats
# tokbill rates import: LiteLLM's list of models as a rate file.

load helpers

LIST=fixtures/litellm/prices.json

import() { # CODE ARG...
	local code=$1
	shift
	bill "$code" rates import "$@"
}

@test "import: the rate file, to the byte" {
	import 0 "$ROOT/$LIST"
	golden import.ini
	err_has 'tokbill: 8 of 18 models carried over' \
		'tokbill: 4 prices had the noise of binary arithmetic; notes name them' \
		'tokbill: models not carried over: 2: prices by several steps of input; a rate file has one, such as steps/example' \
		'tokbill: prices left out: 1: a price of audio, such as example-large'
	cp "$OUT" direct.ini
	import 0 -q -o file.ini "$ROOT/$LIST"
	no_err
	cmp file.ini direct.ini
	piped 0 rates import -q - <"$ROOT/$LIST"
	cmp "$OUT" direct.ini
	bill 0 rates check -q --as-of 2026-11-22 file.ini
	bill 0 rates show --as-of 2026-11-22 -f csv example-mini file.ini
	has_text "$OUT" 'example-mini,,,priority,base,output,1.00,no,USD'
}

@test "import: a log is billed with it" {
	import 0 -q -o rates.ini "$ROOT/$LIST"
	log_with "$SHORT,cached_read_tokens,batch,region" \
		2026-04-01,example-mini,1000000,1000000,400000,false, \
		2026-04-01,example-large,272001,10,0,false,us \
		2026-04-01,xai/example-thinker,128000,0,0,false, \
		2026-04-01,vendor_ai/publishers/somebody/models/example-with-a-very-long-name@20260401,1000,0,0,false,
	bill 0 report -q --rates rates.ini --by model -f csv log.csv
	rev "$OUT" | cut -d, -f2 | rev | tail -n +2 | diff - <(printf '%s\n' 2.9244945 0.72 0.00018 0.0512)
}

@test "import: everything left out is listed" {
	import 0 -q --report left.csv -o rates.ini "$ROOT/$LIST"
	head -n 1 left.csv | diff - <(echo model,line,what,key,value,reason)
	for row in \
		'example-large,53,price,input_cost_per_audio_token,1e-05,a price of audio' \
		'example-mini,31,fact,max_output_tokens,16384,no field for it' \
		'steps/example,128,model,,,prices by several steps of input; a rate file has one' \
		"twice/example,175,fact,new_key_of_next_year,3,an unknown key"; do
		has_lines left.csv "$row"
	done
	import 0 -q --report left.json -o rates.ini "$ROOT/$LIST"
	python3 -c 'import json; assert len(json.load(open("left.json"))) == 24'
}

@test "import: an independent reader of the list finds every price again" {
	import 0 -q --report left.csv -o rates.ini "$ROOT/$LIST"
	python3 "$ROOT/tests/oracle/imported.py" "$ROOT/$LIST" rates.ini left.csv
	for seed in 1 2 3 4 5; do
		python3 "$ROOT/tests/oracle/imported.py" --generate $seed >list.json
		import 0 -q --report left.csv -o rates.ini list.json
		python3 "$ROOT/tests/oracle/imported.py" list.json rates.ini left.csv
	done
}

@test "import: cut and bent files are refused, whatever they are" {
	for bytes in 0 1 100 1000 5000; do
		head -c $bytes "$ROOT/$LIST" >cut.json
		import 65 -o out.ini cut.json
		grep -q '^tokbill: cut.json:[0-9]*: the file ends in the middle; was it cut?$' "$ERR"
		[ ! -e out.ini ]
	done
	head -c 100000 /dev/urandom >noise.json
	import 65 noise.json
	no_out
	printf '{"a": {"mode": "embedding"}}' >none.json
	import 65 none.json
	err_has 'tokbill: none.json: none of its 1 models can be carried over'
	python3 -c 'print("[" * 3000000)' >deep.json
	import 65 deep.json
	python3 -c 'print("{\"m\": {" + ", ".join("\"k%d\": 1" % i for i in range(2000)) + "}}")' >wide.json
	import 65 wide.json
	err_has 'tokbill: wide.json:1: a model of more than 1,000 keys'
}

@test "import: more than 64 MiB are no list" {
	truncate -s 64M big.json
	printf x >>big.json
	import 65 big.json
	err_has 'tokbill: big.json: larger than 64 MiB, which no list is'
}

@test "import: the rate file and the list are written both or neither" {
	echo old >left.csv
	import 73 -q --report left.csv -o nowhere/rates.ini "$ROOT/$LIST"
	echo old | diff - left.csv
	import 74 -q --report left.csv -o /dev/full "$ROOT/$LIST"
	echo old | diff - left.csv
	mkdir taken.ini
	import 73 -q --report new.csv -o taken.ini "$ROOT/$LIST"
	[ ! -e new.csv ]
	ls -A | sort | diff - <(printf '%s\n' left.csv taken.ini)
	import 0 -q --report left.csv -o rates.ini "$ROOT/$LIST"
	grep -q ^model, left.csv
}

@test "import: the command line" {
	cp "$ROOT/$LIST" list.json
	import 64
	err_has "tokbill: 0 files given; name one, LiteLLM's model_prices_and_context_window.json, or - for standard input"
	import 64 list.json list.json
	import 64 -o list.json list.json
	echo 'tokbill: list.json: is the input and would be replaced; choose another place' | err
	import 64 -o x --report x list.json
	import 66 nosuch.json
	echo 'tokbill: nosuch.json: No such file or directory' | err
	import 66 .
	import 73 -o nowhere/x.ini list.json
	cmp list.json "$ROOT/$LIST"
}

@test "a model with batch prices is not doubted for the batch word that LiteLLM lacks" {
	cat >list.json <<-'END'
	{"m": {"mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
	       "input_cost_per_token_batches": 5e-07, "output_cost_per_token_batches": 1e-06,
	       "supports_vision": true}}
	END
	bill 0 rates import -o list.ini list.json
	has_lines list.ini "capabilities = vision batchSupport"
	log_with date,model,input_tokens,output_tokens,batch 2026-04-01,m,1,1,true
	bill 0 report -q --strict --rates list.ini log.csv
}

# A list of one model, 1 for input and 2 for output, and what else stands there.
list_of() { # MORE-KEYS
	cat >list.json <<-END
	{"m": {"mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, $1}}
	END
}

@test "import: hours off peak are billed at their price" {
	# 0.6 million at 0.3, 0.4 million cached at 0.006, 0.1 million out at 1.2: 0.3024; half of it off
	# peak, which in Beijing is at noon, at night and at the weekend.
	cat >list.json <<-'END'
	{"deepseek/ds-flash": {"litellm_provider": "deepseek", "mode": "chat",
	  "input_cost_per_token": 3e-07, "output_cost_per_token": 1.2e-06, "cache_read_input_token_cost": 6e-09,
	  "off_peak_pricing": {
	    "windows": [{"hours_utc": ["00:00-01:00", "04:00-06:00", "10:00-00:00"]},
	                {"hours_utc": "00:00-00:00", "weekdays": ["Sat", "Sun"]}],
	    "weekday_timezone": "Asia/Shanghai", "input_cost_per_token": 1.5e-07,
	    "output_cost_per_token": 6e-07, "cache_read_input_token_cost": 3e-09}}}
	END
	bill 0 rates import -o list.ini list.json
	log_with time,model,input_tokens,cached_tokens,output_tokens \
		2026-09-21T12:00:00Z,deepseek/ds-flash,1000000,400000,100000 \
		2026-09-21T01:00:00Z,deepseek/ds-flash,1000000,400000,100000 \
		2026-09-21T04:00:00Z,deepseek/ds-flash,1000000,400000,100000 \
		2026-09-26T01:00:00Z,deepseek/ds-flash,1000000,400000,100000
	bill 0 report -q --rates list.ini --by time log.csv
	tail -n +2 "$OUT" | cut -d, -f1,12 | diff - <(printf '%s\n' 2026-09-21T01:00:00Z,0.3024 \
		2026-09-21T04:00:00Z,0.1512 2026-09-21T12:00:00Z,0.1512 2026-09-26T01:00:00Z,0.1512)
}

@test "import: the multipliers of a vendor's regions are uplifts, what else it has is named" {
	# 1,000 in at 1, 100 out at 2, and a tenth more in the US.
	list_of '"provider_specific_entry": {"us": 1.1, "fast": 6.0}'
	bill 0 rates import --report left.csv -o list.ini list.json
	err_has "tokbill: prices left out: 1: a multiplier of one vendor's own, such as m"
	grep -q '^m,1,price,provider_specific_entry.fast,6.0,' left.csv
	log_with date,model,input_tokens,output_tokens,region 2026-04-01,m,1000,100,us 2026-04-01,m,1000,100,
	bill 0 report -q --rates list.ini --by region log.csv
	tail -n +2 "$OUT" | cut -d, -f1,12 | diff - <(printf '%s\n' ,0.0012 us,0.00132)
}

@test "import: searches of one price are billed" {
	list_of '"search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_high": 0.01}'
	bill 0 rates import -o list.ini list.json
	log_with date,model,input_tokens,output_tokens,web_searches 2026-04-01,m,1000,100,3
	bill 0 report -q --rates list.ini log.csv
	tail -n 1 "$OUT" | cut -d, -f13 | diff - <(echo 0.0312)
}

@test "import: other names, quoted prices, and an unknown price of input" {
	cat >list.json <<-'END'
	{"$schema": "x", "m-latest": {"alias_of": "m"},
	 "m": {"mode": "chat", "input_cost_per_token": "4e-07", "output_cost_per_token": "1.6e-06"},
	 "n": {"mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06,
	       "input_cost_per_token_at_night": 5e-07}}
	END
	bill 0 rates import -o list.ini list.json
	err_has 'tokbill: 2 of 4 models carried over' \
		'tokbill: models not carried over: 1: a price under a condition, or of a unit, that is not known here, such as n'
	log 2026-04-01,m-latest,1000000,1000000
	bill 0 report -q --rates list.ini log.csv
	expect_rows 2026-04-01,m,1000000,1000000,2.00
}

@test "import: other lists are named for what they are" {
	echo '{"data": [{"id": "a/b", "pricing": {"prompt": "0.000005"}}]}' >api.json
	import 65 api.json
	err_has "tokbill: api.json: is a list in \"data\", as OpenRouter's API and the /model/info of a LiteLLM proxy give it, and not LiteLLM's model_prices_and_context_window.json"
	echo '{"openai": {"id": "openai", "models": {"gpt-z": {"cost": {"input": 2, "output": 8}}}}}' >dev.json
	import 65 dev.json
	err_has "tokbill: dev.json: is the list of models.dev, by provider, and not LiteLLM's model_prices_and_context_window.json"
	no_out
}
