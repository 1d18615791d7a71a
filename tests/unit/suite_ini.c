/* The guard before inih: every input that inih takes in another sense than a person (see
 * library-traps), and the ones that must pass. */
#include "helpers.h"
#include "base/ini.h"
#include "suites.h"

#include <string.h>

/* Reads the text; gives "[section]:line key=value:line ..." or the problems. */
static void read_ini(struct tb_span text, struct tb_buf *out)
{
	struct tb_problems problems = {0};
	struct tb_ini ini = {0};
	struct tb_err err = {0};
	size_t e = 0;

	tb_buf_puts(out, "");
	ck_assert_int_eq(tb_ini_read(&ini, "r.ini", text, &problems, &err), TB_OK);
	tb_buf_puts(out, problems_text(&problems));
	for (size_t s = 0; s < ini.section_count && !problems.total; s++) {
		ck_assert_uint_eq(ini.sections[s].first_entry, e);
		tb_buf_printf(out, "[%s]:%d ", ini.sections[s].name.p, (int)ini.sections[s].line);
		for (; e < ini.entry_count && ini.entries[e].section == s; e++)
			tb_buf_printf(out, "%s=%s:%d ", ini.entries[e].key.p,
				      ini.entries[e].value.p, (int)ini.entries[e].line);
	}
	tb_problems_release(&problems);
	tb_ini_release(&ini);
	tb_ini_release(&ini);
}

#define NAME49 "1234567890123456789012345678901234567890123456789"

static const struct {
	struct tb_span text;
	const char *entries;
} accepted[] = {
	{BYTES("[m]\n"), "[m]:1 "},
	{BYTES("[m]\nk = v\n"), "[m]:1 k=v:2 "},
	{BYTES("[m]\nk = v"), "[m]:1 k=v:2 "},
	{BYTES("[m]\r\nk = v\r\nl = w\r\n"), "[m]:1 k=v:2 l=w:3 "},
	{BYTES("[m]\r\nk = v\nl = w\r\n"), "[m]:1 k=v:2 l=w:3 "},
	{BYTES("\xef\xbb\xbf[m]\nk = v\n"), "[m]:1 k=v:2 "},
	{BYTES("\xef\xbb\xbf; c\n[m]\nk = v\n"), "[m]:2 k=v:3 "},
	{BYTES("; c\n\n# d\n[m]\n\n;k=1\n#k=2\nk=v\n"), "[m]:4 k=v:8 "},
	{BYTES("   \n\t\n[m]\n \nk = v\n  \n"), "[m]:3 k=v:5 "},
	{BYTES("[m]\nk=v\n[n]\nk=w\n[m]\nk=x\n"), "[m]:1 k=v:2 [n]:3 k=w:4 [m]:5 k=x:6 "},
	{BYTES("[m]\nk = 1\nk = 2\n"), "[m]:1 k=1:2 k=2:3 "},
	{BYTES("[m] ; comment\nk = v\n"), "[m]:1 k=v:2 "},
	{BYTES("[m]\t# comment ] more\nk = v\n"), "[m]:1 k=v:2 "},
	{BYTES("[m]   \nk = v\n"), "[m]:1 k=v:2 "},
	{BYTES("[gpt-4:2024]\n[a=b]\n[a;b]\n[a#b]\n[x/y-4.1@2025]\n[a[b]\n"),
	 "[gpt-4:2024]:1 [a=b]:2 [a;b]:3 [a#b]:4 [x/y-4.1@2025]:5 [a[b]:6 "},
	{BYTES("[m @ 2026-09-01]\n"), "[m @ 2026-09-01]:1 "},
	{BYTES("[mod\xc3\xa8le]\nk = \xe2\x82\xac\n"), "[mod\xc3\xa8le]:1 k=\xe2\x82\xac:2 "},
	{BYTES("[" NAME49 "]\n"), "[" NAME49 "]:1 "},
	{BYTES("[m]\nk = 3.00 ; USD\n"), "[m]:1 k=3.00:2 "},
	{BYTES("[m]\nk = 3.00\t; USD\n"), "[m]:1 k=3.00:2 "},
	{BYTES("[m]\nk = 3.00\t; \xe2\x82\xac\n"), "[m]:1 k=3.00:2 "},
	{BYTES("[m]\nk = 3.00;x\n"), "[m]:1 k=3.00;x:2 "},
	{BYTES("[m]\nk = 3.00 # x\n"), "[m]:1 k=3.00 # x:2 "},
	{BYTES("[m]\nk;e=3\nk#f=4\n"), "[m]:1 k;e=3:2 k#f=4:3 "},
	{BYTES("[m]\nk=a=b:c\n"), "[m]:1 k=a=b:c:2 "},
	{BYTES("[m]\nsource = https://x.y/z?a=b\n"), "[m]:1 source=https://x.y/z?a=b:2 "},
	{BYTES("[m]\nk  =  a  b  \n"), "[m]:1 k=a  b:2 "},
};

