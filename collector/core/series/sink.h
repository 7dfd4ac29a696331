/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where samples go. A sink never blocks the loop: slow work is handed to a thread of its own and
 * what cannot be queued is dropped and counted.
 */
#pragma once

#include "common/base/stats.h"

struct sample;
struct sink;

struct sink_ops {
	/* Takes a copy of what it needs. Never blocks, never fails the caller. */
	void (*put)(struct sink *sink, const struct sample *sample);
	/* Has what waits for a device's files written (device_id NULL: for all files), then calls done,
	 * once and not from within. Negative errno: done is not called. NULL: it keeps nothing back. */
	int (*flush)(struct sink *sink, const char *device_id, void (*done)(void *data),
		     void *data);
	void (*emit_stats)(const struct sink *sink, stats_emit_fn *emit, void *emit_data);
	/* Writes what is queued, within 10 s; returns NULL. */
	struct sink *(*close)(struct sink *sink);
};

struct sink {
	const struct sink_ops *ops;
};
