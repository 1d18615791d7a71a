#!/usr/bin/env bats
# Memory does not grow with the log.

load helpers

LIMIT=32768 # KiB

setup_memory() {
	sanitized && skip "sanitizers use memory of their own"
	counting && skip "a build that counts takes its time"
	unit_rates
}

# Bills log.csv, expects the exit code and less than LIMIT.
in_little_memory() { # CODE ARG...
	local expected=$1
	shift
	python3 - "$expected" "$LIMIT" "$OUT" "$ERR" "$TOKBILL" report "$@" <<-'END'
	import resource, subprocess, sys
	expected, limit = map(int, sys.argv[1:3])
	with open(sys.argv[3], "w") as out, open(sys.argv[4], "w") as err:
	    code = subprocess.run(sys.argv[5:], stdin=subprocess.DEVNULL, stdout=out, stderr=err).returncode
	used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
	print(f"exit code {code}, {used} KiB")
	sys.exit(code != expected or used > limit)
	END
}

# 1 MB of rows of three models on 28 days, as often as asked for.
megabytes() { # NUMBER
	awk 'BEGIN { for (i = 0; n < 1000000; i++) {
		row = sprintf("2026-04-%02dT%02d:%02d:00Z,m,%d,%d", i % 28 + 1, i % 24, i % 60, i % 5000, i % 700)
		n += length(row) + 1; print row } }' >block
	for ((i = 0; i < $1; i++)); do cat block; done
}

@test "a log of 300 MB" {
	setup_memory
	(echo "$SHORT" && megabytes 300) >log.csv
	in_little_memory 0 --rates rates.ini log.csv
	[ "$(wc -l <"$OUT")" = 29 ]
}

@test "a log of 100 MB with request ids" {
	setup_memory
	awk -v header="$SHORT,request_id" 'BEGIN { print header
		for (i = 0; n < 100000000; i++) {
			row = sprintf("2026-04-%02dT%02d:%02d:00Z,m,%d,%d,req_%016d", i % 28 + 1, i % 24, i % 60, i % 5000, i % 700, i)
			n += length(row) + 1; print row } }' >log.csv
	in_little_memory 0 --rates rates.ini log.csv
	[ "$(wc -l <"$OUT")" = 29 ]
}

@test "a quoted field of 300 MB that never ends" {
	setup_memory
	(echo "$SHORT" && echo 2026-04-01,m,1,1 && printf '2026-04-01,"' && megabytes 300) >log.csv
	in_little_memory 65 --rates rates.ini log.csv
	err_has 'log.csv:3: record longer than 1 MiB; is the quote opened in line 3 never closed?'
	# Set aside, nothing of it is lost.
	in_little_memory 2 --rates rates.ini --rejects rejects log.csv
	err_has 'tokbill: 2 rows read: 1 billed, 1 set aside, 0 skipped'
	local before=$((${#SHORT} + 1 + 17)) header=$((${#SHORT} + 27))
	cmp -n $(($(stat -c %s log.csv) - before - 1)) -i $before:$header log.csv rejects/log.rejects.csv
}

@test "a line of 300 MB without a quote" {
	setup_memory
	(echo "$SHORT" && printf '2026-04-01,m,1,1,' && megabytes 300 | tr '\n' ' ' && printf '\n2026-04-01,m,1,1\n') >log.csv
	in_little_memory 2 --rates rates.ini --rejects rejects log.csv
	err_has 'tokbill: 2 rows read: 1 billed, 1 set aside, 0 skipped'
}
