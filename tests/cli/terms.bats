#!/usr/bin/env bats
# The terms of a price beside tier and context: peak hours, regions, fees (contract section 2).
# Figures are worked out by hand in the comments.

load helpers

# One input token costs 1.00, one output token 2.00; twice as much in peak hours.
PEAK='[m]
input = 1000000
output = 2000000
peak_multiplier = 2'

# The rates above with these hours, and what else stands in the section.
peak_rates() { # HOURS [LINE]...
	printf '%s\n' "$PEAK" "peak_hours = $1" "${@:2}" >r.ini
}

# One input token costs this at these times: 1.00, or 2.00 in peak hours.
costs_at() { # COST TIME...
	local cost=$1 time
	shift
	for time in "$@"; do
		log "$time,m,1,0"
		bill 0 report --rates r.ini log.csv
		[ "$(tail -n 1 "$OUT" | cut -d, -f13)" = "$cost" ] && continue
		echo "$time:" && cat "$OUT"
		return 1
	done
}

# The amounts of a report with one row.
amounts() { # LIST,CACHE,BATCH,TIER,COST
	bill 0 report --rates r.ini log.csv
	tail -n 1 "$OUT" | cut -d, -f9-13 | diff - <(echo "$1")
}

# A rate file with these lines behind input and output has these problems, and exit 78.
refused() { # LINES PROBLEM...
	local lines=$1
	shift
	printf '[m]\ninput = 1\noutput = 2\n%s\n' "$lines" >r.ini
	log 2026-04-01,m,1,1
	bill 78 report --rates r.ini log.csv
	no_out
	(printf '%s\n' "$@" && echo 'tokbill: the rates cannot be used') | err
}

# ---- peak hours ----

@test "peak hours are half-open, and stand on the clock of their zone" {
	local zone
	# 2026-08-17 was a Monday.
	for zone in Asia/Shanghai +08:00; do
		peak_rates "Mon-Fri 09:00-12:00,14:00-18:00 $zone"
		costs_at 1.00 2026-08-17T00:59:59.999Z 2026-08-17T04:00:00Z 2026-08-17T05:59:59Z \
			2026-08-17T10:00:00Z 2026-08-17T18:00:00+08:00
		costs_at 2.00 2026-08-17T01:00:00Z 2026-08-17T03:59:59.999Z 2026-08-17T06:00:00Z \
			2026-08-17T09:59:59Z '2026-08-17 09:00:00+08:00' 1786928400 1786928400000
		costs_at 1.00 2026-08-22T02:00:00Z 2026-08-23T07:00:00Z # a weekend
		costs_at 2.00 2026-08-21T02:00:00Z 2026-08-24T02:00:00Z # the Friday before, the Monday after
	done
}

@test "weekdays are those of the zone" {
	peak_rates 'Mon 00:00-01:00 Asia/Shanghai'
	costs_at 2.00 2026-08-16T16:00:00Z 2026-08-16T16:59:59Z # still a Sunday in UTC
	costs_at 1.00 2026-08-16T15:59:59Z 2026-08-16T17:00:00Z 2026-08-17T16:30:00Z
	peak_rates 'Sun 23:00-24:00 America/New_York'
	costs_at 2.00 2026-08-17T03:00:00Z 2026-08-17T03:59:59Z
	costs_at 1.00 2026-08-17T02:59:59Z 2026-08-17T04:00:00Z 2026-08-16T03:30:00Z
}

@test "peak hours move with the clocks of their zone" {
	peak_rates '10:00-11:00 Europe/Berlin'
	costs_at 2.00 2026-03-28T09:30:00Z 2026-03-29T08:30:00Z 2026-10-24T08:30:00Z 2026-10-25T09:30:00Z
	costs_at 1.00 2026-03-28T08:30:00Z 2026-03-29T09:30:00Z 2026-10-25T08:30:00Z
}

@test "days: all when none is named, single ones, ranges, over the end of the week, in any case" {
	peak_rates '10:00-11:00 UTC'
	costs_at 2.00 2026-08-17T10:00:00Z 2026-08-22T10:00:00Z 2026-08-23T10:00:00Z
	peak_rates 'Mon,wed-THU 10:00-11:00 UTC'
	costs_at 2.00 2026-08-17T10:00:00Z 2026-08-19T10:00:00Z 2026-08-20T10:00:00Z
	costs_at 1.00 2026-08-18T10:00:00Z 2026-08-21T10:00:00Z
	peak_rates 'Sat-Mon 10:00-11:00 UTC'
	costs_at 2.00 2026-08-17T10:00:00Z 2026-08-22T10:00:00Z 2026-08-23T10:00:00Z
	costs_at 1.00 2026-08-18T10:00:00Z 2026-08-21T10:00:00Z
}

