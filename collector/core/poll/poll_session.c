/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the course of a device's poll cycle: which step follows which, what to do when a
 * request meets silence, when interfaces are read anew. Does not decide when a cycle is due
 * (poll_sched), nor what the numbers mean (link_poll, group_poll).
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/poll/poll_session_impl.h"
#include "collector/core/reading/hardware_poll.h"
#include "common/base/fnv1a.h"

enum {
	SILENT_RETRIES_MAX = 8, /* smaller requests tried in a cycle when one meets silence */
	REQUESTS_MAX = 4096,	/* of one cycle: a device cannot keep us busy for ever */
	SPARE_MAX = 64,		/* as many as the engine usually has under way */
};

#define RETRY_DISCOVERY_US (60 * INT64_C(1000000))
#define FORCED_GAP_US	   (10 * INT64_C(1000000)) /* between discoveries that the device provokes */

int poll_session_new(struct poll_env *env, struct device *device, bool v1,
		     struct poll_session **ret)
{
	const char *name = device->entry->profile;
	struct poll_session *s;

	assert(env->interval_ms > 0 && env->profiles);
	if (name && name[0] && strcmp(name, "auto") && !profile_set_find(env->profiles, name))
		return -EINVAL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->env = env;
	s->device = device;
	s->v1 = v1;
	s->life = 1;
	s->phase = (uint32_t)fnv1a_text(FNV1A_START, device->entry->id);
	poll_limits_init(&s->limits, env->max_varbinds, env->max_octets, v1);
	*ret = s;
	return 0;
}

/* A cycle's memory goes from device to device: it stays in the processor's cache, where that of
 * malloc would be cold, and large enough to be dear. */
static struct poll_cycle *take_cycle(struct poll_env *env)
{
	struct poll_cycle *cycle = env->spare;

	if (!cycle) {
		cycle = malloc(sizeof(*cycle));
	} else {
		env->spare = cycle->next_spare;
		env->n_spare--;
	}
	if (cycle)
		memset(cycle, 0, offsetof(struct poll_cycle, reading));
	return cycle;
}

static void give_cycle(struct poll_env *env, struct poll_cycle *cycle)
{
	if (env->n_spare == SPARE_MAX) {
		free(cycle);
		return;
	}
	cycle->next_spare = env->spare;
	env->spare = cycle;
	env->n_spare++;
}

void poll_env_deinit(struct poll_env *env)
{
	struct poll_cycle *cycle;

	assert(env->n_spare <= SPARE_MAX);
	while ((cycle = env->spare)) {
		env->spare = cycle->next_spare;
		free(cycle);
	}
	env->n_spare = 0;
}

static void free_cycle(struct poll_session *s)
{
	if (!s->cycle)
		return;
	if (s->cycle->walking)
		poll_walk_deinit(&s->cycle->walk);
	s->n_held = 0;
	free(s->cycle->probes);
	give_cycle(s->env, s->cycle);
	s->cycle = NULL;
}

struct poll_session *poll_session_free(struct poll_session *session)
{
	if (!session)
		return NULL;
	free_cycle(session);
	poll_plan_forget(session);
	poll_discover_forget(session);
	free(session->held);
	free(session);
	return NULL;
}

int poll_session_reprofile(struct poll_session *session)
{
	const char *name = session->device->entry->profile;

	free_cycle(session);
	if (poll_discover_use(session, NULL) < 0)
		return -ENOMEM;
	session->next_discovery_us = 0;
	if (name && name[0] && strcmp(name, "auto") &&
	    !profile_set_find(session->env->profiles, name))
		return -EINVAL;
	return 0;
}

bool poll_session_discovering(const struct poll_session *session)
{
	const struct poll_cycle *cycle = session->cycle;

	return cycle && cycle->step >= POLL_STEP_IDENTIFY && cycle->step <= POLL_STEP_DISCOVER;
}

void poll_session_rediscover(struct poll_session *session)
{
	session->next_discovery_us = 0;
}

/* Down, not present or with nothing below it: nothing can go over it. */
static bool is_idle(const struct device_link *link)
{
	return link_mib_is_down(link->oper) || link->oper == LINK_OPER_NOT_PRESENT;
}

int64_t poll_session_max_interval_us(const struct poll_session *session)
{
	int64_t least = INT64_MAX, us;

	for (size_t i = 0; i < session->n_links; i++) {
		if (!session->links[i]->watched || is_idle(&session->device->links[i]))
			continue;
		us = link_poll_wrap_us(session->links[i]);
		if (us < least && us >= POLL_INTERVAL_LEAST_US)
			least = us;
	}
	return least;
}

