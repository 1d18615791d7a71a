#!/usr/bin/env bats
# Vendors' exports: each is recognised by its header and bills like the same usage in tokbill's own
# log. The logs in fixtures/formats/equivalent were worked out by hand.
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load helpers

setup_file() {
	ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export FORMATS=$ROOT/fixtures/formats
}

# Options that a fixture needs, and the format it must be recognised as.
options_of() {
	case $1 in
	cursor-aggregated) echo --on-date 2026-08-31 ;;
	esac
}

format_of() {
	case $1 in
	anthropic-api | cursor-aggregated) echo "$1" ;;
	*) echo "${1%%-*}" ;;
	esac
}

same_bill() { # NAME, OPTION...
	local name=$1
	shift
	# shellcheck disable=SC2046 # several words
	bill 0 report -q --rates "$FORMATS/rates.ini" --by date,model,tier $(options_of "$name") "$@" \
		"$FORMATS/$name.csv"
	mv "$OUT" vendor.csv
	bill 0 report -q --rates "$FORMATS/rates.ini" --by date,model,tier \
		"$FORMATS/equivalent/$name.csv"
	diff -u "$OUT" vendor.csv || { echo "fixture $name" && return 1; }
}

each_fixture() { # COMMAND...: called with the name of each
	local file count=0
	for file in "$FORMATS"/*.csv; do
		"$@" "$(basename "$file" .csv)" || return
		count=$((count + 1))
	done
	[ "$count" = 19 ] || { echo "$count fixtures" && return 1; }
}

@test "every export bills like the same usage in tokbill's own log" {
	each_fixture same_bill
}

# The log of FILE under other names for its columns, as --map and as a format file say them.
rename_columns() { # FILE
	local name maps=
	sed '1s/[^,]*/x &/g' "$1" >renamed.csv
	echo '[format other]' >other.ini
	for name in $(head -n 1 "$1" | tr , ' '); do
		maps+=${maps:+,}$name="x $name"
		echo "$name = x $name" >>other.ini
	done
	MAPS=$maps
}

bills_like_own() { # WHAT OPTION... LOG
	local what=$1
	shift
	bill 0 report -q --rates "$FORMATS/rates.ini" --by date,model,tier "$@"
	diff -u own.csv "$OUT" || { echo "$what" && return 1; }
}

by_every_door() { # NAME
	local log=$FORMATS/equivalent/$1.csv threads
	bill 0 report -q --rates "$FORMATS/rates.ini" --by date,model,tier "$log"
	mv "$OUT" own.csv
	rename_columns "$log"
	# Counts as a table of numbers writes them, tiers and names of columns in capitals.
	sed '1!s/,\([0-9]\{1,\}\)\b/,\1.0/g; 1s/.*/\U&/; 1s/_/ /g; s/,\(batch\|flex\|priority\)\b/,\U\1/' "$log" >odd.csv
	for threads in 1 3; do
		bills_like_own "$1 by --map" --threads $threads --map "$MAPS" renamed.csv || return
		bills_like_own "$1 by a format file" --threads $threads --format-file other.ini renamed.csv || return
		bills_like_own "$1 in other letters" --threads $threads odd.csv || return
	done
}

@test "the same usage bills alike under other names, by --map or a format file, and in other letters" {
	each_fixture by_every_door
}

recognised() {
	# shellcheck disable=SC2046
	bill 0 report --rates "$FORMATS/rates.ini" -o report.csv $(options_of "$1") "$FORMATS/$1.csv"
	has_text "$ERR" "(--format $(format_of "$1"))"
}

@test "every export is recognised" {
	each_fixture recognised
}

# A log of one vendor with this header and these rows; the header of a fixture with its name.
vendor_log() { # NAME|HEADER ROW...
	local header=$1
	[ ! -e "$FORMATS/$1.csv" ] || header=$(head -n 1 "$FORMATS/$1.csv")
	shift
	printf '%s\n' "$header" "$@" >log.csv
}

refused_vendor_row() { # REASON: of line 2, which stands in log.csv
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	err_has "log.csv:2: $1"
}

@test "OpenAI: audio, images that come out and unpublished tiers are set aside" {
	vendor_log 'start_time,end_time,num_model_requests,model,input_tokens,output_tokens,service_tier,output_audio_tokens,output_image_tokens' \
		1785974400,1786060800,1,gpt-4o-mini,5,5,,1.0,
	refused_vendor_row "output_audio_tokens: '1.0': tokens that no rate file has a price for; bill such rows apart"
	sed -i '2s/.*/1785974400,1786060800,1,gpt-4o-mini,5,5,,0.0,2/' log.csv
	refused_vendor_row "output_image_tokens: '2': tokens that no rate file has a price for; bill such rows apart"
	sed -i '2s/.*/1785974400,1786060800,1,gpt-4o-mini,5,5,incentivized-tier,,/' log.csv
	refused_vendor_row "service_tier: 'incentivized-tier': has a price of its own, which is not published; bill such rows apart"
	sed -i '2s/.*/1785974400,1786060800,1,gpt-4o-mini,5,5,scale,,/' log.csv
	refused_vendor_row "service_tier: 'scale': not one of standard, default, auto, batch, flex, flex-tier, priority, incentivized-tier, priority_on_demand, flex_discount"
}

