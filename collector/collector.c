/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's life: opens everything in the order in which it depends on each other,
 * runs, and closes in the reverse. What flows between the modules is collector_hooks.c's.
 */
#include "collector/collector.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/collector_private.h"
#include "collector/core/judge/event.h"
#include "collector/io/http/page_sockets.h"
#include "collector/io/rrd/sink_rrd.h"
#include "collector/io/setup/collector_sandbox.h"
#include "common/base/cleanup.h"
#include "common/engine/engine_state.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

enum { KEYS_REMEMBERED = 60000 };

static int complain(const char *what, const char *which, int r)
{
	if (r < 0)
		log_error("main", "%s=%s err=\"%s\"", what, which, strerror(-r));
	return r;
}

/* ---- storage ---- */

/* Two collectors on one database and one engine id would undo each other's work. */
static int lock_state(struct collector *c)
{
	const char *dir = c->setup->conf.state_dir;
	cleanup_free char *path = NULL;

	if (asprintf(&path, "%s/lock", dir) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	c->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->lock_fd < 0)
		return complain("state-dir", dir, -errno);
	if (flock(c->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	log_error("main",
		  "state-dir=%s err=\"another collector uses it\" right=\"stop that one, or "
		  "give this one a directory of its own\"",
		  dir);
	return -EBUSY;
}

static int open_store(struct collector *c)
{
	const struct collector_conf *conf = &c->setup->conf;
	cleanup_free char *path = NULL;
	struct store_conf store = {
		.keep_events_ms = conf->keep_events_ms,
		.keep_notifications_ms = conf->keep_notifications_ms,
		.max_events = conf->max_events,
		.max_notifications = conf->max_notifications,
	};

	if (asprintf(&path, "%s/pantau.db", conf->state_dir) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	store.path = path;
	return complain("store", path, store_new(c->loop, &store, &c->store));
}

static int open_sinks(struct collector *c)
{
	const struct collector_conf *conf = &c->setup->conf;
	const struct sink_rrd_conf rrd = {
		.dir = conf->rrd_dir,
		.daemon = conf->rrdcached,
		.rras = (const char *const *)conf->rra,
		.interval_s = (unsigned int)(conf->rrd_write_interval_ms / 1000),
	};
	int r = complain("rrd-dir", conf->rrd_dir, sink_rrd_new(c->loop, &rrd, &c->sinks[0]));

	if (r == 0)
		c->n_sinks = 1;
	return r;
}

/* Of a device's files before they are read. */
static int flush_series(void *data, const char *device_id, void (*done)(void *data),
			void *done_data)
{
	struct collector *c = data;
	struct sink *rrd = c->n_sinks > 0 ? c->sinks[0] : NULL;

	return rrd ? rrd->ops->flush(rrd, device_id, done, done_data) : -ENODEV;
}

static int open_graphs(struct collector *c)
{
	const struct collector_conf *conf = &c->setup->conf;
	const struct graph_pool_conf graphs = {
		.rrd_dir = conf->rrd_dir,
		.daemon = conf->rrdcached,
		.timezone = conf->timezone,
		.workers = (unsigned int)conf->graph_workers,
		.flush = flush_series,
		.data = c,
		.sandbox = conf->sandbox,
	};

	return complain("graphs", "pantau-graph-worker",
			graph_pool_new(c->loop, &graphs, &c->graphs));
}

/* ---- polling ---- */

static const char *or_null(const char *text)
{
	return text && text[0] ? text : NULL;
}

static int open_poller(struct collector *c)
{
	const struct collector_conf *conf = &c->setup->conf;
	const struct snmp_engine_conf engine = {
		.max_outstanding = (unsigned int)conf->max_outstanding,
		.sockets = (unsigned int)conf->snmp_sockets,
		.bind_v4 = or_null(conf->source_v4),
		.bind_v6 = or_null(conf->source_v6),
	};
	struct poll_hooks hooks = COLLECTOR_POLLER_HOOKS;
	struct poller_conf poller;
	int r = complain("snmp", "engine", snmp_engine_new(c->loop, &engine, &c->engine));

	if (r < 0)
		return r;
	poller_conf_defaults(&poller);
	poller.interval_ms = conf->poll_interval_ms;
	poller.discovery_interval_ms = conf->discovery_interval_ms;
	poller.backoff_max_ms = conf->backoff_max_ms;
	poller.timeout_ms = conf->request_timeout_ms;
	poller.tries = (int)conf->request_tries;
	hooks.data = c;
	return complain(
		"poller", "new",
		poller_new(c->loop, c->engine, c->setup->profiles, &poller, &hooks, &c->poller));
}

/* The sockets were opened with rights that are given up since. */
static int open_pinger(struct collector *c)
{
	const struct pinger_conf conf = {
		.interval_ms = c->setup->conf.ping_interval_ms,
		.step_ms = c->setup->conf.poll_interval_ms,
	};
	const struct icmp_socket socks[] = {c->pings[PINGER_V4], c->pings[PINGER_V6]};
	struct pinger_hooks hooks = COLLECTOR_PINGER_HOOKS;

	if (conf.interval_ms == 0 || (socks[PINGER_V4].fd < 0 && socks[PINGER_V6].fd < 0))
		return 0;
	hooks.data = c;
	for (size_t i = 0; i < PINGER_SOCKETS; i++)
		c->pings[i].fd = -1;
	return complain("pinger", "new", pinger_new(c->loop, &conf, socks, &hooks, &c->pinger));
}

static int open_monitor(struct collector *c)
{
	const struct device_state_conf conf = collector_state_conf(&c->setup->conf);
	struct monitor_hooks hooks = COLLECTOR_MONITOR_HOOKS;
	int64_t last_id = 0;
	int r = complain("store", "events", store_last_event_id(c->store, &last_id));

	hooks.data = c;
	if (r == 0)
		r = loop_timer_new(c->loop, collector_on_monitor_timer, c, &c->monitor_timer);
	if (r == 0)
		r = monitor_new(&conf, &hooks, last_id, &c->monitor);
	return r;
}

/* ---- notifications ---- */

static void on_key(void *data, const struct trap_key *key, int64_t received_ms)
{
	struct collector *c = data;

	trap_recv_remember(c->trap_recv, key, received_ms);
}

static void on_sender(void *data, const char *source, uint64_t n, int64_t first_ms, int64_t last_ms)
{
	struct collector *c = data;

	trap_recv_restore_sender(c->trap_recv, source, n, first_ms, last_ms);
}

static void on_trap_clock(void *data, const char *device_id, const struct store_engine *engine)
{
	struct collector *c = data;

	(void)device_id;
	trap_auth_restore_clock(c->trap_auth, engine->id, engine->id_len, engine->boots,
				engine->time_s, loop_now_us());
}

/* On a full disk nobody can count boots: the agents learn a new id, as after a replaced machine. */
static int know_ourselves(const struct collector *c, struct snmp_identity *ret)
{
	const char *dir = c->setup->conf.state_dir;
	int r = engine_state_start(dir, loop_now_us(), ret);

	if (r != -ENOSPC && r != -EDQUOT && r != -EFBIG)
		return complain("state-dir", dir, r);
	log_warn("snmp",
		 "file=%s/engine msg=\"cannot be kept: a new engine id for this run\" err=\"%s\" "
		 "right=\"make room on the disk\"",
		 dir, strerror(-r));
	return engine_state_temporary(loop_now_us(), ret);
}

static int open_traps(struct collector *c)
{
	struct trap_recv_conf conf = collector_trap_conf(&c->setup->conf);
	struct trap_recv_hooks hooks = COLLECTOR_TRAP_HOOKS;
	struct snmp_identity identity;
	int r = know_ourselves(c, &identity);

	hooks.data = c;
	if (r == 0)
		r = trap_auth_new(c->loop, &identity, &c->setup->credentials, &c->trap_auth);
	if (r == 0)
		r = trap_recv_new(c->loop, &conf, &hooks, &c->devices, c->trap_auth, &c->trap_recv);
	if (r == 0)
		r = store_load_keys(c->store, KEYS_REMEMBERED, on_key, c);
	if (r == 0)
		r = store_load_trap_clocks(c->store, on_trap_clock, c);
	if (r == 0)
		r = store_load_senders(c->store, on_sender, c);
	return r;
}

/* ---- the page ---- */

static int open_server(struct collector *c)
{
	cleanup_(page_sockets_deinit) struct page_sockets sockets = {.n = 0};
	struct http_server_conf server = {.doors = sockets.doors};
	int r = page_sockets_init(&sockets, &c->setup->conf);

	server.n_doors = sockets.n;
	server.hosts = (const char *const *)c->setup->conf.http_hosts;
	return r < 0 ? r : http_server_new(c->loop, &server, http_api_handle, c->api, &c->http);
}

static int open_page(struct collector *c)
{
	const struct collector_conf *conf = &c->setup->conf;
	const struct http_api_deps deps = {
		.loop = c->loop,
		.graphs = c->graphs,
		.graph_cache_octets = (size_t)conf->graph_cache,
		.devices = &c->devices,
		.senders = trap_recv_senders(c->trap_recv),
		.rrd_dir = conf->rrd_dir,
		.web_dir = conf->web_dir,
		.timezone = conf->timezone,
		.language = conf->language,
		.place = conf->place,
		.poll_interval_ms = conf->poll_interval_ms,
		.started_ms = c->started_ms,
		.data = c,
		.query_events = collector_query_events,
		.query_notifications = collector_query_notifications,
		.alerts = c->alerts,
		.query_alerts = collector_query_alerts,
		.query_outages = collector_query_outages,
		.answer = collector_answer,
		.maintenance = &c->maintenance,
		.add_maintenance = collector_add_maintenance,
		.end_maintenance = collector_end_maintenance,
		.deliveries = COLLECTOR_DELIVERIES_HOOKS,
		.people = c->people,
		.people_hooks = &COLLECTOR_PEOPLE_HOOKS,
		.stats = collector_stats,
		.reload = collector_reload,
		.flush = flush_series,
		.rescan = collector_rescan,
		.reload_token = c->setup->reload_token,
	};
	int r = complain("web-dir", conf->web_dir, http_api_new(&deps, &c->api));

	return r < 0 ? r : open_server(c);
}

/* ---- life ---- */

static void on_stop(void *data, int signo)
{
	struct collector *c = data;

	log_info("main", "signal=%s status=stopping", strsignal(signo));
	c->stopping = true;
	sd_notify_send("STOPPING=1");
	loop_stop(c->loop);
}

static void on_hangup(void *data, int signo)
{
	(void)signo;
	collector_reload(data, NULL, NULL);
}

static void on_watchdog(void *data)
{
	struct collector *c = data;

	sd_notify_send("WATCHDOG=1");
	loop_timer_arm(c->watchdog_timer, sd_notify_watchdog_us() / 2);
}

static int open_signals(struct collector *c)
{
	static const int SIGNALS[COLLECTOR_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < COLLECTOR_SIGNALS; i++) {
		int r = loop_signal_new(c->loop, SIGNALS[i],
					SIGNALS[i] == SIGHUP ? on_hangup : on_stop, c,
					&c->signals[i]);

		if (r < 0)
			return r;
	}
	if (sd_notify_watchdog_us() <= 0)
		return 0;
	return loop_timer_new(c->loop, on_watchdog, c, &c->watchdog_timer);
}

/* ---- confinement ---- */

/* The last step: counts for all threads, and for those that come. */
static int enter_sandbox(struct collector *c)
{
	int r = c->setup->conf.sandbox ? sandbox_enter(&COLLECTOR_SANDBOX) : 0;

	if (r == -ENOSYS) {
		log_info("main", "msg=\"no seccomp here: system calls are not filtered\"");
		return 0;
	}
	return complain("sandbox", "enter", r);
}

/* Threads and workers take over no signal of the loop's. */
static int open_all(struct collector *c)
{
	int r = lock_state(c);

	if (r == 0)
		r = loop_new(&c->loop);
	if (r == 0)
		r = open_signals(c);
	if (r == 0)
		r = collector_reload_begin(c);
	if (r == 0)
		r = open_graphs(c);
	if (r == 0)
		r = open_store(c);
	if (r == 0)
		r = open_sinks(c);
	if (r == 0)
		r = open_poller(c);
	if (r == 0)
		r = open_pinger(c);
	if (r == 0)
		r = open_monitor(c);
	if (r == 0)
		r = collector_start_devices(c);
	if (r == 0)
		r = collector_start_alerts(c);
	if (r == 0)
		r = collector_start_notify(c);
	if (r == 0)
		r = collector_start_people(c);
	if (r == 0)
		r = collector_load_engines(c);
	if (r == 0)
		r = open_traps(c);
	if (r == 0)
		r = open_page(c);
	if (r == 0)
		r = enter_sandbox(c);
	return r;
}

static void take_pings(struct collector *c, const struct icmp_socket *pings)
{
	for (size_t i = 0; i < PINGER_SOCKETS; i++)
		c->pings[i] = pings ? pings[i] : (struct icmp_socket){.fd = -1};
}

int collector_new(const char *path, const struct icmp_socket *pings, struct collector **ret,
		  struct conf_errors *errors)
{
	cleanup_(collector_freep) struct collector *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return -ENOMEM;
	c->lock_fd = -1;
	take_pings(c, pings);
	c->started_ms = loop_wall_ms();
	c->path = realpath(path, NULL); /* a reload may come after a change of directory */
	if (!c->path)
		c->path = strdup(path);
	if (!c->path)
		return -ENOMEM;
	r = setup_load(c->path, &c->setup, errors);
	if (r == 0) {
		setenv("TZ", c->setup->conf.timezone, 1); /* before there are threads that ask */
		tzset();
		r = open_all(c);
	}
	if (r < 0)
		return r;
	monitor_internal(c->monitor, EVENT_COLLECTOR_START, collector_now());
	*ret = steal_ptr(c);
	return 0;
}

int collector_run(struct collector *c)
{
	assert(c->http && c->poller && c->monitor);
	log_info("main", "version=%s devices=%zu status=running", PANTAU_VERSION, c->devices.n);
	if (c->watchdog_timer)
		on_watchdog(c);
	sd_notify_send("READY=1");
	return loop_run(c->loop);
}

/* First what brings news, then what keeps it, with those alive that it tells it did. */
struct collector *collector_free(struct collector *c)
{
	if (!c)
		return NULL;
	collector_reload_end(c);
	if (c->stopping) {
		collector_save_engines(c);
		monitor_internal(c->monitor, EVENT_COLLECTOR_STOP, collector_now());
	}
	poller_free(c->poller);
	pinger_free(c->pinger);
	for (size_t i = 0; i < PINGER_SOCKETS; i++)
		icmp_socket_close(&c->pings[i]);
	store_free(c->store);
	for (size_t i = 0; i < c->n_sinks; i++)
		c->sinks[i]->ops->close(c->sinks[i]);
	http_server_free(c->http);
	http_api_free(c->api);
	graph_pool_free(c->graphs);
	trap_recv_free(c->trap_recv);
	trap_auth_free(c->trap_auth);
	collector_notify_free(c->notify);
	collector_thresholds_free(c->thresholds);
	free(c->people);
	alert_set_free(c->alerts);
	monitor_free(c->monitor);
	device_set_deinit(&c->devices);
	snmp_engine_free(c->engine);
	loop_timer_free(c->monitor_timer);
	loop_timer_free(c->watchdog_timer);
	loop_timer_free(c->engines_timer);
	loop_timer_free(c->alerts_timer);
	for (size_t i = 0; i < COLLECTOR_SIGNALS; i++)
		loop_signal_free(c->signals[i]);
	loop_free(c->loop);
	setup_free(c->setup);
	if (c->lock_fd >= 0)
		close(c->lock_fd);
	free(c->path);
	free(c);
	return NULL;
}

void collector_freep(struct collector **collector)
{
	collector_free(*collector);
}
