/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/maintenance_json.h"

#include <errno.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/codec/page/query_text.h"
#include "common/base/utf8_text.h"

json_t *maintenance_json(const struct maintenance *maintenance, int64_t now_ms)
{
	int64_t begin_ms, end_ms;
	json_t *json = json_object();

	if (!json)
		return NULL;
	maintenance_next(maintenance, now_ms, &begin_ms, &end_ms);
	member_put_integer(json, "id", maintenance->id);
	member_put_text(json, "scope", maintenance_scope_name(maintenance->scope));
	member_put_known(json, "target", maintenance->target);
	member_put_positive(json, "begin_ms", maintenance->begin_ms);
	member_put_positive(json, "end_ms", maintenance->end_ms);
	member_put_bool(json, "weekly", maintenance->weekly);
	member_put_positive(json, "next_begin_ms", begin_ms);
	member_put_positive(json, "next_end_ms", end_ms);
	member_put_bool(json, "now", now_ms >= begin_ms && now_ms < end_ms);
	member_put_text(json, "reason", maintenance->reason);
	member_put_text(json, "by", maintenance->by);
	return json;
}

static int wrong(const char *error, const char **ret_error)
{
	*ret_error = error;
	return -EINVAL;
}

static int read_scope(const char *text, struct maintenance *maintenance)
{
	char word[32];
	const int target =
		query_text_get(text, "target", maintenance->target, sizeof(maintenance->target));

	if (query_text_get(text, "scope", word, sizeof(word)) <= 0 ||
	    !maintenance_scope_parse(word, &maintenance->scope))
		return -EINVAL;
	if (target == -ENOENT)
		maintenance->target[0] = '\0';
	return maintenance->scope == MAINTENANCE_ALL ? (target == -ENOENT ? 0 : -EINVAL)
						     : (target > 0 ? 0 : -EINVAL);
}

static int read_times(const char *text, struct maintenance *maintenance)
{
	char weekly[8];
	const int r = query_text_get(text, "weekly", weekly, sizeof(weekly));

	if (query_text_get_int(text, "begin_ms", 1, INT64_MAX / 2, &maintenance->begin_ms) ==
		    -EINVAL ||
	    query_text_get_int(text, "end_ms", 1, INT64_MAX / 2, &maintenance->end_ms) != 0)
		return -EINVAL;
	if (r == -ENOENT)
		return 0;
	maintenance->weekly = r > 0 && strcmp(weekly, "yes") == 0;
	return maintenance->weekly || (r > 0 && strcmp(weekly, "no") == 0) ? 0 : -EINVAL;
}

int maintenance_query_parse(const char *text, int64_t now_ms, struct maintenance *ret,
			    const char **ret_error)
{
	static const char *const NAMES[] = {"scope",  "target", "begin_ms", "end_ms",
					    "weekly", "reason", NULL};
	struct maintenance maintenance = {.begin_ms = now_ms};
	char reason[MAINTENANCE_REASON_MAX + 1];

	if (query_text_check(text, NAMES) < 0)
		return wrong("known are scope, target, begin_ms, end_ms, weekly and reason, each "
			     "once",
			     ret_error);
	if (read_scope(text, &maintenance) < 0)
		return wrong(
			"scope is all, or device, group, provider or kelurahan with its target",
			ret_error);
	if (read_times(text, &maintenance) < 0)
		return wrong("begin_ms and end_ms are times, weekly is yes or no", ret_error);
	if (query_text_get(text, "reason", reason, sizeof(reason)) <= 0)
		return wrong("reason is a text of 1 to 255 octets", ret_error);
	utf8_text_clean(reason, maintenance.reason, sizeof(maintenance.reason));
	*ret = maintenance;
	return 0;
}
