/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict: a field that is misspelt would else give an answer to another question. */
#include "collector/codec/page/notification_query.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/page/query_text.h"
#include "common/base/endpoint.h"

static const char FIELDS_ERROR[] = "known are limit, before, device, source and unknown, each once";
static const char SENDER_FIELDS_ERROR[] = "known are limit and before, each once";
static const char BEFORE_ERROR[] = "before is the number that the page before gave";

static int wrong(const char *error, const char **ret_error)
{
	*ret_error = error;
	return -EINVAL;
}

/* 0, also where it is missing. */
static int read_number(const char *text, const char *name, int64_t max, int64_t *number)
{
	return query_text_get_int(text, name, 1, max, number) == -EINVAL ? -EINVAL : 0;
}

/* Written as it is when a notification comes. */
static int read_source(const char *given, char buf[static ENDPOINT_ADDRESS_SIZE])
{
	struct endpoint endpoint;

	if (endpoint_parse_address(given, 0, &endpoint) < 0)
		return -EINVAL;
	endpoint_address(&endpoint, buf);
	return 0;
}

/* Whose. */
static int read_which(const char *text, struct notification_query *query, const char **ret_error)
{
	char source[ENDPOINT_ADDRESS_SIZE] = "", yes[8] = "";
	const int device =
		query_text_get(text, "device", query->device_id, sizeof(query->device_id));
	const int from = query_text_get(text, "source", source, sizeof(source));
	const int unknown = query_text_get(text, "unknown", yes, sizeof(yes));

	if ((device != -ENOENT) + (from != -ENOENT) + (unknown != -ENOENT) > 1)
		return wrong("device, source and unknown exclude each other", ret_error);
	if (device != -ENOENT) {
		query->which = NOTIFICATIONS_OF_DEVICE;
		return device > 0 ? 0 : wrong("device is a device's id", ret_error);
	}
	query->device_id[0] = '\0';
	if (from != -ENOENT) {
		query->which = NOTIFICATIONS_OF_SOURCE;
		return from > 0 && read_source(source, query->source) == 0
			       ? 0
			       : wrong("source is a numeric address", ret_error);
	}
	if (unknown == -ENOENT)
		return 0;
	query->which = NOTIFICATIONS_OF_DEVICE;
	return unknown > 0 && strcmp(yes, "yes") == 0
		       ? 0
		       : wrong("unknown is yes, or left out", ret_error);
}

int notification_query_parse(const char *text, struct notification_query *ret,
			     const char **ret_error)
{
	static const char *const NAMES[] = {"limit", "before", "device", "source", "unknown", NULL};
	struct notification_query query = {.which = NOTIFICATIONS_OF_ALL};
	int64_t limit = NOTIFICATION_QUERY_DEFAULT;
	int r;

	if (query_text_check(text, NAMES) < 0)
		return wrong(FIELDS_ERROR, ret_error);
	if (read_number(text, "limit", NOTIFICATION_QUERY_MAX, &limit) < 0)
		return wrong("limit is 1 to 500", ret_error);
	if (read_number(text, "before", INT64_MAX, &query.before_id) < 0)
		return wrong(BEFORE_ERROR, ret_error);
	r = read_which(text, &query, ret_error);
	if (r < 0)
		return r;
	query.limit = (unsigned int)limit;
	*ret = query;
	return 0;
}

int sender_query_parse(const char *text, struct sender_query *ret, const char **ret_error)
{
	static const char *const NAMES[] = {"limit", "before", NULL};
	int64_t limit = NOTIFICATION_QUERY_DEFAULT, before = 0;

	if (query_text_check(text, NAMES) < 0)
		return wrong(SENDER_FIELDS_ERROR, ret_error);
	if (read_number(text, "limit", SENDER_QUERY_MAX, &limit) < 0)
		return wrong("limit is 1 to 200", ret_error);
	if (read_number(text, "before", INT64_MAX, &before) < 0)
		return wrong(BEFORE_ERROR, ret_error);
	*ret = (struct sender_query){.before = (uint64_t)before, .limit = (unsigned int)limit};
	return 0;
}
