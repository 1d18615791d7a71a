/* tokbill rates import - LiteLLM's list of models as a rate file. */
#include "cli/cmd_rates.h"

#include "base/keytab.h"
#include "cli/rates_run.h"
#include "ratebook/import.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_MAX = 64 << 20, CHUNK = 1 << 16 };

static enum tb_status take_list(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	((struct tb_rates_run *)ctx)->list_path = value;
	return TB_OK;
}

static enum tb_status take_output(void *ctx, const char *value, struct tb_err *err)
{
	(void)err;
	tb_output_take_path(&((struct tb_rates_run *)ctx)->output, value);
	return TB_OK;
}

static const struct tb_option rows[] = {
	{'o', "output", "FILE", "write the rate file to FILE, whole or not at all", "FILE", false,
	 take_output},
	{'\0', "report", "FILE",
	 "list all that is left out in FILE, in the format that has|its ending", "FILE", false,
	 take_list},
	{'q', "quiet", NULL, "no summary; errors stay", NULL, false, tb_rates_take_quiet},
	{0},
};

static const struct tb_option_group options[] = {{rows, 0, NULL}, {0}};

static const struct tb_example examples[] = {
	{"LiteLLM's file as rates, and what they cannot hold",
	 "tokbill rates import --report left.csv -o litellm.ini model_prices_and_context_window.json"},
	{"from a pipe, then compared with the built-in rates (exit code 1)",
	 "tokbill rates import - <prices.json >litellm.ini; tokbill rates diff built-in "
	 "litellm.ini"},
	{0},
};

/* ---- reading ---- */

static enum tb_status open_input(const char *path, int *fd, struct tb_err *err)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		*fd = STDIN_FILENO;
		if (isatty(STDIN_FILENO))
			return tb_fail(err, TB_USAGE,
				       "-: standard input is a terminal; pipe the list into it");
		return TB_OK;
	}
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return tb_fail(err, TB_NOINPUT, "%s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return tb_fail(err, TB_NOINPUT, "%s: is a directory", path);
	return TB_OK;
}

static enum tb_status read_all(int fd, const char *name, struct tb_buf *b, struct tb_err *err)
{
	char chunk[CHUNK];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tb_fail(err, TB_IO, "%s: reading: %s", name, strerror(errno));
		tb_buf_add(b, chunk, (size_t)got);
		if (b->failed)
			return tb_fail_nomem(err);
		if (b->n > INPUT_MAX)
			return tb_fail(err, TB_DATA, "%s: larger than 64 MiB, which no list is",
				       name);
	}
	return TB_OK;
}

static enum tb_status read_input(const char *path, struct tb_buf *b, struct tb_err *err)
{
	int fd = -1;
	enum tb_status st = open_input(path, &fd, err);

	if (st == TB_OK)
		st = read_all(fd, path, b, err);
	if (fd > STDIN_FILENO)
		close(fd);
	return st;
}

/* Outputs must be neither the input nor each other. */
static enum tb_status check_places(const struct tb_rates_run *r, const char *input,
				   struct tb_err *err)
{
	const char *outputs[] = {r->output.path, r->list_path};

	if (outputs[0] && outputs[1] && strcmp(outputs[0], outputs[1]) == 0)
		return tb_fail(err, TB_USAGE, "%s: cannot be both -o and --report", outputs[0]);
	for (size_t i = 0; i < 2; i++)
		TB_TRY(tb_output_spare(outputs[i], &input, 1, "the input", "place", err));
	return TB_OK;
}

/* ---- what was left out ---- */

static const struct tb_sheet_column columns[] = {
	{.name = "model", .heading = "model", .level = 1},
	{.name = "line", .heading = "line", .kind = TB_SHEET_COUNT, .keep_rank = 1},
	{.name = "what", .heading = "what"},
	{.name = "key", .heading = "key"},
	{.name = "value", .heading = "value", .keep_rank = 2},
	{.name = "reason", .heading = "reason"},
};

enum column { MODEL, LINE, WHAT, KEY, VALUE, REASON, COLUMNS };

static const char *const kinds[TB_LEFT_KINDS] = {"model", "price", "fact"};

