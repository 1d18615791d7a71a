/*
 * unread - columns of tokbill's own log that no field is read from, though by their names and their
 * values they are usage. Passing them over would make the bill wrong without a word.
 *
 * The header says which columns are to be watched (tb_unread_watch); the first row in which one
 * holds usage is noted (tb_unread_note), and at the end of the log told (tb_unread_refuse).
 */
#ifndef TB_UNREAD_H
#define TB_UNREAD_H

#include "usage/columns.h"

/* What a column is watched for, as a set: by words of its name. */
enum {
	TB_UNREAD_COUNT = 1, /* cached_input, thinkingTokens, n_requests: a number above 0 */
	TB_UNREAD_TIER = 2,  /* processing_tier, mode: a tier other than standard */
	TB_UNREAD_BATCH = 4, /* is_batch: batch, true, yes, 1 */
	TB_UNREAD_PLACE = 8, /* inference_geo: us, eu-west-1; it may decide the price */
};

enum { TB_UNREAD_VALUE = 40 };

/* The first rows that hold usage in the columns watched, by their number in the header's list;
 * line 0 is none. Zeroed is empty. */
struct tb_unread_notes {
	uint64_t line[TB_UNREAD_MAX];
	char value[TB_UNREAD_MAX][TB_UNREAD_VALUE];
};

/*
 * Fills in the columns to be watched, once the others are bound. None are in a vendor's export, nor
 * where a format file describes the log. False when memory is out; *one_more names a column beyond
 * TB_UNREAD_MAX.
 */
TB_MUST_CHECK bool tb_unread_watch(struct tb_columns *c, const struct tb_format_choice *choice,
				   const char **one_more);

/* What a column of that name is watched for; 0 for nothing. */
unsigned tb_unread_kinds(const char *name);

/* Whether the value is usage, in a column watched for `kinds`. */
bool tb_unread_holds(unsigned kinds, struct tb_span value);

/* Whether a column of that name tells rows apart, as request_id does. */
bool tb_unread_is_id(const char *name);

/* A field that such a column is most likely to be of; TB_FIELD_NONE when that is not clear, or when
 * another column feeds it. */
enum tb_field tb_unread_field(const struct tb_columns *c, const char *name);

/* Notes what row number `line` holds in columns that are watched. */
void tb_unread_note(const struct tb_columns *c, const struct tb_span *cells, uint64_t line,
		    struct tb_unread_notes *notes);

/* Keeps of each column the first row. */
void tb_unread_merge(struct tb_unread_notes *into, const struct tb_unread_notes *from);

/* At the end of a log: TB_DATA when a column held usage, each of them a problem. */
TB_MUST_CHECK enum tb_status tb_unread_refuse(const struct tb_columns *c,
					      const struct tb_unread_notes *notes, const char *file,
					      struct tb_problems *problems, struct tb_err *err);

/* What may change the bill and is not read: places, and ids. Calls warn(ctx, text) for each. */
void tb_unread_warn(const struct tb_columns *c, const struct tb_unread_notes *notes,
		    const char *file, void (*warn)(void *ctx, const char *text), void *ctx);

#endif
