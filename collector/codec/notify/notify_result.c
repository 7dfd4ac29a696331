/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/notify_result.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "collector/codec/page/member.h"
#include "common/base/utf8_text.h"

static const char *const OUTCOMES[] = {
	[DELIVERY_ARRIVED] = "arrived",
	[DELIVERY_LATER] = "later",
	[DELIVERY_REFUSED] = "refused",
	[DELIVERY_UNKNOWN] = "unknown",
};

const char *notify_outcome_name(enum delivery_outcome outcome)
{
	assert((size_t)outcome < ARRAY_LEN(OUTCOMES));
	return OUTCOMES[outcome];
}

static int parse_outcome(const char *name, enum delivery_outcome *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(OUTCOMES); i++) {
		if (strcmp(OUTCOMES[i], name) == 0) {
			*ret = (enum delivery_outcome)i;
			return 0;
		}
	}
	return -EINVAL;
}

char *notify_result_text(const struct notify_result *result)
{
	json_t *json = json_object();
	char *text;

	member_put_integer(json, "id", result->id);
	member_put_text(json, "outcome", notify_outcome_name(result->outcome));
	member_put_integer(json, "status", result->status);
	member_put_integer(json, "retry_after_ms", result->retry_after_ms);
	member_put_text(json, "remote", result->remote);
	member_put_text(json, "answer", result->answer);
	member_put_text(json, "moved_to", result->moved_to);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return text;
}

static int64_t bounded(int64_t n, int64_t max)
{
	if (n < 0)
		return 0;
	return n < max ? n : max;
}

int notify_result_parse(const char *text, size_t len, struct notify_result *ret)
{
	struct notify_result result = {0};
	json_t *json = json_loadb(text, len, 0, NULL);
	int r = json_is_object(json) ? 0 : -EINVAL;

	if (r == 0)
		r = parse_outcome(member_text(json, "outcome"), &result.outcome);
	result.id = member_integer(json, "id");
	result.status = (int)bounded(member_integer(json, "status"), 999);
	result.retry_after_ms =
		bounded(member_integer(json, "retry_after_ms"), NOTIFY_RETRY_MAX_MS);
	utf8_text_clean(member_text(json, "remote"), result.remote, sizeof(result.remote));
	utf8_text_clean(member_text(json, "answer"), result.answer, sizeof(result.answer));
	utf8_text_clean(member_text(json, "moved_to"), result.moved_to, sizeof(result.moved_to));
	json_decref(json);
	if (r == 0)
		*ret = result;
	return r;
}

struct delivery_result notify_result_view(const struct notify_result *result)
{
	return (struct delivery_result){
		.outcome = result->outcome,
		.retry_after_ms = result->retry_after_ms,
		.remote = result->remote,
		.answer = result->answer,
	};
}