static enum tb_status prepare_list(const struct tb_rates_run *r, const struct tb_import *import,
				   struct tb_outfile *file, struct tb_err *err)
{
	struct tb_output place = {.path = r->list_path};
	struct tb_sheet s;
	enum tb_status st;

	tb_sheet_init(&s, TB_FORM_LIST);
	s.title = "Left out";
	s.if_empty = "Nothing was left out.";
	tb_sheet_add_columns(&s, columns, COLUMNS);
	for (size_t i = 0; i < import->left_count; i++) {
		const struct tb_left_out *l = &import->left[i];
		char line[TB_COUNT_TEXT];

		tb_sheet_add_row(&s);
		tb_sheet_set_text(&s, MODEL, l->model);
		tb_sheet_set_text(&s, LINE, tb_count_text(l->line, '\0', line));
		tb_sheet_set_text(&s, WHAT, kinds[l->kind]);
		tb_sheet_set_text(&s, KEY, l->key);
		tb_sheet_set_text(&s, VALUE, l->value);
		tb_sheet_set_text(&s, REASON, l->reason);
	}
	st = tb_sheet_check(&s, err);
	if (st == TB_OK)
		st = tb_output_prepare_sheet(&place, &s, file, err);
	tb_sheet_release(&s);
	return st;
}

/* What was left out for one reason: how often, and where first. */
struct reason {
	size_t count;
	const char *model;
};

/* In the order they came in. */
struct reasons {
	struct tb_keytab names;
	struct reason *of; /* by number of the name */
	size_t cap;
};

static enum tb_status count_reason(struct reasons *r, const struct tb_left_out *l,
				   struct tb_err *err)
{
	bool added;
	uint32_t n = tb_keytab_put(&r->names, l->reason, strlen(l->reason), &added);

	if (n == TB_KEYTAB_NONE || !tb_grow(&r->of, &r->cap, (size_t)n + 1, sizeof(*r->of)))
		return tb_fail_nomem(err);
	if (added)
		r->of[n] = (struct reason){0, l->model};
	r->of[n].count++;
	return TB_OK;
}

/* By kinds; to be released in any case. */
static enum tb_status count_reasons(const struct tb_import *import,
				    struct reasons kinds_of[TB_LEFT_KINDS], struct tb_err *err)
{
	for (int k = 0; k < TB_LEFT_KINDS; k++) {
		kinds_of[k] = (struct reasons){0};
		tb_keytab_init(&kinds_of[k].names);
	}
	for (size_t i = 0; i < import->left_count; i++)
		TB_TRY(count_reason(&kinds_of[import->left[i].kind], &import->left[i], err));
	return TB_OK;
}

static void release_reasons(struct reasons kinds_of[TB_LEFT_KINDS])
{
	for (int k = 0; k < TB_LEFT_KINDS; k++) {
		tb_keytab_release(&kinds_of[k].names);
		free(kinds_of[k].of);
	}
}

static void say_reasons(const struct reasons *r, const char *what)
{
	enum { SHOWN = 40 };

	for (size_t i = 0; i < r->names.n && i < SHOWN; i++)
		tb_say("%s: %zu: %s, such as %.200s", what, r->of[i].count,
		       tb_keytab_key(&r->names, (uint32_t)i).p, r->of[i].model);
	if (r->names.n > SHOWN)
		tb_say("%s: and for %zu reasons more", what, r->names.n - SHOWN);
}

static void say_models(const struct reasons kinds_of[TB_LEFT_KINDS])
{
	say_reasons(&kinds_of[TB_LEFT_MODEL], "models not carried over");
}

static void say_summary(const struct tb_rates_run *r, const struct tb_import *import,
			const struct reasons kinds_of[TB_LEFT_KINDS])
{
	size_t facts = 0;

	for (size_t i = 0; i < kinds_of[TB_LEFT_FACT].names.n; i++)
		facts += kinds_of[TB_LEFT_FACT].of[i].count;
	say_models(kinds_of);
	say_reasons(&kinds_of[TB_LEFT_PRICE], "prices left out");
	if (import->mended)
		tb_say("%zu price%s had the noise of binary arithmetic; notes name them",
		       import->mended, import->mended == 1 ? "" : "s");
	if (facts && !r->list_path)
		tb_say("%zu facts left out; --report FILE lists all", facts);
	tb_say("%zu of %zu models carried over", import->carried, import->models);
}

