/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a simulated device answers SNMPv1 and v2c, and what of that it cannot. RFC 3416 4.2. */
#include <string.h>

#include "tests/simulation/city/box.h"

enum {
	PDU_GET = 0xa0,
	PDU_GETNEXT = 0xa1,
	PDU_RESPONSE = 0xa2,
	PDU_GETBULK = 0xa5,
	ERROR_TOO_BIG = 1,
	ERROR_NO_SUCH_NAME = 2,
	ERROR_GENERAL = 5,
	NAMES_MAX = 160,
	OCTETS_MAX = 1472,
};

struct request {
	struct box *box;
	int64_t now_us, version, id, a, b;
	uint8_t pdu;
	struct ber community, varbinds;
	struct oid names[NAMES_MAX];
	unsigned int n;
	struct ber_msg *out;
};

static bool read_names(struct request *r)
{
	struct ber list = r->varbinds;

	for (r->n = 0; list.p < list.end && r->n < NAMES_MAX; r->n++) {
		struct ber varbind = ber_enter(&list, 0x30);

		ber_oid(&varbind, &r->names[r->n]);
		if (varbind.bad || list.bad)
			return false;
	}
	return true;
}

static bool read_request(struct request *r, const uint8_t *octets, size_t len)
{
	struct ber all = {.p = octets, .end = octets + len};
	struct ber msg = ber_enter(&all, 0x30), pdu;

	r->version = ber_integer(&msg);
	r->community = ber_enter(&msg, SIM_OCTETS);
	pdu = ber_next(&msg, &r->pdu);
	r->id = ber_integer(&pdu);
	r->a = ber_integer(&pdu);
	r->b = ber_integer(&pdu);
	r->varbinds = ber_enter(&pdu, 0x30);
	return !all.bad && !msg.bad && !pdu.bad && r->version == r->box->version && read_names(r);
}

static void finish(struct request *r, int64_t status, int64_t index)
{
	struct ber_msg *out = r->out;

	ber_wrap(out, 0x30, ber_msg_len(out));
	ber_prepend_int(out, SIM_INTEGER, index);
	ber_prepend_int(out, SIM_INTEGER, status);
	ber_prepend_int(out, SIM_INTEGER, r->id);
	ber_wrap(out, PDU_RESPONSE, ber_msg_len(out));
	ber_prepend_octets(out, SIM_OCTETS, r->community.p,
			   (size_t)(r->community.end - r->community.p));
	ber_prepend_int(out, SIM_INTEGER, r->version);
	ber_wrap(out, 0x30, ber_msg_len(out));
}

static void fail(struct request *r, int64_t status, int64_t index)
{
	r->out->tail = r->out->head;
	if (status != ERROR_TOO_BIG || r->version == 0)
		ber_append_raw(r->out, r->varbinds.p, (size_t)(r->varbinds.end - r->varbinds.p));
	finish(r, status, index);
}

static void answer_get(struct request *r)
{
	struct sim_value value;

	for (unsigned int i = 0; i < r->n; i++) {
		if (r->pdu == PDU_GET)
			box_mib_get(r->box, r->now_us, &r->names[i], &value);
		else if (!box_mib_next(r->box, r->now_us, &r->names[i], &value))
			value.type = SIM_END_OF_MIB_VIEW;
		if (r->version == 0 && value.type >= SIM_NO_SUCH_OBJECT) {
			fail(r, ERROR_NO_SUCH_NAME, i + 1);
			return;
		}
		if (!ber_append_varbind(r->out, &r->names[i], &value)) {
			fail(r, ERROR_TOO_BIG, 0);
			return;
		}
	}
	finish(r, 0, 0);
}

/* As many as fit. */
static void answer_bulk(struct request *r)
{
	struct sim_value value;
	bool fits = true, more = true;

	for (int64_t row = 0; row < r->b && fits && more; row++) {
		more = false;
		for (unsigned int i = 0; i < r->n && fits; i++) {
			if (i < r->a && row > 0)
				continue;
			if (box_mib_next(r->box, r->now_us, &r->names[i], &value))
				more = true;
			else
				value.type = SIM_END_OF_MIB_VIEW;
			fits = ber_append_varbind(r->out, &r->names[i], &value);
		}
	}
	finish(r, 0, 0);
}

static bool is_too_big(const struct request *r)
{
	const struct box *box = r->box;
	int64_t asked = r->pdu == PDU_GETBULK ? r->n * r->b : r->n;

	if (!box->most_asked || (box->bulk_only_too_big && r->pdu != PDU_GETBULK))
		return false;
	return asked > box->most_asked;
}

bool box_answer(struct box *box, int64_t now_us, const uint8_t *octets, size_t len,
		struct ber_msg *ret)
{
	static struct request room; /* too large for a stack; all of it is set here */
	struct request *r = &room;

	r->box = box;
	r->now_us = now_us;
	r->out = ret;
	if (!read_request(r, octets, len))
		return false;
	ber_msg_init(ret, box->most_octets ? box->most_octets : OCTETS_MAX);
	if (r->pdu == PDU_GETBULK && (box->bulk == BOX_BULK_SILENT || r->version == 0))
		return false;
	if (now_us < box->errors_until_us)
		fail(r, ERROR_GENERAL, 0);
	else if (r->pdu == PDU_GETBULK && box->bulk == BOX_BULK_GEN_ERROR)
		fail(r, ERROR_GENERAL, 1);
	else if (is_too_big(r))
		fail(r, ERROR_TOO_BIG, 0);
	else if (r->pdu == PDU_GETBULK)
		answer_bulk(r);
	else if (r->pdu == PDU_GET || r->pdu == PDU_GETNEXT)
		answer_get(r);
	else
		return false;
	return true;
}
