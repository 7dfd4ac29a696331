/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file made ready for asking: keys derived and localized, networks parsed.
 * Sources: RFC 3414 (users), RFC 3826, RFC 7860 (their protocols' names), RFC 3584 (v2c).
 */
#include "agent/io/snmp/snmp_peers.h"

#include <errno.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "common/base/net_prefix.h"
#include "common/snmp/snmp_oids.h"
#include "common/system/log.h"

struct snmp_peers {
	struct usm_user *users; /* in the order of usmUserTable's index */
	struct mib_user *rows;	/* the same users as that table shows them */
	size_t n_users;
	struct snmp_community *communities;
	size_t n_communities;
};

static int user_set(struct usm_user *user, const struct agent_user *conf,
		    const struct snmp_identity *identity)
{
	struct snmp_credential cred = {
		.version = SNMP_V3,
		.user = conf->title,
		.auth = conf->auth,
		.priv = conf->priv,
		.auth_pass = conf->auth_pass,
		.priv_pass = conf->priv_pass,
		.level = conf->priv != SNMP_PRIV_NONE ? SNMP_SEC_AUTH_PRIV : SNMP_SEC_AUTH,
	};
	struct usm_master master;
	int r = usm_check_credential(&cred);

	if (r == 0)
		r = usm_make_master(&cred, &master);
	if (r == 0)
		r = usm_localize(&cred, &master, identity->engine_id, identity->engine_id_len,
				 &user->keys);
	if (r < 0) {
		log_error("snmp", "user=%s err=\"its protocols or passphrases cannot be used\"",
			  conf->title);
		return -EINVAL;
	}
	user->name = conf->title;
	user->name_len = strlen(conf->title);
	user->level = cred.level;
	/* Less than its level is answered too: with authorizationError. */
	user->least = SNMP_SEC_AUTH;
	user->ready = true;
	return 0;
}

/* The last arc of usmHMACMD5AuthProtocol (RFC 3414) to usmHMAC384SHA512 (RFC 7860), of
 * usmDESPrivProtocol and usmAesCfb128Protocol (RFC 3826). */
static const snmp_oid_t AUTH_OIDS[][10] = {
	[SNMP_AUTH_NONE] = {SNMP_OID_AUTH_PROTOCOLS, 1},
	[SNMP_AUTH_MD5] = {SNMP_OID_AUTH_PROTOCOLS, 2},
	[SNMP_AUTH_SHA1] = {SNMP_OID_AUTH_PROTOCOLS, 3},
	[SNMP_AUTH_SHA224] = {SNMP_OID_AUTH_PROTOCOLS, 4},
	[SNMP_AUTH_SHA256] = {SNMP_OID_AUTH_PROTOCOLS, 5},
	[SNMP_AUTH_SHA384] = {SNMP_OID_AUTH_PROTOCOLS, 6},
	[SNMP_AUTH_SHA512] = {SNMP_OID_AUTH_PROTOCOLS, 7},
};
static const snmp_oid_t PRIV_NONE_OID[] = {SNMP_OID_PRIV_PROTOCOLS, 1};
static const snmp_oid_t PRIV_DES_OID[] = {SNMP_OID_PRIV_PROTOCOLS, 2};
static const snmp_oid_t PRIV_AES_OID[] = {SNMP_OID_PRIV_PROTOCOLS, 4};
/* net-snmp's own, since draft-blumenthal-aes-usm-04 never became a standard */
static const snmp_oid_t PRIV_AES192_OID[] = {1, 3, 6, 1, 4, 1, 14832, 1, 3};
static const snmp_oid_t PRIV_AES256_OID[] = {1, 3, 6, 1, 4, 1, 14832, 1, 4};
/* Cisco's, for the keys of draft-reeder-snmpv3-usm-3desede-00 */
static const snmp_oid_t PRIV_AES192C_OID[] = {1, 3, 6, 1, 4, 1, 9, 12, 6, 1, 1};
static const snmp_oid_t PRIV_AES256C_OID[] = {1, 3, 6, 1, 4, 1, 9, 12, 6, 1, 2};

static void row_set_priv(struct mib_user *row, enum snmp_priv priv)
{
	static const struct {
		const snmp_oid_t *oid;
		size_t len;
	} PRIVS[] = {
		[SNMP_PRIV_NONE] = {PRIV_NONE_OID, ARRAY_LEN(PRIV_NONE_OID)},
		[SNMP_PRIV_DES] = {PRIV_DES_OID, ARRAY_LEN(PRIV_DES_OID)},
		[SNMP_PRIV_AES128] = {PRIV_AES_OID, ARRAY_LEN(PRIV_AES_OID)},
		[SNMP_PRIV_AES192] = {PRIV_AES192_OID, ARRAY_LEN(PRIV_AES192_OID)},
		[SNMP_PRIV_AES256] = {PRIV_AES256_OID, ARRAY_LEN(PRIV_AES256_OID)},
		[SNMP_PRIV_AES192_CISCO] = {PRIV_AES192C_OID, ARRAY_LEN(PRIV_AES192C_OID)},
		[SNMP_PRIV_AES256_CISCO] = {PRIV_AES256C_OID, ARRAY_LEN(PRIV_AES256C_OID)},
	};
	size_t at = (size_t)priv < ARRAY_LEN(PRIVS) ? (size_t)priv : SNMP_PRIV_NONE;

	row->priv = PRIVS[at].oid;
	row->priv_len = PRIVS[at].len;
}

static int user_cmp(const void *a, const void *b)
{
	const struct usm_user *ua = a, *ub = b;

	if (ua->name_len != ub->name_len) /* the order of an index of variable length */
		return ua->name_len < ub->name_len ? -1 : 1;
	return memcmp(ua->name, ub->name, ua->name_len);
}

static int users_set(struct snmp_peers *peers, const struct agent_users *users,
		     const struct snmp_identity *identity)
{
	size_t i;

	peers->users = calloc(users->n_users + 1, sizeof(*peers->users));
	peers->rows = calloc(users->n_users + 1, sizeof(*peers->rows));
	if (!peers->users || !peers->rows)
		return -ENOMEM;
	for (i = 0; i < users->n_users; i++) {
		const struct agent_user *conf = &users->users[i];

		if (!conf->poll)
			continue;
		if (user_set(&peers->users[peers->n_users], conf, identity) < 0)
			return -EINVAL;
		peers->n_users++;
	}
	qsort(peers->users, peers->n_users, sizeof(*peers->users), user_cmp);
	for (i = 0; i < peers->n_users; i++) {
		peers->rows[i].engine_id = identity->engine_id;
		peers->rows[i].engine_id_len = identity->engine_id_len;
		peers->rows[i].name = peers->users[i].name;
		peers->rows[i].auth = AUTH_OIDS[peers->users[i].keys.auth_protocol];
		peers->rows[i].auth_len = ARRAY_LEN(AUTH_OIDS[0]);
		row_set_priv(&peers->rows[i], peers->users[i].keys.priv_protocol);
	}
	return 0;
}

static int community_set(struct snmp_community *community, const struct agent_community *conf)
{
	char **text;

	community->text = conf->community;
	community->len = strlen(conf->community);
	for (text = conf->sources; text && *text; text++)
		community->n_sources++;
	community->sources = calloc(community->n_sources + 1, sizeof(*community->sources));
	if (!community->sources)
		return -ENOMEM;
	for (size_t i = 0; i < community->n_sources; i++) {
		if (net_prefix_parse(conf->sources[i], &community->sources[i]) == 0)
			continue;
		log_error("snmp", "community=%s source=%s err=\"no network; right: 192.0.2.0/24\"",
			  conf->title, conf->sources[i]);
		return -EINVAL;
	}
	return 0;
}

static int communities_set(struct snmp_peers *peers, const struct agent_users *users)
{
	size_t i;
	int err;

	peers->communities = calloc(users->n_communities + 1, sizeof(*peers->communities));
	if (!peers->communities)
		return -ENOMEM;
	for (i = 0; i < users->n_communities; i++) {
		const struct agent_community *conf = &users->communities[i];

		if (!conf->poll || !conf->community || !*conf->community)
			continue;
		err = community_set(&peers->communities[peers->n_communities++], conf);
		if (err < 0)
			return err;
	}
	return 0;
}

const struct usm_user *snmp_peers_users(const struct snmp_peers *peers, size_t *ret_n)
{
	*ret_n = peers->n_users;
	return peers->users;
}

static bool community_allows(const struct snmp_community *community, const struct sockaddr *from)
{
	for (size_t i = 0; i < community->n_sources; i++) {
		if (net_prefix_has(&community->sources[i], from))
			return true;
	}
	return community->n_sources == 0;
}

const struct snmp_community *snmp_peers_community(const struct snmp_peers *peers,
						  const uint8_t *text, size_t len,
						  const struct sockaddr *from, bool *ret_known)
{
	*ret_known = false;
	for (size_t i = 0; i < peers->n_communities; i++) {
		const struct snmp_community *community = &peers->communities[i];

		if (community->len != len || memcmp(community->text, text, len) != 0)
			continue;
		if (community_allows(community, from))
			return community;
		*ret_known = true;
	}
	return NULL;
}

const struct mib_user *snmp_peers_rows(const struct snmp_peers *peers, size_t *ret_n)
{
	*ret_n = peers->n_users;
	return peers->rows;
}

int snmp_peers_new(const struct agent_users *users, const struct snmp_identity *identity,
		   struct snmp_peers **ret)
{
	struct snmp_peers *peers = calloc(1, sizeof(*peers));
	int r;

	if (!peers)
		return -ENOMEM;
	r = users_set(peers, users, identity);
	if (r == 0)
		r = communities_set(peers, users);
	if (r < 0) {
		snmp_peers_free(peers);
		return r;
	}
	*ret = peers;
	return 0;
}

struct snmp_peers *snmp_peers_free(struct snmp_peers *peers)
{
	if (!peers)
		return NULL;
	for (size_t i = 0; i < peers->n_communities; i++)
		free(peers->communities[i].sources);
	if (peers->users)
		explicit_bzero(peers->users, peers->n_users * sizeof(*peers->users));
	free(peers->communities);
	free(peers->users);
	free(peers->rows);
	free(peers);
	return NULL;
}
