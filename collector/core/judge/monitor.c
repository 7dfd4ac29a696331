/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Knows who is behind whom. Evidence about one device may concern others: a port of a
 * parent is the line of a child, and a dead parent excuses those behind it. Waiting
 * (for a recheck, for the parent's poll) is a list of devices that is short in normal life.
 */
#include "collector/core/judge/monitor.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

enum {
	HISTORY_MS = 10000,  /* older news is no news */
	ASK_AGAIN_MS = 5000, /* a parent; one that misses a poll is asked again anyway */
};

struct child {
	struct device *parent, *device;
};

struct monitor {
	struct device_state_conf conf;
	struct monitor_hooks hooks;
	struct correlate correlate;
	const struct device_set *set;
	struct child *children; /* sorted by parent, then by port */
	size_t n_children;
	struct device **waiting; /* those with a poll_at or hold_until; room for the whole set */
	size_t n_waiting;
	struct child *spare_children; /* for the next set */
	struct device **spare_waiting;
	size_t spare_n;
};

/* What devices carry, in one piece, so that device_free() frees it whole. */
struct watched {
	struct device_state state;
	struct problem_list problems;
};

static void forward_event(void *data, struct device *device, const struct event *event)
{
	struct monitor *monitor = data;

	if (monitor->hooks.event)
		monitor->hooks.event(monitor->hooks.data, device, event);
}

int monitor_new(const struct device_state_conf *conf, const struct monitor_hooks *hooks,
		int64_t last_event_id, struct monitor **ret)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));

	assert(conf->down_after > 0);
	if (!monitor)
		return -ENOMEM;
	monitor->conf = *conf;
	monitor->hooks = *hooks;
	monitor->correlate = (struct correlate){
		.last_event_id = last_event_id, .fn = forward_event, .data = monitor};
	*ret = monitor;
	return 0;
}

struct monitor *monitor_free(struct monitor *monitor)
{
	if (monitor) {
		free(monitor->children);
		free(monitor->waiting);
		free(monitor->spare_children);
		free(monitor->spare_waiting);
		free(monitor);
	}
	return NULL;
}

void monitor_freep(struct monitor **monitor)
{
	monitor_free(*monitor);
}

void monitor_set_conf(struct monitor *monitor, const struct device_state_conf *conf)
{
	assert(conf->down_after > 0);
	monitor->conf = *conf;
}

static int compare_child(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	if (x->parent != y->parent)
		return (uintptr_t)x->parent < (uintptr_t)y->parent ? -1 : 1;
	return strcmp(x->device->entry->parent_port, y->device->entry->parent_port);
}

static struct device *parent_of(const struct device_set *set, const struct device *device)
{
	return device->entry->parent[0] ? device_set_find(set, device->entry->parent) : NULL;
}

/* By which it can be reached although its parent is not; NULL: there is none. */
static struct device *backup_of(const struct device_set *set, const struct device *device)
{
	for (size_t i = 0; i < device->entry->n_backup_parents; i++) {
		struct device *backup = device_set_find(set, device->entry->backup_parents[i]);

		if (backup && device_status_is_alive(backup->status))
			return backup;
	}
	return NULL;
}

/* Whose silence excuses its own: only where none of its parents answers is it behind them. */
static struct device *judged_by(const struct device_set *set, const struct device *device)
{
	struct device *parent = parent_of(set, device), *backup;

	if (!parent || !device_status_is_dead(parent->status))
		return parent;
	backup = backup_of(set, device);
	return backup ? backup : parent;
}

static int make_state(struct device *device)
{
	struct watched *watched;

	if (device->state)
		return 0;
	watched = calloc(1, sizeof(*watched));
	if (!watched)
		return -ENOMEM;
	watched->state.problems = &watched->problems;
	device->state = &watched->state;
	return 0;
}

static size_t gather_children(const struct device_set *set, struct child *children)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		struct device *parent = parent_of(set, set->devices[i]);

		if (parent)
			children[n++] = (struct child){parent, set->devices[i]};
	}
	if (n > 0)
		qsort(children, n, sizeof(*children), compare_child);
	return n;
}

static bool is_waiting(const struct device *device)
{
	return device->state->poll_at_mono != 0 || device->state->hold_until_mono != 0;
}

