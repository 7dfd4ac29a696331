/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict, as notification_query.c is. */
#include "collector/codec/page/alert_query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/query_text.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

static int wrong(const char *error, const char **ret_error)
{
	*ret_error = error;
	return -EINVAL;
}

/* Which of the names the field has; what it was where it is missing. */
static int read_choice(const char *text, const char *field, const char *const *names, size_t n,
		       int *choice)
{
	char word[32];
	const int r = query_text_get(text, field, word, sizeof(word));

	if (r == -ENOENT)
		return 0;
	for (size_t i = 0; r > 0 && i < n; i++) {
		if (strcmp(names[i], word) == 0) {
			*choice = (int)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_common(const char *text, struct alert_filter *filter, const char **ret_error)
{
	static const char *const STATES[] = {
		[ALERTS_OPEN] = "open", [ALERTS_ENDED] = "ended", [ALERTS_ALL] = "all"};
	const int device =
		query_text_get(text, "device", filter->device_id, sizeof(filter->device_id));
	int64_t limit = ALERT_FILTER_DEFAULT;
	int which = (int)filter->which;

	if (device == -ENOENT)
		filter->device_id[0] = '\0';
	else if (device <= 0)
		return wrong("device is a device's id", ret_error);
	if (read_choice(text, "state", STATES, ARRAY_LEN(STATES), &which) < 0)
		return wrong("state is open, ended or all", ret_error);
	if (query_text_get_int(text, "limit", 1, ALERT_FILTER_MAX, &limit) == -EINVAL)
		return wrong("limit is 1 to 200", ret_error);
	if (query_text_get_int(text, "before", 1, INT64_MAX, &filter->before) == -EINVAL)
		return wrong("before is the number that the page before gave", ret_error);
	filter->which = (enum alert_which)which;
	filter->limit = (unsigned int)limit;
	return 0;
}

static int read_kind(const char *text, int *kind)
{
	enum alert_kind parsed;
	char word[32];
	const int r = query_text_get(text, "kind", word, sizeof(word));

	if (r == -ENOENT)
		return 0;
	if (r < 0 || !alert_kind_parse(word, &parsed))
		return -EINVAL;
	*kind = (int)parsed;
	return 0;
}

int alert_query_parse(const char *text, struct alert_filter *ret, const char **ret_error)
{
	static const char *const NAMES[] = {"state",	    "device", "severity", "kind",
					    "acknowledged", "before", "limit",	  NULL};
	static const char *const SEVERITIES[] = {"info", "warning", "major", "critical"};
	static const char *const ANSWERS[] = {"no", "yes"};
	struct alert_filter filter = {.kind = -1, .severity = -1, .acked = -1};
	int r;

	if (query_text_check(text, NAMES) < 0)
		return wrong("known are state, device, severity, kind, acknowledged, before and "
			     "limit, each once",
			     ret_error);
	r = read_common(text, &filter, ret_error);
	if (r < 0)
		return r;
	if (read_choice(text, "severity", SEVERITIES, ARRAY_LEN(SEVERITIES), &filter.severity) < 0)
		return wrong("severity is info, warning, major or critical", ret_error);
	if (read_choice(text, "acknowledged", ANSWERS, ARRAY_LEN(ANSWERS), &filter.acked) < 0)
		return wrong("acknowledged is yes or no", ret_error);
	if (read_kind(text, &filter.kind) < 0)
		return wrong("kind is one that alerts have, as device-down", ret_error);
	*ret = filter;
	return 0;
}

int outage_query_parse(const char *text, struct alert_filter *ret, const char **ret_error)
{
	static const char *const NAMES[] = {"state", "device", "before", "limit", NULL};
	struct alert_filter filter = {.which = ALERTS_ALL, .kind = -1, .severity = -1, .acked = -1};
	int r;

	if (query_text_check(text, NAMES) < 0)
		return wrong("known are state, device, before and limit, each once", ret_error);
	r = read_common(text, &filter, ret_error);
	if (r < 0)
		return r;
	*ret = filter;
	return 0;
}

/* ---- answers ---- */

static const char ANSWER_ERROR[] =
	"write alerts/ID/ and ack (note=), unack, note (note=), cause (cause=) or silence "
	"(until_ms=)";

/* "17/ack" */
static int read_path(const char *path, struct alert_answer *answer)
{
	const char *slash = strchr(path, '/');
	char *end;

	if (!slash || path[0] < '1' || path[0] > '9' || slash - path > 18)
		return -EINVAL;
	answer->alert_id = strtoll(path, &end, 10);
	return end == slash && alert_answer_parse(slash + 1, &answer->kind) ? 0 : -EINVAL;
}

/* In one line, and no longer than is kept. */
static int read_note(const char *text, struct alert_answer *answer, const char **ret_error)
{
	char note[ALERT_NOTE_MAX + 1];
	const int r = query_text_get(text, "note", note, sizeof(note));

	if (r == -ENOENT && answer->kind == ALERT_ANSWER_ACK)
		return 0;
	if (r <= 0)
		return wrong("note is a text of 1 to 255 octets", ret_error);
	utf8_text_clean(note, answer->note, sizeof(answer->note));
	return 0;
}

static int read_cause(const char *text, struct alert_answer *answer, const char **ret_error)
{
	char word[32];

	if (query_text_get(text, "cause", word, sizeof(word)) > 0 &&
	    alert_cause_parse(word, &answer->cause))
		return 0;
	return wrong("cause is unknown, power, line, port, device, provider, snmp or planned",
		     ret_error);
}

static int read_until(const char *text, struct alert_answer *answer, const char **ret_error)
{
	if (query_text_get_int(text, "until_ms", 0, INT64_MAX, &answer->until_ms) == 0)
		return 0;
	return wrong("until_ms is a time, or 0 to end it", ret_error);
}

static int read_fields(const char *text, struct alert_answer *answer, const char **ret_error)
{
	switch (answer->kind) {
	case ALERT_ANSWER_ACK:
	case ALERT_ANSWER_NOTE:
		return read_note(text, answer, ret_error);
	case ALERT_ANSWER_CAUSE:
		return read_cause(text, answer, ret_error);
	case ALERT_ANSWER_SILENCE:
		return read_until(text, answer, ret_error);
	default:
		return 0;
	}
}

int alert_answer_query_parse(const char *path, const char *text, struct alert_answer *ret,
			     const char **ret_error)
{
	static const char *const NAMES[ALERT_ANSWER_N][2] = {
		[ALERT_ANSWER_ACK] = {"note"},
		[ALERT_ANSWER_NOTE] = {"note"},
		[ALERT_ANSWER_CAUSE] = {"cause"},
		[ALERT_ANSWER_SILENCE] = {"until_ms"},
	};
	struct alert_answer answer = {.alert_id = 0};
	int r;

	if (read_path(path, &answer) < 0 || query_text_check(text, NAMES[answer.kind]) < 0)
		return wrong(ANSWER_ERROR, ret_error);
	r = read_fields(text, &answer, ret_error);
	if (r < 0)
		return r;
	*ret = answer;
	return 0;
}
