/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is told what, when, in virtual time: each case by itself, then cities of alerts with
 * receivers that fail and collectors that are killed, by seeds, against what must always
 * hold.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/notify/delivery_queue.h"
#include "collector/core/notify/notify_plan.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

enum { ALERTS_MAX = 400, ROWS_MAX = 20000, WALL_MS = 1000000 };

/* What a receiver got. */
struct message {
	int64_t id;
	char channel[33];
	enum notify_what what;
	size_t n_alerts;
	int64_t alerts[DELIVERY_ALERTS_MAX];
	bool over[DELIVERY_ALERTS_MAX]; /* as the alert was then */
	int64_t at_ms, thread;
	char thread_remote[8];
};

struct world {
	struct notify_conf conf;
	struct notify_plan *plan;
	struct inventory_entry entry;
	struct alert alerts[ALERTS_MAX];
	size_t n_alerts;
	struct moment now;
	bool office;
	struct delivery rows[ROWS_MAX / 10]; /* the store, by id */
	size_t n_rows;
	struct delivery to_store[200]; /* rows that are not durable yet */
	int64_t to_answer[ROWS_MAX];
	size_t n_to_store, n_to_answer;
	struct message got[ROWS_MAX / 4];
	size_t n_got;
	char failing[33], why[160];
	unsigned int n_channel_calls;
};

static void put(void *data, const struct delivery *delivery)
{
	struct world *w = data;

	assert_true(w->n_to_store < ARRAY_LEN(w->to_store));
	w->to_store[w->n_to_store++] = *delivery;
}

static bool find(void *data, int64_t id, struct notify_item *ret)
{
	struct world *w = data;

	if (id < 1 || (size_t)id > w->n_alerts)
		return false;
	*ret = (struct notify_item){&w->alerts[id - 1], &w->entry};
	return true;
}

static void send_it(void *data, const struct delivery *delivery, const char *thread_remote)
{
	struct world *w = data;
	struct message *m = &w->got[w->n_got++];

	assert_true(w->n_got < ARRAY_LEN(w->got));
	assert_int_equal(delivery->state, DELIVERY_IN_FLIGHT);
	*m = (struct message){.id = delivery->id,
			      .what = delivery->what,
			      .n_alerts = delivery->n_alerts,
			      .at_ms = w->now.mono_ms,
			      .thread = delivery->thread};
	snprintf(m->thread_remote, sizeof(m->thread_remote), "%s", thread_remote);
	snprintf(m->channel, sizeof(m->channel), "%s", delivery->channel);
	for (size_t i = 0; i < delivery->n_alerts; i++) {
		m->alerts[i] = delivery->alerts[i];
		m->over[i] = !alert_is_open(&w->alerts[delivery->alerts[i] - 1]);
	}
	w->to_answer[w->n_to_answer++] = delivery->id;
}

static bool office(void *data)
{
	return ((struct world *)data)->office;
}

static void channel(void *data, const char *name, const char *why, uint64_t dropped)
{
	struct world *w = data;

	(void)dropped;
	w->n_channel_calls++;
	snprintf(w->failing, sizeof(w->failing), "%s", why ? name : "");
	snprintf(w->why, sizeof(w->why), "%s", why ? why : "");
}

static void start(struct world *w)
{
	const struct notify_plan_hooks hooks = {w, put, send_it, find, office, channel};
	const int64_t last = w->n_rows > 0 ? (int64_t)w->n_rows - 1 : 0;

	assert_int_equal(notify_plan_new(&w->conf, &hooks, last, &w->plan), 0);
}

static struct world *world(const char *conf)
{
	struct world *w = calloc(1, sizeof(*w));
	struct conf_errors errors = {0};

