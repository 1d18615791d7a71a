#!/usr/bin/env bats
# Where reports go: whole or not at all, whatever happens on the way.

load helpers

setup_small() {
	unit_rates
	log 2026-04-01,m,1,1
	echo old >report.csv
}

# Enough rows for a report of some 100 KB.
setup_large() {
	unit_rates
	awk -v header="$SHORT" 'BEGIN { print header
		for (i = 0; i < 2000; i++) print 1700000000 + i * 86400 ",m," i ",1" }' >log.csv
	echo old >report.csv
}

old_report_stays() {
	echo old | diff - report.csv
	no_leftovers .
}

@test "-o replaces an old report, and leaves nothing else behind" {
	setup_small
	bill 0 report --rates rates.ini -o report.csv log.csv
	no_out
	[ "$(wc -l <report.csv)" = 2 ]
	find . -type f | sort | diff - <(printf '%s\n' ./log.csv ./rates.ini ./report.csv)
}

@test "an old report stays, whatever the run ends with" {
	setup_small
	log 2026-04-01,x,1,1
	bill 65 report --rates rates.ini -o report.csv log.csv
	old_report_stays
	bill 65 report --rates rates.ini -o report.csv rates.ini
	old_report_stays
	bill 66 report --rates rates.ini -o report.csv missing.csv
	old_report_stays
	bill 78 report --rates missing.ini -o report.csv log.csv
	old_report_stays
	bill 64 report --rates rates.ini -o report.csv --by nothing log.csv
	old_report_stays
	log 2026-04-01,m,1,1
	bill 64 report --rates rates.ini -o report.csv --by nothing log.csv
	old_report_stays
	bill 73 report --rates rates.ini -o report.csv --rejects log.csv log.csv
	old_report_stays
}

@test "-o in another folder, with and without a slash at its end" {
	setup_small
	mkdir sub
	bill 0 report --rates rates.ini -o sub/report.csv log.csv
	bill 0 report --rates rates.ini -o ./sub//other.csv log.csv
	bill 0 report --rates rates.ini -o "$PWD/sub/third" log.csv
	cmp sub/report.csv sub/third
	cmp sub/report.csv sub/other.csv
	no_leftovers .
}

@test "-o where nothing can be created: 73" {
	setup_small
	mkdir sub
	bill 73 report --rates rates.ini -o sub log.csv
	echo 'tokbill: sub: cannot create: Is a directory' | err
	bill 73 report --rates rates.ini -o sub/ log.csv
	echo 'tokbill: sub/: cannot create: Is a directory' | err
	bill 73 report --rates rates.ini -o . log.csv
	echo 'tokbill: .: cannot create: Is a directory' | err
	bill 73 report --rates rates.ini -o missing/report.csv log.csv
	echo 'tokbill: missing/report.csv: cannot create: No such file or directory' | err
	bill 73 report --rates rates.ini -o log.csv/report.csv log.csv
	echo 'tokbill: log.csv/report.csv: cannot create: Not a directory' | err
	no_out
	no_leftovers .
}

@test "-o in a folder that cannot be written: 73" {
	skip_if_root
	setup_small
	mkdir sub
	echo old >sub/report.csv
	chmod 555 sub
	bill 73 report --rates rates.ini -o sub/report.csv log.csv
	echo 'tokbill: sub/report.csv: cannot create: Permission denied' | err
	echo old | diff - sub/report.csv
}

@test "-o with the longest name a file may have" {
	setup_small
	# The temporary name is longer than the final one.
	name=$(printf '%0251d.csv' 0)
	bill 0 report --rates rates.ini -o "$name" log.csv
	[ -f "$name" ]
}

@test "an output that is an input is refused before anything is written" {
	setup_small
	cp log.csv before
	ln log.csv hard.csv
	ln -s log.csv soft.csv
	for name in log.csv ./log.csv hard.csv soft.csv; do
		bill 64 report --rates rates.ini -o "$name" log.csv
		echo "tokbill: $name: is an input and would be replaced; choose another -o or --rejects" | err
	done
	piped 64 report --rates rates.ini -o log.csv - <log.csv
	bill 64 report --rates rates.ini -o rates.ini log.csv
	echo 'tokbill: rates.ini: is a rate file and would be replaced; choose another -o or --rejects' | err
	TOKBILL_RATES=rates.ini bill 64 report -o rates.ini log.csv
	cmp log.csv before
	echo "$UNIT_RATES" | diff - rates.ini
}

