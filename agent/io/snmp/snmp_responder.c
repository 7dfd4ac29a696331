/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a message gets: an answer, a Report or nothing. Does not decide what objects
 * there are (mib_view), who the users are (snmp_peers), whether a message is theirs
 * (common/snmp/usm_authority), what they may see (snmp_rules), nor how messages are encoded
 * (common/snmp/snmp_message).
 *
 * Sources: RFC 3412 7 (message processing), RFC 3416 4.2 (GET, GETNEXT, GETBULK), RFC 3584
 * (v2c), RFC 3415 (what a level may see).
 */
#include "agent/io/snmp/snmp_responder.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "agent/codec/snmp/varbind_writer.h"
#include "agent/core/conf/agent_conf.h"
#include "agent/core/conf/snmp_rules.h"
#include "agent/io/snmp/snmp_peers.h"
#include "common/snmp/snmp_message.h"
#include "common/snmp/snmp_oids.h"

enum {
	REPEATERS_MAX = 128, /* of a GETBULK; no manager comes near it */
	HEADERS_MAX = 128,   /* octets around names, digests and bindings */
};

struct snmp_responder {
	struct mib_view view;
	struct snmp_identity identity;
	struct snmp_peers *peers;
	struct snmp_rules *rules;
	struct usm_authority *authority;
	struct mib_snmp_stats mib_stats;
	struct snmp_responder_stats stats;
	struct snmp_varbind_room room;
	struct mib_name *names; /* where each repeater of a GETBULK stands */
	struct snmp_bindings *bindings;
};

/* One request on its way through. */
struct request {
	struct snmp_message msg;
	const struct usm_output *by;		/* v3 */
	const struct snmp_community *community; /* v2c */
	uint8_t *out;
	const uint8_t **ret_at;
	int64_t error_status, error_index;
};

static const struct snmp_community *community_of(struct snmp_responder *r,
						 const struct snmp_message *msg,
						 const struct sockaddr *from)
{
	const struct snmp_community *community;
	bool known;

	community =
		snmp_peers_community(r->peers, msg->community, msg->community_len, from, &known);
	if (community)
		return community;
	r->mib_stats.in_bad_community_names++;
	if (known)
		r->stats.refused_source++;
	else
		r->stats.refused_community++;
	return NULL;
}

/* ---- sending ---- */

static size_t send_response(struct snmp_responder *r, const struct request *req)
{
	struct snmp_message_out out = {
		.version = (enum snmp_version)req->msg.version,
		.pdu = SNMP_PDU_RESPONSE,
		.request_id = (int32_t)req->msg.request_id,
		.field1 = (int32_t)req->error_status,
		.field2 = (int32_t)req->error_index,
		.bindings = r->bindings,
		.msg_id = (int32_t)req->msg.msg_id,
		.community = req->community ? req->community->text : NULL,
		.answer = true,
	};
	size_t len;

	if (out.version == SNMP_V3) {
		usm_authority_fill(r->authority, r->view.world.now_us, &out);
		out.user = req->by->user->name;
		out.keys = req->by->keys;
	}
	r->stats.answers++;
	if (snmp_message_encode(&out, req->out, SNMP_RESPONDER_ROOM, req->ret_at, &len) < 0) {
		r->stats.dropped++;
		r->mib_stats.silent_drops++;
		return 0;
	}
	return len;
}

/* An answer without bindings, as RFC 3416 wants it for tooBig, or with the request's own.
 */
static size_t send_error(struct snmp_responder *r, struct request *req, int status, int64_t index)
{
	struct varbind_writer w;

	varbind_writer_init(&w, r->bindings->octets, SNMP_RESPONDER_REQUEST_MAX);
	if (status != SNMP_ERROR_TOO_BIG) {
		for (size_t i = 0; i < r->room.n; i++)
			varbind_writer_add(&w, &r->room.varbinds[i]);
	}
	r->bindings->len = (uint32_t)varbind_writer_finish(&w);
	req->error_status = status;
	req->error_index = index;
	return send_response(r, req);
}

static size_t count_report(struct snmp_responder *r, size_t len)
{
	if (len > 0)
		r->stats.reports++;
	else
		r->stats.dropped++; /* nobody asked for one */
	return len;
}

