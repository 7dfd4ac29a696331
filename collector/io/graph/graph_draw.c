/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Draws one graph with librrd, or reads one series, and answers on descriptor 0. What a
 * graph looks like is codec/graph/graph_args.c's business.
 */
#include "collector/io/graph/graph_draw.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <rrd.h>
#include <rrd_client.h>

#include "collector/codec/graph/graph_args.h"
#include "collector/core/series/rrd_name.h"
#include "collector/core/words/words.h"
#include "collector/io/graph/graph_proto.h"
#include "common/base/cleanup.h"
#include "common/base/percentile.h"

enum { P95_STEP_S = 300 };

static int write_all(const void *buf, size_t len)
{
	for (size_t at = 0; at < len;) {
		const ssize_t n = write(0, (const char *)buf + at, len - at);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			at += (size_t)n;
	}
	return 0;
}

static int answer(enum graph_outcome outcome, const void *body, size_t len)
{
	const struct graph_reply reply = {GRAPH_PROTO_MAGIC, outcome, (uint32_t)len};

	if (len > GRAPH_BODY_MAX)
		return answer(GRAPH_OUTCOME_FAILED, "too large", 9);
	if (write_all(&reply, sizeof(reply)) < 0)
		return -EPIPE;
	return write_all(body, len);
}

static int answer_error(const char *text)
{
	return answer(GRAPH_OUTCOME_FAILED, text, strlen(text));
}

/* ---- what the file holds ---- */

/* rrd_info_r lists "ds[in].index", "rra[0].cf", "step"; DS names come in the file's
 * order. */
static int read_source(const char *path, struct graph_source *ret)
{
	rrd_info_t *info, *i;
	struct graph_source source = {.path = path};

	rrd_clear_error();
	info = rrd_info_r(path);
	if (!info)
		return -EIO;
	for (i = info; i; i = i->next) {
		char name[SAMPLE_DS_NAME_MAX + 1];
		int end = 0;

		if (strcmp(i->key, "step") == 0 && i->type == RD_I_CNT)
			source.step_s = (int64_t)i->value.u_cnt;
		if (strncmp(i->key, "rra[", 4) == 0 && strstr(i->key, "].cf") &&
		    i->type == RD_I_STR && strcmp(i->value.u_str, "MAX") == 0)
			source.has_max = true;
		if (sscanf(i->key, "ds[%19[A-Za-z0-9_]].index%n", name, &end) == 1 && end &&
		    source.n_ds < SAMPLE_DS_MAX)
			strcpy(source.ds[source.n_ds++], name);
	}
	rrd_info_free(info);
	if (!source.n_ds || source.step_s <= 0)
		return -EINVAL;
	*ret = source;
	return 0;
}

/* Rows of one consolidated kind; as rrd_fetch_r(3) gives them, n rows of n_ds. */
struct rows {
	time_t start, end;
	unsigned long step, n_ds;
	rrd_value_t *data;
	size_t n;
};

static void rows_deinit(struct rows *rows)
{
	if (rows->data)
		rrd_freemem(rows->data);
	rows->data = NULL;
}

static int fetch_rows(const char *path, int64_t start_s, int64_t end_s, int64_t step_s,
		      struct rows *ret)
{
	struct rows rows = {
		.start = (time_t)start_s, .end = (time_t)end_s, .step = (unsigned long)step_s};
	char **names = NULL;

	rrd_clear_error();
	if (rrd_fetch_r(path, "AVERAGE", &rows.start, &rows.end, &rows.step, &rows.n_ds, &names,
			&rows.data) != 0)
		return -EIO;
	for (unsigned long i = 0; i < rows.n_ds; i++)
		rrd_freemem(names[i]);
	rrd_freemem(names);
	rows.n = rows.step ? (size_t)((rows.end - rows.start) / (time_t)rows.step) : 0;
	*ret = rows;
	return 0;
}

static void read_p95(const struct graph_request *request, struct graph_source *source)
{
	const int64_t start_s = request->end_s - graph_range_s(request->range);
	cleanup_(rows_deinit) struct rows rows = {0};
	cleanup_free double *column = NULL;

	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		source->p95[i] = NAN;
	if (fetch_rows(source->path, start_s, request->end_s, P95_STEP_S, &rows) < 0 || !rows.n)
		return;
	column = calloc(rows.n, sizeof(*column));
	if (!column)
		return;
	for (size_t i = 0; i < source->n_ds && i < rows.n_ds; i++) {
		for (size_t row = 0; row < rows.n; row++)
			column[row] = rows.data[row * rows.n_ds + i];
		source->p95[i] = percentile_of(column, rows.n, 95);
	}
}

/* Which DS have any value within the range, at the resolution of the plot. */
static void read_known(const struct graph_request *request, struct graph_source *source)
{
	const int64_t start_s = request->end_s - graph_range_s(request->range);
	cleanup_(rows_deinit) struct rows rows = {0};

	for (size_t i = 0; i < SAMPLE_DS_MAX; i++)
		source->known[i] = isfinite(source->p95[i]);
	if (fetch_rows(source->path, start_s, request->end_s, graph_range_step_s(request->range),
		       &rows) < 0)
		return;
	for (size_t row = 0; row < rows.n; row++)
		for (size_t i = 0; i < source->n_ds && i < rows.n_ds; i++)
			source->known[i] |= isfinite(rows.data[row * rows.n_ds + i]) != 0;
}

