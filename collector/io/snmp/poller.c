/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Carries requests and answers between the sessions of all devices (core/poll/poll_session), the
 * schedule (core/poll/poll_sched) and the SNMP engine. Decides only deadlines and what a failed
 * request means for the cycle. One request per device is under way at a time; the engine
 * bounds how many there are in all.
 */
#include "collector/io/snmp/poller.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_sched.h"
#include "common/base/cleanup.h"
#include "common/base/endpoint.h"
#include "common/base/fnv1a.h"
#include "common/loop/endpoint_zone.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum {
	VARBINDS_MAX = 128,
	STARTS_PER_TURN = 64, /* cycles begun before the loop gets its turn */
	PROBE_TRIES = 2,
	ANSWER_MS = 1000, /* most devices need less, where no time-out is configured */
};

#define US_PER_MS	     1000
#define HOUR_US		     (3600 * INT64_C(1000000))
#define SPREAD_MIN_US	     (5 * INT64_C(1000000)) /* first polls of a small fleet */
#define SPREAD_PER_DEVICE_US 600
#define DEADLINE_MAX_US	     (20 * INT64_C(1000000))
#define LATE_US		     5000
#define DISCOVERY_MAX_US     (120 * INT64_C(1000000))

struct poller_device {
	struct poll_sched_entry entry; /* first */
	struct poller *poller;
	struct device *device;
	struct poll_session *session;
	struct snmp_target *target;
	struct snmp_request *request;
	struct snmp_bindings *kept; /* the session's request of that number, encoded */
	uint32_t kept_number;	    /* 0: none */
	uint64_t hash;
	int64_t deadline_us;
	int64_t slot_us;	   /* of the cycle, until its first request is sent */
	enum snmp_outcome outcome; /* of the cycle, if it did not answer */
	bool discovering;	   /* the deadline is that of a discovery */
	bool v3;
	bool woken_late; /* by an answer that came too late; once until one comes in time */
	struct poller_device *next, *prev;
};

struct poller {
	struct loop *loop;
	struct snmp_engine *engine;
	struct loop_timer *timer;
	int64_t timer_us; /* what it is armed for */
	struct poller_conf conf;
	struct poll_env env;
	struct poll_sched sched;
	struct poller_device *devices;
	struct poller_stats stats;
	struct snmp_varbind varbinds[VARBINDS_MAX];
	snmp_oid_t oids[VARBINDS_MAX][SNMP_OID_LEN_MAX];
};

void poller_conf_defaults(struct poller_conf *ret)
{
	*ret = (struct poller_conf){
		.interval_ms = 60000,
		.discovery_interval_ms = 3600000,
		.backoff_max_ms = 300000,
		.tries = 5, /* 5 % of datagrams lost: one poll in three million */
		.max_links = 1024,
		.max_varbinds = 64,
		.max_octets = 1400,
	};
}

/* ---- the schedule's timer ---- */

static void start_cycle(struct poller_device *pd, int64_t late_us, int64_t now_us);

static void arm(struct poller *poller)
{
	int64_t due_us = poll_sched_due_us(&poller->sched);

	if (due_us == INT64_MAX) {
		loop_timer_disarm(poller->timer);
		poller->timer_us = INT64_MAX;
		return;
	}
	if (due_us == poller->timer_us && loop_timer_armed(poller->timer))
		return;
	poller->timer_us = due_us;
	loop_timer_arm(poller->timer, due_us - loop_now_us());
}

static void on_timer(void *data)
{
	struct poller *poller = data;
	int64_t now_us = loop_now_us();
	struct poll_sched_entry *entry;
	int64_t late_us;

	for (int i = 0; i < STARTS_PER_TURN; i++) {
		entry = poll_sched_pop(&poller->sched, now_us, &late_us);
		if (!entry)
			break;
		start_cycle((struct poller_device *)entry, late_us, now_us);
	}
	snmp_engine_flush(poller->engine);
	poller->timer_us = -1;
	arm(poller);
}

/* ---- the end of a cycle ---- */

static void count_result(struct device *device, enum snmp_outcome outcome)
{
	if (outcome == SNMP_OUTCOME_ANSWER)
		device->count.answers++;
	else if (outcome == SNMP_OUTCOME_TIMEOUT)
		device->count.timeouts++;
	else if (snmp_outcome_is_auth(outcome))
		device->count.auth_failures++;
	else
		device->count.other_failures++;
}

