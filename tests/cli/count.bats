#!/usr/bin/env bats
# tokbill count: the tokens of text and what they cost. tests/tokens holds the counts themselves
# against tiktoken; here they are of texts short enough to be known.

load helpers

COUNT_HEADER=file,model,encoding,tokens,input_cost,currency,exact

# 1.00 a token of m; m-old splits "你好" into more tokens; m-none says no tokenizer.
some_rates() {
	cat >rates.ini <<-'END'
		[m]
		aliases = alias-of-m
		input = 1000000
		output = 1
		tokenizer = o200k_base
		[m-long]
		input = 1000000
		output = 1
		long_context_over = 4
		long_input = 2000000
		long_output = 2
		tokenizer = o200k_base
		[m-none]
		input = 1000000
		output = 1
		[m-old]
		currency = EUR
		input = 2000000
		output = 1
		tokenizer = cl100k_base
	END
	printf 'hello world, 你好' >text
}

@test "the tokens alone" {
	some_rates
	bill 0 count text
	printf '%s\n' "$COUNT_HEADER" text,,o200k_base,5,,,yes | out
	bill 0 count --encoding cl100k_base text
	printf '%s\n' "$COUNT_HEADER" text,,cl100k_base,6,,,yes | out
	no_err
}

@test "models are counted in their own encoding, and priced" {
	some_rates
	bill 0 count --rates rates.ini -m m -m m-old text
	printf '%s\n' "$COUNT_HEADER" text,m,o200k_base,5,5.00,USD,yes text,m-old,cl100k_base,6,12.00,EUR,yes | out
	no_err
}

@test "an alias, once; a pattern; all" {
	some_rates
	bill 0 count --rates rates.ini -m alias-of-m -m m text
	printf '%s\n' "$COUNT_HEADER" text,alias-of-m,o200k_base,5,5.00,USD,yes | out
	bill 0 count --rates rates.ini -m 'm-[lo]*' text
	out_has text,m-long,o200k_base,5,10.00,USD,yes text,m-old,cl100k_base,6,12.00,EUR,yes
	bill 2 count --rates rates.ini --all text
	[ "$(wc -l <"$OUT")" = 5 ]
}

@test "many input tokens have the price of a long context" {
	some_rates
	printf 'hello world, ' >short
	bill 0 count --rates rates.ini -m m-long short text
	printf '%s\n' "$COUNT_HEADER" short,m-long,o200k_base,4,4.00,USD,yes text,m-long,o200k_base,5,10.00,USD,yes | out
}

@test "without a published tokenizer there is no count, unless an approximate one is asked for" {
	some_rates
	bill 2 count --rates rates.ini -m m -m m-none text
	printf '%s\n' "$COUNT_HEADER" text,m,o200k_base,5,5.00,USD,yes text,m-none,,,,,no | out
	echo 'tokbill: m-none: no count, for no tokenizer of it is published; --approximate counts with o200k_base' | err
	bill 0 count --rates rates.ini -m m-none --approximate text
	printf '%s\n' "$COUNT_HEADER" text,m-none,o200k_base,5,5.00,USD,no | out
	bill 0 count --rates rates.ini -m m-none --approximate -f json text
	grep -q '"exact": *"no"' "$OUT"
	bill 0 count --rates rates.ini -m m-none --approximate -f table text
	grep -qE 'm-none +o200k_base +5 +5.00 +USD +no' "$OUT"
}

@test "standard input, directories and patterns" {
	some_rates
	mkdir -p d/e
	printf 'a b' >d/e/one.md
	printf 'a' >d/two.md
	: >d/empty.txt
	piped 0 count - <text
	printf '%s\n' "$COUNT_HEADER" "standard input,,o200k_base,5,,,yes" | out
	bill 0 count d
	printf '%s\n' "$COUNT_HEADER" d/e/one.md,,o200k_base,2,,,yes d/empty.txt,,o200k_base,0,,,yes d/two.md,,o200k_base,1,,,yes | out
	bill 0 count 'd/*.md' d/e/one.md
	printf '%s\n' "$COUNT_HEADER" d/two.md,,o200k_base,1,,,yes d/e/one.md,,o200k_base,2,,,yes | out
}

