/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP message encoding (by net-snmp's ASN.1 builders, from the end to the front, so that
 * every length is minimal) and parsing (by ber_reader). Decides whether octets are a
 * message; not whether it is wanted, nor whether its time is right.
 * Source: RFC 3412 6, RFC 3414 2.4, RFC 3416 3, RFC 1157 4, net-snmp's asn1.h.
 */
#include "common/snmp_message.h"

#include "common/ber_reader.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

enum { SECURITY_MODEL_USM = 3, SEQUENCE = ASN_SEQUENCE | ASN_CONSTRUCTOR };

/* ---- encoding ---- */

/* Fills buf from its end; an error sticks. */
struct writer {
	u_char *buf;
	size_t room, used;
	bool error;
};

static void put_int(struct writer *w, long value)
{
	if (!asn_realloc_rbuild_int(&w->buf, &w->room, &w->used, 0, ASN_INTEGER, &value,
				    sizeof(value)))
		w->error = true;
}

static void put_string(struct writer *w, uint8_t type, const void *octets, size_t len)
{
	static const u_char NOTHING[1];

	if (!asn_realloc_rbuild_string(&w->buf, &w->room, &w->used, 0, type,
				       len ? octets : NOTHING, len))
		w->error = true;
}

static void put_raw(struct writer *w, const void *octets, size_t len)
{
	if (len > w->room - w->used) {
		w->error = true;
		return;
	}
	w->used += len;
	memcpy(w->buf + w->room - w->used, octets, len);
}

/* Wraps everything written since mark. */
static void put_header(struct writer *w, uint8_t type, size_t mark)
{
	if (!asn_realloc_rbuild_header(&w->buf, &w->room, &w->used, 0, type,
				       w->used - mark))
		w->error = true;
}

static const uint8_t *front(const struct writer *w)
{
	return w->buf + w->room - w->used;
}

static void put_pdu(struct writer *w, const struct snmp_message_out *out)
{
	static const uint8_t NO_BINDINGS[] = {SEQUENCE, 0};
	size_t mark = w->used;

	if (out->bindings)
		put_raw(w, out->bindings->octets, out->bindings->len);
	else
		put_raw(w, NO_BINDINGS, sizeof(NO_BINDINGS));
	put_int(w, out->field2);
	put_int(w, out->field1);
	put_int(w, out->request_id);
	put_header(w, out->pdu, mark);
}

static void put_community_message(struct writer *w, const struct snmp_message_out *out)
{
	put_pdu(w, out);
	put_string(w, ASN_OCTET_STR, out->community, strlen(out->community));
	put_int(w, out->version);
	put_header(w, SEQUENCE, 0);
}

static uint8_t flags_of(const struct snmp_message_out *out)
{
	uint8_t flags = out->answer ? 0 : SNMP_FLAG_REPORTABLE;

	if (out->keys && out->keys->auth_protocol != SNMP_AUTH_NONE)
		flags |= SNMP_FLAG_AUTH;
	if (out->keys && out->keys->priv_protocol != SNMP_PRIV_NONE)
		flags |= SNMP_FLAG_PRIV;
	return flags;
}

/* The scoped PDU, encrypted where the keys say so. The plain text is written to the end
 * of the buffer, encrypted to its start, and taken back from there. */
static void put_scoped_pdu(struct writer *w, const struct snmp_message_out *out,
			   const uint8_t *salt)
{
	size_t len;

	put_pdu(w, out);
	put_string(w, ASN_OCTET_STR, out->context,
		   out->context ? strlen(out->context) : 0);
	if (out->context_engine_id)
		put_string(w, ASN_OCTET_STR, out->context_engine_id,
			   out->context_engine_id_len);
	else
		put_string(w, ASN_OCTET_STR, out->engine_id, out->engine_id_len);
	put_header(w, SEQUENCE, 0);
	if (!salt || w->error)
		return;
	len = w->used;
	if (w->room < 2 * len + 8 || usm_encrypt(out->keys, salt, out->boots, out->time,
						 front(w), len, w->buf, &len) < 0) {
		w->error = true;
		return;
	}
	w->used = len;
	memmove(w->buf + w->room - len, w->buf, len);
	put_header(w, ASN_OCTET_STR, 0);
}

static void put_security(struct writer *w, const struct snmp_message_out *out,
			 const uint8_t *salt, size_t mac_len, size_t *ret_mac_mark)
{
	static const uint8_t ZEROS[USM_MAC_MAX];
	size_t mark = w->used;

	put_string(w, ASN_OCTET_STR, salt, salt ? USM_SALT_LEN : 0);
	*ret_mac_mark =
		w->used + mac_len; /* the digest's octets start that far from the end */
	put_string(w, ASN_OCTET_STR, ZEROS, mac_len);
	put_string(w, ASN_OCTET_STR, out->user, out->user ? strlen(out->user) : 0);
	put_int(w, out->time);
	put_int(w, out->boots);
	put_string(w, ASN_OCTET_STR, out->engine_id, out->engine_id_len);
	put_header(w, SEQUENCE, mark);
	put_header(w, ASN_OCTET_STR, mark);
}

