/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RRD files in memory, by librrd 1.7.2's own arithmetic for what Pantau asks of it: GAUGE
 * sources and the mean of each step. librrd's functions are replaced at link time (--wrap).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct rrd_model;

enum { RRD_MODEL_DS_MAX = 16 };

/* All files, in any order; NULL ends it. */
struct rrd_model *rrd_model_first(void);
struct rrd_model *rrd_model_next(const struct rrd_model *file);
struct rrd_model *rrd_model_find(const char *path);
const char *rrd_model_path(const struct rrd_model *file);
int64_t rrd_model_step_s(const struct rrd_model *file);
size_t rrd_model_n_ds(const struct rrd_model *file);
const char *rrd_model_ds_name(const struct rrd_model *file, size_t ds);
/* The rows: mean over each step, NAN unknown. Row i is of the time from start_s + i * step on. */
int64_t rrd_model_start_s(const struct rrd_model *file);
size_t rrd_model_n_rows(const struct rrd_model *file);
double rrd_model_row(const struct rrd_model *file, size_t row, size_t ds);

/* A file that is not there afterwards. */
void rrd_model_remove(struct rrd_model *file);
void rrd_model_end(void);
