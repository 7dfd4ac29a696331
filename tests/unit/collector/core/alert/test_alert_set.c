/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios in virtual time: what polls and notifications bring to the monitor, and the
 * alerts and outages that follow. A core whose port t1 leads to three hotspots, one of which
 * has another behind it, and whose port p1 to an office.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/alert/alert_set.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/monitor.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */
#define EPOCH	      INT64_C(1700000000000)

enum { CORE, HS1, HS2, HS3, HS4, OPD, DEVICES_N, SETTLE_MS = 60000 };

#define ENTRY(ID, ADDRESS, PARENT, PORT, SEVERITY, PROVIDER, FEEDER)                               \
	{                                                                                          \
		.id = TEXT(ID), .name = TEXT(ID), .address = TEXT(ADDRESS),                        \
		.parent = TEXT(PARENT), .parent_port = TEXT(PORT), .severity = (SEVERITY),         \
		.provider = TEXT(PROVIDER), .feeder = TEXT(FEEDER)                                 \
	}

static struct inventory_entry entries[DEVICES_N] = {
	[CORE] = ENTRY("core", "192.0.2.1", "", "", SEVERITY_CRITICAL, "", ""),
	[HS1] = ENTRY("hs-1", "192.0.2.2", "core", "t1", SEVERITY_WARNING, "lintas", "kota-1"),
	[HS2] = ENTRY("hs-2", "192.0.2.3", "core", "t1", SEVERITY_WARNING, "lintas", ""),
	[HS3] = ENTRY("hs-3", "192.0.2.4", "core", "t1", SEVERITY_WARNING, "lintas", ""),
	[HS4] = ENTRY("hs-4", "192.0.2.5", "hs-3", "", SEVERITY_WARNING, "", ""),
	[OPD] = ENTRY("opd", "192.0.2.6", "core", "p1", SEVERITY_MAJOR, "", ""),
};

struct city {
	struct device_set set;
	struct monitor *monitor;
	struct alert_set *alerts;
	struct device *devices[DEVICES_N];
	int64_t now;
	char told[4096];    /* "raised link-down core/t1 @10 4; ..." */
	char outages[4096]; /* "hs-1 @10-20 1; ..." */
	struct alert last;
};

static struct moment now(const struct city *city)
{
	return (struct moment){.wall_ms = EPOCH + city->now, .mono_ms = 1000 + city->now};
}

static void on_event(void *data, struct device *device, const struct event *event)
{
	struct city *city = data;

	(void)device;
	alert_set_event(city->alerts, event, now(city));
}

static void on_changed(void *data, struct device *device)
{
	struct city *city = data;

	alert_set_changed(city->alerts, device, now(city));
}

__attribute__((format(printf, 3, 4))) static void append(char *buf, size_t size, const char *format,
							 ...)
{
	const size_t used = strlen(buf);
	va_list args;

	va_start(args, format);
	vsnprintf(buf + used, size - used, format, args);
	va_end(args);
}

static void on_alert(void *data, const struct alert *alert, enum alert_change change)
{
	static const char *const CHANGES[] = {"raised", "amended", "answered", "ended"};
	struct city *city = data;

	assert_true((alert->end_ms != 0) == (change == ALERT_ENDED));
	assert_true(alert->end_ms == 0 || alert->end_ms > alert->begin_ms);
	assert_true(alert_set_find(city->alerts, alert->id) != NULL);
	append(city->told, sizeof(city->told), "%s%s %s %s%s%s", city->told[0] ? "; " : "",
	       CHANGES[change], alert_kind_name(alert->kind), alert->device_id,
	       alert->link[0] ? "/" : "", alert->link);
	if (change == ALERT_ENDED)
		append(city->told, sizeof(city->told), "@%lld-%lld",
		       (long long)(alert->begin_ms - EPOCH) / 1000,
		       (long long)(alert->end_ms - EPOCH) / 1000);
	else if (alert->n_behind)
		append(city->told, sizeof(city->told), " +%u", alert->n_behind);
	city->last = *alert;
}

static void on_outage(void *data, const struct alert_outage *outage)
{
	struct city *city = data;

	if (outage->end_ms == 0)
		return;
	append(city->outages, sizeof(city->outages), "%s%s@%lld-%lld %lld%s",
	       city->outages[0] ? "; " : "", outage->device_id,
	       (long long)(outage->begin_ms - EPOCH) / 1000,
	       (long long)(outage->end_ms - EPOCH) / 1000, (long long)outage->alert_id,
	       outage->behind ? " behind" : "");
}

static const struct device_state_conf STATE = {.down_after = 3, .parent_hold_ms = 5000};

