/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One record for each alert and channel says how far it was told. Records are looked
 * through: thousands of them are a few microseconds, and news of alerts are rare.
 */
#include "collector/core/notify/notify_plan.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/notify/delivery_queue.h"
#include "collector/core/notify/notify_rule.h"
#include "common/base/cleanup.h"

enum {
	AMEND_AFTER_MS = 10000, /* evidence comes in pieces */
	AMENDMENTS_MAX = 3,	/* of one alert and channel */
	STATE_REPEAT_MS =
		60000, /* an Alertmanager forgets what it is not told again within minutes */
};

enum told_state {
	TOLD_FREE,
	TOLD_DELAYED,	/* by the rule */
	TOLD_ESCALATES, /* unless somebody acknowledges */
	TOLD_HELD,	/* for the list of a storm */
	TOLD_MADE,	/* a delivery has it */
	TOLD_DONE,	/* it arrived */
	TOLD_END_HELD,	/* the recovery is for the list */
	TOLD_END_MADE,	/* a delivery has the recovery */
	TOLD_NEVER,	/* refused or dropped: no recovery is owed */
};

struct told {
	enum told_state state;
	bool ended; /* while its begin was under way */
	uint8_t channel, amendments;
	int64_t alert_id;
	int64_t due_mono; /* DELAYED, ESCALATES; DONE: of an amendment, 0 none */
	int64_t repeat_ms, repeat_mono;
	int64_t first, last; /* deliveries: of the begin, the newest */
	uint32_t n_behind;   /* as it was told */
	enum alert_cause cause;
	char remote[DELIVERY_REMOTE_MAX + 1]; /* what the receiver calls first */
};

struct channel_hold {
	int64_t until_mono; /* the storm's list is told then; 0 or past: no storm */
};

struct notify_plan {
	const struct notify_conf *conf;
	struct notify_plan_hooks hooks;
	struct delivery_queue queue;
	struct channel_hold holds[NOTIFY_CHANNELS_MAX];
	struct told *told;
	size_t n_told; /* records that were ever in use: the free ones lie between */
	uint64_t dropped, joined;
	unsigned int n_in_use; /* records */
};

static void on_done(void *data, const struct delivery *delivery, struct moment now);

static void forward_put(void *data, const struct delivery *delivery)
{
	struct notify_plan *plan = data;

	plan->hooks.put(plan->hooks.data, delivery);
}

/* What the message will say is what was told. */
static void forward_send(void *data, const struct delivery *delivery)
{
	struct notify_plan *plan = data;
	const char *remote = "";
	struct notify_item item;

	for (size_t i = 0; i < plan->n_told; i++) {
		struct told *told = &plan->told[i];

		if (told->state == TOLD_FREE || told->last != delivery->id)
			continue;
		if (delivery->thread != 0 && delivery->thread == told->first)
			remote = told->remote;
		if (!plan->hooks.find(plan->hooks.data, told->alert_id, &item))
			continue;
		told->n_behind = item.alert->n_behind;
		told->cause = item.alert->cause;
	}
	plan->hooks.send(plan->hooks.data, delivery, remote);
}

static void forward_channel(void *data, const char *channel, const char *why, uint64_t dropped)
{
	struct notify_plan *plan = data;

	plan->hooks.channel(plan->hooks.data, channel, why, dropped);
}

int notify_plan_new(const struct notify_conf *conf, const struct notify_plan_hooks *hooks,
		    int64_t last_id, struct notify_plan **ret)
{
	cleanup_(notify_plan_freep) struct notify_plan *plan = calloc(1, sizeof(*plan));
	struct delivery_hooks queue;

	assert(hooks->put && hooks->send && hooks->find && hooks->office && hooks->channel);
	if (!plan)
		return -ENOMEM;
	plan->told = calloc(NOTIFY_TOLD_MAX, sizeof(*plan->told));
	if (!plan->told)
		return -ENOMEM;
	queue = (struct delivery_hooks){plan, forward_put, forward_send, on_done, forward_channel};
	plan->hooks = *hooks;
	plan->conf = conf;
	delivery_queue_init(&plan->queue, &queue, last_id);
	delivery_queue_set_channels(&plan->queue, conf, (struct moment){0});
	*ret = steal_ptr(plan);
	return 0;
}

