#!/usr/bin/env bats
# Compressed logs, and the same bytes for every number of threads.

load helpers

# A log of some 12 MB, so that threads have blocks to share.
large_log() {
	unit_rates
	awk 'BEGIN {
		print "date,model,input_tokens,output_tokens,note"
		for (i = 0; i < 400000; i++)
			printf "2026-04-%02d,%s,%d,%d,%s\n", i % 30 + 1, i % 3 ? "m" : "m", i, i % 97,
				i % 11 ? "plain" : "\"two\nlines, quoted\""
	}' >log.csv
}

@test "--threads: the same bytes for every number" {
	large_log
	bill 0 report --rates rates.ini --threads 1 log.csv
	cp "$OUT" one
	for n in 2 3 7; do
		bill 0 report --rates rates.ini --threads "$n" log.csv
		cmp "$OUT" one
	done
}

@test "--threads: rejects keep the order of the file" {
	large_log
	sed -i '1000~5000s/,m,/,x,/' log.csv
	bill 2 report --rates rates.ini --threads 1 --rejects one log.csv
	cp "$OUT" one.csv
	bill 2 report --rates rates.ini --threads 4 --rejects four log.csv
	cmp "$OUT" one.csv
	cmp one/log.rejects.csv four/log.rejects.csv
}

@test "--threads: the first 20 bad rows are those of one thread" {
	large_log
	sed -i '1000~5000s/,m,/,x,/' log.csv
	bill 65 report --rates rates.ini --threads 1 log.csv
	cp "$ERR" one
	bill 65 report --rates rates.ini --threads 4 log.csv
	cmp "$ERR" one
}

@test "--threads: quotes that are not in order" {
	large_log
	sed -i '200000s/$/"x/' log.csv
	bill 2 report --rates rates.ini --threads 1 --rejects one log.csv
	cp "$OUT" one.csv
	bill 2 report --rates rates.ini --threads 4 --rejects four log.csv
	cmp "$OUT" one.csv
	cmp one/log.rejects.csv four/log.rejects.csv
}

# As much as is read ahead of the parser and more, with rows to set aside.
large_log_with_faults() {
	large_log
	sed -i '1000~50000s/,m,/,x,/' log.csv
}

