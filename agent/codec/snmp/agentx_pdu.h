/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AgentX PDUs (RFC 2741 5-6): a reader over received octets with an error that sticks,
 * and a writer into a buffer of fixed size. Both byte orders are read; network byte order
 * is written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

enum {
	AGENTX_HEADER_LEN = 20,
	AGENTX_OID_MAX = SNMP_OID_LEN_MAX,
	AGENTX_PAYLOAD_MAX = 65536, /* of a PDU, in either direction */
};

enum agentx_type {
	AGENTX_OPEN = 1,
	AGENTX_CLOSE = 2,
	AGENTX_REGISTER = 3,
	AGENTX_GET = 5,
	AGENTX_GETNEXT = 6,
	AGENTX_GETBULK = 7,
	AGENTX_TESTSET = 8,
	AGENTX_COMMITSET = 9,
	AGENTX_UNDOSET = 10,
	AGENTX_CLEANUPSET = 11,
	AGENTX_PING = 13,
	AGENTX_RESPONSE = 18,
};

enum { AGENTX_NON_DEFAULT_CONTEXT = 0x08, AGENTX_NETWORK_BYTE_ORDER = 0x10 };

/* Errors in a Response, RFC 2741 6.2.16; below 256 they are SNMP's. */
enum agentx_error {
	AGENTX_NO_ERROR = 0,
	AGENTX_NOT_WRITABLE = 17,
	AGENTX_NOT_OPEN = 257,
	AGENTX_UNSUPPORTED_CONTEXT = 262,
	AGENTX_PARSE_ERROR = 266,
	AGENTX_PROCESSING_ERROR = 268,
};

struct agentx_header {
	uint8_t type, flags;
	uint32_t session, transaction, packet;
	uint32_t payload_len;
};

struct agentx_oid {
	snmp_oid_t subids[AGENTX_OID_MAX];
	size_t len;
	bool include;
};

struct agentx_reader {
	const uint8_t *at, *end;
	bool big_endian, error;
};

/*
 * Reads the header of octets[0..AGENTX_HEADER_LEN). 0; -EBADMSG for another version, or a
 * payload that is too long or no multiple of 4: nothing after it can be trusted.
 */
int agentx_header_parse(const uint8_t *octets, struct agentx_header *ret);

struct agentx_reader agentx_reader(const struct agentx_header *header, const uint8_t *payload);
/* After an error these give 0, NULL or an empty OID. */
uint16_t agentx_read_u16(struct agentx_reader *r);
uint32_t agentx_read_u32(struct agentx_reader *r);
void agentx_read_oid(struct agentx_reader *r, struct agentx_oid *ret);
const uint8_t *agentx_read_octets(struct agentx_reader *r, size_t *ret_len);

struct agentx_writer {
	uint8_t *buf;
	size_t len, room;
	size_t start; /* of the PDU under way */
	bool full;    /* sticks until agentx_end() */
};

/* Appends a PDU: begin, its fields, end. payload_len of the header is ignored. */
void agentx_begin(struct agentx_writer *w, const struct agentx_header *header);
void agentx_put_u16(struct agentx_writer *w, uint16_t value);
void agentx_put_u32(struct agentx_writer *w, uint32_t value);
void agentx_put_oid(struct agentx_writer *w, const snmp_oid_t *subids, size_t len);
void agentx_put_octets(struct agentx_writer *w, const uint8_t *octets, size_t len);
/* A binding with a value, NULL or an exception. False, and nothing appended, without
 * room. */
bool agentx_put_varbind(struct agentx_writer *w, const struct snmp_varbind *varbind);
/* Completes the PDU; false, and nothing of it left, if it did not fit. */
bool agentx_end(struct agentx_writer *w);
