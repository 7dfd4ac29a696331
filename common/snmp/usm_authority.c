/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3414 3.2 in its order, and RFC 3412 7.1.3's Reports. The cryptography is snmp_usm's, the
 * format snmp_message's, other engines' clocks usm_clocks'. What a user may see or do, the
 * caller decides.
 */
#include "common/snmp/usm_authority.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/snmp/ber_reader.h"
#include "common/snmp/ber_writer.h"
#include "common/snmp/usm_clocks.h"

enum {
	TRIES_MAX = 64, /* users of one name whose keys are tried */
	PLAIN_ROOM = SNMP_MESSAGE_MAX + 64,
	BINDINGS_ROOM = 128,	/* one counter */
	REPORT_ROOM = 2 * 1024, /* a Report, and its encryption */
};

struct usm_authority {
	struct snmp_identity identity;
	const struct usm_user *users;
	size_t n_users;
	struct usm_clocks *clocks; /* NULL: no other engine's messages */
	uint32_t *counts;
	uint64_t salt;
	struct usm_keys keys; /* of the message at hand, where they are no user\'s own */
	uint8_t *plain;	      /* PLAIN_ROOM */
	struct snmp_bindings *bindings;
	uint8_t report[REPORT_ROOM];
};

/* One message on its way. */
struct check {
	struct usm_authority *authority;
	const struct usm_input *in;
	struct snmp_message *msg;
	struct usm_output *out;
	bool ours; /* our engine is the authoritative one */
};

/* ---- the authority ---- */

int usm_authority_new(const struct usm_authority_conf *conf, struct usm_authority **ret)
{
	struct usm_authority *authority = calloc(1, sizeof(*authority));
	int r;

	assert(conf->identity->engine_id_len >= USM_ENGINE_ID_MIN &&
	       conf->identity->engine_id_len <= USM_ENGINE_ID_MAX);
	if (!authority)
		return -ENOMEM;
	authority->identity = *conf->identity;
	authority->salt = conf->salt;
	authority->counts = conf->counts;
	authority->plain = malloc(PLAIN_ROOM); /* touched as far as messages need it */
	authority->bindings = calloc(1, sizeof(*authority->bindings) + BINDINGS_ROOM);
	r = authority->plain && authority->bindings ? 0 : -ENOMEM;
	if (r == 0 && conf->clocks > 0)
		r = usm_clocks_new(conf->clocks, &authority->clocks);
	if (r < 0) {
		usm_authority_free(authority);
		return r;
	}
	authority->bindings->refs = 1;
	*ret = authority;
	return 0;
}

struct usm_authority *usm_authority_free(struct usm_authority *authority)
{
	if (!authority)
		return NULL;
	usm_clocks_free(authority->clocks);
	free(authority->bindings);
	free(authority->plain);
	explicit_bzero(&authority->keys, sizeof(authority->keys));
	free(authority);
	return NULL;
}

void usm_authority_set_users(struct usm_authority *authority, const struct usm_user *users,
			     size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert(users[i].least <= users[i].level && users[i].name_len <= USM_USER_MAX);
	authority->users = users;
	authority->n_users = n;
}

void usm_authority_restore_clock(struct usm_authority *authority, const uint8_t *engine_id,
				 size_t engine_id_len, uint32_t boots, uint32_t time,
				 int64_t now_us)
{
	assert(authority->clocks);
	usm_clocks_restore(authority->clocks, engine_id, engine_id_len, boots, time, now_us);
}

uint32_t usm_authority_time(const struct usm_authority *authority, int64_t now_us)
{
	int64_t us = now_us - authority->identity.start_us;

	return us > 0 ? (uint32_t)(us / 1000000) & INT32_MAX : 0;
}

void usm_authority_fill(struct usm_authority *authority, int64_t now_us,
			struct snmp_message_out *out)
{
	out->engine_id = authority->identity.engine_id;
	out->engine_id_len = authority->identity.engine_id_len;
	out->boots = authority->identity.boots;
	out->time = usm_authority_time(authority, now_us);
	out->salt = authority->salt++;
}

/* ---- Reports ---- */

static void put_counter(struct snmp_bindings *bindings, const struct usm_report *report)
{
	uint8_t octets[BINDINGS_ROOM];
	struct ber_writer w = {.buf = octets, .room = sizeof(octets)};

	ber_put_unsigned(&w, SNMP_TYPE_COUNTER32, report->count);
	ber_put_oid(&w, report->name, report->name_len);
	ber_put_header(&w, BER_SEQUENCE, 0);
	ber_put_header(&w, BER_SEQUENCE, 0);
	assert(!w.error);
	bindings->len = (uint32_t)w.used;
	memcpy(bindings->octets, ber_front(&w), w.used);
}

