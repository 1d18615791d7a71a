/*
 * import_draft - a model of LiteLLM's list on its way to a section of a rate file.
 */
#ifndef TB_IMPORT_DRAFT_H
#define TB_IMPORT_DRAFT_H

#include "base/meter.h"
#include "base/ini.h"
#include "ratebook/litellm.h"

enum {
	TB_IMPORT_UPLIFTS_MAX = 16,
	TB_IMPORT_NAME_TEXT = TB_INI_SECTION_MAX + 1,
};

/* A model on its way to a section. */
struct tb_import_draft {
	const struct tb_litellm_model *model;
	const char *prices[TB_TIERS][TB_CONTEXTS][TB_METERS];
	uint64_t long_tokens;
	const char *provider, *source, *window, *deprecated, *notes, *in, *out;
	struct tb_buf capabilities;
	struct tb_buf names; /* lines of aliases */
	struct tb_buf lines; /* notes and comments that come with prices */
	struct {
		const char *region, *percent;
	} uplifts[TB_IMPORT_UPLIFTS_MAX];
	size_t uplift_count;
	const char *peak_hours;                /* when the prices above hold, if there are others */
	const char *off_peak[TB_TOKEN_METERS]; /* those others */
	bool odd_search_unit; /* searches are counted in another way than one by one */
	const char *refused;  /* why the model as a whole cannot be carried over */
	uint64_t refused_line;
};

/* A name longer than a section's may be is cut, and told apart by a number made of the whole. */
void tb_import_section_name(const char *name, char section[TB_IMPORT_NAME_TEXT]);

/*
 * The section, its missing prices of long contexts completed, and those off peak put in their
 * place.
 */
void tb_import_put_section(struct tb_buf *b, struct tb_import_draft *d, const char *section);

/* A text of any length, in as many lines of that key as it takes. */
void tb_import_put_lines(struct tb_buf *b, const char *key, const char *text);

/* "; WHAT: KEY = VALUE: REASON", cut to a line; `value` may be NULL. */
void tb_import_put_comment(struct tb_buf *b, const char *what, const char *key, const char *value,
			   const char *reason);

#endif
