/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is proved by more never waits for what is proved by less. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/core/trap/trap_budget.h"

#include <cmocka.h>

static const struct trap_budget_conf CONF = {
	.rate = 50, .burst = 500, .total_rate = 100, .total_burst = 1000};

struct taken {
	unsigned int taken, source, total;
};

static struct taken take(struct trap_budget *budget, enum trap_proof proof, uint64_t source,
			 int64_t now_ms, unsigned int n)
{
	struct taken taken = {0};

	while (n-- > 0) {
		enum trap_budget_answer answer = trap_budget_take(budget, proof, source, now_ms);

		taken.taken += answer == TRAP_BUDGET_TAKE;
		taken.source += answer == TRAP_BUDGET_SOURCE;
		taken.total += answer == TRAP_BUDGET_TOTAL;
	}
	return taken;
}

static void assert_taken(struct taken is, unsigned int taken, unsigned int source,
			 unsigned int total)
{
	assert_int_equal(is.taken, taken);
	assert_int_equal(is.source, source);
	assert_int_equal(is.total, total);
}

/* A thousand junk datagrams a second from a device's address, for an hour, cost it nothing. */
static void test_junk_starves_nobody(void **state)
{
	struct trap_budget *budget;
	unsigned int answered = 0;

	(void)state;
	assert_int_equal(trap_budget_new(&CONF, &budget), 0);
	assert_false(trap_budget_is_junky(budget, 7, 1000));
	for (int64_t ms = 1000; ms < 61000; ms++)
		answered += trap_budget_junk(budget, 7, ms);
	assert_in_range(answered, 500 + 59 * 50, 500 + 60 * 50);
	while (trap_budget_junk(budget, 7, 61000))
		;
	assert_true(trap_budget_is_junky(budget, 7, 61000));
	assert_false(trap_budget_is_junky(budget, 8, 61000));
	assert_taken(take(budget, TRAP_PROOF_KEY, 7, 61000, 500), 500, 0, 0);
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 7, 61000, 500), 500, 0, 0);
	assert_false(trap_budget_is_junky(budget, 7, 62000));
	trap_budget_free(budget);
}

/* Who knows the community and a device's address speaks as it, but does not silence its key. */
static void test_community_starves_no_key(void **state)
{
	struct trap_budget *budget;

	(void)state;
	assert_int_equal(trap_budget_new(&CONF, &budget), 0);
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 7, 1000, 600), 500, 100, 0);
	assert_taken(take(budget, TRAP_PROOF_KEY, 7, 1000, 600), 500, 100, 0);
	trap_budget_free(budget);
}

/* A thousand unknown senders leave the devices theirs; keys have no total that somebody could fill. */
static void test_totals_are_apart(void **state)
{
	struct trap_budget *budget;
	unsigned int unknown = 0, keys = 0;

	(void)state;
	assert_int_equal(trap_budget_new(&CONF, &budget), 0);
	for (uint64_t source = 0; source < 1000; source++)
		unknown += take(budget, TRAP_PROOF_UNKNOWN, source, 1000, 10).taken;
	assert_int_equal(unknown, 1000);
	assert_taken(take(budget, TRAP_PROOF_UNKNOWN, 5000, 1000, 1), 0, 0, 1);
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 1, 1000, 1), 1, 0, 0);
	assert_taken(take(budget, TRAP_PROOF_UNKNOWN, 5000, 2000, 101), 100, 0, 1);
	for (uint64_t source = 0; source < 1000; source++)
		keys += take(budget, TRAP_PROOF_KEY, source, 2000, 10).taken;
	assert_int_equal(keys, 10000);
	trap_budget_set(budget, &(struct trap_budget_conf){1, 2, 3, 4});
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 9, 3000, 3), 2, 1, 0);
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 10, 3000, 3), 2, 1, 0);
	assert_taken(take(budget, TRAP_PROOF_COMMUNITY, 11, 3000, 2), 0, 0, 2);
	trap_budget_free(budget);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_junk_starves_nobody),
		cmocka_unit_test(test_community_starves_no_key),
		cmocka_unit_test(test_totals_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
