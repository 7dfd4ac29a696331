/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/engine/credential_cache: sharing, one derivation, and every order of giving back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include "common/engine/credential_cache.h"
#include "common/loop/loop.h"

#include <cmocka.h>

static const struct snmp_credential SHA = {
	.version = SNMP_V3,
	.user = "user",
	.level = SNMP_SEC_AUTH,
	.auth = SNMP_AUTH_SHA1,
	.auth_pass = "maplesyrup",
};
static const struct snmp_credential V2C = {.version = SNMP_V2C, .community = "public"};

struct fixture {
	struct loop *loop;
	struct credential_cache *cache;
	unsigned int ready, wanted;
};

static void on_ready(void *data, const struct shared_credential *cred)
{
	struct fixture *f = data;

	assert_int_equal(cred->state, CREDENTIAL_READY);
	if (++f->ready == f->wanted)
		loop_stop(f->loop);
}

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	assert_int_equal(loop_new(&f.loop), 0);
	assert_int_equal(credential_cache_new(f.loop, on_ready, &f, &f.cache), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	credential_cache_free(f->cache);
	loop_free(f->loop);
	return 0;
}

static const struct shared_credential *get(struct fixture *f, const struct snmp_credential *cred)
{
	const struct shared_credential *shared = NULL;

	assert_int_equal(credential_cache_get(f->cache, cred, &shared), 0);
	return shared;
}

static void test_shared(void **state)
{
	struct fixture *f = *state;
	char user[] = "user";
	struct snmp_credential copy = SHA;
	const struct shared_credential *a = get(f, &SHA), *b, *c;

	copy.user = user; /* equal text at another place */
	b = get(f, &copy);
	assert_ptr_equal(a, b);
	user[0] = 'x'; /* it is the caller's: the cache has a copy */
	assert_string_equal(b->cred.user, "user");
	c = get(f, &copy);
	assert_ptr_not_equal(a, c);
	assert_int_equal(a->state, CREDENTIAL_PENDING);
	f->wanted = 2;
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(f->ready, 2);
	assert_int_equal(a->state, CREDENTIAL_READY);
	assert_memory_equal(a->master.auth, "\x9f\xb5\xcc\x03\x81\x49", 6); /* RFC 3414 A.3.2 */
	credential_cache_put(a);
	credential_cache_put(b);
	credential_cache_put(c);
	credential_cache_put(NULL);
}

static void test_nothing_to_derive(void **state)
{
	struct fixture *f = *state;
	const struct shared_credential *v2c = get(f, &V2C);
	struct snmp_credential none = {.version = SNMP_V3, .user = "u", .level = SNMP_SEC_NONE};

	assert_int_equal(v2c->state, CREDENTIAL_READY);
	credential_cache_put(v2c);
	v2c = get(f, &none);
	assert_int_equal(v2c->state, CREDENTIAL_READY);
	credential_cache_put(v2c);
}

/* Given back before its keys are there: with the cache alive, and with the cache freed
 * next. */
static void test_given_back_early(void **state)
{
	struct fixture *f = *state;

	credential_cache_put(get(f, &SHA));
	f->wanted = 1;
	assert_int_equal(loop_run(f->loop), 0);
	credential_cache_put(get(f, &SHA));
}

static void test_refused(void **state)
{
	struct fixture *f = *state;
	struct snmp_credential bad = SHA;
	const struct shared_credential *shared = NULL;

	bad.auth_pass = "short";
	assert_int_equal(credential_cache_get(f->cache, &bad, &shared), -EINVAL);
	bad = V2C;
	bad.community = NULL;
	assert_int_equal(credential_cache_get(f->cache, &bad, &shared), -EINVAL);
	bad.version = (enum snmp_version)2;
	assert_int_equal(credential_cache_get(f->cache, &bad, &shared), -EINVAL);
	assert_null(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_shared, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_to_derive, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_back_early, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
