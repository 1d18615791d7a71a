# bats file: the library as others get it, from an installed copy.
# shellcheck shell=bash

load helpers

# Installs into a folder of the test and tells the compilers of it.
installed() {
	[ "$BUILD" = "$ROOT/build" ] || skip "make install takes the release build"
	make -s -C "$ROOT" install DESTDIR= PREFIX="$PWD/there" >/dev/null
	export PKG_CONFIG_PATH=$PWD/there/lib/pkgconfig LD_LIBRARY_PATH=$PWD/there/lib
}

a_log() {
	log_with timestamp,model,input_tokens,output_tokens \
		2026-08-01,gpt-4o-mini,1000000,0 2026-08-02,gpt-4o-mini,0,1000000
}

@test "the example in C: rows, and the sheet as the command writes it" {
	installed
	# shellcheck disable=SC2046 # flags are to be split
	cc -std=c99 -Wall -Wextra -Wpedantic -Werror "$ROOT/examples/library/bill.c" \
		$(pkg-config --cflags --libs tokbill) -o bill
	a_log
	./bill log.csv >got
	bill 0 report --by model -f csv log.csv
	{ echo 'gpt-4o-mini: 0.75'; cat "$OUT"; } | diff - got
}

@test "the example in C++: rows, and the sheet as JSON" {
	installed
	# shellcheck disable=SC2046
	c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror "$ROOT/examples/library/bill.cpp" \
		$(pkg-config --cflags --libs tokbill) -o bill
	a_log
	./bill log.csv >got
	head -n 2 got | diff - <(printf '%s\n' \
		'2026-08-01 1 1000000 0 0 0 0 0.15 0.00 0.00 0.00 0.15 USD' \
		'2026-08-02 1 0 0 0 1000000 0 0.60 0.00 0.00 0.00 0.60 USD')
	tail -n +3 got | python3 -c 'import json, sys
assert [r["cost"] for r in json.load(sys.stdin)["rows"]] == ["0.15", "0.60"]'
}

@test "a log with a bad row: the failure names file, line and column" {
	installed
	# shellcheck disable=SC2046
	cc "$ROOT/examples/library/bill.c" $(pkg-config --cflags --libs tokbill) -o bill
	log_with timestamp,model,input_tokens,output_tokens 2026-08-01,gpt-4o-mini,x,0
	run ./bill log.csv
	[ "$status" = 1 ]
	[ "${lines[0]}" = "log.csv:2: input_tokens: 'x': not a whole number in plain digits" ]
	run ./bill nowhere.csv
	[ "$status" = 1 ]
	[[ $output = *nowhere.csv* ]]
}

@test "one header is installed, and only its functions are exported" {
	installed
	(cd there/include && find . -type f) | diff - <(echo ./tokbill.h)
	nm -D --defined-only there/lib/libtokbill.so | awk '{ print $3 }' | sort >exported
	sed -n 's/^TB_PUBLIC .*\b\(tb_[a-z_]*\)(.*/\1/p' there/include/tokbill.h | sort | diff - exported
	[ "$(wc -l <exported)" -gt 15 ]
	readelf -d there/lib/libtokbill.so | grep -q 'SONAME.*\[libtokbill\.so\.[0-9]*\]'
	[ "$(pkg-config --modversion tokbill)" = "$("$TOKBILL" --version | cut -d' ' -f2)" ]
	# Nothing in it prints or exits.
	nm -D --undefined-only there/lib/libtokbill.so | awk '{ print $2 }' | sed 's/@.*//' >calls
	grep -q malloc calls
	grep -xE 'exit|_exit|abort|printf|puts|putchar|perror|stdout|stderr' calls | diff - /dev/null
}