/* A device whose 32-bit counters would wrap between polls is polled more often. */
static void fit_interval(struct poller_device *pd)
{
	int64_t most_us = poll_session_max_interval_us(pd->session);
	int64_t interval_us = pd->poller->conf.interval_ms * US_PER_MS;
	int64_t parts;

	parts = most_us < interval_us ? (interval_us + most_us - 1) / most_us : 1;
	if (pd->entry.interval_us != interval_us / parts)
		poll_sched_set_interval(&pd->poller->sched, &pd->entry, pd->hash,
					interval_us / parts);
}

/* With its port where the address is its own. */
static void tell_source(struct poller_device *pd)
{
	const struct sockaddr_storage *from = snmp_target_answers_from(pd->target);
	struct device *device = pd->device;
	char address[ENDPOINT_ADDRESS_SIZE];
	struct endpoint endpoint;

	if (from->ss_family == 0) {
		device->answers_from[0] = '\0';
		return;
	}
	endpoint = endpoint_zone_of(from, sizeof(*from));
	endpoint_address(&endpoint, address);
	if (strcmp(address, device->entry->address) == 0)
		snprintf(device->answers_from, sizeof(device->answers_from), "%s, port %u", address,
			 ntohs(from->ss_family == AF_INET6
				       ? ((const struct sockaddr_in6 *)from)->sin6_port
				       : ((const struct sockaddr_in *)from)->sin_port));
	else
		snprintf(device->answers_from, sizeof(device->answers_from), "%s", address);
}

static void tell_why(struct device *device, enum snmp_outcome outcome)
{
	const bool elsewhere = outcome == SNMP_OUTCOME_OTHER_SOURCE;
	char text[80 + DEVICE_SOURCE_SIZE];

	if (outcome == SNMP_OUTCOME_CANCELLED)
		return;
	device->last_poll = outcome;
	if (outcome == SNMP_OUTCOME_ANSWER || outcome == SNMP_OUTCOME_NO_ACCESS)
		return; /* the session has said what there is to say */
	snprintf(text, sizeof(text), "last poll failed: %s%s%s", snmp_outcome_name(outcome),
		 elsewhere ? ": answers come from " : "", elsewhere ? device->answers_from : "");
	device_set_problem(device, text);
}

static void finish_cycle(struct poller_device *pd)
{
	struct poller *poller = pd->poller;
	int64_t now_us = loop_now_us();
	enum poll_result result = poll_session_end(pd->session, now_us);
	bool answered = result != POLL_SILENT;
	enum snmp_outcome outcome = result == POLL_REFUSED    ? SNMP_OUTCOME_NO_ACCESS
				    : result == POLL_ANSWERED ? SNMP_OUTCOME_ANSWER
							      : pd->outcome;

	assert(pd->entry.busy && !pd->request && poller->stats.active > 0);
	poller->stats.active--;
	poller->stats.cycles_answered += answered;
	poller->stats.cycles_failed += !answered;
	count_result(pd->device, outcome);
	tell_source(pd);
	tell_why(pd->device, outcome);
	if (answered) {
		pd->woken_late = false;
		fit_interval(pd);
	}
	poll_sched_done(&poller->sched, &pd->entry, answered, now_us);
	if (poller->env.hooks.result)
		poller->env.hooks.result(poller->env.hooks.data, pd->device, outcome,
					 wall_map_ms(&poller->env.wall, now_us));
	arm(poller);
}

/* ---- requests ---- */

static void on_answer(void *data, const struct snmp_answer *answer);

/* What is asked for, encoded: what was kept, or the session's room. */
static int encode(struct poller_device *pd, const struct poll_ask *what, struct snmp_bindings **ret)
{
	int r;

	if (what->number && what->number == pd->kept_number) {
		*ret = snmp_bindings_ref(pd->kept);
		return 0;
	}
	r = snmp_bindings_new(pd->poller->varbinds, what->n, ret);
	if (r < 0 || !what->number)
		return r;
	snmp_bindings_unref(pd->kept);
	pd->kept = snmp_bindings_ref(*ret);
	pd->kept_number = what->number;
	return 0;
}

static int ask(struct poller_device *pd, const struct poll_ask *what)
{
	struct poller *poller = pd->poller;
	cleanup_(snmp_bindings_unrefp) struct snmp_bindings *bindings = NULL;
	struct snmp_ask request = {
		.pdu = what->pdu,
		.knows_names = true,
		.max_repetitions = what->repetitions,
		.deadline_us = pd->deadline_us,
		.timeout_us = poller->conf.timeout_ms * US_PER_MS,
		.tries = pd->entry.failures && poller->conf.tries > PROBE_TRIES
				 ? PROBE_TRIES
				 : poller->conf.tries,
	};
	int r = encode(pd, what, &bindings);

	assert(!pd->request);
	if (r < 0)
		return r;
	request.bindings = bindings;
	poller->stats.requests++;
	return snmp_engine_ask(pd->target, &request, on_answer, pd, &pd->request);
}

