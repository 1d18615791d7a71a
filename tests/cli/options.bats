#!/usr/bin/env bats
# The command line itself: help, unknown and repeated options, operands, generated files.

load helpers

@test "--help, help and -h" {
	bill 0 --help
	golden help.txt
	no_err
	cp "$OUT" help
	bill 0 -h
	cmp "$OUT" help
	bill 0 help
	cmp "$OUT" help
}

@test "report --help, and help report" {
	bill 0 report --help
	golden report-help.txt
	no_err
	cp "$OUT" help
	bill 0 report -h
	cmp "$OUT" help
	bill 0 help report
	cmp "$OUT" help
	# Nothing else counts once help is asked for.
	bill 0 report missing.csv --help --nonsense
	cmp "$OUT" help
}

@test "help fits a terminal of 100 columns, and names every exit code" {
	for args in --help 'report --help'; do
		# shellcheck disable=SC2086 # two words
		bill 0 $args
		awk 'length > 100 { exit 1 }' "$OUT"
	done
	bill 0 --help
	for code in 0 1 2 64 65 66 70 73 74 78; do
		grep -q "^ *$code  " "$OUT"
	done
}

@test "--version and -V" {
	bill 0 --version
	grep -qx 'tokbill [0-9]*\.[0-9]*\.[0-9]*' "$OUT"
	no_err
	cp "$OUT" version
	bill 0 -V
	cmp "$OUT" version
}

@test "no command: the overview on standard error, 64" {
	bill 64
	no_out
	golden help.txt "$ERR"
	bill 64 ''
	no_out
}

@test "unknown commands" {
	bill 64 reprot
	no_out
	echo 'tokbill: reprot: unknown command; did you mean `tokbill report`?' | err
	bill 64 xyzzy
	echo 'tokbill: xyzzy: unknown command; see `tokbill --help`' | err
	bill 64 --verson
	echo 'tokbill: --verson: unknown command; see `tokbill --help`' | err
	bill 64 usage.csv
	echo 'tokbill: usage.csv: unknown command; see `tokbill --help`' | err
}

@test "a file where a command is wanted" {
	touch usage.csv
	bill 64 usage.csv
	echo 'tokbill: usage.csv: a file, where a command is wanted; to price it as a log: tokbill report usage.csv' | err
}

@test "help about an unknown command" {
	bill 64 help reprot
	no_out
}

@test "unknown options, with the nearest one" {
	bill 64 report --outptu x log.csv
	no_out
	echo 'tokbill: --outptu: unknown option; did you mean --output?' | err
	bill 64 report --rate=x log.csv
	err_has 'tokbill: --rate=x: unknown option; did you mean --rates?'
	bill 64 report --hlep
	echo 'tokbill: --hlep: unknown option; did you mean --help?' | err
	bill 64 report --xyzzy log.csv
	echo 'tokbill: --xyzzy: unknown option; see `tokbill report --help`' | err
	bill 64 report -x log.csv
	echo 'tokbill: -x: unknown option; see `tokbill report --help`' | err
	# No shortened names: a later version may have another option that begins so.
	bill 64 report --out x log.csv
}

@test "options without their value" {
	for option in --rates --format --map --format-file --on-date --by --period --from --to --month --tz --log-tz --output-format --output \
		--rejects --round --max-groups --memory; do
		bill 64 report "$option"
		no_out
		echo "tokbill: $option: needs a value; see \`tokbill report --help\`" | err
		bill 64 report "$option=" log.csv
		echo "tokbill: $option: empty value" | err
		bill 64 report "$option" '' log.csv
		echo "tokbill: $option: empty value" | err
	done
	for option in -f -o; do
		bill 64 report "$option"
		echo "tokbill: $option: needs a value; see \`tokbill report --help\`" | err
	done
}

@test "a value where none belongs" {
	bill 64 report --quiet=yes log.csv
	echo 'tokbill: --quiet=yes: takes no value; see `tokbill report --help`' | err
}

@test "options given twice" {
	unit_rates
	log 2026-04-01,m,1,1
	while read -r option value; do
		bill 64 report "--$option" "$value" "--$option" "$value" log.csv
		echo "tokbill: --$option: given twice" | err
	done <<-'END'
	by model
	period day
	from 2026-04-01
	to 2026-04-01
	month 2026-04
	tz UTC
	log-tz UTC
	output-format csv
	output x
	rejects x
	round 2
	max-groups 5
	memory 5M
	END
	bill 64 report -q --quiet log.csv
	echo 'tokbill: --quiet: given twice' | err
	bill 64 report -o a --output b log.csv
	echo 'tokbill: --output: given twice' | err
	bill 0 report --rates rates.ini --rates rates.ini log.csv
}

