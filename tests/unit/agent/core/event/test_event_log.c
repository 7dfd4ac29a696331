/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, ring and records of events: restarts, power losses, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/event/event_log.h"
#include "common/base/cleanup.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

enum { EVENTS = 16, FILE_SIZE = 8192, EPOCH = 77 };

static const struct mib_sizes SIZES = {.max_links = 4, .max_events = EVENTS, .hist_minutes = 4};
static const struct stamp NOW = {
	.us = 5000000, .wall_ms = 1790000000000, .clock = CLOCK_SYNCHRONISED};

struct fixture {
	struct test_memory memory;
	struct event_log log;
	uint8_t file[FILE_SIZE];
	size_t end;
};

static void start(struct fixture *f, uint32_t epoch)
{
	test_memory_init(&f->memory, &SIZES);
	event_log_init(&f->log, &f->memory.data, epoch);
}

static void stop(struct fixture *f)
{
	test_memory_deinit(&f->memory);
}

static void put(struct fixture *f, const struct event_record *record)
{
	uint8_t buf[EVENT_RECORD_MAX];
	size_t len = event_segment_put(record, 1, buf);

	memcpy(f->file + f->end, buf, len);
	f->end += len;
}

static void begin_file(struct fixture *f, uint32_t reserved, uint32_t epoch)
{
	struct event_segment_head head = {.generation = 1, .reserved = reserved, .epoch = epoch};

	memset(f->file, 0, sizeof(f->file));
	f->end = event_segment_put_head(&head, f->file);
}

static uint32_t add(struct fixture *f, enum event_type type, const char *name)
{
	struct mib_event event = {.type = (uint8_t)type, .if_index = 3, .value = 9};
	struct event_record record = {.type = EVENT_RECORD_EVENT};
	struct event_gone gone;

	strncpy(event.if_name, name, sizeof(event.if_name) - 1);
	snprintf(event.text, sizeof(event.text), "text of %s", name);
	record.event = *event_log_add(&f->log, &event, &NOW, &gone);
	put(f, &record);
	return record.event.number;
}

/* What a start finds in file; returns octets that were damaged. */
static size_t load(struct fixture *f, const uint8_t *file)
{
	struct event_segment_head head;
	size_t damaged;

	assert_int_equal(event_segment_get_head(file, FILE_SIZE, &head), 0);
	damaged = event_log_load(&f->log, &head, file, FILE_SIZE, NULL);
	event_log_loaded(&f->log, damaged ? FILE_SIZE : 0, false, NOW.wall_ms);
	return damaged;
}

static void an_event_comes_back_as_it_was(void **state)
{
	struct fixture a = {0}, b = {0};
	const struct mib_event *x, *y;

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	assert_int_equal(add(&a, EVENT_LINK_DOWN, "wan0"), 1);
	assert_int_equal(add(&a, EVENT_LINK_UP, "a-name-of-15-xx"), 2);
	start(&b, EPOCH);
	assert_int_equal(load(&b, a.file), 0);
	for (uint32_t n = 1; n <= 2; n++) {
		x = mib_data_event(&a.memory.data, n);
		y = mib_data_event(&b.memory.data, n);
		assert_non_null(y);
		assert_memory_equal(x, y, sizeof(*x));
	}
	assert_int_equal(b.log.next, 3);
	assert_int_equal(b.memory.data.head->agent.last_event_number, 2);
	stop(&a);
	stop(&b);
}

/* The files are gone, or never could be written; the run directory's file is there. */
static void numbers_go_on_without_the_files(void **state)
{
	struct fixture a = {0}, b = {0}, c = {0};

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	for (int i = 0; i < 5; i++)
		add(&a, EVENT_LINK_UP, "x");
	start(&b, EPOCH);
	*b.memory.data.hist_head = *a.memory.data.hist_head;
	event_log_loaded(&b.log, 0, true, NOW.wall_ms);
	assert_int_equal(b.log.next, 6);
	assert_null(mib_data_event_at(&b.memory.data, 1));
	begin_file(&b, 100, EPOCH);
	assert_int_equal(add(&b, EVENT_LINK_UP, "x"), 6);
	assert_int_equal(mib_data_event_at(&b.memory.data, 1)->number, 6);
	start(&c, EPOCH); /* the file was full from the third event on */
	*c.memory.data.hist_head = *a.memory.data.hist_head;
	memset(a.file + a.end - 300, 0, 300);
	load(&c, a.file);
	assert_true(c.log.next >= 6);
	stop(&c);
	start(&c, EPOCH); /* damaged */
	c.memory.data.hist_head->last_event = 4000000000;
	event_log_loaded(&c.log, 0, true, NOW.wall_ms);
	assert_int_equal(c.log.next, 1);
	stop(&a);
	stop(&b);
	stop(&c);
}

