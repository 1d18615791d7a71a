#include "cli/chat_request.h"

#include <yajl/yajl_parse.h>

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, DEPTH_MAX = 64, PATH_MAX_BYTES = 160 };
enum { PER_MESSAGE = 3, PER_NAME = 1, PER_ANSWER = 3 };

struct reader {
	struct tb_text_count *count;
	struct tb_arena *arena;
	enum tb_status (*take)(void *ctx, const struct tb_chat_request *r, struct tb_err *err);
	void *ctx;
	struct tb_err *err;
	enum tb_status st;
	struct tb_chat_request request;
	const char *why; /* it is none */
	/* Keys from the outside in, dots between them, [] for an array. */
	char path[PATH_MAX_BYTES];
	size_t ends[DEPTH_MAX]; /* of the path, outside each map and array that is open */
	bool array[DEPTH_MAX];
	size_t depth;
};

/* ---- what stands where ---- */

enum meaning { NOTHING, MODEL, TEXT, ROLE, NAME, LIMIT, UNCOUNTED };

/* Patterns of paths as in fnmatch(); the first that fits. */
static const struct {
	const char *path;
	enum meaning meaning;
} meanings[] = {
	{"model", MODEL},
	{"messages.\\[].role", ROLE},
	{"messages.\\[].name", NAME},
	{"messages.\\[].content", TEXT},
	{"messages.\\[].content.\\[].text", TEXT},
	{"messages.\\[].content.\\[].type", NOTHING},
	{"messages.\\[].content.\\[].refusal", TEXT},
	{"messages.\\[].content.\\[].*", UNCOUNTED},
	{"messages.\\[].tool_call*", UNCOUNTED},
	{"messages.\\[].function_call*", UNCOUNTED},
	{"input.\\[].role", ROLE},
	{"input.\\[].content", TEXT},
	{"input.\\[].content.\\[].text", TEXT},
	{"input.\\[].content.\\[].type", NOTHING},
	{"input.\\[].content.\\[].*", UNCOUNTED},
	{"input", TEXT},
	{"input.\\[]", TEXT},
	{"instructions", TEXT},
	{"prompt", TEXT},
	{"prompt.\\[]", TEXT},
	{"system", TEXT},
	{"system.\\[].text", TEXT},
	{"max_tokens", LIMIT},
	{"max_completion_tokens", LIMIT},
	{"max_output_tokens", LIMIT},
	{"tools.*", UNCOUNTED},
	{"functions.*", UNCOUNTED},
	{"response_format.json_schema.*", UNCOUNTED},
};

static const char body[] = "body.";

static enum meaning meaning_of(struct reader *r)
{
	const char *path = r->path;