/* ---- the course ---- */

static void set_step(struct poll_session *s, enum poll_step step)
{
	s->cycle->step = step;
	s->cycle->cursor = (struct poll_cursor){0};
	s->cycle->n_items = 0;
}

static bool discovery_due(const struct poll_session *s)
{
	return !s->profile || s->cycle->begin_us >= s->next_discovery_us;
}

int poll_session_begin(struct poll_session *session, bool probe, int64_t now_us)
{
	struct poll_cycle *cycle;

	assert(session->env->interval_ms > 0);
	free_cycle(session);
	cycle = take_cycle(session->env);
	if (!cycle)
		return -ENOMEM;
	cycle->items = cycle->room;
	cycle->row = cycle->value_group = -1;
	cycle->begin_us = cycle->when.local_us = now_us;
	session->cycle = cycle;
	poll_due_tick(session, now_us);
	/* Few agents lack sysUpTime, and most of these have hrSystemUptime (RFC 2790). */
	if (session->missing & 1u << POLL_WHAT_UPTIME) {
		session->host_uptime = !session->host_uptime && !session->host_uptime_tried;
		session->host_uptime_tried = true;
		if (session->host_uptime)
			session->missing &= ~(1u << POLL_WHAT_UPTIME);
	}
	session->cycles++;
	if (probe)
		set_step(session, POLL_STEP_PROBE);
	else
		set_step(session, discovery_due(session) ? POLL_STEP_IDENTIFY : POLL_STEP_VALUES);
	return 0;
}

static bool begin_probes(struct poll_session *s)
{
	if (!poll_discover_needs_probes(s))
		return false;
	s->cycle->probes = calloc(s->env->profiles->n + 1, 1);
	return s->cycle->probes;
}

static void begin_discovery(struct poll_session *s)
{
	set_step(s, poll_discover_begin_walk(s) ? POLL_STEP_DISCOVER : POLL_STEP_VALUES);
	if (s->cycle->step == POLL_STEP_VALUES) /* nothing to walk: identity was all */
		s->next_discovery_us = s->cycle->begin_us + s->env->discovery_interval_us;
}

static void settle_identity(struct poll_session *s)
{
	s->cycle->identified = true;
	poll_discover_choose(s);
	begin_discovery(s);
}

/* The device says that its interfaces changed; not more often than it may provoke. */
static bool must_rediscover(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;

	if (!cycle->rediscover || cycle->discovered)
		return false;
	if (s->last_forced_us && cycle->begin_us - s->last_forced_us < FORCED_GAP_US) {
		s->next_discovery_us = s->last_forced_us + FORCED_GAP_US;
		return false;
	}
	s->last_forced_us = cycle->begin_us;
	s->env->counts.forced_discoveries++;
	return true;
}

static bool walk_due(const struct poll_session *s, size_t g)
{
	return s->groups[g].group->walks && poll_due(s, g);
}

static void finish_hardware(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;

	if (!hardware_poll_take(s->profile, &cycle->walk, s->device))
		s->env->counts.no_memory++;
	poll_walk_deinit(&cycle->walk);
	cycle->walking = false;
	set_step(s, POLL_STEP_DONE);
}

/* The next tables that are due, from group g on: as many in one walk as it has room for. */
static void begin_tables(struct poll_session *s, size_t g)
{
	struct poll_cycle *cycle = s->cycle;

	while (g < s->n_groups && !walk_due(s, g))
		g++;
	if (g == s->n_groups) {
		/* What the device is is asked last: nothing else waits for it. */
		set_step(s, POLL_STEP_DONE);
		if (cycle->identified && s->profile &&
		    hardware_poll_begin(s->profile, &cycle->walk)) {
			cycle->walking = true;
			set_step(s, POLL_STEP_HARDWARE);
		}
		return;
	}
	poll_walk_init(&cycle->walk, s->env->max_links * 4);
	cycle->walk_begun_us = 0;
	cycle->table = g;
	for (; g < s->n_groups; g++) {
		s->groups[g].walked = walk_due(s, g);
		if (s->groups[g].walked && !group_poll_columns(s->groups[g].group, &cycle->walk))
			break;
	}
	cycle->table_end = g > cycle->table ? g : g + 1; /* one that does not fit is left out */
	cycle->walking = true;
	set_step(s, POLL_STEP_TABLES);
}

/* A table is read by several requests without the device's time in them: some time between the
 * first and the last. */
static struct device_moment time_of_walk(const struct poll_cycle *cycle)
{
	int64_t half_us = (cycle->walked_us - cycle->walk_begun_us) / 2;

