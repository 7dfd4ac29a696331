/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which event begins or ends which alert, and who is behind whose cause. Why something
 * failed is alert_cause.c's guess.
 */
#include "collector/core/alert/alert_set.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/alert/alert_set_impl.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/correlate.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

enum {
	DEPTH_MAX = 64,		/* of parents, as the inventory allows */
	ANSWER_SLACK_MS = 2000, /* an answer that was under way as the cause began */
};

/* ---- finding ---- */

struct alert *alert_set_find_open(const struct alert_set *set, int64_t id)
{
	size_t low = 0, high = set->n_open;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (set->open[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < set->n_open && set->open[low]->id == id ? set->open[low] : NULL;
}

struct alert *alert_set_find_ended(const struct alert_set *set, int64_t id)
{
	for (size_t i = 0; i < set->n_recent; i++) {
		if (set->recent[i].id == id)
			return &set->recent[i];
	}
	return NULL;
}

const struct alert *alert_set_find(const struct alert_set *set, int64_t id)
{
	const struct alert *alert = alert_set_find_open(set, id);

	return alert ? alert : alert_set_find_ended(set, id);
}

struct alert *alert_set_find_of(const struct alert_set *set, enum alert_kind kind,
				const char *device_id, const char *link)
{
	for (size_t i = 0; i < set->n_open; i++) {
		struct alert *alert = set->open[i];

		if (alert->kind == kind && strcmp(alert->device_id, device_id) == 0 &&
		    strcmp(alert->link, link) == 0)
			return alert;
	}
	return NULL;
}

static struct alert_out *find_out(const struct alert_set *set, const char *device_id)
{
	for (size_t i = 0; i < set->n_outs; i++) {
		if (strcmp(set->outs[i].outage.device_id, device_id) == 0)
			return &set->outs[i];
	}
	return NULL;
}

static const struct device *device_of(const struct alert_set *set, const char *id)
{
	return set->devices && id[0] ? device_set_find(set->devices, id) : NULL;
}

static const struct device *parent_of(const struct alert_set *set, const struct device *device)
{
	return device_of(set, device->entry->parent);
}

/* ---- telling ---- */

void alert_set_tell(const struct alert_set *set, const struct alert *alert,
		    enum alert_change change)
{
	if (set->hooks.changed)
		set->hooks.changed(set->hooks.data, alert, change);
}

static void tell_outage(const struct alert_set *set, const struct alert_outage *outage)
{
	if (set->hooks.outage)
		set->hooks.outage(set->hooks.data, outage);
}

static void put_cause(struct alert_set *set, struct alert *alert, enum alert_cause cause)
{
	alert->cause = cause;
	alert_set_tell(set, alert, ALERT_AMENDED);
	for (size_t i = 0; i < set->n_outs; i++) {
		struct alert_outage *outage = &set->outs[i].outage;

		if (outage->alert_id != alert->id)
			continue;
		outage->cause = cause;
		tell_outage(set, outage);
	}
}

void alert_set_set_cause(struct alert_set *set, struct alert *alert, enum alert_cause cause)
{
	if (!alert->cause_by_person && alert->cause != cause)
		put_cause(set, alert, cause);
}

void alert_set_set_cause_by_person(struct alert_set *set, struct alert *alert,
				   enum alert_cause cause)
{
	alert->cause_by_person = true;
	put_cause(set, alert, cause);
}

/* ---- planned work ---- */

static bool is_planned(const struct alert_set *set, const char *device_id, struct moment now)
{
	const struct device *device = device_of(set, device_id);

	return device && set->hooks.planned &&
	       set->hooks.planned(set->hooks.data, device->entry, now.wall_ms);
}

/* The cause is known while it lasts, and not any more if the trouble outlasts it. */
static void put_planned(struct alert *alert, bool planned)
{
	alert->planned = planned;
	if (alert->cause_by_person)
		return;
	if (planned && alert->cause == ALERT_CAUSE_UNKNOWN)
		alert->cause = ALERT_CAUSE_PLANNED;
	else if (!planned && alert->cause == ALERT_CAUSE_PLANNED)
		alert->cause = ALERT_CAUSE_UNKNOWN;
}

static void look_at_plans(struct alert_set *set, struct moment now)
{
	for (size_t i = 0; i < set->n_open; i++) {
		struct alert *alert = set->open[i];
		const bool planned = is_planned(set, alert->device_id, now);

		if (planned == alert->planned)
			continue;
		put_planned(alert, planned);
		alert_set_tell(set, alert, ALERT_ANSWERED);
	}
}

/* ---- raising and ending ---- */

static int append_open(struct alert_set *set, struct alert *alert)
{
	if (set->n_open == ALERT_SET_OPEN_MAX) {
		set->stats.dropped++;
		return -ENOSPC;
	}
	if (set->n_open == set->open_size) {
		const size_t size = set->open_size ? 2 * set->open_size : 64;
		struct alert **open = realloc(set->open, size * sizeof(*open));

		if (!open)
			return -ENOMEM;
		set->open = open;
		set->open_size = size;
	}
	assert(set->n_open == 0 || set->open[set->n_open - 1]->id < alert->id);
	set->open[set->n_open++] = alert;
	return 0;
}

/* What is known already may have another value by now; that alone is nobody's news. */
static void refresh(struct alert *alert, const struct alert_news *news, struct moment now)
{
	alert->seen_ms = now.wall_ms > alert->seen_ms ? now.wall_ms : alert->seen_ms;
	alert->value = news->value;
	utf8_text_clean(news->detail ? news->detail : "", alert->detail, sizeof(alert->detail));
}

int64_t alert_set_raise(struct alert_set *set, const struct alert_news *news, struct moment now)
{
	struct alert *alert = alert_set_find_of(set, news->kind, news->device_id, news->link);

	assert((unsigned int)news->kind < ALERT_KIND_N);
	if (alert) {
		refresh(alert, news, now);
		return alert->id;
	}
	alert = calloc(1, sizeof(*alert));
	if (!alert)
		return 0;
	*alert = (struct alert){
		.id = set->last_id + 1,
		.kind = news->kind,
		.severity = news->severity,
		.cause = news->cause,
		.begin_ms = news->begin_ms,
		.n_behind = news->n_behind,
		.limit = news->limit,
		.begin_event = news->begin_event,
	};
	utf8_text_clean(news->device_id, alert->device_id, sizeof(alert->device_id));
	utf8_text_clean(news->link, alert->link, sizeof(alert->link));
	refresh(alert, news, now);
	put_planned(alert, is_planned(set, alert->device_id, now));
	if (append_open(set, alert) < 0) {
		free(alert);
		return 0;
	}
	set->last_id = alert->id;
	set->stats.raised++;
	alert_set_tell(set, alert, ALERT_RAISED);
	alert_cause_look_around(set, alert);
	return alert->id;
}

static void remember(struct alert_set *set, const struct alert *alert)
{
	set->recent[set->recent_at] = *alert;
	set->recent_at = (set->recent_at + 1) % ALERT_SET_RECENT_MAX;
	if (set->n_recent < ALERT_SET_RECENT_MAX)
		set->n_recent++;
}

static void take_open(struct alert_set *set, const struct alert *alert)
{
	size_t i = 0;

	while (set->open[i] != alert)
		i++;
	set->n_open--;
	memmove(&set->open[i], &set->open[i + 1], (set->n_open - i) * sizeof(struct alert *));
}

/* Those behind it have a while to answer again. */
static void let_settle(struct alert_set *set, int64_t alert_id, struct moment now)
{
	for (size_t i = 0; i < set->n_outs; i++) {
		if (set->outs[i].outage.alert_id == alert_id && set->outs[i].outage.behind)
			set->outs[i].settle_mono = now.mono_ms + set->settle_ms;
	}
}

static void end_alert(struct alert_set *set, struct alert *alert, int64_t end_ms, int64_t end_event,
		      struct moment now)
{
	/* no alert of negative length, whatever the clocks say */
	alert->end_ms = end_ms > alert->begin_ms ? end_ms : alert->begin_ms + 1;
	alert->end_event = end_event;
	alert->seen_ms = now.wall_ms > alert->seen_ms ? now.wall_ms : alert->seen_ms;
	take_open(set, alert);
	remember(set, alert);
	set->stats.ended++;
	let_settle(set, alert->id, now);
	alert_set_tell(set, alert, ALERT_ENDED);
	free(alert);
}

bool alert_set_end(struct alert_set *set, enum alert_kind kind, const char *device_id,
		   const char *link, int64_t end_ms, struct moment now)
{
	struct alert *alert = alert_set_find_of(set, kind, device_id, link);

	if (alert)
		end_alert(set, alert, end_ms, 0, now);
	return alert != NULL;
}

/* ---- who is behind whose cause ---- */

/* Who answered since it began is not silent for that cause. */
static bool answered_since(const struct device *device, const struct alert *alert)
{
	const int64_t since_ms = alert->begin_ms + ANSWER_SLACK_MS;

	return device->last_answer_ms > since_ms ||
	       (device->state && device->state->ping.answer_ms > since_ms);
}

static struct alert *cause_before(const struct alert_set *set, const struct device *device,
				  const struct device *parent)
{
	struct alert *alert = NULL;

	if (device->entry->parent_port[0])
		alert = alert_set_find_of(set, ALERT_LINK_DOWN, parent->entry->id,
					  device->entry->parent_port);
	return alert ? alert : alert_set_find_of(set, ALERT_DEVICE_DOWN, parent->entry->id, "");
}

/* The open alert that a device's silence follows from, the nearest; NULL: none. */
static struct alert *explain(const struct alert_set *set, const struct device *device)
{
	const struct device *at = device, *parent;

	for (int depth = 0; depth < DEPTH_MAX && (parent = parent_of(set, at)); depth++) {
		struct alert *alert = cause_before(set, at, parent);

		if (alert && !answered_since(device, alert))
			return alert;
		at = parent;
	}
	return NULL;
}

static bool is_behind(const struct alert_set *set, const struct device *device,
		      const struct device *parent, const char *port)
{
	const struct device *at = device, *before;

	for (int depth = 0; depth < DEPTH_MAX && (before = parent_of(set, at)); depth++) {
		if (before == parent && (!port[0] || strcmp(at->entry->parent_port, port) == 0))
			return true;
		at = before;
	}
	return false;
}

/* How many lie behind, and how much the one that matters most does. */
static uint32_t count_behind(const struct alert_set *set, const struct device *parent,
			     const char *port, enum severity *worst)
{
	uint32_t n = 0;

	for (size_t i = 0; set->devices && i < set->devices->n; i++) {
		const struct device *device = set->devices->devices[i];

		if (!is_behind(set, device, parent, port))
			continue;
		n++;
		if (device->entry->severity > *worst)
			*worst = device->entry->severity;
	}
	return n;
}

static unsigned int count_at(const struct alert_set *set, const struct inventory_entry *entry)
{
	unsigned int n = 0;

	for (size_t i = 0; entry->parent_port[0] && i < set->devices->n; i++) {
		const struct inventory_entry *other = set->devices->devices[i]->entry;

		n += strcmp(other->parent, entry->parent) == 0 &&
		     strcmp(other->parent_port, entry->parent_port) == 0;
	}
	return n;
}

/* A port that several lie behind is down, as its device said when it was polled: theirs is one cause. */
static void raise_shared_port(struct alert_set *set, const struct device *device,
			      const struct event *event, struct moment now)
{
	const struct device *parent = parent_of(set, device);
	struct alert_news news = {.kind = ALERT_LINK_DOWN,
				  .cause = ALERT_CAUSE_LINE,
				  .link = device->entry->parent_port,
				  .begin_ms = event->time_ms,
				  .value = NAN,
				  .limit = NAN};

	if (!parent || event->params.cause != DEVICE_CAUSE_LINK_DOWN ||
	    count_at(set, device->entry) < 2)
		return;
	news.device_id = parent->entry->id;
	news.n_behind = count_behind(set, parent, device->entry->parent_port, &news.severity);
	alert_set_raise(set, &news, now);
}

/* ---- the monitor's events ---- */

static const struct pair {
	enum event_kind begins, ends;
	enum alert_kind kind;
	unsigned int lower; /* it matters so much less than the device's own outage */
	enum alert_cause cause;
} PAIRS[] = {
	{EVENT_DEVICE_DOWN, EVENT_DEVICE_UP, ALERT_DEVICE_DOWN, 0, ALERT_CAUSE_UNKNOWN},
	{EVENT_SNMP_SILENT, EVENT_SNMP_OK, ALERT_SNMP_SILENT, 2, ALERT_CAUSE_SNMP},
	{EVENT_LINK_DOWN, EVENT_LINK_UP, ALERT_LINK_DOWN, 1, ALERT_CAUSE_LINE},
	{EVENT_LINK_DOWN, EVENT_LINK_GONE, ALERT_LINK_DOWN, 1, ALERT_CAUSE_LINE},
	{EVENT_LINK_FLAPPING, EVENT_LINK_SETTLED, ALERT_LINK_FLAPPING, 1, ALERT_CAUSE_LINE},
	{EVENT_AUTH_FAILED, EVENT_AUTH_OK, ALERT_AUTH_FAILED, 1, ALERT_CAUSE_SNMP},
	{EVENT_PATH_DOWN, EVENT_PATH_UP, ALERT_PATH_DOWN, 1, ALERT_CAUSE_UNKNOWN},
};

static const struct pair *begun_by(enum event_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
		if (PAIRS[i].begins == kind)
			return &PAIRS[i];
	}
	return NULL;
}

static enum alert_cause cause_of(const struct pair *pair, const struct event_params *params)
{
	if (params->cause == DEVICE_CAUSE_LINK_DOWN)
		return ALERT_CAUSE_LINE;
	/* its host answers */
	if (params->cause == DEVICE_CAUSE_REFUSED || params->cause == DEVICE_CAUSE_OTHER_SOURCE)
		return ALERT_CAUSE_SNMP;
	return pair->cause;
}

/* A port matters as much as those behind it; what leaves the device in reach is not critical. */
static enum severity severity_of(const struct alert_set *set, const struct pair *pair,
				 const struct device *device, const struct event *event)
{
	enum severity severity = device ? device->entry->severity : SEVERITY_MAJOR;
	enum severity worst = SEVERITY_INFO;

	if (pair->kind == ALERT_LINK_DOWN && event->params.behind > 0 && device) {
		count_behind(set, device, event->link, &worst);
		return worst;
	}
	if (pair->lower && severity == SEVERITY_CRITICAL)
		return SEVERITY_MAJOR;
	return severity_lowered(severity, pair->lower);
}

static void begin(struct alert_set *set, const struct pair *pair, const struct event *event,
		  struct moment now)
{
	const struct device *device = device_of(set, event->device_id);
	const struct alert_news news = {
		.kind = pair->kind,
		.severity = severity_of(set, pair, device, event),
		.cause = cause_of(pair, &event->params),
		.device_id = event->device_id,
		.link = event->link,
		.begin_ms = event->time_ms,
		.begin_event = event->id,
		.n_behind = event->params.behind,
		.detail = event->params.detail,
		.value = NAN,
		.limit = NAN,
	};

