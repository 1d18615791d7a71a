#!/usr/bin/env bats
# tokbill rates: the command of commands, and `rates list`.

load helpers

book() { # -> book.ini
	cat >book.ini <<-'END'
		[b-model]
		provider = two
		aliases  = bee
		input    = 1
		output   = 2

		[b-model @ 2026-09-01]
		input          = 1.5
		cached_read    = 0.15
		output         = 3
		batch_discount = 50%
		web_search     = 10
		long_context_over = 1000
		long_input = 3
		long_cached_read = 0.3
		long_output = 6

		[a-model]
		provider  = one
		input     = 0.000000001
		output    = 1000000
		reasoning = 7
		source    = a page, and another
		verified  = 2026-11-01
	END
}

@test "rates without a command, with a wrong one, with help" {
	bill 64 rates
	no_out
	err_has 'Usage: tokbill rates COMMAND [options] ...'
	for word in --help -h help; do
		bill 0 rates $word
		no_err
		out_has 'Usage: tokbill rates COMMAND [options] ...' \
			'  list       List models and their prices, one row for each price era'
	done
	cp "$OUT" help
	bill 0 help rates
	cmp "$OUT" help
	bill 64 rates lsit
	echo 'tokbill: rates lsit: unknown command; did you mean `tokbill rates list`?' | err
	bill 64 rates something
	echo 'tokbill: rates something: unknown command; see `tokbill rates --help`' | err
	bill 64 help rates lsit
	echo 'tokbill: rates lsit: unknown command; did you mean `tokbill rates list`?' | err
	bill 64 raets
	echo 'tokbill: raets: unknown command; did you mean `tokbill rates`?' | err
}

@test "help of a sub-command" {
	bill 0 rates list --help
	out_has 'Usage: tokbill rates list [options] [FILE...]' '  tokbill rates list'
	cp "$OUT" help
	bill 0 help rates list
	cmp "$OUT" help
	bill 64 rates list --nonsense
	echo 'tokbill: --nonsense: unknown option; see `tokbill rates list --help`' | err
	bill 64 rates list --provder x
	echo 'tokbill: --provder: unknown option; did you mean --provider?' | err
}

@test "every sub-command is in the completions" {
	for shell in bash zsh fish; do
		bill 0 --generate $shell
		cp "$OUT" page
		"$TOKBILL" rates --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p' >commands
		[ -s commands ]
		while read -r command; do
			grep -q -e "rates $command" -e "$command' *-d" -e "-a $command " page ||
				{ echo "$shell lacks $command" && return 1; }
		done <commands
	done
}

