/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses are the same, and that their hash spreads the neighbours that devices are. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/peer_address.h"

#include <cmocka.h>

static struct sockaddr_storage v4(uint32_t host, uint16_t port)
{
	struct sockaddr_storage addr = {0};
	struct sockaddr_in *in = (void *)&addr;

	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(host);
	in->sin_port = htons(port);
	return addr;
}

static struct sockaddr_storage v6(const char *text, uint32_t scope)
{
	struct sockaddr_storage addr = {0};
	struct sockaddr_in6 *in6 = (void *)&addr;

	in6->sin6_family = AF_INET6;
	assert_int_equal(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
	in6->sin6_port = htons(161);
	in6->sin6_scope_id = scope;
	return addr;
}

static void test_same(void **state)
{
	struct sockaddr_storage a = v4(0x0a000001, 161), b = v4(0x0a000001, 161),
				port = v4(0x0a000001, 162), other = v4(0x0a000002, 161),
				six = v6("fe80::1", 0), scoped = v6("fe80::1", 2),
				elsewhere = v6("fe80::1", 3), six_other = v6("fe80::2", 2);

	(void)state;
	assert_true(peer_address_same(&a, &b));
	assert_int_equal(peer_address_hash(&a), peer_address_hash(&b));
	assert_false(peer_address_same(&a, &port));
	assert_false(peer_address_same(&a, &other));
	assert_false(peer_address_same(&a, &six));
	assert_true(peer_address_same(&six, &scoped));
	assert_int_equal(peer_address_hash(&six), peer_address_hash(&scoped));
	assert_false(peer_address_same(&elsewhere, &scoped));
	assert_false(peer_address_same(&six_other, &scoped));
}

/* The fullest of as many buckets as there are addresses, n of them. */
static unsigned int fullest(struct sockaddr_storage (*nth)(unsigned int i), unsigned int n)
{
	unsigned int *buckets = calloc(n, sizeof(*buckets)), most = 0;

	assert_non_null(buckets);
	for (unsigned int i = 0; i < n; i++) {
		struct sockaddr_storage addr = nth(i);
		unsigned int in = ++buckets[peer_address_hash(&addr) & (n - 1)];

		most = in > most ? in : most;
	}
	free(buckets);
	return most;
}

static struct sockaddr_storage in_a_row(unsigned int i)
{
	return v4(0x0a000000 + i, 161);
}

static struct sockaddr_storage router_of_each_subnet(unsigned int i)
{
	return v4(0x0a000001 + (i << 8), 161);
}

static struct sockaddr_storage ports_of_one(unsigned int i)
{
	return v4(0x7f000001, (uint16_t)i);
}

static struct sockaddr_storage in_a_row_v6(unsigned int i)
{
	char text[40];

	snprintf(text, sizeof(text), "2001:db8::%x:%x", i >> 16, i & 0xffff);
	return v6(text, 0);
}

static struct sockaddr_storage subnets_v6(unsigned int i)
{
	char text[40];

	snprintf(text, sizeof(text), "2001:db8:%x:%x::1", i >> 16, i & 0xffff);
	return v6(text, 0);
}

/* Thrown by chance, 65,536 into as many buckets give 8 or 9 in the fullest. */
static void test_spread(void **state)
{
	(void)state;
	assert_in_range(fullest(in_a_row, 65536), 1, 12);
	assert_in_range(fullest(router_of_each_subnet, 65536), 1, 12);
	assert_in_range(fullest(ports_of_one, 65536), 1, 12);
	assert_in_range(fullest(in_a_row_v6, 65536), 1, 12);
	assert_in_range(fullest(subnets_v6, 65536), 1, 12);
	assert_in_range(fullest(in_a_row, 256), 1, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
