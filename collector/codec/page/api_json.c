/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and shapes of the API's objects. Decides what a client sees, not who may see it.
 */
#include "collector/codec/page/api_json.h"

#include <math.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/judge/trouble_place.h"
#include "collector/core/ping/ping_group.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_errors.h"

static void add_capacity(json_t *json, const struct device_capacity *capacity)
{
	member_put_positive(json, "capacity_in_bps", (int64_t)capacity->in_bps);
	member_put_positive(json, "capacity_out_bps", (int64_t)capacity->out_bps);
}

/* Sum over a device's objects (radios, SSIDs); NAN if none is known. */
static double clients_of(const struct device *device)
{
	double sum = NAN;

	for (size_t i = 0; i < device->n_metrics; i++) {
		const struct device_metric *metric = &device->metrics[i];

		if (strcmp(metric->name, "clients") != 0 || !isfinite(metric->value))
			continue;
		sum = (isfinite(sum) ? sum : 0) + metric->value;
	}
	return sum;
}

static void add_rates(json_t *json, const struct device *device)
{
	const struct device_link *link = device_main_link(device);
	/* what was measured before it fell silent is not what is */
	const bool dead = device_status_is_dead(device->status);

	member_put_rounded(json, "in_bps", link && !dead ? link->in_bps : NAN);
	member_put_rounded(json, "out_bps", link && !dead ? link->out_bps : NAN);
	member_put_rounded(json, "clients", dead ? NAN : clients_of(device));
	member_put_number(json, "rtt_ms", device->rtt_ms);
	member_put_positive(json, "last_answer_ms", device->last_answer_ms);
}

static void add_status(json_t *json, const struct device *device)
{
	member_put_text(json, "id", device->entry->id);
	member_put_text(json, "status", device_status_name(device->status));
	member_put_text(json, "cause", device_cause_name(device->cause));
	member_put_positive(json, "since_ms", device->since_ms);
}

json_t *api_json_device(const struct device *device)
{
	const struct inventory_entry *entry = device->entry;
	const struct device_link *link = device_main_link(device);
	struct device_capacity capacity = {entry->capacity_down_bps, entry->capacity_up_bps};
	json_t *json = json_object();

	if (!json)
		return NULL;
	if (link)
		capacity = device_link_capacity(device, link, true);
	add_status(json, device);
	member_put_text(json, "kind", inventory_kind_name(entry->kind));
	member_put_text(json, "name", entry->name);
	member_put_text(json, "address", entry->address);
	member_put_text(json, "kecamatan", entry->kecamatan);
	member_put_text(json, "kelurahan", entry->kelurahan);
	member_put_text(json, "provider", entry->provider);
	member_put_text(json, "parent", entry->parent);
	member_put_text(json, "short_name", entry->short_name);
	member_put_text(json, "group", entry->group);
	member_put_text(json, "severity", severity_name(entry->severity));
	member_put_text(json, "medium", link_mib_medium(entry->medium));
	member_put_number(json, "x", entry->x);
	member_put_number(json, "y", entry->y);
	add_rates(json, device);
	add_capacity(json, &capacity);
	return json;
}

json_t *api_json_rates(const struct device *device)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	add_status(json, device);
	add_rates(json, device);
	return json;
}

static void add_link_rates(json_t *json, const struct device_link *link, double load, bool dead)
{
	member_put_number(json, "load", dead ? NAN : load);
	member_put_rounded(json, "in_bps", dead ? NAN : link->in_bps);
	member_put_rounded(json, "out_bps", dead ? NAN : link->out_bps);
	member_put_number(json, "in_errors_per_s", dead ? NAN : link->in_errors_per_s);
	member_put_number(json, "out_errors_per_s", dead ? NAN : link->out_errors_per_s);
	member_put_number(json, "in_discards_per_s", dead ? NAN : link->in_discards_per_s);
	member_put_number(json, "out_discards_per_s", dead ? NAN : link->out_discards_per_s);
}

static json_t *link_json(const struct device *device, const struct device_link *link, bool main)
{
	const struct device_capacity capacity = device_link_capacity(device, link, main);
	const bool dead = device_status_is_dead(device->status);
	json_t *json = json_object();
	bool known;

	member_put_text(json, "name", link->name);
	member_put_text(json, "alias", link->alias);
	member_put_integer(json, "if_index", link->if_index);
	member_put_bool(json, "present", link->present);
	member_put_bool(json, "main", main);
	member_put_text(json, "role", link_mib_role(link->role));
	member_put_text(json, "medium", link_mib_medium(link->medium));
	member_put_text(json, "admin", link_mib_admin(link->admin));
	/* What a device that fell silent said last: "up" of the line that it is cut off by, say, is
	 * no more known. */
	known = !dead || link->oper != LINK_OPER_UP;
	member_put_text(json, "oper", link_mib_oper(known ? link->oper : 0));
	member_put_positive(json, "oper_since_ms", known ? link->oper_since_ms : 0);
	add_capacity(json, &capacity);
	add_link_rates(json, link, device_link_load(link, &capacity), dead);
	member_put_positive(json, "sample_ms", link->sample_ms);
	return json;
}