@test "neither TZ nor --tz nor the day of the report decides what is a peak hour" {
	peak_rates 'Mon-Fri 09:00-12:00 Asia/Shanghai'
	log 2026-08-17T00:59:59Z,m,1,0 2026-08-17T01:00:00Z,m,2,0 2026-08-21T03:59:59Z,m,4,0 2026-08-21T16:30:00Z,m,8,0
	bill 0 report --rates r.ini --by model log.csv
	cp "$OUT" utc # 1 + 2*2 + 4*2 + 8
	tail -n 1 utc | diff - <(echo m,4,15,0,0,0,0,21.00,0.00,0.00,0.00,21.00,USD)
	for zone in Pacific/Kiritimati America/Los_Angeles Asia/Shanghai :/nowhere; do
		TZ=$zone bill 0 report --rates r.ini --by model log.csv
		diff utc "$OUT"
		TZ=$zone bill 0 report --rates r.ini --by model --tz America/New_York log.csv
		diff utc "$OUT"
	done
}

@test "a date alone has the price of its 00:00 UTC, and the run says so" {
	peak_rates '07:00-09:00 +08:00' # 23:00 to 01:00 UTC
	log 2026-08-17,m,1,0 2026-08-17T12:00:00Z,m,1,0 2026-08-18,m,1,0
	bill 0 report --rates r.ini --by model log.csv
	tail -n 1 "$OUT" | cut -d, -f12 | diff - <(echo 5.00)
	err_has 'tokbill: 2 rows are of a day, or of several requests: their first second decided the peak-hour price'
	# It is that day in every zone, and its price that of 00:00 UTC there too.
	bill 0 report --rates r.ini --tz Asia/Tokyo --log-tz Asia/Tokyo log.csv
	expect_rows 2026-08-17,m,2,0,3.00 2026-08-18,m,1,0,2.00
	# Nothing is said where the price is the same at all hours.
	unit_rates
	bill 0 report --rates rates.ini log.csv
	lacks_text "$ERR" 'date alone'
}

@test "in peak hours: the explicit price, else the multiple of the tier's own, else the discount" {
	peak_rates '00:00-24:00 UTC' 'peak_output = 3000000' 'batch_input = 900000' 'batch_discount = 50%' \
		'flex_input = 700000' 'flex_output = 600000' 'flex_peak_input = 100000' 'priority_discount = 0%'
	log_with "$SHORT,service_tier" 2026-08-17,m,1,1,
	amounts 5.00,0.00,0.00,0.00,5.00 # input 2 * 1, output 3
	log_with "$SHORT,service_tier" 2026-08-17,m,1,1,batch
	amounts 5.00,0.00,1.70,0.00,3.30 # input 2 * 0.9, output half of 3
	log_with "$SHORT,service_tier" 2026-08-17,m,1,1,flex
	amounts 5.00,0.00,0.00,3.70,1.30 # input 0.1, output 2 * 0.6
	log_with "$SHORT,service_tier" 2026-08-17,m,1,1,priority
	amounts 5.00,0.00,0.00,0.00,5.00
}

@test "explicit peak prices do without a multiplier" {
	printf '[m]\ninput = 1000000\noutput = 2000000\npeak_hours = 00:00-24:00 UTC\npeak_input = 4000000\npeak_output = 5000000\n' >r.ini
	log 2026-08-17,m,1,1
	amounts 9.00,0.00,0.00,0.00,9.00
}

@test "reasoning in peak hours: its own price there, its multiple, else output" {
	local row=2026-08-17,m,0,3,1
	peak_rates '00:00-24:00 UTC' 'reasoning = 7000000'
	log_with "$SHORT,reasoning_tokens" $row
	amounts 22.00,0.00,0.00,0.00,22.00 # 2 * 2 * 2 + 2 * 7
	peak_rates '00:00-24:00 UTC' 'reasoning = 7000000' 'peak_reasoning = 1000000'
	amounts 9.00,0.00,0.00,0.00,9.00
	peak_rates '00:00-24:00 UTC' 'peak_output = 5000000'
	amounts 15.00,0.00,0.00,0.00,15.00
	peak_rates '00:00-24:00 UTC' 'batch_discount = 50%' 'batch_reasoning = 7000000'
	log_with "$SHORT,reasoning_tokens,batch" $row,1
	amounts 12.00,0.00,-6.00,0.00,18.00 # 2 * 4 / 2 + 2 * 7; listed 3 * 4
}