@test "a symbolic link is replaced, not followed" {
	setup_small
	ln -s report.csv link.csv
	ln -s nowhere/at/all dangling.csv
	bill 0 report --rates rates.ini -o link.csv log.csv
	bill 0 report --rates rates.ini -o dangling.csv log.csv
	[ -f link.csv ] && [ ! -L link.csv ]
	[ -f dangling.csv ] && [ ! -L dangling.csv ]
	old_report_stays
}

@test "a hard link elsewhere keeps the old report" {
	setup_small
	ln report.csv archive.csv
	bill 0 report --rates rates.ini -o report.csv log.csv
	echo old | diff - archive.csv
}

@test "the umask holds for a new file, an old one's mode is kept" {
	setup_small
	mode() { stat -c %a "$1"; }
	bill 0 report --rates rates.ini -o new.csv log.csv
	[ "$(mode new.csv)" = 644 ]
	(umask 077 && bill 0 report --rates rates.ini -o private.csv log.csv)
	[ "$(mode private.csv)" = 600 ]
	chmod 640 report.csv
	(umask 077 && bill 0 report --rates rates.ini -o report.csv log.csv)
	[ "$(mode report.csv)" = 640 ]
	chmod 604 new.csv
	bill 0 report --rates rates.ini -o new.csv log.csv
	[ "$(mode new.csv)" = 604 ]
	ln -s private.csv link.csv
	bill 0 report --rates rates.ini -o link.csv log.csv
	[ "$(mode link.csv)" = 644 ]
}

@test "rejects get the umask's mode" {
	setup_small
	log 2026-04-01,x,1,1
	(umask 077 && bill 2 report --rates rates.ini --rejects rejects log.csv)
	[ "$(stat -c %a rejects rejects/log.rejects.csv | tr '\n' ' ')" = '700 600 ' ]
}

# ---- what is no file ----

@test "-o /dev/null works, and stays what it is" {
	setup_small
	bill 0 report --rates rates.ini -o /dev/null log.csv
	[ -c /dev/null ]
}

@test "-o /dev/stdout and a FIFO are written directly" {
	setup_small
	bill 0 report --rates rates.ini log.csv
	cp "$OUT" expected
	bill 0 report --rates rates.ini -o /dev/stdout log.csv
	cmp "$OUT" expected
	"$TOKBILL" report -q --rates rates.ini -o /dev/stdout log.csv </dev/null | cmp - expected
	mkfifo pipe
	cat pipe >got &
	bill 0 report --rates rates.ini -o pipe log.csv
	wait "$!"
	cmp got expected
	[ -p pipe ]
}

@test "-o /dev/stdout writes behind what stands in the file already" {
	setup_small
	(echo before && "$TOKBILL" report -q --rates rates.ini -o /dev/stdout log.csv </dev/null) >all
	head -n 2 all | diff - <(printf '%s\n' before "$HEADER")
}

@test "-o to a file below /dev is written whole like any other" {
	[ -w /dev/shm ] || skip "no /dev/shm"
	setup_small
	ALSO_REMOVE=$(mktemp -d /dev/shm/tokbill-test-XXXXXX)
	yes old | head -n 1000 >"$ALSO_REMOVE/report.csv"
	bill 0 report --rates rates.ini -o "$ALSO_REMOVE/report.csv" log.csv
	[ "$(wc -l <"$ALSO_REMOVE/report.csv")" = 2 ]
}

@test "-o to a new file below /dev" {
	[ -w /dev/shm ] || skip "no /dev/shm"
	setup_small
	ALSO_REMOVE=$(mktemp -d /dev/shm/tokbill-test-XXXXXX)
	bill 0 report --rates rates.ini -o "$ALSO_REMOVE/new.csv" log.csv
	[ "$(wc -l <"$ALSO_REMOVE/new.csv")" = 2 ]
}

