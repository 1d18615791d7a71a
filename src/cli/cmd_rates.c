/* tokbill rates - price lists: the built-in one, and files. */
#include "cli/cmd_rates.h"

static const struct tb_command *const subcommands[] = {
	&tb_cmd_rates_list,  &tb_cmd_rates_show,   &tb_cmd_rates_check,  &tb_cmd_rates_diff,
	&tb_cmd_rates_audit, &tb_cmd_rates_import, &tb_cmd_rates_export, NULL,
};

const struct tb_command tb_cmd_rates = {
	.name = "rates",
	.summary = "List, show, check, compare, audit, import and export prices",
	.subcommands = subcommands,
};
