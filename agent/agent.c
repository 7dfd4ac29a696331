/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wiring: makes the modules, connects them, ends them. What they do is in agent_watch.c.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent_private.h"
#include "agent/confine.h"
#include "agent/core/link/link_memory.h"
#include "agent/io/event/event_store.h"
#include "agent/io/event/notify_send.h"
#include "agent/io/link/ethtool_sock.h"
#include "agent/io/link/rtnl_sock.h"
#include "agent/io/link/wifi_watch.h"
#include "agent/io/path/path_probe.h"
#include "agent/io/snmp/agentx_sub.h"
#include "agent/io/snmp/snmp_standalone.h"
#include "agent/io/store/state_dirs.h"
#include "common/base/cleanup.h"
#include "common/engine/snmp_engine.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

enum {
	STOP_WAIT_US = 500000,
	STOP_POLL_US = 20000,
};

/* ---- start ---- */

void agent_set_scalars(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;
	struct mib_agent *scalars = &agent->shm.data.head->agent;

	snprintf(scalars->version, sizeof(scalars->version), "%s", PANTAU_VERSION);
	snprintf(scalars->site_id, sizeof(scalars->site_id), "%s", conf->site_id);
	snprintf(scalars->site_name, sizeof(scalars->site_name), "%s",
		 conf->site_name ? conf->site_name : "");
	scalars->sample_interval_ms = (uint32_t)conf->sample_interval_ms;
	scalars->clock_state = agent->clock;
	scalars->boot_time_ms = clock_boot_ms(agent->clock);
	scalars->epoch_id = agent->epoch_id;
	scalars->links_max = agent->shm.data.sizes.max_links;
}

static int start_memory(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;
	struct mib_sizes sizes = agent_conf_sizes(conf);
	struct stamp now;
	int r = shm_init(&sizes, conf->run_dir, &agent->shm);

	if (r < 0)
		return r;
	agent_stamp(agent, &now);
	agent->shm.data.head->agent.start_us = now.us;
	r = shm_adopt_history(&agent->shm, &now, agent->epoch_id);
	if (r < 0)
		return r;
	agent_set_scalars(agent);
	return 0;
}

static int start_events(struct agent *agent)
{
	const char *state_dir = agent->files->conf.state_dir;
	int r;

	event_log_init(&agent->log, &agent->shm.data, agent->epoch_id);
	r = event_store_open(state_dir, &agent->log, agent->files->conf.n_receivers, loop_wall_ms(),
			     &agent->store);
	if (r < 0)
		log_error("events",
			  "state-dir=%s msg=\"the event log cannot be kept there\" "
			  "err=\"%s\"",
			  state_dir, strerror(-r));
	agent->first_event = agent->log.next;
	return r;
}

static int on_route(void *data, const struct sockaddr *addr, uint32_t *ret_if_index)
{
	struct agent *agent = data;
	const struct mib_link *link;
	int r;

	r = rtnl_sock_route(agent->rtnl, addr, ret_if_index);
	if (r < 0)
		return r;
	/* The kernel's routes learn of a lost carrier a little after its links do. */
	link = link_table_by_index(agent->table, *ret_if_index);
	return link && link->oper != LINK_OPER_UP ? -ENETDOWN : 0;
}

int agent_start_notify(struct agent *agent)
{
	struct notify_conf conf = {
		.conf = &agent->files->conf,
		.users = &agent->files->users,
		.data = &agent->shm.data,
		.log = &agent->log,
		.store = agent->store,
		.first = agent->first_event,
		.tell_dropped = agent_on_dropped,
		.route = on_route,
		.calls_data = agent,
	};

	assert(!agent->notify && agent->engine);
	return notify_send_new(agent->engine, &conf, &agent->notify);
}

/* After a boot the run directory is empty, but the event log knows what was told last:
 * from the newest event back, so that the first word about a link is the last one told.
 */
static void recall_told(struct agent *agent)
{
	const struct mib_data *data = &agent->shm.data;

	for (uint32_t i = mib_data_n_events(data); i-- > 0;) {
		const struct mib_event *event = mib_data_event_nth(data, i);

		if (event->type == EVENT_LINK_DOWN)
			link_memory_set_told(agent->table, event->if_name, false);
		else if (event->type == EVENT_LINK_UP)
			link_memory_set_told(agent->table, event->if_name, true);
	}
}

static int open_links(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;
	struct link_table_calls table_calls = {agent_on_link_event, agent_on_ask_speed, agent};
	struct rtnl_calls rtnl_calls = {agent_on_change, agent_on_changes_done, agent_on_lost,
					agent};
	int r;

	wall_clock_init(&agent->wall, conf->sample_interval_ms * 1000, clock_zone_offset_s());
	r = link_table_new(conf, &agent->shm.data, agent->epoch_id, &table_calls, &agent->table);
	if (r >= 0)
		r = rtnl_sock_new(agent->loop, &rtnl_calls, &agent->rtnl);
	if (r < 0)
		return r;
	if (ethtool_sock_new(&agent->ethtool) < 0)
		log_info("netlink", "msg=\"kernel has no ethtool netlink: speed and "
				    "duplex stay unknown\"");
	return 0;
}

