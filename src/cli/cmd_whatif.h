#ifndef TB_CMD_WHATIF_H
#define TB_CMD_WHATIF_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_whatif;

#endif
