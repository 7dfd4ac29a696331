/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends what the inform queues hold, by common/engine/snmp_engine, and keeps what receivers have
 * acknowledged. Informs go from here straight to the receiver, never by way of an snmpd.
 */
#pragma once

#include <sys/socket.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/event/inform_queue.h"

struct event_log;
struct event_store;
struct loop;
struct notify_send;
struct snmp_engine;

struct notify_conf {
	const struct agent_conf *conf;
	const struct agent_users *users;
	const struct mib_data *data;
	const struct event_log *log;
	struct event_store *store;
	uint32_t first; /* a receiver that is not known yet gets events from this number
			   on */
	/* A receiver that missed events hears again: n were dropped meanwhile. */
	void (*tell_dropped)(void *data, const char *receiver, uint32_t n);
	/* By which link an address is reached: 0 and *ret_if_index, or negative errno if
	 * it is not reached now (then nothing is sent; what a dead link's queue holds
	 * would come twice). */
	int (*route)(void *data, const struct sockaddr *addr, uint32_t *ret_if_index);
	void *calls_data;
};

/* All that conf points to must outlive it. Returns 0 or negative errno, with the reason
 * logged. */
int notify_send_new(struct snmp_engine *engine, const struct notify_conf *conf,
		    struct notify_send **ret);
struct notify_send *notify_send_free(struct notify_send *send);
void notify_send_freep(struct notify_send **send);

/* There is a new event, or time has passed (once a second): sends what is due. */
void notify_send_run(struct notify_send *send);
/* A link came up, or a path: tries what waits at once; an address came: what had no way to
 * its receiver. */
void notify_send_way_up(struct notify_send *send);
void notify_send_address_up(struct notify_send *send);
/* A link went down: what was sent by it and not acknowledged is lost, and is kept for
 * another attempt at once when there is a way again. */
void notify_send_link_down(struct notify_send *send, uint32_t if_index);
/* The ring gave up this event. True if a receiver wanted it and had not had it. */
bool notify_send_overwritten(struct notify_send *send, const struct event_gone *gone);
/* Nothing waits for an acknowledgement. */
bool notify_send_is_idle(const struct notify_send *send);

size_t notify_send_n(const struct notify_send *send);
const struct inform_queue *notify_send_queue(const struct notify_send *send, size_t i);
