/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3414 3.2 in the receiver's place, step by step, and RFC 3412 7.1.3's Reports. The
 * cryptography and the message format are common/snmp/snmp_message's. Nothing is remembered of
 * a message before its digest was found right, so forged ones cannot fill memory.
 */
#include "collector/io/snmp/trap_auth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/io/setup/credential.h"
#include "common/base/cleanup.h"
#include "common/engine/credential_cache.h"
#include "common/snmp/ber_reader.h"
#include "common/snmp/snmp_oids.h"
#include "common/system/log.h"

enum {
	WINDOW_S = 150,	    /* RFC 3414 2.2.3 */
	SENDERS_MAX = 4096, /* engines of v3 traps whose time is remembered */
	TRIES_MAX = 64,	    /* credentials with the same user name that are tried */
	CONTEXT_MAX = 32,
};

static const char *const VERDICT_NAMES[TRAP_VERDICT_N] = {
	[TRAP_ACCEPTED] = "accepted",		[TRAP_DISCOVERY] = "discovery",
	[TRAP_MALFORMED] = "malformed",		[TRAP_WRONG_PDU] = "wrong-pdu",
	[TRAP_BAD_COMMUNITY] = "bad-community", [TRAP_UNKNOWN_USER] = "unknown-user",
	[TRAP_WEAK_LEVEL] = "weak-level",	[TRAP_WRONG_KEY] = "wrong-key",
	[TRAP_DECRYPT_ERROR] = "decrypt-error", [TRAP_NOT_IN_WINDOW] = "not-in-window",
	[TRAP_KEYS_PENDING] = "keys-pending",
};

struct user {
	const struct credential_conf *credential;
	const struct shared_credential *shared; /* v3 */
	bool localized;
	struct usm_keys local; /* for our engine */
};

/* The time of an engine that sends v3 traps, as last proven. */
struct sender {
	uint8_t engine_id[USM_ENGINE_ID_MAX];
	uint8_t engine_id_len; /* 0: free */
	uint32_t boots, time;
	int64_t at_us;
};

struct trap_auth {
	struct snmp_identity identity;
	struct credential_cache *cache;
	struct user *users;
	size_t n_users;
	struct sender *senders;
	uint32_t usm_stats[8]; /* usmStats*, by their arc: what Reports carry */
	uint64_t salt;
	uint8_t *plain; /* SNMP_MESSAGE_MAX + 64: decrypted PDUs */
	uint8_t *room;	/* 2 * SNMP_MESSAGE_MAX: what is encoded */
};

struct trap_reply {
	enum snmp_version version;
	char *community;
	int64_t msg_id, request_id;
	char user[USM_USER_MAX + 1], context[CONTEXT_MAX + 1];
	uint8_t context_engine_id[USM_ENGINE_ID_MAX];
	size_t context_engine_id_len;
	bool has_keys;
	struct usm_keys keys;
	struct snmp_bindings *bindings;
};

const char *trap_verdict_name(enum trap_verdict verdict)
{
	return (unsigned int)verdict < TRAP_VERDICT_N ? VERDICT_NAMES[verdict] : "unknown";
}

/* ---- users ---- */

static void localize(struct trap_auth *auth, struct user *user)
{
	if (user->localized || user->shared->state != CREDENTIAL_READY)
		return;
	user->localized =
		usm_localize(&user->shared->cred, &user->shared->master, auth->identity.engine_id,
			     auth->identity.engine_id_len, &user->local) == 0;
}

static void on_key_ready(void *data, const struct shared_credential *shared)
{
	struct trap_auth *auth = data;

	for (size_t i = 0; i < auth->n_users; i++) {
		if (auth->users[i].shared == shared)
			localize(auth, &auth->users[i]);
	}
}

static void free_users(struct user *users, size_t n)
{
	for (size_t i = 0; i < n; i++)
		credential_cache_put(users[i].shared);
	if (users)
		explicit_bzero(users, n * sizeof(*users));
	free(users);
}

