/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From changes of state and notifications to events: one event when a cause begins, exactly
 * one when it ends, none for what merely confirms a known fact. A late stored inform ("my
 * uplink was down from 14.05 to 14.20") that fits an outage already in the log adds nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/judge/device_state.h"
#include "collector/core/judge/event.h"
#include "collector/core/trap/trap_map.h"

enum {
	PROBLEMS_OPEN_MAX = 16,	    /* per device; further ones are counted and dropped */
	PROBLEMS_PAST_MAX = 8,	    /* ended ones that late notifications are compared with */
	CORRELATE_SLACK_MS = 90000, /* between an outage as polling saw it and as the device did */
};

/* Something that began with an event and will end with one. */
struct problem {
	enum event_kind kind; /* of the event that began it */
	char link[64];
	int64_t event_id;
	int64_t begin_ms, end_ms; /* wall; end_ms 0: still open */
	int64_t seen_mono_ms;
};

struct problem_list {
	struct problem open[PROBLEMS_OPEN_MAX];
	size_t n_open;
	struct problem past[PROBLEMS_PAST_MAX]; /* newest first */
	size_t n_past;
	/* Links that no poll knows and that were told down within the hour: once each. */
	struct {
		uint64_t name_hash;
		int64_t mono_ms; /* 0: free */
	} told[PROBLEMS_OPEN_MAX];
	/* of the newest Pantau event that was dealt with */
	uint32_t last_epoch, last_number;
	int64_t last_event_ms;
};

/* When and how something was learned. */
struct news {
	enum event_source source;
	int64_t time_ms; /* wall, when it happened */
	bool covered;	 /* by an outage of a device before this one: no surprise */
	struct moment now;
};

typedef void correlate_event_fn(void *data, struct device *device, const struct event *event);

struct correlate_stats {
	uint64_t events, confirmations, repeats, problems_dropped;
};

struct correlate {
	int64_t last_event_id;	/* the last one given out */
	correlate_event_fn *fn; /* called for every event, with its id */
	void *data;
	struct correlate_stats stats;
};

/* A device changed its status at news->time_ms; behind: how many devices are behind it. */
void correlate_status(struct correlate *c, struct device *device, size_t behind,
		      const struct news *news);

/* A link whose state matters went down or up, by poll or notification. name "" is unknown. Returns whether open_links
 * changed. */
bool correlate_link(struct correlate *c, struct device *device, const char *name, bool up,
		    const struct news *news);

/* The same of a line that so many devices lie behind. */
bool correlate_trunk(struct correlate *c, struct device *device, const char *name, bool up,
		     size_t behind, const struct news *news);
/* Of a link that no poll knows: for the log, since nothing could end it. Of each link once an
 * hour, unless it was told up meanwhile, and of PROBLEMS_OPEN_MAX links a device. */
void correlate_told_up(struct device *device, const char *name);
void correlate_told_down(struct correlate *c, struct device *device, const char *name,
			 const struct news *news);
/* When to look once more whether a link that was told down, and a poll showed up, is (monotonic):
 * that answer may have been older than what was told. 0: nothing to look for. */
int64_t correlate_look_again_ms(const struct device *device);
/* Watched links as just polled: opens what polling found, ends what it found over. */
bool correlate_polled_links(struct correlate *c, struct device *device, struct moment now);

/* All of a notification but linkDown and linkUp. */
void correlate_notification(struct correlate *c, struct device *device,
			    const struct notification *n, const struct news *news);

void correlate_restarted(struct correlate *c, struct device *device, enum event_kind kind,
			 int64_t boot_ms, struct moment now);

/* An event that begins or ends nothing. device may be NULL: the collector itself. */
void correlate_simple(struct correlate *c, struct device *device, enum event_kind kind,
		      struct moment now);

/* Whether this Pantau event was dealt with before, under another notification's name: its
 * agent sends the standard linkDown and its own for one event. Remembers it. */
bool correlate_is_repeat(struct correlate *c, struct device *device, const struct notification *n);

/* Whether an outage of the device, open or past, covers that time. */
bool correlate_outage_covers(const struct device *device, int64_t time_ms);

/* Puts back an open problem after a restart. */
void correlate_restore(struct device *device, const struct problem *problem);

/* Whether links of this role are watched: uplinks; a device without roles watches what it
 * sends notifications about. */
bool correlate_watches_role(uint8_t role);
