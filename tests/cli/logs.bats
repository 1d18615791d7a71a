#!/usr/bin/env bats
# Usage logs: what is refused and what is taken (contract section 3).

load helpers

AGAIN='tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR'

# A row behind the short header has this problem; it is line 2.
refused_row() { # ROW PROBLEM
	unit_rates
	log "$1"
	refused "log.csv:2: $2"
}

# The same with further columns, in a log "$SHORT,COLUMNS".
refused_with() { # COLUMNS ROW PROBLEM
	unit_rates
	log_with "$SHORT,$1" "$2"
	refused "log.csv:2: $3"
}

# log.csv has these problems and nothing else is said, nothing is written.
refused() { # PROBLEM...
	echo old >report.csv
	bill 65 report --rates rates.ini -o report.csv log.csv
	no_out
	echo old | diff - report.csv
	(printf '%s\n' "$@" && echo "$AGAIN") | err
}

# A header that cannot be used.
refused_header() { # HEADER PROBLEM...
	unit_rates
	log_with "$1"
	shift
	bill 65 report --rates rates.ini log.csv
	no_out
	(printf 'log.csv:1: %s\n' "$@" && echo "tokbill: log.csv: the header cannot be used${LEADS_ON:-}") | err
}

# A file of these bytes (printf escapes) is told not to be a log at all.
refused_file() { # BYTES WHAT
	unit_rates
	# shellcheck disable=SC2059 # it is a format on purpose
	printf "$1" >log.csv
	bill 65 report --rates rates.ini log.csv
	no_out
	printf '%s\n' "log.csv:1: the file $2" "tokbill: log.csv $2" | err
}

# log.csv costs so much.
costs() { # COST
	unit_rates
	bill 0 report --rates rates.ini log.csv
	tail -n 1 "$OUT" | cut -d, -f13 | diff - <(echo "$1")
}

# ---- counts ----

@test "counts that are no plain digits" {
	local count
	for count in -5 -0 +5 ' 5' '5 ' 1e6 1_000 '1 000' null - N/A NaN inf 0x10 1. .0 1.05 1.0.0 1.5 ' ' １２; do
		refused_row "2026-04-01,m,$count,1" \
			"input_tokens: '$count': not a whole number in plain digits"
	done
	refused_row '2026-04-01,m,"1,000",1' "input_tokens: '1,000': not a whole number in plain digits"
	refused_row '2026-04-01,m,1,x' "output_tokens: 'x': not a whole number in plain digits"
}

@test "required counts that are empty" {
	refused_row 2026-04-01,m,,1 "input_tokens: '': empty"
	refused_row '2026-04-01,m,"",1' "input_tokens: '': empty"
	refused_row 2026-04-01,m,1, "output_tokens: '': empty"
}

@test "counts out of range" {
	local large='out of range: more than 9223372036854775807' long='out of range: more than 19 digits'
	refused_row 2026-04-01,m,9223372036854775808,1 "input_tokens: '9223372036854775808': $large"
	refused_row 2026-04-01,m,9999999999999999999,1 "input_tokens: '9999999999999999999': $large"
	refused_row 2026-04-01,m,18446744073709551616,1 "input_tokens: '18446744073709551616': $long"
	refused_row 2026-04-01,m,00000000000000000001,1 "input_tokens: '00000000000000000001': $long"
	refused_row "2026-04-01,m,$(printf '%0100d' 1),1" \
		"input_tokens: '$(printf '%080d' 0)...': $long"
}

@test "optional counts: empty is 0, requests 1; anything else is refused" {
	log_with "$SHORT,cached_tokens,cache_write_tokens,cache_write_1h_tokens,reasoning_tokens,requests" \
		2026-04-01,m,1,1,,,,,
	unit_rates
	bill 0 report --rates rates.ini log.csv
	tail -n 1 "$OUT" | diff - <(echo 2026-04-01,m,1,1,0,0,1,0,3.00,0.00,0.00,0.00,3.00,USD)
	local column
	for column in cached_tokens cache_write_tokens cache_write_1h_tokens reasoning_tokens requests; do
		refused_with "$column" 2026-04-01,m,1,1,x "$column: 'x': not a whole number in plain digits"
		refused_with "$column" '2026-04-01,m,1,1, ' "$column: ' ': not a whole number in plain digits"
	done
}