@test "/dev/full: 74" {
	setup_small
	bill 74 report --rates rates.ini -o /dev/full log.csv
	echo 'tokbill: /dev/full: writing: No space left on device' | err
	local code=0
	for args in '' '-f json' '-f table'; do
		code=0
		# shellcheck disable=SC2086 # several words
		"$TOKBILL" report --rates rates.ini $args log.csv </dev/null >/dev/full 2>"$ERR" || code=$?
		exited 74 "$code"
		grep -q '^tokbill: standard output: writing: ' "$ERR"
	done
	for args in --help --version 'report --help' '--generate bash'; do
		code=0
		# shellcheck disable=SC2086 # several words
		"$TOKBILL" $args </dev/null >/dev/full 2>"$ERR" || code=$?
		exited 74 "$code"
	done
}

@test "/dev/full with a report larger than any buffer: 74, with the reason" {
	setup_large
	local code=0
	"$TOKBILL" report --rates rates.ini log.csv >/dev/full 2>"$ERR" </dev/null || code=$?
	exited 74 "$code"
	echo 'tokbill: standard output: writing: No space left on device' | err
}

@test "/dev/full with rejects: nothing is set aside that is not told" {
	setup_small
	log 2026-04-01,x,1,1
	local code=0
	"$TOKBILL" report --rates rates.ini --rejects rejects log.csv </dev/null >/dev/full 2>"$ERR" || code=$?
	exited 74 "$code"
	[ ! -e rejects/log.rejects.csv ]
	no_leftovers .
}

@test "closed descriptors" {
	setup_small
	local code=0
	"$TOKBILL" report --rates rates.ini log.csv </dev/null 2>"$ERR" >&- || code=$?
	exited 74 "$code"
	echo 'tokbill: standard output: writing: Bad file descriptor' | err
	# Not needed, not missed; and no file that is opened later takes its place.
	"$TOKBILL" report --rates rates.ini -o report.csv log.csv <&- 2>&- >&-
	[ "$(wc -l <report.csv)" = 2 ]
	head -n 1 report.csv | diff - <(echo "$HEADER")
	code=0
	"$TOKBILL" report --rates rates.ini - <&- >"$OUT" 2>"$ERR" || code=$?
	exited 74 "$code"
	"$TOKBILL" --version >&- 2>"$ERR" || code=$?
	exited 74 "$code"
}

@test "| head -1 ends quietly" {
	setup_large
	"$TOKBILL" report -q --rates rates.ini log.csv </dev/null 2>"$ERR" | head -n 1 >"$OUT"
	echo "$HEADER" | out
	no_err
}

@test "a closed pipe where SIGPIPE is ignored: 74" {
	setup_large
	mkfifo pipe
	(
		trap '' PIPE
		exec 8<>pipe 9>pipe 8<&-
		code=0
		"$TOKBILL" report -q --rates rates.ini log.csv </dev/null >&9 2>"$ERR" || code=$?
		echo $code >code
	)
	[ "$(cat code)" = 74 ]
	echo 'tokbill: standard output: writing: Broken pipe' | err
}

# ---- limits and signals ----

@test "a file-size limit: 74, the old report stays" {
	! counting || skip "the counts of a build that counts are too large as well"
	setup_large
	(ulimit -f 10 && bill 74 report --rates rates.ini -o report.csv log.csv)
	echo 'tokbill: report.csv: writing: File too large' | err
	old_report_stays
}

@test "a full disk: 74, the old report stays" {
	mkdir disk
	mount -t tmpfs -o size=64k none disk 2>/dev/null || skip "needs the right to mount"
	setup_large
	echo old >disk/report.csv
	local code=0
	bill 74 report --rates rates.ini -o disk/report.csv log.csv || code=1
	find disk -type f | diff - <(echo disk/report.csv) || code=1
	echo old | diff - disk/report.csv || code=1
	umount disk
	echo 'tokbill: disk/report.csv: writing: No space left on device' | err
	return "$code"
}

@test "an output that cannot be replaced at the very end: 73" {
	setup_small
	touch other
	# A mount point cannot be renamed over, and nothing tells beforehand.
	mount --bind other report.csv 2>/dev/null || skip "needs the right to mount"
	local code=0
	bill 73 report --rates rates.ini -o report.csv log.csv || code=1
	umount report.csv
	echo 'tokbill: report.csv: cannot put in place: Device or resource busy' | err
	old_report_stays
	return "$code"
}

