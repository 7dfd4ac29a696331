/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, digests and encryption of SNMPv3 over OpenSSL's libcrypto. */
#include "tests/sim/usm.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/base/cleanup.h"

static const struct {
	const char *name;
	const EVP_MD *(*md)(void);
	size_t digest_len;
} AUTHS[] = {
	{"MD5", EVP_md5, 12},	    {"SHA", EVP_sha1, 12},	{"SHA224", EVP_sha224, 16},
	{"SHA256", EVP_sha256, 24}, {"SHA384", EVP_sha384, 32}, {"SHA512", EVP_sha512, 48},
};

struct usm_user {
	char *text;
	char name[33];
	size_t auth;
	uint8_t auth_ku[USM_KEY_MAX], priv_ku[USM_KEY_MAX]; /* RFC 3414 A.2: not yet localised */
	unsigned int key_len;
};

/* RFC 3414 A.2: the digest of the passphrase repeated to 2^20 octets. */
static bool password_to_key(const EVP_MD *md, const char *password, uint8_t *ret,
			    unsigned int *ret_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = strlen(password), at = 0;
	uint8_t block[64];
	bool ok = ctx && len > 0 && EVP_DigestInit_ex(ctx, md, NULL);

	for (size_t done = 0; ok && done < 1048576; done += sizeof(block)) {
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = (uint8_t)password[at++ % len];
		ok = EVP_DigestUpdate(ctx, block, sizeof(block));
	}
	ok = ok && EVP_DigestFinal_ex(ctx, ret, ret_len);
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool find_auth(const char *name, size_t *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(AUTHS); i++) {
		if (strcmp(AUTHS[i].name, name) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static struct usm_user *user_new(const char *text)
{
	cleanup_free char *copy = strdup(text);
	struct usm_user *user = calloc(1, sizeof(*user));
	char *rest = copy, *words[5];

	for (size_t i = 0; user && copy && i < 5; i++)
		words[i] = strsep(&rest, ":");
	if (!user || !copy || !words[4] || rest || strcmp(words[3], "AES") != 0 ||
	    strlen(words[0]) >= sizeof(user->name) || !find_auth(words[1], &user->auth) ||
	    !password_to_key(AUTHS[user->auth].md(), words[2], user->auth_ku, &user->key_len) ||
	    !password_to_key(AUTHS[user->auth].md(), words[4], user->priv_ku, &user->key_len)) {
		free(user);
		return NULL;
	}
	strcpy(user->name, words[0]);
	user->text = strdup(text);
	return user;
}

const struct usm_user *usm_user_get(const char *text)
{
	static struct usm_user *known[64];
	static size_t n;

	for (size_t i = 0; i < n; i++)
		if (strcmp(known[i]->text, text) == 0)
			return known[i];
	if (n == ARRAY_LEN(known))
		return NULL;
	known[n] = user_new(text);
	return known[n] ? known[n++] : NULL;
}

const char *usm_user_name(const struct usm_user *user)
{
	return user->name;
}

size_t usm_digest_len(const struct usm_user *user)
{
	return AUTHS[user->auth].digest_len;
}

/* RFC 3411 5, SnmpEngineID: format 1, an IPv4 address, under net-snmp's number. */
void usm_engine_id(const struct device *device, uint8_t ret[USM_ENGINE_ID_LEN])
{
	static const uint8_t head[] = {0x80, 0x00, 0x1f, 0x88, 0x01};

	memcpy(ret, head, sizeof(head));
	for (size_t i = 0; i < 4; i++)
		ret[sizeof(head) + i] = (uint8_t)(device->addr >> (24 - 8 * i));
}

/* RFC 3414 2.6: digest of key, engine, key. */
static bool localise(const struct usm_user *user, const uint8_t *ku, const uint8_t *engine,
		     uint8_t *ret)
{
	uint8_t text[2 * USM_KEY_MAX + USM_ENGINE_ID_LEN];
	size_t n = user->key_len;

	memcpy(text, ku, n);
	memcpy(text + n, engine, USM_ENGINE_ID_LEN);
	memcpy(text + n + USM_ENGINE_ID_LEN, ku, n);
	return EVP_Digest(text, 2 * n + USM_ENGINE_ID_LEN, ret, NULL, AUTHS[user->auth].md(), NULL);
}

const struct usm_keys *usm_keys_of(struct device *device)
{
	uint8_t engine[USM_ENGINE_ID_LEN];

	if (device->keys)
		return device->keys;
	device->keys = calloc(1, sizeof(*device->keys));
	usm_engine_id(device, engine);
	if (device->keys &&
	    (!localise(device->user, device->user->auth_ku, engine, device->keys->auth) ||
	     !localise(device->user, device->user->priv_ku, engine, device->keys->priv))) {
		free(device->keys);
		device->keys = NULL;
	}
	return device->keys;
}

void usm_digest(const struct usm_user *user, const struct usm_keys *keys, const uint8_t *msg,
		size_t len, uint8_t *ret)
{
	uint8_t digest[EVP_MAX_MD_SIZE] = {0};

	HMAC(AUTHS[user->auth].md(), keys->auth, (int)user->key_len, msg, len, digest, NULL);
	memcpy(ret, digest, AUTHS[user->auth].digest_len);
}

bool usm_crypt(const struct usm_keys *keys, bool encrypt, uint32_t boots, uint32_t time,
	       const uint8_t salt[8], uint8_t *data, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t iv[16];
	int n = 0;
	bool ok;

	/* RFC 3826 3.1.2.1 */
	for (size_t i = 0; i < 4; i++) {
		iv[i] = (uint8_t)(boots >> (24 - 8 * i));
		iv[4 + i] = (uint8_t)(time >> (24 - 8 * i));
	}
	memcpy(iv + 8, salt, 8);
	ok = ctx && EVP_CipherInit_ex(ctx, EVP_aes_128_cfb128(), NULL, keys->priv, iv, encrypt) &&
	     EVP_CipherUpdate(ctx, data, &n, data, (int)len);
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}
