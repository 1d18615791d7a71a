#!/usr/bin/env bats
# tokbill rates diff: what two price lists have each its own way.

load helpers

books() { # -> old.ini, new.ini
	cat >old.ini <<-'END'
		[m]
		aliases = x y
		input = 3
		output = 2
		batch_discount = 50%
		[gone]
		input = 1
		output = 2
		reasoning = 3
		[same]
		input = 1
		output = 1
		batch_discount = 50%
	END
	cat >new.ini <<-'END'
		[m]
		aliases = y =z
		input = 3
		output = 2
		[m @ 2026-09-01]
		input = 1
		output = 2
		long_context_over = 5
		long_input = 1.5
		long_output = 4
		uplift_us = 10%
		web_search = 10
		[m @ 2026-10-01T12:00:00Z]
		input = 1
		output = 0
		[same]
		input = 1
		output = 1
		batch_input = 0.5
		batch_output = 0.50
		note = facts make no difference
		[same @ 2026-01-01]
		input = 1.00
		output = 1
		reasoning = 1
		batch_input = 0.5
		batch_output = 0.50
	END
}

@test "diff: what changed, appeared and vanished, and since when" {
	books
	bill 1 rates diff -f csv old.ini new.ini
	echo 'tokbill: 14 differences' | err
	out <<-'END'
		model,effective_from,effective_until,tier,context,meter,change,old,new,percent,currency
		gone,,,standard,base,input,vanished,1.00,,,USD
		gone,,,standard,base,output,vanished,2.00,,,USD
		gone,,,standard,base,reasoning,vanished,3.00,,,USD
		m,,,batch,base,input,vanished,1.50,,,USD
		m,,,batch,base,output,vanished,1.00,,,USD
		m,,,,,aliases,vanished,x,,,
		m,,,,,aliases,appeared,,'=z,,
		m,2026-09-01,,standard,base,input,changed,3.00,1.00,-66.67,USD
		m,2026-09-01,2026-10-01T12:00:00Z,standard,base,web_search,appeared,,10.00,,USD
		m,2026-09-01,2026-10-01T12:00:00Z,standard,long,input,appeared,,1.50,,USD
		m,2026-09-01,2026-10-01T12:00:00Z,standard,long,output,appeared,,4.00,,USD
		m,2026-09-01,,,,long_context_over,appeared,,5,,
		m,2026-09-01,,,,uplift_us,appeared,,10.00%,,
		m,2026-10-01T12:00:00Z,,standard,base,output,changed,2.00,0.00,-100,USD
	END
}

@test "diff: the table, and JSON" {
	books
	bill 1 rates diff -q -f table new.ini old.ini
	no_err
	out_has 'm      2026-09-01                                  standard  base     input              changed     1.00  3.00      200  USD'
	if grep -q ' $' "$OUT"; then return 1; fi
	bill 1 rates diff -q -o diff.json old.ini new.ini
	python3 -c 'import json
rows = json.load(open("diff.json"))
assert rows[7] == {"model": "m", "effective_from": "2026-09-01", "effective_until": None, "tier": "standard", "context": "base",
    "meter": "input", "change": "changed", "old": "3.00", "new": "1.00", "percent": "-66.67", "currency": "USD"}, rows[7]'
}

@test "diff: equal books, however they are written" {
	books
	bill 0 rates diff old.ini old.ini
	echo 'tokbill: 0 differences' | err
	bill 0 rates diff -q -f table old.ini old.ini
	echo 'No difference.' | out
	printf '[a]\ninput = 1\noutput = 2\nreasoning = output\n' >a.ini
	printf '; the same\n[a]\noutput = 2.0\ninput = 1\n[a @ 2026-01-01]\ninput = 1\noutput = 2\n' >b.ini
	bill 0 rates diff a.ini b.ini
	bill 0 rates diff b.ini a.ini
	bill 0 rates diff built-in built-in
}

@test "diff: another currency" {
	printf '[a]\ninput = 1\noutput = 2\n' >a.ini
	printf '[a]\ncurrency = EUR\ninput = 1\noutput = 2\n' >b.ini
	bill 1 rates diff -f csv a.ini b.ini
	has_text "$OUT" 'a,,,,,currency,changed,USD,EUR,,'
}

@test "diff: built-in on either side" {
	for file in "$ROOT"/rates/*.ini; do cat "$file"; echo; done >all.ini
	bill 0 rates diff built-in all.ini
	bill 0 rates diff all.ini built-in
	sed 's/^input *= 0.59/input = 0.60/' all.ini >other.ini
	bill 1 rates diff -q built-in other.ini
	has_text "$OUT" 'llama-3.3-70b-versatile,,,standard,base,input,changed,0.59,0.60,1.69,USD'
}

@test "diff: the command line" {
	books
	bill 64 rates diff old.ini
	echo 'tokbill: 1 rate file given; name two, of which one may be `built-in`' | err
	bill 64 rates diff old.ini new.ini old.ini
	bill 64 rates diff -o new.ini old.ini new.ini
	bill 78 rates diff old.ini nosuch.ini
	no_out
	printf '[m]\n' >bad.ini
	bill 78 rates diff bad.ini old.ini
	err_has 'bad.ini:1: [m]: input is missing; 0 means free, absent means unknown'
}
