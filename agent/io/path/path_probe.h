/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Echo probes to the targets of the configuration's path sections: the default gateway of
 * IPv4 or IPv6, found in the routing table, or fixed addresses. Unprivileged ping sockets
 * (net.ipv4.ping_group_range) where the kernel allows them, raw ones else.
 */
#pragma once

#include <stdint.h>

#include "agent/core/mib/mib_data.h"

struct agent_conf;
struct loop;
struct path_probe;

/* A path changed its state. */
struct path_event {
	enum event_type type;	/* EVENT_PATH_DOWN, _DEGRADED or _UP */
	uint32_t path_index;	/* pantauPathIndex */
	const char *name;	/* of the path section */
	uint32_t loss_permille; /* of the last probes */
	int64_t wall_ms;	/* when it happened: the first probe that was lost, or answered
			   */
	const char *text;	/* "noc 192.0.2.10 down"; valid during the call */
};
typedef void path_event_fn(void *data, const struct path_event *event);

/*
 * Opens the sockets (before privileges are dropped) and begins to probe. Paths stand in
 * the order of the configuration, at most MIB_PATHS_MAX. conf must outlive it.
 * Without path sections *ret is NULL, which all functions here accept.
 * Returns 0 or negative errno; sockets that cannot be had are only logged.
 */
int path_probe_new(struct loop *loop, const struct agent_conf *conf, path_event_fn *fn, void *data,
		   struct path_probe **ret);
struct path_probe *path_probe_free(struct path_probe *probe);
void path_probe_freep(struct path_probe **probe);

/* An event of an earlier start (of any type, in the order of their numbers): a path that was
 * told to be down is told to be up again when it is, and not told to be down twice. */
void path_probe_recall(struct path_probe *probe, const struct mib_event *event);

/* The history of each path comes to where the path stands in the table now. */
void path_probe_claim_history(const struct path_probe *probe, struct mib_data *data);

/* Copies names, addresses, states and the figures of the last whole minute to the rows of
 * mib_data. */
void path_probe_publish(const struct path_probe *probe, struct mib_data *data);

/* A minute ended: its figures become those of the last minute and a row of the history.
 * Before path_probe_publish(). */
void path_probe_minute(struct path_probe *probe, struct mib_data *data, uint32_t minute);

/* The clock was set by step_ms: times of day move with it. */
void path_probe_step(struct path_probe *probe, int64_t step_ms);
