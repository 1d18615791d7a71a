#ifndef TB_CMD_COUNT_H
#define TB_CMD_COUNT_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_count;

#endif
