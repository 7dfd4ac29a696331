/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plan's hooks may not call back into it: what they bring about (a channel that fails is
 * an alert, a message that cannot be handed out is a failure) waits for the next turn of the
 * loop.
 */
#include "collector/collector_notify.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collector/codec/notify/channel_request.h"
#include "collector/core/calendar/calendar.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/trouble_place.h"
#include "collector/core/notify/notify_plan.h"
#include "collector/io/notify/notifier.h"
#include "collector/io/setup/local_time.h"
#include "common/base/cleanup.h"
#include "common/base/queue.h"
#include "common/system/log.h"

enum {
	MINUTE_MS = 60000,
	DAY_MS = 86400000,
	BEHIND_NAMED_MAX = 10, /* in a message */
	SUMMARY_ITEMS_MAX = 20,
	REFUSED_MAX = NOTIFY_CHANNELS_MAX, /* one is under way by each channel */
};

struct channel_state {
	char name[NOTIFY_NAME_MAX + 1];
	char chat[NOTIFY_MOVED_MAX + 1]; /* where a Telegram group has moved to */
	bool changed;			 /* why is to be told */
	bool failing;
	char why[DELIVERY_ANSWER_MAX + 1];
	uint64_t dropped;
};

struct heartbeat {
	struct collector_notify *notify;
	const struct heartbeat_conf *conf;
	struct loop_timer *timer;
	bool failing;
};

/* What a message or a row under way has to find again. */
struct errand {
	LIST_ENTRY(errand) entry;
	struct collector_notify *notify;
	int64_t id;
	char channel[NOTIFY_NAME_MAX + 1]; /* "" unless it is a message */
};

struct collector_notify {
	struct collector_notify_deps deps;
	struct notify_plan *plan;
	struct notifier *notifier;
	struct loop_timer *timer, *minute_timer;
	struct channel_state channels[NOTIFY_CHANNELS_MAX];
	struct {
		int64_t id;
		int err;
	} refused[REFUSED_MAX]; /* could not be handed out */
	size_t n_refused;
	LIST_HEAD(errands, errand) errands;
	struct heartbeat *heartbeats;
	size_t n_heartbeats;
	bool office;
	unsigned int summary_day; /* of the month, of the last summary */
	char host[65], instance[STORE_INSTANCE_SIZE];
	struct {
		uint64_t sent, failed;
	} heartbeat_stats;
};

static struct moment now_of(void)
{
	return (struct moment){.wall_ms = loop_wall_ms(), .mono_ms = loop_now_us() / 1000};
}

static struct errand *errand_new(struct collector_notify *notify, int64_t id)
{
	struct errand *errand = malloc(sizeof(*errand));

	if (!errand)
		return NULL;
	*errand = (struct errand){.notify = notify, .id = id};
	LIST_INSERT_HEAD(&notify->errands, errand, entry);
	return errand;
}

/* NULL: nothing. */
static void errand_free(struct errand *errand)
{
	if (errand)
		LIST_REMOVE(errand, entry);
	free(errand);
}

static void soon(struct collector_notify *notify)
{
	loop_timer_arm(notify->timer, 0);
}

/* Runs the plan, and again when it wants to. */
static void run_plan(struct collector_notify *notify)
{
	const struct moment now = now_of();
	const int64_t next = notify_plan_tick(notify->plan, now);

	loop_assert_thread(notify->deps.loop);
	if (notify->n_refused > 0)
		soon(notify);
	else if (next >= 0)
		loop_timer_arm(notify->timer, (next - now.mono_ms) * 1000);
}

static struct channel_state *state_of(struct collector_notify *notify, const char *channel)
{
	size_t i = 0;

	while (i < NOTIFY_CHANNELS_MAX - 1 && notify->channels[i].name[0] &&
	       strcmp(notify->channels[i].name, channel) != 0)
		i++;
	snprintf(notify->channels[i].name, sizeof(notify->channels[i].name), "%s", channel);
	return &notify->channels[i];
}

/* ---- the words ---- */

