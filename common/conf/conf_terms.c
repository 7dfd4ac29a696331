/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of words and checks of single values; no key belongs here, and no file is read.
 */
#include "common/conf/conf_terms.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/endpoint.h"
#include "common/base/net_prefix.h"
#include "common/base/utf8_text.h"
#include "common/snmp/snmp_credential.h"
#include "common/system/log.h"

enum { LINE_OCTETS_MAX = 200 };

const struct conf_name CONF_LOG_LEVELS[] = {
	{"error", LOG_LEVEL_ERROR},
	{"warn", LOG_LEVEL_WARN},
	{"info", LOG_LEVEL_INFO},
	{"debug", LOG_LEVEL_DEBUG},
	{NULL, 0},
};

const struct conf_name CONF_LOG_TARGETS[] = {
	{"stderr", LOG_TARGET_STDERR},
	{"syslog", LOG_TARGET_SYSLOG},
	{NULL, 0},
};

const struct conf_name CONF_AUTHS[] = {
	{"none", SNMP_AUTH_NONE},     {"md5", SNMP_AUTH_MD5},
	{"sha1", SNMP_AUTH_SHA1},     {"sha224", SNMP_AUTH_SHA224},
	{"sha256", SNMP_AUTH_SHA256}, {"sha384", SNMP_AUTH_SHA384},
	{"sha512", SNMP_AUTH_SHA512}, {NULL, 0},
};

const struct conf_name CONF_PRIVS[] = {
	{"none", SNMP_PRIV_NONE},
	{"des", SNMP_PRIV_DES},
	{"aes128", SNMP_PRIV_AES128},
	{"aes192", SNMP_PRIV_AES192},
	{"aes256", SNMP_PRIV_AES256},
	{"aes192c", SNMP_PRIV_AES192_CISCO},
	{"aes256c", SNMP_PRIV_AES256_CISCO},
	{NULL, 0},
};

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

const char *conf_check_absolute_path(const char *value)
{
	return value[0] == '/' && !has_control(value) ? NULL : "an absolute path";
}

const char *conf_check_path_or_none(const char *value)
{
	return value[0] == '\0' || !conf_check_absolute_path(value)
		       ? NULL
		       : "an absolute path, or \"\" for none";
}

const char *conf_check_socket_path(const char *value)
{
	const size_t len = strlen(value);

	if (conf_check_absolute_path(value) || len > CONF_SOCKET_PATH_MAX || value[len - 1] == '/')
		return "an absolute path of at most 107 octets, of the socket itself";
	return NULL;
}

bool conf_is_line(const char *value, size_t max)
{
	const size_t len = strlen(value);

	return len <= max && utf8_text_is_valid(value, len) && !has_control(value);
}

const char *conf_check_line(const char *value)
{
	return conf_is_line(value, LINE_OCTETS_MAX) ? NULL
						    : "one line of UTF-8, at most 200 octets";
}

const char *conf_check_name(const char *value)
{
	return value[0] == '\0' ? "a name" : conf_check_line(value);
}

bool conf_is_address(const char *value, enum conf_address family)
{
	struct endpoint endpoint;

	if (endpoint_parse_address(value, 0, &endpoint) < 0 || endpoint_no_host(&endpoint))
		return false;
	return family == CONF_ADDRESS_ANY ||
	       (endpoint.addr.ss_family == AF_INET6) == (family == CONF_ADDRESS_V6);
}

bool conf_is_endpoint(const char *value)
{
	struct endpoint endpoint;

	return endpoint_parse(value, &endpoint) == 0;
}

const char *conf_check_network(const char *value)
{
	struct net_prefix prefix;

	return net_prefix_parse(value, &prefix) == 0 ? NULL
						     : "a network: 192.0.2.0/24 or 2001:db8::/32";
}

/* What the examples have for a secret: everybody knows it. */
static const char *placeholder_problem(const char *value)
{
	return strncmp(value, "CHANGE ME", 9) == 0 ? "is still the example's; write your own"
						   : NULL;
}

const char *conf_user_problem(const char *value)
{
	if (!value || value[0] == '\0')
		return "is missing; write the SNMPv3 user's name";
	if (strlen(value) > USM_USER_MAX)
		return "is too long; write at most 32 characters";
	return NULL;
}

const char *conf_passphrase_problem(const char *value)
{
	if (!value || value[0] == '\0')
		return "is missing; write one of at least 8 characters";
	if (strlen(value) < USM_PASSPHRASE_MIN)
		return "is too short; write one of at least 8 characters";
	return placeholder_problem(value);
}

const char *conf_community_problem(const char *value)
{
	if (!value || value[0] == '\0')
		return "is missing; write the community";
	return placeholder_problem(value);
}
