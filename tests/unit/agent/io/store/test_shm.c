/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/history/history.h"
#include "agent/io/store/shm.h"

#include <cmocka.h>

static const struct mib_sizes SMALL = {
	.max_links = 4, .max_wifi = 8, .max_paths = 4, .max_events = 64, .hist_minutes = 60};

struct run_dir {
	char path[32], history[64];
};

static void make_run_dir(struct run_dir *dir)
{
	strcpy(dir->path, "/tmp/pantau-shm-XXXXXX");
	assert_non_null(mkdtemp(dir->path));
	snprintf(dir->history, sizeof(dir->history), "%s/history", dir->path);
}

static void remove_run_dir(const struct run_dir *dir)
{
	assert_int_equal(unlink(dir->history), 0);
	assert_int_equal(rmdir(dir->path), 0);
}

static size_t resident_octets(void)
{
	unsigned long size, resident;
	FILE *f = fopen("/proc/self/statm", "re");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu %lu", &size, &resident), 2);
	fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void release_gives_back_memory_and_loses_nothing(void **state)
{
	const struct mib_sizes sizes = {.max_links = 64,
					.max_wifi = 8,
					.max_paths = 4,
					.max_events = 64,
					.hist_minutes = 1440};
	struct run_dir dir;
	struct shm shm;
	size_t before;

	(void)state;
	make_run_dir(&dir);
	assert_int_equal(shm_init(&sizes, dir.path, &shm), 0);
	memset(shm.hist, 0x5a, shm.hist_size);
	before = resident_octets();
	shm_release_history(&shm);
	assert_true(resident_octets() + shm.hist_size / 2 < before);
	for (size_t i = 0; i < shm.hist_size; i += 512)
		assert_int_equal(((uint8_t *)shm.hist)[i], 0x5a);
	shm_deinit(&shm);
	remove_run_dir(&dir);
}

static void anonymous_history_is_kept(void **state)
{
	struct shm shm;

	(void)state;
	assert_int_equal(shm_init(&SMALL, "/nonexistent", &shm), 0);
	memset(shm.hist, 0x5a, shm.hist_size);
	shm_release_history(&shm);
	assert_int_equal(((uint8_t *)shm.hist)[shm.hist_size - 1], 0x5a);
	shm_deinit(&shm);
}

/* As where the file system is full, but without one: the file has no pages any more. */
static void without_room_the_history_is_kept_in_memory(void **state)
{
	struct run_dir dir;
	struct shm shm;

	(void)state;
	make_run_dir(&dir);
	assert_int_equal(shm_init(&SMALL, dir.path, &shm), 0);
	assert_int_equal(truncate(dir.history, 0), 0);
	assert_int_equal(((uint8_t *)shm.hist)[shm.hist_size - 1], 0);
	memset(shm.hist, 0x5a, shm.hist_size);
	shm_release_history(&shm);
	assert_true(shm.is_full);
	assert_int_equal(((uint8_t *)shm.hist)[shm.hist_size - 1], 0x5a);
	shm_deinit(&shm);
	remove_run_dir(&dir);
}

/* A run directory on flash, and a router that boots in 1970: what is later than that is not
 * therefore wrong. */
static void a_clock_that_cannot_be_true_drops_no_rows(void **state)
{
	const struct stamp early = {.us = 9000000,
				    .wall_ms = 100000,
				    .clock = CLOCK_UNSYNCHRONISED},
			   before = {.us = 9000000,
				     .wall_ms = 29833332 * INT64_C(60000),
				     .clock = CLOCK_SYNCHRONISED};
	const struct mib_hist_row row = {.minute = 29833333, .epoch_id = 5};
	struct run_dir dir;
	struct shm shm;

	(void)state;
	make_run_dir(&dir);
	assert_int_equal(shm_init(&SMALL, dir.path, &shm), 0);
	assert_int_equal(shm_adopt_history(&shm, &before, 5), 0);
	history_put(&shm.data, history_slot(&shm.data, "wan0"), &row);
	shm_deinit(&shm);
	for (int i = 0; i < 2; i++) { /* in 1970, then a minute before the row's */
		assert_int_equal(shm_init(&SMALL, dir.path, &shm), 0);
		assert_int_equal(shm_adopt_history(&shm, i ? &before : &early, 6), 0);
		assert_int_equal(shm.data.slots[history_find(&shm.data, "wan0")].last,
				 i ? 0 : row.minute);
		shm_deinit(&shm);
	}
	remove_run_dir(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(release_gives_back_memory_and_loses_nothing),
		cmocka_unit_test(anonymous_history_is_kept),
		cmocka_unit_test(without_room_the_history_is_kept_in_memory),
		cmocka_unit_test(a_clock_that_cannot_be_true_drops_no_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
