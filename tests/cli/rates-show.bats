#!/usr/bin/env bats
# tokbill rates show: the card of a model.

load helpers

book() { # -> book.ini
	cat >book.ini <<-'END'
		[one]
		aliases        = uno eins
		provider       = maker
		name           = Model One
		input          = 2
		cached_read    = input
		output         = 10
		batch_discount = 50%
		batch_output   = 4
		web_search     = 10
		verified       = 2026-04-05
		note           = first note
		note           = second note
		source         = a page

		[one @ 2026-08-16T16:00:00Z]
		aliases           = uno
		input             = 1
		cached_read       = 0.3
		output            = 10
		long_context_from = 200000
		long_input        = 2
		long_cached_read  = 0.6
		long_output       = 20
		peak_hours        = Mon-Fri 09:00-12:00 +08:00
		peak_multiplier   = 2
		uplift_us         = 10%

		[two @ 2026-01-01]
		input     = 0
		output    = 1
		reasoning = 3
	END
}

@test "show: every fact of the seed card" {
	bill 0 rates show gpt-4o-mini --as-of 2026-11-22
	no_err
	tr -s ' \n' ' ' <"$OUT" >card
	for fact in 'GPT-4o mini' 'gpt-4o-mini (openai)' \
		'Low-cost vision-capable OpenAI model for high-volume chat and classification.' \
		'input 0.15' 'output 0.60' 'cached read 0.075' 'batch discount 50%' 'GPT-4o mini pricing' \
		'2026-04-05 (High)' 'modalities text image -> text' \
		'imageInput batchSupport promptCaching functionCalling structuredOutputs' \
		'Very low price, Good vision capability' 'Older 128K context window' \
		'MMLU 2024: 82.4 % (2024-07-01, source OpenAI, vendor-reported)' 'lifecycle active' \
		'released 2024-07-18' 'Current published model family snapshot.' \
		'OpenAI API (first-party, context 128.0K). Reference pricing. Prompt caching, Batch API' \
		'Lower-priced active OpenAI model with vision. Consider GPT-4.1 nano for 1M context.' \
		'replacement gpt-4.1-nano' 'family_added' 'Initial public model family launch.' \
		'GPT-4o mini release notes' 'https://openai.com/api/pricing' 'verified 2026-11-20 (high)' \
		'gpt-4o-mini-2024-07-18'; do
		has_text card "$fact"
	done
	# What is not known is not shown.
	lacks_text card deprecated
	lacks_text card shutdown
	awk 'length > 80 { print; exit 1 }' "$OUT"
	if grep -q ' $' "$OUT"; then return 1; fi
}

@test "show: the card before the price changed" {
	book
	bill 0 rates show --as-of 2026-08-16 eins book.ini
	no_err
	out <<-'END'
		Model One
		one (maker)

		Pricing (USD per 1,000,000 tokens)
		                        standard        batch
		  input                     2.00         1.00*
		  cached read               2.00         1.00*
		  output                   10.00         4.00
		  * worked out from another price
		  web search        10.00 per 1,000 searches
		  batch discount    50%
		  source            a page
		  verified          2026-04-05

		Other names
		  uno eins

		Notes
		  - first note
		  - second note

		Price history
		> from the beginning    a page
		                        input 2.00, cached read 2.00, output 10.00, web search
		                        10.00
		  2026-08-16T16:00:00Z  a page
		                        input 1.00 (-50%), cached read 0.30 (-85%), output 10.00
		  (standard prices; > is in force)
	END
}

@test "show: long context, peak hours and uplifts" {
	book
	bill 0 rates show --as-of 2026-08-17 one book.ini
	out_has '  in requests of >= 200000 input tokens:' \
		'  in peak hours, Mon-Fri 09:00-12:00 +08:00:' \
		'  in peak hours, Mon-Fri 09:00-12:00 +08:00, and in requests of >= 200000 input' \
		'  input                     2.00*' '  cached read               1.20*' \
		'  uplift us         10%' '  peak multiplier   2' \
		'  long context from 200000' '  uno'
	lacks_text "$OUT" 'batch  '
}

