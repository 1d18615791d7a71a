#include "base/digest.h"
#include "helpers.h"
#include "suites.h"

#include <string.h>

/* The examples of FIPS 180-4, and the empty input. */
static const struct {
	const char *input;
	size_t times;
	const char *digest;
} known[] = {
	{"", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

/* Twice, for finishing begins anew. */
START_TEST(known_digest)
{
	struct tb_digest *d = tb_digest_new();
	char text[TB_DIGEST_TEXT];

	ck_assert_ptr_nonnull(d);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < known[_i].times; i++)
			ck_assert(tb_digest_add(d, known[_i].input, strlen(known[_i].input)));
		ck_assert(tb_digest_finish(d, text));
		ck_assert_str_eq(text, known[_i].digest);
	}
	tb_digest_free(d);
}
END_TEST

Suite *digest_suite(void)
{
	Suite *s = suite_create("digest");
	TCase *c = tcase_create("digest/known");

	tcase_add_loop_test(c, known_digest, 0, sizeof(known) / sizeof(known[0]));
	suite_add_tcase(s, c);
	return s;
}