/* To one who is known to be who it says, at the level of its request. */
static size_t send_report(struct snmp_responder *r, struct request *req, const snmp_oid_t *name,
			  size_t name_len, uint32_t count)
{
	const struct usm_report report = {
		.name = name,
		.name_len = name_len,
		.count = count,
		.keys = req->by->keys,
		.now_us = r->view.world.now_us,
	};

	return count_report(r, usm_authority_report(r->authority, &req->msg, &report, req->ret_at));
}

/* ---- PDUs ---- */

/* What the answer's bindings may take, so that the message fits what its receiver takes.
 */
static size_t bindings_room(const struct snmp_responder *r, const struct request *req)
{
	size_t around = HEADERS_MAX, max = SNMP_MESSAGE_MAX;

	if (req->msg.version == SNMP_V3) {
		around += 2 * r->identity.engine_id_len + USM_MAC_MAX + USM_USER_MAX;
		if (req->msg.max_size < (int64_t)max)
			max = req->msg.max_size > SNMP_MESSAGE_LEAST_MAX ? (size_t)req->msg.max_size
									 : SNMP_MESSAGE_LEAST_MAX;
	} else {
		around += req->community->len;
	}
	return max - around;
}

static bool add_get(struct snmp_responder *r, struct varbind_writer *w,
		    const struct snmp_varbind *asked)
{
	struct snmp_varbind vb = {0};
	enum mib_outcome outcome = mib_view_get(&r->view, asked->name, asked->name_len, &vb);

	vb.name = asked->name;
	vb.name_len = asked->name_len;
	if (outcome != MIB_FOUND)
		vb.type = outcome == MIB_NO_SUCH_OBJECT ? SNMP_TYPE_NO_SUCH_OBJECT
							: SNMP_TYPE_NO_SUCH_INSTANCE;
	return varbind_writer_add(w, &vb);
}

/* What follows a name, which becomes it; *ret_end is left alone while there is something.
 */
static bool add_next(struct snmp_responder *r, struct varbind_writer *w, const snmp_oid_t *name,
		     size_t len, struct mib_name *at, bool *ret_end)
{
	struct snmp_varbind vb = {.name = name, .name_len = len};

	if (mib_view_next(&r->view, name, len, false, at, &vb) == MIB_FOUND) {
		vb.name = at->subids;
		vb.name_len = at->len;
	} else {
		vb.type = SNMP_TYPE_END_OF_MIB_VIEW;
		*ret_end = true;
	}
	return varbind_writer_add(w, &vb);
}

/*
 * One repetition of all repeaters. False if the answer is full, or if all of them have
 * come to the end (RFC 3416 4.2.3: it may end there).
 */
static bool add_repetition(struct snmp_responder *r, struct varbind_writer *w, size_t first,
			   bool again)
{
	bool all_ended = true;

	for (size_t i = first; i < r->room.n; i++) {
		const struct snmp_varbind *asked = &r->room.varbinds[i];
		struct mib_name *at = &r->names[i - first];
		bool end = false;

		if (!again)
			at->len = 0;
		if (!add_next(r, w, at->len ? at->subids : asked->name,
			      at->len ? at->len : asked->name_len, at, &end))
			return false;
		all_ended = all_ended && end;
	}
	return !all_ended;
}

static size_t answer_bulk(struct snmp_responder *r, struct request *req, struct varbind_writer *w)
{
	const uint8_t *empty = w->at;
	int64_t non_repeaters = req->msg.error_status, repetitions = req->msg.error_index;
	size_t n = r->room.n, first;
	struct mib_name at;
	bool end;

	first = non_repeaters < 0 ? 0 : (size_t)non_repeaters < n ? (size_t)non_repeaters : n;
	if (n - first > REPEATERS_MAX)
		return send_error(r, req, SNMP_ERROR_TOO_BIG, 0);
	for (size_t i = 0; i < first; i++) {
		const struct snmp_varbind *asked = &r->room.varbinds[i];

		if (!add_next(r, w, asked->name, asked->name_len, &at, &end))
			return send_error(r, req, SNMP_ERROR_TOO_BIG, 0);
	}
	for (int64_t i = 0; i < repetitions && n > first; i++) {
		if (!add_repetition(r, w, first, i > 0))
			break;
	}
	if (n > 0 && w->at == empty && (repetitions > 0 || first > 0)) {
		r->stats.too_big++;
		return send_error(r, req, SNMP_ERROR_TOO_BIG, 0);
	}
	r->bindings->len = (uint32_t)varbind_writer_finish(w);
	return send_response(r, req);
}

