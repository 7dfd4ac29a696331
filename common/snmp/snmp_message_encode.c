/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMP messages to octets: v1 and v2c, and v3 with digest and encryption. Decides where
 * things go in a message; not what is sent, nor with which keys and time.
 * Source: RFC 1157 4, RFC 1901, RFC 3412 6, RFC 3414 2.4, RFC 3416 3.
 */
#include <errno.h>
#include <string.h>

#include "common/snmp/ber_reader.h"
#include "common/snmp/ber_writer.h"
#include "common/snmp/snmp_message.h"

static void put_pdu(struct ber_writer *w, const struct snmp_message_out *out)
{
	static const uint8_t NO_BINDINGS[] = {BER_SEQUENCE, 0};
	size_t mark = w->used;

	if (out->bindings)
		ber_put_raw(w, out->bindings->octets, out->bindings->len);
	else
		ber_put_raw(w, NO_BINDINGS, sizeof(NO_BINDINGS));
	ber_put_int(w, out->field2);
	ber_put_int(w, out->field1);
	ber_put_int(w, out->request_id);
	ber_put_header(w, out->pdu, mark);
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
static void put_scoped_pdu(struct ber_writer *w, const struct snmp_message_out *out,
			   const uint8_t *salt)
{
	size_t len;

	put_pdu(w, out);
	ber_put_string(w, BER_OCTETS, out->context, out->context ? strlen(out->context) : 0);
	if (out->context_engine_id)
		ber_put_string(w, BER_OCTETS, out->context_engine_id, out->context_engine_id_len);
	else
		ber_put_string(w, BER_OCTETS, out->engine_id, out->engine_id_len);
	ber_put_header(w, BER_SEQUENCE, 0);
	if (!salt || w->error)
		return;
	len = w->used;
	if (w->room < 2 * len + 8 || usm_encrypt(out->keys, salt, out->boots, out->time,
						 ber_front(w), len, w->buf, &len) < 0) {
		w->error = true;
		return;
	}
	w->used = len;
	memmove(w->buf + w->room - len, w->buf, len);
	ber_put_header(w, BER_OCTETS, 0);
}

static void put_security(struct ber_writer *w, const struct snmp_message_out *out,
			 const uint8_t *salt, size_t mac_len, size_t *ret_mac_mark)
{
	static const uint8_t ZEROS[USM_MAC_MAX];
	size_t mark = w->used;

	ber_put_string(w, BER_OCTETS, salt, salt ? USM_SALT_LEN : 0);
	*ret_mac_mark = w->used + mac_len; /* the digest's octets start that far from the end */
	ber_put_string(w, BER_OCTETS, ZEROS, mac_len);
	ber_put_string(w, BER_OCTETS, out->user, out->user ? strlen(out->user) : 0);
	ber_put_int(w, out->time);
	ber_put_int(w, out->boots);
	ber_put_string(w, BER_OCTETS, out->engine_id, out->engine_id_len);
	ber_put_header(w, BER_SEQUENCE, mark);
	ber_put_header(w, BER_OCTETS, mark);
}

int snmp_message_encode(const struct snmp_message_out *out, uint8_t *buf, size_t room,
			const uint8_t **ret_at, size_t *ret_len)
{
	struct ber_writer w = {.buf = buf, .room = room};

	if (out->bindings && out->bindings->len + SNMP_MESSAGE_OVERHEAD > room)
		return -EMSGSIZE;
	if (out->version == SNMP_V3) {
		uint8_t flags = flags_of(out), mac[USM_MAC_MAX], salt[USM_SALT_LEN];
		size_t mac_len = flags & SNMP_FLAG_AUTH ? usm_mac_len(out->keys->auth_protocol) : 0;
		size_t mark, mac_mark;

		if (flags & SNMP_FLAG_PRIV)
			usm_salt(out->keys, out->boots, out->salt, salt);
		put_scoped_pdu(&w, out, flags & SNMP_FLAG_PRIV ? salt : NULL);
		put_security(&w, out, flags & SNMP_FLAG_PRIV ? salt : NULL, mac_len, &mac_mark);
		mark = w.used;
		ber_put_int(&w, SNMP_MODEL_USM);
		ber_put_string(&w, BER_OCTETS, &flags, 1);
		ber_put_int(&w, SNMP_MESSAGE_MAX);
		ber_put_int(&w, out->msg_id);
		ber_put_header(&w, BER_SEQUENCE, mark);
		ber_put_int(&w, SNMP_V3);
		ber_put_header(&w, BER_SEQUENCE, 0);
		if (!w.error && mac_len != 0) {
			if (usm_sign(out->keys, ber_front(&w), w.used, mac) < 0)
				w.error = true;
			memcpy(w.buf + w.room - mac_mark, mac, mac_len);
		}
	} else {
		put_pdu(&w, out);
		ber_put_string(&w, BER_OCTETS, out->community, strlen(out->community));
		ber_put_int(&w, out->version);
		ber_put_header(&w, BER_SEQUENCE, 0);
	}
	if (w.error)
		return -EIO;
	if (w.used > SNMP_MESSAGE_MAX)
		return -EMSGSIZE;
	*ret_at = ber_front(&w);
	*ret_len = w.used;
	return 0;
}