@test "text that is not UTF-8 is refused with its place" {
	printf 'hello \xff' >bad
	bill 65 count bad
	no_out
	echo 'tokbill: bad: byte 6: not UTF-8, in which the tokenizers are defined; convert the text first' | err
	printf 'caf\xc3' | piped 65 count -
	echo 'tokbill: standard input: byte 3: not UTF-8, in which the tokenizers are defined; convert the text first' | err
}

@test "what cannot be asked for" {
	some_rates
	bill 64 count
	bill 64 count --encoding p50k_base text
	echo "tokbill: --encoding: 'p50k_base': not one of o200k_base, cl100k_base" | err
	bill 64 count --rates rates.ini --encoding o200k_base -m m text
	bill 64 count --rates rates.ini -m n text
	bill 66 count there-is-no-such-file
	echo 'tokbill: there-is-no-such-file: No such file or directory' | err
	bill 64 count -o text text
	[ "$(cat text)" = 'hello world, 你好' ]
}

@test "a tokenizer in a rate file" {
	printf '[m]\ninput = 1\noutput = 1\ntokenizer = claude\n' >rates.ini
	bill 78 count --rates rates.ini -m m rates.ini
	err_has "rates.ini:4: tokenizer: 'claude': not o200k_base or cl100k_base; leave the line out of a model whose tokenizer is not published"
	printf '[m]\ninput = 1\noutput = 1\ntokenizer = cl100k_base\n' >rates.ini
	bill 0 rates show --rates rates.ini m
	grep -q 'tokenizer  *cl100k_base' "$OUT"
}

@test "output into a file, whole or not at all" {
	some_rates
	bill 0 count -o counts.csv text
	no_out
	printf '%s\n' "$COUNT_HEADER" text,,o200k_base,5,,,yes | diff - counts.csv
	printf '\xff' >bad
	bill 65 count -o counts.csv text bad
	printf '%s\n' "$COUNT_HEADER" text,,o200k_base,5,,,yes | diff - counts.csv
}

# A build without a network has no vocabularies, and everything else.
@test "without the vocabularies count says so" {
	local tables source objects=()
	[[ $BUILD == */build ]] || skip "for the plain build"
	for source in "$ROOT"/src/cli/*.c; do # not the objects of sources that are gone
		objects+=("$BUILD/obj/src/cli/$(basename "$source" .c).o")
	done
	tables=$PWD/tables.o
	(cd "$ROOT" && ${CC:-cc} -std=c11 -Isrc -fPIE -c -o "$tables" src/tokens/tables.c)
	${CC:-cc} -pie -o tokbill "${objects[@]}" "$tables" "$BUILD"/libtokbill.a \
		$(sed -n 's/^LIBS *:= *//p' "$ROOT/Makefile")
	some_rates
	TOKBILL=$PWD/tokbill
	bill 78 count text
	err_has 'tokbill: this tokbill was built without the vocabularies that tokens are counted with; they are fetched when it is built: `make deps all` where there is a network'
	bill 0 estimate --rates rates.ini -m m --input 5
}

# ---- estimates whose input is text ----

# 1.00 a token in, 2.00 out, 0.10 from a cache; a batch is half of it.
chat_rates() {
	cat >rates.ini <<-'END'
		[gpt-4o]
		aliases = gpt-4o-alias
		input = 1000000
		cached_read = 100000
		output = 2000000
		batch_discount = 50%
		context_window = 20
		tokenizer = o200k_base
		[m-old]
		input = 3000000
		output = 4000000
		tokenizer = cl100k_base
		[m-none]
		input = 1000000
		cached_read = 500000
		output = 2000000
	END
	printf 'hello world, 你好' >text
	printf 'hello world' >prefix
}

batch_file() {
	cat >batch.jsonl <<-'END'
		{"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"system","content":"hello world"},{"role":"user","content":"hello"}]}}
		{"custom_id":"2","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-alias","messages":[{"role":"user","name":"bob","content":[{"type":"text","text":"hello world"}]}],"max_tokens":7}}
	END
}

ESTIMATE_HEADER=date,model,requests,input_tokens,cached_read_tokens,cache_write_tokens,output_tokens,batch_tokens,list_cost,cache_savings,batch_savings,tier_savings,cost,currency

estimate() { # CODE ARG...
	local code=$1
	shift
	bill "$code" estimate --rates rates.ini --on 2026-08-01 "$@"
}

