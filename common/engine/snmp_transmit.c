/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One transmission of a request: whether it can be sent already (SNMPv3 needs keys and an
 * engine id first), what its message is at this stage, and until when its answer is
 * awaited. Decides neither when it is its turn nor what an answer leads to.
 * Source: RFC 3412 7.1, RFC 3414 3.1, 4, RFC 3416 4.2.
 */
#include <errno.h>

#include "common/engine/snmp_engine_private.h"

/* Boots and time 0 are outside any window: a device that finds the digest right says so
 * in an authentic Report, without looking at anything else (RFC 3414 4). */
static void fill_diagnosis(const struct usm_peer *peer, struct usm_keys *keys,
			   struct snmp_message_out *out)
{
	*keys = peer->keys;
	keys->priv_protocol = SNMP_PRIV_NONE;
	out->keys = keys;
	out->pdu = SNMP_PDU_GET;
	out->bindings = NULL;
	out->boots = out->time = 0;
}

static void fill_v3(const struct snmp_request *req, struct snmp_message_out *out, int64_t now_us)
{
	struct usm_peer *peer = req->target->peer;
	const struct snmp_credential *cred = &req->target->cred->cred;

	out->engine_id = peer->engine_id;
	out->engine_id_len = peer->engine_id_len;
	out->boots = peer->boots;
	out->time = usm_peer_time(peer, now_us);
	out->user = cred->user;
	out->context = cred->context;
	out->keys = &peer->keys;
	out->salt = peer->salt++;
}

/*
 * A repeated GET gets a number of its own, so that the answer tells which one it answers.
 * An inform keeps its request-id: the receiver recognises the repetition by it (RFC
 * 3416 4.2.7); its msgID changes (RFC 3412 7.1).
 */
static int encode(const struct snmp_request *req, int64_t now_us, const uint8_t **ret_at,
		  size_t *ret_len)
{
	const struct snmp_target *target = req->target;
	struct snmp_engine *engine = target->engine;
	struct usm_keys auth_only;
	struct snmp_message_out out = {
		.version = target->cred->cred.version,
		.community = target->cred->cred.community,
		.msg_id = (int32_t)request_table_wire_id(&req->node, req->sent),
	};

	out.request_id = req->pdu == SNMP_PDU_INFORM ? (int32_t)request_table_wire_id(&req->node, 0)
						     : out.msg_id;
	if (target->discoverer == req) { /* RFC 3414 4: no user, no engine id, no bindings */
		out.pdu = SNMP_PDU_GET;
	} else {
		out.pdu = req->pdu;
		out.field1 = req->field1;
		out.field2 = req->field2;
		out.bindings = req->bindings;
		if (target->peer)
			fill_v3(req, &out, now_us);
		if (req->diagnosing)
			fill_diagnosis(target->peer, &auth_only, &out);
	}
	return snmp_message_encode(&out, engine->encode_buf, 2 * ENGINE_BUF, ret_at, ret_len);
}

/* Whether the request can be sent now: false if it was parked or failed instead. */
static bool prepare_v3(struct snmp_request *req)
{
	struct snmp_target *target = req->target;
	const struct shared_credential *cred = target->cred;

	if (cred->state == CREDENTIAL_FAILED) {
		snmp_request_fail(req, SNMP_OUTCOME_FAILED, -EIO);
		return false;
	}
	if (cred->state == CREDENTIAL_PENDING ||
	    (target->discoverer && target->discoverer != req)) {
		snmp_request_queue(req, REQUEST_PARKED);
		return false;
	}
	if (!usm_peer_usable(target->peer)) {
		target->discoverer = req;
		return true;
	}
	if (usm_peer_localize(target->peer, &cred->cred, &cred->master) < 0) {
		snmp_request_fail(req, SNMP_OUTCOME_FAILED, -EIO);
		return false;
	}
	return true;
}

/* After its last transmission a request only listens, which costs nothing: a device that
 * is quick as a rule may be held up for once. */
static int64_t timeout_of(const struct snmp_request *req)
{
	if (req->timeout_us)
		return req->timeout_us;
	if (req->tried + 1 >= req->tries)
		return RTT_TIMEOUT_MAX_US;
	return rtt_estimate_timeout_us(&req->target->rtt, req->tried);
}

static void note_sent(struct snmp_request *req, int64_t now_us)
{
	struct snmp_target *target = req->target;
	struct snmp_engine *engine = target->engine;
	int64_t timeout_us = timeout_of(req);

	if (req->sent == 0)
		req->first_us = now_us;
	else
		engine->stats.retransmissions++;
	engine->stats.transmissions++;
	req->sent_after_us[req->sent] = (uint32_t)(now_us - req->first_us);
	req->sent++;
	req->tried++;
	req->retry_at_us = now_us + timeout_us;
	snmp_request_leave(req);
	req->state = REQUEST_FLYING;
	engine->stats.outstanding++;
	timer_heap_set(&engine->heap, &req->timer,
		       snmp_earlier(now_us + rtt_estimate_patience_us(&target->rtt),
				    snmp_earlier(req->retry_at_us, req->deadline_us)));
}

void snmp_request_transmit(struct snmp_request *req, int64_t now_us)
{
	struct snmp_target *target = req->target;
	struct snmp_engine *engine = target->engine;
	const uint8_t *octets;
	size_t len;
	int r;

	if (req->sent == REQUEST_TABLE_TRANSMISSIONS) {
		snmp_request_give_up(req, now_us);
		return;
	}
	if (target->peer && !prepare_v3(req))
		return;
	r = encode(req, now_us, &octets, &len);
	if (r == 0)
		r = udp_pool_send(engine->pool, engine->which_socket,
				  (struct sockaddr *)&target->addr, target->addr_len, octets, len);
	if (r == -ENOBUFS) { /* the kernel takes none at present: as if lost on the way */
		engine->stats.send_errors++;
		r = 0;
	}
	if (r < 0)
		snmp_request_fail(req, SNMP_OUTCOME_FAILED, r);
	else
		note_sent(req, now_us);
}
