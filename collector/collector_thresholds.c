/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alert of a threshold is of the device, by the threshold's title and the object's name. */
#include "collector/collector_thresholds.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/calendar/calendar.h"
#include "collector/core/judge/threshold.h"
#include "collector/io/setup/local_time.h"
#include "common/base/cleanup.h"

enum { TICK_US = 60000000 };

struct collector_thresholds {
	struct collector_thresholds_deps deps;
	struct threshold_set *set;
	struct loop_timer *timer;
};

static struct moment now_of(void)
{
	return (struct moment){.wall_ms = loop_wall_ms(), .mono_ms = loop_now_us() / 1000};
}

/* "penuh wan0"; the other way round in restore(). */
static const char *link_of(const char *title, const char *object, char buf[static 64])
{
	snprintf(buf, 64, "%s%s%s", title, object[0] ? " " : "", object);
	return buf;
}

static void on_begun(void *data, const struct threshold_conf *threshold, const char *device_id,
		     const char *object, double value, int64_t begin_ms)
{
	struct collector_thresholds *thresholds = data;
	char link[64];
	const struct alert_news news = {
		.kind = ALERT_THRESHOLD,
		.severity = (enum severity)threshold->severity,
		.device_id = device_id,
		.link = link_of(threshold->title, object, link),
		.begin_ms = begin_ms,
		.detail = threshold->value,
		.value = value,
		.limit = threshold_conf_limit(threshold),
	};

	alert_set_raise(thresholds->deps.alerts, &news, now_of());
}

static void on_ended(void *data, const char *title, const char *device_id, const char *object,
		     double value, int64_t end_ms)
{
	struct collector_thresholds *thresholds = data;
	char link[64];

	(void)value;
	alert_set_end(thresholds->deps.alerts, ALERT_THRESHOLD, device_id,
		      link_of(title, object, link), end_ms, now_of());
}

static void on_timer(void *data)
{
	struct collector_thresholds *thresholds = data;

	threshold_set_tick(thresholds->set, now_of());
	loop_timer_arm(thresholds->timer, TICK_US);
}

/* Alerts that were open before. */
static void restore(struct collector_thresholds *thresholds)
{
	struct alert_set *alerts = thresholds->deps.alerts;
	const struct moment now = now_of();

	for (size_t i = alert_set_n_open(alerts); i-- > 0;) {
		const struct alert was = *alert_set_open(alerts, i);
		char title[64];

		if (was.kind != ALERT_THRESHOLD)
			continue;
		snprintf(title, sizeof(title), "%.*s", (int)strcspn(was.link, " "), was.link);
		if (!threshold_set_restore(
			    thresholds->set, title, was.device_id,
			    was.link[strlen(title)] ? was.link + strlen(title) + 1 : "", now))
			alert_set_end(alerts, ALERT_THRESHOLD, was.device_id, was.link, now.wall_ms,
				      now);
	}
}

int collector_thresholds_new(const struct collector_thresholds_deps *deps,
			     struct collector_thresholds **ret)
{
	struct collector_thresholds *thresholds = calloc(1, sizeof(*thresholds));
	const struct threshold_hooks hooks = {thresholds, on_begun, on_ended};
	int r;

	assert(deps->loop && deps->alerts && deps->devices && deps->setup);
	if (!thresholds)
		return -ENOMEM;
	thresholds->deps = *deps;
	r = threshold_set_new(deps->setup->conf.thresholds, deps->setup->conf.n_thresholds, &hooks,
			      &thresholds->set);
	if (r == 0)
		r = loop_timer_new(deps->loop, on_timer, thresholds, &thresholds->timer);
	if (r < 0) {
		collector_thresholds_free(thresholds);
		return r;
	}
	restore(thresholds);
	loop_timer_arm(thresholds->timer, TICK_US);
	*ret = thresholds;
	return 0;
}

struct collector_thresholds *collector_thresholds_free(struct collector_thresholds *thresholds)
{
	if (!thresholds)
		return NULL;
	loop_timer_free(thresholds->timer);
	threshold_set_free(thresholds->set);
	free(thresholds);
	return NULL;
}

static bool is_office(const struct collector_thresholds *thresholds, int64_t wall_ms)
{
	const struct local_time at = local_time_of(wall_ms);

	return calendar_is_office_time(&thresholds->deps.setup->calendar, &at);
}

/* The fuller direction's share of the capacity in percent; NAN: not known. */
static double load_of(const struct device *device, const char *object)
{
	const struct device_link *link = device_find_link(device, object);
	struct device_capacity capacity;

	if (!link)
		return NAN;
	capacity = device_link_capacity(device, link, link == device_main_link(device));
	return 100 * device_link_load(link, &capacity);
}

void collector_thresholds_sample(struct collector_thresholds *thresholds,
				 const struct sample *sample)
{
	const struct sample_group *group = sample->series->group;
	struct threshold_value value = {.object = sample->series->object, .group = group->name};
	const struct moment now = now_of();
	const struct device *device;
	bool office;

	loop_assert_thread(thresholds->deps.loop);
	if (!threshold_set_wants(thresholds->set, group->name))
		return;
	device = device_set_find(thresholds->deps.devices, sample->series->device_id);
	if (!device)
		return;
	office = is_office(thresholds, now.wall_ms);
	value.entry = device->entry;
	for (size_t i = 0; i < group->n_ds; i++) {
		value.name = group->ds[i].name;
		value.value = sample->value[i];
		threshold_set_put(thresholds->set, &value, office, now);
	}
	if (strcmp(group->name, "traffic") == 0) {
		value.name = "load";
		value.value = load_of(device, value.object);
		threshold_set_put(thresholds->set, &value, office, now);
	}
}

void collector_thresholds_forget(struct collector_thresholds *thresholds, const char *device_id)
{
	threshold_set_forget(thresholds->set, device_id, now_of());
}

void collector_thresholds_set_setup(struct collector_thresholds *thresholds,
				    const struct setup *setup)
{
	thresholds->deps.setup = setup;
	threshold_set_conf(thresholds->set, setup->conf.thresholds, setup->conf.n_thresholds,
			   now_of());
}
