/*
 * sources - the inputs of a run, in the order in which they were named. Internal to run.
 */
#ifndef TB_RUN_SOURCES_H
#define TB_RUN_SOURCES_H

#include "logs/source.h"

/* Zeroed has none. */
struct tb_sources {
	struct tb_source *list;
	size_t count;
};

/*
 * Opens all of them ("-" is standard input), and lets them go until their turn. The same file
 * twice is TB_USAGE, one that cannot be read TB_NOINPUT. Released even when it fails.
 */
TB_MUST_CHECK enum tb_status tb_sources_open(struct tb_sources *s, const char *const *paths,
					     size_t n, const atomic_int *stop, bool digests,
					     struct tb_err *err);
void tb_sources_release(struct tb_sources *s);

/* Number i is not read for now: gives back what it holds, and its file where there are many. */
void tb_sources_let_go(struct tb_sources *s, size_t i);

/* Bytes of all of them, as they are stored; 0 when a pipe is among them. */
uint64_t tb_sources_bytes(const struct tb_sources *s);

/* Whether one of them is that file, by whatever name. */
bool tb_sources_have(const struct tb_sources *s, const struct stat *file);

#endif
