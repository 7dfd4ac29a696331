/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples into real RRD files: at once or many together gives the same; what waits outlives the process. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rrd.h>

#include "collector/io/rrd/rrd_writeback.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

#include <cmocka.h>

enum { STEP_MS = 60000 };

static const struct sample_group TRAFFIC = {
	.name = "traffic",
	.n_ds = 2,
	.ds = {{"in", "octets/s", 0, NAN}, {"out", "octets/s", 0, NAN}},
};
static const int64_t BEGIN_MS = 1700000000LL / 60 * 60 * 1000;

struct place {
	char dir[64];
	struct rrd_writeback *writeback;
	struct rrd_file *file;
};

static struct rrd_writeback *open_writeback(const char *dir, unsigned int interval_s)
{
	struct rrd_writeback_conf conf = {.dir = dir, .interval_s = interval_s};
	struct rrd_writeback *writeback;

	assert_int_equal(rrd_rra_parse("AVERAGE:0.5:1m:1d", &conf.traffic_rras.rras[0]), 0);
	conf.traffic_rras.n = 1;
	conf.other_rras = conf.traffic_rras;
	assert_int_equal(rrd_writeback_new(&conf, &writeback), 0);
	rrd_writeback_replay(writeback);
	return writeback;
}

static struct rrd_file *open_file(const char *dir)
{
	const struct series series = {
		.device_id = "opd-07", .object = "wan0", .group = &TRAFFIC, .step_ms = STEP_MS};
	struct rrd_file *file = rrd_file_new(dir, &series);

	assert_non_null(file);
	return file;
}

static struct place open_place(unsigned int interval_s)
{
	struct place place = {.dir = "/tmp/test-rrd-XXXXXX"};

	assert_non_null(mkdtemp(place.dir));
	place.writeback = open_writeback(place.dir, interval_s);
	place.file = open_file(place.dir);
	return place;
}

static void close_place(struct place *place)
{
	char command[128];

	rrd_writeback_free(place->writeback);
	rrd_file_free(place->file);
	snprintf(command, sizeof(command), "rm -rf %s", place->dir);
	assert_int_equal(system(command), 0);
}

/* The i-th minute, which begins 250 ms late. */
static void put(struct place *place, int i, double in, double out)
{
	rrd_writeback_put(place->writeback, place->file, BEGIN_MS + (i + 1) * STEP_MS + 250,
			  STEP_MS, (const double[]){in, out});
}

static void flush(struct place *place)
{
	assert_true(rrd_writeback_flush(place->writeback, NULL, INT64_MAX));
}

struct seek {
	const char *name;
	double value;
};

static void on_figure(void *data, const struct stats_figure *figure)
{
	struct seek *seek = data;

	if (strcmp(figure->name, seek->name) == 0)
		seek->value = figure->value;
}

static double figure(const struct place *place, const char *name)
{
	struct seek seek = {name, NAN};

	rrd_writeback_emit_stats(place->writeback, on_figure, &seek);
	return seek.value;
}

/* n minutes of "in" from begin; the caller frees them. */
static double *fetch(const struct place *place, int n)
{
	time_t start = BEGIN_MS / 1000, end = start + n * 60;
	unsigned long step = 60, n_ds;
	char **names;
	rrd_value_t *data;
	double *ret = calloc((size_t)n, sizeof(*ret));

	assert_int_equal(rrd_fetch_r(place->file->path, "AVERAGE", &start, &end, &step, &n_ds,
				     &names, &data),
			 0);
	for (int i = 0; i < n; i++)
		ret[i] = data[(size_t)i * n_ds];
	for (unsigned long i = 0; i < n_ds; i++)
		rrd_freemem(names[i]);
	rrd_freemem(names);
	rrd_freemem(data);
	return ret;
}

static void put_all(struct place *place, int n)
{
	for (int i = 0; i < n; i++)
		if (i % 17 != 5) /* a gap */
			put(place, i, i % 11 == 3 ? NAN : 1000.0 * i, i);
}

