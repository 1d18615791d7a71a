/*
 * load - the bytes of an INI file.
 */
#ifndef TB_LOAD_H
#define TB_LOAD_H

#include "base/text.h"

/*
 * NULL, or what is wrong with the file (tb_file_no_memory when that is not the file's fault); its
 * bytes are the caller's to free.
 */
extern const char tb_file_no_memory[];
const char *tb_file_read(const char *path, struct tb_span *bytes);

#endif
