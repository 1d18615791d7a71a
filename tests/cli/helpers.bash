# What all command line tests share. Each test runs in an empty directory.
#
#   bill CODE ARG...    runs tokbill on an empty standard input and expects the exit code
#   piped CODE ARG...   the same with the caller's standard input
#   out, err            standard output or error is what stands on standard input, to the byte
#   out_has, err_has    each argument is a whole line of it
#   no_out, no_err      nothing was printed there
#
# TOKBILL_UPDATE=1 rewrites the files in golden/ instead of comparing with them.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

# Where each input token costs 1.00, each output token 2.00: amounts can be read off the log.
UNIT_RATES='[m]
input = 1000000
output = 2000000'

HEADER='date,model,requests,input_tokens,cached_read_tokens,cache_write_tokens,output_tokens,batch_tokens,list_cost,cache_savings,batch_savings,tier_savings,cost,currency'

setup() {
	ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	case ${BUILD:=build} in
	/*) ;;
	*) BUILD=$ROOT/$BUILD ;;
	esac
	TOKBILL=$BUILD/tokbill
	GOLDEN=$BATS_TEST_DIRNAME/golden
	OUT=$BATS_TEST_TMPDIR/out
	ERR=$BATS_TEST_TMPDIR/err
	export LC_ALL=C TZ=UTC TMPDIR=$BATS_TEST_TMPDIR TERM=dumb
	unset TOKBILL_RATES NO_COLOR POSIXLY_CORRECT POSIX_ME_HARDER COLUMNS
	umask 022
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

teardown() {
	# Some tests make large files, and bats removes them only at the very end.
	cd / && chmod -R u+rwX "$BATS_TEST_TMPDIR/work" &&
		rm -rf "$BATS_TEST_TMPDIR/work" "${ALSO_REMOVE:-$BATS_TEST_TMPDIR/work}"
}

piped() { # CODE ARG...
	local expected=$1 code=0
	shift
	"$TOKBILL" "$@" >"$OUT" 2>"$ERR" || code=$?
	exited "$expected" "$code"
}

bill() { # CODE ARG...
	piped "$@" </dev/null
}

exited() { # EXPECTED CODE
	[ "$1" = "$2" ] && return
	echo "exit code $2, expected $1; standard output and error:"
	head -n 20 "$OUT" "$ERR"
	return 1
}

out() { diff -u --label expected --label output - "$OUT"; }
err() { diff -u --label expected --label error - "$ERR"; }
no_out() { out </dev/null; }
no_err() { err </dev/null; }
out_has() { has_lines "$OUT" "$@"; }
err_has() { has_lines "$ERR" "$@"; }

has_lines() { # FILE LINE...
	local file=$1 line
	shift
	for line in "$@"; do
		grep -qxF -e "$line" "$file" && continue
		echo "no line '$line' in:"
		cat "$file"
		return 1
	done
}

has_text() { # FILE TEXT
	grep -qF -e "$2" "$1" && return
	echo "no '$2' in:"
	cat "$1"
	return 1
}

lacks_text() { # FILE TEXT
	grep -qF -e "$2" "$1" || return 0
	echo "'$2' is in:"
	cat "$1"
	return 1
}

golden() { # NAME, FILE to compare (default: standard output)
	local file=${2:-$OUT}
	if [ -n "${TOKBILL_UPDATE:-}" ]; then
		cp "$file" "$GOLDEN/$1"
	fi
	diff -u "$GOLDEN/$1" "$file"
}

# The rates above and a log of rows "2026-04-01,m,INPUT,OUTPUT" or others, if given in full.
unit_rates() { printf '%s\n' "$UNIT_RATES" >rates.ini; }

SHORT=date,model,input_tokens,output_tokens

log() { # ROW... -> log.csv
	printf '%s\n' "$SHORT" "$@" >log.csv
}

# log.csv with this header and these rows.
log_with() { # HEADER ROW...
	printf '%s\n' "$@" >log.csv
}

# The report's rows without header, and of them only date, model, input, output and cost.
rows() { tail -n +2 "$OUT" | cut -d, -f1,2,4,7,13; }

expect_rows() { # ROW...
	diff -u --label expected --label rows <([ $# = 0 ] || printf '%s\n' "$@") <(rows)
}

# Runs a command line with a terminal of so many columns for all its streams.
on_terminal() { # COLUMNS COMMAND
	local code=0
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no pseudo-terminal to be had here"
	script -qec "stty cols $1; $2" /dev/null </dev/null >"$OUT" || code=$?
	sed -i 's/\r$//' "$OUT"
	return "$code"
}

sanitized() { grep -qa __asan_init "$TOKBILL"; }

# A build with COVER=1.
counting() { grep -qa __gcov_ "$TOKBILL"; }

skip_if_root() {
	[ "$(id -u)" != 0 ] || skip "root may write and read everything"
}

no_leftovers() { # DIR: no temporary file of tokbill is left
	local left
	left=$(find "$1" -name '*.tokbill-*' -o -name 'tokbill-??????')
	[ -z "$left" ] || { echo "left behind: $left" && return 1; }
}

# Waits for a command to succeed, at most 10 seconds.
wait_until() { # COMMAND...
	local i
	for ((i = 0; i < 200; i++)); do
		"$@" && return
		sleep 0.05
	done
	echo "never came true: $*"
	return 1
}
