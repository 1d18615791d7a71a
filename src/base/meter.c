#include "base/meter.h"

enum { MILLION = 1000000, THOUSAND = 1000 };

const struct tb_meter_info tb_meters[TB_METERS] = {
	[TB_INPUT] = {"input", TB_SIDE_INPUT, true, TB_INPUT, MILLION, "tokens"},
	[TB_CACHED_READ] = {"cached_read", TB_SIDE_INPUT, false, TB_INPUT, MILLION, "tokens"},
	[TB_CACHE_WRITE] = {"cache_write", TB_SIDE_INPUT, false, TB_INPUT, MILLION, "tokens"},
	[TB_CACHE_WRITE_1H] = {"cache_write_1h", TB_SIDE_INPUT, false, TB_INPUT, MILLION, "tokens"},
	[TB_OUTPUT] = {"output", TB_SIDE_OUTPUT, true, TB_OUTPUT, MILLION, "tokens"},
	[TB_REASONING] = {"reasoning", TB_SIDE_OUTPUT, false, TB_REASONING, MILLION, "tokens"},
	[TB_WEB_SEARCH] = {"web_search", TB_SIDE_FEE, false, TB_WEB_SEARCH, THOUSAND, "searches"},
};

const struct tb_tier_info tb_tiers[TB_TIERS] = {
	[TB_STANDARD] = {"standard", ""},
	[TB_BATCH] = {"batch", "batch_"},
	[TB_FLEX] = {"flex", "flex_"},
	[TB_PRIORITY] = {"priority", "priority_"},
};

const struct tb_context_info tb_contexts[TB_CONTEXTS] = {
	[TB_BASE] = {"base", "", false, TB_BASE},
	[TB_LONG] = {"long", "long_", true, TB_LONG},
	[TB_PEAK] = {"peak", "peak_", false, TB_BASE},
	[TB_PEAK_LONG] = {"peak long", "peak_long_", true, TB_LONG},
};

enum tb_context tb_context_of(bool is_long, bool is_peak)
{
	return is_peak ? (is_long ? TB_PEAK_LONG : TB_PEAK) : is_long ? TB_LONG : TB_BASE;
}

enum tb_meter tb_meter_find(struct tb_span name)
{
	int m = 0;

	while (m < TB_METERS && !tb_span_is(name, tb_meters[m].name))
		m++;
	return (enum tb_meter)m;
}