int agent_start_snmp(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;

	assert(!agent->agentx && !agent->standalone);
	if (conf->mode == AGENT_MODE_AGENTX)
		return agentx_sub_new(agent->loop, conf, &agent->shm.data, &agent->agentx);
	return snmp_standalone_new(agent->loop, conf, &agent->files->users, &agent->shm.data,
				   &agent->standalone);
}

static void on_path_event(void *data, const struct path_event *from)
{
	struct agent *agent = data;
	struct mib_event event = {
		.type = (uint8_t)from->type,
		.role = LINK_ROLE_OTHER,
		.path_index = from->path_index,
		.value = from->loss_permille,
		.time_ms = from->wall_ms,
	};
	struct stamp now;

	agent_stamp(agent, &now);
	snprintf(event.text, sizeof(event.text), "%s", from->text);
	agent_add_event(agent, &event, &now);
	/* The line was cut beyond the links of this router: what waits need not wait on. */
	if (from->type != EVENT_PATH_DOWN)
		notify_send_way_up(agent->notify);
}

int agent_start_paths(struct agent *agent)
{
	const struct mib_event *event = mib_data_event_at(&agent->shm.data, 1);
	int r = path_probe_new(agent->loop, &agent->files->conf, on_path_event, agent,
			       &agent->paths);

	path_probe_claim_history(agent->paths, &agent->shm.data);
	for (; r >= 0 && agent->paths && event;
	     event = mib_data_event_at(&agent->shm.data, event->number + 1))
		path_probe_recall(agent->paths, event);
	return r;
}

static int start_ticks(struct agent *agent)
{
	int r = loop_timer_new(agent->loop, agent_on_tick, agent, &agent->tick_timer);

	if (r < 0)
		return r;
	agent->watchdog_us = sd_notify_watchdog_us();
	agent_on_tick(agent);
	shm_release_history(&agent->shm); /* the start read all of it */
	return 0;
}

static int make_dirs(const struct agent_conf *conf)
{
	(void)state_dirs_make(conf->state_dir); /* without it events live in memory */
	return state_dirs_make(conf->run_dir);
}

static int start(struct agent *agent)
{
	struct snmp_engine_conf engine_conf = {
		.max_outstanding = INFORM_WINDOW * AGENT_CONF_RECEIVERS_MAX, .sockets = 1};
	int r = make_dirs(&agent->files->conf);

	if (r >= 0)
		r = start_memory(agent);
	if (r >= 0)
		r = start_events(agent);
	if (r >= 0)
		r = snmp_engine_new(agent->loop, &engine_conf, &agent->engine);
	if (r >= 0)
		r = open_links(agent);
	if (r >= 0)
		r = agent_start_notify(agent);
	/* Before the first event: a start that fails, as where the port is taken, is tried
	 * each second and must not fill the log. */
	if (r >= 0)
		r = agent_start_snmp(agent);
	if (r < 0)
		return r;
	agent_add_plain_event(agent, EVENT_AGENT_START, 0, PANTAU_VERSION);
	recall_told(agent);
	/* Where links come and go all the time the next second has another try. */
	r = agent_dump(agent);
	agent->fresh_dump = r >= 0;
	if (r == -EAGAIN)
		r = 0;
	link_memory_recall_day(agent->table, wall_clock_day_start(&agent->wall, clock_wall_us()),
			       (uint32_t)(clock_wall_us() / 60000000));
	if (r >= 0)
		r = agent_start_paths(agent);
	if (r >= 0)
		r = wifi_watch_new(agent->loop, &agent->wifi);
	if (r >= 0)
		r = confine(&agent->files->conf, agent->paths != NULL);
	/* Threads have privileges of their own: after they were given up. */
	if (r >= 0)
		r = event_store_start_thread(agent->store, agent->loop);
	if (r >= 0)
		r = start_ticks(agent);
	return r;
}

int agent_new(struct loop *loop, const char *conf_path, struct agent_files *files,
	      struct agent **ret)
{
	cleanup_(agent_freep) struct agent *agent = calloc(1, sizeof(*agent));
	int r;

	if (!agent) {
		agent_files_free(files);
		return -ENOMEM;
	}
	confine_crypto();
	agent->loop = loop;
	agent->conf_path = conf_path;
	agent->links_checked_in = AGENT_LINKS_SETTLE_TICKS;
	agent->files = files;
	agent->shm.fd = -1;
	agent->clock = clock_state_read();
	agent->epoch_id = clock_epoch_id();
	r = start(agent);
	if (r < 0) {
		log_error("agent", "msg=\"cannot start\" err=\"%s\"", strerror(-r));
		return r;
	}
	sd_notify_send("READY=1");
	log_info("agent", "site=%s links=%u receivers=%zu msg=\"started\"", files->conf.site_id,
		 link_table_n(agent->table), notify_send_n(agent->notify));
	*ret = steal_ptr(agent);
	return 0;
}

