/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of devices and every module's figures, as JSON and as Prometheus reads them. */
#include "collector/io/page/http_status.h"

#include <stdlib.h>

#include <jansson.h>

#include "collector/codec/metrics/metrics_text.h"
#include "collector/codec/page/member.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

/* {"pantau_x_total": 3, "pantau_http_replies_total": {"2xx": 7}} */
static void counter_to_json(void *data, const struct stats_figure *stat)
{
	json_t *counters = data, *labelled;

	if (!stat->label_value) {
		member_put_number(counters, stat->name, stat->value);
		return;
	}
	labelled = json_object_get(counters, stat->name);
	if (!labelled) {
		labelled = json_object();
		member_put(counters, stat->name, labelled);
	}
	member_put_number(labelled, stat->label_value, stat->value);
}

/* {"total":51,"up":49,...}; kind < 0: of all kinds */
static json_t *count_devices(const struct device_set *devices, int kind)
{
	size_t by_status[DEVICE_STATUS_N] = {0}, total = 0;
	json_t *json = json_object();

	for (size_t i = 0; i < devices->n; i++) {
		const struct device *device = devices->devices[i];

		if (kind >= 0 && (int)device->entry->kind != kind)
			continue;
		by_status[device->status]++;
		total++;
	}
	member_put_integer(json, "total", (int64_t)total);
	for (int i = 0; i < DEVICE_STATUS_N; i++)
		member_put_integer(json, device_status_name((enum device_status)i),
				   (int64_t)by_status[i]);
	return json;
}

/* What a person has to do something about, of the collector itself: ["store-failing"], say. */
static json_t *remarks_of(const json_t *counters)
{
	json_t *remarks = json_array();

	if (member_number(counters, "pantau_store_failing") == 1)
		json_array_append_new(remarks, json_string("store-failing"));
	if (member_number(counters, "pantau_store_clock_right") == 0)
		json_array_append_new(remarks, json_string("clock-doubtful"));
	if (member_number(counters, "pantau_rrd_journal_failing") == 1)
		json_array_append_new(remarks, json_string("journal-failing"));
	if (member_number(counters, "pantau_rrd_set_aside_total") > 0)
		json_array_append_new(remarks, json_string("series-set-aside"));
	return remarks;
}

void http_status_get(const struct http_status *status, struct http_exchange *exchange)
{
	cleanup_(http_reply_json_freep) json_t *json = json_object();
	json_t *kinds = json_object(), *counters = json_object();

	member_put(kinds, "core", count_devices(status->devices, INVENTORY_CORE));
	member_put(kinds, "opd", count_devices(status->devices, INVENTORY_OPD));
	member_put(kinds, "hotspot", count_devices(status->devices, INVENTORY_HOTSPOT));
	status->stats(status->data, counter_to_json, counters);
	member_put_text(json, "version", PANTAU_VERSION);
	member_put_integer(json, "now_ms", loop_wall_ms());
	member_put_integer(json, "started_ms", status->started_ms);
	member_put_text(json, "place", status->place);
	member_put_text(json, "language", words_lang_name(status->language));
	member_put_text(json, "timezone", status->timezone);
	member_put_integer(json, "poll_interval_ms", status->poll_interval_ms);
	member_put_integer(json, "streams", status->streams);
	member_put(json, "devices", count_devices(status->devices, -1));
	member_put(json, "kinds", kinds);
	member_put(json, "remarks", remarks_of(counters));
	member_put(json, "counters", counters);
	http_reply_json(exchange, 200, json);
}

static void emit_build_info(const struct http_status *status, struct metrics_text *text)
{
	const struct stats_figure build = {"pantau_build_info", "Version of the collector.",
					   STAT_GAUGE,		"version",
					   PANTAU_VERSION,	1};
	const struct stats_figure started = {"pantau_start_time_seconds",
					     "Start of the collector since 1970 UTC.",
					     STAT_GAUGE,
					     NULL,
					     NULL,
					     (double)status->started_ms / 1000};
	size_t by_status[DEVICE_STATUS_N] = {0};

	metrics_text_emit(text, &build);
	metrics_text_emit(text, &started);
	for (size_t i = 0; i < status->devices->n; i++)
		by_status[status->devices->devices[i]->status]++;
	for (int i = 0; i < DEVICE_STATUS_N; i++) {
		const struct stats_figure devices = {"pantau_devices",
						     "Devices by status.",
						     STAT_GAUGE,
						     "status",
						     device_status_name((enum device_status)i),
						     (double)by_status[i]};

		metrics_text_emit(text, &devices);
	}
}

void http_status_metrics(const struct http_status *status, struct http_exchange *exchange)
{
	cleanup_(metrics_text_freep) struct metrics_text *text = metrics_text_new();
	cleanup_free char *page = NULL;
	size_t len = 0;

	if (text) {
		emit_build_info(status, text);
		status->stats(status->data, metrics_text_emit, text);
		page = metrics_text_print(text, &len);
	}
	if (page)
		http_exchange_reply(exchange, 200, METRICS_TEXT_TYPE, page, len);
	else
		http_reply_error(exchange, 500, "out of memory");
}
