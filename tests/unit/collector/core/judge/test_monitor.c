/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios in virtual time: what polls and notifications bring, and the events, states and
 * polls that follow. A city of one core, two sites on its ports, a hotspot behind a site.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/judge/monitor.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */
#define EPOCH	      INT64_C(1700000000000)

static struct inventory_entry entries[] = {
	{.id = TEXT("core-1"),
	 .name = TEXT("Core"),
	 .address = TEXT("192.0.2.1"),
	 .parent = TEXT(""),
	 .parent_port = TEXT("")},
	{.id = TEXT("hs-1"),
	 .name = TEXT("Hotspot"),
	 .address = TEXT("192.0.2.4"),
	 .parent = TEXT("opd-1"),
	 .parent_port = TEXT("")},
	{.id = TEXT("opd-1"),
	 .name = TEXT("Dinas"),
	 .address = TEXT("192.0.2.2"),
	 .parent = TEXT("core-1"),
	 .parent_port = TEXT("p1")},
	{.id = TEXT("opd-2"),
	 .name = TEXT("Badan"),
	 .address = TEXT("192.0.2.3"),
	 .parent = TEXT("core-1"),
	 .parent_port = TEXT("p2")},
};

struct city {
	struct device_set set;
	struct monitor *monitor;
	struct device *core, *hs, *opd1, *opd2;
	int64_t now;	   /* ms since the start */
	char events[2048]; /* "kind device@time" with link, joined by spaces */
	int64_t begins[64];
	struct event_params params[64];
	size_t n_events;
	uint32_t behind; /* of the last event that said how many */
	char polls[1024];
};

static void on_event(void *data, struct device *device, const struct event *event)
{
	struct city *city = data;
	size_t used = strlen(city->events);

	snprintf(city->events + used, sizeof(city->events) - used, "%s%s %s%s%s@%lld",
		 used ? "; " : "", event_kind_name(event->kind), device ? device->entry->id : "-",
		 event->link[0] ? "/" : "", event->link, (long long)(event->time_ms - EPOCH));
	assert_true(event->id == (int64_t)++city->n_events);
	assert_true(event->time_ms <= event->seen_ms);
	assert_true(event_kind_is_end(event->kind) == (event->begins != 0));
	city->begins[event->id] = event->begins;
	if (event->params.behind)
		city->behind = event->params.behind;
	city->params[event->id] = event->params;
}

static void on_poll(void *data, struct device *device)
{
	struct city *city = data;
	size_t used = strlen(city->polls);

	snprintf(city->polls + used, sizeof(city->polls) - used, "%s%s", used ? " " : "",
		 device->entry->id);
}

static struct moment now(const struct city *city)
{
	return (struct moment){.wall_ms = EPOCH + city->now, .mono_ms = 1000 + city->now};
}

static void add_links(struct device *device, size_t n, ...)
{
	va_list args;

	device->links = calloc(n, sizeof(*device->links));
	device->n_links = n;
	va_start(args, n);
	for (size_t i = 0; i < n; i++) {
		device->links[i].name = strdup(va_arg(args, const char *));
		device->links[i].role = (uint8_t)va_arg(args, int);
		device->links[i].if_index = (uint32_t)i + 1;
		device->links[i].present = true;
		device->links[i].admin = LINK_ADMIN_UP;
		device->links[i].oper = LINK_OPER_UP;
	}
	va_end(args);
}

static void poll_at(struct city *city, int64_t t, struct device *device, enum snmp_outcome outcome)
{
	city->now = t;
	if (outcome == SNMP_OUTCOME_ANSWER)
		device->last_answer_ms = now(city).wall_ms;
	monitor_polled(city->monitor, device, outcome, now(city));
}

static void answer(struct city *city, int64_t t, struct device *device)
{
	poll_at(city, t, device, SNMP_OUTCOME_ANSWER);
}

static void miss(struct city *city, int64_t t, struct device *device)
{
	poll_at(city, t, device, SNMP_OUTCOME_TIMEOUT);
}

static void tick(struct city *city, int64_t t)
{
	city->now = t;
	monitor_tick(city->monitor, now(city));
}

struct told {
	struct device *device;
	enum notification_kind kind;
	const char *link;
	int64_t time; /* of the event; -1: not told */
	uint32_t number, epoch;
	uint8_t role;
	const char *text;
	uint32_t value;
};

static void notify(struct city *city, int64_t t, struct told told)
{
	struct notification n = {.kind = told.kind,
				 .number = told.number,
				 .epoch_id = told.epoch,
				 .value = told.value,
				 .role = told.role,
				 .clock_state = 3};

	city->now = t;
	n.event_ms = told.time < 0 ? 0 : EPOCH + told.time;
	snprintf(n.if_name, sizeof(n.if_name), "%s", told.link ? told.link : "");
	snprintf(n.text, sizeof(n.text), "%s", told.text ? told.text : "");
	if (told.number)
		snprintf(n.site_id, sizeof(n.site_id), "%s", told.device->entry->id);
	monitor_notified(city->monitor, told.device, &n, now(city));
}

static void forget(struct city *city)
{
	city->events[0] = city->polls[0] = '\0';
}

