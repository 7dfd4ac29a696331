/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Receives traps and informs of v1, v2c and v3 on UDP sockets of its own, without ever
 * blocking. Each is authenticated (trap_auth), decoded (core/trap/trap_map), compared with what
 * came lately, and handed up once; an inform is acknowledged when the one above says that
 * it is stored, a repeated one again without being handed up. What is not taken has a
 * counter that says why, and its sender is remembered.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/trap/notification_row.h"
#include "collector/core/trap/sender_table.h"
#include "collector/core/trap/trap_budget.h"
#include "collector/core/trap/trap_map.h"
#include "collector/io/snmp/trap_auth.h"
#include "common/base/stats.h"

struct device;
struct device_set;
struct loop;
struct trap_recv;

struct trap_recv_conf {
	char *const *listen; /* NULL-terminated: "0.0.0.0:162", "[::]:162" */
	/* NULL, or NULL-terminated, at most COLLECTOR_LISTEN_MAX: addresses that speak for others */
	char *const *forwarders;
	struct trap_budget_conf budget;
	int receive_buffer; /* octets */
	size_t pending_max; /* informs that wait for the store; 0: 10000 */
};

/* One notification, for the time of the call. */
struct trap_arrival {
	const struct notification *notification;
	struct device *device; /* whose it is; NULL: nobody's that we know */
	const char *source;    /* numeric address */
	const char *version;   /* "v1", "v2c", "v3" */
	const char *
		security_name; /* the user, or the name of the community's credential; "" if that is the community */
	int64_t received_ms; /* wall */
	struct trap_key key;
	const char *text; /* its variable bindings */
};

/* Stands for an inform to be acknowledged; 0 for a trap. */
typedef uint64_t trap_ticket;

struct trap_recv_hooks {
	void *data;
	/* Takes it and later calls trap_recv_done(ticket) if that is not 0. */
	void (*arrived)(void *data, const struct trap_arrival *arrival, trap_ticket ticket);
	/* A sender of v3 traps proved its boots and time: to be kept for
	 * trap_auth_restore_clock(), or what was recorded could be sent again after a restart. */
	void (*clock_moved)(void *data, const uint8_t *engine_id, size_t engine_id_len,
			    uint32_t boots, uint32_t time);
};

/* devices, which is followed at each datagram, and auth, which has the credentials, must outlive it. Returns 0 or negative errno; the log says which address cannot be bound. */
int trap_recv_new(struct loop *loop, const struct trap_recv_conf *conf,
		  const struct trap_recv_hooks *hooks, const struct device_set *devices,
		  struct trap_auth *auth, struct trap_recv **ret);
struct trap_recv *trap_recv_free(struct trap_recv *recv); /* open tickets become void */
/* Binds what conf names and is not bound yet, then closes what it no longer names. 0, or negative errno: all is as
 * before. */
int trap_recv_set_conf(struct trap_recv *recv, const struct trap_recv_conf *conf);

/* err 0: stored, acknowledge; else forget it: the sender comes again. Harmless for a ticket that is void. */
void trap_recv_done(struct trap_recv *recv, trap_ticket ticket, int err);
/* A key that was stored before the start; received_ms: wall. */
void trap_recv_remember(struct trap_recv *recv, const struct trap_key *key, int64_t received_ms);
/* A sender that no device is, of before the start; left out if a device is there now. */
void trap_recv_restore_sender(struct trap_recv *recv, const char *source, uint64_t count,
			      int64_t first_ms, int64_t last_ms);
/* Whose notifications were refused, or are of no device. */
const struct sender_table *trap_recv_senders(const struct trap_recv *recv);

struct trap_recv_stats {
	uint64_t datagrams, traps, informs, acknowledged, repeats, replayed,
		verdicts[TRAP_VERDICT_N];
	uint64_t rate_limited, unknown_limited, community_limited, unknown_source, downgraded,
		foreign, no_forwarder, forwarded, no_notification_oid, bad_varbinds;
	uint64_t pending_full, not_stored, send_errors, no_memory, kernel_drops;
	uint64_t senders_dropped;
	unsigned int pending, senders;
};
void trap_recv_get_stats(const struct trap_recv *recv, struct trap_recv_stats *ret);
/* A stats_provider_fn; data is the struct trap_recv *. */
void trap_recv_emit_stats(void *recv, stats_emit_fn *emit, void *emit_data);

/* One datagram as if it came from there, for fuzzing and tests: no socket is needed. */
struct sockaddr_storage;
void trap_recv_datagram(struct trap_recv *recv, const struct sockaddr_storage *from,
			uint8_t *octets, size_t len);
