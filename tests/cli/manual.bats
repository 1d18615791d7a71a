#!/usr/bin/env bats
# The manual pages: complete, well-formed, and what they show runs.

load helpers
load blocks

# The files that the examples of the help texts speak of.
named_files() {
	local month=fixtures/month/usage-2026-08.csv
	mkdir logs
	cp $month usage.csv
	cp $month logs/a.csv
	cp fixtures/month/bad-rows.csv raw.csv
	gzip <$month >yesterday.csv.gz
	cp fixtures/formats/openrouter.csv activity.csv
	sed '1s/timestamp/when/; 1s/input_tokens/tok_in/' $month >own.csv
	cp examples/rates/negotiated.ini .
	cp examples/rates/usage.csv ours.csv
	cp examples/whatif/nano.ini offer.ini
	cp rates/groq.ini old.ini
	cp rates/mistral.ini new.ini
	printf '[mine]\naliases = my-name\ninput = 1\noutput = 2\n' >rates.ini
	cp fixtures/litellm/prices.json .
	mkdir docs
	printf '{"body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}}\n' >batch.jsonl
	printf 'What does this cost?\n' | tee prompt.md docs/a.md >docs/b.md
	cp fixtures/litellm/prices.json model_prices_and_context_window.json
}

# The page with its tables filled in, and the page that man reads.
manual() { # PAGE -> PAGE.md, PAGE
	"$TOKBILL" --generate page <"$ROOT/src/cli/man/$1.md" >"$1.md"
	awk -v version=test -f "$ROOT/src/cli/man/man.awk" "$1.md" >"$1"
}

pages() {
	local page
	for page in "$ROOT"/src/cli/man/*.md; do
		basename "$page" .md
	done
}

# "report", "rates", "rates list" ...
commands() {
	"$TOKBILL" --help | listed | grep -vx help | while read -r command; do
		echo "$command"
		"$TOKBILL" "$command" --help | listed | sed "s/^/$command /"
	done
}

listed() { sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'; }

@test "every example runs and prints what is shown" {
	local page
	for page in $(pages); do
		mkdir "$BATS_TEST_TMPDIR/work/$page"
		cd "$BATS_TEST_TMPDIR/work/$page"
		repository
		named_files
		manual "$page"
		run_document "$page.md"
	done
}

@test "each command has a page, with all its options, and its help names it" {
	local command page option
	commands >list
	[ "$(wc -l <list)" -ge 10 ]
	while read -r command; do
		page=tokbill-${command// /-}
		manual "$page.1"
		# shellcheck disable=SC2086 # the words of a sub-command
		"$TOKBILL" $command --help >help
		has_lines help "Manual: man $page"
		sed -n 's/^ \{2,\}\(-., \)\?--\([a-z0-9-]*\).*/\2/p' help | while read -r option; do
			has_text "$page.1.md" "**--$option**"
		done
	done <list
}

@test "each page has its parts" {
	local page part
	for page in $(pages); do
		for part in NAME DESCRIPTION EXAMPLES 'EXIT STATUS' FILES ENVIRONMENT 'SEE ALSO'; do
			has_lines "$ROOT/src/cli/man/$page.md" "## $part"
		done
		[ "${page##*.}" != 1 ] || has_lines "$ROOT/src/cli/man/$page.md" '## SYNOPSIS'
	done
}

@test "the pages that pages name are there" {
	cat "$ROOT"/src/cli/man/*.md | grep -oE '\*\*tokbill[a-z-]*\*\*\([0-9]\)' | tr -d '*' | sort -u >named
	[ "$(wc -l <named)" -ge 10 ]
	tr '()' '. ' <named | tr -d ' ' | sort -u | comm -23 - <(pages | sort) | diff - /dev/null
}

@test "the pages render without a warning" {
	command -v man >/dev/null || skip "man is not installed"
	local page
	for page in $(pages); do
		manual "$page"
		MANWIDTH=80 LC_ALL=C.UTF-8 man -l --warnings=w -P cat "$page" >shown 2>warnings
		diff - warnings </dev/null
		has_text shown 'EXIT STATUS'
	done
	manual tokbill-report.1
	MANWIDTH=80 LC_ALL=C.UTF-8 man -l -P cat tokbill-report.1 >shown
	for part in '--max-groups N' 'tokbill report usage.csv' "FILE instead of the built-in ones"; do
		has_text shown "$part"
	done
}

@test "what man.awk makes of each mark" {
	cat >page.md <<-'END'
	# name(5)

	## NAME

	name - *it*, **bold**, `a*b`, [text](address), 5 \* 6 and it's -x
	.dot

	term, **t**
	:   meaning
	    goes on

	    second part

	Not of it.

	* one
	  more
	* two

	```sh fails=1
	'x' \ `y`
	.z
	```

	### Part
	After.
	END
	awk -v version='tokbill 1' -f "$ROOT/src/cli/man/man.awk" page.md >page
	cat >expected <<-'END'
	.TH NAME 5 "" "tokbill 1" "File Formats"
	.nh
	.ad l
	.SH NAME
	name \- \fIit\fR, \fBbold\fR, \fBa*b\fR, text, 5 * 6 and it\(aqs \-x
	\&.dot
	.TP
	term, \fBt\fR
	meaning
	goes on
	.IP
	second part
	.PP
	Not of it.
	.IP \(bu 2
	one
	more
	.IP \(bu 2
	two
	.PP
	.RS 4
	.nf
	\(aqx\(aq \e \(gay\(ga
	\&.z
	.fi
	.RE
	.SS Part
	After.
	END
	diff -u expected page
}

@test "a page that asks for what there is not" {
	printf '# x(1)\n<!-- options: reprt -->\n' | piped 64 --generate page
	err <<<'tokbill: line 2 of the page: asks for what no table has'
	for part in 'options: rates' 'options' 'name: rates shw' 'synopsis: x' 'commands: x' 'examples: rates' 'field: x' nothing; do
		echo "<!-- $part -->" | piped 64 --generate page
	done
	# Other comments are none of its business.
	printf '<!-- a\nb -->\n<!---->' | piped 0 --generate page
	out < <(printf '<!-- a\nb -->\n<!---->')
}

@test "the pages have every key of a rate file and every name of a column" {
	manual tokbill-rates.5
	for word in input cached_read cache_write cache_write_1h output reasoning batch_discount \
		flex_discount priority_discount long_context_over long_context_from aliases provider currency \
		name summary modalities capabilities strengths tradeoffs context_window tokenizer lifecycle released \
		deprecated shutdown replacement hosts benchmark source verified confidence note; do
		grep -qw "$word" tokbill-rates.5.md || { echo "$word is missing" && return 1; }
	done
	manual tokbill-logs.5
	"$TOKBILL" formats -f csv tokbill | tail -n +2 | cut -d, -f3 | while read -r word; do
		has_text tokbill-logs.5.md "**$word**"
	done
	"$TOKBILL" formats -f csv | tail -n +2 | cut -d, -f1 | while read -r word; do
		has_text tokbill-logs.5.md "**$word**"
	done
}

@test "make install takes every page along" {
	local page
	make -s -n -C "$ROOT" install | grep '^install .*/man/man' | tr ' ' '\n' >commands
	for page in $(pages); do
		has_lines commands "build/man/$page"
	done
}