static void put_v3_message(struct writer *w, const struct snmp_message_out *out)
{
	uint8_t flags = flags_of(out), mac[USM_MAC_MAX], salt[USM_SALT_LEN];
	size_t mac_len =
		flags & SNMP_FLAG_AUTH ? usm_mac_len(out->keys->auth_protocol) : 0;
	size_t mark, mac_mark;

	if (flags & SNMP_FLAG_PRIV)
		usm_salt(out->keys, out->boots, out->salt, salt);
	put_scoped_pdu(w, out, flags & SNMP_FLAG_PRIV ? salt : NULL);
	put_security(w, out, flags & SNMP_FLAG_PRIV ? salt : NULL, mac_len, &mac_mark);
	mark = w->used;
	put_int(w, SECURITY_MODEL_USM);
	put_string(w, ASN_OCTET_STR, &flags, 1);
	put_int(w, SNMP_MESSAGE_MAX);
	put_int(w, out->msg_id);
	put_header(w, SEQUENCE, mark);
	put_int(w, SNMP_V3);
	put_header(w, SEQUENCE, 0);
	if (w->error || mac_len == 0)
		return;
	if (usm_sign(out->keys, front(w), w->used, mac) < 0)
		w->error = true;
	memcpy(w->buf + w->room - mac_mark, mac, mac_len);
}

int snmp_message_encode(const struct snmp_message_out *out, uint8_t *buf, size_t room,
			const uint8_t **ret_at, size_t *ret_len)
{
	struct writer w = {.buf = buf, .room = room};

	if (out->bindings && out->bindings->len + SNMP_MESSAGE_OVERHEAD > room)
		return -EMSGSIZE;
	if (out->version == SNMP_V3)
		put_v3_message(&w, out);
	else
		put_community_message(&w, out);
	if (w.error)
		return -EIO;
	if (w.used > SNMP_MESSAGE_MAX)
		return -EMSGSIZE;
	*ret_at = front(&w);
	*ret_len = w.used;
	return 0;
}

/* ---- bindings to send ---- */

static void put_oid(struct writer *w, const snmp_oid_t *name, size_t len)
{
	if (len < 2 || len > BER_OID_MAX ||
	    !asn_realloc_rbuild_objid(&w->buf, &w->room, &w->used, 0, ASN_OBJECT_ID, name,
				      len))
		w->error = true;
}

static void put_unsigned(struct writer *w, uint8_t type, uint64_t value)
{
	struct counter64 wide = {.high = value >> 32, .low = value & UINT32_MAX};
	u_long narrow = value;
	int ok;

	if (type == SNMP_TYPE_COUNTER64)
		ok = asn_realloc_rbuild_unsigned_int64(&w->buf, &w->room, &w->used, 0,
						       type, &wide, sizeof(wide));
	else
		ok = asn_realloc_rbuild_unsigned_int(&w->buf, &w->room, &w->used, 0, type,
						     &narrow, sizeof(narrow));
	if (!ok)
		w->error = true;
}

static bool put_value(struct writer *w, const struct snmp_varbind *v)
{
	switch (v->type) {
	case 0: /* a name alone, as GET* sends it */
	case SNMP_TYPE_NULL:
		put_header(w, ASN_NULL, w->used);
		return true;
	case SNMP_TYPE_INTEGER:
		put_int(w, v->v.i);
		return v->v.i >= INT32_MIN && v->v.i <= INT32_MAX;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
		put_unsigned(w, v->type, v->v.u);
		return v->v.u <= UINT32_MAX;
	case SNMP_TYPE_COUNTER64:
		put_unsigned(w, v->type, v->v.u);
		return true;
	case SNMP_TYPE_OCTETS:
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		put_string(w, v->type, v->v.octets.p, v->v.octets.len);
		return true;
	case SNMP_TYPE_OID:
		put_oid(w, v->v.oid.p, v->v.oid.len);
		return true;
	default:
		return false;
	}
}

/* More than the encoding can take: an arc has at most 5 octets, a header 4, a number 9.
 */
static size_t most_octets(const struct snmp_varbind *varbinds, size_t n)
{
	size_t most = 4;

	for (size_t i = 0; i < n && most < SNMP_MESSAGE_MAX; i++) {
		const struct snmp_varbind *v = &varbinds[i];

		most += 4 + 4 + 5 * v->name_len + 4 + 9;
		if (v->type == SNMP_TYPE_OID)
			most += 5 * v->v.oid.len;
		else if (v->type == SNMP_TYPE_OCTETS || v->type == SNMP_TYPE_IPADDRESS ||
			 v->type == SNMP_TYPE_OPAQUE)
			most += v->v.octets.len;
	}
	return most;
}