@test "OpenAI: counts are whole numbers, whatever a table made of them" {
	vendor_log 'start_time,end_time,num_model_requests,model,input_tokens,output_tokens' \
		1785974400,1786060800,1,gpt-4o-mini,59200.5,5
	refused_vendor_row "input_tokens: '59200.5': not a whole number in plain digits"
	for bad in 59200. .0 5.92e4 -1 1,000; do
		sed -i "2s/.*/1785974400,1786060800,1,gpt-4o-mini,\"$bad\",5/" log.csv
		refused_vendor_row "input_tokens: '$bad': not a whole number in plain digits" ||
			refused_vendor_row "input_tokens: '$bad': empty"
	done
}

@test "OpenAI: Unix seconds are whole numbers too" {
	local time header=start_time,end_time,num_model_requests,model,input_tokens,output_tokens
	for time in 1785974400 1785974400.0 1785974400000.00; do
		vendor_log "$header" "$time,1786060800,1,gpt-4o-mini,5,5"
		bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
		rows | diff - <(echo 2026-08-06,gpt-4o-mini,5,5,0.0000039)
	done
	for time in 1785974400.5 1785974400. .0 178597440.0 2026-08-06.0; do
		vendor_log "$header" "$time,1786060800,1,gpt-4o-mini,5,5"
		bill 65 report -q --rates "$FORMATS/rates.ini" log.csv
		has_text "$ERR" "start_time: '$time': "
	done
	# A log of one's own is as strict as ever.
	log_with start_time,model,input_tokens,output_tokens 1785974400.0,gpt-4o-mini,5,5
	bill 65 report -q --rates "$FORMATS/rates.ini" log.csv
}

@test "a row that contradicts itself is set aside with both figures" {
	vendor_log 'start_time,end_time,num_model_requests,model,input_tokens,input_cached_tokens,output_tokens' \
		1785974400,1786060800,1,gpt-4o-mini,5136,10192,5
	refused_vendor_row "input_tokens: '5136': 5136 is less than its parts: 10192 cached read, 0 cache write, 0 cache write 1h"
	vendor_log 'Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost' \
		2026-08-01,gpt-5,100,50,7,3,161,0.1
	refused_vendor_row "Input (w/ Cache Write): '100': the counts add up to 160, or 110 if this contains the 50 without cache writes; the total says 161"
	vendor_log 'timestamp,model,promptTokenCount,candidatesTokenCount,thoughtsTokenCount,totalTokenCount' \
		2026-08-01,gemini-2.5-pro,10,5,4,15
	refused_vendor_row "totalTokenCount: '15': the total is 15, but the counts add up to 19"
	vendor_log 'timestamp,model,input_tokens,cache_creation_input_tokens,ephemeral_5m_input_tokens,ephemeral_1h_input_tokens,output_tokens' \
		2026-08-01,claude-sonnet-4-5,10,100,40,50,1
	refused_vendor_row "cache_creation_input_tokens: '100': 100 cache writes in all, but 40 for 5 minutes and 50 for 1 hour"
	vendor_log 'generation_id,created_at,tokens_prompt,tokens_completion,tokens_reasoning,model_permaslug' \
		g,2026-08-01,1,10,11,openai/gpt-5
	refused_vendor_row "tokens_completion: '10': 10 is less than its part: 11 reasoning tokens"
}

@test "Cursor: without a total it cannot always be told what is contained" {
	vendor_log 'Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Cost' \
		2026-08-01,gpt-5,100,50,7,3,0.1
	refused_vendor_row "Input (w/ Cache Write): '100': may or may not contain the input without cache writes, and no total tells"
}

@test "Anthropic: a speed with a price of its own is set aside" {
	vendor_log anthropic '2026-08-05,claude-sonnet-4-5,k,d,standard,≤ 200k,1,1,1,1,1,0,global,fast'
	refused_vendor_row "speed: 'fast': has a price of its own, which is not published; bill such rows apart"
	vendor_log anthropic '2026-08-05,claude-sonnet-4-5,k,d,standard,> 1M,1,1,1,1,1,0,global,'
	refused_vendor_row "context_window: '> 1M': not one of base, long, ≤ 200k, 0-200k, 200k-1M"
}

@test "LiteLLM: what is no JSON, or holds no counts, is told" {
	local header='request_id,spend,total_tokens,prompt_tokens,completion_tokens,startTime,model,metadata'
	vendor_log "$header" 'r,0,2,1,1,2026-08-01 00:00:00,gpt-5,nonsense'
	refused_vendor_row "metadata: 'nonsense': not a JSON object"
	vendor_log "$header" 'r,0,2,1,1,2026-08-01 00:00:00,gpt-5,"{""usage_object"": {""cache_read_input_tokens"": 1.5}}"'
	refused_vendor_row "metadata: '{\"usage_object\": {\"cache_read_input_tokens\": 1.5}}': not a whole number in plain digits"
	vendor_log "$header" 'r,many,2,1,1,2026-08-01 00:00:00,gpt-5,'
	refused_vendor_row "spend: 'many': not an amount of money such as 0.15"
}

