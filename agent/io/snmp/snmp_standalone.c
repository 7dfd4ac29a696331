/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP sockets for snmp_responder. An answer leaves from the address that was asked
 * (udp_listen), so that a router with many addresses may listen on all of them: managers
 * drop what comes from elsewhere.
 */
#include "agent/io/snmp/snmp_standalone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"
#include "common/engine/engine_state.h"
#include "common/loop/loop.h"
#include "common/loop/port_holder.h"
#include "common/loop/udp_listen.h"
#include "common/system/log.h"

enum {
	LISTEN_MAX = 16,
	BATCH = 8, /* requests taken in one wake-up before others have their turn */
};

struct snmp_standalone {
	struct loop *loop;
	const struct mib_data *data;
	struct snmp_identity identity;
	struct snmp_responder *responder;
	struct udp_listen *sockets[LISTEN_MAX];
	size_t n_sockets;
	char descr[256], name[128];
	uint8_t *out; /* one answer */
	uint64_t send_errors;
};

static void on_datagram(void *data, const struct udp_listen_peer *peer, uint8_t *octets, size_t len)
{
	struct snmp_standalone *agent = data;
	const uint8_t *at;

	len = snmp_responder_answer(agent->responder, (const struct sockaddr *)&peer->address,
				    octets, len, loop_now_us(), loop_wall_ms(), agent->out, &at);
	/* A full socket buffer: the manager asks again, as after any loss. */
	if (len > 0 && udp_listen_send(peer, at, len) < 0)
		agent->send_errors++;
}

static int listen_on(struct snmp_standalone *agent, const char *text)
{
	const struct udp_listen_conf conf = {
		.subsystem = "snmp", .fn = on_datagram, .data = agent, .batch = BATCH, .rounds = 1};
	int r;

	if (agent->n_sockets == LISTEN_MAX)
		return -E2BIG;
	/* The router starts us before its network: an address may come later. */
	r = udp_listen_new(agent->loop, text, &conf, &agent->sockets[agent->n_sockets]);
	if (r == 0)
		agent->n_sockets++;
	return r;
}

static void log_listen(const char *text, int err)
{
	char problem[PORT_HOLDER_PROBLEM_SIZE];

	log_error("snmp", "listen=%s err=\"%s%s\"", text,
		  port_holder_problem(SOCK_DGRAM, text, err, problem),
		  err == -EADDRINUSE ? "; beside snmpd, mode = agentx" : "");
}

/* Everywhere, where the configuration names nothing. A kernel without IPv6 is no error. */
static int listen_everywhere(struct snmp_standalone *agent)
{
	int r = listen_on(agent, "0.0.0.0:161"), r6 = listen_on(agent, "[::]:161");

	if (r < 0) {
		log_listen("0.0.0.0:161", r);
		return r;
	}
	if (r6 == 0 || r6 == -EAFNOSUPPORT || r6 == -EADDRNOTAVAIL)
		return 0;
	log_listen("[::]:161", r6);
	return r6;
}

static int listen_all(struct snmp_standalone *agent, const struct agent_conf *conf)
{
	char **text;
	int r = 0;

	if (!conf->listen || !conf->listen[0])
		return listen_everywhere(agent);
	for (text = conf->listen; *text && r == 0; text++) {
		r = listen_on(agent, *text);
		if (r < 0)
			log_listen(*text, r);
		else
			log_info("snmp", "listen=%s", *text);
	}
	return r;
}

/* ---- start ---- */

static bool sends_standard(const struct agent_conf *conf)
{
	for (size_t i = 0; i < conf->n_receivers; i++) {
		const struct agent_conf_receiver *r = &conf->receivers[i];

		if (r->standard && (agent_conf_receiver_wants(r, EVENT_LINK_DOWN) ||
				    agent_conf_receiver_wants(r, EVENT_LINK_UP)))
			return true;
	}
	return false;
}

int snmp_standalone_set_users(struct snmp_standalone *agent, const struct agent_conf *conf,
			      const struct agent_users *users)
{
	struct snmp_responder *responder;
	struct mib_world texts;
	int r;
	struct utsname uts = {0};

	loop_assert_thread(agent->loop);
	uname(&uts);
	snprintf(agent->descr, sizeof(agent->descr), "Pantau agent %s on %s %s %s", PANTAU_VERSION,
		 uts.sysname, uts.release, uts.machine);
	snprintf(agent->name, sizeof(agent->name), "%s", uts.nodename);
	texts = (struct mib_world){
		.sys_descr = agent->descr,
		.sys_name = agent->name,
		.sys_contact = conf->contact,
		.sys_location = conf->location,
		.link_traps = sends_standard(conf),
	};
	if (!conf->location || !*conf->location)
		texts.sys_location = conf->site_name;
	r = snmp_responder_new(users, agent->data, &agent->identity, &texts, &responder);
	if (r < 0)
		return r;
	if (!agent_users_any_poll(users))
		log_warn("snmp",
			 "file=%s msg=\"no user or community has poll = yes: nobody may "
			 "read this agent\"",
			 conf->users_file);
	if (agent->responder)
		snmp_responder_take_counts(responder, agent->responder);
	snmp_responder_free(agent->responder);
	agent->responder = responder;
	return 0;
}

int snmp_standalone_new(struct loop *loop, const struct agent_conf *conf,
			const struct agent_users *users, const struct mib_data *data,
			struct snmp_standalone **ret)
{
	cleanup_(snmp_standalone_freep) struct snmp_standalone *agent = calloc(1, sizeof(*agent));
	int r;

	if (!agent)
		return -ENOMEM;
	agent->loop = loop;
	agent->out = malloc(SNMP_RESPONDER_ROOM);
	if (!agent->out)
		return -ENOMEM;
	agent->data = data;
	/* The ports first: a start that ends there has not used up a boot. */
	r = listen_all(agent, conf);
	if (r < 0)
		return r;
	r = engine_state_start(conf->state_dir, loop_now_us(), &agent->identity);
	if (r < 0) {
		log_warn("snmp",
			 "file=%s/engine msg=\"cannot be kept: a new engine id for this "
			 "run\" err=\"%s\"",
			 conf->state_dir, strerror(-r));
		r = engine_state_temporary(loop_now_us(), &agent->identity);
	}
	if (r < 0)
		return r;
	r = snmp_standalone_set_users(agent, conf, users);
	if (r < 0)
		return r;
	*ret = steal_ptr(agent);
	return 0;
}

struct snmp_standalone *snmp_standalone_free(struct snmp_standalone *agent)
{
	if (!agent)
		return NULL;
	for (size_t i = 0; i < agent->n_sockets; i++)
		udp_listen_free(agent->sockets[i]);
	snmp_responder_free(agent->responder);
	free(agent->out);
	free(agent);
	return NULL;
}

void snmp_standalone_freep(struct snmp_standalone **agent)
{
	*agent = snmp_standalone_free(*agent);
}

const struct snmp_responder_stats *snmp_standalone_get_stats(const struct snmp_standalone *agent)
{
	return snmp_responder_get_stats(agent->responder);
}

uint64_t snmp_standalone_send_errors(const struct snmp_standalone *agent)
{
	return agent->send_errors;
}