static const char *zone_of(int64_t wall_ms, char *buf, size_t size, int *ret_offset_min)
{
	const time_t at = (time_t)(wall_ms / 1000);
	struct tm tm;

	buf[0] = '\0';
	*ret_offset_min = 0;
	if (!localtime_r(&at, &tm))
		return buf;
	strftime(buf, size, "%Z", &tm);
	*ret_offset_min = (int)(tm.tm_gmtoff / 60);
	return buf;
}

static bool find_item(void *data, int64_t alert_id, struct notify_item *ret)
{
	const struct collector_notify *notify = data;
	const struct device *device;

	*ret = (struct notify_item){.alert = alert_set_find(notify->deps.alerts, alert_id)};
	if (!ret->alert)
		return false;
	device = device_set_find(notify->deps.devices, ret->alert->device_id);
	ret->entry = device ? device->entry : NULL;
	ret->trouble_at = device ? trouble_place_name(trouble_place_of(device)) : "";
	return true;
}

/* "Alun-alun, Pasar ..." */
static void name_behind(const struct collector_notify *notify, int64_t alert_id, char *buf,
			size_t size)
{
	const char *ids[BEHIND_NAMED_MAX];
	const size_t n = alert_set_behind(notify->deps.alerts, alert_id, ids, BEHIND_NAMED_MAX);
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && i < BEHIND_NAMED_MAX && used < size; i++) {
		const struct device *device = device_set_find(notify->deps.devices, ids[i]);

		used += (size_t)snprintf(buf + used, size - used, "%s%s", i > 0 ? ", " : "",
					 device ? device->entry->short_name : ids[i]);
	}
	if (n > BEHIND_NAMED_MAX && used < size)
		snprintf(buf + used, size - used, " ...");
}

/* The alerts of the delivery that are known; n at most. */
static size_t items_of(struct collector_notify *notify, const struct delivery *delivery,
		       struct notify_item *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < delivery->n_alerts; i++)
		n += find_item(notify, delivery->alerts[i], &ret[n]);
	return n;
}

static int by_severity(const void *a, const void *b)
{
	const struct notify_item *x = a, *y = b;

	if (x->alert->severity != y->alert->severity)
		return (int)y->alert->severity - (int)x->alert->severity;
	return (x->alert->id > y->alert->id) - (x->alert->id < y->alert->id);
}

static void write_summary(struct collector_notify *notify, const struct notify_reader *reader,
			  struct notify_message *ret)
{
	const size_t n_open = alert_set_n_open(notify->deps.alerts);
	cleanup_free struct notify_item *items = calloc(n_open + 1, sizeof(*items));
	const struct alert_set_count count =
		alert_set_count(notify->deps.alerts, loop_wall_ms() - DAY_MS);
	const struct notify_day day = {count.begun, count.ended, count.open, count.acked};
	size_t n = 0;

	for (size_t i = 0; items && i < n_open; i++)
		n += find_item(notify, alert_set_open(notify->deps.alerts, i)->id, &items[n]);
	if (n > 0)
		qsort(items, n, sizeof(*items), by_severity);
	notify_message_summary(reader, &day, items, n < SUMMARY_ITEMS_MAX ? n : SUMMARY_ITEMS_MAX,
			       ret);
}

/* False: nothing is left of what it is about. */
static bool write_message(struct collector_notify *notify, const struct notify_reader *reader,
			  const struct delivery *delivery, const struct notify_item *items,
			  size_t n_items, struct notify_message *ret)
{
	const enum notify_what what = delivery->what;
	char behind[400];

	if (what == NOTIFY_TEST) {
		notify_message_test(reader, ret);
		return true;
	}
	if (what == NOTIFY_SUMMARY) {
		write_summary(notify, reader, ret);
		return true;
	}
	if (n_items == 0)
		return false;
	if (what == NOTIFY_LIST) {
		notify_message_list(reader, items, n_items, delivery->n_alerts, ret);
		return true;
	}
	name_behind(notify, items[0].alert->id, behind, sizeof(behind));
	notify_message_alert(reader, what, &items[0], behind, ret);
	return true;
}

/* ---- sending ---- */

