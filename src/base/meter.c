#include "base/meter.h"

const struct tb_meter_info tb_meters[TB_METERS] = {
	[TB_INPUT] = {"input", false, true, TB_INPUT},
	[TB_CACHED_READ] = {"cached_read", false, false, TB_INPUT},
	[TB_CACHE_WRITE] = {"cache_write", false, false, TB_INPUT},
	[TB_CACHE_WRITE_1H] = {"cache_write_1h", false, false, TB_INPUT},
	[TB_OUTPUT] = {"output", true, true, TB_OUTPUT},
	[TB_REASONING] = {"reasoning", true, false, TB_REASONING},
};

const struct tb_tier_info tb_tiers[TB_TIERS] = {
	[TB_STANDARD] = {"standard", ""},
	[TB_BATCH] = {"batch", "batch_"},
	[TB_FLEX] = {"flex", "flex_"},
	[TB_PRIORITY] = {"priority", "priority_"},
};

const struct tb_context_info tb_contexts[TB_CONTEXTS] = {
	[TB_BASE] = {"base", ""},
	[TB_LONG] = {"long", "long_"},
};

enum tb_meter tb_meter_find(struct tb_span name)
{
	int m = 0;

	while (m < TB_METERS && !tb_span_is(name, tb_meters[m].name))
		m++;
	return (enum tb_meter)m;
}
