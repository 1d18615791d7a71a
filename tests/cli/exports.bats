#!/usr/bin/env bats
# Details of vendors' exports that change the bill: real reports, with the right amount worked out by
# hand in the comment above each.

load helpers

X_RATES='[gpt-x]
input = 2
cached_read = 0.2
cache_write = 2.5
output = 12
web_search = 10'

# log.csv is billed at this cost, in all.
costs() { # COST OPTION...
	local cost=$1
	shift
	[ -e rates.ini ] || echo "$X_RATES" >rates.ini
	bill 0 report -q -f csv --by model --rates rates.ini "$@" log.csv
	tail -n +2 "$OUT" | cut -d, -f12 | diff - <(echo "$cost")
}

refused() { # MESSAGE OPTION...
	local message=$1
	shift
	[ -e rates.ini ] || echo "$X_RATES" >rates.ini
	bill 65 report -q --rates rates.ini "$@" log.csv
	has_text "$ERR" "$message"
}

litellm() { # USAGE OBJECT
	printf '%s\n' request_id,spend,total_tokens,prompt_tokens,completion_tokens,startTime,model,metadata \
		"r1,0,10100,10000,100,2026-07-22 10:00:00,openai/gpt-x,\"{\"\"usage_object\"\":$(sed 's/"/""/g' <<<"$1")}\"" >log.csv
}

@test "LiteLLM: cache writes and reads, by all names that its usage object has for them" {
	# 1,000 x 2 + 3,000 x 0.2 + 6,000 x 2.5 + 100 x 12 = 18,800 millionths.
	litellm '{"prompt_tokens":10000,"prompt_tokens_details":{"cached_tokens":3000,"cache_write_tokens":6000}}'
	costs 0.0188
	litellm '{"prompt_tokens":10000,"prompt_tokens_details":{"cached_tokens":3000,"cache_creation_tokens":6000}}'
	costs 0.0188
	litellm '{"input_tokens":10000,"input_tokens_details":{"cached_tokens":3000,"cache_write_tokens":6000}}'
	costs 0.0188
	litellm '{"cache_read_input_tokens":3000,"prompt_tokens_details":{"cached_tokens":2999}}'
	refused 'prompt_tokens_details.cached_tokens contradicts another place in the object, which says 3000'
}

@test "LiteLLM: the total of a row decides whether reasoning is part of the output" {
	# 1,000 x 2 + 300 x 12: 100 of reasoning inside 300 of output, or beside 200.
	local header=startTime,model,prompt_tokens,completion_tokens,total_tokens,spend,metadata
	local reasoning='"{""usage_object"":{""completion_tokens_details"":{""reasoning_tokens"":100}}}"'
	printf '%s\n' "$header" "2026-07-22 10:00:00,gpt-x,1000,300,1300,0,$reasoning" >log.csv
	costs 0.0056
	printf '%s\n' "$header" "2026-07-22 10:00:00,gpt-x,1000,200,1300,0,$reasoning" >log.csv
	costs 0.0056
	printf '%s\n' "$header" "2026-07-22 10:00:00,gpt-x,1000,200,1301,0,$reasoning" >log.csv
	refused 'the total is 1301, but the counts add up to 1200'
}

langfuse() { # USAGE
	printf '%s\n' id,traceId,startTime,model,usageDetails,totalCost \
		"o1,t1,2026-08-03T10:00:00.000Z,gpt-x,\"${1//\"/\"\"}\"," >log.csv
}

@test "Langfuse: every key that it prices itself" {
	# 1,000 x 2 + 3,000 x 0.2 + 2,000 x 2.5 + 200 x 12
	langfuse '{"input":1000,"input_cache_read":3000,"cache_write_tokens":2000,"output":50,"reasoning_tokens":150,"total":6200}'
	costs 0.01
	# 1,000 x 2 + 200 x 12, and 2,000 x 2.5 more
	langfuse '{"input_tokens":1000,"output_tokens":200}'
	costs 0.0044
	langfuse '{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200}'
	costs 0.0044
	langfuse '{"input":1000,"output":200,"cache_write_tokens":0,"reasoning_tokens":0}'
	costs 0.0044
	langfuse '{"input":1000,"output":200,"input_cache_write":2000}'
	costs 0.0094
	langfuse '{"input":1000,"output":200,"somebodys_tokens":7}'
	refused 'somebodys_tokens is no usage that is known here; bill such rows apart'
}

