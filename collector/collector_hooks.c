/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one module tells and which others it concerns: polls to the monitor, samples to the
 * sinks, notifications to monitor and store, events and states to store, sinks and page.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/collector_private.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/event.h"
#include "collector/core/judge/event_text.h"
#include "collector/io/snmp/engine_stats.h"
#include "common/conf/conf_errors.h"
#include "common/system/log.h"

struct moment collector_now(void)
{
	return (struct moment){.wall_ms = loop_wall_ms(), .mono_ms = loop_now_us() / 1000};
}

void collector_arm_monitor(struct collector *c)
{
	int64_t next = monitor_next_ms(c->monitor);

	loop_assert_thread(c->loop);
	if (next < 0)
		loop_timer_disarm(c->monitor_timer);
	else
		loop_timer_arm(c->monitor_timer, next * 1000 - loop_now_us());
}

void collector_on_monitor_timer(void *data)
{
	struct collector *c = data;

	monitor_tick(c->monitor, collector_now());
	collector_arm_monitor(c);
}

/* ---- the poller's ---- */

static void on_sample(void *data, const struct sample *sample)
{
	struct collector *c = data;

	loop_assert_thread(c->loop);
	for (size_t i = 0; i < c->n_sinks; i++)
		c->sinks[i]->ops->put(c->sinks[i], sample);
	if (c->thresholds)
		collector_thresholds_sample(c->thresholds, sample);
}

static void on_result(void *data, struct device *device, enum snmp_outcome outcome, int64_t now_ms)
{
	struct collector *c = data;

	(void)now_ms;
	monitor_polled(c->monitor, device, outcome, collector_now());
	collector_arm_monitor(c);
	if (outcome == SNMP_OUTCOME_ANSWER && c->api)
		http_api_device_polled(c->api, device);
}

static void on_link_change(void *data, struct device *device, struct device_link *link,
			   uint8_t old_oper)
{
	struct collector *c = data;

	(void)link;
	(void)old_oper;
	if (c->api)
		http_api_device_changed(c->api, device);
}

