/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks of tables against agents with holes, loops, bad order, endless tables; what is learned of sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/reading/poll_limits.h"
#include "collector/core/reading/poll_walk.h"

#include <cmocka.h>

enum { ROOM = 64, CELLS = 64, REQUESTS_MAX = 200 };

#define TABLE 1, 3, 6, 1, 2, 1, 2, 2, 1

static const snmp_oid_t NAME[] = {TABLE, 2};
static const snmp_oid_t SPEED[] = {TABLE, 5};

/* What comes after each OID in an agent: a list in the agent's own order, which may be wrong. */
struct agent {
	const char *name;
	struct {
		snmp_oid_t column, index;
	} cells[CELLS];
	bool loops;			/* behind the last comes the first again */
	bool endless;			/* each row is followed by another */
	size_t rows, in_name, in_speed; /* what is to be found */
	bool odd;			/* and is told to be odd */
};

static const struct agent AGENTS[] = {
	{.name = "in order",
	 .cells = {{2, 1}, {2, 2}, {2, 3}, {5, 1}, {5, 2}, {5, 3}, {6, 1}},
	 .rows = 3,
	 .in_name = 3,
	 .in_speed = 3},
	{.name = "holes",
	 .cells = {{2, 1}, {2, 7}, {5, 1}, {5, 3}, {5, 7}, {6, 1}},
	 .rows = 3,
	 .in_name = 2,
	 .in_speed = 3},
	{.name = "disjoint",
	 .cells = {{2, 1}, {2, 2}, {5, 8}, {5, 9}, {6, 1}},
	 .rows = 4,
	 .in_name = 2,
	 .in_speed = 2},
	{.name = "end of the view",
	 .cells = {{2, 1}, {5, 1}},
	 .rows = 1,
	 .in_name = 1,
	 .in_speed = 1},
	{.name = "nothing", .cells = {{9, 1}}},
	{.name = "out of order",
	 .cells = {{2, 1}, {2, 5}, {2, 3}, {2, 9}, {5, 1}, {6, 1}},
	 .rows = 4,
	 .in_name = 4,
	 .in_speed = 1,
	 .odd = true},
	{.name = "a loop",
	 .cells = {{2, 1}, {2, 2}},
	 .loops = true,
	 .rows = 2,
	 .in_name = 2,
	 .odd = true},
	{.name = "a row that repeats itself",
	 .cells = {{2, 1}, {2, 1}, {2, 1}},
	 .loops = true,
	 .rows = 1,
	 .in_name = 1,
	 .odd = true},
	{.name = "endless", .endless = true, .rows = 32, .in_name = 32, .in_speed = 32},
	{.name = "an ifIndex of 2^32 - 1",
	 .cells = {{2, 1}, {2, 4294967295u}, {5, 4294967295u}, {6, 1}},
	 .rows = 2,
	 .in_name = 2,
	 .in_speed = 1},
};

static size_t n_cells(const struct agent *agent)
{
	size_t n = 0;

	while (n < CELLS && agent->cells[n].column)
		n++;
	return n;
}

/* GETNEXT: the entry behind the one that is asked for, or the first that is greater. */
static void successor(const struct agent *agent, const snmp_oid_t *oid, size_t len,
		      struct snmp_varbind *vb, snmp_oid_t *room)
{
	snmp_oid_t column = oid[9], index = len > 10 ? oid[10] : 0;
	size_t n = n_cells(agent), i = 0;

	memcpy(room, NAME, sizeof(NAME));
	*vb = (struct snmp_varbind){
		.name = room, .name_len = 11, .type = SNMP_TYPE_GAUGE32, .v.u = 7};
	if (agent->endless) {
		room[9] = column;
		room[10] = index + 1;
		return;
	}
	while (i < n &&
	       !(len > 10 && agent->cells[i].column == column && agent->cells[i].index == index))
		i++;
	if (i < n)
		i++;
	else
		for (i = 0; i < n && agent->cells[i].column < column; i++)
			;
	if (i >= n && agent->loops)
		i = 0;
	if (i >= n) {
		vb->type = SNMP_TYPE_END_OF_MIB_VIEW;
		return;
	}
	room[9] = agent->cells[i].column;
	room[10] = agent->cells[i].index;
}

static void serve(const struct agent *agent, struct poll_walk *walk,
		  const struct snmp_varbind *asked)
{
	static struct snmp_varbind given[1024];
	static snmp_oid_t names[1024][16];
	size_t n = walk->n_asked * (size_t)walk->repetitions;

	for (size_t i = 0; i < n; i++) {
		const struct snmp_varbind *from =
			i < walk->n_asked ? &asked[i] : &given[i - walk->n_asked];

		successor(agent, from->name, from->name_len, &given[i], names[i]);
	}
	poll_walk_take(walk, given, n);
}

