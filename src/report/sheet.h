/*
 * sheet - the one table that every report becomes and every writer writes.
 *
 * A sheet has typed columns, rows, totals, and what is to be said beside them. Who makes one says
 * what its cells are; who writes one knows nothing of tokens, prices or scenarios. To make one:
 *
 *   static const struct tb_sheet_column columns[] = {
 *           {.name = "model", .heading = "model", .kind = TB_SHEET_TEXT, .level = 1},
 *           {.name = "cost", .heading = "cost", .kind = TB_SHEET_AMOUNT, .sums = true},
 *   };
 *   struct tb_sheet s;
 *
 *   tb_sheet_init(&s, TB_FORM_LIST);
 *   tb_sheet_add_columns(&s, columns, 2);
 *   tb_sheet_add_row(&s);
 *   tb_sheet_set_text(&s, 0, "gpt-4o-mini");
 *   tb_sheet_set(&s, 1, tb_cell_of_amount(cost));
 *   st = tb_sheet_check(&s, err);            // whether memory lasted for all of it
 *   ...
 *   tb_sheet_release(&s);
 *
 * Rows that are too many to be held are worked out when they are asked for: see tb_sheet.each.
 */
#ifndef TB_SHEET_H
#define TB_SHEET_H

#include "base/civil.h"
#include "base/money.h"
#include "base/mem.h"
#include "base/text.h"

/* ---- cells ---- */

enum tb_cell_kind {
	TB_CELL_NOTHING, /* nothing is known here, or nothing applies */
	TB_CELL_TEXT,
	TB_CELL_PERIOD, /* a day, week or month */
	TB_CELL_COUNT,
	TB_CELL_AMOUNT, /* also a price */
	TB_CELL_RATIO   /* times x part / whole, shown with two decimals */
};

/*
 * What stands in one cell. It may be of another kind than its column: a word among prices. Texts
 * are borrowed: they live as long as the sheet does, or until the callback that got the row ends.
 */
struct tb_sheet_cell {
	enum tb_cell_kind kind;
	signed char trend; /* below 0: less than before; above: more; pages colour it */
	bool partial;      /* holds for a part only; pages mark it with * */
	union {
		struct tb_span text;
		struct {
			enum tb_period period;
			int32_t day; /* the first of it */
		} date;
		tb_u128 count;
		struct tb_money amount;
		struct {
			struct tb_money part, whole; /* `whole` is not zero */
			unsigned times;              /* 100: a percentage; 1: a factor */
		} ratio;
	} is;
};

/* Where cells are filled by the million: what a kind does not use stays as it was. */
static inline void tb_cell_begin(struct tb_sheet_cell *cell, enum tb_cell_kind kind)
{
	cell->kind = kind;
	cell->trend = 0;
	cell->partial = false;
}

static inline void tb_cell_set_text(struct tb_sheet_cell *cell, struct tb_span text)
{
	tb_cell_begin(cell, TB_CELL_TEXT);
	cell->is.text = text;
}

static inline void tb_cell_set_count(struct tb_sheet_cell *cell, tb_u128 count)
{
	tb_cell_begin(cell, TB_CELL_COUNT);
	cell->is.count = count;
}

static inline void tb_cell_set_amount(struct tb_sheet_cell *cell, struct tb_money amount)
{
	tb_cell_begin(cell, TB_CELL_AMOUNT);
	cell->is.amount = amount;
}

static inline void tb_cell_set_period(struct tb_sheet_cell *cell, enum tb_period period,
				      int32_t day)
{
	tb_cell_begin(cell, TB_CELL_PERIOD);
	cell->is.date.period = period;
	cell->is.date.day = day;
}

static inline struct tb_sheet_cell tb_cell_of_text(struct tb_span text)
{
	return (struct tb_sheet_cell){.kind = TB_CELL_TEXT, .is.text = text};
}

static inline struct tb_sheet_cell tb_cell_of_count(tb_u128 count)
{
	return (struct tb_sheet_cell){.kind = TB_CELL_COUNT, .is.count = count};
}

static inline struct tb_sheet_cell tb_cell_of_amount(struct tb_money amount)
{
	return (struct tb_sheet_cell){.kind = TB_CELL_AMOUNT, .is.amount = amount};
}

static inline struct tb_sheet_cell tb_cell_of_period(enum tb_period period, int32_t day)
{
	return (struct tb_sheet_cell){.kind = TB_CELL_PERIOD, .is.date = {period, day}};
}

/* Nothing when `whole` is zero. */
struct tb_sheet_cell tb_cell_of_ratio(struct tb_money part, struct tb_money whole, unsigned times);

/* ---- columns ---- */

