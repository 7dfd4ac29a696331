/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token speaks for its owner, until its time is over; anything else for nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/person/token.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

/* printf pantau_x | sha256sum */
#define HASH_OF_PANTAU_X                                                                           \
	"\xcd\x66\xe5\x7c\x8a\x68\xb8\x9c\x3f\x75\xbc\x36\x71\xa5\xcf\xf3"                         \
	"\xb1\x26\xe1\xa2\x09\xf5\x9d\x41\x3d\x84\x89\xc5\xcb\x2b\xb6\xbb"

static void test_token(void **state)
{
	cleanup_free struct people *people = calloc(1, sizeof(*people));
	struct people_token token = {.user = "siti"}, over = {.user = "siti", .expires_ms = 1};
	char text[TOKEN_TEXT_SIZE], other[TOKEN_TEXT_SIZE];

	(void)state;
	assert_int_equal(people_put_user(people, "siti", PERSON_OPERATOR, 1), 0);
	assert_int_equal(token_make(text, token.hash), 0);
	assert_int_equal(strlen(text), TOKEN_TEXT_SIZE - 1);
	assert_int_equal(token_make(other, over.hash), 0);
	assert_string_not_equal(text, other);
	assert_null(token_owner(people, text));
	assert_int_equal(people_add_token(people, &token), 0);
	assert_int_equal(people_add_token(people, &over), 0);
	assert_string_equal(token_owner(people, text)->person.name, "siti");
	assert_null(token_owner(people, other));
	text[20] ^= 1;
	assert_null(token_owner(people, text));
	assert_null(token_owner(people, ""));
	assert_null(token_owner(people, "pantau_"));
}

/* What is kept is what others would make of it, too. */
static void test_hash_is_of_the_whole_text(void **state)
{
	cleanup_free struct people *people = calloc(1, sizeof(*people));
	struct people_token token = {.user = "siti"};

	(void)state;
	assert_int_equal(people_put_user(people, "siti", PERSON_OPERATOR, 1), 0);
	memcpy(token.hash, HASH_OF_PANTAU_X, sizeof(token.hash));
	assert_int_equal(people_add_token(people, &token), 0);
	assert_string_equal(token_owner(people, "pantau_x")->person.name, "siti");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_hash_is_of_the_whole_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