completes() { # WORDS... (the last is the one being typed), expected words on standard input
	"$TOKBILL" --generate bash >completion
	PATH=${TOKBILL%/*}:$PATH diff - <(bash --norc -c '. ./completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tokbill; printf "%s\n" "${COMPREPLY[@]}"' - "$@")
}

@test "bash completes sub-commands and their options" {
	command -v compgen >/dev/null || skip "this bash has no completion"
	printf '%s\n' rates | completes tokbill ra
	printf '%s\n' list | completes tokbill rates li
	printf '%s\n' --provider | completes tokbill rates list --p
	printf '%s\n' csv json table markdown html | completes tokbill rates list -f ''
	touch book.ini
	printf '%s\n' book.ini | completes tokbill rates list bo
}

@test "--generate models: every name of the rates" {
	book
	TOKBILL_RATES=book.ini bill 0 --generate models
	sort "$OUT" | diff - <(printf '%s\n' a-model b-model bee)
}

@test "list: one row for each era, by model and start, exact decimals" {
	book
	bill 0 rates list book.ini
	no_err
	cut -d, -f1-11,24 "$OUT" | diff - <(cat <<-'END'
		model,provider,effective_from,effective_until,input,cached_read,cache_write,cache_write_1h,output,reasoning,web_search,long_context
		a-model,one,,,0.000000001,,,,1000000.00,7.00,,
		b-model,two,,2026-09-01,1.00,,,,2.00,,,
		b-model,two,2026-09-01,,1.50,0.15,,,3.00,,10.00,> 1000
	END
	)
	has_text "$OUT" '"a page, and another"'
	grep -q '^b-model,.*,0.75,1.50,,,,,3.00,6.00,' "$OUT"
}

@test "list: filters" {
	book
	rows() { tail -n +2 "$OUT" | cut -d, -f1,3; }
	bill 0 rates list --provider one book.ini
	rows | diff - <(echo a-model,)
	bill 0 rates list --as-of 2026-08-31T23:59:59Z book.ini
	rows | diff - <(printf '%s\n' a-model, b-model,)
	bill 0 rates list --as-of 2026-09-01 --model 'b*' book.ini
	rows | diff - <(echo b-model,2026-09-01)
	bill 0 rates list --model bee book.ini
	rows | diff - <(printf '%s\n' b-model, b-model,2026-09-01)
	bill 0 rates list --model 'x*' --model '[a]-*' book.ini
	rows | diff - <(echo a-model,)
	bill 0 rates list --model 'x*' -f table book.ini
	echo 'No model of that kind in the rates.' | out
	bill 64 rates list --as-of 2026-02-30 book.ini
	echo "tokbill: --as-of: '2026-02-30': not a date such as 2026-09-01 or an instant such as 2026-08-16T16:00:00Z" | err
	bill 64 rates list --as-of '2026-02-03 10:00:00' book.ini
}

@test "list: formats and places" {
	book
	bill 0 rates list -f table --provider one book.ini
	out <<-'END'
		model    provider        input      output  reasoning  currency  verified    source
		------------------------------------------------------------------------------------------------
		a-model  one       0.000000001  1000000.00       7.00  USD       2026-11-01  a page, and another
	END
	bill 0 rates list -o list.json book.ini
	python3 - <<-'END'
		import json
		rows = json.load(open("list.json"))
		assert [r["model"] for r in rows] == ["a-model", "b-model", "b-model"]
		assert rows[2]["web_search"] == "10.00" and rows[0]["web_search"] is None
	END
	on_terminal 60 "'$TOKBILL' rates list book.ini"
	has_text "$OUT" 'Left out to fit the terminal: '
	awk '!/^Left out/ && length > 60 { print; exit 1 }' "$OUT"
	bill 64 rates list -o book.ini book.ini
	echo 'tokbill: book.ini: is a rate file and would be replaced; choose another -o' | err
}

@test "list: the rates come from FILE, --rates, TOKBILL_RATES, or are built in" {
	book
	bill 0 rates list book.ini
	cp "$OUT" expected
	bill 0 rates list --rates book.ini
	cmp "$OUT" expected
	TOKBILL_RATES=book.ini bill 0 rates list
	cmp "$OUT" expected
	bill 0 rates list "$ROOT"/rates/*.ini
	cp "$OUT" expected
	bill 0 rates list
	cmp "$OUT" expected
	echo '[m]' >bad.ini
	bill 78 rates list bad.ini
	no_out
	err_has 'bad.ini:1: [m]: input is missing; 0 means free, absent means unknown'
}

@test "list: on a narrow terminal the usual prices stay, and the rest goes" {
	on_terminal 80 "NO_COLOR=1 '$TOKBILL' rates list --provider anthropic"
	head -n 1 "$OUT" | grep -Eq '^model +from +input +cached read +cache write +output$'
	grep -Eq '^claude-sonnet-4-5 +3\.00 +0\.30 +3\.75 +15\.00$' "$OUT"
	awk '!/^Left out/ && length > 80 { print; exit 1 }' "$OUT"
	on_terminal 40 "NO_COLOR=1 '$TOKBILL' rates list --provider anthropic"
	head -n 1 "$OUT" | grep -Eq '^model +input +cached read +output$'
}
