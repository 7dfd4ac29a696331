/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bindings are kept as text, a line each (varbind_text.h): an OID has no blank, a value no line's end. */
#include "collector/codec/page/notification_json.h"

#include <string.h>

#include "collector/codec/text/varbind_text.h"
#include "collector/core/notify/trap_map.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

enum { VALUE_MAX = 8192 };

static const char BETWEEN[] = " = ", CUT[] = "...";

static void add(json_t *object, const char *key, json_t *value)
{
	json_object_set_new_nocheck(object, key, value);
}

/* Also of a database that something else has written to. */
static json_t *text_json(const char *text)
{
	char clean[VALUE_MAX];
	const size_t len = utf8_text_clean(text, clean, sizeof(clean));

	return json_stringn_nocheck(clean, len);
}

static json_t *known_json(const char *text)
{
	return text && text[0] ? text_json(text) : json_null();
}

static json_t *number_json(uint64_t number)
{
	return number ? json_integer((json_int_t)number) : json_null();
}

static json_t *time_json(int64_t time_ms)
{
	return time_ms > 0 ? json_integer(time_ms) : json_null();
}

/* Rows of before communities were left out have them. */
static bool is_community(const char *oid)
{
	return strcmp(oid, "1.3.6.1.6.3.18.1.4.0") == 0;
}

static json_t *binding_json(char *line)
{
	char *value = strstr(line, BETWEEN);
	json_t *json = json_object();

	if (value) {
		*value = '\0';
		value += strlen(BETWEEN);
	}
	if (!json)
		return NULL;
	add(json, "oid", text_json(line));
	add(json, "value",
	    is_community(line) ? json_string(VARBIND_TEXT_HIDDEN) : text_json(value ? value : ""));
	return json;
}

static json_t *bindings_json(const char *text, bool *ret_cut)
{
	json_t *json = json_array();

	*ret_cut = false;
	for (const char *at = text; json && *at;) {
		const size_t len = strcspn(at, "\n");
		cleanup_free char *line = strndup(at, len);

		at += len + (at[len] == '\n');
		*ret_cut = line && strcmp(line, CUT) == 0;
		if (line && line[0] && !*ret_cut)
			json_array_append_new(json, binding_json(line));
	}
	return json;
}

static void add_bindings(json_t *json, const char *text)
{
	bool cut;

	add(json, "varbinds", bindings_json(text, &cut));
	add(json, "varbinds_cut", json_boolean(cut));
}

json_t *notification_json(const struct notification_row *row)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	add(json, "id", json_integer(row->id));
	add(json, "received_ms", time_json(row->received_ms));
	add(json, "event_ms", time_json(row->event_ms));
	add(json, "device", known_json(row->device_id));
	add(json, "source", text_json(row->source));
	add(json, "version", text_json(row->version));
	add(json, "inform", json_boolean(row->inform));
	add(json, "security_name", known_json(row->security_name));
	add(json, "oid", text_json(row->oid));
	add(json, "name", known_json(notification_oid_name(row->oid)));
	add(json, "kind", text_json(row->kind));
	add(json, "site", known_json(row->site_id));
	add(json, "number", number_json(row->number));
	add_bindings(json, row->text);
	return json;
}

json_t *sender_json(const struct sender *sender, const char *device)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	add(json, "turn", json_integer((json_int_t)sender->turn));
	add(json, "source", text_json(sender->source));
	add(json, "device", known_json(device));
	add(json, "first_ms", time_json(sender->first_ms));
	add(json, "last_ms", time_json(sender->last_ms));
	add(json, "count", json_integer((json_int_t)sender->count));
	add(json, "refused", json_integer((json_int_t)sender->refused));
	add(json, "reason", json_string(sender_reason_name(sender->reason)));
	add(json, "accepted_ms", time_json(sender->accepted_ms));
	return json;
}
