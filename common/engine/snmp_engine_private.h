/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What snmp_engine.c (life of a request), snmp_receive.c (what an incoming datagram
 * means) and snmp_target.c (devices) share. Nobody else includes it.
 */
#pragma once

#include "common/base/queue.h"
#include "common/base/timer_heap.h"
#include "common/engine/credential_cache.h"
#include "common/engine/request_table.h"
#include "common/engine/rtt_estimate.h"
#include "common/engine/snmp_engine.h"
#include "common/engine/usm_peer.h"
#include "common/loop/udp_pool.h"
#include "common/snmp/snmp_message.h"

/*
 * QUEUED   in one of the engine's queues: waits for a place under the cap
 * PARKED   in its target's list: waits for the target's engine id or keys
 * FLYING   sent, holds a place under the cap
 * OVERDUE  sent, the answer is late: its place went to another; sent again at retry_at_us
 */
enum request_state { REQUEST_QUEUED, REQUEST_PARKED, REQUEST_FLYING, REQUEST_OVERDUE };

struct snmp_request {
	struct request_node node;
	struct timer_node timer;
	TAILQ_ENTRY(snmp_request) of_queue; /* QUEUED, PARKED */
	LIST_ENTRY(snmp_request) of_target;
	struct snmp_target *target;
	struct snmp_bindings *bindings;
	snmp_answer_fn *fn;
	void *data;
	int64_t deadline_us, retry_at_us, first_us;
	int64_t timeout_us;				     /* 0: from the estimate */
	uint32_t sent_after_us[REQUEST_TABLE_TRANSMISSIONS]; /* since first_us */
	int32_t field1, field2;
	uint32_t round;		   /* in which it was queued */
	uint8_t state, pdu, fault; /* enum request_state, snmp_pdu_kind, snmp_outcome */
	uint8_t tries, tried;	   /* of the present stage: discovery, or the request itself */
	uint8_t sent;		   /* transmissions in all */
	uint8_t window_resyncs, engine_changes;
	bool urgent, knows_names;
	bool diagnosing; /* its last transmission asks whether at least the digest is
			    right */
};
TAILQ_HEAD(request_queue, snmp_request);
LIST_HEAD(request_list, snmp_request);

struct snmp_target {
	LIST_ENTRY(snmp_target) of_engine;
	struct snmp_target *next_by_address;
	struct snmp_engine *engine;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	const struct shared_credential *cred;
	struct usm_peer *peer; /* v3 only */
	struct rtt_estimate rtt;
	snmp_late_fn *late_fn;
	void *late_data;
	struct sockaddr_storage accepted;     /* believed too, where accepts; family 0: any */
	struct sockaddr_storage answers_from; /* the last one, if not addr; else family 0 */
	bool accepts;
	int64_t heard_us; /* last datagram that fitted one of its requests */
	struct request_list requests;
	struct request_queue parked;
	struct snmp_request *discoverer; /* whose transmissions are discovery probes; NULL */
	bool dying;
};
LIST_HEAD(target_list, snmp_target);

struct snmp_engine {
	struct loop *loop;
	struct loop_timer *timer;
	int64_t armed_us; /* INT64_MAX: not */
	struct udp_pool *pool;
	struct credential_cache *credentials;
	struct request_table table;
	struct timer_heap heap;
	struct request_queue urgent, waiting;
	struct target_list targets;
	struct snmp_target **by_address;
	size_t n_targets, n_buckets;
	unsigned int max_outstanding;
	uint32_t round;
	unsigned int which_socket; /* of the present batch; the next takes another */
	int dispatching;	   /* depth of callbacks from the loop: asks need no kick */
	struct snmp_varbind_room room;
	uint8_t *encode_buf; /* 2 * ENGINE_BUF */
	uint8_t *plain_buf;  /* ENGINE_BUF: decrypted answer */
	struct snmp_engine_stats stats;
};
enum { ENGINE_BUF = UDP_POOL_DATAGRAM_MAX };

/* snmp_engine.c */
/* Ends a request: takes it out of everything, then calls back. Neither it nor its target
 * may be touched afterwards: the callback may have freed both. */
void snmp_request_finish(struct snmp_request *req, struct snmp_answer *answer);
void snmp_request_fail(struct snmp_request *req, enum snmp_outcome outcome, int err);
/* What waited for the target's engine id or keys competes again. */
void snmp_target_unpark(struct snmp_target *target);
void snmp_engine_kick(struct snmp_engine *engine);

/* Gives back what the request holds: its place in a queue, or under the cap. */
void snmp_request_leave(struct snmp_request *req);
/* To the end of its queue: REQUEST_QUEUED or REQUEST_PARKED. */
void snmp_request_queue(struct snmp_request *req, enum request_state state);
/* No answer came. May ask once more why (snmp_engine.c); else finishes it. */
void snmp_request_give_up(struct snmp_request *req, int64_t now_us);

static inline int64_t snmp_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* snmp_transmit.c */
/* Sends the request's present stage now. May finish it. */
void snmp_request_transmit(struct snmp_request *req, int64_t now_us);

/* snmp_receive.c */
void snmp_engine_datagram(void *engine, const struct sockaddr_storage *from, uint8_t *octets,
			  size_t len);
void snmp_engine_unreachable(void *engine, const struct sockaddr_storage *peer, int err);

/* snmp_target.c */
/* Targets at that address: the first, then next_by_address (skip those that differ). */
struct snmp_target *snmp_engine_bucket(const struct snmp_engine *engine,
				       const struct sockaddr_storage *addr);
