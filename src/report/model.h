/*
 * model - what every output format writes: columns, rows, totals, and the facts of the run.
 *
 * Made from a tally and the book; where the tally came from does not matter. Rows are worked out
 * one at a time, in their order, so a report may have millions of them.
 */
#ifndef TB_MODEL_H
#define TB_MODEL_H

#include "base/mem.h"
#include "billing/charge.h"
#include "billing/tally.h"

enum tb_count {
	TB_COUNT_REQUESTS,
	TB_COUNT_INPUT, /* cached reads and writes included */
	TB_COUNT_CACHED_READ,
	TB_COUNT_CACHE_WRITE, /* both kinds */
	TB_COUNT_OUTPUT,      /* reasoning included */
	TB_COUNT_BATCH,       /* input and output of batch rows */
	TB_COUNTS
};

/* What a column holds, and so how it is written: text is quoted and defused, numbers never are. */
enum tb_column_kind { TB_KIND_TEXT, TB_KIND_DATE, TB_KIND_COUNT, TB_KIND_AMOUNT, TB_KIND_CURRENCY };

struct tb_report_column {
	const char *name;
	const char *heading; /* the name, short, for people */
	enum tb_column_kind kind;
	size_t index;  /* into the row's texts, counts or amounts */
	int keep_rank; /* on a narrow terminal the columns with the highest rank go first */
};

enum { TB_REPORT_COLUMNS_MAX = TB_GROUP_COLUMNS_MAX + TB_COUNTS + TB_AMOUNTS + 1 };

struct tb_report_row {
	int32_t period; /* first day, for TB_KIND_DATE */
	struct tb_span texts[TB_GROUP_COLUMNS_MAX];
	tb_u128 counts[TB_COUNTS];
	struct tb_charge charge; /* exact; writers round when asked to */
	const char *currency;
};

/* What happened to the rows of the logs. */
struct tb_facts {
	uint64_t rows; /* read; the sum of the next four */
	uint64_t billed, set_aside, outside, duplicates;
	uint64_t blank_lines;
	uint64_t by_average;  /* billed rows of several requests whose average chose the context */
	uint64_t by_midnight; /* billed rows with a date alone, of models with peak hours */
	uint64_t twice;       /* local times that a clock showed twice */
	tb_u128 tokens;       /* of the billed rows, counted apart from the tally */
	const char *const *inputs;
	size_t input_count;
	const char *const *rate_files;
	size_t rate_file_count;
};

struct tb_report {
	struct tb_report_column columns[TB_REPORT_COLUMNS_MAX];
	size_t column_count;
	const struct tb_grouping *grouping;
	struct tb_facts facts;
	int round;                    /* decimals, or TB_MONEY_ROUND_NONE */
	struct tb_report_row *totals; /* one for each currency, by its letters; texts are empty */
	size_t total_count, total_cap;
	size_t row_count;

	/* Its own. */
	const struct tb_tally *tally;
	const struct tb_book *book;
	struct tb_arena arena;
	struct tb_report_item *items;
};

/*
 * Works out order and totals, and checks on the way that every row balances and that tokens and
 * rows add up (TB_INTERNAL when they do not). `tally`, `book` and what `facts` points at must
 * outlive the report. Zero the struct before; release it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_report_init(struct tb_report *r, const struct tb_tally *tally,
					    const struct tb_book *book,
					    const struct tb_facts *facts, int round,
					    struct tb_err *err);
void tb_report_release(struct tb_report *r);

/* Whether every report has a column of that name, so that no group can have it. */
bool tb_report_has_column(const char *name);

/* Calls `each` for the rows in order until it fails. */
TB_MUST_CHECK enum tb_status tb_report_each(const struct tb_report *r,
					    enum tb_status (*each)(void *ctx,
								   const struct tb_report_row *row),
					    void *ctx);

/* The amount as it is to be shown. */
struct tb_money tb_report_amount(const struct tb_report *r, const struct tb_report_row *row,
				 enum tb_amount amount);

#endif