@test "parts larger than the whole" {
	refused_with cached_tokens 2026-04-01,m,10,1,11 \
		"input_tokens: '10': less than its parts: 11 cached read, 0 cache write, 0 cache write 1h"
	refused_with cached_tokens,cache_write_tokens,cache_write_1h_tokens 2026-04-01,m,10,1,5,4,2 \
		"input_tokens: '10': less than its parts: 5 cached read, 4 cache write, 2 cache write 1h"
	# A sum that wraps around 2^64 would be small.
	refused_with cached_tokens,cache_write_tokens,cache_write_1h_tokens \
		2026-04-01,m,10,1,9223372036854775807,9223372036854775807,2 \
		"input_tokens: '10': less than its parts: 9223372036854775807 cached read, 9223372036854775807 cache write, 2 cache write 1h"
	refused_with reasoning_tokens 2026-04-01,m,10,1,2 \
		"output_tokens: '1': less than its part: 2 reasoning tokens"
}

@test "no tokens at all are a request that costs nothing" {
	log 2026-04-01,m,0,0
	costs 0.00
	cut -d, -f3 "$OUT" | diff - <(printf 'requests\n1\n')
}

# ---- times ----

@test "dates that do not exist" {
	local why='no such date between 1970 and 9999' day
	for day in 2026-02-30 2026-02-29 1900-02-29 2026-13-01 2026-00-10 2026-04-31 2026-04-00 0000-01-01 1969-12-31; do
		refused_row "$day,m,1,1" "date: '$day': $why"
		refused_row "${day}T00:00:00Z,m,1,1" "date: '${day}T00:00:00Z': $why"
	done
}

@test "times of day that do not exist, the leap second among them" {
	local time
	for time in 24:00:00 23:60:00 23:59:60 23:59:61 99:99:99; do
		refused_row "2026-06-30T${time}Z,m,1,1" "date: '2026-06-30T${time}Z': no such time of day"
	done
}

@test "zones that do not exist" {
	local zone
	for zone in z +2 +0200 +24 +24:00 +02:60 ' +02:00' ' Z' ' utc' UTC Zx; do
		refused_row "2026-04-01T00:00:00$zone,m,1,1" \
			"date: '2026-04-01T00:00:00$zone': not a zone; use Z or an offset such as +02:00"
	done
}

@test "what is no time" {
	local why='not a time; use 2026-04-01T10:15:00Z, 2026-04-01, or 10 digits of Unix seconds or 13 of milliseconds'
	local time
	for time in 3/14/2026 2026-3-14 2026-04-1 12026-04-01 20260401 2026-04 ' 2026-04-01' '2026-04-01 ' \
		2026-04-01T10:15 2026-04-01T10:15Z 2026-04-01t10:15:00Z 2026-04-01T10:15:00.Z 2026-04-01T10:15:00,5Z \
		2026-04-01T1:15:00Z 177503130 17750313000 177503130000 -775031300 1775031300.5 null ２０２６-04-01; do
		case $time in *,*) refused_row "\"$time\",m,1,1" "date: '$time': not a zone; use Z or an offset such as +02:00" && continue ;; esac
		refused_row "$time,m,1,1" "date: '$time': $why"
	done
	refused_row ,m,1,1 "date: '': empty"
}

@test "times outside 1970 to 9999 once they are in UTC" {
	local why='outside the years 1970 to 9999 in UTC'
	refused_row 1970-01-01T00:00:00+00:01,m,1,1 "date: '1970-01-01T00:00:00+00:01': $why"
	refused_row 9999-12-31T23:59:59-00:01,m,1,1 "date: '9999-12-31T23:59:59-00:01': $why"
}

