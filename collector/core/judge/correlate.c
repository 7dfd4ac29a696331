/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps, per device, what is wrong now and what was lately, and makes the events at either
 * end. Which status a device is in is device_state.c's decision.
 */
#include "collector/core/judge/correlate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"
#include "common/base/fnv1a.h"
#include "common/base/utf8_text.h"

/* An answer sampled before a notification may come in after it. */
enum { SETTLE_MS = 2000, GONE_MS = 3600 * 1000 };

static const struct {
	enum event_kind begins, ends;
} PAIRS[] = {
	{EVENT_DEVICE_DOWN, EVENT_DEVICE_UP},	   {EVENT_LINK_DOWN, EVENT_LINK_UP},
	{EVENT_LINK_FLAPPING, EVENT_LINK_SETTLED}, {EVENT_AUTH_FAILED, EVENT_AUTH_OK},
	{EVENT_PATH_DOWN, EVENT_PATH_UP},	   {EVENT_SNMP_SILENT, EVENT_SNMP_OK},
};

static enum event_kind end_of(enum event_kind begins)
{
	for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
		if (PAIRS[i].begins == begins)
			return PAIRS[i].ends;
	}
	return EVENT_KIND_N;
}

static struct problem_list *problems_of(const struct device *device)
{
	return device->state->problems;
}

static struct problem *find_open(const struct device *device, enum event_kind kind,
				 const char *link)
{
	struct problem_list *list = problems_of(device);

	for (size_t i = 0; i < list->n_open; i++) {
		if (list->open[i].kind == kind && strcmp(list->open[i].link, link) == 0)
			return &list->open[i];
	}
	return NULL;
}

/* A LAN or a hotspot's port that is down is told of; the device is as well as before. */
static bool degrades(const struct device *device, const char *name)
{
	const struct device_link *link = device_find_link(device, name);

	return !link || !link_mib_has_role(link->role) || correlate_watches_role(link->role);
}

static void count_links(struct device *device)
{
	struct problem_list *list = problems_of(device);
	unsigned int n = 0;

	for (size_t i = 0; i < list->n_open; i++)
		n += list->open[i].kind == EVENT_LINK_DOWN && degrades(device, list->open[i].link);
	device->state->open_links = n;
}

/* In whole characters. */
static void copy_text(char *buf, size_t size, const char *text)
{
	utf8_text_clean(text ? text : "", buf, size);
}

static void emit(struct correlate *c, struct device *device, struct event *event)
{
	event->id = ++c->last_event_id;
	if (device)
		copy_text(event->device_id, sizeof(event->device_id), device->entry->id);
	c->stats.events++;
	c->fn(c->data, device, event);
}

static struct event event_of(enum event_kind kind, const struct news *news, const char *link)
{
	struct event event = {
		.kind = kind,
		.time_ms = news->time_ms,
		.seen_ms = news->now.wall_ms,
		.source = news->source,
	};

	copy_text(event.link, sizeof(event.link), link);
	return event;
}

static void begin(struct correlate *c, struct device *device, struct event *event,
		  const struct news *news)
{
	struct problem_list *list = problems_of(device);
	struct problem problem = {
		.kind = event->kind,
		.begin_ms = event->time_ms,
		.seen_mono_ms = news->now.mono_ms,
	};

	if (find_open(device, event->kind, event->link)) {
		c->stats.confirmations++;
		return;
	}
	if (list->n_open == PROBLEMS_OPEN_MAX) {
		c->stats.problems_dropped++;
		return;
	}
	emit(c, device, event);
	copy_text(problem.link, sizeof(problem.link), event->link);
	problem.event_id = event->id;
	list->open[list->n_open++] = problem;
	count_links(device);
}

static void remember_past(struct problem_list *list, const struct problem *problem)
{
	size_t keep = list->n_past < PROBLEMS_PAST_MAX ? list->n_past : PROBLEMS_PAST_MAX - 1;

	memmove(&list->past[1], &list->past[0], keep * sizeof(list->past[0]));
	list->past[0] = *problem;
	list->n_past = keep + 1;
}

