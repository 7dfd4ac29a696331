/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an incoming datagram means: whose answer it is, whether it may be believed, what a
 * Report leads to. Everything that is not wanted is counted and dropped.
 *
 * An answer is matched by number and source address; one from elsewhere is believed where that
 * was allowed, and else named. Where a message is authenticated,
 * the number, which only this request has, is also what proves that it is not replayed;
 * so boots and time of an authentic Report are believed even if they went back (a device
 * that lost its flash). An answer whose digest is wrong does not end a request (anybody
 * could send one): it is noted, and is the outcome if nothing better comes. Source: RFC
 * 3412 7.2, RFC 3414 3.2, RFC 3416 4.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "common/base/peer_address.h"
#include "common/engine/snmp_engine_private.h"
#include "common/loop/loop.h"

/* What handling one datagram needs to hand around. */
struct incoming {
	struct snmp_engine *engine;
	struct snmp_request *req;
	struct snmp_message msg;
	uint8_t *octets;
	size_t len;
	unsigned int transmission; /* which one is answered */
	int64_t now_us;
	bool authentic;
};

static struct snmp_request *of_node(struct request_node *node)
{
	return (struct snmp_request *)((char *)node - offsetof(struct snmp_request, node));
}

static int64_t sent_us(const struct incoming *in)
{
	return in->req->first_us + in->req->sent_after_us[in->transmission];
}

/* ---- whose it is ---- */

/* One target is told; if several share the address, their requests are one device's. */
static void tell_late(struct snmp_engine *engine, const struct sockaddr_storage *from)
{
	struct snmp_target *target = snmp_engine_bucket(engine, from);

	while (target && !(target->late_fn && peer_address_same(from, &target->addr)))
		target = target->next_by_address;
	if (!target)
		return;
	engine->dispatching++;
	target->late_fn(target->late_data);
	engine->dispatching--;
}

static void count_stray(struct snmp_engine *engine, uint32_t key,
			const struct sockaddr_storage *from)
{
	switch (request_table_ended(&engine->table, key)) {
	case REQUEST_ENDED_ANSWERED:
		engine->stats.duplicate++;
		break;
	case REQUEST_ENDED_SILENT:
		engine->stats.late++;
		tell_late(engine, from);
		break;
	case REQUEST_ENDED_UNKNOWN:
		engine->stats.wrong_id++;
		break;
	}
}

static in_port_t *port_of(struct sockaddr_storage *addr)
{
	return addr->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)addr)->sin6_port
					   : &((struct sockaddr_in *)addr)->sin_port;
}

static bool is_accepted(const struct snmp_target *target, const struct sockaddr_storage *from)
{
	struct sockaddr_storage accepted = target->accepted, host = *from;

	if (!target->accepts || accepted.ss_family == 0)
		return target->accepts;
	*port_of(&accepted) = *port_of(&host) = 0;
	return peer_address_same(&accepted, &host);
}

/* Whether who sent it may answer for the target. */
static bool may_answer(struct snmp_request *req, const struct sockaddr_storage *from)
{
	struct snmp_target *target = req->target;

	if (peer_address_same(from, &target->addr)) {
		target->answers_from.ss_family = 0;
		return true;
	}
	target->answers_from = *from;
	if (is_accepted(target, from))
		return true;
	target->engine->stats.wrong_source++;
	if (!req->fault)
		req->fault = SNMP_OUTCOME_OTHER_SOURCE;
	return false;
}

/* Finds the request that the message answers; counts it and returns NULL if there is
 * none. */
static struct snmp_request *find_request(struct snmp_engine *engine, const struct snmp_message *msg,
					 const struct sockaddr_storage *from,
					 unsigned int *ret_transmission)
{
	int64_t id = msg->version == SNMP_V3 ? msg->msg_id : msg->request_id;
	struct request_node *node;
	struct snmp_request *req;
	uint32_t key;

	if (request_table_split(id, &key, ret_transmission) < 0) {
		engine->stats.wrong_id++;
		return NULL;
	}
	node = request_table_find(&engine->table, key);
	if (!node) {
		count_stray(engine, key, from);
		return NULL;
	}
	req = of_node(node);
	if (*ret_transmission >= req->sent || msg->version != req->target->cred->cred.version) {
		engine->stats.wrong_id++;
		return NULL;
	}
	return may_answer(req, from) ? req : NULL;
}

/* ---- answers ---- */

static void learn_rtt(const struct incoming *in)
{
	/* A repeated v2c inform has one number for all its transmissions (Karn). */
	if (in->req->pdu == SNMP_PDU_INFORM && in->req->sent > 1 && in->msg.version != SNMP_V3)
		return;
	rtt_estimate_add(&in->req->target->rtt, in->now_us - sent_us(in));
}