void agent_set_alarm(struct agent *agent, unsigned int seconds)
{
	int64_t us = seconds * INT64_C(1000000);

	agent->alarm_s = seconds;
	if (!agent->watchdog_us || agent->watchdog_us > us)
		agent->watchdog_us = us;
	alarm(seconds);
}

struct agent *agent_free(struct agent *agent)
{
	if (!agent)
		return NULL;
	loop_timer_free(agent->stop_timer);
	loop_timer_free(agent->tick_timer);
	wifi_watch_free(agent->wifi);
	path_probe_free(agent->paths);
	snmp_standalone_free(agent->standalone);
	agentx_sub_free(agent->agentx);
	notify_send_free(agent->notify);
	snmp_engine_free(agent->engine);
	ethtool_sock_free(agent->ethtool);
	rtnl_sock_free(agent->rtnl);
	link_table_free(agent->table);
	event_store_close(agent->store);
	shm_deinit(&agent->shm);
	agent_files_free(agent->files);
	free(agent);
	return NULL;
}

void agent_freep(struct agent **agent)
{
	*agent = agent_free(*agent);
}

/* ---- stop and status ---- */

static void on_stop_timer(void *data)
{
	struct agent *agent = data;

	if (notify_send_is_idle(agent->notify) || loop_now_us() - agent->stop_us > STOP_WAIT_US) {
		loop_stop(agent->loop);
		return;
	}
	loop_timer_arm(agent->stop_timer, STOP_POLL_US);
}

void agent_stop(struct agent *agent)
{
	loop_assert_thread(agent->loop);
	if (agent->stop_timer)
		return;
	sd_notify_send("STOPPING=1");
	agent->stop_us = loop_now_us();
	agent_add_plain_event(agent, EVENT_AGENT_STOP, 0, "stopped");
	if (loop_timer_new(agent->loop, on_stop_timer, agent, &agent->stop_timer) < 0) {
		loop_stop(agent->loop);
		return;
	}
	on_stop_timer(agent);
}

static void log_snmp(const struct agent *agent)
{
	const struct snmp_responder_stats *s;

	if (agent->agentx)
		log_info("status", "agentx=%s requests=%" PRIu64,
			 agentx_sub_is_served(agent->agentx) ? "served" : "away",
			 agentx_sub_requests(agent->agentx));
	if (!agent->standalone)
		return;
	s = snmp_standalone_get_stats(agent->standalone);
	log_info("status",
		 "requests=%" PRIu64 " answers=%" PRIu64 " reports=%" PRIu64
		 " refused_community=%" PRIu64 " refused_source=%" PRIu64 " refused_level=%" PRIu64
		 " refused_set=%" PRIu64 " too_big=%" PRIu64 " dropped=%" PRIu64
		 " send_errors=%" PRIu64,
		 s->requests, s->answers, s->reports, s->refused_community, s->refused_source,
		 s->refused_level, s->refused_set, s->too_big, s->dropped,
		 snmp_standalone_send_errors(agent->standalone));
}

void agent_log_status(struct agent *agent)
{
	struct event_store_stats store;
	struct link_table_stats table;
	struct rtnl_stats rtnl;

	loop_assert_thread(agent->loop);
	event_store_get_stats(agent->store, &store);
	link_table_get_stats(agent->table, &table);
	rtnl_sock_get_stats(agent->rtnl, &rtnl);
	log_info("status", "links=%u left_out=%u went_back=%" PRIu64, link_table_n(agent->table),
		 agent->shm.data.head->agent.links_left_out, table.went_back);
	log_info("status",
		 "changes=%" PRIu64 " overruns=%" PRIu64 " malformed=%" PRIu64 " dumps=%" PRIu64
		 " dumps_interrupted=%" PRIu64 " samples=%" PRIu64,
		 rtnl.changes, rtnl.overruns, rtnl.malformed, rtnl.dumps, rtnl.dumps_interrupted,
		 rtnl.samples);
	log_info("status",
		 "events_last=%u records=%" PRIu64 " syncs=%" PRIu64 " rotations=%" PRIu64
		 " write_errors=%" PRIu64 " blocking_syncs=%" PRIu64 " set_aside=%" PRIu64,
		 agent->log.next - 1, store.records, store.syncs, store.rotations,
		 store.write_errors, store.blocking_syncs, store.set_aside);
	log_snmp(agent);
	for (size_t i = 0; i < notify_send_n(agent->notify); i++) {
		const struct inform_queue *queue = notify_send_queue(agent->notify, i);

		log_info("status",
			 "receiver=%s acked=%u waiting=%u sent=%" PRIu64 " acknowledged=%" PRIu64
			 " failed=%" PRIu64 " dropped=%" PRIu64,
			 queue->conf->title, queue->acked, agent->log.next - 1 - queue->acked,
			 queue->stats.sent, queue->stats.acknowledged, queue->stats.failed,
			 queue->stats.dropped);
	}
}
