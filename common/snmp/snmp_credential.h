/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who speaks SNMP to whom, in which version and with what protection: plain data. */
#pragma once

#include <stdint.h>

enum snmp_version { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };
/* RFC 3411 5, SnmpSecurityModel */
enum snmp_security_model { SNMP_MODEL_V1 = 1, SNMP_MODEL_V2C = 2, SNMP_MODEL_USM = 3 };
enum snmp_security_level { SNMP_SEC_NONE = 1, SNMP_SEC_AUTH = 2, SNMP_SEC_AUTH_PRIV = 3 };
enum snmp_auth {
	SNMP_AUTH_NONE,
	SNMP_AUTH_MD5,
	SNMP_AUTH_SHA1,
	SNMP_AUTH_SHA224,
	SNMP_AUTH_SHA256,
	SNMP_AUTH_SHA384,
	SNMP_AUTH_SHA512
};
/* AES192 and AES256 lengthen the key as draft-blumenthal-aes-usm-04 3.1.2.1 does (net-snmp, most vendors), the _CISCO
 * ones as draft-reeder-snmpv3-usm-3desede-00 2.1 does (Cisco and those who follow it). */
enum snmp_priv {
	SNMP_PRIV_NONE,
	SNMP_PRIV_DES,
	SNMP_PRIV_AES128,
	SNMP_PRIV_AES192,
	SNMP_PRIV_AES256,
	SNMP_PRIV_AES192_CISCO,
	SNMP_PRIV_AES256_CISCO,
};

enum {
	USM_WINDOW_S = 150,	   /* RFC 3414 2.2.3 */
	USM_BOOTS_MAX = INT32_MAX, /* "latched": nothing is authentic any more, RFC 3414 2.2.2 */
	USM_USER_MAX = 32,	   /* octets, RFC 3414 5 */
	USM_PASSPHRASE_MIN = 8,	   /* RFC 3414 11.2 */
	USM_ENGINE_ID_MIN = 5,
	USM_ENGINE_ID_MAX = 32, /* RFC 3411 5, SnmpEngineID */
};

/* How to talk to a device. Strings stay the caller's; keys are derived once and cached
 * per (credential, engine). */
struct snmp_credential {
	enum snmp_version version;
	const char *community; /* v1, v2c */
	const char *user;      /* v3 */
	enum snmp_security_level level;
	enum snmp_auth auth;
	enum snmp_priv priv;
	const char *auth_pass, *priv_pass;
	const char *context; /* v3 contextName; NULL: the default context "" */
};
