#!/usr/bin/env bats
# Which logs a command reads: files, directories, patterns, and names in a file (contract section 3).

load helpers

# logs/ with files of 1, 2, 4 and 8 input tokens, each named for its number.
make_logs() {
	unit_rates
	mkdir -p logs/b/c logs/a
	one 1 logs/1.csv
	one 2 logs/b/2.csv
	one 4 logs/b/c/4.csv
	one 8 logs/a/8.csv
}

one() { # INPUT FILE
	printf '%s\n' "$SHORT" "2026-04-01,m,$1,0" >"$2"
}

# All rows of the report, which has one.
billed() { # INPUT ARG...
	local input=$1
	shift
	bill 0 report -q --rates rates.ini "$@"
	expect_rows "2026-04-01,m,$input,0,$input.00"
}

@test "a directory stands for all files below it, whatever they are called" {
	make_logs
	billed 15 logs
	mv logs/b/c/4.csv logs/b/c/data
	gzip logs/1.csv
	billed 15 logs/
	billed 14 logs/a logs/b
}

@test "files of a directory are read in the order of their paths' bytes" {
	make_logs
	bill 0 report -q --rates rates.ini -f json logs
	grep -o '"logs/[^"]*"' "$OUT" | paste -sd' ' | diff <(echo '"logs/1.csv" "logs/a/8.csv" "logs/b/2.csv" "logs/b/c/4.csv"') -
}

@test "hidden names in a directory are passed over, and counted" {
	make_logs
	one 16 logs/.half-written.csv
	mkdir logs/.git
	one 32 logs/.git/x.csv
	bill 0 report --rates rates.ini logs
	expect_rows "2026-04-01,m,15,0,15.00"
	err_has 'tokbill: 2 hidden names in the directories given are not read; name them to read them'
	billed 31 logs logs/.half-written.csv
}

@test "links to files are read, links to directories are not followed" {
	make_logs
	one 16 sixteen.csv
	ln -s ../sixteen.csv logs/link
	ln -s .. logs/up
	bill 0 report --rates rates.ini logs
	expect_rows "2026-04-01,m,31,0,31.00"
	err_has 'tokbill: 1 in the directories given is neither file nor directory and not read'
	bill 65 report --strict --rates rates.ini logs
	no_out
}

@test "a pipe in a directory is not waited for" {
	make_logs
	mkfifo logs/pipe
	bill 0 report --rates rates.ini logs
	expect_rows "2026-04-01,m,15,0,15.00"
	err_has 'tokbill: 1 in the directories given is neither file nor directory and not read'
}

@test "a directory without files, and one that is not there" {
	unit_rates
	mkdir empty
	bill 66 report --rates rates.ini empty
	echo 'tokbill: empty: a directory without a file to read' | err
	bill 66 report --rates rates.ini nowhere
	echo 'tokbill: nowhere: cannot be read: No such file or directory' | err
}

@test "a file of a directory that is no log stops the run" {
	make_logs
	echo 'Logs of April' >logs/README
	bill 65 report --rates rates.ini logs
	no_out
	has_text "$ERR" "logs/README:1: "
}

@test "a file that is named, and lies in a directory that is named, is not billed twice" {
	make_logs
	bill 64 report --rates rates.ini logs logs/b/../1.csv
	echo 'tokbill: logs/b/../1.csv: is the same file as logs/1.csv and would be billed twice' | err
}

@test "a pattern that the shell left alone" {
	make_logs
	billed 6 'logs/b/*.csv' 'logs/b/?/*'
	billed 9 'logs/[1a]*'
	bill 66 report --rates rates.ini 'logs/*.log'
	echo 'tokbill: logs/*.log: matches no file' | err
	one 16 'logs/[x].csv'
	billed 16 'logs/[x].csv'
}

@test "--files-from: a name to a line" {
	make_logs
	printf 'logs/1.csv\n\nlogs/b' >list
	billed 7 --files-from list
	billed 15 --files-from list logs/a
	printf 'logs/1.csv\n' >other
	printf 'logs/a\n' >list
	billed 9 --files-from list --files-from other
}

