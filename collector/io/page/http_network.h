/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GET /metrics/network and /api/v1/sd: the network for Prometheus, in slices of a millisecond with
 * other work of the loop between them, and in pieces, so that a province is never in memory whole.
 */
#pragma once

struct alert_set;
struct device_set;
struct http_exchange;
struct loop;

/* If devices come or go meanwhile, the reply breaks off, and Prometheus asks again. */
void http_network_metrics(struct loop *loop, const struct device_set *devices,
			  const struct alert_set *alerts, struct http_exchange *exchange);
/* Every device with what the inventory says of it, as http_sd wants it. */
void http_network_targets(struct loop *loop, const struct device_set *devices,
			  struct http_exchange *exchange);
