/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP sockets for snmp_responder. An answer leaves from the address that was asked
 * (IP_PKTINFO), so that a router with many addresses may listen on all of them: managers
 * drop what comes from elsewhere.
 */
#include "agent/io/snmp/snmp_standalone.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/mib/mib_data.h"
#include "common/base/cleanup_fd.h"
#include "common/engine/engine_state.h"
#include "common/loop/bind_address.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	LISTEN_MAX = 16,
	BATCH = 8, /* requests taken in one wake-up before others have their turn */
	CONTROL_MAX =
		CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo)),
};

struct slot {
	struct sockaddr_storage from;
	struct iovec iov;
	_Alignas(struct cmsghdr) char control[CONTROL_MAX];
};

struct listener {
	struct snmp_standalone *agent;
	int fd;
	struct loop_fd *watch;
};

struct snmp_standalone {
	struct loop *loop;
	const struct mib_data *data;
	struct snmp_identity identity;
	struct snmp_responder *responder;
	struct listener listeners[LISTEN_MAX];
	size_t n_listeners;
	char descr[256], name[128];
	struct slot slots[BATCH];
	struct mmsghdr messages[BATCH];
	uint8_t *in;  /* BATCH requests */
	uint8_t *out; /* one answer */
	uint64_t send_errors;
};

/* ---- datagrams ---- */

/* Where the request was sent to, as the place to send the answer from. Other control
 * messages are dropped; without any the kernel chooses. */
static void answer_from(struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct in_pktinfo v4;

		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
			return;
		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
			continue;
		/* The route decides the interface, as for any other packet. */
		memcpy(&v4, CMSG_DATA(c), sizeof(v4));
		v4.ipi_ifindex = 0;
		memcpy(CMSG_DATA(c), &v4, sizeof(v4));
		return;
	}
	msg->msg_controllen = 0;
}

