/* Estimates whose input is text: counted for each model, and priced request by request. */
#include "cli/estimate.h"
#include "cli/messages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is said of the requests of one model. */
struct prompt_sums {
	uint64_t requests, framing, limited, long_context, over_window;
	uint64_t window; /* 0: not known */
	bool framed;     /* the vendor has published how */
};

/* The requests of a model that was not typed are those that name it. */
static bool is_of(const struct tb_estimate *e, const struct tb_prompt *p, const char *model)
{
	const struct tb_model_choice *c = &e->options.models;

	return c->count || c->all || (p->model && strcmp(p->model, model) == 0);
}

static bool make_usage(const struct tb_estimate *e, const struct tb_prompt *p, const char *model,
		       enum tb_encoding encoding, struct prompt_sums *sums, struct tb_usage *u)
{
	uint64_t framing = sums->framed ? p->framing[encoding] : 0;
	uint64_t input = p->input[encoding] + framing;
	bool typed = e->options.is_typed[TB_OUTPUT];

	*u = e->options.request;
	u->model = tb_span_of(model);
	u->tokens[TB_CACHED_READ] = e->prompts.cached[encoding];
	u->tokens[TB_INPUT] = input - e->prompts.cached[encoding];
	if (!typed && !e->options.output_percent)
		u->tokens[TB_OUTPUT] = p->max_output;
	sums->limited += !typed && !e->options.output_percent && p->max_output;
	sums->framing += framing;
	return !e->options.output_percent ||
	       tb_estimate_output(&e->options, input, &u->tokens[TB_OUTPUT]);
}

static void note_sizes(struct prompt_sums *sums, const struct tb_usage *u,
		       const struct tb_rated *rated)
{
	tb_u128 all = tb_input_tokens(u) + u->tokens[TB_OUTPUT] + u->tokens[TB_REASONING];

	sums->requests++;
	sums->long_context += rated->terms.context == TB_LONG;
	sums->over_window += sums->window && all > sums->window;
}

/* Without an error and with *why set when one of the requests has no price: then none is billed. */
static enum tb_status price_prompts(struct tb_estimate *e, const char *model,
				    enum tb_encoding encoding, bool to_bill,
				    struct prompt_sums *sums, struct tb_problem *why,
				    struct tb_err *err)
{
	for (size_t i = 0; i < e->prompts.count; i++) {
		const struct tb_prompt *p = &e->prompts.list[i];
		struct tb_rated rated;
		struct tb_usage u;

		if (!is_of(e, p, model))
			continue;
		if (!make_usage(e, p, model, encoding, sums, &u))
			return tb_fail(err, TB_USAGE,
				       "--output-ratio: more than "
				       "9223372036854775807 tokens");
		if (!tb_rate_usage(&e->rater, &u, &rated, why))
			return TB_OK;
		if (to_bill)
			TB_TRY(tb_estimate_bill(e, &u, &rated, err));
		note_sizes(sums, &u, &rated);
	}
	return TB_OK;
}

static void say_sums(const struct tb_estimate *e, const char *model, enum tb_encoding encoding,
		     const struct prompt_sums *s)
{
	const char *are = s->requests == 1 ? "request is" : "requests are";

	if (e->options.prompts.messages && !s->framed)
		tb_say("%s: how messages are framed is not published: only their text is counted",
		       model);
	if (s->over_window)
		tb_say("%s: %" PRIu64 " of %" PRIu64
		       " %s larger than its context window of %" PRIu64 " tokens",
		       model, s->over_window, s->requests, are, s->window);
	if (e->options.output.quiet)
		return;
	if (s->framing)
		tb_say("%s: %" PRIu64 " of the input tokens frame the messages", model, s->framing);
	if (e->prompts.cached[encoding])
		tb_say("%s: %" PRIu64 " input tokens of each request are read from the cache",
		       model, e->prompts.cached[encoding]);
	if (s->limited)
		tb_say("%s: output is at most what the requests allow; --output N says what it is",
		       model);
	if (s->long_context)
		tb_say("%s: %" PRIu64 " of %" PRIu64 " %s priced as long context", model,
		       s->long_context, s->requests, are);
}

static enum tb_status count_model(struct tb_estimate *e, const char *model,
				  const struct tb_era *era, enum tb_encoding encoding,
				  struct tb_err *err)
{
	const char *window = era->card[TB_CARD_CONTEXT_WINDOW];
	struct prompt_sums sums = {.framed = tb_framing_is_published(era->model)}, again;
	struct tb_problem *why = calloc(1, sizeof(*why));
	enum tb_status st;