	assert_non_null(w);
	assert_int_equal(conf_parse("n.conf", (const uint8_t *)conf, strlen(conf), NOTIFY_CONF_KEYS,
				    &w->conf, &errors),
			 0);
	assert_int_equal(notify_conf_check(&w->conf, &errors), 0);
	w->entry = (struct inventory_entry){
		.id = TEXT("d"),
		.name = TEXT("D"),
		.address = TEXT("192.0.2.1"),
		.kelurahan = TEXT(""),
		.kecamatan = TEXT(""),
		.provider = TEXT("Astinet"),
		.contract = TEXT(""),
		.group = TEXT("puskesmas"),
		.kind = INVENTORY_OPD,
	};
	w->now = (struct moment){WALL_MS, 1000};
	start(w);
	return w;
}

static void end_world(struct world *w)
{
	notify_plan_free(w->plan);
	notify_conf_wipe(&w->conf);
	free(w);
}

static struct alert *raise_alert(struct world *w, enum severity severity)
{
	struct alert *alert = &w->alerts[w->n_alerts++];

	assert_true(w->n_alerts <= ALERTS_MAX);
	*alert = (struct alert){
		.id = (int64_t)w->n_alerts,
		.kind = ALERT_DEVICE_DOWN,
		.severity = severity,
		.device_id = "d",
		.begin_ms = w->now.wall_ms,
		.value = NAN,
		.limit = NAN,
	};
	return alert;
}

static void news(struct world *w, struct alert *alert, enum alert_change change)
{
	notify_plan_alert(w->plan, &(struct notify_item){alert, &w->entry}, change, w->now);
}

static struct alert *begin(struct world *w, enum severity severity)
{
	struct alert *alert = raise_alert(w, severity);

	news(w, alert, ALERT_RAISED);
	return alert;
}

static void end(struct world *w, struct alert *alert)
{
	alert->end_ms = w->now.wall_ms + 1;
	news(w, alert, ALERT_ENDED);
}

/* Every row becomes durable. */
static void store(struct world *w)
{
	for (size_t i = 0; i < w->n_to_store; i++) {
		const struct delivery *row = &w->to_store[i];

		assert_in_range(row->id, 1, ARRAY_LEN(w->rows) - 1);
		w->rows[row->id] = *row;
		w->n_rows = (size_t)row->id >= w->n_rows ? (size_t)row->id + 1 : w->n_rows;
		if (row->state == DELIVERY_IN_FLIGHT)
			notify_plan_stored(w->plan, row->id, w->now);
	}
	w->n_to_store = 0;
}

static void answer(struct world *w, enum delivery_outcome outcome, int64_t retry_after_ms)
{
	const struct delivery_result result = {outcome, retry_after_ms, "77",
					       outcome == DELIVERY_ARRIVED ? "200" : "500"};
	const size_t n = w->n_to_answer;

	for (size_t i = 0; i < n; i++)
		notify_plan_result(w->plan, w->to_answer[i], &result, w->now);
	w->n_to_answer -= n;
	memmove(w->to_answer, w->to_answer + n, w->n_to_answer * sizeof(w->to_answer[0]));
}

/* Until nothing more happens at this moment. */
static void settle(struct world *w, enum delivery_outcome outcome)
{
	do {
		notify_plan_tick(w->plan, w->now);
		store(w);
		answer(w, outcome, 0);
	} while (w->n_to_store + w->n_to_answer > 0);
	notify_plan_tick(w->plan, w->now);
	store(w);
}

static void pass(struct world *w, int64_t ms)
{
	w->now.mono_ms += ms;
	w->now.wall_ms += ms;
	settle(w, DELIVERY_ARRIVED);
}

static void expect(const struct world *w, size_t i, const char *name, enum notify_what what,
		   size_t n_alerts)
{
	assert_true(i < w->n_got);
	assert_string_equal(w->got[i].channel, name);
	assert_string_equal(notify_what_name(w->got[i].what), notify_what_name(what));
	assert_int_equal(w->got[i].n_alerts, n_alerts);
}

#define CHANNEL(NAME) "channel \"" NAME "\" { type = webhook url = \"http://x/\" }\n"
#define ONE	      CHANNEL("a") "rule \"r\" { channels = {\"a\"} }\n"

