/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log on real files: killed at any moment, rebooted, damaged, without room. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/io/event/event_store.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

enum { EVENTS = 64, WALL_MS = 1000 };

static const struct mib_sizes SIZES = {.max_links = 1, .max_events = EVENTS, .hist_minutes = 1};
static char dir[] = "/tmp/pantau-event-store-XXXXXX";

struct run {
	struct test_memory memory;
	struct event_log log;
	struct event_store *store;
	struct loop *loop;
	size_t receivers;
};

static void silent(void *data, enum log_level level, const char *line)
{
	(void)data;
	(void)level;
	(void)line;
}

static void begin(struct run *run, uint32_t epoch)
{
	test_memory_init(&run->memory, &SIZES);
	event_log_init(&run->log, &run->memory.data, epoch);
	assert_int_equal(event_store_open(dir, &run->log, run->receivers, WALL_MS, &run->store), 0);
	assert_int_equal(loop_new(&run->loop), 0);
	assert_int_equal(event_store_start_thread(run->store, run->loop), 0);
}

static void end(struct run *run)
{
	run->store = event_store_close(run->store);
	run->loop = loop_free(run->loop);
	test_memory_deinit(&run->memory);
}

static uint32_t add(struct run *run)
{
	struct stamp now = {.us = 1, .wall_ms = 2, .clock = CLOCK_SYNCHRONISED};
	struct mib_event event = {.type = EVENT_LINK_UP, .if_name = "wan0"};
	struct inform_done done = {0};
	const struct mib_event *added;
	struct event_gone gone;

	added = event_log_add(&run->log, &event, &now, &gone);
	event_store_add(run->store, added);
	done.number = added->number;
	event_store_ack(run->store, "noc", &done);
	return added->number;
}

static void clear_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s/*", dir);
	assert_int_equal(system(command), 0);
}

/* A run of n events that ends in good order, or by a kill (without any word). Returns the
 * last number; checks that all numbers are above last and that what was there is there. */
static uint32_t one_run(uint32_t epoch, int n, bool killed, uint32_t last)
{
	int pipe_fds[2], status;
	struct inform_done done;
	uint32_t report = 0;
	struct run run = {0};
	pid_t pid;

	assert_int_equal(pipe(pipe_fds), 0);
	pid = fork();
	if (pid) {
		close(pipe_fds[1]);
		assert_int_equal(read(pipe_fds[0], &report, sizeof(report)), sizeof(report));
		close(pipe_fds[0]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		return report;
	}
	begin(&run, epoch);
	if (run.log.next <= last)
		_exit(2);
	if (last && !mib_data_event(&run.memory.data, last))
		_exit(3);
	if (last && (!event_log_ack_of(&run.log, "noc", &done) || done.number != last))
		_exit(4);
	for (int i = 0; i < n; i++)
		last = add(&run);
	if (!killed)
		end(&run);
	if (write(pipe_fds[1], &last, sizeof(last)) != sizeof(last))
		_exit(5);
	_exit(0);
}

static void numbers_rise_whatever_happens(void **state)
{
	uint32_t last = 0, epoch = 1;

	(void)state;
	clear_dir();
	srand(5);
	for (int i = 0; i < 60; i++) {
		last = one_run(epoch, 1 + rand() % 150, rand() % 2, last);
		epoch += (uint32_t)(rand() % 3 == 0); /* a boot, with or without a clean stop */
	}
	assert_true(last > 60);
}

static void the_whole_ring_comes_back(void **state)
{
	struct run run = {0};
	uint32_t last;

	(void)state;
	clear_dir();
	last = one_run(1, 5 * EVENTS + 7, true, 0);
	begin(&run, 1);
	for (uint32_t n = last - EVENTS + 1; n <= last; n++)
		assert_non_null(mib_data_event(&run.memory.data, n));
	assert_int_equal(run.log.next, last + 1);
	end(&run);
}

struct turn {
	struct run *run;
	struct loop_timer *timer;
};

static void on_turn(void *data)
{
	struct event_store_stats stats;
	struct turn *turn = data;

	event_store_get_stats(turn->run->store, &stats);
	if (stats.syncs == 2)
		loop_stop(turn->run->loop);
	else
		loop_timer_arm(turn->timer, 100);
}

/* One sync at a time: what is written meanwhile, however much, has one more. */
static void what_comes_during_a_sync_is_synced_next(void **state)
{
	struct event_store_stats stats;
	struct run run = {0};
	struct turn turn = {.run = &run};

	(void)state;
	clear_dir();
	begin(&run, 1);
	for (int i = 0; i < 5; i++)
		add(&run);
	event_store_get_stats(run.store, &stats);
	assert_int_equal(stats.syncs, 0); /* it comes back by the loop */
	assert_int_equal(stats.blocking_syncs, 0);
	assert_int_equal(loop_timer_new(run.loop, on_turn, &turn, &turn.timer), 0);
	on_turn(&turn);
	assert_int_equal(loop_run(run.loop), 0);
	loop_timer_free(turn.timer);
	end(&run);
}

/* One receiver is away, all others acknowledge both notifications of each event: what it
 * has missed is in the files all the same. */
static void many_receivers_leave_room_for_the_ring(void **state)
{
	struct run run = {.receivers = 8};
	uint32_t last = 0;

	(void)state;
	for (int extra = 0; extra < EVENTS; extra += 9) {
		clear_dir();
		begin(&run, 1);
		for (int i = 0; i < 5 * EVENTS + extra; i++) {
			struct inform_done done = {0};

			last = add(&run);
			done.number = last;
			for (int k = 0; k < 13; k++)
				event_store_ack(run.store, "noc", &done);
		}
		end(&run);
		begin(&run, 1);
		for (uint32_t n = last - EVENTS + 1; n <= last; n++)
			assert_non_null(mib_data_event(&run.memory.data, n));
		end(&run);
	}
}

/* Writes beyond so many octets of a file fail from now on (EFBIG), as on a full disk. */
static void limit_files(rlim_t octets)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* No room at the start, or soon after it; then there is room again. */
static void what_could_not_be_written_is_made_up_for(void **state)
{
	static const rlim_t LIMITS[] = {0, 16, 40, 200, 600, 1500, 4000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(LIMITS); i++) {
		for (int more = 0; more < 3; more++) {
			struct event_store_stats stats;
			struct inform_done done;
			struct run run = {0};
			uint32_t last = 0;

			clear_dir();
			limit_files(LIMITS[i]);
			begin(&run, 1);
			for (int n = 0; n < 40; n++)
				last = add(&run);
			limit_files(RLIM_INFINITY);
			for (int n = 0; n < 1 + more * 50; n++)
				last = add(&run);
			event_store_get_stats(run.store, &stats);
			assert_true(stats.write_errors > 0);
			end(&run);
			begin(&run, 1);
			assert_true(run.log.next > last);
			for (uint32_t n = last > EVENTS ? last - EVENTS + 1 : 1; n <= last; n++)
				assert_non_null(mib_data_event(&run.memory.data, n));
			assert_true(event_log_ack_of(&run.log, "noc", &done));
			assert_int_equal(done.number, last);
			event_store_get_stats(run.store, &stats);
			assert_int_equal(stats.set_aside, 0);
			end(&run);
		}
	}
}

static void damage(const char *name, off_t at, size_t len)
{
	char path[128];
	uint8_t octets[256];
	int fd;

	memset(octets, 0x5a, sizeof(octets));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, octets, len, at), len);
	close(fd);
}

