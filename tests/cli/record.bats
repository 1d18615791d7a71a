#!/usr/bin/env bats
# The record of a run (--summary), and how sure the prices are that a bill rests on.

load helpers

# What a record holds at a path such as ['rows']['read'].
record() { # PATH EXPECTED
	python3 -c "
import json, sys
got = json.load(open('run.json'))$1
assert got == $2, got"
}

two_confidences() {
	printf '[a]\ninput = 1000000\noutput = 1000000\nconfidence = high\n' >rates.ini
	printf '[b]\ninput = 3000000\noutput = 3000000\nconfidence = low\n' >>rates.ini
	printf '[c]\ninput = 0\noutput = 0\n' >>rates.ini
}

@test "a record of a run: inputs, rows, tokens, totals, warnings, book" {
	unit_rates
	printf '%s\n' "request_id,$SHORT" r1,2026-04-01,m,1,2 r1,2026-04-01,m,1,2 r2,2026-05-01,m,4,0 r3,2026-04-02,x,1,1 >a.csv
	printf '%s\n' "$SHORT" 2026-04-01,m,8,0 >b.csv
	printf '2026-04-01,m,16,0' >>b.csv
	bill 2 report -q --month 2026-04 --rates rates.ini --rejects rejects --summary run.json -o report.csv a.csv b.csv
	record "['command']" "'report'"
	record "['exit_code']" 2
	record "['rows']" "dict(read=6, billed=3, copies=1, rejected=1, skipped=1)"
	record "['tokens']" 27
	record "['totals']" "dict(USD='29.00')"
	record "['confidence']" "dict(USD=dict(high='0.00', medium='0.00', low='0.00', unknown='29.00'))"
	record "['warnings']" "[dict(kind='cut_file', count=1)]"
	record "['book_sha256']" "'$(sha256sum <rates.ini | cut -d' ' -f1)'"
	record "['inputs']" "[dict(path=p, bytes=len(open(p,'rb').read()), sha256=__import__('hashlib').sha256(open(p,'rb').read()).hexdigest()) for p in ('a.csv', 'b.csv')]"
	record "['version']" "'$("$TOKBILL" --version | cut -d' ' -f2)'"
	python3 -c "import json; assert 0 <= json.load(open('run.json'))['seconds'] < 600"
}

@test "the digest is of the bytes as they are stored, in whatever way they are read" {
	unit_rates
	log "2026-04-01,m,1,1" '2026-04-01,"m",2,2'
	for i in {1..20000}; do echo "2026-04-01,m,1,1"; done >>log.csv
	gzip -k log.csv
	zstd -q log.csv
	for name in log.csv log.csv.gz log.csv.zst; do
		for threads in 1 3; do
			bill 0 report -q --rates rates.ini --threads "$threads" --summary run.json "$name"
			record "['inputs'][0]['sha256']" "'$(sha256sum <"$name" | cut -d' ' -f1)'"
			piped 0 report -q --rates rates.ini --threads "$threads" --summary run.json - < <(cat "$name")
			record "['inputs'][0]['sha256']" "'$(sha256sum <"$name" | cut -d' ' -f1)'"
		done
	done
}

@test "a record is written when the run fails, and says so" {
	unit_rates
	echo old >report.csv
	log 2026-04-01,m,-1,1
	bill 65 report --rates rates.ini --summary run.json -o report.csv log.csv
	record "['exit_code']" 65
	record "['totals']" '{}'
	bill 66 report --rates rates.ini --summary run.json -o report.csv log.csv missing.csv
	record "['exit_code']" 66
	echo '[m]' >rates.ini
	bill 78 report --rates rates.ini --summary run.json -o report.csv log.csv
	record "['exit_code']" 78
	record "['book_sha256']" "'$(sha256sum <rates.ini | cut -d' ' -f1)'"
	unit_rates
	bill 65 report --strict --rates rates.ini --summary run.json <(printf '%s\n' "$SHORT")
	record "['exit_code']" 65
	record "['warnings']" "[dict(kind='empty_file', count=1)]"
	echo old | diff - report.csv
}

@test "a record replaces no file that is read, nor the report" {
	unit_rates
	log 2026-04-01,m,1,1
	mkdir logs
	cp log.csv logs/one.csv
	echo log.csv >list
	cp rates.ini log.csv list "$BATS_TEST_TMPDIR"
	for place in log.csv rates.ini list logs/one.csv logs/new.json report.csv; do
		bill 64 report --rates rates.ini --summary "$place" -o report.csv --files-from list logs
	done
	# Even when the run has failed before it was clear what is read.
	bill 64 report --rates missing.ini --summary log.csv log.csv
	bill 78 report --rates missing.ini --summary logs/one.csv logs
	for name in log.csv rates.ini list; do diff "$name" "$BATS_TEST_TMPDIR/$name"; done
	diff logs/one.csv log.csv
	[ ! -e report.csv ] && [ ! -e logs/new.json ]
	bill 73 report --rates rates.ini --summary missing/run.json -o report.csv log.csv
	[ ! -e report.csv ]
}

@test "what share of the cost rests on prices of which confidence" {
	two_confidences
	log 2026-04-01,a,1,0 2026-04-01,b,1,1 2026-04-01,c,5,5
	bill 0 report --rates rates.ini log.csv
	err_has 'tokbill: cost USD 7.00' 'tokbill: of it at prices of confidence: 14.29 % high, 85.71 % low'
	bill 0 report -q --rates rates.ini --summary run.json log.csv
	record "['confidence']" "dict(USD=dict(high='1.00', medium='0.00', low='6.00', unknown='0.00'))"
	unit_rates
	log 2026-04-01,m,1,0
	bill 0 report --rates rates.ini log.csv
	lacks_text "$ERR" confidence
}

@test "--detail names the confidence of each price" {
	two_confidences
	log 2026-04-01,a,1,0 2026-04-01,b,1,0
	bill 0 report -q --detail -f csv --rates rates.ini log.csv
	python3 - "$OUT" <<-'END'
		import csv, sys
		rows = list(csv.DictReader(open(sys.argv[1])))
		assert [(r["model"], r["rate_confidence"]) for r in rows if r["meter"] == "input"] == [("a", "high"), ("b", "low")], rows
	END
}

@test "--min-confidence sets aside what only less sure prices would bill" {
	two_confidences
	log 2026-04-01,a,1,0 2026-04-01,b,1,0 2026-04-01,b,2,0
	bill 65 report --rates rates.ini --min-confidence medium log.csv
	err_has "log.csv:3: model: 'b': the prices of [b] (rates.ini:5) are of low confidence, and at least medium is asked for"
	bill 2 report -q --rates rates.ini --min-confidence medium --rejects rejects log.csv
	expect_rows 2026-04-01,a,1,0,1.00
	[ "$(wc -l <rejects/log.rejects.csv)" = 3 ]
	bill 0 report -q --rates rates.ini --min-confidence low log.csv
	expect_rows 2026-04-01,a,1,0,1.00 2026-04-01,b,3,0,9.00
	bill 64 report --rates rates.ini --min-confidence sure log.csv
	echo "tokbill: --min-confidence: 'sure': not one of low, medium, high" | err
}
