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
	local tables objects=("$BUILD"/obj/src/cli/*.o)
	[[ $BUILD == */build ]] || skip "for the plain build"
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
