/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/page/http_network.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "collector/codec/metrics/network_metrics.h"
#include "collector/codec/page/http_request.h"
#include "collector/codec/page/member.h"
#include "collector/core/alert/alert_set.h"
#include "collector/core/device/device.h"
#include "collector/core/device/device_set.h"
#include "collector/core/device/inventory.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/loop/loop.h"

enum {
	SLICE = 8,	/* devices between two looks at the clock */
	HOLD_US = 1000, /* how long the loop may be held */
	WAIT_US = 2000, /* for a client to read */
};

struct network {
	struct http_exchange *exchange;
	const struct device_set *set;
	struct device *const *devices; /* of the set when it began */
	const struct alert_set *alerts;
	bool open, is_targets;
	size_t family, at;
	struct loop_timer *timer;
	FILE *out; /* into text, one slice */
	char *text;
	size_t len;
};

static void network_free(struct network *network)
{
	if (network->out)
		fclose(network->out);
	free(network->text);
	loop_timer_free(network->timer);
	free(network);
}

static void on_abort(void *data)
{
	network_free(data);
}

/* ---- what is written ---- */

static void put_target(struct network *network, const struct device *device)
{
	const struct inventory_entry *entry = device->entry;
	json_t *labels = json_object(), *json = json_pack("{s:[s]}", "targets", entry->address);

	member_put_text(labels, "__meta_pantau_device", entry->id);
	member_put_text(labels, "__meta_pantau_kind", inventory_kind_name(entry->kind));
	member_put_known(labels, "__meta_pantau_name", entry->name);
	member_put_known(labels, "__meta_pantau_kelurahan",
			 entry->kelurahan ? entry->kelurahan : "");
	member_put_known(labels, "__meta_pantau_provider", entry->provider ? entry->provider : "");
	member_put_known(labels, "__meta_pantau_group", entry->group ? entry->group : "");
	member_put_text(labels, "__meta_pantau_status", device_status_name(device->status));
	member_put(json, "labels", labels);
	if (network->at > 0)
		fputc(',', network->out);
	json_dumpf(json, network->out, JSON_COMPACT);
	json_decref(json);
}

static size_t families(const struct network *network)
{
	return network->is_targets ? 1 : network_metrics_families();
}

/* Some devices of a family. */
static void put_some(struct network *network)
{
	const size_t end = network->at + SLICE;

	if (network->at == 0 && !network->is_targets)
		network_metrics_family(network->out, network->family, network->open);
	for (; network->at < network->set->n && network->at < end; network->at++) {
		if (network->is_targets)
			put_target(network, network->set->devices[network->at]);
		else
			network_metrics_device(network->out, network->family,
					       network->set->devices[network->at]);
	}
	if (network->at < network->set->n)
		return;
	network->at = 0;
	network->family++;
}

static void put_end(struct network *network)
{
	if (network->is_targets) {
		fputc(']', network->out);
		return;
	}
	network_metrics_alerts_begin(network->out, network->open);
	for (size_t i = 0; i < alert_set_n_open(network->alerts); i++)
		network_metrics_alert(network->out, alert_set_open(network->alerts, i));
	network_metrics_end(network->out, network->open);
}

/* ---- slices ---- */

/* What was written since goes out. False: out of memory. */
static bool send_slice(struct network *network)
{
	if (fflush(network->out) != 0)
		return false;
	http_exchange_put(network->exchange, network->text, network->len);
	rewind(network->out);
	return true;
}

static void on_slice(void *data)
{
	struct network *network = data;
	const int64_t until_us = loop_now_us() + HOLD_US;
	bool is_whole;

	if (!http_exchange_has_room(network->exchange)) {
		loop_timer_arm(network->timer, WAIT_US);
		return;
	}
	is_whole = network->devices == network->set->devices;
	while (is_whole && network->family < families(network) && loop_now_us() < until_us)
		put_some(network);
	if (is_whole && network->family == families(network))
		put_end(network);
	if (!is_whole || !send_slice(network)) {
		http_exchange_break(network->exchange);
		network_free(network);
	} else if (network->family == families(network)) {
		http_exchange_on_abort(network->exchange, NULL, NULL);
		http_exchange_end(network->exchange);
		network_free(network);
	} else {
		loop_timer_arm(network->timer, 0);
	}
}

static void start(struct loop *loop, const struct network *wanted, const char *content_type)
{
	struct network *network = malloc(sizeof(*network));

	if (network) {
		*network = *wanted;
		network->devices = network->set->devices;
		network->out = open_memstream(&network->text, &network->len);
	}
	if (!network || !network->out ||
	    loop_timer_new(loop, on_slice, network, &network->timer) < 0) {
		if (network)
			network_free(network);
		http_reply_error(wanted->exchange, 500, "out of memory");
		return;
	}
	http_exchange_on_abort(network->exchange, on_abort, network);
	http_exchange_begin(network->exchange, content_type);
	if (network->is_targets)
		fputc('[', network->out);
	loop_timer_arm(network->timer, 0);
}

void http_network_metrics(struct loop *loop, const struct device_set *devices,
			  const struct alert_set *alerts, struct http_exchange *exchange)
{
	const struct network network = {
		.exchange = exchange,
		.set = devices,
		.alerts = alerts,
		.open = network_metrics_wants_open(http_exchange_request(exchange)->accept)};

	assert(alerts);
	start(loop, &network, network.open ? NETWORK_METRICS_OPEN : NETWORK_METRICS_TEXT);
}

void http_network_targets(struct loop *loop, const struct device_set *devices,
			  struct http_exchange *exchange)
{
	const struct network network = {.exchange = exchange, .set = devices, .is_targets = true};

	start(loop, &network, "application/json");
}
