/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * User-based security model: keys, digests, encryption, by net-snmp's primitives. Does
 * not decide what is sent to whom, nor whether a time is right. Source: RFC 3414 (USM),
 * RFC 3826 (AES-128), RFC 7860 (SHA-2), draft-blumenthal-aes-usm-04 and
 * draft-reeder-snmpv3-usm-3desede-00 (AES-192/256 keys), net-snmp's scapi.h, keytools.h.
 */
#include "common/snmp/snmp_usm.h"

#include <errno.h>
#include <string.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

struct protocol {
	int type;    /* net-snmp's number; 0: not in this build */
	uint8_t len; /* of the digest in a message; of the key */
};

static const struct protocol AUTHS[] = {
#ifndef NETSNMP_DISABLE_MD5
	[SNMP_AUTH_MD5] = {NETSNMP_USMAUTH_HMACMD5, 12},
#endif
	[SNMP_AUTH_SHA1] = {NETSNMP_USMAUTH_HMACSHA1, 12},
	[SNMP_AUTH_SHA224] = {NETSNMP_USMAUTH_HMAC128SHA224, 16},
	[SNMP_AUTH_SHA256] = {NETSNMP_USMAUTH_HMAC192SHA256, 24},
	[SNMP_AUTH_SHA384] = {NETSNMP_USMAUTH_HMAC256SHA384, 32},
	[SNMP_AUTH_SHA512] = {NETSNMP_USMAUTH_HMAC384SHA512, 48},
};

static const struct protocol PRIVS[] = {
#ifndef NETSNMP_DISABLE_DES
	[SNMP_PRIV_DES] = {USM_CREATE_USER_PRIV_DES, 16},
#endif
	[SNMP_PRIV_AES128] = {USM_CREATE_USER_PRIV_AES, 16},
#ifdef NETSNMP_DRAFT_BLUMENTHAL_AES_04
	[SNMP_PRIV_AES192] = {USM_CREATE_USER_PRIV_AES192, 24},
	[SNMP_PRIV_AES256] = {USM_CREATE_USER_PRIV_AES256, 32},
	[SNMP_PRIV_AES192_CISCO] = {USM_CREATE_USER_PRIV_AES192_CISCO, 24},
	[SNMP_PRIV_AES256_CISCO] = {USM_CREATE_USER_PRIV_AES256_CISCO, 32},
#endif
};

static const struct protocol *auth_of(enum snmp_auth auth)
{
	return (size_t)auth < ARRAY_LEN(AUTHS) && AUTHS[auth].type ? &AUTHS[auth] : NULL;
}

static const struct protocol *priv_of(enum snmp_priv priv)
{
	return (size_t)priv < ARRAY_LEN(PRIVS) && PRIVS[priv].type ? &PRIVS[priv] : NULL;
}

static bool passphrase_ok(const char *pass)
{
	return pass && strlen(pass) >= USM_PASSPHRASE_MIN;
}

int usm_check_credential(const struct snmp_credential *cred)
{
	if (!cred->user || !*cred->user || strlen(cred->user) > USM_USER_MAX)
		return -EINVAL;
	if (cred->level < SNMP_SEC_NONE || cred->level > SNMP_SEC_AUTH_PRIV)
		return -EINVAL;
	if (cred->level >= SNMP_SEC_AUTH) {
		if (cred->auth == SNMP_AUTH_NONE || !passphrase_ok(cred->auth_pass))
			return -EINVAL;
		if (!auth_of(cred->auth))
			return -EPROTONOSUPPORT;
	}
	if (cred->level == SNMP_SEC_AUTH_PRIV) {
		if (cred->priv == SNMP_PRIV_NONE || !passphrase_ok(cred->priv_pass))
			return -EINVAL;
		if (!priv_of(cred->priv))
			return -EPROTONOSUPPORT;
	}
	return 0;
}

size_t usm_mac_len(enum snmp_auth auth)
{
	const struct protocol *protocol = auth_of(auth);

	return protocol ? protocol->len : 0;
}

static int make_ku(enum snmp_auth auth, const char *pass, uint8_t *ret, uint8_t *ret_len)
{
	size_t oid_len, len = USM_KEY_MAX;
	const oid *name = sc_get_auth_oid(auth_of(auth)->type, &oid_len);

	if (!name || generate_Ku(name, (u_int)oid_len, (const u_char *)pass, strlen(pass), ret,
				 &len) != SNMPERR_SUCCESS)
		return -EIO;
	*ret_len = (uint8_t)len;
	return 0;
}

int usm_make_master(const struct snmp_credential *cred, struct usm_master *ret)
{
	struct usm_master master = {0};
	int r = 0;

	if (cred->level >= SNMP_SEC_AUTH)
		r = make_ku(cred->auth, cred->auth_pass, master.auth, &master.auth_len);
	if (r == 0 && cred->level == SNMP_SEC_AUTH_PRIV)
		r = make_ku(cred->auth, cred->priv_pass, master.priv, &master.priv_len);
	if (r == 0)
		*ret = master;
	return r;
}

static int localize_one(const struct protocol *auth, const uint8_t *engine_id, size_t engine_id_len,
			const uint8_t *ku, size_t ku_len, uint8_t *ret, size_t *ret_len)
{
	size_t oid_len;
	const oid *name = sc_get_auth_oid(auth->type, &oid_len);

	*ret_len = USM_KEY_MAX;
	if (!name || generate_kul(name, (u_int)oid_len, engine_id, engine_id_len, ku, ku_len, ret,
				  ret_len) != SNMPERR_SUCCESS)
		return -EIO;
	return 0;
}

/* The digest may be shorter than the cipher's key; the library lengthens it as the
 * protocol says. */
