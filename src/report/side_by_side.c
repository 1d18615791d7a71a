#include "report/side_by_side.h"

#include <stdlib.h>
#include <string.h>

/* The head of a row's key; the texts of a group follow, each as its length and its bytes. */
struct key_head {
	int32_t period;
	uint32_t total;
	char currency[4];
};

static struct tb_side_by_side_part *part_of(const struct tb_side_by_side *b, uint32_t number,
					    size_t scenario)
{
	return &b->parts[number * b->v->side_count + scenario];
}

const struct tb_side_by_side_part *tb_side_by_side_part(const struct tb_side_by_side *b,
							const struct tb_side_by_side_row *row,
							size_t scenario)
{
	return part_of(b, row->number, scenario);
}

/* ---- rows ---- */

static void build_key(const struct tb_comparison *v, const struct tb_comparison_row *row,
		      bool total, struct tb_buf *key)
{
	size_t columns = total ? 0 : tb_comparison_grouping(v)->count;
	struct key_head head = {.period = total ? 0 : row->period, .total = total};

	memcpy(head.currency, row->currency, sizeof(head.currency));
	tb_buf_clear(key);
	tb_buf_add(key, (const char *)&head, sizeof(head));
	for (size_t i = 0; i < columns; i++)
		tb_comparison_add_text(key, row->texts[i]);
}

/* The row of that key, or a new one; NULL when memory ran out. */
static struct tb_side_by_side_row *find_row(struct tb_side_by_side *b, const struct tb_buf *key)
{
	size_t sides = b->v->side_count;
	uint32_t number;
	bool added;

	number = key->failed ? TB_KEYTAB_NONE : tb_keytab_put(&b->keys, key->p, key->n, &added);
	if (number == TB_KEYTAB_NONE ||
	    !tb_grow(&b->rows, &b->row_cap, (size_t)number + 1, sizeof(*b->rows)) ||
	    !tb_grow(&b->parts, &b->part_cap, ((size_t)number + 1) * sides, sizeof(*b->parts)))
		return NULL;
	if (added) {
		b->rows[number] = (struct tb_side_by_side_row){.v = b->v, .number = number};
		for (size_t i = 0; i < sides; i++)
			*part_of(b, number, i) = (struct tb_side_by_side_part){0};
		b->row_count++;
	}
	return &b->rows[number];
}

/* Adds row `i` of the comparison to that of its group, or of its currency's total. */
static enum tb_status add_row(struct tb_side_by_side *b, size_t i, bool total, struct tb_buf *key,
			      struct tb_err *err)
{
	bool fits = true;
	struct tb_comparison_row from = tb_comparison_row(b->v, i);
	struct tb_side_by_side_row *row;
	struct tb_side_by_side_part *part;

	build_key(b->v, &from, total, key);
	row = find_row(b, key);
	if (!row)
		return tb_fail_nomem(err);
	row->like = i;
	row->total = total;
	/* The usage is the same in every scenario. */
	if (from.scenario == 0) {
		row->requests += from.requests;
		fits = tb_money_add(&row->baseline, from.baseline);
	}
	part = part_of(b, row->number, from.scenario);
	part->requests += from.requests;
	part->priced |= from.priced;
	part->unpriced |= !from.priced;
	if (from.priced) {
		fits = fits && tb_money_add(&part->baseline, from.baseline) &&
		       tb_money_add(&part->cost, from.cost);
	}
	return fits ? TB_OK : tb_fail(err, TB_DATA, TB_MONEY_TOO_LARGE);
}

static enum tb_status add_rows(struct tb_side_by_side *b, struct tb_err *err)
{
	struct tb_buf key = {0};
	enum tb_status st = TB_OK;

	for (size_t i = 0; i < 2 * tb_comparison_count(b->v) && st == TB_OK; i++)
		st = add_row(b, i / 2, i % 2, &key, err);
	tb_buf_release(&key);
	return st;
}

/* ---- order ---- */