enum tb_sheet_kind {
	TB_SHEET_TEXT,
	TB_SHEET_DATE,
	TB_SHEET_COUNT,
	TB_SHEET_AMOUNT, /* rounded where people read it, exact elsewhere, unless --round */
	TB_SHEET_PRICE,  /* of a unit; never rounded */
	TB_SHEET_RATIO,
	TB_SHEET_CURRENCY,
	TB_SHEET_BAR /* drawn from the amounts of another column; it has no cells of its own */
};

/* Who does not get a column. */
enum tb_sheet_hidden {
	TB_HIDE_FROM_RECORDS = 1, /* CSV: its header is fixed */
	TB_HIDE_FROM_DATA = 2     /* CSV and JSON: it is there for people */
};

struct tb_sheet_column {
	const char *name;    /* of the field, for programs: "list_cost" */
	const char *heading; /* short, for people: "list cost" */
	const char *title;   /* where it stands alone, if the heading does not say it: "% of a" */
	enum tb_sheet_kind kind;
	int level;  /* 1, 2, ...: the first, second part of what a row is about; 0: a figure */
	bool sums;  /* a total has it too */
	bool whole; /* its words are few and known: never cut to save room */
	bool clip_heading; /* names given by people: a long one is cut */
	unsigned hidden;   /* of enum tb_sheet_hidden */

	/*
	 * On a narrow terminal columns are left out until a line fits: those above 0, the highest
	 * first; then texts are cut; then those below 0, the lowest first. 0 always stays.
	 */
	int keep_rank;

	/* Of a bar: whose amounts, the largest of them without its sign, and how it is drawn. */
	struct {
		size_t of;
		struct tb_money largest;
		bool both_ways; /* less to the left, more to the right of a middle line */
	} bar;
};

/* ---- what is said beside the rows ---- */

enum tb_fact_kind {
	TB_FACT_NOTHING,
	TB_FACT_TEXT,
	TB_FACT_COUNT,
	TB_FACT_YES_NO,
	TB_FACT_LIST, /* what follows up to its end is in it; entries have no name */
	TB_FACT_LIST_END,
	TB_FACT_MAP, /* the same; entries have names */
	TB_FACT_MAP_END
};

struct tb_sheet_fact {
	enum tb_fact_kind kind;
	const char *name; /* NULL in a list */
	struct tb_span text;
	tb_u128 count; /* or 0 and 1 for no and yes */
};

/* Something that is not a row: usage without a price, and why. */
struct tb_sheet_note {
	struct tb_span text; /* one line, for people */
	size_t first_fact,
		facts; /* the same for programs, among note_facts; 0: it is in the rows */
};

/* A piece of prose: a label, and a text that is wrapped into the columns from `from` on. */
struct tb_sheet_prose {
	enum { TB_PROSE_LINE, TB_PROSE_TITLE, TB_PROSE_HEADING, TB_PROSE_FIXED } kind;
	size_t indent, from; /* columns before the label, and before the text */
	const char *label;   /* NULL: none */
	const char *text;    /* as it is where it is fixed: aligned with what is above and below */
	bool of_rows;        /* it says what the rows say: left out where they are shown */
};

/* ---- the sheet ---- */

enum tb_sheet_form {
	TB_FORM_REPORT, /* facts, rows, totals, notes */
	TB_FORM_LIST,   /* rows alone, every value a text to programs */
	TB_FORM_CARD    /* facts for programs, prose for people; the rows for who wants rows */
};

struct tb_sheet;

/* Gets the cells of a row, one for each column; they are gone when it returns. */
typedef enum tb_status tb_sheet_take(void *to, const struct tb_sheet_cell *cells);

struct tb_sheet {
	enum tb_sheet_form form;
	const char *title;     /* what it is, in a few words */
	const char *if_empty;  /* what a page says instead of a sheet without rows and notes */
	const char *unknown;   /* what a page shows in a cell with nothing; NULL: nothing */
	const char *part_note; /* what a page says where an amount is marked as partial */
	int round;             /* decimals of amounts, or TB_MONEY_ROUND_NONE */
	struct tb_sheet_column *columns;
	size_t column_count, column_cap;

	/* What a chart shows: columns, or TB_NO_COLUMN. */
	struct {
		size_t x, y, series; /* `series`: what is stacked at each x */
	} chart;

	/*
	 * Rows stand at places, and not every place has one: a piece of the places, handed out to
	 * `take` in order, may be any number of rows. Pieces may be asked for by several threads
	 * at once, `threads` at most.
	 */
	enum tb_status (*each)(const struct tb_sheet *s, size_t first, size_t count,
			       tb_sheet_take *take, void *to);
	const void *ctx; /* of `each` and `total` */
	size_t places, row_count, threads;

	/* A line for each currency; cells of columns that do not sum are not looked at. */
	void (*total)(const struct tb_sheet *s, size_t number, struct tb_sheet_cell *cells);
	size_t total_count;