	if (device && pair->kind == ALERT_DEVICE_DOWN) {
		raise_shared_port(set, device, event, now);
		if (explain(set, device))
			return; /* alert_set_changed() attaches it */
	}
	alert_set_raise(set, &news, now);
}

/* A port that its device's polls told of is up when somebody behind it answers. */
static void end_shared_port(struct alert_set *set, const struct device *device, int64_t time_ms,
			    struct moment now)
{
	struct alert *alert = alert_set_find_of(set, ALERT_LINK_DOWN, device->entry->parent,
						device->entry->parent_port);

	if (alert && alert->begin_event == 0)
		end_alert(set, alert, time_ms, 0, now);
}

static void end(struct alert_set *set, const struct pair *pair, const struct event *event,
		struct moment now)
{
	const struct device *device = device_of(set, event->device_id);
	struct alert *alert = alert_set_find_of(set, pair->kind, event->device_id, event->link);

	if (alert && pair->kind == ALERT_DEVICE_DOWN)
		alert_cause_by_uptime(set, alert, event->time_ms);
	if (alert)
		end_alert(set, alert, event->time_ms, event->id, now);
	if (device && pair->kind == ALERT_DEVICE_DOWN && device->entry->parent_port[0])
		end_shared_port(set, device, event->time_ms, now);
}

void alert_set_event(struct alert_set *set, const struct event *event, struct moment now)
{
	const struct pair *pair = begun_by(event->kind);

	if (pair) {
		begin(set, pair, event, now);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
		if (event->kind == PAIRS[i].ends)
			end(set, &PAIRS[i], event, now);
	}
}

/* ---- outages ---- */

static struct alert *alert_of(const struct alert_set *set, const struct device *device)
{
	struct alert *alert = alert_set_find_of(set, ALERT_DEVICE_DOWN, device->entry->id, "");

