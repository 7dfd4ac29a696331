/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bindings are kept as text, a line each (varbind_text.h): an OID has no blank, a value no line's end. */
#include "collector/codec/page/notification_json.h"

#include <stdio.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/codec/text/varbind_text.h"
#include "collector/core/trap/trap_map.h"
#include "common/base/cleanup.h"
#include "pantau_mib.h"

/* Of IF-MIB (RFC 2863). */
#define IF_INDEX "1.3.6.1.2.1.2.2.1.1."
#define IF_DESCR "1.3.6.1.2.1.2.2.1.2."
#define IF_NAME	 "1.3.6.1.2.1.31.1.1.1.1."

enum { LINK_SIZE = 65 };

static const char BETWEEN[] = " = ", CUT[] = "...";

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
	member_put_text(json, "oid", line);
	member_put(json, "value",
		   member_text_json(is_community(line) ? VARBIND_TEXT_HIDDEN
				    : value	       ? value
						       : ""));
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

/* What a binding of that column says; NULL: there is none. */
static const char *column_value(const json_t *varbinds, const char *column)
{
	const size_t len = strlen(column);
	const json_t *binding;
	size_t i;

	json_array_foreach (varbinds, i, binding) {
		if (strncmp(member_text(binding, "oid"), column, len) == 0)
			return member_text(binding, "value");
	}
	return NULL;
}

/* Which link it is of, as the device calls it: "wan0", "#7" by its index alone, "" of none. */
static const char *find_link(const json_t *varbinds, char buf[static LINK_SIZE])
{
	static const snmp_oid_t EVENT_IF_NAME[] = {PANTAU_OID_EVENT_IF_NAME};
	char of_event[2 * LINK_SIZE];
	const char *names[] = {of_event, IF_NAME, IF_DESCR}, *index;

	trap_oid_text(EVENT_IF_NAME, ARRAY_LEN(EVENT_IF_NAME), of_event, sizeof(of_event) - 1);
	strcat(of_event, ".");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = column_value(varbinds, names[i]);

		if (value && value[0] == '"' && value[1] != '"') {
			snprintf(buf, LINK_SIZE, "%.*s", (int)strcspn(value + 1, "\""), value + 1);
			return buf;
		}
	}
	index = column_value(varbinds, IF_INDEX);
	snprintf(buf, LINK_SIZE, "%s%s", index ? "#" : "", index ? index : "");
	return buf;
}

json_t *notification_json(const struct notification_row *row)
{
	json_t *json = json_object(), *varbinds;
	char link[LINK_SIZE];
	bool cut;

	if (!json)
		return NULL;
	varbinds = bindings_json(row->text, &cut);
	member_put_integer(json, "id", row->id);
	member_put_positive(json, "received_ms", row->received_ms);
	member_put_positive(json, "event_ms", row->event_ms);
	member_put_known(json, "device", row->device_id);
	member_put_text(json, "source", row->source);
	member_put_text(json, "version", row->version);
	member_put_bool(json, "inform", row->inform);
	member_put_known(json, "security_name", row->security_name);
	member_put_text(json, "oid", row->oid);
	member_put_known(json, "name", notification_oid_name(row->oid));
	member_put_text(json, "kind", row->kind);
	member_put_known(json, "site", row->site_id);
	member_put_positive(json, "number", row->number);
	member_put_known(json, "link", find_link(varbinds, link));
	member_put(json, "varbinds", varbinds);
	member_put_bool(json, "varbinds_cut", cut);
	return json;
}

json_t *sender_json(const struct sender *sender, const char *device)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	member_put_integer(json, "turn", (int64_t)sender->turn);
	member_put_text(json, "source", sender->source);
	member_put_known(json, "device", device);
	member_put_positive(json, "first_ms", sender->first_ms);
	member_put_positive(json, "last_ms", sender->last_ms);
	member_put_integer(json, "count", (int64_t)sender->count);
	member_put_integer(json, "refused", (int64_t)sender->refused);
	member_put_text(json, "reason", sender_reason_name(sender->reason));
	member_put_positive(json, "accepted_ms", sender->accepted_ms);
	return json;
}
