/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A day and a little more in virtual time: 64 links with traffic, flaps, renames and
 * deletions, on a clock that is set forward and back, beside a model of what the kernel
 * counted. Every second's counters and rates, every row of every minute, the day's
 * percentile, what was told last and the memory are held against the model.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/history/history.h"
#include "agent/core/history/wall_clock.h"
#include "agent/core/link/link_memory.h"
#include "agent/core/link/link_table.h"
#include "common/base/cleanup.h"
#include "tests/unit/agent/test_memory.h"

#include <cmocka.h>

#define S	INT64_C(1000000)
#define WALL_MS INT64_C(1790000040000) /* a minute begins */

enum {
	LINKS = 64,
	DAY_S = 86400,
	RUN_S = DAY_S + 2 * 3600,
	QUIET_S = 120, /* nothing changes at the end, so that flapping settles */
	MINUTES = RUN_S / 60 + 10,
	FIVES = 288,
	EPOCH = 5,
};

/* When the clock is set, and by how much. */
static const struct {
	int at_s;
	int64_t ms;
} STEPS[] = {
	{20000, 7200000}, {41000, -5000}, {60000, -200000}, {60030, 800}, {80000, 31000},
};

/* Of one minute */
struct truth {
	int64_t sample_us;
	uint64_t octets, peak_bps;
	uint32_t flaps, up_ms;
};

struct model {
	char name[16];
	uint32_t if_index, ups, downs, flaps, flaps_minute;
	uint64_t octets, rate, rate_bps, peak_bps;
	bool up, fresh; /* fresh: no rate with the next sample */
	int64_t up_us, since_us, minute_us;
	int64_t five_us;
	uint64_t five_octets;
	uint32_t fives[FIVES], n_fives; /* in kbit/s */
	int told;			/* EVENT_LINK_DOWN or _UP, 0 nothing */
	struct truth truths[MINUTES];
	uint32_t n_truths;
};

struct day {
	struct test_memory memory;
	struct link_table *table;
	struct wall_clock clock;
	struct stamp now;
	struct model models[LINKS];
	uint32_t next_index, minute, events;
};

static char wan_title[] = "wan*";
static struct agent_conf_link conf_links[] = {
	{.title = wan_title, .role = LINK_ROLE_UPLINK, .capacity_kbps = 100000, .events = true},
};
static const struct agent_conf CONF = {
	.links = conf_links,
	.n_links = 1,
	.flap_changes = 6,
	.flap_window_ms = 60000,
	.flap_settle_ms = 30000,
};

static struct model *model_of(struct day *day, const char *name)
{
	unsigned int i;

	return sscanf(name, "wan%u", &i) == 1 && i < LINKS ? &day->models[i] : NULL;
}

static void on_event(void *data, const struct link_event *event, const struct stamp *now)
{
	struct day *day = data;
	struct model *m = model_of(day, event->link->name);

	(void)now;
	day->events++;
	if (m && (event->type == EVENT_LINK_DOWN || event->type == EVENT_LINK_UP))
		m->told = event->type;
}

static void on_ask(void *data, uint32_t if_index)
{
	(void)data;
	(void)if_index;
}

/* A message of the kernel's, some milliseconds after the sample. */
static void tell(struct day *day, const struct model *m, const char *name)
{
	struct link_report link = {
		.if_index = m->if_index,
		.if_type = 6,
		.oper = m->up ? LINK_OPER_UP : LINK_OPER_DOWN,
		.admin = LINK_ADMIN_UP,
		.carrier = m->up,
		.mtu = 1500,
		.has_carrier_counts = true,
		.carrier_ups = m->ups,
		.carrier_downs = m->downs,
	};

	snprintf(link.name, sizeof(link.name), "%s", name);
	day->now.us += 1000;
	day->now.wall_ms++;
	link_table_update(day->table, &link, &day->now);
	link_memory_assign_slots(day->table);
}

static void count_up(struct model *m, int64_t now_us)
{
	if (m->up)
		m->up_us += now_us - m->since_us;
	m->since_us = now_us;
}

static void made_anew(struct day *day, struct model *m)
{
	link_table_remove(day->table, m->if_index, &day->now);
	m->if_index = day->next_index++;
	m->downs = m->flaps = m->flaps_minute = 0;
	m->ups = m->up;
	m->octets = m->peak_bps = m->rate_bps = 0;
	m->fresh = true;
	m->five_us = 0;
	m->n_fives = 0;
	m->up_us = 0;
	m->since_us = m->minute_us = day->now.us + 1000;
	tell(day, m, m->name);
}

