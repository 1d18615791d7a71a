#include "helpers.h"
#include "suites.h"

#include <string.h>

/* Splits "a,b,c" in place of the CSV reader: names here hold no quotes. */
static size_t split(const char *header, struct tb_span *names)
{
	size_t n = 0;
	const char *p = header;

	for (;;) {
		size_t len = strcspn(p, ",");

		names[n++] = (struct tb_span){p, len};
		if (!p[len])
			return n;
		p += len + 1;
	}
}

static enum tb_status read_header(const char *header, const char *asked, struct tb_columns *c,
				  const char **faults)
{
	struct tb_span names[32];
	struct tb_problems problems = {0};
	struct tb_err err = {0};
	enum tb_status st = tb_columns_read(c, names, split(header, names), NULL, &asked,
					    asked != NULL, "log.csv", 3, &problems, &err);

	*faults = problems_text(&problems);
	tb_problems_release(&problems);
	return st;
}

static const struct {
	enum tb_field field;
	const char *name;
} accepted[] = {
	{TB_FIELD_TIME, "timestamp"},
	{TB_FIELD_TIME, "time"},
	{TB_FIELD_TIME, "date"},
	{TB_FIELD_TIME, "created_at"},
	{TB_FIELD_TIME, "start_time"},
	{TB_FIELD_MODEL, "model"},
	{TB_FIELD_INPUT, "input_tokens"},
	{TB_FIELD_INPUT, "prompt_tokens"},
	{TB_FIELD_CACHED_READ, "cached_read_tokens"},
	{TB_FIELD_CACHED_READ, "cached_tokens"},
	{TB_FIELD_CACHED_READ, "cached_input_tokens"},
	{TB_FIELD_CACHED_READ, "input_cached_tokens"},
	{TB_FIELD_CACHE_WRITE, "cache_write_tokens"},
	{TB_FIELD_CACHE_WRITE_1H, "cache_write_1h_tokens"},
	{TB_FIELD_OUTPUT, "output_tokens"},
	{TB_FIELD_OUTPUT, "completion_tokens"},
	{TB_FIELD_REASONING, "reasoning_tokens"},
	{TB_FIELD_BATCH, "batch"},
	{TB_FIELD_SERVICE_TIER, "service_tier"},
	{TB_FIELD_REQUESTS, "requests"},
	{TB_FIELD_REQUESTS, "num_model_requests"},
	{TB_FIELD_CONTEXT, "context"},
	{TB_FIELD_ID, "request_id"},
};

/* A header with the name at the front, and the required columns that it is not. */
static void header_with(enum tb_field field, const char *name, char *header)
{
	strcpy(header, name);
	strcat(header, ",something");
	if (field != TB_FIELD_TIME)
		strcat(header, ",timestamp");
	if (field != TB_FIELD_MODEL)
		strcat(header, ",model");
	if (field != TB_FIELD_INPUT)
		strcat(header, ",input_tokens");
	if (field != TB_FIELD_OUTPUT)
		strcat(header, ",output_tokens");
}

START_TEST(accepted_name)
{
	enum tb_field field = accepted[_i].field;
	struct tb_columns c;
	char header[256];
	const char *faults;

	header_with(field, accepted[_i].name, header);
	ck_assert_int_eq(read_header(header, NULL, &c, &faults), TB_OK);
	ck_assert_str_eq(faults, "");
	for (int f = 0; f < TB_FIELDS; f++)
		ck_assert_msg((c.field[f] == 0) == (f == (int)field), "%s is field %d", header, f);
	ck_assert_str_eq(tb_columns_label(&c, field), accepted[_i].name);
	ck_assert_int_eq(c.wanted[0], 1);
	ck_assert_int_eq(c.wanted[1], 0);
	tb_columns_release(&c);
}
END_TEST

#define NONE_FOR_TIME                                                                              \
	"log.csv:3: header: no column for timestamp (accepted: timestamp, time, date, "            \
	"created_at, start_time)"
#define NONE_FOR_INPUT                                                                             \
	"log.csv:3: header: no column for input_tokens (accepted: input_tokens, prompt_tokens)"
#define NONE_FOR_OUTPUT                                                                            \
	"log.csv:3: header: no column for output_tokens (accepted: output_tokens, "                \
	"completion_tokens)"
#define GOOD "timestamp,model,input_tokens,output_tokens"