@test "DeepSeek: an unknown class of tokens" {
	vendor_log deepseek 'u,2026-08-17T00:00:00+08:00,,deepseek-chat,n,k,audio_tokens,0.1,5'
	refused_vendor_row "type: 'audio_tokens': not one of input_cache_hit_tokens, input_cache_miss_tokens, output_tokens, request_count"
}

@test "a model that is known by neither its whole name nor the part behind the vendor" {
	vendor_log 'generation_id,created_at,tokens_prompt,tokens_completion,model_permaslug' \
		g,2026-08-01,1,10,openai/gpt-4o-mimi
	refused_vendor_row "model: 'openai/gpt-4o-mimi': not in the rates; did you mean 'gpt-4o-mini'? Else add it to a rate file (--rates)"
	# Only formats whose names carry a vendor are looked at so.
	log 2026-04-01,openai/gpt-4o-mini,1,1
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" "log.csv:2: model: 'openai/gpt-4o-mini': not in the rates"
}

@test "a model bought from another seller than the rates' is told once, and an error for --strict" {
	cat >r.ini <<-'END'
		[m]
		provider = openai
		aliases = azure/listed
		input = 1
		output = 1
		[n]
		provider = google
		input = 1
		output = 1
	END
	vendor_log 'generation_id,created_at,tokens_prompt,tokens_completion,model_permaslug' \
		a,2026-08-01,1,1,openai/m b,2026-08-01,1,1,together_ai/m c,2026-08-02,1,1,azure/m \
		d,2026-08-01,1,1,m e,2026-08-01,1,1,azure/listed f,2026-08-01,1,1,gemini/n g,2026-08-01,1,1,openai/n
	bill 0 report -q --rates r.ini log.csv
	expect_rows 2026-08-01,m,4,4,0.000008 2026-08-01,n,2,2,0.000004 2026-08-02,m,1,1,0.000002
	err <<-'END'
		tokbill: m: 2 rows name another seller (such as 'azure/m') and are billed at the prices of openai ([m] in r.ini:1); give that name a section of its own, or list it as an alias
		tokbill: n: 1 row names another seller (such as 'openai/n') and is billed at the prices of google ([n] in r.ini:6); give that name a section of its own, or list it as an alias
	END
	bill 65 report -q --strict --rates r.ini log.csv
	bill 0 whatif -q --rates r.ini --batch-share 0% -f csv log.csv
	has_text "$ERR" 'm: 2 rows name another seller'
	# Whatever the rows' order, and however many threads count them.
	{
		head -n 1 log.csv
		awk 'BEGIN { for (i = 1; i <= 60000; i++)
			print "i" i ",2026-08-01,1,1," (i % 3 ? "zeta" : "bedrock") "/m" }'
	} >many.csv
	bill 0 report -q --rates r.ini --threads 4 many.csv
	has_text "$ERR" "m: 60000 rows name another seller (such as 'bedrock/m')"
}

@test "rows set aside keep the vendor's header and can be fed back" {
	cp "$FORMATS/anthropic.csv" log.csv
	sed -i '3s/claude-sonnet-4-5-20250929/claude-new/' log.csv
	bill 2 report -q --rates "$FORMATS/rates.ini" --rejects rejects -o first.csv log.csv
	head -n 1 log.csv | sed 's/$/,reject_line,reject_reason/' | diff - <(head -n 1 rejects/log.rejects.csv)
	sed -i '2s/claude-new/claude-sonnet-4-5/' rejects/log.rejects.csv
	bill 0 report -q --rates "$FORMATS/rates.ini" -o second.csv rejects/log.rejects.csv
	tail -n +2 second.csv | cut -d, -f1-4 | diff - <(echo 2026-08-05,claude-sonnet-4-5,1,1659420)
}

@test "rows without usage are skipped and counted" {
	bill 0 report --rates "$FORMATS/rates.ini" -o report.csv "$FORMATS/openai.csv"
	err_has 'tokbill: 5 rows read: 3 billed, 0 set aside, 2 skipped' \
		'tokbill: 2 rows skipped, which hold no usage'
	bill 0 report --rates "$FORMATS/rates.ini" -f json "$FORMATS/openai-empty.csv"
	has_text "$OUT" '"rows_without_usage": 2'
	# A short row with anything but times is a bad row.
	vendor_log openai 1785974400,1786060800,2026-08-06T00:00:00+00:00,2026-08-07T00:00:00+00:00,p,1,u,k,gpt-5
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" ': 9 fields, but the header has 24'
}

refused_header() { # HEADER MESSAGE
	printf '%s\n' "$1" >log.csv
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	err_has "log.csv:1: header: $2"
}

