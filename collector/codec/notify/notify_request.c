/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of the members; what a protocol needs is checked where it is read. */
#include "collector/codec/notify/notify_request.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum type { TEXT, LIST, INT, INT64 };

struct field {
	const char *key;
	enum type type;
	size_t offset;
	int64_t min, max; /* of numbers */
};

#define FIELD(member, type, min, max)                                                              \
	{                                                                                          \
#member, type, offsetof(struct notify_request, member), min, max                   \
	}
#define TEXT_FIELD(member) FIELD(member, TEXT, 0, 0)
#define LIST_FIELD(member) FIELD(member, LIST, 0, 0)

static const struct field FIELDS[] = {
	FIELD(id, INT64, 0, INT64_MAX),
	TEXT_FIELD(channel),
	FIELD(protocol, INT, 0, NOTIFY_PROTOCOL_N - 1),
	FIELD(timeout_ms, INT64, 1, NOTIFY_TIMEOUT_MAX_MS),
	TEXT_FIELD(url),
	TEXT_FIELD(method),
	LIST_FIELD(headers),
	TEXT_FIELD(user),
	TEXT_FIELD(password),
	TEXT_FIELD(ca_file),
	FIELD(ok_from, INT64, 0, 999),
	FIELD(ok_to, INT64, 0, 999),
	TEXT_FIELD(ok_field),
	TEXT_FIELD(ok_value),
	TEXT_FIELD(id_field),
	FIELD(dialect, INT, 0, NOTIFY_DIALECT_N - 1),
	TEXT_FIELD(host),
	FIELD(port, INT64, 0, 65535),
	FIELD(security, INT, 0, SECURITY_NONE),
	FIELD(transport, INT, 0, TRANSPORT_TLS),
	TEXT_FIELD(from),
	LIST_FIELD(to),
	LIST_FIELD(argv),
	LIST_FIELD(env),
	TEXT_FIELD(body),
};

static void *member(struct notify_request *request, const struct field *field)
{
	return (char *)request + field->offset;
}

static const void *member_of(const struct notify_request *request, const struct field *field)
{
	return (const char *)request + field->offset;
}

static void wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void wipe_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		wipe(list[i]);
	free(list);
}

void notify_request_deinit(struct notify_request *request)
{
	for (size_t i = 0; i < ARRAY_LEN(FIELDS); i++) {
		if (FIELDS[i].type == TEXT)
			wipe(*(char **)member(request, &FIELDS[i]));
		else if (FIELDS[i].type == LIST)
			wipe_list(*(char ***)member(request, &FIELDS[i]));
	}
	*request = (struct notify_request){0};
}

int notify_request_add(char ***list, const char *format, ...)
{
	size_t n = 0;
	va_list args;
	char **longer, *text;
	int r;

	while (*list && (*list)[n])
		n++;
	if (n >= NOTIFY_LIST_MAX)
		return -E2BIG;
	longer = reallocarray(*list, n + 2, sizeof(*longer));
	if (!longer)
		return -ENOMEM;
	*list = longer;
	longer[n] = longer[n + 1] = NULL;
	va_start(args, format);
	r = vasprintf(&text, format, args);
	va_end(args);
	if (r < 0)
		return -ENOMEM;
	longer[n] = text;
	return 0;
}

/* ---- writing ---- */

static json_t *list_json(char *const *list)
{
	json_t *json = json_array();

	for (size_t i = 0; list[i]; i++) {
		if (json_array_append_new(json, json_string(list[i])) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

/* False: not possible. What is NULL is left out. */
static bool put_field(json_t *json, const struct notify_request *request, const struct field *field)
{
	const void *at = member_of(request, field);

	switch (field->type) {
	case TEXT: {
		const char *text = *(char *const *)at;

		return !text || json_object_set_new(json, field->key, json_string(text)) == 0;
	}
	case LIST: {
		char *const *list = *(char **const *)at;

		return !list || json_object_set_new(json, field->key, list_json(list)) == 0;
	}
	case INT:
		return json_object_set_new(json, field->key, json_integer(*(const int *)at)) == 0;
	case INT64:
	default:
		return json_object_set_new(json, field->key, json_integer(*(const int64_t *)at)) ==
		       0;
	}
}

char *notify_request_text(const struct notify_request *request)
{
	json_t *json = json_object();
	char *text = NULL;
	bool good = json;

	for (size_t i = 0; good && i < ARRAY_LEN(FIELDS); i++)
		good = put_field(json, request, &FIELDS[i]);
	if (good)
		text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

/* ---- reading ---- */

/* A text with a NUL in it is refused by jansson. */
static int take_list(const json_t *value, char ***ret)
{
	const size_t n = json_array_size(value);
	char **list;

	if (!json_is_array(value) || n > NOTIFY_LIST_MAX)
		return -EINVAL;
	list = calloc(n + 1, sizeof(*list));
	*ret = list; /* freed with the request, as far as it came */
	for (size_t i = 0; list && i < n; i++) {
		const char *text = json_string_value(json_array_get(value, i));

		list[i] = text ? strdup(text) : NULL;
		if (!list[i])
			return text ? -ENOMEM : -EINVAL;
	}
	return list ? 0 : -ENOMEM;
}

static int take_number(const json_t *value, const struct field *field, void *ret)
{
	const int64_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < field->min || n > field->max)
		return -EINVAL;
	if (field->type == INT)
		*(int *)ret = (int)n;
	else
		*(int64_t *)ret = n;
	return 0;
}

static int take_field(const json_t *json, const struct field *field, struct notify_request *ret)
{
	const json_t *value = json_object_get(json, field->key);
	void *at = member(ret, field);

	if (field->type == INT || field->type == INT64)
		return take_number(value, field, at);
	if (!value)
		return 0;
	if (field->type == LIST)
		return take_list(value, at);
	if (!json_is_string(value))
		return -EINVAL;
	*(char **)at = strdup(json_string_value(value));
	return *(char **)at ? 0 : -ENOMEM;
}

bool notify_request_is_whole(const struct notify_request *request)
{
	if (!request->channel || !request->body || strlen(request->body) > NOTIFY_BODY_MAX)
		return false;
	switch ((enum notify_protocol)request->protocol) {
	case NOTIFY_HTTP:
		return request->url && request->method && request->headers &&
		       !request->ok_field == !request->ok_value;
	case NOTIFY_SMTP:
		return request->host && request->from && request->to && request->to[0];
	case NOTIFY_SYSLOG:
		return request->host;
	case NOTIFY_COMMAND:
		return request->argv && request->argv[0] && request->argv[0][0] == '/' &&
		       request->env;
	case NOTIFY_PROTOCOL_N:
	default:
		return false;
	}
}

int notify_request_parse(const char *text, size_t len, struct notify_request *ret)
{
	struct notify_request request = {0};
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	int r = json_is_object(json) ? 0 : -EINVAL;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(FIELDS); i++)
		r = take_field(json, &FIELDS[i], &request);
	json_decref(json);
	if (r == 0 && !notify_request_is_whole(&request))
		r = -EINVAL;
	if (r < 0) {
		notify_request_deinit(&request);
		return r;
	}
	*ret = request;
	return 0;
}
