/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent below an snmpd: an AgentX sub-agent (RFC 2741) that serves PANTAU-MIB over a
 * socket that never blocks. The protocol itself is agent/codec/snmp/agentx_session.
 *
 * libnetsnmpagent's sub-agent waits for its master within a call, up to 18 s when that is
 * frozen; this one is driven by the loop like everything else, so it may live beside link
 * monitoring and informs without a process of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent/core/mib/mib_view.h"

struct agentx_sub;
struct agent_conf;
struct loop;
struct mib_data;

/*
 * Connects to conf->agentx_socket, and again whenever the master goes away, restarts or
 * does not answer; a master that is not there yet is no error. conf and data must outlive
 * it. Returns 0 or negative errno.
 */
int agentx_sub_new(struct loop *loop, const struct agent_conf *conf, const struct mib_data *data,
		   struct agentx_sub **ret);
struct agentx_sub *agentx_sub_free(struct agentx_sub *sub);
void agentx_sub_freep(struct agentx_sub **sub);

/* Registered with a master that answers. */
bool agentx_sub_is_served(const struct agentx_sub *sub);
/* Requests of the master so far. */
uint64_t agentx_sub_requests(const struct agentx_sub *sub);
