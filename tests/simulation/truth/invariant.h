/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must always hold, as a table: each invariant looks at what concerns it (a sample, an
 * event, a line of the log, a minute that passed, the end) and tells city_wrong() what is not
 * right. It may keep notes of its own for the run.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct box;
struct city;
struct event;
struct port;
struct sample;

/* A sample, and whose it is. */
struct seen {
	const struct sample *sample;
	struct box *box;
	int box_index;
	struct port *port; /* NULL: no port is known by its object, or it has none */
};

struct invariant {
	const char *name, *what;
	size_t notes; /* octets; zeroed at the beginning of a run */
	void (*begin)(struct city *city, void *notes);
	void (*sample)(struct city *city, void *notes, const struct seen *seen);
	void (*event)(struct city *city, void *notes, const struct event *event);
	void (*log)(struct city *city, void *notes, int level, const char *line);
	void (*minute)(struct city *city, void *notes);
	void (*end)(struct city *city, void *notes); /* the collector has stopped */
	void (*free)(void *notes);
};

/* One file each. */
extern const struct invariant INVARIANT_SAMPLE, INVARIANT_UNKNOWN, INVARIANT_STARVES,
	INVARIANT_OUTAGE, INVARIANT_RESTART, INVARIANT_ROW, INVARIANT_TOLD, INVARIANT_BOUND;

void invariant_begin(struct city *city);
void invariant_sample(struct city *city, const struct sample *sample);
void invariant_event(struct city *city, const struct event *event);
void invariant_log(struct city *city, int level, const char *line);
void invariant_minute(struct city *city);
void invariant_end(struct city *city);
void invariant_free(struct city *city);
/* For --help: name and what, one a line. */
void invariant_list(void);
