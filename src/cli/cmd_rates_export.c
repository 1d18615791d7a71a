/* tokbill rates export - the built-in rates as one rate file. */
#include "cli/cmd_rates.h"

#include "cli/rates_run.h"

static enum tb_status take_output(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_rates_run *)ctx)->output.path = value;
	return TB_OK;
}

static const struct tb_option rows[] = {
	{'o', "output", "FILE", "write the rate file to FILE, whole or not at all", "FILE", false,
	 take_output},
	{0},
};

static const struct tb_option_group options[] = {{rows, 0, NULL}, {0}};

static const struct tb_example examples[] = {
	{"the built-in rates, to look at or to change", "tokbill rates export -o rates.ini"},
	{"without changing them: a file over the built-in rates needs only what differs",
	 "tokbill report --rates built-in --rates negotiated.ini usage.csv"},
	{0},
};

/* One file after the other, each under its name. */
static enum tb_status write_ini(void *ctx, FILE *out, struct tb_err *err)
{
	struct tb_span bytes;
	const char *name;

	(void)ctx;
	(void)err;
	for (size_t i = 0; (bytes = tb_builtin_file(i, &name)).p; i++) {
		fprintf(out, "%s; ==== %s ====\n", i ? "\n" : "", name);
		fwrite(bytes.p, 1, bytes.n, out);
	}
	return TB_OK;
}

static enum tb_status export_rates(struct tb_rates_run *r, struct tb_err *err)
{
	if (r->operands.count)
		return tb_fail(err, TB_USAGE,
			       "%s: export takes no file; it writes the built-in "
			       "rates",
			       r->operands.items[0]);
	return tb_output_write(&r->output, write_ini, NULL, err);
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, export_rates);
}

const struct tb_command tb_cmd_rates_export = {
	.name = "export",
	.group = "rates",
	.summary = "Write the built-in rates as a rate file",
	.operands = "",
	.options = options,
	.examples = examples,
	.run = run,
};