	return alert ? alert : explain(set, device);
}

static uint32_t count_out(const struct alert_set *set, int64_t alert_id)
{
	uint32_t n = 0;

	for (size_t i = 0; i < set->n_outs; i++)
		n += set->outs[i].outage.alert_id == alert_id && set->outs[i].outage.behind;
	return n;
}

static void attach(struct alert_set *set, struct alert_out *out, struct alert *alert)
{
	struct alert_outage *outage = &out->outage;
	uint32_t n;

	outage->alert_id = alert->id;
	outage->behind = strcmp(alert->device_id, outage->device_id) != 0;
	outage->cause = alert->cause;
	outage->planned = alert->planned;
	out->settle_mono = 0;
	if (!outage->behind)
		return;
	set->stats.attached++;
	n = count_out(set, alert->id);
	if (n > alert->n_behind) {
		alert->n_behind = n;
		alert_set_tell(set, alert, ALERT_AMENDED);
	}
}

static int reserve_out(struct alert_set *set)
{
	const size_t size = set->outs_size ? 2 * set->outs_size : 64;
	struct alert_out *outs;

	if (set->n_outs < set->outs_size)
		return 0;
	outs = realloc(set->outs, size * sizeof(*outs));
	if (!outs)
		return -ENOMEM;
	set->outs = outs;
	set->outs_size = size;
	return 0;
}

static enum event_source known_by(const struct device *device)
{
	if (device->status == DEVICE_UNREACHABLE || device->cause != DEVICE_CAUSE_LINK_DOWN)
		return device->state && device->state->ping.alone ? EVENT_SOURCE_PING
								  : EVENT_SOURCE_POLL;
	return EVENT_SOURCE_TRAP;
}

static void begin_outage(struct alert_set *set, const struct device *device, struct moment now)
{
	struct alert *alert = alert_of(set, device);
	struct alert_out *out;

	if (reserve_out(set) < 0) {
		set->stats.dropped++;
		return;
	}
	out = &set->outs[set->n_outs++];
	*out = (struct alert_out){
		.outage = {.begin_ms = device->since_ms, .known = known_by(device)}};
	utf8_text_clean(device->entry->id, out->outage.device_id, sizeof(out->outage.device_id));
	if (alert)
		attach(set, out, alert);
	if (is_planned(set, device->entry->id, now))
		out->outage.planned = true;
	/* it has not answered since, though nobody missed it at once */
	if (out->outage.behind && alert->begin_ms < out->outage.begin_ms)
		out->outage.begin_ms = alert->begin_ms;
	tell_outage(set, &out->outage);
}

static void end_outage(struct alert_set *set, struct alert_out *out, int64_t end_ms)
{
	struct alert_outage outage = out->outage;
	const struct alert *alert = alert_set_find(set, outage.alert_id);

	if (alert) /* what is known by now */
		outage.cause = alert->cause;
	outage.end_ms = end_ms > outage.begin_ms ? end_ms : outage.begin_ms + 1;
	*out = set->outs[--set->n_outs];
	tell_outage(set, &outage);
}

/* Down by itself now, or by another cause. */
static void look_at_cause(struct alert_set *set, struct alert_out *out, const struct device *device)
{
	struct alert *alert = alert_of(set, device);

	if (!alert || alert->id == out->outage.alert_id)
		return;
	attach(set, out, alert);
	tell_outage(set, &out->outage);
}

void alert_set_changed(struct alert_set *set, const struct device *device, struct moment now)
{
	struct alert_out *out = find_out(set, device->entry->id);

	if (device_status_is_dead(device->status)) {
		if (out)
			look_at_cause(set, out, device);
		else
			begin_outage(set, device, now);
		return;
	}
	/* a suspicion or nothing known ends nothing */
	if (out && device->status != DEVICE_SUSPECT && device->status != DEVICE_PENDING)
		end_outage(set, out, device->since_ms);
}

/* ---- time ---- */

/* The cause it lay behind is over, and it is down all the same: that is its own trouble. */
static void raise_left(struct alert_set *set, const struct alert_outage *outage,
		       const struct device *device, struct moment now)
{
	const struct alert_news news = {
		.kind = ALERT_DEVICE_DOWN,
		.severity = device->entry->severity,
		.device_id = outage->device_id,
		.link = "",
		.begin_ms = outage->begin_ms,
		.value = NAN,
		.limit = NAN,
	};

	alert_set_raise(set, &news, now);
}

static void settle(struct alert_set *set, const char *device_id, struct moment now)
{
	const struct device *device = device_of(set, device_id);
	struct alert_out *out = find_out(set, device_id);
	const struct alert_outage outage = out->outage;

	out->settle_mono = 0;
	if (!device || device->status != DEVICE_DOWN)
		return; /* unreachable: the judge goes on asking */
	if (!alert_of(set, device))
		raise_left(set, &outage, device, now);
	look_at_cause(set, out, device);
}

static void end_silences(struct alert_set *set, struct moment now)
{
	for (size_t i = 0; i < set->n_open; i++) {
		struct alert *alert = set->open[i];

		if (!alert->silenced_ms || alert->silenced_ms > now.wall_ms)
			continue;
		alert->silenced = false;
		alert->silenced_ms = 0;
		alert_set_tell(set, alert, ALERT_ANSWERED);
	}
}

int64_t alert_set_tick(struct alert_set *set, struct moment now)
{
	int64_t next = -1;

	end_silences(set, now);
	look_at_plans(set, now);

	for (size_t i = 0; i < set->n_outs; i++) {
		const int64_t at = set->outs[i].settle_mono;

		if (at && at <= now.mono_ms)
			settle(set, set->outs[i].outage.device_id, now);
		else if (at && (next < 0 || at < next))
			next = at;
	}
	return next;
}

/* ---- devices come and go ---- */

void alert_set_devices(struct alert_set *set, const struct device_set *devices, struct moment now)
{
	set->devices = devices;
	for (size_t i = set->n_outs; i-- > 0;) {
		if (!device_of(set, set->outs[i].outage.device_id))
			end_outage(set, &set->outs[i], now.wall_ms);
	}
	for (size_t i = set->n_open; i-- > 0;) {
		struct alert *alert = set->open[i];

		if (alert->device_id[0] && !device_of(set, alert->device_id))
			end_alert(set, alert, now.wall_ms, 0, now);
	}
}

void alert_set_restore(struct alert_set *set, const struct alert *alert)
{
	struct alert *copy;

	assert(alert->id > 0);
	if (alert->end_ms) {
		remember(set, alert);
		return;
	}
	copy = calloc(1, sizeof(*copy));
	if (!copy)
		return;
	*copy = *alert;
	if (append_open(set, copy) < 0)
		free(copy);
	else if (alert->id > set->last_id)
		set->last_id = alert->id;
}

void alert_set_restore_outage(struct alert_set *set, const struct alert_outage *outage)
{
	assert(outage->end_ms == 0);
	if (!find_out(set, outage->device_id) && reserve_out(set) == 0)
		set->outs[set->n_outs++] = (struct alert_out){.outage = *outage};
}

static const struct pair *pair_of(enum alert_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(PAIRS); i++) {
		if (PAIRS[i].kind == kind)
			return &PAIRS[i];
	}
	return NULL;
}

