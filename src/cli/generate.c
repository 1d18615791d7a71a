#include "cli/generate.h"

#include "cli/complete.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/rates_source.h"
#include "cli/version.h"
#include "usage/logformat.h"

#include <string.h>

/* ---- man ---- */

/* roff takes a dash for a hyphen and a dot at the start of a line for a request. */
static void man_text(const char *s)
{
	for (; *s; s++) {
		if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
	}
}

/* A help text, whose bars are line breaks there. */
static void man_help(const char *help)
{
	for (;;) {
		size_t n = strcspn(help, "|");
		char line[128];

		snprintf(line, sizeof(line), "%.*s", (int)n, help);
		man_text(line);
		putchar('\n');
		if (!help[n])
			return;
		help += n + 1;
	}
}

static void man_option(const struct tb_option *o)
{
	fputs(".TP\n", stdout);
	if (o->letter)
		printf("\\fB\\-%c\\fR, ", o->letter);
	fputs("\\fB\\-\\-", stdout);
	man_text(o->name);
	fputs("\\fR", stdout);
	if (o->value)
		printf(" \\fI%s\\fR", o->value);
	putchar('\n');
	man_help(o->help);
}

static void man_command(const struct tb_command *c)
{
	char title[TB_COMMAND_TITLE];

	tb_command_title(c, title);
	printf(".SH %s\n.B tokbill %s\n[\\fIoptions\\fR] \\fI%s\\fR\n.PP\n", title, title,
	       c->operands);
	man_text(c->summary);
	fputs(".\n", stdout);
	for (size_t i = 0; tb_command_option(c, i); i++)
		man_option(tb_command_option(c, i));
	fputs(".SS Examples\n", stdout);
	for (const struct tb_example *e = c->examples; e->command; e++) {
		fputs(".TP\n", stdout);
		man_text(e->what);
		fputs("\n.nf\n", stdout);
		man_text(e->command);
		fputs("\n.fi\n", stdout);
	}
}

static const char man_rates[] =
	".SH RATE FILES\n"
	"An INI file; one section is one price era of one model: \\fB[MODEL]\\fR from the "
	"beginning, \\fB[MODEL @ 2026\\-09\\-01]\\fR or \\fB[MODEL @ "
	"2026\\-08\\-16T16:00:00Z]\\fR from that instant on.\n"
	".TP\n.B input, cached_read, cache_write, cache_write_1h, output, reasoning\n"
	"Prices per 1,000,000 tokens: a decimal of at most 9 decimals, or the name of another "
	"meter, whose price in the same tier and context is then taken. input and output are "
	"required. An absent price is unknown, and usage that needs it is refused; 0 is free. "
	"An absent reasoning price is the output price.\n"
	".TP\n.B batch_METER, flex_METER, priority_METER\nThe price in that tier.\n"
	".TP\n.B batch_discount, flex_discount, priority_discount\n"
	"Derives the tier's prices that are not given, such as 50%.\n"
	".TP\n.B long_context_over, long_context_from\n"
	"Requests with more than (or from) so many input tokens are billed at the "
	"\\fBlong_METER\\fR prices, as a whole.\n"
	".TP\n.B peak_hours\n"
	"Hours of the week with prices of their own, such as Mon\\-Fri 09:00\\-12:00,"
	"14:00\\-18:00 Asia/Shanghai: days (left out: every day), times, and the zone they are in "
	"(an IANA name, UTC, or an offset such as +08:00).\n"
	".TP\n.B peak_multiplier, peak_METER\n"
	"What a price is multiplied by in peak hours, or the price itself (\\fBpeak_long_METER\\fR "
	"for a long context).\n"
	".TP\n.B uplift_REGION\n"
	"What tokens of rows with that \\fBregion\\fR cost on top, such as 10%.\n"
	".TP\n.B web_search\nThe price of 1,000 web searches, the same in every tier.\n"
	".TP\n.B aliases, provider, currency\n"
	"Other names of the model; who sells it; the currency (USD unless given, also in "
	"\\fB[defaults]\\fR).\n"
	".TP\n.B name, summary, modalities, capabilities, strengths, tradeoffs, context_window, "
	"lifecycle, released, deprecated, shutdown, replacement, hosts, benchmark, source, "
	"verified, confidence, note\nFacts that change no price. \\fBverified\\fR is the date of "
	"the source, by which \\fBtokbill rates check\\fR warns of old prices. A note that begins with "
	"\\fBunpublished:\\fR names a tier or a meter whose price the era before has and this one "
	"has not, so that \\fBtokbill rates check\\fR knows of it.\n";