@test "a price that is unpublished is so in peak hours too" {
	peak_rates '00:00-24:00 UTC'
	log_with "$SHORT,cached_tokens,batch" 2026-08-17,m,5,0,5, 2026-08-17,m,5,0,,1
	bill 65 report --rates r.ini log.csv
	err_has "log.csv:2: model: 'm': unpriced: [m] (r.ini:1) has no standard price for peak_cached_read, and 5 tokens need it" \
		"log.csv:3: model: 'm': unpriced: [m] (r.ini:1) has no batch price for peak_input, and 5 tokens need it"
}

# ---- regions ----

@test "an uplift raises list price and cost of tokens in its region, letters in either case" {
	printf '%s\ncached_read = 100000\nbatch_discount = 50%%\nuplift_us = 10%%\nuplift_eu-West-1 = 25%%\n' "$UNIT_RATES" >r.ini
	log_with "$SHORT,cached_tokens,batch,region" 2026-04-01,m,10,10,5,,us
	amounts 33.00,4.95,0.00,0.00,28.05 # 1.1 * (30, 5 * 0.9, 5 * 1 + 5 * 0.1 + 20)
	log_with "$SHORT,cached_tokens,batch,region" 2026-04-01,m,10,10,5,,EU-WEST-1
	amounts 37.50,5.625,0.00,0.00,31.875
	log_with "$SHORT,cached_tokens,batch,region" 2026-04-01,m,10,10,5,true,Us
	amounts 33.00,4.95,14.025,0.00,14.025
	for region in '' global not_available eu us-east ' us' usa; do
		log_with "$SHORT,cached_tokens,batch,region" "2026-04-01,m,10,10,5,,$region"
		amounts 30.00,4.50,0.00,0.00,25.50
	done
}

@test "regions are kept apart, and may be grouped by" {
	printf '%s\nuplift_us = 10%%\n' "$UNIT_RATES" >r.ini
	log_with "$SHORT,region" 2026-04-01,m,1,0,us 2026-04-01,m,1,0,US 2026-04-01,m,1,0,eu 2026-04-01,m,1,0,
	bill 0 report --rates r.ini --by region log.csv
	tail -n +2 "$OUT" | cut -d, -f1,12 | diff - <(printf '%s\n' ,1.00 US,1.10 eu,1.00 us,1.10)
	bill 0 report --rates r.ini log.csv
	expect_rows 2026-04-01,m,4,0,4.20
}

# ---- fees ----

@test "web searches cost the same in every tier, and save nothing" {
	printf '%s\nbatch_discount = 50%%\nflex_discount = 10%%\nuplift_us = 10%%\nweb_search = 10\n' "$UNIT_RATES" >r.ini
	log_with "$SHORT,service_tier,region,web_searches" 2026-04-01,m,10,0,,,3
	amounts 10.03,0.00,0.00,0.00,10.03
	log_with "$SHORT,service_tier,region,web_searches" 2026-04-01,m,10,0,batch,,3
	amounts 10.03,0.00,5.00,0.00,5.03
	log_with "$SHORT,service_tier,region,web_searches" 2026-04-01,m,10,0,flex,us,1
	amounts 11.01,0.00,0.00,1.10,9.91 # 11 for tokens in the US, 9.9 in flex; 0.01 for the search
	log_with "$SHORT,service_tier,region,web_searches" 2026-04-01,m,0,0,,,1000
	amounts 10.00,0.00,0.00,0.00,10.00
}

@test "web searches without a price are unpriced, and 0 is free" {
	unit_rates
	log_with "$SHORT,web_searches" 2026-04-01,m,1,0,2 2026-04-01,m,1,0, 2026-04-01,m,1,0,0
	bill 65 report --rates rates.ini log.csv
	err <<-'END'
	log.csv:2: model: 'm': unpriced: [m] (rates.ini:1) has no web_search price, and 2 searches need it
	tokbill: nothing was written; mend the rows, or set them aside with --rejects DIR
	END
	printf '%s\nweb_search = 0\n' "$UNIT_RATES" >r.ini
	amounts 3.00,0.00,0.00,0.00,3.00
}

