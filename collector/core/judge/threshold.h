/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values that pass a limit and stay there: begun when the limit was passed for the whole
 * time that the threshold asks for, over when the value was beyond the clearing value for as
 * long. What is unknown is no evidence, in neither direction; what stays unknown for an hour
 * is given up. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/conf/threshold_conf.h"
#include "collector/core/judge/device_state.h"

struct inventory_entry;
struct threshold_set;

enum { THRESHOLD_WATCHES_MAX = 4096, THRESHOLD_GIVE_UP_MS = 3600000 };

struct threshold_hooks {
	void *data;
	/* begin_ms: wall, since when it is so. */
	void (*begun)(void *data, const struct threshold_conf *threshold, const char *device_id,
		      const char *object, double value, int64_t begin_ms);
	/* value NAN: nothing was known any more, or nobody asks any more. */
	void (*ended)(void *data, const char *title, const char *device_id, const char *object,
		      double value, int64_t end_ms);
};

/* One value of an object of a device. */
struct threshold_value {
	const struct inventory_entry *entry;
	const char *object, *group, *name;
	double value;
};

/* conf: must outlive the set, or the next threshold_set_conf(). Returns 0 or -ENOMEM. */
int threshold_set_new(const struct threshold_conf *conf, size_t n,
		      const struct threshold_hooks *hooks, struct threshold_set **ret);
struct threshold_set *threshold_set_free(struct threshold_set *set);
/* After a reload: what a threshold that is gone has begun ends. */
void threshold_set_conf(struct threshold_set *set, const struct threshold_conf *conf, size_t n,
			struct moment now);
/* Whether any threshold asks for values of this group: those of others need not be put. */
bool threshold_set_wants(const struct threshold_set *set, const char *group);
/* office: whether it is office time. */
void threshold_set_put(struct threshold_set *set, const struct threshold_value *value, bool office,
		       struct moment now);
/* After a restart: an alert of this threshold is open. False: there is no such threshold, and the alert has to end. */
bool threshold_set_restore(struct threshold_set *set, const char *title, const char *device_id,
			   const char *object, struct moment now);
void threshold_set_forget(struct threshold_set *set, const char *device_id, struct moment now);
/* Gives up what is unknown for too long. Once a minute will do. */
void threshold_set_tick(struct threshold_set *set, struct moment now);
/* Values that were not watched for lack of room. */
uint64_t threshold_set_dropped(const struct threshold_set *set);
