/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damping: what is told, as scripts of inputs and the actions that each gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/link/link_state.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct link_state_conf CONF = {
	.changes = 6, .window_us = 60000000, .settle_us = 30000000};

struct step {
	int64_t at_ms;
	char kind; /* 'u', 'd': input with the link up or down; 't': tick */
	uint32_t losses, gains;
	const char *told;
};

enum { STEPS = 12 };

static const struct {
	const char *name;
	bool up, told_up;
	struct step steps[STEPS];
} CASES[] = {
	{"nothing changes", true, true, {{0, 'u', 0, 0, ""}, {1000, 't', 0, 0, ""}}},
	{"down and up",
	 true,
	 true,
	 {{0, 'd', 1, 0, "down1 "}, {500, 'd', 0, 0, ""}, {1000, 'u', 0, 1, "up0 "}}},
	{"without carrier counts",
	 true,
	 true,
	 {{0, 'd', 1, 0, "down1 "}, {1000, 'u', 0, 1, "up0 "}}},
	{"a loss that only the counter saw", true, true, {{0, 'u', 1, 1, "down1 up0 "}}},
	{"two merged losses, then down", true, true, {{0, 'd', 2, 1, "down2 "}}},
	{"up and gone again, unseen", true, false, {{0, 'd', 1, 1, "up0 down1 "}}},
	{"lost and back while down was told", false, false, {{0, 'u', 1, 2, "up0 down1 up0 "}}},
	{"set down first, carrier off later",
	 true,
	 true,
	 {{0, 'd', 0, 0, "down1 "}, {100, 'd', 1, 0, ""}}},
	{"the agent was away and the link went down", false, true, {{0, 'd', 1, 0, "down1 "}}},
	{"the agent was away, down was told, it is up", true, false, {{0, 'u', 0, 0, "up0 "}}},
	{"the agent was away, three flaps", true, true, {{0, 'u', 3, 3, "down3 up0 "}}},
	{"three flaps in a second are all told",
	 true,
	 true,
	 {{0, 'd', 1, 0, "down1 "},
	  {100, 'u', 0, 1, "up0 "},
	  {200, 'd', 1, 0, "down1 "},
	  {300, 'u', 0, 1, "up0 "},
	  {400, 'd', 1, 0, "down1 "},
	  {500, 'u', 0, 1, "up0 "},
	  {40000, 't', 0, 0, ""}}},
	{"the fourth is flapping, then settles up",
	 true,
	 true,
	 {{0, 'd', 1, 0, "down1 "},
	  {100, 'u', 0, 1, "up0 "},
	  {200, 'd', 1, 0, "down1 "},
	  {300, 'u', 0, 1, "up0 "},
	  {400, 'd', 1, 0, "down1 "},
	  {500, 'u', 0, 1, "up0 "},
	  {600, 'd', 1, 0, "down1 flapping4 "},
	  {700, 'u', 0, 1, ""},
	  {800, 'd', 1, 0, ""},
	  {900, 'u', 0, 1, ""},
	  {30899, 't', 0, 0, ""},
	  {30900, 't', 0, 0, "up0 settled5 "}}},
	{"it begins with coming back, long after a loss",
	 false,
	 false,
	 {{0, 'u', 0, 1, "up0 "},
	  {50, 'd', 1, 0, "down1 "},
	  {40000, 'u', 0, 1, "up0 "},
	  {90000, 'u', 3, 3, "down3 up0 "},
	  {90100, 'd', 1, 0, "down1 flapping4 "},
	  {120100, 't', 0, 0, "settled4 "},
	  {180000, 'u', 20, 21, "flapping20 "}}},
	{"twenty merged at once, ends down",
	 true,
	 true,
	 {{0, 'd', 20, 19, "down20 flapping20 "},
	  {29999, 't', 0, 0, ""},
	  {30000, 't', 0, 0, "settled20 "},
	  {31000, 't', 0, 0, ""},
	  {32000, 'u', 0, 1, "up0 "}}},
	{"twenty merged at once, ends up",
	 true,
	 true,
	 {{0, 'u', 20, 20, "down20 flapping20 "}, {30000, 't', 0, 0, "up0 settled20 "}}},
	{"flapping goes on: silence is counted from the last change",
	 true,
	 true,
	 {{0, 'u', 20, 20, "down20 flapping20 "},
	  {29000, 'd', 1, 0, ""},
	  {58000, 't', 0, 0, ""},
	  {59000, 't', 0, 0, "settled21 "}}},
	{"a change every half minute is no flapping",
	 true,
	 true,
	 {{0, 'd', 1, 0, "down1 "},
	  {30000, 'u', 0, 1, "up0 "},
	  {60000, 'd', 1, 0, "down1 "},
	  {90000, 'u', 0, 1, "up0 "},
	  {120000, 'd', 1, 0, "down1 "},
	  {150000, 'u', 0, 1, "up0 "},
	  {180000, 'd', 1, 0, "down1 "},
	  {210000, 'u', 0, 1, "up0 "}}},
};