struct notify_plan *notify_plan_free(struct notify_plan *plan)
{
	if (!plan)
		return NULL;
	delivery_queue_deinit(&plan->queue);
	free(plan->told);
	free(plan);
	return NULL;
}

void notify_plan_freep(struct notify_plan **plan)
{
	notify_plan_free(*plan);
}

/* ---- who was told of what ---- */

static struct told *find_told(struct notify_plan *plan, int64_t alert_id, size_t channel)
{
	for (size_t i = 0; i < plan->n_told; i++) {
		if (plan->told[i].state != TOLD_FREE && plan->told[i].alert_id == alert_id &&
		    plan->told[i].channel == channel)
			return &plan->told[i];
	}
	return NULL;
}

/* NULL: there are too many, which is counted as a drop. */
static struct told *new_told(struct notify_plan *plan, int64_t alert_id, size_t channel)
{
	size_t i = 0;

	while (i < plan->n_told && plan->told[i].state != TOLD_FREE)
		i++;
	if (i == NOTIFY_TOLD_MAX) {
		plan->dropped++;
		return NULL;
	}
	if (i == plan->n_told)
		plan->n_told++;
	plan->told[i] = (struct told){.alert_id = alert_id, .channel = (uint8_t)channel};
	plan->n_in_use++;
	return &plan->told[i];
}

static void forget(struct notify_plan *plan, struct told *told)
{
	assert(told->state != TOLD_FREE && plan->n_in_use > 0);
	told->state = TOLD_FREE;
	plan->n_in_use--;
}

/* ---- deliveries ---- */

static void give(struct notify_plan *plan, struct told *told, enum notify_what what,
		 struct moment now)
{
	struct delivery like = {.what = what, .thread = told->first, .n_alerts = 1};
	const enum told_state before = told->state;
	int64_t id;

	like.alerts[0] = told->alert_id;
	told->state = what == NOTIFY_RECOVERY ? TOLD_END_MADE
		      : before == TOLD_DONE   ? TOLD_DONE
					      : TOLD_MADE;
	told->last = plan->queue.last_id + 1; /* it may be under way when the call returns */
	id = delivery_queue_add(&plan->queue, told->channel, &like, now);
	if (id < 0)
		told->state =
			before == TOLD_DONE && what != NOTIFY_RECOVERY ? TOLD_DONE : TOLD_NEVER;
	else if (told->first == 0)
		told->first = id;
}

static bool is_held(const struct told *told)
{
	return told->state == TOLD_HELD || told->state == TOLD_END_HELD;
}

/* All of the channel that is held, as far as one message takes it. */
static void give_list(struct notify_plan *plan, size_t channel, struct moment now)
{
	struct delivery like = {.what = NOTIFY_LIST};
	int64_t id = plan->queue.last_id + 1;

	for (size_t i = 0; i < plan->n_told && like.n_alerts < DELIVERY_ALERTS_MAX; i++) {
		struct told *told = &plan->told[i];

		if (!is_held(told) || told->channel != channel)
			continue;
		told->state = told->state == TOLD_HELD ? TOLD_MADE : TOLD_END_MADE;
		told->last = id;
		told->first = told->first ? told->first : id;
		like.alerts[like.n_alerts++] = told->alert_id;
	}
	plan->joined += like.n_alerts;
	if (delivery_queue_add(&plan->queue, channel, &like, now) >= 0)
		return;
	for (size_t i = 0; i < plan->n_told; i++) {
		if (plan->told[i].state != TOLD_FREE && plan->told[i].last == id)
			plan->told[i].state = TOLD_NEVER;
	}
}

static size_t count_held(const struct notify_plan *plan, size_t channel, size_t *ret_first)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_told; i++) {
		if (!is_held(&plan->told[i]) || plan->told[i].channel != channel)
			continue;
		if (n++ == 0)
			*ret_first = i;
	}
	return n;
}

/* The storm's time is over: what was held goes out, and what comes next is held again. */
static void release(struct notify_plan *plan, size_t channel, struct moment now)
{
	size_t first = 0, n = count_held(plan, channel, &first);

	plan->holds[channel].until_mono = n > 0 ? now.mono_ms + plan->conf->join_ms : 0;
	if (n == 1) {
		give(plan, &plan->told[first],
		     plan->told[first].state == TOLD_HELD ? NOTIFY_BEGIN : NOTIFY_RECOVERY, now);
		return;
	}
	for (; n > 0; n = count_held(plan, channel, &first))
		give_list(plan, channel, now);
}

