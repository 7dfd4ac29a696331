/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/alert_json.h"

#include "collector/codec/page/member.h"

json_t *alert_json(const struct alert *alert, const char *name)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	member_put_integer(json, "id", alert->id);
	member_put_text(json, "kind", alert_kind_name(alert->kind));
	member_put_text(json, "severity", severity_name(alert->severity));
	member_put_known(json, "device", alert->device_id);
	member_put_text(json, "name", name);
	member_put_known(json, "link", alert->link);
	member_put_positive(json, "begin_ms", alert->begin_ms);
	member_put_positive(json, "seen_ms", alert->seen_ms);
	member_put_positive(json, "end_ms", alert->end_ms);
	member_put_text(json, "cause", alert_cause_name(alert->cause));
	member_put_bool(json, "cause_by_person", alert->cause_by_person);
	member_put_integer(json, "behind", alert->n_behind);
	member_put_known(json, "detail", alert->detail);
	member_put_number(json, "value", alert->value);
	member_put_number(json, "limit", alert->limit);
	member_put_bool(json, "planned", alert->planned);
	member_put_bool(json, "silenced", alert->silenced);
	member_put_positive(json, "silenced_ms", alert->silenced_ms);
	member_put_known(json, "acknowledged_by", alert->acked_by);
	member_put_positive(json, "acknowledged_ms", alert->acked_ms);
	member_put_known(json, "note", alert->note);
	member_put_positive(json, "begin_event", alert->begin_event);
	member_put_positive(json, "end_event", alert->end_event);
	return json;
}

static json_t *blind_json(const struct outage_row *row)
{
	json_t *json = json_array();

	for (size_t i = 0; i < row->n_blind; i++)
		json_array_append_new(json, json_pack("[I, I]", (json_int_t)row->blind[i].begin_ms,
						      (json_int_t)row->blind[i].end_ms));
	return json;
}

json_t *alert_json_outage(const struct outage_row *row, const char *name)
{
	const struct alert_outage *outage = &row->outage;
	json_t *json = json_object();

	if (!json)
		return NULL;
	member_put_integer(json, "id", row->id);
	member_put_text(json, "device", outage->device_id);
	member_put_text(json, "name", name);
	member_put_positive(json, "begin_ms", outage->begin_ms);
	member_put_positive(json, "end_ms", outage->end_ms);
	member_put_positive(json, "alert", outage->alert_id);
	member_put_bool(json, "behind", outage->behind);
	member_put_text(json, "cause", alert_cause_name(outage->cause));
	member_put_bool(json, "planned", outage->planned);
	member_put_text(json, "known", event_source_name(outage->known));
	member_put(json, "blind", blind_json(row));
	member_put_integer(json, "blind_ms", row->blind_ms);
	return json;
}