static void on_links_discovered(void *data, struct device *device)
{
	struct conf_errors warnings = {0};
	struct collector *c = data;

	if (device->links_checked)
		return;
	collector_check_links(c, device, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		log_warn("inventory", "%s", warnings.lines[i]);
	conf_errors_deinit(&warnings);
}

static void on_restarted(void *data, struct device *device, bool agent_only, int64_t boot_ms)
{
	struct collector *c = data;

	monitor_restarted(c->monitor, device,
			  agent_only ? EVENT_AGENT_RESTARTED : EVENT_DEVICE_RESTARTED, boot_ms,
			  collector_now());
}

const struct poll_hooks COLLECTOR_POLLER_HOOKS = {
	.sample = on_sample,
	.result = on_result,
	.link_change = on_link_change,
	.links_discovered = on_links_discovered,
	.restarted = on_restarted,
};

/* ---- the pinger's ---- */

static void on_echo(void *data, struct device *device, bool answered, int64_t sent_ms)
{
	struct collector *c = data;

	if (answered && device->state->ping.alone) {
		device->last_answer_ms = loop_wall_ms();
		device->rtt_ms = device->echo.last_rtt_ms;
	}
	monitor_pinged(c->monitor, device, answered, sent_ms, collector_now());
	collector_arm_monitor(c);
}

const struct pinger_hooks COLLECTOR_PINGER_HOOKS = {
	.sample = on_sample,
	.result = on_echo,
};

/* ---- the monitor's ---- */

static void on_event(void *data, struct device *device, const struct event *event)
{
	struct collector *c = data;
	char text[EVENT_TEXT_MAX], link[LOG_VALUE_SIZE], quoted[LOG_VALUE_SIZE];

	loop_assert_thread(c->loop);
	log_info("event", "kind=%s device=%s link=%s text=%s", event_kind_name(event->kind),
		 device ? device->entry->id : "-", log_value(event->link, link),
		 log_quoted(event_text(WORDS_EN, NULL, event, text, sizeof(text)), quoted));
	if (store_put_event(c->store, event) < 0)
		log_error("event", "id=%lld err=\"lost: too many wait for the store\"",
			  (long long)event->id);
	if (c->api)
		http_api_event(c->api, event);
	if (c->alerts)
		alert_set_event(c->alerts, event, collector_now());
}

static void on_changed(void *data, struct device *device)
{
	struct collector *c = data;

	store_put_state(c->store, device);
	if (c->api)
		http_api_device_changed(c->api, device);
	if (c->alerts)
		alert_set_changed(c->alerts, device, collector_now());
}

static void on_poll_now(void *data, struct device *device)
{
	struct collector *c = data;

	poller_poll_now(c->poller, device);
	if (c->pinger)
		pinger_hurry(c->pinger, device);
}

void collector_rescan(void *data, struct device *device)
{
	struct collector *c = data;

	poller_rescan(c->poller, device);
}

const struct monitor_hooks COLLECTOR_MONITOR_HOOKS = {
	.event = on_event,
	.changed = on_changed,
	.poll_now = on_poll_now,
};

/* ---- notifications ---- */

/* What stands behind a ticket while the store writes. */
struct arrival_wait {
	struct collector *c;
	trap_ticket ticket;
};

static void on_stored(void *data, int err)
{
	struct arrival_wait *wait = data;

	trap_recv_done(wait->c->trap_recv, wait->ticket, err);
	free(wait);
}

static void store_arrival(struct collector *c, const struct trap_arrival *arrival,
			  trap_ticket ticket)
{
	const struct notification *n = arrival->notification;
	struct arrival_wait *wait = malloc(sizeof(*wait));
	char oid[512];
	const struct notification_row row = {
		.received_ms = arrival->received_ms,
		.event_ms = notification_time_ms(n, arrival->received_ms),
		.device_id = arrival->device ? arrival->device->entry->id : "",
		.source = arrival->source,
		.version = arrival->version,
		.security_name = arrival->security_name,
		.inform = n->inform,
		.oid = trap_oid_text(n->oid, n->oid_len, oid, sizeof(oid)),
		.kind = notification_kind_name(n->kind),
		.site_id = n->site_id,
		.epoch_id = n->epoch_id,
		.number = n->number,
		.key = arrival->key,
		.text = arrival->text,
	};
	int r = -ENOMEM;

	assert(c->trap_recv);
	if (wait) {
		wait->c = c;
		wait->ticket = ticket;
		r = store_put_notification(c->store, &row, on_stored, wait);
	}
	if (r < 0) {
		trap_recv_done(c->trap_recv, ticket, r);
		free(wait);
	}
}

/*
 * The judgement comes first, so that its events are in the same commit or an earlier one:
 * what is acknowledged has had its effect.
 */
static void on_arrived(void *data, const struct trap_arrival *arrival, trap_ticket ticket)
{
	struct collector *c = data;

	loop_assert_thread(c->loop);
	if (arrival->device) {
		monitor_notified(c->monitor, arrival->device, arrival->notification,
				 collector_now());
		collector_arm_monitor(c);
	}
	store_arrival(c, arrival, ticket);
}

static void on_clock_moved(void *data, const uint8_t *engine_id, size_t engine_id_len,
			   uint32_t boots, uint32_t time)
{
	struct collector *c = data;
	struct store_engine engine = {
		.id_len = engine_id_len, .boots = boots, .time_s = time, .at_ms = loop_wall_ms()};

	assert(engine_id_len <= sizeof(engine.id));
	memcpy(engine.id, engine_id, engine_id_len);
	store_put_trap_clock(c->store, &engine);
}

const struct trap_recv_hooks COLLECTOR_TRAP_HOOKS = {
	.arrived = on_arrived,
	.clock_moved = on_clock_moved,
};

/* ---- the page's ---- */

struct events_wait {
	http_events_fn *fn;
	void *fn_data;
};

static void on_events(void *data, int err, const struct event *events, size_t n)
{
	struct events_wait *wait = data;

	wait->fn(wait->fn_data, err, events, n);
	free(wait);
}

void collector_query_events(void *data, const struct http_events_query *query, http_events_fn *fn,
			    void *fn_data)
{
	struct collector *c = data;
	struct events_wait *wait = malloc(sizeof(*wait));
	struct store_event_query wanted = {.before_id = query->before_id, .limit = query->limit};
	int r = -ENOMEM;

	memcpy(wanted.device_id, query->device_id, sizeof(wanted.device_id));
	if (wait) {
		*wait = (struct events_wait){fn, fn_data};
		r = store_query_events(c->store, &wanted, on_events, wait);
	}
	if (r < 0) {
		free(wait);
		fn(fn_data, r, NULL, 0);
	}
}

void collector_query_notifications(void *data, const struct notification_query *query,
				   http_notifications_row_fn *row_fn,
				   http_notifications_done_fn *fn, void *fn_data)
{
	struct collector *c = data;
	int r = store_query_notifications(c->store, query, row_fn, fn, fn_data);

	if (r < 0)
		fn(fn_data, r);
}

static void query_deliveries(void *data, const struct delivery_query *query,
			     http_deliveries_row_fn *row_fn, http_deliveries_done_fn *fn,
			     void *fn_data)
{
	struct collector *c = data;
	int r = store_query_deliveries(c->store, query, row_fn, fn, fn_data);

	if (r < 0)
		fn(fn_data, r);
}

static int64_t test_notify(void *data, const char *channel)
{
	struct collector *c = data;

	return collector_notify_test(c->notify, channel);
}

const struct http_deliveries_hooks COLLECTOR_DELIVERIES_HOOKS = {
	.query = query_deliveries,
	.test = test_notify,
};

static const struct stats_row JUDGE_ROWS[] = {
	STATS_COUNTER(struct correlate_stats, events, "pantau_events",
		      "Events that began or ended something."),
	STATS_COUNTER(struct correlate_stats, confirmations, "pantau_event_confirmations",
		      "News that confirmed what was known and made no event."),
	STATS_COUNTER(struct correlate_stats, repeats, "pantau_event_repeats",
		      "Notifications of an event that another one had told."),
	STATS_COUNTER(struct correlate_stats, problems_dropped, "pantau_event_problems_dropped",
		      "Events left out because too much is wrong with one device."),
};

static const struct stats_row OWN_ROWS[] = {
	STATS_COUNTER(struct collector, stats.reloads, "pantau_reloads",
		      "Configurations taken over."),
	STATS_COUNTER(struct collector, stats.failed_reloads, "pantau_reloads_failed",
		      "Configurations refused."),
};

void collector_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	struct collector *c = data;

	poller_emit_stats(c->poller, emit, emit_data);
	engine_emit_stats(c->engine, emit, emit_data);
	if (c->pinger)
		pinger_emit_stats(c->pinger, emit, emit_data);
	trap_recv_emit_stats(c->trap_recv, emit, emit_data);
	stats_emit_rows(JUDGE_ROWS, ARRAY_LEN(JUDGE_ROWS), monitor_stats(c->monitor), emit,
			emit_data);
	alert_set_emit_stats(c->alerts, emit, emit_data);
	collector_notify_emit_stats(c->notify, emit, emit_data);
	stats_emit_rows(OWN_ROWS, ARRAY_LEN(OWN_ROWS), c, emit, emit_data);
	store_emit_stats(c->store, emit, emit_data);
	for (size_t i = 0; i < c->n_sinks; i++)
		c->sinks[i]->ops->emit_stats(c->sinks[i], emit, emit_data);
	graph_pool_emit_stats(c->graphs, emit, emit_data);
	http_server_emit_stats(c->http, emit, emit_data);
	http_api_emit_stats(c->api, emit, emit_data);
}
