#include "cli/run_record.h"

#include "cli/log_run.h"
#include "cli/version.h"
#include "write/jsonout.h"

#include <inttypes.h>
#include <stdlib.h>

enum tb_status tb_run_record_begin(struct tb_run_record *r, struct tb_log_options *l,
				   struct tb_err *err)
{
	if (!r->path)
		return TB_OK;
	clock_gettime(CLOCK_MONOTONIC, &r->begun);
	l->rates.sha256 = r->book_sha256;
	l->run_options.digests = true;
	TB_TRY(tb_log_check_output(l, r->path, err));
	tb_outfile_sweep(r->path);
	return tb_outfile_open(&r->file, r->path, err);
}

enum tb_status tb_run_record_check(const struct tb_run_record *r, const struct tb_log_options *l,
				   struct tb_err *err)
{
	return r->path ? tb_log_check_output(l, r->path, err) : TB_OK;
}

enum tb_status tb_run_record_totals(struct tb_run_record *r, const struct tb_report *report,
				    const struct tb_confidence_share *shares, struct tb_err *err)
{
	if (!r->path)
		return TB_OK;
	r->totals = calloc(report->total_count + 1, sizeof(*r->totals));
	if (!r->totals)
		return tb_fail_nomem(err);
	for (size_t i = 0; i < report->total_count; i++)
		r->totals[r->total_count++] = (struct tb_record_total){
			report->totals[i].currency,
			tb_report_amount(report, &report->totals[i], TB_COST), shares[i]};
	return TB_OK;
}

/* ---- its parts ---- */

static void put_count(struct tb_json *j, const char *key, tb_u128 n)
{
	tb_json_key(j, key);
	tb_json_count(j, n);
}

static void put_amount(struct tb_json *j, const char *key, struct tb_money amount)
{
	char text[TB_MONEY_TEXT];

	tb_json_string(j, key, tb_money_text(amount, text));
}

static void put_digest(struct tb_json *j, const char *key, const char *sha256)
{
	tb_json_key(j, key);
	if (sha256 && *sha256)
		tb_json_text(j, tb_span_of(sha256));
	else
		tb_json_null(j);
}

static void put_inputs(struct tb_json *j, const struct tb_log_options *l)
{
	struct tb_run_input in;

	tb_json_key(j, "inputs");
	tb_json_open_array(j);
	for (size_t i = 0; l->run && tb_run_input(l->run, i, &in); i++) {
		tb_json_open_map(j);
		tb_json_string(j, "path", in.name);
		put_count(j, "bytes", in.bytes);
		put_digest(j, "sha256", in.sha256);
		tb_json_close_map(j);
	}
	tb_json_close_array(j);
}

static void put_rows(struct tb_json *j, const struct tb_facts *f)
{
	tb_json_key(j, "rows");
	tb_json_open_map(j);
	put_count(j, "read", f->rows);
	put_count(j, "billed", f->billed);
	put_count(j, "copies", f->duplicates);
	put_count(j, "rejected", f->set_aside);
	put_count(j, "skipped", f->outside + f->idle);
	tb_json_close_map(j);
	put_count(j, "tokens", f->tokens);
}

static void put_totals(struct tb_json *j, const struct tb_run_record *r)
{
	tb_json_key(j, "totals");
	tb_json_open_map(j);
	for (size_t i = 0; i < r->total_count; i++)
		put_amount(j, r->totals[i].currency, r->totals[i].cost);
	tb_json_close_map(j);
}

/* Of each currency, what of its cost rests on prices of which confidence; highest first. */
static void put_confidence(struct tb_json *j, const struct tb_run_record *r)
{
	tb_json_key(j, "confidence");
	tb_json_open_map(j);
	for (size_t i = 0; i < r->total_count; i++) {
		tb_json_key(j, r->totals[i].currency);
		tb_json_open_map(j);
		for (int c = TB_CONFIDENCES - 1; c >= 0; c--)
			put_amount(j, tb_confidence_names[c], r->totals[i].share.cost[c]);
		tb_json_close_map(j);
	}
	tb_json_close_map(j);
}

static void put_warnings(struct tb_json *j, const struct tb_warnings *w)
{
	tb_json_key(j, "warnings");
	tb_json_open_array(j);
	for (int k = 0; k < TB_WARNINGS; k++) {
		if (!w->of[k])
			continue;
		tb_json_open_map(j);
		tb_json_string(j, "kind", tb_warning_names[k]);
		put_count(j, "count", w->of[k]);
		tb_json_close_map(j);
	}
	tb_json_close_array(j);
}

static void put_seconds(struct tb_json *j, const struct timespec *begun)
{
	struct timespec now;
	char digits[40];
	int64_t ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = ((int64_t)now.tv_sec - begun->tv_sec) * 1000 +
	     (now.tv_nsec - begun->tv_nsec) / 1000000;
	snprintf(digits, sizeof(digits), "%" PRId64 ".%03" PRId64, ms / 1000, ms % 1000);
	tb_json_key(j, "seconds");
	tb_json_digits(j, digits);
}

static void put_record(struct tb_json *j, const struct tb_run_record *r,
		       const struct tb_log_options *l, int exit_code)
{
	static const struct tb_facts none;

	tb_json_open_map(j);
	tb_json_string(j, "version", TB_VERSION);
	tb_json_string(j, "command", l->command);
	put_count(j, "exit_code", (tb_u128)exit_code);
	put_inputs(j, l);
	put_rows(j, l->run ? tb_run_facts(l->run) : &none);
	put_totals(j, r);
	put_warnings(j, &l->warnings);
	put_digest(j, "book_sha256", r->book_sha256);
	put_confidence(j, r);
	put_seconds(j, &r->begun);
	tb_json_close_map(j);
}

enum tb_status tb_run_record_write(struct tb_run_record *r, const struct tb_log_options *l,
				   int exit_code, struct tb_err *err)
{
	struct tb_json j;

	if (!r->file.path)
		return TB_OK;
	TB_TRY(tb_run_record_check(r, l, err));
	TB_TRY(tb_json_begin(&j, r->file.stream, false, err));
	put_record(&j, r, l, exit_code);
	TB_TRY(tb_json_end(&j, err));
	TB_TRY(tb_outfile_prepare(&r->file, err));
	return tb_outfile_commit(&r->file, err);
}

void tb_run_record_release(struct tb_run_record *r)
{
	tb_outfile_release(&r->file);
	free(r->totals);
}
