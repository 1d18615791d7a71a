#!/usr/bin/env python3
"""Holds src/tokens/classes.c against the classes of characters that tiktoken works with.

    classes.py           says whether the file is what this would write
    classes.py --write   writes it

tiktoken's regular expressions have Unicode tables of their own, newer than those of most systems.
What is in them is found by asking: every code point, one class after the other.
"""
import pathlib
import sys

import tiktoken

FILE = pathlib.Path(__file__).resolve().parents[2] / "src/tokens/classes.c"
CLASSES = {"W": r"[\r\n]", "S": r"[^\S\r\n]", "N": r"\p{N}", "U": r"[\p{Lu}\p{Lt}]",
           "L": r"\p{Ll}", "O": r"[\p{Lm}\p{Lo}]", "M": r"\p{M}"}
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
BEFORE = '''/*
 * Written by tests/tokens/classes.py, which finds out what tiktoken works with. A range has its
 * first code point, its length and its class: U and L are letters in either case, O other letters,
 * UL and LU letters whose case alternates.
 */
#include "tokens/classes.h"

#include <stdlib.h>
#include <string.h>

struct range {
	uint32_t first;
	uint16_t count;
	uint8_t class, other; /* the class of every second one, 0 when it is the same */
};

#define S  TB_CLASS_SPACE, 0
#define W  TB_CLASS_NEWLINE, 0
#define N  TB_CLASS_NUMBER, 0
#define U  TB_CLASS_UPPER, 0
#define L  TB_CLASS_LOWER, 0
#define O  TB_CLASS_UNCASED, 0
#define M  TB_CLASS_MARK, 0
#define UL TB_CLASS_UPPER, TB_CLASS_LOWER
#define LU TB_CLASS_LOWER, TB_CLASS_UPPER

/* clang-format off */
static const struct range ranges[] = {
'''
AFTER = '''};
/* clang-format on */

uint8_t *tb_classes_new(void)
{
	uint8_t *classes = malloc(TB_CODE_POINTS);

	if (!classes)
		return NULL;
	memset(classes, TB_CLASS_OTHER, TB_CODE_POINTS);
	for (size_t r = 0; r < sizeof(ranges) / sizeof(ranges[0]); r++) {
		const struct range *g = &ranges[r];

		memset(classes + g->first, g->class, g->count);
		for (size_t i = 1; g->other && i < g->count; i += 2)
			classes[g->first + i] = g->other;
	}
	return classes;
}
'''


def classes():
    """The class of each code point that has one."""
    text = "".join(map(chr, POINTS))
    ranks = {bytes([b]): b for b in range(256)}
    found = {}
    for name, pattern in CLASSES.items():
        e = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        for c in bytes(e.encode_ordinary(text)).decode():
            assert ord(c) not in found
            found[ord(c)] = name
    return found


def ranges():
    """(first, count, class); letters whose case alternates make one range."""
    runs = []
    for c, name in sorted(classes().items()):
        if runs and runs[-1][0] + runs[-1][1] == c:
            first, count, before = runs[-1]
            if name == before or (len(before) == 2 and name == before[count % 2]):
                runs[-1] = first, count + 1, before
                continue
            if count == 1 and {name, before} == {"U", "L"}:
                runs[-1] = first, 2, before + name
                continue
        runs.append((c, 1, name))
    return runs


def source():
    lines = ["\t"]
    for first, count, name in ranges():
        item = f"{{0x{first:x}, {count}, {name}}},"
        if len(lines[-1]) + len(item) > 92:
            lines.append("\t")
        lines[-1] += (" " if len(lines[-1]) > 1 else "") + item
    return BEFORE + "\n".join(lines) + "\n" + AFTER


def main():
    if sys.argv[1:] == ["--write"]:
        FILE.write_text(source())
    elif FILE.read_text() != source():
        sys.exit(f"{FILE}: not the classes of tiktoken {tiktoken.__version__}; "
                 "run tests/tokens/classes.py --write")


main()