/* There is room for sixteen names: those of the past give way, not who answers. */
static void old_receivers_make_room(void **state)
{
	struct inform_done done = {0};
	struct fixture f = {0};
	char name[AGENT_CONF_RECEIVER_SIZE];

	(void)state;
	start(&f, EPOCH);
	for (uint32_t i = 0; i < 100; i++) {
		done.number = i;
		snprintf(name, sizeof(name), "tried-%u", i);
		event_log_note_ack(&f.log, "noc", &done);
		event_log_note_ack(&f.log, name, &done);
		done.number = 1000;
		assert_true(event_log_ack_of(&f.log, "noc", &done));
		assert_int_equal(done.number, i);
		assert_true(event_log_ack_of(&f.log, name, &done));
	}
	assert_false(event_log_ack_of(&f.log, "tried-1", &done));
	stop(&f);
}

static void the_ring_keeps_the_newest(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f, EPOCH);
	begin_file(&f, 100, EPOCH);
	for (int i = 0; i < EVENTS + 5; i++)
		add(&f, EVENT_LINK_UP, "x");
	assert_null(mib_data_event(&f.memory.data, 5));
	assert_int_equal(mib_data_event_at(&f.memory.data, 1)->number, 6);
	assert_int_equal(mib_data_event_at(&f.memory.data, EVENTS + 5)->number, EVENTS + 5);
	assert_null(mib_data_event_at(&f.memory.data, EVENTS + 6));
	stop(&f);
}

static const struct {
	const char *name;
	uint32_t file_epoch, reserved;
	bool stopped;
	uint32_t next; /* after three events */
} RESTARTS[] = {
	{"killed, same boot: the page cache has all", EPOCH, 100, false, 4},
	{"power loss: behind the reservation", EPOCH + 1, 100, false, 101},
	{"clean stop and boot", EPOCH + 1, 100, true, 4},
	{"power loss, all of the reservation used", EPOCH + 1, 3, false, 4},
};

static void a_number_is_never_used_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(RESTARTS); i++) {
		struct fixture a = {0}, b = {0};

		start(&a, EPOCH);
		begin_file(&a, RESTARTS[i].reserved, RESTARTS[i].file_epoch);
		for (int k = 0; k < 3; k++)
			add(&a, EVENT_LINK_UP, "x");
		if (RESTARTS[i].stopped)
			put(&a, &(struct event_record){.type = EVENT_RECORD_STOP});
		start(&b, EPOCH);
		load(&b, a.file);
		if (b.log.next != RESTARTS[i].next)
			fail_msg("%s: %u", RESTARTS[i].name, b.log.next);
		stop(&a);
		stop(&b);
	}
}

/* Wherever a write was torn: what is before counts, and the number rises. */
static void any_torn_end_is_borne(void **state)
{
	struct fixture a = {0};

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	for (int k = 0; k < 5; k++)
		add(&a, EVENT_LINK_UP, "x");
	for (size_t cut = EVENT_SEGMENT_HEAD; cut < a.end; cut++) {
		struct fixture b = {0};
		uint8_t *file = calloc(1, FILE_SIZE);

		memcpy(file, a.file, cut);
		memset(file + cut, 0xa5, 100);
		start(&b, EPOCH);
		assert_int_equal(load(&b, file), 0);
		assert_true(b.log.next >= 1 && b.log.next <= 6);
		if (b.log.next > 1)
			assert_non_null(mib_data_event(&b.memory.data, b.log.next - 1));
		stop(&b);
		free(file);
	}
	stop(&a);
}

/* Any octet of any record changed: the others are found, and the number is beyond all. */
static void any_rotten_octet_is_borne(void **state)
{
	struct fixture a = {0};

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	for (int k = 0; k < 5; k++)
		add(&a, EVENT_LINK_UP, "x");
	for (size_t at = EVENT_SEGMENT_HEAD; at < a.end; at++) {
		struct fixture b = {0};
		unsigned int found = 0;

		a.file[at] ^= 0x10;
		start(&b, EPOCH);
		load(&b, a.file);
		for (uint32_t n = 1; n <= 5; n++)
			found += mib_data_event(&b.memory.data, n) != NULL;
		assert_int_equal(found, 4);
		/* the last one cannot be told from a torn end */
		assert_true(b.log.next >= 5);
		if (mib_data_event(&b.memory.data, 5))
			assert_true(b.log.next > 5);
		stop(&b);
		a.file[at] ^= 0x10;
	}
	stop(&a);
}

static void what_an_earlier_generation_left_is_nothing(void **state)
{
	struct fixture a = {0}, b = {0};
	struct event_segment_head head = {.generation = 2, .reserved = 200, .epoch = EPOCH};

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	for (int k = 0; k < 5; k++)
		add(&a, EVENT_LINK_UP, "x");
	event_segment_put_head(&head, a.file);
	start(&b, EPOCH);
	assert_int_equal(load(&b, a.file), 0);
	assert_null(mib_data_event_at(&b.memory.data, 1));
	stop(&a);
	stop(&b);
}

