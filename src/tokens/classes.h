/*
 * classes - what the patterns of the encodings tell apart: letters, digits, marks and blanks.
 */
#ifndef TB_CLASSES_H
#define TB_CLASSES_H

#include <stddef.h>
#include <stdint.h>

/* Unicode's general categories, as far as the patterns see them; each a bit of its own. */
enum tb_class {
	TB_CLASS_OTHER = 1,    /* punctuation, symbols, controls, and what is not assigned */
	TB_CLASS_NEWLINE = 2,  /* \r and \n */
	TB_CLASS_SPACE = 4,    /* White_Space without these two */
	TB_CLASS_NUMBER = 8,   /* N */
	TB_CLASS_UPPER = 16,   /* Lu, Lt */
	TB_CLASS_LOWER = 32,   /* Ll */
	TB_CLASS_UNCASED = 64, /* Lm, Lo */
	TB_CLASS_MARK = 128,   /* M */

	TB_CLASS_BLANK = TB_CLASS_NEWLINE | TB_CLASS_SPACE,
	TB_CLASS_LETTER = TB_CLASS_UPPER | TB_CLASS_LOWER | TB_CLASS_UNCASED,
	TB_CLASS_SIGN = TB_CLASS_OTHER | TB_CLASS_MARK,
};

enum { TB_CODE_POINTS = 0x110000 };

/* Room for TB_CODE_POINTS classes, filled in; the caller's to free. NULL when memory is out. */
uint8_t *tb_classes_new(void);

#endif
