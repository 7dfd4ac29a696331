/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deliveries in the API: the row as JSON, and what somebody asks of them. */
#pragma once

#include <stdint.h>

#include <jansson.h>

#include "collector/core/notify/delivery.h"

enum { DELIVERY_QUERY_DEFAULT = 100, DELIVERY_QUERY_MAX = 500 };

/* NULL when out of memory. */
json_t *delivery_json(const struct delivery *delivery);
/* limit=, before=, channel=, alert=. 0, or -EINVAL with what is wrong in *ret_error, which is constant text. */
int delivery_query_parse(const char *text, struct delivery_query *ret, const char **ret_error);
