/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may answer what, once, and what becomes of it. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/alert/alert_answer.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct person RINA = {.name = "rina", .role = PERSON_OPERATOR};
static const struct person TAMU = {.name = "tamu", .role = PERSON_VIEWER};

struct bench {
	struct alert_set *set;
	int answered, amended, ended, corrected;
	struct alert last;
	int64_t id;
};

static const struct moment NOW = {.wall_ms = 5000, .mono_ms = 1};

static void on_changed(void *data, const struct alert *alert, enum alert_change change)
{
	struct bench *b = data;

	b->answered += change == ALERT_ANSWERED;
	b->amended += change == ALERT_AMENDED;
	b->ended += change == ALERT_ENDED;
	b->last = *alert;
}

static void on_corrected(void *data, const struct alert *alert)
{
	struct bench *b = data;

	b->corrected++;
	b->last = *alert;
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	const struct alert_hooks hooks = {
		.data = b, .changed = on_changed, .corrected = on_corrected};
	const struct alert_news news = {.kind = ALERT_DEVICE_DOWN,
					.device_id = "opd",
					.link = "",
					.begin_ms = 1000,
					.value = NAN,
					.limit = NAN};

	assert_int_equal(alert_set_new(&hooks, 0, 1000, &b->set), 0);
	b->id = alert_set_raise(b->set, &news, NOW);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	alert_set_free(b->set);
	free(b);
	return 0;
}

static int answer(struct bench *b, const struct person *person, struct alert_answer answer)
{
	answer.alert_id = answer.alert_id ? answer.alert_id : b->id;
	return alert_set_answer(b->set, person, &answer, NOW);
}

static void test_acknowledged_once(void **state)
{
	struct bench *b = *state;

	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_UNACK}),
			 -EALREADY);
	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_ACK}), 0);
	assert_string_equal(b->last.acked_by, "rina");
	assert_int_equal(b->last.acked_ms, 5000);
	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_ACK}),
			 -EALREADY);
	assert_int_equal(b->answered, 1);
	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_UNACK}), 0);
	assert_string_equal(b->last.acked_by, "");
	assert_int_equal(b->last.acked_ms, 0);
	assert_int_equal(b->answered, 2);
}

static void test_who_may(void **state)
{
	struct bench *b = *state;

	for (enum alert_answer_kind kind = 0; kind < ALERT_ANSWER_N; kind++)
		assert_int_equal(answer(b, &TAMU, (struct alert_answer){.kind = kind}), -EACCES);
	assert_int_equal(b->answered + b->amended, 0);
	assert_int_equal(
		answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_ACK, .alert_id = 99}),
		-ENOENT);
}

/* A person's word stays, whatever is guessed afterwards. */
static void test_cause(void **state)
{
	struct bench *b = *state;

	assert_int_equal(answer(b, &RINA,
				(struct alert_answer){.kind = ALERT_ANSWER_CAUSE,
						      .cause = ALERT_CAUSE_POWER}),
			 0);
	assert_int_equal(b->amended, 1);
	assert_true(b->last.cause_by_person);
	assert_int_equal(b->last.cause, ALERT_CAUSE_POWER);
}

static void test_silence_ends_by_itself(void **state)
{
	struct bench *b = *state;

	assert_int_equal(
		answer(b, &RINA,
		       (struct alert_answer){.kind = ALERT_ANSWER_SILENCE, .until_ms = 9000}),
		0);
	assert_true(b->last.silenced);
	alert_set_tick(b->set, (struct moment){.wall_ms = 8999, .mono_ms = 2});
	assert_int_equal(b->answered, 1);
	alert_set_tick(b->set, (struct moment){.wall_ms = 9000, .mono_ms = 3});
	assert_int_equal(b->answered, 2);
	assert_false(b->last.silenced);
	assert_int_equal(
		answer(b, &RINA,
		       (struct alert_answer){.kind = ALERT_ANSWER_SILENCE, .until_ms = 9000}),
		0);
	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_SILENCE}), 0);
	assert_false(b->last.silenced);
}

/* It can be set right for the report, and that is nobody's news. */
static void test_what_is_over(void **state)
{
	struct bench *b = *state;
	struct alert_answer note = {.kind = ALERT_ANSWER_NOTE, .note = "tiket 4711"};

	assert_true(alert_set_end(b->set, ALERT_DEVICE_DOWN, "opd", "", 6000, NOW));
	assert_int_equal(answer(b, &RINA, note), 0);
	assert_string_equal(b->last.note, "tiket 4711");
	assert_int_equal(answer(b, &RINA,
				(struct alert_answer){.kind = ALERT_ANSWER_CAUSE,
						      .cause = ALERT_CAUSE_LINE}),
			 0);
	assert_int_equal(alert_set_find(b->set, b->id)->cause, ALERT_CAUSE_LINE);
	assert_int_equal(answer(b, &RINA, (struct alert_answer){.kind = ALERT_ANSWER_ACK}),
			 -ENOENT);
	assert_int_equal(b->corrected, 2);
	assert_int_equal(b->answered + b->amended, 0);
	assert_int_equal(b->ended, 1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_acknowledged_once),	   CASE(test_who_may),	    CASE(test_cause),
		CASE(test_silence_ends_by_itself), CASE(test_what_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