	if (!cycle->walk_begun_us)
		return cycle->when;
	if (half_us > INT32_MAX)
		half_us = INT32_MAX;
	return (struct device_moment){.local_us = cycle->walk_begun_us + half_us,
				      .before_us = (int32_t)half_us,
				      .after_us = (int32_t)half_us};
}

static void finish_table(struct poll_session *s, size_t g, size_t first_column)
{
	const struct group_poll_context ctx = {
		.device = s->device,
		.wall = &s->env->wall,
		.counts = &s->env->counts,
		.life = s->life,
		.when = time_of_walk(s->cycle),
		.clock = &s->clock,
		.data = s->env->hooks.data,
		.sample = s->env->hooks.sample,
		.step_ms = s->env->interval_ms * poll_due_every(s, s->groups[g].group),
	};

	s->groups[g].cycle = s->cycles;
	s->groups[g].tick = s->ticks;
	group_poll_table(&s->groups[g], &s->cycle->walk, first_column, &ctx);
}

static void finish_tables(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	size_t column = 0;

	s->env->counts.bad_order += cycle->walk.bad_order;
	s->env->counts.loops += cycle->walk.loops;
	s->env->counts.rows_dropped += cycle->walk.rows_dropped;
	for (size_t g = cycle->table; g < cycle->table_end; g++) {
		if (!s->groups[g].walked)
			continue;
		if (walk_due(s, g)) /* one that it stands for may have given something */
			finish_table(s, g, column);
		column += profile_group_columns(s->groups[g].group);
	}
	poll_walk_deinit(&cycle->walk);
	cycle->walking = false;
	begin_tables(s, cycle->table_end);
}

/* The step has nothing more to ask: on to the next. */
static void next_step(struct poll_session *s)
{
	struct poll_cycle *cycle = s->cycle;
	uint64_t before[POLL_WATCHED_N];

	poll_remarks_watch(s, before);
	poll_get_finish(s);
	switch (cycle->step) {
	case POLL_STEP_HOST:
		poll_restart_settle(s);
		set_step(s, discovery_due(s) ? POLL_STEP_IDENTIFY : POLL_STEP_VALUES);
		break;
	case POLL_STEP_PROBE:
		set_step(s, discovery_due(s) ? POLL_STEP_IDENTIFY : POLL_STEP_VALUES);
		break;
	case POLL_STEP_IDENTIFY:
		if (begin_probes(s))
			set_step(s, POLL_STEP_PROBES);
		else
			settle_identity(s);
		break;
	case POLL_STEP_PROBES:
		settle_identity(s);
		break;
	case POLL_STEP_DISCOVER:
		poll_discover_finish_walk(s, cycle->begin_us);
		set_step(s, POLL_STEP_VALUES);
		break;
	case POLL_STEP_VALUES:
		poll_held_release(s, true);
		if (must_rediscover(s))
			begin_discovery(s);
		else
			begin_tables(s, 0);
		break;
	case POLL_STEP_TABLES:
		finish_tables(s);
		break;
	case POLL_STEP_HARDWARE:
		finish_hardware(s);
		break;
	case POLL_STEP_DONE:
		break;
	}
	poll_remarks_note(s, before);
}

static bool next_walk(struct poll_session *s, const struct poll_walk_room *room,
		      struct poll_ask *ret)
{
	struct poll_walk *walk = &s->cycle->walk;

	if (!poll_walk_next(walk, &s->limits, room, &ret->n))
		return false;
	ret->pdu = walk->bulk ? SNMP_PDU_GETBULK : SNMP_PDU_GETNEXT;
	ret->repetitions = walk->repetitions;
	ret->number = 0;
	return true;
}

static bool next_get(struct poll_session *s, const struct poll_walk_room *room,
		     struct poll_ask *ret)
{
	ret->pdu = s->cycle->step == POLL_STEP_PROBES ? SNMP_PDU_GETNEXT : SNMP_PDU_GET;
	ret->n = poll_request_build(s, room, &ret->number);
	ret->repetitions = 0;
	return ret->n;
}

bool poll_session_next(struct poll_session *session, const struct poll_walk_room *room,
		       struct poll_ask *ret)
{
	struct poll_cycle *cycle = session->cycle;

	if (!cycle || cycle->over || cycle->requests >= REQUESTS_MAX)
		return false;
	while (cycle->step != POLL_STEP_DONE) {
		if (cycle->walking ? next_walk(session, room, ret) : next_get(session, room, ret)) {
			cycle->requests++;
			return true;
		}
		next_step(session);
	}
	return false;
}

/* ---- answers ---- */

