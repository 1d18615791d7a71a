#!/usr/bin/env bats
# What the compiler and the linker put into the released program against intruders, and what they
# must not put where money passes.

load helpers

setup_file() {
	command -v readelf objdump nm >/dev/null || skip "needs binutils"
}

released() {
	! sanitized || skip "a sanitizer's build is not hardened"
	! counting || skip "a build that counts is not hardened"
}

fail() { # MESSAGE
	echo "$*"
	return 1
}

no_line() { # REGEX FILE
	! grep -E "$@"
}

x86() { [ "$(uname -m)" = x86_64 ]; }

@test "the program is loaded anywhere, and what the loader fills in is read-only" {
	released
	readelf -hW "$TOKBILL" | grep -q 'Type: *DYN'
	readelf -dW "$TOKBILL" | grep -q 'FLAGS_1.* PIE'
	readelf -dW "$TOKBILL" | grep -qE 'FLAGS_1.* NOW|BIND_NOW'
	readelf -lW "$TOKBILL" | grep -q GNU_RELRO
}

@test "nothing is both written and executed, the stack included" {
	released
	readelf -lW "$TOKBILL" | grep -q 'GNU_STACK.* RW '
	readelf -lSdW "$TOKBILL" >elf
	no_line ' RWE | WA?X |TEXTREL|RPATH|RUNPATH' elf
}

@test "overrun buffers are noticed" {
	released
	nm -D "$TOKBILL" | grep -q ' U __stack_chk_fail'
	nm -D "$TOKBILL" | grep -q ' U __[a-z]*_chk'
}

@test "large stack frames are touched page by page, and calls and jumps land where they may" {
	released
	x86 || skip "looked for in x86-64 code only"
	local f
	objdump -d --no-show-raw-insn --disassemble=tb_tempfile "$TOKBILL" >code
	grep -qE '(or|mov)q +\$0x0,(0x0)?\(%rsp\)' code
	# The library's start-up code may not be made for it, so its objects are looked at one by one.
	for f in "$ROOT"/src/*/*.c; do
		f=$BUILD/obj/src/${f#"$ROOT"/src/}
		f=${f%.c}.o
		# A file of tables has no code to mark.
		nm "$f" | grep -qi ' t ' || continue
		readelf -n "$f" | grep -q 'IBT, SHSTK' || fail "$f"
	done
}

@test "no floating point is computed in the library" {
	released
	case $(uname -m) in
	x86_64) arithmetic='v?(add|sub|mul|div|sqrt|max|min|u?comi|cvt[a-z0-9]*|fn?m[a-z]+[0-9]+)[sp][sd]|f(i?ld|i?stp?|add|sub|mul|div|u?comi)[a-z]*' ;;
	aarch64) arithmetic='f(add|sub|mul|div|cmp|cvt[a-z]*|m(add|sub)|sqrt)|[su]cvtf' ;;
	*) skip "looked for in x86-64 and arm64 code only" ;;
	esac
	objdump -d --no-show-raw-insn "$BUILD/libtokbill.a" >code
	[ "$(wc -l <code)" -gt 10000 ]
	no_line "^ +[0-9a-f]+:	($arithmetic)( |\$)" code
}

@test "every file that money passes is compiled without floating-point registers" {
	local file listed
	# Of the stations from ratebook to write it is every file.
	listed=$(sed -n '/^MONEY *:=/,/^\$(MONEY/p' "$ROOT/Makefile")
	cd "$ROOT/src" || return
	while read -r file; do
		grep -qw "${file%.c}" <<<"$listed" || fail "$file is not in MONEY in the Makefile"
	done < <(grep -lwE 'tb_(money|price|charge|decimal|u128|i128)' base/*.c)
}