	struct tb_sheet_fact *facts;
	size_t fact_count, fact_cap;

	struct tb_sheet_note *notes;
	size_t note_count, note_cap;
	struct tb_sheet_fact *note_facts;
	size_t note_fact_count, note_fact_cap;
	const char *notes_name;  /* for programs */
	const char *notes_title; /* for people */
	bool notes_always;       /* programs get the name also when there are none */

	struct tb_sheet_prose *prose;
	size_t prose_count, prose_cap;

	/* Its own: rows that are held, texts, and whether memory ran out on the way. */
	struct tb_sheet_cell *cells;
	size_t cell_cap;
	struct tb_arena arena;
	bool failed;
};

#define TB_NO_COLUMN ((size_t)-1)

/* One sheet or several that belong together, the answer first. A page has all, CSV the first. */
struct tb_sheets {
	const char *title;
	const struct tb_sheet *const *list;
	size_t count;
};

/* A sheet without anything. Release it afterwards, whatever happens. */
void tb_sheet_init(struct tb_sheet *s, enum tb_sheet_form form);
void tb_sheet_release(struct tb_sheet *s);

/* TB_NOMEM when memory ran out for something that was added; all that follow do nothing then. */
TB_MUST_CHECK enum tb_status tb_sheet_check(const struct tb_sheet *s, struct tb_err *err);

/* Names and headings are borrowed. Columns come before rows. */
void tb_sheet_add_column(struct tb_sheet *s, struct tb_sheet_column c);
void tb_sheet_add_columns(struct tb_sheet *s, const struct tb_sheet_column *c, size_t n);

/* A row that is held, with nothing in it; the next tb_sheet_set() fill it. */
void tb_sheet_add_row(struct tb_sheet *s);
void tb_sheet_set(struct tb_sheet *s, size_t column, struct tb_sheet_cell cell);

/* A copy of the text; NULL leaves the cell as it is. */
void tb_sheet_set_text(struct tb_sheet *s, size_t column, const char *text);

/* A copy of a text that lives as long as the sheet; "" when memory ran out. */
const char *tb_sheet_keep(struct tb_sheet *s, struct tb_span text);

/* Facts. Texts are borrowed; `name` is NULL in a list. */
void tb_sheet_fact_text(struct tb_sheet *s, const char *name, const char *text);
void tb_sheet_fact_count(struct tb_sheet *s, const char *name, tb_u128 count);
void tb_sheet_fact(struct tb_sheet *s, enum tb_fact_kind kind, const char *name);
void tb_sheet_fact_yes_no(struct tb_sheet *s, const char *name, bool yes);

/* A note for people; what is added to it afterwards is the same for programs. */
void tb_sheet_add_note(struct tb_sheet *s, const struct tb_buf *text);
void tb_sheet_note_text(struct tb_sheet *s, const char *name, struct tb_span text);
void tb_sheet_note_count(struct tb_sheet *s, const char *name, tb_u128 count);

void tb_sheet_add_prose(struct tb_sheet *s, struct tb_sheet_prose prose);

/* ---- for writers ---- */

/* Who reads: programs get amounts exactly, people in cents, unless a number of decimals is asked.
 */
enum tb_sheet_reader { TB_READ_BY_PROGRAMS, TB_READ_BY_PEOPLE };

enum { TB_CELL_TEXT_MAX = TB_MONEY_TEXT + TB_COUNT_TEXT };

/*
 * The text of a cell that is not TB_CELL_TEXT; nothing for TB_CELL_NOTHING. Returns its end, where
 * its NUL is. To people counts have commas, and what is not zero never looks like zero.
 */
char *tb_cell_put(const struct tb_sheet *s, const struct tb_sheet_column *c,
		  const struct tb_sheet_cell *cell, enum tb_sheet_reader reader,
		  char text[TB_CELL_TEXT_MAX]);

/* An amount; zero for any other cell. */
struct tb_money tb_cell_amount(const struct tb_sheet_cell *cell);

/* How many of `most` marks long a bar is: the largest has all, and both ways no amount has none. */
int tb_bar_marks(const struct tb_sheet_column *bar, const struct tb_sheet_cell *amount, int most);

/* Numbers stand to the right. */
bool tb_sheet_is_number(const struct tb_sheet_column *c);

/* The column of a totals line that says that it is one; TB_NO_COLUMN when there is no place. */
size_t tb_sheet_total_label(const struct tb_sheet *s);

/* Whether people see amounts in cents though they may have more decimals. */
bool tb_sheet_shows_cents(const struct tb_sheet *s);

/* All rows, in order. */
TB_MUST_CHECK enum tb_status tb_sheet_each(const struct tb_sheet *s, tb_sheet_take *take, void *to);

#endif
