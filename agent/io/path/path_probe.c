/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends an echo to every target at each interval and takes what comes back. At most one
 * is under way per target: one that is not answered when the next is due, or later than
 * the time-out, is lost. What that means for the path is path_stats'.
 */
#include "agent/io/path/path_probe.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/core/conf/agent_conf.h"
#include "agent/core/history/history.h"
#include "agent/core/path/path_stats.h"
#include "agent/core/path/path_told.h"
#include "agent/io/path/gateway.h"
#include "agent/io/store/clock_state.h"
#include "common/icmp/icmp_echo.h"
#include "common/icmp/icmp_socket.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	FIND_US = 10000000, /* between two looks for gateways and interfaces */
	REPLIES_MAX = 64,   /* taken in one wake-up */
};

struct target {
	const struct agent_conf_path *conf;
	int gateway;	    /* AF_INET, AF_INET6, or 0: a fixed address */
	struct endpoint at; /* len 0: not known now */
	bool no_gateway;    /* the default route needs none: there is nothing to probe */
	struct path_stats stats;
	struct path_minute last; /* the last whole minute */
	struct path_told told;
	bool waiting;
	uint16_t seq;
	int64_t sent_us, sent_ms;
};

struct echo_socket {
	struct path_probe *probe;
	struct icmp_socket icmp;
	struct loop_fd *watch;
};

struct path_probe {
	struct loop *loop;
	const struct agent_conf *conf;
	path_event_fn *fn;
	void *data;
	struct path_stats_conf stats_conf;
	struct echo_socket v4, v6;
	struct gateway *gateway;
	int64_t find_us; /* when gateways and interfaces are looked for again */
	struct loop_timer *timer;
	int64_t next_us;
	uint64_t cookie;
	struct target targets[MIB_PATHS_MAX];
	size_t n;
};

/* ---- what is told ---- */

static const char *state_word(enum path_state state)
{
	return state == PATH_UP ? "up" : state == PATH_DEGRADED ? "degraded" : "down";
}

static void format_address(const struct target *target, char *buf, size_t size)
{
	const struct endpoint endpoint = endpoint_zone_of(&target->at.addr, target->at.len);
	char address[ENDPOINT_ADDRESS_SIZE];

	snprintf(buf, size, "%s", target->at.len ? endpoint_address(&endpoint, address) : "");
}

static void tell(struct path_probe *probe, struct target *target)
{
	static const enum event_type types[] = {[PATH_UP] = EVENT_PATH_UP,
						[PATH_DEGRADED] = EVENT_PATH_DEGRADED,
						[PATH_DOWN] = EVENT_PATH_DOWN};
	char address[MIB_ADDRESS_SIZE], text[MIB_TEXT_SIZE];
	struct path_event event = {
		.type = types[target->stats.state],
		.path_index = (uint32_t)(target - probe->targets) + 1,
		.name = target->conf->title,
		.loss_permille = path_stats_loss_permille(&target->stats),
		.wall_ms = target->stats.state_since_ms,
		.text = text,
	};

	format_address(target, address, sizeof(address));
	snprintf(text, sizeof(text), "%s %s %s", target->conf->title,
		 address[0] ? address : "(no address)", state_word(target->stats.state));
	probe->fn(probe->data, &event);
}

static void end_probe(struct path_probe *probe, struct target *target, bool answered,
		      int64_t rtt_us)
{
	bool changed;

	assert(target->waiting && target >= probe->targets && target < probe->targets + probe->n);
	target->waiting = false;
	if (answered)
		changed = path_stats_answered(&target->stats, (uint32_t)rtt_us, target->sent_ms);
	else
		changed = path_stats_lost(&target->stats, target->sent_ms);
	if (changed && path_told_changed(&target->told, &target->stats))
		tell(probe, target);
}

/* ---- in ---- */

static bool same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return memcmp(&((const struct sockaddr_in *)a)->sin_addr,
			      &((const struct sockaddr_in *)b)->sin_addr,
			      sizeof(struct in_addr)) == 0;
	return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
		      &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