static void find_largest(const struct tb_side_by_side *b, struct tb_side_by_side_row *row)
{
	for (size_t i = 0; i < b->v->side_count; i++) {
		const struct tb_side_by_side_part *p = tb_side_by_side_part(b, row, i);
		struct tb_money difference = tb_money_difference(p->cost, p->baseline);

		if (tb_money_compare_size(difference, row->largest) > 0)
			row->largest = difference;
	}
}

static int compare_rows(const void *pa, const void *pb)
{
	const struct tb_side_by_side_row *a = pa, *b = pb;
	struct tb_comparison_row ra, rb;
	int c = (int)a->total - (int)b->total;

	if (c)
		return c;
	ra = tb_comparison_row(a->v, a->like);
	rb = tb_comparison_row(b->v, b->like);
	c = strcmp(ra.currency, rb.currency);
	if (c == 0)
		c = tb_money_compare_size(b->largest, a->largest);
	return c ? c : tb_comparison_compare_groups(a->v, &ra, &rb);
}

/* ---- checks ---- */

static bool agrees(const struct tb_side_by_side *b, const struct tb_comparison_row *total)
{
	for (size_t i = b->row_count; i > 0 && b->rows[i - 1].total; i--) {
		struct tb_comparison_row row =
			tb_side_by_side_priced(b, &b->rows[i - 1], total->scenario);

		if (strcmp(row.currency, total->currency) == 0)
			return tb_money_compare(row.cost, total->cost) == 0 &&
			       tb_money_compare(row.baseline, total->baseline) == 0;
	}
	return false;
}

static enum tb_status check(const struct tb_side_by_side *b, struct tb_err *err)
{
	for (size_t i = 0; i < b->v->total_count; i++)
		if (!agrees(b, &b->v->totals[i]))
			return tb_fail(err, TB_INTERNAL,
				       "internal check failed: the totals of scenarios side by "
				       "side are not those of the scenarios");
	for (size_t i = 0; i < b->row_count; i++)
		for (size_t k = 0; k < b->v->side_count; k++)
			if (tb_side_by_side_part(b, &b->rows[i], k)->requests !=
			    b->rows[i].requests)
				return tb_fail(err, TB_INTERNAL,
					       "internal check failed: a scenario's requests are "
					       "not those of its row");
	return TB_OK;
}

enum tb_status tb_side_by_side_init(struct tb_side_by_side *b, const struct tb_comparison *v,
				    struct tb_err *err)
{
	*b = (struct tb_side_by_side){.v = v};
	tb_keytab_init(&b->keys);
	TB_TRY(add_rows(b, err));
	for (size_t i = 0; i < b->row_count; i++)
		find_largest(b, &b->rows[i]);
	if (b->row_count)
		qsort(b->rows, b->row_count, sizeof(*b->rows), compare_rows);
	return check(b, err);
}

void tb_side_by_side_release(struct tb_side_by_side *b)
{
	tb_keytab_release(&b->keys);
	free(b->rows);
	free(b->parts);
	*b = (struct tb_side_by_side){0};
}

/* ---- views ---- */

struct tb_comparison_row tb_side_by_side_whole(const struct tb_side_by_side_row *row)
{
	struct tb_comparison_row whole = tb_comparison_row(row->v, row->like);

	whole.priced = false;
	whole.requests = row->requests;
	whole.baseline = row->baseline;
	return whole;
}

struct tb_comparison_row tb_side_by_side_priced(const struct tb_side_by_side *b,
						const struct tb_side_by_side_row *row,
						size_t scenario)
{
	const struct tb_side_by_side_part *p = tb_side_by_side_part(b, row, scenario);
	struct tb_comparison_row priced = tb_comparison_row(row->v, row->like);

	priced.scenario = scenario;
	priced.priced = p->priced;
	priced.baseline = p->baseline;
	priced.cost = p->cost;
	priced.difference = tb_money_difference(p->cost, p->baseline);
	return priced;
}