static int64_t cycle_us(const struct poller_device *pd)
{
	int64_t us = pd->poller->conf.cycle_deadline_ms * US_PER_MS;

	if (us)
		return us;
	us = pd->entry.interval_us / 10 * 8;
	return us < DEADLINE_MAX_US ? us : DEADLINE_MAX_US;
}

/* Reading identity and interfaces takes many requests, one after the other: a device that
 * takes a second for each would never come to its end within an interval. The values that
 * follow have their own time. */
static void set_deadline(struct poller_device *pd, bool first)
{
	bool discovering = poll_session_discovering(pd->session);

	if (!first && discovering == pd->discovering)
		return;
	pd->discovering = discovering;
	pd->deadline_us = loop_now_us() + (discovering ? DISCOVERY_MAX_US : cycle_us(pd));
}

/* Asks what comes next, or ends the cycle. */
static void go_on(struct poller_device *pd)
{
	struct poller *poller = pd->poller;
	const struct poll_walk_room room = {.varbinds = poller->varbinds,
					    .oids = poller->oids,
					    .n = poller->conf.max_varbinds,
					    .keeps = true,
					    .kept = pd->kept_number};
	struct poll_ask what;
	int r;

	if (!poll_session_next(pd->session, &room, &what)) {
		finish_cycle(pd);
		return;
	}
	set_deadline(pd, false);
	if (loop_now_us() >= pd->deadline_us) {
		poller->stats.deadlines++;
		finish_cycle(pd);
		return;
	}
	r = ask(pd, &what);
	if (r < 0) {
		log_warn("poller", "device=%s err=%s", pd->device->entry->id, strerror(-r));
		poller->stats.requests_failed++;
		pd->outcome = SNMP_OUTCOME_FAILED;
		finish_cycle(pd);
	}
}

static uint32_t boots_of(const struct poller_device *pd)
{
	struct snmp_engine_id id;

	if (!pd->v3)
		return 0;
	snmp_target_get_engine_id(pd->target, &id);
	return id.len ? id.boots : 0;
}

static void take_answer(struct poller_device *pd, const struct snmp_answer *answer)
{
	struct device *device = pd->device;
	const struct poll_answer reply = {
		.error_status = answer->error_status,
		.error_index = answer->error_index,
		.varbinds = answer->varbinds,
		.n = answer->n_varbinds,
		.earliest_us = answer->sent_us, /* each transmission of a GET has its own number */
		.received_us = answer->received_us,
		.boots = boots_of(pd),
	};

	wall_map_update(&pd->poller->env.wall, loop_now_us(), loop_wall_ms());
	device->last_answer_ms = wall_map_ms(&pd->poller->env.wall, answer->received_us);
	device->rtt_ms = (double)(answer->received_us - answer->sent_us) / US_PER_MS;
	poll_session_answer(pd->session, &reply);
}

/* How long after its slot the cycle's first request left us. */
static void count_late(struct poller_device *pd, const struct snmp_answer *answer)
{
	struct poller_stats *stats = &pd->poller->stats;
	int64_t late_us = answer->first_us - pd->slot_us;
	unsigned int i = 0;

	if (!pd->slot_us || !answer->first_us)
		return;
	pd->slot_us = 0;
	if (late_us > stats->late_max_us)
		stats->late_max_us = late_us;
	while (i < POLLER_LATE_N - 1 && late_us > POLLER_LATE_LEAST_US << i)
		i++;
	stats->late[i]++;
	stats->late_over_5ms += late_us > LATE_US;
}

static enum poll_failure failure_of(const struct poller_device *pd,
				    const struct snmp_answer *answer)
{
	const int64_t now_us = loop_now_us(), timeout_ms = pd->poller->conf.timeout_ms;

	if (answer->outcome != SNMP_OUTCOME_TIMEOUT && answer->outcome != SNMP_OUTCOME_MALFORMED)
		return POLL_FAILED_OTHER;
	if (now_us >= pd->deadline_us &&
	    (!answer->first_us ||
	     now_us - answer->first_us < (timeout_ms ? timeout_ms : ANSWER_MS) * US_PER_MS))
		return POLL_FAILED_LATE;
	return POLL_FAILED_SILENCE;
}