/* Returns whether it was open. */
static bool end_as(struct correlate *c, struct device *device, enum event_kind kind,
		   enum event_kind end_kind, const char *link, const struct news *news)
{
	struct problem_list *list = problems_of(device);
	struct event event = event_of(end_kind, news, link);
	struct problem *problem = find_open(device, kind, event.link);
	struct problem ended;

	if (!problem)
		return false;
	ended = *problem;
	/* no outage of negative length, whatever the clocks say */
	if (event.time_ms < ended.begin_ms)
		event.time_ms = ended.begin_ms;
	event.begins = ended.event_id;
	event.params.duration_ms = event.time_ms - ended.begin_ms;
	ended.end_ms = event.time_ms;
	*problem = list->open[--list->n_open];
	remember_past(list, &ended);
	count_links(device);
	emit(c, device, &event);
	return true;
}

static bool end(struct correlate *c, struct device *device, enum event_kind kind, const char *link,
		const struct news *news)
{
	return end_as(c, device, kind, end_of(kind), link, news);
}

void correlate_status(struct correlate *c, struct device *device, size_t behind,
		      const struct news *news)
{
	struct event event;

	switch (device->status) {
	case DEVICE_DOWN:
		if (find_open(device, EVENT_DEVICE_DOWN, ""))
			return;
		event = event_of(EVENT_DEVICE_DOWN, news, "");
		event.params.cause = device->cause;
		event.params.behind = (uint32_t)behind;
		begin(c, device, &event, news);
		return;
	case DEVICE_AUTH_FAILED:
		end(c, device, EVENT_DEVICE_DOWN, "", news);
		end(c, device, EVENT_SNMP_SILENT, "", news);
		event = event_of(EVENT_AUTH_FAILED, news, "");
		event.params.cause = device->cause;
		begin(c, device, &event, news);
		return;
	case DEVICE_SNMP_SILENT:
		end(c, device, EVENT_DEVICE_DOWN, "", news);
		event = event_of(EVENT_SNMP_SILENT, news, "");
		event.params.cause = device->cause;
		begin(c, device, &event, news);
		return;
	case DEVICE_UP:
	case DEVICE_DEGRADED:
		end(c, device, EVENT_DEVICE_DOWN, "", news);
		end(c, device, EVENT_AUTH_FAILED, "", news);
		end(c, device, EVENT_SNMP_SILENT, "", news);
		return;
	default:
		return;
	}
}

bool correlate_watches_role(uint8_t role)
{
	return role == LINK_ROLE_UPLINK || role == LINK_ROLE_BACKUP;
}

static bool covers(const struct problem *problem, int64_t time_ms)
{
	return problem->kind == EVENT_DEVICE_DOWN &&
	       time_ms >= problem->begin_ms - CORRELATE_SLACK_MS &&
	       (problem->end_ms == 0 || time_ms <= problem->end_ms + CORRELATE_SLACK_MS);
}

bool correlate_outage_covers(const struct device *device, int64_t time_ms)
{
	const struct problem_list *list = problems_of(device);

	for (size_t i = 0; i < list->n_open; i++) {
		if (covers(&list->open[i], time_ms))
			return true;
	}
	for (size_t i = 0; i < list->n_past; i++) {
		if (covers(&list->past[i], time_ms))
			return true;
	}
	return false;
}

/* The two ends of a line: "PARENT:PORT" is the far one. */
static bool is_far_end(const char *link)
{
	return strchr(link, ':') != NULL;
}

/* One end of a line told of it already. */
static bool other_end_told(const struct device *device, const char *name, int64_t time_ms)
{
	const struct problem_list *list = problems_of(device);

	for (size_t i = 0; i < list->n_open; i++) {
		const struct problem *p = &list->open[i];

		if (p->kind == EVENT_LINK_DOWN && is_far_end(p->link) != is_far_end(name) &&
		    llabs(p->begin_ms - time_ms) < CORRELATE_SLACK_MS)
			return true;
	}
	return false;
}

static void begin_link(struct correlate *c, struct device *device, const char *name, size_t behind,
		       const struct news *news)
{
	struct event event = event_of(EVENT_LINK_DOWN, news, name);
	bool known = news->covered || correlate_outage_covers(device, news->time_ms);

	event.params.behind = (uint32_t)behind;
	/* The line to a single-homed site: its outage is in the log already, seen from here. */
	if ((news->source == EVENT_SOURCE_TRAP && known) ||
	    other_end_told(device, name, news->time_ms))
		c->stats.confirmations++;
	else
		begin(c, device, &event, news);
}