@test "times that are taken, and their days" {
	unit_rates
	log 2024-02-29,m,1,0 2000-02-29,m,1,0 '2026-04-01 23:59:59.999999999Z,m,1,0' \
		2026-04-02T00:30:00+01:00,m,1,0 2026-04-01T23:30:00-01:00,m,1,0 1775088000,m,1,0 \
		1775087999999,m,1,0 1970-01-01T00:00:00Z,m,1,0 9999-12-31T23:59:59Z,m,1,0 \
		2026-04-03T00:00:00-00:00,m,1,0 0000000000,m,1,0
	bill 0 report --rates rates.ini log.csv
	expect_rows 1970-01-01,m,2,0,2.00 2000-02-29,m,1,0,1.00 2024-02-29,m,1,0,1.00 \
		2026-04-01,m,3,0,3.00 2026-04-02,m,2,0,2.00 2026-04-03,m,1,0,1.00 9999-12-31,m,1,0,1.00
}

# ---- the other fields ----

@test "models: empty, with control characters, long" {
	refused_row 2026-04-01,,1,1 "model: '': empty"
	refused_row $'2026-04-01,m\e[31m,1,1' "model: 'm\\x1b[31m': holds a control character"
	refused_row $'2026-04-01,m\t,1,1' "model: 'm\\x09': holds a control character"
	refused_row $'2026-04-01,m\x7f,1,1' "model: 'm\\x7f': holds a control character"
	refused_row $'2026-04-01,m\xc2\x9b,1,1' "model: 'm\\x9b': holds a control character"
	refused_row $'2026-04-01,"m\nn",1,1' "model: 'm\\x0an': holds a control character"
	refused_row "2026-04-01,$(printf '%0300d' 0),1,1" \
		"model: '$(printf '%080d' 0)...': not in the rates; add it to a rate file (--rates)"
}

@test "a long value is cut by characters, not bytes" {
	local word=ä long=
	for ((i = 0; i < 90; i++)); do long+=$word; done
	refused_row "2026-04-01,$long,1,1" \
		"model: '${long:0:160}...': not in the rates; add it to a rate file (--rates)"
}

@test "batch: true, false, yes, no, 1, 0 in any case" {
	local word
	for word in 2 t T y n on off ' true' 'true ' null -; do
		refused_with batch "2026-04-01,m,1,1,$word" "batch: '$word': not one of true, false, yes, no, 1, 0"
	done
	unit_rates
	echo 'batch_discount = 100%' >>rates.ini
	log_with "$SHORT,batch" 2026-04-01,m,1,0, 2026-04-01,m,1,0,false 2026-04-01,m,1,0,FALSE \
		2026-04-01,m,1,0,No 2026-04-01,m,1,0,0 2026-04-01,m,1,0,true 2026-04-01,m,1,0,TRUE \
		2026-04-01,m,1,0,yEs 2026-04-01,m,1,0,1
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,9,0,5.00
}

@test "service_tier: standard, default, auto, batch, flex, priority, in any case" {
	local word
	# Words of vendors mean something in their own exports alone.
	for word in scale economy ' batch' flex-tier incentivized-tier; do
		refused_with service_tier "2026-04-01,m,1,1,$word" \
			"service_tier: '$word': not one of standard, default, auto, batch, flex, priority"
	done
}

@test "batch and service_tier together" {
	local why='contradicts the batch column, which says yes'
	refused_with batch,service_tier 2026-04-01,m,1,1,true,flex "service_tier: 'flex': $why"
	refused_with batch,service_tier 2026-04-01,m,1,1,1,priority "service_tier: 'priority': $why"
	unit_rates
	echo 'batch_discount = 100%' >>rates.ini
	log_with "$SHORT,batch,service_tier" 2026-04-01,m,1,0,true,default 2026-04-01,m,1,0,true, \
		2026-04-01,m,1,0,true,batch 2026-04-01,m,1,0,no,batch
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,4,0,0.00
}

@test "tiers in any case, counts with a fraction of zeros, and times of databases" {
	printf '[m]\ninput = 1000000\noutput = 2000000\nbatch_discount = 50%%\nflex_discount = 75%%\n' >rates.ini
	log_with "$SHORT,service_tier" '2026-04-01 23:30:00-07,m,8.0,4.000,BATCH' \
		'2026-04-02 00:30:00.5+00,m,8,4,Flex' '2026-04-02 00:30:00 UTC,m,8.0,4,Default'
	bill 0 report --rates rates.ini log.csv
	# 8 + 2 x 4 = 16 at half, a quarter and the whole of the price.
	expect_rows 2026-04-02,m,24,12,28.00
}

