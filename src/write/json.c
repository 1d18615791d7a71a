#include "write/writer.h"
#include "write/jsonout.h"

struct json {
	struct tb_json out;
	const struct tb_report *report;
};

static void put_count(struct json *j, const char *key, tb_u128 n)
{
	tb_json_key(&j->out, key);
	tb_json_count(&j->out, n);
}

static void put_amount(struct json *j, const char *key, struct tb_money m)
{
	char text[TB_MONEY_TEXT];

	tb_json_string(&j->out, key,
		       tb_money_text(m, text)); /* a string: JSON numbers are doubles to most */
}

static void put_extra(struct json *j, const struct tb_report_column *c,
		      const struct tb_report_row *row)
{
	struct tb_money m;

	if (tb_report_extra(j->report, row, (enum tb_extra)c->index, &m)) {
		put_amount(j, c->name, m);
		return;
	}
	tb_json_key(&j->out, c->name);
	tb_json_null(&j->out);
}

static void put_note(struct json *j, const struct tb_report_column *c,
		     const struct tb_report_row *row)
{
	char room[TB_NOTE_TEXT];
	const char *text = tb_report_note_text(j->report, c, row, '\0', room);

	tb_json_key(&j->out, c->name);
	if (!text)
		tb_json_null(&j->out);
	else if (j->report->notes[c->index].is_count)
		tb_json_digits(&j->out, text);
	else
		tb_json_text(&j->out, tb_span_of(text));
}

static void put_column(struct json *j, const struct tb_report_column *c,
		       const struct tb_report_row *row)
{
	char date[TB_DATE_TEXT];

	switch (c->kind) {
	case TB_KIND_TEXT:
		tb_json_key(&j->out, c->name);
		tb_json_text(&j->out, row->texts[c->index]);
		break;
	case TB_KIND_DATE:
		tb_json_string(&j->out, c->name,
			       tb_period_text(j->report->grouping->period, row->period, date));
		break;
	case TB_KIND_COUNT:
		put_count(j, c->name, row->counts[c->index]);
		break;
	case TB_KIND_AMOUNT:
		put_amount(j, c->name, tb_report_amount(j->report, row, (enum tb_amount)c->index));
		break;
	case TB_KIND_EXTRA:
		put_extra(j, c, row);
		break;
	case TB_KIND_CURRENCY:
		tb_json_string(&j->out, c->name, row->currency);
		break;
	case TB_KIND_NOTE:
		put_note(j, c, row);
		break;
	}
}

static enum tb_status put_row(void *ctx, const struct tb_report_row *row)
{
	struct json *j = ctx;

	tb_json_open_map(&j->out);
	for (size_t i = 0; i < j->report->column_count; i++)
		put_column(j, &j->report->columns[i], row);
	tb_json_close_map(&j->out);
	return j->out.failed ? TB_NOMEM : TB_OK;
}

/* A total has no date, model and so on. */
static void put_total(struct json *j, const struct tb_report_row *total)
{
	tb_json_open_map(&j->out);
	for (size_t i = 0; i < j->report->column_count; i++) {
		const struct tb_report_column *c = &j->report->columns[i];

		if (tb_report_adds_up(c))
			put_column(j, c, total);
	}
	tb_json_close_map(&j->out);
}

static void put_fact(struct tb_json *j, const char *key, uint64_t n)
{
	tb_json_key(j, key);
	tb_json_count(j, n);
}

static void put_names(struct tb_json *j, const char *key, const char *const *names, size_t n)
{
	tb_json_key(j, key);
	tb_json_open_array(j);
	for (size_t i = 0; i < n; i++)
		tb_json_text(j, tb_span_of(names[i]));
	tb_json_close_array(j);
}

void tb_json_facts(struct tb_json *j, const struct tb_grouping *grouping, const struct tb_facts *f,
		   int round)
{
	const struct {
		const char *key;
		uint64_t value;
	} counts[] = {
		{"rows_read", f->rows},
		{"rows_billed", f->billed},
		{"rows_set_aside", f->set_aside},
		{"rows_outside_period", f->outside},
		{"rows_duplicate", f->duplicates},
		{"rows_without_usage", f->idle},
		{"blank_lines", f->blank_lines},
		{"rows_context_by_average", f->by_average},
		{"rows_peak_by_midnight", f->by_midnight},
		{"rows_local_time_twice", f->twice},
		{"rows_counts_left_out", f->blank},
	};

	tb_json_key(j, "run");
	tb_json_open_map(j);
	tb_json_string(j, "period", tb_period_names[grouping->period]);
	tb_json_string(j, "time_zone", tb_zone_name(grouping->zone));
	tb_json_key(j, "round");
	if (round < 0)
		tb_json_null(j);
	else
		tb_json_count(j, (tb_u128)round);
	put_names(j, "inputs", f->inputs, f->input_count);
	put_names(j, "rates", f->rate_files, f->rate_file_count);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		put_fact(j, counts[i].key, counts[i].value);
	tb_json_close_map(j);
}

static void put_unpriced(struct json *j)
{
	tb_json_key(&j->out, "unpriced");
	tb_json_open_array(&j->out);
	for (size_t i = 0; i < j->report->unpriced_count; i++) {
		tb_json_open_map(&j->out);
		tb_json_string(&j->out, "model", j->report->unpriced[i].model);
		tb_json_string(&j->out, "reason", j->report->unpriced[i].reason);
		tb_json_close_map(&j->out);
	}
	tb_json_close_array(&j->out);
}

static void put_report(struct json *j)
{
	tb_json_open_map(&j->out);
	tb_json_facts(&j->out, j->report->grouping, &j->report->facts, j->report->options.round);
	tb_json_key(&j->out, "rows");
	tb_json_open_array(&j->out);
	if (tb_report_each(j->report, put_row, j) != TB_OK)
		return;
	tb_json_close_array(&j->out);
	tb_json_key(&j->out, "totals");
	tb_json_open_array(&j->out);
	for (size_t i = 0; i < j->report->total_count; i++)
		put_total(j, &j->report->totals[i]);
	tb_json_close_array(&j->out);
	if (j->report->unpriced_count)
		put_unpriced(j);
	tb_json_close_map(&j->out);
}

enum tb_status tb_write_json(const struct tb_report *r, const struct tb_write_options *o, FILE *out,
			     struct tb_err *err)
{
	struct json j = {.report = r};

	TB_TRY(tb_json_begin(&j.out, out, o->visible, err));
	put_report(&j);
	return tb_json_end(&j.out, err);
}
