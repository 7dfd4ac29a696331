/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests and replies of the API: JSON, with the headers that every one of them carries.
 */
#pragma once

#include <jansson.h>

struct http_exchange;

/* Security policy; not to be kept by the client. */
void http_reply_add_headers(struct http_exchange *exchange);
/* json stays the caller's; NULL is answered as 500, out of memory. */
void http_reply_json(struct http_exchange *exchange, int status, const json_t *json);
/* {"error": error} */
void http_reply_error(struct http_exchange *exchange, int status, const char *error);

/* A field of the request's query; "" where it is missing. As query_text_get(). */
int http_reply_read_field(const struct http_exchange *exchange, const char *name, char *buf,
			  size_t size);

/* For cleanup_(). */
void http_reply_json_freep(json_t **json);

/* No inline script or style, nothing from elsewhere: what a name from a device could
 * inject has no way to run. */
extern const char HTTP_REPLY_POLICY[];
