/*
 * section - one section of a rate file: its keys, its start, and its prices worked out.
 */
#ifndef TB_SECTION_H
#define TB_SECTION_H

#include "base/keytab.h"
#include "ratebook/book.h"
#include "base/ini.h"

/* Every key a rate file may hold; made once for all files. */
struct tb_rate_keys {
	struct tb_keytab names;
	struct tb_rate_key *keys; /* by the name's number */
};

TB_MUST_CHECK enum tb_status tb_rate_keys_init(struct tb_rate_keys *k, struct tb_err *err);
void tb_rate_keys_release(struct tb_rate_keys *k);

/*
 * A section that was read, before eras inherit from each other. Its texts are the arena's or stand
 * in that of the INI, which must live as long.
 */
struct tb_section {
	struct tb_era era; /* provider NULL and currency "" when not given here */
	struct tb_span *aliases;
	size_t alias_count, alias_cap;
	bool defaults; /* the [defaults] section: only its currency counts */
};

/*
 * Reads section number `index`. Everything wrong is added to `problems`. Fails only when memory
 * is out. The caller releases the section either way.
 */
TB_MUST_CHECK enum tb_status tb_section_read(const struct tb_rate_keys *keys,
					     const struct tb_ini *ini, size_t index,
					     const char *file, struct tb_arena *arena,
					     struct tb_problems *problems, struct tb_section *out,
					     struct tb_err *err);
void tb_section_release(struct tb_section *s);

#endif
