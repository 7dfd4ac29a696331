/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /api/v1/reload, and who may POST at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/stats.h"

struct conf_errors;
struct http_exchange;
struct http_reload;

/* What a reload did to the set of devices. */
struct http_reload_change {
	size_t devices, added, removed;
};
/* err: 0, then errors has warnings; or negative errno with the reasons in errors: the old
 * configuration then runs on, and change is of no meaning. */
typedef void http_reload_fn(void *fn_data, int err, const struct conf_errors *errors,
			    const struct http_reload_change *change);

struct http_reload_hooks {
	void *data;
	/* Calls fn exactly once, now or later, on the loop's thread. */
	void (*reload)(void *data, http_reload_fn *fn, void *fn_data);
	/* After one that went well, before it is replied. */
	void (*done)(void *data);
};

/* hooks and token (NULL: by the unix socket only) are copied. 0 or -ENOMEM. */
int http_reload_new(const struct http_reload_hooks *hooks, const char *token,
		    struct http_reload **ret);
struct http_reload *http_reload_free(struct http_reload *reload);

/* Whether who asks may change something; if not, this has been replied. */
bool http_reload_permits(struct http_reload *reload, struct http_exchange *exchange);
void http_reload_post(struct http_reload *reload, struct http_exchange *exchange);

void http_reload_emit_stats(const struct http_reload *reload, stats_emit_fn *emit, void *emit_data);
