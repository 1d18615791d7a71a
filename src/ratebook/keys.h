/*
 * keys - what each key of a section means. Known only to what reads sections.
 */
#ifndef TB_KEYS_H
#define TB_KEYS_H

#include "ratebook/prices.h"
#include "ratebook/section.h"

enum { TB_RATE_KEYS_MAX = 256 };

/* One section on its way from text to prices. */
struct tb_section_reader {
	const struct tb_rate_keys *keys;
	const char *file;
	struct tb_arena *arena;
	struct tb_problems *problems;
	struct tb_section *out;
	uint64_t seen[TB_RATE_KEYS_MAX]; /* line of each key, 0 when absent */
	struct tb_raw_prices raw;
	struct tb_uplift uplifts[TB_UPLIFTS_MAX]; /* those of this section */
	struct tb_buf notes;
	struct tb_keytab aliases; /* those of this section */
	bool nomem;
};

struct tb_rate_key {
	/* Takes one value; has named the problem when it returns false. */
	bool (*take)(struct tb_section_reader *r, const struct tb_rate_key *key,
		     const struct tb_ini_entry *e);
	bool repeatable;
	bool in_defaults; /* may stand in [defaults] */
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	int which; /* a tb_card or a tb_threshold */
};

/* The meaning of a key, or NULL. `number` counts the keys, for tb_section_reader.seen. */
const struct tb_rate_key *tb_rate_key_find(const struct tb_rate_keys *k, struct tb_span name,
					   uint32_t *number);

/* The known key nearest to one that is not known, or NULL. */
const char *tb_rate_key_nearest(const struct tb_rate_keys *k, struct tb_span name);

/* Names a problem of an entry's value. Returns false. */
bool tb_section_refuse(struct tb_section_reader *r, const struct tb_ini_entry *e, const char *why);

/* Copies a text into the arena; false when memory is out. */
bool tb_section_keep(struct tb_section_reader *r, const char **to, struct tb_span value);

/* Whether an alias list is separated by this. */
bool tb_rate_separator(char c);

#endif
