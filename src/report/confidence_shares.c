#include "report/confidence_shares.h"

#include "report/rows.h"
#include "report/totals.h"

#include <stdlib.h>
#include <string.h>

static struct tb_confidence_share *share_of(const struct tb_report *r,
					    struct tb_confidence_share *shares,
					    const char *currency)
{
	size_t i = 0;

	while (i < r->total_count && strcmp(r->totals[i].currency, currency) != 0)
		i++;
	return i < r->total_count ? &shares[i] : NULL;
}

static bool add_class(const struct tb_report *r, const struct tb_report_class *class,
		      const struct tb_cell *sum, struct tb_confidence_share *shares)
{
	struct tb_confidence_share *share = share_of(r, shares, class->era->currency);
	struct tb_report_row row = {0};

	return share && tb_row_charge(&row, class, sum) &&
	       tb_money_add(&share->cost[tb_era_confidence(class->era)],
			    row.charge.amounts[TB_COST]);
}

enum tb_status tb_confidence_shares(const struct tb_report *r, struct tb_confidence_share *shares,
				    struct tb_err *err)
{
	size_t n = tb_tally_classes(r->tally);
	struct tb_cell *sums = calloc(n + 1, sizeof(*sums));
	enum tb_status st = sums ? tb_report_sum_classes(r, sums, err) : tb_fail_nomem(err);

	memset(shares, 0, r->total_count * sizeof(*shares));
	for (size_t i = 0; i < n && st == TB_OK; i++)
		if (!add_class(r, &r->classes[i], &sums[i], shares))
			st = tb_fail(
				err, TB_DATA,
				"the cost of prices of one confidence is too large to be exact");
	free(sums);
	return st;
}
