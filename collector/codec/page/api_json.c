/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and shapes of the API's objects. Decides what a client sees, not who may see it.
 */
#include "collector/codec/page/api_json.h"

#include <math.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/device_state.h"
#include "collector/core/judge/event.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"
#include "common/conf/conf_errors.h"

enum { TEXT_MAX = 512 };

static json_t *text_json(const char *text)
{
	char clean[TEXT_MAX];
	size_t len;

	if (!text)
		return json_null();
	len = utf8_text_clean(text, clean, sizeof(clean));
	return json_stringn(clean, len);
}

static json_t *number_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* Rates need no fraction: shorter on the wire. */
static json_t *rate_json(double value)
{
	return isfinite(value) && fabs(value) < 9e15 ? json_integer((json_int_t)llround(value))
						     : json_null();
}

static json_t *time_json(int64_t time_ms)
{
	return time_ms > 0 ? json_integer(time_ms) : json_null();
}

static json_t *capacity_json(uint64_t bps)
{
	return bps ? json_integer((json_int_t)bps) : json_null();
}

static int add(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new_nocheck(object, key, value);
}

static void add_capacity(json_t *json, const struct device_capacity *capacity)
{
	add(json, "capacity_in_bps", capacity_json(capacity->in_bps));
	add(json, "capacity_out_bps", capacity_json(capacity->out_bps));
}

/* PANTAU-MIB's numbers of role and medium, RFC 2863's of states. */
static const char *word_of(const char *const *words, size_t n, unsigned int number)
{
	return number < n && words[number] ? words[number] : "unknown";
}

static const char *role_word(unsigned int role)
{
	static const char *const words[] = {NULL, "other", "uplink", "backup", "lan", "hotspot"};

	return word_of(words, ARRAY_LEN(words), role);
}

static const char *link_medium_word(unsigned int medium)
{
	static const char *const words[] = {NULL,	"other",  "fiber",
					    "wireless", "copper", "cellular"};

	return word_of(words, ARRAY_LEN(words), medium);
}

static const char *oper_word(unsigned int oper)
{
	static const char *const words[] = {NULL,      "up",	  "down",	"testing",
					    "unknown", "dormant", "notPresent", "lowerLayerDown"};

	return word_of(words, ARRAY_LEN(words), oper);
}

static bool is_uplink(const struct device_link *link)
{
	enum { ROLE_UPLINK = 2 };

	return link->role == ROLE_UPLINK;
}

static double load_of(const struct device_link *link)
{
	return (isfinite(link->in_bps) ? link->in_bps : 0) +
	       (isfinite(link->out_bps) ? link->out_bps : 0);
}

/* The highest load, of the uplinks alone if there is one. */
static double highest_load(const struct device *device, bool uplinks)
{
	double highest = 0;

	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];

		if (link->present && (!uplinks || is_uplink(link)))
			highest = fmax(highest, load_of(link));
	}
	return highest;
}

static bool has_uplink(const struct device *device)
{
	for (size_t i = 0; i < device->n_links; i++) {
		if (device->links[i].present && is_uplink(&device->links[i]))
			return true;
	}
	return false;
}

/* What a bridge takes in by one link it puts out by another: of links with about the same
 * load always the first, or the choice would go to and fro and in would be out. */
const struct device_link *api_json_main_link(const struct device *device)
{
	const bool uplinks = has_uplink(device);
	const double enough = highest_load(device, uplinks) / 2;

	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];

		if (link->present && (!uplinks || is_uplink(link)) && load_of(link) >= enough)
			return link;
	}
	return NULL;
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

static void add_place(json_t *json, const struct inventory_entry *entry)
{
	add(json, "kind", json_string(inventory_kind_name(entry->kind)));
	add(json, "name", text_json(entry->name));
	add(json, "address", text_json(entry->address));
	add(json, "kecamatan", text_json(entry->kecamatan));
	add(json, "kelurahan", text_json(entry->kelurahan));
	add(json, "provider", text_json(entry->provider));
	add(json, "parent", text_json(entry->parent));
	add(json, "medium", json_string(inventory_medium_name(entry->medium)));
	add(json, "x", number_json(entry->x));
	add(json, "y", number_json(entry->y));
}

static void add_rates(json_t *json, const struct device *device)
{
	const struct device_link *link = api_json_main_link(device);
	/* what was measured before it fell silent is not what is */
	const bool dead = device_status_is_dead(device->status);

	add(json, "in_bps", link && !dead ? rate_json(link->in_bps) : json_null());
	add(json, "out_bps", link && !dead ? rate_json(link->out_bps) : json_null());
	add(json, "clients", dead ? json_null() : rate_json(clients_of(device)));
	add(json, "rtt_ms", number_json(device->rtt_ms));
	add(json, "last_answer_ms", time_json(device->last_answer_ms));
}

static void add_status(json_t *json, const struct device *device)
{
	add(json, "id", text_json(device->entry->id));
	add(json, "status", json_string(device_status_name(device->status)));
	add(json, "cause", text_json(device_cause_name(device->cause)));
	add(json, "since_ms", time_json(device->since_ms));
}