static void on_answer(void *data, const struct snmp_answer *answer)
{
	struct poller_device *pd = data;

	assert(pd->request && pd->entry.busy);
	pd->request = NULL;
	count_late(pd, answer);
	switch (answer->outcome) {
	case SNMP_OUTCOME_ANSWER:
		take_answer(pd, answer);
		break;
	case SNMP_OUTCOME_CANCELLED:
		return; /* we are being removed */
	default:
		pd->poller->stats.requests_failed++;
		pd->outcome = answer->outcome;
		poll_session_fail(pd->session, failure_of(pd, answer), loop_now_us());
	}
	go_on(pd);
}

/* ---- the beginning of a cycle ---- */

static void start_cycle(struct poller_device *pd, int64_t late_us, int64_t now_us)
{
	struct poller *poller = pd->poller;
	bool probe = pd->entry.failures > 0;

	assert(pd->entry.busy && !pd->request);
	pd->slot_us = now_us - late_us;
	wall_map_update(&poller->env.wall, now_us, loop_wall_ms());
	if (poll_session_begin(pd->session, probe, now_us) < 0) {
		poller->env.counts.no_memory++;
		poll_sched_done(&poller->sched, &pd->entry, true, now_us);
		return;
	}
	poller->stats.cycles++;
	poller->stats.probes += probe;
	poller->stats.active++;
	pd->device->count.polls++;
	pd->outcome = SNMP_OUTCOME_TIMEOUT;
	set_deadline(pd, true);
	go_on(pd);
}

/* ---- life ---- */

int poller_new(struct loop *loop, struct snmp_engine *engine, const struct profile_set *profiles,
	       const struct poller_conf *conf, const struct poll_hooks *hooks, struct poller **ret)
{
	struct poller *poller = calloc(1, sizeof(*poller));
	int64_t now_us = loop_now_us(), wall_ms = loop_wall_ms();
	int r;

	assert(conf->interval_ms > 0 && conf->tries > 0);
	if (!poller)
		return -ENOMEM;
	poller->loop = loop;
	poller->engine = engine;
	poller->conf = *conf;
	if (poller->conf.max_varbinds > VARBINDS_MAX)
		poller->conf.max_varbinds = VARBINDS_MAX;
	poller->env = (struct poll_env){
		.profiles = profiles,
		.interval_ms = conf->interval_ms,
		.discovery_interval_us = conf->discovery_interval_ms * US_PER_MS,
		.max_links = conf->max_links,
		.max_varbinds = poller->conf.max_varbinds,
		.max_octets = conf->max_octets,
		.hooks = *hooks,
	};
	wall_map_update(&poller->env.wall, now_us, wall_ms);
	poll_sched_init(&poller->sched, now_us - wall_ms * US_PER_MS % HOUR_US,
			conf->backoff_max_ms * US_PER_MS);
	r = loop_timer_new(loop, on_timer, poller, &poller->timer);
	if (r < 0) {
		free(poller);
		return r;
	}
	*ret = poller;
	return 0;
}

static void pd_free(struct poller_device *pd)
{
	pd->target = snmp_target_free(pd->target); /* ends its requests */
	pd->session = poll_session_free(pd->session);
	snmp_bindings_unref(pd->kept);
	free(pd);
}

struct poller *poller_free(struct poller *poller)
{
	if (!poller)
		return NULL;
	while (poller->devices)
		poller_remove(poller, poller->devices->device);
	loop_timer_free(poller->timer);
	poll_sched_deinit(&poller->sched);
	poll_env_deinit(&poller->env);
	free(poller);
	return NULL;
}

void poller_freep(struct poller **poller)
{
	*poller = poller_free(*poller);
}

/* A device that was given up answers after all: it is polled at once instead of at the end of
 * its pause. Once only: one that is always too late would be polled without a pause. */
static void on_late(void *data)
{
	struct poller_device *pd = data;

	if (pd->entry.failures == 0 || pd->woken_late)
		return;
	pd->woken_late = true;
	poller_poll_now(pd->poller, pd->device);
}

/* Who else may answer for it, as its operator says. */
static void accept_sources(struct poller_device *pd)
{
	const char *from = pd->device->entry->answers_from;
	struct endpoint endpoint = {0};

	if (!from || !from[0])
		return;
	if (strcmp(from, "any") == 0 || endpoint_zone_parse_address(from, 0, &endpoint) == 0)
		snmp_target_accept_from(pd->target, &endpoint.addr);
}

