/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a message gets: an answer, a Report or nothing. Does not decide what objects
 * there are (mib_view), who the users are (snmp_peers), what they may see (snmp_rules), nor
 * how messages are encoded (common/snmp/snmp_message).
 *
 * Sources: RFC 3412 7 (message processing, Reports), RFC 3414 3.2 (USM, incoming), RFC
 * 3416 4.2 (GET, GETNEXT, GETBULK), RFC 3584 (v2c), RFC 3415 (what a level may see).
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
	TIME_WINDOW_S = 150, /* RFC 3414 2.2.3 */
	REPEATERS_MAX = 128, /* of a GETBULK; no manager comes near it */
	HEADERS_MAX = 128,   /* octets around names, digests and bindings */
};

struct snmp_responder {
	struct mib_view view;
	struct snmp_identity identity;
	struct snmp_peers *peers;
	struct snmp_rules *rules;
	uint64_t salt;
	struct mib_snmp_stats mib_stats;
	struct snmp_responder_stats stats;
	struct snmp_varbind_room room;
	struct mib_name *names; /* where each repeater of a GETBULK stands */
	struct snmp_bindings *bindings;
	uint8_t *plain; /* one message */
};

/* One request on its way through. */
struct request {
	struct snmp_message msg;
	const struct snmp_user *user; /* v3 */
	const struct snmp_community *community;
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

static uint32_t engine_time(const struct snmp_responder *r)
{
	int64_t us = r->view.world.now_us - r->identity.start_us;

	return us > 0 ? (uint32_t)(us / 1000000) & INT32_MAX : 0;
}

static size_t send_message(struct snmp_responder *r, const struct request *req, uint8_t pdu,
			   const struct usm_keys *keys)
{
	struct snmp_message_out out = {
		.version = (enum snmp_version)req->msg.version,
		.pdu = pdu,
		.request_id = (int32_t)req->msg.request_id,
		.field1 = (int32_t)req->error_status,
		.field2 = (int32_t)req->error_index,
		.bindings = r->bindings,
		.msg_id = (int32_t)req->msg.msg_id,
		.community = req->community ? req->community->text : NULL,
		.engine_id = r->identity.engine_id,
		.engine_id_len = r->identity.engine_id_len,
		.boots = r->identity.boots,
		.time = engine_time(r),
		.user = req->user ? req->user->name : "",
		.keys = keys,
		.salt = r->salt++,
		.answer = true,
	};
	size_t len;

	if (snmp_message_encode(&out, req->out, SNMP_RESPONDER_ROOM, req->ret_at, &len) < 0) {
		r->stats.dropped++;
		r->mib_stats.silent_drops++;
		return 0;
	}
	return len;
}

static size_t send_response(struct snmp_responder *r, const struct request *req)
{
	r->stats.answers++;
	return send_message(r, req, SNMP_PDU_RESPONSE,
			    req->user ? (req->msg.flags & SNMP_FLAG_PRIV ? &req->user->keys
									 : &req->user->auth_only)
				      : NULL);
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

/*
 * A Report with one counter (RFC 3412 7.1 3), only where the request may be reported on.
 * keys: NULL, or the user's where the sender is known to be who it says.
 */
static size_t send_report(struct snmp_responder *r, struct request *req, const snmp_oid_t *name,
			  size_t name_len, uint32_t count, const struct usm_keys *keys)
{
	struct snmp_varbind varbind = {
		.name = name,
		.name_len = name_len,
		.type = SNMP_TYPE_COUNTER32,
		.v.u = count,
	};
	struct varbind_writer w;

	if (!(req->msg.flags & SNMP_FLAG_REPORTABLE)) {
		r->stats.dropped++;
		return 0;
	}
	varbind_writer_init(&w, r->bindings->octets, SNMP_RESPONDER_REQUEST_MAX);
	varbind_writer_add(&w, &varbind);
	r->bindings->len = (uint32_t)varbind_writer_finish(&w);
	r->stats.reports++;
	return send_message(r, req, SNMP_PDU_REPORT, keys);
}

/* usmStats number which, RFC 3414 5 */
static size_t report_usm(struct snmp_responder *r, struct request *req, snmp_oid_t which,
			 uint32_t *counter, const struct usm_keys *keys)
{
	const snmp_oid_t name[] = {SNMP_OID_USM_STATS, which, 0};

	return send_report(r, req, name, ARRAY_LEN(name), ++*counter, keys);
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

static size_t answer_get(struct snmp_responder *r, struct request *req, struct varbind_writer *w)
{
	bool next = req->msg.pdu == SNMP_PDU_GETNEXT, end;
	struct mib_name at;

	for (size_t i = 0; i < r->room.n; i++) {
		const struct snmp_varbind *asked = &r->room.varbinds[i];

		if (next ? add_next(r, w, asked->name, asked->name_len, &at, &end)
			 : add_get(r, w, asked))
			continue;
		r->stats.too_big++;
		return send_error(r, req, SNMP_ERROR_TOO_BIG, 0);
	}
	r->bindings->len = (uint32_t)varbind_writer_finish(w);
	return send_response(r, req);
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
	case SNMP_PDU_GETNEXT:
		return answer_get(r, req, &w);
	case SNMP_PDU_GETBULK:
		return answer_bulk(r, req, &w);
	case SNMP_PDU_SET:
		r->stats.refused_set++;
		return send_error(r, req, SNMP_ERROR_NOT_WRITABLE, r->room.n ? 1 : 0);
	default:
		r->mib_stats.unknown_pdu_handlers++;
		return 0;
	}
}

/* ---- v3 ---- */

/* RFC 3414 3.2 7 a */
static bool in_time_window(const struct snmp_responder *r, const struct snmp_message *msg)
{
	int64_t apart = (int64_t)msg->time - engine_time(r);

	return r->identity.boots != INT32_MAX && msg->boots == r->identity.boots &&
	       apart >= -TIME_WINDOW_S && apart <= TIME_WINDOW_S;
}

static bool decrypt(struct snmp_responder *r, struct request *req)
{
	struct snmp_message *msg = &req->msg;
	size_t len;

	return msg->salt_len == USM_SALT_LEN &&
	       usm_decrypt(&req->user->keys, msg->salt, msg->boots, msg->time, msg->encrypted,
			   msg->encrypted_len, r->plain, &len) == 0 &&
	       snmp_message_parse_scoped(r->plain, len, msg) == 0;
}

/* The level is the user's own, no less: what is below is refused here instead of by a
 * view. */
static bool level_is_enough(const struct request *req)
{
	return req->msg.flags & SNMP_FLAG_AUTH &&
	       (req->msg.flags & SNMP_FLAG_PRIV || req->user->keys.priv_protocol == SNMP_PRIV_NONE);
}

static size_t answer_context(struct snmp_responder *r, struct request *req)
{
	static const snmp_oid_t UNKNOWN_CONTEXTS[] = {SNMP_OID_UNKNOWN_CONTEXTS, 0};
	static const snmp_oid_t UNKNOWN_HANDLERS[] = {SNMP_OID_UNKNOWN_HANDLERS, 0};
	const struct usm_keys *keys =
		req->msg.flags & SNMP_FLAG_PRIV ? &req->user->keys : &req->user->auth_only;

	if (req->msg.context_engine_id_len != r->identity.engine_id_len ||
	    memcmp(req->msg.context_engine_id, r->identity.engine_id, r->identity.engine_id_len) !=
		    0)
		return send_report(r, req, UNKNOWN_HANDLERS, ARRAY_LEN(UNKNOWN_HANDLERS),
				   ++r->mib_stats.unknown_pdu_handlers, keys);
	if (req->msg.context_len != 0)
		return send_report(r, req, UNKNOWN_CONTEXTS, ARRAY_LEN(UNKNOWN_CONTEXTS),
				   ++r->mib_stats.unknown_contexts, keys);
	r->view.access = NULL;
	return answer_pdu(r, req);
}

/* The sender proves that it has the user's keys, and that it does so now. */
static size_t answer_authentic(struct snmp_responder *r, struct request *req, uint8_t *octets,
			       size_t len)
{
	struct mib_snmp_stats *stats = &r->mib_stats;

	if (snmp_message_verify(&req->msg, octets, len, &req->user->keys) < 0)
		return report_usm(r, req, 5, &stats->usm_wrong_digests, NULL);
	if (!in_time_window(r, &req->msg))
		return report_usm(r, req, 2, &stats->usm_not_in_time_windows,
				  &req->user->auth_only);
	if (req->msg.flags & SNMP_FLAG_PRIV && !decrypt(r, req))
		return report_usm(r, req, 6, &stats->usm_decryption_errors, &req->user->auth_only);
	if (!level_is_enough(req)) {
		r->stats.refused_level++;
		r->room.n = 0;
		return send_error(r, req, SNMP_ERROR_AUTHORIZATION, 0);
	}
	return answer_context(r, req);
}

static size_t answer_v3(struct snmp_responder *r, struct request *req, uint8_t *octets, size_t len)
{
	const struct snmp_message *msg = &req->msg;
	struct mib_snmp_stats *stats = &r->mib_stats;

	if (msg->engine_id_len != r->identity.engine_id_len ||
	    memcmp(msg->engine_id, r->identity.engine_id, msg->engine_id_len) != 0)
		return report_usm(r, req, 4, &stats->usm_unknown_engine_ids, NULL);
	req->user = snmp_peers_user(r->peers, msg->user, msg->user_len);
	if (!req->user)
		return report_usm(r, req, 3, &stats->usm_unknown_user_names, NULL);
	if (msg->flags & SNMP_FLAG_PRIV && req->user->keys.priv_protocol == SNMP_PRIV_NONE)
		return report_usm(r, req, 1, &stats->usm_unsupported_sec_levels, NULL);
	if (!(msg->flags & SNMP_FLAG_AUTH)) {
		/* Every user here has a key, so this one proves nothing. */
		r->stats.refused_level++;
		return report_usm(r, req, 1, &stats->usm_unsupported_sec_levels, NULL);
	}
	return answer_authentic(r, req, octets, len);
}

/* ---- in and out ---- */

static void count_broken(struct mib_snmp_stats *stats, int err)
{
	if (err == -EPROTONOSUPPORT)
		stats->in_bad_versions++;
	else if (err == -EAFNOSUPPORT)
		stats->unknown_security_models++;
	else if (err == -EPROTO)
		stats->invalid_msgs++;
	else
		stats->in_asn_parse_errs++;
}

size_t snmp_responder_answer(struct snmp_responder *r, const struct sockaddr *from, uint8_t *octets,
			     size_t len, int64_t now_us, int64_t wall_ms, uint8_t *out,
			     const uint8_t **ret_at)
{
	struct request req = {.out = out, .ret_at = ret_at};
	int err = snmp_message_parse(octets, len, &req.msg);

	r->mib_stats.in_pkts++;
	if (err < 0) {
		count_broken(&r->mib_stats, err);
		return 0;
	}
	r->view.world.now_us = now_us;
	r->view.world.wall_ms = wall_ms;
	r->view.world.engine_time = engine_time(r);
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
	r->plain = malloc(SNMP_RESPONDER_REQUEST_MAX + 64);
	if (!r->names || !r->bindings || !r->plain)
		return -ENOMEM;
	r->bindings->refs = 1;
	r->bindings->len = 0;
	return snmp_varbind_room_init(&r->room);
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
	/* Never the same salt twice, also after a restart with the same boots (RFC
	 * 3826 3.1). */
	if (err == 0 && getrandom(&r->salt, sizeof(r->salt), 0) != sizeof(r->salt))
		err = -EIO;
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
	free(r->plain);
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
