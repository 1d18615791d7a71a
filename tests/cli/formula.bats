#!/usr/bin/env bats
# Text from logs that a spreadsheet or a terminal would run.

load helpers

# A log with these texts in a column "who".
who_log() { # TEXT...
	unit_rates
	(echo "$SHORT,who" && for text in "$@"; do printf '2026-04-01,m,1,0,"%s"\n' "$text"; done) >log.csv
}

# The texts that the report has for them, as CSV fields.
fields_are() { # FIELD...
	bill 0 report --rates rates.ini --by who log.csv
	tail -n +2 "$OUT" | sed 's/,1,1,0,0,0,0,1\.00,0\.00,0\.00,0\.00,1\.00,USD$//' | diff - <(printf '%s\n' "$@")
}

@test "what begins a formula gets a ' in CSV" {
	who_log '=1+2' '+1' '-1' '@SUM(A1)' "=cmd|' /C calc'!A0"
	fields_are "'+1" "'-1" "'=1+2" "'=cmd|' /C calc'!A0" "'@SUM(A1)"
}

@test "within quotes as well" {
	who_log '=1,2' '=""x""'
	fields_are "\"'=\"\"x\"\"\"" "\"'=1,2\""
}

@test "tab, line feed and carriage return in front" {
	who_log $'\t=1' $'\n=1'
	fields_are $'\'\t=1' $'"\'\n=1"'
	# A carriage return is taken only as part of a line end within quotes.
	who_log $'\r\n=1'
	fields_are $'"\'\r\n=1"'
}

@test "full-width signs" {
	who_log ＝1 ＋1 －1 ＠1
	fields_are "'＋1" "'－1" "'＝1" "'＠1"
}

@test "other text, a quote in front included, stays as it is" {
	who_log "'=1" 'a=1' ' =1' '1-1' 1e6 '' '#N/A' '%x'
	fields_are '' ' =1' '#N/A' '%x' "'=1" 1-1 1e6 a=1
}

@test "a model and a provider are text, too" {
	cat >rates.ini <<-'END'
	[=m]
	provider = @p
	input = 1000000
	output = 0
	END
	log 2026-04-01,=m,1,0
	bill 0 report --rates rates.ini --by model,provider log.csv
	tail -n 1 "$OUT" | diff - <(echo "'=m,'@p,1,1,0,0,0,0,1.00,0.00,0.00,0.00,1.00,USD")
}

@test "the name of a column in the header" {
	unit_rates
	log_with "$SHORT,=who" 2026-04-01,m,1,0,x
	bill 0 report --rates rates.ini --by =who log.csv
	head -n 1 "$OUT" | cut -d, -f1 | diff - <(echo "'=who")
}

@test "numbers never: a negative saving stays a number" {
	cat >rates.ini <<-'END'
	[m]
	input = 1
	cache_write = 2
	output = 0
	END
	log_with "$SHORT,cache_write_tokens" 2026-04-01,m,1000000,0,1000000
	bill 0 report --rates rates.ini log.csv
	tail -n 1 "$OUT" | cut -d, -f10 | diff - <(echo -1.00)
}

@test "JSON and the table have the text as it is" {
	who_log '=1+2'
	bill 0 report --rates rates.ini --by who -f json log.csv
	has_text "$OUT" '"who": "=1+2"'
	bill 0 report --rates rates.ini --by who -f table log.csv
	grep -q '^=1+2 ' "$OUT"
}

@test "rejects keep their bytes" {
	who_log '=1+2'
	sed -i 's/,m,/,x,/' log.csv
	bill 2 report --rates rates.ini --rejects rejects log.csv
	grep -q '^2026-04-01,x,1,0,"=1+2",2,' rejects/log.rejects.csv
}

# ---- what a terminal would obey ----

# One of each: C0, DEL, C1, turning marks, without width, line separators, tags.
HIDDEN=(
	$'\e[2J' '\x1b[2J' $'\a' '\x07' $'\b' '\x08' $'\x7f' '\x7f' $'\xc2\x9b31m' '\x9b31m' $'\xc2\x85' '\x85'
	$'\xe2\x80\xae' '\u202e' $'\xe2\x81\xa6' '\u2066' $'\xe2\x80\x8b' '\u200b' $'\xe2\x80\x8f' '\u200f' $'\xef\xbb\xbf' '\ufeff'
	$'\xe2\x80\xa8' '\u2028' $'\xc2\xad' '\xad' $'\xd8\x9c' '\u061c' $'\xf3\xa0\x81\x81' '\ue0041'
)

each_hidden() { # COMMAND, called with a text and how it is shown
	local i
	for ((i = 0; i < ${#HIDDEN[@]}; i += 2)); do
		"$1" "${HIDDEN[i]}" "${HIDDEN[i + 1]}"
	done
}

message_shows() {
	log "2026-04-01,x$1y,1,1"
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" "model: 'x$2y'"
	lacks_text "$ERR" "$1"
}

@test "no message has them raw" {
	unit_rates
	each_hidden message_shows
}

table_shows() {
	who_log "x$1y"
	bill 0 report --rates rates.ini --by who -f table log.csv
	has_text "$OUT" "x$2y "
	lacks_text "$OUT" "$1"
}

@test "no table has them raw" {
	each_hidden table_shows
}

@test "no table has them raw in the name of a column" {
	unit_rates
	log_with "$SHORT,who"$'\e[2J' 2026-04-01,m,1,0,x
	bill 0 report --rates rates.ini --by "who"$'\e[2J' -f table log.csv
	lacks_text "$OUT" $'\e'
}

@test "no message has them raw from names on the command line" {
	unit_rates
	bill 66 report --rates rates.ini $'log\e[2J.csv'
	echo 'tokbill: log\x1b[2J.csv: cannot be read: No such file or directory' | err
	bill 78 report --rates $'r\e[2J.ini' log.csv
	err_has 'r\x1b[2J.ini: cannot be read: No such file or directory'
	bill 64 report --by $'a,a,\e' log.csv
	lacks_text "$ERR" $'\e'
	bill 64 $'rep\eort'
	lacks_text "$ERR" $'\e'
	log 2026-04-01,x,1,1
	mv log.csv $'log\e.csv'
	bill 2 report --rates rates.ini --rejects rejects $'log\e.csv'
	lacks_text "$ERR" $'\e'
	[ -f $'rejects/log\e.rejects.csv' ]
}

@test "no message has them raw from headers and rates" {
	unit_rates
	log_with $'date,model,input_tokens\e,output_tokens'
	bill 65 report --rates rates.ini log.csv
	lacks_text "$ERR" $'\e'
	printf '[m]\ninput\342\200\256 = 1\noutput = \342\200\2131\n' >rates.ini
	bill 78 report --rates rates.ini log.csv
	has_text "$ERR" '\u202e'
	has_text "$ERR" '\u200b'
	lacks_text "$ERR" $'\xe2\x80\xae'
	lacks_text "$ERR" $'\xe2\x80\x8b'
}

@test "broken bytes in a name are shown as such" {
	unit_rates
	bill 66 report --rates rates.ini $'log\xff\x9b.csv'
	echo 'tokbill: log\xff\x9b.csv: cannot be read: No such file or directory' | err
}
