#include "ratebook/import_draft.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	LINE = 180, /* bytes of a line that is written; the loader takes some more */
	SHORT_NAME = TB_INI_SECTION_MAX - 9,
};

/* ---- lines of the rate file ---- */

/*
 * A text as a value may hold it: one line, and without the signs that begin a comment behind a
 * value.
 */
static void add_value(struct tb_buf *b, const char *text, size_t n)
{
	struct tb_buf seen = {0};

	tb_buf_visible(&seen, (struct tb_span){text, n}, 0);
	for (size_t i = 0; i < seen.n; i++)
		if (seen.p[i] == ';')
			seen.p[i] = ',';
		else if (seen.p[i] == '#')
			seen.p[i] = '*';
	tb_buf_add(b, seen.p ? seen.p : "", seen.n);
	b->failed |= seen.failed;
	tb_buf_release(&seen);
}

/* How much of a text goes into a line that has room for so many bytes: whole words if possible. */
static size_t part_of(const char *text, size_t room)
{
	size_t n = strlen(text);

	if (n <= room)
		return n;
	n = tb_utf8_prefix(text, room);
	for (size_t i = n; i > room / 2; i--)
		if (text[i] == ' ')
			return i;
	return n;
}

void tb_import_put_lines(struct tb_buf *b, const char *key, const char *text)
{
	struct tb_buf value = {0};

	add_value(&value, text, strlen(text));
	for (const char *p = value.p ? value.p : ""; *p; p += strspn(p, " ")) {
		size_t n = part_of(p, LINE - strlen(key));

		tb_buf_printf(b, "%s = %.*s\n", key, (int)n, p);
		p += n;
	}
	b->failed |= value.failed;
	tb_buf_release(&value);
}

/* A fact has one line; where that is too short, notes say it. */
static void put_fact(struct tb_buf *b, const char *key, const char *text)
{
	struct tb_buf value = {0}, note = {0};

	if (!text || !*text)
		return;
	add_value(&value, text, strlen(text));
	if (value.n < LINE - strlen(key)) {
		tb_buf_printf(b, "%s = %s\n", key, value.p ? value.p : "");
	} else {
		tb_buf_printf(&note, "%s: %s", key, text);
		tb_import_put_lines(b, "note", note.p ? note.p : "");
	}
	b->failed |= value.failed || note.failed;
	tb_buf_release(&value);
	tb_buf_release(&note);
}

void tb_import_put_comment(struct tb_buf *b, const char *what, const char *key, const char *value,
			   const char *reason)
{
	struct tb_buf text = {0};

	tb_buf_visible(&text, tb_span_of(key), LINE / 3);
	if (value && *value) {
		tb_buf_puts(&text, " = ");
		tb_buf_visible(&text, tb_span_of(value), LINE / 6);
	}
	tb_buf_printf(&text, ": %s", reason);
	tb_buf_printf(b, "; %s: ", what);
	tb_buf_add(b, text.p ? text.p : "",
		   tb_utf8_prefix(text.p ? text.p : "", text.n < LINE ? text.n : LINE));
	tb_buf_puts(b, "\n");
	b->failed |= text.failed;
	tb_buf_release(&text);
}

/* ---- from a draft to a section ---- */

static bool has_any(const struct tb_import_draft *d, enum tb_context c)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int m = 0; m < TB_METERS; m++)
			if (d->prices[t][c][m])
				return true;
	return false;
}

/* Where LiteLLM names no price of long contexts, it takes the other one; a rate file must say so.
 */
static void complete_long(struct tb_import_draft *d)
{
	char note[160];

	for (int m = 0; has_any(d, TB_LONG) && m < TB_TOKEN_METERS; m++) {
		if (!d->prices[TB_STANDARD][TB_BASE][m] || d->prices[TB_STANDARD][TB_LONG][m])
			continue;
		d->prices[TB_STANDARD][TB_LONG][m] = d->prices[TB_STANDARD][TB_BASE][m];
		snprintf(note, sizeof(note),
			 "derived: long_%s is %s, for the list has no price of its own for it",
			 tb_meters[m].name, tb_meters[m].name);
		tb_import_put_lines(&d->lines, "note", note);
	}
}

/*
 * A rate file's plain prices are those outside peak hours. What has no price off peak costs the
 * same at all hours, and so do other tiers, of which the list says nothing.
 */
