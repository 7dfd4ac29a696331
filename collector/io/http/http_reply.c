/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the API answers; what it answers is its callers' business.
 */
#include "collector/io/http/http_reply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/http_request.h"
#include "collector/codec/page/query_text.h"
#include "collector/io/http/http_exchange.h"
#include "common/base/cleanup.h"

const char HTTP_REPLY_POLICY[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
	"form-action 'none'; frame-ancestors 'none'";

void http_reply_add_headers(struct http_exchange *exchange)
{
	http_exchange_header(exchange, "Content-Security-Policy", HTTP_REPLY_POLICY);
	http_exchange_header(exchange, "Cache-Control", "no-store");
}

void http_reply_json(struct http_exchange *exchange, int status, const json_t *json)
{
	static const char none[] = "{\"error\":\"out of memory\"}";
	cleanup_free char *text =
		json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;

	http_reply_add_headers(exchange);
	if (text)
		http_exchange_reply(exchange, status, "application/json", text, strlen(text));
	else
		http_exchange_reply(exchange, 500, "application/json", none, sizeof(none) - 1);
}

void http_reply_error(struct http_exchange *exchange, int status, const char *error)
{
	json_t *json = json_pack("{s:s}", "error", error);

	http_reply_json(exchange, status, json);
	json_decref(json);
}

int http_reply_read_field(const struct http_exchange *exchange, const char *name, char *buf,
			  size_t size)
{
	const int r = query_text_get(http_exchange_request(exchange)->query, name, buf, size);

	if (r == -ENOENT)
		buf[0] = '\0';
	return r == -ENOENT ? 0 : r;
}

void http_reply_json_freep(json_t **json)
{
	json_decref(*json);
}
