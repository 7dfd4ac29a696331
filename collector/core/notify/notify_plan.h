/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From alerts to deliveries: who is told what, when, and what happens when he cannot be.
 *
 * - An alert is told once by each channel that a rule names, and gets exactly one recovery
 *   there, also over a restart. What is over before it was tried is not told at all.
 * - Of a storm the first is told at once, those of the next seconds in one list.
 * - A channel sends one message at a time, in order. What fails is tried again, ever more
 *   slowly; a channel that goes on failing is told of by the others.
 * - A delivery is stored before each try, so that after a kill it is sent again at most once.
 *
 * Pure: time comes in, hooks go out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/alert/alert.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/notify/delivery.h"
#include "common/base/stats.h"

enum { NOTIFY_TOLD_MAX = 8192 /* alerts times channels that are not over */ };

struct notify_plan;

/* None may call back into the plan. */
struct notify_plan_hooks {
	void *data;
	/* A row to be stored. One that is IN_FLIGHT waits for notify_plan_stored(). */
	void (*put)(void *data, const struct delivery *delivery);
	/* To be sent now; notify_plan_result() says what became of it. thread_remote: what the receiver calls the
	 * message that it answers, "" if it answers none. */
	void (*send)(void *data, const struct delivery *delivery, const char *thread_remote);
	/* The alert with its device; false: it is not known any more. ret is valid until the next call. */
	bool (*find)(void *data, int64_t alert_id, struct notify_item *ret);
	bool (*office)(void *data); /* whether it is office time */
	/* A channel began to fail, or (why NULL) works again; dropped: messages lost meanwhile. */
	void (*channel)(void *data, const char *channel, const char *why, uint64_t dropped);
};

/* conf must outlive the plan, or the next notify_plan_set_conf(). last_id: the highest delivery that was ever stored.
 * Returns 0 or -ENOMEM. */
int notify_plan_new(const struct notify_conf *conf, const struct notify_plan_hooks *hooks,
		    int64_t last_id, struct notify_plan **ret);
struct notify_plan *notify_plan_free(struct notify_plan *plan);
void notify_plan_freep(struct notify_plan **plan);
/* After a reload. What waits for a channel that is gone fails; what a rule that is gone has told is still recovered. */
void notify_plan_set_conf(struct notify_plan *plan, const struct notify_conf *conf,
			  struct moment now);

/*
 * At the start: the stored deliveries of alerts that are open or whose recovery may be
 * owed, oldest first.
 */
void notify_plan_restore(struct notify_plan *plan, const struct delivery *delivery,
			 struct moment now);

/* That this channel fails is told already. False: there is no such channel any more. */
bool notify_plan_restore_failing(struct notify_plan *plan, const char *channel);
/* Then: what ended meanwhile is recovered, what nobody knows any more is forgotten. */
void notify_plan_restored(struct notify_plan *plan, struct moment now);

/* Something became of an alert. */
void notify_plan_alert(struct notify_plan *plan, const struct notify_item *item,
		       enum alert_change change, struct moment now);
/* A message of no alert by one channel: a trial, the summary. Returns its id, -ENOENT (no such channel) or -ENOSPC. */
int64_t notify_plan_say(struct notify_plan *plan, const char *channel, enum notify_what what,
			struct moment now);

/* The row of this delivery is stored, or cannot be: telling is worth more than knowing. */
void notify_plan_stored(struct notify_plan *plan, int64_t id, struct moment now);
void notify_plan_result(struct notify_plan *plan, int64_t id, const struct delivery_result *result,
			struct moment now);

/* Does what is due. Returns the monotonic ms at which it wants to be called again, or -1. */
int64_t notify_plan_tick(struct notify_plan *plan, struct moment now);

struct notify_plan_stats {
	uint64_t made, confirmed, failed, dropped, retries, joined;
	unsigned int waiting, told;
	unsigned int channels_failing;
};
void notify_plan_get_stats(const struct notify_plan *plan, struct notify_plan_stats *ret);
/* A stats_provider_fn; data is the struct notify_plan *. */
void notify_plan_emit_stats(void *plan, stats_emit_fn *emit, void *emit_data);
