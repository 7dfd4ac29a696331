/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What agent.c (start and stop), agent_watch.c (what happens while it runs) and
 * agent_reload.c share. Nobody else includes it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "agent/codec/netlink/rtnl_parse.h"
#include "agent/core/event/event_log.h"
#include "agent/core/history/wall_clock.h"
#include "agent/core/link/link_table.h"
#include "agent/io/store/clock_state.h"
#include "agent/io/store/shm.h"

enum {
	AGENT_SPEED_ASKS = MIB_LINKS_MAX,
	AGENT_LINKS_SETTLE_TICKS = 30, /* within which links come after a start */
};

struct agent {
	struct loop *loop;
	const char *conf_path;
	struct agent_files *files;

	enum clock_state clock;
	uint32_t epoch_id;
	struct shm shm;
	struct event_log log;
	struct event_store *store;
	uint32_t first_event;

	struct link_table *table;
	struct wall_clock wall;
	struct rtnl_sock *rtnl;
	struct ethtool_sock *ethtool;
	bool dump_wanted;
	bool left_out_told;	       /* that links are beyond max-links */
	unsigned int links_checked_in; /* ticks until the sections' links are looked for; 0: done */
	unsigned int ticks;
	struct stamp sample;
	/* Links in a sample that the table does not have (excluded ones), now and after
	 * the last dump: a change means that an event was missed. */
	uint32_t unknown, unknown_expected, known;
	bool fresh_dump;
	uint32_t speed_asks[AGENT_SPEED_ASKS];
	size_t n_speed_asks;

	struct snmp_engine *engine;
	struct notify_send *notify;
	struct snmp_standalone *standalone;
	struct agentx_sub *agentx;
	struct path_probe *paths;
	struct wifi_watch *wifi;

	struct loop_timer *tick_timer, *stop_timer;
	int64_t stop_us;
	int64_t watchdog_us, watchdog_sent_us;
	unsigned int alarm_s; /* 0: none */
};

/* ---- agent_watch.c ---- */

void agent_stamp(const struct agent *agent, struct stamp *ret);
void agent_add_event(struct agent *agent, const struct mib_event *event, const struct stamp *now);
void agent_add_plain_event(struct agent *agent, enum event_type type, uint32_t value,
			   const char *text);
int agent_dump(struct agent *agent);
void agent_on_link_event(void *data, const struct link_event *from, const struct stamp *now);
void agent_on_dropped(void *data, const char *receiver, uint32_t n);
void agent_on_ask_speed(void *data, uint32_t if_index);
void agent_on_change(void *data, enum rtnl_item item, const struct rtnl_msg *msg);
void agent_on_changes_done(void *data);
void agent_on_lost(void *data);
void agent_on_tick(void *data);

/* ---- agent.c ---- */

/* What the configuration says of the site, into the rows that SNMP serves. */
void agent_set_scalars(struct agent *agent);
/* Each makes a module anew from agent->files. Returns 0 or negative errno. */
int agent_start_notify(struct agent *agent);
int agent_start_snmp(struct agent *agent);
int agent_start_paths(struct agent *agent);
