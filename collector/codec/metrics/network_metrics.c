/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/metrics/network_metrics.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "collector/core/alert/alert.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/ping/ping_group.h"
#include "common/base/cleanup.h"
#include "common/snmp/link_mib.h"

/* ---- text ---- */

static void put_value(FILE *out, double value)
{
	fprintf(out, "%.10g\n", value);
}

/* A label; texts are UTF-8 already, or were made so. */
static void put_label(FILE *out, const char *separator, const char *name, const char *value)
{
	fprintf(out, "%s%s=\"", separator, name);
	for (const char *p = value ? value : ""; *p; p++) {
		if (*p == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*p == '\\' || *p == '"')
			fputc('\\', out);
		fputc(*p, out);
	}
	fputc('"', out);
}

/* ---- families ---- */

struct put {
	FILE *out;
	const struct family *family;
};

struct family {
	const char *name, *help;
	bool is_counter;
	void (*device)(const struct put *put, const struct device *device);
	/* or one of these */
	double (*of_device)(const struct device *device);
	double (*of_link)(const struct device *device, const struct device_link *link);
	const char *group, *metric; /* a metric of the device's profile, times scale */
	double scale;
	const char *object_label;
};

static void begin_sample(const struct put *put, const struct device *device)
{
	fprintf(put->out, "%s%s", put->family->name, put->family->is_counter ? "_total" : "");
	put_label(put->out, "{", "device", device->entry->id);
}

static void end_sample(const struct put *put, double value)
{
	fputs("} ", put->out);
	put_value(put->out, value);
}

static void put_info(const struct put *put, const struct device *device)
{
	const struct inventory_entry *entry = device->entry;
	const struct {
		const char *name, *value;
	} labels[] = {
		{"kind", inventory_kind_name(entry->kind)},
		{"name", entry->name},
		{"address", entry->address},
		{"kecamatan", entry->kecamatan},
		{"kelurahan", entry->kelurahan},
		{"provider", entry->provider},
		{"group", entry->group},
		{"parent", entry->parent},
		{"severity", severity_name(entry->severity)},
		{"profile", device->profile},
		{"model", device->model},
		{"firmware", device->firmware},
	};

	begin_sample(put, device);
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		put_label(put->out, ",", labels[i].name, labels[i].value);
	end_sample(put, 1);
}

static void put_state(const struct put *put, const struct device *device)
{
	begin_sample(put, device);
	put_label(put->out, ",", "status", device_status_name(device->status));
	put_label(put->out, ",", "cause", device_cause_name(device->cause));
	end_sample(put, 1);
}

static void put_link_info(const struct put *put, const struct device *device)
{
	const struct device_link *main = device_main_link(device);

	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];

		begin_sample(put, device);
		put_label(put->out, ",", "link", link->name);
		put_label(put->out, ",", "alias", link->alias);
		put_label(put->out, ",", "role", link_mib_role(link->role));
		put_label(put->out, ",", "medium", link_mib_medium(link->medium));
		put_label(put->out, ",", "main", link == main ? "yes" : "no");
		end_sample(put, 1);
	}
}

/* Those that no family of its own has; the unit is the profile's. */
static void put_other_values(const struct put *put, const struct device *device);

/* Which device's last words are what is, see collector/codec/page/api_json.c. */
static double of_living(const struct device *device, double value)
{
	return device_status_is_dead(device->status) ? NAN : value;
}

static double seconds(int64_t ms)
{
	return ms > 0 ? (double)ms / 1000 : NAN;
}

static double octets(double bps)
{
	return bps > 0 || bps == 0 ? bps / 8 : NAN;
}

static double up_of(const struct device *device)
{
	if (device->status == DEVICE_PENDING)
		return NAN;
	return device->status == DEVICE_UP || device->status == DEVICE_DEGRADED ||
	       device->status == DEVICE_SUSPECT;
}

static double since_of(const struct device *device)
{
	return seconds(device->since_ms);
}

static double answer_of(const struct device *device)
{
	return seconds(device->last_answer_ms);
}

static double uptime_of(const struct device *device)
{
	return device->uptime_s < 0 ? NAN : of_living(device, (double)device->uptime_s);
}

static double snmp_rtt_of(const struct device *device)
{
	return of_living(device, device->rtt_ms / 1000);
}

static double echo_of(const struct device *device, int value, double scale)
{
	return device->echo.sample_ms ? device->echo.value[value] * scale : NAN;
}

static double ping_rtt_of(const struct device *device)
{
	return echo_of(device, PING_RTT, 1e-3);
}

static double ping_jitter_of(const struct device *device)
{
	return echo_of(device, PING_JITTER, 1e-3);
}