static void start_alerts(struct city *city, int64_t last_id)
{
	const struct alert_hooks hooks = {.data = city, .changed = on_alert, .outage = on_outage};

	assert_int_equal(alert_set_new(&hooks, last_id, SETTLE_MS, &city->alerts), 0);
	alert_set_devices(city->alerts, &city->set, now(city));
}

static int setup(void **state)
{
	const struct monitor_hooks hooks = {.event = on_event, .changed = on_changed};
	struct city *city = calloc(1, sizeof(*city));
	struct device **devices = calloc(DEVICES_N, sizeof(struct device *));
	struct monitor_hooks with = hooks;

	with.data = city;
	for (int i = 0; i < DEVICES_N; i++) {
		devices[i] = city->devices[i] = device_new(&entries[i]);
		city->devices[i]->uptime_s = 1000000;
	}
	assert_int_equal(device_set_init(&city->set, devices, DEVICES_N), 0);
	free(devices);
	assert_int_equal(monitor_new(&STATE, &with, 0, &city->monitor), 0);
	assert_int_equal(monitor_set_devices(city->monitor, &city->set), 0);
	start_alerts(city, 0);
	*state = city;
	return 0;
}

static int teardown(void **state)
{
	struct city *city = *state;

	alert_set_free(city->alerts);
	monitor_free(city->monitor);
	device_set_deinit(&city->set);
	free(city);
	return 0;
}

static void tick(struct city *city, int64_t t)
{
	city->now = t * 1000;
	monitor_tick(city->monitor, now(city));
	alert_set_tick(city->alerts, now(city));
}

static void answer(struct city *city, int64_t t, int i)
{
	tick(city, t);
	city->devices[i]->last_answer_ms = now(city).wall_ms;
	monitor_polled(city->monitor, city->devices[i], SNMP_OUTCOME_ANSWER, now(city));
}

static void miss(struct city *city, int64_t t, int i)
{
	tick(city, t);
	monitor_polled(city->monitor, city->devices[i], SNMP_OUTCOME_TIMEOUT, now(city));
}

/* Polls missed one after the other until nothing more can come of it. */
static void fall(struct city *city, int64_t t, int i)
{
	for (int n = 0; n < 4; n++)
		miss(city, t + n, i);
	tick(city, t + 20);
}

static void all_answer(struct city *city, int64_t t)
{
	for (int i = 0; i < DEVICES_N; i++)
		answer(city, t, i);
}

static void notify(struct city *city, int64_t t, int i, bool up, const char *port)
{
	struct notification n = {.kind = up ? NOTIFICATION_LINK_UP : NOTIFICATION_LINK_DOWN,
				 .clock_state = 3};

	tick(city, t);
	snprintf(n.if_name, sizeof(n.if_name), "%s", port);
	monitor_notified(city->monitor, city->devices[i], &n, now(city));
}

static void give_port(struct city *city, const char *name, uint8_t oper)
{
	struct device *core = city->devices[CORE];

	if (!core->links) {
		core->links = calloc(1, sizeof(*core->links));
		core->n_links = 1;
		core->links[0].name = strdup(name);
		core->links[0].present = true;
		core->links[0].admin = LINK_ADMIN_UP;
	}
	core->links[0].oper = oper;
}

static void expect(struct city *city, const char *told, const char *outages)
{
	assert_string_equal(city->told, told);
	assert_string_equal(city->outages, outages);
	city->told[0] = city->outages[0] = '\0';
}

static void test_one_device(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, OPD);
	expect(city, "raised device-down opd", "");
	assert_int_equal(city->last.severity, SEVERITY_MAJOR);
	assert_int_equal(city->last.cause, ALERT_CAUSE_UNKNOWN);
	miss(city, 120, OPD);
	expect(city, "", "");
	answer(city, 200, OPD);
	expect(city, "ended device-down opd@60-200", "opd@60-200 1");
	assert_int_equal(city->last.cause, ALERT_CAUSE_LINE); /* it ran all the time */
	assert_int_equal(alert_set_n_open(city->alerts), 0);
}

/* Its host answers, from another address: neither the line nor the power failed. */
static void test_answers_from_elsewhere(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	for (int n = 0; n < 4; n++) {
		tick(city, 60 + n);
		monitor_polled(city->monitor, city->devices[OPD], SNMP_OUTCOME_OTHER_SOURCE,
			       now(city));
	}
	tick(city, 80);
	expect(city, "raised device-down opd", "");
	assert_int_equal(city->last.cause, ALERT_CAUSE_SNMP);
}

static void test_power_by_uptime(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, OPD);
	city->devices[OPD]->uptime_s = 20;
	answer(city, 200, OPD);
	assert_int_equal(city->last.cause, ALERT_CAUSE_POWER);
}