static int make_user(struct trap_auth *auth, const struct credential_conf *credential,
		     struct user *ret)
{
	struct snmp_credential cred = credential_for_snmp(credential);
	int r;

	*ret = (struct user){.credential = credential};
	if (credential->version != SNMP_V3)
		return 0;
	r = credential_cache_get(auth->cache, &cred, &ret->shared);
	if (r == 0)
		localize(auth, ret);
	else
		log_error("trap", "credential=%s err=\"%s\"", credential->title, strerror(-r));
	return r;
}

int trap_auth_set_credentials(struct trap_auth *auth, const struct credentials_conf *credentials)
{
	struct user *users = calloc(credentials->n_credentials + 1, sizeof(*users));
	size_t n = 0;

	if (!users)
		return -ENOMEM;
	for (size_t i = 0; i < credentials->n_credentials; i++) {
		int r;

		if (!credentials->credentials[i].traps)
			continue;
		r = make_user(auth, &credentials->credentials[i], &users[n]);
		if (r < 0) {
			free_users(users, n);
			return r;
		}
		n++;
	}
	free_users(auth->users, auth->n_users);
	auth->users = users;
	auth->n_users = n;
	return 0;
}

int trap_auth_new(struct loop *loop, const struct snmp_identity *identity,
		  const struct credentials_conf *credentials, struct trap_auth **ret)
{
	struct trap_auth *auth = calloc(1, sizeof(*auth));
	int r;

	if (!auth)
		return -ENOMEM;
	auth->identity = *identity;
	auth->salt = (uint64_t)identity->boots << 32;
	auth->senders = calloc(SENDERS_MAX, sizeof(*auth->senders));
	auth->plain = malloc(SNMP_MESSAGE_MAX + 64);
	auth->room = malloc(2 * SNMP_MESSAGE_MAX);
	r = auth->senders && auth->plain && auth->room ? 0 : -ENOMEM;
	if (r == 0)
		r = credential_cache_new(loop, on_key_ready, auth, &auth->cache);
	if (r == 0)
		r = trap_auth_set_credentials(auth, credentials);
	if (r < 0) {
		trap_auth_free(auth);
		return r;
	}
	*ret = auth;
	return 0;
}

struct trap_auth *trap_auth_free(struct trap_auth *auth)
{
	if (!auth)
		return NULL;
	free_users(auth->users, auth->n_users);
	credential_cache_free(auth->cache);
	free(auth->senders);
	free(auth->plain);
	free(auth->room);
	free(auth);
	return NULL;
}

/* ---- Reports and answers ---- */

/* Arcs below usmStats */
enum usm_stat {
	UNSUPPORTED_LEVELS = 1,
	NOT_IN_WINDOWS = 2,
	UNKNOWN_USERS = 3,
	UNKNOWN_ENGINES = 4,
	WRONG_DIGESTS = 5,
	DECRYPTION_ERRORS = 6,
};

static uint32_t engine_time(const struct trap_auth *auth, int64_t now_us)
{
	return (uint32_t)((now_us - auth->identity.start_us) / 1000000);
}

/* One message on its way through the checks. */
struct check {
	struct trap_auth *auth;
	const struct trap_input *in;
	bool ours; /* our engine is the authoritative one */
	struct trap_message message;
	struct trap_answer report;
};

