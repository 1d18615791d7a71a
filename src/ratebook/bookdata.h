/*
 * bookdata - what a book is made of; known only to what builds it and what looks things up in it.
 */
#ifndef TB_BOOKDATA_H
#define TB_BOOKDATA_H

#include "base/keytab.h"
#include "ratebook/book.h"

struct tb_model {
	size_t first; /* its first era */
	size_t count;
	size_t first_alias; /* the number of the name; its others follow */
};

/* A model name or alias. */
struct tb_model_name {
	size_t model;
	bool *in_force;   /* one for each era of the model */
	uint64_t letters; /* of the name, see tb_letters() */
};

struct tb_book {
	struct tb_arena arena;
	struct tb_era *eras; /* by model (bytes), then start */
	size_t era_count;
	struct tb_model *models;
	size_t model_count, model_cap;
	struct tb_keytab names;
	struct tb_model_name *by_name; /* by the name's number */
	size_t by_name_cap;
};

#endif