/* ---- the run ---- */

static enum tb_status write_ini(void *ctx, FILE *out, struct tb_err *err)
{
	const struct tb_import *import = ctx;

	(void)err;
	fwrite(import->ini.p, 1, import->ini.n, out);
	return TB_OK;
}

/* What was made must load, all of it together. */
static enum tb_status check_whole(struct tb_rates_run *r, const struct tb_import *import,
				  struct tb_err *err)
{
	struct tb_rate_source source = {"(imported)", {import->ini.p, import->ini.n}};
	enum tb_status st = tb_book_read(&source, 1, &r->book, &r->problems, err);

	if (st != TB_CONFIG)
		return st;
	*err = (struct tb_err){0};
	return tb_fail(err, TB_INTERNAL, "the rate file that was made does not load");
}

static enum tb_status place_list(void *file, struct tb_err *err)
{
	return tb_outfile_place(file, err);
}

/* The rate file and the list of what is not in it: both, or neither. */
static enum tb_status write_both(struct tb_rates_run *r, struct tb_import *import,
				 struct tb_err *err)
{
	struct tb_outfile list;
	const struct tb_output_beside beside = {place_list, &list};
	enum tb_status st;

	tb_outfile_sweep(r->list_path);
	if (r->output.path)
		tb_outfile_sweep(r->output.path);
	TB_TRY(prepare_list(r, import, &list, err));
	st = tb_output_write_beside(&r->output, write_ini, import, &beside, err);
	if (st == TB_OK)
		tb_outfile_keep(&list);
	tb_outfile_release(&list);
	return st;
}

static enum tb_status write_all(struct tb_rates_run *r, struct tb_import *import,
				struct tb_err *err)
{
	TB_TRY(check_whole(r, import, err));
	return r->list_path ? write_both(r, import, err)
			    : tb_output_write(&r->output, write_ini, import, err);
}

/* What is said of it is made ready before anything is written. */
static enum tb_status write_and_say(struct tb_rates_run *r, const char *input,
				    struct tb_import *import, struct tb_err *err)
{
	struct reasons kinds_of[TB_LEFT_KINDS];
	enum tb_status st = count_reasons(import, kinds_of, err);

	if (st == TB_OK && import->carried == 0 && import->shape)
		st = tb_fail(err, TB_DATA,
			     "%s: is %s, and not LiteLLM's model_prices_and_context_window.json",
			     input, import->shape);
	if (st == TB_OK && import->carried == 0) {
		say_models(kinds_of);
		st = tb_fail(err, TB_DATA, "%s: none of its %zu models can be carried over", input,
			     import->models);
	}
	if (st == TB_OK)
		st = write_all(r, import, err);
	if (st == TB_OK && !r->output.quiet)
		say_summary(r, import, kinds_of);
	release_reasons(kinds_of);
	return st;
}

static enum tb_status import_file(struct tb_rates_run *r, struct tb_err *err)
{
	struct tb_import import = {0};
	struct tb_buf json = {0};
	const char *input = r->operands.items[0];
	enum tb_status st;

	if (r->operands.count != 1)
		return tb_fail(err, TB_USAGE,
			       "%zu files given; name one, LiteLLM's "
			       "model_prices_and_context_window.json, or - for standard input",
			       r->operands.count);
	TB_TRY(check_places(r, input, err));
	st = read_input(input, &json, err);
	if (st == TB_OK)
		st = tb_import_litellm(&import, input,
				       (struct tb_span){json.p ? json.p : "", json.n}, err);
	tb_buf_release(&json);
	if (st == TB_OK)
		st = write_and_say(r, input, &import, err);
	tb_import_release(&import);
	return st;
}

static int run(const struct tb_command *self, int argc, const char *const *argv)
{
	return tb_rates_run(self, argc, argv, import_file);
}

const struct tb_command tb_cmd_rates_import = {
	.name = "import",
	.group = "rates",
	.summary = "Make a rate file of LiteLLM's list of models",
	.operands = "FILE",
	.options = options,
	.examples = examples,
	.run = run,
};
