/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SNMPv3's user-based security model (RFC 3414, 3826, 7860) without any state but what
 * the caller holds: keys from passphrases, digests, encryption. The cryptography is
 * net-snmp's (its sc_* and key functions); its user list and its list of engine times are
 * not used: the first is searched linearly, the second is keyed by engine id, so that two
 * devices with the same engine id (cloned images) spoil each other's time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "common/snmp/snmp_credential.h"

enum {
	USM_KEY_MAX = 64,
	USM_MAC_MAX = 48, /* usmHMAC384SHA512 */
	USM_SALT_LEN = 8,
};

/* Keys made from passphrases alone: the same for every engine. One takes 1-6 ms: never on
 * a hot path. */
struct usm_master {
	uint8_t auth[USM_KEY_MAX], priv[USM_KEY_MAX];
	uint8_t auth_len, priv_len;
};

/* Keys localized to one engine (RFC 3414 2.6): a few hashes. */
struct usm_keys {
	enum snmp_auth auth_protocol; /* SNMP_AUTH_NONE: no digest */
	enum snmp_priv priv_protocol; /* SNMP_PRIV_NONE: no encryption */
	uint8_t auth[USM_KEY_MAX], priv[USM_KEY_MAX];
	uint8_t auth_len, priv_len;
};

/* Whether a v3 credential is complete and its protocols are in this net-snmp. 0 or
 * -EINVAL, -EPROTONOSUPPORT. */
must_check_ int usm_check_credential(const struct snmp_credential *cred);

/* 0, or -EIO if the library refuses. Safe in any thread. */
must_check_ int usm_make_master(const struct snmp_credential *cred, struct usm_master *ret);
must_check_ int usm_localize(const struct snmp_credential *cred, const struct usm_master *master,
			     const uint8_t *engine_id, size_t engine_id_len, struct usm_keys *ret);

/* Length of the digest in msgAuthenticationParameters: 12 to 48 octets; 0 for
 * SNMP_AUTH_NONE. */
size_t usm_mac_len(enum snmp_auth auth);
/* Digest over a whole message whose digest field is zeroed. 0 or -EIO. */
must_check_ int usm_sign(const struct usm_keys *keys, const uint8_t *message, size_t len,
			 uint8_t mac[static USM_MAC_MAX]);

/* salt: msgPrivacyParameters, chosen by the caller, never twice for the same key. boots
 * and time: the message's. out holds at least len + 8 octets (DES pads). 0 or -EIO. */
must_check_ int usm_encrypt(const struct usm_keys *keys, const uint8_t salt[static USM_SALT_LEN],
			    uint32_t boots, uint32_t time, const uint8_t *plain, size_t len,
			    uint8_t *out, size_t *ret_len);
must_check_ int usm_decrypt(const struct usm_keys *keys, const uint8_t salt[static USM_SALT_LEN],
			    uint32_t boots, uint32_t time, const uint8_t *cipher, size_t len,
			    uint8_t *out, size_t *ret_len);
/* The salt for message number n (RFC 3414 8.1.1.1, RFC 3826 3.1.2.1). */
void usm_salt(const struct usm_keys *keys, uint32_t boots, uint64_t n,
	      uint8_t ret[static USM_SALT_LEN]);