static double ping_loss_of(const struct device *device)
{
	return echo_of(device, PING_LOSS, 1e-2);
}

static double polls_of(const struct device *device)
{
	return (double)device->count.polls;
}

static double answers_of(const struct device *device)
{
	return (double)device->count.answers;
}

static double link_up_of(const struct device *device, const struct device_link *link)
{
	if (link->oper == 0 || link->oper == LINK_OPER_UNKNOWN)
		return NAN;
	return link->oper == LINK_OPER_UP ? of_living(device, 1) : 0;
}

static double in_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, octets(link->in_bps));
}

static double out_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, octets(link->out_bps));
}

static struct device_capacity capacity_of(const struct device *device,
					  const struct device_link *link)
{
	return device_link_capacity(device, link, link == device_main_link(device));
}

static double in_capacity_of(const struct device *device, const struct device_link *link)
{
	const double bps = (double)capacity_of(device, link).in_bps;

	return bps > 0 ? octets(bps) : NAN;
}

static double out_capacity_of(const struct device *device, const struct device_link *link)
{
	const double bps = (double)capacity_of(device, link).out_bps;

	return bps > 0 ? octets(bps) : NAN;
}

static double load_of(const struct device *device, const struct device_link *link)
{
	const struct device_capacity capacity = capacity_of(device, link);

	return of_living(device, device_link_load(link, &capacity));
}

static double in_errors_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, link->in_errors_per_s);
}

static double out_errors_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, link->out_errors_per_s);
}

static double in_discards_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, link->in_discards_per_s);
}

static double out_discards_of(const struct device *device, const struct device_link *link)
{
	return of_living(device, link->out_discards_per_s);
}

#define DEVICE(NAME, FN, HELP)                                                                     \
	{                                                                                          \
		.name = "pantau_device_" NAME, .help = (HELP), .of_device = (FN)                   \
	}
#define LINK(NAME, FN, HELP)                                                                       \
	{                                                                                          \
		.name = "pantau_link_" NAME, .help = (HELP), .of_link = (FN)                       \
	}
#define METRIC(NAME, GROUP, VALUE, SCALE, LABEL, HELP)                                             \
	{                                                                                          \
		.name = "pantau_" NAME, .help = (HELP), .group = (GROUP), .metric = (VALUE),       \
		.scale = (SCALE), .object_label = (LABEL)                                          \
	}

static const struct family FAMILIES[] = {
	{.name = "pantau_device_info",
	 .help = "What the inventory and the device itself say of it.",
	 .device = put_info},
	{.name = "pantau_device_state",
	 .help = "In which state each device is, and why it is not up.",
	 .device = put_state},
	DEVICE("up", up_of, "1 if it answers polls, 0 if not; none before the first answer."),
	DEVICE("since_timestamp_seconds", since_of, "Since when it is in its state."),
	DEVICE("last_answer_timestamp_seconds", answer_of, "When it last answered a poll."),
	DEVICE("uptime_seconds", uptime_of, "How long it runs, as it says."),
	DEVICE("snmp_round_trip_seconds", snmp_rtt_of,
	       "From a request to its answer, the last one."),
	DEVICE("ping_round_trip_seconds", ping_rtt_of, "Mean of the echoes of the last interval."),
	DEVICE("ping_jitter_seconds", ping_jitter_of, "Mean deviation of these."),
	DEVICE("ping_loss_ratio", ping_loss_of, "Share of these that were not answered."),
	{.name = "pantau_device_polls",
	 .help = "Polls of the device since the collector's start.",
	 .is_counter = true,
	 .of_device = polls_of},
	{.name = "pantau_device_answers",
	 .help = "Polls of the device that were answered.",
	 .is_counter = true,
	 .of_device = answers_of},
	{.name = "pantau_link_info",
	 .help = "What the device says of its link.",
	 .device = put_link_info},
	LINK("up", link_up_of, "1 if the link is up, 0 if it is down or off."),
	LINK("receive_bytes_per_second", in_of, "Mean of the last interval."),
	LINK("transmit_bytes_per_second", out_of, "Mean of the last interval."),
	LINK("receive_capacity_bytes_per_second", in_capacity_of,
	     "What it can carry, by the inventory or the device."),
	LINK("transmit_capacity_bytes_per_second", out_capacity_of,
	     "What it can carry, by the inventory or the device."),
	LINK("load_ratio", load_of, "Share of the capacity in use, of the fuller direction."),
	LINK("receive_errors_per_second", in_errors_of, "Mean of the last interval."),
	LINK("transmit_errors_per_second", out_errors_of, "Mean of the last interval."),
	LINK("receive_discards_per_second", in_discards_of, "Mean of the last interval."),
	LINK("transmit_discards_per_second", out_discards_of, "Mean of the last interval."),
	METRIC("path_round_trip_seconds", "path", "rtt", 1e-3, "path",
	       "From the site to its gateway, the core, beyond."),
	METRIC("path_jitter_seconds", "path", "jitter", 1e-3, "path", "Mean deviation of these."),
	METRIC("path_loss_ratio", "path", "loss", 1e-2, "path", "Share that was not answered."),
	METRIC("wifi_clients", "clients", "clients", 1, "ssid",
	       "Stations by SSID, radio or device."),
	{.name = "pantau_device_value",
	 .help = "All other values of the device's profile, in the profile's own unit.",
	 .device = put_other_values},
};

