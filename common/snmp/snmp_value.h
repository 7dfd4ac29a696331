/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names, values and outcomes of SNMP as plain data: what pure logic may see of a PDU or of
 * a request. Neither net-snmp nor sockets are needed to use it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long snmp_oid_t; /* as net-snmp's oid */

/* ASN.1 tags as on the wire, RFC 3416 */
enum snmp_type {
	SNMP_TYPE_INTEGER = 0x02,
	SNMP_TYPE_OCTETS = 0x04,
	SNMP_TYPE_NULL = 0x05,
	SNMP_TYPE_OID = 0x06,
	SNMP_TYPE_IPADDRESS = 0x40,
	SNMP_TYPE_COUNTER32 = 0x41,
	SNMP_TYPE_GAUGE32 = 0x42,
	SNMP_TYPE_TIMETICKS = 0x43,
	SNMP_TYPE_OPAQUE = 0x44,
	SNMP_TYPE_COUNTER64 = 0x46,
	SNMP_TYPE_NO_SUCH_OBJECT = 0x80,
	SNMP_TYPE_NO_SUCH_INSTANCE = 0x81,
	SNMP_TYPE_END_OF_MIB_VIEW = 0x82,
};

/* One variable binding. Names and octets point elsewhere: those of an answer are valid only
 * during the callback. */
struct snmp_varbind {
	const snmp_oid_t *name;
	size_t name_len;
	uint8_t type;
	bool as_asked; /* of an answer: has the name that was asked for at its place, not spelt out here */
	union {
		int64_t i;  /* INTEGER */
		uint64_t u; /* COUNTER32, GAUGE32, TIMETICKS, COUNTER64 */
		struct {
			const uint8_t *p;
			size_t len;
		} octets; /* OCTETS, IPADDRESS, OPAQUE */
		struct {
			const snmp_oid_t *p;
			size_t len;
		} oid;
	} v;
};

enum snmp_pdu_kind {
	SNMP_PDU_GET = 0xa0,
	SNMP_PDU_GETNEXT = 0xa1,
	SNMP_PDU_GETBULK = 0xa5,
	SNMP_PDU_INFORM = 0xa6
};

/* How a request ended. */
enum snmp_outcome {
	SNMP_OUTCOME_ANSWER,	   /* an answer; error_status may still be non-zero */
	SNMP_OUTCOME_TIMEOUT,	   /* nothing came within the deadline */
	SNMP_OUTCOME_REFUSED,	   /* ICMP port unreachable: the host lives, no agent listens */
	SNMP_OUTCOME_UNREACHABLE,  /* no route, network or host unreachable */
	SNMP_OUTCOME_UNKNOWN_USER, /* usmStatsUnknownUserNames */
	SNMP_OUTCOME_WRONG_KEY, /* usmStatsWrongDigests, or our check of the answer's digest failed */
	SNMP_OUTCOME_DECRYPT_ERROR, /* usmStatsDecryptionErrors: wrong privacy key or protocol */
	SNMP_OUTCOME_UNSUPPORTED_LEVEL, /* usmStatsUnsupportedSecLevels */
	SNMP_OUTCOME_NOT_IN_WINDOW,	/* time window, after one resynchronisation failed too */
	SNMP_OUTCOME_NO_ACCESS, /* the agent's access control refuses what is asked; the asker's verdict, not the engine's */
	SNMP_OUTCOME_MALFORMED, /* an answer from the right place with the right id that cannot be decoded */
	SNMP_OUTCOME_FAILED,	/* local: out of memory, encoding, queue full; err holds -errno */
	SNMP_OUTCOME_CANCELLED, /* engine or target freed */
	SNMP_OUTCOME_N
};
