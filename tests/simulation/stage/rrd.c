/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What rrd_update.c of librrd 1.7.2 does with times and values. Held against librrd itself by
 * tests/unit/simulation/test_rrd.c.
 */
#include "tests/simulation/stage/rrd.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/queue.h"
#include "tests/simulation/stage/disk.h"
#include "tests/simulation/stage/stage.h"

struct source {
	char name[20], last[32];
	int64_t heartbeat_s;
	double min, max;   /* NAN: none */
	double sum;	   /* of the step that is not over: value * seconds; NAN: nothing known */
	int64_t unknown_s; /* of it, in whole seconds as librrd counts */
	double incoming, mean; /* of one update */
};

struct rrd_model {
	LIST_ENTRY(rrd_model) entry;
	char *path;
	int64_t step_s, start_s;
	int64_t last_s, last_us; /* last update */
	size_t n_ds, n_rows, room;
	struct source ds[RRD_MODEL_DS_MAX];
	double *rows;
};

static LIST_HEAD(, rrd_model) files;
static char error[160];

int __wrap_rrd_create_r2(const char *path, unsigned long step, time_t last_up, int no_overwrite,
			 const char **sources, const char *template, int argc, const char **argv);
int __wrap_rrd_update_r(const char *path, const char *template, int argc, const char **argv);
int __wrap_rrd_lastupdate_r(const char *path, time_t *last, unsigned long *n, char ***names,
			    char ***values);
char *__wrap_rrd_get_error(void);
int __wrap_rrd_test_error(void);
void __wrap_rrd_clear_error(void);
void __wrap_rrd_freemem(void *mem);
int __wrap_stat64(const char *path, struct stat *ret);
int __real_stat64(const char *path, struct stat *ret);

/* ---- the files ---- */

struct rrd_model *rrd_model_first(void)
{
	return LIST_FIRST(&files);
}

struct rrd_model *rrd_model_next(const struct rrd_model *file)
{
	return file->entry.next;
}

struct rrd_model *rrd_model_find(const char *path)
{
	struct rrd_model *file;

	LIST_FOREACH (file, &files, entry) {
		if (strcmp(file->path, path) == 0)
			return file;
	}
	return NULL;
}

const char *rrd_model_path(const struct rrd_model *file)
{
	return file->path;
}

int64_t rrd_model_step_s(const struct rrd_model *file)
{
	return file->step_s;
}

size_t rrd_model_n_ds(const struct rrd_model *file)
{
	return file->n_ds;
}

const char *rrd_model_ds_name(const struct rrd_model *file, size_t ds)
{
	return file->ds[ds].name;
}

int64_t rrd_model_start_s(const struct rrd_model *file)
{
	return file->start_s;
}

size_t rrd_model_n_rows(const struct rrd_model *file)
{
	return file->n_rows;
}

double rrd_model_row(const struct rrd_model *file, size_t row, size_t ds)
{
	return file->rows[row * file->n_ds + ds];
}

void rrd_model_remove(struct rrd_model *file)
{
	LIST_REMOVE(file, entry);
	free(file->path);
	free(file->rows);
	free(file);
}

void rrd_model_end(void)
{
	while (LIST_FIRST(&files))
		rrd_model_remove(LIST_FIRST(&files));
}

/* ---- an update ---- */

static void add_row(struct rrd_model *file)
{
	if (file->n_rows == file->room) {
		file->room = file->room ? file->room * 2 : 64;
		file->rows = reallocarray(file->rows, file->room * file->n_ds, sizeof(double));
		if (!file->rows)
			abort();
	}
	for (size_t i = 0; i < file->n_ds; i++)
		file->rows[file->n_rows * file->n_ds + i] = file->ds[i].mean;
	file->n_rows++;
}

/* What the update says of the time since the last one: value * seconds; NAN unknown. */
static void take_value(struct source *ds, const char *text, double interval_s)
{
	double value = strtod(text, NULL);

	snprintf(ds->last, sizeof(ds->last), "%s", text);
	ds->incoming = NAN;
	if (text[0] == 'U' || (double)ds->heartbeat_s < interval_s)
		return;
	if (value < ds->min || value > ds->max)
		return;
	ds->incoming = value * interval_s;
}

static void within_step(struct source *ds, double interval_s)
{
	if (isnan(ds->incoming))
		ds->unknown_s += (int64_t)floor(interval_s);
	else
		ds->sum = (isnan(ds->sum) ? 0 : ds->sum) + ds->incoming;
}

/* interval_s ends `steps` steps: before_s of it lie before the first of these ends, after_s
 * behind the last. Of several librrd ends one after the other, and shares fractions of a second out
 * in a way of its own, which is not modelled: Pantau ends one at a time, or so many that all but what
 * was known of the first are unknown. */
static void end_step(const struct rrd_model *file, struct source *ds, double interval_s,
		     double before_s, double after_s, int64_t steps)
{
	double unknown_before_s = steps > 1 ? floor(before_s) : before_s;

	if (!isnan(ds->incoming)) {
		ds->sum = (isnan(ds->sum) ? 0 : ds->sum) + ds->incoming / interval_s * before_s;
		unknown_before_s = 0;
	}
	assert(steps == 1 || isnan(ds->incoming));
	if ((steps > 1 && before_s < 1) || (double)file->step_s / 2 < (double)ds->unknown_s)
		ds->mean = NAN;
	else
		ds->mean = ds->sum / ((double)(file->step_s - ds->unknown_s) - unknown_before_s);
	ds->unknown_s = isnan(ds->incoming) ? (int64_t)floor(after_s) : 0;
	ds->sum = isnan(ds->incoming) ? NAN : ds->incoming / interval_s * after_s;
}

