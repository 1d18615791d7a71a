/*
 * inputs - the names of the logs to read: files as they were named, directories as the files in
 * them, patterns as what they match, lists of names from a file.
 *
 *   struct tb_inputs in = {0};
 *
 *   if (tb_inputs_add(&in, "logs/", &err) == TB_OK)
 *           ... in.paths[0 .. in.count) ...
 *   tb_inputs_release(&in);
 */
#ifndef TB_INPUTS_H
#define TB_INPUTS_H

#include "base/mem.h"

#include <stdint.h>

/* Zeroed is empty. */
struct tb_inputs {
	const char **paths; /* ends with NULL once there is one; the texts are the arena's */
	size_t count, cap;
	const char **folders; /* the directories that were named, for tb_inputs_refuse_within() */
	size_t folder_count, folder_cap;
	struct tb_arena arena;
	uint64_t hidden;  /* files in directories that were passed over: their names begin with . */
	uint64_t special; /* the same of sockets, pipes and devices */
};

/*
 * One name: "-" is standard input. A directory stands for the files below it, those of hidden
 * names left out, sorted by their paths' bytes; links to directories are not followed. A name that
 * is no file and has *, ? or [ in it is a pattern as in a shell, whose matches are sorted the same
 * way and may be directories. TB_NOINPUT for a directory without files and a pattern that matches
 * nothing; a name that is not there is left for whoever opens it.
 */
TB_MUST_CHECK enum tb_status tb_inputs_add(struct tb_inputs *in, const char *name,
					   struct tb_err *err);

/*
 * The names that stand in the file `list` ("-" is standard input), each ended by `end`: a line end
 * or NUL. Empty ones are passed over. They may be directories, but are never patterns. TB_NOINPUT
 * when the list cannot be read or names nothing.
 */
TB_MUST_CHECK enum tb_status tb_inputs_add_list(struct tb_inputs *in, const char *list, char end,
						struct tb_err *err);

/*
 * TB_USAGE when `path`, which need not be there, lies in a directory that was named: an output of
 * this run would be an input of the next.
 */
TB_MUST_CHECK enum tb_status tb_inputs_refuse_within(const struct tb_inputs *in, const char *path,
						     struct tb_err *err);

void tb_inputs_release(struct tb_inputs *in);

#endif
