#!/bin/sh
# Prints the C source that holds the given rate files as bytes. Run by the Makefile. Comments are left
# out and the blanks around = too, for every run reads the bytes; the lines keep their numbers.
set -eu

echo '#include "ratebook/builtin.h"'
n=0
for file in "$@"; do
	printf '\nstatic const unsigned char bytes_%d[] = {\n' "$n"
	sed 's/^;.*//; s/^\([a-z0-9_]*\) *= */\1=/' "$file" | od -An -v -tu1 | sed 's/  */,/g; s/^,//; s/$/,/'
	echo '};'
	n=$((n + 1))
done
printf '\nconst struct tb_rate_source tb_builtin_rates[] = {\n'
n=0
for file in "$@"; do
	printf '\t{"%s", {(const char *)bytes_%d, sizeof(bytes_%d)}},\n' "$file" "$n" "$n"
	n=$((n + 1))
done
echo '};'
printf '\nconst size_t tb_builtin_rates_count = %d;\n' "$n"
