/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alerts and outages as the JSON of the API. What is not known is null. Both return a new
 * reference, or NULL when out of memory.
 */
#pragma once

#include <jansson.h>

#include "collector/core/alert/outage_row.h"

/* name: of the device; NULL: it has none, or is not known. */
json_t *alert_json(const struct alert *alert, const char *name);
json_t *alert_json_outage(const struct outage_row *row, const char *name);