static void flap(struct day *day, struct model *m)
{
	count_up(m, day->now.us + 1000);
	m->up = !m->up;
	m->ups += m->up;
	m->downs += !m->up;
	m->flaps += !m->up;
	m->flaps_minute += !m->up;
	if (rand() % 4 == 0) { /* and some more that the kernel merges */
		m->ups += 3;
		m->downs += 3;
		m->flaps += 3;
		m->flaps_minute += 3;
	}
	tell(day, m, m->name);
}

static void change(struct day *day, struct model *m)
{
	switch (rand() % 8) {
	case 0:
		made_anew(day, m);
		break;
	case 1: /* renamed there and back: its counters go on, its rates begin anew */
		tell(day, m, "tmp0");
		tell(day, m, m->name);
		m->fresh = true;
		m->peak_bps = m->rate_bps = 0;
		m->five_us = 0;
		break;
	default:
		flap(day, m);
		break;
	}
}

/* Starts the marks of rates and five-minute means, as the agent does with its first sample. */
static void count_rate(struct model *m, uint64_t octets, int64_t now_us)
{
	m->rate_bps = m->fresh ? 0 : octets * 8;
	m->fresh = false;
	if (m->rate_bps > m->peak_bps)
		m->peak_bps = m->rate_bps;
	if (!m->five_us) {
		m->five_us = now_us;
		m->five_octets = m->octets;
	}
}

/* A second's traffic as the kernel counted it, and what the agent makes of it. */
static void sample(struct day *day, struct model *m, int s)
{
	const struct mib_link *row;
	struct link_counters counters = {0};
	uint64_t octets;

	if (s % 60 == 0)
		m->rate = (uint64_t)(rand() % 12000000);
	octets = m->rate + (rand() % 500 ? 0 : 50000000); /* and bursts of one second */
	m->octets += octets;
	counters.in_octets = m->octets;
	count_rate(m, octets, day->now.us);
	assert_true(link_table_sample(day->table, m->if_index, &counters, &day->now));
	row = link_table_by_index(day->table, m->if_index);
	assert_string_equal(row->name, m->name);
	assert_int_equal(row->counters.in_octets, m->octets);
	assert_int_equal(row->in_rate_bps, m->rate_bps);
	assert_int_equal(row->flaps, m->flaps);
	assert_int_equal(row->oper, m->up ? LINK_OPER_UP : LINK_OPER_DOWN);
}

static void close_five(struct model *m, int64_t now_us)
{
	int64_t span_us = now_us - m->five_us;

	if (m->five_us && span_us >= 150 * S && m->n_fives < FIVES) {
		double bps = (double)(m->octets - m->five_octets) * 8e6 / (double)span_us;

		m->fives[m->n_fives++] = (uint32_t)(((uint64_t)(bps + 0.5) + 500) / 1000);
	}
	m->five_us = now_us;
	m->five_octets = m->octets;
}

static void close_minute(struct model *m, int64_t now_us)
{
	int64_t seen_us = now_us - m->minute_us;

	count_up(m, now_us);
	assert_true(m->n_truths < MINUTES);
	m->truths[m->n_truths++] = (struct truth){
		.sample_us = now_us,
		.octets = m->octets,
		.peak_bps = m->peak_bps,
		.flaps = m->flaps_minute,
		.up_ms = (uint32_t)((m->up_us * 60000 + seen_us / 2) / seen_us),
	};
	m->up_us = 0;
	m->flaps_minute = 0;
	m->peak_bps = 0;
	m->minute_us = now_us;
}

/* As agent_watch does it, in its order. */
static void tick(struct day *day, int s)
{
	struct wall_tick tick;

	wall_clock_tick(&day->clock, day->now.us, day->now.wall_ms * 1000, &tick);
	if (tick.step_ms) {
		link_table_step(day->table, tick.step_ms);
		assert_int_equal(history_shift(&day->memory.data, tick.shift_minutes, EPOCH), 0);
	}
	for (size_t i = 0; i < LINKS; i++)
		sample(day, &day->models[i], s);
	link_table_tick(day->table, &day->now);
	for (size_t i = 0; i < LINKS; i++) {
		struct model *m = &day->models[i];

		if (tick.five)
			close_five(m, day->now.us);
		if (tick.day)
			m->n_fives = 0;
		if (tick.minute)
			close_minute(m, day->now.us);
	}
	if (tick.five)
		link_table_five(day->table);
	if (tick.day)
		link_table_day(day->table);
	if (tick.minute)
		link_table_minute(day->table, tick.minute, &day->now);
	if (tick.minute)
		day->minute = tick.minute;
}

