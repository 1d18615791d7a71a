#include "cli/rates_run.h"

#include "base/civil.h"

#include <string.h>
#include <time.h>

/* A day stands for its first instant, as it does in a rate file. */
enum tb_status tb_rates_take_as_of(void *ctx, const char *value, struct tb_err *err)
{
	struct tb_rates_run *r = ctx;
	struct tb_time t = tb_time_parse(tb_span_of(value));

	r->has_as_of = true;
	r->as_of = t.seconds;
	if (t.form == TB_TIME_DATE || t.form == TB_TIME_INSTANT)
		return TB_OK;
	return tb_bad_value("as-of", value,
			    "not a date such as 2026-09-01 or an instant such as "
			    "2026-08-16T16:00:00Z",
			    err);
}

enum tb_status tb_rates_take_quiet(void *ctx, const char *value, struct tb_err *err)
{
	(void)value;
	(void)err;
	((struct tb_rates_run *)ctx)->output.quiet = true;
	return TB_OK;
}

int64_t tb_rates_instant(const struct tb_rates_run *r)
{
	return r->has_as_of ? r->as_of : (int64_t)time(NULL);
}

enum tb_status tb_rates_check_output(const struct tb_rates_run *r, struct tb_err *err)
{
	return tb_output_spare(r->output.path, r->source.paths, r->source.count, "a rate file",
			       "-o", err);
}

enum tb_status tb_rates_open(struct tb_rates_run *r, size_t first, struct tb_err *err)
{
	for (size_t i = first; i < r->operands.count; i++)
		TB_TRY(tb_rates_add(&r->source, r->operands.items[i], err));
	TB_TRY(tb_rates_load(&r->source, &r->arena, &r->book, &r->problems, err));
	return tb_rates_check_output(r, err);
}

int tb_rates_run(const struct tb_command *self, int argc, const char *const *argv,
		 enum tb_status (*run)(struct tb_rates_run *r, struct tb_err *err))
{
	struct tb_rates_run r = {0};
	struct tb_err err = {0};
	enum tb_status st = tb_options_parse(self, argc, argv, &r, &r.arena, &r.operands, &err);

	if (st == TB_OK && r.operands.help)
		tb_command_help(self, stdout);
	else if (st == TB_OK)
		st = run(&r, &err);
	tb_say_problems(&r.problems);
	if (st != TB_OK)
		tb_say("%s", err.text);
	tb_problems_release(&r.problems);
	tb_book_free(r.book);
	tb_arena_release(&r.arena);
	return st == TB_OK ? r.code : tb_exit_code(st);
}
