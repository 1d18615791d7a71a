#!/usr/bin/env bats
# Rate files: what is refused, where they come from, how they add up (contract section 2).

load helpers

GOOD='[m]
input = 1000000
output = 2000000'

# A rate file with these bytes (printf escapes) has these problems, in this order, and exit 78.
refused() { # BYTES PROBLEM...
	local bytes=$1
	shift
	# shellcheck disable=SC2059 # it is a format on purpose
	printf "$bytes" >r.ini
	log 2026-04-01,m,1,1
	bill 78 report --rates r.ini log.csv
	no_out
	(printf '%s\n' "$@" && echo 'tokbill: the rates cannot be used') | err
}

# The same for one line in a section that is good otherwise; it is line 4.
refused_line() { # LINE REASON
	refused "$GOOD\n$1\n" "r.ini:4: $2"
}

# One input token and one output token cost this.
costs() { # COST
	bill 0 report --rates r.ini log.csv
	tail -n 1 "$OUT" | cut -d, -f13 | diff - <(echo "$1")
}

# ---- keys ----

@test "unknown keys, with the nearest known one" {
	refused_line 'outptu = 1' "unknown key 'outptu'; did you mean 'output'?"
	refused_line 'batch_inputs = 1' "unknown key 'batch_inputs'; did you mean 'batch_input'?"
	refused_line 'Input = 1' "unknown key 'Input'; did you mean 'input'?"
	refused_line 'price_per_second = 1' "unknown key 'price_per_second'; \`man tokbill\` lists the keys of a rate file"
	refused_line 'standard_discount = 5%%' "unknown key 'standard_discount'; \`man tokbill\` lists the keys of a rate file"
}

@test "a key given twice" {
	refused_line 'input = 1' "key 'input' was already given in line 2 of this section"
	refused "$GOOD\nname = x\nname = x\n" \
		"r.ini:5: key 'name' was already given in line 4 of this section"
}

@test "note and aliases may stand several times" {
	printf '%s\nnote = a\nnote = b\naliases = x y\naliases = z\n' "$GOOD" >r.ini
	log 2026-04-01,x,1,0 2026-04-01,y,1,0 2026-04-01,z,1,0
	costs 3.00
}

@test "input and output are required" {
	refused '[m]\ninput = 1\n' 'r.ini:1: [m]: output is missing; 0 means free, absent means unknown'
	refused '[m]\n' 'r.ini:1: [m]: input is missing; 0 means free, absent means unknown' \
		'r.ini:1: [m]: output is missing; 0 means free, absent means unknown'
}

@test "prices that are no plain decimal" {
	local what
	for what in -1 +1 -0; do
		refused "[m]\ninput = $what\noutput = 1\n" \
			"r.ini:2: input: '$what': a price has no sign; write a plain decimal such as 0.15"
	done
	for what in 3e0 1E3 '$3' 3,00 . 3. .5 3.0.0 '1 000' 1_000 0x10 NaN inf free ３ '3 USD' '1/2'; do
		refused "[m]\ninput = $what\noutput = 1\n" \
			"r.ini:2: input: '$what': not a plain decimal such as 0.15"
	done
	refused_line 'cached_read = 0.1234567890123' \
		"cached_read: '0.1234567890123': more than 12 decimals, and a price is never rounded"
	refused_line 'cached_read = 0.0000000000000' \
		"cached_read: '0.0000000000000': more than 12 decimals, and a price is never rounded"
	refused_line 'cached_read = 1000000000.000000000001' \
		"cached_read: '1000000000.000000000001': more than 1000000000 per 1,000,000 tokens; looks like 1000000000 with the noise of binary arithmetic"
	refused_line 'cached_read = 99999999999999999999999999999999999999999999999999' \
		"cached_read: '99999999999999999999999999999999999999999999999999': more than 1000000000 per 1,000,000 tokens"
}

@test "the smallest and the largest price" {
	printf '[m]\ninput = 0.000000001\noutput = 1000000000\n' >r.ini
	log 2026-04-01,m,1,1
	costs 1000.000000000000001
	printf '[m]\ninput = 0\noutput = 0.0\n' >r.ini
	costs 0.00
}

