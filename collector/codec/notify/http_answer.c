/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Status first, then the member that has to have its value. A status of success whose body, which
 * would decide, cannot be read: the message may well have arrived.
 */
#include "collector/codec/notify/http_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/base/cleanup.h"
#include "common/base/text_clean.h"
#include "common/base/utf8_text.h"

/* One step of a JSON pointer (RFC 6901). */
static const json_t *step(const json_t *json, const char *name, size_t len)
{
	char key[64];
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (n >= sizeof(key) - 1)
			return NULL;
		key[n++] = name[i];
		if (name[i] == '~' && i + 1 < len && (name[i + 1] == '0' || name[i + 1] == '1'))
			key[n - 1] = name[++i] == '0' ? '~' : '/';
	}
	key[n] = '\0';
	if (json_is_array(json) && n > 0 && strspn(key, "0123456789") == n)
		return json_array_get(json, strtoul(key, NULL, 10));
	return json_object_get(json, key);
}

/* "/result/0/id" from the root, or the name of a member. */
static const json_t *find(const json_t *json, const char *field)
{
	if (*field != '/')
		return step(json, field, strlen(field));
	while (json && *field == '/') {
		const size_t len = strcspn(++field, "/");

		json = step(json, field, len);
		field += len;
	}
	return json;
}

/* A text as it is; anything else as JSON writes it, cut. */
static void value_text(const json_t *value, char *buf, size_t size)
{
	cleanup_free char *text = NULL;

	if (json_is_string(value)) {
		utf8_text_clean(json_string_value(value), buf, size);
		return;
	}
	text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	utf8_text_clean(text ? text : "", buf, size);
}

static bool has_value(const json_t *json, const char *field, const char *wanted)
{
	const json_t *value = find(json, field);
	char text[256];

	if (!value)
		return false;
	value_text(value, text, sizeof(text));
	return strcmp(text, wanted) == 0;
}

/* What receivers call their reasons; else the body itself. */
static void say(const json_t *json, const struct http_answer *answer, struct notify_result *ret)
{
	static const char *const REASONS[] = {"description",	  "reason",  "detail",
					      "errorDescription", "message", "error"};

	for (size_t i = 0; i < ARRAY_LEN(REASONS); i++) {
		const json_t *value = json_object_get(json, REASONS[i]);

		if (!json_is_string(value) || json_string_length(value) == 0)
			continue;
		value_text(value, ret->answer, sizeof(ret->answer));
		return;
	}
	text_clean((const uint8_t *)answer->body, answer->len, ret->answer, sizeof(ret->answer));
	if (ret->answer[0] == '\0')
		snprintf(ret->answer, sizeof(ret->answer), "status %d", answer->status);
}

static bool is_passing(int status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

static enum delivery_outcome judge(const struct notify_request *request,
				   const struct http_answer *answer, const json_t *json)
{
	if (answer->status < request->ok_from || answer->status > request->ok_to)
		return is_passing(answer->status) ? DELIVERY_LATER : DELIVERY_REFUSED;
	if (!request->ok_field)
		return DELIVERY_ARRIVED;
	if (!json)
		return DELIVERY_UNKNOWN;
	return has_value(json, request->ok_field, request->ok_value) ? DELIVERY_ARRIVED
								     : DELIVERY_LATER;
}

static void set_wait(int64_t seconds, struct notify_result *ret)
{
	if (seconds <= 0)
		return;
	ret->retry_after_ms =
		seconds < NOTIFY_RETRY_MAX_MS / 1000 ? seconds * 1000 : NOTIFY_RETRY_MAX_MS;
}

/* ResponseParameters of the Bot API. The message itself was not at fault. */
static void take_parameters(const json_t *json, struct notify_result *ret)
{
	const json_t *chat = find(json, "/parameters/migrate_to_chat_id");

	set_wait(json_integer_value(find(json, "/parameters/retry_after")), ret);
	if (!json_is_integer(chat))
		return;
	value_text(chat, ret->moved_to, sizeof(ret->moved_to));
	ret->outcome = DELIVERY_LATER;
}

void http_answer_judge(const struct notify_request *request, const struct http_answer *answer,
		       struct notify_result *ret)
{
	json_t *json = answer->cut ? NULL : json_loadb(answer->body, answer->len, 0, NULL);

	*ret = (struct notify_result){.id = ret->id, .status = answer->status};
	ret->outcome = judge(request, answer, json);
	if (ret->outcome != DELIVERY_ARRIVED)
		set_wait(answer->retry_after_s, ret);
	say(json, answer, ret);
	if (request->dialect == NOTIFY_TELEGRAM && ret->outcome != DELIVERY_ARRIVED)
		take_parameters(json, ret);
	if (request->id_field && ret->outcome == DELIVERY_ARRIVED)
		value_text(find(json, request->id_field), ret->remote, sizeof(ret->remote));
	json_decref(json);
}
