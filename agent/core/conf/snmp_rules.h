/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may see what: the views of the responder, and the same written down as VACM's rows.
 * Users see everything; communities, which travel in clear text, all but who the users are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "agent/core/mib/mib_view.h"
#include "common/base/cleanup.h"

struct agent_users;
struct snmp_rules;

/* What a community sees. */
extern const struct mib_access SNMP_RULES_COMMUNITY;

/* Rows for those of users that may poll; users must outlive them. 0 or -ENOMEM. */
must_check_ int snmp_rules_new(const struct agent_users *users, struct snmp_rules **ret);
struct snmp_rules *snmp_rules_free(struct snmp_rules *rules);
const struct mib_vacm *snmp_rules_vacm(const struct snmp_rules *rules);
