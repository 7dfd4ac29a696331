/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reply of rows from the store, newest first: {"KEY":[...],"before":ID or null}. The rows
 * become JSON on the thread that reads them, for half a megabyte would hold the loop for
 * longer than it may be; the loop only sends the text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct http_exchange;
struct row_page;

/* limit: rows of the page; the store is to be asked for one more. NULL: out of memory, which was replied. */
struct row_page *row_page_new(struct http_exchange *exchange, const char *key, unsigned int limit);
/* On the store's thread: whether it wants another row. Each row first asks row_page_is_full(), which also tells that
 * there are older ones. row is stolen; NULL: out of memory. */
bool row_page_is_full(struct row_page *page);
bool row_page_add(struct row_page *page, json_t *row, int64_t id);
/* A store_done_fn; data is the page, which is freed: replies, if the client is still there. */
void row_page_done(void *page, int err);
