#include "cli/prompts.h"

#include <stdlib.h>
#include <string.h>

static enum tb_status add(struct tb_prompts *p, struct tb_prompt x, struct tb_err *err)
{
	if (!tb_grow(&p->list, &p->cap, p->count + 1, sizeof(x)))
		return tb_fail_nomem(err);
	for (int e = 0; e < TB_ENCODINGS; e++)
		x.input[e] += p->cached[e];
	p->list[p->count++] = x;
	return TB_OK;
}

static enum tb_status add_text(struct tb_prompts *p, const char *path, struct tb_err *err)
{
	struct tb_prompt x = {0};

	TB_TRY(tb_text_count_file(&p->text, path, err));
	memcpy(x.input, p->text.tokens, sizeof(x.input));
	return add(p, x, err);
}

static enum tb_status add_request(void *ctx, const struct tb_chat_request *r, struct tb_err *err)
{
	struct tb_prompts *p = ctx;
	struct tb_prompt x = {.model = r->model, .max_output = r->max_output};

	memcpy(x.input, r->text, sizeof(x.input));
	memcpy(x.framing, r->framing, sizeof(x.framing));
	p->uncounted += r->uncounted;
	p->batch = r->batch && (p->batch || p->count == 0);
	return add(p, x, err);
}

enum tb_status tb_prompts_read(struct tb_prompts *p, const struct tb_prompt_options *o,
			       unsigned wanted, struct tb_err *err)
{
	TB_TRY(tb_text_count_open(&p->text, wanted, err));
	if (o->cached_prefix) {
		TB_TRY(tb_text_count_file(&p->text, o->cached_prefix, err));
		memcpy(p->cached, p->text.tokens, sizeof(p->cached));
	}
	for (size_t i = 0; i < o->inputs.count; i++) {
		const char *path = o->inputs.paths[i];

		TB_TRY(o->messages
			       ? tb_chat_requests(path, &p->text, &p->arena, add_request, p, err)
			       : add_text(p, path, err));
	}
	return p->count ? TB_OK : tb_fail(err, TB_DATA, "no request in what --input-from names");
}

void tb_prompts_release(struct tb_prompts *p)
{
	tb_text_count_close(&p->text);
	tb_arena_release(&p->arena);
	free(p->list);
	*p = (struct tb_prompts){0};
}
