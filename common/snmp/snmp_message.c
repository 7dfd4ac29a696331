/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP messages from octets, by ber_reader; snmp_message_encode.c is the other way.
 * Decides whether octets are a message; not whether it is wanted, nor whether its time is
 * right. Source: RFC 1157 4, RFC 3412 6, RFC 3414 2.4, RFC 3416 3.
 */
#include "common/snmp/snmp_message.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/snmp/ber_reader.h"
#include "common/snmp/snmp_oids.h"

static void parse_trap_v1(struct ber_reader *pdu, struct snmp_message *msg)
{
	struct ber_reader enterprise = ber_tagged(pdu, BER_OID), address, ticks;
	uint8_t tag;

	msg->enterprise = enterprise.at;
	msg->enterprise_len = (size_t)(enterprise.end - enterprise.at);
	address = ber_tagged(pdu, SNMP_TYPE_IPADDRESS);
	if (address.end - address.at == sizeof(msg->agent_address))
		memcpy(msg->agent_address, address.at, sizeof(msg->agent_address));
	msg->generic = ber_int(pdu);
	msg->specific = ber_int(pdu);
	ticks = ber_any(pdu, &tag); /* some send an INTEGER */
	msg->uptime_ticks = ber_unsigned_content(&ticks, 4);
	pdu->error = pdu->error || ticks.error;
}

static int parse_pdu(struct ber_reader *r, struct snmp_message *msg)
{
	struct ber_reader pdu = ber_any(r, &msg->pdu), list;

	if (r->error || (msg->pdu & 0xe0) != 0xa0)
		return -EBADMSG;
	if (msg->pdu == SNMP_PDU_TRAP_V1) {
		parse_trap_v1(&pdu, msg);
	} else {
		msg->request_id = ber_int32(&pdu);
		msg->error_status = ber_int(&pdu);
		msg->error_index = ber_int(&pdu);
	}
	list = ber_tagged(&pdu, BER_SEQUENCE);
	if (pdu.error)
		return -EBADMSG;
	msg->bindings = list.at;
	msg->bindings_len = (size_t)(list.end - list.at);
	msg->has_pdu = true;
	return 0;
}

int snmp_message_parse_scoped(const uint8_t *octets, size_t len, struct snmp_message *msg)
{
	struct ber_reader r = ber_reader(octets, len);
	struct ber_reader scoped = ber_tagged(&r, BER_SEQUENCE);

	msg->context_engine_id = ber_octets(&scoped, &msg->context_engine_id_len);
	msg->context = ber_octets(&scoped, &msg->context_len);
	return parse_pdu(&scoped, msg);
}

static int parse_security(struct ber_reader *r, struct snmp_message *msg)
{
	struct ber_reader outer = ber_tagged(r, BER_OCTETS);
	struct ber_reader params = ber_tagged(&outer, BER_SEQUENCE);
	int64_t boots, time;

	msg->engine_id = ber_octets(&params, &msg->engine_id_len);
	boots = ber_int(&params);
	time = ber_int(&params);
	msg->user = ber_octets(&params, &msg->user_len);
	msg->mac = ber_octets(&params, &msg->mac_len);
	msg->salt = ber_octets(&params, &msg->salt_len);
	if (r->error || outer.error || params.error || boots < 0 || boots > INT32_MAX || time < 0 ||
	    time > INT32_MAX || msg->engine_id_len > USM_ENGINE_ID_MAX)
		return -EBADMSG;
	msg->boots = (uint32_t)boots;
	msg->time = (uint32_t)time;
	return 0;
}

