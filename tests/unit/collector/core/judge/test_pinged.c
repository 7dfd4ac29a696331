/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two kinds of evidence: what pings say beside polls, in virtual time. A core, a site behind it
 * that is polled and pinged, and a hotspot behind the core that is pinged alone.
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
	{.id = TEXT("core"),
	 .name = TEXT(""),
	 .address = TEXT("192.0.2.1"),
	 .parent = TEXT(""),
	 .parent_port = TEXT("")},
	{.id = TEXT("hs"),
	 .name = TEXT(""),
	 .address = TEXT("192.0.2.2"),
	 .parent = TEXT("core"),
	 .parent_port = TEXT("")},
	{.id = TEXT("opd"),
	 .name = TEXT(""),
	 .address = TEXT("192.0.2.3"),
	 .parent = TEXT("core"),
	 .parent_port = TEXT("p1")},
};

struct city {
	struct device_set set;
	struct monitor *monitor;
	struct device *core, *hs, *opd;
	int64_t now; /* ms since the start */
	char events[1024];
	char polls[512];
};

static void on_event(void *data, struct device *device, const struct event *event)
{
	struct city *city = data;
	size_t used = strlen(city->events);

	snprintf(city->events + used, sizeof(city->events) - used, "%s%s %s@%lld", used ? "; " : "",
		 event_kind_name(event->kind), device->entry->id,
		 (long long)(event->time_ms - EPOCH));
	assert_true(event_kind_is_end(event->kind) == (event->begins != 0));
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

static void echo(struct city *city, int64_t t, struct device *device)
{
	city->now = t;
	monitor_pinged(city->monitor, device, true, EPOCH + t - 1, now(city));
}

/* Sent a second before. */
static void lose(struct city *city, int64_t t, struct device *device)
{
	city->now = t;
	monitor_pinged(city->monitor, device, false, EPOCH + t - 1000, now(city));
}

static void tick(struct city *city, int64_t t)
{
	city->now = t;
	monitor_tick(city->monitor, now(city));
}

static int setup(void **state)
{
	static const struct device_state_conf CONF = {.down_after = 2, .parent_hold_ms = 10000};
	struct city *city = calloc(1, sizeof(*city));
	const struct monitor_hooks hooks = {.data = city, .event = on_event, .poll_now = on_poll};
	struct device *devices[3];

	for (size_t i = 0; i < 3; i++)
		devices[i] = device_new(&entries[i]);
	assert_int_equal(device_set_init(&city->set, devices, 3), 0);
	city->core = devices[0];
	city->hs = devices[1];
	city->opd = devices[2];
	assert_int_equal(monitor_new(&CONF, &hooks, 0, &city->monitor), 0);
	assert_int_equal(monitor_set_devices(city->monitor, &city->set), 0);
	for (size_t i = 0; i < 3; i++)
		devices[i]->state->ping.on = true;
	city->hs->state->ping.alone = true;
	answer(city, 0, city->core);
	answer(city, 0, city->opd);
	for (size_t i = 0; i < 3; i++)
		echo(city, 0, devices[i]);
	assert_int_equal(city->hs->status, DEVICE_UP);
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

/* ---- polled and pinged ---- */

static void fall_silent(struct city *city)
{
	miss(city, 60000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SUSPECT);
	echo(city, 60500, city->opd);
	miss(city, 61000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	assert_int_equal(city->opd->cause, DEVICE_CAUSE_NO_ANSWER);
	assert_int_equal(city->opd->since_ms, EPOCH + 60000);
}

static void test_snmp_silent(void **state)
{
	struct city *city = *state;

	fall_silent(city);
	assert_string_equal(city->events, "snmp-silent opd@60000");
	miss(city, 120000, city->opd);
	echo(city, 121000, city->opd);
	lose(city, 133000, city->opd); /* that much is lost on any line */
	lose(city, 134000, city->opd);
	miss(city, 134500, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	echo(city, 135000, city->opd);
	answer(city, 180000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_UP);
	assert_string_equal(city->events, "snmp-silent opd@60000; snmp-ok opd@180000");
}

/* The poll that comes first waits for the echo that is under way, not for ever. */
static void test_verdict_waits_for_the_echo(void **state)
{
	struct city *city = *state;

	answer(city, 59999, city->core);
	miss(city, 60000, city->opd);
	answer(city, 60500, city->core);
	miss(city, 61000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SUSPECT);
	echo(city, 61010, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	answer(city, 120000, city->opd);
	miss(city, 180000, city->opd);
	answer(city, 180500, city->core);
	miss(city, 181000, city->opd);
	lose(city, 181500, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SUSPECT);
	lose(city, 182500, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	assert_int_equal(city->opd->since_ms, EPOCH + 180000);
}

static void test_no_echo_at_all(void **state)
{
	struct city *city = *state;

	answer(city, 59999, city->core);
	miss(city, 60000, city->opd);
	miss(city, 61000, city->opd);
	answer(city, 61500, city->core);
	tick(city, 70999);
	assert_int_equal(city->opd->status, DEVICE_SUSPECT);
	tick(city, 71001);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
}

/* Just after the start: polls may be refused before the first echo came back. */
static void test_first_echo_is_waited_for(void **state)
{
	struct city *city = *state;

	city->opd->state->ping = (struct device_state_ping){.on = true};
	poll_at(city, 1000, city->opd, SNMP_OUTCOME_REFUSED);
	poll_at(city, 1001, city->opd, SNMP_OUTCOME_REFUSED);
	assert_int_equal(city->opd->status, DEVICE_SUSPECT);
	echo(city, 1002, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	assert_int_equal(city->opd->cause, DEVICE_CAUSE_REFUSED);
	assert_string_equal(city->events, "snmp-silent opd@1000");
}

/* Behind a filter: it never answered one. */
static void test_pings_filtered(void **state)
{
	struct city *city = *state;

	city->opd->state->ping = (struct device_state_ping){.on = true};
	for (int i = 1; i < 100; i++)
		lose(city, i * 1000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_UP);
	assert_string_equal(city->polls, "");
	miss(city, 100000, city->opd);
	answer(city, 100500, city->core);
	miss(city, 101000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	assert_string_equal(city->events, "device-down opd@100000");
}

/* Pings are the first to tell: the device and its parent are asked, once. */
static void test_lost_echoes_ask(void **state)
{
	struct city *city = *state;

	lose(city, 12000, city->opd);
	tick(city, 12000);
	assert_string_equal(city->polls, "");
	lose(city, 13000, city->opd);
	tick(city, 13000);
	assert_string_equal(city->polls, "core opd");
	assert_int_equal(city->opd->status, DEVICE_UP);
	answer(city, 13100, city->opd);
	for (int i = 14; i < 60; i++)
		lose(city, i * 1000, city->opd);
	tick(city, 60000);
	assert_string_equal(city->polls, "core opd");
	assert_int_equal(city->opd->status, DEVICE_UP);
	assert_string_equal(city->events, "");
}

static void test_silent_then_dead(void **state)
{
	struct city *city = *state;

	fall_silent(city);
	answer(city, 200000, city->core);
	for (int i = 0; i < 4; i++)
		lose(city, 201000 + i * 1000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	answer(city, 204500, city->core);
	lose(city, 205000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	assert_int_equal(city->opd->since_ms, EPOCH + 200000); /* when the first of them was sent */
	assert_string_equal(city->events, "snmp-silent opd@60000; device-down opd@200000");
	/* it is there again, its agent is not */
	echo(city, 300000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN); /* that may be about to start */
	miss(city, 301000, city->opd);
	echo(city, 301500, city->opd);
	miss(city, 302000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	answer(city, 400000, city->opd);
	assert_string_equal(city->events, "snmp-silent opd@60000; device-down opd@200000; "
					  "device-up opd@300000; snmp-ok opd@400000");
}

/* A restart: echoes come back before its SNMP agent does. One outage, no more. */
static void test_restart_is_one_outage(void **state)
{
	struct city *city = *state;

	lose(city, 12000, city->opd);
	lose(city, 13000, city->opd);
	miss(city, 14000, city->opd);
	answer(city, 14500, city->core);
	miss(city, 15000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	tick(city, 20000);
	city->polls[0] = '\0';
	echo(city, 50000, city->opd);
	tick(city, 50000);
	assert_string_equal(city->polls, "opd");
	miss(city, 51000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	answer(city, 53000, city->opd);
	assert_string_equal(city->events, "device-down opd@14000; device-up opd@53000");
}

/* ---- behind a parent ---- */

static void test_child_of_a_silent_parent(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->core);
	miss(city, 61000, city->core);
	lose(city, 61500, city->core);
	lose(city, 62500, city->core);
	assert_int_equal(city->core->status, DEVICE_DOWN);
	miss(city, 63000, city->opd);
	echo(city, 63500, city->opd);
	miss(city, 64000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_SNMP_SILENT);
	echo(city, 65000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UP);
	assert_string_equal(city->events, "device-down core@60000; snmp-silent opd@63000");
}

static void test_dead_behind_a_dead_parent(void **state)
{
	struct city *city = *state;

	for (int i = 0; i < 5; i++)
		lose(city, 60000 + i * 1000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_SUSPECT); /* until the core was asked */
	assert_string_equal(city->polls, "core");
	miss(city, 64500, city->core);
	lose(city, 64600, city->core);
	miss(city, 65500, city->core);
	lose(city, 65600, city->core);
	assert_int_equal(city->core->status, DEVICE_DOWN);
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	answer(city, 100000, city->core);
	lose(city, 100500, city->hs); /* of before */
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	echo(city, 101000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UP);
	assert_string_equal(city->events, "device-down core@64500; device-up core@100000");
}

/* The way there is open again, and it has troubles of its own: since now, as far as is known. */
static void test_still_dead_when_the_parent_is_back(void **state)
{
	struct city *city = *state;

	for (int i = 0; i < 5; i++)
		lose(city, 60000 + i * 1000, city->hs);
	miss(city, 64500, city->core);
	lose(city, 64600, city->core);
	miss(city, 65500, city->core);
	lose(city, 65600, city->core);
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	answer(city, 100000, city->core);
	for (int i = 0; i < 4; i++)
		lose(city, 101500 + i * 1000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UNREACHABLE);
	echo(city, 104600, city->core);
	lose(city, 105500, city->hs);
	assert_int_equal(city->hs->status, DEVICE_DOWN);
	assert_string_equal(city->events,
			    "device-down core@64500; device-up core@100000; device-down hs@101500");
}

/* Whose agent is silent is there all the same: what is behind it is judged by itself. */
static void test_behind_a_parent_whose_agent_is_silent(void **state)
{
	struct city *city = *state;

	miss(city, 60000, city->core);
	echo(city, 60500, city->core);
	miss(city, 61000, city->core);
	assert_int_equal(city->core->status, DEVICE_SNMP_SILENT);
	for (int i = 0; i < 5; i++)
		lose(city, 70000 + i * 1000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_SUSPECT);
	echo(city, 74010, city->core);
	assert_int_equal(city->hs->status, DEVICE_DOWN);
	assert_string_equal(city->events, "snmp-silent core@60000; device-down hs@69000");
}

/* ---- pinged alone ---- */

static void test_pinged_alone(void **state)
{
	struct city *city = *state;

	lose(city, 12000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UP);
	lose(city, 13000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_SUSPECT);
	echo(city, 14000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_UP);
	for (int i = 0; i < 4; i++)
		lose(city, 24000 + i * 1000, city->hs);
	answer(city, 27500, city->core);
	assert_int_equal(city->hs->status, DEVICE_SUSPECT);
	lose(city, 28000, city->hs);
	assert_int_equal(city->hs->status, DEVICE_DOWN);
	assert_int_equal(city->hs->cause, DEVICE_CAUSE_NO_ANSWER);
	lose(city, 40000, city->hs);
	echo(city, 52000, city->hs);
	assert_string_equal(city->events, "device-down hs@23000; device-up hs@52000");
}

/* An echo of before the port went down. */
static void test_deaf(void **state)
{
	struct city *city = *state;
	struct notification n = {.kind = NOTIFICATION_LINK_DOWN, .if_name = "p1"};

	city->now = 5000;
	monitor_notified(city->monitor, city->core, &n, now(city));
	assert_int_equal(city->opd->status, DEVICE_DOWN);
	echo(city, 5100, city->opd);
	assert_false(city->opd->state->ping.alive);
	miss(city, 6000, city->opd);
	miss(city, 7000, city->opd);
	miss(city, 8000, city->opd);
	assert_int_equal(city->opd->status, DEVICE_DOWN);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_snmp_silent),
		CASE(test_verdict_waits_for_the_echo),
		CASE(test_no_echo_at_all),
		CASE(test_first_echo_is_waited_for),
		CASE(test_pings_filtered),
		CASE(test_lost_echoes_ask),
		CASE(test_silent_then_dead),
		CASE(test_restart_is_one_outage),
		CASE(test_child_of_a_silent_parent),
		CASE(test_dead_behind_a_dead_parent),
		CASE(test_still_dead_when_the_parent_is_back),
		CASE(test_behind_a_parent_whose_agent_is_silent),
		CASE(test_pinged_alone),
		CASE(test_deaf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