static void add_rows(struct rrd_model *file, int64_t steps)
{
	for (int64_t i = 0; i < steps; i++) {
		add_row(file);
		for (size_t d = 0; d < file->n_ds; d++)
			file->ds[d].mean = NAN;
	}
}

static int take_update(struct rrd_model *file, const char *text)
{
	char copy[1024], *save, *word;
	int64_t s, us, begun_s, ended_s;
	double interval_s;

	snprintf(copy, sizeof(copy), "%s", text);
	word = strtok_r(copy, ":", &save);
	s = strtoll(word, &word, 10);
	us = *word == '.' ? (int64_t)(strtod(word, NULL) * 1e6 + 0.5) : 0;
	if (s < file->last_s || (s == file->last_s && us <= file->last_us)) {
		snprintf(error, sizeof(error), "illegal attempt to update using time %s", text);
		return -1;
	}
	interval_s = (double)(s - file->last_s) + (double)(us - file->last_us) / 1e6;
	begun_s = file->last_s - file->last_s % file->step_s;
	ended_s = s - s % file->step_s;
	for (size_t i = 0; i < file->n_ds; i++) {
		word = strtok_r(NULL, ":", &save);
		take_value(&file->ds[i], word ? word : "U", interval_s);
		if (ended_s == begun_s)
			within_step(&file->ds[i], interval_s);
		else
			end_step(file, &file->ds[i], interval_s,
				 (double)(begun_s + file->step_s - file->last_s) -
					 (double)file->last_us / 1e6,
				 (double)(s % file->step_s) + (double)us / 1e6,
				 (ended_s - begun_s) / file->step_s);
	}
	add_rows(file, (ended_s - begun_s) / file->step_s);
	file->last_s = s;
	file->last_us = us;
	return 0;
}

/* ---- librrd's functions ---- */

static void add_source(struct rrd_model *file, const char *text)
{
	struct source *ds = &file->ds[file->n_ds++];
	char min[32], max[32];
	long long heartbeat;

	assert(file->n_ds <= RRD_MODEL_DS_MAX);
	*ds = (struct source){.sum = NAN, .last = "U"};
	if (sscanf(text, "DS:%19[^:]:GAUGE:%lld:%31[^:]:%31[^:]", ds->name, &heartbeat, min, max) !=
	    4)
		abort(); /* not what this model knows */
	ds->heartbeat_s = heartbeat;
	ds->min = min[0] == 'U' ? NAN : strtod(min, NULL);
	ds->max = max[0] == 'U' ? NAN : strtod(max, NULL);
}

int __wrap_rrd_create_r2(const char *path, unsigned long step, time_t last_up, int no_overwrite,
			 const char **sources, const char *template, int argc, const char **argv)
{
	struct rrd_model *file;

	assert(no_overwrite && !rrd_model_find(path));
	assert(!sources && !template);
	if (!disk_takes(4096)) {
		snprintf(error, sizeof(error), "creating '%s': No space left on device", path);
		return -1;
	}
	file = calloc(1, sizeof(*file));
	if (!file)
		abort();
	file->path = strdup(path);
	file->step_s = (int64_t)step;
	file->last_s = last_up;
	file->start_s = last_up - last_up % (int64_t)step;
	for (int i = 0; i < argc; i++)
		if (strncmp(argv[i], "DS:", 3) == 0)
			add_source(file, argv[i]);
	/* rrd_create.c: what of the step is over is unknown */
	for (size_t i = 0; i < file->n_ds; i++)
		file->ds[i].unknown_s = last_up % (int64_t)step;
	LIST_INSERT_HEAD(&files, file, entry);
	return 0;
}

int __wrap_rrd_update_r(const char *path, const char *template, int argc, const char **argv)
{
	struct rrd_model *file = rrd_model_find(path);
	int r = 0;

	(void)template;
	if (!file || !disk_takes(0)) {
		snprintf(error, sizeof(error), "opening '%s': %s", path,
			 file ? "Input/output error" : "No such file or directory");
		return -1;
	}
	for (int i = 0; i < argc && r == 0; i++)
		r = take_update(file, argv[i]);
	return r;
}

int __wrap_rrd_lastupdate_r(const char *path, time_t *last, unsigned long *n, char ***names,
			    char ***values)
{
	struct rrd_model *file = rrd_model_find(path);

	if (!file) {
		snprintf(error, sizeof(error), "opening '%s': No such file or directory", path);
		return -1;
	}
	*last = file->last_s;
	*n = file->n_ds;
	*names = calloc(file->n_ds, sizeof(**names));
	*values = calloc(file->n_ds, sizeof(**values));
	if (!*names || !*values)
		abort();
	for (size_t i = 0; i < file->n_ds; i++) {
		(*names)[i] = strdup(file->ds[i].name);
		(*values)[i] = strdup(file->ds[i].last);
	}
	return 0;
}

char *__wrap_rrd_get_error(void)
{
	return error;
}

int __wrap_rrd_test_error(void)
{
	return error[0] != '\0';
}

void __wrap_rrd_clear_error(void)
{
	error[0] = '\0';
}

void __wrap_rrd_freemem(void *mem)
{
	free(mem);
}

/* Whether there is such a file is what rrd_file.c asks; with files of any size, as Meson has it, by
 * this name. */
int __wrap_stat64(const char *path, struct stat *ret)
{
	size_t len = strlen(path);

	if (len < 4 || strcmp(path + len - 4, ".rrd") != 0)
		return __real_stat64(path, ret);
	if (!rrd_model_find(path)) {
		errno = ENOENT;
		return -1;
	}
	*ret = (struct stat){.st_mode = S_IFREG | 0640, .st_size = 1 << 20};
	return 0;
}
