/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/sim/traffic_flow: what a plan may say, and that rates stay within it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/sim/traffic_flow.h"

#include <cmocka.h>

static const struct {
	const char *line;
	int want;
	size_t sinks, flows;
} LINES[] = {
	{"", 0, 0, 0},
	{"  \n", 0, 0, 0},
	{"# flow core - 192.0.2.1 flat 1 1 1 0", 0, 0, 0},
	{"sink core\n", 0, 1, 0},
	{"sink", -EINVAL, 0, 0},
	{"sink core city", -EINVAL, 0, 0},
	{"flow core - 192.168.1.2 sine 100 2000 180 250\n", 0, 0, 1},
	{"flow city lan-01 203.0.113.1 office 0 2000 180 0", 0, 0, 1},
	{"flow city lan-01 203.0.113.1 office 0 2000 180 0 more", -EINVAL, 0, 0},
	{"flow core - 192.168.1.256 sine 100 2000 180 250", -EINVAL, 0, 0},
	{"flow core - 192.168.1 sine 100 2000 180 250", -EINVAL, 0, 0},
	{"flow core - 192.168.1.2 cosine 100 2000 180 250", -EINVAL, 0, 0},
	{"flow core - 192.168.1.2 sine 2000 100 180 250", -EINVAL, 0, 0},
	{"flow core - 192.168.1.2 sine nan 100 180 250", -EINVAL, 0, 0},
	{"flow core - 192.168.1.2 sine 100 2000 0 250", -EINVAL, 0, 0},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		struct traffic_plan plan = {0};

		if (traffic_plan_line(&plan, LINES[i].line) != LINES[i].want)
			fail_msg("line \"%s\"", LINES[i].line);
		assert_int_equal(plan.n_sinks, LINES[i].sinks);
		assert_int_equal(plan.n_flows, LINES[i].flows);
	}
}

static void test_fields(void **state)
{
	static struct traffic_plan plan;

	(void)state;
	assert_int_equal(
		traffic_plan_line(&plan, "flow city lan-07 203.0.113.1 burst 1 2.5 60 250"), 0);
	assert_string_equal(plan.flows[0].netns, "city");
	assert_string_equal(plan.flows[0].device, "lan-07");
	assert_int_equal(plan.flows[0].address, 0xcb007101);
	assert_int_equal(plan.flows[0].shape, TRAFFIC_BURST);
	assert_true(plan.flows[0].low_bps == 1000 && plan.flows[0].high_bps == 2500);
	assert_true(plan.flows[0].period_s == 60 && plan.flows[0].phase == 0.25);
}

static void test_full(void **state)
{
	static struct traffic_plan plan;

	(void)state;
	plan.n_sinks = TRAFFIC_SINKS_MAX;
	plan.n_flows = TRAFFIC_FLOWS_MAX;
	assert_int_equal(traffic_plan_line(&plan, "sink core"), -ENOSPC);
	assert_int_equal(traffic_plan_line(&plan, "flow a - 1.2.3.4 flat 1 1 1 0"), -ENOSPC);
}

/* Each shape stays within its bounds and comes near both, but for the flat one. */
static void test_rates(void **state)
{
	(void)state;
	for (int shape = TRAFFIC_FLAT; shape <= TRAFFIC_OFFICE; shape++) {
		const struct traffic_flow flow = {.shape = (enum traffic_shape)shape,
						  .low_bps = 1e6,
						  .high_bps = 9e6,
						  .period_s = 100,
						  .phase = 0.3};
		double least = 1e9, most = 0;

		for (int s = 0; s < 1000; s++) {
			double rate = traffic_flow_rate(&flow, s);

			assert_true(rate >= flow.low_bps && rate <= flow.high_bps);
			least = rate < least ? rate : least;
			most = rate > most ? rate : most;
		}
		assert_true(most > 8e6);
		assert_true(shape == TRAFFIC_FLAT ? least == 9e6 : least < 2e6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
