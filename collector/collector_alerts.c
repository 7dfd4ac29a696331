/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alerts: where they come from beside the monitor, and who learns of them: the store and the
 * page. What was open before a restart is open after it and nobody's news.
 */
#include <math.h>

#include "collector/collector_private.h"
#include "common/system/log.h"

enum {
	LOOK_US = 5000000,	      /* how often it is looked whether something is due */
	RECENT_MS = 24 * 3600 * 1000, /* those that ended since are remembered over a restart */
	SETTLE_SLACK_MS = 5000,
};

/* ---- who learns of them ---- */

static void on_alert(void *data, const struct alert *alert, enum alert_change change)
{
	struct collector *c = data;
	char link[LOG_VALUE_SIZE];

	loop_assert_thread(c->loop);
	log_info("alert", "id=%lld change=%s kind=%s device=%s link=%s cause=%s behind=%u",
		 (long long)alert->id, alert_change_name(change), alert_kind_name(alert->kind),
		 alert->device_id[0] ? alert->device_id : "-", log_value(alert->link, link),
		 alert_cause_name(alert->cause), alert->n_behind);
	if (store_put_alert(c->store, alert) < 0)
		log_error("alert", "id=%lld err=\"not stored: too many wait for the store\"",
			  (long long)alert->id);
	if (c->api)
		http_api_alert(c->api, alert, change);
	if (c->notify)
		collector_notify_alert(c->notify, alert, change);
}

static void on_outage(void *data, const struct alert_outage *outage)
{
	struct collector *c = data;

	if (store_put_outage(c->store, outage) < 0)
		log_error("alert",
			  "device=%s err=\"outage not stored: too many wait for the store\"",
			  outage->device_id);
}

static void on_corrected(void *data, const struct alert *alert)
{
	struct collector *c = data;

	store_put_alert(c->store, alert);
}

static bool on_planned(void *data, const struct inventory_entry *entry, int64_t now_ms)
{
	struct collector *c = data;

	return maintenance_set_of(&c->maintenance, entry, now_ms) != NULL;
}

/* ---- where they come from ---- */

/* That nothing is stored is told by what needs no store. */
static void watch_store(struct collector *c)
{
	const struct alert_news news = {
		.kind = ALERT_STORAGE_FAILED,
		.severity = SEVERITY_CRITICAL,
		.device_id = "",
		.link = "",
		.begin_ms = loop_wall_ms(),
		.value = NAN,
		.limit = NAN,
	};
	struct store_stats stats;

	store_get_stats(c->store, &stats);
	if (stats.failing)
		alert_set_raise(c->alerts, &news, collector_now());
	else
		alert_set_end(c->alerts, ALERT_STORAGE_FAILED, "", "", loop_wall_ms(),
			      collector_now());
}

static void on_timer(void *data)
{
	struct collector *c = data;

	watch_store(c);
	alert_set_tick(c->alerts, collector_now());
	loop_timer_arm(c->alerts_timer, LOOK_US);
}

/* ---- the start ---- */

static void on_stored_alert(void *data, const struct alert *alert)
{
	struct collector *c = data;

	alert_set_restore(c->alerts, alert);
}

static void on_stored_outage(void *data, const struct alert_outage *outage)
{
	struct collector *c = data;

	alert_set_restore_outage(c->alerts, outage);
}

static void on_stored_maintenance(void *data, const struct maintenance *maintenance)
{
	struct collector *c = data;

	maintenance_set_restore(&c->maintenance, maintenance, loop_wall_ms());
}

/* A device behind a cause that is over is asked again at its own pace. */
static int64_t settle_ms(const struct collector_conf *conf)
{
	const int64_t pace_ms = conf->backoff_max_ms > conf->poll_interval_ms
					? conf->backoff_max_ms
					: conf->poll_interval_ms;

	return pace_ms + SETTLE_SLACK_MS;
}

int collector_start_alerts(struct collector *c)
{
	const struct alert_hooks hooks = {.data = c,
					  .changed = on_alert,
					  .outage = on_outage,
					  .planned = on_planned,
					  .corrected = on_corrected};
	int64_t last_id = 0;
	int r = store_last_alert_id(c->store, &last_id);

	if (r == 0)
		r = alert_set_new(&hooks, last_id, settle_ms(&c->setup->conf), &c->alerts);
	if (r == 0)
		r = store_load_alerts(c->store, loop_wall_ms() - RECENT_MS, on_stored_alert, c);
	if (r == 0)
		r = store_load_outages(c->store, on_stored_outage, c);
	if (r == 0)
		r = store_load_maintenance(c->store, on_stored_maintenance, c);
	if (r == 0)
		r = loop_timer_new(c->loop, on_timer, c, &c->alerts_timer);
	if (r < 0)
		return r;
	alert_set_devices(c->alerts, &c->devices, collector_now());
	alert_set_reconcile(c->alerts, collector_now());
	loop_timer_arm(c->alerts_timer, LOOK_US);
	return 0;
}

int collector_start_notify(struct collector *c)
{
	const struct collector_notify_deps notify = {
		.loop = c->loop,
		.store = c->store,
		.alerts = c->alerts,
		.devices = &c->devices,
		.setup = c->setup,
	};
	const struct collector_thresholds_deps thresholds = {
		.loop = c->loop,
		.alerts = c->alerts,
		.devices = &c->devices,
		.setup = c->setup,
	};
	int r = collector_notify_new(&notify, &c->notify);

	if (r == 0)
		r = collector_thresholds_new(&thresholds, &c->thresholds);
	return r;
}

/* ---- the page's ---- */

void collector_query_alerts(void *data, const struct alert_filter *filter, http_alerts_fn *fn,
			    void *fn_data)
{
	struct collector *c = data;
	const int r = store_query_alerts(c->store, filter, fn, fn_data);

	if (r < 0)
		fn(fn_data, r, NULL, 0);
}

void collector_query_outages(void *data, const struct alert_filter *filter, http_outages_fn *fn,
			     void *fn_data)
{
	struct collector *c = data;
	const int r = store_query_outages(c->store, filter, fn, fn_data);

	if (r < 0)
		fn(fn_data, r, NULL, 0);
}