static void on_reply(struct path_probe *probe, const struct icmp_echo *echo,
		     const struct sockaddr_storage *from, int64_t now_us)
{
	struct target *target;
	int64_t rtt_us;

	if (echo->cookie != probe->cookie || echo->target >= probe->n)
		return;
	target = &probe->targets[echo->target];
	if (!target->waiting || echo->seq != target->seq || !same_host(from, &target->at.addr))
		return;
	rtt_us = now_us - target->sent_us;
	end_probe(probe, target, rtt_us <= probe->conf->path_timeout_ms * 1000, rtt_us);
}

static void on_socket(void *data, int fd, unsigned int what)
{
	struct echo_socket *sock = data;
	struct path_probe *probe = sock->probe;

	(void)what;
	for (int i = 0; i < REPLIES_MAX; i++) {
		struct sockaddr_storage from;
		socklen_t from_len = sizeof(from);
		struct icmp_echo echo;
		uint8_t buf[256];
		ssize_t n = recvfrom(fd, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&from,
				     &from_len);

		if (n < 0)
			return;
		if (icmp_echo_parse(buf, (size_t)n, sock->icmp.v6, sock->icmp.raw && !sock->icmp.v6,
				    &echo) == 0)
			on_reply(probe, &echo, &from, loop_now_us());
	}
}

/* ---- out ---- */

static struct echo_socket *socket_for(struct path_probe *probe, const struct target *target)
{
	int family = target->gateway ? target->gateway : target->at.addr.ss_family;

	return family == AF_INET6 ? &probe->v6 : &probe->v4;
}

static void send_probe(struct path_probe *probe, struct target *target)
{
	struct echo_socket *sock = socket_for(probe, target);
	struct icmp_echo echo = {
		.id = (uint16_t)getpid(),
		.seq = ++target->seq,
		.cookie = probe->cookie,
		.target = (uint32_t)(target - probe->targets),
	};
	uint8_t packet[ICMP_ECHO_LEN];

	/* What cannot be known is not lost. */
	if (sock->icmp.fd < 0 || target->no_gateway)
		return;
	target->waiting = true;
	target->sent_us = loop_now_us();
	target->sent_ms = loop_wall_ms();
	if (!target->at.len)
		return; /* no way there: lost when the next is due */
	icmp_echo_build(&echo, sock->icmp.v6, packet);
	/* What cannot be sent (no route, no carrier) is lost like what is not answered.
	 */
	(void)!sendto(sock->icmp.fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_NOSIGNAL,
		      (struct sockaddr *)&target->at.addr, target->at.len);
}

static void find_gateway(struct path_probe *probe, struct target *target)
{
	int r = gateway_find(probe->gateway, target->gateway, &target->at.addr, &target->at.len);

	if (r < 0)
		target->at.len = 0;
	if ((r == -ENODATA) == target->no_gateway)
		return;
	target->no_gateway = r == -ENODATA;
	path_stats_forget(&target->stats);
	log_info("path", "path=%s msg=\"%s\"", target->conf->title,
		 target->no_gateway ? "the default route needs no gateway: not probed"
				    : "probed again");
}

/* An interface may come later than we do, or come back with another number. */
static int find_zone(struct target *target)
{
	int r = endpoint_zone_resolve(&target->at);

	target->at.len = r == 0 ? sizeof(struct sockaddr_in6) : 0;
	return r;
}

static void on_timer(void *data)
{
	struct path_probe *probe = data;
	int64_t interval_us = probe->conf->path_interval_ms * 1000, now_us = loop_now_us();

	for (size_t i = 0; i < probe->n; i++) {
		if (probe->targets[i].waiting)
			end_probe(probe, &probe->targets[i], false, 0);
	}
	if (now_us >= probe->find_us) {
		probe->find_us = now_us + FIND_US;
		for (size_t i = 0; i < probe->n; i++) {
			if (probe->targets[i].gateway)
				find_gateway(probe, &probe->targets[i]);
			else if (probe->targets[i].at.zone[0])
				(void)!find_zone(&probe->targets[i]);
		}
	}
	for (size_t i = 0; i < probe->n; i++)
		send_probe(probe, &probe->targets[i]);
	/* On a grid, without drift; after a pause of the whole system it begins anew. */
	probe->next_us += interval_us;
	if (probe->next_us <= now_us)
		probe->next_us = now_us + interval_us;
	loop_timer_arm(probe->timer, probe->next_us - now_us);
}

