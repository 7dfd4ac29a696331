/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent under its filter: in a child each, what must work does, what is not for the agent fails, and what
 * only an intruder wants ends the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/io/setup/agent_sandbox.h"

#include <cmocka.h>

enum { FINE = 0, WRONG = 1, NO_SECCOMP = 77 };

/* Runs fn in a child under the filter; returns waitpid's status. */
static int run(int (*fn)(void))
{
	pid_t pid = fork();
	int status = 0, r;

	assert_true(pid >= 0);
	if (pid == 0) {
		r = sandbox_enter(&AGENT_SANDBOX);
		_exit(r == -ENOSYS ? NO_SECCOMP : r < 0 ? WRONG : fn());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_SECCOMP)
		skip();
	return status;
}

static void *in_thread(void *data)
{
	*(int *)data = 1;
	return NULL;
}

/* Calls that have a number of their own for 64-bit time on a 32-bit machine, which the C
 * library tries first and takes for the last word unless it is ENOSYS. */
static int do_what_has_a_time(void)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct itimerspec soon = {.it_value = {.tv_nsec = 1}};
	struct timespec moment = {.tv_nsec = 1};
	struct pollfd poll_timer = {.fd = timer, .events = POLLIN};
	struct mmsghdr message = {.msg_len = 0};

	if (timerfd_settime(timer, 0, &soon, NULL) < 0 || timerfd_gettime(timer, &soon) < 0)
		return WRONG;
	if (ppoll(&poll_timer, 1, &(struct timespec){.tv_sec = 5}, NULL) != 1 ||
	    pselect(0, NULL, NULL, NULL, &moment, NULL) < 0)
		return WRONG;
	if (recvmmsg(fd, &message, 1, MSG_DONTWAIT, NULL) >= 0 || errno != EAGAIN)
		return WRONG;
	if (clock_nanosleep(CLOCK_MONOTONIC, 0, &moment, NULL) != 0 ||
	    clock_getres(CLOCK_MONOTONIC, &moment) < 0)
		return WRONG;
	close(timer);
	close(fd);
	return FINE;
}

static void test_time(void **state)
{
	int status = run(do_what_has_a_time);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

static int do_its_work(void)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
	char name[IF_NAMESIZE];
	pthread_t thread;
	int ran = 0, fd;

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		fd = socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd < 0 && errno == EPERM)
			return WRONG;
		close(fd);
	}
	fd = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == EPERM)
		return WRONG;
	free(malloc(50000000));
	if (pthread_create(&thread, NULL, in_thread, &ran) != 0 ||
	    pthread_join(thread, NULL) != 0 || !ran)
		return WRONG;
	return if_indextoname(1, name) || errno == ENXIO ? FINE : WRONG;
}

static void test_its_work(void **state)
{
	int status = run(do_its_work);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

static int try_what_it_has_no_use_for(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p != MAP_FAILED || errno != EPERM)
		return WRONG;
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0)
		return WRONG;
#ifndef __i386__ /* common/system/sandbox.h says why */
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd >= 0 || errno != EPERM)
		return WRONG;
#endif
	return kill(getppid(), SIGTERM) < 0 && errno == EPERM ? FINE : WRONG;
}

static void test_no_use(void **state)
{
	int status = run(try_what_it_has_no_use_for);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
}

static int try_exec(void)
{
	char *argv[] = {NULL};

	execve("/bin/true", argv, argv);
	return WRONG;
}

static int try_ptrace(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return WRONG;
}

static int try_unshare(void)
{
	syscall(SYS_unshare, 0);
	return WRONG;
}

static void test_deadly(void **state)
{
	static int (*const tries[])(void) = {try_exec, try_ptrace, try_unshare};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int status = run(tries[i]);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_its_work),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_no_use),
		cmocka_unit_test(test_deadly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
