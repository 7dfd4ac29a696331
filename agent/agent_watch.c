/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens while the agent runs. The life of a sample: tick -> rtnl_sock -> link_table
 * -> mib_data; of an event: rtnl_sock -> link_table -> event_log -> event_store and
 * notify_send, within one callback, so that nothing stands between the kernel's message
 * and the inform.
 *
 * One wake-up a second does all that is periodic: sample, damping, minutes, retries,
 * watchdog.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent_private.h"
#include "agent/core/history/history.h"
#include "agent/core/link/link_memory.h"
#include "agent/io/event/event_store.h"
#include "agent/io/event/notify_send.h"
#include "agent/io/link/ethtool_sock.h"
#include "agent/io/link/rtnl_sock.h"
#include "agent/io/link/wifi_watch.h"
#include "agent/io/path/path_probe.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "common/system/sd_notify.h"

enum {
	/* A safety net below the events: what was lost is known (ENOBUFS), and a link that
	 * came or went shows in the sample. Costs as much as three samples. */
	DUMP_EVERY_TICKS = 300,
	CLOCK_EVERY_TICKS = 10, /* whether the clock is synchronised: a system call */
	DUMP_TRIES = 3,
	STEP_EVENT_MS = 1000,
	SPEEDS_PER_TICK = 64, /* some microseconds each, or a few ms where a PHY is asked */
};

void agent_stamp(const struct agent *agent, struct stamp *ret)
{
	clock_stamp(agent->clock, ret);
}

/* ---- events ---- */

void agent_add_event(struct agent *agent, const struct mib_event *event, const struct stamp *now)
{
	char link[LOG_VALUE_SIZE], text[LOG_VALUE_SIZE];
	struct event_gone gone;
	const struct mib_event *added = event_log_add(&agent->log, event, now, &gone);

	if (agent->notify && notify_send_overwritten(agent->notify, &gone))
		agent->shm.data.head->agent.events_dropped++;
	event_store_add(agent->store, added);
	if (agent->notify)
		notify_send_run(agent->notify);
	log_info("event", "number=%u type=%s link=%s value=%u text=%s", added->number,
		 agent_event_name(added->type), log_value(added->if_name, link), added->value,
		 log_quoted(added->text, text));
}

void agent_add_plain_event(struct agent *agent, enum event_type type, uint32_t value,
			   const char *text)
{
	struct mib_event event = {.type = (uint8_t)type, .value = value, .role = LINK_ROLE_OTHER};
	struct stamp now;

	agent_stamp(agent, &now);
	snprintf(event.text, sizeof(event.text), "%s", text);
	agent_add_event(agent, &event, &now);
}

void agent_on_link_event(void *data, const struct link_event *from, const struct stamp *now)
{
	struct agent *agent = data;
	struct mib_event event = {
		.type = (uint8_t)from->type,
		.role = from->link->role,
		.if_index = from->link->if_index,
		.value = from->value,
		.time_ms = from->wall_ms,
	};

	if (from->type == EVENT_LINK_DOWN && agent->notify)
		notify_send_link_down(agent->notify, from->link->if_index);
	memcpy(event.if_name, from->link->name, sizeof(event.if_name));
	snprintf(event.text, sizeof(event.text), "%s", from->text);
	agent_add_event(agent, &event, now);
}

void agent_on_dropped(void *data, const char *receiver, uint32_t n)
{
	char text[MIB_TEXT_SIZE];

	snprintf(text, sizeof(text), "%u events never reached %s", n, receiver);
	agent_add_plain_event(data, EVENT_EVENTS_DROPPED, n, text);
}

/* ---- links ---- */

/* Asked later, in the tick: a PHY that takes its time must not stand before an inform. */
void agent_on_ask_speed(void *data, uint32_t if_index)
{
	struct agent *agent = data;

	assert(agent->n_speed_asks <= AGENT_SPEED_ASKS);
	for (size_t i = 0; i < agent->n_speed_asks; i++) {
		if (agent->speed_asks[i] == if_index)
			return;
	}
	if (agent->n_speed_asks == AGENT_SPEED_ASKS) {
		/* Links came and went faster than they could be asked: those that are there now. */
		agent->n_speed_asks = link_table_n(agent->table);
		for (uint32_t i = 0; i < agent->n_speed_asks; i++)
			agent->speed_asks[i] = link_table_row(agent->table, i)->if_index;
	} else {
		agent->speed_asks[agent->n_speed_asks++] = if_index;
	}
}

