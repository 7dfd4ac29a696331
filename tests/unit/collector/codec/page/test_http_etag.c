/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entity tags: FNV-1a's published values, in quotes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "collector/codec/page/http_etag.h"

#include <cmocka.h>

static void test_tags(void **state)
{
	char tag[HTTP_ETAG_SIZE];

	(void)state;
	http_etag("", 0, tag);
	assert_string_equal(tag, "\"cbf29ce484222325\"");
	http_etag("foobar", 6, tag);
	assert_string_equal(tag, "\"85944171f73967e8\"");
	http_etag_of(UINT64_C(0x85944171f73967e8), tag);
	assert_string_equal(tag, "\"85944171f73967e8\"");
	http_etag_of(1, tag);
	assert_string_equal(tag, "\"0000000000000001\"");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
