/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This process is one that has a port. */
#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"
#include "common/loop/port_holder.h"

#include <cmocka.h>

#define PROGRAM "some-daemon"

struct held {
	int fd;
	struct sockaddr_storage addr;
	char text[64];
};

static void hold(int type, struct held *held)
{
	struct sockaddr_in *v4 = (void *)&held->addr;
	socklen_t len = sizeof(held->addr);

	*held = (struct held){.fd = socket(AF_INET, type, 0), .addr.ss_family = AF_INET};
	v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_return_code(bind(held->fd, (void *)&held->addr, sizeof(*v4)), errno);
	assert_return_code(getsockname(held->fd, (void *)&held->addr, &len), errno);
	snprintf(held->text, sizeof(held->text), "127.0.0.1:%u", ntohs(v4->sin_port));
}

static void found(void **state)
{
	struct port_holder holder;
	struct held held;

	(void)state;
	hold(SOCK_DGRAM, &held);
	assert_int_equal(port_holder_find(SOCK_STREAM, &held.addr, &holder), -ENOENT);
	assert_int_equal(port_holder_find(SOCK_DGRAM, &held.addr, &holder), 0);
	assert_int_equal(holder.uid, geteuid());
	assert_int_equal(holder.pid, getpid());
	assert_string_equal(holder.process, PROGRAM);
	close(held.fd);
	assert_int_equal(port_holder_find(SOCK_DGRAM, &held.addr, &holder), -ENOENT);
}

static void only_who_listens(void **state)
{
	struct port_holder holder;
	struct held held;

	(void)state;
	hold(SOCK_STREAM, &held);
	assert_int_equal(port_holder_find(SOCK_STREAM, &held.addr, &holder), -ENOENT);
	assert_return_code(listen(held.fd, 1), errno);
	assert_int_equal(port_holder_find(SOCK_STREAM, &held.addr, &holder), 0);
	assert_int_equal(holder.pid, getpid());
	close(held.fd);
}

static void in_words(void **state)
{
	struct port_holder seen = {.uid = 0, .pid = 812, .process = "snmptrapd"};
	struct port_holder unseen = {.uid = 3999999999u};
	char text[PORT_HOLDER_TEXT_SIZE];

	(void)state;
	assert_string_equal(port_holder_text(&seen, text), "snmptrapd (process 812, user root)");
	assert_string_equal(port_holder_text(&unseen, text), "a process of the user 3999999999");
}

static void what_to_do(void **state)
{
	char problem[PORT_HOLDER_PROBLEM_SIZE], right[PORT_HOLDER_PROBLEM_SIZE];
	const struct passwd *user = getpwuid(geteuid());
	struct held held;

	(void)state;
	if (!user)
		skip();
	hold(SOCK_DGRAM, &held);
	snprintf(right, sizeof(right),
		 "is taken by " PROGRAM " (process %ld, user %s); stop that, or write another port",
		 (long)getpid(), user->pw_name);
	assert_string_equal(port_holder_problem(SOCK_DGRAM, held.text, -EADDRINUSE, problem),
			    right);
	/* nobody, as far as one can see; and what is none of our business */
	assert_string_equal(port_holder_problem(SOCK_STREAM, held.text, -EADDRINUSE, problem),
			    strerror(EADDRINUSE));
	assert_string_equal(port_holder_problem(SOCK_DGRAM, held.text, -EACCES, problem),
			    strerror(EACCES));
	assert_string_equal(port_holder_problem(SOCK_DGRAM, "unix:/x", -EADDRINUSE, problem),
			    strerror(EADDRINUSE));
	close(held.fd);
}

static void other(void **state)
{
	char problem[PORT_HOLDER_PROBLEM_SIZE] = "";
	struct held held;

	(void)state;
	hold(SOCK_DGRAM, &held);
	assert_false(port_holder_is_other(SOCK_DGRAM, held.text, PROGRAM, "", problem));
	assert_string_equal(problem, "");
	assert_true(port_holder_is_other(SOCK_DGRAM, held.text, "pantau-collector", "", problem));
	assert_non_null(strstr(problem, "is taken by " PROGRAM));
	close(held.fd);
	assert_false(port_holder_is_other(SOCK_DGRAM, held.text, "pantau-collector", "", problem));
}

/* The kernel cuts it to 15 characters. */
static void long_name(void **state)
{
	char problem[PORT_HOLDER_PROBLEM_SIZE];
	struct held held;

	(void)state;
	hold(SOCK_DGRAM, &held);
	assert_return_code(prctl(PR_SET_NAME, "pantau-collector"), errno);
	assert_false(port_holder_is_other(SOCK_DGRAM, held.text, "pantau-collector", "", problem));
	assert_return_code(prctl(PR_SET_NAME, PROGRAM), errno);
	close(held.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),    cmocka_unit_test(only_who_listens),
		cmocka_unit_test(in_words), cmocka_unit_test(what_to_do),
		cmocka_unit_test(other),    cmocka_unit_test(long_name),
	};

	prctl(PR_SET_NAME, PROGRAM);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
