/*
 * model - a report: its rows, its totals, and the facts of the run. As a sheet: report_sheet.h.
 *
 * Made from a tally and the book; where the tally came from does not matter. Rows are worked out
 * one at a time, in their order, so a report may have millions of them.
 */
#ifndef TB_MODEL_H
#define TB_MODEL_H

#include "base/mem.h"
#include "billing/charge.h"
#include "billing/facts.h"
#include "billing/tally.h"

enum tb_count {
	TB_COUNT_REQUESTS,
	TB_COUNT_INPUT, /* cached reads and writes included */
	TB_COUNT_CACHED_READ,
	TB_COUNT_CACHE_WRITE, /* both kinds */
	TB_COUNT_OUTPUT,      /* reasoning included */
	TB_COUNT_BATCH,       /* input and output of batch rows */
	TB_COUNT_QUANTITY,    /* of the meter; only where rows are detailed */
	TB_COUNTS
};

/* Texts that only detailed rows have; they come after those of the group. */
enum tb_detail {
	TB_DETAIL_METER,
	TB_DETAIL_UNIT,
	TB_DETAIL_TIER,
	TB_DETAIL_CONTEXT,
	TB_DETAIL_REGION, /* whose uplift is in the price */
	TB_DETAIL_SECTION,
	TB_DETAIL_FROM, /* when the section's prices came into force; empty: the beginning */
	TB_DETAIL_FILE,
	TB_DETAIL_SOURCE,
	TB_DETAIL_VERIFIED,
	TB_DETAIL_CONFIDENCE,
	TB_DETAILS
};

/* Amounts that only some reports have, and some of their rows. */
enum tb_extra {
	TB_EXTRA_PRICE,            /* per 1,000,000 of the meter; a price, never rounded */
	TB_EXTRA_PEAK_SURCHARGE,   /* part of the cost */
	TB_EXTRA_REGION_SURCHARGE, /* part of the cost */
	TB_EXTRA_FEES,             /* part of the cost */
	TB_EXTRA_REPORTED,         /* what the log says that its rows cost */
	TB_EXTRA_DIFFERENCE,       /* cost less reported cost, of the rows that have both */
	TB_EXTRAS
};

enum { TB_REPORT_TEXTS = TB_GROUP_COLUMNS_MAX + TB_DETAILS };

struct tb_report_row {
	int32_t period; /* its first day, where rows have one */
	struct tb_span texts[TB_REPORT_TEXTS];
	tb_u128 counts[TB_COUNTS];
	struct tb_charge charge; /* exact */
	struct tb_money extras[TB_EXTRAS];
	unsigned has_extra;      /* bit of each that the row has */
	char from[TB_DATE_TEXT]; /* the text of TB_DETAIL_FROM */
	const char *currency;
};

/* What a report is to show beyond the columns that every report has. */
struct tb_report_options {
	int round;      /* decimals, or TB_MONEY_ROUND_NONE */
	bool detail;    /* a row for each meter, tier and price, with where the price is from */
	bool compare;   /* what the log itself says that its rows cost, and the difference */
	size_t threads; /* that may work on it at most; 0 is one */
};

struct tb_report {
	const struct tb_grouping *grouping;
	struct tb_facts facts;
	struct tb_report_options options;
	struct tb_report_row *totals; /* one for each currency, by its letters; texts are empty */
	size_t total_count, total_cap;
	size_t row_count;

	/* Its own. */
	const struct tb_tally *tally;
	const struct tb_book *book;
	struct tb_arena keys; /* of the items */
	struct tb_report_class {
		const struct tb_era *era;
		struct tb_terms terms;
		int32_t period;
		bool reported;
		const struct tb_charge_rates *rates; /* NULL: not worked out beforehand */
	} * classes;                                 /* of the tally */
	struct tb_charge_rates *rates;
	struct tb_report_item *items;
	size_t item_count;
	size_t *order; /* the first item of each row, where they are not in the order of items */
};

/*
 * Works out order and totals, and checks on the way that every row balances and that tokens and
 * rows add up (TB_INTERNAL when they do not). `tally`, `book` and what `facts` points at must
 * outlive the report. Zero the struct before; release it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_report_init(struct tb_report *r, const struct tb_tally *tally,
					    const struct tb_book *book,
					    const struct tb_facts *facts,
					    struct tb_report_options options, struct tb_err *err);
void tb_report_release(struct tb_report *r);

/*
 * Makes the rows alternatives to each other: the cheapest first, by currency, those of one cost in
 * the order they had. Several of them are not summed up.
 */
TB_MUST_CHECK enum tb_status tb_report_rank(struct tb_report *r, struct tb_err *err);

/* Calls `each` for the rows in order until it fails. */
TB_MUST_CHECK enum tb_status tb_report_each(const struct tb_report *r,
					    enum tb_status (*each)(void *ctx,
								   const struct tb_report_row *row),
					    void *ctx);

/*
 * The same for a part of the rows: those that begin among `count` items from number `first` on. The
 * items are numbered in the order of the rows, each of which is made of one or more of them.
 */
TB_MUST_CHECK enum tb_status tb_report_each_of(
	const struct tb_report *r, size_t first, size_t count,
	enum tb_status (*each)(void *ctx, const struct tb_report_row *row), void *ctx);
size_t tb_report_item_count(const struct tb_report *r);

/* The amount as it is to be shown. */
struct tb_money tb_report_amount(const struct tb_report *r, const struct tb_report_row *row,
				 enum tb_amount amount);

/* The same of an extra; false when the row has none. */
bool tb_report_extra(const struct tb_report *r, const struct tb_report_row *row,
		     enum tb_extra extra, struct tb_money *amount);

#endif
