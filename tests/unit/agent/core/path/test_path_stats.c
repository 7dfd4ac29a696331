/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * path_stats: state over rows of answers and losses as tables of text, figures of a minute,
 * jitter against RFC 3550's own arithmetic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/core/path/path_stats.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct path_stats_conf CONF = {
	.down_after = 3,
	.up_after = 2,
	.degraded_loss_permille = 100,
	.degraded_rtt_us = 50000,
};

/* '.' answered in 1 ms, 'x' lost, 's' answered in 80 ms; states: u d g (degraded) ? */
struct state_case {
	const char *name, *probes, *states;
};

static const struct state_case STATES[] = {
	{"first answer", ".", "u"},
	{"first losses", "xxx.", "??dd"},
	{"one loss is nothing", "..x..", "uuuuu"},
	{"two are nothing yet", "..xx..", "uuuuuu"},
	{"three are", "..xxx", "uuuud"},
	{"one answer does not mend it", "xxx.x.x.", "??dddddd"},
	{"two do", "xxx..", "??ddu"},
	{"down again", "xxx..xxx", "??dduuud"},
	{"slow", ".sssssssss", "uuuuuuuugg"},
};

static enum path_state state_of(char c)
{
	return c == 'u' ? PATH_UP : c == 'd' ? PATH_DOWN : c == 'g' ? PATH_DEGRADED : PATH_UNKNOWN;
}

static bool probe(struct path_stats *stats, char c, int64_t sent_ms)
{
	if (c == 'x')
		return path_stats_lost(stats, sent_ms);
	return path_stats_answered(stats, c == 's' ? 80000 : 1000, sent_ms);
}

static void test_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(STATES); i++) {
		const struct state_case *c = &STATES[i];
		enum path_state last = PATH_UNKNOWN;
		struct path_stats stats;

		path_stats_init(&stats, &CONF);
		for (size_t j = 0; c->probes[j]; j++) {
			bool changed = probe(&stats, c->probes[j], (int64_t)j * 1000);

			if (stats.state != state_of(c->states[j]))
				fail_msg("%s: after probe %zu: %d", c->name, j + 1, stats.state);
			assert_int_equal(changed, stats.state != last);
			last = stats.state;
		}
	}
}

/* Down since the first probe that was lost, up since the first that was answered. */
static void test_since(void **state)
{
	struct path_stats stats;
	int64_t at = 0;

	(void)state;
	path_stats_init(&stats, &CONF);
	for (const char *c = "...xxx"; *c; c++, at += 1000)
		probe(&stats, *c, at);
	assert_int_equal(stats.state, PATH_DOWN);
	assert_int_equal(stats.state_since_ms, 3000);
	for (const char *c = "x.."; *c; c++, at += 1000)
		probe(&stats, *c, at);
	assert_int_equal(stats.state, PATH_UP);
	assert_int_equal(stats.state_since_ms, 7000);
}

static void run(struct path_stats *stats, int n, int lose_every)
{
	for (int i = 1; i <= n; i++)
		probe(stats, lose_every && i % lose_every == 0 ? 'x' : '.', i);
}

/* 10 % begins it, under 5 % ends it: between the two nothing changes. */
static void test_loss_hysteresis(void **state)
{
	struct path_stats stats;

	(void)state;
	path_stats_init(&stats, &CONF);
	run(&stats, PATH_STATS_WINDOW * 4, 16);
	assert_int_equal(path_stats_loss_permille(&stats), 62);
	assert_int_equal(stats.state, PATH_UP);
	run(&stats, PATH_STATS_WINDOW, 8);
	assert_int_equal(stats.state, PATH_DEGRADED);
	run(&stats, PATH_STATS_WINDOW * 4, 16);
	assert_int_equal(stats.state, PATH_DEGRADED);
	run(&stats, PATH_STATS_WINDOW, 32);
	assert_int_equal(stats.state, PATH_UP);
}

static void test_minute(void **state)
{
	struct path_stats stats;
	struct path_minute minute;

	(void)state;
	path_stats_init(&stats, &CONF);
	path_stats_answered(&stats, 1000, 0);
	path_stats_answered(&stats, 3000, 0);
	path_stats_answered(&stats, 2000, 0);
	path_stats_lost(&stats, 0);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.sent, 4);
	assert_int_equal(minute.lost, 1);
	assert_int_equal(minute.rtt_min_us, 1000);
	assert_int_equal(minute.rtt_mean_us, 2000);
	assert_int_equal(minute.rtt_max_us, 3000);
	assert_int_equal(minute.loss_permille, 250);
	/* J = 2000/16 = 125, then J += (1000 - J)/16 */
	assert_in_range(minute.jitter_us, 178, 180);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.sent, 0);
	assert_int_equal(minute.rtt_mean_us, 0);
	assert_int_equal(minute.jitter_us, 0);
}

static void test_nothing_answered(void **state)
{
	struct path_stats stats;
	struct path_minute minute;

	(void)state;
	path_stats_init(&stats, &CONF);
	run(&stats, 30, 1);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.sent, 30);
	assert_int_equal(minute.loss_permille, 1000);
	assert_int_equal(minute.rtt_max_us, 0);
}

static void test_forgotten(void **state)
{
	struct path_stats stats;
	struct path_minute minute;

	(void)state;
	path_stats_init(&stats, &CONF);
	run(&stats, 30, 1);
	assert_int_equal(stats.state, PATH_DOWN);
	path_stats_forget(&stats);
	assert_int_equal(stats.state, PATH_UNKNOWN);
	assert_int_equal(stats.state_since_ms, 0);
	assert_int_equal(path_stats_loss_permille(&stats), 0);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.lost, 30);
	/* as at the start: the first answer will do */
	assert_true(path_stats_answered(&stats, 1000, 7));
	assert_int_equal(stats.state, PATH_UP);
}

/* A constant round trip has no jitter, whatever its length; a huge one does not overflow. */
static void test_jitter_settles(void **state)
{
	struct path_stats stats;
	struct path_minute minute;

	(void)state;
	path_stats_init(&stats, &CONF);
	for (int i = 0; i < 10; i++)
		path_stats_answered(&stats, i % 2 ? 2000 : 1000, i);
	for (int i = 0; i < 400; i++)
		path_stats_answered(&stats, 1500, i);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.jitter_us, 0);
	path_stats_answered(&stats, UINT32_MAX, 0);
	path_stats_minute(&stats, &minute);
	assert_int_equal(minute.rtt_max_us, UINT32_MAX / 32);
	assert_in_range(minute.jitter_us, UINT32_MAX / 32 / 16 - 200, UINT32_MAX / 32 / 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),		cmocka_unit_test(test_since),
		cmocka_unit_test(test_loss_hysteresis), cmocka_unit_test(test_minute),
		cmocka_unit_test(test_forgotten),	cmocka_unit_test(test_nothing_answered),
		cmocka_unit_test(test_jitter_settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