static void test_together_is_the_same(void **state)
{
	enum { N = 300 };
	struct place once = open_place(0), together = open_place(300);
	cleanup_free double *a = NULL, *b = NULL;

	(void)state;
	put_all(&once, N);
	put_all(&together, N);
	assert_true(figure(&once, "pantau_rrd_waiting") == 0);
	assert_true(figure(&together, "pantau_rrd_waiting") > 0);
	flush(&together);
	assert_true(figure(&together, "pantau_rrd_waiting") == 0);
	assert_true(figure(&together, "pantau_rrd_written_total") ==
		    figure(&once, "pantau_rrd_written_total"));
	assert_true(figure(&together, "pantau_rrd_gaps_total") ==
		    figure(&once, "pantau_rrd_gaps_total"));
	assert_true(20 * figure(&together, "pantau_rrd_writes_total") <
		    figure(&once, "pantau_rrd_writes_total"));
	a = fetch(&once, N);
	b = fetch(&together, N);
	assert_memory_equal(a, b, N * sizeof(*a));
	assert_true(isfinite(a[100]));
	close_place(&once);
	close_place(&together);
}

/* Of all that was put: in the file now, or before. */
static double fates(const struct place *place)
{
	return figure(place, "pantau_rrd_written_total") + figure(place, "pantau_rrd_stale_total");
}

/* As kill -9 leaves it: what was put a second ago is in the journal, and then in the file. */
static void kill_it(struct place *place)
{
	rrd_writeback_run(place->writeback, loop_now_us() + 1000000);
	rrd_writeback_free(place->writeback);
	rrd_file_free(place->file);
	place->writeback = open_writeback(place->dir, 300);
	place->file = open_file(place->dir);
}

static void test_killed(void **state)
{
	struct place place = open_place(300);
	cleanup_free double *value = NULL;

	(void)state;
	put(&place, 0, 1000, 1);
	put(&place, 1, 2000, 1);
	put(&place, 2, 3000, 1);
	assert_true(figure(&place, "pantau_rrd_waiting") == 2); /* a new file is written at once */
	kill_it(&place);
	assert_true(figure(&place, "pantau_rrd_replayed_total") == 3);
	assert_true(fates(&place) == 3);
	assert_true(figure(&place, "pantau_rrd_journal_damaged_total") == 0);
	value = fetch(&place, 3);
	assert_float_equal(value[2], (250 * 2000.0 + 59750 * 3000.0) / 60000, 1e-6);
	/* killed again at once: nothing twice, nothing lost */
	kill_it(&place);
	assert_true(figure(&place, "pantau_rrd_written_total") == 0);
	assert_true(figure(&place, "pantau_rrd_stale_total") == 3);
	close_place(&place);
}

