#include "cli/complete.h"

#include "usage/logformat.h"

#include <string.h>

const char *tb_complete_listing(const struct tb_option *o)
{
	static const struct {
		const char *choices, *listing;
	} known[] = {{"MODEL", "models"}, {"PROVIDER", "providers"}, {"ZONE", "zones"}};

	for (size_t i = 0; o->choices && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(o->choices, known[i].choices) == 0)
			return known[i].listing;
	return NULL;
}

bool tb_complete_has_words(const struct tb_option *o)
{
	return o->value && o->choices && strcmp(o->choices, "FILE") != 0 && !tb_complete_listing(o);
}

/* LOGFORMAT stands for the formats of logs that hold usage. */
void tb_complete_put_words(const struct tb_option *o)
{
	if (strcmp(o->choices, "LOGFORMAT") != 0) {
		fputs(o->choices, stdout);
		return;
	}
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++)
		if (!((*f)->conventions & TB_LOG_NO_USAGE))
			printf("%s%s", f == tb_logformats ? "" : " ", (*f)->name);
}

char tb_complete_separator(const struct tb_option *o)
{
	return o->value && strstr(o->value, ",...") ? ','
	       : o->value && strchr(o->value, '=')  ? '='
						    : '\0';
}

void tb_complete_put_names(const struct tb_command *const *list)
{
	for (; *list; list++)
		printf("%s ", (*list)->name);
}

void tb_complete_put_plain(const char *help)
{
	for (; *help && *help != '|'; help++)
		if (!strchr("'[]:", *help))
			putchar(*help);
}