/* Told once, stored before it is sent, recovered once, in the same thread. */
static void test_once(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = begin(w, SEVERITY_MAJOR);

	(void)state;
	assert_int_equal(w->n_got, 0); /* its row is not stored yet */
	settle(w, DELIVERY_ARRIVED);
	expect(w, 0, "a", NOTIFY_BEGIN, 1);
	news(w, alert, ALERT_AMENDED);
	begin(w, SEVERITY_INFO); /* below the rule */
	pass(w, 60000);
	assert_int_equal(w->n_got, 1);
	end(w, alert);
	settle(w, DELIVERY_ARRIVED);
	expect(w, 1, "a", NOTIFY_RECOVERY, 1);
	assert_int_equal(w->got[1].thread, w->got[0].id);
	assert_string_equal(w->got[0].thread_remote, "");
	assert_string_equal(w->got[1].thread_remote, "77");
	assert_int_equal(w->rows[w->got[1].id].state, DELIVERY_CONFIRMED);
	assert_string_equal(w->rows[w->got[0].id].remote, "77");
	pass(w, 86400000);
	assert_int_equal(w->n_got, 2);
	end_world(w);
}

static void test_delay(void **state)
{
	struct world *w = world(CHANNEL("a") "rule \"r\" { delay = 60s channels = {\"a\"} }\n");
	struct alert *alert = begin(w, SEVERITY_MAJOR);

	(void)state;
	pass(w, 59999);
	end(w, alert);
	pass(w, 100000);
	assert_int_equal(w->n_got, 0);
	begin(w, SEVERITY_MAJOR);
	pass(w, 60000);
	expect(w, 0, "a", NOTIFY_BEGIN, 1);
	end_world(w);
}

