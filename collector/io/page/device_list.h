/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GET /api/v1/devices: the rows of all devices that match, written in slices, so that the
 * list of a large city does not hold the loop.
 */
#pragma once

#include "collector/core/device/device_filter.h"

struct device_set;
struct http_exchange;
struct loop;

/* Replies to the exchange, now or later. headers: called before the reply, to add some.
 */
void device_list_start(struct loop *loop, const struct device_set *set,
		       const struct device_filter *filter, struct http_exchange *exchange,
		       void (*headers)(struct http_exchange *exchange));
