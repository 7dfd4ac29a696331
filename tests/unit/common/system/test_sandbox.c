/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sandbox: each rule opens what it says and nothing more, for every thread. In a child each. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/system/sandbox.h"

#include <cmocka.h>

enum { FINE = 0, WRONG = 1, NO_SECCOMP = 77 };

/* Runs fn in a child under the filter; returns waitpid's status. */
static int run(const struct sandbox_rules *rules, int (*fn)(void))
{
	pid_t pid = fork();
	int status = 0, r;

	assert_true(pid >= 0);
	if (pid == 0) {
		r = sandbox_enter(rules);
		_exit(r == -ENOSYS ? NO_SECCOMP : r < 0 ? WRONG : fn());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SECCOMP)
		skip();
	return status;
}

static void expect_fine(const struct sandbox_rules *rules, int (*fn)(void))
{
	int status = run(rules, fn);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

static void expect_killed(const struct sandbox_rules *rules, int (*fn)(void))
{
	int status = run(rules, fn);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static bool is_refused(int r)
{
	return r < 0 && errno == EPERM;
}

static void *idle(void *data)
{
	return data;
}

static int reads_only(void)
{
	static const int writing[] = {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC};
	char octet;
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &octet, 1) != 1)
		return WRONG;
	for (size_t i = 0; i < ARRAY_LEN(writing); i++)
		if (!is_refused(open("/tmp/pantau-test-sandbox", writing[i] | O_CLOEXEC, 0600)))
			return WRONG;
	return is_refused(unlink("/tmp/pantau-test-sandbox")) &&
			       is_refused(mkdir("/tmp/pantau-test-sandbox", 0700))
		       ? FINE
		       : WRONG;
}

static int makes_nothing(void)
{
	pthread_t thread;

	if (!is_refused(socket(AF_INET, SOCK_DGRAM, 0)) ||
	    !is_refused(socket(AF_UNIX, SOCK_STREAM, 0)))
		return WRONG;
	return pthread_create(&thread, NULL, idle, NULL) != 0 ? FINE : WRONG;
}

static void test_least(void **state)
{
	const struct sandbox_rules least = {.read_only = true};

	(void)state;
	expect_fine(&least, reads_only);
	expect_fine(&least, makes_nothing);
}

static int makes_what_it_may(void)
{
	char path[] = "/tmp/pantau-test-sandbox.XXXXXX";
	pthread_t thread;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, "x", 1) != 1 || fsync(fd) < 0 || unlink(path) < 0)
		return WRONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return WRONG;
#ifndef __i386__ /* see the header */
	if (!is_refused(socket(AF_INET, SOCK_DGRAM, 0)))
		return WRONG;
#endif
	return pthread_create(&thread, NULL, idle, NULL) == 0 && pthread_join(thread, NULL) == 0
		       ? FINE
		       : WRONG;
}

static int forks(void)
{
	pid_t pid = fork(); /* by clone without CLONE_THREAD: refused */

	return is_refused(pid) ? FINE : WRONG;
}

static int executes(void)
{
	char *argv[] = {NULL};

	execve("/bin/true", argv, argv);
	return WRONG;
}

static void test_more(void **state)
{
	static const char *const *const calls[] = {SANDBOX_WRITE_FILES, SANDBOX_NETWORK, NULL};
	static const int families[] = {AF_UNIX, 0};
	const struct sandbox_rules rules = {.calls = calls, .families = families, .threads = true};

	(void)state;
	expect_fine(&rules, makes_what_it_may);
	expect_fine(&rules, forks);
	expect_killed(&rules, executes);
}

static int begin[2], end[2];

static void *try_later(void *data)
{
	char octet;

	(void)data;
	if (read(begin[0], &octet, 1) != 1)
		return NULL;
	octet = is_refused(mkdir("/tmp/pantau-test-sandbox", 0700)) ? 'r' : 'm';
	return write(end[1], &octet, 1) == 1 ? &begin : NULL;
}

/* A thread that ran before the filter came is under it too. */
static void test_threads_before(void **state)
{
	const struct sandbox_rules least = {.read_only = true};
	int status = 0, r;
	pthread_t thread;
	char octet = 'x';
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (pipe(begin) < 0 || pipe(end) < 0 ||
		    pthread_create(&thread, NULL, try_later, NULL) != 0)
			_exit(WRONG);
		r = sandbox_enter(&least);
		if (r < 0)
			_exit(r == -ENOSYS ? NO_SECCOMP : WRONG);
		if (write(begin[1], "x", 1) != 1 || read(end[0], &octet, 1) != 1)
			_exit(WRONG);
		_exit(octet == 'r' ? FINE : WRONG);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SECCOMP)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_threads_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
