/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"
#include "common/loop/bind_address.h"

#include <cmocka.h>

static int bind_v4(int fd, const char *text, uint16_t port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = port};

	assert_int_equal(inet_pton(AF_INET, text, &addr.sin_addr), 1);
	return bind_address(fd, (struct sockaddr *)&addr, sizeof(addr));
}

static void here(void **state)
{
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)state;
	assert_int_equal(bind_v4(fd, "127.0.0.1", 0), BIND_HERE);
}

static void early(void **state)
{
	cleanup_close int v4 = socket(AF_INET, SOCK_DGRAM, 0);
	cleanup_close int v6 = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 addr = {.sin6_family = AF_INET6};

	(void)state;
	assert_int_equal(bind_v4(v4, "203.0.113.251", 0), BIND_EARLY);
	if (v6 < 0)
		return; /* a kernel without IPv6 */
	assert_int_equal(inet_pton(AF_INET6, "2001:db8:ffff::251", &addr.sin6_addr), 1);
	assert_int_equal(bind_address(v6, (struct sockaddr *)&addr, sizeof(addr)), BIND_EARLY);
}

static void taken(void **state)
{
	cleanup_close int first = socket(AF_INET, SOCK_DGRAM, 0);
	cleanup_close int second = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);

	(void)state;
	assert_int_equal(bind_v4(first, "127.0.0.1", 0), BIND_HERE);
	assert_int_equal(getsockname(first, (struct sockaddr *)&addr, &len), 0);
	assert_int_equal(bind_v4(second, "127.0.0.1", addr.sin_port), -EADDRINUSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(here),
		cmocka_unit_test(early),
		cmocka_unit_test(taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
