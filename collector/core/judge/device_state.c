/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides a device's status. Decides no events (correlate.c) and knows nothing of other
 * devices but the parent it is given. Times that people read are wall times, as it
 * happened: a device found dead was dead since the first poll that it missed.
 */
#include "collector/core/judge/device_state.h"

#include <assert.h>

bool device_status_is_dead(enum device_status status)
{
	return status == DEVICE_DOWN || status == DEVICE_UNREACHABLE;
}

bool device_status_is_alive(enum device_status status)
{
	return status == DEVICE_UP || status == DEVICE_DEGRADED;
}

static enum device_cause cause_of(enum snmp_outcome outcome)
{
	switch (outcome) {
	case SNMP_OUTCOME_REFUSED:
		return DEVICE_CAUSE_REFUSED;
	case SNMP_OUTCOME_UNREACHABLE:
		return DEVICE_CAUSE_UNREACHABLE;
	case SNMP_OUTCOME_UNKNOWN_USER:
		return DEVICE_CAUSE_UNKNOWN_USER;
	case SNMP_OUTCOME_WRONG_KEY:
		return DEVICE_CAUSE_WRONG_KEY;
	case SNMP_OUTCOME_DECRYPT_ERROR:
		return DEVICE_CAUSE_WRONG_PRIVACY;
	case SNMP_OUTCOME_NO_ACCESS:
		return DEVICE_CAUSE_NO_ACCESS;
	case SNMP_OUTCOME_OTHER_SOURCE:
		return DEVICE_CAUSE_OTHER_SOURCE;
	case SNMP_OUTCOME_UNSUPPORTED_LEVEL:
	case SNMP_OUTCOME_NOT_IN_WINDOW:
		return DEVICE_CAUSE_AUTH_OTHER;
	default:
		return DEVICE_CAUSE_NO_ANSWER;
	}
}

static bool is_auth(enum device_cause cause)
{
	return cause >= DEVICE_CAUSE_UNKNOWN_USER && cause <= DEVICE_CAUSE_NO_ACCESS;
}

static struct device_verdict become(struct device *device, enum device_status status,
				    enum device_cause cause, int64_t time_ms)
{
	struct device_verdict verdict = {.from = device->status, .time_ms = time_ms};

	if (device->status == status && device->cause == cause)
		return verdict;
	verdict.changed = true;
	/* another cause of the same trouble does not begin it anew */
	if (device->status != status)
		device->since_ms = time_ms;
	device->status = status;
	device->cause = cause;
	return verdict;
}

static struct device_verdict stay(const struct device *device)
{
	return (struct device_verdict){.from = device->status};
}

static void forget_misses(struct device_state *state)
{
	state->misses = 0;
	state->first_miss_ms = 0;
	state->hold_until_mono = 0;
	state->hold_over = false;
	state->blind_misses = 0;
}

static struct device_verdict become_alive(struct device *device, int64_t time_ms)
{
	const struct device_state *state = device->state;

	if (state->open_links > 0 || state->port_down)
		return become(device, DEVICE_DEGRADED, DEVICE_CAUSE_LINK_DOWN, time_ms);
	return become(device, DEVICE_UP, DEVICE_CAUSE_NONE, time_ms);
}

static struct device_verdict answered(struct device *device, struct moment now)
{
	struct device_state *state = device->state;
	int64_t time_ms = now.wall_ms;

	if (now.mono_ms < state->deaf_until_mono)
		return stay(device);
	/* The line came back then, as the other end of it told, and no poll was missed since. */
	if (device->status == DEVICE_DOWN && device->cause == DEVICE_CAUSE_LINK_DOWN &&
	    !state->port_down && state->misses == 0 && state->port_changed_ms > device->since_ms)
		time_ms = state->port_changed_ms;
	forget_misses(state);
	state->rechecks = 0;
	state->poll_at_mono = 0;
	return become_alive(device, time_ms);
}