@test "the ways to write an option" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 0 report --rates rates.ini -f json log.csv
	cp "$OUT" expected
	for args in '--rates=rates.ini --output-format=json log.csv' 'log.csv --rates rates.ini -fjson' \
		'-q --output-format json --rates rates.ini -- log.csv' '-qf json --rates=rates.ini log.csv'; do
		# shellcheck disable=SC2086 # several words
		bill 0 report $args
		cmp "$OUT" expected
	done
}

@test "options behind operands, whatever POSIXLY_CORRECT says" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 0 report log.csv --rates rates.ini
	cp "$OUT" expected
	POSIXLY_CORRECT=1 POSIX_ME_HARDER=1 bill 0 report log.csv --rates rates.ini
	cmp "$OUT" expected
}

@test "-- ends the options; names may begin with a dash" {
	unit_rates
	log 2026-04-01,m,1,1
	cp log.csv ./-q
	cp rates.ini ./-rates
	bill 0 report --rates -rates -- -q
	expect_rows 2026-04-01,m,1,1,3.00
	err_has 'tokbill: cost USD 3.00'
	bill 0 report --rates=-rates -o -out ./-q
	[ -f ./-out ]
	bill 66 report --rates rates.ini -- --help
	echo 'tokbill: --help: cannot be read: No such file or directory' | err
	cp log.csv ./-
	bill 0 report --rates rates.ini ./-
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "no log: 64" {
	bill 64 report
	no_out
	echo 'tokbill: no usage log given; name a file, a directory, or - for standard input (see `tokbill report --help`)' | err
	bill 64 report --
	bill 64 report -q --month 2026-04
	bill 66 report ''
	echo 'tokbill: : cannot be read: No such file or directory' | err
}

@test "standard input twice, or a terminal: 64" {
	unit_rates
	log 2026-04-01,m,1,1
	piped 64 report --rates rates.ini - - <log.csv
	echo 'tokbill: -: standard input can be read only once' | err
	code=0
	on_terminal 80 "'$TOKBILL' report --rates rates.ini -" || code=$?
	[ $code = 64 ]
	echo 'tokbill: -: standard input is a terminal; pipe a log into it' | out
}

@test "-q is quiet, but warnings and errors stay" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 0 report -q --rates rates.ini log.csv
	no_err
	log 2026-04-01,x,1,1
	bill 2 report -q --rates rates.ini --rejects rejects log.csv
	no_err
	bill 65 report -q --rates rates.ini log.csv
	has_text "$ERR" 'log.csv:2: model'
	log
	bill 0 report -q --rates rates.ini log.csv
	echo 'tokbill: 1 log has a header and no rows' | err
}

@test "nothing is written to standard output that is not the report" {
	unit_rates
	log 2026-04-01,m,1,1
	bill 0 report --rates rates.ini -o report.csv log.csv
	no_out
}

# ---- what is generated ----

@test "--generate takes one of its words" {
	bill 64 --generate
	echo "tokbill: --generate: '': not one of page, bash, zsh, fish, models, providers, zones" | err
	bill 64 --generate pdf
	no_out
	echo "tokbill: --generate: 'pdf': not one of page, bash, zsh, fish, models, providers, zones" | err
	for what in bash zsh fish; do
		bill 0 --generate $what
		no_err
		[ -s "$OUT" ]
		# Every option of report is in it.
		"$TOKBILL" report --help | grep -o -- '--[a-z-]*' | sort -u | while read -r option; do
			grep -q -e "$option" -e "-l ${option#--}" "$OUT" || [ "$option" = --help ]
		done
	done
}

completes() { # WORDS... (the last is the one being typed), expected words on standard input
	"$TOKBILL" --generate bash >completion
	diff - <(bash --norc -c '. ./completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tokbill; printf "%s\n" "${COMPREPLY[@]}"' - "$@")
}

@test "the bash completion completes" {
	command -v compgen >/dev/null || skip "this bash has no completion"
	printf '%s\n' report | completes tokbill re
	printf '%s\n' --help --version | completes tokbill --
	printf '%s\n' --rates --rejects --round | completes tokbill report --r
	printf '%s\n' day week month | completes tokbill report --period ''
	printf '%s\n' openai openrouter | completes tokbill report --format open
	printf '%s\n' litellm | completes tokbill whatif --format lite
	printf '%s\n' csv | completes tokbill report --output-format c
	touch usage.csv
	printf '%s\n' usage.csv | completes tokbill report us
	printf '%s\n' usage.csv | completes tokbill report --rates us
}

@test "the bash completion knows the short options' words" {
	printf '%s\n' csv json table markdown html | completes tokbill report -f ''
}

@test "the zsh and fish completions are well-formed" {
	for shell in zsh fish; do
		"$TOKBILL" --generate $shell >completion
		if command -v $shell >/dev/null; then
			$shell -n completion
		fi
	done
	# An even number of quotes in every line at least.
	awk -F"'" 'NF % 2 == 0 { print; exit 1 }' completion
}
