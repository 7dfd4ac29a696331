/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wiring. The life of a sample: tick -> rtnl_sock -> link_table -> mib_data; of an event:
 * rtnl_sock -> link_table -> event_log -> event_store and notify_send, within one
 * callback, so that nothing stands between the kernel's message and the inform.
 *
 * One wake-up a second does all that is periodic: sample, damping, minutes, retries,
 * watchdog.
 */
#include "agent/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/confine.h"
#include "agent/core/event_log.h"
#include "agent/core/history.h"
#include "agent/core/link_table.h"
#include "agent/core/wall_clock.h"
#include "agent/io/agentx_sub.h"
#include "agent/io/clock_state.h"
#include "agent/io/ethtool_sock.h"
#include "agent/io/event_store.h"
#include "agent/io/notify_send.h"
#include "agent/io/rtnl_sock.h"
#include "agent/io/shm.h"
#include "agent/io/path_probe.h"
#include "agent/io/snmp_standalone.h"
#include "agent/io/wifi_watch.h"
#include "agent/io/state_dirs.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/loop.h"
#include "common/sd_notify.h"
#include "common/snmp_engine.h"

enum {
	DUMP_EVERY_TICKS = 30, /* a safety net below the events */
	DUMP_TRIES = 3,
	SPEED_ASKS = 64,
	STOP_WAIT_US = 500000,
	STOP_POLL_US = 20000,
	STEP_EVENT_MS = 1000,
};

struct agent {
	struct loop *loop;
	const char *conf_path;
	struct agent_files *files;

	enum clock_state clock;
	uint32_t epoch_id;
	struct shm shm;
	struct event_log log;
	struct event_store *store;
	uint32_t first_event;

	struct link_table *table;
	struct wall_clock wall;
	struct rtnl_sock *rtnl;
	struct ethtool_sock *ethtool;
	bool dump_wanted;
	unsigned int ticks;
	struct stamp sample;
	/* Links in a sample that the table does not have (excluded ones), now and after
	 * the last dump: a change means that an event was missed. */
	uint32_t unknown, unknown_expected, known;
	bool fresh_dump;
	uint32_t speed_asks[SPEED_ASKS];
	size_t n_speed_asks;

	struct snmp_engine *engine;
	struct notify_send *notify;
	struct snmp_standalone *standalone;
	struct agentx_sub *agentx;
	struct path_probe *paths;
	struct wifi_watch *wifi;

	struct loop_timer *tick_timer, *stop_timer;
	int64_t stop_us;
	int64_t watchdog_us, watchdog_sent_us;
};

static void stamp(const struct agent *agent, struct stamp *ret)
{
	clock_stamp(agent->clock, ret);
}

/* ---- events ---- */

static void add_event(struct agent *agent, const struct mib_event *event,
		      const struct stamp *now)
{
	uint32_t overwritten;
	const struct mib_event *added =
		event_log_add(&agent->log, event, now, &overwritten);

	if (agent->notify && notify_send_overwritten(agent->notify, overwritten))
		agent->shm.data.head->agent.events_dropped++;
	event_store_add(agent->store, added);
	if (agent->notify)
		notify_send_run(agent->notify);
	log_info("event", "number=%u type=%s link=%s value=%u text=\"%s\"", added->number,
		 agent_event_name(added->type), added->if_name, added->value,
		 added->text);
}

static void add_plain_event(struct agent *agent, enum event_type type, uint32_t value,
			    const char *text)
{
	struct mib_event event = {
		.type = (uint8_t)type, .value = value, .role = LINK_ROLE_OTHER};
	struct stamp now;

	stamp(agent, &now);
	snprintf(event.text, sizeof(event.text), "%s", text);
	add_event(agent, &event, &now);
}

static void on_link_event(void *data, const struct link_event *from,
			  const struct stamp *now)
{
	struct agent *agent = data;
	struct mib_event event = {
		.type = (uint8_t)from->type,
		.role = from->link->role,
		.if_index = from->link->if_index,
		.value = from->value,
		.time_ms = from->wall_ms,
	};

	if (from->type == EVENT_LINK_DOWN && agent->notify)
		notify_send_link_down(agent->notify, from->link->if_index);
	memcpy(event.if_name, from->link->name, sizeof(event.if_name));
	snprintf(event.text, sizeof(event.text), "%s", from->text);
	add_event(agent, &event, now);
}