static void refuse(struct collector_notify *notify, int64_t id, int err)
{
	assert(notify->n_refused < REFUSED_MAX);
	notify->refused[notify->n_refused].id = id;
	notify->refused[notify->n_refused++].err = err;
	soon(notify);
}

/* A Telegram group that became a supergroup has another number (Bot API, ResponseParameters). */
static void remember_chat(struct collector_notify *notify, const char *channel, const char *chat)
{
	struct channel_state *state = state_of(notify, channel);

	snprintf(state->chat, sizeof(state->chat), "%s", chat);
	log_warn("notify",
		 "channel=%s chat=%s effect=\"messages go there now\" right=\"write chat = "
		 "\\\"%s\\\" in the notification file\"",
		 channel, chat, chat);
}

static void on_result(void *data, const struct notify_result *result)
{
	struct errand *errand = data;
	struct collector_notify *notify = errand->notify;
	const struct delivery_result view = notify_result_view(result);

	if (result->moved_to[0])
		remember_chat(notify, errand->channel, result->moved_to);
	notify_plan_result(notify->plan, errand->id, &view, now_of());
	errand_free(errand);
	run_plan(notify);
}

static int hand_out(struct collector_notify *notify, const struct channel_conf *channel,
		    const struct channel_letter *letter)
{
	struct errand *errand = errand_new(notify, letter->delivery->id);
	struct notify_request request = {.id = 0};
	int r = errand ? channel_request_build(channel, letter, &request) : -ENOMEM;

	if (errand)
		snprintf(errand->channel, sizeof(errand->channel), "%s", channel->title);
	if (r == 0)
		r = notifier_send(notify->notifier, &request, on_result, errand);
	notify_request_deinit(&request);
	if (r < 0)
		errand_free(errand);
	return r;
}

static int dress_and_send(struct collector_notify *notify, const struct channel_conf *channel,
			  const struct delivery *delivery, const char *thread_remote)
{
	const struct notify_conf *conf = &notify->deps.setup->notify;
	cleanup_free struct notify_item *items = calloc(delivery->n_alerts + 1, sizeof(*items));
	cleanup_free struct notify_message *message = malloc(sizeof(*message));
	char zone[16];
	struct channel_letter letter = {
		.delivery = delivery,
		.message = message,
		.items = items,
		.thread_remote = thread_remote,
		.chat = state_of(notify, channel->title)->chat,
		.host = notify->host,
		.instance = notify->instance,
		.page_url = conf->page_url,
		.now_ms = loop_wall_ms(),
	};
	const struct notify_reader reader = {
		.lang = (enum words_lang)channel->language,
		.page_url = conf->page_url,
		.place = notify->deps.setup->conf.place,
		.zone = zone_of(letter.now_ms, zone, sizeof(zone), &letter.utc_offset_min),
		.local_time = local_time_of,
	};

	if (!items || !message)
		return -ENOMEM;
	letter.n_items = items_of(notify, delivery, items);
	if (!write_message(notify, &reader, delivery, items, letter.n_items, message))
		return -ENODATA;
	return hand_out(notify, channel, &letter);
}

static void on_send(void *data, const struct delivery *delivery, const char *thread_remote)
{
	struct collector_notify *notify = data;
	const struct notify_conf *conf = &notify->deps.setup->notify;
	const size_t at = notify_conf_channel(conf, delivery->channel);
	const int r = at == SIZE_MAX ? -ENOENT
				     : dress_and_send(notify, &conf->channels[at], delivery,
						      thread_remote);

	if (r < 0)
		refuse(notify, delivery->id, r);
}

/* ---- the store ---- */

static void on_stored(void *data, int err)
{
	struct errand *errand = data;
	struct collector_notify *notify = errand->notify;

	(void)err; /* telling is worth more than knowing what was told */
	notify_plan_stored(notify->plan, errand->id, now_of());
	errand_free(errand);
	run_plan(notify);
}

