#!/usr/bin/env bats
# The tab key, in the shells themselves.

load helpers

# Models of two vendors, one of them with names that shells take for something else.
book() {
	cat >book.ini <<-'END'
		[alpha]
		provider = one
		input = 1
		output = 2

		[beta-long]
		provider = two
		aliases = us.beta-v1:0
		input = 1
		output = 2

		[gamma$(touch${IFS}ran)]
		input = 1
		output = 2
	END
}

# Each argument is a line as it is typed, then the line that the tab key makes of it.
tabs() { # SHELL [TYPED LINE]...
	local shell=$1 line
	command -v "$shell" >/dev/null || skip "$shell is not installed"
	shift
	"$TOKBILL" --generate "$shell" >completion
	"$shell" -n completion
	while [ $# -gt 0 ]; do
		line=$(PATH=${TOKBILL%/*}:$PATH LC_ALL=C.UTF-8 "$ROOT/tests/cli/tab.py" "$shell" completion "$1")
		[ "$line" = "$2" ] || { echo "'$1' became '$line', not '$2'" && return 1; }
		shift 2
	done
}

# What all of them do alike, but for what they put after an option that takes a value.
in_shell() { # SHELL AFTER-OPTION
	book
	touch usage.csv
	tabs "$1" \
		'tokbill rep' 'tokbill report ' \
		'tokbill rates sh' 'tokbill rates show ' \
		'tokbill help rates imp' 'tokbill help rates import ' \
		'tokbill report --max' "tokbill report --max-groups$2" \
		'tokbill report --period mo' 'tokbill report --period month ' \
		'tokbill report -f ta' 'tokbill report -f table ' \
		'tokbill report --by date,ti' 'tokbill report --by date,tier ' \
		'tokbill report us' 'tokbill report usage.csv ' \
		'tokbill report --rates bo' 'tokbill report --rates book.ini ' \
		'tokbill report --tz Europe/Berl' 'tokbill report --tz Europe/Berlin ' \
		'tokbill whatif --log-tz=America/Argentina/Tuc' 'tokbill whatif --log-tz=America/Argentina/Tucuman ' \
		'tokbill estimate --rates book.ini -m al' 'tokbill estimate --rates book.ini -m alpha ' \
		'tokbill estimate --rates=book.ini --model=be' 'tokbill estimate --rates=book.ini --model=beta-long ' \
		'tokbill rates list --rates book.ini --provider tw' 'tokbill rates list --rates book.ini --provider two ' \
		'tokbill whatif --rates book.ini --move alpha=be' 'tokbill whatif --rates book.ini --move alpha=beta-long '
	TOKBILL_RATES=book.ini tabs "$1" 'tokbill rates show al' 'tokbill rates show alpha '
}

@test "bash completes" {
	in_shell bash ' '
}

@test "zsh completes" {
	in_shell zsh =
}

@test "fish completes" {
	in_shell fish ' '
}

@test "a name with a colon, which cuts words in bash" {
	book
	for shell in bash zsh fish; do
		tabs $shell 'tokbill estimate --rates book.ini -m us.beta-v1:' 'tokbill estimate --rates book.ini -m us.beta-v1:0 '
	done
}

@test "what a rate file calls a model is never run" {
	book
	for shell in bash zsh fish; do
		tabs $shell 'tokbill estimate --rates book.ini -m gam' 'tokbill estimate --rates book.ini -m gamma\$\(touch\$\{IFS\}ran\) '
		[ ! -e ran ]
	done
}

@test "rates that cannot be read offer nothing and say nothing" {
	for shell in bash zsh fish; do
		tabs $shell 'tokbill estimate --rates missing.ini -m al' 'tokbill estimate --rates missing.ini -m al'
	done
}

@test "--generate models and providers: of files, of TOKBILL_RATES, of the built-in rates" {
	book
	bill 0 --generate models book.ini
	sort "$OUT" | diff - <(printf '%s\n' alpha beta-long 'gamma$(touch${IFS}ran)' us.beta-v1:0)
	TOKBILL_RATES=book.ini bill 0 --generate providers
	sort "$OUT" | diff - <(printf '%s\n' one two)
	bill 0 --generate providers
	out_has openai anthropic
	[ "$(sort "$OUT" | uniq -d)" = '' ]
	bill 78 --generate models missing.ini
	no_out
}

@test "--generate zones: the names that --tz takes" {
	bill 0 --generate zones
	out_has UTC Europe/Berlin America/Argentina/Tucuman
	sort -c "$OUT"
	grep -E '^(posix|right)/|localtime|tab$|^/' "$OUT" | diff - /dev/null
	unit_rates
	log 2026-04-01,m,1,1
	sed -n '1~60p' "$OUT" >some
	while read -r zone; do
		bill 0 report --rates rates.ini --tz "$zone" log.csv
	done <some
}