static int setup(void **state)
{
	static const struct device_state_conf CONF = {.down_after = 2, .parent_hold_ms = 10000};
	struct city *city = calloc(1, sizeof(*city));
	const struct monitor_hooks hooks = {.data = city, .event = on_event, .poll_now = on_poll};
	struct device *devices[4];

	for (size_t i = 0; i < 4; i++)
		devices[i] = device_new(&entries[i]);
	assert_int_equal(device_set_init(&city->set, devices, 4), 0);
	city->core = devices[0];
	city->hs = devices[1];
	city->opd1 = devices[2];
	city->opd2 = devices[3];
	add_links(city->core, (size_t)3, "p1", LINK_ROLE_OTHER, "p2", LINK_ROLE_OTHER, "p9",
		  LINK_ROLE_OTHER);
	add_links(city->opd1, (size_t)2, "wan0", LINK_ROLE_UPLINK, "lan0", LINK_ROLE_LAN);
	add_links(city->opd2, (size_t)3, "wan0", LINK_ROLE_UPLINK, "lte0", LINK_ROLE_BACKUP, "lan0",
		  LINK_ROLE_LAN);
	assert_int_equal(monitor_new(&CONF, &hooks, 0, &city->monitor), 0);
	assert_int_equal(monitor_set_devices(city->monitor, &city->set), 0);
	for (size_t i = 0; i < 4; i++)
		answer(city, 0, devices[i]);
	assert_string_equal(city->events, "");
	*state = city;
	return 0;
}

static int teardown(void **state)
{
	struct city *city = *state;

	monitor_free(city->monitor);
	device_set_deinit(&city->set);
	free(city);
	return 0;
}

static void test_first_answer_is_no_event(void **state)
{
	struct city *city = *state;

	assert_int_equal(city->opd1->status, DEVICE_UP);
	assert_int_equal(city->opd1->since_ms, EPOCH);
}

static void test_missed_polls(void **state)
{
	struct city *city = *state;

	answer(city, 59000, city->core);
	miss(city, 60000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_SUSPECT);
	assert_string_equal(city->events, "");
	assert_string_equal(city->polls, "core-1"); /* whose trouble it may be */
	tick(city, 61000);			    /* asked again soon */
	assert_string_equal(city->polls, "core-1 opd-1");
	answer(city, 61500, city->core);
	miss(city, 62000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	assert_int_equal(city->opd1->cause, DEVICE_CAUSE_NO_ANSWER);
	/* dead since the first poll that it missed */
	assert_string_equal(city->events, "device-down opd-1@60000");
	miss(city, 120000, city->opd1);
	miss(city, 180000, city->opd1);
	answer(city, 240000, city->opd1);
	answer(city, 300000, city->opd1);
	assert_string_equal(city->events, "device-down opd-1@60000; device-up opd-1@240000");
	assert_int_equal(city->begins[2], 1);
	assert_int_equal(city->opd1->cause, DEVICE_CAUSE_NONE);
}

static void test_one_lost_poll_is_no_event(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->opd1);
	answer(city, 61000, city->opd1);
	miss(city, 120000, city->opd1);
	answer(city, 121000, city->opd1);
	assert_string_equal(city->events, "");
	assert_int_equal(city->opd1->status, DEVICE_UP);
}

/* What a reader is told besides the kind. */
static void test_parameters(void **state)
{
	struct city *city = *state;

	answer(city, 59000, city->core);
	miss(city, 60000, city->opd1);
	answer(city, 61500, city->core);
	miss(city, 62000, city->opd1);
	answer(city, 240000, city->opd1);
	poll_at(city, 300000, city->opd1, SNMP_OUTCOME_WRONG_KEY);
	answer(city, 330000, city->opd1);
	notify(city, 400000,
	       (struct told){city->opd1, NOTIFICATION_LINK_FLAPPING, "wan0", 400000, 1, 9, 2,
			     "FO"});
	notify(city, 460000,
	       (struct told){city->opd1, NOTIFICATION_LINK_SETTLED, "wan0", 460000, 2, 9, 2,
			     "settled up"});
	notify(city, 500000,
	       (struct told){city->opd1, NOTIFICATION_EVENTS_DROPPED, "", 500000, 3, 9, 0, "7 lost",
			     7});
	assert_string_equal(
		city->events,
		"device-down opd-1@60000; device-up opd-1@240000; auth-failed opd-1@300000; "
		"auth-ok opd-1@330000; link-flapping opd-1/wan0@400000; "
		"link-settled opd-1/wan0@460000; notifications-lost opd-1@500000");
	assert_int_equal(city->params[1].cause, DEVICE_CAUSE_NO_ANSWER);
	assert_int_equal(city->params[1].behind, 1); /* its hotspot */
	assert_int_equal(city->params[2].cause, DEVICE_CAUSE_NONE);
	assert_int_equal(city->params[2].duration_ms, 180000);
	assert_int_equal(city->params[3].cause, DEVICE_CAUSE_WRONG_KEY);
	assert_int_equal(city->params[3].behind, 0);
	assert_int_equal(city->params[4].duration_ms, 30000);
	assert_string_equal(city->params[5].detail, "FO");
	assert_int_equal(city->params[6].duration_ms, 60000);
	assert_string_equal(city->params[6].detail, "");
	assert_int_equal(city->params[7].count, 7);
}

