/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many outstanding SNMP requests over few shared UDP sockets, asynchronous.
 *
 * The engine sends GET, GETNEXT, GETBULK and INFORM requests (v1, v2c, v3/USM) and calls
 * back exactly once per request. It owns retransmission (per-target RTT estimate), matching
 * of answers by source address and request id, SNMPv3 engine discovery and time
 * synchronisation (asynchronous like any request), and the process-wide cap on what is
 * outstanding; requests beyond the cap wait in order without holding up anything else.
 * net-snmp encodes, decodes and secures; it opens no socket. Poller and inform sender use it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/snmp_value.h"

struct loop;
struct snmp_engine;
struct snmp_target;
struct snmp_request;

/* How to talk to a device. Strings stay the caller's; keys are derived once and cached per (credential, engine). */
struct snmp_credential {
	enum snmp_version version;
	const char *community;		/* v1, v2c */
	const char *user;		/* v3 */
	enum snmp_security_level level;
	enum snmp_auth auth;
	enum snmp_priv priv;
	const char *auth_pass, *priv_pass;
	const char *context;		/* v3 contextName; NULL: the default context "" */
};

const char *snmp_outcome_name(enum snmp_outcome outcome); /* "timeout", "wrong-key", ... */
bool snmp_outcome_is_auth(enum snmp_outcome outcome);	  /* user, key, decrypt, level, window */

struct snmp_answer {
	enum snmp_outcome outcome;
	int err;		    /* FAILED, UNREACHABLE: negative errno */
	int error_status, error_index; /* RFC 3416 3 */
	const struct snmp_varbind *varbinds;
	size_t n_varbinds;
	int64_t sent_us, received_us; /* monotonic; sent_us is of the transmission that was answered */
	unsigned int transmissions;
	size_t octets;		    /* of the datagram */
};
typedef void snmp_answer_fn(void *data, const struct snmp_answer *answer);

/*
 * A list of variable bindings in its encoded form, counted by references. What is asked for
 * again and again (the same GET each cycle) is encoded once: hand it to snmp_ask.bindings
 * and asking copies nothing. Immutable; it may be shared by any number of targets.
 * -EINVAL: a type that cannot be sent, or a name under 2 or over 128 arcs; -EMSGSIZE: over 65,000 octets.
 */
struct snmp_bindings;
int snmp_bindings_new(const struct snmp_varbind *varbinds, size_t n_varbinds, struct snmp_bindings **ret);
struct snmp_bindings *snmp_bindings_ref(struct snmp_bindings *bindings);
struct snmp_bindings *snmp_bindings_unref(struct snmp_bindings *bindings);
void snmp_bindings_unrefp(struct snmp_bindings **bindings);
size_t snmp_bindings_octets(const struct snmp_bindings *bindings);

enum snmp_pdu_kind { SNMP_PDU_GET = 0xa0, SNMP_PDU_GETNEXT = 0xa1, SNMP_PDU_GETBULK = 0xa5, SNMP_PDU_INFORM = 0xa6 };

struct snmp_ask {
	enum snmp_pdu_kind pdu;
	const struct snmp_varbind *varbinds; /* GET*: only name; INFORM: with values, sysUpTime and snmpTrapOID first */
	size_t n_varbinds;
	struct snmp_bindings *bindings; /* instead of varbinds, where not NULL; the request takes a reference */
	int non_repeaters, max_repetitions;
	int64_t deadline_us; /* monotonic; no transmission and no answer counts after it */
	int64_t timeout_us;  /* per transmission; 0: from the target's RTT estimate (200 ms .. 2 s) */
	int tries;	     /* transmissions at most, 1..15 */
	bool urgent;	     /* before those that wait */
};

struct snmp_engine_stats {
	uint64_t requests, transmissions, retransmissions, answers, outcomes[SNMP_OUTCOME_N];
	uint64_t late, duplicate, wrong_source, wrong_id, malformed, send_errors, discoveries, resyncs, reports;
	uint64_t cap_waits; /* requests that had to wait for the process-wide cap */
	unsigned int outstanding, waiting;
};

struct snmp_engine_conf {
	unsigned int max_outstanding; /* 64 is best on a LAN (PEERS); those waiting for a retry do not count */
	unsigned int sockets;	      /* per address family, 1..16 */
	const char *bind_v4, *bind_v6; /* source address, or NULL */
};

/* net-snmp is initialised without reading or writing its configuration files. Returns 0 or negative errno. */
int snmp_engine_new(struct loop *loop, const struct snmp_engine_conf *conf, struct snmp_engine **ret);
struct snmp_engine *snmp_engine_free(struct snmp_engine *engine);
void snmp_engine_freep(struct snmp_engine **engine);
void snmp_engine_get_stats(const struct snmp_engine *engine, struct snmp_engine_stats *ret);

/* cred is copied. -EINVAL if it is incomplete (a v3 passphrase under 8 characters, RFC 3414 11.2). */
int snmp_target_new(struct snmp_engine *engine, const struct sockaddr *addr, socklen_t addr_len,
		    const struct snmp_credential *cred, struct snmp_target **ret);
struct snmp_target *snmp_target_free(struct snmp_target *target); /* its requests end as CANCELLED, before this returns */
/* Engine id, boots and time, to be kept over a restart; len 0 while unknown. */
struct snmp_engine_id {
	uint8_t octets[32];
	size_t len;
	uint32_t boots, time;
	int64_t at_us; /* monotonic time of that reading */
};
void snmp_target_get_engine_id(const struct snmp_target *target, struct snmp_engine_id *ret);
int snmp_target_set_engine_id(struct snmp_target *target, const struct snmp_engine_id *id);
int64_t snmp_target_rtt_us(const struct snmp_target *target); /* smoothed; 0 while unknown */

/* fn is called exactly once, never from inside this call. Names and values are copied. ret may be NULL. */
int snmp_engine_ask(struct snmp_target *target, const struct snmp_ask *ask, snmp_answer_fn *fn, void *data,
		    struct snmp_request **ret);
/* Sends what has been asked so far, rather than at the loop's next turn: for one who has just asked a
 * batch. Calls back for requests that cannot be sent. */
void snmp_engine_flush(struct snmp_engine *engine);
/* Ends a request without a callback. */
void snmp_request_cancel(struct snmp_request *request);
