/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head of an HTTP/1.1 request (RFC 9112), as far as Pantau needs it. Strict: what a
 * browser or curl never sends is refused rather than guessed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_TARGET_MAX = 1024,
	HTTP_VALUE_MAX = 256,
	HTTP_HEAD_MAX = 8192,
	HTTP_BODY_MAX = 65536,
	HTTP_HEADERS_MAX = 64,
};

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

struct http_request {
	enum http_method method;
	bool http10, keep_alive;
	char path[HTTP_TARGET_MAX];  /* decoded, begins with '/'; no NUL, no empty, "." or
					".." segment */
	char query[HTTP_TARGET_MAX]; /* as sent, without '?' */
	size_t body_len;	     /* Content-Length */
	char authorization[HTTP_VALUE_MAX], if_none_match[HTTP_VALUE_MAX],
		last_event_id[HTTP_VALUE_MAX], accept[HTTP_VALUE_MAX], host[HTTP_VALUE_MAX],
		origin[HTTP_VALUE_MAX];
};

/*
 * Reads a head from the beginning of buf.
 * Returns its length (to the empty line, inclusive) and fills ret; 0 if it is not whole
 * yet (never when len >= HTTP_HEAD_MAX); or the negated status to refuse it with: -400,
 * -413, -414, -431, -501, -505. No octet but those of buf is looked at.
 */
int http_request_parse(const uint8_t *buf, size_t len, struct http_request *ret);