/* keys: NULL for a Report without authentication. */
static void report(struct check *check, enum usm_stat stat, const struct usm_keys *keys)
{
	struct trap_auth *auth = check->auth;
	const struct snmp_message *msg = &check->message.msg;
	const snmp_oid_t name[] = {SNMP_OID_USM_STATS, (snmp_oid_t)stat, 0};
	const struct snmp_varbind varbind = {.name = name,
					     .name_len = ARRAY_LEN(name),
					     .type = SNMP_TYPE_COUNTER32,
					     .v.u = ++auth->usm_stats[stat]};
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = NULL;
	char user[USM_USER_MAX + 1] = "";
	struct snmp_message_out out = {
		.version = SNMP_V3,
		.pdu = SNMP_PDU_REPORT,
		.answer = true,
		.request_id = msg->has_pdu ? (int32_t)msg->request_id : 0,
		.msg_id = (int32_t)msg->msg_id,
		.user = user,
		.keys = keys,
		.engine_id = auth->identity.engine_id,
		.engine_id_len = auth->identity.engine_id_len,
		.boots = auth->identity.boots,
		.time = engine_time(auth, check->in->now_us),
	};

	if (!(msg->flags & SNMP_FLAG_REPORTABLE))
		return;
	if (msg->user_len <= USM_USER_MAX)
		memcpy(user, msg->user, msg->user_len);
	if (snmp_bindings_new(&varbind, 1, &bindings) < 0)
		return;
	out.bindings = bindings;
	if (snmp_message_encode(&out, auth->room, 2 * SNMP_MESSAGE_MAX, &check->report.octets,
				&check->report.len) < 0)
		check->report.len = 0;
}

static struct snmp_bindings *copy_bindings(const struct snmp_message *msg)
{
	uint8_t header[6] = {BER_SEQUENCE};
	size_t n = msg->bindings_len, header_len = 2;
	struct snmp_bindings *bindings;

	if (n < 0x80) {
		header[1] = (uint8_t)n;
	} else {
		header[1] = 0x82; /* a datagram has no more than 65535 octets */
		header[2] = (uint8_t)(n >> 8);
		header[3] = (uint8_t)n;
		header_len = 4;
	}
	bindings = malloc(sizeof(*bindings) + header_len + n);
	if (!bindings)
		return NULL;
	*bindings = (struct snmp_bindings){.refs = 1, .len = (uint32_t)(header_len + n)};
	memcpy(bindings->octets, header, header_len);
	memcpy(bindings->octets + header_len, msg->bindings, n);
	return bindings;
}

static void copy_octets(char *buf, size_t size, const uint8_t *octets, size_t len)
{
	size_t n = len < size ? len : size - 1;

	if (n > 0)
		memcpy(buf, octets, n);
	buf[n] = '\0';
}

struct trap_reply *trap_reply_new(const struct trap_message *message)
{
	const struct snmp_message *msg = &message->msg;
	struct trap_reply *reply = calloc(1, sizeof(*reply));

	if (!reply)
		return NULL;
	reply->version = (enum snmp_version)msg->version;
	reply->msg_id = msg->msg_id;
	reply->request_id = msg->request_id;
	reply->bindings = copy_bindings(msg);
	if (msg->version == SNMP_V3) {
		copy_octets(reply->user, sizeof(reply->user), msg->user, msg->user_len);
		copy_octets(reply->context, sizeof(reply->context), msg->context, msg->context_len);
		reply->context_engine_id_len = msg->context_engine_id_len <= USM_ENGINE_ID_MAX
						       ? msg->context_engine_id_len
						       : 0;
		if (reply->context_engine_id_len)
			memcpy(reply->context_engine_id, msg->context_engine_id,
			       reply->context_engine_id_len);
		reply->keys = message->keys;
		reply->has_keys = message->keys.auth_protocol != SNMP_AUTH_NONE;
	} else {
		reply->community = strndup((const char *)msg->community, msg->community_len);
	}
	if (!reply->bindings || (msg->version != SNMP_V3 && !reply->community))
		return trap_reply_free(reply);
	return reply;
}

struct trap_reply *trap_reply_free(struct trap_reply *reply)
{
	if (!reply)
		return NULL;
	if (reply->community)
		explicit_bzero(reply->community, strlen(reply->community));
	free(reply->community);
	snmp_bindings_unref(reply->bindings);
	explicit_bzero(&reply->keys, sizeof(reply->keys));
	free(reply);
	return NULL;
}