START_TEST(accept)
{
	struct tb_buf out = {0};

	read_ini(accepted[_i].text, &out);
	ck_assert_msg(strcmp(out.p, accepted[_i].entries) == 0, "%s\ngives %s\nexpected %s",
		      accepted[_i].text.p, out.p, accepted[_i].entries);
	tb_buf_release(&out);
}
END_TEST

#define INDENTED                                                                                   \
	"is indented, which INI readers take for a continuation of the line above; remove the "    \
	"blanks at its start"
#define BEHIND    "text behind the section's ]; only a comment ( ; ...) may stand there"
#define NO_ENTRY  "not a key = value line, a [section] or a ; comment"
#define OUTSIDE   "text outside a section; a [NAME] line must come first"
#define BARE_CR   "holds a bare carriage return; end lines with LF or CRLF"
#define HOLDS_NUL "holds a NUL byte; write plain UTF-8 text"
#define EDGE      "blanks at the edge of the section name; write [name]"

static const struct {
	struct tb_span text;
	const char *problems;
} refused[] = {
	{BYTES(""), "r.ini: the file is empty"},
	{BYTES("["), "r.ini:1: '[': section without a closing ]"},
	{BYTES("\n\n"), "r.ini: no [section] in the file"},
	{BYTES("# c\n; d\n"), "r.ini: no [section] in the file"},
	{BYTES("\xef\xbb\xbf"), "r.ini: no [section] in the file"},
	{BYTES("\xff\xfe[\0m\0"), "r.ini: the file is UTF-16, expected UTF-8"},
	{BYTES("\xfe\xff\0[\0m"), "r.ini: the file is UTF-16, expected UTF-8"},
	{BYTES("[\0m\0]\0\n\0"), "r.ini:1: " HOLDS_NUL "\nr.ini:2: " HOLDS_NUL},
	{BYTES("k = v\n[m]\n"), "r.ini:1: 'k = v': " OUTSIDE},
	{BYTES("\xef\xbb\xbf\xef\xbb\xbf[m]\n"), "r.ini:1: '\\ufeff[m]': " OUTSIDE},
	{BYTES("[m]\nk = 1\0 2\n"), "r.ini:2: " HOLDS_NUL},
	{BYTES("[m]\nk = 1\rl = 2\n"), "r.ini:2: " BARE_CR},
	{BYTES("[m]\rk = 1\r"), "r.ini:1: " BARE_CR},
	{BYTES("[m]\nk = 1\r\r\n"), "r.ini:2: " BARE_CR},
	{BYTES("[m]\nk = \x1b[0m\n"), "r.ini:2: holds a control character"},
	{BYTES("[m]\n\fk = 1\n"), "r.ini:2: holds a control character"},
	{BYTES("[m]\n\vk = 1\n"), "r.ini:2: holds a control character"},
	{BYTES("[m]\nk = \x7f\n"), "r.ini:2: holds a control character"},
	{BYTES("[m]\nk = \xff\n"), "r.ini:2: is not valid UTF-8"},
	{BYTES("[m]\n; \xc0\xaf\n"), "r.ini:2: is not valid UTF-8"},
	{BYTES("[\xed\xa0\x80]\n"), "r.ini:1: is not valid UTF-8"},
	{BYTES("[m]\nk = 1\n l = 2\n"), "r.ini:3: " INDENTED},
	{BYTES("[m]\nk = 1\n\tl = 2\n"), "r.ini:3: " INDENTED},
	{BYTES("[m]\nk = 1\n  ; comment\n"), "r.ini:3: " INDENTED},
	{BYTES(" [m]\nk = 1\n"), "r.ini:1: " INDENTED "\nr.ini:2: 'k = 1': " OUTSIDE},
	{BYTES("[m\nk = 1\n"), "r.ini:1: '[m': section without a closing ]"},
	{BYTES("[m] junk\nk = 1\n"), "r.ini:1: '[m] junk': " BEHIND},
	{BYTES("[m]k = 1\n"), "r.ini:1: '[m]k = 1': " BEHIND},
	{BYTES("[a[b]x]\n"), "r.ini:1: '[a[b]x]': " BEHIND},
	{BYTES("[a]b]\n"), "r.ini:1: '[a]b]': " BEHIND},
	{BYTES("[]\n"), "r.ini:1: '[]': section without a name"},
	{BYTES("[ m ]\n"), "r.ini:1: '[ m ]': " EDGE},
	{BYTES("[m ]\n"), "r.ini:1: '[m ]': " EDGE},
	{BYTES("[\tm]\n"), "r.ini:1: '[\\x09m]': " EDGE},
	{BYTES("[ ]\n"), "r.ini:1: '[ ]': " EDGE},
	{BYTES("[a ;b]\n"), "r.ini:1: '[a ;b]': a comment sign inside the section name"},
	{BYTES("[a\t;b]\n"), "r.ini:1: '[a\\x09;b]': a comment sign inside the section name"},
	{BYTES("[a #b]\n"), "r.ini:1: '[a #b]': a comment sign inside the section name"},
	{BYTES("[" NAME49 "0]\n"), "r.ini:1: '[" NAME49 "0]': section name longer than 49 bytes; "
				   "use a shorter name and give the long one in aliases"},
	{BYTES("[m]\nk\n"), "r.ini:2: " NO_ENTRY},
	{BYTES("[m]\nk"), "r.ini:2: " NO_ENTRY},
	{BYTES("[m]\nk\nl = 1\nx\n"), "r.ini:2: " NO_ENTRY "\nr.ini:4: " NO_ENTRY},
	{BYTES("[m]\nk ;= 1\n"), "r.ini:2: " NO_ENTRY},
	{BYTES("[m]\n= 5\n"), "r.ini:2: no key before the = sign"},
	{BYTES("[m]\n: 6\n"), "r.ini:2: no key before the = sign"},
	{BYTES("[m]\nk =\n"), "r.ini:2: k: empty value; leave the line out instead"},
	{BYTES("[m]\nk =  ; nothing\n"), "r.ini:2: k: empty value; leave the line out instead"},
	/* Behind a refused section one message is enough, up to the next. */
	{BYTES("[m\nk\n x\n[n]\nl\n"), "r.ini:1: '[m': section without a closing ]\n"
				       "r.ini:3: " INDENTED "\nr.ini:5: " NO_ENTRY},
};

