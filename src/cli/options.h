/*
 * options - command lines as tables: parsing, help, manual and completion read the same rows.
 */
#ifndef TB_OPTIONS_H
#define TB_OPTIONS_H

#include "base/civil.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tb_option {
	char letter;       /* '\0' when there is only a long name */
	const char *name;  /* without its dashes */
	const char *value; /* what its argument is called; NULL when it takes none */
	const char *help;  /* one line; "|" breaks it */
	/* For completion: words, blank-separated; or one of FILE, LOGFORMAT, MODEL, PROVIDER, ZONE,
	 * which stand for the names that there are; NULL where nothing is known. */
	const char *choices;
	bool repeatable;
	/* Takes one occurrence; `value` is NULL when there is none and lives as long as the arena.
	 */
	enum tb_status (*take)(void *ctx, const char *value, struct tb_err *err);
};

/* Defines the take() of an option without a value, which sets a bool in its ctx. */
#define TB_FLAG_TAKER(name, type, member)                                                          \
	static enum tb_status name(void *ctx, const char *value, struct tb_err *err)               \
	{                                                                                          \
		(void)value;                                                                       \
		(void)err;                                                                         \
		((type *)ctx)->member = true;                                                      \
		return TB_OK;                                                                      \
	}

/* Options that stand together. Commands share such tables. */
struct tb_option_group {
	const struct tb_option *rows; /* ends with a NULL name */
	size_t at;                    /* where their ctx begins in the command's */
	const char *title;            /* in help and manual; NULL: they go on the group before */
};

struct tb_example {
	const char *what; /* ends with "(exit code N)" where that is not 0: the tests look for it */
	const char *command;
};

struct tb_command {
	const char *name;
	const char *summary;
	const char *operands;                  /* such as "LOG..." */
	const struct tb_option_group *options; /* ends with NULL rows */
	const struct tb_example *examples;     /* ends with a NULL command */
	int (*run)(const struct tb_command *self, int argc, const char *const *argv);
	const char *group;        /* of a sub-command: the command it belongs to */
	bool first_operand_model; /* for completion: it is the name of a model */
	/* A command of commands: ends with NULL; of the fields above it has name and summary. */
	const struct tb_command *const *subcommands;
};

/* The commands of tokbill; ends with NULL, as every list of them. */
extern const struct tb_command *const tb_commands[];

const struct tb_command *tb_command_named(const struct tb_command *const *list, const char *name);

/* The command's i-th option, counted through its groups; NULL after the last. */
const struct tb_option *tb_command_option(const struct tb_command *command, size_t i);

/* The command's name nearest to a mistyped one, or NULL. */
const char *tb_command_nearest(const struct tb_command *const *list, const char *name);

/* The n-th of all commands that can be run: sub-commands stand for the command they belong to. */
const struct tb_command *tb_command_leaf(size_t n);

enum { TB_COMMAND_TITLE = 64 };

/* "report", or "rates show" for a sub-command. Returns `text`. */
const char *tb_command_title(const struct tb_command *command, char text[TB_COMMAND_TITLE]);

/* The command's manual page: "tokbill-report", "tokbill-rates-show". Returns `text`. */
const char *tb_command_page(const struct tb_command *command, char text[TB_COMMAND_TITLE]);

/* The row of --help, which every command has beside its own. */
extern const struct tb_option tb_help_option;

struct tb_operands {
	const char **items; /* ends with NULL */
	size_t count;
	bool help; /* --help was asked for; then nothing else counts */
};

/*
 * Parses argv[1..]: options go to their take(ctx), the rest are the operands. All texts are the
 * arena's.
 */
TB_MUST_CHECK enum tb_status tb_options_parse(const struct tb_command *command, int argc,
					      const char *const *argv, void *ctx,
					      struct tb_arena *arena, struct tb_operands *out,
					      struct tb_err *err);

/* "--OPTION: 'VALUE': WHY": for take(). */
enum tb_status tb_bad_value(const char *option, const char *value, const char *why,
			    struct tb_err *err);

/* A day or an instant as people write it, for take(). */
TB_MUST_CHECK enum tb_status tb_take_time(const char *option, const char *value,
					  struct tb_time *out, struct tb_err *err);

/* "tokbill --help". */
void tb_overview(FILE *out);

/* "tokbill COMMAND --help", also of a command of commands. */
void tb_command_help(const struct tb_command *command, FILE *out);

#endif
