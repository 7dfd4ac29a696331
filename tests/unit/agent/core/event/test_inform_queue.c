/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order, switches, back-off and loss of one receiver's queue; and what a notification carries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/event/event_log.h"
#include "agent/core/event/inform_queue.h"
#include "agent/core/event/notification.h"
#include "common/base/cleanup.h"
#include "pantau_mib.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

static const struct mib_sizes SIZES = {.max_links = 4, .max_events = 8, .hist_minutes = 4};

struct fixture {
	struct test_memory memory;
	struct event_log log;
	struct agent_conf_receiver conf;
	struct inform_queue queue;
	const struct mib_event *event;
	enum inform_part part;
	uint32_t number; /* of what was sent last */
	int64_t at_us;
};

static void start(struct fixture *f)
{
	*f = (struct fixture){.conf = {.own = true, .standard = true}};
	test_memory_init(&f->memory, &SIZES);
	event_log_init(&f->log, &f->memory.data, 7);
	inform_queue_init(&f->queue, &f->conf, &(struct inform_done){0}, 30000000);
}

static void add(struct fixture *f, enum event_type type)
{
	struct mib_event event = {
		.type = (uint8_t)type, .if_index = 3, .if_name = "wan0", .role = 2};
	struct stamp now = {.us = 100, .wall_ms = 200, .clock = CLOCK_SYNCHRONISED};
	struct event_gone gone;

	event_log_add(&f->log, &event, &now, &gone);
	inform_queue_overwritten(&f->queue, &gone);
}

static enum inform_next next(struct fixture *f, int64_t now_us)
{
	return inform_queue_next(&f->queue, &f->memory.data, now_us, &f->event, &f->part,
				 &f->at_us);
}

static void sent(struct fixture *f, int64_t now_us)
{
	inform_queue_sent(&f->queue, f->event, f->part, now_us);
	f->number = f->event->number;
}

static void acknowledged(struct fixture *f)
{
	inform_queue_acknowledged(&f->queue, f->number, &f->memory.data);
}

static void failed(struct fixture *f, enum inform_failure why, int64_t now_us)
{
	inform_queue_failed(&f->queue, f->number, why, now_us);
}

/* Acknowledges all that is offered; what was, as "number.part ..." */
static const char *drain(struct fixture *f)
{
	static char text[512];
	size_t at = 0;

	text[0] = '\0';
	while (next(f, 1) == INFORM_SEND) {
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%u.%d ", f->event->number,
				       f->part);
		sent(f, 1);
		assert_int_equal(next(f, 2), INFORM_NOTHING); /* one at a time */
		inform_queue_acknowledged(&f->queue, f->event->number, &f->memory.data);
	}
	return text;
}

static void both_kinds_in_order(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(next(&f, 1), INFORM_NOTHING);
	add(&f, EVENT_AGENT_START);
	add(&f, EVENT_LINK_DOWN);
	add(&f, EVENT_LINK_FLAPPING);
	add(&f, EVENT_LINK_UP);
	assert_string_equal(drain(&f), "1.0 2.0 2.1 3.0 4.0 4.1 ");
	assert_int_equal(f.queue.acked, 4);
	test_memory_deinit(&f.memory);
}

static void switches_choose(void **state)
{
	static char flapping[] = "linkFlapping", down[] = "linkDown";
	char *events[] = {flapping, down, NULL};
	static const struct {
		bool own, standard, only;
		const char *offered;
	} CASES[] = {
		{true, false, false, "1.0 2.0 3.0 4.0 "},
		{false, true, false, "2.1 4.1 "},
		{true, true, true, "2.0 2.1 3.0 "},
		{false, false, false, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct fixture f;

		start(&f);
		f.conf.own = CASES[i].own;
		f.conf.standard = CASES[i].standard;
		f.conf.events = CASES[i].only ? events : NULL;
		add(&f, EVENT_AGENT_START);
		add(&f, EVENT_LINK_DOWN);
		add(&f, EVENT_LINK_FLAPPING);
		add(&f, EVENT_LINK_UP);
		assert_string_equal(drain(&f), CASES[i].offered);
		assert_int_equal(f.queue.acked, 4);
		test_memory_deinit(&f.memory);
	}
}

/* A ring of 8 gave up 1 to 4 while nobody ran to count it. */
static void what_a_restart_finds_gone_is_dropped(void **state)
{
	static const struct {
		uint32_t acked, dropped;
		const char *offered;
	} CASES[] = {
		{0, 4, "5.0 6.0 7.0 8.0 9.0 10.0 11.0 12.0 "},
		{3, 1, "5.0 6.0 7.0 8.0 9.0 10.0 11.0 12.0 "},
		{4, 0, "5.0 6.0 7.0 8.0 9.0 10.0 11.0 12.0 "},
		{10, 0, "11.0 12.0 "},
		{12, 0, ""},
	};
	struct fixture f;

	(void)state;
	start(&f);
	f.conf.standard = false;
	for (int i = 0; i < 12; i++)
		add(&f, EVENT_LINK_DOWN);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		inform_queue_init(&f.queue, &f.conf,
				  &(struct inform_done){.number = CASES[i].acked}, 30000000);
		inform_queue_resume(&f.queue, &f.memory.data);
		assert_int_equal(f.queue.dropped_untold, CASES[i].dropped);
		assert_int_equal(f.queue.stats.dropped, CASES[i].dropped);
		assert_string_equal(drain(&f), CASES[i].offered);
	}
	test_memory_deinit(&f.memory);
}

