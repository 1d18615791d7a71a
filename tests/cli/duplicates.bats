#!/usr/bin/env bats
# Rows with one request_id: copies are billed once, contradictions are bad rows.

load helpers

ID=date,model,input_tokens,output_tokens,request_id

id_log() { # ROW...
	unit_rates
	log_with "$ID" "$@"
}

conflict() { # FILE:LINE ID OTHER:LINE
	echo "$1: request_id: '$2': the same id as $3, with other content; only one of them can be true"
}

@test "the same id and the same content count once" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,a 2026-04-01,m,1,1,b 2026-04-01,m,1,1,a
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,2,2,6.00
	err <<-'END'
	tokbill: 4 rows read: 2 billed, 0 set aside, 2 skipped
	tokbill: 2 rows skipped as copies (same request_id, same usage)
	tokbill: cost USD 6.00
	END
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,a
	bill 0 report --rates rates.ini log.csv
	err_has 'tokbill: 1 row skipped as a copy (same request_id, same usage)'
}

@test "without an id rows are never copies" {
	id_log 2026-04-01,m,1,1, 2026-04-01,m,1,1, '2026-04-01,m,1,1,""'
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,3,3,9.00
}

@test "ids are compared as bytes" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,2,1,A '2026-04-01,m,3,1,a ' 2026-04-01,m,4,1,'"a'$'\n''"'
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,10,4,18.00
}

@test "the same id with other content is refused, with both places" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,b 2026-04-01,m,2,1,a
	echo old >report.csv
	bill 65 report --rates rates.ini -o report.csv log.csv
	no_out
	echo old | diff - report.csv
	(
		conflict log.csv:2 a log.csv:4
		conflict log.csv:4 a log.csv:2
		echo 'tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR'
	) | err
}

@test "every field that decides the bill is content" {
	local header="$ID,cached_tokens,cache_write_tokens,cache_write_1h_tokens,reasoning_tokens,requests,service_tier,context,x"
	cat >rates.ini <<-'END'
	[m]
	aliases = n
	input = 1
	cached_read = 1
	cache_write = 1
	cache_write_1h = 1
	output = 1
	flex_discount = 0%
	END
	local row=2026-04-01,m,10,5,a,1,1,1,1,1,,,x other
	for other in 2026-04-02,m,10,5,a,1,1,1,1,1,,,x 2026-04-01T00:00:00Z,m,10,5,a,1,1,1,1,1,,,x \
		2026-04-01,n,10,5,a,1,1,1,1,1,,,x 2026-04-01,m,11,5,a,1,1,1,1,1,,,x \
		2026-04-01,m,10,6,a,1,1,1,1,1,,,x 2026-04-01,m,10,5,a,2,1,1,1,1,,,x \
		2026-04-01,m,10,5,a,1,2,1,1,1,,,x 2026-04-01,m,10,5,a,1,1,2,1,1,,,x \
		2026-04-01,m,10,5,a,1,1,1,2,1,,,x 2026-04-01,m,10,5,a,1,1,1,1,2,,,x \
		2026-04-01,m,10,5,a,1,1,1,1,1,flex,,x 2026-04-01,m,10,5,a,1,1,1,1,1,,long,x; do
		log_with "$header" "$row" "$other"
		bill 65 report --rates rates.ini log.csv
		err_has "$(conflict log.csv:2 a log.csv:3)" "$(conflict log.csv:3 a log.csv:2)"
	done
	# Other words for the same thing, and columns that nobody asked for, are not.
	for other in 2026-04-01,m,010,5,a,1,1,1,1,1,,,x 2026-04-01,m,10,5,a,1,1,1,1,,,,x \
		2026-04-01,m,10,5,a,1,1,1,1,1,default,,x 2026-04-01,m,10,5,a,1,1,1,1,1,,,y; do
		log_with "$header" "$row" "$other"
		bill 0 report --rates rates.ini log.csv
		expect_rows 2026-04-01,m,10,5,0.000015
	done
	# With --by they are asked for.
	log_with "$header" "$row" 2026-04-01,m,10,5,a,1,1,1,1,1,,,y
	bill 65 report --rates rates.ini --by x log.csv
}