# Runs on a log that never ends, sends the signal once rows were set aside, expects its death.
dies_of() { # SIGNAL
	unit_rates
	echo old >report.csv
	mkfifo endless
	"$TOKBILL" report --rates rates.ini --rejects rejects -o report.csv endless >"$OUT" 2>"$ERR" &
	local pid=$! code=0
	exec 9>endless
	printf '%s\n' "$SHORT" 2026-04-01,x,1,1 >&9
	set_aside() { find rejects -name '.tokbill-*' 2>/dev/null | grep -q .; }
	wait_until set_aside
	kill -s "$1" "$pid"
	wait "$pid" || code=$?
	exec 9>&-
	[ "$(kill -l "$code")" = "$1" ]
	old_report_stays
	[ -z "$(ls -A rejects)" ]
}

@test "SIGTERM leaves no temporary file and the old report" {
	dies_of TERM
	err_has 'tokbill: endless: interrupted'
}

# What a shell was started with ignored, it cannot give its jobs back.
skip_if_ignored() { # NAME NUMBER
	local ignored
	ignored=$(awk '/^SigIgn/ { print $2 }' /proc/self/status)
	(((16#$ignored >> ($2 - 1)) & 1)) && skip "SIG$1 is ignored here"
	true
}

@test "SIGHUP as well, where it is not ignored" {
	skip_if_ignored HUP 1
	dies_of HUP
}

@test "SIGINT, where it is not ignored" {
	# A shell without job control starts background jobs with SIGINT ignored.
	skip_if_ignored INT 2
	set -m
	dies_of INT
}

@test "SIGHUP under nohup does not end the run" {
	unit_rates
	mkfifo slow
	(trap '' HUP && exec "$TOKBILL" report -q --rates rates.ini slow >"$OUT" 2>"$ERR") &
	local pid=$!
	exec 9>slow
	echo "$SHORT" >&9
	sleep 0.1
	kill -HUP "$pid"
	echo 2026-04-01,m,1,1 >&9
	exec 9>&-
	wait "$pid"
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "SIGTERM in the middle of a large file" {
	unit_rates
	(echo "$SHORT" && yes 2026-04-01,m,1,1 | head -n 6000000) >log.csv
	echo old >report.csv
	"$TOKBILL" report --rates rates.ini -o report.csv log.csv >"$OUT" 2>"$ERR" &
	local pid=$! code=0
	opened() { find "/proc/$pid/fd" -lname '*/log.csv' 2>/dev/null | grep -q .; }
	wait_until opened
	kill -TERM "$pid"
	wait "$pid" || code=$?
	[ "$code" = 143 ]
	echo 'tokbill: interrupted; nothing was written' | err
	old_report_stays
}

@test "two runs to one output: one whole report" {
	setup_large
	"$TOKBILL" report -q --rates rates.ini -o report.csv log.csv &
	"$TOKBILL" report -q --rates rates.ini -o report.csv log.csv
	wait "$!"
	bill 0 report --rates rates.ini log.csv
	cmp "$OUT" report.csv
	no_leftovers .
}

@test "out of memory: 70, the old report stays" {
	sanitized && skip "sanitizers need the address space"
	unit_rates
	awk -v header="$SHORT" 'BEGIN { print header ",x"; for (i = 0; i < 200000; i++) print "2026-04-01,m,1,1," i }' >log.csv
	echo old >report.csv
	(ulimit -v 30000 && bill 70 report --rates rates.ini --by x -o report.csv log.csv)
	echo 'tokbill: out of memory' | err
	old_report_stays
}

@test "an ending that no format has: 64, unless -f says the format" {
	unit_rates
	log 2026-04-01,m,1,1
	for name in report.xls report.tsv dir.d/report.cvs report.csv.gz; do
		mkdir -p dir.d
		bill 64 report --rates rates.ini -o "$name" log.csv
		err_has "tokbill: $name: no format has the ending .${name##*.}; use one of .csv .json .txt .md .html, or say it with -f"
		[ ! -e "$name" ]
		bill 0 report -q --rates rates.ini -f json -o "$name" log.csv
		python3 -m json.tool "$name" >/dev/null
	done
	bill 64 rates list -o prices.xml rates.ini
	bill 64 estimate -m m --rates rates.ini --input 1 --output 1 -o estimate.out
	bill 0 report -q --rates rates.ini -o dir.d/report log.csv
	bill 0 report -q --rates rates.ini -o .report log.csv
	[ "$(head -n 1 dir.d/report)" = "$HEADER" ]
}