@test "Langfuse: reasoning is inside the output where the total says so" {
	langfuse '{"input":1000,"output":200,"output_reasoning_tokens":150,"total":1200}'
	costs 0.0044
	langfuse '{"input":1000,"output":50,"output_reasoning_tokens":150,"total":1200}'
	costs 0.0044
}

@test "Langfuse: searches have their fee, whether the total counts them or not" {
	# 0.0044 and 3 searches of 0.01
	langfuse '{"input":1000,"output":200,"web_search_requests":3}'
	costs 0.0344
	langfuse '{"input":1000,"output":200,"total":1203,"web_search_requests":3}'
	costs 0.0344
	langfuse '{"input":1000,"output":200,"total":1202,"web_search_requests":3}'
	refused 'the total is 1202, but the counts add up to 1200'
}

@test "a format file may change one convention of a known format, and nothing else" {
	printf '[format lf]\nbase = langfuse\ncached = included\n' >lf.ini
	# 1,000 x 2 + 9,000 x 0.2 + 200 x 12
	langfuse '{"input":10000,"cache_read_input_tokens":9000,"output":200,"total":10200}'
	costs 0.0062 --format-file lf.ini
	costs 0.0062 --format-file lf.ini --format lf
	refused 'the total is 10200, but the counts add up to 19200'
	langfuse '{"input":1000,"cache_read_input_tokens":9000,"output":200,"total":10200}'
	costs 0.0062
	printf '[format own]\ncached = apart\n' >lf.ini
	bill 78 report -q --rates rates.ini --format-file lf.ini log.csv
	has_text "$ERR" "lf.ini:1: 'format own': names no column"
}

@test "OpenRouter: fees and own keys are part of the reported cost" {
	# 3 x (1,000 x 2 + 200 x 12); reported 0.0244 + 0.00022 + 0.0044 + 0.0064
	printf '%s\n' generation_id,created_at,cost_total,cost_web_search,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,model_permaslug \
		'g1,2026-09-08 10:00:00,0.0244,0.02,0,0,1000,200,openai/gpt-x' \
		'g2,2026-09-08 10:01:00,0.00022,0,0,0.0044,1000,200,openai/gpt-x' \
		'g3,2026-09-08 10:02:00,0.0064,0,0.002,0,1000,200,openai/gpt-x' >log.csv
	costs 0.0132
	bill 1 report -q -f csv --by model --compare --rates rates.ini log.csv
	tail -n +2 "$OUT" | cut -d, -f12- | diff - <(echo 0.0132,USD,0.03542,-0.02222)
}

@test "Cursor: rows without counts, rows that are not charged, and counts in groups" {
	printf '[m]\ninput = 1\ncached_read = 0.1\noutput = 5\n' >rates.ini
	local header='Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost'
	# 1,200 x 1 + 30,000 x 0.1 + 500 x 5
	printf '%s\n' "$header" '2026-08-07T18:00:00.000Z,Included,m,No,0,"1,200","30,000",500,"31,700",Included' \
		'2026-08-07T19:00:00.000Z,Included,auto,No,,,,,,Included' \
		'2026-08-07T19:00:00.000Z,"Errored, No Charge",m,No,0,50,0,0,50,-' \
		'2026-08-07T19:00:00.000Z,"aborted, not charged",m,No,0,50,0,0,50,-' >log.csv
	costs 0.0067
	bill 0 report -f csv --rates rates.ini -o report.csv log.csv
	err_has 'tokbill: 4 rows read: 1 billed, 0 set aside, 3 skipped'
	local bad
	for bad in 1,20 1,2000 12,34,567 1234,567 ,200 1,,200; do
		printf '%s\n' "$header" "2026-08-07T18:00:00.000Z,Included,m,No,0,\"$bad\",0,0,,Included" >log.csv
		refused "Input (w/o Cache Write): '$bad': not a whole number in plain digits"
	done
}