@test "--files-from takes names as they are: a pattern in it is a name" {
	make_logs
	echo 'logs/*.csv' >list
	bill 66 report --rates rates.ini --files-from list
	echo 'tokbill: logs/*.csv: cannot be read: No such file or directory' | err
}

@test "--null: names that end in NUL, with blanks and line ends in them" {
	make_logs
	one 16 $'logs/six\nteen .csv'
	find logs -name '*.csv' -print0 >list
	billed 31 -0 --files-from list
	find logs -name '*.csv' -print0 | piped 0 report -q --rates rates.ini --null --files-from -
	expect_rows "2026-04-01,m,31,0,31.00"
	bill 66 report --rates rates.ini --files-from list
	echo 'tokbill: list: a name with a NUL in it; give -0 for a list whose names end in NUL' | err
}

@test "a list that names nothing is no empty report" {
	unit_rates
	bill 66 report --rates rates.ini --files-from -
	echo 'tokbill: (stdin): names no file' | err
	bill 66 report --rates rates.ini --files-from nowhere
	echo 'tokbill: nowhere: cannot be read: No such file or directory' | err
	bill 64 report --rates rates.ini -0 x.csv
	echo 'tokbill: --null needs --files-from' | err
	bill 64 report --rates rates.ini --files-from - -
	echo 'tokbill: -: standard input can be read only once' | err
}

@test "nothing is written among the logs that are read: it would be a log of the next run" {
	make_logs
	local place
	for place in logs/report.csv logs/b/new.csv ./logs/../logs/report.csv "$PWD/logs/x.csv"; do
		bill 64 report --rates rates.ini -o "$place" logs
		echo "tokbill: $place: lies in logs, whose files are read: the next run would take it for a log; choose another place" | err
	done
	bill 64 report --rates rates.ini --rejects logs/b/rejects/new logs
	bill 0 report -q --rates rates.ini --rejects logs-rejects -o logs.csv logs
	bill 0 report -q --rates rates.ini -o logs/../report.csv logs
	[ ! -e logs/b/rejects ]
	find logs -type f | sort | paste -sd' ' | diff <(echo 'logs/1.csv logs/a/8.csv logs/b/2.csv logs/b/c/4.csv') -
}

@test "whatif reads them the same way" {
	make_logs
	bill 0 whatif -q --rates rates.ini --scale 200% -f csv logs
	[ "$(tail -n 1 "$OUT" | cut -d, -f1)" = m ]
}

@test "more logs than files may be open: read in turn, ids in two passes, compressed ones too" {
	unit_rates
	mkdir many
	for i in {1..300}; do
		printf '%s\n' "request_id,$SHORT" "r$i,2026-04-01,m,1,0" "r$((i / 2)),2026-04-01,m,1,0" >"many/$i.csv"
	done
	gzip many/??.csv
	ulimit -n 100
	bill 0 report -q --rates rates.ini many
	# ids r0 to r300, all with the same content
	expect_rows 2026-04-01,m,301,0,301.00
}

@test "a file that is replaced before its turn, or before it is read again: 66" {
	unit_rates
	mkdir many
	for i in {100..199}; do
		printf '%s\n' "request_id,$SHORT" "r,2026-04-01,m,1,0" >"many/$i.csv"
	done
	mkfifo last
	"$TOKBILL" report --rates rates.ini -o report.csv many last >"$OUT" 2>"$ERR" &
	# A pipe is opened once somebody reads it: the others are open, or set down, by then.
	exec 7>last
	printf '%s\n' "request_id,$SHORT" "s,2026-04-01,m,9,0" >new && mv new many/199.csv
	# The run may have ended already: that it reads the pipe before is not what counts here.
	(trap '' PIPE && printf '%s\n' "request_id,$SHORT" >&7) 2>/dev/null || :
	exec 7>&-
	code=0
	wait $! || code=$?
	exited 66 "$code"
	err_has 'tokbill: many/199.csv: changed while it was being read; run again when it is complete'
	[ ! -e report.csv ]
}
