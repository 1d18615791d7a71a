#include "run/warning.h"

const char *const tb_warning_names[TB_WARNINGS] = {
	[TB_WARN_COLUMN_NOT_READ] = "column_not_read",
	[TB_WARN_FILES_NOT_READ] = "files_not_read",
	[TB_WARN_EMPTY_PERIOD] = "empty_period",
	[TB_WARN_CUT_FILE] = "cut_file",
	[TB_WARN_EMPTY_FILE] = "empty_file",
	[TB_WARN_CONTEXT_BY_AVERAGE] = "context_by_average",
	[TB_WARN_CONTEXT_OF_SUM] = "context_of_sum",
	[TB_WARN_PEAK_BY_MIDNIGHT] = "peak_by_midnight",
	[TB_WARN_LOCAL_TIME_TWICE] = "local_time_twice",
	[TB_WARN_COUNTS_LEFT_OUT] = "counts_left_out",
	[TB_WARN_FEES] = "fees",
	[TB_WARN_AFTER_SHUTDOWN] = "after_shutdown",
	[TB_WARN_WITHOUT_BATCH] = "without_batch",
	[TB_WARN_OTHER_SELLER] = "other_seller",
	[TB_WARN_SCENARIO] = "scenario",
};
