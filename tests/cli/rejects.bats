#!/usr/bin/env bats
# --rejects: bad and unpriced rows set aside, byte for byte, and fed back (contract section 4).

load helpers

WHY_X="model: 'x': not in the rates; did you mean 'm'? Else add it to a rate file (--rates)"
WHY_COUNT="input_tokens: '-1': not a whole number in plain digits"

# Two good rows, an unpriced one and a bad one.
mixed() {
	unit_rates
	log 2026-04-01,m,1,1 2026-04-01,x,2,2 2026-04-01,m,-1,3 2026-04-02,m,4,4
}

run_rejects() { # CODE, LOG... (default: log.csv)
	local code=$1
	shift
	bill "$code" report --rates rates.ini --rejects rejects "${@:-log.csv}"
}

# Numbers of the summary: read, billed, set aside, skipped.
summary_is() { # READ BILLED SET_ASIDE SKIPPED
	local rows=rows
	[ "$1" != 1 ] || rows=row
	err_has "tokbill: $1 $rows read: $2 billed, $3 set aside, $4 skipped"
}

@test "rows are set aside as they are, with line and reason, and the rest is billed" {
	mixed
	run_rejects 2
	expect_rows 2026-04-01,m,1,1,3.00 2026-04-02,m,4,4,12.00
	diff - rejects/log.rejects.csv <<-END
	date,model,input_tokens,output_tokens,reject_line,reject_reason
	2026-04-01,x,2,2,3,"$WHY_X"
	2026-04-01,m,-1,3,4,"$WHY_COUNT"
	END
	err <<-'END'
	tokbill: 4 rows read: 2 billed, 2 set aside, 0 skipped
	tokbill: rows set aside in rejects/log.rejects.csv
	tokbill: cost USD 15.00
	END
}

@test "without a bad row there is no rejects file, and the exit code is 0" {
	unit_rates
	log 2026-04-01,m,1,1
	run_rejects 0
	[ -d rejects ]
	[ -z "$(ls -A rejects)" ]
}

@test "all rows set aside: an empty report" {
	unit_rates
	log 2026-04-01,x,1,1
	run_rejects 2
	echo "$HEADER" | out
	summary_is 1 0 1 0
}

@test "more than 20 bad rows do not stop the run" {
	unit_rates
	(echo "$SHORT" && yes 2026-04-01,x,1,1 | head -n 5000 && echo 2026-04-01,m,1,1) >log.csv
	run_rejects 2
	summary_is 5001 1 5000 0
	[ "$(wc -l <rejects/log.rejects.csv)" = 5001 ]
	expect_rows 2026-04-01,m,1,1,3.00
}

@test "every kind of bad row is kept byte for byte" {
	unit_rates
	bytes=$'2026-04-01,m,1\n2026-04-01,m"x,1,1\n2026-04-01,"m"x,1,1\n2026-04-01, m ,1,1\n2026-04-01,\xff,1,1\n2026-04-01,m,1\r,1\n"2026-04-01","m","x","a\nb"\n'
	(echo "$SHORT" && printf '%s' "$bytes" && printf '2026-04-01,m\0,1,1\n') >log.csv
	run_rejects 2
	summary_is 8 0 8 0
	# Without what was appended it is the log again.
	sed 's/,[0-9]*,"[^"]*\(""[^"]*\)*"$//; s/,reject_line,reject_reason$//' rejects/log.rejects.csv | cmp - log.csv
	err_has 'tokbill: rows set aside in rejects/log.rejects.csv'
}

@test "CRLF is kept, the appended columns come before it" {
	unit_rates
	printf '%s\r\n2026-04-01,m,-1,1\r\n2026-04-01,x,1,1\n' "$SHORT" >log.csv
	run_rejects 2
	cmp rejects/log.rejects.csv <(printf '%s,reject_line,reject_reason\r\n2026-04-01,m,-1,1,2,"%s"\r\n2026-04-01,x,1,1,3,"%s"\n' \
		"$SHORT" "$WHY_COUNT" "$WHY_X")
}

@test "a byte order mark does not reach the rejects" {
	unit_rates
	printf '\357\273\277%s\n2026-04-01,m,-1,1\n' "$SHORT" >log.csv
	run_rejects 2
	head -n 1 rejects/log.rejects.csv | diff - <(echo "$SHORT,reject_line,reject_reason")
}