static int fit_priv_key(const struct protocol *auth, const struct protocol *priv,
			const uint8_t *engine_id, size_t engine_id_len, uint8_t *key, size_t *len)
{
	uint8_t id[USM_ENGINE_ID_MAX], *buf = malloc(USM_KEY_MAX);
	size_t oid_len, buf_len = *len;
	oid *name = sc_get_auth_oid(auth->type, &oid_len);
	int r = -EIO;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, key, buf_len);
	memcpy(id, engine_id, engine_id_len);
	if (netsnmp_extend_kul(priv->len, name, (u_int)oid_len, priv->type, id,
			       (u_int)engine_id_len, &buf, &buf_len,
			       USM_KEY_MAX) == SNMPERR_SUCCESS &&
	    buf_len >= priv->len) {
		memcpy(key, buf, priv->len);
		*len = priv->len;
		r = 0;
	}
	free(buf);
	return r;
}

int usm_localize(const struct snmp_credential *cred, const struct usm_master *master,
		 const uint8_t *engine_id, size_t engine_id_len, struct usm_keys *ret)
{
	const struct protocol *auth = auth_of(cred->auth), *priv = priv_of(cred->priv);
	struct usm_keys keys = {0};
	size_t len = 0;
	int r = 0;

	if (engine_id_len == 0 || engine_id_len > USM_ENGINE_ID_MAX)
		return -EINVAL;
	if (cred->level >= SNMP_SEC_AUTH) {
		keys.auth_protocol = cred->auth;
		r = localize_one(auth, engine_id, engine_id_len, master->auth, master->auth_len,
				 keys.auth, &len);
		keys.auth_len = (uint8_t)len;
	}
	if (r == 0 && cred->level == SNMP_SEC_AUTH_PRIV) {
		keys.priv_protocol = cred->priv;
		r = localize_one(auth, engine_id, engine_id_len, master->priv, master->priv_len,
				 keys.priv, &len);
		if (r == 0)
			r = fit_priv_key(auth, priv, engine_id, engine_id_len, keys.priv, &len);
		keys.priv_len = (uint8_t)len;
	}
	if (r == 0)
		*ret = keys;
	return r;
}

int usm_sign(const struct usm_keys *keys, const uint8_t *message, size_t len,
	     uint8_t mac[static USM_MAC_MAX])
{
	const struct protocol *auth = auth_of(keys->auth_protocol);
	size_t oid_len, mac_len = auth->len;
	const oid *name = sc_get_auth_oid(auth->type, &oid_len);

	if (!name || sc_generate_keyed_hash(name, oid_len, keys->auth, keys->auth_len, message,
					    (u_int)len, mac, &mac_len) != SNMPERR_SUCCESS)
		return -EIO;
	return mac_len == auth->len ? 0 : -EIO;
}

static void put_be32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

void usm_salt(const struct usm_keys *keys, uint32_t boots, uint64_t n,
	      uint8_t ret[static USM_SALT_LEN])
{
	put_be32(ret, keys->priv_protocol == SNMP_PRIV_DES ? boots : (uint32_t)(n >> 32));
	put_be32(ret + 4, (uint32_t)n);
}

/* DES: the salt, xored with the second half of the key (RFC 3414 8.1.1.1).
 * AES: boots, time, salt (RFC 3826 3.1.2.1). */
static size_t make_iv(const struct usm_keys *keys, const uint8_t *salt, uint32_t boots,
		      uint32_t time, uint8_t iv[static 16])
{
	if (keys->priv_protocol == SNMP_PRIV_DES) {
		for (int i = 0; i < USM_SALT_LEN; i++)
			iv[i] = salt[i] ^ keys->priv[8 + i];
		return 8;
	}
	put_be32(iv, boots);
	put_be32(iv + 4, time);
	memcpy(iv + 8, salt, USM_SALT_LEN);
	return 16;
}

int usm_encrypt(const struct usm_keys *keys, const uint8_t salt[static USM_SALT_LEN],
		uint32_t boots, uint32_t time, const uint8_t *plain, size_t len, uint8_t *out,
		size_t *ret_len)
{
	const struct protocol *priv = priv_of(keys->priv_protocol);
	uint8_t iv[16], key[USM_KEY_MAX];
	size_t oid_len, out_len = len + 8;
	const oid *name = sc_get_priv_oid(priv->type, &oid_len);
	size_t iv_len = make_iv(keys, salt, boots, time, iv);

	memcpy(key, keys->priv, sizeof(key));
	if (!name || sc_encrypt(name, oid_len, key, priv->len, iv, (u_int)iv_len, plain, (u_int)len,
				out, &out_len) != SNMPERR_SUCCESS)
		return -EIO;
	*ret_len = out_len;
	return 0;
}

int usm_decrypt(const struct usm_keys *keys, const uint8_t salt[static USM_SALT_LEN],
		uint32_t boots, uint32_t time, const uint8_t *cipher, size_t len, uint8_t *out,
		size_t *ret_len)
{
	const struct protocol *priv = priv_of(keys->priv_protocol);
	uint8_t iv[16], key[USM_KEY_MAX];
	size_t oid_len, out_len = len;
	const oid *name = sc_get_priv_oid(priv->type, &oid_len);
	size_t iv_len = make_iv(keys, salt, boots, time, iv);

	if (len == 0 || (keys->priv_protocol == SNMP_PRIV_DES && len % 8))
		return -EIO;
	memcpy(key, keys->priv, sizeof(key));
	if (!name ||
	    sc_decrypt(name, oid_len, key, priv->len, iv, (u_int)iv_len,
		       (u_char *)(uintptr_t)cipher, (u_int)len, out, &out_len) != SNMPERR_SUCCESS)
		return -EIO;
	*ret_len = out_len;
	return 0;
}
