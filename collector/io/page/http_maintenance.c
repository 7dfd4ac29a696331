/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/page/http_maintenance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/maintenance_json.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

void http_maintenance_list(const struct maintenance_set *set, struct http_exchange *exchange)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;
	json_t *list = json_array();
	const int64_t now_ms = loop_wall_ms();

	for (size_t i = 0; i < set->n; i++) {
		if (!maintenance_is_over(&set->items[i], now_ms))
			json_array_append_new(list, maintenance_json(&set->items[i], now_ms));
	}
	json = json_pack("{s:o}", "maintenance", list);
	http_reply_json(exchange, 200, json);
}

static void reply(struct http_exchange *exchange, int err, const struct maintenance *maintenance)
{
	cleanup_(http_reply_json_freep) json_t *json = NULL;

	if (err == -EACCES)
		http_reply_error(exchange, 403, "planning needs the role operator");
	else if (err == -ENOENT)
		http_reply_error(exchange, 404, "there is none of that name or number");
	else if (err == -EINVAL)
		http_reply_error(
			exchange, 400,
			"it ends after it begins, is not over yet, and what is weekly is no "
			"longer than a week");
	else if (err < 0)
		http_reply_error(exchange, 503, "too much is planned: end something first");
	if (err < 0)
		return;
	json = maintenance_json(maintenance, loop_wall_ms());
	http_reply_json(exchange, 200, json);
}

void http_maintenance_add(http_maintenance_add_fn *fn, void *data, const struct person *person,
			  struct http_exchange *exchange)
{
	struct maintenance wanted, done;
	const char *error;

	if (maintenance_query_parse(http_exchange_request(exchange)->query, loop_wall_ms(), &wanted,
				    &error) < 0) {
		http_reply_error(exchange, 400, error);
		return;
	}
	reply(exchange, fn(data, person, &wanted, &done), &done);
}

void http_maintenance_end(http_maintenance_end_fn *fn, void *data, const struct person *person,
			  struct http_exchange *exchange, const char *path)
{
	struct maintenance done;
	char *end;
	const long long id = strtoll(path, &end, 10);

	if (id < 1 || strcmp(end, "/end") != 0) {
		http_reply_error(exchange, 404, "nothing to POST to; there is maintenance/ID/end");
		return;
	}
	reply(exchange, fn(data, person, id, &done), &done);
}