void agent_on_change(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	struct stamp now;

	loop_assert_thread(agent->loop);
	agent_stamp(agent, &now);
	if (item == RTNL_LINK_NEW) {
		const struct mib_link *row = link_table_by_index(agent->table, msg->link.if_index);
		bool was_up = row && row->oper == LINK_OPER_UP;

		link_table_update(agent->table, &msg->link, &now);
		if (agent->notify && msg->link.oper == LINK_OPER_UP && !was_up)
			notify_send_way_up(agent->notify);
	} else if (item == RTNL_LINK_DEL) {
		link_table_remove(agent->table, msg->link.if_index, &now);
	} else if (agent->notify) {
		notify_send_address_up(agent->notify);
	}
}

void agent_on_changes_done(void *data)
{
	struct agent *agent = data;

	link_memory_assign_slots(agent->table);
}

static void on_dumped_link(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	struct stamp now;

	agent_stamp(agent, &now);
	if (item == RTNL_LINK_NEW)
		link_table_update(agent->table, &msg->link, &now);
}

int agent_dump(struct agent *agent)
{
	int r = -EAGAIN;
	uint32_t n;

	loop_assert_thread(agent->loop);
	agent->dump_wanted = false;
	for (int i = 0; i < DUMP_TRIES && r == -EAGAIN; i++) {
		struct stamp now;

		link_table_dump_begin(agent->table);
		r = rtnl_sock_dump_links(agent->rtnl, on_dumped_link, agent);
		agent_stamp(agent, &now);
		if (r < 0)
			link_table_dump_abort(agent->table);
		else
			link_table_dump_end(agent->table, &now);
	}
	if (r < 0) {
		log_warn("netlink", "msg=\"links cannot be read, tried again\" err=\"%s\"",
			 strerror(-r));
		agent->dump_wanted = true;
	}
	link_memory_assign_slots(agent->table);
	/* Once when the limit begins to bite; how many there are now is in the MIB and the status. */
	n = agent->shm.data.head->agent.links_left_out;
	if (n && !agent->left_out_told)
		log_warn("agent",
			 "links=%u max-links=%u msg=\"as many more links than max-links are not "
			 "watched: raise it or exclude some\"",
			 n, agent->shm.data.sizes.max_links);
	agent->left_out_told = n > 0;
	return r;
}

void agent_on_lost(void *data)
{
	struct agent *agent = data;

	loop_assert_thread(agent->loop);
	log_info("netlink", "msg=\"link messages were lost; all links are read anew\"");
	agent_dump(agent);
}

static void on_sample(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct agent *agent = data;
	bool is_stats = item == RTNL_STATS;

	if (link_table_sample(agent->table, is_stats ? msg->if_index : msg->link.if_index,
			      is_stats ? &msg->counters : &msg->link.counters, &agent->sample))
		agent->known++;
	else
		agent->unknown++;
}

static void sample(struct agent *agent)
{
	int r;

	agent_stamp(agent, &agent->sample);
	agent->known = agent->unknown = 0;
	r = rtnl_sock_sample(agent->rtnl, on_sample, agent);
	/* A link came or went under it: some may have been left out. */
	if (r == -EAGAIN) {
		agent->dump_wanted = true;
		return;
	}
	if (r < 0) {
		log_warn("netlink", "msg=\"counters cannot be read\" err=\"%s\"", strerror(-r));
		return;
	}
	if (agent->fresh_dump)
		agent->unknown_expected = agent->unknown;
	else if (agent->unknown != agent->unknown_expected)
		agent->dump_wanted = true;
	if (agent->known != link_table_n(agent->table))
		agent->dump_wanted = true;
	agent->fresh_dump = false;
}

