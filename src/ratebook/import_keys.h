/*
 * import_keys - what the keys of LiteLLM's list mean to a rate file.
 */
#ifndef TB_IMPORT_KEYS_H
#define TB_IMPORT_KEYS_H

#include "base/meter.h"
#include "ratebook/litellm.h"

#include <stdint.h>

/* What becomes of a key. */
enum tb_import_use {
	TB_USE_PRICE,   /* of the cell below */
	TB_USE_UPLIFT,  /* of the region that `rest` points at */
	TB_USE_UPLIFTS, /* a map of regions, and of other things one vendor has */
	TB_USE_OFF_PEAK,
	TB_USE_SEARCH, /* prices of a search, by the size of its context */
	TB_USE_SEARCH_UNIT,
	TB_USE_ALIAS,
	TB_USE_PROVIDER,
	TB_USE_SOURCE,
	TB_USE_WINDOW,
	TB_USE_DEPRECATED,
	TB_USE_MODALITIES_IN,
	TB_USE_MODALITIES_OUT,
	TB_USE_NOTES,
	TB_USE_MODE,
	TB_USE_CAPABILITY, /* `rest` points at its name */
	TB_USE_NONE,       /* see `reason` */
	TB_USE_NONE_PRICE, /* the same, of a price */
	TB_USE_FORBIDS,    /* the same, and without it the other prices would be wrong */
};

struct tb_import_key {
	enum tb_import_use use;
	enum tb_tier tier;
	enum tb_context context;
	enum tb_meter meter;
	uint64_t long_tokens; /* of a price of long contexts */
	const char *rest;
	const char *reason;
};

struct tb_import_key tb_import_key_of(const char *key);

#endif