size_t usm_authority_report(struct usm_authority *authority, const struct snmp_message *msg,
			    const struct usm_report *report, const uint8_t **ret_at)
{
	char user[USM_USER_MAX + 1] = "";
	struct snmp_message_out out = {
		.version = SNMP_V3,
		.pdu = SNMP_PDU_REPORT,
		.answer = true,
		.request_id = msg->has_pdu ? (int32_t)msg->request_id : 0,
		.msg_id = (int32_t)msg->msg_id,
		.user = user,
		.keys = report->keys,
		.bindings = authority->bindings,
	};
	size_t len;

	assert(report->name_len <= 16);
	if (!(msg->flags & SNMP_FLAG_REPORTABLE))
		return 0;
	/* the request's, also where nobody has that name (RFC 3414 3.1 1 and 3.2 2) */
	if (msg->user_len <= USM_USER_MAX && msg->user_len > 0)
		memcpy(user, msg->user, msg->user_len);
	put_counter(authority->bindings, report);
	usm_authority_fill(authority, report->now_us, &out);
	return snmp_message_encode(&out, authority->report, sizeof(authority->report), ret_at,
				   &len) < 0
		       ? 0
		       : len;
}

/* The same keys without encryption; NULL of NULL. */
static const struct usm_keys *auth_only(struct usm_authority *authority,
					const struct usm_keys *keys)
{
	if (!keys || keys->priv_protocol == SNMP_PRIV_NONE)
		return keys;
	authority->keys = *keys;
	authority->keys.priv_protocol = SNMP_PRIV_NONE;
	return &authority->keys;
}

/* Counts. Only where the sender has proved who it is does it learn more than the number:
 * our time, which it may believe, since the Report is signed. */
static void count_and_report(struct check *check, enum usm_verdict verdict)
{
	const snmp_oid_t name[] = {SNMP_OID_USM_STATS, (snmp_oid_t)verdict, 0};
	const bool authentic = verdict == USM_NOT_IN_WINDOW || verdict == USM_DECRYPTION_ERROR;
	const struct usm_report report = {
		.name = name,
		.name_len = ARRAY_LEN(name),
		.count = ++check->authority->counts[verdict],
		.keys = authentic ? auth_only(check->authority, check->out->keys) : NULL,
		.now_us = check->in->now_us,
	};

	check->out->report_len =
		usm_authority_report(check->authority, check->msg, &report, &check->out->report);
}

/* ---- 4 to 6: user, level, digest ---- */

static enum snmp_security_level level_of(const struct snmp_message *msg)
{
	if (!(msg->flags & SNMP_FLAG_AUTH))
		return SNMP_SEC_NONE;
	return msg->flags & SNMP_FLAG_PRIV ? SNMP_SEC_AUTH_PRIV : SNMP_SEC_AUTH;
}

/* Keys of this user for the engine that is authoritative here. */
static enum usm_verdict take_keys(struct check *check, const struct usm_user *user)
{
	const struct snmp_message *msg = check->msg;

	if (!user->ready)
		return USM_KEYS_PENDING;
	check->out->keys = &user->keys;
	if (check->ours)
		return USM_ACCEPTED;
	check->out->keys = &check->authority->keys;
	return user->master && usm_localize(user->cred, user->master, msg->engine_id,
					    msg->engine_id_len, &check->authority->keys) == 0
		       ? USM_ACCEPTED
		       : USM_WRONG_DIGEST;
}

static enum usm_verdict try_user(struct check *check, const struct usm_user *user)
{
	const struct usm_input *in = check->in;
	enum snmp_security_level level = level_of(check->msg);
	enum usm_verdict verdict;

	check->out->user = user;
	if (level > user->level || level < user->least)
		return USM_UNSUPPORTED_LEVEL;
	if (level == SNMP_SEC_NONE)
		return USM_ACCEPTED;
	verdict = take_keys(check, user);
	if (verdict != USM_ACCEPTED)
		return verdict;
	return snmp_message_verify(check->msg, in->octets, in->len, check->out->keys) < 0
		       ? USM_WRONG_DIGEST
		       : USM_ACCEPTED;
}

static bool has_name(const struct usm_user *user, const struct snmp_message *msg)
{
	return user->name_len == msg->user_len && memcmp(user->name, msg->user, msg->user_len) == 0;
}

/* The one whose key fits; the preferred ones first, and the others unless they are left out. */
static enum usm_verdict find_user(struct check *check)
{
	const struct usm_authority *authority = check->authority;
	enum usm_verdict verdict = USM_UNKNOWN_USER;
	const int least = check->in->only_preferred ? 1 : 0;
	unsigned int tries = 0;