int poller_add(struct poller *poller, struct device *device, const struct snmp_credential *cred,
	       const struct sockaddr *addr, socklen_t addr_len)
{
	int64_t spread_us = (int64_t)poller->sched.n * SPREAD_PER_DEVICE_US;
	struct poller_device *pd;
	int r;
	uint64_t h;

	loop_assert_thread(poller->loop);
	assert(device->entry);
	if (device->poll)
		return -EEXIST;
	pd = calloc(1, sizeof(*pd));
	if (!pd)
		return -ENOMEM;
	pd->poller = poller;
	pd->device = device;
	h = fnv1a_text(FNV1A_START, device->entry->id);
	pd->hash = h ^ h >> 29; /* ids differ at their ends: carry that into all bits */
	pd->v3 = cred->version == SNMP_V3;
	r = poll_session_new(&poller->env, device, cred->version == SNMP_V1, &pd->session);
	if (r >= 0)
		r = snmp_target_new(poller->engine, addr, addr_len, cred, &pd->target);
	if (r >= 0)
		r = poll_sched_add(
			&poller->sched, &pd->entry, pd->hash, poller->conf.interval_ms * US_PER_MS,
			spread_us > SPREAD_MIN_US ? spread_us : SPREAD_MIN_US, loop_now_us());
	if (r < 0) {
		pd_free(pd);
		return r;
	}
	snmp_target_on_late(pd->target, on_late, pd);
	accept_sources(pd);
	pd->next = poller->devices;
	if (pd->next)
		pd->next->prev = pd;
	poller->devices = pd;
	device->poll = pd;
	device->uptime_s = -1;
	device->rtt_ms = NAN;
	arm(poller);
	return 0;
}

/* Drops what is under way without a result. */
static void stop_cycle(struct poller_device *pd)
{
	if (pd->request)
		snmp_request_cancel(pd->request);
	pd->request = NULL;
	if (pd->entry.busy)
		pd->poller->stats.active--;
}

void poller_remove(struct poller *poller, struct device *device)
{
	struct poller_device *pd = device->poll;

	if (!pd)
		return;
	loop_assert_thread(poller->loop);
	assert(!pd || (pd->poller == poller && pd->device == device));
	stop_cycle(pd);
	poll_sched_remove(&poller->sched, &pd->entry);
	if (pd->prev)
		pd->prev->next = pd->next;
	else
		poller->devices = pd->next;
	if (pd->next)
		pd->next->prev = pd->prev;
	device->poll = NULL;
	pd_free(pd);
}

void poller_poll_now(struct poller *poller, struct device *device)
{
	struct poller_device *pd = device->poll;

	if (!pd)
		return;
	loop_assert_thread(poller->loop);
	assert(!pd || pd->poller == poller);
	poller->stats.wakeups++;
	poll_sched_wake(&poller->sched, &pd->entry, loop_now_us());
	if (pd->request)
		snmp_request_hurry(pd->request);
	arm(poller);
}

void poller_rescan(struct poller *poller, struct device *device)
{
	struct poller_device *pd = device->poll;

	if (!pd)
		return;
	poll_session_rediscover(pd->session);
	poller_poll_now(poller, device);
}

void poller_set_profiles(struct poller *poller, const struct profile_set *profiles)
{
	int64_t now_us = loop_now_us();

	loop_assert_thread(poller->loop);
	poller->env.profiles = profiles;
	for (struct poller_device *pd = poller->devices; pd; pd = pd->next) {
		bool busy = pd->entry.busy;

		stop_cycle(pd);
		if (poll_session_reprofile(pd->session) < 0)
			log_warn("poller", "device=%s profile=%s err=\"no such profile\"",
				 pd->device->entry->id, pd->device->entry->profile);
		if (busy)
			poll_sched_done(&poller->sched, &pd->entry, true, now_us);
	}
	arm(poller);
}

struct snmp_target *poller_target(const struct poller *poller, const struct device *device)
{
	const struct poller_device *pd = device->poll;

	(void)poller;
	return pd ? pd->target : NULL;
}

/* ---- figures ---- */

void poller_get_stats(const struct poller *poller, struct poller_stats *ret)
{
	*ret = poller->stats;
	ret->counts = poller->env.counts;
	ret->devices = (unsigned int)poller->sched.n;
	ret->backed_off = (unsigned int)poller->sched.backed_off;
	ret->slots_missed = poller->sched.slots_missed;
	ret->wall_steps = poller->env.wall.steps;
}
