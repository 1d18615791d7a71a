/*
 * fields - what tokbill reads from a log, a row each: its name, what it means, what it counts.
 *
 * Parsing (row.c, convert.c), splitting counts into meters (rules.c), `tokbill formats`, --map and
 * format files all read these rows. A field that logs may have is added by a row here; a vendor's
 * name for one by a row of that vendor's table (logtables.c).
 */
#ifndef TB_FIELDS_H
#define TB_FIELDS_H

#include "base/meter.h"

/* clang-format off */
/*
 *   FIELD(id, name, kind, flags, meter, part_of, words, meaning, convention, meaning_then)
 *   ALSO(id, name)        another name of it in tokbill's own log
 *
 * name           as --map, a format file and messages call it
 * kind           how its text is read: TIME TEXT COUNT WORD AMOUNT
 * flags          TB_FIELD_...
 * meter          that it counts, or TB_METERS
 * part_of        the field whose count contains it, or NONE; wholes stand before their parts
 * words          of a WORD, where the format has none of its own
 * meaning        for `tokbill formats`
 * convention, meaning_then   of a format where it means something else; of a whole: its parts then
 *                            stand apart
 */

/* Those of tokbill's own log, in the order in which a row is checked. */
#define TB_OWN_FIELD_ROWS(FIELD, ALSO) \
	FIELD(TIME, "timestamp", TIME, TB_FIELD_REQUIRED, TB_METERS, NONE, NULL, \
	      "without a zone: --log-tz", 0, NULL) \
	ALSO(TIME, "time") ALSO(TIME, "date") ALSO(TIME, "created_at") ALSO(TIME, "start_time") \
	FIELD(MODEL, "model", TEXT, TB_FIELD_REQUIRED, TB_METERS, NONE, NULL, \
	      "as the rates call it, or one of its aliases", \
	      TB_LOG_VENDOR_PREFIX, "may be called vendor/model") \
	FIELD(INPUT, "input_tokens", COUNT, TB_FIELD_REQUIRED, TB_INPUT, NONE, NULL, \
	      "cached reads and writes included", \
	      TB_LOG_CACHED_APART, "cached reads and writes stand apart") \
	ALSO(INPUT, "prompt_tokens") \
	FIELD(CACHED_READ, "cached_read_tokens", COUNT, 0, TB_CACHED_READ, INPUT, NULL, \
	      "input read from a cache", 0, NULL) \
	ALSO(CACHED_READ, "cached_tokens") ALSO(CACHED_READ, "cached_input_tokens") \
	ALSO(CACHED_READ, "input_cached_tokens") \
	FIELD(CACHE_WRITE, "cache_write_tokens", COUNT, 0, TB_CACHE_WRITE, INPUT, NULL, \
	      "input written to a cache for 5 minutes", 0, NULL) \
	FIELD(CACHE_WRITE_1H, "cache_write_1h_tokens", COUNT, 0, TB_CACHE_WRITE_1H, INPUT, NULL, \
	      "input written to a cache for 1 hour", 0, NULL) \
	FIELD(OUTPUT, "output_tokens", COUNT, TB_FIELD_REQUIRED, TB_OUTPUT, NONE, NULL, \
	      "reasoning included", \
	      TB_LOG_REASONING_ADDED, "reasoning is added") \
	ALSO(OUTPUT, "completion_tokens") \
	FIELD(REASONING, "reasoning_tokens", COUNT, 0, TB_REASONING, OUTPUT, NULL, \
	      "output that is reasoning", 0, NULL) \
	FIELD(BATCH, "batch", WORD, 0, TB_METERS, NONE, tb_yes_no_words, \
	      "whether it was a batch", 0, NULL) \
	FIELD(SERVICE_TIER, "service_tier", WORD, 0, TB_METERS, NONE, tb_own_tier_words, \
	      "the tier it was ordered in", 0, NULL) \
	FIELD(REQUESTS, "requests", COUNT, 0, TB_METERS, NONE, NULL, \
	      "how many requests the row sums", 0, NULL) \
	ALSO(REQUESTS, "num_model_requests") \
	FIELD(CONTEXT, "context", WORD, TB_FIELD_EXACT, TB_METERS, NONE, tb_own_context_words, \
	      "decides the long-context price", 0, NULL) \
	FIELD(ID, "request_id", TEXT, 0, TB_METERS, NONE, NULL, \
	      "tells copies of a request", 0, NULL) \
	FIELD(REGION, "region", TEXT, 0, TB_METERS, NONE, NULL, \
	      "decides the regional uplift", 0, NULL) \
	FIELD(WEB_SEARCHES, "web_searches", COUNT, 0, TB_WEB_SEARCH, NONE, NULL, \
	      "searches, which have a fee of their own", 0, NULL) \
	FIELD(TOTAL, "total_tokens", COUNT, 0, TB_METERS, NONE, NULL, \
	      "must be the sum of the counts", 0, NULL)

