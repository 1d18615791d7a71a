/*
 * ini - an INI file as sections of key = value lines, each with its line number.
 *
 * inih does the parsing, behind a guard that looks at every line first and refuses what inih
 * would read in another sense than a person does: lines and section names longer than its
 * buffers, indented lines (it takes them for continuations), NUL, bare CR, junk behind a section.
 */
#ifndef TB_INI_H
#define TB_INI_H

#include "base/mem.h"
#include "base/problems.h"

enum {
	TB_INI_LINE_MAX = 198,   /* bytes; inih 55 splits longer ones */
	TB_INI_SECTION_MAX = 49, /* bytes; inih 55 cuts longer ones */
};

struct tb_ini_entry {
	struct tb_span key, value; /* NUL-terminated as well */
	uint64_t line;
	size_t section; /* index into the sections */
};

struct tb_ini_section {
	struct tb_span name; /* NUL-terminated as well */
	uint64_t line;
	size_t first_entry; /* its entries stand together from here on */
	bool damaged;       /* a line of it was refused, so what is missing proves nothing */
};

/* Zeroed is empty. Texts live as long as the struct. */
struct tb_ini {
	struct tb_arena arena;
	struct tb_ini_section *sections;
	struct tb_ini_entry *entries; /* in file order */
	size_t section_count, section_cap, entry_count, entry_cap;
};

/*
 * Reads a whole file given as bytes. `name` is only used in messages. Everything wrong is added
 * to `problems`; the sections read are then not to be used. Fails only when memory is out.
 */
TB_MUST_CHECK enum tb_status tb_ini_read(struct tb_ini *ini, const char *name, struct tb_span bytes,
					 struct tb_problems *problems, struct tb_err *err);

void tb_ini_release(struct tb_ini *ini);

#endif
