/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The credentials as users of common/snmp/usm_authority, which decides for v3 by RFC 3414 3.2;
 * communities are compared here. What a message is and how an answer to it is made is
 * common/snmp/snmp_message's.
 */
#include "collector/io/snmp/trap_auth.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/credentials_conf.h"
#include "collector/io/setup/credential.h"
#include "common/base/cleanup.h"
#include "common/engine/credential_cache.h"
#include "common/snmp/ber_reader.h"
#include "common/snmp/usm_authority.h"
#include "common/system/log.h"

enum {
	CLOCKS_MAX = 4096, /* engines of v3 traps whose time is remembered */
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

/* The credentials whose notifications are taken; all of the same index are of one. */
struct users {
	struct usm_user *v3;
	const struct shared_credential **shared; /* of v3 */
	size_t n_v3;
	const struct credential_conf **communities;
	size_t n_communities;
};

struct trap_auth {
	const struct credentials_conf *credentials; /* the caller's */
	struct snmp_identity identity;
	struct usm_authority *authority;
	struct credential_cache *cache;
	struct users users;
	uint32_t usm_stats[USM_STAT_N]; /* what Reports carry */
	uint8_t *room;			/* 2 * SNMP_MESSAGE_MAX: what is encoded */
};

struct trap_reply {
	enum snmp_version version;
	char *community;
	int64_t msg_id, request_id;
	char user[USM_USER_MAX + 1], context[CONTEXT_MAX + 1];
	uint8_t context_engine_id[USM_ENGINE_ID_MAX];
	size_t context_engine_id_len;
	struct usm_keys keys;
	struct snmp_bindings *bindings;
};

const char *trap_verdict_name(enum trap_verdict verdict)
{
	return (unsigned int)verdict < TRAP_VERDICT_N ? VERDICT_NAMES[verdict] : "unknown";
}

/* ---- users ---- */

static void localize(struct trap_auth *auth, struct usm_user *user,
		     const struct shared_credential *shared)
{
	user->ready = shared->state == CREDENTIAL_READY &&
		      usm_localize(&shared->cred, &shared->master, auth->identity.engine_id,
				   auth->identity.engine_id_len, &user->keys) == 0;
}

static void on_key_ready(void *data, const struct shared_credential *shared)
{
	struct trap_auth *auth = data;

	for (size_t i = 0; i < auth->users.n_v3; i++) {
		if (auth->users.shared[i] == shared)
			localize(auth, &auth->users.v3[i], shared);
	}
}

static void users_deinit(struct users *users)
{
	for (size_t i = 0; i < users->n_v3; i++)
		credential_cache_put(users->shared[i]);
	if (users->v3)
		explicit_bzero(users->v3, users->n_v3 * sizeof(*users->v3));
	free(users->v3);
	free(users->shared);
	free(users->communities);
}

static int add_v3(struct trap_auth *auth, struct users *users,
		  const struct credential_conf *credential)
{
	struct snmp_credential cred = credential_for_snmp(credential);
	const struct shared_credential *shared;
	int r = credential_cache_get(auth->cache, &cred, &shared);

	if (r < 0) {
		log_error("trap", "credential=%s err=\"%s\"", credential->title, strerror(-r));
		return r;
	}
	/* No less protected than the credential says. */
	users->v3[users->n_v3] = (struct usm_user){
		.name = credential->user,
		.name_len = strlen(credential->user),
		.level = cred.level,
		.least = cred.level,
		.cred = &shared->cred,
		.master = &shared->master,
		.owner = credential,
	};
	users->shared[users->n_v3] = shared;
	localize(auth, &users->v3[users->n_v3++], shared);
	return 0;
}

int trap_auth_set_credentials(struct trap_auth *auth, const struct credentials_conf *credentials)
{
	size_t n = credentials->n_credentials + 1;
	struct users users = {
		.v3 = calloc(n, sizeof(*users.v3)),
		.shared = calloc(n, sizeof(*users.shared)),
		.communities = calloc(n, sizeof(*users.communities)),
	};
	int r = users.v3 && users.shared && users.communities ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < credentials->n_credentials; i++) {
		const struct credential_conf *credential = &credentials->credentials[i];

		if (!credential->traps)
			continue;
		if (credential->version == SNMP_V3)
			r = add_v3(auth, &users, credential);
		else
			users.communities[users.n_communities++] = credential;
	}
	if (r < 0) {
		users_deinit(&users);
		return r;
	}
	usm_authority_set_users(auth->authority, users.v3, users.n_v3);
	users_deinit(&auth->users);
	auth->users = users;
	auth->credentials = credentials;
	return 0;
}

const struct credentials_conf *trap_auth_credentials(const struct trap_auth *auth)
{
	assert(auth->credentials);
	return auth->credentials;
}

