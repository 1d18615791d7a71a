#!/usr/bin/env bats
# Texts that are made to be obeyed, files that are made to be in the way, and an environment that
# is made to mislead.

load helpers

# ---- texts ----

BIDI=$'\xe2\x80\xae' ZERO=$'\xe2\x80\x8b' C1=$'\xc2\x9b'

# A rate file and a log in which every text that may be chosen is hostile.
hostile_files() {
	cat >rates.ini <<-END
	[=m$BIDI]
	provider = @p$ZERO
	aliases = -a$ZERO
	name = +n$BIDI
	summary = =cmd|' /C calc'!A0$ZERO
	modalities = @text$BIDI
	strengths = -s$C1
	lifecycle = =ga$ZERO
	replacement = =m$BIDI
	hosts = ＝h$BIDI
	benchmark = +b$ZERO
	input = 1000000
	cached_read = 500000
	output = 2000000
	batch_discount = 50%
	source = =s$BIDI
	confidence = ＠c
	note = -n$C1
	[＋n$ZERO]
	input = 1
	output = 1
	batch_discount = 10%
	END
	cat >log.csv <<-END
	timestamp,model,input_tokens,cached_tokens,output_tokens,batch,=who$BIDI,cost_usd
	2026-04-01,=m$BIDI,4,2,1,true,=1+2$BIDI,1
	2026-04-01,-a$ZERO,4,2,1,false,"@x,""$ZERO",2
	2026-04-02,=m$BIDI,4,2,1,false,"$(printf '\t=\e[2J')",3
	2026-04-02,＋n$ZERO,4,0,1,false,－1,4
	END
}

harmless() { # KIND: what was printed, and every message
	"$BATS_TEST_DIRNAME/hostile.py" "$1" "$OUT"
	"$BATS_TEST_DIRNAME/hostile.py" shown "$ERR"
}

# The command line in each of its formats.
in_each_format() { # CODE ARG...
	bill "$@" -f table
	harmless shown
	bill "$@" -f json
	harmless json
	bill "$@" -f csv
	harmless sheet
}

@test "no report obeys a log or a rate file" {
	hostile_files
	in_each_format 0 report --rates rates.ini log.csv
	in_each_format 0 report --rates rates.ini --by "date,model,provider,tier,=who$BIDI" log.csv
	in_each_format 0 report --rates rates.ini --detail --by "=who$BIDI,model" log.csv
	in_each_format 1 report --rates rates.ini --map reported_cost=cost_usd --compare log.csv
}

@test "nor does an estimate" {
	hostile_files
	in_each_format 0 estimate --rates rates.ini --all --input 1 --output 1 --requests 5
	in_each_format 0 estimate --rates rates.ini -m "=m$BIDI" --input 1 --output 1
	bill 64 estimate --rates rates.ini -m "=mm$BIDI" --input 1 --output 1
	harmless shown
}

@test "nor does a what-if" {
	hostile_files
	in_each_format 0 whatif --rates rates.ini --batch-share 40% log.csv
	in_each_format 0 whatif --rates rates.ini --by "=who$BIDI,model" --move "＋n$ZERO==m$BIDI" log.csv
	printf '[=s%s]\nscale = 120%%\n[@t]\nscale = 50%%\n' "$BIDI" >scenario.ini
	in_each_format 0 whatif --rates rates.ini --scenario scenario.ini log.csv
	in_each_format 0 whatif --rates rates.ini --sweep scale=50..100%/2 log.csv
}

@test "nor do the rates when they are listed, shown, checked and compared" {
	hostile_files
	in_each_format 0 rates list rates.ini
	in_each_format 0 rates show "=m$BIDI" rates.ini
	bill 0 rates check rates.ini
	harmless shown
	sed 's/1000000/3/' rates.ini >other.ini
	in_each_format 1 rates diff rates.ini other.ini
	bill 64 rates show "=mm$BIDI" rates.ini
	harmless shown
}

@test "nor do imported prices" {
	cat >prices.json <<-'END'
	{"=m\u001b[2J": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "x"},
	 "m\n[injected]": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "x"},
	 "m\u202e": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "@p\ninput = 0"},
	 "ok": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "x", "source": "=1\u001b[2J\ninput = 0"}}
	END
	code=0
	"$TOKBILL" rates import prices.json >"$OUT" 2>"$ERR" </dev/null || code=$?
	[[ $code = 0 || $code = 2 ]]
	"$BATS_TEST_DIRNAME/hostile.py" shown "$ERR"
	cp "$OUT" imported.ini
	lacks_text imported.ini $'\e'
	[ "$(grep -cE '^(\[injected\]|input = 0)' imported.ini)" = 0 ]
	# What is written can be read.
	bill 0 rates list -f csv imported.ini
	grep -q '^ok,' "$OUT"
}