START_TEST(refuse)
{
	struct tb_buf out = {0};

	read_ini(refused[_i].text, &out);
	ck_assert_msg(strcmp(out.p, refused[_i].problems) == 0, "%s\ngives %s\nexpected %s",
		      refused[_i].text.p, out.p, refused[_i].problems);
	tb_buf_release(&out);
}
END_TEST

/* Lines around the length at which inih begins to split them. */
static const struct {
	const char *begin, *end; /* what stands before and behind the padding */
	size_t length;
	const char *expected;
} lengths[] = {
	{"k = ", "\n", 197, "[m]:1 k="},
	{"k = ", "\n", 198, "[m]:1 k="},
	{"k = ", "\r\n", 198, "[m]:1 k="},
	{"k = ", "", 198, "[m]:1 k="},
	{"k = ", "\n", 199, "r.ini:2: is longer than 198 bytes; "},
	{"k = ", "\r\n", 199, "r.ini:2: is longer than 198 bytes; "},
	{"k = ", "", 199, "r.ini:2: is longer than 198 bytes; "},
	{"; ", "\n", 198, "[m]:1 "},
	{"; ", "output = 0.01\n", 199, "r.ini:2: is longer than 198 bytes; "},
	{"k = ", " 9.99\n", 200, "r.ini:2: is longer than 198 bytes; "},
	{"k = ", "\n", 100000, "r.ini:2: is longer than 198 bytes; "},
};

