/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET and POST /api/v1/maintenance, POST /api/v1/maintenance/ID/end. */
#pragma once

#include "collector/core/alert/maintenance.h"

struct http_exchange;

/* -ENOENT: no device is so named; else as maintenance_set_add(). */
typedef int http_maintenance_add_fn(void *data, const struct person *person,
				    const struct maintenance *wanted, struct maintenance *ret);
typedef int http_maintenance_end_fn(void *data, const struct person *person, int64_t id,
				    struct maintenance *ret);

void http_maintenance_list(const struct maintenance_set *set, struct http_exchange *exchange);
/* person: who asks. */
void http_maintenance_add(http_maintenance_add_fn *fn, void *data, const struct person *person,
			  struct http_exchange *exchange);
/* path: "ID/end". */
void http_maintenance_end(http_maintenance_end_fn *fn, void *data, const struct person *person,
			  struct http_exchange *exchange, const char *path);
