#!/usr/bin/env bats
# The nightly job under the restrictions of the systemd unit in examples/nightly.

load helpers

UNIT=examples/nightly/tokbill-nightly.service

confined() { # COMMAND...: allowed to write in out/ and tmp/ alone
	code=0
	mkdir -p out tmp
	TMPDIR=$PWD/tmp "$BATS_TEST_DIRNAME/confined.py" "$ROOT/$UNIT" out "$@" >"$OUT" 2>"$ERR" </dev/null || code=$?
	[ "$code" != 77 ] || skip "$(cat "$OUT")"
}

nightly() { # CODE
	confined env NIGHTLY_TOKBILL="$TOKBILL" STATE_DIRECTORY="$PWD/out" NIGHTLY_LOG="$PWD/log.csv" \
		NIGHTLY_DAY=2026-08-31 sh "$ROOT/examples/nightly/tokbill-nightly.sh"
	exited "$1" "$code"
}

may_run_confined() {
	command -v flock >/dev/null || skip "flock is not installed"
	! sanitized || skip "sanitizers want more than the unit gives"
	! counting || skip "a build that counts writes its counts elsewhere"
}

@test "the restrictions are in force" {
	may_run_confined
	confined sh -c 'echo x >out/inside && ! (echo x >outside) && ! touch /tmp/tokbill-outside'
	exited 0 "$code"
	[ -f out/inside ] && [ ! -e outside ]
	[ "$(stat -c %a out/inside)" = 600 ]
	confined python3 -c 'import socket; socket.socket()'
	grep -q PermissionError "$ERR"
	confined unshare -r true
	[ "$code" != 0 ]
	confined grep -E '^(NoNewPrivs:	1|CapBnd:	0+|Seccomp:	2)$' /proc/self/status
	[ "$(id -u)" != 0 ] || [ "$(wc -l <"$OUT")" = 3 ]
}

@test "a night that is billed, on many threads, and again" {
	may_run_confined
	cp "$ROOT/fixtures/month/usage-2026-08.csv" log.csv
	nightly 0
	bill 0 report log.csv
	cmp "$OUT" out/report-2026-08-31.csv
	[ "$(stat -c %a out/report-2026-08-31.csv)" = 600 ]
	nightly 0
}

@test "a compressed log, with more ids than are kept in memory" {
	may_run_confined
	echo "$SHORT,request_id" >plain.csv
	seq 600000 | awk '{ print "2026-08-31,gpt-4o-mini,1,1,request-" $1 % 599999 }' >>plain.csv
	gzip -1 -c plain.csv >log.csv
	nightly 0
	tail -n 1 out/report-2026-08-31.csv | cut -d, -f1-4 | diff - <(echo 2026-08-31,gpt-4o-mini,599999,599999)
	has_text "$ERR" '1 row skipped as a copy'
	[ -z "$(ls tmp)" ]
}

@test "a night with rows set aside, and one without a log" {
	may_run_confined
	cp "$ROOT/fixtures/month/bad-rows.csv" log.csv
	nightly 2
	[ -f out/incomplete-2026-08-31.csv ]
	[ -f out/rejects-2026-08-31/log.rejects.csv ]
	rm log.csv
	nightly 66
}

@test "systemd finds the unit safe, and its lines in order" {
	command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
	systemd-analyze security --offline=yes --threshold=10 "$ROOT/$UNIT" >"$OUT" 2>&1 ||
		skip "systemd-analyze cannot work offline here"
	# In tenths: 6 is "safe", 100 the other end.
	exposure=$(sed -n 's/.*exposure level for .*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p' "$OUT")
	[ "$((10#$exposure))" -le 6 ]
	cp "$ROOT/$UNIT" unit.service
	sed -i 's,^ExecStart=.*,ExecStart=/bin/true,' unit.service
	systemd-analyze verify ./unit.service >"$OUT" 2>&1 || skip "systemd-analyze cannot verify here"
	no_out
}
