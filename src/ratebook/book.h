/*
 * book - the price list: models, their price eras, and what a token costs when.
 *
 * Read from rate files (contract section 2) into a book that never changes afterwards: look-ups
 * cannot fail and may run on many threads. Knows nothing about usage logs.
 */
#ifndef TB_BOOK_H
#define TB_BOOK_H

#include "base/meter.h"
#include "base/money.h"
#include "base/problems.h"
#include "ratebook/peak.h"

#include <stdint.h>

/* Facts that change no price, shown to people. */
enum tb_card {
	TB_CARD_NAME,
	TB_CARD_SUMMARY,
	TB_CARD_MODALITIES,
	TB_CARD_CAPABILITIES,
	TB_CARD_STRENGTHS,
	TB_CARD_TRADEOFFS,
	TB_CARD_CONTEXT_WINDOW,
	TB_CARD_TOKENIZER, /* one of tb_encoding_names */
	TB_CARD_LIFECYCLE,
	TB_CARD_RELEASED,
	TB_CARD_DEPRECATED,
	TB_CARD_SHUTDOWN,
	TB_CARD_REPLACEMENT,
	TB_CARD_HOSTS,
	TB_CARD_BENCHMARK,
	TB_CARD_SOURCE,
	TB_CARD_VERIFIED,
	TB_CARD_CONFIDENCE,
	TB_CARD_NOTE, /* several notes are joined by line breaks */
	TB_CARDS
};

extern const char *const tb_card_names[TB_CARDS];

enum tb_threshold { TB_NO_THRESHOLD, TB_LONG_OVER, TB_LONG_FROM };

/* What a region pays on top, for tokens of every meter. */
struct tb_uplift {
	const char *region;
	int percent; /* in 0.01 % */
};

enum { TB_UPLIFTS_MAX = 16 };

/* Which of an era's prices hold for a row of usage. */
struct tb_terms {
	enum tb_tier tier;
	enum tb_context context;
	unsigned uplift; /* 0: none, else 1 + its place among the era's uplifts */
};

/* A line of a section, as it was written. */
struct tb_written {
	const char *key, *value;
	uint64_t line;
};

/* The prices of one model from one instant on. Texts are the book's. */
struct tb_era {
	uint32_t number; /* counts the eras of the book; by model (bytes), then start */
	const char *model;
	const char *provider; /* "" when the file names none */
	char currency[4];
	int64_t start; /* INT64_MIN: from the beginning */

	enum tb_threshold threshold;
	uint64_t long_tokens;

	const struct tb_peak *peak; /* NULL: one price at all hours */
	const char *peak_hours;     /* as written, or NULL */
	const struct tb_uplift *uplifts;
	size_t uplift_count;

	unsigned priced[TB_TIERS][TB_CONTEXTS]; /* set of the meters that have a price */
	const struct tb_price
		*prices[TB_TIERS][TB_CONTEXTS]; /* by meter; NULL where none is priced */

	const char *card[TB_CARDS]; /* NULL when unknown */
	uint64_t window;            /* its `context_window` in tokens; 0: none is known */
	int64_t closed;             /* the end of its `shutdown` day; INT64_MAX: none is known */
	bool lacks_batch;           /* its `capabilities` are listed without batchSupport */
	const char *section;        /* as written between [ and ] */
	const char *file;
	uint64_t line;
	const struct tb_written *written; /* its lines, in their order */
	size_t written_count;
};

/* The section's own line for a key, or NULL; of a key that stands there several times the first. */
const struct tb_written *tb_era_written(const struct tb_era *era, const char *key);

/* The price of a meter, or NULL when it is unpublished: usage that needs it is unpriced. */
const struct tb_price *tb_era_price(const struct tb_era *era, enum tb_tier tier,
				    enum tb_context context, enum tb_meter meter);

/*
 * What a token on the meter costs in the standard tier; where that is unpublished (only a tier
 * has a price), the standard price of input or output, of which the meter is a part.
 */
struct tb_price tb_era_standard_price(const struct tb_era *era, enum tb_context context,
				      enum tb_meter meter);

/*
 * Whether a request is of a long context, or a row of `requests` requests, which is decided by
 * their average. `input` counts all input tokens. Never for an era without long-context prices.
 */
bool tb_era_is_long(const struct tb_era *era, tb_u128 input, uint64_t requests);

/* The region's uplift as in struct tb_terms; letters match in either case. */
unsigned tb_era_uplift(const struct tb_era *era, struct tb_span region);

/* `price` on a meter with an uplift as in struct tb_terms; exact, for the era was checked. */
struct tb_price tb_era_uplifted(const struct tb_era *era, unsigned uplift, enum tb_meter meter,
				struct tb_price price);

struct tb_book;

/* A rate file's bytes; `name` is only used in messages. */
struct tb_rate_source {
	const char *name;
	struct tb_span bytes;
};

/*
 * Reads the sources in order into one book; a later source's [MODEL] replaces the eras of that
 * model in earlier ones. When anything is wrong, all of it is in `problems`, the status is
 * TB_CONFIG and *out is NULL.
 */
TB_MUST_CHECK enum tb_status tb_book_read(const struct tb_rate_source *sources, size_t n,
					  struct tb_book **out, struct tb_problems *problems,
					  struct tb_err *err);

#define TB_BUILTIN_RATES "built-in"

/*
 * The same from files; the path TB_BUILTIN_RATES stands for the rate files that are compiled in.
 * Unless NULL, `sha256` gets the digest of all their bytes, one file after the other.
 */
TB_MUST_CHECK enum tb_status tb_book_load(const char *const *paths, size_t n, struct tb_book **out,
					  char *sha256, struct tb_problems *problems,
					  struct tb_err *err);

/* Whether that path is TB_BUILTIN_RATES, and so no file's. */
bool tb_rates_are_builtin(const char *path);

/* The bytes and the name of the i-th rate file that is compiled in; no bytes after the last. */
struct tb_span tb_builtin_file(size_t i, const char **name);

void tb_book_free(struct tb_book *book);

enum tb_lookup {
	TB_LOOKUP_FOUND,
	TB_LOOKUP_NO_MODEL,  /* the book does not know the name */
	TB_LOOKUP_TOO_EARLY, /* before the model's first era, which is given */
	TB_LOOKUP_NOT_NAMED, /* the era in force, which is given, does not list that alias */
};

/* The era in force for a model name or alias at an instant. */
enum tb_lookup tb_book_find(const struct tb_book *book, struct tb_span name, int64_t instant,
			    const struct tb_era **era);

size_t tb_book_era_count(const struct tb_book *book);
const struct tb_era *tb_book_era(const struct tb_book *book, uint32_t number);

/* The instant at which the era is no longer in force; INT64_MAX for a model's last. */
int64_t tb_book_era_end(const struct tb_book *book, const struct tb_era *era);

/*
 * The names of the book: models and aliases, numbered from 0. Gives the model's own name, or NULL
 * behind the last.
 */
const char *tb_book_name(const struct tb_book *book, size_t number, const char **model);

/*
 * Alias number i, from 0, of the era's model, whichever of its eras list it; NULL behind the last.
 * *holds tells whether it stands for the model in this era.
 */
const char *tb_era_alias(const struct tb_book *book, const struct tb_era *era, size_t i,
			 bool *holds);

/* The known name nearest to one that is not known, or NULL. */
const char *tb_book_nearest(const struct tb_book *book, struct tb_span name);

#endif