/* At once, unless there was a message just before. */
static void tell(struct notify_plan *plan, struct told *told, bool end, struct moment now)
{
	struct channel_hold *hold = &plan->holds[told->channel];

	if (now.mono_ms < hold->until_mono) {
		told->state = end ? TOLD_END_HELD : TOLD_HELD;
		return;
	}
	hold->until_mono = now.mono_ms + plan->conf->join_ms;
	give(plan, told, end ? NOTIFY_RECOVERY : NOTIFY_BEGIN, now);
}

/* ---- news of alerts ---- */

static int64_t repeat_of(const struct notify_plan *plan, const struct rule_conf *rule,
			 size_t channel)
{
	return plan->queue.channels[channel].is_state ? STATE_REPEAT_MS : rule->repeat_ms;
}

/* Whether the alert is that this very channel fails. */
static bool is_about(const struct notify_plan *plan, const struct alert *alert, size_t channel)
{
	return alert->kind == ALERT_CHANNEL_FAILED &&
	       strcmp(alert->link, plan->queue.channels[channel].name) == 0;
}

static void want(struct notify_plan *plan, const struct rule_conf *rule, const struct alert *alert,
		 const char *name, struct moment now)
{
	const size_t channel = delivery_queue_find(&plan->queue, name);
	struct told *told;

	assert(channel != SIZE_MAX); /* the configuration's check */
	if (is_about(plan, alert, channel))
		return;
	told = find_told(plan, alert->id, channel);
	if (told && told->repeat_ms == 0) { /* of an earlier run: told before, not just now */
		told->repeat_ms = repeat_of(plan, rule, channel);
		told->repeat_mono = now.mono_ms + told->repeat_ms;
	}
	if (told && told->state != TOLD_ESCALATES)
		return;
	if (!told)
		told = new_told(plan, alert->id, channel);
	if (!told)
		return;
	told->repeat_ms = repeat_of(plan, rule, channel);
	told->state = TOLD_DELAYED;
	told->due_mono = now.mono_ms + rule->delay_ms;
	if (rule->delay_ms == 0)
		tell(plan, told, false, now);
}

static void want_escalation(struct notify_plan *plan, const struct rule_conf *rule,
			    const struct alert *alert, struct moment now)
{
	for (size_t i = 0; rule->escalate_to[i] && !alert->acked_by[0]; i++) {
		const size_t channel = delivery_queue_find(&plan->queue, rule->escalate_to[i]);
		struct told *told = find_told(plan, alert->id, channel);

		if (told || is_about(plan, alert, channel))
			continue;
		told = new_told(plan, alert->id, channel);
		if (!told)
			return;
		told->state = TOLD_ESCALATES;
		told->due_mono = now.mono_ms + rule->escalate_ms;
	}
}

/* Whoever a rule names and who does not know yet. */
static void consider(struct notify_plan *plan, const struct notify_item *item, struct moment now)
{
	const bool office = plan->hooks.office(plan->hooks.data);

	for (size_t i = 0; i < plan->conf->n_rules; i++) {
		const struct rule_conf *rule = &plan->conf->rules[i];

		if (!notify_rule_matches(rule, item, office))
			continue;
		for (size_t k = 0; rule->channels[k]; k++)
			want(plan, rule, item->alert, rule->channels[k], now);
		if (rule->escalate_ms > 0)
			want_escalation(plan, rule, item->alert, now);
	}
}

static bool is_news(const struct told *told, const struct alert *alert)
{
	return alert->n_behind > told->n_behind ||
	       (alert->cause != told->cause && alert->cause != ALERT_CAUSE_UNKNOWN);
}

static void amend(struct notify_plan *plan, const struct alert *alert, struct moment now)
{
	for (size_t i = 0; i < plan->n_told; i++) {
		struct told *told = &plan->told[i];

		if (told->state == TOLD_DONE && told->alert_id == alert->id &&
		    told->due_mono == 0 && told->amendments < AMENDMENTS_MAX &&
		    is_news(told, alert))
			told->due_mono = now.mono_ms + AMEND_AFTER_MS;
	}
}

static void calm(struct notify_plan *plan, const struct alert *alert)
{
	for (size_t i = 0; i < plan->n_told && alert->acked_by[0]; i++) {
		if (plan->told[i].state == TOLD_ESCALATES && plan->told[i].alert_id == alert->id)
			forget(plan, &plan->told[i]);
	}
}

