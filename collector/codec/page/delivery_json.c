/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/delivery_json.h"

#include <errno.h>

#include "collector/codec/page/member.h"
#include "collector/codec/page/query_text.h"

json_t *delivery_json(const struct delivery *delivery)
{
	json_t *json = json_object(), *alerts = json_array();

	if (!json || !alerts) {
		json_decref(json);
		json_decref(alerts);
		return NULL;
	}
	for (size_t i = 0; i < delivery->n_alerts; i++)
		json_array_append_new(alerts, json_integer(delivery->alerts[i]));
	member_put_integer(json, "id", delivery->id);
	member_put_text(json, "channel", delivery->channel);
	member_put_text(json, "what", notify_what_name(delivery->what));
	member_put_text(json, "state", delivery_state_name(delivery->state));
	member_put_bool(json, "uncertain", delivery->uncertain);
	member_put_integer(json, "tries", delivery->tries);
	member_put_integer(json, "created_ms", delivery->created_ms);
	member_put_positive(json, "tried_ms", delivery->tried_ms);
	member_put_positive(json, "thread", delivery->thread);
	member_put_text(json, "remote", delivery->remote);
	member_put_text(json, "answer", delivery->answer);
	member_put(json, "alerts", alerts);
	return json;
}

int delivery_query_parse(const char *text, struct delivery_query *ret, const char **ret_error)
{
	static const char *const NAMES[] = {"limit", "before", "channel", "alert", NULL};
	struct delivery_query query = {.channel = ""};
	int64_t limit = DELIVERY_QUERY_DEFAULT;

	*ret_error = NULL;
	if (query_text_check(text, NAMES) < 0)
		*ret_error = "there are limit, before, channel and alert, each once";
	else if (query_text_get_int(text, "limit", 1, DELIVERY_QUERY_MAX, &limit) == -EINVAL)
		*ret_error = "limit is a number from 1 to 500";
	else if (query_text_get_int(text, "before", 1, INT64_MAX, &query.before_id) == -EINVAL)
		*ret_error = "before is a delivery's number";
	else if (query_text_get_int(text, "alert", 1, INT64_MAX, &query.alert_id) == -EINVAL)
		*ret_error = "alert is an alert's number";
	else if (query_text_get(text, "channel", query.channel, sizeof(query.channel)) == -EINVAL)
		*ret_error = "channel is the name of a channel";
	if (*ret_error)
		return -EINVAL;
	query.limit = (unsigned int)limit;
	*ret = query;
	return 0;
}
