#include "cli/generate.h"

#include "cli/complete.h"
#include "cli/manual.h"
#include "cli/messages.h"
#include "cli/rates_source.h"

#include <string.h>

static int page(void)
{
	return tb_manual_page(stdin, stdout);
}

/* ---- models ---- */

/* Every name of the rates, for the completions. */
static int models(void)
{
	struct tb_rates_source source = {0};
	struct tb_arena arena = {0};
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book;
	enum tb_status st = tb_rates_load(&source, &arena, &book, &problems, &err);
	const char *name, *model;

	for (size_t i = 0; st == TB_OK && (name = tb_book_name(book, i, &model)); i++)
		puts(name);
	tb_book_free(book);
	tb_problems_release(&problems);
	tb_arena_release(&arena);
	return tb_exit_code(st);
}

static const struct {
	const char *name;
	int (*print)(void);
} outputs[] = {{"page", page},
	       {"bash", tb_complete_bash},
	       {"zsh", tb_complete_zsh},
	       {"fish", tb_complete_fish},
	       {"models", models}};

int tb_generate(const char *what)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		if (strcmp(outputs[i].name, what) == 0)
			return outputs[i].print();
	tb_say("--generate: '%s': not one of page, bash, zsh, fish, models", what);
	return TB_EXIT_USAGE;
}
