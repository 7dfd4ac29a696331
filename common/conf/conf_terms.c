/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of words and checks of single values; no key belongs here, and no file is read.
 */
#include "common/conf/conf_terms.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

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

bool conf_is_port(const char *text)
{
	size_t n = strspn(text, "0123456789");
	long port = n > 0 && n < 6 && text[n] == '\0' ? atol(text) : 0;

	return port >= 1 && port <= 65535;
}

bool conf_is_address(const char *value, enum conf_address family)
{
	const bool v6 = strchr(value, ':') != NULL;
	uint8_t address[16];

	if (family != CONF_ADDRESS_ANY && v6 != (family == CONF_ADDRESS_V6))
		return false;
	return inet_pton(v6 ? AF_INET6 : AF_INET, value, address) == 1;
}

bool conf_is_endpoint(const char *value)
{
	const char *colon = strrchr(value, ':');
	char host[INET6_ADDRSTRLEN];
	uint8_t address[16];
	size_t len = colon ? (size_t)(colon - value) : 0;
	bool v6 = value[0] == '[';

	if (!colon || !conf_is_port(colon + 1) || len < 2 || (v6 && colon[-1] != ']'))
		return false;
	if (v6) {
		value++;
		len -= 2;
	}
	if (len >= sizeof(host))
		return false;
	memcpy(host, value, len);
	host[len] = '\0';
	return inet_pton(v6 ? AF_INET6 : AF_INET, host, address) == 1;
}

const char *conf_check_network(const char *value)
{
	int family = strchr(value, ':') ? AF_INET6 : AF_INET;
	size_t len = strcspn(value, "/");
	const char *bits = value[len] ? value + len + 1 : "0";
	char host[INET6_ADDRSTRLEN] = "";
	uint8_t address[16];

	if (len < sizeof(host))
		memcpy(host, value, len);
	if (inet_pton(family, host, address) == 1 && bits[0] != '\0' && strlen(bits) <= 3 &&
	    strspn(bits, "0123456789") == strlen(bits) &&
	    atoi(bits) <= (family == AF_INET6 ? 128 : 32))
		return NULL;
	return "a network: 192.0.2.0/24 or 2001:db8::/32";
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
	if (strlen(value) > 32)
		return "is too long; write at most 32 characters";
	return NULL;
}

const char *conf_passphrase_problem(const char *value)
{
	if (!value || value[0] == '\0')
		return "is missing; write one of at least 8 characters";
	if (strlen(value) < 8)
		return "is too short; write one of at least 8 characters";
	return placeholder_problem(value);
}

const char *conf_community_problem(const char *value)
{
	if (!value || value[0] == '\0')
		return "is missing; write the community";
	return placeholder_problem(value);
}