static void end_one(struct notify_plan *plan, struct told *told, struct moment now)
{
	switch (told->state) {
	case TOLD_DELAYED:
	case TOLD_ESCALATES:
	case TOLD_HELD:
	case TOLD_NEVER:
		forget(plan, told);
		break;
	case TOLD_MADE:
		told->ended = true;
		if (delivery_queue_take_back(&plan->queue, told->last, told->alert_id, now) &&
		    told->state == TOLD_MADE)
			forget(plan, told);
		break;
	case TOLD_DONE:
		tell(plan, told, true, now);
		break;
	case TOLD_FREE:
	case TOLD_END_HELD:
	case TOLD_END_MADE:
		break;
	}
}

static void end_all(struct notify_plan *plan, int64_t alert_id, struct moment now)
{
	for (size_t i = 0; i < plan->n_told; i++) {
		if (plan->told[i].alert_id == alert_id)
			end_one(plan, &plan->told[i], now);
	}
}

void notify_plan_alert(struct notify_plan *plan, const struct notify_item *item,
		       enum alert_change change, struct moment now)
{
	assert((item->alert->end_ms != 0) == (change == ALERT_ENDED));
	if (change == ALERT_ENDED) {
		end_all(plan, item->alert->id, now);
		return;
	}
	calm(plan, item->alert);
	consider(plan, item, now);
	amend(plan, item->alert, now);
}

int64_t notify_plan_say(struct notify_plan *plan, const char *name, enum notify_what what,
			struct moment now)
{
	const size_t channel = delivery_queue_find(&plan->queue, name);
	const struct delivery like = {.what = what};

	assert(what == NOTIFY_TEST || what == NOTIFY_SUMMARY);
	return channel == SIZE_MAX ? -ENOENT
				   : delivery_queue_add(&plan->queue, channel, &like, now);
}

/* ---- what became of deliveries ---- */

static void remember(struct told *told, const struct delivery *delivery)
{
	if (told->first == delivery->id)
		memcpy(told->remote, delivery->remote, sizeof(told->remote));
}

static void arrived(struct notify_plan *plan, struct told *told, struct moment now)
{
	struct notify_item item;

	told->repeat_mono = now.mono_ms + told->repeat_ms;
	if (told->state == TOLD_END_MADE) {
		forget(plan, told);
		return;
	}
	if (told->state != TOLD_MADE)
		return;
	told->state = TOLD_DONE;
	told->due_mono = 0;
	if (told->ended)
		tell(plan, told, true, now);
	else if (plan->hooks.find(plan->hooks.data, told->alert_id, &item))
		amend(plan, item.alert, now); /* what was learned while it was under way */
}

static void failed(struct notify_plan *plan, struct told *told)
{
	if (told->state == TOLD_END_MADE || (told->state == TOLD_MADE && told->ended))
		forget(plan, told);
	else if (told->state == TOLD_MADE)
		told->state = TOLD_NEVER;
}

static void on_done(void *data, const struct delivery *delivery, struct moment now)
{
	struct notify_plan *plan = data;

	for (size_t i = 0; i < plan->n_told; i++) {
		struct told *told = &plan->told[i];

		if (told->state == TOLD_FREE || told->last != delivery->id)
			continue;
		remember(told, delivery);
		if (delivery->state == DELIVERY_CONFIRMED)
			arrived(plan, told, now);
		else
			failed(plan, told);
	}
}

void notify_plan_stored(struct notify_plan *plan, int64_t id, struct moment now)
{
	(void)now;
	delivery_queue_stored(&plan->queue, id);
}

void notify_plan_result(struct notify_plan *plan, int64_t id, const struct delivery_result *result,
			struct moment now)
{
	delivery_queue_result(&plan->queue, id, result, now);
}

/* ---- after a restart, after a reload ---- */

static enum told_state restored_state(const struct delivery *delivery)
{
	switch (delivery->state) {
	case DELIVERY_WAITING:
	case DELIVERY_IN_FLIGHT:
		return TOLD_MADE;
	case DELIVERY_CONFIRMED:
		return TOLD_DONE;
	default:
		return TOLD_NEVER;
	}
}

