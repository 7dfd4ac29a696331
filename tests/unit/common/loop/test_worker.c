/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common/loop/worker, with its real thread: order, bound, what is kept, and every way in which
 * it can end. The thread stops at a gate where a test wants it to, so that nothing is waited
 * for by the clock.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/loop/worker.h"
#include "common/system/log.h"

#include <cmocka.h>

enum { JOBS = 8, LONG_MS = 60000, KEEP_ALWAYS = -1 };

struct task {
	struct worker_job job;
	char name;
	int keep;		/* for so many calls of run */
	struct task *follow_up; /* put when this one is back */
};

/* Static: a thread that was given up may look at it until the process ends. */
static struct bench {
	struct loop *loop;
	struct worker *worker;
	struct task tasks[JOBS];
	unsigned int back, wanted, open_at; /* open_at: then many may pass the gate */
	char order[64]; /* in which they came back; small letters: with an error */
	int put_result; /* of follow_up */
	pthread_t loop_thread;
	char logged[256];

	bool gated;
	sem_t entered, gate;
	/* the thread's, until the jobs are back */
	struct worker_jobs kept;
	int64_t again_ms;
	pid_t tid;
	bool signals_blocked, on_loop_thread;
	char calls[64]; /* a digit for each call of run: how many jobs; ! behind it at the end */
} bench;

static bool no_threads;
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *data);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *data)
{
	return no_threads ? EAGAIN : __real_pthread_create(thread, attr, fn, data);
}

static void on_log(void *data, enum log_level level, const char *line)
{
	struct bench *b = data;

	(void)level;
	snprintf(b->logged, sizeof(b->logged), "%s", line);
}

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) < 0)
		assert_int_equal(errno, EINTR);
}

static int64_t run(void *data, struct worker_jobs *jobs, bool ending)
{
	struct bench *b = data;
	struct worker_jobs given = STAILQ_HEAD_INITIALIZER(given);
	size_t used = strlen(b->calls);
	struct worker_job *job;
	sigset_t blocked;
	int n = 0;

	if (b->gated) {
		sem_post(&b->entered);
		wait_for(&b->gate);
	}
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	b->signals_blocked = sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGHUP);
	b->on_loop_thread = pthread_equal(pthread_self(), b->loop_thread);
	b->tid = gettid();
	STAILQ_CONCAT(&given, &b->kept);
	STAILQ_CONCAT(&given, jobs);
	while ((job = STAILQ_FIRST(&given))) {
		struct task *task = (struct task *)job;

		n++;
		STAILQ_REMOVE_HEAD(&given, entry);
		if (task->keep && !ending) {
			task->keep -= task->keep > 0;
			STAILQ_INSERT_TAIL(&b->kept, job, entry);
			continue;
		}
		job->err = task->keep ? -ECANCELED : 0;
		STAILQ_INSERT_TAIL(jobs, job, entry);
	}
	snprintf(b->calls + used, sizeof(b->calls) - used, "%d%s", n, ending ? "!" : "");
	return STAILQ_EMPTY(&b->kept) ? WORKER_IDLE : b->again_ms;
}

static void done(void *data, struct worker_job *job)
{
	struct task *task = (struct task *)job;
	struct bench *b = data;

	assert_true(pthread_equal(pthread_self(), b->loop_thread));
	b->order[b->back++] = (char)(job->err == 0 ? task->name : task->name | 0x20);
	if (task->follow_up)
		b->put_result = worker_put(b->worker, &task->follow_up->job);
	for (int i = 0; b->back == b->open_at && i < JOBS; i++)
		sem_post(&b->gate);
	if (b->back == b->wanted)
		loop_stop(b->loop);
}

static struct worker_conf conf(void)
{
	return (struct worker_conf){.name = "test",
				    .queue_max = JOBS,
				    .batch_max = 1,
				    .end_ms = LONG_MS,
				    .run = run,
				    .done = done,
				    .data = &bench};
}

static void begin(struct worker_conf c)
{
	assert_int_equal(worker_new(bench.loop, &c, &bench.worker), 0);
}

