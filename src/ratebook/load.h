/*
 * load - the bytes of an INI file.
 */
#ifndef TB_LOAD_H
#define TB_LOAD_H

#include "base/text.h"

/* NULL, or what is wrong with the file; its bytes are the caller's to free. */
const char *tb_file_read(const char *path, struct tb_span *bytes);

#endif
