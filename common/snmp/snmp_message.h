/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP messages, bytes to structs and back: v1 (RFC 1157), v2c (RFC 3416, 1901), v3 with
 * the user-based security model (RFC 3412, 3414). Bytes and keys are arguments: no
 * sockets, no clock, no state. Parsing copies nothing: what it returns points into the
 * datagram.
 */
#pragma once

#include "common/base/cleanup.h"
#include "common/snmp/snmp_bindings.h"
#include "common/snmp/snmp_oids.h"
#include "common/snmp/snmp_usm.h"

enum {
	SNMP_MESSAGE_MAX = 65507, /* octets in a UDP datagram over IPv4 */
	SNMP_MESSAGE_OVERHEAD =
		512, /* more than everything but the variable bindings, community aside */
	SNMP_MESSAGE_LEAST_MAX = 484, /* what every engine takes, RFC 3412 6 */
};

/* What to send. v1 and v2c use the first block, v3 all of it but the community. */
struct snmp_message_out {
	enum snmp_version version;
	const char *community;
	uint8_t pdu; /* enum snmp_pdu_kind */
	int32_t request_id, field1,
		field2; /* error-status and -index; non-repeaters, max-repetitions */
	const struct snmp_bindings *bindings; /* NULL: none (discovery) */

	int32_t msg_id;
	const uint8_t *engine_id; /* authoritative, and the context's unless that is given */
	size_t engine_id_len;
	const uint8_t *context_engine_id; /* NULL: engine_id */
	size_t context_engine_id_len;
	uint32_t boots, time;
	const char *user, *context;
	const struct usm_keys *keys; /* NULL: noAuthNoPriv */
	uint64_t salt;		     /* a number never used before with these keys */
	bool answer; /* a Response or Report: nothing is reported on it (RFC 3412 7.1) */
};

/*
 * Encodes into buf (room octets); the message lies at its end: *ret_at, *ret_len.
 * 0; -EMSGSIZE if it does not fit; -EIO if the library fails.
 */
must_check_ int snmp_message_encode(const struct snmp_message_out *out, uint8_t *buf, size_t room,
				    const uint8_t **ret_at, size_t *ret_len);

/* A received message as far as it can be read without keys. */
struct snmp_message {
	int64_t version;
	/* v1, v2c */
	const uint8_t *community;
	size_t community_len;
	/* v3 header and security parameters */
	int64_t msg_id, max_size;
	uint8_t flags; /* SNMP_FLAG_* */
	const uint8_t *engine_id, *user, *mac, *salt, *encrypted;
	size_t engine_id_len, user_len, mac_len, salt_len, encrypted_len;
	uint32_t boots, time;
	/* the scoped PDU's context (v3) and the PDU; has_pdu false while it is encrypted
	 */
	const uint8_t *context_engine_id, *context;
	size_t context_engine_id_len, context_len;
	bool has_pdu;
	uint8_t pdu;
	int64_t request_id, error_status, error_index;
	const uint8_t *bindings;
	size_t bindings_len;
	/* SNMP_PDU_TRAP_V1 instead of request_id and errors (RFC 1157 4.1.6) */
	const uint8_t *enterprise; /* an OID's content octets, for ber_oid_content() */
	size_t enterprise_len;
	uint8_t agent_address[4];
	int64_t generic, specific;
	uint64_t uptime_ticks;
};
enum { SNMP_FLAG_AUTH = 1, SNMP_FLAG_PRIV = 2, SNMP_FLAG_REPORTABLE = 4 };

/* 0; -EBADMSG; or what RFC 3412 7.2 counts apart: -EPROTONOSUPPORT another version,
 * -EAFNOSUPPORT another security model, -EPROTO encryption without authentication. */
must_check_ int snmp_message_parse(const uint8_t *octets, size_t len, struct snmp_message *ret);
/* Reads the decrypted scoped PDU into a message that snmp_message_parse began. Trailing
 * octets are padding. 0 or -EBADMSG. */
must_check_ int snmp_message_parse_scoped(const uint8_t *octets, size_t len,
					  struct snmp_message *msg);

/*
 * Digest of a received message, right or wrong. The digest is taken over octets with its own
 * place zeroed (RFC 3414 6.3.2), so they are written to, and are afterwards as they were.
 * 0; -EACCES wrong; -EBADMSG the digest has not the protocol's length; -EIO.
 */
must_check_ int snmp_message_verify(const struct snmp_message *msg, uint8_t *octets, size_t len,
				    const struct usm_keys *keys);

/* Room for the bindings of one message; reused. */
struct snmp_varbind_room {
	struct snmp_varbind *varbinds;
	snmp_oid_t *arcs;
	size_t n, n_arcs, max, max_arcs;
};
/* Enough for any datagram: about 1 MiB of address space, touched as far as answers need
 * it. 0 or -ENOMEM. */
must_check_ int snmp_varbind_room_init(struct snmp_varbind_room *room);
void snmp_varbind_room_deinit(struct snmp_varbind_room *room);
/* Reads the message's bindings. 0 or -EBADMSG. Names and values point into room and the
 * datagram. */
must_check_ int snmp_message_varbinds(const struct snmp_message *msg,
				      struct snmp_varbind_room *room);
/* The same for the answer to a GET of these: a name that comes back at its place is not
 * spelt out again (name_len 0, as_asked). asked NULL: all are. */
must_check_ int snmp_message_answer(const struct snmp_message *msg,
				    const struct snmp_bindings *asked,
				    struct snmp_varbind_room *room);

/* What a Report says (RFC 3414 3.2, RFC 3412 7.1). */
enum usm_stat snmp_report_of(const struct snmp_varbind *varbinds, size_t n);