/* Whether it is known by now how the parent fared after this device fell silent. */
static bool parent_answered_since(const struct device *parent, int64_t since_ms)
{
	return (device_status_is_alive(parent->status) && parent->last_answer_ms >= since_ms) ||
	       (!device_status_is_dead(parent->status) && parent->state &&
		parent->state->ping.answer_ms >= since_ms) ||
	       parent->status == DEVICE_AUTH_FAILED;
}

static struct device_verdict condemn(struct device *device)
{
	struct device_state *state = device->state;
	enum device_cause cause = state->port_down ? DEVICE_CAUSE_LINK_DOWN : state->miss_cause;

	state->hold_until_mono = 0;
	return become(device, DEVICE_DOWN, cause, state->first_miss_ms);
}

/* How many echoes must be lost before that counts against a device. One whose agent is silent
 * has nothing else to speak for it, and nothing else against it either. */
static unsigned int losses_needed(const struct device *device)
{
	return device->status == DEVICE_SNMP_SILENT ? DEVICE_STATE_LOSSES_DEAD
						    : DEVICE_STATE_LOSSES_DOUBT;
}

/* An echo is under way that may yet tell. */
static bool ping_may_tell(const struct device *device)
{
	const struct device_state_ping *ping = &device->state->ping;

	return ping->on && !ping->alone && !ping->alive && ping->losses < losses_needed(device) &&
	       !device->state->hold_over;
}

static struct device_verdict become_silent(struct device *device, int64_t time_ms)
{
	struct device_state *state = device->state;

	state->hold_until_mono = 0;
	state->ping.misses = 0;
	return become(device, DEVICE_SNMP_SILENT, state->miss_cause, time_ms);
}

/* Bounded: who waits once has waited. */
static bool is_held(struct device_state *state, const struct device_state_conf *conf,
		    struct moment now)
{
	if (state->hold_until_mono == 0)
		state->hold_until_mono = now.mono_ms + conf->parent_hold_ms;
	state->hold_over = now.mono_ms >= state->hold_until_mono;
	return !state->hold_over;
}

/* Who answered since it was cut is silent for another reason. */
static bool is_behind_trunk(const struct device *device)
{
	const struct device_state *state = device->state;

	return state->trunk_down &&
	       device->last_answer_ms <= state->port_changed_ms + DEVICE_STATE_DEAF_MS;
}

/*
 * A parent whose agent is silent may forward all the same: then it excuses nobody. An answer
 * that came from behind it just before or after it died proves nothing for now: a row of misses
 * has to follow.
 */
static bool parent_forwards(struct device *device, const struct device *parent,
			    const struct device_state_conf *conf, struct moment now)
{
	struct device_state *state = device->state;

	if (!parent->state || parent->state->forwarded_ms <= state->first_miss_ms)
		return false;
	state->poll_at_mono = now.mono_ms + DEVICE_STATE_RECHECK_MS;
	return ++state->blind_misses > conf->down_after;
}

/* "Port unreachable" and answers from another address say that there is a path to us. */
static bool has_path(enum device_cause cause)
{
	return cause == DEVICE_CAUSE_REFUSED || cause == DEVICE_CAUSE_OTHER_SOURCE;
}

/* Enough polls were missed: down, unreachable, or not to be said yet. */
static struct device_verdict judge(struct device *device, const struct device *parent,
				   const struct device_state_conf *conf, struct moment now)
{
	struct device_state *state = device->state;
	struct device_verdict verdict;

	if (state->ping.alive && !state->ping.alone)
		return become_silent(device, state->first_miss_ms);
	if (ping_may_tell(device) && is_held(state, conf, now))
		return stay(device);
	if (!parent || has_path(state->miss_cause))
		return condemn(device);
	if (is_behind_trunk(device) || (device_status_is_dead(parent->status) &&
					!parent_forwards(device, parent, conf, now))) {
		state->hold_until_mono = 0;
		return become(device, DEVICE_UNREACHABLE, DEVICE_CAUSE_PARENT,
			      state->first_miss_ms);
	}
	if (device_status_is_dead(parent->status) ||
	    parent_answered_since(parent, state->first_miss_ms) || state->hold_over ||
	    !is_held(state, conf, now))
		return condemn(device);
	verdict = stay(device);
	verdict.poll_parent = true;
	return verdict;
}