@test "discounts outside 0 to 100 percent" {
	refused_line 'batch_discount = 100.01%%' "batch_discount: '100.01%': more than 100%"
	refused_line 'batch_discount = 150%%' "batch_discount: '150%': more than 100%"
	refused_line 'batch_discount = -10%%' \
		"batch_discount: '-10%': a percentage has no sign; it lies between 0% and 100%"
	refused_line 'flex_discount = 0.5' "flex_discount: '0.5': not a percentage; write it like 50%"
	refused_line 'flex_discount = %%' "flex_discount: '%': not a percentage; write it like 50%"
	refused_line 'flex_discount = 50 %%' "flex_discount: '50 %': not a percentage; write it like 50%"
	refused_line 'priority_discount = 33.333%%' \
		"priority_discount: '33.333%': more than 2 decimals of a percent"
}

@test "discounts at their ends" {
	printf '%s\nbatch_discount = 100%%\nflex_discount = 0%%\npriority_discount = 33.33%%\n' "$GOOD" >r.ini
	log_with "$SHORT,service_tier" 2026-04-01,m,1,1,batch
	costs 0.00
	log_with "$SHORT,service_tier" 2026-04-01,m,1,1,flex
	costs 3.00
	log_with "$SHORT,service_tier" 2026-04-01,m,1,1,priority
	costs 2.0001
}

@test "an empty value" {
	refused_line 'provider =' 'provider: empty value; leave the line out instead'
	refused_line 'provider = ; nobody' 'provider: empty value; leave the line out instead'
	refused '[m]\ninput =\noutput = 1\n' 'r.ini:2: input: empty value; leave the line out instead'
}

@test "a line that is no key = value" {
	refused_line 'cached_read' 'not a key = value line, a [section] or a ; comment'
	refused_line '= 5' 'no key before the = sign'
}

@test "currencies are three capital letters" {
	for what in usd US USDT '$' Euro 'U$D'; do
		refused_line "currency = $what" \
			"currency: '$what': not a currency; write its three capital letters (ISO 4217), such as USD"
	done
}

@test "a price may name another meter; not itself, not one without a price" {
	printf '%s\ncached_read = input\ncache_write = cached_read\n' "$GOOD" >r.ini
	log_with "$SHORT,cached_tokens,cache_write_tokens" 2026-04-01,m,3,0,1,1
	costs 3.00
	refused_line 'cached_read = cached_read' \
		'cached_read names the meter cached_read, which has no price there itself'
	refused_line 'cached_read = cache_write' \
		'cached_read names the meter cache_write, which has no price there itself'
	refused "$GOOD\ncached_read = cache_write\ncache_write = cached_read\n" \
		'r.ini:4: cached_read names the meter cache_write, which has no price there itself' \
		'r.ini:5: cache_write names the meter cached_read, which has no price there itself'
	refused_line 'batch_input = output' \
		'batch_input names the meter output, which has no price there itself'
}

@test "long prices need a threshold, and a threshold needs them" {
	refused_line 'long_input = 1' 'long_input without long_context_over or long_context_from'
	refused_line 'batch_long_output = 1' \
		'batch_long_output without long_context_over or long_context_from'
	refused "$GOOD\ncached_read = 1\nlong_context_over = 5\nlong_input = 1\n" \
		'r.ini:1: [m]: long_cached_read is missing, though the section has a long-context threshold and prices the meter' \
		'r.ini:1: [m]: long_output is missing, though the section has a long-context threshold and prices the meter'
	refused "$GOOD\nlong_context_over = 5\nlong_context_from = 6\nlong_input = 1\nlong_output = 1\n" \
		"r.ini:5: long_context_from: '6': long_context_over and long_context_from exclude each other"
	refused_line 'long_context_over = 0' \
		"long_context_over: '0': a long context begins above 0 tokens"
	refused_line 'long_context_over = 200k' \
		"long_context_over: '200k': not a whole number in plain digits"
}

# ---- sections ----

@test "a section given twice" {
	refused "$GOOD\n$GOOD\n" 'r.ini:4: section [m] was already given in line 1'
}

@test "two eras with one start" {
	refused "[m @ 2026-09-01]\ninput = 1\noutput = 1\n[m @ 2026-09-01T00:00:00Z]\ninput = 1\noutput = 1\n" \
		'r.ini:4: [m @ 2026-09-01T00:00:00Z] begins at the same time as [m @ 2026-09-01] in r.ini:1'
	refused "[m @ 2026-09-01]\ninput = 1\noutput = 1\n[m @ 2026-09-01T02:00:00+02:00]\ninput = 1\noutput = 1\n" \
		'r.ini:4: [m @ 2026-09-01T02:00:00+02:00] begins at the same time as [m @ 2026-09-01] in r.ini:1'
}

