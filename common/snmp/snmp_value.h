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

enum snmp_version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };
enum snmp_security_level { SNMP_SEC_NONE = 1, SNMP_SEC_AUTH = 2, SNMP_SEC_AUTH_PRIV = 3 };
enum snmp_auth {
	SNMP_AUTH_NONE,
	SNMP_AUTH_MD5,
	SNMP_AUTH_SHA1,
	SNMP_AUTH_SHA224,
	SNMP_AUTH_SHA256,
	SNMP_AUTH_SHA384,
	SNMP_AUTH_SHA512
};
/* AES192 and AES256 lengthen the key as draft-blumenthal-aes-usm-04 3.1.2.1 does (net-snmp, most vendors), the _CISCO
 * ones as draft-reeder-snmpv3-usm-3desede-00 2.1 does (Cisco and those who follow it). */
enum snmp_priv {
	SNMP_PRIV_NONE,
	SNMP_PRIV_DES,
	SNMP_PRIV_AES128,
	SNMP_PRIV_AES192,
	SNMP_PRIV_AES256,
	SNMP_PRIV_AES192_CISCO,
	SNMP_PRIV_AES256_CISCO,
};

/* One variable binding. Names and octets point into the answer: valid only during the callback. */
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