static const struct {
	const char *header, *faults;
} refusals[] = {
	{"model,input_tokens,output_tokens", NONE_FOR_TIME},
	{"timestamp,model,input_tokenz,output_tokens", NONE_FOR_INPUT "; is 'input_tokenz' meant?"},
	{"timestamp,model,completion_tokens", NONE_FOR_INPUT},
	{"timestamp,input_tokens,output_tokens",
	 "log.csv:3: header: no column for model (accepted: model)"},
	/* A column that is in use already is not what was meant. */
	{"timestamp,model,input_tokens", NONE_FOR_OUTPUT},
	{GOOD ",prompt_tokens", "log.csv:3: header: 'prompt_tokens': says the same as column "
				"'input_tokens'; remove or rename one of them"},
	{GOOD ",date", "log.csv:3: header: 'date': says the same as column 'timestamp'; remove or "
		       "rename one of them"},
	{GOOD ",model", "log.csv:3: header: 'model': two columns of that name"},
	{GOOD ",user,user", "log.csv:3: header: 'user': two columns of that name"},
	{GOOD ",Model", "log.csv:3: header: 'Model': says the same as column 'model'; remove or "
			"rename one of them"},
	{"timestamp,model,Input Tokens,input-tokens,output_tokens",
	 "log.csv:3: header: 'input-tokens': says the same as column 'Input Tokens'; remove or "
	 "rename one of them"},
	{"timestamp;model;input_tokens;output_tokens",
	 "log.csv:3: header: 'timestamp;model;input_tokens;output_tokens': found 1 column; is the "
	 "separator ';' instead of a comma?"},
	{"timestamp\tmodel", "log.csv:3: header: 'timestamp\\x09model': found 1 column; is the "
			     "separator 'tab' instead of a comma?"},
	{"timestamp|model", "log.csv:3: header: 'timestamp|model': found 1 column; is the "
			    "separator '|' instead of a comma?"},
};

START_TEST(refusal)
{
	struct tb_columns c;
	const char *faults;

	ck_assert_int_eq(read_header(refusals[_i].header, NULL, &c, &faults), TB_DATA);
	ck_assert_msg(strcmp(faults, refusals[_i].faults) == 0, "%s\n%s\nexpected\n%s",
		      refusals[_i].header, faults, refusals[_i].faults);
	tb_columns_release(&c);
}
END_TEST

static const char *const tolerated[] = {
	GOOD,
	GOOD ",,",
	GOOD ",reject_line,reject_reason",
	GOOD ",reject_line,reject_reason,reject_line,reject_reason",
	GOOD ",Total Cost (USD),user",
	"output_tokens,user,input_tokens,timestamp,model",
};

START_TEST(unknown_columns_are_ignored)
{
	struct tb_columns c;
	const char *faults;

	ck_assert_int_eq(read_header(tolerated[_i], NULL, &c, &faults), TB_OK);
	ck_assert_msg(!*faults, "%s: %s", tolerated[_i], faults);
	ck_assert_str_eq(c.name[c.field[TB_FIELD_MODEL]], "model");
	tb_columns_release(&c);
}
END_TEST

static const struct {
	const char *asked;
	enum tb_status status;
	int column;
	const char *faults;
} asked[] = {
	{"team", TB_OK, 4, ""},
	{"model", TB_OK, 1, ""},
	{"teem", TB_USAGE, TB_COLUMN_NONE,
	 "log.csv:3: header: 'teem': --by names no column of this log; did you mean 'team'?"},
	{"customer", TB_USAGE, TB_COLUMN_NONE,
	 "log.csv:3: header: 'customer': --by names no column of this log"},
};

START_TEST(asked_column)
{
	struct tb_columns c;
	const char *faults;

	ck_assert_int_eq(read_header(GOOD ",team", asked[_i].asked, &c, &faults), asked[_i].status);
	ck_assert_str_eq(faults, asked[_i].faults);
	ck_assert_uint_eq(c.asked_count, 1);
	ck_assert_int_eq(c.asked[0], asked[_i].column);
	if (asked[_i].column != TB_COLUMN_NONE)
		ck_assert_int_eq(c.wanted[asked[_i].column], 1);
	tb_columns_release(&c);
}
END_TEST

START_TEST(label_of_an_absent_column)
{
	struct tb_columns c;
	const char *faults;

	ck_assert_int_eq(read_header(GOOD, NULL, &c, &faults), TB_OK);
	ck_assert_int_eq(c.field[TB_FIELD_REQUESTS], TB_COLUMN_NONE);
	ck_assert_str_eq(tb_columns_label(&c, TB_FIELD_REQUESTS), "requests");
	tb_columns_release(&c);
	tb_columns_release(&c);
}
END_TEST

Suite *columns_suite(void)
{
	Suite *s = suite_create("columns");

	add_loop(s, "columns/accepted names", accepted_name, LENGTH(accepted));
	add_loop(s, "columns/refusals", refusal, LENGTH(refusals));
	add_loop(s, "columns/unknown", unknown_columns_are_ignored, LENGTH(tolerated));
	add_loop(s, "columns/asked", asked_column, LENGTH(asked));
	add_test(s, "columns/labels", label_of_an_absent_column);
	return s;
}