static void on_dropped(void *data, const char *receiver, uint32_t n)
{
	char text[MIB_TEXT_SIZE];

	snprintf(text, sizeof(text), "%u events never reached %s", n, receiver);
	add_plain_event(data, EVENT_EVENTS_DROPPED, n, text);
}

/* ---- links ---- */

/* Asked later, in the tick: a PHY that takes its time must not stand before an inform. */
static void on_ask_speed(void *data, uint32_t if_index)
{
	struct agent *agent = data;

	for (size_t i = 0; i < agent->n_speed_asks; i++) {
		if (agent->speed_asks[i] == if_index)
			return;
	}
	if (agent->n_speed_asks < SPEED_ASKS)
		agent->speed_asks[agent->n_speed_asks++] = if_index;
	else
		agent->dump_wanted = true;
}

static void ask_speeds(struct agent *agent)
{
	for (size_t i = 0; i < agent->n_speed_asks && agent->ethtool; i++) {
		enum link_duplex duplex = LINK_DUPLEX_UNKNOWN;
		uint32_t speed_kbps = 0;

		ethtool_sock_ask(agent->ethtool, agent->speed_asks[i], &speed_kbps,
				 &duplex);
		link_table_speed(agent->table, agent->speed_asks[i], speed_kbps, duplex);
	}
	agent->n_speed_asks = 0;
}

static void publish(struct agent *agent)
{
	link_table_publish(agent->table);
}

static void update_link(struct agent *agent, const struct rtnl_link *link,
			const struct stamp *now)
{
	const struct mib_link *row = link_table_by_index(agent->table, link->if_index);
	bool was_up = row && row->oper == LINK_OPER_UP;

	link_table_update(agent->table, link, now);
	if (agent->notify && link->oper == LINK_OPER_UP && !was_up)
		notify_send_link_up(agent->notify);
}

static void on_change(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	struct stamp now;

	stamp(agent, &now);
	if (item == RTNL_LINK_NEW)
		update_link(agent, &msg->link, &now);
	else if (item == RTNL_LINK_DEL)
		link_table_remove(agent->table, msg->link.if_index, &now);
	else if (agent->notify)
		notify_send_address_up(agent->notify);
}

static void on_changes_done(void *data)
{
	publish(data);
}

static void on_dumped_link(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	struct stamp now;

	stamp(agent, &now);
	if (item == RTNL_LINK_NEW)
		link_table_update(agent->table, &msg->link, &now);
}

static int dump_once(struct agent *agent)
{
	struct stamp now;
	int r;

	link_table_dump_begin(agent->table);
	r = rtnl_sock_dump_links(agent->rtnl, on_dumped_link, agent);
	stamp(agent, &now);
	if (r < 0)
		link_table_dump_abort(agent->table);
	else
		link_table_dump_end(agent->table, &now);
	return r;
}

static int dump(struct agent *agent)
{
	int r = -EAGAIN;

	agent->dump_wanted = false;
	for (int i = 0; i < DUMP_TRIES && r == -EAGAIN; i++)
		r = dump_once(agent);
	if (r < 0) {
		log_warn("netlink",
			 "msg=\"links cannot be read, tried again\" err=\"%s\"",
			 strerror(-r));
		agent->dump_wanted = true;
	}
	publish(agent);
	return r;
}

static void on_lost(void *data)
{
	struct agent *agent = data;

	log_info("netlink", "msg=\"link messages were lost; all links are read anew\"");
	dump(agent);
}

static void on_sample(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	bool is_stats = item == RTNL_STATS;

	if (link_table_sample(agent->table, is_stats ? msg->if_index : msg->link.if_index,
			      is_stats ? &msg->counters : &msg->link.counters,
			      &agent->sample))
		agent->known++;
	else
		agent->unknown++;
}

