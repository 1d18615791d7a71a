/*
 * suites - one for each module.
 */
#ifndef TB_TEST_SUITES_H
#define TB_TEST_SUITES_H

#include <check.h>

Suite *text_suite(void);
Suite *money_suite(void);
Suite *count_suite(void);
Suite *decimal_suite(void);
Suite *quantity_suite(void);
Suite *civil_suite(void);
Suite *zone_suite(void);
Suite *mem_suite(void);
Suite *hash_suite(void);
Suite *keytab_suite(void);
Suite *fingerprint_suite(void);
Suite *line_marks_suite(void);
Suite *spill_suite(void);
Suite *outfile_suite(void);
Suite *problems_suite(void);
Suite *ini_suite(void);
Suite *book_suite(void);
Suite *builtin_suite(void);
Suite *float_noise_suite(void);
Suite *lint_suite(void);
Suite *import_suite(void);
Suite *diff_suite(void);
Suite *sheet_suite(void);
Suite *columns_suite(void);
Suite *logformat_suite(void);
Suite *reported_suite(void);
Suite *csv_strict_suite(void);
Suite *row_suite(void);
Suite *doors_suite(void);
Suite *unread_suite(void);
Suite *source_suite(void);
Suite *reader_suite(void);
Suite *row_reader_suite(void);
Suite *lanes_suite(void);
Suite *peak_suite(void);
Suite *rating_suite(void);
Suite *charge_suite(void);
Suite *text_groups_suite(void);
Suite *tally_suite(void);
Suite *inputs_suite(void);
Suite *digest_suite(void);
Suite *scenario_suite(void);
Suite *duplicates_suite(void);
Suite *model_suite(void);
Suite *reported_cost_suite(void);
Suite *writer_suite(void);
Suite *tokens_suite(void);

#endif