/* All behind a dead device are its alert's. */
static void test_parent(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, HS3);
	fall(city, 90, HS4);
	expect(city, "raised device-down hs-3 +1", "");
	answer(city, 200, HS3);
	answer(city, 210, HS4);
	tick(city, 400);
	expect(city, "ended device-down hs-3@60-200", "hs-3@60-200 1; hs-4@60-210 1 behind");
}

/* A trunk's own notification, then the silence of those behind it. */
static void test_trunk_told(void **state)
{
	static const int ALL[] = {HS1, HS2, HS3, HS4};
	const char *behind[8];
	struct city *city = *state;

	all_answer(city, 0);
	give_port(city, "t1", LINK_OPER_DOWN);
	notify(city, 10, CORE, false, "t1");
	expect(city, "raised link-down core/t1 +4", "");
	assert_int_equal(city->last.severity, SEVERITY_WARNING);
	assert_int_equal(city->last.cause, ALERT_CAUSE_LINE);
	for (size_t i = 0; i < ARRAY_LEN(ALL); i++) {
		answer(city, 59 + 20 * (int64_t)i, CORE);
		fall(city, 60 + 20 * (int64_t)i, ALL[i]);
	}
	expect(city, "", "");
	assert_int_equal(alert_set_behind(city->alerts, 1, behind, 8), 4);
	give_port(city, "t1", LINK_OPER_UP);
	notify(city, 200, CORE, true, "t1");
	for (size_t i = 0; i < ARRAY_LEN(ALL); i++)
		answer(city, 205, ALL[i]);
	tick(city, 600);
	expect(city, "ended link-down core/t1@10-200",
	       "hs-1@10-205 1 behind; hs-2@10-205 1 behind; hs-3@10-205 1 behind; "
	       "hs-4@10-205 1 behind");
}

/* The notification was lost: the port as it was polled, and nothing but polls. */
static void test_trunk_polled(void **state)
{
	struct city *city = *state;

	give_port(city, "t1", LINK_OPER_UP);
	all_answer(city, 0);
	give_port(city, "t1", LINK_OPER_DOWN);
	answer(city, 30, CORE);
	expect(city, "raised link-down core/t1 +4", "");
	for (int i = HS1; i <= HS4; i++)
		fall(city, 60 + 20 * i, i);
	expect(city, "", "");
	give_port(city, "t1", LINK_OPER_UP);
	answer(city, 200, CORE);
	for (int i = HS1; i <= HS4; i++)
		answer(city, 201, i);
	tick(city, 600);
	assert_non_null(strstr(city->told, "ended link-down core/t1@30-"));
	assert_null(strstr(city->told, "device-down"));
	assert_int_equal(alert_set_n_open(city->alerts), 0);
}

/* Who answered since the trunk was cut is silent for another reason. */
static void test_other_reason(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	give_port(city, "t1", LINK_OPER_DOWN);
	notify(city, 10, CORE, false, "t1");
	answer(city, 30, HS2);
	answer(city, 58, CORE);
	fall(city, 60, HS1);
	fall(city, 80, HS2);
	fall(city, 101, OPD);
	assert_non_null(strstr(city->told, "raised device-down hs-2"));
	assert_non_null(strstr(city->told, "raised device-down opd"));
	assert_null(strstr(city->told, "hs-1"));
}

/* The trunk is back; one behind it is not. */
static void test_left_behind(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	give_port(city, "t1", LINK_OPER_DOWN);
	notify(city, 10, CORE, false, "t1");
	answer(city, 58, CORE);
	fall(city, 60, HS1);
	fall(city, 60, HS2);
	fall(city, 60, HS3);
	give_port(city, "t1", LINK_OPER_UP);
	notify(city, 200, CORE, true, "t1");
	answer(city, 205, HS2);
	answer(city, 205, HS3);
	city->told[0] = '\0';
	tick(city, 206);
	expect(city, "", "hs-2@10-205 1 behind; hs-3@10-205 1 behind");
	fall(city, 206, HS1); /* not before it was asked again */
	expect(city, "raised device-down hs-1", "");
	tick(city, 200 + SETTLE_MS / 1000);
	expect(city, "", "");
	answer(city, 300, HS1);
	/* what was before is the trunk's */
	expect(city, "ended device-down hs-1@206-300", "hs-1@10-300 2");
}