/* ---- start ---- */

static int open_socket(struct path_probe *probe, struct echo_socket *sock, bool v6)
{
	int r = icmp_socket_open(v6, &sock->icmp);

	sock->probe = probe;
	if (r < 0) {
		log_warn("path",
			 "family=%s err=\"%s\" msg=\"paths cannot be probed; give the "
			 "agent's "
			 "group to net.ipv4.ping_group_range\"",
			 v6 ? "ipv6" : "ipv4", strerror(-r));
		return 0;
	}
	return loop_fd_new(probe->loop, sock->icmp.fd, LOOP_READ, on_socket, sock, &sock->watch);
}

static int target_set(struct path_probe *probe, struct target *target,
		      const struct agent_conf_path *conf)
{
	char problem[ENDPOINT_ZONE_PROBLEM_SIZE];
	int r = 0;

	target->conf = conf;
	target->told.state = PATH_UNKNOWN;
	path_stats_init(&target->stats, &probe->stats_conf);
	if (strcmp(conf->address, "gateway") == 0) {
		target->gateway = AF_INET;
	} else if (strcmp(conf->address, "gateway6") == 0) {
		target->gateway = AF_INET6;
	} else {
		/* A raw socket of IPv6 takes a port for a protocol. */
		r = endpoint_parse_address(conf->address, 0, &target->at);
	}
	if (r < 0)
		log_error("path", "path=%s address=%s err=\"no numeric address\"", conf->title,
			  conf->address);
	else if (target->at.zone[0] && find_zone(target) < 0)
		log_warn("path", "path=%s address=%s err=\"%s\"", conf->title, conf->address,
			 endpoint_zone_problem(conf->address, -ENODEV, problem));
	if (r == 0 && target->gateway && !probe->gateway)
		r = gateway_new(&probe->gateway);
	return r;
}

static int start(struct path_probe *probe)
{
	const struct agent_conf *conf = probe->conf;
	int r = 0;

	probe->stats_conf = (struct path_stats_conf){
		.down_after = (uint32_t)conf->path_down_after,
		.up_after = (uint32_t)conf->path_up_after,
		.degraded_loss_permille = (uint32_t)conf->path_degraded_loss_permille,
		.degraded_rtt_us = (uint32_t)conf->path_degraded_rtt_ms * 1000,
	};
	if (getrandom(&probe->cookie, sizeof(probe->cookie), 0) != sizeof(probe->cookie))
		return -EIO;
	for (size_t i = 0; r == 0 && i < conf->n_paths && i < MIB_PATHS_MAX; i++)
		r = target_set(probe, &probe->targets[probe->n++], &conf->paths[i]);
	if (r == 0)
		r = open_socket(probe, &probe->v4, false);
	if (r == 0)
		r = open_socket(probe, &probe->v6, true);
	if (r == 0)
		r = loop_timer_new(probe->loop, on_timer, probe, &probe->timer);
	if (r == 0)
		r = loop_timer_arm(probe->timer, 0);
	probe->next_us = loop_now_us();
	return r;
}

int path_probe_new(struct loop *loop, const struct agent_conf *conf, path_event_fn *fn, void *data,
		   struct path_probe **ret)
{
	cleanup_(path_probe_freep) struct path_probe *probe = NULL;
	int r;

	assert(fn && conf->n_paths <= MIB_PATHS_MAX);
	*ret = NULL;
	if (conf->n_paths == 0)
		return 0;
	probe = calloc(1, sizeof(*probe));
	if (!probe)
		return -ENOMEM;
	probe->loop = loop;
	probe->conf = conf;
	probe->fn = fn;
	probe->data = data;
	probe->v4.icmp.fd = probe->v6.icmp.fd = -1;
	r = start(probe);
	if (r < 0)
		return r;
	*ret = steal_ptr(probe);
	return 0;
}

static void close_socket(struct echo_socket *sock)
{
	loop_fd_free(sock->watch);
	icmp_socket_close(&sock->icmp);
}

