#!/usr/bin/env bats
# Stated limits, at both sides, and numbers as large as they come.

load helpers

# "x" so many times.
xs() { head -c "$1" /dev/zero | tr '\0' x; }

# ---- sizes ----

# A record of so many bytes in a log with 17 more columns (a field may have 64 KiB).
record_of() { # BYTES
	local left=$(($1 - 16 - 17)) i part # 2026-04-01,m,1,1 and 17 commas
	printf 2026-04-01,m,1,1
	for ((i = 17; i > 0; i--)); do
		part=$((left / i))
		left=$((left - part))
		printf , && xs $part
	done
}

wide_header() {
	printf '%s' "$SHORT"
	printf ',x%d' {1..17}
	echo
}

@test "a record of 1 MiB is read, one byte more is refused" {
	unit_rates
	(wide_header && record_of 1048576 && echo && echo "2026-04-01,m,1,1,,,,,,,,,,,,,,,,,") >log.csv
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,2,2,6.00
	(wide_header && record_of 1048577 && echo && echo "2026-04-01,m,1,1,,,,,,,,,,,,,,,,,") >log.csv
	bill 65 report --rates rates.ini log.csv
	err_has 'log.csv:2: record longer than 1 MiB; is the quote opened in line 2 never closed?'
	bill 2 report --rates rates.ini --rejects rejects log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	# Byte for byte, and fed back with the same outcome.
	(wide_header | sed 's/$/,reject_line,reject_reason/' && record_of 1048577 &&
		echo ',2,"record longer than 1 MiB; is the quote opened in line 2 never closed?"') | cmp - rejects/log.rejects.csv
	bill 2 report --rates rates.ini --rejects again rejects/log.rejects.csv
	err_has 'tokbill: 1 row read: 0 billed, 1 set aside, 0 skipped'
}

@test "a record of 1 MiB with CRLF is read wherever in the file it stands" {
	unit_rates
	# The reader takes 256 KiB at once: here the line end is cut in two between CR and LF.
	local before
	for before in 262143 262144 262142 262141; do
		(wide_header &&
			yes '' | head -c $((before - $(wide_header | wc -c))) && record_of 1048576 && printf '\r\n') >log.csv
		bill 0 report --rates rates.ini log.csv
		expect_rows 2026-04-01,m,1,1,3.00
	done
}

@test "a record of 1 MiB at the end of a file without line end" {
	unit_rates
	(wide_header && record_of 1048576) >log.csv
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	(wide_header && record_of 1048577) >log.csv
	bill 2 report --rates rates.ini --rejects rejects log.csv
	err_has 'tokbill: 1 row read: 0 billed, 1 set aside, 0 skipped'
	bill 65 report --rates rates.ini log.csv
}

@test "a record over several lines counts as a whole" {
	unit_rates
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,"' && yes 0123456789 | head -n 5957 && echo '"' &&
		echo 2026-04-01,m,1,1,) >log.csv
	bill 0 report --rates rates.ini log.csv
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,"' && yes 0123456789 | head -n 100000 && echo '"' &&
		echo 2026-04-01,m,x,1,) >log.csv
	bill 65 report --rates rates.ini log.csv
	grep ^log.csv "$ERR" | diff - <(cat <<-'END'
	log.csv:2: record longer than 1 MiB; is the quote opened in line 2 never closed?
	log.csv:100003: input_tokens: 'x': not a whole number in plain digits
	END
	)
}

@test "a long record ends where it ends: CRLF, and quotes doubled in it" {
	unit_rates
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,"' && yes 'a ""quoted"", word' | head -n 100000 | tr '\n' '\r' |
		sed 's/\r/\r\n/g' && printf '"\r\n2026-04-01,m,1,1,\r\n') >log.csv
	bill 2 report --rates rates.ini --rejects rejects log.csv
	expect_rows 2026-04-01,m,1,1,3.00
	# The log without its last row is the rejects without what was appended.
	sed '1s/,reject_line,reject_reason//; $s/,2,"record longer.*"/'"$(printf '\r')/" rejects/log.rejects.csv | tr -d '\r' |
		cmp - <(head -n -1 log.csv | tr -d '\r')
	tail -c 2 rejects/log.rejects.csv | cmp - <(printf '\r\n')
}

@test "a field of 64 KiB is read, one byte more is refused" {
	unit_rates
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,' && xs 65536 && echo) >log.csv
	bill 0 report --rates rates.ini log.csv
	bill 0 report --rates rates.ini --by x log.csv
	tail -n 1 "$OUT" | cut -d, -f1 | cmp - <(xs 65536 && echo)
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,' && xs 65537 && echo) >log.csv
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'log.csv:2: x: '
	has_text "$ERR" ': field longer than 64 KiB'
	# Quotes do not count, what they hold does.
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,"' && xs 65535 && echo '"""') >log.csv
	bill 0 report --rates rates.ini log.csv
	(echo "$SHORT,x" && printf '2026-04-01,m,1,1,"' && xs 65536 && echo '"""') >log.csv
	bill 65 report --rates rates.ini log.csv
}