static void answer_one(struct snmp_standalone *agent, int fd, struct mmsghdr *message)
{
	struct msghdr *msg = &message->msg_hdr;
	const uint8_t *at;
	size_t len;

	if (msg->msg_flags & MSG_TRUNC)
		return;
	len = snmp_responder_answer(agent->responder, msg->msg_name, msg->msg_iov->iov_base,
				    message->msg_len, loop_now_us(), loop_wall_ms(), agent->out,
				    &at);
	if (len == 0)
		return;
	answer_from(msg);
	msg->msg_iov->iov_base = (void *)(uintptr_t)at;
	msg->msg_iov->iov_len = len;
	/* A full socket buffer: the manager asks again, as after any loss. */
	if (sendmsg(fd, msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		agent->send_errors++;
}

static void slot_prepare(struct snmp_standalone *agent, size_t i)
{
	struct slot *slot = &agent->slots[i];

	slot->iov.iov_base = agent->in + i * SNMP_RESPONDER_REQUEST_MAX;
	slot->iov.iov_len = SNMP_RESPONDER_REQUEST_MAX;
	agent->messages[i].msg_hdr = (struct msghdr){
		.msg_name = &slot->from,
		.msg_namelen = sizeof(slot->from),
		.msg_iov = &slot->iov,
		.msg_iovlen = 1,
		.msg_control = slot->control,
		.msg_controllen = sizeof(slot->control),
	};
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct listener *listener = data;
	struct snmp_standalone *agent = listener->agent;
	int n;

	(void)what;
	for (size_t i = 0; i < BATCH; i++)
		slot_prepare(agent, i);
	n = recvmmsg(fd, agent->messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		answer_one(agent, fd, &agent->messages[i]);
}

/* ---- sockets ---- */

/* The router starts us before its network: an address may come later. */
static int open_socket(const struct sockaddr *addr, socklen_t len, const char *text)
{
	cleanup_close int fd =
		socket(addr->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1, r, give;

	if (fd < 0)
		return -errno;
	if (addr->sa_family == AF_INET6) {
		r = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
		r |= setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
	} else {
		r = setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one));
	}
	if (r < 0)
		return -errno;
	r = bind_address(fd, addr, len);
	if (r < 0)
		return r;
	if (r == BIND_EARLY)
		log_warn("snmp", "listen=%s msg=\"the router has no such address yet\"", text);
	give = fd;
	fd = -1;
	return give;
}

static int listen_on(struct snmp_standalone *agent, const char *text)
{
	struct listener *listener = &agent->listeners[agent->n_listeners];
	struct endpoint endpoint;
	int r;

	if (agent->n_listeners == LISTEN_MAX)
		return -E2BIG;
	r = endpoint_zone_parse(text, &endpoint);
	if (r == 0)
		r = open_socket((struct sockaddr *)&endpoint.addr, endpoint.len, text);
	if (r < 0)
		return r;
	listener->agent = agent;
	listener->fd = r;
	agent->n_listeners++;
	return loop_fd_new(agent->loop, listener->fd, LOOP_READ, on_readable, listener,
			   &listener->watch);
}

static void log_listen(const char *text, int err)
{
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];

	if (err == -EADDRINUSE)
		log_error("snmp",
			  "listen=%s err=\"another SNMP agent has this port; right: mode = agentx, "
			  "or another port\"",
			  text);
	else
		log_error("snmp", "listen=%s err=\"%s\"", text,
			  endpoint_zone_problem(text, err, problem));
}

/* Everywhere, where the configuration names nothing. A kernel without IPv6 is no error. */
static int listen_everywhere(struct snmp_standalone *agent)
{
	int r = listen_on(agent, "0.0.0.0:161"), r6 = listen_on(agent, "[::]:161");

	if (r == 0 && r6 != -EAFNOSUPPORT && r6 != -EADDRNOTAVAIL)
		r = r6;
	if (r < 0)
		log_listen("*:161", r);
	return r;
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

static void describe(struct snmp_standalone *agent, const struct agent_conf *conf,
		     struct mib_world *ret)
{
	struct utsname uts = {0};

	uname(&uts);
	snprintf(agent->descr, sizeof(agent->descr), "Pantau agent %s on %s %s %s", PANTAU_VERSION,
		 uts.sysname, uts.release, uts.machine);
	snprintf(agent->name, sizeof(agent->name), "%s", uts.nodename);
	*ret = (struct mib_world){
		.sys_descr = agent->descr,
		.sys_name = agent->name,
		.sys_contact = conf->contact,
		.sys_location = conf->location,
		.link_traps = sends_standard(conf),
	};
	if (!conf->location || !*conf->location)
		ret->sys_location = conf->site_name;
}

int snmp_standalone_set_users(struct snmp_standalone *agent, const struct agent_conf *conf,
			      const struct agent_users *users)
{
	struct snmp_responder *responder;
	struct mib_world texts;
	int r;

	describe(agent, conf, &texts);
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

/* The ports first: a start that ends there has not used up a boot. */
static int start(struct snmp_standalone *agent, const struct agent_conf *conf,
		 const struct agent_users *users)
{
	int r = listen_all(agent, conf);

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
	return snmp_standalone_set_users(agent, conf, users);
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
	agent->in = malloc((size_t)BATCH * SNMP_RESPONDER_REQUEST_MAX);
	agent->out = malloc(SNMP_RESPONDER_ROOM);
	if (!agent->in || !agent->out)
		return -ENOMEM;
	agent->data = data;
	r = start(agent, conf, users);
	if (r < 0)
		return r;
	*ret = steal_ptr(agent);
	return 0;
}

struct snmp_standalone *snmp_standalone_free(struct snmp_standalone *agent)
{
	if (!agent)
		return NULL;
	for (size_t i = 0; i < agent->n_listeners; i++) {
		loop_fd_free(agent->listeners[i].watch);
		close(agent->listeners[i].fd);
	}
	snmp_responder_free(agent->responder);
	free(agent->in);
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
