/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection below agentx_session: a stream socket that is opened, read, written and
 * given up without ever waiting.
 */
#include "agent/io/snmp/agentx_sub.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/codec/snmp/agentx_session.h"
#include "agent/core/conf/agent_conf.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	RETRY_US = 500000, /* a master that restarts is found within a second */
	READ_MAX = 16384,
};

struct agentx_sub {
	struct loop *loop;
	const struct agent_conf *conf;
	struct mib_view view;
	int fd;
	struct loop_fd *watch;
	struct loop_timer *timer;
	bool connecting, reported; /* reported: that the master is away, once until it is back */
	bool refusal_reported;
	struct agentx_session session;
};

/* ---- the connection's end ---- */

static void arm(struct agentx_sub *sub)
{
	int64_t at = agentx_session_wakeup(&sub->session);

	if (sub->fd < 0)
		loop_timer_arm(sub->timer, RETRY_US);
	else if (sub->connecting)
		loop_timer_arm(sub->timer, AGENTX_PATIENCE_US);
	else if (at != INT64_MAX)
		loop_timer_arm(sub->timer, at - loop_now_us());
}

static void drop(struct agentx_sub *sub, int err)
{
	const char *master = sub->conf->agentx_socket;
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];

	if (!sub->reported)
		log_warn("agentx", "socket=%s err=\"%s\"", master,
			 err ? endpoint_zone_problem(master, err, problem)
			     : "the master closed the connection");
	sub->reported = true;
	sub->watch = loop_fd_free(sub->watch);
	if (sub->fd >= 0)
		close(sub->fd);
	sub->fd = -1;
	sub->connecting = false;
	agentx_session_disconnected(&sub->session);
	arm(sub);
}

/* ---- octets ---- */

static int flush(struct agentx_sub *sub)
{
	struct agentx_session *s = &sub->session;
	ssize_t n = 0;

	while (s->out.len > 0) {
		n = send(sub->fd, s->out_buf, s->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0)
			break;
		agentx_session_sent(s, (size_t)n);
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	return loop_fd_set(sub->watch, s->out.len ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static int read_once(struct agentx_sub *sub)
{
	uint8_t buf[READ_MAX];
	ssize_t n = recv(sub->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ECONNRESET;
	sub->view.world.now_us = loop_now_us();
	sub->view.world.wall_ms = loop_wall_ms();
	return agentx_session_input(&sub->session, &sub->view, buf, (size_t)n);
}

static int finish_connect(struct agentx_sub *sub)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(sub->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return -errno;
	if (err)
		return -err;
	sub->connecting = false;
	agentx_session_connected(&sub->session, loop_now_us());
	return 0;
}

static void on_socket(void *data, int fd, unsigned int what)
{
	struct agentx_sub *sub = data;
	enum agentx_state before = sub->session.state;
	int r = 0;

	(void)fd;
	if (sub->connecting)
		r = finish_connect(sub);
	else if (what & LOOP_READ)
		r = read_once(sub);
	if (r == 0)
		r = flush(sub);
	if (r < 0) {
		drop(sub, r);
		return;
	}
	if (!sub->refusal_reported && sub->session.refused >= AGENTX_REGISTER_TRIES) {
		sub->refusal_reported = true;
		log_warn("agentx",
			 "socket=%s err=\"PANTAU-MIB is registered by another sub-agent, or not "
			 "allowed; tried again every %d s\"",
			 sub->conf->agentx_socket, AGENTX_REGISTER_LATER_US / 1000000);
	}
	if (before != AGENTX_STATE_SERVING && sub->session.state == AGENTX_STATE_SERVING) {
		sub->reported = sub->refusal_reported = false;
		log_info("agentx", "socket=%s state=registered", sub->conf->agentx_socket);
	}
	arm(sub);
}

/* ---- the connection's begin ---- */

static int address_of(const char *text, struct endpoint *ret)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};

	if (text[0] != '/')
		return endpoint_zone_parse(text, ret);
	if (strlen(text) >= sizeof(local.sun_path))
		return -ENAMETOOLONG;
	strcpy(local.sun_path, text);
	memcpy(&ret->addr, &local, sizeof(local));
	ret->len = sizeof(local);
	return 0;
}

static int start_connect(struct agentx_sub *sub)
{
	struct endpoint master;
	int r = address_of(sub->conf->agentx_socket, &master);

	if (r < 0)
		return r;
	sub->fd = socket(master.addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sub->fd < 0)
		return -errno;
	r = connect(sub->fd, (struct sockaddr *)&master.addr, master.len);
	sub->connecting = r < 0 && errno == EINPROGRESS;
	if (r < 0 && !sub->connecting)
		return -errno;
	r = loop_fd_new(sub->loop, sub->fd, LOOP_READ | LOOP_WRITE, on_socket, sub, &sub->watch);
	if (r == 0 && !sub->connecting)
		agentx_session_connected(&sub->session, loop_now_us());
	return r;
}

static void on_timer(void *data)
{
	struct agentx_sub *sub = data;
	int r;

	if (sub->fd < 0)
		r = start_connect(sub);
	else if (sub->connecting)
		r = -ETIMEDOUT;
	else
		r = agentx_session_tick(&sub->session, loop_now_us());
	if (r == 0 && sub->fd >= 0 && !sub->connecting)
		r = flush(sub);
	if (r < 0)
		drop(sub, r);
	else
		arm(sub);
}

int agentx_sub_new(struct loop *loop, const struct agent_conf *conf, const struct mib_data *data,
		   struct agentx_sub **ret)
{
	cleanup_(agentx_sub_freep) struct agentx_sub *sub = calloc(1, sizeof(*sub));
	struct endpoint master;
	int r;

	assert(conf->agentx_socket);
	if (!sub)
		return -ENOMEM;
	sub->loop = loop;
	sub->conf = conf;
	sub->fd = -1;
	sub->view.data = data;
	r = address_of(conf->agentx_socket, &master);
	if (r < 0 && r != -ENODEV) { /* an interface may come later */
		log_error("agentx", "socket=%s err=\"neither a path nor 192.0.2.1:705\"",
			  conf->agentx_socket);
		return r;
	}
	r = loop_timer_new(loop, on_timer, sub, &sub->timer);
	if (r < 0)
		return r;
	r = loop_timer_arm(sub->timer, 0);
	if (r < 0)
		return r;
	*ret = steal_ptr(sub);
	return 0;
}

struct agentx_sub *agentx_sub_free(struct agentx_sub *sub)
{
	if (!sub)
		return NULL;
	loop_fd_free(sub->watch);
	loop_timer_free(sub->timer);
	if (sub->fd >= 0)
		close(sub->fd);
	free(sub);
	return NULL;
}

void agentx_sub_freep(struct agentx_sub **sub)
{
	*sub = agentx_sub_free(*sub);
}

bool agentx_sub_is_served(const struct agentx_sub *sub)
{
	return sub->session.state == AGENTX_STATE_SERVING;
}

uint64_t agentx_sub_requests(const struct agentx_sub *sub)
{
	return sub->session.requests;
}