@test "counts that an export leaves out are 0, and told where no total vouches for that" {
	vendor_log helicone r1,,200,2026-08-06T10:00:00Z,,,u,gpt-4o-mini,1000,500,1, \
		r2,,200,2026-08-06T10:00:00Z,,,u,gpt-4o-mini,1000,,1, \
		r3,,200,2026-08-06T10:00:00Z,,,u,gpt-4o-mini,,,1, r4,,500,2026-08-06T10:00:00Z,,,u,,,,1,
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	rows | diff - <(echo 2026-08-06,gpt-4o-mini,2000,500,0.000645)
	echo "tokbill: 2 rows leave out their input or output tokens, and have no total: they were taken for 0" | err
	bill 65 report -q --strict --rates "$FORMATS/rates.ini" log.csv
	bill 0 report -q --rates "$FORMATS/rates.ini" -f json log.csv
	has_text "$OUT" '"rows_counts_left_out": 2'
	# Google leaves out what is 0; its total is held against the rest.
	vendor_log google 2026-08-06T10:00:02Z,gemini-2.5-pro,1200,,,64,,1264
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	no_err
	vendor_log google 2026-08-06T10:00:02Z,gemini-2.5-pro,1200,,,64,,1300
	bill 65 report -q --rates "$FORMATS/rates.ini" log.csv
	vendor_log google 2026-08-06T10:00:02Z,gemini-2.5-pro,1200,,,64,,
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	echo "tokbill: 1 row leaves out its input or output tokens, and has no total: they were taken for 0" | err
	# A row that broke off says itself that counts may be missing.
	vendor_log 'generation_id,created_at,tokens_prompt,tokens_completion,model_permaslug,cancelled' \
		a,2026-08-01,10,,openai/gpt-4o-mini,true
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	no_err
	sed -i 's/true/false/' log.csv
	refused_vendor_row "tokens_completion: '': empty"
}

@test "a header that is nearly a vendor's" {
	refused_header 'generation_id,created_at,cost_total,tokens_completion,model' \
		"not the header of a log that is known here; nearest is the format 'openrouter' (OpenRouter activity export), which lacks: model_permaslug, tokens_prompt. See \`tokbill formats\`, --format and --map"
	refused_header 'start_time_iso,end_time_iso,model,input_tokens' \
		'no column for output_tokens (accepted: output_tokens, completion_tokens)'
}

@test "exports without tokens are told apart" {
	refused_header 'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id' \
		"this is the format 'openai-costs' (OpenAI cost export): it holds amounts and no tokens; download the completions usage export"
}

@test "columns of two vendors for one field" {
	refused_header 'timestamp,model,input_tokens,cached_tokens,cache_read_input_tokens,output_tokens' \
		"'cache_read_input_tokens': says the same as column 'cached_tokens'; remove or rename one of them"
}

@test "a large export gives the same on any number of threads, in both lanes" {
	for name in openai anthropic cursor-v2 deepseek google xai; do
		{
			head -n 1 "$FORMATS/$name.csv"
			tail -n +2 "$FORMATS/$name.csv" >rows.csv
			while [ "$(stat -c %s rows.csv)" -lt 5000000 ]; do
				cat rows.csv rows.csv rows.csv rows.csv >more.csv && mv more.csv rows.csv
			done
			cat rows.csv
		} >log.csv
		bill 0 report -q --rates "$FORMATS/rates.ini" --threads 1 log.csv
		mv "$OUT" one.csv
		bill 0 report -q --rates "$FORMATS/rates.ini" --threads 4 log.csv
		cmp "$OUT" one.csv
		# Quoted fields with quotes in them are for the slower lane.
		sed '1!s/$/,"a ""b"""/; 1s/$/,note/; s/\r//' log.csv >quoted.csv
		grep -v '^[^,]*,[^,]*,[^,]*,[^,]*,"a ""b"""$' quoted.csv >slow.csv
		bill 0 report -q --rates "$FORMATS/rates.ini" --threads 4 slow.csv
		cmp "$OUT" one.csv
	done
}

# ---- what is said of the format on the command line ----

@test "--format forces a format" {
	vendor_log timestamp,model,prompt_tokens,completion_tokens,reasoning_tokens \
		2026-08-01,gpt-5,100,10,90
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" "less than its part: 90 reasoning tokens"
	bill 0 report -q --rates "$FORMATS/rates.ini" --format xai log.csv
	rows | diff - <(echo 2026-08-01,gpt-5,100,100,0.001245)
}

@test "--format takes a known name" {
	bill 64 report --format opnai log.csv
	echo "tokbill: --format: 'opnai': no such log format; did you mean 'openai'?" | err
	bill 64 report --format whatever log.csv
	# shellcheck disable=SC2016
	echo 'tokbill: --format: '\''whatever'\'': no such log format; `tokbill formats` lists them' | err
	for word in csv json table; do
		bill 64 report --format $word log.csv
		echo "tokbill: --format: '$word': names the format of the logs; for that of the output use -f $word" | err
	done
}

@test "--format with a log of another format names what is missing" {
	vendor_log "$SHORT" 2026-08-01,gpt-5,1,1
	bill 65 report --rates "$FORMATS/rates.ini" --format openrouter log.csv
	err_has 'log.csv:1: header: no column for timestamp (accepted: created_at)' \
		'log.csv:1: header: no column for model (accepted: model_permaslug)' \
		'log.csv:1: header: no column for input_tokens (accepted: tokens_prompt)'
}

