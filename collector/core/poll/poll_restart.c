/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whose restart it is when sysUpTime begins anew. Where the device has hrSystemUptime
 * (RFC 2790), that is asked before anything else is believed: if the machine has been up all the
 * while, only its agent was restarted, and its counters went on. Also keeps how long it has been up.
 */
#include <assert.h>

#include "collector/core/device/device.h"
#include "collector/core/poll/poll_session_impl.h"

#define TICK_US INT64_C(10000)

/* Where the agent itself counts, and not the machine, its counters began anew, too: those of one
 * that was up for much longer before would be lower now, which link_poll sees. */
#define LONGER_BEFORE 2

void poll_restart_uptime(struct poll_session *s)
{
	bool known = s->clock.valid && !device_clock_is_distrusted(&s->clock);

	s->device->uptime_s =
		uptime_s(&s->uptime, known ? s->clock.device_us : -1, s->cycle->when.local_us);
}

void poll_restart_host(struct poll_session *s, uint32_t ticks)
{
	s->cycle->host = uptime_take_host(&s->uptime, ticks, s->cycle->when.local_us);
	poll_restart_uptime(s);
}

void poll_restart_engine(struct poll_session *s, uint32_t seconds)
{
	uptime_take_engine(&s->uptime, seconds, s->cycle->when.local_us);
	poll_restart_uptime(s);
}

static bool can_ask(const struct poll_session *s, const struct device_clock_reading *r)
{
	const enum poll_step step = s->cycle->step;

	return s->uptime.has_host && !s->host_uptime && r->has_ticks && !r->has_us &&
	       (step == POLL_STEP_PROBE || step == POLL_STEP_IDENTIFY || step == POLL_STEP_VALUES);
}

bool poll_restart_seen(struct poll_session *s, const struct device_clock_reading *r,
		       int64_t before_us)
{
	struct poll_cycle *cycle = s->cycle;
	int64_t up_us = r->has_us ? (int64_t)r->device_us : (int64_t)r->ticks * TICK_US;

	s->life++; /* unless it turns out that the counters went on */
	uptime_agent_restarted(&s->uptime);
	cycle->in_doubt = true;
	cycle->goes_on = before_us >= LONGER_BEFORE * up_us;
	cycle->boot_us = cycle->when.local_us - up_us;
	cycle->host = UPTIME_HOST_UNKNOWN;
	if (!can_ask(s, r)) {
		poll_restart_settle(s);
		return false;
	}
	cycle->step = POLL_STEP_HOST;
	cycle->cursor = (struct poll_cursor){0};
	cycle->n_items = 0;
	cycle->row = cycle->value_group = -1;
	return true;
}

/* Its interfaces may have other numbers now: nothing is measured where only they tell. */
static void forget_numbered(struct poll_session *s)
{
	for (size_t i = 0; i < s->n_links; i++)
		if (s->links[i]->shares_name)
			link_poll_forget(s->links[i]);
}

void poll_restart_settle(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	const bool agent_only = cycle->host == UPTIME_HOST_SAME;

	assert(cycle->in_doubt);
	cycle->in_doubt = false;
	cycle->rediscover = true;
	s->changed_known = 0;
	s->env->counts.restarts++;
	if (agent_only && cycle->goes_on) {
		s->life--;
		forget_numbered(s);
	}
	if (s->env->hooks.restarted)
		s->env->hooks.restarted(s->env->hooks.data, s->device, agent_only,
					wall_map_ms(&s->env->wall, cycle->boot_us));
}