@test "a pipe is billed like the file, packed or not" {
	large_log_with_faults
	bill 2 report --rates rates.ini --threads 1 --rejects file log.csv
	cp "$OUT" expected
	for pack in cat gzip zstd; do
		for n in 1 2 4; do
			"$pack" <log.csv | piped 2 report --rates rates.ini --threads "$n" --rejects pipe -
			cmp "$OUT" expected
			cmp pipe/*.rejects.csv file/log.rejects.csv
		done
	done
}

@test "a pipe whose packed bytes end too soon" {
	large_log
	gzip <log.csv | head -c 500000 >cut
	for n in 1 2; do
		piped 65 report --rates rates.ini --threads "$n" --rejects "rejects$n" - < <(cat cut)
		no_out
		cp "$ERR" "said$n"
	done
	cmp said1 said2
}

# Begins a run that reads a pipe, and hands it the log; the pipe stays open as number 9.
begin_on_pipe() { # ARG...
	mkfifo slow
	"$TOKBILL" report --rates rates.ini --threads 2 "$@" slow >"$OUT" 2>"$ERR" &
	pid=$!
	exec 9>slow
	cat log.csv >&9 || true
}

@test "a pipe that gives nothing more does not keep a run that has failed" {
	local code=0
	large_log
	sed -i '300000~100s/,m,/,x,/' log.csv
	begin_on_pipe
	wait "$pid" || code=$?
	exec 9>&-
	exited 65 "$code"
	err_has 'tokbill: stopped at 20 bad rows; nothing was written'
}

@test "SIGTERM while a pipe gives nothing more" {
	local code=0
	large_log
	begin_on_pipe -o report.csv
	waits() { grep -q '^State:.S' "/proc/$pid/status"; }
	wait_until waits
	sleep 0.2
	kill -TERM "$pid"
	wait "$pid" || code=$?
	exec 9>&-
	exited 143 "$code"
	echo 'tokbill: slow: interrupted' | err
	[ ! -e report.csv ]
}

@test "--threads takes 1 to 64" {
	large_log
	for n in 0 65 x; do
		bill 64 report --threads "$n" log.csv
		echo "tokbill: --threads: '$n': not a number from 1 to 64" | err
	done
}

@test "gzip and zstd are told by their content, from files and pipes" {
	large_log
	bill 0 report --rates rates.ini log.csv
	cp "$OUT" plain
	gzip -k1 log.csv && mv log.csv.gz a
	zstd -q log.csv -o b
	for packed in a b; do
		bill 0 report --rates rates.ini "$packed"
		cmp "$OUT" plain
		piped 0 report --rates rates.ini - <"$packed"
		cmp "$OUT" plain
	done
}

@test "gzip of several members, zstd of several frames" {
	unit_rates
	printf '%s\n' date,model,input_tokens,output_tokens 2026-04-01,m,1,1 >1
	echo 2026-04-01,m,1,1 >2
	(gzip -c 1 && gzip -c 2) >log.gz
	bill 0 report --rates rates.ini log.gz
	expect_rows 2026-04-01,m,2,2,6.00
	(zstd -qc 1 && zstd -qc 2) >log.zst
	bill 0 report --rates rates.ini log.zst
	expect_rows 2026-04-01,m,2,2,6.00
}

@test "compressed data that are cut short, corrupt or followed by something: 65" {
	large_log
	gzip -k1 log.csv
	zstd -q log.csv
	echo old >report.csv
	for name in log.csv.gz log.csv.zst; do
		head -c 100000 "$name" >cut
		bill 65 report --rates rates.ini -o report.csv cut
		has_text "$ERR" 'data is cut short'
		(cat "$name" && echo garbage) >behind
		bill 65 report --rates rates.ini -o report.csv behind
		has_text "$ERR" 'holds something behind the compressed data'
		(head -c 100000 "$name" && printf 'XXXXXXXX' && tail -c +100009 "$name") >broken
		bill 65 report --rates rates.ini --rejects rejects -o report.csv broken
		has_text "$ERR" 'is corrupt'
	done
	head -c -8 log.csv.gz >cut
	bill 65 report --rates rates.ini -o report.csv cut
	has_text "$ERR" 'data is cut short'
	[ "$(cat report.csv)" = old ]
}

# A log that is large, compressed or not: notes are of no pattern.
large_packed_log() {
	unit_rates
	awk 'BEGIN {
		srand(1)
		print "date,model,input_tokens,output_tokens,note"
		for (i = 0; i < 250000; i++)
			printf "2026-04-%02d,m,%d,%d,%.6f%.6f%.6f%.6f\n", i % 30 + 1, i, i % 97, rand(), rand(), rand(), rand()
	}' >log.csv
}

@test "--threads: large compressed logs, with rejects" {
	large_packed_log
	sed -i '1000~5000s/,m,/,x,/' log.csv
	bill 2 report --rates rates.ini --threads 1 --rejects one log.csv
	cp "$OUT" one.csv
	gzip -1 <log.csv >log.csv.gz
	zstd -q1 <log.csv >log.csv.zst
	for name in log.csv.gz log.csv.zst; do
		[ "$(stat -c %s "$name")" -gt $((4 << 20)) ]
		for n in 2 3 7; do
			bill 2 report --rates rates.ini --threads "$n" --rejects many "$name"
			cmp "$OUT" one.csv
			cmp one/log.rejects.csv many/*.rejects.csv
			rm -r many
		done
	done
}

@test "--threads: what is said of a large log that is cut short is the same" {
	large_packed_log
	# First one bad row is before the cut, then so many that they end the run.
	for rows in 220000 220000,220030; do
		sed -i "${rows}s/,m,/,x,/" log.csv
		gzip -1 <log.csv | head -c -100000 >log.gz
		bill 65 report --rates rates.ini --threads 1 log.gz
		has_text "$ERR" log.gz:220000
		cp "$ERR" one
		for n in 2 3 7; do
			bill 65 report --rates rates.ini --threads "$n" log.gz
			cmp "$ERR" one
		done
	done
	has_text "$ERR" 'stopped at 20 bad rows'
}

@test "copies in a compressed log are found, through a pipe as well" {
	unit_rates
	printf '%s\n' date,model,input_tokens,output_tokens,request_id 2026-04-01,m,1,1,a 2026-04-01,m,1,1,a |
		gzip >log.gz
	bill 0 report --rates rates.ini log.gz
	expect_rows 2026-04-01,m,1,1,3.00
	piped 0 report --rates rates.ini - <log.gz
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "a pipe with ids beside a file without: both are read again" {
	unit_rates
	printf '%s\n' date,model,input_tokens,output_tokens,request_id 2026-04-01,m,1,1,a 2026-04-01,m,1,1,a >ids
	printf '%s\n' date,model,input_tokens,output_tokens 2026-04-01,m,1,1 >none
	cat none >pipe.csv
	piped 0 report --rates rates.ini - ids < <(cat none)
	expect_rows 2026-04-01,m,2,2,6.00
}

@test "a pipe without ids needs no room for temporary files" {
	unit_rates
	printf '%s\n' date,model,input_tokens,output_tokens 2026-04-01,m,1,1 >none
	TMPDIR=/nonexistent piped 0 report --rates rates.ini - < <(cat none)
}

@test "a misspelt optional column is told" {
	unit_rates
	printf '%s\n' date,model,input_tokens,output_tokens,bacth,note 2026-04-01,m,1,1,true,x >log.csv
	bill 0 report --rates rates.ini log.csv
	err_has "tokbill: log.csv: column 'bacth' is not read; is 'batch' meant?"
}
