#include "base/ini.h"

#include <ini.h>

#include <stdlib.h>
#include <string.h>

/* What the reader and the handler share; inih calls them in turn. */
struct guard {
	struct tb_ini *ini;
	const char *name;
	struct tb_span left; /* not yet handed to inih */
	uint64_t line;
	bool in_section;     /* false before the first one and behind a refused one */
	bool before_section; /* no section line was seen yet */
	bool entry_due;      /* the last line handed over should have given an entry */
	bool nomem;
	bool plain; /* every byte is one that needs no look line by line */
	struct tb_problems *problems;
};

static void refuse(struct guard *g, const char *column, struct tb_span value, const char *why)
{
	struct tb_problem p;

	tb_problem_set(&p, column, value, "%s", why);
	tb_problems_add(g->problems, g->name, g->line, &p);
	if (g->in_section)
		g->ini->sections[g->ini->section_count - 1].damaged = true;
}

/* The next physical line without its line end. */
static struct tb_span take_line(struct guard *g)
{
	const char *end = memchr(g->left.p, '\n', g->left.n);
	struct tb_span line = {g->left.p, end ? (size_t)(end - g->left.p) : g->left.n};
	size_t taken = line.n + (end ? 1 : 0);

	g->left.p += taken;
	g->left.n -= taken;
	g->line++;
	if (end && line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static bool has_control(struct tb_span line)
{
	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

/* Whether one of eight bytes is not printable ASCII: a line feed and a tab count as such too. */
static bool has_odd_byte(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;

	return (eight | (eight + ones) | ((eight - ones * 0x20) & ~eight)) & highs;
}

static bool is_printable(struct tb_span bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c > 0x7e)
			return false;
	}
	return true;
}

/* Whether all is printable ASCII, blanks and line feeds; eight bytes at a time where they are. */
static bool is_plain(struct tb_span bytes)
{
	uint64_t eight;
	size_t i = 0;

	for (; bytes.n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, bytes.p + i, sizeof(eight));
		if (has_odd_byte(eight) &&
		    !is_printable((struct tb_span){bytes.p + i, sizeof(eight)}))
			return false;
	}
	return is_printable((struct tb_span){bytes.p + i, bytes.n - i});
}

/* NULL, or why the bytes of a line cannot be handed on, whatever they say. */
static const char *bytes_fault(struct tb_span line)
{
	if (memchr(line.p, '\0', line.n))
		return "holds a NUL byte; write plain UTF-8 text";
	if (memchr(line.p, '\r', line.n))
		return "holds a bare carriage return; end lines with LF or CRLF";
	if (has_control(line))
		return "holds a control character";
	if (tb_utf8_prefix(line.p, line.n) != line.n)
		return "is not valid UTF-8";
	return NULL;
}

static const char *line_fault(const struct guard *g, struct tb_span line)
{
	const char *why = g->plain ? NULL : bytes_fault(line);

	if (why)
		return why;
	if (line.n > TB_INI_LINE_MAX)
		return "is longer than 198 bytes; split it (note and aliases may be repeated)";
	if (line.n && (line.p[0] == ' ' || line.p[0] == '\t') && tb_span_trim(line).n)
		return "is indented, which INI readers take for a continuation of the line above; "
		       "remove the blanks at its start";
	return NULL;
}

/* "[name]", perhaps with a comment behind it; NULL and the name, or why not. */
static const char *section_fault(struct tb_span line, struct tb_span *name)
{
	const char *end = memchr(line.p, ']', line.n);
	struct tb_span behind;

	if (!end)
		return "section without a closing ]";
	*name = (struct tb_span){line.p + 1, (size_t)(end - line.p) - 1};
	behind = tb_span_trim((struct tb_span){end + 1, line.n - name->n - 2});
	if (behind.n && behind.p[0] != ';' && behind.p[0] != '#')
		return "text behind the section's ]; only a comment ( ; ...) may stand there";
	if (name->n == 0)
		return "section without a name";
	if (tb_span_trim(*name).n != name->n)
		return "blanks at the edge of the section name; write [name]";
	if (name->n > TB_INI_SECTION_MAX)
		return "section name longer than 49 bytes; use a shorter name and give the long one "
		       "in aliases";
	for (size_t i = 1; i < name->n; i++)
		if ((name->p[i] == ';' || name->p[i] == '#') &&
		    (name->p[i - 1] == ' ' || name->p[i - 1] == '\t'))
			return "a comment sign inside the section name";
	return NULL;
}

static void take_section(struct guard *g, struct tb_span line)
{
	struct tb_span name;
	const char *why = section_fault(line, &name);
	char *copy;

	g->before_section = false;
	g->in_section = false;
	if (why) {
		refuse(g, NULL, line, why);
		return;
	}
	copy = tb_arena_text(&g->ini->arena, name.p, name.n);
	if (!copy || !tb_grow(&g->ini->sections, &g->ini->section_cap, g->ini->section_count + 1,
			      sizeof(*g->ini->sections))) {
		g->nomem = true;
		return;
	}
	g->ini->sections[g->ini->section_count++] = (struct tb_ini_section){
		.name = {copy, name.n}, .line = g->line, .first_entry = g->ini->entry_count};
	g->in_section = true;
}

