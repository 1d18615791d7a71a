#include "usage/recognise.h"

#include <string.h>

/* A header, as the names of its columns. */
struct names {
	const char *const *name;
	size_t n;
};

static bool has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (tb_names_alike(tb_span_of(names->name[i]), tb_span_of(name)))
			return true;
	return false;
}

/* How much of one set of a signature is there. */
struct share {
	size_t have, need;
};

static struct share share_of_set(const struct tb_logformat *f, unsigned set,
				 const struct names *names)
{
	struct share s = {0};

	for (const struct tb_logcolumn *c = f->columns; c->name; c++)
		if (c->signs & set) {
			s.need++;
			s.have += has(names, c->name);
		}
	return s;
}

/* The set of which the least is missing; sets are numbered by their bit. */
static unsigned best_set(const struct tb_logformat *f, const struct names *names,
			 struct share *share)
{
	unsigned best = 0;

	*share = (struct share){0};
	for (unsigned set = 1; set < 1u << TB_LOG_SETS; set <<= 1) {
		struct share s = share_of_set(f, set, names);

		if (s.need && (!best || s.need - s.have < share->need - share->have)) {
			best = set;
			*share = s;
		}
	}
	return best;
}

static bool fits(const struct tb_logformat *f, const struct names *names)
{
	struct share s;

	return best_set(f, names, &s) && s.have == s.need;
}

/* Columns of the header that the format has a use for. */
static size_t known(const struct tb_logformat *f, const struct names *names)
{
	size_t n = 0;

	for (size_t i = 0; i < names->n; i++)
		for (const struct tb_logcolumn *c = f->columns; c->name; c++)
			if (tb_names_alike(tb_span_of(c->name), tb_span_of(names->name[i]))) {
				n++;
				break;
			}
	return n;
}

/* The one that knows most columns; another that knows as many is its rival. */
static void choose(struct tb_recognition *r, const struct tb_logformat *const *formats,
		   const struct names *names)
{
	size_t most = 0;

	for (; formats && *formats; formats++) {
		size_t n = fits(*formats, names) ? known(*formats, names) : 0;

		if (n == 0 || n < most)
			continue;
		r->rival = n == most ? r->format : NULL;
		r->format = *formats;
		most = n;
	}
}

static size_t own_fields(const struct names *names)
{
	bool found[TB_ALL_FIELDS] = {false};
	size_t n = 0;

	for (const struct tb_logcolumn *c = tb_log_tokbill.columns; c->name; c++)
		if (!found[c->field] && has(names, c->name)) {
			found[c->field] = true;
			n++;
		}
	return n;
}

/* One column that happens to be called so is no hint; and less than half of a signature is none. */
static void find_nearest(struct tb_recognition *r, const struct tb_logformat *const *formats,
			 const struct names *names, size_t *most)
{
	struct share s;

	for (; formats && *formats; formats++)
		if (best_set(*formats, names, &s) && s.have > 1 && 2 * s.have >= s.need &&
		    s.have > *most) {
			r->nearest = *formats;
			*most = s.have;
		}
}

/* Whether all is there that tokbill's own log must have. */
static bool is_own_log(const struct names *names)
{
	bool found[TB_ALL_FIELDS] = {false};

	for (const struct tb_logcolumn *c = tb_log_tokbill.columns; c->name; c++)
		found[c->field] |= has(names, c->name);
	for (int f = 0; f < TB_FIELDS; f++)
		if (tb_fields[f].required && !found[f])
			return false;
	return true;
}

struct tb_recognition tb_recognise(const char *const *name, size_t n,
				   const struct tb_logformat *const *own)
{
	const struct names names = {name, n};
	struct tb_recognition r = {0};
	size_t most;

	choose(&r, own, &names);
	if (r.format)
		return r;
	choose(&r, tb_logformats, &names);
	/* A format that knows nothing of the own columns would leave out what they say. */
	if (r.format && !r.format->base && !r.rival && is_own_log(&names))
		r.rival = &tb_log_tokbill;
	if (r.format)
		return r;
	r.format = &tb_log_tokbill;
	most = own_fields(&names);
	find_nearest(&r, own, &names, &most);
	find_nearest(&r, tb_logformats, &names, &most);
	return r;
}

void tb_recognise_missing(const struct tb_logformat *f, const char *const *name, size_t n,
			  struct tb_buf *out)
{
	const struct names names = {name, n};
	struct share share;
	unsigned set = best_set(f, &names, &share);
	bool any = false;

	for (const struct tb_logcolumn *c = f->columns; c->name; c++)
		if ((c->signs & set) && !has(&names, c->name)) {
			tb_buf_printf(out, "%s%s", any ? ", " : "", c->name);
			any = true;
		}
}

const struct tb_logformat *tb_logformat_named(const char *name,
					      const struct tb_logformat *const *own)
{
	for (; own && *own; own++)
		if (strcmp((*own)->name, name) == 0)
			return *own;
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

static const char *format_candidate(const void *ctx, size_t i)
{
	const struct tb_logformat *const *own = ctx;

	for (; own && *own; own++)
		if (i-- == 0)
			return (*own)->name;
	return tb_logformats[i] ? tb_logformats[i]->name : NULL;
}

const char *tb_logformat_nearest(const char *name, const struct tb_logformat *const *own)
{
	return tb_nearest(tb_span_of(name), format_candidate, own);
}
