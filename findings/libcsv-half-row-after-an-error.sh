#!/bin/bash
# libcsv 3.0.3 (Debian 12, 3.0.3+dfsg-6): after an error in strict mode, csv_fini() hands over the half-read row as
# a whole one and clears the error. Of the usage row gpt-made-up,1000"5,20 csv_parse() stops at the quote with error
# 1; csv_fini(), called to tidy up, delivers the row "gpt-made-up","1000" and returns 0, and csv_error() is 0 then:
# who asks only at the end bills 1000 tokens of a row that was refused. Seen:
#   csv_parse stopped at byte 16 of 22, error 1
#   row: [gpt-made-up] [1000]
#   csv_fini returned 0, error 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 . # apt reads it as another user
apt-get download -q libcsv3 libcsv-dev >/dev/null
dpkg-deb -f libcsv-dev_*.deb Version | grep -q '^3\.0\.3'
for package in ./*.deb; do dpkg -x "$package" root; done
cat >run.c <<'C'
#include <csv.h>
#include <stdio.h>
#include <string.h>

static char row[100];

static void on_field(void *s, size_t n, void *ctx)
{
	(void)ctx;
	snprintf(row + strlen(row), sizeof(row) - strlen(row), " [%.*s]", (int)n, (char *)s);
}

static void on_row(int c, void *ctx)
{
	(void)c;
	(void)ctx;
	printf("row:%s\n", row);
	row[0] = '\0';
}

int main(void)
{
	static const char log[] = "gpt-made-up,1000\"5,20\n";
	struct csv_parser p;
	size_t n;

	csv_init(&p, CSV_STRICT);
	n = csv_parse(&p, log, strlen(log), on_field, on_row, NULL);
	printf("csv_parse stopped at byte %zu of %zu, error %d\n", n, strlen(log), csv_error(&p));
	int rc = csv_fini(&p, on_field, on_row, NULL);
	printf("csv_fini returned %d, error %d\n", rc, csv_error(&p));
	csv_free(&p);
	return 0;
}
C
lib=$(dirname "$(find root -name 'libcsv.so.3' | head -n 1)")
cc -o run run.c -I root/usr/include "$lib/libcsv.so.3"
LD_LIBRARY_PATH=$lib ./run | tee seen
diff seen - <<'SEEN'
csv_parse stopped at byte 16 of 22, error 1
row: [gpt-made-up] [1000]
csv_fini returned 0, error 0
SEEN
