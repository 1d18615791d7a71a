#ifndef TB_CMD_REPORT_H
#define TB_CMD_REPORT_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_report;

#endif