static void damaged_files_are_set_aside(void **state)
{
	static const struct {
		const char *file;
		off_t at;
	} CASES[] = {{"events.0", 0}, {"events.0", 500}, {"events.1", 0}, {"events.1", 500}};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct event_store_stats stats;
		struct run run = {0};
		uint32_t last;

		clear_dir();
		last = one_run(1, 3 * EVENTS, true, 0);
		damage(CASES[i].file, CASES[i].at, 20);
		begin(&run, 1);
		event_store_get_stats(run.store, &stats);
		assert_int_equal(stats.set_aside, 1);
		assert_true(run.log.next > last);
		last = add(&run);
		end(&run);
		last = one_run(1, 1, true, last); /* and the next start finds all in order */
		assert_true(last > 0);
	}
}

/* Numbers skip ahead after damage and after a power loss: the events that wait for their
 * receivers stay until there are newer ones in their places. */
static void a_gap_in_the_numbers_costs_no_event(void **state)
{
	static const struct {
		off_t damage; /* of events.0; 0 none */
		int boots;
		uint32_t lost;
	} CASES[] = {{1510, 1, 1}, {0, 1, 0}, {0, 20, 0}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct mib_event *event;
		uint32_t last, epoch = 1, found = 0, number = 0;
		struct run run = {0};

		clear_dir();
		last = one_run(epoch, 20, true, 0);
		if (CASES[i].damage)
			damage("events.0", CASES[i].damage, 1);
		for (int boot = 0; boot < CASES[i].boots; boot++)
			last = one_run(++epoch, 1, true, last);
		begin(&run, ++epoch);
		add(&run);
		while ((event = mib_data_event_at(&run.memory.data, number + 1))) {
			number = event->number;
			found++;
		}
		assert_int_equal(found, 20 - CASES[i].lost + (uint32_t)CASES[i].boots + 1);
		end(&run);
	}
}

static void an_empty_or_foreign_file_is_no_trouble(void **state)
{
	char path[128];
	struct run run = {0};
	int fd;

	(void)state;
	clear_dir();
	snprintf(path, sizeof(path), "%s/events.0", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	begin(&run, 1);
	assert_int_equal(add(&run), 1);
	end(&run);
	clear_dir();
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "something else", 14), 14);
	close(fd);
	begin(&run, 1);
	assert_true(add(&run) > 1); /* it may have been a log */
	end(&run);
}