static void complete_peak(struct tb_import_draft *d)
{
	for (int t = 0; d->peak_hours && t < TB_TIERS; t++)
		for (int m = 0; m < TB_TOKEN_METERS; m++) {
			d->prices[t][TB_PEAK][m] = d->prices[t][TB_BASE][m];
			if (t == TB_STANDARD && d->off_peak[m])
				d->prices[t][TB_BASE][m] = d->off_peak[m];
		}
}

/* xAI's prices of long contexts hold from the threshold on, those of others beyond it. */
static const char *threshold_key(const struct tb_import_draft *d)
{
	return d->provider && strcmp(d->provider, "xai") == 0 ? "long_context_from"
							      : "long_context_over";
}

static void put_prices(struct tb_buf *b, const struct tb_import_draft *d)
{
	for (int t = 0; t < TB_TIERS; t++)
		for (int c = 0; c < TB_CONTEXTS; c++) {
			if (t == TB_STANDARD && c == TB_LONG && d->long_tokens)
				tb_buf_printf(b, "%s = %" PRIu64 "\n", threshold_key(d),
					      d->long_tokens);
			if (t == TB_STANDARD && c == TB_PEAK && d->peak_hours)
				tb_buf_printf(b, "peak_hours = %s\n", d->peak_hours);
			for (int m = 0; m < TB_METERS; m++)
				if (d->prices[t][c][m])
					tb_buf_printf(b, "%s%s%s = %s\n", tb_tiers[t].prefix,
						      tb_contexts[c].prefix, tb_meters[m].name,
						      d->prices[t][c][m]);
		}
	for (size_t i = 0; i < d->uplift_count; i++)
		tb_buf_printf(b, "uplift_%s = %s\n", d->uplifts[i].region, d->uplifts[i].percent);
}

/* LiteLLM has no word for batches; prices for them say as much. */
static void complete_capabilities(struct tb_import_draft *d)
{
	bool batch = false;

	for (int c = 0; c < TB_CONTEXTS; c++)
		for (int m = 0; m < TB_METERS; m++)
			batch |= d->prices[TB_BATCH][c][m] != NULL;
	if (batch && d->capabilities.n)
		tb_buf_puts(&d->capabilities, " batchSupport");
}

static void put_modalities(struct tb_buf *b, const struct tb_import_draft *d)
{
	struct tb_buf text = {0};

	if (!d->in && !d->out)
		return;
	tb_buf_printf(&text, "%s -> %s", d->in ? d->in : "text", d->out ? d->out : "text");
	put_fact(b, "modalities", text.p ? text.p : "");
	b->failed |= text.failed;
	tb_buf_release(&text);
}

void tb_import_put_section(struct tb_buf *b, struct tb_import_draft *d, const char *section)
{
	const char *name = d->model->name;

	complete_long(d);
	complete_peak(d);
	complete_capabilities(d);
	tb_buf_printf(b, "[%s]\n", section);
	if (strcmp(section, name) != 0)
		tb_buf_printf(b, "aliases = %s\n", name);
	tb_buf_add(b, d->names.p ? d->names.p : "", d->names.n);
	put_fact(b, "provider", d->provider);
	put_prices(b, d);
	put_fact(b, "context_window", d->window);
	put_modalities(b, d);
	put_fact(b, "capabilities", d->capabilities.n ? d->capabilities.p : NULL);
	put_fact(b, "deprecated", d->deprecated);
	put_fact(b, "source", d->source);
	if (d->notes)
		tb_import_put_lines(b, "note", d->notes);
	tb_buf_add(b, d->lines.p ? d->lines.p : "", d->lines.n);
	b->failed |= d->lines.failed || d->capabilities.failed || d->names.failed;
}

/* A name longer than a section may be is cut, and told apart by a number made of the whole. */
void tb_import_section_name(const char *name, char section[TB_IMPORT_NAME_TEXT])
{
	size_t n = strlen(name);
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (n <= TB_INI_SECTION_MAX) {
		memcpy(section, name, n + 1);
		return;
	}
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	n = tb_utf8_prefix(name, SHORT_NAME);
	snprintf(section, TB_IMPORT_NAME_TEXT, "%.*s~%08" PRIx32, (int)n, name, hash);
}
