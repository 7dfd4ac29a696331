/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/endpoint.h"
#include "common/base/socket_row.h"

#include <cmocka.h>

/* The words of an address as this machine's kernel prints them. */
static const char *line_of(const char *address, unsigned int port, const char *state)
{
	static char line[256];
	struct endpoint endpoint;
	const uint32_t *words;
	char digits[33] = "";
	size_t n;

	assert_int_equal(endpoint_parse_address(address, 1, &endpoint), 0);
	n = endpoint.addr.ss_family == AF_INET ? 1 : 4;
	words = n == 1 ? (void *)&((struct sockaddr_in *)(void *)&endpoint.addr)->sin_addr
		       : (void *)&((struct sockaddr_in6 *)(void *)&endpoint.addr)->sin6_addr;
	for (size_t i = 0; i < n; i++)
		sprintf(digits + 8 * i, "%08X", words[i]);
	snprintf(line, sizeof(line),
		 "  457: %s:%04X %.*s:0000 %s 00000000:00000000 00:00000000 00000000   104        "
		 "0 4294967301 2 0000000000000000 0\n",
		 digits, port, (int)(8 * n), "00000000000000000000000000000000", state);
	return line;
}

static void parse(void **state)
{
	struct socket_row row;
	struct endpoint endpoint;

	(void)state;
	assert_true(socket_row_parse(line_of("192.0.2.7", 162, "07"), &row));
	assert_int_equal(endpoint_parse("192.0.2.7:162", &endpoint), 0);
	assert_memory_equal(&row.local, &endpoint.addr, sizeof(struct sockaddr_in));
	assert_int_equal(row.state, 7);
	assert_int_equal(row.uid, 104);
	assert_int_equal(row.inode, UINT64_C(4294967301));
	assert_true(socket_row_parse(line_of("2001:db8::17", 8080, "0A"), &row));
	assert_int_equal(endpoint_parse("[2001:db8::17]:8080", &endpoint), 0);
	assert_memory_equal(&row.local, &endpoint.addr, sizeof(struct sockaddr_in6));
	assert_int_equal(row.state, SOCKET_ROW_LISTEN);
}

static void no_row(void **state)
{
	static const char *const LINES[] = {
		"",
		"\n",
		("   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   "
		 "uid  timeout inode ref pointer drops\n"),
		("  1: 0100007F00:00A2 00000000:0000 07 00000000:00000000 00:00000000 00000000 1 "
		 "0 2"),
		"  1: 0100007F:00A2 00000000:0000 07 00000000:00000000 00:00000000 00000000 1 0",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(LINES); i++) {
		struct socket_row row = {.inode = 5};

		assert_false(socket_row_parse(LINES[i], &row));
		assert_int_equal(row.inode, 5);
	}
}

static void takes(void **state)
{
	static const struct {
		const char *held, *wanted;
		bool takes;
	} CASES[] = {
		{"192.0.2.7", "192.0.2.7:162", true},
		{"192.0.2.8", "192.0.2.7:162", false},
		{"192.0.2.7", "192.0.2.7:161", false},
		{"0.0.0.0", "192.0.2.7:162", true},
		{"192.0.2.7", "0.0.0.0:162", true},
		{"::", "0.0.0.0:162", true},
		{"::1", "0.0.0.0:162", false},
		{"0.0.0.0", "[::]:162", false},
		{"::", "[2001:db8::1]:162", true},
		{"2001:db8::1", "[::]:162", true},
		{"2001:db8::1", "[2001:db8::2]:162", false},
		{"2001:db8::1", "[2001:db8::1]:163", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct socket_row row;
		struct endpoint wanted;

		assert_true(socket_row_parse(line_of(CASES[i].held, 162, "07"), &row));
		assert_int_equal(endpoint_parse(CASES[i].wanted, &wanted), 0);
		if (socket_row_takes(&row, &wanted.addr) != CASES[i].takes)
			fail_msg("%s, %s", CASES[i].held, CASES[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse),
		cmocka_unit_test(no_row),
		cmocka_unit_test(takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
