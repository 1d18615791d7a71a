# The blocks of a Markdown file: what they say to type runs, and prints what they show.
#
#   repository         fills the folder like the repository's root, with tokbill on the PATH
#   run_document FILE  runs the blocks of FILE in this folder
# shellcheck shell=bash

# A folder like the repository's root: everything is there, nothing can be overwritten.
repository() {
	local part
	for part in "$ROOT"/*; do
		case ${part##*/} in
		build) ;;
		*) cp -r "$part" . ;;
		esac
	done
	mkdir bin build
	ln -s "$TOKBILL" bin/tokbill
	ln -s "$TOKBILL" build/tokbill
	PATH=$PWD/bin:$PATH
}

# Writes the blocks of a Markdown file to NUMBER.sh, the exit code that each ends with to NUMBER.code,
# what it prints to NUMBER.text and NUMBER.err:
#
#	```sh           runs, and ends with 0
#	```sh fails=N   runs, and ends with N
#	```text         after it: all it prints, as on a terminal or as to a file
#	```text stderr  after it: all its messages
#	```ini FILE     is saved as FILE before the blocks run
#
# Blocks marked otherwise (```sh no-run, ```console, ```ini) are for reading.
blocks() { # FILE DIR
	mkdir -p "$2"
	awk -v dir="$2" '
		function begin(name) { file = name; printf "" >file }
		file == "" && /^```sh( fails=[0-9]+)?$/ {
			begin(sprintf("%s/%03d.sh", dir, ++n))
			sub(/^[^=]*=?/, "")
			print $0 + 0 >sprintf("%s/%03d.code", dir, n)
			next
		}
		file == "" && /^```text$/ && last == "sh" { begin(sprintf("%s/%03d.text", dir, n)); next }
		file == "" && /^```text stderr$/ && last == "sh" { begin(sprintf("%s/%03d.err", dir, n)); next }
		file == "" && /^```ini [^ ]+$/ { begin($2); next }
		file == "" && /^```./ { file = "/dev/null"; next }
		file != "" && /^```$/ { last = file ~ /[.]sh$/ ? "sh" : ""; close(file); file = ""; next }
		file != "" { print >file; next }
		NF { last = "" }' "$1"
}

run_block() { # FILE
	local code=0 text=${1%.sh}.text messages=${1%.sh}.err
	bash -eo pipefail "$1" </dev/null >"$OUT" 2>"$ERR" || code=$?
	echo "--- $1 (exit code $code)"
	cat "$1" "$ERR"
	[ "$code" = "$(cat "${1%.sh}.code")" ] || return
	[ ! -f "$text" ] || prints "$text" || return
	[ ! -f "$messages" ] || diff -u "$messages" "$ERR"
}

# Whether the output is the text: alone, or with the messages as on a terminal.
prints() { # FILE
	cat "$OUT" "$ERR" >both
	cat "$ERR" "$OUT" >turned
	for printed in "$OUT" both turned; do
		cmp -s "$1" "$printed" && return
	done
	diff -u "$1" both
}

run_document() { # FILE
	local block dir=$PWD/blocks
	blocks "$1" "$dir"
	[ -f "$dir/001.sh" ] || { echo "$1 has no block to run" && return 1; }
	for block in "$dir"/*.sh; do
		run_block "$block"
	done
}
