#include "ratebook/confidence.h"

#include <string.h>

const char *const tb_confidence_names[TB_CONFIDENCES] = {
	[TB_CONFIDENCE_UNKNOWN] = "unknown",
	[TB_CONFIDENCE_LOW] = "low",
	[TB_CONFIDENCE_MEDIUM] = "medium",
	[TB_CONFIDENCE_HIGH] = "high",
};

enum tb_confidence tb_confidence_of(const char *word)
{
	for (int i = TB_CONFIDENCE_LOW; word && i < TB_CONFIDENCES; i++)
		if (strcmp(word, tb_confidence_names[i]) == 0)
			return (enum tb_confidence)i;
	return TB_CONFIDENCE_UNKNOWN;
}

enum tb_confidence tb_era_confidence(const struct tb_era *era)
{
	return tb_confidence_of(era->card[TB_CARD_CONFIDENCE]);
}