static int parse_v3(struct ber_reader *r, struct snmp_message *msg)
{
	struct ber_reader header = ber_tagged(r, BER_SEQUENCE);
	const uint8_t *flags, *scoped;
	size_t flags_len;
	int64_t model;

	msg->msg_id = ber_int(&header);
	msg->max_size = ber_int(&header);
	flags = ber_octets(&header, &flags_len);
	model = ber_int(&header);
	if (r->error || header.error || flags_len != 1)
		return -EBADMSG;
	if (model != SNMP_MODEL_USM)
		return -EAFNOSUPPORT;
	msg->flags = *flags;
	if (msg->flags & SNMP_FLAG_PRIV && !(msg->flags & SNMP_FLAG_AUTH))
		return -EPROTO;
	if (parse_security(r, msg) < 0)
		return -EBADMSG;
	if (msg->flags & SNMP_FLAG_PRIV) {
		msg->encrypted = ber_octets(r, &msg->encrypted_len);
		return r->error ? -EBADMSG : 0;
	}
	scoped = r->at;
	return snmp_message_parse_scoped(scoped, (size_t)(r->end - scoped), msg);
}

int snmp_message_parse(const uint8_t *octets, size_t len, struct snmp_message *ret)
{
	struct ber_reader datagram = ber_reader(octets, len);
	struct ber_reader r = ber_tagged(&datagram, BER_SEQUENCE);
	struct snmp_message msg = {.version = ber_int(&r)};
	int err;

	if (r.error)
		return -EBADMSG;
	switch (msg.version) {
	case SNMP_V1:
	case SNMP_V2C:
		msg.community = ber_octets(&r, &msg.community_len);
		err = parse_pdu(&r, &msg);
		break;
	case SNMP_V3:
		err = parse_v3(&r, &msg);
		break;
	default:
		err = -EPROTONOSUPPORT;
	}
	if (err == 0)
		*ret = msg;
	return err;
}