static int setup(void **state)
{
	(void)state;
	bench = (struct bench){.loop_thread = pthread_self()};
	STAILQ_INIT(&bench.kept);
	sem_init(&bench.entered, 0, 0);
	sem_init(&bench.gate, 0, 0);
	for (int i = 0; i < JOBS; i++)
		bench.tasks[i].name = (char)('A' + i);
	log_set_sink(on_log, &bench);
	no_threads = false;
	return loop_new(&bench.loop);
}

static int teardown(void **state)
{
	(void)state;
	loop_free(bench.loop);
	log_set_sink(NULL, NULL);
	return 0;
}

static int put(int i)
{
	return worker_put(bench.worker, &bench.tasks[i].job);
}

static void put_all(int from, int to)
{
	for (int i = from; i < to; i++)
		assert_int_equal(put(i), 0);
}

static void run_until_back(unsigned int n)
{
	bench.wanted = n;
	assert_int_equal(loop_run(bench.loop), 0);
	assert_int_equal(bench.back, n);
}

static void test_order_and_threads(void **state)
{
	(void)state;
	begin(conf());
	put_all(0, 4);
	run_until_back(4);
	assert_string_equal(bench.order, "ABCD");
	assert_string_equal(bench.calls, "1111");
	assert_int_not_equal(bench.tid, getpid());
	assert_true(bench.signals_blocked);
	put_all(0, 1); /* a job that is back may be put again */
	run_until_back(5);
	assert_int_equal(worker_queued(bench.worker), 0);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.logged, "");
}

static void test_batches(void **state)
{
	struct worker_conf c = conf();

	(void)state;
	c.batch_max = 3;
	bench.gated = true;
	begin(c);
	put_all(0, 1);
	wait_for(&bench.entered);
	put_all(1, 6);
	for (int i = 0; i < 3; i++)
		sem_post(&bench.gate);
	run_until_back(6);
	assert_string_equal(bench.calls, "132");
	assert_string_equal(bench.order, "ABCDEF");
	sem_post(&bench.gate); /* for the call at the end */
	assert_true(worker_end(bench.worker));
}

/* Wherever a job is, it counts: in the queue, with the thread, done and not yet back. */
static void test_bound(void **state)
{
	struct worker_conf c = conf();

	(void)state;
	c.queue_max = 3;
	bench.gated = true;
	begin(c);
	put_all(0, 1);
	wait_for(&bench.entered);
	put_all(1, 3);
	assert_int_equal(put(3), -EAGAIN);
	sem_post(&bench.gate);
	wait_for(&bench.entered); /* the first is done, the second under way */
	assert_int_equal(put(3), -EAGAIN);
	assert_int_equal(worker_queued(bench.worker), 3);
	run_until_back(1);
	put_all(3, 4);
	for (int i = 0; i < 4; i++)
		sem_post(&bench.gate);
	run_until_back(4);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.order, "ABCD");
}

/* What run keeps comes with a later call, which it gets although nothing is put. */
static void test_kept(void **state)
{
	(void)state;
	begin(conf());
	bench.tasks[0].keep = 2;
	put_all(0, 1);
	run_until_back(1);
	assert_string_equal(bench.calls, "111");
	assert_string_equal(bench.order, "A");
	assert_true(worker_end(bench.worker));
}

static void test_end_finishes(void **state)
{
	(void)state;
	bench.gated = true;
	begin(conf());
	bench.tasks[1].follow_up = &bench.tasks[3];
	bench.tasks[3].follow_up = &bench.tasks[4];
	put_all(0, 3);
	wait_for(&bench.entered);
	for (int i = 0; i < 8; i++)
		sem_post(&bench.gate);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.order, "ABCDE"); /* with what their completion brought */
	assert_string_equal(bench.logged, "");
}

