#ifndef TB_CMD_FORMATS_H
#define TB_CMD_FORMATS_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_formats;

#endif