static bool is_told(const struct problem_list *list, size_t i, int64_t mono_ms)
{
	return list->told[i].mono_ms && mono_ms - list->told[i].mono_ms < GONE_MS;
}

void correlate_told_down(struct correlate *c, struct device *device, const char *name,
			 const struct news *news)
{
	struct event event = event_of(EVENT_LINK_TOLD_DOWN, news, name);
	struct problem_list *list = problems_of(device);
	const uint64_t hash = fnv1a(FNV1A_START, name, strlen(name));
	size_t at = 0;

	for (size_t i = 0; i < PROBLEMS_OPEN_MAX; i++) {
		if (is_told(list, i, news->now.mono_ms) && list->told[i].name_hash == hash) {
			c->stats.confirmations++;
			return;
		}
		if (list->told[i].mono_ms < list->told[at].mono_ms)
			at = i;
	}
	if (is_told(list, at, news->now.mono_ms)) {
		c->stats.problems_dropped++;
		return;
	}
	list->told[at].name_hash = hash;
	list->told[at].mono_ms = news->now.mono_ms;
	emit(c, device, &event);
}

void correlate_told_up(struct device *device, const char *name)
{
	struct problem_list *list = problems_of(device);
	const uint64_t hash = fnv1a(FNV1A_START, name, strlen(name));

	for (size_t i = 0; i < PROBLEMS_OPEN_MAX; i++) {
		if (list->told[i].name_hash == hash)
			list->told[i].mono_ms = 0;
	}
}

bool correlate_link(struct correlate *c, struct device *device, const char *name, bool up,
		    const struct news *news)
{
	return correlate_trunk(c, device, name, up, 0, news);
}

bool correlate_trunk(struct correlate *c, struct device *device, const char *name, bool up,
		     size_t behind, const struct news *news)
{
	unsigned int before = device->state->open_links;

	if (up)
		end(c, device, EVENT_LINK_DOWN, name, news);
	else
		begin_link(c, device, name, behind, news);
	return device->state->open_links != before;
}

static bool is_up(const struct device_link *link)
{
	return link->present && link->oper == LINK_OPER_UP;
}

/* Down by somebody's wish is no trouble. */
static bool is_in_trouble(const struct device_link *link)
{
	return link->present && correlate_watches_role(link->role) &&
	       link->admin == LINK_ADMIN_UP && link_mib_is_down(link->oper);
}

/* A link that was down and is gone for so long will not come up again: it was taken away. */
static void end_gone(struct correlate *c, struct device *device, const struct news *news)
{
	struct problem_list *list = problems_of(device);
	const struct device_link *link;
	char name[64];

	for (size_t i = list->n_open; device->n_links && i-- > 0;) {
		const struct problem *p = &list->open[i];

		if (p->kind != EVENT_LINK_DOWN || is_far_end(p->link) ||
		    news->now.mono_ms - p->seen_mono_ms < GONE_MS)
			continue;
		link = device_find_link(device, p->link);
		if (link && link->present)
			continue;
		copy_text(name, sizeof(name), p->link);
		end_as(c, device, EVENT_LINK_DOWN, EVENT_LINK_GONE, name, news);
	}
}

int64_t correlate_look_again_ms(const struct device *device)
{
	const struct problem_list *list = problems_of(device);
	int64_t at = 0;

	for (size_t i = 0; i < list->n_open; i++) {
		const struct problem *p = &list->open[i];
		const struct device_link *link =
			p->kind == EVENT_LINK_DOWN ? device_find_link(device, p->link) : NULL;

		if (link && is_up(link) && (!at || p->seen_mono_ms + SETTLE_MS < at))
			at = p->seen_mono_ms + SETTLE_MS;
	}
	return at;
}