/* Rows come oldest first: what ends an alert comes after what began it. */
static void restore_told(struct notify_plan *plan, struct told *told,
			 const struct delivery *delivery)
{
	const bool known = told->first != 0;

	told->last = delivery->id;
	told->first = known ? told->first : delivery->id;
	remember(told, delivery);
	switch (delivery->what) {
	case NOTIFY_RECOVERY:
		told->state = TOLD_END_MADE;
		break;
	case NOTIFY_LIST:
		told->state = known && told->state == TOLD_DONE ? TOLD_END_MADE
								: restored_state(delivery);
		break;
	case NOTIFY_BEGIN:
	case NOTIFY_ESCALATION:
		told->state = restored_state(delivery);
		break;
	default:
		return; /* amendments and repeats change nothing */
	}
	if (told->state == TOLD_END_MADE && delivery_is_done(delivery))
		forget(plan, told);
}

void notify_plan_restore(struct notify_plan *plan, const struct delivery *delivery,
			 struct moment now)
{
	const size_t channel = delivery_queue_find(&plan->queue, delivery->channel);

	if (channel == SIZE_MAX)
		return; /* it went with the configuration */
	for (size_t i = 0; i < delivery->n_alerts; i++) {
		struct told *told = find_told(plan, delivery->alerts[i], channel);

		if (!told)
			told = new_told(plan, delivery->alerts[i], channel);
		if (!told)
			return;
		if (told->first == 0) /* so that it counts as in use */
			told->state = TOLD_NEVER;
		restore_told(plan, told, delivery);
	}
	if (!delivery_is_done(delivery))
		delivery_queue_restore(&plan->queue, delivery, now);
}

bool notify_plan_restore_failing(struct notify_plan *plan, const char *name)
{
	const size_t channel = delivery_queue_find(&plan->queue, name);

	if (channel == SIZE_MAX)
		return false;
	delivery_queue_set_failing(&plan->queue, channel);
	return true;
}

void notify_plan_restored(struct notify_plan *plan, struct moment now)
{
	for (size_t i = 0; i < plan->n_told; i++) {
		struct told *told = &plan->told[i];
		struct notify_item item;

		if (told->state == TOLD_FREE)
			continue;
		if (!plan->hooks.find(plan->hooks.data, told->alert_id, &item))
			forget(plan, told);
		else if (!alert_is_open(item.alert))
			end_one(plan, told, now);
	}
}

void notify_plan_set_conf(struct notify_plan *plan, const struct notify_conf *conf,
			  struct moment now)
{
	plan->conf = conf;
	for (size_t i = 0; i < plan->n_told; i++) {
		struct told *told = &plan->told[i];
		const char *channel = plan->queue.channels[told->channel].name;

		/* What was refused may pass now. */
		if (told->state == TOLD_NEVER ||
		    (told->state != TOLD_FREE && notify_conf_channel(conf, channel) == SIZE_MAX))
			forget(plan, told);
	}
	delivery_queue_set_channels(&plan->queue, conf, now);
}

/* ---- time ---- */

/* Unacknowledged and not silenced; an Alertmanager is told all the same. */
static bool is_urgent(const struct notify_plan *plan, const struct told *told,
		      const struct alert *alert)
{
	return plan->queue.channels[told->channel].is_state ||
	       (!alert->acked_by[0] && !alert->silenced && !alert->planned);
}

static bool names(char *const *list, const char *name)
{
	size_t i = 0;

	while (list[i] && strcmp(list[i], name) != 0)
		i++;
	return list[i] != NULL;
}

/* Whether a rule still wants what was put off. */
static bool is_wanted(const struct notify_plan *plan, const struct told *told,
		      const struct notify_item *item)
{
	const char *channel = plan->queue.channels[told->channel].name;
	const bool office = plan->hooks.office(plan->hooks.data);

	for (size_t i = 0; i < plan->conf->n_rules; i++) {
		const struct rule_conf *rule = &plan->conf->rules[i];

		if (names(told->state == TOLD_ESCALATES ? rule->escalate_to : rule->channels,
			  channel) &&
		    notify_rule_matches(rule, item, office))
			return true;
	}
	return false;
}