@test "--map reads fields from columns with other names" {
	vendor_log 'when,name,tok_in,tok_cached,tok_out,team' 2026-08-01T10:00:00Z,gpt-4o-mini,100,40,10,a
	bill 0 report -q --rates "$FORMATS/rates.ini" --by team \
		--map timestamp=when,model=name,prompt_tokens=tok_in --map cached_tokens=tok_cached \
		--map output_tokens=tok_out log.csv
	tail -n +2 "$OUT" | diff - <(echo a,1,100,40,0,10,0,0.0000231,0.00000388,0.00,0.00,0.00001922,USD)
	# A column that --map names is read in place of the usual one.
	vendor_log "$SHORT,billed_input" 2026-08-01,gpt-4o-mini,100,10,50
	bill 0 report -q --rates "$FORMATS/rates.ini" --map input_tokens=billed_input log.csv
	rows | diff - <(echo 2026-08-01,gpt-4o-mini,50,10,0.0000146)
}

@test "--map explains itself" {
	vendor_log "$SHORT" 2026-08-01,gpt-5,1,1
	bill 64 report --map input_tokens log.csv
	echo "tokbill: --map: 'input_tokens': input_tokens: no = after it; write FIELD=COLUMN" | err
	bill 64 report --map inptu_tokens=x log.csv
	echo "tokbill: --map: 'inptu_tokens=x': inptu_tokens: no field of a usage log; did you mean input_tokens?" | err
	bill 64 report --map output=x log.csv
	echo "tokbill: --map: 'output=x': output: no field of a usage log; did you mean output_tokens?" | err
	bill 64 report --map model_name=x log.csv
	echo "tokbill: --map: 'model_name=x': model_name: no field of a usage log; did you mean model?" | err
	bill 64 report --map zzz=x log.csv
	echo "tokbill: --map: 'zzz=x': zzz: no field of a usage log" | err
	bill 64 report --map model=a,model=b log.csv
	echo "tokbill: --map: 'model=a,model=b': model: the field has a column already" | err
	bill 64 report --map model= log.csv
	echo "tokbill: --map: 'model=': model: no column is named" | err
	bill 65 report --rates "$FORMATS/rates.ini" --map model=modle log.csv
	err_has "log.csv:1: header: 'modle': is to be read for model (--map), and the log has no such column; is 'model' meant?"
}

@test "a format file describes a log of one's own, which is then recognised" {
	cat >own.ini <<-'END'
		; the log of our gateway
		[format gateway]
		timestamp        = ts
		model            = llm
		input_tokens     = fresh_in      ; without the cached ones
		cached_tokens    = hits
		output_tokens    = out
		reasoning_tokens = think
		reported_cost    = usd
		cached           = apart
		reasoning        = added
		vendor_prefix    = yes
		time_zone        = Asia/Shanghai
	END
	vendor_log ts,llm,fresh_in,hits,out,think,usd '2026-08-02 07:00:00,x/gpt-5,10,90,1,4,0.5'
	bill 0 report -q --rates "$FORMATS/rates.ini" --format-file own.ini log.csv
	mv "$OUT" own.csv
	log_with timestamp,model,input_tokens,cached_tokens,output_tokens,reasoning_tokens \
		2026-08-01T23:00:00Z,gpt-5,100,90,5,4
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	diff "$OUT" own.csv
}

@test "faults of a format file have a line" {
	printf '%s\n' '[format a]' 'input_tokens = x' 'inptu_tokens = y' 'cached = maybe' 'prompt_tokens = z' \
		'time_zone = Nowhere/Else' 'base = opnai' '[other]' 'model = m' '[format openai]' '[format empty]' 'cached = apart' >own.ini
	log 2026-04-01,m,1,1
	bill 78 report --format-file own.ini log.csv
	err <<-'END'
		own.ini:3: inptu_tokens: no field of a usage log; did you mean 'input_tokens'?
		own.ini:4: cached: 'maybe': not one of included (cached reads and writes are part of the input), apart
		own.ini:5: prompt_tokens: the field has a column already
		own.ini:6: time_zone: 'Nowhere/Else' is no time zone of this machine; names are like Europe/Berlin (see /usr/share/zoneinfo/, package tzdata)
		own.ini:7: base: 'opnai': no such log format; `tokbill formats` lists them
		own.ini:8: 'other': a section of a format file is called [format NAME]
		own.ini:10: 'format openai': there is a format of that name already
		own.ini:11: 'format empty': names no column
		tokbill: own.ini: the format file cannot be used
	END
	bill 66 report --format-file missing.ini log.csv
}

@test "two formats of one's own that fit alike" {
	printf '[format %s]\ninput_tokens = x\n\n' one two >own.ini
	vendor_log timestamp,model,x,output_tokens 2026-08-01,gpt-5,1,1
	bill 65 report --rates "$FORMATS/rates.ini" --format-file own.ini log.csv
	err_has "log.csv:1: header: fits the formats 'two' and 'one' alike; choose one with --format"
	bill 0 report -q --rates "$FORMATS/rates.ini" --format-file own.ini --format two log.csv
}

