/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps, per device, what is wrong now and what was lately, and makes the events at either
 * end. Which status a device is in is device_state.c's decision.
 */
#include "collector/core/judge/correlate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

/* An answer sampled before a notification may come in after it. */
enum { SETTLE_MS = 2000 };

static const struct {
	enum event_kind begins, ends;
} PAIRS[] = {
	{EVENT_DEVICE_DOWN, EVENT_DEVICE_UP},	   {EVENT_LINK_DOWN, EVENT_LINK_UP},
	{EVENT_LINK_FLAPPING, EVENT_LINK_SETTLED}, {EVENT_AUTH_FAILED, EVENT_AUTH_OK},
	{EVENT_PATH_DOWN, EVENT_PATH_UP},
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

static void count_links(struct device *device)
{
	struct problem_list *list = problems_of(device);
	unsigned int n = 0;

	for (size_t i = 0; i < list->n_open; i++)
		n += list->open[i].kind == EVENT_LINK_DOWN;
	device->state->open_links = n;
}

static void copy_text(char *buf, size_t size, const char *text)
{
	snprintf(buf, size, "%s", text ? text : "");
}

static void emit(struct correlate *c, struct device *device, struct event *event)
{
	event->id = ++c->last_event_id;
	if (device)
		copy_text(event->device_id, sizeof(event->device_id), device->entry->id);
	c->stats.events++;
	c->fn(c->data, device, event);
}

/* What an event is about, before it has a number. */
struct draft {
	enum event_kind kind;
	enum event_source source;
	const char *link;
	int64_t time_ms;
	char text[160];
};

printf_(2, 3) static void write_text(struct draft *draft, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(draft->text, sizeof(draft->text), fmt, args);
	va_end(args);
}

static struct event event_of(const struct draft *draft, struct moment now)
{
	struct event event = {
		.kind = draft->kind,
		.time_ms = draft->time_ms,
		.seen_ms = now.wall_ms,
		.source = draft->source,
	};

	copy_text(event.link, sizeof(event.link), draft->link);
	copy_text(event.text, sizeof(event.text), draft->text);
	return event;
}

static void begin(struct correlate *c, struct device *device, const struct draft *draft,
		  struct moment now)
{
	struct problem_list *list = problems_of(device);
	struct event event = event_of(draft, now);
	struct problem problem = {
		.kind = draft->kind,
		.begin_ms = draft->time_ms,
		.seen_mono_ms = now.mono_ms,
	};

	if (find_open(device, draft->kind, event.link)) {
		c->stats.confirmations++;
		return;
	}
	if (list->n_open == PROBLEMS_OPEN_MAX) {
		c->stats.problems_dropped++;
		return;
	}
	emit(c, device, &event);
	copy_text(problem.link, sizeof(problem.link), event.link);
	problem.event_id = event.id;
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

/* draft->kind is set here, from the problem's. */
static void end(struct correlate *c, struct device *device, struct problem *problem,
		struct draft *draft, struct moment now)
{
	struct problem_list *list = problems_of(device);
	struct problem ended = *problem;
	struct event event;

	draft->kind = end_of(problem->kind);
	draft->link = ended.link;
	/* no outage of negative length, whatever the clocks say */
	if (draft->time_ms < problem->begin_ms)
		draft->time_ms = problem->begin_ms;
	event = event_of(draft, now);
	event.begins = problem->event_id;
	ended.end_ms = draft->time_ms;
	*problem = list->open[--list->n_open];
	remember_past(list, &ended);
	count_links(device);
	emit(c, device, &event);
}

static void end_if_open(struct correlate *c, struct device *device, enum event_kind kind,
			struct draft *draft, struct moment now)
{
	struct problem *problem = find_open(device, kind, "");

	if (problem)
		end(c, device, problem, draft, now);
}

static const char *reason_text(enum device_cause cause)
{
	switch (cause) {
	case DEVICE_CAUSE_LINK_DOWN:
		return "its line is down";
	case DEVICE_CAUSE_REFUSED:
		return "its host answers, but no SNMP agent listens";
	case DEVICE_CAUSE_UNREACHABLE:
		return "no route to it";
	case DEVICE_CAUSE_UNKNOWN_USER:
		return "it does not know our SNMPv3 user";
	case DEVICE_CAUSE_WRONG_KEY:
		return "it has another SNMPv3 key than we";
	case DEVICE_CAUSE_WRONG_PRIVACY:
		return "it has another SNMPv3 privacy key than we";
	case DEVICE_CAUSE_NO_ACCESS:
		return "its access control shows our credential nothing";
	case DEVICE_CAUSE_AUTH_OTHER:
		return "it refuses our SNMPv3 security level or time";
	default:
		return "it does not answer";
	}
}

static void format_duration(int64_t ms, char buf[static 32])
{
	int64_t s = ms / 1000;

	if (s < 3600)
		snprintf(buf, 32, "%lld min %lld s", (long long)(s / 60), (long long)(s % 60));
	else
		snprintf(buf, 32, "%lld h %lld min", (long long)(s / 3600),
			 (long long)(s / 60 % 60));
}

static void write_down_text(struct draft *draft, const struct device *device, size_t behind)
{
	const char *name = device->entry->name;

	if (behind > 0)
		write_text(draft, "%.60s: %s; %zu devices behind it are out of reach", name,
			   reason_text(device->cause), behind);
	else
		write_text(draft, "%.90s: %s", name, reason_text(device->cause));
}

static void end_outage(struct correlate *c, struct device *device, struct draft *draft,
		       struct moment now)
{
	struct problem *problem = find_open(device, EVENT_DEVICE_DOWN, "");
	char duration[32];

	if (!problem)
		return;
	format_duration(draft->time_ms - problem->begin_ms, duration);
	write_text(draft, "%.90s answers again after %s", device->entry->name, duration);
	end(c, device, problem, draft, now);
}

void correlate_status(struct correlate *c, struct device *device, size_t behind,
		      const struct news *news)
{
	struct draft draft = {.source = news->source, .time_ms = news->time_ms, .link = ""};
	struct moment now = news->now;

	switch (device->status) {
	case DEVICE_DOWN:
		if (find_open(device, EVENT_DEVICE_DOWN, ""))
			return;
		draft.kind = EVENT_DEVICE_DOWN;
		write_down_text(&draft, device, behind);
		begin(c, device, &draft, now);
		return;
	case DEVICE_AUTH_FAILED:
		end_outage(c, device, &draft, now);
		draft = (struct draft){.kind = EVENT_AUTH_FAILED,
				       .source = news->source,
				       .time_ms = news->time_ms,
				       .link = ""};
		write_text(&draft, "%.90s: %s", device->entry->name, reason_text(device->cause));
		begin(c, device, &draft, now);
		return;
	case DEVICE_UP:
	case DEVICE_DEGRADED:
		end_outage(c, device, &draft, now);
		write_text(&draft, "%.90s accepts our credential again", device->entry->name);
		end_if_open(c, device, EVENT_AUTH_FAILED, &draft, now);
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

static void begin_link(struct correlate *c, struct device *device, struct draft *draft,
		       const struct news *news)
{
	const char *name = draft->link;
	bool known = news->covered || correlate_outage_covers(device, draft->time_ms);

	/* The line to a single-homed site: its outage is in the log already, seen from here. */
	if ((draft->source == EVENT_SOURCE_TRAP && known) ||
	    other_end_told(device, name, draft->time_ms)) {
		c->stats.confirmations++;
		return;
	}
	draft->kind = EVENT_LINK_DOWN;
	write_text(draft, "%.60s: link %.40s is down", device->entry->name,
		   name[0] ? name : "(unnamed)");
	begin(c, device, draft, news->now);
}

bool correlate_link(struct correlate *c, struct device *device, const char *name, bool up,
		    const struct news *news)
{
	struct draft draft = {.source = news->source, .time_ms = news->time_ms, .link = name};
	unsigned int before = device->state->open_links;
	struct problem *problem;
	char duration[32];

	if (!up) {
		begin_link(c, device, &draft, news);
		return device->state->open_links != before;
	}
	problem = find_open(device, EVENT_LINK_DOWN, name);
	if (!problem)
		return false;
	format_duration(news->time_ms - problem->begin_ms, duration);
	write_text(&draft, "%.60s: link %.40s is up again after %s", device->entry->name, name,
		   duration);
	end(c, device, problem, &draft, news->now);
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
	return device->state->open_links != before;
}

static void end_named(struct correlate *c, struct device *device, enum event_kind kind,
		      struct draft *draft, struct moment now)
{
	struct problem *problem = find_open(device, kind, draft->link);

	if (problem)
		end(c, device, problem, draft, now);
	else
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
	struct draft draft = {
		.source = EVENT_SOURCE_TRAP, .time_ms = news->time_ms, .link = n->if_name};
	struct moment now = news->now;
	const char *name = device->entry->name;
	char path[64];

	if (n->kind == NOTIFICATION_PATH_DOWN || n->kind == NOTIFICATION_PATH_UP) {
		path_name(n, path, sizeof(path));
		draft.link = path;
	}
	if (n->text[0] != '\0')
		write_text(&draft, "%.60s: %.96s", name, n->text);
	else
		write_text(&draft, "%.60s: %s %.40s", name, notification_kind_name(n->kind),
			   n->if_name);
	switch (n->kind) {
	case NOTIFICATION_LINK_FLAPPING:
		draft.kind = EVENT_LINK_FLAPPING;
		begin(c, device, &draft, now);
		break;
	case NOTIFICATION_LINK_SETTLED:
		end_named(c, device, EVENT_LINK_FLAPPING, &draft, now);
		break;
	case NOTIFICATION_PATH_DOWN:
		draft.kind = EVENT_PATH_DOWN;
		if (news->covered || correlate_outage_covers(device, news->time_ms))
			c->stats.confirmations++;
		else
			begin(c, device, &draft, now);
		break;
	case NOTIFICATION_PATH_UP:
		end_named(c, device, EVENT_PATH_DOWN, &draft, now);
		break;
	case NOTIFICATION_EVENTS_DROPPED: {
		struct event event;

		draft.kind = EVENT_NOTIFICATIONS_LOST;
		event = event_of(&draft, now);
		emit(c, device, &event);
		break;
	}
	default:
		break;
	}
}

void correlate_restarted(struct correlate *c, struct device *device, int64_t boot_ms,
			 struct moment now)
{
	struct draft draft = {.kind = EVENT_DEVICE_RESTARTED,
			      .source = EVENT_SOURCE_POLL,
			      .time_ms = boot_ms < now.wall_ms ? boot_ms : now.wall_ms,
			      .link = ""};
	struct event event;

	write_text(&draft, "%.90s restarted", device->entry->name);
	event = event_of(&draft, now);
	emit(c, device, &event);
}

void correlate_simple(struct correlate *c, struct device *device, enum event_kind kind,
		      const char *text, struct moment now)
{
	struct draft draft = {
		.kind = kind, .source = EVENT_SOURCE_INTERNAL, .time_ms = now.wall_ms, .link = ""};
	struct event event;

	copy_text(draft.text, sizeof(draft.text), text);
	event = event_of(&draft, now);
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
