/*
 * cmd_rates - `tokbill rates`: price lists shown, checked, compared and made.
 */
#ifndef TB_CMD_RATES_H
#define TB_CMD_RATES_H

#include "cli/options.h"

extern const struct tb_command tb_cmd_rates;

/* Its sub-commands. */
extern const struct tb_command tb_cmd_rates_list;
extern const struct tb_command tb_cmd_rates_show;
extern const struct tb_command tb_cmd_rates_check;
extern const struct tb_command tb_cmd_rates_diff;
extern const struct tb_command tb_cmd_rates_audit;
extern const struct tb_command tb_cmd_rates_import;
extern const struct tb_command tb_cmd_rates_export;

#endif
