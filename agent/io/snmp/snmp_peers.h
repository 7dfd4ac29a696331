/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the agent answers: SNMPv3 users with their keys, communities with their networks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "agent/core/mib/mib_view.h"
#include "common/base/cleanup.h"
#include "common/snmp/usm_authority.h"

struct agent_users;
struct net_prefix;
struct snmp_peers;

struct snmp_community {
	const char *text;
	size_t len;
	struct net_prefix *sources;
	size_t n_sources; /* 0: from anywhere */
};

/*
 * Those of users that may poll; deriving keys takes some milliseconds each. users and
 * identity must outlive them. 0; -EINVAL for a user or a network that cannot be right
 * (logged); -ENOMEM.
 */
must_check_ int snmp_peers_new(const struct agent_users *users,
			       const struct snmp_identity *identity, struct snmp_peers **ret);
struct snmp_peers *snmp_peers_free(struct snmp_peers *peers);

/* With the keys for our engine. None is believed unauthenticated: every one has a key. */
const struct usm_user *snmp_peers_users(const struct snmp_peers *peers, size_t *ret_n);

/* The community of this text that may ask from there, or NULL; *ret_known says then whether
 * it is only the address that is wrong. */
const struct snmp_community *snmp_peers_community(const struct snmp_peers *peers,
						  const uint8_t *text, size_t len,
						  const struct sockaddr *from, bool *ret_known);

/* usmUserTable's rows. */
const struct mib_user *snmp_peers_rows(const struct snmp_peers *peers, size_t *ret_n);
