#include "logs/sniff.h"

#include <string.h>

static const struct {
	size_t at;
	const char *magic;
	size_t n;
	const char *why;
} not_csv[] = {
	{0, "\xff\xfe\0\0", 4, "is UTF-32, expected UTF-8"},
	{0, "\0\0\xfe\xff", 4, "is UTF-32, expected UTF-8"},
	{0, "\xff\xfe", 2, "is UTF-16, expected UTF-8"},
	{0, "\xfe\xff", 2, "is UTF-16, expected UTF-8"},
	{30, "[Content_Types].xml", 19, "is a workbook (.xlsx); save the sheet as CSV"},
	{0, "PK\x03\x04", 4, "is a ZIP archive or a spreadsheet; unpack it or export it as CSV"},
	{0, "\xd0\xcf\x11\xe0", 4, "is a workbook (.xls); save the sheet as CSV"},
	{0, "PAR1", 4, "is Parquet; export it as CSV"},
	{0, "Obj\x01", 4, "is Avro; export it as CSV"},
	{0, "%PDF", 4, "is a PDF; download the export as CSV"},
	{1, "7zXZ\0", 5, "is compressed with xz; pipe it in: xz -dc FILE | tokbill ... -"},
	{4, "1AY&SY", 6, "is compressed with bzip2; pipe it in: bzip2 -dc FILE | tokbill ... -"},
	{0, "\x04\x22\x4d\x18", 4,
	 "is compressed with lz4; pipe it in: lz4 -dc FILE | tokbill ... -"},
	{257, "ustar", 5, "is a tar archive; unpack it, and name the files or their directory"},
	{0, "{", 1, "looks like JSON; a usage log is CSV with a header line"},
	{0, "[", 1, "looks like JSON; a usage log is CSV with a header line"},
};

/* UTF-16 without its mark has a NUL in every other byte of ASCII text. */
static bool looks_utf16(const char *p, size_t n)
{
	return n >= 4 && ((p[0] == 0 && p[2] == 0) || (p[1] == 0 && p[3] == 0));
}

bool tb_sniff_is_line(const char *p, size_t n)
{
	for (size_t i = tb_sniff_mark(p, n); i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '\n')
			return true;
		if ((c < 0x20 && c != '\t' && c != '\r') || c >= 0x7f)
			return false;
	}
	return false;
}

const char *tb_sniff_fault(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(not_csv) / sizeof(not_csv[0]); i++)
		if (n >= not_csv[i].at + not_csv[i].n &&
		    memcmp(p + not_csv[i].at, not_csv[i].magic, not_csv[i].n) == 0)
			return not_csv[i].why;
	return looks_utf16(p, n) ? "is UTF-16, expected UTF-8" : NULL;
}

size_t tb_sniff_mark(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}