@test "--on-date is for logs without times" {
	bill 65 report --rates "$FORMATS/rates.ini" "$FORMATS/cursor-aggregated.csv"
	has_text "$ERR" 'header: the cursor-aggregated format has no column for timestamp; say which day its rows lie on: --on-date DATE'
	log 2026-04-01,m,1,1
	bill 65 report --rates "$FORMATS/rates.ini" --on-date 2026-04-01 log.csv
	err_has "log.csv:1: header: 'date': gives the time of each row; leave out --on-date"
	vendor_log model,input_tokens,output_tokens gpt-4o-mini,1000000,0
	bill 0 report -q --rates "$FORMATS/rates.ini" --on-date 2026-04-01 log.csv
	rows | diff - <(echo 2026-04-01,gpt-4o-mini,1000000,0,0.17)
	bill 64 report --on-date today log.csv
	echo "tokbill: --on-date: 'today': not a date such as 2026-04-01" | err
}

@test "a sum of untold requests is not taken for one long request" {
	vendor_log usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens \
		2026-02-05,claude-sonnet-4-5,200000,1 2026-02-06,claude-sonnet-4-5,200001,1
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" "log.csv:3: model: 'claude-sonnet-4-5': sums requests without saying how many"
	lacks_text "$ERR" log.csv:2
}

@test "buckets of Anthropic's usage report, and classes of DeepSeek's, are sums of requests" {
	vendor_log starting_at,model,uncached_input_tokens,cache_read_input_tokens,output_tokens \
		2026-04-01T00:00:00Z,claude-sonnet-4-5,1000000,0,1000000
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" "sums requests without saying how many"
}

@test "a log that is tokbill's own and a vendor's is neither, and no column of the own log is lost" {
	vendor_log timestamp,model,prompt_tokens,completion_tokens,cached_tokens,startTime,spend \
		2026-04-01,gpt-4o-mini,10,0,10,2026-05-01T00:00:00Z,9
	bill 65 report log.csv
	has_text "$ERR" "header: fits the formats 'litellm' and 'tokbill' alike; choose one with --format"
	bill 0 report -q --format tokbill log.csv
	vendor_log startTime,model,prompt_tokens,completion_tokens,cached_tokens,spend \
		2026-04-01T00:00:00Z,gpt-4o-mini,10,0,10,9
	bill 65 report log.csv
	has_text "$ERR" "header: 'cached_tokens': is not read by the format 'litellm'"
	# Nor where an object may say the same.
	vendor_log startTime,model,prompt_tokens,completion_tokens,spend,metadata,service_tier \
		2026-04-01T00:00:00Z,gpt-4o-mini,10,0,9,{},flex
	bill 65 report log.csv
	has_text "$ERR" "header: 'service_tier': is not read by the format 'litellm'"
}

@test "counts in JSON: texts are read, and places that disagree are told with both" {
	vendor_log startTime,model,prompt_tokens,completion_tokens,spend,metadata \
		'2026-04-01T00:00:00Z,gpt-4o-mini,1000000,0,,"{""usage_object"": {""cache_read_input_tokens"": ""900000""}}"'
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	has_text "$OUT" ",1000000,900000,"
	vendor_log startTime,model,prompt_tokens,completion_tokens,spend,metadata \
		'2026-04-01T00:00:00Z,gpt-4o-mini,1000000,0,,"{""usage_object"": {""prompt_tokens_details"": {""cached_tokens"": 100}, ""cache_read_input_tokens"": 900000}}"'
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" "log.csv:2: metadata: '900000': usage_object.cache_read_input_tokens contradicts another place in the object, which says 100"
}

# One row of LiteLLM with this object in its metadata; 100 tokens in, 10 out.
litellm_usage() { # JSON
	vendor_log startTime,model,prompt_tokens,completion_tokens,spend,metadata \
		"2026-08-01T00:00:00Z,${MODEL:-gpt-4o-mini},100,10,,\"{\"\"usage_object\"\": ${1//\"/\"\"}}\""
}

@test "LiteLLM: tier, searches and region in the metadata decide the price" {
	# gpt-4o-mini: 100 * 0.17 + 10 * 0.61, and half of that in batch.
	litellm_usage '{"service_tier": "batch", "prompt_tokens": 100, "completion_tokens": 10, "audio_tokens": 3}'
	bill 0 report -q --rates "$FORMATS/rates.ini" --by tier log.csv
	tail -n +2 "$OUT" | cut -d, -f1,12 | diff - <(echo batch,0.00001155)
	litellm_usage '{"service_tier": null, "speed": "", "server_tool_use": {"web_search_requests": 0}}'
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	rows | diff - <(echo 2026-08-01,gpt-4o-mini,100,10,0.0000231)
	# claude-sonnet-4-5 in the us, with two searches for 0.01 each.
	MODEL=claude-sonnet-4-5 litellm_usage '{"server_tool_use": {"web_search_requests": 2}, "prompt_tokens_details": {"web_search_requests": 2}}'
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	with=$(rows)
	MODEL=claude-sonnet-4-5 litellm_usage '{"inference_geo": "us"}'
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	us=$(rows)
	log_with timestamp,model,input_tokens,output_tokens,web_searches,region \
		2026-08-01,claude-sonnet-4-5,100,10,2,
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	[ "$(rows)" = "$with" ]
	sed -i '2s/2,$/0,us/' log.csv
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	[ "$(rows)" = "$us" ]
}

