/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent as an SNMP agent of its own: UDP sockets on the configured addresses, SNMPv3
 * users and (where configured) v2c communities of the users file, read only.
 *
 * libnetsnmpagent is not used: mib_view has all that its registry is for, and what
 * remains is snmp_responder over common/snmp/snmp_message. Nothing here blocks.
 */
#pragma once

#include "agent/io/snmp/snmp_responder.h"

struct agent_conf;
struct agent_users;
struct loop;
struct mib_data;
struct snmp_standalone;

/*
 * Listens and answers. Reads the engine id and boots from conf->state_dir (and writes
 * them there: the boots have to rise at each start, RFC 3414 2.2); needs the right to
 * bind the ports, so call it before privileges are dropped. conf, users and data must
 * outlive it. Returns 0 or negative errno, with the reason logged.
 */
int snmp_standalone_new(struct loop *loop, const struct agent_conf *conf,
			const struct agent_users *users, const struct mib_data *data,
			struct snmp_standalone **ret);
/* Other users, communities and texts; addresses and engine stay. conf and users must outlive
 * the agent. 0, or negative errno and the earlier ones stay. */
int snmp_standalone_set_users(struct snmp_standalone *agent, const struct agent_conf *conf,
			      const struct agent_users *users);
struct snmp_standalone *snmp_standalone_free(struct snmp_standalone *agent);
void snmp_standalone_freep(struct snmp_standalone **agent);
const struct snmp_responder_stats *snmp_standalone_get_stats(const struct snmp_standalone *agent);
/* Answers that the kernel did not take. */
uint64_t snmp_standalone_send_errors(const struct snmp_standalone *agent);
