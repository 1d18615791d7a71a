#!/usr/bin/env bats
# What the documents tell people to type: it runs, and prints what they say.

load helpers
load blocks

@test "README.md: every command runs and prints what is shown" {
	repository
	run_document README.md
}

@test "the blocks of a document are found" {
	cat >doc.md <<-'END'
	Text.
	```sh
	echo one
	echo two
	```

	```text
	one
	two
	```
	```sh no-run
	exit 1
	```
	```console
	$ exit 1
	```
	```ini some.ini
	[m]
	```
	```sh fails=3
	cat some.ini
	echo message >&2
	exit 3
	```
	```text stderr
	message
	```
	More text.
	```text
	not its output
	```
	END
	blocks doc.md found
	find found -type f | sort | diff - <(printf 'found/%s\n' 001.code 001.sh 001.text 002.code 002.err 002.sh)
	printf 'one\ntwo\n' | diff - found/001.text
	run_block found/001.sh
	run_block found/002.sh
	out <<<'[m]'
	echo three >>found/001.text
	if run_block found/001.sh; then return 1; fi
	echo more >>found/002.err
	if run_block found/002.sh; then return 1; fi
	echo 0 >found/002.code
	echo message >found/002.err
	if run_block found/002.sh; then return 1; fi
}

@test "examples/rates: the total that its comment names" {
	cd "$ROOT/examples/rates"
	bill 0 report --rates negotiated.ini usage.csv
	err_has 'tokbill: 8 rows read: 8 billed, 0 set aside, 0 skipped' 'tokbill: cost USD 2.0005245'
	has_text negotiated.ini 'come to 2.0005245 USD in all'
}

@test "examples/rates: standard rates first, one's own behind" {
	local rates=()
	for file in "$ROOT"/rates/*.ini; do rates+=(--rates "$file"); done
	cd "$ROOT/examples/rates"
	bill 0 report "${rates[@]}" --rates negotiated.ini usage.csv
	err_has 'tokbill: cost USD 2.0005245'
}

@test "the rate files in rates/ are the built-in rates" {
	local rates=() month=$ROOT/fixtures/month/usage-2026-08.csv
	for file in "$ROOT"/rates/*.ini; do rates+=(--rates "$file"); done
	bill 0 report "$month"
	cp "$OUT" builtin
	bill 0 report "${rates[@]}" "$month"
	cmp "$OUT" builtin
}

# ---- the nightly example ----

nightly() { # CODE
	local code=0
	env NIGHTLY_TOKBILL="$TOKBILL" NIGHTLY_OUT_DIR="$PWD/out" NIGHTLY_LOG="${LOG:-$PWD/log.csv}" \
		NIGHTLY_DAY="${DAY:-2026-08-31}" sh "$ROOT/examples/nightly/tokbill-nightly.sh" \
		</dev/null >"$OUT" 2>"$ERR" || code=$?
	exited "$1" $code
	no_out
	[ ! -e out/.nightly.work ]
}

@test "nightly: the fixture month is billed, again with the same bytes" {
	command -v flock >/dev/null || skip "flock is not installed"
	LOG=$ROOT/fixtures/month/usage-2026-08.csv
	nightly 0
	bill 0 report "$LOG"
	cmp "$OUT" out/report-2026-08-31.csv
	LOG=$ROOT/fixtures/month/usage-2026-08.csv nightly 0
	[ "$(ls out)" = report-2026-08-31.csv ]
}

@test "nightly: the log under its usual name, rates from the environment" {
	command -v flock >/dev/null || skip "flock is not installed"
	unit_rates
	mkdir logs
	log 2026-08-31,m,1,1
	mv log.csv logs/usage-2026-08-31.csv
	export TOKBILL_RATES=$PWD/rates.ini
	env NIGHTLY_TOKBILL="$TOKBILL" STATE_DIRECTORY="$PWD/out" NIGHTLY_LOG_DIR="$PWD/logs" \
		NIGHTLY_DAY=2026-08-31 sh "$ROOT/examples/nightly/tokbill-nightly.sh"
	cut -d, -f13 out/report-2026-08-31.csv | diff - <(printf 'cost\n3.00\n')
}

@test "nightly: a log that grew is put beside the report, never over it" {
	command -v flock >/dev/null || skip "flock is not installed"
	unit_rates
	export TOKBILL_RATES=$PWD/rates.ini
	log 2026-08-31,m,1,1
	nightly 0
	cp out/report-2026-08-31.csv before
	log 2026-08-31,m,1,1 2026-08-31,m,1,1
	nightly 1
	cmp before out/report-2026-08-31.csv
	cut -d, -f13 out/changed-2026-08-31.csv | diff - <(printf 'cost\n6.00\n')
	log 2026-08-31,m,1,1
	nightly 0
	[ "$(ls out)" = report-2026-08-31.csv ]
}

@test "nightly: rows set aside, then mended" {
	command -v flock >/dev/null || skip "flock is not installed"
	unit_rates
	export TOKBILL_RATES=$PWD/rates.ini
	log 2026-08-31,m,1,1 2026-08-31,x,1,1
	nightly 2
	[ "$(echo out/*)" = 'out/incomplete-2026-08-31.csv out/rejects-2026-08-31' ]
	[ "$(wc -l <out/rejects-2026-08-31/log.rejects.csv)" = 2 ]
	log 2026-08-31,m,1,1 2026-08-31,m,1,1
	nightly 0
	[ "$(ls out)" = report-2026-08-31.csv ]
}

@test "nightly: tokbill's exit codes are handed on" {
	command -v flock >/dev/null || skip "flock is not installed"
	unit_rates
	log 2026-08-31,m,1,1
	LOG=$PWD/missing.csv nightly 66
	TOKBILL_RATES=$PWD/missing.ini nightly 78
	echo no,log >log.csv
	nightly 65
	DAY=31.8.2026 nightly 64
	TOKBILL=$PWD/missing nightly 69
	[ -z "$(ls out)" ]
}

@test "nightly: the units pass systemd-analyze verify" {
	command -v systemd-analyze >/dev/null || skip "systemd is not installed"
	cp "$ROOT"/examples/nightly/*.service "$ROOT"/examples/nightly/*.timer .
	# The script is installed elsewhere; verify wants an executable.
	sed -i "s|^ExecStart=.*|ExecStart=/bin/true|" ./*.service
	local said
	said=$(systemd-analyze verify --man=no ./tokbill-nightly.service ./tokbill-nightly.timer 2>&1) || {
		case $said in
		*"Failed to connect"* | *"not been booted"* | *"Operation not permitted"* | *"Read-only file system"*)
			skip "systemd-analyze does not work here: $said" ;;
		esac
		echo "$said"
		return 1
	}
	! grep -e 'tokbill-nightly' <<<"$said" || return 1
}

@test "nightly: its README names every exit code of the script" {
	local code
	grep -o 'fail [0-9]\{1,2\}' "$ROOT/examples/nightly/tokbill-nightly.sh" | cut -d' ' -f2 | sort -un >codes
	[ "$(wc -l <codes)" -gt 5 ]
	while read -r code; do
		grep -qw "$code" "$ROOT/examples/nightly/README.md" || { echo "status $code is missing" && return 1; }
	done <codes
}

@test "the fixture month is what its script writes" {
	python3 "$ROOT/tests/tools/make-month.py" --check
}
