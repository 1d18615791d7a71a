/*
 * logformat - the log formats that tokbill reads, as data.
 *
 * A format is a list of columns: the name in the header, and what it feeds. Adding a vendor's
 * export is adding a table (logtables.c, vendortables.c); recognising a log, turning its rows into
 * records, `tokbill formats` and every message about columns read these tables and nothing else.
 */
#ifndef TB_LOGFORMAT_H
#define TB_LOGFORMAT_H

#include "base/text.h"

struct tb_zone;

/* What tokbill reads from a log. The first ones are those of its own log (contract section 3). */
enum tb_field {
	TB_FIELD_TIME,
	TB_FIELD_MODEL,
	TB_FIELD_INPUT,
	TB_FIELD_CACHED_READ,
	TB_FIELD_CACHE_WRITE,
	TB_FIELD_CACHE_WRITE_1H,
	TB_FIELD_OUTPUT,
	TB_FIELD_REASONING,
	TB_FIELD_BATCH,
	TB_FIELD_SERVICE_TIER,
	TB_FIELD_REQUESTS,
	TB_FIELD_CONTEXT,
	TB_FIELD_ID,
	TB_FIELD_REGION,
	TB_FIELD_WEB_SEARCHES,
	TB_FIELDS,

	/* Only vendors' exports have these. */
	TB_FIELD_MORE_INPUT = TB_FIELDS, /* input beside TB_FIELD_INPUT */
	TB_FIELD_WRITES,                 /* cache writes of both kinds together */
	TB_FIELD_WITH_WRITES,            /* Cursor: cache writes, with or without the input */
	TB_FIELD_TOTAL,                  /* all tokens of the row */
	TB_FIELD_ALL_INPUT,              /* all input of the row, told once more */
	TB_FIELD_ALL_OUTPUT,             /* all output of the row, told once more */
	TB_FIELD_UNCACHED,               /* input that was not read from a cache, told once more */
	TB_FIELD_UNPRICED,               /* tokens that no rate file has a price for */
	TB_FIELD_VARIANT,                /* of the model or the service; most have no price here */
	TB_FIELD_CANCELLED,              /* whether it broke off: counts may be missing */
	TB_FIELD_ANSWERED,               /* whether a gateway's own cache gave the answer */
	TB_FIELD_REPORTED,               /* what the vendor says that the row costs */
	TB_FIELD_CLASS,                  /* which field TB_FIELD_AMOUNT is of */
	TB_FIELD_AMOUNT,
	TB_FIELD_UNIT_PRICE, /* what the vendor took for one of TB_FIELD_AMOUNT */
	TB_ALL_FIELDS
};

/* How the text of a field is read. */
enum tb_field_kind {
	TB_READ_TIME,
	TB_READ_TEXT,
	TB_READ_COUNT, /* digits; in exports also 59200.0 */
	TB_READ_WORD,  /* one of the column's words */
	TB_READ_AMOUNT
};

struct tb_field_info {
	const char *name; /* as --map and a format file call it */
	enum tb_field_kind kind;
	bool required;
};

extern const struct tb_field_info tb_fields[TB_ALL_FIELDS];

enum { TB_WORD_UNPRICED = -1 }; /* known, and without a published price */

struct tb_logword {
	const char *text;
	int value;
};

struct tb_logcolumn {
	const char *name; /* in the header, exactly */
	enum tb_field field;
	unsigned char signs; /* sets of the signature that it belongs to, a bit for each */
	const char *path;    /* in the JSON object that the column holds, such as usage.input;
			      * "*" behind all others is whatever they do not name */
	const struct tb_logword *words; /* ends with a NULL text */
};

/* Conventions. */
enum {
	TB_LOG_CACHED_APART = 1,    /* cached reads and writes are not part of the input count */
	TB_LOG_REASONING_ADDED = 2, /* reasoning is not part of the output count */
	TB_LOG_VENDOR_PREFIX = 4,   /* models may be called vendor/model */
	TB_LOG_BLANK_IS_ZERO = 8,   /* counts that are left out are 0 */
	TB_LOG_IDLE_ROWS = 16, /* rows without model and tokens are no usage; they may be short */
	TB_LOG_OVERRIDES = 32, /* its columns are chosen by the user: those of the base give way */
	TB_LOG_JSON_TEXTS = 256, /* texts may be JSON strings, in quotes of their own */
	TB_LOG_NO_USAGE = 128,   /* an export that holds no tokens: it is only known to be told */
	TB_LOG_SUMS = 64,        /* a row sums requests, and does not say how many */
};

enum { TB_LOG_SETS = 8 }; /* of columns that make a signature */

struct tb_logformat {
	const char *name;  /* for --format */
	const char *title; /* what a person calls it */
	/*
	 * Ends with a NULL name. Where several feed one field, the first that is not empty in a
	 * row counts; TB_FIELD_UNPRICED takes them all.
	 */
	const struct tb_logcolumn *columns;
	const struct tb_logformat *base; /* whose columns serve for the other fields, or NULL */
	unsigned conventions;
	const struct tb_zone *zone; /* of times without one; NULL is that of the run */
	const char *note;           /* what a reader of the bill should know, or NULL */
};

/* tokbill's own log, which a log is when it is nothing else. */
extern const struct tb_logformat tb_log_tokbill;

/* All formats, tokbill's own first; ends with NULL. */
extern const struct tb_logformat *const tb_logformats[];

/* The words of tiers in vendors' exports. */
extern const struct tb_logword tb_tier_words[], tb_context_words[], tb_yes_no_words[];

/* The field that --map and format files call by this name, or by an accepted one of the own log;
 * TB_ALL_FIELDS when there is none. */
enum tb_field tb_field_named(struct tb_span name);

/* The name nearest to a mistyped one, or NULL. */
const char *tb_field_nearest(struct tb_span name);

/* The columns of a format and of its base, one after the other; NULL behind the last. */
const struct tb_logcolumn *tb_logformat_column(const struct tb_logformat *f, size_t i);

/* The column's text among its words; NULL when it is not. */
const struct tb_logword *tb_logword_find(const struct tb_logword *words, struct tb_span text);

#endif
