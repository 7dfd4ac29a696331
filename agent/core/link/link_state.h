/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Up, down or flapping: turns what the kernel says about one link into what people are
 * told.
 *
 * The first linkDown is told at once. Changes fill a bucket that leaks flap_changes per
 * window; when it overflows the link counts as flapping: one linkFlapping, then silence
 * until the link has been quiet for settle_us, then the state it ended in (if that is not
 * what was told last) and linkSettled with the number of losses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/mib/mib_data.h"

struct link_state_conf {
	uint32_t changes;
	int64_t window_us, settle_us;
};

struct link_state {
	bool up, told_up; /* what is; what was told last */
	bool flapping;
	uint32_t episode_losses; /* since the bucket was empty: with those that led to it */
	int64_t level;		 /* bucket, in changes times window_us */
	int64_t level_us;	 /* when it was last leaked */
	int64_t quiet_since_us;
};

struct link_action {
	enum event_type type; /* LINK_DOWN, LINK_UP, LINK_FLAPPING or LINK_SETTLED */
	uint32_t value;	      /* carrier losses that this stands for */
};

enum { LINK_STATE_ACTIONS = 4 };

struct link_actions {
	struct link_action list[LINK_STATE_ACTIONS];
	size_t n;
};

/* told_up: what receivers were told last; a difference to up is told by the next input.
 */
void link_state_init(struct link_state *state, bool up, bool told_up);

/*
 * What a message or a dump says. losses, gains: of the carrier since the last input, from
 * the kernel's counters: more than the visible change when it merged messages. A kernel
 * without them (before 4.16): 1 where up changed, 0 else.
 */
struct link_input {
	bool up;
	uint32_t losses, gains;
};

void link_state_input(struct link_state *state, const struct link_state_conf *conf,
		      const struct link_input *in, int64_t now_us, struct link_actions *ret);

/* Once a second: ends a flapping that has become quiet. */
void link_state_tick(struct link_state *state, const struct link_state_conf *conf, int64_t now_us,
		     struct link_actions *ret);