static void describe(const struct link_actions *actions, char *buf, size_t size)
{
	static const char *const NAMES[] = {
		[EVENT_LINK_DOWN] = "down",
		[EVENT_LINK_UP] = "up",
		[EVENT_LINK_FLAPPING] = "flapping",
		[EVENT_LINK_SETTLED] = "settled",
	};
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < actions->n; i++)
		at += (size_t)snprintf(buf + at, size - at, "%s%u ", NAMES[actions->list[i].type],
				       actions->list[i].value);
}

static void run_step(struct link_state *state, const struct step *step, const char *name)
{
	struct link_input input = {step->kind == 'u', step->losses, step->gains};
	struct link_actions actions;
	char told[128];

	if (step->kind == 't')
		link_state_tick(state, &CONF, step->at_ms * 1000, &actions);
	else
		link_state_input(state, &CONF, &input, step->at_ms * 1000, &actions);
	describe(&actions, told, sizeof(told));
	if (strcmp(told, step->told) != 0)
		fail_msg("%s, at %lld ms: told \"%s\", not \"%s\"", name, (long long)step->at_ms,
			 told, step->told);
}

static void scripts(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct link_state state;

		link_state_init(&state, CASES[i].up, CASES[i].told_up);
		for (size_t k = 0; k < STEPS && CASES[i].steps[k].kind; k++)
			run_step(&state, &CASES[i].steps[k], CASES[i].name);
	}
}

/* However a link behaves: told downs and ups alternate, a day of flapping is few events,
 * and after quiet the state told last is the true one. */
static void any_behaviour_is_bounded_and_ends_true(void **unused)
{
	(void)unused;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		struct link_actions actions;
		struct link_state state;
		bool up = true, told = true;
		unsigned int events = 0;
		int64_t ms = 0;

		srand(seed);
		link_state_init(&state, true, true);
		for (int i = 0; i < 20000; i++) {
			struct link_input input = {.up = rand() % 2};

			input.losses = (up && !input.up) + (uint32_t)(rand() % 3);
			input.gains = input.losses - up + input.up;
			up = input.up;
			ms += rand() % 4000;
			link_state_input(&state, &CONF, &input, ms * 1000, &actions);
			for (size_t k = 0; k < actions.n; k++) {
				enum event_type type = actions.list[k].type;

				if (type != EVENT_LINK_DOWN && type != EVENT_LINK_UP)
					continue;
				assert_int_equal(told, type == EVENT_LINK_DOWN);
				told = type == EVENT_LINK_UP;
			}
			events += (unsigned int)actions.n;
		}
		link_state_tick(&state, &CONF, (ms + 31000) * 1000, &actions);
		assert_int_equal(state.told_up, up);
		assert_true(events < 200);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts),
		cmocka_unit_test(any_behaviour_is_bounded_and_ends_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
