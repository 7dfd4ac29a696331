/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/system/sd_notify: what a service manager receives and hands over. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/system/sd_notify.h"

#include <cmocka.h>

static void test_send(void **state)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	char name[64], buf[64] = "";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(sd_notify_send("READY=1"), 0);
	setenv("NOTIFY_SOCKET", "relative", 1);
	assert_int_equal(sd_notify_send("READY=1"), -EINVAL);
	setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
	assert_int_equal(sd_notify_send("READY=1"), -ENOENT);

	snprintf(name, sizeof(name), "@pantau-test-%d", getpid());
	memcpy(addr.sun_path + 1, name + 1, strlen(name) - 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
	assert_int_equal(sd_notify_send("READY=1"), 1);
	assert_int_equal(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), 7);
	assert_string_equal(buf, "READY=1");
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void set_or_unset(const char *name, const char *value, const char *us)
{
	if (!value)
		unsetenv(name);
	else
		setenv(name, strcmp(value, "us") == 0 ? us : value, 1);
}

static void test_watchdog(void **state)
{
	static const struct {
		const char *usec, *pid;
		int64_t us;
	} cases[] = {
		{NULL, NULL, 0},
		{"30000000", NULL, 30000000},
		{"30000000", "us", 30000000},
		{"30000000", "1", 0},
		{"", NULL, 0},
		{"x", NULL, 0},
		{"-5", NULL, 0},
		{"99999999999999999999", NULL, 0},
	};
	char us[16];

	(void)state;
	snprintf(us, sizeof(us), "%d", getpid());
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		set_or_unset("WATCHDOG_USEC", cases[i].usec, us);
		set_or_unset("WATCHDOG_PID", cases[i].pid, us);
		assert_int_equal(sd_notify_watchdog_us(), cases[i].us);
	}
}

static void test_listen_fds(void **state)
{
	static const struct {
		const char *fds, *pid;
		int n;
	} cases[] = {
		{NULL, NULL, 0}, {"1", NULL, 0}, {"1", "1", 0},	   {"1", "us", 1},
		{"0", "us", 0},	 {"x", "us", 0}, {"999", "us", 0},
	};
	char us[16];

	(void)state;
	snprintf(us, sizeof(us), "%d", getpid());
	if (fcntl(SD_LISTEN_FDS_START, F_GETFD) < 0)
		assert_int_equal(dup2(STDIN_FILENO, SD_LISTEN_FDS_START), SD_LISTEN_FDS_START);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		set_or_unset("LISTEN_FDS", cases[i].fds, us);
		set_or_unset("LISTEN_PID", cases[i].pid, us);
		assert_int_equal(sd_listen_fds(), cases[i].n);
	}
	assert_int_equal(fcntl(SD_LISTEN_FDS_START, F_GETFD), FD_CLOEXEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_watchdog),
		cmocka_unit_test(test_listen_fds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