int monitor_reserve(struct monitor *monitor, const struct device_set *set)
{
	cleanup_free struct child *children = calloc(set->n + 1, sizeof(*children));
	cleanup_free struct device **waiting = calloc(set->n + 1, sizeof(struct device *));

	if (!children || !waiting)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++) {
		if (make_state(set->devices[i]) < 0)
			return -ENOMEM;
	}
	free(monitor->spare_children);
	free(monitor->spare_waiting);
	monitor->spare_children = steal_ptr(children);
	monitor->spare_waiting = steal_ptr(waiting);
	monitor->spare_n = set->n;
	return 0;
}

int monitor_set_devices(struct monitor *monitor, const struct device_set *set)
{
	int r = monitor->spare_children && monitor->spare_n >= set->n
			? 0
			: monitor_reserve(monitor, set);

	if (r < 0)
		return r;
	free(monitor->children);
	free(monitor->waiting);
	monitor->children = steal_ptr(monitor->spare_children);
	monitor->waiting = steal_ptr(monitor->spare_waiting);
	monitor->set = set;
	monitor->n_children = gather_children(set, monitor->children);
	monitor->n_waiting = 0;
	for (size_t i = 0; i < set->n; i++) {
		if (is_waiting(set->devices[i]))
			monitor->waiting[monitor->n_waiting++] = set->devices[i];
	}
	return 0;
}

void monitor_forget(struct monitor *monitor, struct device *device)
{
	for (size_t i = 0; i < monitor->n_waiting; i++) {
		if (monitor->waiting[i] == device)
			monitor->waiting[i--] = monitor->waiting[--monitor->n_waiting];
	}
}

static void watch_waiting(struct monitor *monitor, struct device *device)
{
	if (!is_waiting(device))
		return;
	for (size_t i = 0; i < monitor->n_waiting; i++) {
		if (monitor->waiting[i] == device)
			return;
	}
	monitor->waiting[monitor->n_waiting++] = device;
}

/* First of the parent's children. */
static size_t first_child(const struct monitor *monitor, const struct device *parent)
{
	size_t low = 0, high = monitor->n_children;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if ((uintptr_t)monitor->children[mid].parent < (uintptr_t)parent)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The inventory has no circles and no chains of more than 64 (inventory_text.c). Who answered
 * after since_ms is not out of reach, nor is what lies behind him. */
static size_t count_behind(const struct monitor *monitor, const struct device *parent,
			   int64_t since_ms)
{
	size_t n = 0;

	for (size_t i = first_child(monitor, parent);
	     i < monitor->n_children && monitor->children[i].parent == parent; i++) {
		const struct device *child = monitor->children[i].device;

		if (!device_status_is_alive(child->status) || child->last_answer_ms <= since_ms)
			n += 1 + count_behind(monitor, child, since_ms);
	}
	return n;
}

static void poll(struct monitor *monitor, struct device *device)
{
	if (monitor->hooks.poll_now)
		monitor->hooks.poll_now(monitor->hooks.data, device);
}

/* Once for all that fall silent together. */
static void ask_parent(struct monitor *monitor, struct device *parent, int64_t mono_ms)
{
	struct device_state *state = parent->state;

	if (state->asked_mono && mono_ms - state->asked_mono < ASK_AGAIN_MS)
		return;
	state->asked_mono = mono_ms;
	poll(monitor, parent);
}

static struct news polled_news(struct moment now)
{
	return (struct news){.source = EVENT_SOURCE_POLL, .time_ms = now.wall_ms, .now = now};
}

static void review_children(struct monitor *monitor, struct device *parent,
			    const struct news *news);

/* Tells what a verdict means for the log, the page and those behind. */
static void carry_out(struct monitor *monitor, struct device *device,
		      const struct device_verdict *verdict, const struct news *news)
{
	struct device *parent = parent_of(monitor->set, device);
	struct news change = *news;

	watch_waiting(monitor, device);
	if (verdict->poll_parent && parent)
		ask_parent(monitor, parent, news->now.mono_ms);
	if (!verdict->changed)
		return;
	change.time_ms = verdict->time_ms;
	correlate_status(&monitor->correlate, device,
			 device->status == DEVICE_DOWN
				 ? count_behind(monitor, device, device->state->first_miss_ms)
				 : 0,
			 &change);
	if (monitor->hooks.changed)
		monitor->hooks.changed(monitor->hooks.data, device);
	review_children(monitor, device, news);
}

static void review(struct monitor *monitor, struct device *device, struct moment now)
{
	const struct device *parent = judged_by(monitor->set, device);
	const struct news news = polled_news(now);
	struct device_verdict verdict = device_state_review(device, parent, &monitor->conf, now);

	carry_out(monitor, device, &verdict, &news);
}

static void review_children(struct monitor *monitor, struct device *parent, const struct news *news)
{
	for (size_t i = first_child(monitor, parent);
	     i < monitor->n_children && monitor->children[i].parent == parent; i++)
		review(monitor, monitor->children[i].device, news->now);
}

/* Whether it is reached over more than the line that its parent's port leads to. */
static bool has_other_way(const struct device *device)
{
	unsigned int up = 0, uplinks = 0;

	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];

		if (!link->present || !correlate_watches_role(link->role))
			continue;
		uplinks++;
		up += link->oper == LINK_OPER_UP;
	}
	return uplinks >= 2 && up >= 2;
}