/* Its event has room for less than a device may send: what ends it must be found all the same. */
static void test_long_link_name(void **state)
{
	static const char NAME[] =
		"0123456789012345678901234567890123456789012345678901234567890123";
	struct city *city = *state;

	notify(city, 1000,
	       (struct told){city->opd1, NOTIFICATION_LINK_FLAPPING, NAME, 1000, 1, 9, 2});
	notify(city, 2000,
	       (struct told){city->opd1, NOTIFICATION_LINK_SETTLED, NAME, 2000, 2, 9, 2});
	assert_int_equal(city->n_events, 2);
	assert_int_equal(city->begins[2], 1);
}

static void test_own_trouble_is_not_the_devices(void **state)
{
	struct city *city = *state;

	for (int i = 0; i < 5; i++) {
		poll_at(city, 60000 + i, city->opd1, SNMP_OUTCOME_FAILED);
		poll_at(city, 60000 + i, city->opd1, SNMP_OUTCOME_CANCELLED);
	}
	assert_int_equal(city->opd1->status, DEVICE_UP);
}

static void test_causes(void **state)
{
	static const struct {
		enum snmp_outcome outcome;
		enum device_status status;
		enum device_cause cause;
	} CASES[] = {
		{SNMP_OUTCOME_TIMEOUT, DEVICE_DOWN, DEVICE_CAUSE_NO_ANSWER},
		{SNMP_OUTCOME_MALFORMED, DEVICE_DOWN, DEVICE_CAUSE_NO_ANSWER},
		{SNMP_OUTCOME_REFUSED, DEVICE_DOWN, DEVICE_CAUSE_REFUSED},
		{SNMP_OUTCOME_OTHER_SOURCE, DEVICE_DOWN, DEVICE_CAUSE_OTHER_SOURCE},
		{SNMP_OUTCOME_UNREACHABLE, DEVICE_DOWN, DEVICE_CAUSE_UNREACHABLE},
		{SNMP_OUTCOME_UNKNOWN_USER, DEVICE_AUTH_FAILED, DEVICE_CAUSE_UNKNOWN_USER},
		{SNMP_OUTCOME_WRONG_KEY, DEVICE_AUTH_FAILED, DEVICE_CAUSE_WRONG_KEY},
		{SNMP_OUTCOME_DECRYPT_ERROR, DEVICE_AUTH_FAILED, DEVICE_CAUSE_WRONG_PRIVACY},
		{SNMP_OUTCOME_NO_ACCESS, DEVICE_AUTH_FAILED, DEVICE_CAUSE_NO_ACCESS},
		{SNMP_OUTCOME_NOT_IN_WINDOW, DEVICE_AUTH_FAILED, DEVICE_CAUSE_AUTH_OTHER},
		{SNMP_OUTCOME_UNSUPPORTED_LEVEL, DEVICE_AUTH_FAILED, DEVICE_CAUSE_AUTH_OTHER},
	};
	struct city *city = *state;

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int64_t t = 100000 * ((int64_t)i + 1);

		answer(city, t + 1, city->core);
		poll_at(city, t, city->opd2, CASES[i].outcome);
		poll_at(city, t + 1000, city->opd2, CASES[i].outcome);
		assert_int_equal(city->opd2->status, CASES[i].status);
		assert_int_equal(city->opd2->cause, CASES[i].cause);
		answer(city, t + 2000, city->opd2);
		assert_int_equal(city->opd2->status, DEVICE_UP);
	}
	assert_int_equal(city->n_events, 2 * sizeof(CASES) / sizeof(CASES[0]));
}

/* Who answers, from wherever, is not behind a parent that does not. */
static void test_answers_behind_a_dead_parent(void **state)
{
	static const struct {
		enum snmp_outcome outcome;
		enum device_cause cause;
	} CASES[] = {
		{SNMP_OUTCOME_REFUSED, DEVICE_CAUSE_REFUSED},
		{SNMP_OUTCOME_OTHER_SOURCE, DEVICE_CAUSE_OTHER_SOURCE},
	};
	struct city *city = *state;

	miss(city, 1000, city->core);
	miss(city, 2000, city->core);
	assert_int_equal(city->core->status, DEVICE_DOWN);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int64_t t = 10000 * ((int64_t)i + 1);

		answer(city, t, city->opd2);
		poll_at(city, t + 1000, city->opd2, CASES[i].outcome);
		poll_at(city, t + 2000, city->opd2, CASES[i].outcome);
		assert_int_equal(city->opd2->status, DEVICE_DOWN);
		assert_int_equal(city->opd2->cause, CASES[i].cause);
	}
}

static void test_dead_device_that_refuses_is_alive(void **state)
{
	struct city *city = *state;

	miss(city, 1000, city->opd1);
	answer(city, 1500, city->core);
	miss(city, 2000, city->opd1);
	poll_at(city, 3000, city->opd1, SNMP_OUTCOME_WRONG_KEY);
	answer(city, 4000, city->opd1);
	assert_string_equal(city->events,
			    "device-down opd-1@1000; device-up opd-1@3000; auth-failed opd-1@3000; "
			    "auth-ok opd-1@4000");
	assert_int_equal(city->begins[2], 1);
	assert_int_equal(city->begins[4], 3);
}