@test "LiteLLM: what has no price, or contradicts the row, is set aside" {
	local object
	refused_object() { # OBJECT REASON
		litellm_usage "$1"
		bill 65 report --rates "$FORMATS/rates.ini" log.csv
		has_text "$ERR" "log.csv:2: metadata: '$2"
	}
	local unpriced='tokens that no rate file has a price for; bill such rows apart'
	refused_object '{"prompt_tokens_details": {"audio_tokens": 3}}' "{\"usage_object\": {\"prompt_tokens_details\": {\"audio_tokens\": 3}}}': $unpriced"
	refused_object '{"completion_tokens_details": {"audio_tokens": 3}}' "{\"usage_object\": {\"completion_tokens_details\": {\"audio_tokens\": 3}}}': $unpriced"
	refused_object '{"prompt_tokens": 90}' "{\"usage_object\": {\"prompt_tokens\": 90}}': all_input_tokens is 90, but by the other counts it is 100"
	refused_object '{"completion_tokens": 11}' "{\"usage_object\": {\"completion_tokens\": 11}}': all_output_tokens is 11, but by the other counts it is 10"
	refused_object '{"service_tier": "scale"}' "{\"usage_object\": {\"service_tier\": \"scale\"}}': not one of standard"
	refused_object '{"service_tier": "standard"}, "additional_usage_values": {"service_tier": "flex"}' "flex': additional_usage_values.service_tier contradicts another place in the object"
	refused_object '{"speed": "fast"}' "{\"usage_object\": {\"speed\": \"fast\"}}': has a price of its own"
	refused_object '{"inference_geo": "u\u0073"}' "{\"usage_object\": {\"inference_geo\": \"u\\u0073\"}}': usage_object.inference_geo is written with escapes, where a plain word is expected"
	refused_object '{"inference_geo": "us"}, "additional_usage_values": {"inference_geo": "eu"}' "eu': additional_usage_values.inference_geo contradicts another place in the object"
	refused_object '{"server_tool_use": {"web_search_requests": 2}, "prompt_tokens_details": {"web_search_requests": 3}}' "3': usage_object.prompt_tokens_details.web_search_requests contradicts another place in the object, which says 2"
	# What was decoded is not what a message may borrow.
	refused_object '{"service_tier": "standard"}, "additional_usage_values": {"service_tier": "\u0066lex"}' '{"usage_object"'
	litellm_usage '{"server_tool_use": {"web_search_requests": 2}}'
	bill 65 report --rates "$FORMATS/rates.ini" log.csv
	has_text "$ERR" 'has no web_search price, and 2 searches need it'
}

@test "Langfuse: usage that is not known, and sums that say otherwise" {
	refused_usage() { # USAGE INPUT OUTPUT REASON
		vendor_log id,traceId,startTime,model,usageDetails,inputUsage,outputUsage \
			"o,t,2026-08-01T00:00:00Z,gpt-5,\"${1//\"/\"\"}\",$2,$3"
		bill 65 report --rates "$FORMATS/rates.ini" log.csv
		err_has "log.csv:2: $4"
	}
	refused_usage '{"input": 10, "input_video": 5, "output": 1}' '' '' \
		"usageDetails: '5': input_video is no usage that is known here; bill such rows apart"
	refused_usage '{"input": 10, "deep": {"er": 5}, "output": 1}' '' '' \
		"usageDetails: '5': deep.er is no usage that is known here; bill such rows apart"
	refused_usage '{"input": 0, "output": 0}' 1000 100 \
		"inputUsage: '1000': all_input_tokens is 1000, but by the other counts it is 0"
	refused_usage '{"input": 1000, "output": 0}' 1000 100 \
		"outputUsage: '100': all_output_tokens is 100, but by the other counts it is 0"
	refused_usage '{"input_cached_tokens": 800, "output": 100}' 1000 100 \
		"inputUsage: '1000': all_input_tokens is 1000, but by the other counts it is 1800"
	vendor_log id,traceId,startTime,model,usageDetails,inputUsage,outputUsage \
		'o,t,2026-08-01T00:00:00Z,gpt-5,"{""input"": 200, ""input_cached_tokens"": 800, ""output"": 100, ""input_video"": 0}",1000,100' \
		'p,t,2026-08-01T00:00:00Z,gpt-5,{},1000,100'
	bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	tail -n +2 "$OUT" | cut -d, -f4,5,7 | diff - <(echo 2000,800,200)
}