static struct device *child_at(const struct monitor *monitor, const struct device *parent,
			       const char *port)
{
	for (size_t i = first_child(monitor, parent);
	     port[0] && i < monitor->n_children && monitor->children[i].parent == parent; i++) {
		if (strcmp(monitor->children[i].device->entry->parent_port, port) == 0)
			return monitor->children[i].device;
	}
	return NULL;
}

static size_t n_at(const struct monitor *monitor, const struct device *parent, const char *port)
{
	size_t n = 0;

	for (size_t i = first_child(monitor, parent);
	     i < monitor->n_children && monitor->children[i].parent == parent; i++)
		n += strcmp(monitor->children[i].device->entry->parent_port, port) == 0;
	return n;
}

/* Whether a poll will show it up again, if it is: before the first discovery every named link
 * may be. */
static bool is_polled(const struct device *device, const struct device_link *link)
{
	return device->n_links ? link && link->present : true;
}

static void links_changed(struct monitor *monitor, struct device *device, const struct news *news)
{
	struct device_verdict verdict = device_state_links(device, news->now);

	carry_out(monitor, device, &verdict, news);
}

static void line_name(const struct device *child, char buf[static 64])
{
	snprintf(buf, 64, "%s:%s", child->entry->parent, child->entry->parent_port);
}

/* Told long after, of a line that has carried answers since: for the log, not for now. */
static bool is_history(const struct device *child, const struct news *news)
{
	return device_status_is_alive(child->status) && child->last_answer_ms > news->time_ms &&
	       news->now.wall_ms - news->time_ms > HISTORY_MS;
}

static void port_changed(struct monitor *monitor, struct device *child, bool up,
			 const struct news *news)
{
	bool history = !up && is_history(child, news);
	bool other_way = has_other_way(child) || backup_of(monitor->set, child);
	struct device_verdict verdict;
	char line[64];

	line_name(child, line);
	if (up || history || (other_way && device_status_is_alive(child->status)))
		correlate_link(&monitor->correlate, child, line, up, news);
	if (!history) {
		verdict = device_state_port(child, up, other_way, news->time_ms, news->now);
		carry_out(monitor, child, &verdict, news);
	}
	links_changed(monitor, child, news);
}

/* A line that several share: the parent's event names it, and those behind it make none. */
static void trunk_changed(struct monitor *monitor, struct device *parent, const char *port, bool up,
			  const struct news *news)
{
	size_t behind = 0;

	for (size_t i = first_child(monitor, parent);
	     i < monitor->n_children && monitor->children[i].parent == parent; i++) {
		struct device *child = monitor->children[i].device;

		if (strcmp(child->entry->parent_port, port) != 0)
			continue;
		device_state_trunk(child, up, news->time_ms);
		behind += 1 + count_behind(monitor, child, INT64_MAX);
	}
	if (correlate_trunk(&monitor->correlate, parent, port, up, behind, news))
		links_changed(monitor, parent, news);
	if (up)
		review_children(monitor, parent, news);
}

/* All that are before a device that answered forward. One that may have come another way tells
 * nothing. */
static void note_forwarders(struct monitor *monitor, const struct device *device, int64_t time_ms)
{
	struct device *parent;

	for (; !has_other_way(device) && !backup_of(monitor->set, device) &&
	       (parent = parent_of(monitor->set, device));
	     device = parent)
		device_state_forwarded(parent, time_ms);
}