static void sample(struct agent *agent)
{
	int r;

	stamp(agent, &agent->sample);
	agent->known = agent->unknown = 0;
	r = rtnl_sock_sample(agent->rtnl, on_sample, agent);
	if (r < 0) {
		log_warn("netlink", "msg=\"counters cannot be read\" err=\"%s\"",
			 strerror(-r));
		return;
	}
	if (agent->fresh_dump)
		agent->unknown_expected = agent->unknown;
	else if (agent->unknown != agent->unknown_expected)
		agent->dump_wanted = true;
	if (agent->known != link_table_n(agent->table))
		agent->dump_wanted = true;
	agent->fresh_dump = false;
}

/* ---- time ---- */

static void on_step(struct agent *agent, const struct wall_tick *tick)
{
	char text[MIB_TEXT_SIZE];
	int64_t s = tick->step_ms / 1000;

	link_table_step(agent->table, tick->step_ms);
	path_probe_step(agent->paths, tick->step_ms);
	if (history_shift(&agent->shm.data, tick->shift_minutes, agent->epoch_id) < 0)
		log_warn("history", "msg=\"no memory to date minutes anew\"");
	agent->shm.data.head->agent.boot_time_ms = clock_boot_ms(agent->clock);
	if (tick->step_ms > -STEP_EVENT_MS && tick->step_ms < STEP_EVENT_MS)
		return;
	snprintf(text, sizeof(text), "the clock was set by %+" PRId64 ".%03d s", s,
		 abs((int)(tick->step_ms % 1000)));
	add_plain_event(agent, EVENT_CLOCK_STEP, (uint32_t)(s < 0 ? -s : s), text);
}

static void close_periods(struct agent *agent, const struct wall_tick *tick)
{
	struct mib_data *data = &agent->shm.data;

	if (tick->five)
		link_table_five(agent->table);
	if (tick->day)
		link_table_day(agent->table);
	if (tick->minute)
		link_table_minute(agent->table, tick->minute, &agent->sample);
	if (tick->minute) {
		path_probe_minute(agent->paths, data, tick->minute);
		shm_release_history(&agent->shm);
	}
	link_table_publish(agent->table);
	path_probe_publish(agent->paths, data);
	wifi_watch_publish(agent->wifi, data);
	data->head->agent.clock_state = agent->clock;
}

static void feed_watchdog(struct agent *agent)
{
	int64_t now_us = loop_now_us();

	if (!agent->watchdog_us ||
	    now_us - agent->watchdog_sent_us < agent->watchdog_us / 2)
		return;
	agent->watchdog_sent_us = now_us;
	sd_notify_send("WATCHDOG=1");
}

static void on_tick(void *data)
{
	struct agent *agent = data;
	struct wall_tick tick;

	agent->clock = clock_state_read();
	wall_clock_tick(&agent->wall, loop_now_us(), clock_wall_us(), &tick);
	if (tick.step_ms)
		on_step(agent, &tick);
	if (agent->dump_wanted || ++agent->ticks % DUMP_EVERY_TICKS == 0) {
		rtnl_sock_drain(agent->rtnl);
		agent->fresh_dump = dump(agent) >= 0;
	}
	sample(agent);
	ask_speeds(agent);
	link_table_tick(agent->table, &agent->sample);
	close_periods(agent, &tick);
	notify_send_run(agent->notify);
	feed_watchdog(agent);
	loop_timer_arm(agent->tick_timer,
		       wall_clock_delay(&agent->wall, clock_wall_us()));
}

/* ---- start ---- */

static void set_scalars(struct agent *agent)
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
}

static int start_memory(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;
	struct mib_sizes sizes = agent_conf_sizes(conf);
	int r = shm_init(&sizes, conf->run_dir, &agent->shm);

	if (r < 0)
		return r;
	agent->shm.data.head->agent.start_us = loop_now_us();
	r = shm_adopt_history(&agent->shm, (uint32_t)(loop_wall_ms() / 60000),
			      agent->epoch_id);
	if (r < 0)
		return r;
	set_scalars(agent);
	return 0;
}