	if (strncmp(path, body, sizeof(body) - 1) == 0) {
		path += sizeof(body) - 1;
		r->request.batch = true;
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (fnmatch(meanings[i].path, path, 0) == 0)
			return meanings[i].meaning;
	return NOTHING;
}

bool tb_framing_is_published(const char *model)
{
	static const char *const published[] = {"gpt-3.5-turbo*", "gpt-4",       "gpt-4-0314",
						"gpt-4-0613",     "gpt-4-32k*",  "gpt-4o",
						"gpt-4o-20*",     "gpt-4o-mini", "gpt-4o-mini-20*"};

	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
		if (fnmatch(published[i], model, 0) == 0)
			return true;
	return false;
}

/* ---- values ---- */

static int failed(struct reader *r, enum tb_status st)
{
	r->st = st;
	return st == TB_OK;
}

static int refuse(struct reader *r, const char *why)
{
	r->why = why;
	return 0;
}

static int add_text(struct reader *r, uint64_t *sums, uint64_t added, const char *p, size_t n)
{
	enum tb_status st = tb_text_count_bytes(r->count, p, n, r->err);

	for (int e = 0; st == TB_OK && e < TB_ENCODINGS; e++)
		sums[e] += added + r->count->tokens[e];
	return failed(r, st);
}

static int take_string(void *ctx, const unsigned char *p, size_t n)
{
	struct reader *r = ctx;
	const char *text = (const char *)p;

	if (r->depth == 0)
		return refuse(r, "not a JSON object");
	switch (meaning_of(r)) {
	case MODEL:
		r->request.model = tb_arena_text(r->arena, text, n);
		return failed(r, r->request.model ? TB_OK : tb_fail_nomem(r->err));
	case TEXT:
		return add_text(r, r->request.text, 0, text, n);
	case ROLE:
		return add_text(r, r->request.framing, PER_MESSAGE, text, n);
	case NAME:
		return add_text(r, r->request.framing, PER_NAME, text, n);
	case UNCOUNTED:
		r->request.uncounted++;
		return 1;
	default:
		return 1;
	}
}

static int take_number(void *ctx, const char *p, size_t n)
{
	struct reader *r = ctx;
	uint64_t limit;

	if (r->depth == 0)
		return refuse(r, "not a JSON object");
	if (meaning_of(r) == LIMIT && !tb_count_parse((struct tb_span){p, n}, &limit))
		r->request.max_output = limit;
	return 1;
}

static int take_other(void *ctx)
{
	struct reader *r = ctx;

	return r->depth > 0 || refuse(r, "not a JSON object");
}

static int take_boolean(void *ctx, int value)
{
	(void)value;
	return take_other(ctx);
}

/* ---- structure ---- */

/* Puts a name behind the path of the innermost map or array; false when there is no room. */
static bool set_name(struct reader *r, const char *name, size_t n)
{
	size_t at = r->ends[r->depth - 1];

	if (at + n + 2 > sizeof(r->path))
		return false;
	if (at > 0)
		r->path[at++] = '.';
	memcpy(r->path + at, name, n);
	r->path[at + n] = '\0';
	return true;
}

static int take_key(void *ctx, const unsigned char *p, size_t n)
{
	struct reader *r = ctx;

	/* A longer path is nobody's. */
	if (!set_name(r, (const char *)p, n) && !set_name(r, "?", 1))
		return refuse(r, "nested too deep");
	return 1;
}

static int open_one(struct reader *r, bool array)
{
	if (r->depth == DEPTH_MAX)
		return refuse(r, "nested too deep");
	r->array[r->depth] = array;
	r->ends[r->depth++] = strlen(r->path);
	return !array || set_name(r, "[]", 2) || refuse(r, "nested too deep");
}

static int close_one(struct reader *r)
{
	r->depth--;
	r->path[r->ends[r->depth]] = '\0';
	return 1;
}

static int begin_map(void *ctx)
{
	struct reader *r = ctx;

	if (r->depth == 0)
		r->request = (struct tb_chat_request){0};
	return open_one(r, false);
}

static int end_map(void *ctx)
{
	struct reader *r = ctx;
	struct tb_chat_request *q = &r->request;
	bool any = false;

	close_one(r);
	if (r->depth > 0)
		return 1;
	for (int e = 0; e < TB_ENCODINGS; e++) {
		any |= q->text[e] || q->framing[e];
		q->framing[e] += q->framing[e] ? PER_ANSWER : 0;
	}
	if (!any && !q->uncounted)
		return refuse(r, "no messages, input or prompt");
	return failed(r, r->take(r->ctx, q, r->err));
}

static int begin_array(void *ctx)
{
	struct reader *r = ctx;

	return r->depth == 0 ? refuse(r, "not a JSON object") : open_one(r, true);
}

static int end_array(void *ctx)
{
	return close_one(ctx);
}

static const yajl_callbacks callbacks = {
	.yajl_null = take_other,
	.yajl_boolean = take_boolean,
	.yajl_number = take_number,
	.yajl_string = take_string,
	.yajl_start_map = begin_map,
	.yajl_map_key = take_key,
	.yajl_end_map = end_map,
	.yajl_start_array = begin_array,
	.yajl_end_array = end_array,
};

/* ---- a file ---- */

struct place {
	const char *name;
	uint64_t line;
};

static void count_lines(struct place *at, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at->line += p[i] == '\n';
}

static enum tb_status explain(struct reader *r, struct place *at, yajl_handle h, const char *block,
			      struct tb_err *err)
{
	if (r->st != TB_OK)
		return r->st;
	count_lines(at, block, yajl_get_bytes_consumed(h));
	return tb_fail(err, TB_DATA,
		       "%s:%" PRIu64 ": %s; --messages reads requests as they are "
		       "sent: JSON objects with messages, or lines of a batch input file",
		       at->name, at->line, r->why ? r->why : "not JSON");
}

static enum tb_status parse_all(struct reader *r, struct place *at, yajl_handle h, int fd,
				struct tb_err *err)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tb_fail(err, TB_NOINPUT, "%s: %s", at->name, strerror(errno));
		if (yajl_parse(h, (const unsigned char *)block, (size_t)n) != yajl_status_ok)
			return explain(r, at, h, block, err);
		count_lines(at, block, (size_t)n);
	}
	if (yajl_complete_parse(h) != yajl_status_ok || r->depth > 0)
		return r->st != TB_OK
			       ? r->st
			       : tb_fail(err, TB_DATA, "%s: ends within a request", at->name);
	return TB_OK;
}

enum tb_status tb_chat_requests(const char *path, struct tb_text_count *count,
				struct tb_arena *arena,
				enum tb_status (*take)(void *ctx, const struct tb_chat_request *r,
						       struct tb_err *err),
				void *ctx, struct tb_err *err)
{
	bool standard = strcmp(path, "-") == 0;
	struct place at = {standard ? "standard input" : path, 1};
	struct reader r = {.count = count, .arena = arena, .take = take, .ctx = ctx, .err = err};
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	yajl_handle h = yajl_alloc(&callbacks, NULL, &r);
	enum tb_status st;

	if (!h || fd < 0) {
		st = h ? tb_fail(err, TB_NOINPUT, "%s: %s", path, strerror(errno))
		       : tb_fail_nomem(err);
	} else {
		yajl_config(h, yajl_allow_multiple_values, 1);
		st = parse_all(&r, &at, h, fd, err);
	}
	if (h)
		yajl_free(h);
	if (fd >= 0 && !standard)
		close(fd);
	return st;
}