@test "--rejects sets all sides of a contradiction aside" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,b 2026-04-01,m,2,1,a 2026-04-01,m,1,1,a
	bill 2 report --rates rates.ini --rejects rejects log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	# The copy of a row set aside is skipped as its copy.
	err_has 'tokbill: 4 rows read: 1 billed, 2 set aside, 1 skipped'
	cut -d, -f1-6 rejects/log.rejects.csv | diff - <(printf '%s\n' "$ID,reject_line" \
		2026-04-01,m,1,1,a,2 2026-04-01,m,2,1,a,4)
	# Mended by taking one of them out.
	sed -i '/,2,1,a,/d' rejects/log.rejects.csv
	bill 0 report --rates rates.ini rejects/log.rejects.csv
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "copies and contradictions across files" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,b
	mv log.csv one.csv
	id_log '' 2026-04-01,m,1,1,b 2026-04-01,m,9,1,a
	bill 65 report --rates rates.ini one.csv log.csv
	err_has "$(conflict one.csv:2 a log.csv:4)" "$(conflict log.csv:4 a one.csv:2)"
	bill 2 report --rates rates.ini --rejects rejects one.csv log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	find rejects -type f | sort | diff - <(printf 'rejects/%s.rejects.csv\n' log one)
}

@test "both places are named, however long the name of the file" {
	local dir
	dir=$(printf '%0120d' 0)/$(printf '%0120d' 0)/$(printf '%0120d' 0)
	mkdir -p "$dir"
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,9,1,a
	mv log.csv "$dir"
	bill 65 report --rates rates.ini "$dir/log.csv"
	has_text "$ERR" "the same id as $dir/log.csv:3, with other content; only one of them can be true"
}

@test "the order of rows and files does not matter" {
	local row
	unit_rates
	(echo "$ID" && for ((i = 0; i < 400; i++)); do echo "2026-04-0$((i % 3 + 1)),m,$((i % 7)),1,$((i % 97))"; done) >log.csv
	# 97 ids with different contents: all contradict. Ids that have one content are copies.
	(cat log.csv && for ((i = 0; i < 400; i++)); do echo "2026-04-0$((i % 13 % 3 + 1)),m,$((i % 13)),2,c$((i % 13))"; done) >all.csv
	bill 2 report --rates rates.ini --rejects rejects all.csv
	cp "$OUT" forward
	cp "$ERR" summary
	(echo "$ID" && tail -n +2 all.csv | tac) >turned.csv
	bill 2 report --rates rates.ini --rejects rejects turned.csv
	cmp "$OUT" forward
	(echo "$ID" && tail -n +2 all.csv | sed -n 'p;n') >odd.csv
	(echo "$ID" && tail -n +2 all.csv | sed -n 'n;p') >even.csv
	bill 2 report --rates rates.ini --rejects rejects even.csv odd.csv
	cmp "$OUT" forward
	grep 'rows read' "$ERR" | diff - <(grep 'rows read' summary)
}

@test "through a pipe the same" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,m,1,1,a 2026-04-01,m,2,1,c 2026-04-01,m,3,1,c
	bill 2 report --rates rates.ini --rejects rejects log.csv
	cp "$OUT" file
	cat log.csv | piped 2 report --rates rates.ini --rejects rejects -
	cmp "$OUT" file
	diff rejects/log.rejects.csv <(sed 's/(stdin)/log.csv/' rejects/stdin.rejects.csv)
	mkfifo pipe
	cat log.csv >pipe &
	bill 2 report --rates rates.ini --rejects rejects pipe
	cmp "$OUT" file
}

@test "the row of an unpriced model is a side of a contradiction too" {
	id_log 2026-04-01,m,1,1,a 2026-04-01,x,1,1,a
	bill 2 report --rates rates.ini --rejects rejects log.csv
	expect_rows
	err_has 'tokbill: 2 rows read: 0 billed, 2 set aside, 0 skipped'
}

