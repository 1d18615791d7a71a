#include "base/keytab.h"
#include "helpers.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

enum { KEYS = 100000 };

static int key_text(uint32_t i, char text[32])
{
	return snprintf(text, 32, "model-%u", (unsigned)(i * 7919u));
}

START_TEST(many_keys)
{
	struct tb_keytab t;
	char text[32];
	bool added;

	tb_keytab_init(&t);
	for (uint32_t i = 0; i < KEYS; i++) {
		int n = key_text(i, text);

		EXPECT(tb_keytab_find(&t, text, (size_t)n) == TB_KEYTAB_NONE, "%s", text);
		EXPECT(tb_keytab_put(&t, text, (size_t)n, &added) == i && added, "%s", text);
	}
	for (uint32_t i = 0; i < KEYS; i++) {
		int n = key_text(i, text);

		EXPECT(tb_keytab_find(&t, text, (size_t)n) == i, "%s", text);
		EXPECT(tb_keytab_put(&t, text, (size_t)n, &added) == i && !added, "%s", text);
		EXPECT(strcmp(tb_keytab_key(&t, i).p, text) == 0, "%s", text);
	}
	ck_assert_uint_eq(t.n, KEYS);
	tb_keytab_release(&t);
	tb_keytab_release(&t);
}
END_TEST

/* Keys are bytes: NULs, prefixes of each other, and nothing at all. */
static const struct tb_span odd_keys[] = {
	BYTES(""),     BYTES("\0"),   BYTES("\0\0"), BYTES("a"),    BYTES("a\0"),
	BYTES("a\0b"), BYTES("a\0c"), BYTES("A"),    BYTES("\xff"), BYTES("ab"),
};

START_TEST(odd_bytes)
{
	struct tb_keytab t;
	bool added;

	tb_keytab_init(&t);
	for (uint32_t i = 0; i < LENGTH(odd_keys); i++)
		ck_assert_uint_eq(tb_keytab_put(&t, odd_keys[i].p, odd_keys[i].n, &added), i);
	for (uint32_t i = 0; i < LENGTH(odd_keys); i++) {
		struct tb_span key = tb_keytab_key(&t, i);

		ck_assert_uint_eq(tb_keytab_find(&t, odd_keys[i].p, odd_keys[i].n), i);
		ck_assert(tb_span_equal(key, odd_keys[i]));
		ck_assert_int_eq(key.p[key.n], '\0');
	}
	tb_keytab_release(&t);
}
END_TEST

/* Texts of keys stay where they are while the table grows. */
START_TEST(keys_do_not_move)
{
	struct tb_keytab t;
	char text[32];
	const char *first;
	bool added;

	tb_keytab_init(&t);
	tb_keytab_put(&t, "first", 5, &added);
	first = tb_keytab_key(&t, 0).p;
	for (uint32_t i = 0; i < 1000; i++)
		tb_keytab_put(&t, text, (size_t)key_text(i, text), &added);
	ck_assert_ptr_eq(tb_keytab_key(&t, 0).p, first);
	ck_assert_str_eq(first, "first");
	tb_keytab_release(&t);
}
END_TEST

Suite *keytab_suite(void)
{
	Suite *s = suite_create("keytab");

	add_test(s, "keytab/many keys", many_keys);
	add_test(s, "keytab/odd bytes", odd_bytes);
	add_test(s, "keytab/do not move", keys_do_not_move);
	return s;
}
