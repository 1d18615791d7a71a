#!/usr/bin/env bats
# tokbill rates check: errors, and a warning for each rule.

load helpers

sections() { # LINE... -> book.ini: a model that nothing can be said about, changed by the lines
	printf '%s\n' "$@" >book.ini
}

check() { # CODE ARG...: as of a fixed day
	local code=$1
	shift
	bill "$code" rates check -q --as-of 2026-11-22 "$@" book.ini
	no_out
}

@test "check: the built-in rates are clean" {
	bill 0 rates check --strict --as-of 2026-11-28 "$ROOT"/rates/*.ini
	no_out
	grep -qx 'tokbill: [0-9]* price eras checked: 0 warnings' "$ERR"
	bill 0 rates check --strict --as-of 2026-11-28 -q
	no_err
	# They are as old as the lists they are from, whenever anybody looked.
	bill 1 rates check --strict --as-of 2027-02-19 -q
	grep -q "rates/[a-z]*.ini:[0-9]*: verified: '2026-11-20': is 91 days ago; " "$ERR"
}

@test "check: the built-in rates have the lines of their files" {
	bill 0 rates check -q --as-of 2028-01-01
	cp "$ERR" built-in
	grep -q '^rates/[a-z]*.ini:[0-9]*: verified' built-in
	(cd "$ROOT" && "$TOKBILL" rates check -q --as-of 2028-01-01 rates/*.ini) 2>&1 | diff built-in -
}

@test "check: what does not load is exit code 78, all of it" {
	sections '[m]' 'input = 0.18000000000000002' 'outptu = 1' '[n]' 'input = 1' 'output = -1'
	check 78
	err <<-'END'
		book.ini:2: input: '0.18000000000000002': more than 12 decimals, and a price is never rounded; looks like 0.18 with the noise of binary arithmetic
		book.ini:3: unknown key 'outptu'; did you mean 'output'?
		book.ini:1: [m]: output is missing; 0 means free, absent means unknown
		book.ini:6: output: '-1': a price has no sign; write a plain decimal such as 0.15
		tokbill: the rates cannot be used
	END
	bill 78 rates check nosuch.ini
}

@test "check: warnings are told; --strict makes them exit code 1" {
	sections '[m]' 'input = 1' 'cached_read = 2' 'output = 1' 'verified = 2026-11-22'
	check 0
	echo "book.ini:3: cached_read: '2': a cached read costs more than plain input; are the two mixed up?" | err
	check 1 --strict
	echo "book.ini:3: cached_read: '2': a cached read costs more than plain input; are the two mixed up?" | err
	bill 0 rates check --as-of 2026-11-22 book.ini
	err_has 'tokbill: 1 price era checked: 1 warning'
}

@test "check: what is said of many lines is said once" {
	for model in a b c d e; do printf '[%s]\ninput = 1\noutput = 1\n' $model; done >book.ini
	printf '[f]\ninput = 1\ncached_read = 2\noutput = 1\nverified = 2026-11-22\n' >>book.ini
	check 0
	err <<-'END'
		book.ini:1: verified: is missing; write the date of the source in which the prices stand
		tokbill: and 4 more like this one
		book.ini:18: cached_read: '2': a cached read costs more than plain input; are the two mixed up?
	END
	bill 1 rates check --strict --as-of 2026-11-22 book.ini
	err_has 'tokbill: 6 price eras checked: 6 warnings'
}

@test "check: by file and line" {
	sections '[b]' 'input = 0.179999999' 'output = 1' '[a]' 'input = 1' 'output = 1' 'verified = 2026-01-01'
	check 0
	err <<-'END'
		book.ini:2: input: '0.179999999': looks like 0.18 with the noise of binary arithmetic; write what the vendor publishes
		book.ini:1: verified: is missing; write the date of the source in which the prices stand
		book.ini:7: verified: '2026-01-01': is 325 days ago; compare the prices with a newer source, then write the date of that
	END
}

@test "check: without --as-of the present day counts" {
	sections '[m]' 'input = 1' 'output = 1' "verified = $(date -u +%F)"
	bill 0 rates check --strict book.ini
	sections '[m]' 'input = 1' 'output = 1' "verified = $(date -u -d '91 days ago' +%F)"
	bill 1 rates check --strict book.ini
}

@test "check: --as-of takes a day or an instant" {
	sections '[m]' 'input = 1' 'output = 1' 'verified = 2026-11-22'
	bill 0 rates check --strict --as-of 2027-02-20T23:59:59Z book.ini
	bill 1 rates check --strict --as-of 2027-02-21 book.ini
	bill 64 rates check --as-of yesterday book.ini
}
