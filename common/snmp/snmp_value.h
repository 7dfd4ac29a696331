/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and values of SNMP as plain data: what pure logic may see of a PDU. Neither net-snmp nor sockets are needed to use it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long snmp_oid_t; /* as net-snmp's oid */
enum { SNMP_OID_LEN_MAX = 128 };  /* arcs, RFC 2578 3.5 */

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

/* The PDUs' tags, RFC 3416 3, RFC 1157 4.1.6 */
enum snmp_pdu_kind {
	SNMP_PDU_GET = 0xa0,
	SNMP_PDU_GETNEXT = 0xa1,
	SNMP_PDU_RESPONSE = 0xa2,
	SNMP_PDU_SET = 0xa3,
	SNMP_PDU_TRAP_V1 = 0xa4,
	SNMP_PDU_GETBULK = 0xa5,
	SNMP_PDU_INFORM = 0xa6,
	SNMP_PDU_TRAP = 0xa7,
	SNMP_PDU_REPORT = 0xa8,
};

/* error-status, RFC 3416 3: those that anything here says or decides by. */
enum snmp_error {
	SNMP_ERROR_NONE = 0,
	SNMP_ERROR_TOO_BIG = 1,
	SNMP_ERROR_NO_SUCH_NAME = 2, /* v1 */
	SNMP_ERROR_NO_ACCESS = 6,
	SNMP_ERROR_AUTHORIZATION = 16,
	SNMP_ERROR_NOT_WRITABLE = 17,
};
