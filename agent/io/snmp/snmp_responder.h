/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's side of SNMP without a socket: a datagram comes in, a datagram goes out.
 * v2c and v3 (USM, authoritative side), GET, GETNEXT and GETBULK over mib_view;
 * everything is read only. No allocation after the start.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "agent/core/mib/mib_view.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_identity.h"
#include "common/snmp/snmp_message.h"

struct agent_users;
struct mib_data;
struct snmp_responder;

enum {
	SNMP_RESPONDER_REQUEST_MAX = SNMP_MESSAGE_MAX,
	/* Room for an answer and its encryption. */
	SNMP_RESPONDER_ROOM = 2 * SNMP_MESSAGE_MAX + 1024,
};

struct snmp_responder_stats {
	uint64_t requests, answers, reports;
	uint64_t refused_community, refused_source, refused_level, refused_set;
	uint64_t too_big, dropped;
};

/*
 * Users and communities that may poll, from the users file; deriving their keys takes
 * some milliseconds each. users, data and texts must outlive the responder. texts: the
 * sys_* of a struct mib_world; the rest of it is ignored. Returns 0, -EINVAL for a user
 * or a source network that cannot be right (logged), -ENOMEM.
 */
must_check_ int snmp_responder_new(const struct agent_users *users, const struct mib_data *data,
				   const struct snmp_identity *identity,
				   const struct mib_world *texts, struct snmp_responder **ret);
struct snmp_responder *snmp_responder_free(struct snmp_responder *responder);
void snmp_responder_freep(struct snmp_responder **responder);

/*
 * Answers one datagram. request is written to. The answer is at *ret_at, in out (of
 * SNMP_RESPONDER_ROOM octets) or in the responder, until the next call. Returns its length; 0:
 * nothing is to be sent.
 */
size_t snmp_responder_answer(struct snmp_responder *responder, const struct sockaddr *from,
			     uint8_t *request, size_t len, int64_t now_us, int64_t wall_ms,
			     uint8_t *out, const uint8_t **ret_at);

const struct snmp_responder_stats *snmp_responder_get_stats(const struct snmp_responder *responder);

/* Goes on counting where another responder of the same engine stopped. */
void snmp_responder_take_counts(struct snmp_responder *to, const struct snmp_responder *from);