@test "nor do the formats of logs" {
	hostile_files
	printf '[format =f%s]\ntimestamp = =t%s\nmodel = @m\ninput_tokens = -i\noutput_tokens = +o\n' "$BIDI" "$ZERO" >formats.ini
	in_each_format 0 formats --format-file formats.ini
	in_each_format 0 formats --format-file formats.ini "=f$BIDI"
	printf '=t%s,@m,-i,+o,\e[2J\n2026-04-01,x,1,1,1\n' "$ZERO" >own.csv
	in_each_format 0 formats --format-file formats.ini own.csv
	printf 'x%s,\e[2J\n1,1\n' "$BIDI" >none.csv
	bill 65 formats none.csv
	harmless shown
}

@test "rejects show no reason that could be obeyed" {
	hostile_files
	printf '2026-04-03,gpt%s,4,0,1,false,"=1\n",1\n2026-04-03,=m%s,\e[2J,0,1,false,x,1\n' "$BIDI" "$BIDI" >>log.csv
	bill 2 report --rates rates.ini --rejects rejects log.csv
	"$BATS_TEST_DIRNAME/hostile.py" shown "$ERR"
	# The rows keep their bytes; the column that is added is the last.
	sed 's/.*,"\([^"]*\)"$/\1/' rejects/log.rejects.csv | tail -n 2 >reasons
	"$BATS_TEST_DIRNAME/hostile.py" shown reasons
	"$BATS_TEST_DIRNAME/hostile.py" sheet reasons
}

@test "what a terminal shows of CSV and JSON is harmless as well" {
	hostile_files
	for f in csv json table; do
		on_terminal 100 "NO_COLOR=1 '$TOKBILL' report --rates rates.ini --by '=who$BIDI',model -f $f log.csv 2>/dev/null"
		"$BATS_TEST_DIRNAME/hostile.py" shown "$OUT"
	done
}

# ---- files in the way ----

# 3.00 are billed of log.csv, one row is set aside.
two_rows() {
	unit_rates
	log 2026-04-01,m,1,1 2026-04-01,x,1,1
	echo old >victim
}

untouched() { # FILE
	echo old | diff - "$1"
}

@test "a folder for rejects that is a link is written in, a link in it is not followed" {
	two_rows
	mkdir real
	ln -s real rejects
	ln -s ../victim real/log.rejects.csv
	bill 2 report --rates rates.ini --rejects rejects -o report.csv log.csv
	untouched victim
	[ ! -L real/log.rejects.csv ]
	grep -q '^2026-04-01,x,1,1,3,' real/log.rejects.csv
	no_leftovers .
}

@test "a link to nowhere or to a file is no folder for rejects" {
	two_rows
	ln -s nowhere rejects
	bill 73 report --rates rates.ini --rejects rejects log.csv
	[ ! -e nowhere ]
	ln -sf victim rejects
	bill 73 report --rates rates.ini --rejects rejects log.csv
	untouched victim
}

@test "rejects of logs with odd names stay in their folder" {
	two_rows
	mkdir -p deep/er
	for name in '..csv' '...' '-rf' $'a\nb.csv' '~' '*' 'a;b' "$(printf '%0200d' 7)"; do
		cp log.csv "deep/er/$name"
		bill 2 report --rates rates.ini --rejects "rejects" "deep/er/../er/$name"
		"$BATS_TEST_DIRNAME/hostile.py" shown "$ERR"
		[ "$(find rejects -type f | wc -l)" -ge 1 ]
		[ "$(find . -name '*.rejects.csv' -not -path './rejects/*' | wc -l)" = 0 ]
		rm -r rejects "deep/er/$name"
	done
	untouched victim
}

@test "a name that would be too long for its rejects is cut, and stays one of its own" {
	two_rows
	one=$(printf '%0250d' 7) other=1$(printf '%0249d' 7)
	cp log.csv "$one"
	cp log.csv "$other"
	bill 2 report --rates rates.ini --rejects rejects -o report.csv "$one" "$other"
	[ "$(find rejects -name '*7.rejects.csv' | wc -l)" = 2 ]
	bill 2 report --rates rates.ini --rejects rejects -o report.csv "$one"
	[ "$(find rejects -name '*7.rejects.csv' | wc -l)" = 2 ]
	no_leftovers .
}

@test "an output that is a link replaces the link" {
	two_rows
	ln -s victim report.csv
	bill 2 report --rates rates.ini --rejects rejects -o report.csv log.csv
	untouched victim
	[ ! -L report.csv ]
}