static int start_events(struct agent *agent)
{
	const char *state_dir = agent->files->conf.state_dir;
	int r;

	event_log_init(&agent->log, &agent->shm.data, agent->epoch_id);
	r = event_store_open(state_dir, &agent->log, loop_wall_ms(), &agent->store);
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

static int start_notify(struct agent *agent)
{
	struct notify_conf conf = {
		.conf = &agent->files->conf,
		.users = &agent->files->users,
		.data = &agent->shm.data,
		.log = &agent->log,
		.store = agent->store,
		.first = agent->first_event,
		.tell_dropped = on_dropped,
		.route = on_route,
		.calls_data = agent,
	};

	return notify_send_new(agent->engine, &conf, &agent->notify);
}

/* After a boot the run directory is empty, but the event log knows what was told last:
 * from the newest event back, so that the first word about a link is the last one told.
 */
static void recall_told(struct agent *agent)
{
	const struct mib_data *data = &agent->shm.data;

	for (uint32_t n = data->head->next_event; n-- > data->head->first_event;) {
		const struct mib_event *event = mib_data_event(data, n);

		if (event && event->type == EVENT_LINK_DOWN)
			link_table_set_told(agent->table, event->if_name, false);
		else if (event && event->type == EVENT_LINK_UP)
			link_table_set_told(agent->table, event->if_name, true);
	}
}

static int open_links(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;
	struct link_table_calls table_calls = {on_link_event, on_ask_speed, agent};
	struct rtnl_calls rtnl_calls = {on_change, on_changes_done, on_lost, agent};
	int r;

	wall_clock_init(&agent->wall, conf->sample_interval_ms * 1000,
			clock_zone_offset_s());
	r = link_table_new(conf, &agent->shm.data, agent->epoch_id, &table_calls,
			   &agent->table);
	if (r >= 0)
		r = rtnl_sock_new(agent->loop, &rtnl_calls, &agent->rtnl);
	if (r < 0)
		return r;
	if (ethtool_sock_new(&agent->ethtool) < 0)
		log_info("netlink", "msg=\"kernel has no ethtool netlink: speed and "
				    "duplex stay unknown\"");
	return 0;
}

static int read_links(struct agent *agent)
{
	int r;

	recall_told(agent);
	r = dump(agent);
	agent->fresh_dump = r >= 0;
	link_table_recall_day(agent->table,
			      wall_clock_day_start(&agent->wall, clock_wall_us()),
			      (uint32_t)(clock_wall_us() / 60000000));
	return r;
}

static int start_snmp(struct agent *agent)
{
	const struct agent_conf *conf = &agent->files->conf;

	if (conf->mode == AGENT_MODE_AGENTX)
		return agentx_sub_new(agent->loop, conf, &agent->shm.data,
				      &agent->agentx);
	return snmp_standalone_new(agent->loop, conf, &agent->files->users,
				   &agent->shm.data, &agent->standalone);
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

	stamp(agent, &now);
	snprintf(event.text, sizeof(event.text), "%s", from->text);
	add_event(agent, &event, &now);
}

static int start_paths(struct agent *agent)
{
	const struct mib_event *event = mib_data_event_at(&agent->shm.data, 1);
	int r = path_probe_new(agent->loop, &agent->files->conf, on_path_event, agent,
			       &agent->paths);

	for (; r >= 0 && agent->paths && event;
	     event = mib_data_event_at(&agent->shm.data, event->number + 1))
		path_probe_recall(agent->paths, event);
	return r;
}

static int start_ticks(struct agent *agent)
{
	int r = loop_timer_new(agent->loop, on_tick, agent, &agent->tick_timer);

	if (r < 0)
		return r;
	agent->watchdog_us = sd_notify_watchdog_us();
	on_tick(agent);
	shm_release_history(&agent->shm); /* the start read all of it */
	return 0;
}

static int make_dirs(const struct agent_conf *conf)
{
	int r = state_dirs_make(conf->state_dir);

	return r < 0 ? r : state_dirs_make(conf->run_dir);
}

static int start(struct agent *agent)
{
	struct snmp_engine_conf engine_conf = {.max_outstanding = 16, .sockets = 1};
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
		r = start_notify(agent);
	if (r < 0)
		return r;
	add_plain_event(agent, EVENT_AGENT_START, 0, PANTAU_VERSION);
	r = read_links(agent);
	if (r >= 0)
		r = start_snmp(agent);
	if (r >= 0)
		r = start_paths(agent);
	if (r >= 0)
		r = wifi_watch_new(agent->loop, &agent->wifi);
	if (r >= 0)
		r = confine(&agent->files->conf, agent->paths != NULL);
	/* Threads have privileges of their own: after they were given up. */
	if (r >= 0)
		r = event_store_start_thread(agent->store);
	if (r >= 0)
		r = start_ticks(agent);
	return r;
}

/* Once, at the start; later ones are on the status (SIGUSR1). */
static void warn_full(const struct agent *agent)
{
	struct link_table_stats stats;

	link_table_get_stats(agent->table, &stats);
	if (stats.ignored_full)
		log_warn("agent",
			 "links=%" PRIu64 " msg=\"beyond max-links, not watched: raise "
			 "it or exclude some\"",
			 stats.ignored_full);
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
	warn_full(agent);
	log_info("agent", "site=%s links=%u receivers=%zu msg=\"started\"",
		 files->conf.site_id, link_table_n(agent->table),
		 notify_send_n(agent->notify));
	*ret = steal_ptr(agent);
	return 0;
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

/* ---- reload ---- */

static bool differs(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") != 0;
}

/* What is fixed for the life of the process. */
static bool lists_differ(char *const *a, char *const *b)
{
	for (; a && b && *a && *b; a++, b++) {
		if (differs(*a, *b))
			return true;
	}
	return (a && *a) || (b && *b);
}

static const char *needs_restart(const struct agent_conf *old,
				 const struct agent_conf *new)
{
	if (old->mode != new->mode)
		return "mode";
	if (lists_differ(old->listen, new->listen) ||
	    differs(old->agentx_socket, new->agentx_socket))
		return "listen and agentx-socket";
	if (old->max_links != new->max_links || old->max_events != new->max_events)
		return "max-links and max-events";
	if (old->history_ms != new->history_ms)
		return "history";
	if (old->sample_interval_ms != new->sample_interval_ms)
		return "sample-interval";
	if (differs(old->state_dir, new->state_dir) ||
	    differs(old->run_dir, new->run_dir))
		return "state-dir and run-dir";
	if (differs(old->user, new->user) || old->sandbox != new->sandbox)
		return "user and sandbox";
	return NULL;
}

static void log_errors(const struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		log_error("conf", "%s", errors->lines[i]);
}

/* Receivers first: they are what may fail. */
static int swap_receivers(struct agent *agent, struct agent_files *files)
{
	struct agent_files *old_files = agent->files;
	struct notify_send *old = agent->notify;
	int r;

	agent->files = files;
	agent->notify = NULL;
	r = start_notify(agent);
	if (r < 0) {
		agent->files = old_files;
		agent->notify = old;
		return r;
	}
	notify_send_free(old);
	return 0;
}

static void use_files(struct agent *agent, struct agent_files *files)
{
	struct agent_files *old = agent->files;
	struct stamp now;

	if (swap_receivers(agent, files) < 0) {
		log_error("conf",
			  "msg=\"not taken over, the running configuration stays\"");
		agent_files_free(files);
		return;
	}
	if (agent->standalone &&
	    snmp_standalone_set_users(agent->standalone, &files->conf, &files->users) <
		    0) {
		log_error("conf", "msg=\"the SNMP users stay as they were\"");
		old = NULL; /* and so does what they refer to */
	}
	agent->paths = path_probe_free(agent->paths);
	if (start_paths(agent) < 0)
		log_error("conf", "msg=\"paths are not probed\"");
	agent->agentx = agentx_sub_free(agent->agentx);
	if (!agent->standalone && start_snmp(agent) < 0)
		log_error("conf", "msg=\"the snmpd is not served\"");
	stamp(agent, &now);
	link_table_set_conf(agent->table, &files->conf, &now);
	agent_files_free(old);
	agent->dump_wanted = true;
	set_scalars(agent);
	publish(agent);
	notify_send_run(agent->notify);
	log_info("conf", "file=%s msg=\"taken over\"", agent->conf_path);
}

void agent_reload(struct agent *agent)
{
	struct conf_errors errors = {0};
	struct agent_files *files = NULL;
	const char *fixed;
	int r;

	sd_notify_send("RELOADING=1");
	r = agent_files_load(agent->conf_path, &files, &errors);
	fixed = r < 0 ? NULL : needs_restart(&agent->files->conf, &files->conf);
	if (fixed)
		conf_errors_add(&errors, "%s: %s: changes with a restart only",
				agent->conf_path, fixed);
	log_errors(&errors);
	if (r < 0 || errors.n) {
		log_error("conf",
			  "file=%s msg=\"refused, the running configuration stays\"",
			  agent->conf_path);
		agent_files_free(files);
	} else {
		use_files(agent, files);
	}
	conf_errors_deinit(&errors);
	sd_notify_send("READY=1");
}

/* ---- stop and status ---- */

static void on_stop_timer(void *data)
{
	struct agent *agent = data;

	if (notify_send_is_idle(agent->notify) ||
	    loop_now_us() - agent->stop_us > STOP_WAIT_US) {
		loop_stop(agent->loop);
		return;
	}
	loop_timer_arm(agent->stop_timer, STOP_POLL_US);
}

void agent_stop(struct agent *agent)
{
	if (agent->stop_timer)
		return;
	sd_notify_send("STOPPING=1");
	agent->stop_us = loop_now_us();
	add_plain_event(agent, EVENT_AGENT_STOP, 0, "stopped");
	if (loop_timer_new(agent->loop, on_stop_timer, agent, &agent->stop_timer) < 0) {
		loop_stop(agent->loop);
		return;
	}
	on_stop_timer(agent);
}

static void log_receivers(const struct agent *agent)
{
	for (size_t i = 0; i < notify_send_n(agent->notify); i++) {
		const struct inform_queue *queue = notify_send_queue(agent->notify, i);

		log_info("status",
			 "receiver=%s acked=%u waiting=%u sent=%" PRIu64
			 " acknowledged=%" PRIu64 " failed=%" PRIu64 " dropped=%" PRIu64,
			 queue->conf->title, queue->acked,
			 agent->log.next - 1 - queue->acked, queue->stats.sent,
			 queue->stats.acknowledged, queue->stats.failed,
			 queue->stats.dropped);
	}
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
		 " refused_community=%" PRIu64 " refused_source=%" PRIu64
		 " refused_level=%" PRIu64 " refused_set=%" PRIu64 " too_big=%" PRIu64
		 " dropped=%" PRIu64 " send_errors=%" PRIu64,
		 s->requests, s->answers, s->reports, s->refused_community,
		 s->refused_source, s->refused_level, s->refused_set, s->too_big,
		 s->dropped, snmp_standalone_send_errors(agent->standalone));
}

void agent_log_status(struct agent *agent)
{
	struct event_store_stats store;
	struct link_table_stats table;
	struct rtnl_stats rtnl;

	event_store_get_stats(agent->store, &store);
	link_table_get_stats(agent->table, &table);
	rtnl_sock_get_stats(agent->rtnl, &rtnl);
	log_info("status", "links=%u ignored_full=%" PRIu64 " went_back=%" PRIu64,
		 link_table_n(agent->table), table.ignored_full, table.went_back);
	log_info("status",
		 "changes=%" PRIu64 " overruns=%" PRIu64 " malformed=%" PRIu64
		 " dumps=%" PRIu64 " dumps_interrupted=%" PRIu64 " samples=%" PRIu64,
		 rtnl.changes, rtnl.overruns, rtnl.malformed, rtnl.dumps,
		 rtnl.dumps_interrupted, rtnl.samples);
	log_info("status",
		 "events_last=%u records=%" PRIu64 " syncs=%" PRIu64 " rotations=%" PRIu64
		 " write_errors=%" PRIu64 " blocking_syncs=%" PRIu64
		 " set_aside=%" PRIu64,
		 agent->log.next - 1, store.records, store.syncs, store.rotations,
		 store.write_errors, store.blocking_syncs, store.set_aside);
	log_snmp(agent);
	log_receivers(agent);
}
