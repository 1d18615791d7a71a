/*
 * id_notes - what the steps of duplicates.h have in common: duplicates.c notes, id_find.c looks for
 * fingerprints that come twice, id_row.c describes rows and reads them again, id_solve.c compares.
 *
 * Internal to them.
 */
#ifndef TB_ID_NOTES_H
#define TB_ID_NOTES_H

#include "base/mem.h"
#include "base/spill.h"
#include "billing/duplicates.h"

enum { TB_ID_PARTS = 256 /* by the first byte of a fingerprint */ };

/*
 * A noted row is a word: 48 bits of the fingerprint, of which its part is another 8, and the last
 * 16 of the row's code. The bits before those are its page; where that is another than the page
 * of the word before in the same part, a word that ends in TB_ID_PAGE_MARK gives it.
 */
enum {
	TB_ID_CODE_BITS = 16,
	TB_ID_PAGE_MARK = 0xffff,
	TB_ID_PAGE_CODES = 0xffff,
	TB_ID_PART_SHIFT = 56,
	TB_ID_PRINT_BITS = 48
};

/*
 * Lines that follow each other, of which some are noted. A line's code is that of the first and as
 * many more; no two threads have the same.
 */
struct tb_id_segment {
	uint64_t code, line;
	uint32_t file; /* or TB_ID_FORGOTTEN */
	uint32_t n;
};

#define TB_ID_FORGOTTEN UINT32_MAX

struct tb_id_notes {
	struct tb_duplicates *of;
	struct tb_spill *ids;
	uint64_t page[TB_ID_PARTS]; /* the latest that was put into a part */

	/* The segment of the latest row: as it begins, how many codes it may have, and has. */
	size_t file;
	uint64_t line, code, room, used;
	struct tb_id_segment *segments;
	size_t segment_count, segment_cap;

	/* The second look. */
	struct tb_spill *rows;
	struct tb_buf room_for_row;
	uint64_t described;

	struct tb_err err; /* the first failure to note, complete once */
	atomic_bool failed;
};

/* No more rows of the segment come. */
void tb_id_notes_end_segment(struct tb_id_notes *n);

/* A row that contradicts another. */
struct tb_id_conflict {
	uint64_t place, other;
};

struct tb_duplicates {
	struct tb_duplicates_options options;
	struct tb_fingerprint_key key;
	struct tb_spill_memory memory;
	struct tb_id_notes **notes;
	size_t notes_count, notes_cap;
	atomic_uint_least64_t pages;    /* taken so far */
	bool forgotten;                 /* some segments are */
	struct tb_id_segment *segments; /* of all threads, by code, once they are all known */
	size_t segment_count;
	size_t row_parts;
	struct tb_line_marks suspects, found;
	struct tb_id_conflict *conflicts; /* by place */
	size_t conflict_count;
};

/* A place as one number, in the order of places. */
enum { TB_PLACE_LINE_BITS = 40 };

static inline uint64_t tb_place_pack(size_t file, uint64_t line)
{
	return (uint64_t)file << TB_PLACE_LINE_BITS | line;
}

static inline struct tb_row_place tb_place_unpack(uint64_t place)
{
	return (struct tb_row_place){(size_t)(place >> TB_PLACE_LINE_BITS),
				     place & ((UINT64_C(1) << TB_PLACE_LINE_BITS) - 1)};
}

/*
 * What stands before the bytes of a row that is described: model_bare, which is no content, and the
 * body: the id after its length, then the content.
 */
struct tb_id_head {
	uint64_t hash, place; /* of the body; of the row */
	uint32_t n, bare;     /* bytes after this; of model_bare, among them */
	uint32_t flags, unused;
};

/* The row again; its texts lie in the bytes, its columns in `columns`. */
void tb_id_row_read(const struct tb_id_head *h, const char *bytes,
		    const struct tb_duplicates_options *o, struct tb_span *columns,
		    struct tb_usage *u);

/* The id at the beginning of a body. */
struct tb_span tb_id_row_id(const char *body);

TB_MUST_CHECK enum tb_status tb_id_row_put(struct tb_spill *s, size_t part,
					   const struct tb_id_head *h, const char *bytes,
					   struct tb_err *err);

/* The part that a hash is of. */
size_t tb_id_row_part(uint64_t hash, size_t parts);

/* Into how many parts as many rows go: one part's are held in memory. */
size_t tb_id_row_parts(uint64_t rows);

/* Lets threads look at parts in turn, each with a state of its own. */
struct tb_id_crew {
	struct tb_duplicates *d;
	size_t parts;
	atomic_size_t next;
	void *members; /* by thread, each of `size` bytes */
	size_t size;
	enum tb_status (*look)(struct tb_id_crew *c, void *member, size_t part, struct tb_err *err);
	struct tb_err *errs; /* by thread */
};

/* The first failure by number of thread. */
TB_MUST_CHECK enum tb_status tb_id_crew_run(struct tb_id_crew *c, size_t threads,
					    struct tb_err *err);

#endif
