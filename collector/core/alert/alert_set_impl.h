/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the alert set. */
#pragma once

#include "collector/core/alert/alert_set.h"

/* A device that is out. */
struct alert_out {
	struct alert_outage outage;
	int64_t settle_mono; /* its cause is over; what it is then? 0: it is not */
};

struct alert_set {
	struct alert_hooks hooks;
	const struct device_set *devices;
	int64_t last_id, settle_ms;
	struct alert **open; /* by id */
	size_t n_open, open_size;
	struct alert *recent; /* ring */
	size_t n_recent, recent_at;
	struct alert_out *outs; /* one at most per device */
	size_t n_outs, outs_size;
	struct alert_set_stats stats;
};

struct alert *alert_set_find_open(const struct alert_set *set, int64_t id);
struct alert *alert_set_find_ended(const struct alert_set *set, int64_t id);
/* Of this kind, device and link; NULL: there is none. */
struct alert *alert_set_find_of(const struct alert_set *set, enum alert_kind kind,
				const char *device_id, const char *link);
void alert_set_tell(const struct alert_set *set, const struct alert *alert,
		    enum alert_change change);
void alert_set_set_cause_by_person(struct alert_set *set, struct alert *alert,
				   enum alert_cause cause);
/* Another cause than was thought, unless a person said which. Tells of it. */
void alert_set_set_cause(struct alert_set *set, struct alert *alert, enum alert_cause cause);

/* ---- alert_cause.c ---- */

/* What the devices that fail together have in common; told where it is new. */
void alert_cause_look_around(struct alert_set *set, const struct alert *alert);
/* What a device's uptime says of the outage that is about to end. */
void alert_cause_by_uptime(struct alert_set *set, struct alert *alert, int64_t end_ms);
