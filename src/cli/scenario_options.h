/*
 * scenario_options - scenarios as they are typed: options of whatif, or sections of an INI file
 * whose keys are called as the options are.
 */
#ifndef TB_SCENARIO_OPTIONS_H
#define TB_SCENARIO_OPTIONS_H

#include "billing/scenario_tally.h"
#include "cli/options.h"

enum {
	TB_SCENARIOS_MAX = TB_SCENARIO_TALLY_MAX,
	TB_RATES_B_MAX = 16,
	TB_KNOBS_MAX = 256, /* moves, or shares of a kind, of one scenario */
	TB_WHY_TEXT = 256,
};

/* One scenario. Zeroed asks for nothing but the scale 0 %; see tb_asked_init(). */
struct tb_asked {
	struct tb_scenario_spec wish; /* its arrays are those below */
	struct tb_move moves[TB_KNOBS_MAX];
	struct tb_share batch[TB_KNOBS_MAX], hits[TB_KNOBS_MAX];
	const char *rates_b[TB_RATES_B_MAX];
	size_t rates_b_count;
	bool has_scale;
	bool any;         /* something was asked */
	const char *file; /* it is from; NULL: the command line */
	uint64_t line;
};

void tb_asked_init(struct tb_asked *a, const char *name);

/*
 * Takes `value` for the option or key of that name ("move", "scale", ...). NULL, or why not and
 * what to type instead, in `why`.
 */
const char *tb_asked_take(struct tb_asked *a, const char *name, const char *value,
			  struct tb_arena *arena, char why[TB_WHY_TEXT]);

/* A percentage of at most 2 decimals up to `max`, in 0.01 %; NULL or why not. */
const char *tb_part_parse(struct tb_span text, int max, int *out, char why[TB_WHY_TEXT]);

/* Reads a file of scenarios. What is wrong is in `problems`, and the status is TB_CONFIG. */
TB_MUST_CHECK enum tb_status tb_asked_read(const char *path, struct tb_asked *all, size_t *count,
					   struct tb_arena *arena, struct tb_problems *problems,
					   struct tb_err *err);

#endif