static const struct family ALERTS = {.name = "pantau_alert",
				     .help = "Open alerts; 2 where somebody looks after it."};

/* ---- samples ---- */

static void put_metric(const struct put *put, const struct device *device,
		       const struct device_metric *metric)
{
	const double value = of_living(device, metric->value) * put->family->scale;

	if (!isfinite(value))
		return;
	begin_sample(put, device);
	put_label(put->out, ",", put->family->object_label, metric->object);
	end_sample(put, value);
}

static bool is_metric_of(const struct family *family, const struct device_metric *metric)
{
	return family->metric && strcmp(family->metric, metric->name) == 0 &&
	       strcmp(family->group, metric->group) == 0;
}

static bool has_own_family(const struct device_metric *metric)
{
	for (size_t i = 0; i < ARRAY_LEN(FAMILIES); i++)
		if (is_metric_of(&FAMILIES[i], metric))
			return true;
	return false;
}

static void put_other_values(const struct put *put, const struct device *device)
{
	for (size_t i = 0; i < device->n_metrics; i++) {
		const struct device_metric *metric = &device->metrics[i];

		if (!isfinite(of_living(device, metric->value)) || has_own_family(metric))
			continue;
		begin_sample(put, device);
		put_label(put->out, ",", "group", metric->group);
		put_label(put->out, ",", "object", metric->object);
		put_label(put->out, ",", "value", metric->name);
		put_label(put->out, ",", "unit", metric->unit);
		end_sample(put, metric->value);
	}
}

static void put_links(const struct put *put, const struct device *device)
{
	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];
		const double value = put->family->of_link(device, link);

		if (!isfinite(value))
			continue;
		begin_sample(put, device);
		put_label(put->out, ",", "link", link->name);
		end_sample(put, value);
	}
}

void network_metrics_device(FILE *out, size_t family, const struct device *device)
{
	const struct put put = {.out = out, .family = &FAMILIES[family]};
	double value;

	assert(family < ARRAY_LEN(FAMILIES));
	if (put.family->device) {
		put.family->device(&put, device);
	} else if (put.family->of_link) {
		put_links(&put, device);
	} else if (put.family->of_device) {
		value = put.family->of_device(device);
		if (!isfinite(value))
			return;
		begin_sample(&put, device);
		end_sample(&put, value);
	} else {
		for (size_t i = 0; i < device->n_metrics; i++)
			if (is_metric_of(put.family, &device->metrics[i]))
				put_metric(&put, device, &device->metrics[i]);
	}
}

/* ---- the page ---- */

bool network_metrics_wants_open(const char *accept)
{
	return strstr(accept, "application/openmetrics-text") != NULL;
}

size_t network_metrics_families(void)
{
	return ARRAY_LEN(FAMILIES);
}

/* In OpenMetrics a counter's family has no _total; its samples do. */
static void put_head(FILE *out, const struct family *family, bool open)
{
	const char *suffix = family->is_counter && !open ? "_total" : "";

	fprintf(out, "# HELP %s%s %s\n# TYPE %s%s %s\n", family->name, suffix, family->help,
		family->name, suffix, family->is_counter ? "counter" : "gauge");
}

void network_metrics_family(FILE *out, size_t family, bool open)
{
	assert(family < ARRAY_LEN(FAMILIES));
	put_head(out, &FAMILIES[family], open);
}

void network_metrics_alerts_begin(FILE *out, bool open)
{
	put_head(out, &ALERTS, open);
}

void network_metrics_alert(FILE *out, const struct alert *alert)
{
	fputs(ALERTS.name, out);
	put_label(out, "{", "device", alert->device_id);
	put_label(out, ",", "link", alert->link);
	put_label(out, ",", "kind", alert_kind_name(alert->kind));
	put_label(out, ",", "severity", severity_name(alert->severity));
	put_label(out, ",", "cause", alert_cause_name(alert->cause));
	fprintf(out, "} %d\n", alert->acked_by[0] ? 2 : 1);
}

void network_metrics_end(FILE *out, bool open)
{
	if (open)
		fputs("# EOF\n", out);
}