@test "estimate: the input is counted in each model's own encoding" {
	chat_rates
	estimate 0 -m gpt-4o -m m-old --input-from text --output 2
	printf '%s\n' "$ESTIMATE_HEADER" 2026-08-01,gpt-4o,1,5,0,0,2,0,9.00,0.00,0.00,0.00,9.00,USD \
		2026-08-01,m-old,1,6,0,0,2,0,26.00,0.00,0.00,0.00,26.00,USD | out
	piped 0 estimate --rates rates.ini --on 2026-08-01 -m gpt-4o --input-from - --requests 10 <text
	out_has 2026-08-01,gpt-4o,10,50,0,0,0,0,50.00,0.00,0.00,0.00,50.00,USD
}

@test "estimate: each text is a request; directories and patterns" {
	chat_rates
	mkdir d
	cp text d/a
	cp prefix d/b
	estimate 0 -m gpt-4o --input-from d --input-from 'pre*'
	out_has 2026-08-01,gpt-4o,3,9,0,0,0,0,9.00,0.00,0.00,0.00,9.00,USD
}

@test "estimate: output as a share of the input, rounded up for each request" {
	chat_rates
	estimate 0 -m gpt-4o --input-from text --input-from prefix --output-ratio 30%
	# 5 and 2 tokens: 1.5 and 0.6 become 2 and 1.
	out_has 2026-08-01,gpt-4o,2,7,0,0,3,0,13.00,0.00,0.00,0.00,13.00,USD
	estimate 0 -m gpt-4o --input 10 --output-ratio 200%
	out_has 2026-08-01,gpt-4o,1,10,0,0,20,0,50.00,0.00,0.00,0.00,50.00,USD
	estimate 64 -m gpt-4o --input 10 --output-ratio 30
	estimate 64 -m gpt-4o --input 10 --output-ratio 0%
	estimate 64 -m gpt-4o --input 10 --output-ratio 10% --output 3
	estimate 64 -m gpt-4o --input 9e18 --output-ratio 10000%
}

@test "estimate: a shared prefix is read from the cache" {
	chat_rates
	estimate 0 -m gpt-4o --input-from text --cached-prefix prefix
	printf '%s\n' "$ESTIMATE_HEADER" 2026-08-01,gpt-4o,1,7,2,0,0,0,7.00,1.80,0.00,0.00,5.20,USD | out
	err_has 'tokbill: gpt-4o: 2 input tokens of each request are read from the cache'
}

@test "estimate: without a published tokenizer the exit code is 2, or every output says exact = no" {
	chat_rates
	estimate 2 -m gpt-4o -m m-none --input-from text
	[ "$(wc -l <"$OUT")" = 2 ]
	err_has 'tokbill: m-none: no tokenizer of it is published, so there is no count; --approximate counts with o200k_base'
	estimate 2 -m m-none --input-from text
	echo "$ESTIMATE_HEADER" | out
	estimate 0 -m gpt-4o -m m-none --input-from text --cached-prefix prefix --approximate
	printf '%s\n' "$ESTIMATE_HEADER,exact" 2026-08-01,gpt-4o,1,7,2,0,0,0,7.00,1.80,0.00,0.00,5.20,USD,yes \
		2026-08-01,m-none,1,7,2,0,0,0,7.00,1.00,0.00,0.00,6.00,USD,no | out
	estimate 0 -m m-none --input-from text --approximate -f json
	grep -q '"exact": "no"' "$OUT"
	estimate 0 -m m-none --input-from text --approximate -f table
	grep -qE '^2026-08-01 .* no' "$OUT"
}

@test "estimate: of all models those with a tokenizer" {
	chat_rates
	estimate 2 --all --input-from text
	[ "$(wc -l <"$OUT")" = 3 ]
	printf '%s\n' 'tokbill: 1 model without a published tokenizer left out; --approximate counts with o200k_base' | diff - <(grep published "$ERR")
}

@test "estimate: many input tokens have the price of a long context, request by request" {
	some_rates
	printf 'hello world, ' >short
	estimate 0 -m m-long --input-from short --input-from text
	out_has 2026-08-01,m-long,2,9,0,0,0,0,14.00,0.00,0.00,0.00,14.00,USD
	err_has 'tokbill: m-long: 1 of 2 requests are priced as long context'
}