/* Those that only vendors' exports have, and users' formats where they may map them. */
#define TB_VENDOR_FIELD_ROWS(FIELD) \
	FIELD(MORE_INPUT, "more_input_tokens", COUNT, TB_FIELD_MAPPED, TB_METERS, NONE, NULL, \
	      "input to be added", 0, NULL) \
	FIELD(WRITES, "cache_writes_total", COUNT, TB_FIELD_MAPPED, TB_METERS, NONE, NULL, \
	      "cache writes of both kinds together", 0, NULL) \
	FIELD(WITH_WRITES, "input_with_cache_writes", COUNT, 0, TB_METERS, NONE, NULL, \
	      "cache writes; the total tells whether with the input", 0, NULL) \
	FIELD(ALL_INPUT, "all_input_tokens", COUNT, 0, TB_METERS, NONE, NULL, \
	      "must be all input of the row", 0, NULL) \
	FIELD(ALL_OUTPUT, "all_output_tokens", COUNT, 0, TB_METERS, NONE, NULL, \
	      "must be all output of the row", 0, NULL) \
	FIELD(UNCACHED, "uncached_input_tokens", COUNT, 0, TB_METERS, NONE, NULL, \
	      "must be the input less what was cached", 0, NULL) \
	FIELD(UNPRICED, "unpriced_tokens", COUNT, TB_FIELD_MAPPED, TB_METERS, NONE, NULL, \
	      "tokens without a price here: rows that have some are set aside", 0, NULL) \
	FIELD(VARIANT, "variant", WORD, 0, TB_METERS, NONE, NULL, \
	      "rows of a variant with a price of its own are set aside", 0, NULL) \
	FIELD(CANCELLED, "cancelled", WORD, TB_FIELD_MAPPED, TB_METERS, NONE, tb_yes_no_words, \
	      "a cancelled request may leave counts out", 0, NULL) \
	FIELD(ANSWERED, "answered_from_cache", WORD, 0, TB_METERS, NONE, NULL, \
	      "rows answered from the gateway's own cache are no usage", 0, NULL) \
	FIELD(REPORTED, "reported_cost", AMOUNT, TB_FIELD_MAPPED, TB_METERS, NONE, NULL, \
	      "what the log says it cost, for --compare", 0, NULL) \
	FIELD(MORE_REPORTED, "more_reported_cost", AMOUNT, 0, TB_METERS, NONE, NULL, \
	      "what was paid elsewhere, added to the reported cost", 0, NULL) \
	FIELD(FEES, "fees", AMOUNT, 0, TB_METERS, NONE, NULL, \
	      "fees beside the tokens: part of the reported cost, and not billed", 0, NULL) \
	FIELD(NOT_CHARGED, "not_charged", WORD, TB_FIELD_LENIENT, TB_METERS, NONE, NULL, \
	      "rows that the vendor does not charge are no usage", 0, NULL) \
	FIELD(CLASS, "token_class", WORD, 0, TB_METERS, NONE, NULL, \
	      "which tokens the amount counts", 0, NULL) \
	FIELD(AMOUNT, "amount", COUNT, 0, TB_METERS, NONE, NULL, \
	      "tokens of that class, or requests", 0, NULL) \
	FIELD(UNIT_PRICE, "unit_price", AMOUNT, 0, TB_METERS, NONE, NULL, \
	      "for one of the amount: what the log says it cost", 0, NULL)

