/*
 * jsonpath - numbers, and texts, out of a JSON object that stands in a field.
 *
 * The text is parsed once (yajl); every number and text is offered with its path, the keys from the
 * outside in with dots between. What stands in arrays, and keys that hold a dot, have no path.
 */
#ifndef TB_JSONPATH_H
#define TB_JSONPATH_H

#include "base/text.h"

enum { TB_JSON_PATH_MAX = 160 }; /* bytes; longer paths are nobody's */

/*
 * take(ctx, path, number) is called for each number or text with a path; `number` is what stands
 * there. It returns false to break off. NULL, or why the text is no JSON object (also when
 * memory is out). Broken off is no fault.
 */
TB_MUST_CHECK const char *tb_json_numbers(struct tb_span text,
					  bool (*take)(void *ctx, struct tb_span path,
						       struct tb_span number),
					  void *ctx);

#endif
