/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SNMPv3's user-based security model for the simulator: RFC 3414, RFC 3826, RFC 7860. */
#pragma once

#include "tests/sim/ber.h"
#include "tests/sim/device.h"

enum { USM_KEY_MAX = 64, USM_ENGINE_ID_LEN = 9 };

struct usm_keys {
	uint8_t auth[USM_KEY_MAX], priv[USM_KEY_MAX];
};

/* "NAME:AUTH:AUTHPASS:AES:PRIVPASS"; made once and kept. NULL if it is not of that form.
 */
const struct usm_user *usm_user_get(const char *text);
const char *usm_user_name(const struct usm_user *user);
/* Octets of a digest as it travels. */
size_t usm_digest_len(const struct usm_user *user);

void usm_engine_id(const struct device *device, uint8_t ret[USM_ENGINE_ID_LEN]);
/* Cached in the device. NULL without memory. */
const struct usm_keys *usm_keys_of(struct device *device);
void usm_digest(const struct usm_user *user, const struct usm_keys *keys, const uint8_t *msg,
		size_t len, uint8_t *ret);
/* AES-128-CFB in place; salt is msgPrivacyParameters. False if the library fails. */
bool usm_crypt(const struct usm_keys *keys, bool encrypt, uint32_t boots, uint32_t time,
	       const uint8_t salt[8], uint8_t *data, size_t len);
