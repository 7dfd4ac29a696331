/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bindings are kept as text, a line each (varbind_text.h): an OID has no blank, a value no line's end. */
#include "collector/codec/page/notification_json.h"

#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/codec/text/varbind_text.h"
#include "collector/core/trap/trap_map.h"
#include "common/base/cleanup.h"

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

json_t *notification_json(const struct notification_row *row)
{
	json_t *json = json_object();
	bool cut;

	if (!json)
		return NULL;
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
	member_put(json, "varbinds", bindings_json(row->text, &cut));
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