int trap_auth_answer(struct trap_auth *auth, const struct trap_reply *reply, int64_t now_us,
		     struct trap_answer *ret)
{
	const struct snmp_message_out out = {
		.version = reply->version,
		.community = reply->community,
		.pdu = SNMP_PDU_RESPONSE,
		.answer = true,
		.request_id = (int32_t)reply->request_id,
		.msg_id = (int32_t)reply->msg_id,
		.bindings = reply->bindings,
		.engine_id = auth->identity.engine_id,
		.engine_id_len = auth->identity.engine_id_len,
		.context_engine_id = reply->context_engine_id,
		.context_engine_id_len = reply->context_engine_id_len,
		.context = reply->context,
		.user = reply->user,
		.boots = auth->identity.boots,
		.time = engine_time(auth, now_us),
		.keys = reply->has_keys ? &reply->keys : NULL,
		.salt = auth->salt++,
	};

	return snmp_message_encode(&out, auth->room, 2 * SNMP_MESSAGE_MAX, &ret->octets, &ret->len);
}

/* ---- checking ---- */

static bool is_text(const uint8_t *octets, size_t len, const char *text)
{
	return text && strlen(text) == len && memcmp(octets, text, len) == 0;
}

static enum trap_verdict check_community(struct check *check)
{
	const struct trap_auth *auth = check->auth;
	const struct snmp_message *msg = &check->message.msg;

	for (size_t i = 0; i < auth->n_users; i++) {
		const struct credential_conf *credential = auth->users[i].credential;

		/* v1 and v2c traps come from one device: its credential says v2c, its trap is v1 */
		if (credential->version != SNMP_V3 &&
		    is_text(msg->community, msg->community_len, credential->community)) {
			check->message.credential = credential;
			return TRAP_ACCEPTED;
		}
	}
	return TRAP_BAD_COMMUNITY;
}

/* Keys of this user for the engine that is authoritative here. */
static int keys_for(struct check *check, struct user *user, struct usm_keys *ret)
{
	const struct snmp_message *msg = &check->message.msg;

	if (user->shared->state != CREDENTIAL_READY)
		return -EAGAIN;
	if (!check->ours)
		return usm_localize(&user->shared->cred, &user->shared->master, msg->engine_id,
				    msg->engine_id_len, ret);
	localize(check->auth, user);
	*ret = user->local;
	return user->localized ? 0 : -EIO;
}

static bool level_suffices(const struct user *user, const struct snmp_message *msg)
{
	const struct credential_conf *c = user->credential;

	return (c->auth == SNMP_AUTH_NONE || (msg->flags & SNMP_FLAG_AUTH)) &&
	       (c->priv == SNMP_PRIV_NONE || (msg->flags & SNMP_FLAG_PRIV));
}

/* A message that claims more than its user has cannot be read (RFC 3414 3.2 5). */
static bool level_exceeds(const struct user *user, const struct snmp_message *msg)
{
	const struct credential_conf *c = user->credential;

	return (c->auth == SNMP_AUTH_NONE && (msg->flags & SNMP_FLAG_AUTH)) ||
	       (c->priv == SNMP_PRIV_NONE && (msg->flags & SNMP_FLAG_PRIV));
}

static enum trap_verdict try_user(struct check *check, struct user *user)
{
	struct trap_message *message = &check->message;
	int r;

	if (!level_suffices(user, &message->msg) || level_exceeds(user, &message->msg))
		return TRAP_WEAK_LEVEL;
	message->credential = user->credential;
	message->keys = (struct usm_keys){.auth_protocol = SNMP_AUTH_NONE};
	if (!(message->msg.flags & SNMP_FLAG_AUTH))
		return TRAP_ACCEPTED;
	r = keys_for(check, user, &message->keys);
	if (r == 0)
		r = snmp_message_verify(&message->msg, check->in->octets, check->in->len,
					&message->keys);
	if (r == -EAGAIN)
		return TRAP_KEYS_PENDING;
	return r == 0 ? TRAP_ACCEPTED : TRAP_WRONG_KEY;
}

