/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The damping of link events. Decides which changes are told; numbering and sending are
 * event_log's and inform_queue's. Up is ifOperStatus up(1), everything else is not
 * (RFC 2863 3.1.15 has linkDown for down alone; a link that went dormant or lost its
 * lower layer carries nothing either, and that is what the NOC asks).
 */
#include "agent/core/link/link_state.h"

#include <assert.h>

static void add(struct link_actions *actions, enum event_type type, uint32_t value)
{
	if (actions->n < LINK_STATE_ACTIONS)
		actions->list[actions->n++] = (struct link_action){type, value};
}

void link_state_init(struct link_state *state, bool up, bool told_up)
{
	*state = (struct link_state){.up = up, .told_up = told_up};
}

/* The bucket loses `changes` per window, so at most that many are told in a window. */
static bool fill_bucket(struct link_state *state, const struct link_state_conf *conf, uint32_t n,
			int64_t now_us)
{
	int64_t leaked = (now_us - state->level_us) * conf->changes;

	state->level = state->level > leaked ? state->level - leaked : 0;
	if (!state->level && !state->flapping)
		state->episode_losses = 0;
	state->level_us = now_us;
	/* A merged burst overflows by itself; the cap keeps it from lasting for ever. */
	if (n > 2 * conf->changes)
		n = 2 * conf->changes;
	state->level += (int64_t)n * conf->window_us;
	return state->level > (int64_t)conf->changes * conf->window_us;
}

static void tell(struct link_state *state, bool up, uint32_t losses, struct link_actions *ret)
{
	add(ret, up ? EVENT_LINK_UP : EVENT_LINK_DOWN, up ? 0 : losses);
	state->told_up = up;
}

/*
 * Not flapping: every change is told, also one that the kernel merged away and only its
 * counters saw. A loss while down counts as unseen only when a gain came before it: some
 * drivers take the carrier off a while after the link was set down.
 */
static void tell_changes(struct link_state *state, const struct link_input *in,
			 struct link_actions *ret)
{
	bool unseen = in->losses && in->gains > (in->up ? 1U : 0U);

	if (!state->told_up && unseen)
		tell(state, true, 0, ret);
	if (state->told_up && (!in->up || in->losses))
		tell(state, false, in->losses ? in->losses : 1, ret);
	if (!state->told_up && in->up)
		tell(state, true, 0, ret);
}

void link_state_input(struct link_state *state, const struct link_state_conf *conf,
		      const struct link_input *in, int64_t now_us, struct link_actions *ret)
{
	uint32_t n_changes = in->losses + in->gains;
	bool overflow;

	assert(conf->changes > 0 && conf->window_us > 0);
	ret->n = 0;
	if (!n_changes && in->up != state->up)
		n_changes = 1;
	if (!n_changes && in->up == state->told_up)
		return;
	overflow = n_changes && fill_bucket(state, conf, n_changes, now_us);
	state->up = in->up;
	if (n_changes)
		state->quiet_since_us = now_us;
	state->episode_losses += in->losses;
	if (state->flapping)
		return;
	if (overflow) {
		if (state->told_up && in->losses)
			tell(state, false, in->losses, ret);
		state->flapping = true;
		add(ret, EVENT_LINK_FLAPPING, state->episode_losses);
	} else {
		tell_changes(state, in, ret);
	}
}

void link_state_tick(struct link_state *state, const struct link_state_conf *conf, int64_t now_us,
		     struct link_actions *ret)
{
	ret->n = 0;
	if (!state->flapping || now_us - state->quiet_since_us < conf->settle_us)
		return;
	state->flapping = false;
	state->level = 0;
	if (state->up != state->told_up)
		tell(state, state->up, 1, ret);
	add(ret, EVENT_LINK_SETTLED, state->episode_losses);
	state->episode_losses = 0;
}