@test "a header of 1,024 columns is read, one more is refused" {
	unit_rates
	(printf '%s' "$SHORT" && printf ',c%d' {1..1020} && printf '\n2026-04-01,m,1,1' &&
		printf ',%d' {1..1020} && echo) >log.csv
	bill 0 report --rates rates.ini --by c1020 log.csv
	tail -n 1 "$OUT" | cut -d, -f1,2 | diff - <(echo 1020,1)
	(printf '%s' "$SHORT" && printf ',c%d' {1..1021} && echo) >log.csv
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'more than 1024 columns'
	err_has 'tokbill: log.csv: the header cannot be used'
	# In a row.
	(echo "$SHORT" && xs 1025 | sed 's/x/,/g' && echo) >log.csv
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'log.csv:2: '
	has_text "$ERR" '1026 fields, but the header has 4'
}

@test "a million columns in a row" {
	unit_rates
	(echo "$SHORT" && yes | head -n 1000000 | tr -d 'y' | tr '\n' ',' && echo) >log.csv
	bill 65 report --rates rates.ini log.csv
	has_text "$ERR" 'more than 1024 columns'
}

@test "a header longer than 1 MiB" {
	unit_rates
	(printf '"' && yes | head -n 1000000) >log.csv
	bill 65 report --rates rates.ini log.csv
	err <<-'END'
	log.csv:1: the header is longer than 1 MiB
	tokbill: log.csv: the header cannot be used
	END
}

# ---- numbers ----

@test "2^63-1 tokens in a row, exactly" {
	printf '[m]\ninput = 0.123456789\noutput = 1\n' >rates.ini
	log 2026-04-01,m,9223372036854775807,0 2026-04-02,m,0,9223372036854775807
	bill 0 report --rates rates.ini log.csv
	expect_rows "2026-04-01,m,9223372036854775807,0,$(bc <<<'scale = 15; 9223372036854775807 * 0.123456789 / 1000000')" \
		2026-04-02,m,0,9223372036854775807,9223372036854.775807
	log 2026-04-01,m,0009223372036854775,0
	bill 0 report --rates rates.ini log.csv
	bill 0 report --rates rates.ini -f json log.csv
	has_text "$OUT" '"input_tokens": 9223372036854775,'
}

@test "sums past 2^64, exactly" {
	printf '[m]\ninput = 0.987654321\noutput = 0.000000001\nbatch_discount = 33.33%%\n' >rates.ini
	log_with "$SHORT,batch,requests" \
		2026-04-01,m,9223372036854775807,9223372036854775807,no,9223372036854775807 \
		2026-04-01,m,9223372036854775807,9223372036854775807,no,9223372036854775807 \
		2026-04-01,m,9223372036854775807,9223372036854775806,yes,9223372036854775807
	bill 0 report --rates rates.ini log.csv
	cp "$OUT" report
	tail -n 1 report | diff - <(python3 - <<-'END'
	from fractions import Fraction as F
	big = 2**63 - 1
	def text(amount):
	    units = amount * 10**19
	    assert units.denominator == 1
	    whole, rest = divmod(int(units), 10**19)
	    rest = f"{rest:019d}".rstrip("0")
	    return f"{whole}.{rest:0<2}"
	price_in, price_out = F("0.987654321") / 10**6, F("0.000000001") / 10**6
	listed = 3 * big * price_in + (3 * big - 1) * price_out
	saved = F("0.3333") * (big * price_in + (big - 1) * price_out)
	print("2026-04-01,m", 3 * big, 3 * big, 0, 0, 3 * big - 1, 2 * big - 1,
	      text(listed), "0.00", text(saved), "0.00", text(listed - saved), "USD", sep=",")
	END
	)
	bill 0 report --rates rates.ini -f table log.csv
	has_text "$OUT" 27,670,116,110,564,327,421
	bill 0 report --rates rates.ini -f json log.csv
	has_text "$OUT" '"input_tokens": 27670116110564327421,'
}

@test "many small rows sum up exactly" {
	printf '[m]\ninput = 0.000000001\noutput = 0.1\n' >rates.ini
	(echo "$SHORT" && yes 2026-04-01,m,1,3 | head -n 100000) >log.csv
	bill 0 report --rates rates.ini log.csv
	expect_rows "2026-04-01,m,100000,300000,0.0300000001"
}

@test "amounts of many digits before and after the point are exact" {
	printf '[m]\ninput = 1000000000\noutput = 0\n' >rates.ini
	log 2026-04-01,m,9223372036854775807,0 2026-04-01,m,9223372036854775807,0
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,18446744073709551614,0,18446744073709551614000.00
	printf '[m]\ninput = 999999999.999999999999\noutput = 0\nbatch_discount = 33.33%%\n' >rates.ini
	log_with timestamp,model,input_tokens,output_tokens,batch 2026-04-01,m,9223372036854775807,0,true
	# 9223372036854775807 x (10^21 - 1) x 6667 x 10^-22
	bill 0 report --rates rates.ini log.csv
	expect_rows 2026-04-01,m,9223372036854775807,0,6149222136971079030520.7507778630289209694731
	bill 0 report --rates rates.ini --round 1 log.csv
	expect_rows 2026-04-01,m,9223372036854775807,0,6149222136971079030520.80
}