int snmp_bindings_new(const struct snmp_varbind *varbinds, size_t n,
		      struct snmp_bindings **ret)
{
	size_t most = most_octets(varbinds, n),
	       limit = SNMP_MESSAGE_MAX - SNMP_MESSAGE_OVERHEAD;
	cleanup_free uint8_t *buf = malloc(most < limit ? most : limit);
	struct writer w = {.buf = buf, .room = most < limit ? most : limit};
	struct snmp_bindings *bindings;

	if (!buf)
		return -ENOMEM;
	while (n > 0) {
		const struct snmp_varbind *v = &varbinds[--n];
		size_t mark = w.used;

		if (v->name_len < 2 || v->name_len > BER_OID_MAX || !put_value(&w, v))
			return -EINVAL;
		put_oid(&w, v->name, v->name_len);
		put_header(&w, SEQUENCE, mark);
	}
	put_header(&w, SEQUENCE, 0);
	if (w.error)
		return -EMSGSIZE;
	bindings = malloc(sizeof(*bindings) + w.used);
	if (!bindings)
		return -ENOMEM;
	*bindings = (struct snmp_bindings){.refs = 1, .len = (uint32_t)w.used};
	memcpy(bindings->octets, front(&w), w.used);
	*ret = bindings;
	return 0;
}

struct snmp_bindings *snmp_bindings_ref(struct snmp_bindings *bindings)
{
	if (bindings)
		bindings->refs++;
	return bindings;
}

struct snmp_bindings *snmp_bindings_unref(struct snmp_bindings *bindings)
{
	if (bindings && --bindings->refs == 0)
		free(bindings);
	return NULL;
}

void snmp_bindings_unrefp(struct snmp_bindings **bindings)
{
	snmp_bindings_unref(*bindings);
}

size_t snmp_bindings_octets(const struct snmp_bindings *bindings)
{
	return bindings->len;
}

/* ---- parsing ---- */

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
		msg->request_id = ber_int(&pdu);
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
	if (r->error || outer.error || params.error || boots < 0 || boots > INT32_MAX ||
	    time < 0 || time > INT32_MAX || msg->engine_id_len > USM_ENGINE_ID_MAX)
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
	if (r->error || header.error || flags_len != 1 || model != SECURITY_MODEL_USM)
		return -EBADMSG;
	msg->flags = *flags;
	if (parse_security(r, msg) < 0)
		return -EBADMSG;
	if (msg->flags & SNMP_FLAG_PRIV) {
		msg->encrypted = ber_octets(r, &msg->encrypted_len);
		return r->error || !(msg->flags & SNMP_FLAG_AUTH) ? -EBADMSG : 0;
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
		err = -EBADMSG;
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

int snmp_message_verify(const struct snmp_message *msg, const uint8_t *octets, size_t len,
			const struct usm_keys *keys, uint8_t *scratch)
{
	size_t mac_len = usm_mac_len(keys->auth_protocol);
	uint8_t mac[USM_MAC_MAX];

	if (mac_len == 0 || msg->mac_len != mac_len)
		return -EBADMSG;
	memcpy(scratch, octets, len);
	memset(scratch + (msg->mac - octets), 0, mac_len);
	if (usm_sign(keys, scratch, len, mac) < 0)
		return -EIO;
	return same_octets(mac, msg->mac, mac_len) ? 0 : -EACCES;
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

int snmp_message_varbinds(const struct snmp_message *msg, struct snmp_varbind_room *room)
{
	struct ber_reader list = ber_reader(msg->bindings, msg->bindings_len);

	room->n = room->n_arcs = 0;
	while (list.at < list.end) {
		struct ber_reader pair = ber_tagged(&list, BER_SEQUENCE);
		struct ber_reader name = ber_tagged(&pair, BER_OID), value;
		struct snmp_varbind *v = &room->varbinds[room->n];

		if (list.error || pair.error || room->n == room->max)
			return -EBADMSG;
		v->name_len = read_oid(&name, room, &v->name);
		value = ber_any(&pair, &v->type);
		read_value(&value, room, v);
		if (pair.error || name.error || value.error)
			return -EBADMSG;
		room->n++;
	}
	return 0;
}

enum snmp_report snmp_report_of(const struct snmp_varbind *varbinds, size_t n)
{
	static const snmp_oid_t USM_STATS[] = {1, 3, 6, 1, 6, 3, 15, 1, 1};
	enum { BASE = ARRAY_LEN(USM_STATS) };

	if (n < 1 || varbinds[0].name_len != BASE + 2 ||
	    memcmp(varbinds[0].name, USM_STATS, sizeof(USM_STATS)) != 0)
		return SNMP_REPORT_OTHER;
	if (varbinds[0].name[BASE] < 1 || varbinds[0].name[BASE] > 6)
		return SNMP_REPORT_OTHER;
	return (enum snmp_report)varbinds[0]
		.name[BASE]; /* usmStats 1..6, in the enum's order */
}
