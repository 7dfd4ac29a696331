/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3414 3.2 as the receiver of a message performs it, for the agent's responder and the
 * collector's receiver: engine, user, level, digest, time window, decryption, each with its
 * counter and its Report (RFC 3412 7.1.3). Octets, users and the time go in; a verdict, the
 * decrypted PDU or a Report comes out. Neither sockets nor clocks are known here.
 *
 * Nothing is remembered of a message before its digest was found right: forged ones neither
 * fill memory nor move a clock.
 */
#pragma once

#include "common/base/cleanup.h"
#include "common/snmp/snmp_identity.h"
#include "common/snmp/snmp_message.h"
#include "common/snmp/snmp_oids.h"
#include "common/snmp/snmp_usm.h"

struct usm_authority;

/* One whose messages may be believed. Several may have one name, each with its own keys. */
struct usm_user {
	const char *name;
	size_t name_len;
	enum snmp_security_level level; /* up to which its keys reach */
	enum snmp_security_level least; /* what is less protected is refused */
	bool ready;			/* keys are there: localized to our engine */
	struct usm_keys keys;
	/* From which the keys for another engine are made; master NULL: for none. */
	const struct snmp_credential *cred;
	const struct usm_master *master;
	const void *owner; /* the caller's */
};

enum usm_verdict {
	USM_ACCEPTED = 0,
	/* Each has a counter, and a Report where the sender asks for one. */
	USM_UNSUPPORTED_LEVEL = USM_STAT_UNSUPPORTED_LEVELS,
	USM_NOT_IN_WINDOW = USM_STAT_NOT_IN_WINDOWS, /* neither, if it is another engine's window */
	USM_UNKNOWN_USER = USM_STAT_UNKNOWN_USERS,
	USM_UNKNOWN_ENGINE = USM_STAT_UNKNOWN_ENGINES, /* or somebody asks for our id (4) */
	USM_WRONG_DIGEST = USM_STAT_WRONG_DIGESTS,
	USM_DECRYPTION_ERROR = USM_STAT_DECRYPTION_ERRORS,
	/* No counter, no Report. */
	USM_KEYS_PENDING = USM_STAT_N, /* the keys are still being made: it will come again */
	USM_MALFORMED,		       /* no engine has such an id */
	USM_VERDICT_N
};

struct usm_authority_conf {
	const struct snmp_identity *identity; /* copied */
	uint64_t salt;	  /* where to begin: never what was used with these boots and keys */
	uint32_t *counts; /* usmStats by arc: USM_STAT_N of them; the caller's */
	size_t clocks;	  /* engines of traps whose clocks are remembered; 0: all is to be for us */
};

/* 0 or -ENOMEM. */
must_check_ int usm_authority_new(const struct usm_authority_conf *conf,
				  struct usm_authority **ret);
struct usm_authority *usm_authority_free(struct usm_authority *authority);
/* They stay the caller's, as long as they are set. */
void usm_authority_set_users(struct usm_authority *authority, const struct usm_user *users,
			     size_t n);

struct usm_input {
	struct snmp_message *msg; /* what snmp_message_parse() made of the octets; of v3 */
	uint8_t *octets;	  /* written to during the call */
	size_t len;
	const void *preferred; /* the owner whose users are tried first, or NULL */
	bool only_preferred;   /* no others are: somebody wastes our time */
	int64_t now_us;	       /* monotonic */
};

/* All of it is valid until the next call. */
struct usm_output {
	/* Who it is; of a refused message, whom it names, or NULL. */
	const struct usm_user *user;
	/* Accepted: to answer with, at the level of the message. NULL: not authenticated. */
	const struct usm_keys *keys;
	bool clock_moved; /* of another engine: the message proves boots and time worth keeping */
	const uint8_t *report; /* refused: to be sent back */
	size_t report_len;     /* 0: nothing is */
};

/* Sets ret. Once accepted, msg has its PDU, decrypted into memory that is valid until the
 * next call. */
enum usm_verdict usm_authority_check(struct usm_authority *authority, const struct usm_input *in,
				     struct usm_output *ret);

/* What another engine's messages had proved before the start: see usm_clocks_restore(). */
void usm_authority_restore_clock(struct usm_authority *authority, const uint8_t *engine_id,
				 size_t engine_id_len, uint32_t boots, uint32_t time,
				 int64_t now_us);
/* snmpEngineTime. */
uint32_t usm_authority_time(const struct usm_authority *authority, int64_t now_us);
/* Who speaks, as of now, and a salt that was never used: for a message that goes out. */
void usm_authority_fill(struct usm_authority *authority, int64_t now_us,
			struct snmp_message_out *out);

struct usm_report {
	const snmp_oid_t *name; /* of the counter's instance; at most 16 arcs */
	size_t name_len;
	uint32_t count;
	const struct usm_keys *keys; /* NULL: not authenticated */
	int64_t now_us;
};

/* A Report on msg (RFC 3412 7.1.3), for what others than USM refuse. Returns its length; 0:
 * the sender wants none. */
size_t usm_authority_report(struct usm_authority *authority, const struct snmp_message *msg,
			    const struct usm_report *report, const uint8_t **ret_at);