@test "show: an alias that no longer holds, a model that is yet to come" {
	book
	bill 0 rates show --as-of 2026-08-17 eins book.ini
	echo 'tokbill: eins: no longer, or not yet, a name of one then; its section must list it' | err
	bill 0 rates show --as-of 2025-12-31 two book.ini
	no_err
	out_has '  not yet           The first price holds from 2026-01-01 on.' \
		'  reasoning                 3.00' '  input                     0.00'
}

@test "show: no model, an unknown one" {
	book
	bill 64 rates show
	err_has 'tokbill: no model given; name one, such as gpt-4o-mini (`tokbill rates list` names them all)'
	bill 64 rates show unno book.ini
	no_out
	echo 'tokbill: unno: no such model in the rates; did you mean uno?' | err
	bill 64 rates show something-else book.ini
	echo 'tokbill: something-else: no such model in the rates; `tokbill rates list` names them' | err
	bill 64 rates show gpt-4o-mni
	err_has 'tokbill: gpt-4o-mni: no such model in the rates; did you mean gpt-4o-mini?'
}

@test "show: JSON and CSV" {
	book
	bill 0 rates show -f json --as-of 2026-08-17 uno book.ini
	python3 - "$OUT" <<-'END'
		import json, sys
		card = json.load(open(sys.argv[1]))
		assert card["model"] == "one" and card["provider"] == "maker" and card["name"] == "Model One"
		assert card["notes"] == ["first note", "second note"] and card["aliases"] == ["uno"]
		first, second = card["eras"]
		assert (first["effective_from"], first["effective_until"]) == (None, "2026-08-16T16:00:00Z")
		assert (first["in_force"], second["in_force"]) == (False, True)
		assert second["uplift_us"] == "10%" and first["batch_discount"] == "50%"
		price = {(p["tier"], p["context"], p["meter"]): p for p in first["prices"]}
		assert price["batch", "base", "input"] == {"tier": "batch", "context": "base", "meter": "input",
			"price": "1.00", "per": 1000000, "derived": True}
		assert price["batch", "base", "output"]["price"] == "4.00"
		assert not price["batch", "base", "output"]["derived"]
		assert price["standard", "base", "web_search"]["per"] == 1000
		price = {(p["tier"], p["context"], p["meter"]): p["price"] for p in second["prices"]}
		assert price["standard", "peak long", "output"] == "40.00"
	END
	bill 0 rates show -o two.csv two book.ini
	diff two.csv - <<-'END'
		model,effective_from,effective_until,tier,context,meter,price,derived,currency
		two,2026-01-01,,standard,base,input,0.00,no,USD
		two,2026-01-01,,standard,base,output,1.00,no,USD
		two,2026-01-01,,standard,base,reasoning,3.00,no,USD
	END
}

@test "show: as wide as the terminal, bold where it can be" {
	on_terminal 60 "'$TOKBILL' rates show gpt-4o-mini --as-of 2026-11-22"
	awk 'length > 60 && !/standard|input|output|read/ { print; exit 1 }' "$OUT"
	on_terminal 200 "TERM=xterm '$TOKBILL' rates show gpt-4o-mini --as-of 2026-11-22"
	grep -q $'\033\[1mNotes' "$OUT"
	awk 'length > 110 { print; exit 1 }' "$OUT"
}

@test "bash completes the names of models" {
	command -v compgen >/dev/null || skip "this bash has no completion"
	book
	"$TOKBILL" --generate bash >completion
	diff - <(PATH=${TOKBILL%/*}:$PATH TOKBILL_RATES=book.ini bash --norc -c '. ./completion; COMP_WORDS=(tokbill rates show u); COMP_CWORD=3; _tokbill; printf "%s\n" "${COMPREPLY[@]}"') <<<uno
}