/* Event 1 is on its way while the ring gives it up: whether it was dropped, its answer says. */
static void what_is_in_flight_is_not_dropped_yet(void **state)
{
	(void)state;
	for (int arrives = 0; arrives < 2; arrives++) {
		struct fixture f;

		start(&f);
		f.conf.standard = false;
		add(&f, EVENT_LINK_DOWN);
		assert_int_equal(next(&f, 1), INFORM_SEND);
		sent(&f, 1);
		for (int i = 0; i < 9; i++)
			add(&f, EVENT_LINK_DOWN);
		assert_int_equal(f.queue.dropped_untold, 1); /* 2 */
		assert_false(inform_queue_is_drained(&f.queue, &f.memory.data));
		if (arrives)
			acknowledged(&f);
		else
			failed(&f, INFORM_LOCAL, 1);
		assert_int_equal(f.queue.dropped_untold, arrives ? 1 : 2);
		f.queue.retry_us = 0;
		assert_string_equal(drain(&f), "3.0 4.0 5.0 6.0 7.0 8.0 9.0 10.0 ");
		assert_true(inform_queue_is_drained(&f.queue, &f.memory.data));
		assert_int_equal(f.queue.stats.dropped, arrives ? 1 : 2);
		test_memory_deinit(&f.memory);
	}
}

static void silence_backs_off_and_a_link_ends_it(void **state)
{
	static const int64_t PAUSES[] = {500000,  1000000,  2000000,  4000000,
					 8000000, 16000000, 30000000, 30000000};
	struct fixture f;
	int64_t now = 1000;

	(void)state;
	start(&f);
	add(&f, EVENT_AGENT_START);
	for (size_t i = 0; i < ARRAY_LEN(PAUSES); i++) {
		assert_int_equal(next(&f, now), INFORM_SEND);
		sent(&f, now);
		failed(&f, INFORM_SILENT, now);
		assert_int_equal(next(&f, now + PAUSES[i] - 1), INFORM_WAIT);
		assert_int_equal(f.at_us, now + PAUSES[i]);
		now += PAUSES[i];
	}
	sent(&f, now);
	failed(&f, INFORM_SILENT, now);
	inform_queue_kick(&f.queue, true); /* an address came: no news of a silent receiver */
	assert_int_equal(next(&f, now + 1), INFORM_WAIT);
	inform_queue_kick(&f.queue, false);
	assert_int_equal(next(&f, now + 1), INFORM_SEND);
	sent(&f, now);
	failed(&f, INFORM_LOCAL, now); /* no route: soon again, ever */
	inform_queue_no_way(&f.queue, now);
	assert_int_equal(next(&f, now + 999999), INFORM_WAIT);
	inform_queue_kick(&f.queue, true);
	assert_int_equal(next(&f, now + 1), INFORM_SEND);
	assert_int_equal(f.queue.stats.failed, ARRAY_LEN(PAUSES) + 3);
	test_memory_deinit(&f.memory);
}

static void what_the_ring_gives_up_is_counted(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (int i = 0; i < 3; i++)
		add(&f, EVENT_LINK_DOWN);
	assert_int_equal(next(&f, 1), INFORM_SEND);
	sent(&f, 1); /* 1.0 is under way while the ring turns over it */
	for (int i = 0; i < 10; i++)
		add(&f, EVENT_LINK_DOWN);
	assert_int_equal(f.queue.stats.dropped, 4);
	acknowledged(&f);
	assert_int_equal(f.queue.stats.dropped, 5); /* of 1 the other kind was never sent */
	assert_int_equal(next(&f, 1), INFORM_SEND);
	assert_int_equal(f.event->number, 6);
	assert_int_equal(f.part, INFORM_OWN);
	assert_string_equal(
		drain(&f),
		"6.0 6.1 7.0 7.1 8.0 8.1 9.0 9.1 10.0 10.1 11.0 11.1 12.0 12.1 13.0 13.1 ");
	assert_int_equal(f.queue.dropped_untold, 5);
	test_memory_deinit(&f.memory);
}