static void begin_delayed(struct notify_plan *plan, struct told *told,
			  const struct notify_item *item, struct moment now)
{
	if (!is_wanted(plan, told, item) ||
	    (told->state == TOLD_ESCALATES && item->alert->acked_by[0]))
		forget(plan, told);
	else if (told->state == TOLD_ESCALATES)
		give(plan, told, NOTIFY_ESCALATION, now);
	else
		tell(plan, told, false, now);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t told_next(const struct told *told)
{
	int64_t next = INT64_MAX;

	if (told->state == TOLD_DELAYED || told->state == TOLD_ESCALATES)
		return told->due_mono;
	if (told->state == TOLD_DONE && told->due_mono > 0)
		next = told->due_mono;
	if (told->state == TOLD_DONE && told->repeat_ms > 0)
		next = least(next, told->repeat_mono);
	return next;
}

static void told_tick(struct notify_plan *plan, struct told *told, struct moment now)
{
	struct notify_item item;

	if (!plan->hooks.find(plan->hooks.data, told->alert_id, &item) ||
	    !alert_is_open(item.alert)) {
		/* its end was not told: it went with what knew of it */
		forget(plan, told);
		return;
	}
	if (told->state != TOLD_DONE) {
		begin_delayed(plan, told, &item, now);
		return;
	}
	if (told->due_mono > 0 && now.mono_ms >= told->due_mono) {
		told->due_mono = 0;
		told->amendments++;
		if (!item.alert->silenced)
			give(plan, told, NOTIFY_AMEND, now);
	}
	if (told->repeat_ms > 0 && now.mono_ms >= told->repeat_mono) {
		told->repeat_mono = now.mono_ms + told->repeat_ms;
		if (is_urgent(plan, told, item.alert))
			give(plan, told, NOTIFY_REPEAT, now);
	}
}

int64_t notify_plan_tick(struct notify_plan *plan, struct moment now)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		if (plan->holds[i].until_mono > 0 && now.mono_ms >= plan->holds[i].until_mono)
			release(plan, i, now);
	}
	for (size_t i = 0; i < plan->n_told; i++) {
		if (told_next(&plan->told[i]) <= now.mono_ms)
			told_tick(plan, &plan->told[i], now);
		next = least(next, told_next(&plan->told[i]));
	}
	for (size_t i = 0; i < NOTIFY_CHANNELS_MAX; i++) {
		if (plan->holds[i].until_mono > 0)
			next = least(next, plan->holds[i].until_mono);
	}
	next = least(next, delivery_queue_tick(&plan->queue, now));
	return next == INT64_MAX ? -1 : next;
}

void notify_plan_get_stats(const struct notify_plan *plan, struct notify_plan_stats *ret)
{
	const struct delivery_stats *queue = &plan->queue.stats;

	*ret = (struct notify_plan_stats){
		.made = queue->made,
		.confirmed = queue->confirmed,
		.failed = queue->failed,
		.dropped = queue->dropped + plan->dropped,
		.retries = queue->retries,
		.joined = plan->joined,
		.waiting = (unsigned int)plan->queue.n,
		.told = plan->n_in_use,
		.channels_failing = queue->channels_failing,
	};
}

void notify_plan_emit_stats(void *data, stats_emit_fn *emit, void *emit_data)
{
#define COUNTER(FIELD, NAME, HELP) STATS_COUNTER(struct notify_plan_stats, FIELD, NAME, HELP)
#define GAUGE(FIELD, NAME, HELP)   STATS_GAUGE(struct notify_plan_stats, FIELD, NAME, HELP)
	static const struct stats_row ROWS[] = {
		COUNTER(made, "pantau_deliveries_made", "Messages that were to be sent."),
		COUNTER(confirmed, "pantau_deliveries_confirmed", "Messages that arrived."),
		COUNTER(failed, "pantau_deliveries_failed",
			"Messages that were refused or tried in vain for a day."),
		COUNTER(dropped, "pantau_deliveries_dropped",
			"Messages without room, or over before they were sent."),
		COUNTER(retries, "pantau_deliveries_retries", "Tries after the first."),
		COUNTER(joined, "pantau_deliveries_joined_alerts",
			"Alerts that were told in a list of several."),
		GAUGE(waiting, "pantau_deliveries_waiting", "Messages that wait or are under way."),
		GAUGE(told, "pantau_deliveries_told_alerts",
		      "Alerts, times channels, that are told or to be told and not over."),
		GAUGE(channels_failing, "pantau_deliveries_channels_failing",
		      "Channels by which messages cannot leave."),
	};
#undef COUNTER
#undef GAUGE
	struct notify_plan_stats stats;

	notify_plan_get_stats(data, &stats);
	stats_emit_rows(ROWS, ARRAY_LEN(ROWS), &stats, emit, emit_data);
}