@test "one name claimed twice" {
	refused "$GOOD\naliases = n\n[n]\ninput = 1\noutput = 1\n" \
		"r.ini:1: [m]: the name 'n' already belongs to [n] in r.ini:5"
	refused "$GOOD\naliases = x\n[n]\ninput = 1\noutput = 1\naliases = y, x\n" \
		"r.ini:5: [n]: the name 'x' already belongs to [m] in r.ini:1"
	refused_line 'aliases = a, b a' "aliases: 'a': listed twice in this section"
	refused "$GOOD\naliases = m\n" "r.ini:1: [m]: alias 'm' is the model's own name"
}

@test "section lines that are no [name]" {
	refused '[m\ninput = 1\noutput = 1\n' "r.ini:1: '[m': section without a closing ]"
	refused '[]\ninput = 1\n' "r.ini:1: '[]': section without a name"
	refused '[ m ]\ninput = 1\n' "r.ini:1: '[ m ]': blanks at the edge of the section name; write [name]"
	refused '[m] junk\ninput = 1\n' \
		"r.ini:1: '[m] junk': text behind the section's ]; only a comment ( ; ...) may stand there"
	refused '[a[b]x]\ninput = 1\n' \
		"r.ini:1: '[a[b]x]': text behind the section's ]; only a comment ( ; ...) may stand there"
	refused '[m ;x]\ninput = 1\n' "r.ini:1: '[m ;x]': a comment sign inside the section name"
	refused '[12345678901234567890123456789012345678901234567890]\ninput = 1\n' \
		"r.ini:1: '[12345678901234567890123456789012345678901234567890]': section name longer than 49 bytes; use a shorter name and give the long one in aliases"
}

@test "a comment may stand behind a section, and 49 bytes are not too long" {
	printf '[m] ; in force\ninput = 1000000 ; USD\noutput = 0\n# one\n; two\n' >r.ini
	log 2026-04-01,m,1,0
	costs 1.00
	printf '[1234567890123456789012345678901234567890123456789]\ninput = 1000000\noutput = 0\n' >r.ini
	log 2026-04-01,1234567890123456789012345678901234567890123456789,1,0
	costs 1.00
}

@test "starts that are no date or instant" {
	local behind='behind the @ must stand a date such as 2026-09-01 or an instant such as 2026-08-16T16:00:00Z'
	local start
	for start in 2026-02-30 2026-9-1 tomorrow 1788220800 2026-09 2026-09-01T24:00:00Z 1969-12-31; do
		refused "[m @ $start]\ninput = 1\noutput = 1\n" "r.ini:1: [m @ $start]: $behind"
	done
	refused '[m @ 2026-09-01T00:00:00]\ninput = 1\noutput = 1\n' \
		'r.ini:1: [m @ 2026-09-01T00:00:00]: the start has a time of day but no zone; write it like 2026-08-16T16:00:00Z'
	for start in m@2026-09-01 'm@ 2026-09-01' 'm @2026-09-01'; do
		refused "[$start]\ninput = 1\noutput = 1\n" \
			"r.ini:1: [$start]: write the start of an era with a blank on both sides of the @: [model @ 2026-09-01]"
	done
	refused '[m @ ]\ninput = 1\noutput = 1\n' \
		"r.ini:1: '[m @ ]': blanks at the edge of the section name; write [name]"
}

@test "a section without a model before the @" {
	# "[ @ date]" has a blank at its edge; a tab in between is trimmed as well.
	refused '[ @ 2026-09-01]\ninput = 1\noutput = 1\n' \
		"r.ini:1: '[ @ 2026-09-01]': blanks at the edge of the section name; write [name]"
}

@test "[defaults] holds only the currency, and has no start" {
	refused "[defaults]\nprovider = x\n$GOOD\n" \
		"r.ini:2: provider: 'x': [defaults] holds only currency"
	refused "[defaults @ 2026-09-01]\ncurrency = EUR\n$GOOD\n" \
		'r.ini:1: [defaults @ 2026-09-01]: [defaults] has no start'
}