static bool has_problem(const struct device *device, enum event_kind kind, const char *link)
{
	const struct problem_list *list = device->state ? device->state->problems : NULL;

	for (size_t i = 0; list && i < list->n_open; i++) {
		if (list->open[i].kind == kind && strcmp(list->open[i].link, link) == 0)
			return true;
	}
	return false;
}

/* Its end was stored as an event, and not here. */
static void end_over(struct alert_set *set, struct moment now)
{
	for (size_t i = set->n_open; i-- > 0;) {
		struct alert *alert = set->open[i];
		const struct pair *pair = pair_of(alert->kind);
		const struct device *device = device_of(set, alert->device_id);

		if (pair && device && alert->begin_event &&
		    !has_problem(device, pair->begins, alert->link))
			end_alert(set, alert, now.wall_ms, 0, now);
	}
}

/* By its own alert, or it lies behind another one's. */
static bool is_told(const struct alert_set *set, const struct device *device,
		    const struct pair *pair, const char *link)
{
	const struct alert_out *out = find_out(set, device->entry->id);

	return alert_set_find_of(set, pair->kind, device->entry->id, link) ||
	       (pair->kind == ALERT_DEVICE_DOWN && out && out->outage.behind);
}

static void begin_missed(struct alert_set *set, const struct device *device, struct moment now)
{
	const struct problem_list *list = device->state ? device->state->problems : NULL;

	for (size_t i = 0; list && i < list->n_open; i++) {
		const struct problem *problem = &list->open[i];
		const struct pair *pair = begun_by(problem->kind);
		struct event event = {.id = problem->event_id,
				      .kind = problem->kind,
				      .time_ms = problem->begin_ms,
				      .seen_ms = now.wall_ms};

		if (!pair || is_told(set, device, pair, problem->link))
			continue;
		utf8_text_clean(device->entry->id, event.device_id, sizeof(event.device_id));
		utf8_text_clean(problem->link, event.link, sizeof(event.link));
		alert_set_event(set, &event, now);
	}
}