/* Nobody misses what was not for him. */
static void what_nobody_wanted_is_not_dropped(void **state)
{
	static char name[] = "pathDown";
	char *events[] = {name, NULL};
	struct fixture f;

	(void)state;
	start(&f);
	f.conf.events = events;
	add(&f, EVENT_PATH_DOWN);
	assert_int_equal(next(&f, 1), INFORM_SEND);
	sent(&f, 1);
	failed(&f, INFORM_SILENT, 1);
	for (int i = 0; i < 20; i++)
		add(&f, i == 3 ? EVENT_PATH_DOWN : EVENT_LINK_DOWN);
	assert_int_equal(f.queue.stats.dropped, 2);
	test_memory_deinit(&f.memory);
}

/* Killed after the first of an event's two notifications was acknowledged. */
static void a_restart_goes_on_within_an_event(void **state)
{
	struct inform_done done;
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, EVENT_LINK_DOWN);
	add(&f, EVENT_LINK_UP);
	assert_int_equal(next(&f, 1), INFORM_SEND);
	sent(&f, 1);
	acknowledged(&f);
	done = inform_queue_done(&f.queue);
	inform_queue_init(&f.queue, &f.conf, &done, 30000000);
	assert_string_equal(drain(&f), "1.1 2.0 2.1 ");
	test_memory_deinit(&f.memory);
}

static void a_gap_of_numbers_is_stepped_over(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, EVENT_LINK_DOWN);
	f.log.next = 5; /* after a power loss */
	add(&f, EVENT_LINK_UP);
	assert_string_equal(drain(&f), "1.0 1.1 5.0 5.1 ");
	assert_int_equal(f.queue.acked, 5);
	test_memory_deinit(&f.memory);
}

/* "number.part" of all that may be under way now; it is. */
static const char *fly(struct fixture *f, int64_t now_us)
{
	static char text[512];
	size_t at = 0;

	text[0] = '\0';
	while (next(f, now_us) == INFORM_SEND) {
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%u.%d ", f->event->number,
				       f->part);
		sent(f, now_us);
	}
	return text;
}

static void add_of(struct fixture *f, enum event_type type, const char *link, enum link_role role)
{
	struct mib_event event = {.type = (uint8_t)type, .if_index = 3, .role = (uint8_t)role};
	struct stamp now = {.us = 100, .wall_ms = 200, .clock = CLOCK_SYNCHRONISED};
	struct event_gone gone;

	snprintf(event.if_name, sizeof(event.if_name), "%s", link);
	event_log_add(&f->log, &event, &now, &gone);
	inform_queue_overwritten(&f->queue, &gone);
}

/* Several links at once, each in its order, the uplink before what came before it. */
static void links_do_not_wait_for_each_other(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add_of(&f, EVENT_LINK_DOWN, "lan0", LINK_ROLE_LAN);	   /* 1 */
	add_of(&f, EVENT_LINK_UP, "lan0", LINK_ROLE_LAN);	   /* 2 */
	add_of(&f, EVENT_LINK_DOWN, "lan1", LINK_ROLE_LAN);	   /* 3 */
	add_of(&f, EVENT_LINK_DOWN, "wan0", LINK_ROLE_UPLINK);	   /* 4 */
	add_of(&f, EVENT_LINK_FLAPPING, "wan0", LINK_ROLE_UPLINK); /* 5 */
	assert_string_equal(fly(&f, 1), "4.0 1.0 3.0 ");
	inform_queue_acknowledged(&f.queue, 4, &f.memory.data);
	assert_int_equal(f.queue.acked, 0);
	assert_string_equal(fly(&f, 2), "4.1 ");
	inform_queue_acknowledged(&f.queue, 1, &f.memory.data);
	assert_string_equal(fly(&f, 3), "1.1 ");
	inform_queue_acknowledged(&f.queue, 4, &f.memory.data);
	assert_string_equal(fly(&f, 4), "5.0 ");
	inform_queue_acknowledged(&f.queue, 1, &f.memory.data);
	assert_int_equal(f.queue.acked, 1);
	assert_string_equal(fly(&f, 5), "2.0 ");
	inform_queue_failed(&f.queue, 3, INFORM_SILENT, 5); /* lost: only its own link waits */
	inform_queue_acknowledged(&f.queue, 2, &f.memory.data);
	inform_queue_acknowledged(&f.queue, 5, &f.memory.data);
	assert_string_equal(fly(&f, 6), "2.1 3.0 ");
	inform_queue_acknowledged(&f.queue, 2, &f.memory.data);
	inform_queue_acknowledged(&f.queue, 3, &f.memory.data);
	assert_int_equal(f.queue.acked, 2);
	assert_string_equal(fly(&f, 7), "3.1 ");
	inform_queue_acknowledged(&f.queue, 3, &f.memory.data);
	assert_int_equal(f.queue.acked, 5);
	assert_true(inform_queue_is_drained(&f.queue, &f.memory.data));
	assert_int_equal(f.queue.n_places, 0);
	test_memory_deinit(&f.memory);
}