static unsigned int run(const struct agent *agent, struct poll_walk *walk, bool v1)
{
	static struct snmp_varbind asked[ROOM];
	static snmp_oid_t oids[ROOM][128];
	const struct poll_walk_room room = {.varbinds = asked, .oids = oids, .n = ROOM};
	struct poll_limits limits;
	unsigned int requests = 0;
	size_t n;

	poll_limits_init(&limits, 64, 1400, v1);
	poll_walk_init(walk, 32);
	assert_true(poll_walk_add(walk, NAME, 10));
	assert_true(poll_walk_add(walk, SPEED, 10));
	while (poll_walk_next(walk, &limits, &room, &n) && requests++ < REQUESTS_MAX)
		serve(agent, walk, asked);
	return requests;
}

static size_t cells_in(const struct poll_walk *walk, size_t column)
{
	size_t n = 0;

	for (size_t i = 0; i < walk->n_rows; i++)
		n += walk->rows[i]->cells[column].type != 0;
	return n;
}

static void test_agents(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(AGENTS) / sizeof(AGENTS[0]); i++) {
		const struct agent *agent = &AGENTS[i];

		for (int v1 = 0; v1 < 2; v1++) {
			struct poll_walk walk;
			unsigned int requests = run(agent, &walk, v1);

			if (requests >= REQUESTS_MAX)
				fail_msg("%s: no end", agent->name);
			if (walk.n_rows != agent->rows || cells_in(&walk, 0) != agent->in_name ||
			    cells_in(&walk, 1) != agent->in_speed)
				fail_msg("%s: %zu rows, %zu and %zu cells", agent->name,
					 walk.n_rows, cells_in(&walk, 0), cells_in(&walk, 1));
			for (size_t r = 1; r < walk.n_rows; r++)
				assert_true(walk.rows[r]->index[0] > walk.rows[r - 1]->index[0]);
			if (agent->odd && !walk.bad_order && !walk.loops)
				fail_msg("%s: not found odd", agent->name);
			assert_int_equal(poll_walk_complete(&walk, 0, 2), !agent->endless);
			poll_walk_deinit(&walk);
		}
	}
}

/* An agent that answers, but never with anything. */
static void test_empty_answers(void **state)
{
	static struct snmp_varbind asked[ROOM];
	static snmp_oid_t oids[ROOM][128];
	const struct poll_walk_room room = {.varbinds = asked, .oids = oids, .n = ROOM};
	struct poll_limits limits;
	struct poll_walk walk;
	unsigned int requests = 0;
	size_t n;

	(void)state;
	poll_limits_init(&limits, 64, 1400, false);
	poll_walk_init(&walk, 32);
	assert_true(poll_walk_add(&walk, NAME, 10));
	while (poll_walk_next(&walk, &limits, &room, &n) && requests++ < REQUESTS_MAX)
		poll_walk_take(&walk, asked, 0);
	assert_true(requests < 10);
	assert_false(poll_walk_complete(&walk, 0, 1));
	poll_walk_deinit(&walk);
}

struct lesson {
	const char *name;
	unsigned int n;
	bool bulk;
	enum poll_trouble trouble;
	bool more; /* there is something smaller to try */
	unsigned int varbinds_after;
	bool no_bulk_after;
};

static const struct lesson LESSONS[] = {
	{"tooBig halves", 40, false, POLL_TOO_BIG, true, 20, false},
	{"silence halves", 40, false, POLL_SILENCE, true, 20, false},
	{"one alone is the end", 1, false, POLL_TOO_BIG, false, 64, false},
	{"a GETBULK does not make GETs smaller", 40, true, POLL_TOO_BIG, true, 64, false},
	{"a GETBULK for one: none any more", 1, true, POLL_TOO_BIG, true, 64, true},
	{"silence for few: none any more", 3, true, POLL_SILENCE, true, 64, true},
};

static void test_lessons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(LESSONS) / sizeof(LESSONS[0]); i++) {
		const struct lesson *l = &LESSONS[i];
		struct poll_limits limits;
		bool more;

		poll_limits_init(&limits, 64, 1400, false);
		assert_int_equal(limits.seen, 0);
		more = poll_limits_lower(&limits, l->n, l->bulk, l->trouble);
		if (more != l->more || limits.varbinds != l->varbinds_after ||
		    limits.no_bulk != l->no_bulk_after)
			fail_msg("%s: %d, %u, %d", l->name, more, limits.varbinds, limits.no_bulk);
		assert_int_equal(limits.seen, 1u << l->trouble);
	}
}

static void test_growing_back(void **state)
{
	struct poll_limits limits;
	unsigned int rounds = 0;

	(void)state;
	poll_limits_init(&limits, 64, 1400, false);
	poll_limits_lower(&limits, 64, false, POLL_SILENCE); /* perhaps the network's fault */
	while (limits.varbinds < 64 && rounds++ < 1000)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 10, 40);
	poll_limits_lower(&limits, 64, false, POLL_SILENCE); /* no: tried less often from now on */
	for (rounds = 0; limits.varbinds < 64 && rounds < 1000; rounds++)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 40, 80);
	poll_limits_lower(&limits, 64, false,
			  POLL_TOO_BIG); /* said by the device itself: never again */
	for (rounds = 0; rounds < 10000; rounds++)
		poll_limits_relax(&limits);
	assert_int_equal(limits.varbinds, 32);
	assert_int_equal(poll_limits_repetitions(&limits, 100), 1); /* never 0 */
}

