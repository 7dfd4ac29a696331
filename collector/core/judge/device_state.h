/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What state a device is in, from evidence: polls, pings, what its parent's port says, and how
 * its parent fares. A missed poll makes it suspect, several make it down; a wrong key is a state
 * of its own; behind a dead parent it is unreachable, which is nobody's alert. Verdicts that
 * depend on the parent wait until the parent has been asked too. Who answers pings is never
 * dead, whatever its parent or its SNMP agent do.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/device/device.h"
#include "common/snmp/snmp_outcome.h"
#include "common/snmp/snmp_value.h"

struct moment {
	int64_t wall_ms; /* since 1970 UTC: what people read */
	int64_t mono_ms; /* for waiting */
};

struct device_state_conf {
	unsigned int down_after; /* polls missed in a row, >= 1 */
	int64_t parent_hold_ms;
};

/* What pings say beside the polls; all of it is 0 while nobody pings. */
struct device_state_ping {
	bool alone;		/* the device is not polled: pings are all there is */
	bool on;		/* the device is pinged */
	bool ever;		/* it answered one: it is not by a filter that it does not */
	bool alive;		/* it answered since it was doubted last */
	int64_t answer_ms;	/* wall, the last; 0 never */
	unsigned int losses;	/* in a row */
	int64_t first_loss_ms;	/* wall, of that row, when it was sent */
	int64_t alive_since_ms; /* wall */
	unsigned int misses;	/* of polls, while it was alive after all */
};

struct device_state {
	unsigned int misses;
	int64_t first_miss_ms; /* wall; 0: none since the last answer */
	enum device_cause miss_cause;
	int64_t hold_until_mono; /* the verdict waits for the parent's; 0: does not */
	bool hold_over;		 /* waited long enough since the first miss */
	int64_t deaf_until_mono; /* answers before are of requests sent before the port went down */
	bool port_down;		 /* the parent's port that leads here is down */
	bool trunk_down;	 /* so is one that leads to others, too */
	int64_t forwarded_ms;	 /* wall, when one behind it answered last; 0 never */
	unsigned int blind_misses; /* in a row, while others behind its dead parent answered */
	int64_t port_changed_ms;   /* wall, as it happened; 0 never heard of */
	unsigned int rechecks;	   /* further quick polls allowed while it does not answer */
	int64_t poll_at_mono;	   /* 0: none */
	int64_t asked_mono;	   /* by a child that fell silent; 0 never */
	struct device_state_ping ping;
	unsigned int open_links;       /* watched links that are down (kept by correlate.c) */
	struct problem_list *problems; /* correlate.c's */
};

enum {
	DEVICE_STATE_RECHECK_MS = 1000, /* between quick polls */
	DEVICE_STATE_DEAF_MS =
		300, /* longest round trip of an answer that may still be under way */
	DEVICE_STATE_LOSSES_DOUBT = 2, /* pings lost in a row: what else is known of it? */
	DEVICE_STATE_LOSSES_DEAD =
		5, /* where pings alone decide; at a loss of 5 %: one in 3 million */
};

/* What followed from a piece of evidence. */
struct device_verdict {
	bool changed; /* status or cause */
	enum device_status from;
	int64_t time_ms;  /* wall, when it happened, if changed */
	bool poll_parent; /* what it missed may be the parent's trouble: ask that one at once */
};

/* parent: as now, or NULL if there is none. All set device->status, cause and since_ms and
 * may set the state's poll_at_mono and hold_until_mono, which the caller watches. */
struct device_verdict device_state_polled(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf,
					  enum snmp_outcome outcome, struct moment now);
/* An echo, sent at sent_ms (wall), was answered or lost. What is poll_at_mono is asked by all
 * means there are. */
struct device_verdict device_state_pinged(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf, bool answered,
					  int64_t sent_ms, struct moment now);
/* The parent's port that leads here went down or up at time_ms (wall). other_way: the device
 * has another uplink that is up. */
struct device_verdict device_state_port(struct device *device, bool up, bool other_way,
					int64_t time_ms, struct moment now);
/* The same of a port that others are behind, too: if it falls silent, that is why. */
void device_state_trunk(struct device *device, bool up, int64_t time_ms);
/* One behind it answered at time_ms (wall): whatever its own agent does, it forwards. */
void device_state_forwarded(struct device *device, int64_t time_ms);
/* The device itself was heard of, by a notification. */
void device_state_heard(struct device *device, struct moment now);
/* open_links changed. */
struct device_verdict device_state_links(struct device *device, struct moment now);
/* The parent's status changed or the parent was polled, or a wait is over. */
struct device_verdict device_state_review(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf, struct moment now);

/* Down or behind something that is. */
bool device_status_is_dead(enum device_status status);
/* Answers polls. */
bool device_status_is_alive(enum device_status status);
