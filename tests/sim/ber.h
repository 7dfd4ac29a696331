/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of BER that SNMP uses (X.690, RFC 3417 8), for the simulator: a reader whose
 * error sticks, and a message that grows at both ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OID_MAX 128

struct oid {
	uint32_t ids[OID_MAX];
	size_t len;
};

struct ber {
	const uint8_t *p, *end;
	bool bad;
};

/* The next element must have that tag; its content is returned, empty if not (and r is
 * bad). */
struct ber ber_enter(struct ber *r, uint8_t tag);
/* Any tag. */
struct ber ber_next(struct ber *r, uint8_t *ret_tag);
int64_t ber_integer(struct ber *r);
void ber_oid(struct ber *r, struct oid *ret);
/* The content of an OBJECT IDENTIFIER. */
bool ber_oid_decode(const uint8_t *p, size_t len, struct oid *ret);

int oid_compare(const uint32_t *a, size_t na, const uint32_t *b, size_t nb);
/* "1.3.6.1..." with or without a leading dot. */
bool oid_parse(const char *text, struct oid *ret);

enum sim_type {
	SIM_INTEGER = 0x02,
	SIM_OCTETS = 0x04,
	SIM_NULL = 0x05,
	SIM_OID = 0x06,
	SIM_IPADDRESS = 0x40,
	SIM_COUNTER32 = 0x41,
	SIM_GAUGE32 = 0x42,
	SIM_TIMETICKS = 0x43,
	SIM_OPAQUE = 0x44,
	SIM_COUNTER64 = 0x46,
	SIM_NO_SUCH_OBJECT = 0x80,
	SIM_NO_SUCH_INSTANCE = 0x81,
	SIM_END_OF_MIB_VIEW = 0x82,
};

struct sim_value {
	uint8_t type;
	int64_t i;	   /* INTEGER */
	uint64_t u;	   /* COUNTER32, GAUGE32, TIMETICKS, COUNTER64 */
	const void *bytes; /* OCTETS, IPADDRESS, OPAQUE: octets; OID: uint32_t[] */
	size_t len;	   /* octets, or sub-identifiers */
	char text[64];	   /* room for made-up octets: bytes may point here */
};

#define BER_MSG_HEAD 256

/* Varbinds are appended at the tail, headers put before the head. */
struct ber_msg {
	uint8_t buf[BER_MSG_HEAD + 2048];
	uint8_t *head, *tail;
	size_t max; /* octets between head and tail at most */
	bool full;
};

void ber_msg_init(struct ber_msg *msg, size_t max);
size_t ber_msg_len(const struct ber_msg *msg);
/* False and unchanged if it would not fit. */
bool ber_append_varbind(struct ber_msg *msg, const struct oid *name, const struct sim_value *value);
bool ber_append_raw(struct ber_msg *msg, const uint8_t *p, size_t len);
/* Before the head; len octets from the head on become its content. */
void ber_wrap(struct ber_msg *msg, uint8_t tag, size_t len);
void ber_prepend_int(struct ber_msg *msg, uint8_t tag, int64_t value);
void ber_prepend_octets(struct ber_msg *msg, uint8_t tag, const void *p, size_t len);