@test "total_tokens must be the input and the output" {
	refused_with total_tokens 2026-04-01,m,10,1,12 \
		"total_tokens: '12': the total is 12, but the counts add up to 11"
	refused_with cached_tokens,total_tokens 2026-04-01,m,10,1,5,16 \
		"total_tokens: '16': the total is 16, but the counts add up to 11; it is right if cached counts stand apart from the input: say so in a format file (cached = apart)"
	unit_rates
	log_with "$SHORT,reasoning_tokens,total_tokens" 2026-04-01,m,10,2,1,12 2026-04-01,m,10,2,1,
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,20,4,28.00
}

@test "context: base or long" {
	local word
	for word in Base LONG short 1; do
		refused_with context "2026-04-01,m,1,1,$word" "context: '$word': not one of base, long"
	done
}

# ---- headers ----

@test "every accepted name of a column" {
	unit_rates
	echo 'batch_discount = 100%' >>rates.ini
	local time input output cached requests
	for time in timestamp time date created_at start_time; do
		log_with "$time,model,input_tokens,output_tokens" 2026-04-01,m,1,0
		bill 0 report --rates rates.ini log.csv
	done
	for input in input_tokens prompt_tokens; do
		for output in output_tokens completion_tokens; do
			log_with "$output,$input,model,date" 1,2,m,2026-04-01
			bill 0 report --rates rates.ini log.csv
			expect_rows 2026-04-01,m,2,1,4.00
		done
	done
	for cached in cached_read_tokens cached_tokens cached_input_tokens input_cached_tokens \
		cache_write_tokens cache_write_1h_tokens; do
		log_with "$SHORT,$cached" 2026-04-01,m,1,0,1
		bill 65 report --rates rates.ini log.csv
	done
	for requests in requests num_model_requests; do
		log_with "$SHORT,$requests" 2026-04-01,m,1,0,7
		bill 0 report --rates rates.ini log.csv
		cut -d, -f3 "$OUT" | diff - <(printf 'requests\n7\n')
	done
}

@test "missing required columns, with the nearest one there is" {
	local LEADS_ON='; --map FIELD=COLUMN reads a field from a column of another name'
	refused_header date,model,input_token,output_tokens \
		"header: no column for input_tokens (accepted: input_tokens, prompt_tokens); is 'input_token' meant?"
	refused_header x,y \
		'header: no column for timestamp (accepted: timestamp, time, date, created_at, start_time)' \
		'header: no column for model (accepted: model)' \
		'header: no column for input_tokens (accepted: input_tokens, prompt_tokens)' \
		'header: no column for output_tokens (accepted: output_tokens, completion_tokens)'
}

@test "a column that has its meaning already is not proposed for a missing one" {
	local LEADS_ON='; --map FIELD=COLUMN reads a field from a column of another name'
	refused_header date,model,input_tokens \
		'header: no column for output_tokens (accepted: output_tokens, completion_tokens)'
}

@test "two columns for one field, and two of one name" {
	refused_header "$SHORT,timestamp" \
		"header: 'timestamp': says the same as column 'date'; remove or rename one of them"
	refused_header "$SHORT,cached_tokens,cached_read_tokens" \
		"header: 'cached_read_tokens': says the same as column 'cached_tokens'; remove or rename one of them"
	refused_header "$SHORT,model" "header: 'model': two columns of that name"
	refused_header "$SHORT,team,team" "header: 'team': two columns of that name"
}

@test "names of columns whatever their case, and whatever joins their words" {
	unit_rates
	echo 'cached_read = 500000' >>rates.ini
	log_with 'DATE,Model, Input Tokens ,output-tokens,Cached_Tokens' 2026-04-01,m,10,1,4
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,10,1,10.00
	refused_header "$SHORT,Output Tokens" \
		"header: 'Output Tokens': says the same as column 'output_tokens'; remove or rename one of them"
	refused_header "$SHORT,Cached Tokens,cached-tokens" \
		"header: 'cached-tokens': says the same as column 'Cached Tokens'; remove or rename one of them"
}