static void deliver(const struct incoming *in)
{
	struct snmp_engine *engine = in->engine;
	struct snmp_answer answer = {
		.outcome = SNMP_OUTCOME_ANSWER,
		.error_status = (int)in->msg.error_status,
		.error_index = (int)in->msg.error_index,
		.varbinds = engine->room.varbinds,
		.sent_us = sent_us(in),
		.received_us = in->now_us,
		.octets = in->len,
	};

	engine->stats.answers++;
	learn_rtt(in);
	if (in->req->target->peer)
		in->req->target->peer->doubtful = false;
	if (snmp_message_answer(&in->msg, in->req->knows_names ? in->req->bindings : NULL,
				&engine->room) < 0) {
		engine->stats.malformed++;
		answer.outcome = SNMP_OUTCOME_MALFORMED;
	} else {
		answer.n_varbinds = engine->room.n;
	}
	snmp_request_finish(in->req, &answer);
}

static void handle_community(const struct incoming *in)
{
	if (in->msg.pdu != SNMP_PDU_RESPONSE) {
		in->engine->stats.malformed++;
		return;
	}
	deliver(in);
}

/* ---- SNMPv3 ---- */

/* Digest and decryption. Returns whether the message can be read on. */
static bool open_message(struct incoming *in)
{
	struct usm_peer *peer = in->req->target->peer;
	struct snmp_message *msg = &in->msg;
	size_t len;

	if (!(msg->flags & SNMP_FLAG_AUTH))
		return true;
	if (!peer->localized || peer->keys.auth_protocol == SNMP_AUTH_NONE ||
	    msg->engine_id_len != peer->engine_id_len ||
	    memcmp(msg->engine_id, peer->engine_id, peer->engine_id_len) != 0)
		return false;
	if (snmp_message_verify(msg, in->octets, in->len, &peer->keys) < 0) {
		in->req->fault = SNMP_OUTCOME_WRONG_KEY;
		return false;
	}
	in->authentic = true;
	usm_peer_learn_time(peer, msg->boots, msg->time, in->now_us);
	if (!(msg->flags & SNMP_FLAG_PRIV))
		return true;
	if (peer->keys.priv_protocol == SNMP_PRIV_NONE || msg->salt_len != USM_SALT_LEN ||
	    usm_decrypt(&peer->keys, msg->salt, msg->boots, msg->time, msg->encrypted,
			msg->encrypted_len, in->engine->plain_buf, &len) < 0 ||
	    snmp_message_parse_scoped(in->engine->plain_buf, len, msg) < 0) {
		in->req->fault = SNMP_OUTCOME_DECRYPT_ERROR;
		return false;
	}
	return true;
}

/* The next stage of the same request, at once: with an engine id, or with the right time.
 */
static void send_again(const struct incoming *in)
{
	in->req->tried = 0;
	snmp_request_transmit(in->req, in->now_us);
}

/* The answer to a probe, or to a request that went to an engine that is no more. */
static void take_engine(const struct incoming *in)
{
	struct snmp_request *req = in->req;
	struct snmp_target *target = req->target;
	const struct snmp_message *msg = &in->msg;

	if (req->engine_changes++ >= 2 ||
	    usm_peer_set_engine(target->peer, msg->engine_id, msg->engine_id_len) < 0) {
		snmp_request_fail(req, SNMP_OUTCOME_FAILED, -EPROTO);
		return;
	}
	/* Not authenticated: a hint that saves a round trip; the device corrects it if it
	 * is wrong. */
	usm_peer_set_time(target->peer, msg->boots, msg->time, in->now_us);
	in->engine->stats.discoveries++;
	if (target->discoverer) {
		target->discoverer = NULL;
		snmp_target_unpark(target);
	}
	send_again(in);
}

static void resynchronise(const struct incoming *in)
{
	struct snmp_request *req = in->req;

	if (req->window_resyncs++ >= 1) {
		snmp_request_fail(req, SNMP_OUTCOME_NOT_IN_WINDOW, 0);
		return;
	}
	usm_peer_set_time(req->target->peer, in->msg.boots, in->msg.time, in->now_us);
	in->engine->stats.resyncs++;
	send_again(in);
}

