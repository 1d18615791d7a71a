#!/bin/sh
# Prints the C source that holds the given rate files as bytes: as they are, to be shown, and as they
# are loaded, without comments and the blanks around =, which every run would read. Both have the same
# lines. Run by the Makefile.
set -eu

bytes() { # NAME <FILE
	printf '\nstatic const unsigned char %s[] = {\n' "$1"
	od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$/,/'
	echo '};'
}

sources() { # NAME PREFIX FILE...
	array=$1 prefix=$2 i=0
	shift 2
	printf '\nconst struct tb_rate_source %s[] = {\n' "$array"
	for file in "$@"; do
		printf '\t{"%s", {(const char *)%s_%d, sizeof(%s_%d)}},\n' "$file" "$prefix" "$i" "$prefix" "$i"
		i=$((i + 1))
	done
	echo '};'
}

echo '#include "ratebook/builtin.h"'
n=0
for file in "$@"; do
	bytes "text_$n" <"$file"
	sed 's/^;.*//; s/^\([a-z0-9_]*\) *= */\1=/' "$file" | bytes "lean_$n"
	n=$((n + 1))
done
sources tb_builtin_rates lean "$@"
sources tb_builtin_texts text "$@"
printf '\nconst size_t tb_builtin_rates_count = %d;\n' "$n"
