#!/usr/bin/env bats
# tokbill rates audit: the price book beside other lists.

load helpers

HEADER=model,provider,from,price,book

# A book, and two lists that agree with it: one of LiteLLM's shape, one a rate file.
lists() { # -> book.ini, one.json, two.ini
	cat >book.ini <<-'END'
		[m]
		provider = xai
		aliases = m-alias
		input = 1
		cached_read = 0.10
		output = 2
		batch_discount = 50%
		verified = 2026-11-20
	END
	cat >one.json <<-'END'
		{"xai/m": {"litellm_provider": "xai", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
		  "input_cost_per_token_batches": 5e-07}}
	END
	printf '%s\n' '[other]' 'aliases = m-alias' 'input = 1' 'cached_read = 0.1' 'output = 2' >two.ini
}

audit() { # CODE ARG...: as of a fixed day
	local code=$1
	shift
	bill "$code" rates audit -f csv --rates book.ini --as-of 2026-11-20 "$@"
}

@test "audit: nothing to say where the lists agree" {
	lists
	audit 0 one.json two.ini
	out <<<"$HEADER,one,two,status,verified,reason"
	echo 'tokbill: 4 prices agree; 0 disagree, 0 missing, 0 announced; 0 accepted; 0 in one list alone, 2 in none; 0 models in no list' | err
	audit 0 -q --all one.json two.ini
	no_err
	out <<-END
		$HEADER,one,two,status,verified,reason
		m,xai,,input,1.00,1.00,1.00,agrees,2026-11-20,
		m,xai,,cached_read,0.10,,0.10,agrees,2026-11-20,
		m,xai,,output,2.00,2.00,2.00,agrees,2026-11-20,
		m,xai,,batch_input,0.50,0.50,,agrees,2026-11-20,
		m,xai,,batch_cached_read,0.05,,,unlisted,2026-11-20,
		m,xai,,batch_output,1.00,,,unlisted,2026-11-20,
	END
}

@test "audit: who says what, of which price, and exit code 1" {
	lists
	sed -i 's/^output = 2/output = 3/' two.ini
	audit 1 -q one.json two.ini
	out <<-END
		$HEADER,one,two,status,verified,reason
		m,xai,,output,2.00,2.00,3.00,disagrees,2026-11-20,
	END
	bill 1 rates audit -q --rates book.ini --as-of 2026-11-20 -o found.json one.json two.ini
	python3 -c 'import json; assert json.load(open("found.json"))[0]["two"] == "3.00"'
}

@test "audit: a price that is missing counts where two lists agree on it, or there is one list" {
	lists
	printf 'priority_input = 2\n' >>two.ini
	audit 0 -q one.json two.ini
	audit 1 -q two.ini
	out <<-END
		$HEADER,two,status,verified,reason
		m,xai,,priority_input,,2.00,missing,2026-11-20,
	END
	sed 's/"input_cost_per_token_batches"/"input_cost_per_token_priority": 2e-06, &/' one.json >both.json
	audit 1 -q both.json two.ini
	grep -qx 'm,xai,,priority_input,,2.00,2.00,missing,2026-11-20,' "$OUT"
	sed 's/"input_cost_per_token_batches"/"input_cost_per_token_priority": 3e-06, &/' one.json >other.json
	audit 0 other.json two.ini
	err_has 'tokbill: 4 prices agree; 0 disagree, 0 missing, 0 announced; 0 accepted; 1 in one list alone, 2 in none; 0 models in no list'
}

@test "audit: what a list has for a later day" {
	lists
	printf '%s\n' '[other @ 2026-12-01]' 'input = 2' 'cached_read = 0.1' 'output = 2' >>two.ini
	audit 1 -q one.json two.ini
	out <<-END
		$HEADER,one,two,status,verified,reason
		m,xai,2026-12-01,input,1.00,,2.00,announced,2026-11-20,
	END
	printf '%s\n' '[m @ 2026-12-01]' 'input = 2' 'cached_read = 0.1' 'output = 2' >>book.ini
	audit 0 -q one.json two.ini
}

@test "audit: a model of another seller is another model" {
	lists
	sed -i 's/other/m/; s/^aliases.*/provider = elsewhere/; s/^input = 1/input = 9/' two.ini
	audit 0 two.ini
	err_has 'tokbill: 0 prices agree; 0 disagree, 0 missing, 0 announced; 0 accepted; 0 in one list alone, 0 in none; 1 models in no list'
	audit 0 -q --all two.ini
	grep -qx 'm,xai,,,,,unknown,2026-11-20,' "$OUT"
}

@test "audit: accepted differences, and those that are none any more" {
	lists
	sed -i 's/^output = 2/output = 3/' two.ini
	printf '%s\n' '[m]' 'output = a known error there' >accepted.ini
	audit 0 --accept accepted.ini one.json two.ini
	err_has 'tokbill: 3 prices agree; 0 disagree, 0 missing, 0 announced; 1 accepted; 0 in one list alone, 2 in none; 0 models in no list'
	audit 0 -q --all --accept accepted.ini one.json two.ini
	grep -qx 'm,xai,,output,2.00,2.00,3.00,disagrees,2026-11-20,a known error there' "$OUT"
	printf '%s\n' '[?]' '* = everything' >accepted.ini
	audit 0 -q --accept accepted.ini one.json two.ini
	printf '%s\n' '[m]' 'output = known' 'input = gone' >accepted.ini
	audit 1 -q --accept accepted.ini one.json two.ini
	echo 'tokbill: accepted.ini:3: [m] input: is no difference any more; take the line out' | err
}

@test "audit: the command line, and lists that are none" {
	lists
	audit 64
	audit 64 two.ini two.ini
	err_has 'tokbill: two.ini: another list is called two too'
	audit 64 -o two.ini two.ini
	audit 66 nosuch.ini
	audit 66 --accept nosuch.ini two.ini
	echo '[m' >bad.ini
	audit 78 bad.ini
	echo '{"data": []}' >api.json
	audit 65 api.json
	printf '%s\n' 'no section' >accepted.ini
	audit 78 --accept accepted.ini two.ini
	no_out
}

@test "audit: the accepted differences of the built-in rates can be read" {
	lists
	bill 1 rates audit -q -f csv --as-of 2026-11-20 --accept "$ROOT/tests/audit/accepted.ini" two.ini
	err_has "tokbill: $ROOT/tests/audit/accepted.ini:5: [gemini-*] web_search: is no difference any more; take the line out"
}
