/*
 * gen_log - writes usage logs for the benchmark, the same bytes for the same arguments.
 *
 *   gen_log KIND ROWS   to standard output
 *
 * Kinds: plain (7 columns), ids (the same with request ids, all different), quoted (the same, every field quoted), openai (24 columns of the
 * completions usage export), groups (a user column with a million values).
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS = 30, USERS = 1000000 };

static const char *const models[] = {"gpt-4o-mini", "gpt-4o", "gpt-5", "claude-haiku-4-5",
				     "gemini-2.5-flash", "gpt-4.1"};

struct row {
	uint64_t n;
	int day, hour, minute, second;
	const char *model;
	unsigned input, cached, output, user;
	int batch;
};

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Rows go through the days in order, as logs do. */
static struct row make_row(uint64_t n, uint64_t rows, uint64_t *state)
{
	uint64_t r = next_random(state);
	struct row row = {.n = n, .day = (int)(n * DAYS / rows) + 1};

	row.hour = (int)(r % 24);
	row.minute = (int)(r / 24 % 60);
	row.second = (int)(r / 1440 % 60);
	row.model = models[r / 86400 % (sizeof(models) / sizeof(models[0]))];
	r = next_random(state);
	row.input = 1000 + (unsigned)(r % 89000);
	row.cached = (unsigned)(r / 89000 % 900);
	row.output = (unsigned)(r / 80100000 % 4000);
	row.batch = (int)(r >> 60) % 4 == 0;
	row.user = (unsigned)(next_random(state) % USERS);
	return row;
}

static void put_plain(const struct row *r)
{
	printf("2026-06-%02dT%02d:%02d:%02dZ,%s,%u,%u,%u,%s,project-%u\n", r->day, r->hour, r->minute,
	       r->second, r->model, r->input, r->cached, r->output, r->batch ? "true" : "false",
	       r->user % 50);
}

/* Ids look random and are all different: the row's number is half of each. */
static void put_ids(const struct row *r)
{
	printf("2026-06-%02dT%02d:%02d:%02dZ,req_%08x%08x,%s,project-%u,%u,%u,%u,%s\n", r->day,
	       r->hour, r->minute, r->second, (unsigned)(r->n * 2654435761u), (unsigned)r->n,
	       r->model, r->user % 50, r->input, r->cached, r->output, r->batch ? "true" : "false");
}

static void put_quoted(const struct row *r)
{
	printf("\"2026-06-%02dT%02d:%02d:%02dZ\",\"%s\",\"%u\",\"%u\",\"%u\",\"%s\",\"project-%u\"\n",
	       r->day, r->hour, r->minute, r->second, r->model, r->input, r->cached, r->output,
	       r->batch ? "true" : "false", r->user % 50);
}

static void put_groups(const struct row *r)
{
	printf("2026-06-%02dT%02d:%02d:%02dZ,%s,%u,%u,%u,%s,user-%u\n", r->day, r->hour, r->minute,
	       r->second, r->model, r->input, r->cached, r->output, r->batch ? "true" : "false",
	       r->user);
}

static void put_openai(const struct row *r)
{
	long start = 1780272000L + (r->day - 1) * 86400L; /* 2026-06-01 */

	printf("%ld,%ld,2026-06-%02dT00:00:00+00:00,2026-06-%02dT00:00:00+00:00,proj_%u,%u,user-%u,"
	       "key_%u,%s,%s,default,%u,%u,%u,%u,%u,%u,%u,0,0,0,0,0,0\n",
	       start, start + 86400, r->day, r->day + 1, r->user % 50, r->user % 9 + 1, r->user,
	       r->user % 20, r->model, r->batch ? "TRUE" : "FALSE", r->input, r->output, r->cached,
	       r->input - r->cached, r->input - r->cached, r->output, r->cached);
}

#define PLAIN_HEADER "timestamp,model,input_tokens,cached_tokens,output_tokens,batch"

static const struct {
	const char *name, *header;
	void (*put)(const struct row *r);
} kinds[] = {
	{"plain", PLAIN_HEADER ",project", put_plain},
	{"ids",
	 "timestamp,request_id,model,project,input_tokens,cached_tokens,output_tokens,batch",
	 put_ids},
	{"quoted", PLAIN_HEADER ",project", put_quoted},
	{"groups", PLAIN_HEADER ",user", put_groups},
	{"openai",
	 "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,"
	 "api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,"
	 "input_uncached_tokens,input_text_tokens,output_text_tokens,input_cached_text_tokens,"
	 "input_audio_tokens,input_cached_audio_tokens,output_audio_tokens,input_image_tokens,"
	 "input_cached_image_tokens,output_image_tokens",
	 put_openai},
};

int main(int argc, char **argv)
{
	uint64_t rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 0, state = 88172645463325252u;

	for (size_t k = 0; argc > 2 && k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (strcmp(kinds[k].name, argv[1]) != 0)
			continue;
		puts(kinds[k].header);
		for (uint64_t n = 0; n < rows; n++) {
			struct row row = make_row(n, rows, &state);

			kinds[k].put(&row);
		}
		return fflush(stdout) == 0 ? 0 : 1;
	}
	fputs("usage: gen_log plain|ids|quoted|openai|groups ROWS\n", stderr);
	return 64;
}