static void walk_trouble(struct poll_session *s, enum poll_trouble trouble)
{
	struct poll_walk *walk = &s->cycle->walk;
	bool bulk = walk->bulk;

	if (!poll_limits_lower(&s->limits, poll_walk_asked(walk), bulk, trouble))
		poll_walk_end_column(walk, 0, true);
	else if (bulk && s->limits.no_bulk)
		s->env->counts.bulk_refused++;
}

static void walk_answer(struct poll_session *s, const struct poll_answer *answer)
{
	struct poll_walk *walk = &s->cycle->walk;

	if (!s->cycle->walk_begun_us)
		s->cycle->walk_begun_us = answer->earliest_us;
	s->cycle->walked_us = answer->received_us;
	switch (answer->error_status) {
	case SNMP_ERROR_NONE:
		if (!answer->n) {
			walk_trouble(s, POLL_TRUNCATED);
			return;
		}
		poll_limits_answered(&s->limits, poll_walk_asked(walk), walk->bulk);
		poll_walk_take(walk, answer->varbinds, answer->n);
		return;
	case SNMP_ERROR_TOO_BIG:
		s->env->counts.too_big++;
		walk_trouble(s, POLL_TOO_BIG);
		return;
	case SNMP_ERROR_NO_SUCH_NAME:
		poll_walk_end_column(walk, answer->error_index, false);
		return;
	default:
		s->env->counts.gen_errors++;
		/* Find out which column it is; of a GETBULK nobody knows how it was counted. */
		if (walk->bulk || (answer->error_index < 1 && walk->n_asked > 1))
			walk_trouble(s, POLL_GEN_ERROR);
		else
			poll_walk_end_column(walk, answer->error_index, true);
	}
}

void poll_session_answer(struct poll_session *session, const struct poll_answer *answer)
{
	struct poll_cycle *cycle = session->cycle;
	uint64_t before[POLL_WATCHED_N];

	if (!cycle || cycle->over)
		return;
	poll_remarks_watch(session, before);
	cycle->answered = true;
	cycle->read |= !answer->error_status && answer->n;
	if (cycle->walking)
		walk_answer(session, answer);
	else
		poll_get_answer(session, answer);
	poll_remarks_note(session, before);
}

void poll_session_fail(struct poll_session *session, enum poll_failure failure, int64_t now_us)
{
	struct poll_cycle *cycle = session->cycle;
	size_t asked;

	if (!cycle)
		return;
	asked = cycle->walking ? poll_walk_asked(&cycle->walk) : cycle->n_items;
	/* It answered less a moment ago: perhaps this is too much for it. */
	if (failure == POLL_FAILED_SILENCE && cycle->answered && asked > 1 &&
	    cycle->silent_retries++ < SILENT_RETRIES_MAX) {
		if (poll_limits_is_chance(&session->limits, asked,
					  cycle->walking && cycle->walk.bulk))
			return; /* the same once more, if there is time */
		session->env->counts.halved_by_silence++;
		if (cycle->walking)
			walk_trouble(session, POLL_SILENCE);
		else
			poll_get_trouble(session, POLL_SILENCE);
		return;
	}
	cycle->over = true;
	if (failure == POLL_FAILED_SILENCE && cycle->answered && asked == 1)
		poll_limits_not_of_size(&session->limits);
	/* What ran out of time was perhaps asked too little at once, and one binding is not too much. */
	cycle->silent = failure != POLL_FAILED_LATE && asked > 1;
	if (cycle->step <= POLL_STEP_DISCOVER && session->next_discovery_us)
		session->next_discovery_us = now_us + RETRY_DISCOVERY_US;
}

/* ---- the end ---- */

/* Errors alone might be about the one thing that was asked: it must have shown nothing yet. */
static bool refused(const struct poll_session *s)
{
	return s->cycle->no_access && !s->cycle->read && !s->n_links && !s->device->n_metrics;
}

enum poll_result poll_session_end(struct poll_session *session, int64_t now_us)
{
	enum poll_result result = POLL_SILENT;

	(void)now_us;
	if (!session->cycle)
		return POLL_SILENT;
	if (session->cycle->in_doubt)
		poll_restart_settle(session);
	poll_held_release(session, false);
	if (session->cycle->answered) {
		result = refused(session) ? POLL_REFUSED : POLL_ANSWERED;
		if (session->refused && result == POLL_ANSWERED)
			session->next_discovery_us = 0; /* somebody let us in */
		session->refused = result == POLL_REFUSED;
		if (!session->cycle->silent)
			poll_limits_relax(&session->limits);
		poll_remarks_tell(session);
	}
	free_cycle(session);
	return result;
}
