/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/core/poll/fake_check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct profile_set profiles;

int fake_check_setup(void **state)
{
	(void)state;
	fake_if_mib(&profiles);
	return 0;
}

int fake_check_teardown(void **state)
{
	(void)state;
	profile_set_deinit(&profiles);
	return 0;
}

struct fake *fake_check_bare(const char *profile)
{
	return fake_new(&profiles, profile, false);
}

struct fake *fake_check_two(bool v1)
{
	struct fake *fake = fake_new(&profiles, "auto", v1);

	fake_interface(fake, 1, "eth0", FAKE_IF_X | FAKE_IF_32, 125000, 50000);
	fake_interface(fake, 2, "eth1", FAKE_IF_X | FAKE_IF_32, 1000, 2000);
	return fake;
}

void fake_check_rate(double value, double expected)
{
	if (!(fabs(value - expected) <= expected * 0.001))
		fail_msg("rate %.3f, expected %.3f", value, expected);
}

void fake_check_traffic(const struct fake *fake, const char *object, double in, double out)
{
	const struct fake_sample *s = fake_last(fake, object, "traffic");

	assert_non_null(s);
	fake_check_rate(s->value[0], in);
	fake_check_rate(s->value[1], out);
}

void fake_check_remark(const struct fake *fake, enum device_remark remark)
{
	const char *problem = fake->device->problem;

	if (!(fake->device->remarks >> remark & 1))
		fail_msg("not remarked: %s", device_remark_name(remark));
	if (!problem || !strstr(problem, device_remark_text(remark)))
		fail_msg("not told: %s", device_remark_name(remark));
}

void fake_check_no_remarks(const struct fake *fake)
{
	if (fake->device->problem)
		fail_msg("%s", fake->device->problem);
	assert_int_equal(fake->device->remarks, 0);
}
