#include "usage/unread.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

/* ---- the words of a name ---- */

enum { WORDS_MAX = 16, WORD_LEN = 16 };

/* In small letters; longer words are cut, for none that is looked for is as long. */
struct words {
	char word[WORDS_MAX][WORD_LEN];
	size_t n;
};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter_or_digit(char c)
{
	return is_upper(c) || is_lower(c) || tb_is_digit(c) || (unsigned char)c >= 0x80;
}

/* "cacheReadTokens" and "APIRequests": whether a word begins at p[0], within one run of letters. */
static bool begins_word(const char *name, const char *p)
{
	if (p == name || !is_upper(*p))
		return false;
	return !is_upper(p[-1]) || is_lower(p[1]);
}

static void split(const char *name, struct words *w)
{
	size_t len = 0;

	*w = (struct words){.n = 0};
	for (const char *p = name; *p; p++) {
		bool inside = is_letter_or_digit(*p);

		if (len && (!inside || begins_word(name, p))) {
			w->n++;
			len = 0;
		}
		if (w->n == WORDS_MAX)
			return;
		if (inside && len + 1 < WORD_LEN)
			w->word[w->n][len] = (char)(is_upper(*p) ? *p | 0x20 : *p);
		len += inside;
	}
	w->n += len != 0;
}

/* Whether the word is in a list of words with blanks between. */
static bool in_list(const char *word, const char *list)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool has_any(const struct words *w, const char *list)
{
	for (size_t i = 0; i < w->n; i++)
		if (in_list(w->word[i], list))
			return true;
	return false;
}

static bool ends_in(const struct words *w, const char *list)
{
	return w->n && in_list(w->word[w->n - 1], list);
}

/* "requests", "request_count" and "n_requests": how many. */
static bool counts_things(const struct words *w, const char *one, const char *many)
{
	return ends_in(w, many) ||
	       (has_any(w, one) && has_any(w, "count counts number num n total"));
}

unsigned tb_unread_kinds(const char *name)
{
	struct words w;
	unsigned kinds = 0;
	bool other_number;

	split(name, &w);
	other_number =
		has_any(&w, "max min limit remaining budget window size per rate price cost usd "
			    "time ms latency id");
	if (!other_number &&
	    (has_any(&w, "cache cached token tokens reasoning thinking thoughts audio image video "
			 "hit") ||
	     counts_things(&w, "request requests", "requests") ||
	     counts_things(&w, "search searches", "searches")))
		kinds |= TB_UNREAD_COUNT;
	if (has_any(&w, "tier mode speed"))
		kinds |= TB_UNREAD_TIER;
	if (has_any(&w, "batch"))
		kinds |= TB_UNREAD_BATCH;
	if (has_any(&w, "geo region location"))
		kinds |= TB_UNREAD_PLACE;
	return kinds;
}

bool tb_unread_is_id(const char *name)
{
	struct words w;

	split(name, &w);
	if (w.n == 1)
		return in_list(w.word[0], "id uuid guid requestid reqid messageid responseid");
	return w.n == 2 && in_list(w.word[1], "id uuid guid") &&
	       in_list(w.word[0], "request req message msg response generation completion call "
				  "event record row log entry");
}

/* ---- which columns ---- */

/* tokbill's own log, by its own names or --map; a format file describes its log. */
static bool is_own_log(const struct tb_columns *c)
{
	return c->format == &tb_log_tokbill ||
	       (c->conventions & TB_LOG_OVERRIDES && c->format->base == &tb_log_tokbill &&
		strcmp(c->format->name, tb_log_tokbill.name) == 0);
}

static bool is_ignored(const struct tb_format_choice *choice, const char *name)
{
	for (size_t i = 0; i < choice->ignored_count; i++)
		if (strcmp(choice->ignored[i], "*") == 0 ||
		    tb_names_alike(tb_span_of(choice->ignored[i]), tb_span_of(name)))
			return true;
	return false;
}

/* Whether the field of that name is read from another column, which --map says. */
static bool gives_way(const struct tb_columns *c, const char *name)
{
	enum tb_field f = tb_field_named(tb_span_of(name));

	return f != TB_FIELD_NONE && tb_columns_reads(c, f);
}

/* False when memory is out. */
static bool watch(struct tb_columns *c, int column, unsigned kinds, const char **one_more)
{
	if (!kinds)
		return true;
	if (c->unread_count == TB_UNREAD_MAX) {
		*one_more = *one_more ? *one_more : c->name[column];
		return true;
	}
	if (!tb_grow(&c->unread, &c->unread_cap, c->unread_count + 1, sizeof(*c->unread)))
		return false;
	c->unread[c->unread_count++] = (struct tb_watched){column, kinds};
	return true;
}

