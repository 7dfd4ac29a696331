/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live structs as the JSON of the API. Unknown numbers and times are null, never zero.
 * Texts from devices are made valid UTF-8 on the way.
 * Every function returns a new reference, or NULL when out of memory.
 */
#pragma once

#include <stdint.h>

#include <jansson.h>

#include "common/base/stats.h"

struct conf_errors;
struct device;
struct device_link;

/* One row of the overview. */
json_t *api_json_device(const struct device *device);
/* What changes from poll to poll, for the live stream: id, in_bps, out_bps, clients,
 * rtt_ms, last_answer_ms, status. */
json_t *api_json_rates(const struct device *device);
/* The overview's row and everything else: links, metrics, system texts, counters. events:
 * an array (stolen), or NULL. */
json_t *api_json_device_full(const struct device *device, json_t *events);
json_t *api_json_errors(const struct conf_errors *errors);