/* The first at once, the others of ten seconds in one, and their ends likewise. */
static void test_storm(void **state)
{
	struct world *w = world(ONE);
	struct alert *all[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		all[i] = begin(w, SEVERITY_MAJOR);
	settle(w, DELIVERY_ARRIVED);
	assert_int_equal(w->n_got, 1);
	end(w, all[4]); /* never told, never recovered */
	pass(w, 10000);
	assert_int_equal(w->n_got, 2);
	expect(w, 1, "a", NOTIFY_LIST, 3);
	for (size_t i = 0; i < 4; i++)
		end(w, all[i]);
	pass(w, 10000);
	assert_int_equal(w->n_got, 3);
	expect(w, 2, "a", NOTIFY_LIST, 4);
	pass(w, 60000);
	begin(w, SEVERITY_MAJOR);
	settle(w, DELIVERY_ARRIVED);
	expect(w, 3, "a", NOTIFY_BEGIN, 1);
	end_world(w);
}

static void test_repeat_and_escalation(void **state)
{
	struct world *w = world(
		CHANNEL("a") CHANNEL("boss") "rule \"r\" { channels = {\"a\"} repeat = 1h\n"
					     "escalate-after = 15m escalate-to = {\"boss\"} }\n");
	struct alert *alert = begin(w, SEVERITY_MAJOR);
	struct alert *other;

	(void)state;
	settle(w, DELIVERY_ARRIVED);
	pass(w, 900000);
	expect(w, 1, "boss", NOTIFY_ESCALATION, 1);
	pass(w, 2700000);
	expect(w, 2, "a", NOTIFY_REPEAT, 1);
	snprintf(alert->acked_by, sizeof(alert->acked_by), "siti");
	news(w, alert, ALERT_ANSWERED);
	pass(w, 7200000);
	assert_int_equal(w->n_got, 3);
	end(w, alert);
	settle(w, DELIVERY_ARRIVED);
	assert_int_equal(w->n_got, 5); /* both that were told */
	pass(w, 60000);
	other = begin(w, SEVERITY_MAJOR);
	settle(w, DELIVERY_ARRIVED);
	snprintf(other->acked_by, sizeof(other->acked_by), "siti");
	news(w, other, ALERT_ANSWERED);
	pass(w, 3600000);
	assert_int_equal(w->n_got, 6); /* acknowledged in time: nobody else hears of it */
	end_world(w);
}

/* More lie behind it than was told. */
static void test_amendment(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = begin(w, SEVERITY_MAJOR);

	(void)state;
	settle(w, DELIVERY_ARRIVED);
	for (uint32_t i = 1; i <= 173; i++) {
		alert->n_behind = i;
		news(w, alert, ALERT_AMENDED);
	}
	pass(w, 9999);
	assert_int_equal(w->n_got, 1);
	pass(w, 1);
	expect(w, 1, "a", NOTIFY_AMEND, 1);
	for (int i = 0; i < 10; i++) {
		alert->n_behind++;
		news(w, alert, ALERT_AMENDED);
		pass(w, 20000);
	}
	assert_int_equal(w->n_got, 4); /* enough of it */
	end_world(w);
}

static void test_silence_and_maintenance(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = raise_alert(w, SEVERITY_MAJOR);

	(void)state;
	alert->planned = true;
	news(w, alert, ALERT_RAISED);
	pass(w, 3600000);
	assert_int_equal(w->n_got, 0);
	alert->planned = false; /* the work is over and it is still down */
	news(w, alert, ALERT_ANSWERED);
	settle(w, DELIVERY_ARRIVED);
	expect(w, 0, "a", NOTIFY_BEGIN, 1);
	alert->silenced = true;
	news(w, alert, ALERT_ANSWERED);
	end(w, alert); /* told once: told of its end, too */
	pass(w, 60000);
	expect(w, 1, "a", NOTIFY_RECOVERY, 1);
	end_world(w);
}

static void test_rules(void **state)
{
	static const struct {
		const char *rule;
		bool told;
	} CASES[] = {
		{"groups = {\"Puskesmas\"}", true},
		{"groups = {\"kantor\"}", false},
		{"kinds = {\"hotspot\", \"opd\"}", true},
		{"kinds = {\"core\"}", false},
		{"providers = {\"Astinet\"} devices = {\"d\"}", true},
		{"providers = {\"Astinet\"} devices = {\"e\"}", false},
		{"alerts = {\"device-down\"}", true},
		{"alerts = {\"link-down\"}", false},
		{"severity = critical", false},
		{"severity = major when = office", true},
		{"when = off-hours", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char conf[400];
		struct world *w;

		snprintf(conf, sizeof(conf), CHANNEL("a") "rule \"r\" { channels = {\"a\"}\n%s }\n",
			 CASES[i].rule);
		w = world(conf);
		w->office = true;
		begin(w, SEVERITY_MAJOR);
		settle(w, DELIVERY_ARRIVED);
		if ((w->n_got == 1) != CASES[i].told)
			fail_msg("%s", CASES[i].rule);
		end_world(w);
	}
}

/* Outside office hours an alert counts less to a rule, unless it is critical. */
static void test_off_hours(void **state)
{
	static const struct {
		const char *rule;
		enum severity severity;
		bool office, told;
	} CASES[] = {
		{"severity = major off-hours-steps = 1", SEVERITY_MAJOR, true, true},
		{"severity = major off-hours-steps = 1", SEVERITY_MAJOR, false, false},
		{"severity = warning off-hours-steps = 1", SEVERITY_MAJOR, false, true},
		{"severity = warning off-hours-steps = 3", SEVERITY_MAJOR, false, false},
		{"severity = critical off-hours-steps = 3", SEVERITY_CRITICAL, false, true},
		{"severity = major", SEVERITY_MAJOR, false, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char conf[400];
		struct world *w;

		snprintf(conf, sizeof(conf), CHANNEL("a") "rule \"r\" { channels = {\"a\"}\n%s }\n",
			 CASES[i].rule);
		w = world(conf);
		w->office = CASES[i].office;
		begin(w, CASES[i].severity);
		settle(w, DELIVERY_ARRIVED);
		if ((w->n_got == 1) != CASES[i].told)
			fail_msg("%zu: %s", i, CASES[i].rule);
		end_world(w);
	}
}

/* 2, 4, 8 s; told of after the third; the receiver's own wish counts; then all that waited, in order. */
static void test_retry(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = begin(w, SEVERITY_MAJOR);
	const int64_t at = w->now.mono_ms;

	(void)state;
	for (int i = 0; i < 14000; i++) {
		notify_plan_tick(w->plan, w->now);
		store(w);
		answer(w, DELIVERY_LATER, 0);
		w->now.mono_ms++;
		w->now.wall_ms++;
	}
	assert_int_equal(w->n_got, 3);
	assert_int_equal(w->got[1].at_ms - at, 2000);
	assert_int_equal(w->got[2].at_ms - at, 6000);
	assert_int_equal(w->got[2].id, w->got[0].id);
	assert_string_equal(w->failing, "a");
	assert_string_equal(w->why, "500");
	notify_plan_tick(w->plan, w->now);
	store(w);
	answer(w, DELIVERY_LATER, 60000);
	end(w, alert); /* it may have arrived: the recovery is owed */
	pass(w, 59999);
	assert_int_equal(w->n_got, 4);
	pass(w, 1);
	expect(w, 4, "a", NOTIFY_BEGIN, 1);
	pass(w, 10000);
	expect(w, 5, "a", NOTIFY_RECOVERY, 1);
	assert_string_equal(w->failing, "");
	assert_int_equal(w->n_channel_calls, 2);
	end_world(w);
}

/* What failed before a restart is over with the first success after it. */
static void test_failing_is_restored(void **state)
{
	struct world *w = world(ONE);

	(void)state;
	assert_false(notify_plan_restore_failing(w->plan, "gone"));
	assert_true(notify_plan_restore_failing(w->plan, "a"));
	snprintf(w->failing, sizeof(w->failing), "a");
	notify_plan_say(w->plan, "a", NOTIFY_TEST, w->now);
	settle(w, DELIVERY_ARRIVED);
	assert_int_equal(w->n_channel_calls, 1);
	assert_string_equal(w->failing, "");
	end_world(w);
}

/* A wrong token: not again, until the configuration is another. */
static void test_refused(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = begin(w, SEVERITY_MAJOR);

	(void)state;
	settle(w, DELIVERY_REFUSED);
	assert_int_equal(w->n_got, 1);
	assert_string_equal(w->failing, "a");
	assert_int_equal(w->rows[1].state, DELIVERY_FAILED);
	pass(w, 86400000);
	assert_int_equal(w->n_got, 1);
	notify_plan_set_conf(w->plan, &w->conf, w->now);
	news(w, alert, ALERT_AMENDED);
	pass(w, 10000);
	expect(w, 1, "a", NOTIFY_BEGIN, 1);
	end_world(w);
}

/* What fails is told by the others, never by itself. */
static void test_channel_alert(void **state)
{
	struct world *w =
		world(CHANNEL("a") CHANNEL("b") "rule \"r\" { channels = {\"a\", \"b\"} }\n");
	struct alert *alert = raise_alert(w, SEVERITY_MAJOR);

	(void)state;
	alert->kind = ALERT_CHANNEL_FAILED;
	snprintf(alert->link, sizeof(alert->link), "a");
	news(w, alert, ALERT_RAISED);
	pass(w, 10000);
	assert_int_equal(w->n_got, 1);
	expect(w, 0, "b", NOTIFY_BEGIN, 1);
	end_world(w);
}

/* A hanging receiver costs the others nothing, and the queue is bounded. */
static void test_bound(void **state)
{
	struct world *w = world("join = 0s\n" CHANNEL("a")
					CHANNEL("b") "rule \"r\" { channels = {\"a\", \"b\"} }\n");
	struct notify_plan_stats stats;

	(void)state;
	for (size_t i = 0; i < ALERTS_MAX; i++) {
		begin(w, SEVERITY_MAJOR);
		store(w);
		for (size_t k = w->n_to_answer; k-- > 0;) {
			const struct delivery_result ok = {DELIVERY_ARRIVED, 0, "", ""};

			if (strcmp(w->rows[w->to_answer[k]].channel, "b") == 0)
				notify_plan_result(w->plan, w->to_answer[k], &ok, w->now);
		}
		w->n_to_answer = 0;
		notify_plan_tick(w->plan, w->now);
		store(w);
	}
	notify_plan_get_stats(w->plan, &stats);
	assert_true(stats.waiting <= DELIVERY_QUEUE_MAX);
	assert_true(stats.confirmed >= ALERTS_MAX - 1);
	end_world(w);
}

/* An Alertmanager forgets what it is not told again, and rows are not made of that. */
static void test_alertmanager(void **state)
{
	struct world *w = world("channel \"a\" { type = alertmanager url = \"http://x\" }\n"
				"rule \"r\" { channels = {\"a\"} }\n");
	struct alert *alert = begin(w, SEVERITY_MAJOR);
	size_t rows;

	(void)state;
	settle(w, DELIVERY_ARRIVED);
	rows = w->n_rows;
	snprintf(alert->acked_by, sizeof(alert->acked_by), "siti");
	news(w, alert, ALERT_ANSWERED);
	for (int i = 0; i < 10; i++)
		pass(w, 60000);
	assert_int_equal(w->n_got, 11);
	expect(w, 10, "a", NOTIFY_REPEAT, 1);
	assert_int_equal(w->n_rows, rows);
	end_world(w);
}

static void test_say(void **state)
{
	struct world *w = world(ONE);

	(void)state;
	assert_int_equal(notify_plan_say(w->plan, "b", NOTIFY_TEST, w->now), -ENOENT);
	assert_int_equal(notify_plan_say(w->plan, "a", NOTIFY_TEST, w->now), 1);
	settle(w, DELIVERY_ARRIVED);
	expect(w, 0, "a", NOTIFY_TEST, 0);
	end_world(w);
}

/* ---- a kill at any moment ---- */

/* What was not stored yet is lost; messages that are out stay out. */
static void restart(struct world *w)
{
	notify_plan_free(w->plan);
	w->n_to_store = w->n_to_answer = 0;
	start(w);
	for (size_t i = 1; i < w->n_rows; i++) {
		if (w->rows[i].id > 0)
			notify_plan_restore(w->plan, &w->rows[i], w->now);
	}
	notify_plan_restored(w->plan, w->now);
	for (size_t i = 0; i < w->n_alerts; i++) {
		if (!w->alerts[i].end_ms)
			news(w, &w->alerts[i], ALERT_RAISED);
	}
}

static void test_restart(void **state)
{
	struct world *w = world(ONE);
	struct alert *alert = begin(w, SEVERITY_MAJOR);

	(void)state;
	settle(w, DELIVERY_ARRIVED);
	restart(w);
	pass(w, 60000);
	assert_int_equal(w->n_got, 1); /* not told again */
	end(w, alert);
	notify_plan_tick(w->plan, w->now);
	store(w); /* under way */
	assert_int_equal(w->n_got, 2);
	restart(w);
	pass(w, 60000);
	assert_int_equal(w->n_got, 3); /* once more, by the same id */
	assert_int_equal(w->got[2].id, w->got[1].id);
	assert_string_equal(w->got[2].thread_remote, "77");
	assert_true(w->rows[w->got[1].id].uncertain);
	restart(w);
	pass(w, 60000);
	assert_int_equal(w->n_got, 3);
	end_world(w);
}

/* Under way twice when it was killed: that must do. */
static void test_killed_twice(void **state)
{
	struct world *w = world(ONE);

	(void)state;
	begin(w, SEVERITY_MAJOR);
	for (int i = 0; i < 5; i++) {
		notify_plan_tick(w->plan, w->now);
		store(w);
		restart(w);
	}
	assert_int_equal(w->n_got, 2);
	assert_int_equal(w->rows[1].state, DELIVERY_CONFIRMED);
	end_world(w);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

struct tally {
	unsigned int begun, ended, sent;
};

/* How often a channel was told of the begin and of the end of an alert; a repetition by the same id is one. */
static struct tally count(const struct world *w, const char *name, int64_t alert_id)
{
	struct tally tally = {0};
	int64_t seen_begin = 0, seen_end = 0;

	for (size_t i = 0; i < w->n_got; i++) {
		const struct message *m = &w->got[i];
		bool end_of_it;

		if (strcmp(m->channel, name) != 0 || m->what == NOTIFY_REPEAT ||
		    m->what == NOTIFY_AMEND)
			continue;
		for (size_t k = 0; k < m->n_alerts; k++) {
			if (m->alerts[k] != alert_id)
				continue;
			end_of_it = m->what == NOTIFY_RECOVERY ||
				    (m->what == NOTIFY_LIST && seen_begin && m->id != seen_begin);
			tally.begun += !end_of_it && m->id != seen_begin;
			tally.ended += end_of_it && m->id != seen_end;
			*(end_of_it ? &seen_end : &seen_begin) = m->id;
		}
	}
	return tally;
}

static void check_world(const struct world *w, uint32_t seed)
{
	static const char *const NAMES[] = {"a", "b"};

	for (size_t c = 0; c < ARRAY_LEN(NAMES); c++) {
		for (size_t i = 0; i < w->n_alerts; i++) {
			const struct tally tally = count(w, NAMES[c], w->alerts[i].id);

			if (tally.begun > 1 || tally.ended > 1 ||
			    (w->alerts[i].end_ms && tally.begun != tally.ended) ||
			    (!w->alerts[i].end_ms && (tally.begun != 1 || tally.ended != 0)))
				fail_msg("seed %u: channel %s, alert %zu: begun %u, ended %u", seed,
					 NAMES[c], i + 1, tally.begun, tally.ended);
		}
	}
	for (size_t i = 0; i < w->n_got; i++) {
		unsigned int n = 0;

		for (size_t k = 0; k < w->n_got; k++)
			n += w->got[k].id == w->got[i].id;
		assert_true(n <= w->rows[w->got[i].id].tries);
	}
}

static void one_step(struct world *w, uint32_t *seed)
{
	const uint32_t r = next_random(seed) % 100;
	size_t which = w->n_alerts > 0 ? next_random(seed) % w->n_alerts : 0;

	if (r < 12 && w->n_alerts < 60)
		begin(w, SEVERITY_MAJOR);
	else if (r < 24 && w->n_alerts > 0 && !w->alerts[which].end_ms)
		end(w, &w->alerts[which]);
	else if (r < 30 && w->n_alerts > 0 && !w->alerts[which].end_ms) {
		w->alerts[which].n_behind++;
		news(w, &w->alerts[which], ALERT_AMENDED);
	} else if (r < 60)
		store(w);
	else if (r < 80)
		answer(w, r < 74 ? DELIVERY_ARRIVED : DELIVERY_LATER, 0);
	else if (r < 83)
		restart(w);
	w->now.mono_ms += next_random(seed) % 3000;
	w->now.wall_ms = WALL_MS + w->now.mono_ms;
	notify_plan_tick(w->plan, w->now);
}

/* Nothing told twice, no end missing, no end of what was not told. */
static void test_seeds(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 300; seed++) {
		struct world *w = world(CHANNEL("a") CHANNEL(
			"b") "rule \"r\" { channels = {\"a\", \"b\"} repeat = 10m }\n");
		uint32_t random = seed;

		for (int i = 0; i < 400; i++)
			one_step(w, &random);
		for (int i = 0; i < 100; i++)
			pass(w, 10000);
		check_world(w, seed);
		end_world(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),	     cmocka_unit_test(test_delay),
		cmocka_unit_test(test_storm),	     cmocka_unit_test(test_repeat_and_escalation),
		cmocka_unit_test(test_amendment),    cmocka_unit_test(test_silence_and_maintenance),
		cmocka_unit_test(test_rules),	     cmocka_unit_test(test_off_hours),
		cmocka_unit_test(test_retry),	     cmocka_unit_test(test_failing_is_restored),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_channel_alert),
		cmocka_unit_test(test_bound),	     cmocka_unit_test(test_alertmanager),
		cmocka_unit_test(test_say),	     cmocka_unit_test(test_restart),
		cmocka_unit_test(test_killed_twice), cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