bool correlate_polled_links(struct correlate *c, struct device *device, struct moment now)
{
	const struct news news = {.source = EVENT_SOURCE_POLL, .time_ms = now.wall_ms, .now = now};
	unsigned int before = device->state->open_links;

	for (size_t i = 0; i < device->n_links; i++) {
		const struct device_link *link = &device->links[i];
		const struct problem *problem = find_open(device, EVENT_LINK_DOWN, link->name);

		if (!problem && is_in_trouble(link))
			correlate_link(c, device, link->name, false, &news);
		else if (problem && is_up(link) && now.mono_ms - problem->seen_mono_ms >= SETTLE_MS)
			correlate_link(c, device, link->name, true, &news);
	}
	end_gone(c, device, &news);
	count_links(device); /* what a link is for may have been read only now */
	return device->state->open_links != before;
}

static void end_or_confirm(struct correlate *c, struct device *device, enum event_kind kind,
			   const char *link, const struct news *news)
{
	if (!end(c, device, kind, link, news))
		c->stats.confirmations++;
}

/* A path goes by the name and address that its event's text begins with: "noc 192.0.2.1 down". */
static void path_name(const struct notification *n, char *buf, size_t size)
{
	const char *end = strrchr(n->text, ' ');

	snprintf(buf, size, "%.*s", end ? (int)(end - n->text) : 0, n->text);
}

void correlate_notification(struct correlate *c, struct device *device,
			    const struct notification *n, const struct news *news)
{
	struct event event;
	char path[64];

	switch (n->kind) {
	case NOTIFICATION_LINK_FLAPPING:
		event = event_of(EVENT_LINK_FLAPPING, news, n->if_name);
		copy_text(event.params.detail, sizeof(event.params.detail), n->text);
		begin(c, device, &event, news);
		return;
	case NOTIFICATION_LINK_SETTLED:
		end_or_confirm(c, device, EVENT_LINK_FLAPPING, n->if_name, news);
		return;
	case NOTIFICATION_PATH_DOWN:
		path_name(n, path, sizeof(path));
		event = event_of(EVENT_PATH_DOWN, news, path);
		if (news->covered || correlate_outage_covers(device, news->time_ms))
			c->stats.confirmations++;
		else
			begin(c, device, &event, news);
		return;
	case NOTIFICATION_PATH_UP:
		path_name(n, path, sizeof(path));
		end_or_confirm(c, device, EVENT_PATH_DOWN, path, news);
		return;
	case NOTIFICATION_EVENTS_DROPPED:
		event = event_of(EVENT_NOTIFICATIONS_LOST, news, n->if_name);
		event.params.count = n->value;
		copy_text(event.params.detail, sizeof(event.params.detail), n->text);
		emit(c, device, &event);
		return;
	default:
		return;
	}
}

void correlate_restarted(struct correlate *c, struct device *device, enum event_kind kind,
			 int64_t boot_ms, struct moment now)
{
	const struct news news = {.source = EVENT_SOURCE_POLL,
				  .time_ms = boot_ms < now.wall_ms ? boot_ms : now.wall_ms,
				  .now = now};
	struct event event = event_of(kind, &news, "");

	emit(c, device, &event);
}

void correlate_simple(struct correlate *c, struct device *device, enum event_kind kind,
		      struct moment now)
{
	const struct news news = {
		.source = EVENT_SOURCE_INTERNAL, .time_ms = now.wall_ms, .now = now};
	struct event event = event_of(kind, &news, "");

	emit(c, device, &event);
}

bool correlate_is_repeat(struct correlate *c, struct device *device, const struct notification *n)
{
	struct problem_list *list = problems_of(device);
	/* The standard linkDown carries number and time, but no epoch. The time tells an
	 * event from one of an earlier log of the same boot, which had its number. */
	bool same_epoch =
		n->epoch_id == 0 || list->last_epoch == 0 || n->epoch_id == list->last_epoch;

	if (n->number == 0)
		return false;
	if (same_epoch && n->number == list->last_number && n->event_ms == list->last_event_ms) {
		c->stats.repeats++;
		if (n->epoch_id != 0)
			list->last_epoch = n->epoch_id;
		return true;
	}
	list->last_number = n->number;
	list->last_epoch = n->epoch_id;
	list->last_event_ms = n->event_ms;
	return false;
}

void correlate_restore(struct device *device, const struct problem *problem)
{
	struct problem_list *list = problems_of(device);

	if (problem->end_ms != 0)
		remember_past(list, problem);
	else if (list->n_open < PROBLEMS_OPEN_MAX)
		list->open[list->n_open++] = *problem;
	count_links(device);
}
