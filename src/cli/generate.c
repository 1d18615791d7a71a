#include "cli/generate.h"

#include "cli/complete.h"
#include "cli/manual.h"
#include "cli/messages.h"
#include "cli/rates_source.h"

#include "base/keytab.h"
#include "base/zone_names.h"

#include <string.h>

/* ---- what the rates hold ---- */

/* Every name of a model. */
static void put_models(const struct tb_book *book)
{
	const char *name, *model;

	for (size_t i = 0; (name = tb_book_name(book, i, &model)); i++)
		puts(name);
}

/* Every vendor, once. */
static void put_providers(const struct tb_book *book)
{
	struct tb_keytab seen;

	tb_keytab_init(&seen);
	for (size_t i = 0; i < tb_book_era_count(book); i++) {
		const char *provider = tb_book_era(book, (uint32_t)i)->provider;
		bool added = false;

		if (*provider &&
		    tb_keytab_put(&seen, provider, strlen(provider), &added) != TB_KEYTAB_NONE &&
		    added)
			puts(provider);
	}
	tb_keytab_release(&seen);
}

/* Of the files, else of what TOKBILL_RATES names, else of the built-in rates. */
static int of_rates(const char *const *files, void (*put)(const struct tb_book *book))
{
	struct tb_rates_source source = {0};
	struct tb_arena arena = {0};
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	struct tb_book *book = NULL;
	enum tb_status st = TB_OK;

	for (; st == TB_OK && *files; files++)
		st = tb_rates_add(&source, *files, &err);
	if (st == TB_OK)
		st = tb_rates_load(&source, &arena, &book, &problems, &err);
	if (st == TB_OK)
		put(book);
	tb_book_free(book);
	tb_problems_release(&problems);
	tb_arena_release(&arena);
	return tb_exit_code(st);
}

static int models(const char *const *files)
{
	return of_rates(files, put_models);
}

static int providers(const char *const *files)
{
	return of_rates(files, put_providers);
}

/* ---- the others ---- */

static int page(const char *const *args)
{
	(void)args;
	return tb_manual_page(stdin, stdout);
}

static int bash(const char *const *args)
{
	(void)args;
	return tb_complete_bash();
}

static int zsh(const char *const *args)
{
	(void)args;
	return tb_complete_zsh();
}

static int fish(const char *const *args)
{
	(void)args;
	return tb_complete_fish();
}

static void put_zone(void *ctx, const char *name)
{
	(void)ctx;
	puts(name);
}

static int zones(const char *const *args)
{
	(void)args;
	tb_zone_names(put_zone, NULL);
	return TB_EXIT_OK;
}

static const struct {
	const char *name;
	int (*print)(const char *const *args);
} outputs[] = {{"page", page},     {"bash", bash},           {"zsh", zsh},    {"fish", fish},
	       {"models", models}, {"providers", providers}, {"zones", zones}};

int tb_generate(const char *const *args)
{
	const char *what = *args ? *args : "";

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		if (strcmp(outputs[i].name, what) == 0)
			return outputs[i].print(args + 1);
	tb_say("--generate: '%s': not one of page, bash, zsh, fish, models, providers, zones",
	       what);
	return TB_EXIT_USAGE;
}