@test "quoted line breaks, also in the header" {
	unit_rates
	log_with "$SHORT,"$'"two\nlines"' $'2026-04-01,m,-1,1,"a\r\n\nb"' 2026-04-01,m,1,1,c
	run_rejects 2
	cmp rejects/log.rejects.csv <(printf '%s,"two\nlines",reject_line,reject_reason\n2026-04-01,m,-1,1,"a\r\n\nb",3,"%s"\n' \
		"$SHORT" "$WHY_COUNT")
	cp rejects/log.rejects.csv back.csv
	bill 2 report --rates rates.ini --rejects again back.csv
	summary_is 1 0 1 0
}

@test "quotes and control characters in the reason can be read and fed back" {
	unit_rates
	log $'2026-04-01,"a ""b""\e",1,1'
	run_rejects 2
	grep -qF "3,\"model: 'a \"\"b\"\"\\x1b': holds a control character\"" rejects/log.rejects.csv ||
		grep -qF "2,\"model: 'a \"\"b\"\"\\x1b': holds a control character\"" rejects/log.rejects.csv
	cp rejects/log.rejects.csv back.csv
	bill 2 report --rates rates.ini --rejects again back.csv
	summary_is 1 0 1 0
}

@test "a quote that is never closed takes the rest of the file with it, and nothing more" {
	unit_rates
	printf '%s\n2026-04-01,m,1,1\n2026-04-01,"m,1,1\n2026-04-01,m,5,5\n' "$SHORT" >log.csv
	run_rejects 2
	summary_is 2 1 1 0
	cmp rejects/log.rejects.csv <(printf '%s,reject_line,reject_reason\n2026-04-01,"m,1,1\n2026-04-01,m,5,5,3,"%s"\n' "$SHORT" \
		"model: '2026-04-01,\"\"m,1,1\\x0a2026-04-01,m,5,5': the quote opened in line 3 is never closed")
	# A good log behind it is not drawn in.
	log 2026-04-02,m,1,1
	bill 2 report --rates rates.ini --rejects again rejects/log.rejects.csv log.csv
	expect_rows 2026-04-02,m,1,1,3.00
}

@test "an unclosed quote in the last of several rejects does not swallow what follows when fed back" {
	unit_rates
	printf '%s\n2026-04-01,"x",1,1\n2026-04-01,"m,1,1\n' "$SHORT" >log.csv
	run_rejects 2
	cp rejects/log.rejects.csv back.csv
	bill 2 report --rates rates.ini --rejects again back.csv
	summary_is 2 0 2 0
}

@test "rejects fed back as they are: the same rows again" {
	mixed
	run_rejects 2
	cp rejects/log.rejects.csv first.csv
	bill 2 report --rates rates.ini --rejects again first.csv
	summary_is 2 0 2 0
	diff - again/first.rejects.csv <<-END
	date,model,input_tokens,output_tokens,reject_line,reject_reason,reject_line,reject_reason
	2026-04-01,x,2,2,3,"$WHY_X",2,"$WHY_X"
	2026-04-01,m,-1,3,4,"$WHY_COUNT",3,"$WHY_COUNT"
	END
	bill 2 report --rates rates.ini --rejects again again/first.rejects.csv
	summary_is 2 0 2 0
	# Also without --rejects.
	bill 65 report --rates rates.ini first.csv
	err_has "first.csv:2: $WHY_X"
}

@test "rejects fed back when the rates are mended: both reports make the whole" {
	mixed
	sed -i s/-1/1/ log.csv
	run_rejects 2
	rows >parts
	printf '[x]\ninput = 1000000\noutput = 2000000\n' >>rates.ini
	bill 0 report --rates rates.ini rejects/log.rejects.csv
	rows >>parts
	bill 0 report --rates rates.ini log.csv
	sort parts | diff - <(rows)
}

@test "nothing is lost: billed, set aside and skipped rows are the rows read" {
	local month=$ROOT/fixtures/month
	bill 2 report --rejects rejects --from 2026-08-02 -f json "$month/usage-2026-08.csv" "$month/bad-rows.csv"
	python3 - "$OUT" "$month" <<-'END'
	import csv, json, pathlib, sys
	report = json.load(open(sys.argv[1]))
	run = report["run"]
	read = sum(len(list(csv.reader(open(f, newline="")))) - 1 for f in pathlib.Path(sys.argv[2]).glob("*.csv"))
	aside = sum(len(list(csv.reader(open(f, newline="")))) - 1 for f in pathlib.Path("rejects").iterdir())
	assert run["rows_read"] == read, (run, read)
	assert run["rows_set_aside"] == aside > 0, (run, aside)
	assert read == run["rows_billed"] + aside + run["rows_outside_period"] + run["rows_duplicate"], run
	END
}

