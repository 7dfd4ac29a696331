/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may change something: the control socket, whose mode says it, or whoever has the token.
 */
#include "collector/io/page/http_reload.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/api_json.h"
#include "collector/codec/page/http_request.h"
#include "collector/codec/page/member.h"
#include "collector/io/http/http_exchange.h"
#include "collector/io/http/http_reply.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

struct http_reload {
	struct http_reload_hooks hooks;
	char *token; /* NULL: none */
	uint64_t asked, failed, unauthorized;
};

/* Takes as long for a wrong token as for a right one. */
static bool same_text(const char *a, const char *b)
{
	const size_t a_len = strlen(a), b_len = strlen(b);
	unsigned int diff = a_len != b_len;

	for (size_t i = 0; i < a_len; i++)
		diff |= (unsigned char)a[i] ^ (unsigned char)b[i < b_len ? i : 0];
	return diff == 0;
}

static bool is_permitted(const struct http_reload *reload, struct http_exchange *exchange)
{
	const char *authorization = http_exchange_request(exchange)->authorization;

	if (http_exchange_is_control(exchange))
		return true;
	return reload->token && strncmp(authorization, "Bearer ", 7) == 0 &&
	       same_text(authorization + 7, reload->token);
}

bool http_reload_permits(struct http_reload *reload, struct http_exchange *exchange)
{
	if (is_permitted(reload, exchange))
		return true;
	reload->unauthorized++;
	http_exchange_header(exchange, "WWW-Authenticate", "Bearer");
	http_reply_error(exchange, 401, "this needs the token, or the control socket");
	return false;
}

struct reload_wait {
	struct http_reload *reload;
	struct http_exchange *exchange; /* NULL: the client went away */
};

static void on_reloaded(void *data, int err, const struct conf_errors *errors,
			const struct http_reload_change *change)
{
	cleanup_free struct reload_wait *wait = data;
	cleanup_(http_reply_json_freep) json_t *json = NULL;

	wait->reload->failed += err < 0;
	if (err == 0)
		wait->reload->hooks.done(wait->reload->hooks.data);
	if (!wait->exchange)
		return;
	http_exchange_on_abort(wait->exchange, NULL, NULL);
	json = json_pack("{s:b, s:o}", "ok", err == 0, "errors",
			 err == 0 ? json_array() : api_json_errors(errors));
	if (json && err == 0) {
		member_put(json, "warnings", api_json_errors(errors));
		member_put_integer(json, "devices", (int64_t)change->devices);
		member_put_integer(json, "added", (int64_t)change->added);
		member_put_integer(json, "removed", (int64_t)change->removed);
	}
	http_reply_json(wait->exchange, err == 0 ? 200 : 422, json);
}

static void on_reload_abort(void *data)
{
	((struct reload_wait *)data)->exchange = NULL;
}

void http_reload_post(struct http_reload *reload, struct http_exchange *exchange)
{
	struct reload_wait *wait;

	if (!http_reload_permits(reload, exchange))
		return;
	wait = calloc(1, sizeof(*wait));
	if (!wait) {
		http_reply_error(exchange, 500, "out of memory");
		return;
	}
	wait->reload = reload;
	wait->exchange = exchange;
	reload->asked++;
	http_exchange_on_abort(exchange, on_reload_abort, wait);
	reload->hooks.reload(reload->hooks.data, on_reloaded, wait);
}

static const struct stats_row ROWS[] = {
	STATS_COUNTER(struct http_reload, asked, "pantau_api_reloads",
		      "Reloads asked for by the API."),
	STATS_COUNTER(struct http_reload, failed, "pantau_api_reloads_failed",
		      "Reloads that were refused."),
	STATS_COUNTER(struct http_reload, unauthorized, "pantau_api_unauthorized",
		      "Requests without a valid token."),
};

void http_reload_emit_stats(const struct http_reload *reload, stats_emit_fn *emit, void *emit_data)
{
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), reload, emit, emit_data);
}

int http_reload_new(const struct http_reload_hooks *hooks, const char *token,
		    struct http_reload **ret)
{
	struct http_reload *reload = calloc(1, sizeof(*reload));

	assert(hooks->reload && hooks->done);
	if (!reload)
		return -ENOMEM;
	reload->hooks = *hooks;
	if (token && token[0]) {
		reload->token = strdup(token);
		if (!reload->token) {
			free(reload);
			return -ENOMEM;
		}
	}
	*ret = reload;
	return 0;
}

struct http_reload *http_reload_free(struct http_reload *reload)
{
	if (!reload)
		return NULL;
	if (reload->token)
		explicit_bzero(reload->token, strlen(reload->token));
	free(reload->token);
	free(reload);
	return NULL;
}