static void on_put(void *data, const struct delivery *delivery)
{
	struct collector_notify *notify = data;
	struct errand *errand = NULL;
	int r;

	if (delivery->state == DELIVERY_IN_FLIGHT)
		errand = errand_new(notify, delivery->id);
	r = store_put_delivery(notify->deps.store, delivery, errand ? on_stored : NULL, errand);
	if (r == 0 && (errand || delivery->state != DELIVERY_IN_FLIGHT))
		return;
	errand_free(errand);
	if (delivery->state == DELIVERY_IN_FLIGHT)
		refuse(notify, delivery->id, r == 0 ? -ENOMEM : r);
}

/* ---- channels that fail ---- */

static void on_channel(void *data, const char *channel, const char *why, uint64_t dropped)
{
	struct collector_notify *notify = data;
	struct channel_state *state = state_of(notify, channel);

	state->changed = true;
	state->failing = why != NULL;
	state->dropped = dropped;
	snprintf(state->why, sizeof(state->why), "%s", why ? why : "");
	soon(notify);
}

static void tell_channel(struct collector_notify *notify, const struct channel_state *state)
{
	const struct moment now = now_of();
	const struct alert_news news = {
		.kind = ALERT_CHANNEL_FAILED,
		.severity = SEVERITY_MAJOR,
		.device_id = "",
		.link = state->name,
		.begin_ms = now.wall_ms,
		.detail = state->why,
		.value = NAN,
		.limit = NAN,
	};

	if (state->failing) {
		log_warn("notify", "channel=%s err=\"%s\" effect=\"messages wait\"", state->name,
			 state->why);
		alert_set_raise(notify->deps.alerts, &news, now);
		return;
	}
	log_info("notify", "channel=%s status=\"works again\" dropped=%llu", state->name,
		 (unsigned long long)state->dropped);
	alert_set_end(notify->deps.alerts, ALERT_CHANNEL_FAILED, "", state->name, now.wall_ms, now);
}

static bool is_office(void *data)
{
	const struct collector_notify *notify = data;
	const struct local_time at = local_time_of(loop_wall_ms());

	return calendar_is_office_time(&notify->deps.setup->calendar, &at);
}

/* ---- time ---- */

static void take_refused(struct collector_notify *notify)
{
	const size_t n = notify->n_refused;
	int64_t ids[REFUSED_MAX];
	int errs[REFUSED_MAX];

	for (size_t i = 0; i < n; i++) {
		ids[i] = notify->refused[i].id;
		errs[i] = notify->refused[i].err;
	}
	notify->n_refused = 0;
	for (size_t i = 0; i < n; i++) {
		const bool lost = errs[i] == -ENODATA || errs[i] == -E2BIG || errs[i] == -EINVAL;
		const struct delivery_result result = {
			.outcome = lost ? DELIVERY_REFUSED : DELIVERY_LATER,
			.remote = "",
			.answer = errs[i] == -ENODATA ? "nothing is known of it any more"
						      : strerror(-errs[i]),
		};

		notify_plan_result(notify->plan, ids[i], &result, now_of());
	}
}

static void on_timer(void *data)
{
	struct collector_notify *notify = data;

	take_refused(notify);
	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		if (!notify->channels[i].changed)
			continue;
		notify->channels[i].changed = false;
		tell_channel(notify, &notify->channels[i]);
	}
	run_plan(notify);
}

/* All that lasts, for rules that begin to be meant for it now. */
static void consider_open(struct collector_notify *notify)
{
	for (size_t i = 0; i < alert_set_n_open(notify->deps.alerts); i++)
		collector_notify_alert(notify, alert_set_open(notify->deps.alerts, i),
				       ALERT_AMENDED);
}

static void say_summary(struct collector_notify *notify)
{
	const struct notify_conf *conf = &notify->deps.setup->notify;

	for (size_t i = 0; conf->summary_to[i]; i++)
		notify_plan_say(notify->plan, conf->summary_to[i], NOTIFY_SUMMARY, now_of());
}

