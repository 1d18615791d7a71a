# Makes a manual page (roff, man macros) of a page in this folder, after `tokbill --generate page`
# has filled in its tables. Of Markdown it knows what the pages use:
#
#	# NAME(SECTION)         the title, in the first line
#	## and ### headings     sections and their parts
#	text                    paragraphs with **bold**, *italic*, `code`, [text](address) and \*
#	term, then ":   text"   definitions, whose further lines are indented by four
#	* item                  lists, whose further lines are indented by two
#	```                     blocks, printed as they are
#
# Usage: awk -v version="$(tokbill --version)" -f man.awk <page.md >page.1

# Text in which nothing is markup, neither Markdown's nor roff's.
function plain(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	gsub(/'/, "\\(aq", s)
	gsub(/`/, "\\(ga", s)
	gsub(/\^/, "\\(ha", s)
	gsub(/~/, "\\(ti", s)
	return s
}

function font(name, s) {
	return "\\f" name plain(s) "\\fR"
}

function marked(s) {
	if (s ~ /^\*\*/)
		return font("B", substr(s, 3, length(s) - 4))
	if (s ~ /^\*/)
		return font("I", substr(s, 2, length(s) - 2))
	if (s ~ /^`/)
		return font("B", substr(s, 2, length(s) - 2))
	if (s ~ /^\[/)
		return plain(substr(s, 2, index(s, "](") - 2))
	return plain(substr(s, 2))
}

function inline(s,    done) {
	done = ""
	while (match(s, /`[^`]+`|\*\*[^*]+\*\*|\*[^* ][^*]*\*|\[[^]]+\]\([^)]*\)|\\[*`\\[]/)) {
		done = done plain(substr(s, 1, RSTART - 1)) marked(substr(s, RSTART, RLENGTH))
		s = substr(s, RSTART + RLENGTH)
	}
	return done plain(s)
}

# A line of text. A dot at its beginning is no request of roff's.
function text(s) {
	if (s ~ /^[.']/)
		s = "\\&" s
	print s
}

# Prints the line that is held back until the next one says whether it is the term of a definition.
function let_go(as) {
	if (held == "")
		return
	if (as == "")
		as = request
	if (as != "")
		print as
	text(inline(held))
	held = ""
}

NR == 1 {
	name = substr($0, 3, index($0, "(") - 3)
	section = substr($0, index($0, "(") + 1, 1)
	sub(/^tokbill /, "", version)
	printf ".TH %s %s \"\" \"tokbill %s\" \"%s\"\n", toupper(name), section, version,
	       section == 1 ? "User Commands" : "File Formats"
	print ".nh\n.ad l"
	next
}

/^```/ {
	if (!code)
		let_go()
	code = !code
	print (code ? (fresh ? "" : ".PP\n") ".RS 4\n.nf" : ".fi\n.RE")
	blank = fresh = inside = 0
	next
}

code {
	text(plain($0))
	next
}

/^##/ {
	let_go()
	print ($1 == "##" ? ".SH " : ".SS ") inline(substr($0, length($1) + 2))
	fresh = 1
	blank = inside = 0
	next
}

/^$/ {
	let_go()
	blank = 1
	next
}

/^:   / {
	let_go(".TP")
	text(inline(substr($0, 5)))
	inside = 1
	blank = fresh = 0
	next
}

/^\* / {
	let_go()
	print ".IP \\(bu 2"
	text(inline(substr($0, 3)))
	inside = 1
	blank = fresh = 0
	next
}

{
	let_go()
	if ($0 !~ /^ /)
		inside = 0
	request = !blank || fresh ? "" : inside ? ".IP" : ".PP"
	blank = fresh = 0
	sub(/^ +/, "")
	held = $0
}

END {
	let_go()
}