	if (!why)
		return tb_fail_nomem(err);
	if (!window || tb_count_parse(tb_span_of(window), &sums.window))
		sums.window = 0;
	again = sums;
	st = price_prompts(e, model, encoding, false, &again, why, err);
	if (st == TB_OK && *why->reason) {
		st = tb_estimate_unpriced(e, model, why->reason, err);
	} else if (st == TB_OK) {
		e->facts.rows++;
		e->facts.billed++;
		st = price_prompts(e, model, encoding, true, &sums, why, err);
		say_sums(e, model, encoding, &sums);
	}
	free(why);
	return st;
}

enum tb_status tb_estimate_counted(struct tb_estimate *e, const char *model,
				   const struct tb_era *era, struct tb_err *err)
{
	enum tb_encoding encoding = tb_encoding_of(era);
	bool added;

	if (encoding < TB_ENCODINGS)
		return count_model(e, model, era, encoding, err);
	if (!e->options.approximate) {
		e->uncounted++;
		/* Most models of the rates: say_results() says how many. */
		if (e->options.models.all)
			return TB_OK;
		return tb_estimate_unpriced(
			e, model,
			"no tokenizer of it is published, so there is no count; "
			"--approximate counts with o200k_base",
			err);
	}
	if (tb_keytab_put(&e->approximated, era->model, strlen(era->model), &added) ==
	    TB_KEYTAB_NONE)
		return tb_fail_nomem(err);
	return count_model(e, model, era, TB_O200K_BASE, err);
}

static enum tb_status want(void *ctx, const char *name, const struct tb_era *era,
			   struct tb_err *err)
{
	enum tb_encoding encoding = tb_encoding_of(era);

	(void)name;
	(void)err;
	*(unsigned *)ctx |= encoding < TB_ENCODINGS ? 1u << encoding : 0;
	return TB_OK;
}

/* The models that the requests name, each once; from here on by the names of their sections. */
static enum tb_status choose_from_requests(struct tb_estimate *e, struct tb_model_choice *out,
					   struct tb_err *err)
{
	for (size_t i = 0; i < e->prompts.count; i++) {
		struct tb_prompt *p = &e->prompts.list[i];
		const struct tb_era *era;
		size_t k = 0;

		if (!p->model)
			return tb_fail(err, TB_DATA, "request %zu names no model; type -m MODEL",
				       i + 1);
		if (tb_book_find(e->book, tb_span_of(p->model), e->options.request.instant, &era) !=
		    TB_LOOKUP_NO_MODEL)
			p->model = era->model;
		while (k < out->count && strcmp(out->names[k], p->model) != 0)
			k++;
		if (k == TB_MODELS_MAX)
			return tb_fail(err, TB_DATA, "the requests name more than 256 models");
		out->names[k] = p->model;
		out->count += k == out->count;
	}
	return TB_OK;
}

enum tb_status tb_estimate_read(struct tb_estimate *e, struct tb_model_choice *out,
				struct tb_err *err)
{
	struct tb_estimate_options *o = &e->options;
	bool of_requests = !o->models.count && !o->models.all;
	unsigned all = (1u << TB_ENCODINGS) - 1, wanted = 0;

	if (!o->prompt_name_count)
		return TB_OK;
	for (size_t i = 0; i < o->prompt_name_count; i++)
		TB_TRY(tb_inputs_add(&o->prompts.inputs, o->prompt_names[i], err));
	TB_TRY(tb_output_spare(o->output.path, o->prompts.inputs.paths, o->prompts.inputs.count,
			       "a text", "-o", err));
	TB_TRY(tb_model_choice_each(&o->models, e->book, o->request.instant, want, &wanted, err));
	wanted |= o->approximate ? 1u << TB_O200K_BASE : 0;
	TB_TRY(tb_prompts_read(&e->prompts, &o->prompts, of_requests ? all : wanted, err));
	if (e->prompts.uncounted)
		tb_say("not counted: what is no text in the requests (images, tools and alike): "
		       "%" PRIu64,
		       e->prompts.uncounted);
	if (e->prompts.batch && !o->has_tier)
		o->request.tier = TB_BATCH;
	return of_requests ? choose_from_requests(e, out, err) : TB_OK;
}