void alert_set_reconcile(struct alert_set *set, struct moment now)
{
	end_over(set, now);
	for (size_t i = 0; set->devices && i < set->devices->n; i++)
		begin_missed(set, set->devices->devices[i], now);
	for (size_t i = 0; set->devices && i < set->devices->n; i++)
		alert_set_changed(set, set->devices->devices[i], now);
	for (size_t i = 0; i < set->n_outs; i++) {
		struct alert_out *out = &set->outs[i];

		if (out->outage.behind && !alert_set_find_open(set, out->outage.alert_id))
			out->settle_mono = now.mono_ms + set->settle_ms;
	}
}

/* ---- the whole ---- */

size_t alert_set_n_open(const struct alert_set *set)
{
	return set->n_open;
}

const struct alert *alert_set_open(const struct alert_set *set, size_t i)
{
	assert(i < set->n_open);
	return set->open[i];
}

size_t alert_set_behind(const struct alert_set *set, int64_t id, const char **ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n_outs; i++) {
		const struct alert_outage *outage = &set->outs[i].outage;

		if (outage->alert_id != id || !outage->behind)
			continue;
		if (n < max)
			ret[n] = outage->device_id;
		n++;
	}
	return n;
}

int alert_set_new(const struct alert_hooks *hooks, int64_t last_id, int64_t settle_ms,
		  struct alert_set **ret)
{
	cleanup_(alert_set_freep) struct alert_set *set = calloc(1, sizeof(*set));