bool tb_unread_watch(struct tb_columns *c, const struct tb_format_choice *choice,
		     const char **one_more)
{
	const unsigned place = TB_UNREAD_PLACE;

	for (size_t i = 0; is_own_log(c) && i < c->count; i++) {
		unsigned kinds = tb_unread_kinds(c->name[i]);

		if (c->wanted[i] || tb_columns_is_own(c->name[i]) ||
		    is_ignored(choice, c->name[i]) || gives_way(c, c->name[i]))
			continue;
		if (tb_columns_reads(c, TB_FIELD_REGION))
			kinds &= ~place;
		if (!watch(c, (int)i, kinds & ~place, one_more) ||
		    !watch(c, (int)i, kinds & place, one_more))
			return false;
		if (c->unread_id == TB_COLUMN_NONE && !tb_columns_reads(c, TB_FIELD_ID) &&
		    tb_unread_is_id(c->name[i]))
			c->unread_id = (int)i;
	}
	for (size_t i = 0; i < c->unread_count; i++)
		c->wanted[c->unread[i].column] = 1;
	return true;
}

/* ---- values ---- */

static size_t digits_at(struct tb_span s, size_t from, bool *above_zero)
{
	size_t n = from;

	while (n < s.n && tb_is_digit(s.p[n])) {
		*above_zero |= s.p[n] != '0';
		n++;
	}
	return n - from;
}

/* "1200", "1,200", "12.5", "1e6"; signs and units make it none. */
static bool is_number_above_zero(struct tb_span s)
{
	bool above_zero = false, exponent_above_zero = false; /* 1e0 is a number too */
	size_t n = digits_at(s, 0, &above_zero);

	if (n == 0)
		return false;
	while (n + 3 < s.n && s.p[n] == ',' && digits_at(s, n + 1, &above_zero) == 3)
		n += 4;
	if (n < s.n && s.p[n] == '.')
		n += 1 + digits_at(s, n + 1, &above_zero);
	if (n + 1 < s.n && (s.p[n] | 0x20) == 'e') {
		n += s.p[n + 1] == '+' || s.p[n + 1] == '-' ? 2 : 1;
		n += digits_at(s, n, &exponent_above_zero);
	}
	return n == s.n && above_zero;
}

static bool is_word_of(struct tb_span s, const char *list)
{
	char word[WORD_LEN];

	if (s.n == 0 || s.n >= sizeof(word))
		return false;
	for (size_t i = 0; i < s.n; i++)
		word[i] = (char)(is_upper(s.p[i]) ? s.p[i] | 0x20 : s.p[i]);
	word[s.n] = '\0';
	return !strchr(word, ' ') && in_list(word, list);
}

static bool is_other_tier(struct tb_span s)
{
	const struct tb_logword *w = tb_logword_find(TB_FIELD_SERVICE_TIER, tb_own_tier_words, s);

	return (w && w->value != TB_STANDARD) || is_word_of(s, "fast");
}

/* "us", "EU", "us-east-1", "europe-west4": a place, not "global" or "default". */
static bool is_place(struct tb_span s)
{
	size_t n = 0;

	while (n < s.n && (is_upper(s.p[n]) || is_lower(s.p[n])))
		n++;
	if (n < s.n && is_letter_or_digit(s.p[n]))
		return false;
	return is_word_of((struct tb_span){s.p, n},
			  "us usa eu uk gb au ap apac asia ca in jp kr sg br sa me il za af de fr "
			  "ch it es se europe australia canada india japan northamerica");
}

bool tb_unread_holds(unsigned kinds, struct tb_span value)
{
	if (value.n == 0 || (value.n == 1 && value.p[0] == '0'))
		return false;
	return (kinds & TB_UNREAD_COUNT && is_number_above_zero(value)) ||
	       (kinds & TB_UNREAD_TIER && is_other_tier(value)) ||
	       (kinds & TB_UNREAD_BATCH && is_word_of(value, "batch true yes 1")) ||
	       (kinds & TB_UNREAD_PLACE && is_place(value));
}

/* ---- rows ---- */

void tb_unread_note(const struct tb_columns *c, const struct tb_span *cells, uint64_t line,
		    struct tb_unread_notes *notes)
{
	for (size_t i = 0; i < c->unread_count; i++) {
		struct tb_span value = cells[c->unread[i].column];

		if (notes->line[i] || !tb_unread_holds(c->unread[i].kinds, value))
			continue;
		notes->line[i] = line;
		snprintf(notes->value[i], sizeof(notes->value[i]), "%.*s", (int)value.n, value.p);
	}
}

void tb_unread_merge(struct tb_unread_notes *into, const struct tb_unread_notes *from)
{
	for (size_t i = 0; i < TB_UNREAD_MAX; i++)
		if (from->line[i] && (!into->line[i] || from->line[i] < into->line[i])) {
			into->line[i] = from->line[i];
			memcpy(into->value[i], from->value[i], sizeof(into->value[i]));
		}
}

/* ---- what is said ---- */

