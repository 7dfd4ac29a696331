/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where samples and events go: RRD files, Zabbix, Nagios, metrics, or nowhere. A sink
 * never blocks the loop: slow work is handed to a thread of its own and what cannot be
 * queued is dropped and counted.
 */
#pragma once

#include <stdint.h>

struct sample;
struct event;
struct sink;

struct sink_stats {
	uint64_t put, dropped, failed;
	unsigned int queued;
};

struct sink_ops {
	const char *name;
	/* Takes a copy of what it needs. Never blocks, never fails the caller. */
	void (*put)(struct sink *sink, const struct sample *sample);
	void (*event)(struct sink *sink, const struct event *event); /* may be NULL */
	void (*flush)(struct sink *sink); /* starts writing what is queued */
	void (*stats)(const struct sink *sink, struct sink_stats *ret);
	struct sink *(*close)(
		struct sink *sink); /* writes what is queued, within 10 s; returns NULL */
};

struct sink {
	const struct sink_ops *ops;
};