	assert(settle_ms > 0 && last_id >= 0);
	if (!set)
		return -ENOMEM;
	set->hooks = *hooks;
	set->last_id = last_id;
	set->settle_ms = settle_ms;
	set->recent = calloc(ALERT_SET_RECENT_MAX, sizeof(*set->recent));
	if (!set->recent)
		return -ENOMEM;
	*ret = steal_ptr(set);
	return 0;
}

struct alert_set *alert_set_free(struct alert_set *set)
{
	if (!set)
		return NULL;
	for (size_t i = 0; i < set->n_open; i++)
		free(set->open[i]);
	free(set->open);
	free(set->recent);
	free(set->outs);
	free(set);
	return NULL;
}

void alert_set_freep(struct alert_set **set)
{
	*set = alert_set_free(*set);
}

int64_t alert_set_first_id(const struct alert_set *set)
{
	int64_t first = set->n_open > 0 ? set->open[0]->id : set->last_id + 1;

	for (size_t i = 0; i < set->n_recent; i++)
		first = set->recent[i].id < first ? set->recent[i].id : first;
	return first;
}

struct alert_set_count alert_set_count(const struct alert_set *set, int64_t since_ms)
{
	struct alert_set_count count = {.open = set->n_open};

	for (size_t i = 0; i < set->n_open; i++) {
		count.acked += set->open[i]->acked_by[0] != '\0';
		count.begun += set->open[i]->begin_ms >= since_ms;
	}
	for (size_t i = 0; i < set->n_recent; i++) {
		count.begun += set->recent[i].begin_ms >= since_ms;
		count.ended += set->recent[i].end_ms >= since_ms;
	}
	return count;
}

void alert_set_get_stats(const struct alert_set *set, struct alert_set_stats *ret)
{
	*ret = set->stats;
	ret->open = (unsigned int)set->n_open;
	ret->out = (unsigned int)set->n_outs;
}

static const struct stats_row ROWS[] = {
	STATS_COUNTER(struct alert_set_stats, raised, "pantau_alerts_raised", "Alerts begun."),
	STATS_COUNTER(struct alert_set_stats, ended, "pantau_alerts_ended",
		      "Alerts that are over."),
	STATS_COUNTER(struct alert_set_stats, attached, "pantau_alerts_attached",
		      "Devices out of reach that were attached to another one's alert."),
	STATS_COUNTER(struct alert_set_stats, dropped, "pantau_alerts_dropped",
		      "Alerts left out because too many are open."),
	STATS_GAUGE(struct alert_set_stats, open, "pantau_alerts_open", "Alerts open now."),
	STATS_GAUGE(struct alert_set_stats, out, "pantau_devices_out",
		    "Devices out of reach now, for whatever cause."),
};

void alert_set_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	struct alert_set_stats stats;

	alert_set_get_stats(data, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