@test "the bad rows of the fixture, each for its reason" {
	cp "$ROOT/fixtures/month/bad-rows.csv" .
	bill 2 report --rejects rejects bad-rows.csv
	[ "$(wc -l <rejects/bad-rows.rejects.csv)" -gt 5 ]
	sed '1d; s/,[0-9]*,"[^"]*"$//' rejects/bad-rows.rejects.csv |
		diff - <(sed '1d; s/.*,\([0-9]*\),"[^"]*"$/\1/' rejects/bad-rows.rejects.csv |
			xargs -I{} sed -n '{}p' bad-rows.csv)
}

@test "bad rows outside the period are set aside all the same: their day cannot be trusted" {
	unit_rates
	log 2026-03-01,m,-1,1 2026-04-01,m,1,1
	bill 2 report --rates rates.ini --rejects rejects --month 2026-04 log.csv
	summary_is 2 1 1 0
}

# ---- names ----

@test "one file for each input, named for where it is" {
	unit_rates
	mkdir -p a b/d c
	for name in a/log.csv b/log.csv c/log-2.csv a/log plain.txt 'b/d/x y.csv' a+log.csv; do
		printf '%s\n2026-04-01,%s,1,1\n' "$SHORT" "${name%%/*}" >"$name"
	done
	bill 2 report --rates rates.ini --rejects rejects a/log.csv b/log.csv c/log-2.csv a/log plain.txt \
		'b/d/x y.csv' a+log.csv
	find rejects -type f | LC_ALL=C sort | diff - <(printf 'rejects/%s.rejects.csv\n' \
		a%2Blog a+log a+log-2 'b+d+x y' b+log c+log-2 plain.txt | LC_ALL=C sort)
	grep -q ,a,1,1,2 rejects/a+log.rejects.csv
	grep -q ,b,1,1,2 rejects/b+log.rejects.csv
	grep -q ,a+log.csv,1,1,2 rejects/a%2Blog.rejects.csv
	err_has 'tokbill: rows set aside in rejects/a+log-2.rejects.csv' \
		'tokbill: rows set aside in rejects/b+d+x y.rejects.csv'
}

@test "a log has one rejects file, whatever path a run calls it by" {
	unit_rates
	mkdir -p a/b
	printf '%s\n2026-04-01,x,1,1\n' "$SHORT" >a/b/log.csv
	ln -s a link
	for name in a/b/log.csv ./a//b/log.csv a/../a/b/log.csv "$PWD/a/b/log.csv" link/b/log.csv; do
		bill 2 report --rates rates.ini --rejects rejects "$name"
		find rejects -type f | diff - <(echo rejects/a+b+log.rejects.csv)
	done
	cd a
	bill 2 report --rates ../rates.ini --rejects ../rejects b/log.csv
	cd b
	bill 2 report --rates ../../rates.ini --rejects ../../rejects log.csv
	cd ../..
	find rejects -type f | sort | diff - <(printf 'rejects/%s.rejects.csv\n' a+b+log b+log log)
	place=$(realpath .)
	mkdir elsewhere
	cd elsewhere
	bill 2 report --rates ../rates.ini --rejects rejects ../a/b/log.csv
	[ -f "rejects/$(tr / + <<<"$place/a/b/log").rejects.csv" ]
}

@test "a run touches only the rejects of its own logs" {
	unit_rates
	mkdir a b
	printf '%s\n2026-04-01,zz,1,1\n' "$SHORT" >a/x.csv
	printf '%s\n2026-04-01,yy,1,1\n' "$SHORT" >b/x.csv
	bill 2 report --rates rates.ini --rejects rejects a/x.csv b/x.csv
	sed -i s/yy/m/ b/x.csv
	bill 0 report --rates rates.ini --rejects rejects b/x.csv
	find rejects -type f | diff - <(echo rejects/a+x.rejects.csv)
	grep -q ,zz,1,1,2 rejects/a+x.rejects.csv
}

@test "standard input's rejects" {
	mixed
	piped 2 report --rates rates.ini --rejects rejects - <log.csv
	[ -f rejects/stdin.rejects.csv ]
	cat log.csv | piped 2 report --rates rates.ini --rejects rejects - log.csv
	cmp <(cut -d, -f1-4 rejects/stdin.rejects.csv) <(cut -d, -f1-4 rejects/log.rejects.csv)
}