# ---- lines and bytes ----

@test "text outside a section" {
	refused 'input = 1\n[m]\ninput = 1\noutput = 1\n' \
		"r.ini:1: 'input = 1': text outside a section; a [NAME] line must come first"
}

@test "indented and continued lines" {
	local why='is indented, which INI readers take for a continuation of the line above; remove the blanks at its start'
	refused_line ' provider = x' "$why"
	refused_line '\tprovider = x' "$why"
	refused_line '  more text' "$why"
}

@test "what a person takes for a comment behind # is not read as text" {
	# inih takes # for a comment only at the start of a line.
	log 2026-04-01,m,1,1
	for line in 'cached_read = 1 # USD' 'aliases = x # the old name' 'provider = openai # since May'; do
		printf '%s\n%s\n' "$GOOD" "$line" >r.ini
		bill 78 report --rates r.ini log.csv
		has_text "$ERR" r.ini:4:
	done
}

@test "lines of 198 bytes are not too long, those of 199 are" {
	printf '%s\nnote = %0191d\n' "$GOOD" 0 >r.ini
	log 2026-04-01,m,1,1
	costs 3.00
	refused "$GOOD\nnote = %0192d\n" \
		'r.ini:4: is longer than 198 bytes; split it (note and aliases may be repeated)'
	refused "$GOOD\n;%0198d\n" \
		'r.ini:4: is longer than 198 bytes; split it (note and aliases may be repeated)'
}

@test "bytes that are no text" {
	refused_line 'note = a\0b' 'holds a NUL byte; write plain UTF-8 text'
	refused_line 'note = a\rb' 'holds a bare carriage return; end lines with LF or CRLF'
	refused_line 'note = a\033[1mb' 'holds a control character'
	refused_line 'note = a\177b' 'holds a control character'
	refused_line 'note = \377' 'is not valid UTF-8'
	refused_line 'note = \300\257' 'is not valid UTF-8'
	refused_line 'note = \355\240\200' 'is not valid UTF-8'
	refused '\377\376[\0m\0]\0' 'r.ini: the file is UTF-16, expected UTF-8'
	refused '\376\377\0[\0m\0]' 'r.ini: the file is UTF-16, expected UTF-8'
}

@test "a C1 control in a rate file never reaches the terminal" {
	printf '%s\nnote = \302\233 31m\n' "$GOOD" >r.ini
	log 2026-04-01,m,1,1
	"$TOKBILL" report --rates r.ini -f table log.csv >"$OUT" 2>&1 || true
	lacks_text "$OUT" $'\xc2\x9b'
}

@test "CRLF, a byte order mark and no line end at the end are fine" {
	printf '\357\273\277[m]\r\ninput = 1000000\r\noutput = 2000000' >r.ini
	log 2026-04-01,m,1,1
	costs 3.00
}

@test "empty files and files without a section" {
	refused '' 'r.ini: the file is empty'
	refused '; nothing yet\n\n' 'r.ini: no [section] in the file'
	refused '\n' 'r.ini: no [section] in the file'
}

@test "all problems are named in one go, up to 1000" {
	refused '[m]\ninput = -1\noutptu = 2\n[n]\ninput = 1\noutput = 1\noutput = 2\n' \
		"r.ini:2: input: '-1': a price has no sign; write a plain decimal such as 0.15" \
		"r.ini:3: unknown key 'outptu'; did you mean 'output'?" \
		'r.ini:1: [m]: output is missing; 0 means free, absent means unknown' \
		"r.ini:7: key 'output' was already given in line 6 of this section"
	(echo '[m]' && for i in $(seq 25); do echo "xyzzy_$i = 1"; done) >r.ini
	bill 78 report --rates r.ini log.csv
	[ "$(grep -c ^r.ini: "$ERR")" = 27 ] # 25 keys, input and output
	(echo '[m]' && for i in $(seq 1005); do echo "xyzzy_$i = 1"; done) >r.ini
	bill 78 report --rates r.ini log.csv
	[ "$(grep -c ^r.ini: "$ERR")" = 1000 ]
	tail -n 2 "$ERR" | diff - <(printf '%s\n' 'tokbill: and 7 more' 'tokbill: the rates cannot be used')
}

# ---- files ----