@test "an output that is an input, by any name, is refused" {
	two_rows
	cp log.csv before.csv
	ln log.csv hard.csv
	ln -s log.csv soft.csv
	ln rates.ini rates-too.ini
	for output in log.csv ./log.csv hard.csv soft.csv rates-too.ini; do
		bill 64 report --rates rates.ini --rejects rejects -o $output log.csv
	done
	cmp log.csv before.csv
	echo "$UNIT_RATES" | cmp - rates.ini
}

@test "rejects that would replace an input are refused" {
	two_rows
	mkdir rejects
	ln log.csv rejects/log.rejects.csv
	cp log.csv before.csv
	bill 64 report --rates rates.ini --rejects rejects log.csv
	cmp log.csv before.csv
	rm rejects/log.rejects.csv
	# The report is not to lie where the rejects go either.
	bill 64 report --rates rates.ini --rejects rejects -o rejects/log.rejects.csv log.csv
	cmp log.csv before.csv
}

@test "temporary files are new ones, with names that nobody can have put there" {
	! counting || skip "a build that counts writes its counts elsewhere"
	command -v strace >/dev/null || skip "needs strace"
	two_rows
	strace -f -e trace=openat,open,creat -o calls "$TOKBILL" report --rates rates.ini --rejects rejects -o report.csv log.csv >/dev/null 2>&1 ||
		[ $? = 2 ] || skip "strace cannot trace here"
	grep -q '\.tokbill-tmp-[A-Za-z0-9]\{6\}.*O_CREAT|O_EXCL.*0600' calls
	# Nothing else is created.
	grep O_CREAT calls | grep -v 'O_EXCL' >others || true
	diff /dev/null others
	# No two runs choose the same.
	cut -d'"' -f2 calls | grep tokbill- | sort >first
	strace -f -e trace=openat -o calls "$TOKBILL" report --rates rates.ini --rejects rejects -o report.csv log.csv >/dev/null 2>&1 || true
	cut -d'"' -f2 calls | grep tokbill- | sort >second
	[ -s first ] && [ -z "$(comm -12 first second)" ]
}

# ---- modes ----

modes() { stat -c '%a %n' "$@"; }

@test "created files are what the umask says, and nobody reads them before" {
	two_rows
	for mask in 022 077 027 002; do
		(umask $mask && bill 2 report --rates rates.ini --rejects rejects -o report.csv log.csv)
		file=$(printf '%o' $((0666 & ~0$mask)))
		modes report.csv rejects/log.rejects.csv rejects |
			diff - <(echo "$file report.csv" && echo "$file rejects/log.rejects.csv" &&
				echo "$(printf '%o' $((0777 & ~0$mask))) rejects")
		rm -r report.csv rejects
	done
}

@test "a report keeps the mode of the one it replaces, but for special bits" {
	two_rows
	bill 0 report --rates rates.ini -o report.csv <(head -n 2 log.csv)
	for mode in 600 640 664 444; do
		chmod $mode report.csv
		bill 0 report --rates rates.ini -o report.csv <(head -n 2 log.csv)
		modes report.csv | diff - <(echo "$mode report.csv")
	done
	chmod 6755 report.csv
	bill 0 report --rates rates.ini -o report.csv <(head -n 2 log.csv)
	modes report.csv | diff - <(echo "755 report.csv")
}

# ---- environment ----

# What comes of a run: both streams, files and exit code, with all that is documented left alone.
everything() { # NAME [VARIABLE=VALUE]...
	local name=$1 code=0
	shift
	mkdir "$name"
	env "$@" "$TOKBILL" report --rates rates.ini --rejects "$name/rejects" --by date,model,who \
		--tz Europe/Berlin --log-tz America/New_York -f table log.csv -o "$name/report" </dev/null >"$name/out" 2>"$name/err" || code=$?
	env "$@" "$TOKBILL" rates list rates.ini --as-of 2026-05-01 -f csv </dev/null >"$name/list" 2>>"$name/err" || code=$code,$?
	env "$@" "$TOKBILL" estimate -m m --rates rates.ini --input 1.5k --on 2026-05-01 -f json </dev/null >"$name/estimate" 2>>"$name/err" || code=$code,$?
	echo "$code" >"$name/code"
	sed -i "s,$name/,,g" "$name/err"
}

