/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stored notifications and the senders of refused ones as the JSON of the API. What is not
 * known is null. Every function returns a new reference, or NULL when out of memory.
 */
#pragma once

#include <jansson.h>

#include "collector/core/trap/notification_row.h"
#include "collector/core/trap/sender_table.h"

/* With its variable bindings as they were stored, but for a community: in order, each with "oid" and "value". */
json_t *notification_json(const struct notification_row *row);
/* device: the id of the only one at that address, or NULL. */
json_t *sender_json(const struct sender *sender, const char *device);
