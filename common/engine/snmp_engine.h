/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many outstanding SNMP requests over few shared UDP sockets, asynchronous.
 *
 * The engine sends GET, GETNEXT, GETBULK and INFORM requests (v1, v2c, v3/USM) and calls
 * back exactly once per request. It owns retransmission (per-target RTT estimate),
 * matching of answers by request id and source address (which a device may differ in, if told so), SNMPv3 engine discovery and time
 * synchronisation (asynchronous like any request), and the process-wide cap on what is
 * outstanding; requests beyond the cap wait in order without holding up anything else.
 * net-snmp encodes, decodes and secures; it opens no socket. Poller and inform sender use
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/snmp/snmp_bindings.h"
#include "common/snmp/snmp_credential.h"
#include "common/snmp/snmp_outcome.h"
#include "common/snmp/snmp_value.h"

struct loop;
struct snmp_engine;
struct snmp_target;
struct snmp_request;

struct snmp_answer {
	enum snmp_outcome outcome;
	int err;		       /* FAILED, UNREACHABLE: negative errno */
	int error_status, error_index; /* RFC 3416 3 */
	const struct snmp_varbind *varbinds;
	size_t n_varbinds;
	/* Monotonic; sent_us is of the transmission that was answered, first_us of the
	 * first (0: none was sent). */
	int64_t sent_us, received_us, first_us;
	unsigned int transmissions;
	size_t octets; /* of the datagram */
};
typedef void snmp_answer_fn(void *data, const struct snmp_answer *answer);

struct snmp_ask {
	enum snmp_pdu_kind pdu;
	/* GET*: only names; INFORM: with values, sysUpTime and snmpTrapOID first. */
	const struct snmp_varbind *varbinds;
	size_t n_varbinds;
	/* Instead of varbinds, where not NULL; the request takes a reference. */
	struct snmp_bindings *bindings;
	int non_repeaters, max_repetitions;
	/* Monotonic; no transmission and no answer counts after it. */
	int64_t deadline_us;
	/* Per transmission; 0: from the target's RTT estimate (200 ms .. 2 s). */
	int64_t timeout_us;
	int tries;   /* transmissions at most, 1..15 */
	bool urgent; /* before those that wait */
	/* GET: names in the answer that are what was asked for, at the same place, need not be
	 * decoded (snmp_varbind.as_asked). */
	bool knows_names;
};

/* Counters since the engine was made, for the status page and /metrics. */
struct snmp_engine_stats {
	uint64_t requests;	  /* asked */
	uint64_t transmissions;	  /* datagrams sent, probes and repetitions included */
	uint64_t retransmissions; /* not the first of their request */
	uint64_t answers;	  /* believed Responses */
	uint64_t reports;	  /* believed Reports (v3) */
	uint64_t outcomes[SNMP_OUTCOME_N];
	uint64_t late;		/* after their request had ended without an answer */
	uint64_t duplicate;	/* after their request had been answered */
	uint64_t wrong_source;	/* right number, wrong address */
	uint64_t wrong_id;	/* a number that was never sent, or long ago */
	uint64_t malformed;	/* no SNMP message, or one that may not be believed */
	uint64_t send_errors;	/* the kernel took none; repeated like a lost one */
	uint64_t receive_drops; /* lost to a full receive buffer, by the kernel's count */
	uint64_t icmp_errors;
	uint64_t discoveries; /* engine ids learned */
	uint64_t resyncs;     /* time windows corrected */
	uint64_t cap_waits;   /* requests that had to wait for a place */
	unsigned int outstanding, waiting;
};

struct snmp_engine_conf {
	/* Places for requests whose answer is expected; those that wait for a retry hold
	 * none. 64 is best on a LAN: more only makes bursts. */
	unsigned int max_outstanding;
	unsigned int sockets;	       /* per address family, 1..16 */
	const char *bind_v4, *bind_v6; /* source address, or NULL */
};

/* Uses net-snmp's encoders and cryptography only: needs no init_snmp(), reads and writes
 * none of its files, disturbs no agent or session in the process. Returns 0 or negative
 * errno. Not to be freed from one of its own callbacks. */
int snmp_engine_new(struct loop *loop, const struct snmp_engine_conf *conf,
		    struct snmp_engine **ret);
struct snmp_engine *snmp_engine_free(struct snmp_engine *engine);
void snmp_engine_freep(struct snmp_engine **engine);
void snmp_engine_get_stats(const struct snmp_engine *engine, struct snmp_engine_stats *ret);

/* cred is copied; equal ones share one copy and one derivation of keys, which a
 * short-lived thread does (requests wait for it). -EINVAL if cred is incomplete (a v3
 * passphrase under 8 characters, RFC 3414 11.2); -EPROTONOSUPPORT if net-snmp was built
 * without a protocol. */
int snmp_target_new(struct snmp_engine *engine, const struct sockaddr *addr, socklen_t addr_len,
		    const struct snmp_credential *cred, struct snmp_target **ret);
/* Its requests end as CANCELLED before this returns. */
struct snmp_target *snmp_target_free(struct snmp_target *target);
/* Engine id, boots and time, to be kept over a restart; len 0 while unknown. */
struct snmp_engine_id {
	uint8_t octets[USM_ENGINE_ID_MAX];
	size_t len;
	uint32_t boots, time;
	int64_t at_us; /* monotonic time of that reading */
};
void snmp_target_get_engine_id(const struct snmp_target *target, struct snmp_engine_id *ret);
/* -EINVAL for a target that is not v3, or a length out of 1..32. */
int snmp_target_set_engine_id(struct snmp_target *target, const struct snmp_engine_id *id);
/* Smoothed round trip; 0 while unknown. */
int64_t snmp_target_rtt_us(const struct snmp_target *target);

/* Answers from that address are believed as well, from whichever port; family 0: from any address.
 * By their number alone then, which who cannot see the request can only guess. */
void snmp_target_accept_from(struct snmp_target *target, const struct sockaddr_storage *addr);
/* Where the last answer to one of its requests came from; family 0: from its own address, or none came. */
const struct sockaddr_storage *snmp_target_answers_from(const struct snmp_target *target);

/* fn is called when the device answers a request that had already ended without an
 * answer: it is slow, but it lives. NULL: nobody. Not called from inside any function of
 * this header. */
typedef void snmp_late_fn(void *data);
void snmp_target_on_late(struct snmp_target *target, snmp_late_fn *fn, void *data);

/* fn is called exactly once, never from inside this call. Names and values are copied.
 * ret may be NULL. */
int snmp_engine_ask(struct snmp_target *target, const struct snmp_ask *ask, snmp_answer_fn *fn,
		    void *data, struct snmp_request **ret);
/* Sends what has been asked so far, rather than at the loop's next turn: for one who has
 * just asked a batch. Calls back for requests that cannot be sent. */
void snmp_engine_flush(struct snmp_engine *engine);
/* The device gave a sign of life: a request whose answer is late is sent again now, not when
 * its timeout ends. No more often than a request may be sent in all. */
void snmp_request_hurry(struct snmp_request *request);
/* Ends a request without a callback. */
void snmp_request_cancel(struct snmp_request *request);