static void check_entry_came(struct guard *g)
{
	if (g->entry_due)
		refuse(g, NULL, TB_NO_SPAN, "not a key = value line, a [section] or a ; comment");
	g->entry_due = false;
}

/* Decides what inih gets to see of a line: a key line as it is, all else as an empty line. */
static struct tb_span inspect_line(struct guard *g)
{
	static const struct tb_span nothing = {"", 0};
	struct tb_span line = take_line(g);
	const char *why = line_fault(g, line);

	if (why) {
		refuse(g, NULL, TB_NO_SPAN, why);
		return nothing;
	}
	if (line.n == 0 || tb_span_trim(line).n == 0 || line.p[0] == ';' || line.p[0] == '#')
		return nothing;
	if (line.p[0] == '[') {
		take_section(g, line);
		return nothing;
	}
	if (g->before_section) {
		refuse(g, NULL, line, "text outside a section; a [NAME] line must come first");
		return nothing;
	}
	if (!g->in_section) /* behind a refused section: one message is enough */
		return nothing;
	g->entry_due = true;
	return line;
}

/* An fgets for inih. */
static char *guard_reader(char *str, int size, void *stream)
{
	struct guard *g = stream;
	struct tb_span line;

	check_entry_came(g);
	if (g->nomem || g->left.n == 0)
		return NULL;
	line = inspect_line(g);
	if (line.n + 2 > (size_t)size) /* inih was built with a smaller buffer than Debian's */
		line.n = 0;
	memcpy(str, line.p, line.n);
	memcpy(str + line.n, "\n", 2);
	return str;
}

static int guard_handler(void *user, const char *section, const char *key, const char *value)
{
	struct guard *g = user;
	struct tb_ini *ini = g->ini;
	struct tb_ini_entry e = {.line = g->line, .section = ini->section_count - 1};
	size_t key_len = strlen(key), value_len = strlen(value);

	(void)section; /* the guard knows it better: inih keeps the previous one on errors */
	g->entry_due = false;
	if (key_len == 0) {
		refuse(g, NULL, TB_NO_SPAN, "no key before the = sign");
		return 1;
	}
	e.key = (struct tb_span){tb_arena_text(&ini->arena, key, key_len), key_len};
	e.value = (struct tb_span){tb_arena_text(&ini->arena, value, value_len), value_len};
	if (!e.key.p || !e.value.p ||
	    !tb_grow(&ini->entries, &ini->entry_cap, ini->entry_count + 1, sizeof(e))) {
		g->nomem = true;
		return 1;
	}
	if (value_len == 0)
		refuse(g, e.key.p, TB_NO_SPAN, "empty value; leave the line out instead");
	ini->entries[ini->entry_count++] = e;
	return 1;
}

/* What makes a file unreadable as a whole; NULL when nothing does. */
static const char *file_fault(struct tb_span bytes)
{
	if (bytes.n == 0)
		return "the file is empty";
	if (bytes.n >= 2 &&
	    (memcmp(bytes.p, "\xff\xfe", 2) == 0 || memcmp(bytes.p, "\xfe\xff", 2) == 0))
		return "the file is UTF-16, expected UTF-8";
	return NULL;
}

enum tb_status tb_ini_read(struct tb_ini *ini, const char *name, struct tb_span bytes,
			   struct tb_problems *problems, struct tb_err *err)
{
	struct guard g = {.ini = ini,
			  .name = name,
			  .left = bytes,
			  .before_section = true,
			  .problems = problems};
	uint64_t before = problems->total;
	const char *why = file_fault(bytes);
	int rc;

	if (why) {
		tb_problems_note(problems, name, 0, "%s", why);
		return TB_OK;
	}
	if (tb_span_starts(bytes, "\xef\xbb\xbf"))
		g.left = (struct tb_span){bytes.p + 3, bytes.n - 3};
	g.plain = is_plain(g.left);
	rc = ini_parse_stream(guard_reader, &g, guard_handler, &g);
	check_entry_came(&g);
	if (g.nomem || rc == -2)
		return tb_fail_nomem(err);
	if (problems->total == before && rc != 0)
		tb_problems_note(problems, name, rc > 0 ? (uint64_t)rc : 0,
				 "cannot be read as INI");
	else if (problems->total == before && ini->section_count == 0)
		tb_problems_note(problems, name, 0, "no [section] in the file");
	return TB_OK;
}

void tb_ini_release(struct tb_ini *ini)
{
	tb_arena_release(&ini->arena);
	free(ini->sections);
	free(ini->entries);
	*ini = (struct tb_ini){0};
}