struct path_probe *path_probe_free(struct path_probe *probe)
{
	if (!probe)
		return NULL;
	loop_timer_free(probe->timer);
	close_socket(&probe->v4);
	close_socket(&probe->v6);
	gateway_free(probe->gateway);
	free(probe);
	return NULL;
}

void path_probe_freep(struct path_probe **probe)
{
	*probe = path_probe_free(*probe);
}

/* The path that an event's text begins with: its place may have changed since. Of "noc" and
 * "noc 2" the longer one, if it fits. */
static struct target *target_named(struct path_probe *probe, const char *text)
{
	struct target *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < probe->n; i++) {
		const char *title = probe->targets[i].conf->title;
		size_t len = strlen(title);

		if (len < best_len || strncmp(text, title, len) != 0 || text[len] != ' ')
			continue;
		best = &probe->targets[i];
		best_len = len;
	}
	return best;
}

void path_probe_recall(struct path_probe *probe, const struct mib_event *event)
{
	static const enum path_state states[] = {[EVENT_PATH_DOWN] = PATH_DOWN,
						 [EVENT_PATH_DEGRADED] = PATH_DEGRADED,
						 [EVENT_PATH_UP] = PATH_UP};
	struct target *target;

	if (!probe || event->type < EVENT_PATH_DOWN || event->type > EVENT_PATH_UP)
		return;
	target = target_named(probe, event->text);
	if (!target)
		return;
	target->told.state = states[event->type];
	target->told.since_ms = clock_can_be(event->time_ms) ? event->time_ms : 0;
}

/* ---- rows ---- */

void path_probe_claim_history(const struct path_probe *probe, struct mib_data *data)
{
	uint32_t ids[MIB_PATHS_MAX];

	for (size_t i = 0; probe && i < probe->n; i++)
		ids[i] = history_path_id(probe->targets[i].conf->title);
	if (probe)
		history_claim_paths(data, ids, (uint32_t)probe->n);
}

void path_probe_publish(const struct path_probe *probe, struct mib_data *data)
{
	size_t n = probe ? probe->n : 0;

	if (n > data->sizes.max_paths)
		n = data->sizes.max_paths;
	for (size_t i = 0; i < n; i++) {
		struct mib_path *row = &data->paths[i];
		const struct target *target = &probe->targets[i];
		const struct path_minute *last = &target->last;

		*row = (struct mib_path){
			.index = (uint32_t)i + 1,
			.state = target->stats.state,
			.state_since_ms = target->stats.state_since_ms,
			.sent = last->sent,
			.lost = last->lost,
			.rtt_min_us = last->rtt_min_us,
			.rtt_mean_us = last->rtt_mean_us,
			.rtt_max_us = last->rtt_max_us,
			.jitter_us = last->jitter_us,
			.loss_permille = last->loss_permille,
		};
		snprintf(row->name, sizeof(row->name), "%s", target->conf->title);
		format_address(target, row->address, sizeof(row->address));
	}
	data->head->n_paths = (uint32_t)n;
}

void path_probe_minute(struct path_probe *probe, struct mib_data *data, uint32_t minute)
{
	assert(minute > 0);
	for (size_t i = 0; probe && i < probe->n; i++) {
		struct target *target = &probe->targets[i];
		struct path_minute *last = &target->last;
		struct mib_path_row row = {
			.minute = minute,
			.state = (uint8_t)target->stats.state,
			.clock_state = (uint8_t)data->head->agent.clock_state,
			.epoch_id = data->head->agent.epoch_id,
		};

		path_stats_minute(&target->stats, last);
		row.sent = last->sent;
		row.lost = last->lost;
		row.rtt_min_us = last->rtt_min_us;
		row.rtt_mean_us = last->rtt_mean_us;
		row.rtt_max_us = last->rtt_max_us;
		row.jitter_us = last->jitter_us;
		history_put_path(data, (uint32_t)i, &row);
	}
}

void path_probe_step(struct path_probe *probe, int64_t step_ms)
{
	for (size_t i = 0; probe && i < probe->n; i++) {
		struct path_stats *stats = &probe->targets[i].stats;

		probe->targets[i].sent_ms += step_ms;
		stats->row_since_ms += step_ms;
		if (stats->state_since_ms)
			stats->state_since_ms += step_ms;
	}
}
