#include "ratebook/import_keys.h"

#include "base/money.h"

#include <string.h>

/* Those that begin alike: the longer one first. */
static const struct {
	const char *name;
	enum tb_meter meter;
} prices[] = {
	{"input_cost_per_token", TB_INPUT},
	{"output_cost_per_token", TB_OUTPUT},
	{"output_cost_per_reasoning_token", TB_REASONING},
	{"cache_read_input_token_cost", TB_CACHED_READ},
	{"cache_creation_input_token_cost_above_1hr", TB_CACHE_WRITE_1H},
	{"cache_creation_input_token_cost", TB_CACHE_WRITE},
};

static const struct {
	const char *suffix;
	enum tb_tier tier;
} tiers[] = {
	{"", TB_STANDARD},
	{"_batches", TB_BATCH},
	{"_flex", TB_FLEX},
	{"_priority", TB_PRIORITY},
};

/* Keys by name; one that ends with _ stands for all that begin so. */
static const struct {
	const char *name;
	enum tb_import_use use;
} uses[] = {
	{"litellm_provider", TB_USE_PROVIDER},
	{"source", TB_USE_SOURCE},
	{"max_input_tokens", TB_USE_WINDOW},
	{"deprecation_date", TB_USE_DEPRECATED},
	{"supported_modalities", TB_USE_MODALITIES_IN},
	{"supported_output_modalities", TB_USE_MODALITIES_OUT},
	{"metadata", TB_USE_NOTES},
	{"mode", TB_USE_MODE},
	{"supports_", TB_USE_CAPABILITY},
	{"regional_processing_uplift_multiplier_", TB_USE_UPLIFT},
	{"provider_specific_entry", TB_USE_UPLIFTS},
	{"off_peak_pricing", TB_USE_OFF_PEAK},
	{"search_context_cost_per_query", TB_USE_SEARCH},
	{"web_search_billing_unit", TB_USE_SEARCH_UNIT},
	{"alias_of", TB_USE_ALIAS},
};

static const char unknown_condition[] = "cost";

/* What cannot be carried over, by what stands in the key; the first that fits. */
static const struct {
	const char *part;
	enum tb_import_use use;
	const char *reason;
} others[] = {
	{"tiered_pricing", TB_USE_FORBIDS, "prices by several steps of input; a rate file has one"},
	{"_ultrafast", TB_USE_NONE_PRICE, "a tier that a rate file does not have"},
	{"_balanced", TB_USE_NONE_PRICE, "a tier that a rate file does not have"},
	{"_decisions", TB_USE_NONE_PRICE, "a tier that a rate file does not have"},
	{"_above_12hr", TB_USE_NONE_PRICE, "a cache write of 12 hours"},
	{"_token_cache_hit", TB_USE_NONE_PRICE, "another word for the price of cached reads"},
	{"regional_endpoint_uplift", TB_USE_NONE_PRICE,
	 "an uplift of regions that it does not name"},
	{"_per_second", TB_USE_NONE_PRICE, "a price per second"},
	{"_per_image", TB_USE_NONE_PRICE, "a price of images"},
	{"image_token", TB_USE_NONE_PRICE, "a price of image tokens"},
	{"_per_pixel", TB_USE_NONE_PRICE, "a price per pixel"},
	{"_per_character", TB_USE_NONE_PRICE, "a price per character"},
	{"audio", TB_USE_NONE_PRICE, "a price of audio"},
	{"_per_video", TB_USE_NONE_PRICE, "a price of video"},
	{"video", TB_USE_NONE_PRICE, "a price of video"},
	{"_per_query", TB_USE_NONE_PRICE, "a price per query"},
	{"_per_request", TB_USE_NONE_PRICE, "a price per request"},
	{"_per_session", TB_USE_NONE_PRICE, "a price per session"},
	{"_per_page", TB_USE_NONE_PRICE, "a price per page"},
	{"_per_1k_", TB_USE_NONE_PRICE, "a price per 1,000 of something"},
	{"_per_gb_", TB_USE_NONE_PRICE, "a price of storage"},
	{unknown_condition, TB_USE_NONE_PRICE,
	 "a price under a condition, or of a unit, that is not known here"},
	{"multiplier", TB_USE_NONE_PRICE, "a multiplier that is not known here"},
	{"max_", TB_USE_NONE, "no field for it"},
	{"supported_", TB_USE_NONE, "no field for it"},
	{"tpm", TB_USE_NONE, "no field for it"},
	{"rpm", TB_USE_NONE, "no field for it"},
	{"", TB_USE_NONE, "an unknown key"},
};

static bool skip(const char **p, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*p, prefix, n) != 0)
		return false;
	*p += n;
	return true;
}

/* "_above_272k_tokens": more than 272,000 of them. */
static bool skip_threshold(const char **p, uint64_t *tokens)
{
	enum { THOUSAND = 1000, DIGITS_MAX = 12 };
	size_t digits;

	if (!skip(p, "_above_"))
		return false;
	digits = strspn(*p, "0123456789");
	if (digits == 0 || digits > DIGITS_MAX ||
	    tb_count_parse((struct tb_span){*p, digits}, tokens))
		return false;
	*p += digits;
	if (skip(p, "k"))
		*tokens *= THOUSAND;
	return skip(p, "_tokens");
}

static bool is_price(const char *key, struct tb_import_key *k)
{
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		const char *rest = key;

		if (!skip(&rest, prices[i].name))
			continue;
		k->long_tokens = 0;
		if (strncmp(rest, "_above_", 7) == 0 && !skip_threshold(&rest, &k->long_tokens))
			continue;
		for (size_t t = 0; t < sizeof(tiers) / sizeof(tiers[0]); t++)
			if (strcmp(rest, tiers[t].suffix) == 0) {
				k->use = TB_USE_PRICE;
				k->meter = prices[i].meter;
				k->tier = tiers[t].tier;
				k->context = k->long_tokens ? TB_LONG : TB_BASE;
				return true;
			}
	}
	return false;
}

static bool is_used(const char *key, struct tb_import_key *k)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		const char *name = uses[i].name, *rest = key;
		bool open = name[strlen(name) - 1] == '_';

		if (!skip(&rest, name) || (!open && *rest))
			continue;
		k->use = uses[i].use;
		k->rest = rest;
		return true;
	}
	return false;
}

/* The price of input or output under a condition nobody knows: the other prices may be wrong then.
 */
static bool is_needed_name(const char *key)
{
	return strncmp(key, "input_cost_per_token", 20) == 0 ||
	       strncmp(key, "output_cost_per_token", 21) == 0;
}

struct tb_import_key tb_import_key_of(const char *key)
{
	struct tb_import_key k = {.rest = key};
	size_t i = 0;

	if (is_price(key, &k) || is_used(key, &k))
		return k;
	while (!strstr(key, others[i].part))
		i++;
	k.use = others[i].use;
	k.reason = others[i].reason;
	if (others[i].part == unknown_condition && is_needed_name(key))
		k.use = TB_USE_FORBIDS;
	return k;
}