static bool is_preferred(const struct check *check, const struct user *user)
{
	return check->in->preferred && strcmp(user->credential->title, check->in->preferred) == 0;
}

/* The one whose key fits; the preferred credential first. */
static enum trap_verdict find_user(struct check *check)
{
	const struct snmp_message *msg = &check->message.msg;
	enum trap_verdict verdict = TRAP_UNKNOWN_USER;
	unsigned int tries = 0;

	for (size_t i = 0; i < 2 * check->auth->n_users && tries < TRIES_MAX; i++) {
		bool first_pass = i < check->auth->n_users;
		struct user *user = &check->auth->users[i % check->auth->n_users];
		enum trap_verdict one;

		if (!user->shared || is_preferred(check, user) != first_pass ||
		    !is_text(msg->user, msg->user_len, user->credential->user))
			continue;
		tries++;
		one = try_user(check, user);
		if (one == TRAP_ACCEPTED)
			return one;
		if (verdict != TRAP_KEYS_PENDING && verdict != TRAP_WRONG_KEY)
			verdict = one;
	}
	return verdict;
}

/* RFC 3414 3.2 7 a: ours. */
static bool in_own_window(const struct trap_auth *auth, const struct snmp_message *msg,
			  int64_t now_us)
{
	int64_t differ = (int64_t)msg->time - engine_time(auth, now_us);

	return msg->boots == auth->identity.boots && auth->identity.boots != INT32_MAX &&
	       differ >= -WINDOW_S && differ <= WINDOW_S;
}

static struct sender *find_sender(struct trap_auth *auth, const struct snmp_message *msg)
{
	struct sender *oldest = &auth->senders[0];

	for (size_t i = 0; i < SENDERS_MAX; i++) {
		struct sender *s = &auth->senders[i];

		if (s->engine_id_len == msg->engine_id_len &&
		    memcmp(s->engine_id, msg->engine_id, msg->engine_id_len) == 0)
			return s;
		if (s->at_us < oldest->at_us)
			oldest = s;
		if (s->engine_id_len == 0)
			break; /* they are filled in order */
	}
	*oldest = (struct sender){.engine_id_len = (uint8_t)msg->engine_id_len};
	memcpy(oldest->engine_id, msg->engine_id, msg->engine_id_len);
	return oldest;
}

/* RFC 3414 3.2 7 b: the sender's. */
static bool in_senders_window(struct trap_auth *auth, const struct snmp_message *msg,
			      int64_t now_us)
{
	struct sender *s = find_sender(auth, msg);
	int64_t expected = s->time + (now_us - s->at_us) / 1000000;

	if (s->at_us != 0 && (msg->boots < s->boots ||
			      (msg->boots == s->boots && (int64_t)msg->time < expected - WINDOW_S)))
		return false;
	if (msg->boots > s->boots || msg->time > s->time || s->at_us == 0) {
		s->boots = msg->boots;
		s->time = msg->time;
		s->at_us = now_us;
	}
	return true;
}

static enum trap_verdict decrypt(struct check *check)
{
	struct snmp_message *msg = &check->message.msg;
	uint8_t *plain = check->auth->plain;
	size_t len;

	if (!(msg->flags & SNMP_FLAG_PRIV)) {
		check->message.keys.priv_protocol = SNMP_PRIV_NONE; /* answered as it came */
		return TRAP_ACCEPTED;
	}
	if (msg->salt_len != USM_SALT_LEN ||
	    usm_decrypt(&check->message.keys, msg->salt, msg->boots, msg->time, msg->encrypted,
			msg->encrypted_len, plain, &len) < 0 ||
	    snmp_message_parse_scoped(plain, len, msg) < 0)
		return TRAP_DECRYPT_ERROR;
	return TRAP_ACCEPTED;
}