/* What is of no link comes after all before it and before all behind it. */
static void the_agents_own_events_part_the_others(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.conf.standard = false;
	add_of(&f, EVENT_LINK_DOWN, "lan0", LINK_ROLE_LAN);
	add_of(&f, EVENT_LINK_DOWN, "lan1", LINK_ROLE_LAN);
	add_of(&f, EVENT_AGENT_START, "", LINK_ROLE_OTHER);
	add_of(&f, EVENT_LINK_UP, "wan0", LINK_ROLE_UPLINK);
	assert_string_equal(fly(&f, 1), "1.0 2.0 ");
	inform_queue_acknowledged(&f.queue, 2, &f.memory.data);
	assert_string_equal(fly(&f, 2), "");
	inform_queue_acknowledged(&f.queue, 1, &f.memory.data);
	assert_string_equal(fly(&f, 3), "3.0 ");
	inform_queue_acknowledged(&f.queue, 3, &f.memory.data);
	assert_string_equal(fly(&f, 4), "4.0 ");
	test_memory_deinit(&f.memory);
}

/* A window that is lost whole is one failure, and then one at a time asks whether anybody
 * is there. */
static void a_silent_receiver_is_asked_once_at_a_time(void **state)
{
	static const char *const LINKS[] = {"lan0", "lan1", "lan2", "lan3"};
	struct fixture f;

	(void)state;
	start(&f);
	f.conf.standard = false;
	for (size_t i = 0; i < ARRAY_LEN(LINKS); i++)
		add_of(&f, EVENT_LINK_DOWN, LINKS[i], LINK_ROLE_LAN);
	assert_string_equal(fly(&f, 1), "1.0 2.0 3.0 4.0 ");
	for (uint32_t n = 1; n <= 4; n++)
		inform_queue_failed(&f.queue, n, INFORM_SILENT, 1000);
	assert_int_equal(f.queue.pause_us, 500000);
	assert_int_equal(next(&f, 500999), INFORM_WAIT);
	assert_string_equal(fly(&f, 501000), "1.0 ");
	inform_queue_failed(&f.queue, 1, INFORM_SILENT, 600000);
	assert_int_equal(f.queue.pause_us, 1000000);
	assert_string_equal(fly(&f, 1600000), "1.0 ");
	inform_queue_acknowledged(&f.queue, 1, &f.memory.data);
	assert_string_equal(fly(&f, 1600000), "2.0 3.0 4.0 ");
	test_memory_deinit(&f.memory);
}

static void drain_all(struct fixture *f)
{
	while (next(f, 2000000) == INFORM_SEND) {
		sent(f, 2000000);
		acknowledged(f);
	}
}

/* No more than the window, and however far one link is ahead of a lost event, the next of it
 * finds a place. */
static void the_window_is_bounded(void **state)
{
	static const struct mib_sizes LARGE = {
		.max_links = 4, .max_events = 512, .hist_minutes = 4};
	struct fixture f;
	char link[16];

	(void)state;
	f = (struct fixture){.conf = {.own = true}};
	test_memory_init(&f.memory, &LARGE);
	event_log_init(&f.log, &f.memory.data, 7);
	inform_queue_init(&f.queue, &f.conf, &(struct inform_done){0}, 30000000);
	for (int i = 0; i < 300; i++) {
		snprintf(link, sizeof(link), "lan%d", i);
		add_of(&f, EVENT_LINK_DOWN, link, LINK_ROLE_LAN);
	}
	fly(&f, 1);
	assert_int_equal(f.queue.n_in_flight, INFORM_WINDOW);
	for (uint32_t n = 2; n <= INFORM_AHEAD - 1; n++) { /* all but the first arrive */
		fly(&f, 2);
		inform_queue_acknowledged(&f.queue, n, &f.memory.data);
	}
	fly(&f, 3);
	assert_int_equal(f.queue.acked, 0);
	assert_in_range(f.queue.n_places, INFORM_AHEAD - 2, INFORM_AHEAD);
	inform_queue_failed(&f.queue, 1, INFORM_SILENT, 4);
	assert_string_equal(fly(&f, 1000000), "1.0 ");
	inform_queue_acknowledged(&f.queue, 1, &f.memory.data);
	assert_int_equal(f.queue.acked, INFORM_AHEAD - 1);
	drain_all(&f);
	assert_int_equal(f.queue.acked, 300);
	test_memory_deinit(&f.memory);
}

