/*
 * warning - the kinds of what a person should look into. Their names stand in records of runs,
 * where programs read them: they do not change.
 */
#ifndef TB_WARNING_H
#define TB_WARNING_H

#include <stdint.h>

enum tb_warning {
	TB_WARN_COLUMN_NOT_READ,
	TB_WARN_FILES_NOT_READ,
	TB_WARN_EMPTY_PERIOD,
	TB_WARN_CUT_FILE,
	TB_WARN_EMPTY_FILE,
	TB_WARN_CONTEXT_BY_AVERAGE,
	TB_WARN_CONTEXT_OF_SUM,
	TB_WARN_PEAK_BY_MIDNIGHT,
	TB_WARN_LOCAL_TIME_TWICE,
	TB_WARN_COUNTS_LEFT_OUT,
	TB_WARN_FEES,
	TB_WARN_AFTER_SHUTDOWN,
	TB_WARN_WITHOUT_BATCH,
	TB_WARN_OTHER_SELLER,
	TB_WARN_SCENARIO,
	TB_WARNINGS
};

extern const char *const tb_warning_names[TB_WARNINGS];

/* How many warnings there were. Zeroed is none. */
struct tb_warnings {
	uint64_t of[TB_WARNINGS], total;
};

#endif