static void slurp(const char *name, struct event_segment_head *ret_head, uint8_t *ret, size_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, ret, size), size);
	close(fd);
	assert_int_equal(event_segment_get_head(ret, size, ret_head), 0);
}

/* The newer segment is damaged: until the ring is written anew, and synced, the older one
 * is all that there is. */
static void the_good_file_is_not_written_first(void **state)
{
	enum { SIZE = EVENTS * EVENT_RECORD_MAX };
	static uint8_t before[SIZE], after[SIZE];

	(void)state;
	for (int rounds = 5; rounds < 10; rounds++) {
		struct event_segment_head head[2];
		const char *older, *newer;
		struct run run = {0};

		clear_dir();
		one_run(1, rounds * EVENTS, true, 0);
		slurp("events.0", &head[0], before, SIZE);
		slurp("events.1", &head[1], before, SIZE);
		older = head[0].generation < head[1].generation ? "events.0" : "events.1";
		newer = head[0].generation < head[1].generation ? "events.1" : "events.0";
		slurp(older, &head[0], before, SIZE);
		damage(newer, EVENT_SEGMENT_HEAD + 1, 1);
		begin(&run, 1);
		slurp(older, &head[1], after, SIZE);
		assert_memory_equal(before, after, SIZE);
		end(&run);
	}
}

/* As large as the configuration allows: nothing but its size could make it foreign. */
static void the_largest_log_is_known_again(void **state)
{
	const struct mib_sizes largest = {.max_links = 1, .max_events = 65536, .hist_minutes = 1};

	(void)state;
	clear_dir();
	for (int i = 0; i < 2; i++) {
		struct event_store_stats stats;
		struct run run = {0};

		test_memory_init(&run.memory, &largest);
		event_log_init(&run.log, &run.memory.data, 1);
		assert_int_equal(event_store_open(dir, &run.log, 8, WALL_MS, &run.store), 0);
		event_store_get_stats(run.store, &stats);
		assert_int_equal(stats.set_aside, 0);
		end(&run);
	}
}

static void a_directory_that_is_not_there_is_no_reason_to_stop(void **state)
{
	struct event_store_stats stats;
	struct run run = {0};

	(void)state;
	clear_dir();
	assert_int_equal(rmdir(dir), 0);
	begin(&run, 1);
	assert_int_equal(add(&run), 1);
	event_store_get_stats(run.store, &stats);
	assert_true(stats.write_errors > 0);
	end(&run);
	assert_int_equal(mkdir(dir, 0700), 0);
}

static void make_link(const char *path)
{
	assert_int_equal(symlink("/dev/null", path), 0);
}

static void make_dir(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void make_huge(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)80 << 20), 0);
	close(fd);
}

/* Whatever has the name of a segment: an agent that does not start watches nothing. */
static void what_is_no_file_of_ours_is_set_aside(void **state)
{
	static void (*const MAKE[])(const char *path) = {make_link, make_dir, make_fifo, make_huge};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(MAKE); i++) {
		char path[128];
		struct run run = {0};
		uint32_t last;

		clear_dir();
		last = one_run(1, 20, true, 0);
		snprintf(path, sizeof(path), "%s/events.1", dir);
		unlink(path);
		MAKE[i](path);
		begin(&run, 1);
		assert_true(run.log.next > last);
		assert_non_null(mib_data_event(&run.memory.data, last));
		last = add(&run);
		end(&run);
		assert_true(one_run(1, 1, true, last) > last);
	}
}

static void nothing_is_written_while_nothing_happens(void **state)
{
	struct event_store_stats stats;
	struct stat before, after;
	char path[128];
	struct run run = {0};

	(void)state;
	clear_dir();
	begin(&run, 1);
	add(&run);
	event_store_get_stats(run.store, &stats);
	snprintf(path, sizeof(path), "%s/events.0", dir);
	assert_int_equal(stat(path, &before), 0);
	assert_true(stats.records >= 4); /* start, reservation, event, acknowledgement */
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_true(before.st_size > EVENTS * EVENT_RECORD_MAX); /* allocated whole */
	end(&run);
}

static int setup(void **state)
{
	(void)state;
	log_set_sink(silent, NULL);
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	clear_dir();
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_rise_whatever_happens),
		cmocka_unit_test(the_whole_ring_comes_back),
		cmocka_unit_test(what_comes_during_a_sync_is_synced_next),
		cmocka_unit_test(many_receivers_leave_room_for_the_ring),
		cmocka_unit_test(what_could_not_be_written_is_made_up_for),
		cmocka_unit_test(damaged_files_are_set_aside),
		cmocka_unit_test(a_gap_in_the_numbers_costs_no_event),
		cmocka_unit_test(an_empty_or_foreign_file_is_no_trouble),
		cmocka_unit_test(the_good_file_is_not_written_first),
		cmocka_unit_test(the_largest_log_is_known_again),
		cmocka_unit_test(a_directory_that_is_not_there_is_no_reason_to_stop),
		cmocka_unit_test(what_is_no_file_of_ours_is_set_aside),
		cmocka_unit_test(nothing_is_written_while_nothing_happens),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