static void start(struct day *day)
{
	const struct mib_sizes sizes = {
		.max_links = LINKS + 2, .max_events = 4, .hist_minutes = 1440};
	const struct link_table_calls calls = {on_event, on_ask, day};

	day->now = (struct stamp){
		.us = 100 * S, .wall_ms = WALL_MS - 1000, .clock = CLOCK_SYNCHRONISED};
	day->next_index = 100;
	test_memory_init(&day->memory, &sizes);
	assert_int_equal(history_adopt(&day->memory.data, (uint32_t)(WALL_MS / 60000), EPOCH),
			 HISTORY_NEW);
	assert_int_equal(link_table_new(&CONF, &day->memory.data, EPOCH, &calls, &day->table), 0);
	wall_clock_init(&day->clock, S, 7 * 3600);
	link_table_dump_begin(day->table);
	for (uint32_t i = 0; i < LINKS; i++) {
		struct model *m = &day->models[i];

		*m = (struct model){.if_index = i + 1, .ups = 1, .up = true, .fresh = true};
		snprintf(m->name, sizeof(m->name), "wan%u", i);
		m->since_us = m->minute_us = day->now.us + 1000;
		tell(day, m, m->name);
	}
	link_table_dump_end(day->table, &day->now);
	srand(3);
}

static void run(struct day *day)
{
	int64_t set_ms = 0;

	for (int s = 0; s < RUN_S; s++) {
		for (size_t i = 0; i < ARRAY_LEN(STEPS); i++)
			set_ms += STEPS[i].at_s == s ? STEPS[i].ms : 0;
		day->now.us = (200 + s) * S;
		day->now.wall_ms = WALL_MS + s * INT64_C(1000) + set_ms;
		tick(day, s);
		if (s % 37 == 0 && s < RUN_S - QUIET_S)
			change(day, &day->models[rand() % LINKS]);
	}
}

static const struct truth *truth_at(const struct model *m, int64_t sample_us)
{
	for (uint32_t i = 0; i < m->n_truths; i++) {
		if (m->truths[i].sample_us == sample_us)
			return &m->truths[i];
	}
	return NULL;
}

static void check_row(const struct model *m, const struct mib_hist_row *row)
{
	const struct truth *truth = truth_at(m, row->sample_us);

	assert_non_null(truth);
	assert_int_equal(row->in_octets, truth->octets);
	assert_int_equal(row->in_peak_bps, truth->peak_bps);
	assert_int_equal(row->flaps, truth->flaps);
	assert_in_range(row->up_ms, truth->up_ms ? truth->up_ms - 1 : 0, truth->up_ms + 1);
}

/* Rows rise in time with their minutes, none is missing but where the clock jumped. */
static void check_history(struct day *day, const struct model *m)
{
	int64_t last_us = 0;
	uint32_t n = 0;

	for (uint32_t minute = day->minute - 1439; minute <= day->minute; minute++) {
		const struct mib_hist_slot *slot;
		const struct mib_hist_row *row =
			mib_data_hist(&day->memory.data, m->if_index, minute, &slot);

		if (!row)
			continue;
		assert_string_equal(slot->name, m->name);
		assert_true(row->sample_us > last_us);
		check_row(m, row);
		last_us = row->sample_us;
		n++;
	}
	assert_int_equal(last_us, m->truths[m->n_truths - 1].sample_us);
	assert_in_range(n, 1440 - ARRAY_LEN(STEPS), 1440);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void check_percentile(struct day *day, struct model *m)
{
	const struct mib_link *row = link_table_by_index(day->table, m->if_index);
	uint64_t wanted = 0;

	qsort(m->fives, m->n_fives, sizeof(m->fives[0]), by_value);
	if (m->n_fives)
		wanted = m->fives[(m->n_fives * 95 + 99) / 100 - 1] * UINT64_C(1000);
	assert_int_equal(row->in_p95_bps, wanted);
}

static void a_day_of_64_links(void **state)
{
	static struct day day;
	size_t before, after;

	(void)state;
	start(&day);
	before = mallinfo2().uordblks;
	run(&day);
	after = mallinfo2().uordblks;
	assert_int_equal(after, before); /* history_shift gives back what it took */
	assert_int_equal(link_table_n(day.table), LINKS);
	assert_in_range(day.events, 100, 2 * RUN_S / 37);
	for (size_t i = 0; i < LINKS; i++) {
		struct model *m = &day.models[i];

		check_history(&day, m);
		check_percentile(&day, m);
		if (m->told)
			assert_int_equal(m->told, m->up ? EVENT_LINK_UP : EVENT_LINK_DOWN);
	}
	link_table_free(day.table);
	test_memory_deinit(&day.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_of_64_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
