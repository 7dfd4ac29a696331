/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulator's RRD files against librrd's: the same updates leave the same rows. Updates are
 * as Pantau makes them: at most one step ends with each, at fractions of seconds, some unknown.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rrd.h>

#include "common/base/cleanup.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/stage/rrd.h"

#include <cmocka.h>

#define BEGIN_S 1796083207
#define STEP_S	60

/* What takes librrd's place in the simulator is called here by its own name. */
int __wrap_rrd_create_r2(const char *path, unsigned long step, time_t last_up, int no_overwrite,
			 const char **sources, const char *template, int argc, const char **argv);
int __wrap_rrd_update_r(const char *path, const char *template, int argc, const char **argv);
int __real_stat64(const char *path, struct stat *ret);

int __real_stat64(const char *path, struct stat *ret)
{
	(void)path;
	(void)ret;
	return -1;
}

bool disk_takes(size_t octets)
{
	(void)octets;
	return true;
}

static const char *const SOURCES[] = {"DS:in:GAUGE:180:0:1e9", "DS:out:GAUGE:180:0:U",
				      "RRA:AVERAGE:0.5:1:2000"};

static unsigned int next_chance(unsigned int *chance)
{
	*chance = *chance * 1103515245 + 12345;
	return *chance >> 16 & 0x7fff;
}

static void write_value(char *to, size_t size, unsigned int *chance)
{
	unsigned int n = next_chance(chance);

	if (n % 10 == 0)
		snprintf(to, size, "U");
	else if (n % 97 == 0)
		snprintf(to, size, "2e9"); /* of the first more than it may be */
	else
		snprintf(to, size, "%u.25", n);
}

/* At most one step ends on the way, or more than the heartbeat is over. */
static int64_t next_ms(int64_t at_ms, unsigned int *chance)
{
	const int64_t step_ms = STEP_S * 1000;

	if (next_chance(chance) % 20 == 0)
		return at_ms + 181000 + next_chance(chance) * 4;
	return at_ms + 1 + next_chance(chance) * 4 % ((at_ms / step_ms + 2) * step_ms - at_ms - 1);
}

static void update_both(const char *path, unsigned int seed)
{
	int64_t at_ms = (int64_t)BEGIN_S * 1000;
	char text[100], in[20], out[20];
	const char *argv[] = {text};

	for (int i = 0; i < 400; i++) {
		at_ms = next_ms(at_ms, &seed);
		write_value(in, sizeof(in), &seed);
		write_value(out, sizeof(out), &seed);
		snprintf(text, sizeof(text), "%lld.%03d:%s:%s", (long long)at_ms / 1000,
			 (int)(at_ms % 1000), in, out);
		assert_int_equal(rrd_update_r(path, "in:out", 1, argv), 0);
		assert_int_equal(__wrap_rrd_update_r(path, "in:out", 1, argv), 0);
	}
}

static void compare_rows(const char *path)
{
	const struct rrd_model *model = rrd_model_find(path);
	time_t begin = rrd_model_start_s(model);
	time_t end = begin + (time_t)rrd_model_n_rows(model) * STEP_S - 1;
	unsigned long step = STEP_S, n_ds;
	char **names;
	rrd_value_t *rows;

	assert_int_equal(rrd_fetch_r(path, "AVERAGE", &begin, &end, &step, &n_ds, &names, &rows),
			 0);
	assert_int_equal(n_ds, 2);
	assert_true(rrd_model_n_rows(model) > 200);
	for (size_t i = 0; i < rrd_model_n_rows(model); i++) {
		for (size_t d = 0; d < n_ds; d++) {
			double real = rows[i * n_ds + d], ours = rrd_model_row(model, i, d);

			if (isnan(real) != isnan(ours) || fabs(real - ours) > 1e-4 * fabs(real))
				fail_msg("row %zu of %s: %.12g, librrd %.12g", i, names[d], ours,
					 real);
		}
	}
	for (size_t d = 0; d < n_ds; d++)
		rrd_freemem(names[d]);
	rrd_freemem(names);
	rrd_freemem(rows);
}

static void test_same_rows(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 30; seed++) {
		char path[] = "/tmp/test-rrd-XXXXXX";
		int fd = mkstemp(path);

		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(rrd_create_r2(path, STEP_S, BEGIN_S, 0, NULL, NULL,
					       ARRAY_LEN(SOURCES),
					       (const char **)(uintptr_t)SOURCES),
				 0);
		assert_int_equal(__wrap_rrd_create_r2(path, STEP_S, BEGIN_S, 1, NULL, NULL,
						      ARRAY_LEN(SOURCES),
						      (const char **)(uintptr_t)SOURCES),
				 0);
		update_both(path, seed);
		compare_rows(path);
		rrd_model_end();
		unlink(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