static const struct device_link *port_of(const struct device *parent, const struct device *child)
{
	const struct device_link *link =
		child->entry->parent_port[0] ? device_find_link(parent, child->entry->parent_port)
					     : NULL;

	return link && link->present && link->oper != 0 ? link : NULL;
}

/* In case no notification told; one may be younger than the answer that this poll got. Before
 * those behind them are judged. */
static void polled_trunks(struct monitor *monitor, struct device *device, const struct news *news)
{
	for (size_t i = first_child(monitor, device);
	     i < monitor->n_children && monitor->children[i].parent == device; i++) {
		const struct device *child = monitor->children[i].device;
		const struct device_link *link = port_of(device, child);

		if (link && link_mib_is_down(link->oper) != child->state->trunk_down &&
		    news->now.wall_ms - child->state->port_changed_ms > DEVICE_STATE_RECHECK_MS &&
		    n_at(monitor, device, link->name) > 1)
			trunk_changed(monitor, device, link->name, !link_mib_is_down(link->oper),
				      news);
	}
}

static void look_again(struct monitor *monitor, struct device *device)
{
	const int64_t at = correlate_look_again_ms(device);

	if (!at || (device->state->poll_at_mono && device->state->poll_at_mono <= at))
		return;
	device->state->poll_at_mono = at;
	watch_waiting(monitor, device);
}

void monitor_polled(struct monitor *monitor, struct device *device, enum snmp_outcome outcome,
		    struct moment now)
{
	const struct device *parent = judged_by(monitor->set, device);
	const struct news news = polled_news(now);
	struct device_verdict verdict;

	assert(device->state);
	if (outcome == SNMP_OUTCOME_ANSWER)
		correlate_polled_links(&monitor->correlate, device, now);
	if (outcome == SNMP_OUTCOME_ANSWER) {
		note_forwarders(monitor, device, now.wall_ms);
		polled_trunks(monitor, device, &news);
	}
	verdict = device_state_polled(device, parent, &monitor->conf, outcome, now);
	carry_out(monitor, device, &verdict, &news);
	if (outcome != SNMP_OUTCOME_ANSWER)
		return;
	/* Ports that lead to children, in case no notification told. */
	for (size_t i = first_child(monitor, device);
	     i < monitor->n_children && monitor->children[i].parent == device; i++) {
		struct device *child = monitor->children[i].device;
		const struct device_link *link = port_of(device, child);
		bool down;

		if (!link)
			continue;
		down = link_mib_is_down(link->oper);
		if (!down && child->state->open_links > 0 && !child->state->port_down) {
			char line[64];

			/* Of a line whose end was never told. */
			line_name(child, line);
			if (correlate_link(&monitor->correlate, child, line, true, &news))
				links_changed(monitor, child, &news);
		}
		/* a notification may be younger than the answer that this poll got */
		if (n_at(monitor, device, child->entry->parent_port) > 1)
			continue;
		if (down != child->state->port_down &&
		    now.wall_ms - child->state->port_changed_ms > DEVICE_STATE_RECHECK_MS)
			port_changed(monitor, child, !down, &news);
	}
	look_again(monitor, device);
	if (!verdict.changed) /* those that wait for news of it */
		review_children(monitor, device, &news);
}

void monitor_pinged(struct monitor *monitor, struct device *device, bool answered, int64_t sent_ms,
		    struct moment now)
{
	const struct news news = {.source = EVENT_SOURCE_PING, .time_ms = now.wall_ms, .now = now};
	const struct device *parent = judged_by(monitor->set, device);
	struct device_verdict verdict;

	assert(device->state);
	verdict = device_state_pinged(device, parent, &monitor->conf, answered, sent_ms, now);
	carry_out(monitor, device, &verdict, &news);
	if (answered && !verdict.changed && monitor->n_waiting > 0)
		review_children(monitor, device, &news);
}

void monitor_restarted(struct monitor *monitor, struct device *device, enum event_kind kind,
		       int64_t boot_ms, struct moment now)
{
	correlate_restarted(&monitor->correlate, device, kind, boot_ms, now);
}

static const char *link_name(const struct device *device, const struct notification *n)
{
	if (n->if_name[0] != '\0' || n->if_index == 0)
		return n->if_name;
	for (size_t i = 0; i < device->n_links; i++) {
		if (device->links[i].present && device->links[i].if_index == n->if_index)
			return device->links[i].name;
	}
	return "";
}