static void handle_report(const struct incoming *in)
{
	struct snmp_request *req = in->req;
	enum usm_stat report = snmp_report_of(in->engine->room.varbinds, in->engine->room.n);

	in->engine->stats.reports++;
	learn_rtt(in);
	/* Some agents answer a probe with another Report than unknownEngineIDs; its
	 * header will do. */
	if (req->target->discoverer == req && in->msg.engine_id_len)
		report = USM_STAT_UNKNOWN_ENGINES;
	switch (report) {
	case USM_STAT_UNKNOWN_ENGINES:
		take_engine(in);
		break;
	case USM_STAT_NOT_IN_WINDOWS:
		resynchronise(in);
		break;
	case USM_STAT_UNKNOWN_USERS:
		snmp_request_fail(req, SNMP_OUTCOME_UNKNOWN_USER, 0);
		break;
	case USM_STAT_WRONG_DIGESTS:
		snmp_request_fail(req, SNMP_OUTCOME_WRONG_KEY, 0);
		break;
	case USM_STAT_DECRYPTION_ERRORS:
		snmp_request_fail(req, SNMP_OUTCOME_DECRYPT_ERROR, 0);
		break;
	case USM_STAT_UNSUPPORTED_LEVELS:
		snmp_request_fail(req, SNMP_OUTCOME_UNSUPPORTED_LEVEL, 0);
		break;
	default: /* unknown context, invalid message */
		snmp_request_fail(req, SNMP_OUTCOME_FAILED, -EPROTO);
		break;
	}
}

/* A Response must be as secure as the request was, and carry its number inside too. */
static bool response_ok(const struct incoming *in)
{
	struct snmp_request *req = in->req;
	uint8_t wanted = req->target->cred->cred.level == SNMP_SEC_NONE ? 0
			 : req->target->cred->cred.level == SNMP_SEC_AUTH
				 ? SNMP_FLAG_AUTH
				 : SNMP_FLAG_AUTH | SNMP_FLAG_PRIV;
	unsigned int number = req->pdu == SNMP_PDU_INFORM ? 0 : in->transmission;

	if ((in->msg.flags & (SNMP_FLAG_AUTH | SNMP_FLAG_PRIV)) != wanted) {
		req->fault = SNMP_OUTCOME_UNSUPPORTED_LEVEL;
		return false;
	}
	return in->msg.pdu == SNMP_PDU_RESPONSE && req->target->discoverer != req &&
	       in->msg.request_id == request_table_wire_id(&req->node, number);
}

static void handle_v3(struct incoming *in)
{
	if (!open_message(in)) {
		in->engine->stats.malformed++;
		return;
	}
	if (in->req->diagnosing && in->authentic && in->transmission == in->req->sent - 1u) {
		/* the next request shall hear of it again, or it would look like silence */
		in->req->target->peer->doubtful = true;
		snmp_request_fail(in->req, SNMP_OUTCOME_DECRYPT_ERROR, 0);
		return;
	}
	if (in->msg.pdu != SNMP_PDU_REPORT) {
		if (response_ok(in))
			deliver(in);
		else
			in->engine->stats.malformed++;
		return;
	}
	if (snmp_message_varbinds(&in->msg, &in->engine->room) < 0)
		in->engine->stats.malformed++;
	else
		handle_report(in);
}

void snmp_engine_datagram(void *data, const struct sockaddr_storage *from, uint8_t *octets,
			  size_t len)
{
	struct incoming in = {.engine = data, .octets = octets, .len = len};

	if (snmp_message_parse(octets, len, &in.msg) < 0) {
		in.engine->stats.malformed++;
		return;
	}
	in.req = find_request(in.engine, &in.msg, from, &in.transmission);
	if (!in.req)
		return;
	in.now_us = loop_now_us();
	in.req->target->heard_us = in.now_us;
	in.engine->dispatching++;
	if (in.msg.version == SNMP_V3)
		handle_v3(&in);
	else
		handle_community(&in);
	in.engine->dispatching--;
}

/* ---- ICMP ---- */

static struct snmp_request *sent_request_to(const struct snmp_engine *engine,
					    const struct sockaddr_storage *peer)
{
	struct snmp_target *target = snmp_engine_bucket(engine, peer);
	struct snmp_request *req;

	for (; target; target = target->next_by_address) {
		if (!peer_address_same(peer, &target->addr))
			continue;
		LIST_FOREACH (req, &target->requests, of_target) {
			if (req->state == REQUEST_FLYING || req->state == REQUEST_OVERDUE)
				return req;
		}
	}
	return NULL;
}

void snmp_engine_unreachable(void *data, const struct sockaddr_storage *peer, int err)
{
	struct snmp_engine *engine = data;
	enum snmp_outcome outcome =
		err == -ECONNREFUSED ? SNMP_OUTCOME_REFUSED : SNMP_OUTCOME_UNREACHABLE;
	struct snmp_request *req;

	engine->dispatching++;
	while ((req = sent_request_to(engine, peer)))
		snmp_request_fail(req, outcome, err);
	engine->dispatching--;
}