/* A device that was given up and answers pings after all: the polls since then decide. */
static struct device_verdict missed_alive(struct device *device,
					  const struct device_state_conf *conf)
{
	struct device_state_ping *ping = &device->state->ping;

	if (++ping->misses < conf->down_after)
		return stay(device);
	return become_silent(device, ping->alive_since_ms);
}

/* The echo that is lost tells as little as a poll that was missed: a row of them tells. */
static unsigned int misses_needed(const struct device_state *state,
				  const struct device_state_conf *conf)
{
	return state->ping.alone ? DEVICE_STATE_LOSSES_DEAD - 1 : conf->down_after;
}

/* since_ms: when it fell silent, if it did now. */
static struct device_verdict missed(struct device *device, const struct device *parent,
				    const struct device_state_conf *conf, int64_t since_ms,
				    struct moment now)
{
	struct device_state *state = device->state;
	struct device_verdict first = stay(device), verdict;

	assert(conf->down_after > 0);
	if (state->misses++ == 0) {
		state->first_miss_ms = since_ms;
		state->ping.alive = state->ping.alive && device_status_is_dead(device->status);
		state->rechecks =
			state->rechecks > conf->down_after ? state->rechecks : conf->down_after;
	}
	if (state->rechecks != 0) {
		state->rechecks--;
		state->poll_at_mono = now.mono_ms + DEVICE_STATE_RECHECK_MS;
	}
	if (device_status_is_dead(device->status) && state->ping.alive)
		return missed_alive(device, conf);
	if (device->status == DEVICE_DOWN)
		return first;
	if (device_status_is_alive(device->status) || device->status == DEVICE_AUTH_FAILED) {
		first = become(device, DEVICE_SUSPECT, state->miss_cause, now.wall_ms);
		first.poll_parent = true;
	}
	if (state->misses < misses_needed(state, conf))
		return first;
	verdict = judge(device, parent, conf, now);
	if (!verdict.changed) {
		first.poll_parent |= verdict.poll_parent;
		return first;
	}
	verdict.from = first.from;
	return verdict;
}

struct device_verdict device_state_polled(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf,
					  enum snmp_outcome outcome, struct moment now)
{
	struct device_state *state = device->state;

	assert(state);
	if (outcome == SNMP_OUTCOME_ANSWER)
		return answered(device, now);
	if (outcome == SNMP_OUTCOME_CANCELLED || outcome == SNMP_OUTCOME_FAILED)
		return stay(device); /* our own trouble, not the device's */
	state->poll_at_mono = 0;
	if (is_auth(cause_of(outcome))) {
		forget_misses(state);
		return become(device, DEVICE_AUTH_FAILED, cause_of(outcome), now.wall_ms);
	}
	state->miss_cause = cause_of(outcome);
	return missed(device, parent, conf, now.wall_ms, now);
}

static struct device_verdict echo_answered(struct device *device, const struct device *parent,
					   const struct device_state_conf *conf, struct moment now)
{
	struct device_state *state = device->state;
	bool back = !state->ping.alive;

	if (now.mono_ms < state->deaf_until_mono)
		return stay(device);
	state->ping.ever = state->ping.alive = true;
	state->ping.losses = 0;
	state->ping.answer_ms = now.wall_ms;
	if (back)
		state->ping.alive_since_ms = now.wall_ms;
	if (state->ping.alone)
		return answered(device, now);
	if (state->hold_until_mono != 0)
		return judge(device, parent, conf, now);
	if (back && device_status_is_dead(device->status)) {
		state->ping.misses = 0;
		state->rechecks = conf->down_after + 1;
		state->poll_at_mono = now.mono_ms;
	}
	return stay(device);
}

/* Pings are many: the first to tell of a trouble that polls will see only later. */
static struct device_verdict ask_others(struct device *device, struct moment now)
{
	struct device_verdict verdict = stay(device);

	if (!device_status_is_alive(device->status))
		return verdict;
	device->state->poll_at_mono = now.mono_ms;
	verdict.poll_parent = true;
	return verdict;
}

