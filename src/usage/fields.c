#include "usage/fields.h"

#include "usage/logformat.h"

#include <string.h>

enum { PART_MIN = 3 }; /* bytes of a name that is looked for in others */

#define WORD(id, word) {word, TB_##id},
#define TIER(id, name) WORD(id, name)

const struct tb_logword tb_own_tier_words[] = {TB_TIER_ROWS(TIER, WORD){0}};

const struct tb_logword tb_own_context_words[] = {
	{"base", TB_BASE},
	{"long", TB_LONG},
	{0},
};

const struct tb_logword tb_yes_no_words[] = {
	{"true", true}, {"false", false}, {"yes", true}, {"no", false},
	{"1", true},    {"0", false},     {0},
};

#define FIELD(id, its_name, its_kind, its_flags, its_meter, whole, its_words, means, when, then)   \
	[TB_FIELD_##id] = {.name = (its_name),                                                     \
			   .kind = TB_READ_##its_kind,                                             \
			   .required = ((its_flags)&TB_FIELD_REQUIRED) != 0,                       \
			   .flags = (its_flags),                                                   \
			   .meter = (its_meter),                                                   \
			   .part_of = TB_FIELD_##whole,                                            \
			   .words = (its_words),                                                   \
			   .meaning = (means),                                                     \
			   .convention = (when),                                                   \
			   .meaning_then = (then)},

const struct tb_field_info tb_fields[TB_ALL_FIELDS] = {TB_OWN_FIELD_ROWS(FIELD, TB_NO_ROW)
							       TB_VENDOR_FIELD_ROWS(FIELD)};

/* Contract section 3; the first name of a field is the one that messages propose. */
#define ALSO(id, its_name)        {.name = (its_name), .field = TB_FIELD_##id},
#define COLUMN(id, its_name, ...) ALSO(id, its_name)

static const struct tb_logcolumn own_columns[] = {TB_OWN_FIELD_ROWS(COLUMN, ALSO){0}};

const struct tb_logformat tb_log_tokbill = {
	.name = "tokbill",
	.title = "tokbill's own usage log",
	.columns = own_columns,
};

enum tb_field tb_field_named(struct tb_span name)
{
	for (int f = 0; f < TB_ALL_FIELDS; f++)
		if (tb_names_alike(name, tb_span_of(tb_fields[f].name)))
			return (enum tb_field)f;
	for (const struct tb_logcolumn *c = own_columns; c->name; c++)
		if (tb_names_alike(name, tb_span_of(c->name)))
			return c->field;
	return TB_FIELD_NONE;
}

static const char *field_candidate(const void *ctx, size_t i)
{
	(void)ctx;
	if (i < TB_ALL_FIELDS)
		return tb_fields[i].name;
	return own_columns[i - TB_ALL_FIELDS].name;
}

/* "output" of output_tokens, and "model_name" around model. */
static bool is_part(struct tb_span part, struct tb_span whole)
{
	for (size_t i = 0; i + part.n <= whole.n; i++)
		if (memcmp(whole.p + i, part.p, part.n) == 0)
			return true;
	return false;
}

const char *tb_field_nearest(struct tb_span name)
{
	const char *near = tb_nearest(name, field_candidate, NULL), *field;

	for (size_t i = 0; !near && name.n >= PART_MIN && (field = field_candidate(NULL, i)); i++)
		if (is_part(name, tb_span_of(field)) || is_part(tb_span_of(field), name))
			near = field;
	return near;
}

const struct tb_logword *tb_logword_find(enum tb_field f, const struct tb_logword *words,
					 struct tb_span text)
{
	bool exact = tb_fields[f].flags & TB_FIELD_EXACT;

	for (; words->text; words++)
		if (text.n && (words->text[0] | 0x20) == (text.p[0] | 0x20) &&
		    (exact ? tb_span_is(text, words->text)
			   : tb_span_equal_nocase(text, tb_span_of(words->text))))
			return words;
	return NULL;
}

/* ---- names in headers ---- */

/* A letter in small, a blank and a hyphen as what joins words. */
static char plain_char(char c)
{
	if (c == ' ' || c == '-')
		return '_';
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool tb_names_alike(struct tb_span a, struct tb_span b)
{
	/* Most are not, by their first letters. */
	if (a.n && b.n && plain_char(a.p[0]) != plain_char(b.p[0]) && a.p[0] > ' ' && b.p[0] > ' ')
		return false;
	a = tb_span_trim(a);
	b = tb_span_trim(b);
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (plain_char(a.p[i]) != plain_char(b.p[i]))
			return false;
	return true;
}
