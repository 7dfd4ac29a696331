/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever arrives in a datagram: parsing, bindings, the digest check, and the scoped PDU
 * as it looks after decryption with a wrong key (the octets themselves).
 */
#include "common/snmp/snmp_message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct snmp_varbind_room room, again;
static const struct usm_keys KEYS = {.auth_protocol = SNMP_AUTH_SHA1, .auth_len = 20};

/* As the answer to a request for the very names that are in it: the values are the same. */
static void read_again(const struct snmp_message *msg)
{
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *asked = NULL;
	static struct snmp_varbind names[SNMP_MESSAGE_MAX / 6];

	for (size_t i = 0; i < room.n; i++)
		names[i] = (struct snmp_varbind){.name = room.varbinds[i].name,
						 .name_len = room.varbinds[i].name_len};
	if (!room.n || snmp_bindings_new(names, room.n, &asked) < 0)
		return;
	if (snmp_message_answer(msg, asked, &again) < 0 || again.n != room.n)
		abort();
	for (size_t i = 0; i < room.n; i++)
		if (again.varbinds[i].type != room.varbinds[i].type ||
		    (room.varbinds[i].type != SNMP_TYPE_OID &&
		     memcmp(&again.varbinds[i].v, &room.varbinds[i].v,
			    sizeof(room.varbinds[i].v.u)) != 0))
			abort();
}

static uint64_t touch(const struct snmp_message *msg)
{
	uint64_t sum = 0;

	if (!msg->has_pdu || snmp_message_varbinds(msg, &room) < 0)
		return 0;
	for (size_t i = 0; i < room.n; i++) {
		const struct snmp_varbind *v = &room.varbinds[i];

		sum += v->name[v->name_len - 1];
		if (v->type == SNMP_TYPE_OCTETS && v->v.octets.len)
			sum += v->v.octets.p[v->v.octets.len - 1];
		if (v->type == SNMP_TYPE_OID)
			sum += v->v.oid.p[v->v.oid.len - 1];
	}
	read_again(msg);
	return sum + snmp_report_of(room.varbinds, room.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t octets[SNMP_MESSAGE_MAX];
	volatile uint64_t sum = 0;
	struct snmp_message msg = {0};

	if (!room.varbinds && snmp_varbind_room_init(&room) < 0)
		return 0;
	if (!again.varbinds && snmp_varbind_room_init(&again) < 0)
		return 0;
	if (size > sizeof(octets))
		return 0;
	memcpy(octets, data, size);
	if (snmp_message_parse(octets, size, &msg) == 0) {
		sum += touch(&msg);
		if (msg.flags & SNMP_FLAG_AUTH)
			sum += (uint64_t)snmp_message_verify(&msg, octets, size, &KEYS);
		if (memcmp(octets, data, size) != 0)
			abort();
	}
	msg = (struct snmp_message){0};
	if (snmp_message_parse_scoped(data, size, &msg) == 0)
		sum += touch(&msg);
	(void)sum;
	return 0;
}