START_TEST(line_length)
{
	struct tb_buf text = {0}, out = {0};
	const char *expected = lengths[_i].expected;

	tb_buf_printf(&text, "[m]\n%s", lengths[_i].begin);
	while (text.n < lengths[_i].length + 4)
		tb_buf_puts(&text, "x");
	tb_buf_puts(&text, lengths[_i].end);
	read_ini((struct tb_span){text.p, text.n}, &out);
	ck_assert_msg(strncmp(out.p, expected, strlen(expected)) == 0, "%zu bytes: %s",
		      lengths[_i].length, out.p);
	tb_buf_release(&text);
	tb_buf_release(&out);
}
END_TEST

START_TEST(whole_long_value)
{
	struct tb_buf text = {0}, out = {0};

	tb_buf_puts(&text, "[m]\nk = ");
	while (text.n < 4 + 198)
		tb_buf_puts(&text, "7");
	tb_buf_puts(&text, "\nl = 2\n");
	read_ini((struct tb_span){text.p, text.n}, &out);
	ck_assert_uint_eq(strspn(out.p + strlen("[m]:1 k="), "7"), 194);
	ck_assert_ptr_nonnull(strstr(out.p, ":2 l=2:3 "));
	tb_buf_release(&text);
	tb_buf_release(&out);
}
END_TEST

/* So many that memory is asked for in the middle of all kinds of lines. */
enum { MANY = 8000 };

static enum tb_status read_many(void *ctx, struct tb_err *err)
{
	struct tb_problems problems = {0};
	struct tb_ini ini = {0};
	const struct tb_buf *text = ctx;
	enum tb_status st =
		tb_ini_read(&ini, "r.ini", (struct tb_span){text->p, text->n}, &problems, err);

	EXPECT(problems.total == 0, "a problem");
	EXPECT(st != TB_OK || (ini.section_count == MANY && ini.entry_count == 2 * MANY),
	       "not all");
	tb_problems_release(&problems);
	tb_ini_release(&ini);
	return st;
}

START_TEST(out_of_memory)
{
	struct tb_buf text = {0};

	for (int i = 0; i < MANY; i++)
		tb_buf_printf(&text, "[m%d]\nkey-%0*d = %0*d\nother = value\n", i, 40 + i % 50, i,
			      80 - i % 70, i);
	ck_assert_uint_gt(each_allocation_fails(read_many, &text), 10);
	tb_buf_release(&text);
}
END_TEST

Suite *ini_suite(void)
{
	Suite *s = suite_create("ini");

	add_loop(s, "ini/accepted", accept, LENGTH(accepted));
	add_loop(s, "ini/refused", refuse, LENGTH(refused));
	add_loop(s, "ini/line lengths", line_length, LENGTH(lengths));
	add_test(s, "ini/long value", whole_long_value);
	add_test(s, "ini/out of memory", out_of_memory);
	return s;
}
