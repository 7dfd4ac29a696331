/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query of any octets: what is decoded is valid UTF-8 that fits. The first octet is the
 * size of the buffer. The same as a question for notifications. */
#include "collector/codec/page/query_text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/alert_query.h"
#include "collector/codec/page/maintenance_json.h"
#include "collector/codec/page/notification_query.h"
#include "common/base/utf8_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken of it is within its bounds; what is not has a reason. */
static void ask(const char *query)
{
	struct notification_query wanted = {.limit = 0};
	struct sender_query senders = {.limit = 0};
	const char *error = NULL;
	int r = notification_query_parse(query, &wanted, &error);

	if (r == 0 ? wanted.limit < 1 || wanted.limit > NOTIFICATION_QUERY_MAX ||
			     wanted.before_id < 0 ||
			     !memchr(wanted.device_id, 0, sizeof(wanted.device_id)) ||
			     !memchr(wanted.source, 0, sizeof(wanted.source))
		   : !error || wanted.limit != 0)
		abort();
	error = NULL;
	r = sender_query_parse(query, &senders, &error);
	if (r == 0 ? senders.limit < 1 || senders.limit > SENDER_QUERY_MAX
		   : !error || senders.limit != 0)
		abort();
}

static void ask_for_alerts(const char *query)
{
	struct alert_filter filter = {.limit = 0};
	const char *error = NULL;
	int r = alert_query_parse(query, &filter, &error);

	if (r == 0 ? filter.limit < 1 || filter.limit > ALERT_FILTER_MAX || filter.before < 0 ||
			     filter.kind >= ALERT_KIND_N || filter.severity >= SEVERITY_N ||
			     !memchr(filter.device_id, 0, sizeof(filter.device_id))
		   : !error || filter.limit != 0)
		abort();
}

static void plan(const char *query)
{
	struct maintenance wanted = {.id = 0};
	const char *error = NULL;
	int r = maintenance_query_parse(query, 7, &wanted, &error);

	if (r == 0 ? wanted.begin_ms < 1 || wanted.end_ms < 1 || !wanted.reason[0] ||
			     !memchr(wanted.reason, 0, sizeof(wanted.reason)) ||
			     !utf8_text_is_valid(wanted.reason, strlen(wanted.reason)) ||
			     !utf8_text_is_valid(wanted.target, strlen(wanted.target)) ||
			     (wanted.scope == MAINTENANCE_ALL) != !wanted.target[0]
		   : !error || wanted.end_ms != 0)
		abort();
}

/* The part before the first '?' is the path. */
static void answer(const char *query)
{
	const char *mark = strchr(query, '?');
	struct alert_answer answer = {.alert_id = 0};
	const char *error = NULL;
	char *path = mark ? strndup(query, (size_t)(mark - query)) : strdup("1/note");
	int r = alert_answer_query_parse(path, mark ? mark + 1 : query, &answer, &error);

	if (r == 0 ? answer.alert_id < 1 || answer.until_ms < 0 ||
			     !memchr(answer.note, 0, sizeof(answer.note)) ||
			     !utf8_text_is_valid(answer.note, strlen(answer.note))
		   : !error || answer.alert_id != 0)
		abort();
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *query, *buf;
	int64_t n = 5;
	int r;

	if (size < 1)
		return 0;
	query = malloc(size);
	buf = malloc(data[0] + 1u);
	memcpy(query, data + 1, size - 1);
	query[size - 1] = '\0';
	r = query_text_get(query, "a", buf, data[0] + 1u);
	if (r >= 0 &&
	    (r > data[0] || strlen(buf) != (size_t)r || !utf8_text_is_valid(buf, (size_t)r)))
		abort();
	if (query_text_check(query, (const char *const[]){"a", NULL}) == 0 && query[0] &&
	    strncmp(query, "a=", 2) != 0)
		abort();
	r = query_text_get_int(query, "a", 1, 1000, &n);
	if (r == 0 ? n < 1 || n > 1000 : n != 5)
		abort();
	ask(query);
	ask_for_alerts(query);
	answer(query);
	plan(query);
	free(query);
	free(buf);
	return 0;
}