static size_t answer_pdu(struct snmp_responder *r, struct request *req)
{
	struct varbind_writer w;

	if (snmp_message_varbinds(&req->msg, &r->room) < 0) {
		r->mib_stats.in_asn_parse_errs++;
		return 0;
	}
	r->stats.requests++;
	varbind_writer_init(&w, r->bindings->octets, bindings_room(r, req));
	switch (req->msg.pdu) {
	case SNMP_PDU_GET:
	case SNMP_PDU_GETNEXT: {
		bool next = req->msg.pdu == SNMP_PDU_GETNEXT, end;
		struct mib_name at;

		for (size_t i = 0; i < r->room.n; i++) {
			const struct snmp_varbind *asked = &r->room.varbinds[i];

			if (next ? add_next(r, &w, asked->name, asked->name_len, &at, &end)
				 : add_get(r, &w, asked))
				continue;
			r->stats.too_big++;
			return send_error(r, req, SNMP_ERROR_TOO_BIG, 0);
		}
		r->bindings->len = (uint32_t)varbind_writer_finish(&w);
		return send_response(r, req);
	}
	case SNMP_PDU_GETBULK:
		return answer_bulk(r, req, &w);
	case SNMP_PDU_SET:
		r->stats.refused_set++;
		/* no view of the table of views is one for writing (RFC 3416 4.2.5 1) */
		return send_error(r, req, SNMP_ERROR_NO_ACCESS, r->room.n ? 1 : 0);
	default:
		r->mib_stats.unknown_pdu_handlers++;
		return 0;
	}
}

/* ---- v3 ---- */

static size_t answer_v3(struct snmp_responder *r, struct request *req, uint8_t *octets, size_t len)
{
	const struct usm_input in = {
		.msg = &req->msg,
		.octets = octets,
		.len = len,
		.now_us = r->view.world.now_us,
	};
	struct usm_output by;
	enum usm_verdict verdict = usm_authority_check(r->authority, &in, &by);
	static const snmp_oid_t UNKNOWN_CONTEXTS[] = {SNMP_OID_UNKNOWN_CONTEXTS, 0};
	static const snmp_oid_t UNKNOWN_HANDLERS[] = {SNMP_OID_UNKNOWN_HANDLERS, 0};

	req->by = &by;
	if (verdict == USM_UNSUPPORTED_LEVEL && !(req->msg.flags & SNMP_FLAG_AUTH))
		r->stats.refused_level++;
	if (verdict != USM_ACCEPTED) {
		*req->ret_at = by.report;
		return count_report(r, by.report_len);
	}
	/* The level is the user's own, no less: refused here instead of by a view. */
	if (by.user->level == SNMP_SEC_AUTH_PRIV && !(req->msg.flags & SNMP_FLAG_PRIV)) {
		r->stats.refused_level++;
		if (snmp_message_varbinds(&req->msg, &r->room) < 0) {
			r->mib_stats.in_asn_parse_errs++;
			return 0;
		}
		return send_error(r, req, SNMP_ERROR_AUTHORIZATION, 0);
	}
	/* Where no view says so: this engine has one context, and answers for no other engine. */
	if (req->msg.context_engine_id_len != r->identity.engine_id_len ||
	    memcmp(req->msg.context_engine_id, r->identity.engine_id, r->identity.engine_id_len) !=
		    0)
		return send_report(r, req, UNKNOWN_HANDLERS, ARRAY_LEN(UNKNOWN_HANDLERS),
				   ++r->mib_stats.unknown_pdu_handlers);
	if (req->msg.context_len != 0)
		return send_report(r, req, UNKNOWN_CONTEXTS, ARRAY_LEN(UNKNOWN_CONTEXTS),
				   ++r->mib_stats.unknown_contexts);
	r->view.access = NULL;
	return answer_pdu(r, req);
}

/* ---- in and out ---- */

