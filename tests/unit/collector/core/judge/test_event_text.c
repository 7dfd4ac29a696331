/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What either reader is told of an event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/core/judge/event_text.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static void test_text(void **state)
{
	static const struct {
		const char *name;
		struct event event;
		const char *en, *id;
	} CASES[] = {
		{"Dinas",
		 {.kind = EVENT_DEVICE_DOWN,
		  .params = {.cause = DEVICE_CAUSE_LINK_DOWN, .behind = 1234}},
		 "Dinas: down · link down · 1234 behind it unreachable too",
		 "Dinas: mati · tautan putus · 1234 perangkat di belakangnya ikut tak terjangkau"},
		{"Dinas",
		 {.kind = EVENT_DEVICE_UP, .params = {.duration_ms = 3725000}},
		 "Dinas: up again · after 1 h 2 min",
		 "Dinas: hidup kembali · setelah 1 jam 2 mnt"},
		{NULL,
		 {.kind = EVENT_LINK_DOWN, .link = "wan0"},
		 "link wan0 down",
		 "tautan wan0 putus"},
		{"", {.kind = EVENT_LINK_DOWN}, "link (unnamed) down", "tautan (tanpa nama) putus"},
		{NULL,
		 {.kind = EVENT_LINK_FLAPPING, .link = "wan0", .params = {.detail = "FO\x1b[2J"}},
		 "link wan0 flapping · FO?[2J",
		 "tautan wan0 naik-turun · FO?[2J"},
		{NULL,
		 {.kind = EVENT_NOTIFICATIONS_LOST,
		  .params = {.count = 5, .detail = "5 never came"}},
		 "notifications were lost · 5 lost",
		 "ada notifikasi yang hilang · 5 hilang"},
		{NULL, {.kind = EVENT_KIND_N}, "unknown", "unknown"}, /* of a newer collector */
	};
	char text[EVENT_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_string_equal(
			event_text(WORDS_EN, CASES[i].name, &CASES[i].event, text, sizeof(text)),
			CASES[i].en);
		assert_string_equal(
			event_text(WORDS_ID, CASES[i].name, &CASES[i].event, text, sizeof(text)),
			CASES[i].id);
	}
}

/* Every place of every kind's words is filled. */
static void test_no_place_stays(void **state)
{
	char text[EVENT_TEXT_MAX];

	(void)state;
	for (enum words_lang lang = 0; lang < WORDS_LANG_N; lang++) {
		for (int kind = 0; kind < EVENT_KIND_N; kind++) {
			const struct event event = {
				.kind = (enum event_kind)kind,
				.link = "wan0",
				.params = {DEVICE_CAUSE_NO_ANSWER, 1, 2, 3000, "x"},
			};

			event_text(lang, "Dinas", &event, text, sizeof(text));
			assert_null(strpbrk(text, "{}"));
		}
	}
}

static void test_room(void **state)
{
	const struct event event = {.kind = EVENT_DEVICE_DOWN,
				    .params = {.cause = DEVICE_CAUSE_NO_ANSWER}};
	char text[16];

	(void)state;
	assert_string_equal(event_text(WORDS_EN, "D", &event, text, sizeof(text)),
			    "D: down · no a");
	assert_string_equal(event_text(WORDS_EN, "D", &event, text, 10), "D: down ");
	assert_string_equal(event_text(WORDS_EN, "D", &event, text, 1), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_no_place_stays),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
