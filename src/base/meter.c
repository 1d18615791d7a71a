#include "base/meter.h"

#define METER(id, key, a_side, list, without, each, counted, what, ...)                            \
	[TB_##id] = {.name = key,                                                                  \
		     .side = TB_SIDE_##a_side,                                                     \
		     .required = ((what)&TB_METER_REQUIRED) != 0,                                  \
		     .whole = TB_##list,                                                           \
		     .absent = TB_##without,                                                       \
		     .flags = (what),                                                              \
		     .per = (each),                                                                \
		     .unit = (counted)},

const struct tb_meter_info tb_meters[TB_METERS] = {TB_METER_ROWS(METER)};

#define TIER(id, name) [TB_##id] = {name, TB_##id == TB_STANDARD ? "" : name "_"},

const struct tb_tier_info tb_tiers[TB_TIERS] = {TB_TIER_ROWS(TIER, TB_NO_ROW)};

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