static struct device_verdict echo_lost(struct device *device, const struct device *parent,
				       const struct device_state_conf *conf, struct moment now)
{
	struct device_state *state = device->state;
	struct device_state_ping *ping = &state->ping;
	bool was_silent = device->status == DEVICE_SNMP_SILENT;

	if (ping->losses < losses_needed(device))
		return stay(device);
	ping->alive = false;
	if (ping->alone) {
		state->miss_cause = DEVICE_CAUSE_NO_ANSWER;
		return missed(device, parent, conf,
			      ping->losses == DEVICE_STATE_LOSSES_DOUBT ? ping->first_loss_ms
									: now.wall_ms,
			      now);
	}
	if (was_silent && ping->losses == losses_needed(device))
		state->first_miss_ms = ping->first_loss_ms;
	if (was_silent || state->hold_until_mono != 0)
		return judge(device, parent, conf, now);
	if (ping->ever && ping->losses == DEVICE_STATE_LOSSES_DOUBT)
		return ask_others(device, now);
	return stay(device);
}

struct device_verdict device_state_pinged(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf, bool answered,
					  int64_t sent_ms, struct moment now)
{
	struct device_state_ping *ping = &device->state->ping;

	if (answered)
		return echo_answered(device, parent, conf, now);
	if (ping->losses++ == 0)
		ping->first_loss_ms = sent_ms;
	return echo_lost(device, parent, conf, now);
}

struct device_verdict device_state_port(struct device *device, bool up, bool other_way,
					int64_t time_ms, struct moment now)
{
	struct device_state *state = device->state;

	assert(state);
	if (time_ms < state->port_changed_ms) /* told late; it changed again since */
		return stay(device);
	state->port_changed_ms = time_ms;
	state->port_down = !up;
	state->rechecks = 5;
	if (up) {
		forget_misses(state);
		state->deaf_until_mono = 0;
		state->poll_at_mono = now.mono_ms;
		return device_status_is_alive(device->status) ? become_alive(device, time_ms)
							      : stay(device);
	}
	state->poll_at_mono = now.mono_ms + (other_way ? 0 : DEVICE_STATE_DEAF_MS);
	if (other_way && device_status_is_alive(device->status))
		return become(device, DEVICE_DEGRADED, DEVICE_CAUSE_LINK_DOWN, time_ms);
	if (other_way)
		return stay(device);
	state->deaf_until_mono = now.mono_ms + DEVICE_STATE_DEAF_MS;
	state->ping.alive = false;
	if (state->first_miss_ms == 0 || state->first_miss_ms > time_ms)
		state->first_miss_ms = time_ms;
	return become(device, DEVICE_DOWN, DEVICE_CAUSE_LINK_DOWN, time_ms);
}

void device_state_trunk(struct device *device, bool up, int64_t time_ms)
{
	device->state->trunk_down = !up;
	device->state->port_changed_ms = time_ms;
}

void device_state_forwarded(struct device *device, int64_t time_ms)
{
	device->state->forwarded_ms = time_ms;
}

void device_state_heard(struct device *device, struct moment now)
{
	struct device_state *state = device->state;

	if (device_status_is_alive(device->status))
		return;
	state->rechecks = 3;
	state->poll_at_mono = now.mono_ms;
}

struct device_verdict device_state_links(struct device *device, struct moment now)
{
	if (!device_status_is_alive(device->status))
		return stay(device);
	return become_alive(device, now.wall_ms);
}

struct device_verdict device_state_review(struct device *device, const struct device *parent,
					  const struct device_state_conf *conf, struct moment now)
{
	struct device_state *state = device->state;

	if (device->status == DEVICE_UNREACHABLE && parent && !state->trunk_down &&
	    !device_status_is_dead(parent->status) && state->misses >= misses_needed(state, conf) &&
	    state->hold_until_mono == 0) {
		/* The way to it is open again: what it missed meanwhile says nothing about it. */
		forget_misses(state);
		state->rechecks = 3;
		state->poll_at_mono = now.mono_ms;
		return stay(device);
	}
	if (state->hold_until_mono != 0)
		return judge(device, parent, conf, now);
	return stay(device);
}