/* Once links had their time to come after a boot: a name that is none's is a slip of somebody. */
static void check_sections(struct agent *agent)
{
	const size_t n = link_table_n(agent->table);
	const char *names[MIB_LINKS_MAX]; /* 8 KiB: a running agent allocates nothing */
	struct conf_errors warnings = {0};

	assert(n <= MIB_LINKS_MAX);
	for (size_t i = 0; i < n; i++)
		names[i] = link_table_row(agent->table, (uint32_t)i)->name;
	agent_conf_check_links(&agent->files->conf, names, n, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		log_warn("conf", "%s", warnings.lines[i]);
	conf_errors_deinit(&warnings);
}

/* ---- time ---- */

static void on_step(struct agent *agent, const struct wall_tick *tick)
{
	char text[MIB_TEXT_SIZE];
	int64_t s = tick->step_ms / 1000;

	link_table_step(agent->table, tick->step_ms);
	path_probe_step(agent->paths, tick->step_ms);
	if (history_shift(&agent->shm.data, tick->shift_minutes, agent->epoch_id) < 0)
		log_warn("history", "msg=\"no memory to date minutes anew\"");
	agent->shm.data.head->agent.boot_time_ms = clock_boot_ms(agent->clock);
	if (tick->step_ms > -STEP_EVENT_MS && tick->step_ms < STEP_EVENT_MS)
		return;
	snprintf(text, sizeof(text), "the clock was set by %+" PRId64 ".%03d s", s,
		 abs((int)(tick->step_ms % 1000)));
	agent_add_plain_event(agent, EVENT_CLOCK_STEP, wall_clock_step_size(tick->step_ms), text);
}

static void close_periods(struct agent *agent, const struct wall_tick *tick)
{
	struct mib_data *data = &agent->shm.data;

	if (tick->gap)
		link_table_gap(agent->table, &agent->sample);
	if (tick->five)
		link_table_five(agent->table);
	if (tick->day)
		link_table_day(agent->table);
	if (tick->minute)
		link_table_minute(agent->table, tick->minute, &agent->sample);
	if (tick->minute) {
		path_probe_minute(agent->paths, data, tick->minute);
		shm_release_history(&agent->shm);
	}
	path_probe_publish(agent->paths, data);
	wifi_watch_publish(agent->wifi, data);
	data->head->agent.clock_state = agent->clock;
}

void agent_on_tick(void *data)
{
	struct agent *agent = data;
	struct wall_tick tick;
	int64_t now_us;
	size_t n;

	loop_assert_thread(agent->loop);
	agent->ticks++;
	wall_clock_tick(&agent->wall, loop_now_us(), clock_wall_us(), &tick);
	if (tick.step_ms || agent->ticks % CLOCK_EVERY_TICKS == 0) {
		agent->clock = clock_state_read();
		wall_clock_set_zone(&agent->wall, clock_zone_offset_s());
	}
	if (tick.step_ms)
		on_step(agent, &tick);
	if (agent->dump_wanted || link_table_wants_dump(agent->table) ||
	    agent->ticks % DUMP_EVERY_TICKS == 0) {
		rtnl_sock_drain(agent->rtnl);
		agent->fresh_dump = agent_dump(agent) >= 0;
	}
	sample(agent);
	n = agent->n_speed_asks < SPEEDS_PER_TICK ? agent->n_speed_asks : SPEEDS_PER_TICK;
	for (size_t i = 0; i < n && agent->ethtool; i++) {
		enum link_duplex duplex = LINK_DUPLEX_UNKNOWN;
		uint32_t speed_kbps = 0;

		ethtool_sock_ask(agent->ethtool, agent->speed_asks[i], &speed_kbps, &duplex);
		link_table_speed(agent->table, agent->speed_asks[i], speed_kbps, duplex);
	}
	agent->n_speed_asks -= n;
	memmove(agent->speed_asks, agent->speed_asks + n,
		agent->n_speed_asks * sizeof(agent->speed_asks[0]));
	link_table_tick(agent->table, &agent->sample);
	if (agent->links_checked_in > 0 && --agent->links_checked_in == 0)
		check_sections(agent);
	close_periods(agent, &tick);
	notify_send_run(agent->notify);
	now_us = loop_now_us();
	if (agent->watchdog_us && now_us - agent->watchdog_sent_us >= agent->watchdog_us / 2) {
		agent->watchdog_sent_us = now_us;
		sd_notify_send("WATCHDOG=1");
		if (agent->alarm_s)
			alarm(agent->alarm_s);
	}
	loop_timer_arm(agent->tick_timer, wall_clock_delay(&agent->wall, clock_wall_us()));
}