@test "rows outside the period are sides of a contradiction too" {
	id_log 2026-04-01,m,1,1,a 2026-05-01,m,2,1,a 2026-04-01,m,5,1,b
	bill 65 report --rates rates.ini log.csv
	for month in 2026-04:2:3 2026-05:3:2; do
		IFS=: read -r month here there <<<"$month"
		bill 65 report --rates rates.ini --month "$month" log.csv
		(
			conflict "log.csv:$here" a "log.csv:$there"
			echo 'tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR'
		) | err
	done
	bill 2 report --rates rates.ini --month 2026-04 --rejects rejects log.csv
	expect_rows 2026-04-01,m,5,1,7.00
	# A copy is of the same day, so it lies outside too.
	id_log 2026-04-01,m,1,1,a 2026-05-01,m,2,1,c 2026-05-01,m,2,1,c
	bill 0 report --rates rates.ini --month 2026-04 log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	err_has 'tokbill: 3 rows read: 1 billed, 0 set aside, 2 skipped'
}

@test "what a log says of the cost makes no contradiction, unless it is compared" {
	unit_rates
	log_with "$ID,billed" 2026-04-01,m,1,1,a,3.00 2026-04-01,m,1,1,a,3.50
	bill 0 report --rates rates.ini --map reported_cost=billed log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	err_has 'tokbill: 1 row skipped as a copy (same request_id, same usage)'
	bill 65 report --rates rates.ini --map reported_cost=billed --compare log.csv
	err_has "$(conflict log.csv:2 a log.csv:3)" "$(conflict log.csv:3 a log.csv:2)"
}

@test "copies of a row without a price are copies, and it alone is named" {
	id_log 2026-04-01,x,1,1,a 2026-04-01,m,1,1,b 2026-04-01,x,1,1,a 2026-04-01,m,1,1,b
	bill 2 report --rates rates.ini --rejects rejects log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	err_has 'tokbill: 4 rows read: 1 billed, 1 set aside, 2 skipped'
	cut -d, -f1-6 rejects/log.rejects.csv | diff - <(printf '%s\n' "$ID,reject_line" 2026-04-01,x,1,1,a,2)
}

@test "copies leave no trace in groups, averages and doubts" {
	cat >rates.ini <<-'END'
	[m]
	input = 1
	output = 1
	shutdown = 2026-04-02
	long_context_over = 10
	long_input = 2
	long_output = 2
	END
	local once=(2026-04-01,m,9,1,a,3,u 2026-04-03,m,100,1,b,4,v 2026-04-01,m,9,1,c,1,u)
	log_with "$ID,requests,user" "${once[@]}"
	bill 0 report --rates rates.ini --by date,user,model log.csv
	cp "$OUT" expected
	grep -v 'rows read' "$ERR" >expected.err
	log_with "$ID,requests,user" "${once[@]}" "${once[@]}" "${once[0]}"
	bill 0 report --rates rates.ini --by date,user,model log.csv
	cmp "$OUT" expected
	grep -v 'rows read\|as copies' "$ERR" | diff expected.err -
	err_has 'tokbill: 7 rows read: 3 billed, 0 set aside, 4 skipped'
}

@test "warnings are said once, though the logs are read twice" {
	cat >rates.ini <<-'END'
	[m]
	input = 1
	output = 1
	long_context_over = 10
	long_input = 2
	long_output = 2
	END
	printf '%s\n\n%s\n%s\n%s' "$ID,requests" 2026-10-25T02:30:00,m,1,1,a,2 2026-10-25T02:30:00,m,1,1,a,2 \
		2026-04-01,m,1,1,b,1 >log.csv
	bill 0 report --rates rates.ini --log-tz Europe/Berlin log.csv
	err_has 'tokbill: 1 log does not end with a line end; it may have been cut short' \
		'tokbill: 1 row sums several requests: their average decided the long-context price' \
		'tokbill: 1 blank line skipped' \
		'tokbill: 3 rows read: 2 billed, 0 set aside, 1 skipped'
}