@test "OpenAI: uncached input must be what the other counts leave" {
	vendor_log 'start_time,end_time,num_model_requests,model,input_tokens,input_cached_tokens,input_uncached_tokens,output_tokens' \
		1785974400,1786060800,1,gpt-4o-mini,5136,1000,4135.0,5
	refused_vendor_row "input_uncached_tokens: '4135.0': uncached_input_tokens is 4135, but by the other counts it is 4136"
	for good in 4136 4136.0 '' 0.0; do
		sed -i "2s/1000,[0-9.]*,5/1000,$good,5/" log.csv
		bill 0 report -q --rates "$FORMATS/rates.ini" log.csv
	done
}

@test "a row cut before its model is no empty bucket" {
	vendor_log start_time,end_time,num_model_requests,model,input_tokens,output_tokens \
		1775001600,1775088000,5.0
	bill 65 report log.csv
}

# ---- tokbill formats ----

@test "tokbill formats lists all of them, with their conventions" {
	bill 0 formats -f csv
	cut -d, -f1,3,4 "$OUT" | diff - <(printf '%s\n' format,cached,reasoning tokbill,included,included \
		openai,included,included anthropic,apart,included anthropic-api,apart,included \
		anthropic-admin,apart,included \
		openrouter,included,included cursor,apart,included cursor-aggregated,apart,included \
		deepseek,apart,included litellm,included,included helicone,included,included \
		langfuse,apart,added google,included,added xai,included,added openai-costs,, \
		deepseek-cost,, litellm-daily,, langfuse-traces,,)
	printf '[format mine]\ninput_tokens = x\n' >own.ini
	bill 0 formats -f csv --format-file own.ini
	has_lines "$OUT" 'mine,own.ini,included,included,x,'
	bill 0 formats -f json
	python3 -m json.tool "$OUT" >/dev/null
}

@test "tokbill formats LOG tells how it is read" {
	vendor_log user,when,model,tok_in,completion_tokens,cost
	bill 0 formats -f csv --map timestamp=when,input_tokens=tok_in --map reported_cost=cost log.csv
	out <<-'END'
		log,format,column,field,meaning
		log.csv,tokbill,user,,not read
		log.csv,tokbill,when,timestamp,without a zone: --log-tz
		log.csv,tokbill,model,model,"as the rates call it, or one of its aliases"
		log.csv,tokbill,tok_in,input_tokens,cached reads and writes included
		log.csv,tokbill,completion_tokens,output_tokens,reasoning included
		log.csv,tokbill,cost,reported_cost,"what the log says it cost, for --compare"
	END
	piped 0 formats -f table "$FORMATS/google.csv" - <"$FORMATS/xai.csv"
	has_text "$OUT" 'reasoning is added'
	bill 65 formats "$FORMATS/equivalent/google.csv" "$FORMATS/rates.ini"
	bill 66 formats openrooter
}

@test "tokbill formats NAME shows its columns" {
	bill 0 formats -f csv deepseek
	out <<-'END'
		log,format,column,field,meaning
		,deepseek,start_time_iso,timestamp,without a zone: --log-tz
		,deepseek,utc_date,timestamp,without a zone: --log-tz
		,deepseek,model,model,"as the rates call it, or one of its aliases"
		,deepseek,type,token_class,which tokens the amount counts
		,deepseek,amount,amount,"tokens of that class, or requests"
		,deepseek,price,unit_price,for one of the amount: what the log says it cost
	END
}

# ---- amounts ----

@test "what exports say they cost can be compared" {
	bill 1 report --compare --rates "$FORMATS/rates.ini" "$FORMATS/litellm.csv"
	sed 's/1.0500000000000001e-05/1.0500000000000001e-27/' "$FORMATS/litellm.csv" >log.csv
	bill 1 report --compare --rates "$FORMATS/rates.ini" log.csv
	# That has 43 decimals.
	err_has 'tokbill: not compared, for they are in another currency or have more than 42 decimals: 1 of the amounts in the logs'
	vendor_log deepseek u,2026-08-17T00:00:00+08:00,,deepseek-chat,n,k,output_tokens,0.000000421,40001 \
		u,2026-08-17T00:00:00+08:00,,deepseek-chat,n,k,input_cache_hit_tokens,2.81e-8,7
	bill 0 report --compare --rates "$FORMATS/rates.ini" log.csv
}

@test "the manual's list of formats is what tokbill formats says" {
	bill 0 formats -f csv
	python3 - "$OUT" >list.md <<-'END'
		import csv, sys
		for row in list(csv.reader(open(sys.argv[1])))[1:]:
		    name, title, cached, reasoning, told_by, note = row
		    text = f":   {title}. Recognised by: {told_by}."
		    text += f" Cached: {cached}. Reasoning: {reasoning}." if cached else ""
		    print(f"**{name}**\n{text}" + (f" Note: {note}." if note else "") + "\n")
	END
	echo '<!-- formats -->' | "$TOKBILL" --generate page | diff - list.md
	has_lines "$ROOT/src/cli/man/tokbill-logs.5.md" '<!-- formats -->'
}