/* In constant time: how many octets were right is not to be measured. */
static bool same_octets(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

int snmp_message_verify(const struct snmp_message *msg, uint8_t *octets, size_t len,
			const struct usm_keys *keys)
{
	size_t mac_len = usm_mac_len(keys->auth_protocol);
	uint8_t mac[USM_MAC_MAX], received[USM_MAC_MAX];
	uint8_t *place;
	int r;

	if (mac_len == 0 || msg->mac_len != mac_len)
		return -EBADMSG;
	assert(msg->mac > octets && msg->mac + mac_len <= octets + len);
	place = octets + (msg->mac - octets);
	memcpy(received, place, mac_len);
	memset(place, 0, mac_len);
	r = usm_sign(keys, octets, len, mac);
	memcpy(place, received, mac_len);
	if (r < 0)
		return r;
	return same_octets(mac, received, mac_len) ? 0 : -EACCES;
}

/* ---- bindings received ---- */

int snmp_varbind_room_init(struct snmp_varbind_room *room)
{
	/* The smallest binding is 30 04 06 00 06 00: 6 octets that make two names of 2
	 * arcs. */
	size_t max = SNMP_MESSAGE_MAX / 6, max_arcs = SNMP_MESSAGE_MAX + 4 * max;

	*room = (struct snmp_varbind_room){
		.varbinds = malloc(max * sizeof(*room->varbinds)),
		.arcs = malloc(max_arcs * sizeof(*room->arcs)),
		.max = max,
		.max_arcs = max_arcs,
	};
	if (room->varbinds && room->arcs)
		return 0;
	snmp_varbind_room_deinit(room);
	return -ENOMEM;
}

void snmp_varbind_room_deinit(struct snmp_varbind_room *room)
{
	free(room->varbinds);
	free(room->arcs);
	*room = (struct snmp_varbind_room){0};
}

static size_t read_oid(struct ber_reader *content, struct snmp_varbind_room *room,
		       const snmp_oid_t **ret)
{
	snmp_oid_t *arcs = room->arcs + room->n_arcs;
	size_t n = ber_oid_content(content, arcs, room->max_arcs - room->n_arcs);

	*ret = arcs;
	room->n_arcs += n;
	return n;
}

static void read_value(struct ber_reader *content, struct snmp_varbind_room *room,
		       struct snmp_varbind *v)
{
	switch (v->type) {
	case SNMP_TYPE_INTEGER:
		v->v.i = ber_signed_content(content);
		break;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
		v->v.u = ber_unsigned_content(content, 4);
		break;
	case SNMP_TYPE_COUNTER64:
		v->v.u = ber_unsigned_content(content, 8);
		break;
	case SNMP_TYPE_OID:
		v->v.oid.len = read_oid(content, room, &v->v.oid.p);
		break;
	default: /* of a type that we do not know, the octets */
		v->v.octets.p = content->at;
		v->v.octets.len = (size_t)(content->end - content->at);
	}
}

static int read_pair(struct ber_reader *list, struct snmp_varbind_room *room,
		     struct snmp_varbind *v)
{
	struct ber_reader pair = ber_tagged(list, BER_SEQUENCE);
	struct ber_reader name = ber_tagged(&pair, BER_OID), value;

	if (list->error || pair.error)
		return -EBADMSG;
	v->as_asked = false;
	v->name_len = read_oid(&name, room, &v->name);
	value = ber_any(&pair, &v->type);
	read_value(&value, room, v);
	return pair.error || name.error || value.error ? -EBADMSG : 0;
}

/*
 * A binding whose name is, octet for octet, that of the next one in asked, with headers of
 * two octets: nearly every one in the answer to a GET. False, and nothing read, if either
 * is not like that.
 */
static bool read_pair_as_asked(struct ber_reader *list, struct ber_reader *asked,
			       struct snmp_varbind_room *room, struct snmp_varbind *v)
{
	size_t left = (size_t)(list->end - list->at), len, name_len;
	const uint8_t *at = list->at, *own = asked->at;
	struct ber_reader value;

	if (asked->end - own < 6 || own[1] >= 0x80 || own[1] + 2 > asked->end - own)
		return false;
	name_len = own[1] - 2u; /* with its header; a NULL follows */
	if (left < name_len + 4 || at[0] != BER_SEQUENCE || at[1] >= 0x80)
		return false;
	len = at[1];
	if (len + 2 > left || len < name_len + 2 || memcmp(at + 2, own + 2, name_len) != 0 ||
	    at[name_len + 3] != len - name_len - 2)
		return false;
	*v = (struct snmp_varbind){.as_asked = true, .type = at[name_len + 2]};
	value = ber_reader(at + name_len + 4, len - name_len - 2);
	read_value(&value, room, v);
	if (value.error)
		return false;
	list->at += len + 2;
	asked->at += own[1] + 2;
	return true;
}

/* The bindings without the header of their list; none for NULL. */
static struct ber_reader list_of(const struct snmp_bindings *bindings)
{
	static const uint8_t NONE[] = {BER_SEQUENCE, 0};
	struct ber_reader all = bindings ? ber_reader(bindings->octets, bindings->len)
					 : ber_reader(NONE, sizeof(NONE));

	return ber_tagged(&all, BER_SEQUENCE);
}

int snmp_message_answer(const struct snmp_message *msg, const struct snmp_bindings *asked,
			struct snmp_varbind_room *room)
{
	struct ber_reader list = ber_reader(msg->bindings, msg->bindings_len);
	struct ber_reader names = list_of(asked);

	room->n = room->n_arcs = 0;
	while (list.at < list.end) {
		struct snmp_varbind *v = &room->varbinds[room->n];

		if (room->n == room->max)
			return -EBADMSG;
		room->n++;
		if (read_pair_as_asked(&list, &names, room, v))
			continue;
		if (read_pair(&list, room, v) < 0)
			return -EBADMSG;
		ber_tagged(&names, BER_SEQUENCE);
	}
	return 0;
}

int snmp_message_varbinds(const struct snmp_message *msg, struct snmp_varbind_room *room)
{
	return snmp_message_answer(msg, NULL, room);
}

enum usm_stat snmp_report_of(const struct snmp_varbind *varbinds, size_t n)
{
	static const snmp_oid_t USM_STATS[] = {SNMP_OID_USM_STATS};
	enum { BASE = ARRAY_LEN(USM_STATS) };

	if (n < 1 || varbinds[0].name_len != BASE + 2 ||
	    memcmp(varbinds[0].name, USM_STATS, sizeof(USM_STATS)) != 0)
		return USM_STAT_OTHER;
	if (varbinds[0].name[BASE] >= USM_STAT_N)
		return USM_STAT_OTHER;
	return (enum usm_stat)varbinds[0].name[BASE];
}
