/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People, their roles and their tokens. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/person/people.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct people));
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static int64_t add_token(struct people *people, const char *user, uint8_t octet, int64_t expires_ms)
{
	struct people_token token = {.expires_ms = expires_ms};
	int r;

	snprintf(token.user, sizeof(token.user), "%s", user);
	memset(token.hash, octet, sizeof(token.hash));
	r = people_add_token(people, &token);
	return r < 0 ? r : token.id;
}

static const char *whose(struct people *people, uint8_t octet, int64_t now_ms)
{
	uint8_t hash[TOKEN_HASH_SIZE];
	const struct people_user *user;

	memset(hash, octet, sizeof(hash));
	user = people_by_token(people, hash, now_ms);
	return user ? user->person.name : "";
}

static void test_users(void **state)
{
	struct people *people = *state;

	assert_int_equal(people_put_user(people, "siti", PERSON_ADMIN, 5), 0);
	assert_int_equal(people_put_user(people, "budi", PERSON_VIEWER, 6), 0);
	assert_int_equal(people_put_user(people, "wati", PERSON_VIEWER, 7), 0);
	assert_string_equal(people->users[0].person.name, "budi");
	assert_string_equal(people->users[2].person.name, "wati");
	assert_int_equal(people_put_user(people, "budi", PERSON_OPERATOR, 9), 0);
	assert_int_equal(people_find(people, "budi")->person.role, PERSON_OPERATOR);
	assert_int_equal(people_find(people, "budi")->created_ms, 6);
	assert_true(people_is_last_admin(people, "siti"));
	assert_false(people_is_last_admin(people, "budi"));
	people_put_user(people, "wati", PERSON_ADMIN, 9);
	assert_false(people_is_last_admin(people, "siti"));
	assert_true(people_remove_user(people, "budi"));
	assert_false(people_remove_user(people, "budi"));
	assert_int_equal(people->n_users, 2);
	assert_string_equal(people->users[1].person.name, "wati");
}

static void test_names(void **state)
{
	static const char *const WRONG[] = {
		"", "Siti", "a b", "-x", ".x", "a/b", "a\n", "abcdefghijklmnopqrstuvwxyz1234567"};
	struct people *people = *state;

	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
		assert_int_equal(people_put_user(people, WRONG[i], PERSON_VIEWER, 1), -EINVAL);
	assert_int_equal(people_put_user(people, "siti.noc-1_a", PERSON_VIEWER, 1), 0);
	for (size_t i = 1; i < PEOPLE_MAX; i++) {
		char name[16];

		snprintf(name, sizeof(name), "u%zu", i);
		assert_int_equal(people_put_user(people, name, PERSON_VIEWER, 1), 0);
	}
	assert_int_equal(people_put_user(people, "one-more", PERSON_VIEWER, 1), -ENOSPC);
	assert_int_equal(people_put_user(people, "u7", PERSON_ADMIN, 1), 0);
}

static void test_tokens(void **state)
{
	struct people *people = *state;
	int64_t id;

	people_put_user(people, "siti", PERSON_ADMIN, 5);
	people_put_user(people, "zabbix", PERSON_VIEWER, 5);
	assert_int_equal(add_token(people, "nobody", 1, 0), -ENOENT);
	assert_int_equal(add_token(people, "siti", 1, 0), 1);
	id = add_token(people, "zabbix", 2, 1000);
	assert_int_equal(id, 2);
	assert_string_equal(whose(people, 1, 1), "siti");
	assert_string_equal(whose(people, 2, 999), "zabbix");
	assert_string_equal(whose(people, 2, 1000), ""); /* past its time */
	assert_string_equal(whose(people, 3, 1), "");
	assert_true(people_remove_token(people, id));
	assert_false(people_remove_token(people, id));
	assert_string_equal(whose(people, 2, 1), "");
	assert_int_equal(add_token(people, "zabbix", 4, 0), 3); /* no id twice */
	people_remove_user(people, "siti");
	assert_string_equal(whose(people, 1, 1), ""); /* they went with her */
	assert_string_equal(whose(people, 4, 1), "zabbix");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_users, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tokens, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
