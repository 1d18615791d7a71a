#include "cli/budget.h"

#include "cli/options.h"

enum tb_status tb_take_budget(const char *value, struct tb_money *out, struct tb_err *err)
{
	struct tb_price amount = {0};
	bool fits;

	if (tb_price_parse(tb_span_of(value), &amount))
		return tb_bad_value("budget", value,
				    "not an amount such as 500 or 99.50, of at most 1000000000",
				    err);
	fits = tb_money_of(out, TB_PRICE_PER, amount);
	return fits ? TB_OK : tb_bad_value("budget", value, "too large", err);
}
