/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What librrd and librrd's client are called with, and what their failures mean. */
#include "collector/io/rrd/rrd_file.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <rrd.h>
#include <rrd_client.h>

#include "collector/core/series/rrd_name.h"
#include "common/system/log.h"

enum { LOG_EVERY_S = 10 };

static void describe_file(struct rrd_file *file, int64_t step_ms, const struct sample_ds *ds,
			  size_t n_ds)
{
	const char *base = strchr(file->name, '/') + 1;
	size_t at = 0;

	file->line.step_ms = step_ms < 1000 ? 1000 : step_ms;
	file->traffic = strncmp(base, "traffic", 7) == 0 && strchr("-.", base[7]);
	file->line.n_ds = file->waiting.n_ds = n_ds;
	memcpy(file->ds, ds, n_ds * sizeof(*ds));
	for (size_t i = 0; i < n_ds; i++)
		at += (size_t)snprintf(file->template + at, sizeof(file->template) - at, "%s%s",
				       i ? ":" : "", ds[i].name);
}

static struct rrd_file *new_file(const char *dir, const char *name)
{
	struct rrd_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	if (asprintf(&file->path, "%s/%s", dir, name) < 0)
		file->path = NULL;
	if (asprintf(&file->directory, "%s/%.*s", dir, (int)strcspn(name, "/"), name) < 0)
		file->directory = NULL;
	if (!file->path || !file->directory) {
		rrd_file_free(file);
		return NULL;
	}
	file->name = file->path + strlen(dir) + 1;
	return file;
}

struct rrd_file *rrd_file_new(const char *dir, const struct series *series)
{
	const struct sample_group *group = series->group;
	struct rrd_file *file;
	char name[RRD_NAME_MAX];

	if (!group->n_ds || group->n_ds > SAMPLE_DS_MAX)
		return NULL;
	if (rrd_name(series->device_id, group->name, series->object, name, sizeof(name)) < 0)
		return NULL;
	file = new_file(dir, name);
	if (file)
		describe_file(file, series->step_ms, group->ds, group->n_ds);
	return file;
}

/* As rrd_name() makes them: one directory, no hidden file, nothing upwards. */
static bool is_name(const char *name)
{
	const char *slash = strchr(name, '/');
	const size_t len = strlen(name);

	return name[0] != '.' && slash && slash != name && slash[1] != '.' && slash[1] != '\0' &&
	       !strchr(slash + 1, '/') && len > 4 && strcmp(name + len - 4, ".rrd") == 0;
}

struct rrd_file *rrd_file_restore(const char *dir, const char *name, int64_t step_ms,
				  const struct sample_ds *ds, size_t n_ds)
{
	struct rrd_file *file = is_name(name) ? new_file(dir, name) : NULL;

	if (file)
		describe_file(file, step_ms, ds, n_ds);
	return file;
}

void rrd_file_free(struct rrd_file *file)
{
	if (!file)
		return;
	sample_queue_clear(&file->waiting);
	free(file->path);
	free(file->directory);
	free(file);
}

/* Errors come in bursts (a full disk fails every file): one line in ten seconds. */
static void log_failure(struct rrd_writer *writer, const char *what, const char *path,
			const char *why)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (writer->logged_s && now.tv_sec - writer->logged_s < LOG_EVERY_S) {
		writer->unlogged++;
		return;
	}
	log_error("rrd", "action=%s file=%s err=\"%s\" unlogged=%" PRIu64, what, path, why,
		  writer->unlogged);
	writer->logged_s = now.tv_sec;
	writer->unlogged = 0;
}

bool rrd_writer_connect(struct rrd_writer *writer)
{
	if (!writer->daemon || rrdc_is_connected(writer->daemon))
		return true;
	rrd_clear_error();
	if (rrdc_connect(writer->daemon) == 0) {
		writer->connects++;
		return true;
	}
	log_failure(writer, "connect", writer->daemon,
		    rrd_test_error() ? rrd_get_error() : "no answer");
	return false;
}