int trap_auth_new(struct loop *loop, const struct snmp_identity *identity,
		  const struct credentials_conf *credentials, struct trap_auth **ret)
{
	struct trap_auth *auth = calloc(1, sizeof(*auth));
	const struct usm_authority_conf conf = {
		.identity = identity,
		.salt = (uint64_t)identity->boots << 32,
		.counts = auth ? auth->usm_stats : NULL,
		.clocks = CLOCKS_MAX,
	};
	int r;

	if (!auth)
		return -ENOMEM;
	auth->identity = *identity;
	auth->room = malloc(2 * SNMP_MESSAGE_MAX);
	r = auth->room ? usm_authority_new(&conf, &auth->authority) : -ENOMEM;
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
	usm_authority_free(auth->authority);
	users_deinit(&auth->users);
	credential_cache_free(auth->cache);
	free(auth->room);
	free(auth);
	return NULL;
}

void trap_auth_restore_clock(struct trap_auth *auth, const uint8_t *engine_id, size_t engine_id_len,
			     uint32_t boots, uint32_t time, int64_t now_us)
{
	usm_authority_restore_clock(auth->authority, engine_id, engine_id_len, boots, time, now_us);
}

/* ---- answers ---- */

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
	struct snmp_message_out out = {
		.version = reply->version,
		.community = reply->community,
		.pdu = SNMP_PDU_RESPONSE,
		.answer = true,
		.request_id = (int32_t)reply->request_id,
		.msg_id = (int32_t)reply->msg_id,
		.bindings = reply->bindings,
		.context_engine_id = reply->context_engine_id,
		.context_engine_id_len = reply->context_engine_id_len,
		.context = reply->context,
		.user = reply->user,
		.keys = &reply->keys,
	};

	usm_authority_fill(auth->authority, now_us, &out);
	return snmp_message_encode(&out, auth->room, 2 * SNMP_MESSAGE_MAX, &ret->octets, &ret->len);
}

/* ---- checking ---- */

static bool is_text(const uint8_t *octets, size_t len, const char *text)
{
	return text && strlen(text) == len && memcmp(octets, text, len) == 0;
}

static enum trap_verdict check_community(const struct trap_auth *auth, struct trap_message *message)
{
	const struct snmp_message *msg = &message->msg;

	for (size_t i = 0; i < auth->users.n_communities; i++) {
		const struct credential_conf *credential = auth->users.communities[i];

		/* v1 and v2c traps come from one device: its credential says v2c, its trap is v1 */
		if (is_text(msg->community, msg->community_len, credential->community)) {
			message->credential = credential;
			return TRAP_ACCEPTED;
		}
	}
	return TRAP_BAD_COMMUNITY;
}

static const void *credential_titled(const struct trap_auth *auth, const char *title)
{
	for (size_t i = 0; title && i < auth->users.n_v3; i++) {
		const struct credential_conf *credential = auth->users.v3[i].owner;

		if (strcmp(credential->title, title) == 0)
			return credential;
	}
	return NULL;
}

static enum trap_verdict check_v3(struct trap_auth *auth, const struct trap_input *in,
				  struct trap_message *message, struct trap_answer *ret_report)
{
	static const enum trap_verdict VERDICTS[USM_VERDICT_N] = {
		[USM_ACCEPTED] = TRAP_ACCEPTED,
		[USM_UNSUPPORTED_LEVEL] = TRAP_WEAK_LEVEL,
		[USM_NOT_IN_WINDOW] = TRAP_NOT_IN_WINDOW,
		[USM_UNKNOWN_USER] = TRAP_UNKNOWN_USER,
		[USM_UNKNOWN_ENGINE] = TRAP_DISCOVERY,
		[USM_WRONG_DIGEST] = TRAP_WRONG_KEY,
		[USM_DECRYPTION_ERROR] = TRAP_DECRYPT_ERROR,
		[USM_KEYS_PENDING] = TRAP_KEYS_PENDING,
		[USM_MALFORMED] = TRAP_MALFORMED,
	};
	const struct usm_input input = {
		.msg = &message->msg,
		.octets = in->octets,
		.len = in->len,
		.preferred = credential_titled(auth, in->preferred),
		.only_preferred = in->only_preferred,
		.now_us = in->now_us,
	};
	struct usm_output output;
	enum usm_verdict verdict = usm_authority_check(auth->authority, &input, &output);

	*ret_report = (struct trap_answer){output.report, output.report_len};
	if (verdict == USM_ACCEPTED) {
		message->credential = output.user->owner;
		message->clock_moved = output.clock_moved;
		if (output.keys)
			message->keys = *output.keys;
	}
	return VERDICTS[verdict];
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
	struct trap_message message = {.credential = NULL};
	enum trap_verdict verdict;

	*ret_report = (struct trap_answer){0};
	if (in->len > SNMP_MESSAGE_MAX || snmp_message_parse(in->octets, in->len, &message.msg) < 0)
		return TRAP_MALFORMED;
	verdict = message.msg.version == SNMP_V3 ? check_v3(auth, in, &message, ret_report)
						 : check_community(auth, &message);
	if (verdict != TRAP_ACCEPTED)
		return verdict;
	if (!is_notification(&message.msg))
		return TRAP_WRONG_PDU;
	*ret = message;
	return TRAP_ACCEPTED;
}
