/*
 * confidence - how sure the figures of an era are, as its card says.
 */
#ifndef TB_CONFIDENCE_H
#define TB_CONFIDENCE_H

#include "ratebook/book.h"

/* In rising order: what says nothing is below all. */
enum tb_confidence {
	TB_CONFIDENCE_UNKNOWN,
	TB_CONFIDENCE_LOW,
	TB_CONFIDENCE_MEDIUM,
	TB_CONFIDENCE_HIGH,
	TB_CONFIDENCES
};

extern const char *const tb_confidence_names[TB_CONFIDENCES];

/* Of a word as a rate file or a person writes it; TB_CONFIDENCE_UNKNOWN for any other, and NULL. */
enum tb_confidence tb_confidence_of(const char *word);

enum tb_confidence tb_era_confidence(const struct tb_era *era);

#endif
