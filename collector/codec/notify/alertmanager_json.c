/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/alertmanager_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/utc_text.h"
#include "collector/codec/page/member.h"
#include "collector/core/device/inventory.h"

/* An empty label is none. */
static void put_known(json_t *json, const char *key, const char *text)
{
	if (text && text[0])
		member_put_text(json, key, text);
}

/* A severity that changes with office hours makes another alert of it; the old one is over after
 * ALERTMANAGER_LASTS_MS. Without it nothing could be routed. */
static json_t *labels(const struct notify_item *item)
{
	json_t *json = json_object();
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)item->alert->id);
	member_put_text(json, "alertname", alert_kind_name(item->alert->kind));
	member_put_text(json, "alert", id);
	member_put_text(json, "job", "pantau");
	member_put_text(json, "severity", severity_name(item->alert->severity));
	put_known(json, "device", item->alert->device_id);
	put_known(json, "link", item->alert->link);
	if (!item->entry)
		return json;
	put_known(json, "group", item->entry->group);
	put_known(json, "kind", inventory_kind_name(item->entry->kind));
	put_known(json, "provider", item->entry->provider);
	return json;
}

static json_t *annotations(const struct channel_letter *letter, const struct notify_item *item)
{
	json_t *json = json_object();
	char text[NOTIFY_TEXT_SIZE];

	if (letter->n_items == 1) {
		put_known(json, "summary", letter->message->title);
		member_put(json, "description", json_string(channel_letter_text(letter, text)));
	}
	member_put_text(json, "cause", alert_cause_name(item->alert->cause));
	put_known(json, "detail", item->alert->detail);
	snprintf(text, sizeof(text), "%u", item->alert->n_behind);
	member_put_text(json, "behind", text);
	if (item->entry) {
		put_known(json, "name", item->entry->name);
		put_known(json, "kelurahan", item->entry->kelurahan);
		put_known(json, "contract", item->entry->contract);
	}
	return json;
}

static json_t *alert_of(const struct channel_letter *letter, const struct notify_item *item)
{
	const struct alert *alert = item->alert;
	const int64_t lasts = letter->now_ms + ALERTMANAGER_LASTS_MS;
	const int64_t end = alert_is_open(alert) ? lasts : alert->end_ms;
	json_t *json = json_object();
	char when[UTC_TEXT_SIZE];

	member_put(json, "labels", labels(item));
	member_put(json, "annotations", annotations(letter, item));
	member_put_text(json, "startsAt", utc_text(alert->begin_ms, when));
	/* a clock that was set must not make it end before it begins, which is refused */
	member_put_text(json, "endsAt",
			utc_text(end > alert->begin_ms ? end : alert->begin_ms + 1, when));
	put_known(json, "generatorURL", letter->page_url);
	return json;
}

int alertmanager_request(const struct channel_conf *channel, const struct channel_letter *letter,
			 struct notify_request *ret)
{
	json_t *json = json_array();
	size_t n = strlen(channel->url);

	for (size_t i = 0; i < letter->n_items; i++)
		json_array_append_new(json, alert_of(letter, &letter->items[i]));
	ret->protocol = NOTIFY_HTTP;
	while (n > 0 && channel->url[n - 1] == '/')
		n--;
	if (asprintf(&ret->url, "%.*s/api/v2/alerts", (int)n, channel->url) < 0)
		ret->url = NULL;
	ret->method = strdup("POST");
	ret->ok_from = 200;
	ret->ok_to = 299;
	ret->body = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return notify_request_add(&ret->headers, "Content-Type: application/json");
}