/* The demo's "cut SITE": red at once, by the core's word alone. */
static void test_cut_and_restore(void **state)
{
	struct city *city = *state;

	notify(city, 5003, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", 5000, 41, 7, 1});
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	assert_int_equal(city->opd1->cause, DEVICE_CAUSE_LINK_DOWN);
	assert_int_equal(city->opd1->since_ms, EPOCH + 5000);
	assert_int_equal(city->core->status, DEVICE_UP);
	assert_string_equal(city->events, "device-down opd-1@5000");
	/* its own notification of the same event, the standard one */
	notify(city, 5004, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", 5000, 41, 0, 0});
	/* an answer that was under way */
	answer(city, 5010, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	forget(city);
	tick(city, 5400);
	assert_string_equal(city->polls, "opd-1");
	miss(city, 8000, city->opd1);
	miss(city, 68000, city->opd1);
	forget(city);
	notify(city, 90002, (struct told){city->core, NOTIFICATION_LINK_UP, "p1", 90000, 42, 7, 1});
	tick(city, 90003);
	assert_string_equal(city->polls, "core-1 opd-1");
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	answer(city, 90010, city->opd1);
	assert_string_equal(city->events, "device-up opd-1@90000");
	assert_int_equal(city->begins[2], 1);
	/* what the site stored meanwhile tells nothing new */
	notify(city, 90020,
	       (struct told){city->opd1, NOTIFICATION_LINK_DOWN, "wan0", 5000, 11, 9, 2});
	notify(city, 90021,
	       (struct told){city->opd1, NOTIFICATION_LINK_DOWN, "wan0", 5000, 11, 9, 2});
	notify(city, 90022, (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 8000, 12, 9, 0});
	notify(city, 90023,
	       (struct told){city->opd1, NOTIFICATION_LINK_UP, "wan0", 90000, 13, 9, 2});
	notify(city, 90024, (struct told){city->opd1, NOTIFICATION_PATH_UP, "", 90020, 14, 9, 0});
	assert_string_equal(city->events, "device-up opd-1@90000");
	assert_int_equal(city->opd1->status, DEVICE_UP);
	assert_true(monitor_stats(city->monitor)->confirmations >= 2);
	assert_true(monitor_stats(city->monitor)->repeats >= 2);
}

/* An agent lost its event log and numbers anew within the same boot. */
static void test_same_number_another_event(void **state)
{
	struct city *city = *state;

	notify(city, 5000,
	       (struct told){city->core, NOTIFICATION_LINK_FLAPPING, "p3", 5000, 41, 7, 1});
	notify(city, 5001,
	       (struct told){city->core, NOTIFICATION_LINK_FLAPPING, "p3", 5000, 41, 7, 1});
	assert_string_equal(city->events, "link-flapping core-1/p3@5000");
	assert_int_equal(monitor_stats(city->monitor)->repeats, 1);
	forget(city);
	notify(city, 9000,
	       (struct told){city->core, NOTIFICATION_LINK_SETTLED, "p3", 9000, 41, 7, 1});
	assert_string_equal(city->events, "link-settled core-1/p3@9000");
	assert_int_equal(monitor_stats(city->monitor)->repeats, 1);
}

/* The site's informs come before anybody else noticed that it is back. */
static void test_returning_site_tells_first(void **state)
{
	struct city *city = *state;

	notify(city, 5000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", 5000, 41, 7, 1});
	miss(city, 8000, city->opd1);
	forget(city);
	notify(city, 90000,
	       (struct told){city->opd1, NOTIFICATION_LINK_DOWN, "wan0", 5000, 11, 9, 2});
	notify(city, 90001,
	       (struct told){city->opd1, NOTIFICATION_LINK_UP, "wan0", 89990, 12, 9, 2});
	tick(city, 90001);
	assert_true(strstr(city->polls, "opd-1") != NULL);
	assert_string_equal(city->events, "");
	answer(city, 90005, city->opd1);
	notify(city, 90006, (struct told){city->core, NOTIFICATION_LINK_UP, "p1", 89990, 42, 7, 1});
	answer(city, 90010, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_UP);
	assert_string_equal(city->events, "device-up opd-1@90005");
}

static void test_no_answer_after_port_is_up(void **state)
{
	struct city *city = *state;

	notify(city, 5000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", 5000, 1, 7, 1});
	notify(city, 6000, (struct told){city->core, NOTIFICATION_LINK_UP, "p1", 6000, 2, 7, 1});
	tick(city, 6000);
	forget(city);
	miss(city, 7000, city->opd1); /* still booting: asked again every second */
	tick(city, 8000);
	assert_string_equal(city->polls, "opd-1");
	answer(city, 9000, city->opd1);
	assert_string_equal(city->events, "device-up opd-1@9000");
}

static void test_other_way_degrades(void **state)
{
	struct city *city = *state;

	notify(city, 5001, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p2", 5000, 1, 7, 1});
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	/* the site's own end of the same line */
	city->opd2->links[0].oper = LINK_OPER_DOWN;
	notify(city, 5002,
	       (struct told){city->opd2, NOTIFICATION_LINK_DOWN, "wan0", 5000, 1, 9, 2});
	answer(city, 5010, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	assert_string_equal(city->events, "link-down opd-2/core-1:p2@5000");
	city->opd2->links[0].oper = LINK_OPER_UP;
	notify(city, 9000, (struct told){city->core, NOTIFICATION_LINK_UP, "p2", 9000, 2, 7, 1});
	notify(city, 9001, (struct told){city->opd2, NOTIFICATION_LINK_UP, "wan0", 9000, 2, 9, 2});
	answer(city, 9010, city->opd2);
	assert_string_equal(city->events,
			    "link-down opd-2/core-1:p2@5000; link-up opd-2/core-1:p2@9000");
	assert_int_equal(city->opd2->status, DEVICE_UP);
}

static void test_backup_link(void **state)
{
	struct city *city = *state;

	notify(city, 5001,
	       (struct told){city->opd2, NOTIFICATION_LINK_DOWN, "lte0", 5000, 1, 9, 3});
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	assert_string_equal(city->events, "link-down opd-2/lte0@5000");
	assert_string_equal(city->polls, "opd-2");
	/* sampled before, came after */
	answer(city, 5010, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	/* the linkUp was lost; polling sees it */
	answer(city, 65000, city->opd2);
	assert_string_equal(city->events, "link-down opd-2/lte0@5000; link-up opd-2/lte0@65000");
	assert_int_equal(city->opd2->status, DEVICE_UP);
}

static void test_polling_finds_link_down(void **state)
{
	struct city *city = *state;

	city->opd2->links[1].oper = LINK_OPER_DOWN;
	answer(city, 60000, city->opd2);
	answer(city, 120000, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	city->opd2->links[2].oper = LINK_OPER_DOWN; /* lan: not watched */
	answer(city, 180000, city->opd2);
	city->opd2->links[1].oper = LINK_OPER_UP;
	answer(city, 240000, city->opd2);
	assert_string_equal(city->events, "link-down opd-2/lte0@60000; link-up opd-2/lte0@240000");
}

static void test_unwatched_links(void **state)
{
	struct city *city = *state;

	notify(city, 1000,
	       (struct told){city->opd1, NOTIFICATION_LINK_DOWN, "lan0", 1000, 1, 9, 4});
	notify(city, 1500, (struct told){city->opd1, NOTIFICATION_LINK_UP, "lan0", 1500, 2, 9, 4});
	/* told of, since the operator gave it a role; and the device is as well as before */
	assert_string_equal(city->events, "link-down opd-1/lan0@1000; link-up opd-1/lan0@1500");
	assert_int_equal(city->opd1->status, DEVICE_UP);
	/* a switch that knows neither roles nor Pantau */
	city->events[0] = '\0';
	notify(city, 2000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p9", -1, 0, 0, 0});
	notify(city, 3000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p9", -1, 0, 0, 0});
	notify(city, 4000, (struct told){city->core, NOTIFICATION_LINK_UP, "p9", -1, 0, 0, 0});
	assert_string_equal(city->events, "link-down core-1/p9@2000; link-up core-1/p9@4000");
}

/* A port that several lie behind: its own linkDown is one event that says how many. */
static void test_a_trunk_is_told_with_what_lies_behind(void **state)
{
	struct city *city = *state;
	char *const port = city->opd2->entry->parent_port;
	struct inventory_entry *entry = (struct inventory_entry *)city->opd2->entry;

	entry->parent_port = TEXT("p1"); /* beside opd-1 */
	notify(city, 2000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", -1, 0, 0, 0});
	assert_string_equal(city->events, "link-down core-1/p1@2000");
	assert_int_equal(city->behind, 3); /* with the hotspot behind opd-1 */
	assert_int_equal(city->core->status, DEVICE_DEGRADED);
	notify(city, 9000, (struct told){city->core, NOTIFICATION_LINK_UP, "p1", -1, 0, 0, 0});
	assert_string_equal(city->events, "link-down core-1/p1@2000; link-up core-1/p1@9000");
	assert_int_equal(city->core->status, DEVICE_UP);
	entry->parent_port = port;
}

/* Those behind a trunk that is cut fall silent for its sake: one event, not one for each. */
static void test_a_cut_trunk_is_one_event(void **state)
{
	struct city *city = *state;
	char *const port = city->opd2->entry->parent_port;
	struct inventory_entry *entry = (struct inventory_entry *)city->opd2->entry;

	entry->parent_port = TEXT("p1"); /* beside opd-1 */
	notify(city, 2000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", -1, 0, 0, 0});
	city->core->links[0].oper = LINK_OPER_DOWN;
	for (int64_t t = 3000; t < 9000; t += 2000) {
		miss(city, t, city->opd1);
		answer(city, t + 500, city->core); /* it answers all the time */
		miss(city, t + 1000, city->opd2);
	}
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	assert_int_equal(city->opd2->status, DEVICE_UNREACHABLE);
	assert_string_equal(city->events, "link-down core-1/p1@2000");
	city->core->links[0].oper = LINK_OPER_UP;
	notify(city, 60000, (struct told){city->core, NOTIFICATION_LINK_UP, "p1", -1, 0, 0, 0});
	forget(city);
	tick(city, 60000); /* they are asked at once */
	assert_true(strstr(city->polls, "opd-1") && strstr(city->polls, "opd-2"));
	answer(city, 60100, city->opd1);
	miss(city, 60100, city->opd2); /* and this one has died meanwhile */
	miss(city, 61100, city->opd2);
	answer(city, 61200, city->core);
	miss(city, 62100, city->opd2);
	assert_string_equal(city->events, "device-down opd-2@60100");
	entry->parent_port = port;
}

/* No notification came: the children's silence has their parent asked, whose port tells. */
static void test_a_cut_trunk_by_poll_alone(void **state)
{
	struct city *city = *state;
	char *const port = city->opd2->entry->parent_port;
	struct inventory_entry *entry = (struct inventory_entry *)city->opd2->entry;

	entry->parent_port = TEXT("p1"); /* beside opd-1 */
	miss(city, 60000, city->opd1);
	miss(city, 60500, city->opd2);
	miss(city, 61000, city->opd1);
	miss(city, 61500, city->opd2);
	assert_string_equal(city->polls, "core-1");
	city->core->links[0].oper = LINK_OPER_DOWN;
	answer(city, 61600, city->core);
	assert_string_equal(city->events, "link-down core-1/p1@61600");
	assert_int_equal(city->behind, 3); /* with the hotspot behind opd-1 */
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	city->core->links[0].oper = LINK_OPER_UP;
	answer(city, 120000, city->core);
	answer(city, 120100, city->opd1);
	answer(city, 120200, city->opd2);
	assert_string_equal(city->events, "link-down core-1/p1@61600; link-up core-1/p1@120000");
	entry->parent_port = port;
}

/* The parent's agent is silent, but it forwards: those behind it that answer are up, and one that
 * does not is down for its own sake. */
/* A hotspot that has another way: behind its parents only while none of them answers. */
static void test_backup_parent(void **state)
{
	struct inventory_entry *entry = &entries[1];
	struct city *city = *state;

	snprintf(entry->backup_parents[0], sizeof(entry->backup_parents[0]), "opd-2");
	entry->n_backup_parents = 1;
	answer(city, 0, city->core);
	answer(city, 0, city->opd1);
	answer(city, 0, city->opd2);
	answer(city, 0, city->hs);
	miss(city, 10000, city->opd1);
	miss(city, 11000, city->opd1);
	answer(city, 11500, city->core);
	miss(city, 12000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	answer(city, 13000, city->hs); /* over the other */
	assert_int_equal(city->hs->status, DEVICE_UP);
	miss(city, 20000, city->hs);
	answer(city, 20500, city->opd2);
	miss(city, 21000, city->hs);
	miss(city, 22000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_DOWN); /* nobody's fault but its own */
	answer(city, 30000, city->hs);
	miss(city, 40000, city->opd2);
	miss(city, 41000, city->opd2);
	answer(city, 41500, city->core);
	miss(city, 42000, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DOWN);
	miss(city, 43000, city->hs);
	miss(city, 44000, city->hs);
	miss(city, 45000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	entry->n_backup_parents = 0;
}

static void test_silent_parent_that_forwards(void **state)
{
	struct city *city = *state;

	miss(city, 2000, city->core);
	answer(city, 2500, city->opd1);
	answer(city, 2600, city->opd2);
	miss(city, 3000, city->core);
	assert_int_equal(city->core->status, DEVICE_DOWN);
	assert_string_equal(city->events, "device-down core-1@2000");
	assert_int_equal(city->behind, 0); /* nobody is out of reach */
	for (int64_t t = 10000; t < 20000; t += 2000) {
		miss(city, t, city->opd2);
		answer(city, t + 500, city->opd1);
		assert_int_equal(city->opd1->status, DEVICE_UP);
	}
	assert_int_equal(city->opd2->status, DEVICE_DOWN);
	assert_string_equal(city->events, "device-down core-1@2000; device-down opd-2@10000");
	answer(city, 21000, city->opd2);
	assert_string_equal(city->events, "device-down core-1@2000; device-down opd-2@10000; "
					  "device-up opd-2@21000");
}

/* The last answer from behind a parent that dies is no sign that it forwards. */
static void test_last_answer_before_the_cut(void **state)
{
	struct city *city = *state;

	miss(city, 2000, city->opd2);
	answer(city, 2010, city->opd1);
	for (int64_t t = 3000; t < 9000; t += 1000) {
		miss(city, t, city->core);
		miss(city, t + 100, city->opd1);
	}
	miss(city, 9000, city->opd2);
	miss(city, 10000, city->opd2);
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	assert_int_equal(city->opd2->status, DEVICE_UNREACHABLE);
}

/* A switch that knows neither roles nor Pantau, and a link that polls do not know: nothing would
 * end it, so it is told once and is no state. */
static void test_links_that_no_poll_knows(void **state)
{
	struct city *city = *state;

	notify(city, 2000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "veth9", -1, 0, 0, 0});
	notify(city, 3000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "veth9", -1, 0, 0, 0});
	notify(city, 4000, (struct told){city->core, NOTIFICATION_LINK_UP, "veth9", -1, 0, 0, 0});
	notify(city, 5000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "veth9", -1, 0, 0, 0});
	notify(city, 6000, (struct told){city->core, NOTIFICATION_LINK_DOWN, "", -1, 0, 0, 0});
	assert_string_equal(city->events,
			    "link-told-down core-1/veth9@2000; "
			    "link-told-down core-1/veth9@5000; link-told-down core-1@6000");
	assert_int_equal(city->core->status, DEVICE_UP);
	assert_int_equal(city->core->state->problems->n_open, 0);
}

/* One false linkDown of a link that is up: the poll at once may be older than it, the one at the
 * end of the guard time settles it. */
static void test_a_false_link_down_is_settled_soon(void **state)
{
	struct city *city = *state;

	notify(city, 5000,
	       (struct told){city->opd2, NOTIFICATION_LINK_DOWN, "lte0", 5000, 1, 9, 3});
	answer(city, 5100, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	city->polls[0] = '\0';
	tick(city, 6900);
	assert_string_equal(city->polls, "");
	tick(city, 7100);
	assert_string_equal(city->polls, "opd-2");
	answer(city, 7110, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_UP);
}

/* An uplink that was taken away for good: for an hour it is trouble, then it is gone. */
static void test_a_link_that_is_gone_is_no_trouble_for_ever(void **state)
{
	struct city *city = *state;

	notify(city, 5000,
	       (struct told){city->opd2, NOTIFICATION_LINK_DOWN, "lte0", 5000, 1, 9, 3});
	city->opd2->links[1].present = false;
	answer(city, 60000, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_DEGRADED);
	answer(city, 3600000 + 60000, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_UP);
	assert_string_equal(city->events,
			    "link-down opd-2/lte0@5000; link-gone opd-2/lte0@3660000");
}

static void test_port_by_poll_alone(void **state)
{
	struct city *city = *state;

	city->core->links[0].oper = LINK_OPER_DOWN;
	answer(city, 60000, city->core);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	assert_int_equal(city->opd1->cause, DEVICE_CAUSE_LINK_DOWN);
	city->core->links[0].oper = LINK_OPER_UP;
	answer(city, 120000, city->core);
	tick(city, 120000);
	answer(city, 120010, city->opd1);
	assert_string_equal(city->events, "device-down opd-1@60000; device-up opd-1@120000");
}

/* A trunk that takes many down is one event; the order of polls does not matter. */
static void test_parent_down_children_first(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->opd1);
	miss(city, 61000, city->opd1); /* waits for news of the core */
	assert_int_equal(city->opd1->status, DEVICE_SUSPECT);
	assert_string_equal(city->polls, "core-1");
	miss(city, 61500, city->hs);
	miss(city, 62000, city->core);
	miss(city, 62500, city->hs);
	miss(city, 63000, city->core);
	assert_int_equal(city->core->status, DEVICE_DOWN);
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	assert_int_equal(city->opd1->cause, DEVICE_CAUSE_PARENT);
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	miss(city, 64000, city->opd2);
	miss(city, 65000, city->opd2);
	assert_int_equal(city->opd2->status, DEVICE_UNREACHABLE);
	assert_string_equal(city->events, "device-down core-1@62000");
	answer(city, 300000, city->core);
	forget(city);
	tick(city, 300000); /* they are asked at once */
	assert_true(strstr(city->polls, "opd-1") && strstr(city->polls, "opd-2"));
	answer(city, 300010, city->opd1);
	tick(city, 300011);
	assert_true(strstr(city->polls, "hs-1") != NULL);
	answer(city, 300020, city->hs);
	answer(city, 300020, city->opd2);
	assert_string_equal(city->events, "");
	assert_int_equal(city->n_events, 2);
	assert_int_equal(city->hs->status, DEVICE_UP);
}

static void test_child_stays_down_when_parent_returns(void **state)
{
	struct city *city = *state;

	miss(city, 1000, city->core);
	miss(city, 2000, city->core);
	miss(city, 3000, city->opd1);
	miss(city, 4000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	answer(city, 60000, city->core);
	miss(city, 61000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_UNREACHABLE);
	answer(city, 61500, city->core);
	miss(city, 62000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	assert_string_equal(
		city->events,
		"device-down core-1@1000; device-up core-1@60000; device-down opd-1@61000");
}

static void test_hold_ends(void **state)
{
	struct city *city = *state;

	/* the core neither answers nor fails: its poll is slow */
	miss(city, 60000, city->opd1);
	miss(city, 61000, city->opd1);
	tick(city, 70999);
	assert_int_equal(city->opd1->status, DEVICE_SUSPECT);
	tick(city, 71001);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
	assert_string_equal(city->events, "device-down opd-1@60000");
	assert_int_equal(monitor_next_ms(city->monitor) == -1 ||
				 monitor_next_ms(city->monitor) > 1000 + 71001,
			 1);
}

static void test_answer_of_parent_ends_hold(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->opd1);
	miss(city, 61000, city->opd1);
	assert_int_equal(city->opd1->status, DEVICE_SUSPECT);
	answer(city, 61010, city->core);
	assert_int_equal(city->opd1->status, DEVICE_DOWN);
}

/* Stored while the collector was away: both ends come late, the line works. */
static void test_late_history(void **state)
{
	struct city *city = *state;

	answer(city, 600000, city->opd1);
	notify(city, 600100,
	       (struct told){city->core, NOTIFICATION_LINK_DOWN, "p1", 300000, 1, 7, 1});
	notify(city, 600101,
	       (struct told){city->core, NOTIFICATION_LINK_UP, "p1", 320000, 2, 7, 1});
	assert_int_equal(city->opd1->status, DEVICE_UP);
	assert_string_equal(city->events,
			    "link-down opd-1/core-1:p1@300000; link-up opd-1/core-1:p1@320000");
}

static void test_flapping_and_paths(void **state)
{
	struct city *city = *state;

	notify(city, 1000,
	       (struct told){city->opd1, NOTIFICATION_LINK_FLAPPING, "wan0", 900, 1, 9, 2});
	notify(city, 1500, (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 1400, 2, 9, 0});
	notify(city, 2000, (struct told){city->opd1, NOTIFICATION_PATH_UP, "", 1900, 3, 9, 0});
	notify(city, 3000,
	       (struct told){city->opd1, NOTIFICATION_LINK_SETTLED, "wan0", 2900, 4, 9, 2});
	notify(city, 4000,
	       (struct told){city->opd1, NOTIFICATION_EVENTS_DROPPED, "", 4000, 5, 9, 0});
	notify(city, 5000, (struct told){city->opd1, NOTIFICATION_AGENT_START, "", 5000, 6, 9, 0});
	assert_string_equal(
		city->events,
		"link-flapping opd-1/wan0@900; path-down opd-1@1400; path-up opd-1@1900; "
		"link-settled opd-1/wan0@2900; notifications-lost opd-1@4000");
}

/* Every site probes a path through the core; when that is out, they all tell, later. */
static void test_paths_behind_an_outage(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->core);
	miss(city, 61000, city->core);
	answer(city, 300000, city->core);
	notify(city, 300100,
	       (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 62000, 1, 9, 0,
			     "noc 192.0.2.1 down"});
	notify(city, 300101,
	       (struct told){city->opd1, NOTIFICATION_PATH_UP, "", 299000, 2, 9, 0,
			     "noc 192.0.2.1 up"});
	notify(city, 300102,
	       (struct told){city->hs, NOTIFICATION_LINK_DOWN, "wan0", 62000, 3, 9, 2});
	assert_string_equal(city->events, "device-down core-1@60000; device-up core-1@300000");
	notify(city, 600000,
	       (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 600000, 3, 9, 0,
			     "noc 192.0.2.1 down"});
	assert_int_equal(city->n_events, 3); /* that one is news */
}

/* Each path ends what it began. */
static void test_two_paths(void **state)
{
	struct city *city = *state;

	notify(city, 1000,
	       (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 1000, 1, 9, 0,
			     "noc 192.0.2.1 down"});
	notify(city, 2000,
	       (struct told){city->opd1, NOTIFICATION_PATH_DOWN, "", 2000, 2, 9, 0,
			     "gateway (no address) down"});
	notify(city, 3000,
	       (struct told){city->opd1, NOTIFICATION_PATH_UP, "", 3000, 3, 9, 0,
			     "gateway (no address) up"});
	notify(city, 4000,
	       (struct told){city->opd1, NOTIFICATION_PATH_UP, "", 4000, 4, 9, 0,
			     "noc 192.0.2.1 up"});
	assert_string_equal(
		city->events,
		"path-down opd-1/noc 192.0.2.1@1000; path-down opd-1/gateway (no address)@2000; "
		"path-up opd-1/gateway (no address)@3000; path-up opd-1/noc 192.0.2.1@4000");
	assert_int_equal(city->begins[3], 2);
	assert_int_equal(city->begins[4], 1);
}

static void test_restore_after_restart(void **state)
{
	struct city *city = *state;
	const struct problem problem = {
		.kind = EVENT_DEVICE_DOWN, .event_id = 77, .begin_ms = EPOCH - 5000};

	city->opd1->status = DEVICE_DOWN;
	city->opd1->cause = DEVICE_CAUSE_NO_ANSWER;
	correlate_restore(city->opd1, &problem);
	miss(city, 1000, city->opd1);
	miss(city, 2000, city->opd1);
	assert_string_equal(city->events, "");
	answer(city, 3000, city->opd1);
	assert_string_equal(city->events, "device-up opd-1@3000");
	assert_int_equal(city->begins[1], 77);
}

static void test_problems_are_bounded(void **state)
{
	struct city *city = *state;
	char name[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "e%d", i);
		notify(city, 1000 + i,
		       (struct told){city->core, NOTIFICATION_LINK_DOWN, name, -1, 0, 0, 0});
	}
	assert_int_equal(city->n_events, PROBLEMS_OPEN_MAX); /* of links that no poll knows */
	assert_int_equal(monitor_stats(city->monitor)->problems_dropped, 100 - PROBLEMS_OPEN_MAX);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_first_answer_is_no_event),
		CASE(test_missed_polls),
		CASE(test_parameters),
		CASE(test_long_link_name),
		CASE(test_one_lost_poll_is_no_event),
		CASE(test_own_trouble_is_not_the_devices),
		CASE(test_causes),
		CASE(test_answers_behind_a_dead_parent),
		CASE(test_dead_device_that_refuses_is_alive),
		CASE(test_cut_and_restore),
		CASE(test_same_number_another_event),
		CASE(test_returning_site_tells_first),
		CASE(test_no_answer_after_port_is_up),
		CASE(test_other_way_degrades),
		CASE(test_backup_link),
		CASE(test_polling_finds_link_down),
		CASE(test_unwatched_links),
		CASE(test_a_trunk_is_told_with_what_lies_behind),
		CASE(test_a_cut_trunk_is_one_event),
		CASE(test_a_cut_trunk_by_poll_alone),
		CASE(test_backup_parent),
		CASE(test_silent_parent_that_forwards),
		CASE(test_last_answer_before_the_cut),
		CASE(test_links_that_no_poll_knows),
		CASE(test_a_false_link_down_is_settled_soon),
		CASE(test_a_link_that_is_gone_is_no_trouble_for_ever),
		CASE(test_port_by_poll_alone),
		CASE(test_parent_down_children_first),
		CASE(test_child_stays_down_when_parent_returns),
		CASE(test_hold_ends),
		CASE(test_answer_of_parent_ends_hold),
		CASE(test_late_history),
		CASE(test_flapping_and_paths),
		CASE(test_paths_behind_an_outage),
		CASE(test_two_paths),
		CASE(test_restore_after_restart),
		CASE(test_problems_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