@test "web searches that are no count" {
	printf '%s\nweb_search = 10\n' "$UNIT_RATES" >r.ini
	local what
	for what in -1 1.5 many 9223372036854775808; do
		log_with "$SHORT,web_searches" "2026-04-01,m,1,0,$what"
		bill 65 report --rates r.ini log.csv
		has_text "$ERR" "log.csv:2: web_searches: '$what': "
	done
	log_with "$SHORT,web_searches" 2026-04-01,m,0,0,9223372036854775807
	amounts 92233720368547758.07,0.00,0.00,0.00,92233720368547758.07
}

# ---- all at once ----

@test "long context, peak hours, batch, region and searches in one row" {
	cat >r.ini <<-'END'
	[m]
	input = 1.25
	cached_read = 0.125
	output = 10
	long_context_over = 200000
	long_input = 2.5
	long_cached_read = 0.25
	long_output = 15
	batch_discount = 50%
	peak_hours = Mon-Fri 09:00-12:00 Asia/Shanghai
	peak_multiplier = 1.5
	uplift_us = 10%
	web_search = 10
	END
	# A million tokens: input 2.5 * 1.5 * 1.1 = 4.125, cached 0.4125, output 24.75; batch half of each.
	# List 0.25 * 4.125 + 0.001 * 24.75 + 7 * 0.01 = 1.126; cached saves 0.05 * 3.7125 = 0.185625;
	# batch saves (0.2 * 4.125 + 0.05 * 0.4125 + 0.02475) / 2 = 0.4351875, and costs that and 0.07.
	log_with "$SHORT,cached_tokens,batch,region,web_searches" 2026-08-17T01:00:00Z,m,250000,1000,50000,true,us,7
	amounts 1.126,0.185625,0.4351875,0.00,0.5051875
	# The same, decided by the average of two requests, is not long: half of all token prices.
	log_with "$SHORT,cached_tokens,batch,region,web_searches,requests" 2026-08-17T01:00:00Z,m,250000,1000,50000,true,us,7,2
	amounts 0.602125,0.0928125,0.21965625,0.00,0.28965625 # output 10 * 1.5 * 1.1 = 16.5, not 12.375
}

@test "region and searches are part of what makes two rows one request" {
	printf '%s\nuplift_us = 10%%\nweb_search = 10\n' "$UNIT_RATES" >r.ini
	log_with "$SHORT,region,web_searches,request_id" 2026-04-01,m,1,0,us,1,r1 2026-04-01,m,1,0,us,1,r1
	amounts 1.11,0.00,0.00,0.00,1.11
	log_with "$SHORT,region,web_searches,request_id" 2026-04-01,m,1,0,us,1,r1 2026-04-01,m,1,0,eu,1,r1
	bill 65 report --rates r.ini log.csv
	log_with "$SHORT,region,web_searches,request_id" 2026-04-01,m,1,0,us,1,r1 2026-04-01,m,1,0,us,2,r1
	bill 65 report --rates r.ini log.csv
}

# ---- what a rate file may not say ----

@test "peak hours that are none" {
	local what shape='not hours of a week; write them like Mon-Fri 09:00-12:00,14:00-18:00 Asia/Shanghai'
	for what in weekdays '09:00-12:00' 'Mon-Fri 09:00-12:00' 'Mon-Fri UTC' 'Monday 09:00-12:00 UTC' \
		'Mon-Fri 9:00-12:00 UTC' '12:00-09:00 UTC' '22:00-02:00 UTC' '09:00-09:00 UTC' '09:00-24:01 UTC' \
		'09:60-12:00 UTC' 'Mon- 09:00-12:00 UTC' 'Mon, 09:00-12:00 UTC' '09:00-12:00, 14:00-18:00 UTC'; do
		refused "$(printf 'peak_multiplier = 2\npeak_hours = %s' "$what")" "r.ini:5: peak_hours: '$what': $shape"
	done
	for what in Asia/Shanghi +8:00 +24:00 CST ../../etc/passwd; do
		refused "$(printf 'peak_multiplier = 2\npeak_hours = 09:00-12:00 %s' "$what")" \
			"r.ini:5: peak_hours: '09:00-12:00 $what': ends with no time zone of this machine; names are like Asia/Shanghai or +08:00 (package tzdata)"
	done
}

