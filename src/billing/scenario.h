/*
 * scenario - usage as it might have been: other models, another time, other prices, more of it in
 * batch or from a cache, more or less of it.
 *
 * Row by row only what cannot be worked out later is decided: the target, which is the era and
 * the terms that the row would have been priced at. The rest is linear in the tokens of a tally's
 * cell, so any shares can be priced from one tally.
 */
#ifndef TB_SCENARIO_H
#define TB_SCENARIO_H

#include "base/money.h"
#include "base/mem.h"
#include "billing/charge.h"
#include "billing/tally.h"

enum { TB_SHARE_NONE = -1, TB_SCALE_MAX = 100000000 /* in 0.01 % */ };

/* Every model that matches `from` moves to `to`, a model's name. */
struct tb_move {
	const char *from;
	const char *to;
};

/* A part of the tokens, of the models that match, in 0.01 %. */
struct tb_share {
	const char *model; /* a pattern of names; NULL: all */
	int percent;
};

/* What is asked. Texts and arrays are the caller's. */
struct tb_scenario_spec {
	const char *name; /* of the scenario */
	const struct tb_move *moves;
	size_t move_count;
	bool replacements;
	const struct tb_share *batch; /* the first that matches counts */
	size_t batch_count;
	const struct tb_share *hits;
	size_t hit_count;
	int scale; /* in 0.01 % */
	bool has_as_of;
	int64_t as_of;
	bool vary_batch, vary_hit; /* cells will be priced with other shares too */
};

/* Worked out; zeroed is released. */
struct tb_scenario {
	const struct tb_scenario_spec *wish;
	const struct tb_book *from; /* the rates that the log was billed at */
	const struct tb_book *book; /* the rates it would have been billed at */
	const char **targets; /* by the number of an era in `from`: a model of `book`, or NULL */
	int *batch, *hits;    /* by the number of an era in `book`; TB_SHARE_NONE: as it was */
};

/*
 * Works out where each model goes. What cannot be (unknown models, moves in a circle) fails with
 * TB_USAGE and says what to type instead; replacements in a circle are the rates' fault. Release
 * it afterwards either way.
 */
TB_MUST_CHECK enum tb_status tb_scenario_init(struct tb_scenario *s,
					      const struct tb_scenario_spec *wish,
					      const struct tb_book *from,
					      const struct tb_book *book, struct tb_err *err);
void tb_scenario_release(struct tb_scenario *s);

/* What a row would have been priced at. */
struct tb_would_be {
	uint32_t era; /* in the scenario's book; 0 where none was found */
	enum tb_fate {
		TB_FATE_PRICED,   /* unless a price is missing for the meters in `unsure` */
		TB_FATE_NO_MODEL, /* its replacement is not in the rates */
		TB_FATE_TOO_EARLY,
		TB_FATE_CURRENCY, /* priced, but in another one */
		TB_FATE_CONTEXT,  /* of so many requests that each may have a long context or not */
	} fate;
	struct tb_terms terms;
	unsigned unsure; /* set of the meters that the row uses and that may have no price */
	bool by_average; /* several requests in the row: their average decided the context */
	bool is_alike;   /* rows like it have this target, within the limits */
	struct tb_row_cache_limits limits;
};

/* `rater` is of the scenario's book; `rated` is what the row was billed at. */
struct tb_would_be tb_scenario_target(const struct tb_scenario *s, struct tb_rater *rater,
				      const struct tb_usage *u, const struct tb_rated *rated);

/* A target as a tag of the tally, and back (the tier is the cell's, by_average is lost). */
uint64_t tb_would_be_tag(const struct tb_would_be *t);
struct tb_would_be tb_would_be_of(const struct tb_cell_key *key);

/* What varies when nothing else does. */
struct tb_shares {
	int batch, hit; /* in 0.01 %, or TB_SHARE_NONE */
	int scale;
};

/* The shares that the scenario has for a target. */
struct tb_shares tb_scenario_shares(const struct tb_scenario *s, const struct tb_would_be *t);

/*
 * Whether all that the cell's rows need has a price then. If not, the meter and the tier that lack
 * one are given.
 */
bool tb_would_be_priced(const struct tb_scenario *s, const struct tb_would_be *t,
			struct tb_shares shares, enum tb_meter *meter, enum tb_tier *tier);

/* What a cell that is priced costs; false when an amount is too large to be exact. */
TB_MUST_CHECK bool tb_scenario_cost(const struct tb_scenario *s, const struct tb_would_be *t,
				    struct tb_shares shares, const struct tb_cell *cell,
				    struct tb_money *cost);

#endif