/* Silence about as much as it bore before is the network's: not a reason to ask little for hours. */
static void test_returning(void **state)
{
	struct poll_limits limits;
	unsigned int rounds = 0;

	(void)state;
	poll_limits_init(&limits, 64, 1400, false);
	poll_limits_answered(&limits, 40, false);
	for (unsigned int n = 40; n > 1; n /= 2) /* all in one cycle */
		poll_limits_lower(&limits, n, false, POLL_SILENCE);
	assert_int_equal(limits.varbinds, 1);
	while (limits.varbinds < 40 && rounds++ < 1000)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 1, 5);
	for (unsigned int i = 0; i < 20; i++) { /* and it goes on */
		poll_limits_lower(&limits, 40, false, POLL_SILENCE);
		for (rounds = 0; limits.varbinds < 40 && rounds < 1000; rounds++)
			poll_limits_relax(&limits);
	}
	assert_in_range(rounds, 5, 30);
	poll_limits_not_of_size(
		&limits); /* silence about one alone: it was the network all the time */
	poll_limits_lower(&limits, 40, false, POLL_SILENCE);
	for (rounds = 0; limits.varbinds < 40 && rounds < 1000; rounds++)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 1, 8);
	/* genErr to everything was not about the size */
	for (unsigned int n = 40; n > 1; n /= 2)
		poll_limits_lower(&limits, n, false, POLL_GEN_ERROR);
	for (rounds = 0; limits.varbinds < 40 && rounds < 1000; rounds++)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 1, 30);
	/* nor where it was never answered before: GETBULK's halvings are one trouble, too */
	poll_limits_init(&limits, 64, 1400, false);
	for (unsigned int n = 32; n > 0; n /= 2)
		poll_limits_lower(&limits, n, true, POLL_GEN_ERROR);
	for (unsigned int n = 64; n > 1; n /= 2)
		poll_limits_lower(&limits, n, false, POLL_GEN_ERROR);
	poll_limits_not_of_size(&limits);
	for (rounds = 0; limits.varbinds < 64 && rounds < 1000; rounds++)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 1, 30);
	/* what it never bore is as it was: all halvings of one cycle are one lesson */
	poll_limits_init(&limits, 64, 1400, false);
	poll_limits_answered(&limits, 8, false);
	for (unsigned int n = 64; n > 8; n /= 2)
		poll_limits_lower(&limits, n, false, POLL_SILENCE);
	for (rounds = 0; limits.varbinds < 16 && rounds < 1000; rounds++)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 15, 25);
}

/* Once is chance, twice is not, and GET and GETBULK say nothing of each other. */
static void test_chance(void **state)
{
	(void)state;
	for (int bulk = 0; bulk < 2; bulk++) {
		struct poll_limits limits;

		poll_limits_init(&limits, 64, 1400, false);
		assert_false(
			poll_limits_is_chance(&limits, 8, bulk)); /* nothing was answered yet */
		poll_limits_answered(&limits, 30, bulk);
		assert_false(poll_limits_is_chance(&limits, 31, bulk));
		assert_false(poll_limits_is_chance(&limits, 30, !bulk));
		assert_true(poll_limits_is_chance(&limits, 30, bulk));
		poll_limits_answered(&limits, 30, !bulk);
		poll_limits_answered(&limits, 29, bulk); /* about 30 it says nothing */
		assert_false(poll_limits_is_chance(&limits, 30, bulk));
		assert_false(poll_limits_is_chance(&limits, 15, bulk));
		poll_limits_answered(&limits, 15, bulk); /* less than that it bears */
		assert_true(poll_limits_is_chance(&limits, 30, bulk));
		poll_limits_answered(&limits, 30, bulk);
		assert_true(poll_limits_is_chance(&limits, 3, bulk));
	}
}

/* Two lost packets must not mean GETNEXT for ever. */
static void test_bulk_again(void **state)
{
	struct poll_limits limits;
	unsigned int rounds = 0;

	(void)state;
	poll_limits_init(&limits, 64, 1400, false);
	for (int i = 0; i < 2; i++)
		poll_limits_lower(&limits, 32, true, POLL_SILENCE);
	assert_true(limits.no_bulk && limits.no_bulk_learned);
	while (limits.no_bulk && rounds++ < 1000)
		poll_limits_relax(&limits);
	assert_in_range(rounds, 10, 90);
	assert_false(limits.no_bulk_learned);
	poll_limits_lower(&limits, 10, true, POLL_SILENCE); /* it was GETBULK after all */
	assert_true(limits.no_bulk);
	poll_limits_init(&limits, 64, 1400, false);
	for (int i = 0; i < 8; i++)
		poll_limits_lower(&limits, 1, true, POLL_GEN_ERROR); /* said by the device itself */
	for (rounds = 0; rounds < 10000; rounds++)
		poll_limits_relax(&limits);
	assert_true(limits.no_bulk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agents),	   cmocka_unit_test(test_empty_answers),
		cmocka_unit_test(test_lessons),	   cmocka_unit_test(test_growing_back),
		cmocka_unit_test(test_chance),	   cmocka_unit_test(test_returning),
		cmocka_unit_test(test_bulk_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