static void on_minute(void *data)
{
	struct collector_notify *notify = data;
	const struct local_time at = local_time_of(loop_wall_ms());
	const bool office = is_office(notify);

	if (office != notify->office) {
		notify->office = office;
		consider_open(notify);
	}
	if (notify_conf_summary_minute(&notify->deps.setup->notify) == (int)at.minute &&
	    notify->summary_day != at.day) {
		notify->summary_day = at.day;
		say_summary(notify);
	}
	run_plan(notify);
	/* somewhere inside the next minute, whatever the clock does */
	loop_timer_arm(notify->minute_timer,
		       (MINUTE_MS - loop_wall_ms() % MINUTE_MS + 1) * INT64_C(1000));
}

/* ---- heartbeats ---- */

static void on_heartbeat_result(void *data, const struct notify_result *result)
{
	struct errand *errand = data; /* id: which */
	struct collector_notify *notify = errand->notify;
	const size_t i = (size_t)errand->id;
	const bool failed = result->outcome != DELIVERY_ARRIVED;

	errand_free(errand);
	notify->heartbeat_stats.sent += !failed;
	notify->heartbeat_stats.failed += failed;
	if (i >= notify->n_heartbeats || notify->heartbeats[i].failing == failed)
		return;
	notify->heartbeats[i].failing = failed;
	log_line(failed ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "notify", "heartbeat=%s status=\"%s\"",
		 notify->heartbeats[i].conf->title, failed ? result->answer : "works again");
}

static void on_heartbeat(void *data)
{
	struct heartbeat *beat = data;
	struct collector_notify *notify = beat->notify;
	struct errand *errand = errand_new(notify, beat - notify->heartbeats);
	struct notify_request request = {.id = 0};
	int r = errand ? channel_request_heartbeat(beat->conf, &request) : -ENOMEM;

	if (r == 0)
		r = notifier_send(notify->notifier, &request, on_heartbeat_result, errand);
	notify_request_deinit(&request);
	if (r < 0) {
		notify->heartbeat_stats.failed++;
		errand_free(errand);
	}
	loop_timer_arm(beat->timer, beat->conf->interval_ms * 1000);
}

static void stop_heartbeats(struct collector_notify *notify)
{
	for (size_t i = 0; i < notify->n_heartbeats; i++)
		loop_timer_free(notify->heartbeats[i].timer);
	free(notify->heartbeats);
	notify->heartbeats = NULL;
	notify->n_heartbeats = 0;
}

static int start_heartbeats(struct collector_notify *notify)
{
	const struct notify_conf *conf = &notify->deps.setup->notify;

	notify->heartbeats = calloc(conf->n_heartbeats + 1, sizeof(*notify->heartbeats));
	for (size_t i = 0; notify->heartbeats && i < conf->n_heartbeats; i++) {
		struct heartbeat *beat = &notify->heartbeats[i];
		int r;

		*beat = (struct heartbeat){.notify = notify, .conf = &conf->heartbeats[i]};
		r = loop_timer_new(notify->deps.loop, on_heartbeat, beat, &beat->timer);
		if (r < 0)
			return r;
		notify->n_heartbeats++;
		loop_timer_arm(beat->timer, 0);
	}
	return notify->heartbeats ? 0 : -ENOMEM;
}

/* ---- life ---- */

static bool on_restored(void *data, const struct delivery *delivery)
{
	struct collector_notify *notify = data;

	notify_plan_restore(notify->plan, delivery, now_of());
	return true;
}

/* A channel that failed before, until it does not; one that is gone fails no more. */
static void restore_failing(struct collector_notify *notify)
{
	struct alert_set *alerts = notify->deps.alerts;
	const struct moment now = now_of();

	for (size_t i = alert_set_n_open(alerts); i-- > 0;) {
		const struct alert was = *alert_set_open(alerts, i);

		if (was.kind == ALERT_CHANNEL_FAILED &&
		    !notify_plan_restore_failing(notify->plan, was.link))
			alert_set_end(alerts, was.kind, "", was.link, now.wall_ms, now);
	}
}

/* Of alerts that last, or ended so lately that their recovery may be owed. */
static int restore(struct collector_notify *notify)
{
	int r = store_load_deliveries(notify->deps.store, alert_set_first_id(notify->deps.alerts),
				      on_restored, notify);

	if (r < 0)
		return r;
	restore_failing(notify);
	notify_plan_restored(notify->plan, now_of());
	consider_open(notify);
	return 0;
}