/* The thread is told that it may keep nothing. */
static void test_end_of_kept(void **state)
{
	(void)state;
	bench.gated = true;
	begin(conf());
	bench.tasks[0].keep = bench.tasks[1].keep = KEEP_ALWAYS;
	bench.again_ms = LONG_MS;
	put_all(0, 2);
	wait_for(&bench.entered);
	sem_post(&bench.gate);
	wait_for(&bench.entered);
	sem_post(&bench.gate);
	sem_post(&bench.gate);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.calls, "122!");
	assert_string_equal(bench.order, "ab");
	assert_string_equal(bench.logged,
			    "worker: name=test given_up=2 limit_s=60 err=\"could not be done\"");
}

/* A disk that hangs: the limit is kept, and it is said by name and number what was given up. */
static void test_end_of_hanging(void **state)
{
	struct worker_conf c = conf();

	(void)state;
	c.end_ms = 1;
	bench.gated = true;
	begin(c);
	bench.tasks[1].follow_up = &bench.tasks[3];
	put_all(0, 3);
	wait_for(&bench.entered);
	assert_false(worker_end(bench.worker));
	assert_string_equal(bench.order, "bc"); /* A is the thread's for good */
	assert_int_equal(bench.put_result, -ESHUTDOWN);
	assert_string_equal(bench.logged, "worker: name=test given_up=3 limit_s=0.001 err=\"still "
					  "busy at the end of the limit\"");
	sem_post(&bench.gate); /* it comes back after all, and cleans up behind itself */
}

static void test_end_drops(void **state)
{
	struct worker_conf c = conf();

	(void)state;
	c.drop = true;
	bench.gated = true;
	begin(c);
	bench.tasks[1].follow_up = &bench.tasks[3];
	bench.open_at = 2; /* not before the two are dropped */
	put_all(0, 3);
	wait_for(&bench.entered);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.order, "bcA"); /* what was under way is waited for */
	assert_int_equal(bench.put_result, -ESHUTDOWN);
	assert_string_equal(bench.logged, "");
}

static void test_short_lived(void **state)
{
	struct worker_conf c = conf();
	pid_t first;

	(void)state;
	c.short_lived = true;
	begin(c);
	put_all(0, 1);
	run_until_back(1);
	first = bench.tid;
	assert_int_not_equal(first, getpid());
	put_all(1, 3);
	run_until_back(3);
	assert_int_not_equal(bench.tid, first);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.order, "ABC");
}

static void test_without_threads(void **state)
{
	struct worker_conf c = conf();

	(void)state;
	no_threads = true;
	assert_int_equal(worker_new(bench.loop, &c, &bench.worker), -EAGAIN);
	c.short_lived = true;
	begin(c);
	put_all(0, 2);
	assert_true(bench.on_loop_thread);
	assert_int_equal(bench.back, 0); /* not from within the call that put it */
	run_until_back(2);
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.order, "AB");
}

static void test_nothing_to_do(void **state)
{
	(void)state;
	assert_true(worker_end(NULL));
	begin(conf());
	assert_true(worker_end(bench.worker));
	assert_string_equal(bench.logged, "");
}

static void put_twice(void)
{
	(void)put(0);
	(void)put(0);
}

static void *put_from_elsewhere(void *data)
{
	(void)data;
	(void)put(0);
	return NULL;
}

static void put_by_other_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, put_from_elsewhere, NULL) == 0)
		pthread_join(thread, NULL);
}

/* What the header promises of its callers is asserted. */
static void test_misuse(void **state)
{
	static void (*const MISUSES[])(void) = {put_twice, put_by_other_thread};

	(void)state;
	bench.gated = true;
	begin(conf());
	for (size_t i = 0; i < ARRAY_LEN(MISUSES); i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			signal(SIGABRT, SIG_DFL); /* cmocka has its own */
			dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
			MISUSES[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
	sem_post(&bench.gate);
	assert_true(worker_end(bench.worker));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_order_and_threads),
		CASE(test_batches),
		CASE(test_bound),
		CASE(test_kept),
		CASE(test_end_finishes),
		CASE(test_end_of_kept),
		CASE(test_end_drops),
		CASE(test_short_lived),
		CASE(test_without_threads),
		CASE(test_nothing_to_do),
		CASE(test_misuse),
		CASE(test_end_of_hanging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
