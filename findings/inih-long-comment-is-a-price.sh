#!/bin/bash
# libinih 55 (Debian 12, 55-1): the tail of a long comment in a price file is read as a setting, without an error. A
# comment of more than 199 bytes that goes on with "output = 0.01" sets the price of output to 0.01: ini_parse()
# returns 0, and the handler is called for the key as for any other. In a price file comments quote earlier prices
# and web addresses, and are that long. Seen:
#   gpt-made-up input = 2
#   gpt-made-up output = 8
#   gpt-made-up output = 0.01
#   returned 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 . # apt reads it as another user
apt-get download -q libinih1=55-1 libinih-dev=55-1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done
cat >run.c <<'C'
#include <ini.h>
#include <stdio.h>

static int on_key(void *ctx, const char *section, const char *name, const char *value)
{
	(void)ctx;
	printf("%s %s = %s\n", section, name, value);
	return 1;
}

int main(void)
{
	printf("returned %d\n", ini_parse("prices.ini", on_key, NULL));
	return 0;
}
C
lib=$(dirname "$(find root -name 'libinih.so.1' | head -n 1)")
cc -o run run.c -I root/usr/include "$lib/libinih.so.1"
pad=$(printf '%0191d' 0 | tr 0 .)
printf '[gpt-made-up]\ninput = 2\noutput = 8\n; until May: %soutput = 0.01\n' "${pad:0:186}" >prices.ini
LD_LIBRARY_PATH=$lib ./run | tee seen
diff seen - <<'SEEN'
gpt-made-up input = 2
gpt-made-up output = 8
gpt-made-up output = 0.01
returned 0
SEEN