@test "no variable of the environment changes anything, but for those that are documented" {
	unit_rates
	log_with "$SHORT,who" '2026-04-01 03:59:59,m,1,1,Ärger' '2026-03-29 02:30:00,m,1,1,I' 2026-03-29T01:30:00Z,m,1,1,i 2026-04-01,x,1,1,ß
	mkdir home zones zones/Europe
	printf '#!/bin/sh\necho obeyed\n' >home/tokbill && chmod +x home/tokbill
	# popt reads aliases from there, for programs that ask it to.
	printf 'tokbill alias --quiet --no-such-option\ntokbill alias --tz --quiet\ntokbill exec --by %s/home/tokbill\n' "$PWD" >home/.popt
	cp /usr/share/zoneinfo/Asia/Tokyo zones/Europe/Berlin
	everything plain
	[ "$(cat plain/code)" = 2 ]
	n=0
	while read -r setting; do
		n=$((n + 1))
		everything "run$n" "$setting"
		diff -r plain "run$n" || { echo "with $setting" && return 1; }
	done <<-END
	LC_ALL=de_DE.UTF-8
	LC_ALL=tr_TR.UTF-8
	LC_ALL=C.UTF-8
	LC_ALL=no_SUCH
	LC_NUMERIC=de_DE.UTF-8
	LANG=tr_TR.UTF-8
	LANGUAGE=de
	LOCPATH=$PWD/home
	TZ=America/St_Johns
	TZ=:/etc/passwd
	TZ=XYZ-25:61:61
	TZ=
	TZDIR=$PWD/zones
	HOME=$PWD/home
	XDG_CONFIG_HOME=$PWD/home
	POSIXLY_CORRECT=1
	POSIX_ME_HARDER=1
	COLUMNS=3
	LINES=1
	IFS=0123456789
	TERM=xterm-256color
	NO_COLOR=1
	MALLOC_ARENA_MAX=1
	MALLOC_PERTURB_=165
	GLIBC_TUNABLES=glibc.malloc.perturb=90
	MALLOC_TRIM_THRESHOLD_=0
	OMP_NUM_THREADS=1
	PATH=/nowhere
	CDPATH=$PWD/home
	BASH_ENV=$PWD/home/tokbill
	SHELL=$PWD/home/tokbill
	PAGER=$PWD/home/tokbill
	TMPDIR=/nowhere
	LD_BIND_NOW=1
	SOURCE_DATE_EPOCH=0
	COLORTERM=truecolor
	TOKBILL_RATES=/nowhere/rates.ini
	TOKBILL=obey
	END
}

@test "locales that write numbers and letters otherwise: the same bytes" {
	command -v localedef >/dev/null || skip "needs localedef"
	unit_rates
	log_with "$SHORT,who" 2026-04-01,m,1234567,1,Ä 2026-04-01,m,1,1,I 2026-04-01,m,1,1,ı
	mkdir locales
	for locale in de_DE tr_TR; do
		localedef -i $locale -f UTF-8 "locales/$locale.UTF-8" 2>/dev/null ||
			[ -d "locales/$locale.UTF-8" ] || skip "no source of the locale $locale (package locales)"
	done
	# The locale is at work.
	LOCPATH=$PWD/locales LC_ALL=de_DE.UTF-8 bash -c 'printf "%.1f\n" 1,5' 2>/dev/null | grep -qx '1,5' || skip "the locale cannot be loaded"
	for f in csv json table; do
		bill 0 report --rates rates.ini --by date,who -f $f log.csv
		cp "$OUT" plain
		for locale in de_DE tr_TR; do
			export LOCPATH=$PWD/locales LC_ALL=$locale.UTF-8
			bill 0 report --rates rates.ini --by date,who -f $f log.csv
			cmp plain "$OUT"
			unset LOCPATH
			export LC_ALL=C
		done
	done
}

@test "nothing is read but what was named, and what the libraries need" {
	! counting || skip "a build that counts writes its counts elsewhere"
	command -v strace >/dev/null || skip "needs strace"
	two_rows
	mkdir home && echo 'tokbill alias -q -x' >home/.popt
	HOME=$PWD/home strace -f -e trace=openat,open,connect,execve,socket -o calls "$TOKBILL" report --rates rates.ini log.csv --tz Europe/Berlin >/dev/null 2>&1 ||
		[ $? = 65 ] || skip "strace cannot trace here"
	grep -vE 'ENOENT|execve\(.*= 0$|/lib/|/usr/lib/|/etc/ld.so|/proc/self/|/sys/(fs/cgroup|devices)|"rates.ini"|"log.csv"|/usr/share/zoneinfo/(Europe/Berlin|UTC)|exited|SIG' calls >others || true
	diff /dev/null others
	lacks_text calls .popt
	lacks_text calls /etc/popt
}