# ---- columns that nobody reads ----

@test "columns that are usage by their names and values are never passed over" {
	unit_rates
	local name value
	while IFS='|' read -r name value; do
		log_with "$SHORT,$name" 2026-04-01,m,10,1, "2026-04-01,m,10,1,$value"
		bill 65 report --rates rates.ini log.csv
		no_out
		has_text "$ERR" "log.csv:3: $name: '$value': is usage by its name, and is not read"
		has_text "$ERR" '--ignore'
		bill 0 report -q --rates rates.ini --ignore "$name" log.csv
		expect_rows 2026-04-01,m,20,2,24.00
		bill 0 report -q --rates rates.ini --ignore '*' log.csv
	done <<-'END'
		cache_creation_tokens|500
		cacheReadTokens|500
		cacheCreationTokens|500
		cache_read|500
		cache_write|500
		cached_input|500
		cached_prompt_tokens|500
		prompt_cache_hit_tokens|500
		cached|500
		tokens_cached|500.0
		cached_content_tokens|500
		input_cache_read|500
		cache_read_input_token_count|500
		Cache Read|500
		cache_read_tokens|500
		cache_tokens|500
		cachedInputTokens|500
		cached_input_token|500
		cache_hit_tokens|500
		input_cache_write_tokens|500
		prompt_tokens_details.cached_tokens|500
		prompt_tokens_details.cache_write_tokens|500
		thinking_tokens|500
		thoughts|500
		audio_tokens|500
		output_image|7
		request_count|9
		n_requests|9
		web_search_requests|2
		is_batch|True
		is_batch|1
		isBatch|yes
		processing_tier|Flex
		mode|batch
		speed|fast
	END
}

@test "columns that are no usage, or hold none, are still passed over" {
	unit_rates
	log_with "$SHORT,max_tokens,tokens_per_second,request_path,cache_hit,tier_name,batch_id,cached,note" \
		2026-04-01,m,10,1,4096,55.2,/v1/chat,false,standard,b-17,0,5
	bill 0 report -q --strict --rates rates.ini log.csv
	no_err
	# --map reads a column in place of the usual one; a format file describes its log.
	log_with "$SHORT,cache_read,billed" 2026-04-01,m,10,1,0,20
	bill 0 report -q --rates rates.ini --map input_tokens=billed log.csv
	expect_rows 2026-04-01,m,20,1,22.00
	log_with "$SHORT,cache_read,billed" 2026-04-01,m,10,1,4,20
	bill 65 report -q --rates rates.ini --map input_tokens=billed log.csv
	printf '[format f]\ninput_tokens = billed\n' >f.ini
	bill 0 report -q --rates rates.ini --format-file f.ini log.csv
	expect_rows 2026-04-01,m,20,1,22.00
}

@test "the first row with such usage is named, on any number of threads; with --rejects too" {
	unit_rates
	{
		echo "$SHORT,cache_read"
		awk 'BEGIN { for (i = 1; i <= 300000; i++) print "2026-04-01,m,10,1," (i > 200000 ? i : 0) }'
	} >log.csv
	local threads
	for threads in 1 2 4; do
		bill 65 report --rates rates.ini --threads $threads --rejects rejects log.csv
		err_has "log.csv:200002: cache_read: '200001': is usage by its name, and is not read; --map cached_read_tokens=cache_read reads it as part of the input (where it stands apart: a format file with cached = apart), --ignore cache_read leaves it out" \
			'tokbill: log.csv: holds usage that is not read'
	done
}

@test "places and ids that are not read are warned of" {
	unit_rates
	log_with "$SHORT,geo,uuid" 2026-04-01,m,10,1,global,a 2026-04-01,m,10,1,us-east-1,b
	bill 0 report -q --rates rates.ini log.csv
	err <<-'END'
		tokbill: log.csv: column 'geo' holds 'us-east-1' (line 3) and is not read: --map region=geo where prices depend on the region; --ignore geo leaves it out
		tokbill: log.csv: column 'uuid' looks like an id and is not read: --map request_id=uuid finds copies of a request; --ignore uuid leaves it out
	END
	bill 65 report -q --strict --rates rates.ini log.csv
	bill 0 report -q --strict --rates rates.ini --ignore geo --ignore UUID log.csv
	no_err
}

