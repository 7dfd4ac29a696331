/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request and its reply, as the handler of an http_server sees them. What is served is
 * http_api.c's business.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/base/cleanup.h"

struct http_exchange;
struct http_request;

/* The request. Strings live until the reply is finished. */
const struct http_request *http_exchange_request(const struct http_exchange *exchange);
bool http_exchange_is_control(const struct http_exchange *exchange); /* by the control socket */
/* Which of the machine's users is behind that. False: it came another way. */
bool http_exchange_uid(const struct http_exchange *exchange, uid_t *ret);

/* Adds a header to the reply to come; name and value must hold no CR or LF (dropped if
 * they do). */
void http_exchange_header(struct http_exchange *exchange, const char *name, const char *value);
/* Replies at once; body is copied. HEAD, 204 and 304 send no body. The exchange ends here. */
void http_exchange_reply(struct http_exchange *exchange, int status, const char *content_type,
			 const void *body, size_t len);
/* fn is called once if the client goes away before the reply is finished; the exchange is
 * invalid after it. */
void http_exchange_on_abort(struct http_exchange *exchange, void (*fn)(void *data), void *data);
/* A reply whose length is not known: begin, put pieces while there is room, end; no stream, and no seat of one. */
void http_exchange_begin(struct http_exchange *exchange, const char *content_type);
/* Whether more is to be put now; if not, some milliseconds later. */
bool http_exchange_has_room(const struct http_exchange *exchange);
void http_exchange_put(struct http_exchange *exchange, const void *data, size_t len);
/* The exchange ends here. */
void http_exchange_end(struct http_exchange *exchange);
/* Something is missing: the connection ends, so that the other side knows. The exchange ends, too; fn of on_abort does not run. */
void http_exchange_break(struct http_exchange *exchange);
/* Starts a reply without an end (text/event-stream). 0, or -EBUSY: there are too many, and a reply is owed as before. */
must_check_ int http_exchange_stream(struct http_exchange *exchange, const char *content_type);
/* Sends more of it. Returns 0, or -ENOBUFS if the client is too slow: it is then closed
 * later, and fn of on_abort runs. */
int http_exchange_write(struct http_exchange *exchange, const void *data, size_t len);