@test "estimate: what a batch will cost, in batch and in the standard tier" {
	chat_rates
	batch_file
	estimate 0 --messages --input-from batch.jsonl --output 1
	# Text 3 and 2; framing 3+1 and 3+1 and 3, then 3+1 and 1+1 and 3: 20.
	printf '%s\n' "$ESTIMATE_HEADER" 2026-08-01,gpt-4o,2,25,0,0,2,27,29.00,0.00,14.50,0.00,14.50,USD | out
	err_has 'tokbill: gpt-4o: 20 of the input tokens frame the messages' \
		'tokbill: gpt-4o: USD 14.50 in batch, 29.00 in the standard tier'
	estimate 0 --messages --input-from batch.jsonl --output 1 -f json
	grep -q '"standard_cost": "29.00"' "$OUT"
	estimate 0 --messages --input-from batch.jsonl --output 1 --tier standard
	out_has 2026-08-01,gpt-4o,2,25,0,0,2,0,29.00,0.00,0.00,0.00,29.00,USD
}

@test "estimate: what a request allows as output, and the model's window" {
	chat_rates
	batch_file
	estimate 0 --messages --input-from batch.jsonl
	out_has 2026-08-01,gpt-4o,2,25,0,0,7,32,39.00,0.00,19.50,0.00,19.50,USD
	err_has 'tokbill: gpt-4o: output is at most what the requests allow; --output N says what it is'
	estimate 0 --messages --input-from batch.jsonl --output 9
	err_has 'tokbill: gpt-4o: 1 of 2 requests are larger than its context window of 20 tokens'
}

@test "estimate: requests on other models, whose framing nobody has published" {
	chat_rates
	batch_file
	estimate 0 --messages --input-from batch.jsonl --tier standard -m m-old
	out_has 2026-08-01,m-old,2,5,0,0,7,0,43.00,0.00,0.00,0.00,43.00,USD
	err_has 'tokbill: m-old: how messages are framed is not published: only their text is counted'
}

@test "estimate: a request in JSON as it is sent, over several lines" {
	chat_rates
	printf '{\n "messages": [\n  {"role": "user",\n   "content": "hel\\u006co world"}\n ],\n "stream": false\n}\n' >request
	estimate 0 --messages -m gpt-4o --input-from request
	out_has 2026-08-01,gpt-4o,1,9,0,0,0,0,9.00,0.00,0.00,0.00,9.00,USD
	printf '{"input":[{"role":"user","content":[{"type":"input_text","text":"hello"},{"type":"input_image","image_url":"x"}]}],"instructions":"hello world"}' >request
	estimate 0 --messages -m m-old --input-from request
	out_has 2026-08-01,m-old,1,3,0,0,0,0,9.00,0.00,0.00,0.00,9.00,USD
	err_has 'tokbill: not counted: what is no text in the requests (images, tools and alike): 1'
}

@test "estimate: what is no request is refused with its line" {
	chat_rates
	batch_file
	echo '{"custom_id":"3"}' >>batch.jsonl
	estimate 65 --messages --input-from batch.jsonl
	no_out
	grep -q '^tokbill: batch.jsonl:3: no messages, input or prompt; ' "$ERR"
	printf '{"model":"gpt-4o",\n"messages":[{"role":"user" "content":"x"}]}' >request
	estimate 65 --messages --input-from request
	grep -q '^tokbill: request:2: not JSON; ' "$ERR"
	printf '{"messages":[{"role":"user","content":"x"}]}' >request
	estimate 65 --messages --input-from request
	echo 'tokbill: request 1 names no model; type -m MODEL' | err
	printf '{"messages":[' >request
	estimate 65 --messages -m gpt-4o --input-from request
	printf '["x"]' >request
	estimate 65 --messages -m gpt-4o --input-from request
	printf '{"model":"nobody","messages":[{"role":"user","content":"x"}]}' >request
	estimate 64 --messages --input-from request
	: >request
	estimate 65 --messages -m gpt-4o --input-from request
	printf '\xff' >text
	estimate 65 -m gpt-4o --input-from text
}

@test "estimate: input is typed or counted" {
	chat_rates
	estimate 64 -m gpt-4o --input-from text --input 5
	estimate 64 -m gpt-4o --input-from text --cached-read 5
	estimate 64 -m gpt-4o --input 5 --cached-prefix prefix
	estimate 64 -m gpt-4o --input 5 --approximate
	estimate 64 --messages
	estimate 64 --input-from text
	estimate 66 -m gpt-4o --input-from there-is-no-such-file
	estimate 64 -m gpt-4o --input-from text -o text
}