@test "another separator than a comma" {
	refused_header 'date;model;input_tokens;output_tokens' \
		"header: 'date;model;input_tokens;output_tokens': found 1 column; is the separator ';' instead of a comma?"
	refused_header $'date\tmodel\tinput_tokens\toutput_tokens' \
		"header: 'date\\x09model\\x09input_tokens\\x09output_tokens': found 1 column; is the separator 'tab' instead of a comma?"
	refused_header 'date|model|input_tokens|output_tokens' \
		"header: 'date|model|input_tokens|output_tokens': found 1 column; is the separator '|' instead of a comma?"
}

@test "a header with a broken quote" {
	refused_header 'date,mo"del,input_tokens,output_tokens' \
		"'date,mo\"del,input_tokens,ou': a quote inside a field that does not begin with one"
	refused_header '"date' "'\"date': the quote opened in line 1 is never closed"
}

@test "a bare byte in the header" {
	unit_rates
	printf 'date,model,input_tokens,output_tokens,x\ry\n' >log.csv
	bill 65 report --rates rates.ini log.csv
	err_has "log.csv:1: 'kens,output_tokens,x\\x0dy': bare carriage return at byte 40 of the line" \
		'tokbill: log.csv: the header cannot be used'
}

@test "the header line again" {
	unit_rates
	log 2026-04-01,m,1,1 "$SHORT" 2026-04-01,m,1,1
	refused "log.csv:3: date: 'date': the header line again; were files joined with cat?"
}

@test "unknown columns, without a name as well, are ignored" {
	log_with "x,$SHORT,,\"a,b\"," 1,2026-04-01,m,1,1,2,3,4
	costs 3.00
	# A file of one's own rejects, twice.
	log_with "$SHORT,reject_line,reject_reason,reject_line,reject_reason" 2026-04-01,m,1,1,2,x,3,y
	costs 3.00
}

# ---- structure ----

@test "too few and too many fields" {
	refused_row 2026-04-01,m,1 "'2026-04-01,m,1': 3 fields, but the header has 4; put in what is missing, if only commas"
	refused_row 2026-04-01,m,1,1, "'2026-04-01,m,1,1,': 5 fields, but the header has 4; put a field that holds a comma in quotes"
	refused_row '   ' "'   ': 1 field, but the header has 4; put in what is missing, if only commas"
}

@test "stray quotes" {
	refused_row '2026-04-01,m"x,1,1' \
		"model: '2026-04-01,m\"x,1,1': a quote inside a field that does not begin with one"
	refused_row '2026-04-01,"m"x,1,1' \
		"model: '2026-04-01,\"m\"x,1,1': text behind the closing quote of a field"
	refused_row '2026-04-01, "m",1,1' \
		"model: '2026-04-01, \"m\",1,1': a quote inside a field that does not begin with one"
}

@test "a quote that is never closed: the line it was opened in" {
	unit_rates
	log 2026-04-01,m,1,1 '2026-04-01,"m,1,1' 2026-04-01,m,1,1 2026-04-01,m,1,1
	refused "log.csv:3: model: '2026-04-01,\"m,1,1\\x0a2026-04-01,m,1,1\\x0a2026-04-01,m,1,1': the quote opened in line 3 is never closed"
	# Not the line its record begins in.
	log_with "$SHORT,a,b" $'2026-04-01,m,1,1,"x\ny\nz","open'
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'log.csv:2: b: '
	has_text "$ERR" 'the quote opened in line 4 is never closed'
}

@test "line numbers count the lines inside quotes" {
	unit_rates
	log_with "$SHORT,x" $'2026-04-01,m,1,1,"a\nb\n\nc"' '' 2026-04-01,m,x,1,
	refused "log.csv:7: input_tokens: 'x': not a whole number in plain digits"
}

