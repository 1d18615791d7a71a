/*
 * import_take - reading the keys of a model of LiteLLM's list into a draft.
 */
#ifndef TB_IMPORT_TAKE_H
#define TB_IMPORT_TAKE_H

#include "base/keytab.h"
#include "ratebook/import.h"
#include "ratebook/import_draft.h"

/* {"NAME": {"alias_of": "MODEL"}}: NAME is another name of MODEL. */
struct tb_import_alias {
	const char *of, *name;
};

/* A list on its way to a rate file. */
struct tb_importing {
	struct tb_import *out;
	const struct tb_litellm *list;
	struct tb_keytab names;          /* sections and aliases so far */
	struct tb_import_alias *aliases; /* by `of` (bytes) */
	size_t alias_count, alias_cap;
	struct tb_err *err;
	bool nomem;
};

/* Fills the draft from the keys of its model; it is refused where prices would be wrong without a
 * key. */
void tb_import_take_entries(struct tb_importing *im, struct tb_import_draft *d);

/* Only the first reason counts. */
void tb_import_refuse(struct tb_import_draft *d, uint64_t line, const char *why);

/* Notes what is not carried over: of a model, or, without `e`, the whole of it. */
void tb_import_leave_out(struct tb_importing *im, enum tb_left_kind kind,
			 const struct tb_litellm_model *m, const struct tb_litellm_entry *e,
			 const char *reason);

/* A copy that lives as long as the import. */
const char *tb_import_keep(struct tb_importing *im, const char *text);

#endif
