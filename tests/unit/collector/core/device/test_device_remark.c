/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a device answers, as a sentence and in the manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"

#include <cmocka.h>

enum { MANUAL_MAX = 65536 };
static char manual[MANUAL_MAX];

static int read_manual(void **state)
{
	FILE *file = fopen(getenv("PANTAU_MANUAL"), "re");

	(void)state;
	if (!file)
		return -1;
	manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
	fclose(file);
	return 0;
}

static void test_manual(void **state)
{
	(void)state;
	for (int i = 0; i < DEVICE_REMARK_N; i++)
		if (!strstr(manual, device_remark_name((enum device_remark)i)))
			fail_msg("the manual does not tell what %s means",
				 device_remark_name((enum device_remark)i));
}

static void test_descriptions(void **state)
{
	char text[2048];

	(void)state;
	assert_string_equal(device_remarks_describe(0, text, sizeof(text)), "");
	device_remarks_describe(1u << REMARK_NO_BULK | 1u << REMARK_NO_UPTIME, text, sizeof(text));
	assert_non_null(
		strstr(text, "unevenly long; does not bear GETBULK")); /* what matters more */
	assert_true(strlen(device_remarks_describe((1u << DEVICE_REMARK_N) - 1, text,
						   sizeof(text))) < 2040);
	assert_int_equal(strlen(device_remarks_describe(UINT32_MAX, text, 10)),
			 9); /* no further than there is room */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_descriptions),
	};

	return cmocka_run_group_tests(tests, read_manual, NULL);
}