@test "bytes that are no text" {
	unit_rates
	printf '%s\n2026-04-01,m\0,1,1\n2026-04-01,m,1\r,1\n2026-04-01,\377,1,1\n2026-04-01,\300\257,1,1\n2026-04-01,m,1,1\n' "$SHORT" >log.csv
	refused "log.csv:2: '2026-04-01,m\\x00,1,1': NUL byte at byte 13 of the line" \
		"log.csv:3: '2026-04-01,m,1\\x0d,1': bare carriage return at byte 15 of the line" \
		"log.csv:4: '2026-04-01,\\xff,1,1': invalid UTF-8 at byte 12 of the line" \
		"log.csv:5: '2026-04-01,\\xc0\\xaf,1,1': invalid UTF-8 at byte 12 of the line"
}

@test "broken bytes in a column that nobody reads are refused as well" {
	unit_rates
	printf '%s,x\n2026-04-01,m,1,1,\355\240\200\n2026-04-01,m,1,1,\364\220\200\200\n' "$SHORT" >log.csv
	bill 65 report --rates rates.ini log.csv
	[ "$(grep -c 'invalid UTF-8 at byte 18 of the line' "$ERR")" = 2 ]
}

@test "a file of bare carriage returns" {
	unit_rates
	printf 'date,model,input_tokens,output_tokens\r2026-04-01,m,1,1\r' >log.csv
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'bare carriage return at byte 38 of the line'
}

@test "a Ctrl-Z at the end" {
	unit_rates
	printf '%s\n2026-04-01,m,1,1\n\032' "$SHORT" >log.csv
	bill 65 report --rates rates.ini log.csv
	err_has "log.csv:3: '\\x1a': 1 field, but the header has 4; put in what is missing, if only commas"
}

@test "files of another kind" {
	refused_file '\377\376d\0a\0' 'is UTF-16, expected UTF-8'
	refused_file '\376\377\0d\0a' 'is UTF-16, expected UTF-8'
	refused_file 'd\0a\0t\0e\0' 'is UTF-16, expected UTF-8'
	refused_file '\377\376\0\0d\0\0\0' 'is UTF-32, expected UTF-8'
	refused_file '\0\0\376\377\0\0\0d' 'is UTF-32, expected UTF-8'
	refused_file 'PK\003\004\0\0' 'is a ZIP archive or a spreadsheet; unpack it or export it as CSV'
	refused_file 'PAR1\0\0' 'is Parquet; export it as CSV'
	refused_file 'Obj\001\0' 'is Avro; export it as CSV'
	refused_file '%%PDF-1.7\n' 'is a PDF; download the export as CSV'
	refused_file '\320\317\021\340\0' 'is a workbook (.xls); save the sheet as CSV'
	refused_file '{"object":"list"}' 'looks like JSON; a usage log is CSV with a header line'
	refused_file '[]' 'looks like JSON; a usage log is CSV with a header line'
}