@test "rate files that cannot be read: 78" {
	log 2026-04-01,m,1,1
	bill 78 report --rates missing.ini log.csv
	err <<-'END'
	missing.ini: cannot be read: No such file or directory
	tokbill: the rates cannot be used
	END
	mkdir folder
	bill 78 report --rates folder log.csv
	err_has 'folder: cannot be read: is a directory, not an INI file'
	mkfifo pipe
	bill 78 report --rates pipe log.csv
	err_has 'pipe: cannot be read: is not a regular file'
	bill 78 report --rates /dev/null log.csv
	err_has '/dev/null: cannot be read: is not a regular file'
	truncate -s 65M large.ini
	bill 78 report --rates large.ini log.csv
	err_has 'large.ini: cannot be read: is larger than 16 MiB, too large for an INI file'
	bill 78 report --rates missing.ini --rates folder log.csv
	err_has 'missing.ini: cannot be read: No such file or directory' \
		'folder: cannot be read: is a directory, not an INI file'
}

@test "a rate file without read permission: 78" {
	skip_if_root
	echo "$GOOD" >r.ini
	chmod 0 r.ini
	log 2026-04-01,m,1,1
	bill 78 report --rates r.ini log.csv
	err_has 'r.ini: cannot be read: Permission denied'
}

@test "bad rates are told before the logs are read, and leave an old report" {
	echo old >report.csv
	bill 78 report --rates missing.ini -o report.csv missing.csv
	echo old | diff - report.csv
}

@test "TOKBILL_RATES names files, --rates wins over it" {
	echo "$GOOD" >a.ini
	printf '[n]\ninput = 5000000\noutput = 0\n' >b.ini
	log 2026-04-01,m,1,0 2026-04-01,n,1,0
	TOKBILL_RATES=a.ini:b.ini bill 0 report log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-04-01,n,1,0,5.00
	TOKBILL_RATES=:a.ini::b.ini: bill 0 report log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-04-01,n,1,0,5.00
	TOKBILL_RATES=missing.ini bill 0 report --rates a.ini --rates b.ini log.csv
	TOKBILL_RATES=missing.ini bill 78 report log.csv
	TOKBILL_RATES="" bill 65 report log.csv
	err_has "log.csv:2: model: 'm': not in the rates; add it to a rate file (--rates)"
}

@test "the built-in rates, and that --rates replaces all of them" {
	log 2026-04-05,gpt-4o-mini,1000000,0
	bill 0 report log.csv
	expect_rows 2026-04-05,gpt-4o-mini,1000000,0,0.15
	echo "$GOOD" >r.ini
	bill 65 report --rates r.ini log.csv
}

@test "rate files add up; a later [MODEL] replaces all eras, a later [MODEL @ DATE] adds one" {
	printf '[m]\ninput = 1000000\noutput = 0\n[m @ 2026-05-01]\ninput = 2000000\noutput = 0\n[n]\ninput = 7000000\noutput = 0\n' >a.ini
	printf '[m]\ninput = 3000000\noutput = 0\n' >whole.ini
	printf '[m @ 2026-06-01]\ninput = 4000000\noutput = 0\n' >era.ini
	log 2026-04-01,m,1,0 2026-05-01,m,1,0 2026-06-01,m,1,0 2026-06-01,n,1,0
	bill 0 report --rates a.ini log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-05-01,m,1,0,2.00 2026-06-01,m,1,0,2.00 2026-06-01,n,1,0,7.00
	bill 0 report --rates a.ini --rates whole.ini log.csv
	expect_rows 2026-04-01,m,1,0,3.00 2026-05-01,m,1,0,3.00 2026-06-01,m,1,0,3.00 2026-06-01,n,1,0,7.00
	bill 0 report --rates a.ini --rates era.ini log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-05-01,m,1,0,2.00 2026-06-01,m,1,0,4.00 2026-06-01,n,1,0,7.00
	bill 0 report --rates whole.ini --rates era.ini --rates a.ini log.csv
	expect_rows 2026-04-01,m,1,0,1.00 2026-05-01,m,1,0,2.00 2026-06-01,m,1,0,2.00 2026-06-01,n,1,0,7.00
	bill 78 report --rates era.ini --rates era.ini log.csv
	err_has 'era.ini:1: [m @ 2026-06-01] begins at the same time as [m @ 2026-06-01] in era.ini:1'
}