static bool has_name(const struct snmp_varbind *vb, const snmp_oid_t *oid, size_t len,
		     snmp_oid_t instance)
{
	return vb->name_len == len + 1 && !memcmp(vb->name, oid, len * sizeof(*oid)) &&
	       vb->name[len] == instance;
}

static void a_notification_carries_number_and_time(void **state)
{
	static const snmp_oid_t DOWN[] = {PANTAU_OID_NOTIFY_LINK_DOWN},
				TIME[] = {PANTAU_OID_EVENT_TIME_MS},
				TYPE[] = {PANTAU_OID_EVENT_TYPE},
				MONO[] = {PANTAU_OID_AGENT_MONOTONIC_US},
				TRAP[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1},
				IF_DOWN[] = {1, 3, 6, 1, 6, 3, 1, 1, 5, 3},
				IF_INDEX[] = {1, 3, 6, 1, 2, 1, 2, 2, 1, 1};
	struct notification n;
	struct fixture f;

	(void)state;
	start(&f);
	f.memory.data.head->agent.start_us = 1000000;
	strcpy(f.memory.data.head->agent.site_id, "opd-1");
	add(&f, EVENT_AGENT_START);
	add(&f, EVENT_LINK_DOWN);
	notification_build(&n, &f.memory.data, mib_data_event(&f.memory.data, 2), INFORM_OWN,
			   3500000);
	assert_int_equal(n.n, 14);
	assert_int_equal(n.varbinds[0].v.u, 250); /* hundredths since the start */
	assert_true(has_name(&n.varbinds[1], TRAP, ARRAY_LEN(TRAP), 0));
	assert_int_equal(n.varbinds[1].v.oid.len, ARRAY_LEN(DOWN));
	assert_memory_equal(n.varbinds[1].v.oid.p, DOWN, sizeof(DOWN));
	assert_int_equal(n.varbinds[2].v.octets.len, 5);
	assert_true(has_name(&n.varbinds[3], TIME, ARRAY_LEN(TIME), 2));
	assert_int_equal(n.varbinds[3].v.u, 200);
	assert_true(has_name(&n.varbinds[4], TYPE, ARRAY_LEN(TYPE), 2));
	assert_int_equal(n.varbinds[4].v.i, EVENT_LINK_DOWN);
	assert_true(has_name(&n.varbinds[13], MONO, ARRAY_LEN(MONO), 0));
	assert_int_equal(n.varbinds[13].v.u, 3500000);
	notification_build(&n, &f.memory.data, mib_data_event(&f.memory.data, 2), INFORM_STANDARD,
			   3500000);
	assert_int_equal(n.n, 9);
	assert_memory_equal(n.varbinds[1].v.oid.p, IF_DOWN, sizeof(IF_DOWN));
	assert_int_equal(n.varbinds[1].v.oid.len, ARRAY_LEN(IF_DOWN));
	assert_true(has_name(&n.varbinds[2], IF_INDEX, ARRAY_LEN(IF_INDEX), 3));
	assert_int_equal(n.varbinds[4].v.i, LINK_OPER_DOWN);
	assert_true(has_name(&n.varbinds[8], TIME, ARRAY_LEN(TIME), 2));
	test_memory_deinit(&f.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_kinds_in_order),
		cmocka_unit_test(switches_choose),
		cmocka_unit_test(what_a_restart_finds_gone_is_dropped),
		cmocka_unit_test(what_is_in_flight_is_not_dropped_yet),
		cmocka_unit_test(silence_backs_off_and_a_link_ends_it),
		cmocka_unit_test(what_the_ring_gives_up_is_counted),
		cmocka_unit_test(what_nobody_wanted_is_not_dropped),
		cmocka_unit_test(a_restart_goes_on_within_an_event),
		cmocka_unit_test(a_gap_of_numbers_is_stepped_over),
		cmocka_unit_test(links_do_not_wait_for_each_other),
		cmocka_unit_test(the_agents_own_events_part_the_others),
		cmocka_unit_test(a_silent_receiver_is_asked_once_at_a_time),
		cmocka_unit_test(the_window_is_bounded),
		cmocka_unit_test(a_notification_carries_number_and_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