@test "archives and workbooks made by their programs are named, with what to do" {
	unit_rates
	log 2026-04-01,m,1,1
	xz -k log.csv && bzip2 -k log.csv
	mkdir sub && mv log.csv.xz log.csv.bz2 sub
	tar -cf logs.tar log.csv
	tar -czf logs.tgz log.csv
	declare -A why=([sub/log.csv.xz]='is compressed with xz; pipe it in: xz -dc FILE | tokbill ... -'
		[sub/log.csv.bz2]='is compressed with bzip2; pipe it in: bzip2 -dc FILE | tokbill ... -'
		[logs.tar]='is a tar archive; unpack it, and name the files or their directory'
		[logs.tgz]='is a tar archive; unpack it, and name the files or their directory')
	for name in "${!why[@]}"; do
		bill 65 report --rates rates.ini "$name"
		err_has "$name:1: the file ${why[$name]}"
	done
	xz -dc sub/log.csv.xz | piped 0 report -q --rates rates.ini -
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "zstd data may begin with frames that are to be skipped" {
	unit_rates
	log 2026-04-01,m,1,1
	for n in 0 7 15; do
		{
			printf "\\x$(printf %x $((0x50 + n)))\\x2a\\x4d\\x18\\x04\\0\\0\\0abcd"
			zstd -c log.csv
		} >log.csv.zst
		bill 0 report -q --rates rates.ini log.csv.zst
		expect_rows 2026-04-01,m,1,1,3.00
	done
}

@test "an empty file, and one of blank lines" {
	unit_rates
	for bytes in '' '\n\n\r\n' '\357\273\277'; do
		# shellcheck disable=SC2059 # it is a format on purpose
		printf "$bytes" >log.csv
		bill 65 report --rates rates.ini log.csv
		no_out
		err <<-'END'
		log.csv: the file is empty; a usage log begins with a header line
		tokbill: log.csv: empty
		END
	done
	bill 65 report --rates rates.ini -
	err_has '(stdin): the file is empty; a usage log begins with a header line'
}

# ---- how many problems ----

@test "every bad row is named" {
	unit_rates
	log x,m,1,1 2026-04-01,m,1,1 2026-04-01,x,1,1 2026-04-01,m,-1,1
	refused "log.csv:2: date: 'x': not a time; use 2026-04-01T10:15:00Z, 2026-04-01, or 10 digits of Unix seconds or 13 of milliseconds" \
		"log.csv:4: model: 'x': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)" \
		"log.csv:5: input_tokens: '-1': not a whole number in plain digits"
}

@test "at 20 bad rows the run stops" {
	unit_rates
	(echo "$SHORT" && yes 2026-04-01,m,x,1 | head -n 19) >log.csv
	bill 65 report --rates rates.ini log.csv
	[ "$(grep -c ^log.csv: "$ERR")" = 19 ]
	err_has "$AGAIN"
	(cat log.csv && yes 2026-04-01,m,x,1 | head -n 1000) >more.csv
	echo old >report.csv
	bill 65 report --rates rates.ini -o report.csv more.csv
	echo old | diff - report.csv
	[ "$(grep -c ^more.csv: "$ERR")" = 20 ]
	tail -n 1 "$ERR" | diff - <(echo 'tokbill: stopped at 20 bad rows; nothing was written')
}

@test "problems of several logs" {
	unit_rates
	log 2026-04-01,m,x,1
	cp log.csv b.csv
	bill 65 report --rates rates.ini log.csv b.csv
	err_has "log.csv:2: input_tokens: 'x': not a whole number in plain digits" \
		"b.csv:2: input_tokens: 'x': not a whole number in plain digits"
}

# ---- what is taken ----

@test "CRLF, mixed line ends, a byte order mark" {
	printf '\357\273\277%s\r\n2026-04-01,m,1,1\r\n2026-04-01,m,1,1\n' "$SHORT" >log.csv
	costs 6.00
	printf '\357\273\277"date","model","input_tokens","output_tokens"\r\n"2026-04-01","m","1","1"\r\n' >log.csv
	costs 3.00
}

@test "blank lines are skipped and counted" {
	printf '\n\r\n%s\n\n2026-04-01,m,1,1\n\n' "$SHORT" >log.csv
	costs 3.00
	err_has 'tokbill: 4 blank lines skipped' 'tokbill: 1 row read: 1 billed, 0 set aside, 0 skipped'
	printf '%s\n\n2026-04-01,m,1,1\n' "$SHORT" >log.csv
	costs 3.00
	err_has 'tokbill: 1 blank line skipped'
}

@test "a last line without line end is read, with a warning" {
	printf '%s\n2026-04-01,m,1,1' "$SHORT" >log.csv
	costs 3.00
	err_has 'tokbill: 1 log does not end with a line end; it may have been cut short'
	cp log.csv b.csv
	bill 0 report -q --rates rates.ini log.csv b.csv
	echo 'tokbill: 2 logs do not end with a line end; they may have been cut short' | err
	printf '%s' "$SHORT" >log.csv
	bill 0 report --rates rates.ini log.csv
	err_has 'tokbill: 1 log does not end with a line end; it may have been cut short' \
		'tokbill: 1 log has a header and no rows'
}

@test "a header without a row is an empty report, with a warning" {
	unit_rates
	log
	cp log.csv b.csv
	bill 0 report -q --rates rates.ini log.csv b.csv
	echo "$HEADER" | out
	echo 'tokbill: 2 logs have a header and no rows' | err
}

@test "quoted fields, with commas, quotes and line breaks" {
	log_with "$SHORT,x" '"2026-04-01","m","1","1","a, ""b""
c"' '2026-04-01,m,1,1,""'
	costs 6.00
}
