/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the configurations of agent and collector have in common: the words of some keys,
 * and the checks of some values. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/conf/conf.h"

/* error, warn, info, debug -> enum log_level; stderr, syslog -> enum log_target */
extern const struct conf_name CONF_LOG_LEVELS[];
extern const struct conf_name CONF_LOG_TARGETS[];
/* none, md5, sha1 ... -> enum snmp_auth; none, des, aes128 ... -> enum snmp_priv */
extern const struct conf_name CONF_AUTHS[];
extern const struct conf_name CONF_PRIVS[];

/* As conf_key.check: NULL, or what would be right. */
const char *conf_check_absolute_path(const char *value);
const char *conf_check_path_or_none(const char *value); /* or "" */
const char *conf_check_socket_path(const char *value); /* of a socket in the file system, unix(7) */
/* One line of UTF-8 of at most max octets. */
bool conf_is_line(const char *value, size_t max);
/* The same of at most 200 octets; a name is not empty. */
const char *conf_check_line(const char *value);
const char *conf_check_name(const char *value);

enum { CONF_SOCKET_PATH_MAX = 107 };

enum conf_address { CONF_ADDRESS_ANY, CONF_ADDRESS_V4, CONF_ADDRESS_V6 };

/* A numeric address of that family that one host can have. */
bool conf_is_address(const char *value, enum conf_address family);

/*
 * 192.0.2.1:162, [2001:db8::1]:162 or [fe80::1%eth0]:162. Names are not endpoints: a daemon must start, and find
 * its receiver, while the line to the name server is the one that is cut, and a silent
 * resolver must not hold it up.
 */
bool conf_is_endpoint(const char *value);

/* As conf_key.check: a network such as 192.0.2.0/24 or 2001:db8::/32, or one address. */
const char *conf_check_network(const char *value);

/* NULL if value can be the name of an SNMPv3 user (RFC 3414 5: 32 octets), else what is wrong and what to do. */
const char *conf_user_problem(const char *value);

/*
 * NULL if value can be an SNMPv3 passphrase, else what is wrong and what to do: missing,
 * under 8 characters (RFC 3414 11.2), or still the examples' "CHANGE ME".
 */
const char *conf_passphrase_problem(const char *value);

/* The same for a community string of v1 and v2c, which may be short. */
const char *conf_community_problem(const char *value);
