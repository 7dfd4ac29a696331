/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/loop/loop: every kind of watch fires, can be stopped, and can free itself. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"

#include <cmocka.h>

struct bench {
	struct loop *loop;
	struct loop_timer *timer, *other;
	struct loop_fd *watch;
	struct loop_signal *sig;
	unsigned int fired;
	unsigned int ready;
	int signo;
	int64_t at_us;
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	assert_int_equal(loop_new(&b->loop), 0);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	loop_timer_free(b->timer);
	loop_timer_free(b->other);
	loop_fd_free(b->watch);
	loop_signal_free(b->sig);
	loop_free(b->loop);
	free(b);
	return 0;
}

static void stop_and_note(void *data)
{
	struct bench *b = data;

	b->at_us = loop_now_us();
	b->fired++;
	loop_stop(b->loop);
}

/* Never early; and less than a millisecond is not rounded up to one (a wide bound: busy
 * hosts). */
static void test_timer_precise(void **state)
{
	struct bench *b = *state;
	int64_t best = INT64_MAX;

	assert_int_equal(loop_timer_new(b->loop, stop_and_note, b, &b->timer), 0);
	for (int i = 0; i < 50; i++) {
		int64_t start = loop_now_us(), took;

		assert_int_equal(loop_timer_arm(b->timer, 200), 0);
		assert_true(loop_timer_armed(b->timer));
		assert_int_equal(loop_run(b->loop), 0);
		assert_false(loop_timer_armed(b->timer));
		took = b->at_us - start;
		assert_true(took >= 200);
		if (took < best)
			best = took;
	}
	assert_true(best < 1000);
}

static void must_not_fire(void *data)
{
	(void)data;
	fail();
}

static void test_timer_disarm_and_negative(void **state)
{
	struct bench *b = *state;

	assert_int_equal(loop_timer_new(b->loop, must_not_fire, b, &b->other), 0);
	assert_int_equal(loop_timer_new(b->loop, stop_and_note, b, &b->timer), 0);
	loop_timer_arm(b->other, 0);
	loop_timer_disarm(b->other);
	assert_false(loop_timer_armed(b->other));
	loop_timer_arm(b->timer, -5000000);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->fired, 1);
}

static void free_own_timer(void *data)
{
	struct bench *b = data;

	b->timer = loop_timer_free(b->timer);
	loop_stop(b->loop);
}

static void test_timer_frees_itself(void **state)
{
	struct bench *b = *state;

	assert_int_equal(loop_timer_new(b->loop, free_own_timer, b, &b->timer), 0);
	loop_timer_arm(b->timer, 0);
	assert_int_equal(loop_run(b->loop), 0);
	assert_null(b->timer);
}

static void on_ready(void *data, int fd, unsigned int what)
{
	struct bench *b = data;

	(void)fd;
	b->ready = what;
	b->fired++;
	loop_stop(b->loop);
}

static void test_fd(void **state)
{
	struct bench *b = *state;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(loop_fd_new(b->loop, pair[0], LOOP_READ, on_ready, b, &b->watch), 0);
	assert_int_equal(write(pair[1], "x", 1), 1);
	loop_run(b->loop);
	assert_int_equal(b->ready, LOOP_READ);

	assert_int_equal(loop_fd_set(b->watch, LOOP_READ | LOOP_WRITE), 0);
	loop_run(b->loop);
	assert_int_equal(b->ready, LOOP_READ | LOOP_WRITE);

	/* Paused: only the timer fires, though a datagram still waits. */
	assert_int_equal(loop_fd_set(b->watch, 0), 0);
	assert_int_equal(loop_timer_new(b->loop, stop_and_note, b, &b->timer), 0);
	loop_timer_arm(b->timer, 1000);
	b->ready = 0;
	loop_run(b->loop);
	assert_int_equal(b->ready, 0);
	close(pair[0]);
	close(pair[1]);
}

static void on_signal(void *data, int signo)
{
	struct bench *b = data;

	b->signo = signo;
	loop_stop(b->loop);
}

static void test_signal(void **state)
{
	struct bench *b = *state;

	assert_int_equal(loop_signal_new(b->loop, SIGUSR1, on_signal, b, &b->sig), 0);
	raise(SIGUSR1);
	assert_int_equal(loop_run(b->loop), 0);
	assert_int_equal(b->signo, SIGUSR1);
}

/* A sleeping machine's time counts: what is between two readings of a device's counters is. */
static void test_clock_counts_sleep(void **state)
{
	struct timespec before, after;
	int64_t now_us;

	(void)state;
	clock_gettime(CLOCK_BOOTTIME, &before);
	now_us = loop_now_us();
	clock_gettime(CLOCK_BOOTTIME, &after);
	assert_true(now_us >= before.tv_sec * INT64_C(1000000) + before.tv_nsec / 1000);
	assert_true(now_us <= after.tv_sec * INT64_C(1000000) + after.tv_nsec / 1000);
}

/* ---- what a mistake of ours ends in ---- */

static void *arm_elsewhere(void *data)
{
	loop_timer_arm(data, 0);
	return NULL;
}

static void in_another_thread(struct bench *b)
{
	pthread_t thread;

	loop_timer_new(b->loop, stop_and_note, b, &b->timer);
	if (pthread_create(&thread, NULL, arm_elsewhere, b->timer) == 0)
		pthread_join(thread, NULL);
}

static void with_a_timer_left(struct bench *b)
{
	loop_timer_new(b->loop, stop_and_note, b, &b->timer);
	loop_free(b->loop);
}

static void run_again(void *data)
{
	struct bench *b = data;

	loop_run(b->loop);
}

static void within_itself(struct bench *b)
{
	loop_timer_new(b->loop, run_again, b, &b->timer);
	loop_timer_arm(b->timer, 0);
	loop_run(b->loop);
}

/* Also in a release: what a header promises holds, or the process ends. */
static void test_assertions(void **state)
{
	static void (*const MISTAKES[])(struct bench *) = {in_another_thread, with_a_timer_left,
							   within_itself};

	for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0) {
			signal(SIGABRT, SIG_DFL);
			close(STDERR_FILENO);
			MISTAKES[i](*state);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock_counts_sleep),
		cmocka_unit_test_setup_teardown(test_timer_precise, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_disarm_and_negative, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_frees_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fd, setup, teardown),
		cmocka_unit_test_setup_teardown(test_signal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_assertions, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