@test "20 contradictions stop the run" {
	unit_rates
	(echo "$ID" && for ((i = 0; i < 30; i++)); do printf '2026-04-01,m,1,1,%d\n2026-04-01,m,2,1,%d\n' $i $i; done) >log.csv
	bill 65 report --rates rates.ini log.csv
	[ "$(grep -c ^log.csv: "$ERR")" = 20 ]
	err_has 'tokbill: stopped at 20 bad rows; nothing was written'
}

# ---- more than the memory for ids holds ----

# 200,000 rows: 100,000 ids, each twice, far apart.
many() {
	unit_rates
	awk -v header="$ID" 'BEGIN { print header
		for (k = 0; k < 2; k++) for (i = 0; i < 100000; i++) print "2026-04-01,m,1,0,request-" i }' >log.csv
}

@test "200,000 rows, each twice, from a file and through a pipe" {
	many
	for memory in 1M 80M; do
		for threads in 1 3; do
			bill 0 report --rates rates.ini --memory "$memory" --threads "$threads" log.csv
			expect_rows 2026-04-01,m,100000,0,100000.00
			err_has 'tokbill: 200000 rows read: 100000 billed, 0 set aside, 100000 skipped'
		done
	done
	cat log.csv | piped 0 report --rates rates.ini --memory 1M -
	expect_rows 2026-04-01,m,100000,0,100000.00
	no_leftovers "$BATS_TEST_TMPDIR"
}

@test "200,000 rows of which two contradict each other" {
	many
	sed -i '150001s/,1,0,/,1,5,/' log.csv
	bill 65 report --rates rates.ini log.csv
	err_has "$(conflict log.csv:50001 request-49999 log.csv:150001)" \
		"$(conflict log.csv:150001 request-49999 log.csv:50001)"
}

@test "no room for temporary files: 74, and nothing is written" {
	many
	TMPDIR=$PWD/missing bill 74 report --rates rates.ini --memory 1M log.csv
	no_out
	echo 'tokbill: creating a temporary file (TMPDIR, else /tmp): No such file or directory' | err
	(ulimit -f 500 && bill 74 report --rates rates.ini --memory 1M log.csv)
	echo 'tokbill: writing a temporary file (TMPDIR, else /tmp): File too large' | err
	(ulimit -f 1000 && cat log.csv | piped 74 report --rates rates.ini -)
	echo 'tokbill: (stdin): writing a temporary copy (TMPDIR, else /tmp): File too large' | err
	(cat log.csv | TMPDIR=$PWD/missing piped 74 report --rates rates.ini -)
	echo 'tokbill: (stdin): no temporary file (TMPDIR, else /tmp): No such file or directory' | err
	no_out
}

@test "--memory takes a size of at least 1M" {
	id_log 2026-04-01,m,1,1,a
	for size in 1M 2048K 1048576 1G; do
		bill 0 report --rates rates.ini --memory "$size" log.csv
	done
	for size in 0 1 1023K 1m 1MB M -1M 99999999999G 1.5M; do
		bill 64 report --rates rates.ini --memory "$size" log.csv
		echo "tokbill: --memory: '$size': not a size from 1M, such as 80M or 2G" | err
	done
}

@test "more contradictions than the memory holds stop the run" {
	unit_rates
	awk -v header="$ID" 'BEGIN { print header; for (i = 0; i < 70000; i++) print "2026-04-01,m," i ",0,same" }' >log.csv
	bill 65 report --rates rates.ini --rejects rejects --memory 1M log.csv
	echo 'tokbill: more than 65536 rows have the id of a row with other content; is the column of ids one of requests? (--memory allows more)' | err
	no_out
	bill 2 report --rates rates.ini --rejects rejects --memory 2M log.csv
	err_has 'tokbill: 70000 rows read: 0 billed, 70000 set aside, 0 skipped'
}
