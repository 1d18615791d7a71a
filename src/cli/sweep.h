/*
 * sweep - one share of a scenario varied in steps, all priced from one tally.
 */
#ifndef TB_SWEEP_H
#define TB_SWEEP_H

#include "cli/output.h"
#include "cli/scenario_options.h"
#include "report/comparison.h"

enum tb_sweep_of { TB_SWEEP_NONE, TB_SWEEP_BATCH, TB_SWEEP_HIT, TB_SWEEP_SCALE };

struct tb_sweep {
	enum tb_sweep_of of;
	int from, to; /* in 0.01 % */
	int steps;    /* so that there is one point more */
};

/* "batch-share=0..100%/10": NULL, or why not and what to type instead. */
const char *tb_sweep_parse(struct tb_sweep *s, const char *text, char why[TB_WHY_TEXT]);

/* Has the scenario tallied so that the sweep can be priced; NULL, or why it cannot. */
const char *tb_sweep_prepare(const struct tb_sweep *s, struct tb_asked *a);

/*
 * Writes the curve. `v` has what is given of a struct tb_comparison, with one side. *unpriced are
 * the requests without a price at the point that has most of them.
 */
TB_MUST_CHECK enum tb_status tb_sweep_write(const struct tb_sweep *s, const struct tb_comparison *v,
					    const struct tb_output *output,
					    struct tb_rejects *rejects, tb_u128 *unpriced,
					    struct tb_err *err);

#endif