static enum tb_field likely_field(const struct words *w)
{
	if (has_any(w, "cache cached")) {
		if (has_any(w, "write writes written creation created"))
			return has_any(w, "1h hour") ? TB_FIELD_CACHE_WRITE_1H
						     : TB_FIELD_CACHE_WRITE;
		return has_any(w, "miss misses") ? TB_FIELD_NONE : TB_FIELD_CACHED_READ;
	}
	if (has_any(w, "reasoning thinking thoughts"))
		return TB_FIELD_REASONING;
	if (has_any(w, "search searches"))
		return TB_FIELD_WEB_SEARCHES;
	if (has_any(w, "request requests"))
		return TB_FIELD_REQUESTS;
	if (has_any(w, "batch"))
		return TB_FIELD_BATCH;
	if (has_any(w, "tier speed"))
		return TB_FIELD_SERVICE_TIER;
	return has_any(w, "geo region location") ? TB_FIELD_REGION : TB_FIELD_NONE;
}

enum tb_field tb_unread_field(const struct tb_columns *c, const char *name)
{
	struct words w;
	enum tb_field f;

	split(name, &w);
	f = likely_field(&w);
	return f != TB_FIELD_NONE && tb_columns_reads(c, f) ? TB_FIELD_NONE : f;
}

/* The quotes that a shell wants around the name, or none. */
static const char *quote_for(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!is_upper(*p) && !is_lower(*p) && !tb_is_digit(*p) && *p != '_' && *p != '.' &&
		    *p != '-')
			return "'";
	return "";
}

/* "--map cached_read_tokens=cache_read, a format file, or --ignore cache_read" */
static void add_ways(const struct tb_columns *c, const char *name, struct tb_buf *out)
{
	enum tb_field f = tb_unread_field(c, name);
	const char *q = quote_for(name);

	tb_buf_printf(out, "--map %s%s=%s%s reads it", q,
		      f == TB_FIELD_NONE ? "FIELD" : tb_fields[f].name, name, q);
	if (f != TB_FIELD_NONE && tb_fields[f].part_of == TB_FIELD_INPUT)
		tb_buf_puts(out, " as part of the input (where it stands apart: a format file with "
				 "cached = apart)");
	else
		tb_buf_puts(out, ", a format file describes the log");
	tb_buf_printf(out, ", --ignore %s%s%s leaves it out", q, name, q);
}

static void refuse_column(const struct tb_columns *c, size_t i, const struct tb_unread_notes *notes,
			  const char *file, struct tb_problems *problems)
{
	const char *name = c->name[c->unread[i].column];
	struct tb_buf ways = {0};
	struct tb_problem p;

	add_ways(c, name, &ways);
	tb_problem_set(&p, name, tb_span_of(notes->value[i]),
		       "is usage by its name, and is not read; %s", ways.failed ? "" : ways.p);
	tb_problems_add(problems, file, notes->line[i], &p);
	tb_buf_release(&ways);
}

enum tb_status tb_unread_refuse(const struct tb_columns *c, const struct tb_unread_notes *notes,
				const char *file, struct tb_problems *problems, struct tb_err *err)
{
	bool any = false;

	for (size_t i = 0; i < c->unread_count; i++) {
		if (!notes->line[i] || c->unread[i].kinds == TB_UNREAD_PLACE)
			continue;
		refuse_column(c, i, notes, file, problems);
		any = true;
	}
	return any ? tb_fail(err, TB_DATA, "%s: holds usage that is not read", file) : TB_OK;
}

static void warn_of(const char *name, const char *what, const char *file,
		    void (*warn)(void *ctx, const char *text), void *ctx)
{
	struct tb_buf text = {0};
	const char *q = quote_for(name);

	tb_buf_printf(&text, "%s: column '", file);
	tb_buf_visible(&text, tb_span_of(name), 0);
	tb_buf_printf(&text, "' %s; --ignore %s%s%s leaves it out", what, q, name, q);
	if (!text.failed)
		warn(ctx, text.p);
	tb_buf_release(&text);
}

void tb_unread_warn(const struct tb_columns *c, const struct tb_unread_notes *notes,
		    const char *file, void (*warn)(void *ctx, const char *text), void *ctx)
{
	char what[200];

	for (size_t i = 0; i < c->unread_count; i++)
		if (notes->line[i] && c->unread[i].kinds == TB_UNREAD_PLACE) {
			const char *name = c->name[c->unread[i].column];

			snprintf(what, sizeof(what),
				 "holds '%.20s' (line %llu) and is not read: --map region=%.60s "
				 "where prices depend on the region",
				 notes->value[i], (unsigned long long)notes->line[i], name);
			warn_of(name, what, file, warn, ctx);
		}
	if (c->unread_id != TB_COLUMN_NONE) {
		snprintf(what, sizeof(what),
			 "looks like an id and is not read: --map request_id=%.60s finds copies "
			 "of a request",
			 c->name[c->unread_id]);
		warn_of(c->name[c->unread_id], what, file, warn, ctx);
	}
}