/* ---- pictures ---- */

static int draw(const struct graph_request *request, struct graph_source *source)
{
	char footer[160];
	struct graph_args args;
	rrd_info_t *info, *i;
	int r;
	time_t end;
	char when[64] = "";
	struct tm tm;

	read_p95(request, source);
	read_known(request, source);
	end = (time_t)request->end_s;
	if (localtime_r(&end, &tm))
		strftime(when, sizeof(when), "%d/%m/%Y %H:%M %Z", &tm);
	snprintf(footer, sizeof(footer), "Pantau · %s · %s", request->device_id, when);
	source->footer = footer;
	r = graph_args_build(&args, request, source);
	if (r < 0) {
		graph_args_deinit(&args);
		return answer_error(strerror(-r));
	}
	rrd_clear_error();
	info = rrd_graph_v(args.n, args.argv);
	for (i = info; i; i = i->next)
		if (strcmp(i->key, "image") == 0 && i->type == RD_I_BLO)
			break;
	if (i)
		r = answer(GRAPH_OUTCOME_OK, i->value.u_blo.ptr, i->value.u_blo.size);
	else
		r = answer_error(rrd_test_error() ? rrd_get_error() : "no picture");
	if (info)
		rrd_info_free(info);
	graph_args_deinit(&args);
	return r;
}

/* ---- series ---- */

/* {"step":60,"unit":"bit/s","names":["in","out"],"time":[...],"data":[[...],[...]]}: time
 * is the end of each row. */
static void print_series(FILE *out, const struct graph_request *request,
			 const struct graph_source *source, const struct rows *rows)
{
	const double factor = graph_group_factor(request->group);

	fprintf(out, "{\"step\":%lu,\"unit\":\"%s\",\"names\":[", rows->step,
		graph_group_unit(request->group));
	for (unsigned long i = 0; i < rows->n_ds && i < source->n_ds; i++)
		fprintf(out, "%s\"%s\"", i ? "," : "", source->ds[i]);
	fputs("],\"time\":[", out);
	for (size_t row = 0; row < rows->n; row++)
		fprintf(out, "%s%" PRId64, row ? "," : "",
			(int64_t)rows->start + (int64_t)(row + 1) * (int64_t)rows->step);
	fputs("],\"data\":[", out);
	for (unsigned long i = 0; i < rows->n_ds && i < source->n_ds; i++) {
		if (i)
			fputc(',', out);
		fputc('[', out);
		for (size_t row = 0; row < rows->n; row++) {
			const double value = rows->data[row * rows->n_ds + i] * factor;

			if (row)
				fputc(',', out);
			if (isfinite(value))
				fprintf(out, "%.6g", value);
			else
				fputs("null", out);
		}
		fputc(']', out);
	}
	fputs("]}", out);
}

static int send_series(const struct graph_request *request, const struct graph_source *source)
{
	const int64_t start_s = request->end_s - graph_range_s(request->range);
	cleanup_(rows_deinit) struct rows rows = {0};
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (fetch_rows(source->path, start_s, request->end_s, graph_range_step_s(request->range),
		       &rows) < 0)
		return answer_error(rrd_test_error() ? rrd_get_error() : "no rows");
	out = open_memstream(&text, &len);
	if (!out)
		return answer_error("out of memory");
	print_series(out, request, source, &rows);
	if (fclose(out) != 0)
		return answer_error("out of memory");
	return answer(GRAPH_OUTCOME_OK, text, len);
}

/* ---- requests ---- */

static bool is_sane(struct graph_request *request)
{
	request->group[sizeof(request->group) - 1] = '\0';
	request->device_id[sizeof(request->device_id) - 1] = '\0';
	request->object[sizeof(request->object) - 1] = '\0';
	request->title[sizeof(request->title) - 1] = '\0';
	return request->magic == GRAPH_PROTO_MAGIC && request->kind <= GRAPH_SERIES &&
	       request->range < GRAPH_RANGE_N && request->lang < WORDS_LANG_N &&
	       request->theme <= GRAPH_LIGHT && request->width <= 4096 && request->height <= 4096;
}

int graph_draw_serve(const struct graph_draw *conf, struct graph_request *request)
{
	char name[RRD_NAME_MAX];
	cleanup_free char *path = NULL;
	struct graph_source source;
	struct stat st;

	if (!is_sane(request))
		return -EPROTO;
	if (rrd_name(request->device_id, request->group, request->object, name, sizeof(name)) < 0)
		return answer(GRAPH_OUTCOME_NO_FILE, "", 0);
	if (asprintf(&path, "%s/%s", conf->rrd_dir, name) < 0) {
		path = NULL;
		return answer_error("out of memory");
	}
	if (conf->daemon) {
		rrd_clear_error();
		rrdc_flush_if_daemon(conf->daemon,
				     path); /* a failure leaves the file as it is: still
					       worth showing */
	}
	if (stat(path, &st) < 0)
		return answer(GRAPH_OUTCOME_NO_FILE, "", 0);
	if (read_source(path, &source) < 0)
		return answer_error(rrd_test_error() ? rrd_get_error() : "not an RRD file");
	if (request->kind == GRAPH_SERIES)
		return send_series(request, &source);
	return draw(request, &source);
}
