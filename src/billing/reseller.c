#include "billing/reseller.h"

/*
 * The words that gateways put before a model's name (LiteLLM's providers, OpenRouter's authors,
 * Google's resource names), and the provider that each is. Without one the word tells nobody who
 * sells: it is a kind of resource, or whoever published a model that others run. What is not here
 * is a provider by itself.
 */
static const struct seller {
	const char *word;
	const char *provider;
} sellers[] = {
	{"text-completion-openai", "openai"},
	{"azure_ai", "azure"},
	{"azure_text", "azure"},
	{"gemini", "google"},
	{"google-ai-studio", "google"},
	{"google-vertex", "google"},
	{"vertex", "google"},
	{"vertex_ai", "google"},
	{"vertex_ai_beta", "google"},
	{"x-ai", "xai"},
	{"x_ai", "xai"},
	{"mistralai", "mistral"},
	{"deepseek-ai", "deepseek"},
	{"together_ai", "together"},
	{"togetherai", "together"},
	{"fireworks_ai", "fireworks"},
	{"amazon-bedrock", "bedrock"},
	{"aws", "bedrock"},
	{"bedrock_converse", "bedrock"},
	{"models", NULL},
	{"publishers", NULL},
	{"meta", NULL},
	{"meta-llama", NULL},
	{"qwen", NULL},
};

struct tb_span tb_reseller_of(struct tb_span model)
{
	const char *slash = model.n ? memchr(model.p, '/', model.n) : NULL;

	return (struct tb_span){model.p, slash ? (size_t)(slash - model.p) : 0};
}

static struct tb_span provider_of(struct tb_span word)
{
	for (size_t i = 0; i < sizeof(sellers) / sizeof(sellers[0]); i++)
		if (tb_span_equal_nocase(word, tb_span_of(sellers[i].word)))
			return sellers[i].provider ? tb_span_of(sellers[i].provider) : TB_NO_SPAN;
	return word;
}

bool tb_provider_matches(struct tb_span seller, const char *provider)
{
	struct tb_span named = provider_of(seller), priced = provider_of(tb_span_of(provider));

	return named.n == 0 || priced.n == 0 || tb_span_equal_nocase(named, priced);
}