static void report_verdict(struct check *check, enum trap_verdict verdict)
{
	switch (verdict) {
	case TRAP_UNKNOWN_USER:
		report(check, UNKNOWN_USERS, NULL);
		break;
	case TRAP_WEAK_LEVEL:
		report(check, UNSUPPORTED_LEVELS, NULL);
		break;
	case TRAP_WRONG_KEY:
		report(check, WRONG_DIGESTS, NULL);
		break;
	case TRAP_DECRYPT_ERROR:
		report(check, DECRYPTION_ERRORS, NULL);
		break;
	default:
		break;
	}
}

static bool is_ours(const struct trap_auth *auth, const struct snmp_message *msg)
{
	return msg->engine_id_len == auth->identity.engine_id_len &&
	       memcmp(msg->engine_id, auth->identity.engine_id, msg->engine_id_len) == 0;
}

static enum trap_verdict check_time(struct check *check)
{
	const struct snmp_message *msg = &check->message.msg;
	struct usm_keys keys = check->message.keys;
	int64_t now_us = check->in->now_us;

	if (!(msg->flags & SNMP_FLAG_AUTH))
		return TRAP_ACCEPTED;
	if (!check->ours)
		return in_senders_window(check->auth, msg, now_us) ? TRAP_ACCEPTED
								   : TRAP_NOT_IN_WINDOW;
	if (in_own_window(check->auth, msg, now_us))
		return TRAP_ACCEPTED;
	/* authenticated, so that our time can be believed; the sender learns it and comes again */
	keys.priv_protocol = SNMP_PRIV_NONE;
	report(check, NOT_IN_WINDOWS, &keys);
	return TRAP_NOT_IN_WINDOW;
}

static enum trap_verdict check_v3(struct check *check)
{
	const struct snmp_message *msg = &check->message.msg;
	enum trap_verdict verdict;

	check->ours = is_ours(check->auth, msg);
	/* Whoever wants an answer has to address our engine: an inform does, a trap does not. */
	if (!check->ours && (msg->flags & SNMP_FLAG_REPORTABLE)) {
		report(check, UNKNOWN_ENGINES, NULL);
		return TRAP_DISCOVERY;
	}
	if (!check->ours && msg->engine_id_len < 5)
		return TRAP_MALFORMED; /* RFC 3411 5: 5 to 32 octets */
	verdict = find_user(check);
	if (verdict == TRAP_ACCEPTED)
		verdict = check_time(check);
	if (verdict == TRAP_ACCEPTED)
		verdict = decrypt(check);
	report_verdict(check, verdict);
	return verdict;
}

/* Informs of v3 are for our engine, traps of the sender's (RFC 3413 3.2, 3.3). */
static bool is_notification(const struct snmp_message *msg)
{
	if (msg->version == SNMP_V1)
		return msg->pdu == SNMP_PDU_TRAP_V1;
	return msg->pdu == SNMP_PDU_TRAP || msg->pdu == SNMP_PDU_INFORM;
}

enum trap_verdict trap_auth_check(struct trap_auth *auth, const struct trap_input *in,
				  struct trap_message *ret, struct trap_answer *ret_report)
{
	struct check check = {.auth = auth, .in = in};
	enum trap_verdict verdict;

	*ret_report = (struct trap_answer){0};
	if (in->len > SNMP_MESSAGE_MAX ||
	    snmp_message_parse(in->octets, in->len, &check.message.msg) < 0)
		return TRAP_MALFORMED;
	verdict = check.message.msg.version == SNMP_V3 ? check_v3(&check) : check_community(&check);
	*ret_report = check.report;
	if (verdict != TRAP_ACCEPTED)
		return verdict;
	if (!check.message.msg.has_pdu || !is_notification(&check.message.msg))
		return TRAP_WRONG_PDU;
	*ret = check.message;
	return TRAP_ACCEPTED;
}