static void test_provider_and_feeder(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	for (int i = HS1; i <= HS3; i++) {
		answer(city, 40 + 20 * i, CORE);
		fall(city, 40 + 20 * i, i);
	}
	assert_int_equal(alert_set_n_open(city->alerts), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(alert_set_open(city->alerts, i)->cause, ALERT_CAUSE_PROVIDER);
}

static void test_raise_and_end(void **state)
{
	struct city *city = *state;
	struct alert_news news = {.kind = ALERT_CHANNEL_FAILED,
				  .severity = SEVERITY_MAJOR,
				  .device_id = "",
				  .link = "noc",
				  .begin_ms = EPOCH,
				  .detail = "HTTP 500",
				  .value = NAN,
				  .limit = NAN};
	const int64_t id = alert_set_raise(city->alerts, &news, now(city));

	expect(city, "raised channel-failed /noc", "");
	news.detail = "HTTP 502";
	assert_int_equal(alert_set_raise(city->alerts, &news, now(city)), id);
	expect(city, "", "");
	assert_string_equal(alert_set_find(city->alerts, id)->detail, "HTTP 502");
	alert_set_devices(city->alerts, &city->set, now(city)); /* a reload ends it not */
	assert_true(alert_set_end(city->alerts, ALERT_CHANNEL_FAILED, "", "noc", EPOCH + 5000,
				  now(city)));
	assert_false(alert_set_end(city->alerts, ALERT_CHANNEL_FAILED, "", "noc", EPOCH + 5000,
				   now(city)));
	expect(city, "ended channel-failed /noc@0-5", "");
	assert_int_equal(alert_set_find(city->alerts, id)->end_ms, EPOCH + 5000);
}

static void test_open_is_bounded(void **state)
{
	struct city *city = *state;
	struct alert_set_stats stats;
	char link[16];
	struct alert_news news = {.kind = ALERT_THRESHOLD,
				  .device_id = "opd",
				  .link = link,
				  .begin_ms = EPOCH,
				  .value = 2,
				  .limit = 1};

	for (int i = 0; i < ALERT_SET_OPEN_MAX + 3; i++) {
		snprintf(link, sizeof(link), "v%d", i);
		city->told[0] = '\0';
		assert_int_equal(alert_set_raise(city->alerts, &news, now(city)) == 0,
				 i >= ALERT_SET_OPEN_MAX);
	}
	alert_set_get_stats(city->alerts, &stats);
	assert_int_equal(stats.dropped, 3);
	assert_int_equal(stats.open, ALERT_SET_OPEN_MAX);
}

/* As the store would give them back, with another set. */
static void restart(struct city *city)
{
	struct alert_set *old = city->alerts;

	start_alerts(city, 0);
	for (size_t i = 0; i < alert_set_n_open(old); i++)
		alert_set_restore(city->alerts, alert_set_open(old, i));
	alert_set_free(old);
}

static void test_restart(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, OPD);
	city->told[0] = '\0';
	restart(city);
	alert_set_restore_outage(city->alerts, &(struct alert_outage){.device_id = "opd",
								      .begin_ms = EPOCH + 60000,
								      .alert_id = 1});
	alert_set_reconcile(city->alerts, now(city));
	expect(city, "", "");
	fall(city, 300, OPD);
	expect(city, "", "");
	answer(city, 400, OPD);
	expect(city, "ended device-down opd@60-400", "opd@60-400 1");
}

/* A kill fell between what was stored of the event and of the alert. */
static void test_reconcile(void **state)
{
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, OPD);
	alert_set_free(city->alerts);
	start_alerts(city, 7);
	city->told[0] = '\0';
	alert_set_reconcile(city->alerts, now(city));
	expect(city, "raised device-down opd", "");
	assert_int_equal(city->last.id, 8);
	answer(city, 100, OPD);
	city->told[0] = city->outages[0] = '\0';
	city->last.end_ms = 0;
	alert_set_restore(city->alerts, &(struct alert){.id = 9,
							.kind = ALERT_DEVICE_DOWN,
							.device_id = "opd",
							.begin_ms = EPOCH + 60000,
							.begin_event = 1});
	tick(city, 200);
	alert_set_reconcile(city->alerts, now(city));
	expect(city, "ended device-down opd@60-200", "");
}

static void test_device_removed(void **state)
{
	struct device_set none = {.n = 0};
	struct city *city = *state;

	all_answer(city, 0);
	fall(city, 60, OPD);
	city->told[0] = '\0';
	alert_set_devices(city->alerts, &none, now(city));
	expect(city, "ended device-down opd@60-80", "opd@60-80 1");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_one_device),		CASE(test_answers_from_elsewhere),
		CASE(test_power_by_uptime),	CASE(test_parent),
		CASE(test_trunk_told),		CASE(test_trunk_polled),
		CASE(test_other_reason),	CASE(test_left_behind),
		CASE(test_provider_and_feeder), CASE(test_raise_and_end),
		CASE(test_open_is_bounded),	CASE(test_restart),
		CASE(test_reconcile),		CASE(test_device_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
