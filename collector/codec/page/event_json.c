/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/event_json.h"

#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/judge/event_text.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

static json_t *params_json(const struct event_params *params)
{
	json_t *json = json_object();

	if (params->cause != DEVICE_CAUSE_NONE)
		member_put_text(json, "cause", device_cause_name(params->cause));
	if (params->behind > 0)
		member_put_integer(json, "behind", params->behind);
	if (params->count > 0)
		member_put_integer(json, "count", params->count);
	if (params->duration_ms > 0)
		member_put_integer(json, "duration_ms", params->duration_ms);
	if (params->detail[0])
		member_put_text(json, "detail", params->detail);
	return json;
}

static uint32_t read_count(const json_t *json, const char *key)
{
	const int64_t n = member_integer(json, key);

	return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static void read_params(const json_t *json, struct event_params *ret)
{
	*ret = (struct event_params){0};
	device_cause_parse(member_text(json, "cause"), &ret->cause);
	ret->behind = read_count(json, "behind");
	ret->count = read_count(json, "count");
	if (member_integer(json, "duration_ms") > 0)
		ret->duration_ms = member_integer(json, "duration_ms");
	utf8_text_clean(member_text(json, "detail"), ret->detail, sizeof(ret->detail));
}

json_t *event_json(const struct event *event, const char *name)
{
	json_t *json = json_object();
	char text[EVENT_TEXT_MAX];

	if (!json)
		return NULL;
	member_put_integer(json, "id", event->id);
	member_put_text(json, "kind", event_kind_name(event->kind));
	member_put_text(json, "device", event->device_id);
	member_put_text(json, "name", name);
	member_put_text(json, "link", event->link);
	member_put_positive(json, "time_ms", event->time_ms);
	member_put_positive(json, "seen_ms", event->seen_ms);
	member_put_text(json, "source", event_source_name(event->source));
	member_put_positive(json, "begins", event->begins);
	member_put(json, "params", params_json(&event->params));
	member_put_text(json, "text", event_text(WORDS_EN, name, event, text, sizeof(text)));
	return json;
}

void event_json_read(const json_t *json, struct event *ret)
{
	*ret = (struct event){
		.id = member_integer(json, "id"),
		.kind = EVENT_KIND_N,
		.time_ms = member_integer(json, "time_ms"),
		.seen_ms = member_integer(json, "seen_ms"),
		.begins = member_integer(json, "begins"),
	};
	event_kind_parse(member_text(json, "kind"), &ret->kind);
	event_source_parse(member_text(json, "source"), &ret->source);
	utf8_text_clean(member_text(json, "device"), ret->device_id, sizeof(ret->device_id));
	utf8_text_clean(member_text(json, "link"), ret->link, sizeof(ret->link));
	read_params(json_object_get(json, "params"), &ret->params);
}

char *event_json_print_params(const struct event_params *params)
{
	json_t *json = params_json(params);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	return text;
}

void event_json_parse_params(const char *text, struct event_params *ret)
{
	const size_t size = strlen(text) + 1;
	cleanup_free char *clean = malloc(size);
	json_t *json = NULL;

	/* an earlier version's text may have been cut within a character */
	if (clean)
		json = json_loadb(clean, utf8_text_clean(text, clean, size), 0, NULL);
	read_params(json, ret);
	json_decref(json);
}
