/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What collector.c, collector_hooks.c and collector_reload.c share. For them alone. */
#pragma once

#include "collector/collector.h"
#include "collector/collector_notify.h"
#include "collector/collector_thresholds.h"
#include "collector/core/alert/alert_set.h"
#include "collector/core/alert/maintenance.h"
#include "collector/core/device/device_set.h"
#include "collector/core/judge/monitor.h"
#include "collector/core/series/sink.h"
#include "collector/io/graph/graph_pool.h"
#include "collector/io/http/http_server.h"
#include "collector/io/page/http_api.h"
#include "collector/io/ping/pinger.h"
#include "collector/io/setup/setup.h"
#include "collector/io/snmp/poller.h"
#include "collector/io/snmp/trap_recv.h"
#include "collector/io/store/store.h"
#include "common/engine/snmp_engine.h"
#include "common/loop/loop.h"
#include "common/loop/worker.h"

enum { COLLECTOR_SINKS_MAX = 4, COLLECTOR_SIGNALS = 3 };

struct collector {
	char *path;  /* of the configuration file */
	int lock_fd; /* on the state directory, for as long as we live */
	struct setup *setup;
	struct loop *loop;
	struct store *store;
	struct sink *sinks[COLLECTOR_SINKS_MAX];
	size_t n_sinks;
	struct snmp_engine *engine;
	struct poller *poller;
	struct pinger *pinger;			  /* NULL: no pings */
	struct icmp_socket pings[PINGER_SOCKETS]; /* until the pinger has them */
	struct monitor *monitor;
	struct alert_set *alerts;
	struct people *people;
	struct maintenance_set maintenance;
	struct collector_notify *notify;
	struct collector_thresholds *thresholds;
	struct device_set devices;
	struct trap_auth *trap_auth;
	struct trap_recv *trap_recv;
	struct graph_pool *graphs;
	struct http_api *api;
	struct http_server *http;
	struct worker *reader;	   /* of files, for a reload */
	struct reload_job *reload; /* under way, or NULL */
	struct loop_timer *monitor_timer, *watchdog_timer, *engines_timer, *alerts_timer;
	struct loop_signal *signals[COLLECTOR_SIGNALS];
	int64_t started_ms;
	struct {
		uint64_t reloads, failed_reloads;
	} stats;
	bool stopping;
};

/* ---- collector_hooks.c: what the modules tell, and whom that concerns ---- */

struct moment collector_now(void);
/* After anything that the monitor was told. */
void collector_arm_monitor(struct collector *c);
/* Timer's callback. */
void collector_on_monitor_timer(void *data);

extern const struct poll_hooks COLLECTOR_POLLER_HOOKS; /* data is to be set to the collector */
extern const struct pinger_hooks COLLECTOR_PINGER_HOOKS;
extern const struct monitor_hooks COLLECTOR_MONITOR_HOOKS;
extern const struct trap_recv_hooks COLLECTOR_TRAP_HOOKS;

/* For http_api_deps. */
void collector_query_events(void *data, const struct http_events_query *query, http_events_fn *fn,
			    void *fn_data);
void collector_query_notifications(void *data, const struct notification_query *query,
				   http_notifications_row_fn *row_fn,
				   http_notifications_done_fn *fn, void *fn_data);
extern const struct http_deliveries_hooks COLLECTOR_DELIVERIES_HOOKS;
extern const struct http_people_hooks COLLECTOR_PEOPLE_HOOKS;
/* Who is known. 0 or negative errno. */
int collector_start_people(struct collector *c);
void collector_stats(void *data, stats_emit_fn *emit, void *emit_data);
void collector_rescan(void *data, struct device *device);

/* ---- collector_reload.c: devices come and go ---- */

/* Makes all devices of the setup and begins to poll them. 0 or negative errno. */
int collector_start_devices(struct collector *c);
/* What trap_recv wants of the configuration. */
struct trap_recv_conf collector_trap_conf(const struct collector_conf *conf);
struct device_state_conf collector_state_conf(const struct collector_conf *conf);
/* One line per link whose capacity the inventory sets and that the device has not. Nothing if its links are not known. */
void collector_check_links(const struct collector *c, struct device *device,
			   struct conf_errors *ret_warnings);
/* For http_api_deps; fn may be NULL. Reads the files in a thread, then takes them over, or leaves everything as it was. */
void collector_reload(void *data, http_reload_fn *fn, void *fn_data);
/* 0 or negative errno. */
int collector_reload_begin(struct collector *c);
/* Waits two seconds at most for a reload under way, and forgets what it read. */
void collector_reload_end(struct collector *c);

/* ---- collector_alerts.c ---- */

/* With what was open before; after the devices were made. 0 or negative errno. */
int collector_start_alerts(struct collector *c);
/* After the alerts, before the sandbox. 0 or negative errno. */
int collector_start_notify(struct collector *c);
/* For http_api_deps. */
void collector_query_alerts(void *data, const struct alert_filter *filter, http_alerts_fn *fn,
			    void *fn_data);
void collector_query_outages(void *data, const struct alert_filter *filter, http_outages_fn *fn,
			     void *fn_data);

/* ---- collector_answers.c ---- */

/* For http_api_deps. */
int collector_answer(void *data, const struct person *person, const struct alert_answer *answer);
int collector_add_maintenance(void *data, const struct person *person,
			      const struct maintenance *wanted, struct maintenance *ret);
int collector_end_maintenance(void *data, const struct person *person, int64_t id,
			      struct maintenance *ret);

/* ---- collector_engines.c ---- */

/* After the devices were made. 0 or negative errno. */
int collector_load_engines(struct collector *c);
/* Timer's callback; also before the end. */
void collector_save_engines(void *data);