@test "a name claimed in two files" {
	printf '%s\naliases = x\n' "$GOOD" >a.ini
	printf '[n]\ninput = 1\noutput = 1\naliases = x\n' >b.ini
	log 2026-04-01,x,1,0
	bill 78 report --rates a.ini --rates b.ini log.csv
	err_has "b.ini:1: [n]: the name 'x' already belongs to [m] in a.ini:1"
}

@test "more than 64 rate files" {
	echo "$GOOD" >a.ini
	log 2026-04-01,m,1,1
	for ((i = 0; i < 65; i++)); do set -- "$@" --rates a.ini; done
	bill 64 report "$@" log.csv
	echo "tokbill: --rates: 'a.ini': more than 64 rate files" | err
}

# ---- eras and look-ups ----

@test "an era begins at its instant and ends where the next begins" {
	printf '[m @ 2026-04-01]\ninput = 1000000\noutput = 0\n[m @ 2026-04-01T16:00:00Z]\ninput = 2000000\noutput = 0\n' >r.ini
	log 2026-04-01T00:00:00Z,m,1,0 2026-04-01T15:59:59.999Z,m,1,0 2026-04-01T16:00:00Z,m,1,0
	costs 4.00
	log 2026-03-31T23:59:59Z,m,1,0
	bill 65 report --rates r.ini log.csv
	err_has "log.csv:2: model: 'm': has no price at 2026-03-31T23:59:59Z: its first era is [m @ 2026-04-01] (r.ini:1), from 2026-04-01T00:00:00Z"
}

@test "aliases hold in later eras unless these list their own; prices are never inherited" {
	printf '%s\naliases = x\ncached_read = 0\n[m @ 2026-05-01]\ninput = 1000000\noutput = 0\n[m @ 2026-06-01]\ninput = 1000000\noutput = 0\naliases = y\n' "$GOOD" >r.ini
	log 2026-05-01,x,1,0 2026-06-01,y,1,0 2026-06-01,m,1,0
	bill 0 report --rates r.ini log.csv
	expect_rows 2026-05-01,m,1,0,1.00 2026-06-01,m,2,0,2.00
	log 2026-06-01,x,1,0
	bill 65 report --rates r.ini log.csv
	err_has "log.csv:2: model: 'x': not an alias of m in [m @ 2026-06-01] (r.ini:9), which lists its aliases anew; add it there"
	log_with "$SHORT,cached_tokens" 2026-05-01,m,1,0,1
	bill 65 report --rates r.ini log.csv
	err_has "log.csv:2: model: 'm': unpriced: [m @ 2026-05-01] (r.ini:6) has no standard price for cached_read, and 1 tokens need it"
}

@test "names match exactly, case included" {
	echo "$GOOD" >r.ini
	log 2026-04-01,M,1,0 '2026-04-01,m ,1,0' '2026-04-01, m,1,0' 2026-04-01,gpt,1,0
	bill 65 report --rates r.ini log.csv
	err <<-'END'
	log.csv:2: model: 'M': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)
	log.csv:3: model: 'm ': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)
	log.csv:4: model: ' m': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)
	log.csv:5: model: 'gpt': not in the rates; add it to a rate file (--rates)
	tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR
	END
}

@test "an absent price is unknown, never free" {
	echo "$GOOD" >r.ini
	log_with "$SHORT,cached_tokens,cache_write_tokens,cache_write_1h_tokens,service_tier" \
		2026-04-01,m,9,0,5,,, 2026-04-01,m,9,0,,6,, 2026-04-01,m,9,0,,,7, 2026-04-01,m,9,8,,,,flex \
		2026-04-01,m,0,8,,,,priority 2026-04-01,m,0,0,,,,batch
	bill 65 report --rates r.ini log.csv
	err <<-'END'
	log.csv:2: model: 'm': unpriced: [m] (r.ini:1) has no standard price for cached_read, and 5 tokens need it
	log.csv:3: model: 'm': unpriced: [m] (r.ini:1) has no standard price for cache_write, and 6 tokens need it
	log.csv:4: model: 'm': unpriced: [m] (r.ini:1) has no standard price for cache_write_1h, and 7 tokens need it
	log.csv:5: model: 'm': unpriced: [m] (r.ini:1) has no flex price for input, and 9 tokens need it
	log.csv:6: model: 'm': unpriced: [m] (r.ini:1) has no priority price for output, and 8 tokens need it
	tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR
	END
}