@test "peak prices need peak hours, and peak hours need prices" {
	refused 'peak_input = 4' 'r.ini:4: peak_input without peak_hours'
	refused 'batch_peak_input = 4' 'r.ini:4: batch_peak_input without peak_hours'
	refused 'peak_multiplier = 2' 'r.ini:4: peak_multiplier without peak_hours'
	refused 'peak_hours = 09:00-12:00 UTC' \
		'r.ini:1: [m]: peak_input is missing, though the section has peak_hours, prices the meter, and gives no peak_multiplier' \
		'r.ini:1: [m]: peak_output is missing, though the section has peak_hours, prices the meter, and gives no peak_multiplier'
	refused "$(printf 'peak_multiplier = 2\npeak_hours = 09:00-12:00 UTC\npeak_long_input = 4')" \
		'r.ini:6: peak_long_input without long_context_over or long_context_from'
	refused 'peak_hour = 09:00-12:00 UTC' "r.ini:4: unknown key 'peak_hour'; did you mean 'peak_hours'?"
}

@test "multipliers and uplifts that are none" {
	local hours='peak_hours = 09:00-12:00 UTC'
	refused "$(printf '%s\npeak_multiplier = x2' "$hours")" \
		"r.ini:5: peak_multiplier: 'x2': not a multiplier such as 2 or 1.25"
	refused "$(printf '%s\npeak_multiplier = 200%%' "$hours")" \
		"r.ini:5: peak_multiplier: '200%': not a multiplier such as 2 or 1.25"
	refused "$(printf '%s\npeak_multiplier = 1.125' "$hours")" "r.ini:5: peak_multiplier: '1.125': more than 2 decimals"
	refused 'uplift_us = 1.1' "r.ini:4: uplift_us: '1.1': not a percentage; write it like 50%"
	refused 'uplift_us = 10.125%' "r.ini:4: uplift_us: '10.125%': more than 2 decimals of a percent"
	refused 'uplift_us = 101%' "r.ini:4: uplift_us: '101%': more than 100%"
	refused 'uplift_ = 10%' "r.ini:4: uplift_: '10%': a region is missing; write it like uplift_us"
	refused "$(printf 'uplift_us = 10%%\nuplift_US = 10%%')" \
		"r.ini:5: uplift_US: '10%': the region has an uplift in this section already"
}

@test "fees that are none" {
	refused 'web_search = input' "r.ini:4: web_search: 'input': a fee and a price of tokens differ"
	refused 'cached_read = web_search' "r.ini:4: cached_read: 'web_search': a fee and a price of tokens differ"
	refused 'batch_web_search = 5' "r.ini:4: unknown key 'batch_web_search'; \`man tokbill\` lists the keys of a rate file"
	refused 'web_search = $10' "r.ini:4: web_search: '\$10': not a plain decimal such as 0.15"
}

@test "a multiplier, a discount and an uplift on a price of 12 decimals are exact" {
	# A million cached reads at 0.000000000001 x 1.01 x (1 - 0.3333) x 1.1234.
	printf '%s\n' '[m]' 'input = 1' 'output = 2' 'cached_read = 0.000000000001' 'uplift_us = 12.34%' \
		'peak_hours = 09:00-12:00 UTC' 'peak_multiplier = 1.01' 'batch_discount = 33.33%' >r.ini
	log_with timestamp,model,input_tokens,output_tokens,cached_tokens,batch,region \
		2026-04-01T10:00:00Z,m,1000000,0,1000000,true,us
	bill 0 report --rates r.ini log.csv
	expect_rows 2026-04-01,m,1000000,0,0.0000000000007564604878
}

# ---- the built-in rates ----

@test "DeepSeek: the new prices begin at an instant, in peak hours they double" {
	# 0.4 million not cached, 0.6 million cached, 0.1 million output. Until then 0.4 * 0.435 +
	# 0.6 * 0.003625 + 0.1 * 0.87 = 0.263175; then 0.4 * 0.66 + 0.6 * 0.022 + 0.1 * 1.98 = 0.4752.
	set -- deepseek-v4-pro,1000000,600000,100000
	log_with timestamp,model,input_tokens,cached_tokens,output_tokens \
		"2026-08-16T15:59:59Z,$1" "2026-08-16T16:00:00Z,$1" "2026-08-17T00:59:59Z,$1" \
		"2026-08-17T01:00:00Z,$1" "2026-08-17T04:00:00Z,$1" "2026-08-22T02:00:00Z,$1" \
		"2026-08-23T02:00:00Z,$1" "2026-08-24T02:00:00Z,$1" "2026-08-29T02:00:00Z,$1"
	bill 0 report --by timestamp log.csv
	# The first weekend has peak hours on its Saturday: the rule without them began that midnight.
	tail -n +2 "$OUT" | cut -d, -f1,12 | diff - <(cat <<-'END'
	2026-08-16T15:59:59Z,0.263175
	2026-08-16T16:00:00Z,0.4752
	2026-08-17T00:59:59Z,0.4752
	2026-08-17T01:00:00Z,0.9504
	2026-08-17T04:00:00Z,0.4752
	2026-08-22T02:00:00Z,0.9504
	2026-08-23T02:00:00Z,0.4752
	2026-08-24T02:00:00Z,0.9504
	2026-08-29T02:00:00Z,0.4752
	END
	)
}