	for (int preferred = check->in->preferred != NULL; preferred >= least; preferred--) {
		for (size_t i = 0; i < authority->n_users && tries < TRIES_MAX; i++) {
			const struct usm_user *user = &authority->users[i];
			enum usm_verdict one;

			if ((check->in->preferred && user->owner == check->in->preferred) !=
				    (preferred == 1) ||
			    !has_name(user, check->msg))
				continue;
			tries++;
			one = try_user(check, user);
			if (one == USM_ACCEPTED)
				return one;
			if (verdict != USM_KEYS_PENDING && verdict != USM_WRONG_DIGEST)
				verdict = one;
		}
	}
	return verdict;
}

/* ---- 7: time window ---- */

static enum usm_verdict check_time(const struct check *check)
{
	const struct usm_authority *authority = check->authority;
	const struct snmp_message *msg = check->msg;
	int64_t now_us = check->in->now_us, apart;

	if (!(msg->flags & SNMP_FLAG_AUTH))
		return USM_ACCEPTED;
	if (!check->ours) {
		const enum usm_clock_answer answer =
			usm_clocks_accept(authority->clocks, msg->engine_id, msg->engine_id_len,
					  msg->boots, msg->time, now_us);

		check->out->clock_moved = answer == USM_CLOCK_MOVED;
		return answer == USM_CLOCK_REFUSED ? USM_NOT_IN_WINDOW : USM_ACCEPTED;
	}
	apart = (int64_t)msg->time - usm_authority_time(authority, now_us);
	return authority->identity.boots != USM_BOOTS_MAX &&
			       msg->boots == authority->identity.boots && apart >= -USM_WINDOW_S &&
			       apart <= USM_WINDOW_S
		       ? USM_ACCEPTED
		       : USM_NOT_IN_WINDOW;
}

/* ---- 8: decryption ---- */

static enum usm_verdict decrypt(struct check *check)
{
	uint8_t *plain = check->authority->plain;
	struct snmp_message *msg = check->msg;
	size_t len;

	if (!(msg->flags & SNMP_FLAG_PRIV)) {
		check->out->keys = auth_only(check->authority, check->out->keys);
		return USM_ACCEPTED;
	}
	if (msg->salt_len != USM_SALT_LEN || msg->encrypted_len > SNMP_MESSAGE_MAX ||
	    usm_decrypt(check->out->keys, msg->salt, msg->boots, msg->time, msg->encrypted,
			msg->encrypted_len, plain, &len) < 0 ||
	    snmp_message_parse_scoped(plain, len, msg) < 0)
		return USM_DECRYPTION_ERROR;
	return USM_ACCEPTED;
}

/* ---- all of it ---- */

static enum usm_verdict check_engine(const struct check *check)
{
	const struct snmp_message *msg = check->msg;

	if (check->ours)
		return USM_ACCEPTED;
	/* Whoever wants an answer has to address our engine: a request and an inform do, a trap
	 * does not (RFC 3413 3.2, 3.3). */
	if (!check->authority->clocks || msg->flags & SNMP_FLAG_REPORTABLE)
		return USM_UNKNOWN_ENGINE;
	return msg->engine_id_len < USM_ENGINE_ID_MIN ? USM_MALFORMED : USM_ACCEPTED;
}

static bool is_ours(const struct snmp_identity *identity, const struct snmp_message *msg)
{
	return msg->engine_id_len == identity->engine_id_len &&
	       memcmp(msg->engine_id, identity->engine_id, msg->engine_id_len) == 0;
}

enum usm_verdict usm_authority_check(struct usm_authority *authority, const struct usm_input *in,
				     struct usm_output *ret)
{
	struct check check = {
		.authority = authority,
		.in = in,
		.msg = in->msg,
		.out = ret,
		.ours = is_ours(&authority->identity, in->msg),
	};
	enum usm_verdict verdict;

	assert(in->msg->version == SNMP_V3);
	*ret = (struct usm_output){.user = NULL};
	verdict = check_engine(&check);
	if (verdict == USM_ACCEPTED)
		verdict = find_user(&check);
	if (verdict == USM_ACCEPTED)
		verdict = check_time(&check);
	if (verdict == USM_ACCEPTED)
		verdict = decrypt(&check);
	if (verdict == USM_ACCEPTED || verdict >= USM_KEYS_PENDING ||
	    (verdict == USM_NOT_IN_WINDOW && !check.ours))
		return verdict;
	count_and_report(&check, verdict);
	return verdict;
}