@test "rejects of an earlier run are replaced, and removed when there are none" {
	mixed
	run_rejects 2
	log 2026-04-01,x,9,9
	run_rejects 2
	[ "$(wc -l <rejects/log.rejects.csv)" = 2 ]
	log 2026-04-01,m,1,1
	run_rejects 0
	[ ! -e rejects/log.rejects.csv ]
}

@test "rejects of an earlier run stay when this one fails" {
	mixed
	run_rejects 2
	cp rejects/log.rejects.csv before
	log 2026-04-01,x,9,9
	printf 'no header\n' >broken.csv
	run_rejects 65 log.csv broken.csv
	cmp rejects/log.rejects.csv before
	echo old >report.csv
	bill 73 report --rates rates.ini --rejects rejects -o missing/report.csv log.csv
	cmp rejects/log.rejects.csv before
	bill 74 report --rates rates.ini --rejects rejects -o /dev/full log.csv
	cmp rejects/log.rejects.csv before
	no_leftovers .
}

@test "a folder that is there is used, one that cannot be made is 73" {
	mixed
	mkdir rejects
	touch rejects/other
	run_rejects 2
	[ -f rejects/other ]
	bill 73 report --rates rates.ini --rejects log.csv log.csv
	echo 'tokbill: log.csv: cannot make the folder for rejects: Not a directory' | err
	bill 73 report --rates rates.ini --rejects no/rejects log.csv
	echo 'tokbill: no/rejects: cannot make the folder for rejects: No such file or directory' | err
	no_out
}

@test "an input that its rejects would replace is refused" {
	mixed
	mkdir rejects
	cp log.csv rejects/log.rejects.csv
	bill 64 report --rates rates.ini --rejects rejects log.csv rejects/log.rejects.csv
	no_out
	echo 'tokbill: rejects/log.rejects.csv: is an input and would be replaced; choose another -o or --rejects' | err
	cmp log.csv rejects/log.rejects.csv
	ln -sf ../log.csv rejects/log.rejects.csv
	bill 64 report --rates rates.ini --rejects rejects log.csv
	# Beside its input is a fine place.
	bill 2 report --rates rates.ini --rejects . log.csv
	[ -f log.rejects.csv ]
}

@test "a report that its rejects would replace is refused" {
	mixed
	mkdir rejects
	bill 64 report --rates rates.ini --rejects rejects -o rejects/log.rejects.csv log.csv
	[ ! -e rejects/log.rejects.csv ]
}

@test "a rate file that the rejects would replace is refused" {
	mixed
	mkdir rejects
	mv rates.ini rejects/log.rejects.csv
	bill 64 report --rates rejects/log.rejects.csv --rejects rejects log.csv
	head -n 1 rejects/log.rejects.csv | diff - <(echo '[m]')
}

# ---- failures ----

@test "a full disk: 74, no rejects, the old report stays" {
	unit_rates
	(echo "$SHORT" && yes 2026-04-01,x,1,1 | head -n 5000) >log.csv
	echo old >report.csv
	mkdir rejects
	echo before >rejects/log.rejects.csv
	(ulimit -f 100 && bill 74 report --rates rates.ini --rejects rejects -o report.csv log.csv)
	echo 'tokbill: rejects/log.rejects.csv: writing: File too large' | err
	echo old | diff - report.csv
	echo before | diff - rejects/log.rejects.csv
	no_leftovers .
}

@test "a rejects folder that cannot be written: 73" {
	skip_if_root
	mixed
	mkdir -m 555 rejects
	run_rejects 73
	echo 'tokbill: rejects/log.rejects.csv: cannot create: Permission denied' | err
	no_out
}

@test "a rejects file that is a folder: 73" {
	mixed
	mkdir -p rejects/log.rejects.csv
	run_rejects 73
	echo 'tokbill: rejects/log.rejects.csv: cannot create: Is a directory' | err
	no_out
}

@test "earlier rejects that cannot be removed: 73" {
	skip_if_root
	unit_rates
	log 2026-04-01,m,1,1
	mkdir rejects
	touch rejects/log.rejects.csv
	chmod 555 rejects
	run_rejects 73
	chmod 755 rejects
	err_has 'tokbill: rejects/log.rejects.csv: the rejects of an earlier run cannot be removed: Permission denied'
}

@test "no header, no rejects: the run stops" {
	unit_rates
	echo no,header >log.csv
	run_rejects 65
	no_out
	[ ! -e rejects/log.rejects.csv ]
}