static int open_plan(struct collector_notify *notify)
{
	const struct notify_plan_hooks hooks = {notify,	   on_put,    on_send,
						find_item, is_office, on_channel};
	int64_t last_id = 0;
	int r = store_last_delivery_id(notify->deps.store, &last_id);

	if (r == 0)
		r = store_instance(notify->deps.store, notify->instance);
	return r < 0 ? r
		     : notify_plan_new(&notify->deps.setup->notify, &hooks, last_id, &notify->plan);
}

static int open_all(struct collector_notify *notify)
{
	const struct notifier_conf conf = {.sandbox = notify->deps.setup->conf.sandbox};
	const struct local_time at = local_time_of(loop_wall_ms());
	int r = loop_timer_new(notify->deps.loop, on_timer, notify, &notify->timer);

	if (gethostname(notify->host, sizeof(notify->host) - 1) < 0)
		snprintf(notify->host, sizeof(notify->host), "localhost");
	notify->office = is_office(notify);
	/* a start after the summary's minute is no reason for one */
	notify->summary_day =
		(int)at.minute >= notify_conf_summary_minute(&notify->deps.setup->notify) ? at.day
											  : 0;
	if (r == 0)
		r = loop_timer_new(notify->deps.loop, on_minute, notify, &notify->minute_timer);
	if (r == 0)
		r = notifier_new(notify->deps.loop, &conf, &notify->notifier);
	if (r == 0)
		r = open_plan(notify);
	if (r == 0)
		r = restore(notify);
	if (r == 0)
		r = start_heartbeats(notify);
	if (r == 0)
		on_minute(notify);
	return r;
}

int collector_notify_new(const struct collector_notify_deps *deps, struct collector_notify **ret)
{
	struct collector_notify *notify = calloc(1, sizeof(*notify));
	int r;

	assert(deps->loop && deps->store && deps->alerts && deps->devices && deps->setup);
	if (!notify)
		return -ENOMEM;
	notify->deps = *deps;
	r = open_all(notify);
	if (r < 0)
		collector_notify_free(notify);
	else
		*ret = notify;
	return r;
}

struct collector_notify *collector_notify_free(struct collector_notify *notify)
{
	struct errand *errand;

	if (!notify)
		return NULL;
	stop_heartbeats(notify);
	notifier_free(notify->notifier);
	while ((errand = LIST_FIRST(&notify->errands)))
		errand_free(errand); /* of messages that nobody will answer for */
	notify_plan_free(notify->plan);
	loop_timer_free(notify->timer);
	loop_timer_free(notify->minute_timer);
	free(notify);
	return NULL;
}

void collector_notify_alert(struct collector_notify *notify, const struct alert *alert,
			    enum alert_change change)
{
	const struct device *device = device_set_find(notify->deps.devices, alert->device_id);
	const struct notify_item item = {alert, device ? device->entry : NULL,
					 device ? trouble_place_name(trouble_place_of(device))
						: ""};

	loop_assert_thread(notify->deps.loop);
	notify_plan_alert(notify->plan, &item, change, now_of());
	soon(notify);
}

void collector_notify_set_setup(struct collector_notify *notify, const struct setup *setup)
{
	loop_assert_thread(notify->deps.loop);
	stop_heartbeats(notify);
	notify->deps.setup = setup;
	notify_plan_set_conf(notify->plan, &setup->notify, now_of());
	if (start_heartbeats(notify) < 0)
		log_error("notify", "heartbeats err=\"out of memory\"");
	consider_open(notify);
	run_plan(notify);
}

int64_t collector_notify_test(struct collector_notify *notify, const char *channel)
{
	const int64_t id = notify_plan_say(notify->plan, channel, NOTIFY_TEST, now_of());

	soon(notify);
	return id;
}

void collector_notify_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
	struct collector_notify *notify = data;

	notify_plan_emit_stats(notify->plan, emit, emit_data);
	notifier_emit_stats(notify->notifier, emit, emit_data);
}
