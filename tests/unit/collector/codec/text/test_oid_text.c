/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object identifiers with their factors, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/core/device/profile.h"

#include <cmocka.h>

static void test_oid_text(void **state)
{
	static const char *const BAD[] = {
		"",	  ".",
		"1",	  "1.",
		"1..3",	  "1.3.6.x",
		"3.1",	  "1.4294967296",
		"1.3 4",  "1.3*",
		"1.3*0",  "1.3*nan",
		"1.3*2x", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1"};
	struct profile_oid oid;

	(void)state;
	assert_int_equal(oid_text_parse(" .1.3.6.1.4294967295 * 0.1 ", &oid), 0);
	assert_int_equal(oid.len, 5);
	assert_int_equal(oid.id[4], 4294967295u);
	assert_true(oid.scale > 0.099 && oid.scale < 0.101);
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		if (oid_text_parse(BAD[i], &oid) != -22)
			fail_msg("\"%s\" was taken", BAD[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oid_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