static void nothing_readable_goes_on_far_ahead(void **state)
{
	struct fixture f = {0};

	(void)state;
	start(&f, EPOCH);
	event_log_loaded(&f.log, FILE_SIZE, true, NOW.wall_ms);
	assert_true(f.log.next > 200000000);
	stop(&f);
	start(&f, EPOCH);
	event_log_loaded(&f.log, FILE_SIZE, true, 5000); /* a clock of 1970 is no help */
	assert_true(f.log.next > EVENTS + EVENT_BLOCK);
	stop(&f);
	start(&f, EPOCH);
	event_log_loaded(&f.log, 0, true, NOW.wall_ms); /* the first start of all */
	assert_int_equal(f.log.next, 1);
	stop(&f);
}

/* The file that had the events is damaged; the newer one has only what was noted about
 * them. A number below a receiver's place would never be sent to it. */
static void numbers_go_on_behind_all_that_was_noted(void **state)
{
	static const struct {
		struct event_record noted;
		uint32_t reserved;
		bool stopped;
	} CASES[] = {
		{{.type = EVENT_RECORD_ACK, .receiver = "noc", .done = {.number = 20000}}, 0, true},
		{{.type = EVENT_RECORD_ACK, .receiver = "noc", .done = {19999, 20000, 1}}, 0, true},
		{{.type = EVENT_RECORD_STOP, .number = 20000}, 0, true},
		{{.type = EVENT_RECORD_RESERVE, .number = 20000}, 0, true},
		{{.type = EVENT_RECORD_RESERVE, .number = 5}, 20000, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		for (uint32_t boot = 0; boot < 2; boot++) {
			struct event_segment_head head;
			struct fixture f = {0};

			start(&f, EPOCH + boot);
			begin_file(&f, CASES[i].reserved, EPOCH);
			put(&f, &CASES[i].noted);
			if (CASES[i].stopped)
				put(&f, &(struct event_record){.type = EVENT_RECORD_STOP});
			assert_int_equal(event_segment_get_head(f.file, FILE_SIZE, &head), 0);
			event_log_load(&f.log, &head, f.file, FILE_SIZE, NULL);
			event_log_loaded(&f.log, FILE_SIZE, false, NOW.wall_ms);
			if (f.log.next <= 20000)
				fail_msg("case %zu, boot %u: %u", i, boot, f.log.next);
			stop(&f);
		}
	}
}

static void acknowledgements_are_kept_per_receiver(void **state)
{
	struct fixture a = {0}, b = {0};
	struct inform_done done = {0};
	char name[32];

	(void)state;
	start(&a, EPOCH);
	begin_file(&a, 100, EPOCH);
	for (uint32_t k = 1; k <= 3; k++)
		put(&a, &(struct event_record){.type = EVENT_RECORD_ACK,
					       .receiver = "noc",
					       .done = {k, k + 1, 1}});
	put(&a, &(struct event_record){
			.type = EVENT_RECORD_ACK, .receiver = "zabbix", .done = {.number = 1}});
	start(&b, EPOCH);
	load(&b, a.file);
	assert_true(event_log_ack_of(&b.log, "noc", &done));
	assert_int_equal(done.number, 3);
	assert_int_equal(done.at, 4);
	assert_int_equal(done.part, 1);
	assert_true(event_log_ack_of(&b.log, "zabbix", &done));
	assert_int_equal(done.number, 1);
	assert_false(event_log_ack_of(&b.log, "other", &done));
	for (int i = 0; i < 100; i++) { /* bounded, whatever names a file has */
		snprintf(name, sizeof(name), "r%d", i);
		event_log_note_ack(&b.log, name, &done);
	}
	assert_true(event_log_ack_of(&b.log, "r99", &done));
	assert_false(event_log_ack_of(&b.log, "noc", &done));
	stop(&a);
	stop(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_comes_back_as_it_was),
		cmocka_unit_test(numbers_go_on_without_the_files),
		cmocka_unit_test(old_receivers_make_room),
		cmocka_unit_test(the_ring_keeps_the_newest),
		cmocka_unit_test(a_number_is_never_used_twice),
		cmocka_unit_test(any_torn_end_is_borne),
		cmocka_unit_test(any_rotten_octet_is_borne),
		cmocka_unit_test(what_an_earlier_generation_left_is_nothing),
		cmocka_unit_test(nothing_readable_goes_on_far_ahead),
		cmocka_unit_test(numbers_go_on_behind_all_that_was_noted),
		cmocka_unit_test(acknowledgements_are_kept_per_receiver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
