/*
 * litellm - LiteLLM's model_prices_and_context_window.json as models with their keys and values.
 *
 * Read with yajl, numbers as the text that stands there. What a key means is not known here.
 */
#ifndef TB_LITELLM_H
#define TB_LITELLM_H

#include "base/mem.h"
#include "base/text.h"

#include <stdint.h>

enum {
	TB_LITELLM_DEPTH_MAX = 32,
	TB_LITELLM_MODELS_MAX = 100000,
	TB_LITELLM_KEYS_MAX = 1000, /* of a model */
	TB_LITELLM_NAME_MAX = 1024, /* bytes of a model's name or a key */
};

enum tb_litellm_kind {
	TB_LITELLM_NULL,
	TB_LITELLM_BOOL,
	TB_LITELLM_NUMBER,
	TB_LITELLM_STRING,
	TB_LITELLM_LIST, /* its texts and numbers, with blanks between them */
	TB_LITELLM_MAP,  /* the text of its "notes", else nothing; see its parts */
};

struct tb_litellm_entry {
	const char *key, *value;
	enum tb_litellm_kind kind;
	uint64_t line;
	size_t first_part, part_count; /* what stands in a list or a map */
};

/* A value within: "windows.0.weekdays.1" is the second weekday of the first window. */
struct tb_litellm_part {
	const char *path, *value;
	enum tb_litellm_kind kind;
};

struct tb_litellm_model {
	const char *name;
	uint64_t line;
	size_t first, count; /* its entries */
	bool is_map;
};

/* Zeroed is empty. */
struct tb_litellm {
	struct tb_arena arena;
	struct tb_litellm_model *models; /* in the file's order */
	struct tb_litellm_entry *entries;
	struct tb_litellm_part *parts;
	size_t model_count, model_cap, entry_count, entry_cap, part_count, part_cap;
};

/* `name` is only used in messages. What is no JSON, or no such file, is TB_DATA. */
TB_MUST_CHECK enum tb_status tb_litellm_read(struct tb_litellm *l, const char *name,
					     struct tb_span json, struct tb_err *err);
void tb_litellm_release(struct tb_litellm *l);

#endif