json_t *api_json_device(const struct device *device)
{
	const struct inventory_entry *entry = device->entry;
	const struct device_link *link = api_json_main_link(device);
	struct device_capacity capacity = {entry->capacity_down_bps, entry->capacity_up_bps};
	json_t *json = json_object();

	if (!json)
		return NULL;
	if (link)
		capacity = device_link_capacity(device, link, true);
	add_status(json, device);
	add_place(json, entry);
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

/* What a device that fell silent said last: "up" of the line that it is cut off by, say, is
 * no more known. */
static void add_oper(json_t *json, const struct device_link *link, bool dead)
{
	const bool known = !dead || strcmp(oper_word(link->oper), "up") != 0;

	add(json, "oper", json_string(known ? oper_word(link->oper) : oper_word(0)));
	add(json, "oper_since_ms", known ? time_json(link->oper_since_ms) : json_null());
}

static void add_link_rates(json_t *json, const struct device_link *link, double load, bool dead)
{
	add(json, "load", number_json(dead ? NAN : load));
	add(json, "in_bps", rate_json(dead ? NAN : link->in_bps));
	add(json, "out_bps", rate_json(dead ? NAN : link->out_bps));
	add(json, "in_errors_per_s", number_json(dead ? NAN : link->in_errors_per_s));
	add(json, "out_errors_per_s", number_json(dead ? NAN : link->out_errors_per_s));
	add(json, "in_discards_per_s", number_json(dead ? NAN : link->in_discards_per_s));
	add(json, "out_discards_per_s", number_json(dead ? NAN : link->out_discards_per_s));
}

static json_t *link_json(const struct device *device, const struct device_link *link, bool main)
{
	const struct device_capacity capacity = device_link_capacity(device, link, main);
	const bool dead = device_status_is_dead(device->status);
	json_t *json = json_object();

	add(json, "name", text_json(link->name));
	add(json, "alias", text_json(link->alias));
	add(json, "if_index", json_integer(link->if_index));
	add(json, "present", json_boolean(link->present));
	add(json, "main", json_boolean(main));
	add(json, "role", json_string(role_word(link->role)));
	add(json, "medium", json_string(link_medium_word(link->medium)));
	add(json, "admin", json_string(oper_word(link->admin)));
	add_oper(json, link, dead);
	add_capacity(json, &capacity);
	add_link_rates(json, link, device_link_load(link, &capacity), dead);
	add(json, "sample_ms", time_json(link->sample_ms));
	return json;
}

static json_t *metric_json(const struct device_metric *metric, bool dead)
{
	json_t *json = json_object();

	add(json, "group", text_json(metric->group));
	add(json, "object", text_json(metric->object));
	add(json, "name", text_json(metric->name));
	add(json, "unit", text_json(metric->unit));
	add(json, "value", number_json(dead ? NAN : metric->value));
	add(json, "sample_ms", time_json(metric->sample_ms));
	return json;
}

static json_t *counts_json(const struct device *device)
{
	json_t *json = json_object();

	add(json, "polls", json_integer((json_int_t)device->count.polls));
	add(json, "answers", json_integer((json_int_t)device->count.answers));
	add(json, "timeouts", json_integer((json_int_t)device->count.timeouts));
	add(json, "auth_failures", json_integer((json_int_t)device->count.auth_failures));
	add(json, "other_failures", json_integer((json_int_t)device->count.other_failures));
	add(json, "unknown_samples", json_integer((json_int_t)device->count.unknown_samples));
	add(json, "traps", json_integer((json_int_t)device->count.traps));
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
		json_array_append_new(json, text_json(link->name));
	return json;
}

static void add_details(json_t *json, const struct device *device)
{
	const struct inventory_entry *entry = device->entry;

	add(json, "parent_port", text_json(entry->parent_port));
	add(json, "contract", text_json(entry->contract));
	add(json, "notes", text_json(entry->notes));
	add(json, "capacity_down_bps", capacity_json(entry->capacity_down_bps));
	add(json, "capacity_up_bps", capacity_json(entry->capacity_up_bps));
	add(json, "profile", text_json(device->profile));
	add(json, "problem", text_json(device->problem));
	add(json, "poll_failure", text_json(device->poll_failure));
	add(json, "remarks", remarks_json(device->remarks));
	add(json, "unknown_links", unknown_links_json(device));
	add(json, "values_at_once",
	    device->values_at_once ? json_integer(device->values_at_once) : json_null());
	add(json, "sys_name", text_json(device->sys_name));
	add(json, "sys_descr", text_json(device->sys_descr));
	add(json, "sys_object_id", text_json(device->sys_object_id));
	add(json, "uptime_s", device->uptime_s >= 0 ? json_integer(device->uptime_s) : json_null());
	add(json, "counts", counts_json(device));
}

json_t *api_json_device_full(const struct device *device, json_t *events)
{
	json_t *json = api_json_device(device), *links = json_array(), *metrics = json_array();
	const struct device_link *main = api_json_main_link(device);
	const bool dead = device_status_is_dead(device->status);

	for (size_t i = 0; i < device->n_links; i++)
		json_array_append_new(
			links, link_json(device, &device->links[i], &device->links[i] == main));
	for (size_t i = 0; i < device->n_metrics; i++)
		json_array_append_new(metrics, metric_json(&device->metrics[i], dead));
	if (json)
		add_details(json, device);
	add(json, "links", links);
	add(json, "metrics", metrics);
	add(json, "events", events ? events : json_array());
	return json;
}

json_t *api_json_event(const struct event *event, const char *name)
{
	json_t *json = json_object();

	if (!json)
		return NULL;
	add(json, "id", json_integer(event->id));
	add(json, "kind", json_string(event_kind_name(event->kind)));
	add(json, "device", text_json(event->device_id));
	add(json, "name", text_json(name));
	add(json, "link", text_json(event->link));
	add(json, "time_ms", time_json(event->time_ms));
	add(json, "seen_ms", time_json(event->seen_ms));
	add(json, "source", json_string(event_source_name(event->source)));
	add(json, "begins", event->begins > 0 ? json_integer(event->begins) : json_null());
	add(json, "text", text_json(event->text));
	return json;
}

json_t *api_json_errors(const struct conf_errors *errors)
{
	json_t *json = json_array();

	for (size_t i = 0; i < errors->n; i++)
		json_array_append_new(json, text_json(errors->lines[i]));
	return json;
}
