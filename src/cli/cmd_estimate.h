#ifndef TB_CMD_ESTIMATE_H
#define TB_CMD_ESTIMATE_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_estimate;

#endif