static json_t *metric_json(const struct device_metric *metric, bool dead)
{
	json_t *json = json_object();

	member_put_text(json, "group", metric->group);
	member_put_text(json, "object", metric->object);
	member_put_text(json, "name", metric->name);
	member_put_text(json, "unit", metric->unit);
	member_put_number(json, "value", dead ? NAN : metric->value);
	member_put_positive(json, "sample_ms", metric->sample_ms);
	return json;
}

static json_t *counts_json(const struct device *device)
{
	json_t *json = json_object();

	member_put_integer(json, "polls", (int64_t)device->count.polls);
	member_put_integer(json, "answers", (int64_t)device->count.answers);
	member_put_integer(json, "timeouts", (int64_t)device->count.timeouts);
	member_put_integer(json, "auth_failures", (int64_t)device->count.auth_failures);
	member_put_integer(json, "other_failures", (int64_t)device->count.other_failures);
	member_put_integer(json, "unknown_samples", (int64_t)device->count.unknown_samples);
	member_put_integer(json, "traps", (int64_t)device->count.traps);
	return json;
}

static json_t *remarks_json(uint32_t remarks)
{
	json_t *json = json_array();

	for (int i = 0; i < DEVICE_REMARK_N; i++)
		if (remarks >> i & 1)
			json_array_append_new(
				json, json_string(device_remark_name((enum device_remark)i)));
	return json;
}

/* Of which the inventory sets the capacity, and which the device has not. */
static json_t *unknown_links_json(const struct device *device)
{
	const struct inventory_link *link = NULL;
	json_t *json = json_array();

	while ((link = device_next_unknown_link(device, link)))
		json_array_append_new(json, member_text_json(link->name));
	return json;
}

static json_t *backup_parents_json(const struct inventory_entry *entry)
{
	json_t *json = json_array();

	for (size_t i = 0; json && i < entry->n_backup_parents; i++)
		json_array_append_new(json, json_string(entry->backup_parents[i]));
	return json;
}

static void add_details(json_t *json, const struct device *device)
{
	const struct inventory_entry *entry = device->entry;

	member_put_text(json, "parent_port", entry->parent_port);
	member_put(json, "backup_parents", backup_parents_json(entry));
	member_put_text(json, "feeder", entry->feeder);
	member_put_text(json, "contract", entry->contract);
	member_put_text(json, "notes", entry->notes);
	member_put_positive(json, "capacity_down_bps", (int64_t)entry->capacity_down_bps);
	member_put_positive(json, "capacity_up_bps", (int64_t)entry->capacity_up_bps);
	member_put_text(json, "profile", device->profile);
	member_put_text(json, "problem", device->problem);
	member_put_text(json, "trouble_at", trouble_place_name(trouble_place_of(device)));
	member_put_text(json, "poll_failure",
			device->last_poll == SNMP_OUTCOME_ANSWER
				? NULL
				: snmp_outcome_name(device->last_poll));
	member_put_text(json, "answers_from",
			device->answers_from[0] ? device->answers_from : NULL);
	member_put(json, "remarks", remarks_json(device->remarks));
	member_put(json, "unknown_links", unknown_links_json(device));
	member_put_positive(json, "values_at_once", device->values_at_once);
	member_put_text(json, "sys_name", device->sys_name);
	member_put_text(json, "sys_descr", device->sys_descr);
	member_put_text(json, "sys_object_id", device->sys_object_id);
	member_put_text(json, "model", device->model);
	member_put_text(json, "firmware", device->firmware);
	member_put_text(json, "serial", device->serial);
	member_put(json, "uptime_s",
		   device->uptime_s >= 0 ? json_integer(device->uptime_s) : json_null());
	member_put(json, "counts", counts_json(device));
}

/* Beside what it says itself: what its silence says, too. */
static void add_echo(json_t *metrics, const struct device *device)
{
	for (size_t i = 0; device->echo.sample_ms && i < PING_GROUP.n_ds; i++) {
		struct device_metric metric = {.unit = PING_GROUP.ds[i].unit,
					       .value = device->echo.value[i],
					       .sample_ms = device->echo.sample_ms};

		strcpy(metric.group, PING_GROUP.name);
		strcpy(metric.name, PING_GROUP.ds[i].name);
		json_array_append_new(metrics, metric_json(&metric, false));
	}
}

json_t *api_json_device_full(const struct device *device, json_t *events)
{
	json_t *json = api_json_device(device), *links = json_array(), *metrics = json_array();
	const struct device_link *main = device_main_link(device);
	const bool dead = device_status_is_dead(device->status);

	for (size_t i = 0; i < device->n_links; i++)
		json_array_append_new(
			links, link_json(device, &device->links[i], &device->links[i] == main));
	for (size_t i = 0; i < device->n_metrics; i++)
		json_array_append_new(metrics, metric_json(&device->metrics[i], dead));
	add_echo(metrics, device);
	if (json)
		add_details(json, device);
	member_put(json, "links", links);
	member_put(json, "metrics", metrics);
	member_put(json, "events", events ? events : json_array());
	return json;
}

json_t *api_json_errors(const struct conf_errors *errors)
{
	json_t *json = json_array();

	for (size_t i = 0; i < errors->n; i++)
		json_array_append_new(json, member_text_json(errors->lines[i]));
	return json;
}
