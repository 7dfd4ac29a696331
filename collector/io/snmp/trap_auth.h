/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a received notification is who it claims to be: communities for v1 and v2c, the
 * user-based security model for v3, with us as the authoritative engine for informs and the
 * sender for traps (RFC 3414 3.2). Says what to answer; sends nothing itself.
 *
 * Keys are per credential, not per user name: sites may each have their own key for one
 * name. The credential of the device with that source address is tried first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/conf/credentials_conf.h"
#include "common/snmp/snmp_identity.h"
#include "common/snmp/snmp_message.h"

struct loop;
struct trap_auth;

enum trap_verdict {
	TRAP_ACCEPTED,
	TRAP_DISCOVERY, /* somebody asks for our engine id, boots or time: ret_report tells */
	TRAP_MALFORMED,
	TRAP_WRONG_PDU, /* a request, an answer: not for this port */
	TRAP_BAD_COMMUNITY,
	TRAP_UNKNOWN_USER,
	TRAP_WEAK_LEVEL, /* less protected than its credential asks for */
	TRAP_WRONG_KEY,
	TRAP_DECRYPT_ERROR,
	TRAP_NOT_IN_WINDOW, /* too old, or repeated by somebody */
	TRAP_KEYS_PENDING,  /* the key is still being derived: it will come again */
	TRAP_VERDICT_N
};
const char *trap_verdict_name(enum trap_verdict verdict); /* "wrong-key", ... */

/* An accepted message. msg points into the datagram (or into the auth's buffer, once decrypted). */
struct trap_message {
	struct snmp_message msg;
	const struct credential_conf *credential; /* of the current configuration */
	struct usm_keys keys;			  /* v3: to answer with; without protocols for a
						   * message that is not authenticated */
	bool clock_moved; /* v3 trap: the sender's boots and time in msg are worth keeping */
};

/* To send back, or len 0; valid until the next call */
struct trap_answer {
	const uint8_t *octets;
	size_t len;
};

/* identity is copied; credentials stay the caller's. Keys are derived in a thread. 0 or negative errno. */
int trap_auth_new(struct loop *loop, const struct snmp_identity *identity,
		  const struct credentials_conf *credentials, struct trap_auth **ret);
struct trap_auth *trap_auth_free(struct trap_auth *auth);
/* From now on these. Keys of credentials that did not change are kept. 0 or negative errno: then the old ones stay. */
int trap_auth_set_credentials(struct trap_auth *auth, const struct credentials_conf *credentials);
/* All of now, whether their notifications are accepted or not. */
const struct credentials_conf *trap_auth_credentials(const struct trap_auth *auth);

/* A datagram as it came. octets may be written to. */
struct trap_input {
	const char *
		preferred; /* title of the credential of the device at the source address, or NULL */
	uint8_t *octets;
	size_t len;
	int64_t now_us;	     /* monotonic */
	bool only_preferred; /* v3: no other key is tried; each costs a digest */
};

/* What a sender of v3 traps had proved before the start. */
void trap_auth_restore_clock(struct trap_auth *auth, const uint8_t *engine_id, size_t engine_id_len,
			     uint32_t boots, uint32_t time, int64_t now_us);

/* ret is set on TRAP_ACCEPTED; ret_report on anything (its len may be 0). */
enum trap_verdict trap_auth_check(struct trap_auth *auth, const struct trap_input *in,
				  struct trap_message *ret, struct trap_answer *ret_report);

/* The answer to an accepted inform, kept until it may be sent. */
struct trap_reply;
struct trap_reply *trap_reply_new(const struct trap_message *message); /* NULL: out of memory */
struct trap_reply *trap_reply_free(struct trap_reply *reply);
/* Encodes the answer as of now. 0 or negative errno. */
int trap_auth_answer(struct trap_auth *auth, const struct trap_reply *reply, int64_t now_us,
		     struct trap_answer *ret);