void rrd_writer_disconnect(struct rrd_writer *writer)
{
	if (writer->daemon)
		rrdc_disconnect();
}

static size_t format_ds(const struct rrd_file *file, char (*ds_text)[96], const char **argv)
{
	const int64_t heartbeat_s = RRD_HEARTBEAT_STEPS * file->line.step_ms / 1000;

	for (size_t i = 0; i < file->line.n_ds; i++) {
		const struct sample_ds *ds = &file->ds[i];
		char min[32] = "U", max[32] = "U";

		if (!isnan(ds->min))
			snprintf(min, sizeof(min), "%.10g", ds->min);
		if (!isnan(ds->max))
			snprintf(max, sizeof(max), "%.10g", ds->max);
		snprintf(ds_text[i], sizeof(ds_text[i]), "DS:%s:GAUGE:%" PRId64 ":%s:%s", ds->name,
			 heartbeat_s, min, max);
		argv[i] = ds_text[i];
	}
	return file->line.n_ds;
}

/* Creates the file with its last update at last_s. Returns 0 or -EIO. */
static int create_file(struct rrd_writer *writer, const struct rrd_file *file, time_t last_s)
{
	const struct rrd_rra_list *list =
		file->traffic ? &writer->traffic_rras : &writer->other_rras;
	const int64_t step_s = file->line.step_ms / 1000;
	char ds_text[SAMPLE_DS_MAX][96], rra_text[RRD_RRA_MAX][RRD_RRA_TEXT_MAX];
	const char *argv[SAMPLE_DS_MAX + RRD_RRA_MAX];
	size_t argc = format_ds(file, ds_text, argv);
	int r;

	for (size_t i = 0; i < list->n; i++) {
		rrd_rra_format(&list->rras[i], step_s, rra_text[i]);
		argv[argc++] = rra_text[i];
	}
	rrd_clear_error();
	if (writer->daemon)
		r = rrdc_create_r2(file->path, (unsigned long)step_s, last_s, 1, NULL, NULL,
				   (int)argc, argv);
	else
		r = rrd_create_r2(file->path, (unsigned long)step_s, last_s, 1, NULL, NULL,
				  (int)argc, argv);
	if (r) {
		log_failure(writer, "create", file->path, rrd_get_error());
		return -EIO;
	}
	writer->created++;
	return 0;
}

/* The value of one DS as rrdupdate(1) last got it: "U", or a number. */
static void keep_last_value(struct rrd_file *file, const char *name, const char *text)
{
	char *end;
	const double value = strtod(text, &end);

	for (size_t i = 0; i < file->line.n_ds; i++)
		if (strcmp(file->ds[i].name, name) == 0)
			file->line.last_value[i] = end != text && *end == '\0' ? value : NAN;
}

/* librrd 1.7 locks without waiting: who reads makes who writes fail. */
static bool is_locked(const struct rrd_writer *writer)
{
	return !writer->daemon && rrd_test_error() && strstr(rrd_get_error(), "could not lock");
}

/* Learns where the file ends, and with what. The fraction of that second is not told:
 * what comes must be later than all of it. */
static int read_end(struct rrd_writer *writer, struct rrd_file *file)
{
	unsigned long n = 0;
	char **names = NULL, **values = NULL;
	time_t last_s = 0;

	rrd_clear_error();
	if (writer->daemon && rrdc_flush(file->path) != 0 && !rrdc_is_connected(writer->daemon))
		return -EAGAIN;
	rrd_clear_error();
	if (rrd_lastupdate_r(file->path, &last_s, &n, &names, &values) != 0) {
		if (is_locked(writer))
			return -EAGAIN;
		log_failure(writer, "open", file->path,
			    rrd_test_error() ? rrd_get_error() : "not an RRD file");
		return -EIO;
	}
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		file->line.last_value[i] = NAN;
	for (unsigned long i = 0; i < n; i++) {
		keep_last_value(file, names[i], values[i]);
		rrd_freemem(names[i]);
		rrd_freemem(values[i]);
	}
	rrd_freemem(names);
	rrd_freemem(values);
	file->line.last_ms = (int64_t)last_s * 1000 + 999;
	return 0;
}

