/*
 * stations - the library from within: LLM usage logs into money.
 *
 * The stations, in the order in which data pass them. Each header is a contract of its own.
 *
 *   tb_book_load()                       rate files -> a price book
 *   tb_lint_book(), tb_book_diff()       a book -> what looks odd; two books -> what differs
 *   tb_import_litellm()                  LiteLLM's list of models -> a rate file
 *   tb_run_new(), tb_run_execute()       logs + a book -> a tally and facts: all that is between
 *   tb_source_open(), tb_rows_read()     a usage log -> rows, pushed to a callback
 *   tb_rate_usage()                      a row + the book -> era, context, or why it is unpriced
 *   tb_tally_new(), tb_tally_add()       rated rows -> integers per group
 *   tb_report_init()                     a tally + the book -> rows and totals, exact
 *   tb_report_sheet_init()               a report -> a sheet: typed columns, rows, totals
 *   tb_counter_new(), tb_counter_add()   text -> how many tokens a model takes it for
 *   tb_writer_named()                    a sheet -> CSV, JSON or a table
 *
 * For tests: all stations at once. What is installed is tokbill.h alone.
 */
#ifndef TB_STATIONS_H
#define TB_STATIONS_H

#include "base/civil.h"
#include "base/err.h"
#include "base/meter.h"
#include "base/money.h"
#include "base/problems.h"
#include "base/text.h"
#include "base/zone.h"
#include "billing/charge.h"
#include "billing/duplicates.h"
#include "billing/rating.h"
#include "billing/tally.h"
#include "ratebook/book.h"
#include "ratebook/diff.h"
#include "ratebook/import.h"
#include "ratebook/lint.h"
#include "run/format_file.h"
#include "run/run.h"
#include "write/writer.h"
#include "report/model.h"
#include "report/report_sheet.h"
#include "usage/convert.h"
#include "usage/jsonpath.h"
#include "usage/recognise.h"
#include "usage/reported.h"
#include "usage/row_reader.h"
#include "logs/source.h"
#include "tokens/counter.h"
#include "usage/userformat.h"

#endif