static const char man_logs[] =
	".SH USAGE LOGS\n"
	"CSV (RFC 4180) with a header line. Columns are found by name, in any order: timestamp "
	"(or time, date, created_at, start_time), model, input_tokens (prompt_tokens; cached "
	"reads and writes included), output_tokens (completion_tokens; reasoning included), and "
	"if present cached_read_tokens (cached_tokens, cached_input_tokens, "
	"input_cached_tokens), cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, "
	"batch, service_tier, requests (num_model_requests), context, region, web_searches, "
	"request_id.\n"
	".PP\nRows with one request_id and the same usage are billed once; with other usage "
	"they are bad rows.\n"
	".PP\nA record may have 1 MiB, a field 64 KiB, a header 1,024 columns.\n";

static void man_formats(void)
{
	puts(".SH LOG FORMATS\nA log whose header has the columns of an export is read as that "
	     "export; \\fBtokbill formats\\fR tells which, and what becomes of each column.");
	for (const struct tb_logformat *const *f = tb_logformats; *f; f++) {
		fputs(".TP\n.B ", stdout);
		man_text((*f)->name);
		putchar('\n');
		man_text((*f)->title);
		if ((*f)->note) {
			fputs(": ", stdout);
			man_text((*f)->note);
		}
		puts(".");
	}
	puts(".PP\nA format file (\\-\\-format\\-file) describes others: "
	     "\\fB[format NAME]\\fR sections with \\fIFIELD\\fR = \\fICOLUMN\\fR lines, "
	     "\\fBcached\\fR = included or apart, \\fBreasoning\\fR = included or added, "
	     "\\fBtime_zone\\fR, \\fBvendor_prefix\\fR = yes or no, \\fBblank_counts\\fR = "
	     "refused or zero, \\fBrows_without_usage\\fR = refused or skipped, and "
	     "\\fBbase\\fR = another format whose columns serve for the other fields.");
}

static int man(void)
{
	const struct tb_command *c;

	puts(".TH TOKBILL 1 \"\" \"tokbill " TB_VERSION "\" \"User Commands\"\n"
	     ".SH NAME\ntokbill \\- turn LLM usage logs into money, exactly\n"
	     ".SH SYNOPSIS\n.B tokbill\n\\fICOMMAND\\fR [\\fIoptions\\fR] ...");
	for (size_t i = 0; (c = tb_command_leaf(i)); i++)
		man_command(c);
	fputs(man_logs, stdout);
	man_formats();
	fputs(man_rates, stdout);
	puts(".SH ENVIRONMENT\n.TP\n.B TOKBILL_RATES\nRate files as for \\-\\-rates, with "
	     "colons between them.\n.TP\n.B NO_COLOR\nNo colours.\n.TP\n.B TMPDIR\nWhere "
	     "temporary files go.\n.SH EXIT STATUS");
	for (size_t i = 0; i < tb_exit_count; i++)
		printf(".TP\n.B %d\n%s\n", tb_exit_table[i].code, tb_exit_table[i].meaning);
	return TB_EXIT_OK;
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
} outputs[] = {{"man", man},
	       {"bash", tb_complete_bash},
	       {"zsh", tb_complete_zsh},
	       {"fish", tb_complete_fish},
	       {"models", models}};

int tb_generate(const char *what)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++)
		if (strcmp(outputs[i].name, what) == 0)
			return outputs[i].print();
	tb_say("--generate: '%s': not one of man, bash, zsh, fish", what);
	return TB_EXIT_USAGE;
}