#define TB_FIELD_ID(id, ...) TB_FIELD_##id,

enum tb_field {
	TB_OWN_FIELD_ROWS(TB_FIELD_ID, TB_NO_ROW)
	TB_FIELDS, /* how many those of the own log are */
	TB_LAST_OWN_FIELD = TB_FIELDS - 1,
	TB_VENDOR_FIELD_ROWS(TB_FIELD_ID)
	TB_ALL_FIELDS,
	TB_FIELD_NONE = TB_ALL_FIELDS
};
/* clang-format on */

enum {
	TB_FIELD_REQUIRED = 1, /* a log must have it */
	TB_FIELD_MAPPED = 2,   /* a user's format may read it, as it may all of the own log */
	TB_FIELD_LENIENT = 8,  /* other words than its own are 0 */
	TB_FIELD_EXACT = 4,    /* its words are taken to the letter, not in any case */
};

/* How the text of a field is read. */
enum tb_field_kind {
	TB_READ_TIME,
	TB_READ_TEXT,
	TB_READ_COUNT, /* digits, perhaps with a fraction of zeros: 59200.0 */
	TB_READ_WORD,  /* one of the column's words */
	TB_READ_AMOUNT
};

/* Conventions of a format. */
enum {
	TB_LOG_CACHED_APART = 1,    /* cached reads and writes are not part of the input count */
	TB_LOG_REASONING_ADDED = 2, /* reasoning is not part of the output count */
	TB_LOG_VENDOR_PREFIX = 4,   /* models may be called vendor/model */
	TB_LOG_BLANK_IS_ZERO = 8,   /* counts that are left out are 0 */
	TB_LOG_IDLE_ROWS = 16, /* rows without model and tokens are no usage; they may be short */
	TB_LOG_OVERRIDES = 32, /* its columns are chosen by the user: those of the base give way */
	TB_LOG_SUMS = 64,      /* a row sums requests, and does not say how many */
	TB_LOG_NO_USAGE = 128, /* an export without tokens: it is known only to be named */
	TB_LOG_JSON_TEXTS = 256,     /* texts may be JSON strings, in quotes of their own */
	TB_LOG_GROUPED = 1024,       /* counts may have commas between thousands */
	TB_LOG_EMPTY_ROWS = 2048,    /* rows without any count are no usage */
	TB_LOG_TOTAL_DECIDES = 4096, /* whether reasoning is part of the output, if there is one */
	TB_LOG_TOTAL_OF_ALL = 8192,  /* the total may count searches as well */
	TB_LOG_FLOAT_TIMES = 512,    /* Unix seconds may have a fraction of zeros */
};

struct tb_logword {
	const char *text;
	int value;
};

enum { TB_WORD_UNPRICED = -1 }; /* known, and without a published price */

struct tb_field_info {
	const char *name; /* as --map and a format file call it */
	enum tb_field_kind kind;
	bool required;
	unsigned flags;
	enum tb_meter meter;            /* that it counts, or TB_METERS */
	enum tb_field part_of;          /* the field whose count contains it, or TB_FIELD_NONE */
	const struct tb_logword *words; /* of a word, where the format has none of its own */
	const char *meaning;
	unsigned convention; /* under which it means something else, and its parts stand apart */
	const char *meaning_then;
};

extern const struct tb_field_info tb_fields[TB_ALL_FIELDS];

/* The words of tokbill's own log. */
extern const struct tb_logword tb_own_tier_words[], tb_own_context_words[], tb_yes_no_words[];

/* The word that the text of a field is; NULL when it is none of them. */
const struct tb_logword *tb_logword_find(enum tb_field f, const struct tb_logword *words,
					 struct tb_span text);

/* Whether two names of columns are the same but for case, and for blanks, _ and - in place of each
 * other; blanks around them do not count. */
bool tb_names_alike(struct tb_span a, struct tb_span b);

/*
 * The field that --map and format files call by this name, or by an accepted one of the own log,
 * whatever its case; TB_FIELD_NONE when there is none.
 */
enum tb_field tb_field_named(struct tb_span name);

/* The name nearest to a mistyped one, or NULL. */
const char *tb_field_nearest(struct tb_span name);

#endif