@test "DeepSeek: the nights of 2025, and a retired name of today" {
	# 40,000 input, 60,000 cached, 10,000 output: 0.27/0.07/1.10, half at night; since
	# 2025-09-05T16:00Z at all hours; 0.28/0.028/0.42 since 2025-09-29; as deepseek-flash now.
	local when costs=''
	for when in 2025-02-26T16:29:59Z 2025-06-01T12:00:00Z 2025-06-01T20:00:00Z \
		2025-06-02T00:30:00Z 2025-09-05T16:30:00Z 2025-09-29T00:00:00Z \
		2026-11-27T06:30:00Z 2026-11-27T20:00:00Z; do
		printf '%s\n' time,model,input_tokens,cached_tokens,output_tokens \
			"$when,deepseek-chat,100000,60000,10000" >log.csv
		bill 0 report log.csv
		costs+=" $(tail -n 1 "$OUT" | cut -d, -f13)"
	done
	[ "$costs" = ' 0.026 0.026 0.013 0.026 0.026 0.01708 0.02436 0.01218' ]
}

@test "DeepSeek: dates alone are priced as at 00:00 UTC, which is no peak hour" {
	# 2026-08-16T00:00:00Z is before the new prices; 1 million input, 1 million output.
	log 2026-08-16,deepseek-v4-flash,1000000,1000000 2026-08-17,deepseek-v4-flash,1000000,1000000
	bill 0 report log.csv
	expect_rows 2026-08-16,deepseek-v4-flash,1000000,1000000,0.42 2026-08-17,deepseek-v4-flash,1000000,1000000,0.88
	err_has 'tokbill: 1 row is of a day, or of several requests: its first second decided the peak-hour price'
}

@test "a row of more input than the context window sums requests, and is not long by its sum" {
	cat >rates.ini <<-'END'
		[q]
		context_window = 1000000
		input = 1
		output = 4
		long_context_over = 200000
		long_input = 3
		long_output = 12
	END
	local why='1 row has more input than the context window of its model: it sums requests, and is billed without the long-context price; a column for requests or context decides'
	# 9 million at 1 and 0.1 million at 4.
	log 2026-08-19,q,9000000,100000
	bill 0 report -q --rates rates.ini log.csv
	expect_rows 2026-08-19,q,9000000,100000,9.40
	echo "tokbill: $why" | err
	bill 65 report -q --strict --rates rates.ini log.csv
	has_text "$ERR" "$why"
	# What fits the window is one request; the average of several decides.
	log 2026-08-19,q,1000000,100000
	bill 0 report -q --strict --rates rates.ini log.csv
	expect_rows 2026-08-19,q,1000000,100000,4.20
	log_with "$SHORT,requests" 2026-08-19,q,9000000,100000,300
	bill 0 report -q --rates rates.ini log.csv
	expect_rows 2026-08-19,q,9000000,100000,9.40
	log_with "$SHORT,context" 2026-08-19,q,9000000,100000,long
	bill 0 report -q --strict --rates rates.ini log.csv
	expect_rows 2026-08-19,q,9000000,100000,28.20
}

@test "the built-in rates load on a machine without time zone files" {
	log 2026-08-17T01:00:00Z,deepseek-v4-flash,1000000,0
	unshare -rm mount -t tmpfs none /usr/share/zoneinfo 2>/dev/null || skip "no namespaces to be had here"
	unshare -rm sh -c 'mount -t tmpfs none /usr/share/zoneinfo && "$@"' sh "$TOKBILL" report log.csv >"$OUT"
	expect_rows 2026-08-17,deepseek-v4-flash,1000000,0,0.44
}