@test "an explicit price wins over the tier's discount" {
	printf '%s\ncached_read = 500000\nbatch_discount = 50%%\nbatch_cached_read = 400000\n' "$GOOD" >r.ini
	log_with "$SHORT,cached_tokens,batch" 2026-04-01,m,2,1,1,yes
	costs 1.90
}

@test "reasoning has the output price where it has none of its own" {
	printf '%s\nbatch_discount = 50%%\n' "$GOOD" >r.ini
	log_with "$SHORT,reasoning_tokens,batch" 2026-04-01,m,0,3,1,no 2026-04-01,m,0,3,1,yes
	costs 9.00
	printf '%s\nreasoning = 4000000\nbatch_discount = 50%%\n' "$GOOD" >r.ini
	costs 12.00
}

@test "long context: strictly more, or that many; the whole request, cached tokens counted" {
	for word in over from; do
		printf '%s\ncached_read = 0\nlong_context_%s = 10\nlong_input = 100000000\nlong_cached_read = 1000000\nlong_output = 1000000\nbatch_discount = 50%%\nbatch_long_output = 0\n' \
			"$GOOD" "$word" >"$word.ini"
	done
	log_with "$SHORT,cached_tokens,batch" 2026-04-01,m,10,1,4,
	cp over.ini r.ini && costs 8.00
	cp from.ini r.ini && costs 605.00
	log_with "$SHORT,cached_tokens,batch" 2026-04-01,m,11,1,4,
	cp over.ini r.ini && costs 705.00
	log_with "$SHORT,cached_tokens,batch" 2026-04-01,m,11,1,4,1
	costs 352.00
}

# ---- the built-in rates among others ----

@test "built-in rates under one's own: a later file's model replaces" {
	printf '[gpt-4o-mini]\ninput = 1000000\noutput = 2000000\n' >own.ini
	log 2026-04-01,gpt-4o-mini,1,1 2026-04-01,gpt-4.1,1000000,0
	bill 0 report -q --rates built-in --rates own.ini log.csv
	expect_rows 2026-04-01,gpt-4.1,1000000,0,2.00 2026-04-01,gpt-4o-mini,1,1,3.00
	bill 0 report -q --rates own.ini --rates built-in log.csv
	expect_rows 2026-04-01,gpt-4.1,1000000,0,2.00 2026-04-01,gpt-4o-mini,1,1,0.00000075
	TOKBILL_RATES=built-in:own.ini bill 0 report -q log.csv
	expect_rows 2026-04-01,gpt-4.1,1000000,0,2.00 2026-04-01,gpt-4o-mini,1,1,3.00
	bill 65 report -q --rates own.ini log.csv
}

@test "a file called built-in is named by its path" {
	printf '[m]\ninput = 1000000\noutput = 2000000\n' >built-in
	log 2026-04-01,m,1,1
	bill 65 report -q --rates built-in log.csv
	bill 0 report -q --rates ./built-in log.csv
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "rates commands take built-in as a file" {
	printf '[m]\ninput = 1\noutput = 2\n' >own.ini
	bill 0 rates list -f csv --model m --model gpt-4o-mini built-in own.ini
	[ "$(cut -d, -f1 "$OUT" | sort -u | paste -sd' ')" = 'gpt-4o-mini m model' ]
	bill 0 rates show --rates built-in --rates own.ini m
	bill 1 rates diff -q -f csv built-in own.ini
}

@test "rates export: what is compiled in, as a file that loads to the same book" {
	bill 0 rates export -o all.ini
	for file in "$ROOT"/rates/*.ini; do
		[ "$file" = "$ROOT/rates/alibaba.ini" ] || echo
		echo "; ==== rates/${file##*/} ===="
		cat "$file"
	done | cmp - all.ini
	no_out && no_err
	bill 0 rates diff built-in all.ini
	bill 0 rates export
	out <all.ini
	bill 0 report -q --month 2026-08 "$ROOT/fixtures/month/usage-2026-08.csv"
	cp "$OUT" with-built-in.csv
	bill 0 report -q --rates all.ini --month 2026-08 "$ROOT/fixtures/month/usage-2026-08.csv"
	out <with-built-in.csv
	bill 64 rates export all.ini
	echo 'tokbill: all.ini: export takes no file; it writes the built-in rates' | err
}