static int count_segments(const struct place *place)
{
	char path[96];
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/.journal", place->dir);
	dir = opendir(path);
	assert_non_null(dir);
	for (const struct dirent *one = readdir(dir); one; one = readdir(dir))
		n += one->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void test_ends(void **state)
{
	struct place place = open_place(300);

	(void)state;
	put(&place, 0, 1000, 1);
	put(&place, 1, 2000, 1);
	rrd_writeback_end(place.writeback, INT64_MAX);
	assert_true(figure(&place, "pantau_rrd_written_total") == 2);
	assert_int_equal(count_segments(&place), 0);
	close_place(&place);
}

/* No time left at the end: the journal has it for the next start. */
static void test_ends_early(void **state)
{
	struct place place = open_place(300);

	(void)state;
	put(&place, 0, 1000, 1);
	put(&place, 1, 2000, 1);
	rrd_writeback_end(place.writeback, 0);
	assert_true(count_segments(&place) > 0);
	kill_it(&place);
	assert_true(fates(&place) == 2);
	close_place(&place);
}

/* A segment goes when its samples are in their files and had time to get to the disk. */
static void test_segments_go(void **state)
{
	struct place place = open_place(300);
	const int64_t now_us = loop_now_us();

	(void)state;
	put(&place, 0, 1000, 1);
	put(&place, 1, 2000, 1);
	rrd_writeback_run(place.writeback, now_us + 61000000LL);
	rrd_writeback_run(place.writeback, now_us + 122000000LL);
	assert_int_equal(count_segments(&place),
			 2); /* the one with the sample that waits, and a new one */
	flush(&place);
	rrd_writeback_run(place.writeback, now_us + 123000000LL);
	assert_int_equal(count_segments(&place), 2);
	rrd_writeback_run(place.writeback, now_us + 223000000LL);
	assert_int_equal(count_segments(&place), 1);
	close_place(&place);
}

/* Each within the interval, and none before its second. */
static void test_due(void **state)
{
	struct place place = open_place(20);
	int64_t now_us = loop_now_us(), wait_ms = 0;

	(void)state;
	put(&place, 0, 1000, 1);
	put(&place, 1, 2000, 1);
	for (int i = 0; i < 21; i++) {
		wait_ms = rrd_writeback_run(place.writeback, now_us + i * 1000000LL);
		assert_true(wait_ms >= -1 && wait_ms <= 1000);
	}
	assert_true(wait_ms == -1); /* nothing waits */
	assert_true(figure(&place, "pantau_rrd_waiting") == 0);
	assert_true(figure(&place, "pantau_rrd_written_total") == 2);
	close_place(&place);
}

static void put_text(const struct place *place, const char *text)
{
	FILE *file;

	mkdir(place->file->directory, 0755);
	file = fopen(place->file->path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_damaged_file(void **state)
{
	static const char *const TEXTS[] = {"", "garbage", "RRD"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
		struct place place = open_place(300);
		char path[128];

		put_text(&place, TEXTS[i]);
		put(&place, 0, 1000, 1);
		put(&place, 1, 1000, 1);
		flush(&place);
		assert_true(figure(&place, "pantau_rrd_set_aside_total") == 1);
		assert_true(figure(&place, "pantau_rrd_written_total") == 2);
		snprintf(path, sizeof(path), "%s.damaged", place.file->path);
		assert_int_equal(access(path, F_OK), 0);
		close_place(&place);
	}
}

/* A file that cannot be opened keeps what fits, and loses the oldest. */
static void test_unwritable(void **state)
{
	struct place place = open_place(300);

	(void)state;
	put_text(&place, "");
	unlink(place.file->path);
	assert_int_equal(mkfifo(place.file->path, 0644), 0);
	for (int i = 0; i < SAMPLE_QUEUE_MAX + 10; i++)
		put(&place, i, 1000, 1);
	assert_true(figure(&place, "pantau_rrd_failed_total") == 10);
	assert_true(figure(&place, "pantau_rrd_waiting") == SAMPLE_QUEUE_MAX);
	unlink(place.file->path);
	flush(&place);
	assert_true(figure(&place, "pantau_rrd_written_total") == SAMPLE_QUEUE_MAX);
	close_place(&place);
}

/* A disk that takes nothing for a while: what waits is not given up, and a file that is gone is begun anew. */
static void test_disk_trouble(void **state)
{
	struct place place = open_place(300);

	(void)state;
	put(&place, 0, 1000, 1);
	assert_int_equal(unlink(place.file->path), 0);
	assert_int_equal(mkdir(place.file->path, 0755), 0);
	put(&place, 1, 2000, 1);
	put(&place, 2, 3000, 1);
	flush(&place);
	assert_true(figure(&place, "pantau_rrd_waiting") == 2);
	assert_true(figure(&place, "pantau_rrd_failed_total") == 0);
	assert_int_equal(rmdir(place.file->path), 0);
	flush(&place);
	assert_true(figure(&place, "pantau_rrd_waiting") == 0);
	assert_true(figure(&place, "pantau_rrd_written_total") == 3);
	close_place(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_together_is_the_same),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_ends_early),
		cmocka_unit_test(test_segments_go),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_damaged_file),
		cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_disk_trouble),
	};

	log_open("test", LOG_TARGET_STDERR, LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