/* Of librrd's words (rrd_open.c), those that say that no update will ever help. Looked at after read_end(). */
static bool is_damaged(void)
{
	static const char *const WORDS[] = {"is not an RRD", "too small", "another architecture",
					    "RRD file version", "reached EOF"};

	for (size_t i = 0; rrd_test_error() && i < ARRAY_LEN(WORDS); i++)
		if (strstr(rrd_get_error(), WORDS[i]))
			return true;
	return false;
}

static bool set_aside(struct rrd_writer *writer, const struct rrd_file *file)
{
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s.damaged", file->path) < 0)
		path = NULL;
	if (!path || rename(file->path, path) < 0)
		return false;
	writer->set_aside++;
	log_error("rrd", "action=set-aside file=%s now=%s right=\"a new one is begun\"", file->path,
		  path);
	return true;
}

/* Opens the file, or creates it so that it ends where the sample begins. -EAGAIN:
 * rrdcached went away. */
int rrd_file_open(struct rrd_writer *writer, struct rrd_file *file, int64_t start_ms)
{
	const int64_t create_s = start_ms / 1000;
	struct stat st;
	int r;

	assert(!file->opened);
	if (stat(file->path, &st) == 0) {
		if (!S_ISREG(st.st_mode)) { /* a FIFO would hold the thread */
			log_failure(writer, "open", file->path, "not a regular file");
			return -EIO;
		}
		r = read_end(writer, file);
		file->opened = r == 0;
		if (r != -EIO || (st.st_size > 0 && !is_damaged()) || !set_aside(writer, file))
			return r;
	}
	if (mkdir(file->directory, 0750) < 0 && errno != EEXIST) {
		log_failure(writer, "mkdir", file->directory, strerror(errno));
		return -EIO;
	}
	if (create_file(writer, file, create_s) < 0)
		return writer->daemon && !rrdc_is_connected(writer->daemon) ? -EAGAIN : -EIO;
	file->line.last_ms = create_s * 1000;
	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		file->line.last_value[i] = NAN;
	file->opened = true;
	return 0;
}

static int update(const struct rrd_writer *writer, const struct rrd_file *file, int n,
		  const char **updates)
{
	rrd_clear_error();
	/* rrdcached takes no template, so the order in the file counts: it is the group's
	 * own. */
	if (writer->daemon)
		return rrdc_update(file->path, n, updates);
	return rrd_update_r(file->path, file->template, n, updates);
}

/* Of librrd's words (rrd_update.c), those that are of the update and not of the file or the disk. */
static bool is_refused(const struct rrd_writer *writer)
{
	static const char *const WORDS[] = {"illegal attempt",	"expected", "conversion of",
					    "found extra data", "ds time",  "not a simple",
					    "unknown DS name",	"strtod"};

	if (writer->daemon) /* its own words; a disk's trouble comes later there, and not to us */
		return true;
	for (size_t i = 0; rrd_test_error() && i < ARRAY_LEN(WORDS); i++)
		if (strstr(rrd_get_error(), WORDS[i]))
			return true;
	return false;
}

int rrd_file_write(struct rrd_writer *writer, struct rrd_file *file, int n, const char **updates,
		   const struct rrd_timeline *end)
{
	assert(file->opened && n > 0);
	if (update(writer, file, n, updates) == 0) {
		file->line = *end;
		return 0;
	}
	if (is_locked(writer) || (writer->daemon && !rrdc_is_connected(writer->daemon)))
		return -EAGAIN;
	log_failure(writer, "update", file->path, rrd_test_error() ? rrd_get_error() : "rrdcached");
	file->opened = false; /* look again: it may have been removed or restored */
	return is_refused(writer) ? -EINVAL : -EIO;
}