static void link_notified(struct monitor *monitor, struct device *device,
			  const struct notification *n, const struct news *news)
{
	bool up = n->kind == NOTIFICATION_LINK_UP;
	const char *name = link_name(device, n);
	struct device *child = child_at(monitor, device, name);
	const struct device_link *link = name[0] ? device_find_link(device, name) : NULL;
	uint8_t role = link_mib_has_role(n->role) ? n->role : link ? link->role : n->role;

	if (child && n_at(monitor, device, name) == 1) {
		port_changed(monitor, child, up, news);
		return;
	}
	if (!name[0] || !is_polled(device, link)) {
		if (up)
			correlate_told_up(device, name);
		else
			correlate_told_down(&monitor->correlate, device, name, news);
		if (!up)
			return;
	}
	if (child) {
		trunk_changed(monitor, device, name, up, news);
		return;
	}
	/* A device that knows no roles was told to send these because they matter; of an agent's
	 * links those matter that the operator gave a role. */
	if (!link_mib_has_role(role) && n->site_id[0] != '\0')
		return;
	if (correlate_link(&monitor->correlate, device, name, up, news))
		links_changed(monitor, device, news);
}

/* Whether something before it was out at that time: then it could not but lose its way. */
static bool is_covered(const struct monitor *monitor, const struct device *device, int64_t time_ms)
{
	while ((device = parent_of(monitor->set, device))) {
		if (correlate_outage_covers(device, time_ms))
			return true;
	}
	return false;
}

void monitor_notified(struct monitor *monitor, struct device *device, const struct notification *n,
		      struct moment now)
{
	struct news news = {.source = EVENT_SOURCE_TRAP,
			    .time_ms = notification_time_ms(n, now.wall_ms),
			    .now = now};
	bool link = n->kind == NOTIFICATION_LINK_DOWN || n->kind == NOTIFICATION_LINK_UP;

	assert(device->state);
	device->count.traps++;
	device_state_heard(device, now);
	watch_waiting(monitor, device);
	if (correlate_is_repeat(&monitor->correlate, device, n))
		return;
	news.covered = is_covered(monitor, device, news.time_ms);
	if (link)
		link_notified(monitor, device, n, &news);
	else
		correlate_notification(&monitor->correlate, device, n, &news);
	/* what it says is checked at once; a start is found by its uptime */
	if (link || n->kind == NOTIFICATION_COLD_START || n->kind == NOTIFICATION_WARM_START ||
	    n->kind == NOTIFICATION_AGENT_START)
		poll(monitor, device);
}

void monitor_internal(struct monitor *monitor, enum event_kind kind, struct moment now)
{
	correlate_simple(&monitor->correlate, NULL, kind, now);
}

static int64_t due_of(const struct device *device)
{
	int64_t poll_at = device->state->poll_at_mono, hold = device->state->hold_until_mono;

	if (poll_at == 0 || (hold != 0 && hold < poll_at))
		return hold;
	return poll_at;
}

int64_t monitor_next_ms(const struct monitor *monitor)
{
	int64_t next = -1;

	for (size_t i = 0; i < monitor->n_waiting; i++) {
		int64_t due = due_of(monitor->waiting[i]);

		if (due != 0 && (next < 0 || due < next))
			next = due;
	}
	return next;
}

int64_t monitor_tick(struct monitor *monitor, struct moment now)
{
	assert(!monitor->set || monitor->n_waiting <= monitor->set->n);
	/* what is done may add devices at the end, or again those that were taken off */
	for (size_t i = 0; i < monitor->n_waiting;) {
		struct device *device = monitor->waiting[i];
		int64_t due = due_of(device);

		if (due != 0 && due > now.mono_ms) {
			i++;
			continue;
		}
		monitor->waiting[i] = monitor->waiting[--monitor->n_waiting];
		if (due != 0) {
			struct device_state *state = device->state;

			if (state->poll_at_mono != 0 && state->poll_at_mono <= now.mono_ms) {
				state->poll_at_mono = 0;
				poll(monitor, device);
			}
			if (state->hold_until_mono != 0 && state->hold_until_mono <= now.mono_ms)
				review(monitor, device, now);
		}
		watch_waiting(monitor, device);
	}
	return monitor_next_ms(monitor);
}

const struct correlate_stats *monitor_stats(const struct monitor *monitor)
{
	return &monitor->correlate.stats;
}
