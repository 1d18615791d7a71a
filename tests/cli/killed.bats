#!/usr/bin/env bats
# Runs that are killed, and runs beside each other in one folder.

load helpers

setup_two() {
	unit_rates
	log 2026-04-01,m,1,1 2026-04-01,x,1,1
	mkdir rejects
}

# A run that has set rows aside and waits for more of its log, which comes through a pipe.
begin_run() { # -> $run, descriptor 7 to write to
	mkfifo pipe
	"$TOKBILL" report --rates rates.ini --rejects rejects -o report.csv pipe >"$OUT" 2>"$ERR" </dev/null &
	run=$!
	exec 7>pipe
	(echo "$SHORT" && yes 2026-04-01,x,1,1 | head -n 50000 && yes 2026-04-01,m,1,1 | head -n 100000) >&7
	wait_until has_temporary rejects
}

has_temporary() { # DIR
	find "$1" -name '.tokbill-tmp-*' | grep -q .
}

@test "what a killed run has left goes with the next one" {
	setup_two
	begin_run
	kill -KILL "$run"
	wait "$run" || true
	exec 7>&-
	has_temporary rejects
	touch .tokbill-tmp-abcdef rejects/.tokbill-old-012345
	bill 2 report --rates rates.ini --rejects rejects -o report.csv log.csv
	no_leftovers .
}

@test "a run takes nothing away from one that is at work" {
	setup_two
	begin_run
	bill 2 report --rates rates.ini --rejects rejects -o report.csv log.csv
	has_temporary rejects
	exec 7>&-
	wait "$run" || [ $? = 2 ]
	grep -q '2026-04-01,m,100000,' report.csv
	[ "$(wc -l <rejects/pipe.rejects.csv)" = 50001 ]
	no_leftovers .
}

@test "only files that are named as ours are taken away" {
	setup_two
	touch .tokbill-config .tokbill-tmp-abcde .tokbill-tmp-abcdefg .tokbill-tmp-abc.ef tokbill-abcdef
	mkdir .tokbill-tmp-folder
	ln -s log.csv .tokbill-tmp-symlnk
	bill 0 report --rates rates.ini --to 2026-03-31 -o report.csv log.csv
	[ "$(find . -name '*tokbill-*' | wc -l)" = 7 ]
}

@test "two runs write one report at once: one of them, whole" {
	unit_rates
	local i first second
	for i in a b; do
		awk -v header="$SHORT" -v n=$i 'BEGIN { print header
			for (i = 0; i < 2000; i++) print 1700000000 + i * 86400 ",m," i "," (n == "a") }' >$i.csv
		bill 0 report --rates rates.ini -o $i.report.csv $i.csv
	done
	for ((i = 0; i < 20; i++)); do
		"$TOKBILL" report -q --rates rates.ini -o report.csv a.csv &
		first=$!
		"$TOKBILL" report -q --rates rates.ini -o report.csv b.csv &
		second=$!
		wait $first
		wait $second
		cmp -s report.csv a.report.csv || cmp report.csv b.report.csv
		no_leftovers .
	done
}

@test "a report that cannot be put in place takes its rejects back" {
	skip_if_root
	setup_two
	mkdir sub
	bill 2 report --rates rates.ini --rejects rejects -o sub/report.csv log.csv
	cp rejects/log.rejects.csv before
	log 2026-04-01,y,1,1
	chmod 555 sub
	bill 73 report --rates rates.ini --rejects rejects -o sub/report.csv log.csv
	chmod 755 sub
	cmp rejects/log.rejects.csv before
}

@test "a file-size limit whose signal is not ignored: 74 all the same" {
	unit_rates
	awk -v header="$SHORT" 'BEGIN { print header
		for (i = 0; i < 2000; i++) print 1700000000 + i * 86400 ",m," i ",1" }' >log.csv
	echo old >report.csv
	(trap - XFSZ && ulimit -f 10 && bill 74 report --rates rates.ini -o report.csv log.csv)
	echo old | diff - report.csv
	no_leftovers .
}