size_t snmp_responder_answer(struct snmp_responder *r, const struct sockaddr *from, uint8_t *octets,
			     size_t len, int64_t now_us, int64_t wall_ms, uint8_t *out,
			     const uint8_t **ret_at)
{
	struct request req = {.out = out, .ret_at = ret_at};
	int err = snmp_message_parse(octets, len, &req.msg);

	r->mib_stats.in_pkts++;
	if (err < 0) {
		struct mib_snmp_stats *stats = &r->mib_stats;

		if (err == -EPROTONOSUPPORT)
			stats->in_bad_versions++;
		else if (err == -EAFNOSUPPORT)
			stats->unknown_security_models++;
		else if (err == -EPROTO)
			stats->invalid_msgs++;
		else
			stats->in_asn_parse_errs++;
		return 0;
	}
	r->view.world.now_us = now_us;
	r->view.world.wall_ms = wall_ms;
	r->view.world.engine_time = usm_authority_time(r->authority, now_us);
	if (req.msg.version == SNMP_V3)
		return answer_v3(r, &req, octets, len);
	if (req.msg.version != SNMP_V2C) {
		r->mib_stats.in_bad_versions++;
		return 0;
	}
	req.community = community_of(r, &req.msg, from);
	if (!req.community)
		return 0;
	r->view.access = &SNMP_RULES_COMMUNITY;
	return answer_pdu(r, &req);
}

static int buffers_set(struct snmp_responder *r)
{
	/* Not calloc: pages that no request has needed yet cost no memory. */
	r->names = malloc(REPEATERS_MAX * sizeof(*r->names));
	r->bindings = malloc(sizeof(*r->bindings) + SNMP_RESPONDER_REQUEST_MAX);
	if (!r->names || !r->bindings)
		return -ENOMEM;
	r->bindings->refs = 1;
	r->bindings->len = 0;
	return snmp_varbind_room_init(&r->room);
}

static int authority_set(struct snmp_responder *r)
{
	struct usm_authority_conf conf = {.identity = &r->identity, .counts = r->mib_stats.usm};
	const struct usm_user *users;
	size_t n;
	int err;

	/* Never the same salt twice, also after a restart with the same boots (RFC 3826 3.1). */
	if (getrandom(&conf.salt, sizeof(conf.salt), 0) != sizeof(conf.salt))
		return -EIO;
	err = usm_authority_new(&conf, &r->authority);
	if (err < 0)
		return err;
	users = snmp_peers_users(r->peers, &n);
	usm_authority_set_users(r->authority, users, n);
	return 0;
}

int snmp_responder_new(const struct agent_users *users, const struct mib_data *data,
		       const struct snmp_identity *identity, const struct mib_world *texts,
		       struct snmp_responder **ret)
{
	cleanup_(snmp_responder_freep) struct snmp_responder *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->identity = *identity;
	r->view = (struct mib_view){.data = data, .world = *texts};
	err = buffers_set(r);
	if (err == 0)
		err = snmp_peers_new(users, &r->identity, &r->peers);
	if (err == 0)
		err = snmp_rules_new(users, &r->rules);
	if (err == 0)
		err = authority_set(r);
	if (err < 0)
		return err;
	r->view.world.stats = &r->mib_stats;
	r->view.world.engine_id = r->identity.engine_id;
	r->view.world.engine_id_len = r->identity.engine_id_len;
	r->view.world.engine_boots = r->identity.boots;
	r->view.world.engine_max_size = SNMP_MESSAGE_MAX;
	r->view.world.users = snmp_peers_rows(r->peers, &r->view.world.n_users);
	r->view.world.vacm = snmp_rules_vacm(r->rules);
	*ret = steal_ptr(r);
	return 0;
}

struct snmp_responder *snmp_responder_free(struct snmp_responder *r)
{
	if (!r)
		return NULL;
	snmp_varbind_room_deinit(&r->room);
	snmp_rules_free(r->rules);
	snmp_peers_free(r->peers);
	free(r->names);
	free(r->bindings);
	usm_authority_free(r->authority);
	free(r);
	return NULL;
}

void snmp_responder_freep(struct snmp_responder **r)
{
	*r = snmp_responder_free(*r);
}

const struct snmp_responder_stats *snmp_responder_get_stats(const struct snmp_responder *r)
{
	return &r->stats;
}

void snmp_responder_take_counts(struct snmp_responder *to, const struct snmp_responder *from)
{
	assert(to != from);
	to->stats = from->stats;
	to->mib_stats = from->mib_stats;
}
