/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every profile that comes with Pantau against a small made-up device of its kind: which one is
 * chosen, and each value that comes out, no more and no less. A device is a recording whose lines
 * that begin with "#= " say what is right:
 *
 *	#= profile routeros
 *	#= model RB5009
 *	#= cpu//load 12 %
 *	#= optics/sfp1/rx -
 */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/snmprec.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_session.h"
#include "collector/core/poll/recording_device.h"
#include "collector/io/setup/profile_file.h"
#include "common/conf/conf_errors.h"

#include <cmocka.h>

enum { FILE_MAX = 1 << 16, LINES_MAX = 64, LINE_MAX_OCTETS = 160, POLLS = 2, MAX_VARBINDS = 64 };

#define BEGIN_US    INT64_C(1000000000)
#define INTERVAL_MS 10000

struct lines {
	char text[LINES_MAX][LINE_MAX_OCTETS];
	size_t n;
};

static struct profile_set set;
static char text[FILE_MAX];

static int setup(void **state)
{
	struct conf_errors errors = {0};

	(void)state;
	return getenv("PANTAU_PROFILES")
		       ? profile_dir_load(getenv("PANTAU_PROFILES"), &set, &errors)
		       : -1;
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&set);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void sort_lines(struct lines *lines)
{
	qsort(lines->text, lines->n, sizeof(lines->text[0]), by_text);
}

__attribute__((format(printf, 2, 3))) static void add_line(struct lines *lines, const char *fmt,
							   ...)
{
	va_list ap;

	assert_true(lines->n < LINES_MAX);
	va_start(ap, fmt);
	vsnprintf(lines->text[lines->n++], LINE_MAX_OCTETS, fmt, ap);
	va_end(ap);
}

static void read_file(const char *path)
{
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	assert_true(feof(file));
	fclose(file);
}

static void read_wanted(struct lines *ret)
{
	const char *line = text;

	while ((line = strstr(line, "#= "))) {
		size_t len = strcspn(line, "\n");

		add_line(ret, "%.*s", (int)(len - 3), line + 3);
		line += len;
	}
	sort_lines(ret);
}

static void add_text(struct lines *ret, const char *key, const char *value)
{
	if (value)
		add_line(ret, "%s %s", key, value);
}

static void read_device(const struct device *device, struct lines *ret)
{
	add_text(ret, "profile", device->profile);
	add_text(ret, "model", device->model);
	add_text(ret, "firmware", device->firmware);
	add_text(ret, "serial", device->serial);
	for (size_t i = 0; i < device->n_metrics; i++) {
		const struct device_metric *m = &device->metrics[i];

		if (isnan(m->value))
			add_line(ret, "%s/%s/%s -", m->group, m->object, m->name);
		else
			add_line(ret, "%s/%s/%s %.6g%s%s", m->group, m->object, m->name, m->value,
				 m->unit[0] ? " " : "", m->unit);
	}
	sort_lines(ret);
}

static void poll(const struct snmprec *rec, struct lines *ret)
{
	const struct recording_device recording = {
		.rows = rec->rows, .n = rec->n, .taken_us = BEGIN_US};
	const struct inventory_entry entry = {
		.id = (char *)"a", .name = (char *)"a", .profile = (char *)"auto"};
	struct poll_env env = {.profiles = &set,
			       .interval_ms = INTERVAL_MS,
			       .discovery_interval_us = 3600 * INT64_C(1000000),
			       .max_links = 64,
			       .max_varbinds = MAX_VARBINDS,
			       .max_octets = 1400};
	struct device *device = device_new(&entry);
	struct poll_session *session = NULL;

	assert_non_null(device);
	assert_int_equal(poll_session_new(&env, device, false, &session), 0);
	for (int i = 0; i < POLLS; i++) {
		int64_t now_us = BEGIN_US + i * INTERVAL_MS * INT64_C(1000);

		wall_map_update(&env.wall, now_us, 1700000000000 + i * INTERVAL_MS);
		assert_int_equal(recording_device_poll(&recording, session, MAX_VARBINDS, now_us),
				 0);
	}
	read_device(device, ret);
	poll_session_free(session);
	poll_env_deinit(&env);
	device_free(device);
}

/* Returns how many lines of a are not in b. */
static size_t report(const char *name, const char *what, const struct lines *a,
		     const struct lines *b)
{
	size_t missing = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (bsearch(a->text[i], b->text, b->n, sizeof(b->text[0]), by_text))
			continue;
		print_error("%s: %s: %s\n", name, what, a->text[i]);
		missing++;
	}
	return missing;
}

static size_t try_device(const char *dir, const char *name, struct lines *chosen)
{
	struct lines wanted = {0}, got = {0};
	struct conf_errors errors = {0};
	struct snmprec rec = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	read_file(path);
	read_wanted(&wanted);
	if (snmprec_parse(name, (const uint8_t *)text, strlen(text), &rec, &errors) < 0)
		fail_msg("%s", errors.n ? errors.lines[0] : name);
	assert_int_equal(rec.n_repeated, 0);
	poll(&rec, &got);
	snmprec_deinit(&rec);
	for (size_t i = 0; i < got.n; i++)
		if (!strncmp(got.text[i], "profile ", 8))
			add_line(chosen, "%s", got.text[i] + 8);
	return report(name, "wanted", &wanted, &got) + report(name, "got", &got, &wanted);
}

/* Is it used by itself, not only by others? */
static bool may_be_chosen(const struct profile *profile)
{
	return profile->n_match || profile->n_probe || profile->priority < 0;
}

static void test_devices(void **state)
{
	const char *path = getenv("PANTAU_DEVICES");
	struct lines chosen = {0};
	const struct dirent *entry;
	size_t wrong = 0;
	DIR *dir;

	(void)state;
	assert_non_null(path);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (strstr(entry->d_name, ".snmprec"))
			wrong += try_device(path, entry->d_name, &chosen);
	closedir(dir);
	sort_lines(&chosen);
	for (size_t i = 0; i < set.n; i++) {
		if (!may_be_chosen(&set.profiles[i]) ||
		    bsearch(set.profiles[i].name, chosen.text, chosen.n, sizeof(chosen.text[0]),
			    by_text))
			continue;
		print_error("%s: no device of this kind among the recordings\n",
			    set.profiles[i].name);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_devices)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
