/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/sim/agent: answers to whole datagrams; net-snmp's tools test it over the network.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/sim/agent.h"

#include <cmocka.h>

/* GET sysUpTime.0, v2c, "public", request id 0x11223344. */
static const uint8_t
	GET[] =
		{
			0x30, 0x29, 2,	  1,	1,    4,    6,	  'p',
			'u',  'b',  'l',  'i',	'c', /* version, community */
			0xa0, 0x1c, 2,	  4,	0x11, 0x22, 0x33, 0x44,
			2,    1,    0,	  2,	1,    0, /* id, error status and index */
			0x30, 0x0e, 0x30, 0x0c, 6,    8,    0x2b, 6,
			1,    2,    1,	  1,	3,    0,    5,	  0, /* name, NULL */
};

static size_t ask(struct device *device, const uint8_t *p, size_t len, struct ber_msg *out,
		  struct agent_stats *stats)
{
	return agent_answer(device, 0, p, len, out, stats) ? ber_msg_len(out) : 0;
}

static void test_get(void **state)
{
	struct agent_stats stats = {0};
	struct ber_msg out;
	struct device device;

	(void)state;
	device_init(&device, 0xc6336401);
	assert_int_equal(ask(&device, GET, sizeof(GET), &out, &stats), 0);
	assert_int_equal(stats.wrong_community, 1);
	assert_null(device_set(&device, "community=public", 0));
	assert_true(ask(&device, GET, sizeof(GET), &out, &stats) > sizeof(GET));
	/* A Response with the same id and no error. */
	assert_int_equal(out.head[13], 0xa2);
	assert_memory_equal(out.head + 15, GET + 15, 12);
}

/* No truncation and no flipped bit may be more than silence or an answer. */
static void test_damage(void **state)
{
	struct agent_stats stats = {0};
	struct ber_msg out;
	struct device device;
	uint8_t request[sizeof(GET)];

	(void)state;
	device_init(&device, 0xc6336401);
	assert_null(device_set(&device, "community=public", 0));
	assert_null(device_set(&device, "user=u:SHA256:12345678:AES:12345678", 0));
	for (size_t cut = 0; cut < sizeof(GET); cut++)
		assert_int_equal(ask(&device, GET, cut, &out, &stats), 0);
	for (size_t i = 0; i < sizeof(GET) * 8; i++) {
		memcpy(request, GET, sizeof(GET));
		request[i / 8] ^= (uint8_t)(1 << i % 8);
		(void)ask(&device, request, sizeof(request), &out, &stats);
	}
	assert_true(stats.malformed > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
