/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a row of ifTable, ifXTable or PANTAU-MIB's link table says about its
 * interval. Sources: RFC 2863 3.1.5 (discontinuities), 3.1.6 (widths); that devices lack
 * columns, lie about types and keep 64-bit counters at zero is from practice.
 */
#include "collector/core/reading/link_poll.h"

#include <math.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/value/device_clock.h"
#include "common/base/fnv1a.h"

#define LEAST_PACKET_BITS (64 * 8.0)
#define FAST_LINK_BPS	  10e9	/* what a port that states a low speed may still be */
#define FASTEST_LINK_BPS  400e9 /* where no speed is stated */
#define ASSUMED_LINK_BPS  1e9 /* where none is stated: what counters of 32 bits must be safe from */
#define EXACT_PART	  1000			  /* a rate shall be right to 0.1 % */
#define EXACT_WAIT_US	  (12 * INT64_C(1000000)) /* in which a tick of sysUpTime is less than that */

static bool is_counter(enum profile_link_field field)
{
	return field >= PROFILE_LINK_VALUES && field - PROFILE_LINK_VALUES < LINK_POLL_COUNTERS;
}

static bool is_octets(enum profile_link_field field)
{
	return field == PROFILE_LINK_IN_OCTETS || field == PROFILE_LINK_OUT_OCTETS;
}

void link_poll_forget(struct link_poll *poll)
{
	memset(poll->last, 0, sizeof(poll->last));
	memset(poll->last_width, 0, sizeof(poll->last_width));
	memset(poll->last_at, 0, sizeof(poll->last_at));
	poll->sample_us = 0;
}

void link_poll_widen(struct link_poll *poll, const struct profile_links *links)
{
	size_t polled = links->n_columns - links->first_polled;

	poll->have = polled < 64 ? (UINT64_C(1) << polled) - 1 : UINT64_MAX;
	poll->narrowed = false;
}

void link_poll_begin(struct link_poll *poll, uint32_t if_index, const struct profile_links *links)
{
	link_poll_forget(poll);
	link_poll_widen(poll, links);
	poll->if_index = if_index;
	poll->has_discontinuity = false;
	poll->check_known = false;
}

void link_poll_set_shares_name(struct link_poll *poll, bool shares_name)
{
	if (poll->shares_name == shares_name)
		return;
	poll->shares_name = shares_name;
	poll->check_known = false;
	poll->narrowed = false;
}

bool link_poll_asks(const struct link_poll *poll, size_t column)
{
	return poll->have >> column & 1;
}

/* ---- one value ---- */

static bool note_name(struct link_value *value, const struct snmp_varbind *vb)
{
	if (vb->type != SNMP_TYPE_OCTETS)
		return false;
	value->u = fnv1a(FNV1A_START, vb->v.octets.p, vb->v.octets.len);
	return true;
}

static bool note_number(struct link_value *value, const struct snmp_varbind *vb)
{
	switch (vb->type) {
	case SNMP_TYPE_INTEGER:
		if (vb->v.i < 0)
			return false;
		value->u = (uint64_t)vb->v.i;
		return true;
	case SNMP_TYPE_COUNTER32:
	case SNMP_TYPE_GAUGE32:
	case SNMP_TYPE_TIMETICKS:
	case SNMP_TYPE_COUNTER64:
		value->u = vb->v.u;
		return true;
	default:
		return false;
	}
}

void link_reading_begin(struct link_reading *reading, const struct profile_links *links)
{
	reading->any = false;
	reading->n_moments = 0;
	memset(reading->value, 0,
	       (links->n_columns - links->first_polled) * sizeof(reading->value[0]));
}

static uint8_t note_moment(struct link_reading *reading, const struct device_moment *when)
{
	uint8_t last = reading->n_moments ? reading->n_moments - 1 : 0;

	if (reading->n_moments && reading->moments[last].local_us == when->local_us)
		return last;
	if (reading->n_moments < LINK_MOMENTS_MAX)
		last = reading->n_moments++;
	reading->moments[last] = *when;
	return last;
}

void link_reading_note(struct link_reading *reading, const struct profile_links *links,
		       size_t column, const struct snmp_varbind *vb,
		       const struct device_moment *when, struct poll_counts *counts)
{
	struct link_value *value = &reading->value[column];

	value->type = vb->type;
	value->moment = note_moment(reading, when);
	if (vb->type >= SNMP_TYPE_NO_SUCH_OBJECT || vb->type == SNMP_TYPE_NULL)
		return;
	if (links->columns[links->first_polled + column].field == PROFILE_LINK_CHECK)
		value->good = note_name(value, vb);
	else
		value->good = note_number(value, vb);
	reading->any |= value->good;
	counts->wrong_types += !value->good;
}

/* ---- the row's columns ---- */

static enum counter_width width_of(const struct link_value *value)
{
	if (!value->good)
		return COUNTER_NONE;
	if (value->type == SNMP_TYPE_COUNTER64)
		return COUNTER_64;
	if (value->type == SNMP_TYPE_COUNTER32)
		return COUNTER_32;
	/* a Gauge32 stays at its end, and does not count any more */
	return value->u == UINT32_MAX ? COUNTER_NONE : COUNTER_PLAIN;
}

/* The best column of a field in this reading; -1 if none answered. A 64-bit counter that
 * stands at zero while its 32-bit twin counts is a stub of the firmware. */
static int best_column(const struct profile_links *links, const struct link_reading *reading,
		       enum profile_link_field field)
{
	int best = -1;

	for (size_t c = links->span[field].first; c < links->span[field].end; c++) {
		if (!reading->value[c].good)
			continue;
		if (best < 0 ||
		    (is_counter(field) && !reading->value[best].u && reading->value[c].u))
			best = (int)c;
	}
	return best;
}

static void narrow(struct link_poll *poll, const struct profile_links *links,
		   const struct link_reading *reading)
{
	uint64_t have = 0;
	int best;

	for (size_t f = PROFILE_LINK_POLLED; f < PROFILE_LINK_FIELD_N; f++) {
		best = best_column(links, reading, f);
		if (best >= 0)
			have |= UINT64_C(1) << best;
	}
	for (size_t c = links->span[PROFILE_LINK_CHECK].first;
	     poll->shares_name && c < links->span[PROFILE_LINK_CHECK].end; c++)
		if (reading->value[c].good)
			have |= UINT64_C(1) << c;
	poll->have = have;
	poll->narrowed = true;
}

static const struct link_value *value_of(const struct profile_links *links,
					 const struct link_reading *reading,
					 enum profile_link_field field, double *ret_scale)
{
	int c = best_column(links, reading, field);

	if (c < 0)
		return NULL;
	if (ret_scale)
		*ret_scale = links->columns[links->first_polled + c].oid.scale;
	return &reading->value[c];
}

/* ---- rates ---- */

/* The most a counter of this field can grow in a second, by what the link says of its speed. */
static double max_per_s(const struct link_poll *poll, enum profile_link_field field,
			enum counter_width width)
{
	double bps = (double)poll->speed_bps;

	if (width == COUNTER_32 && !poll->speed_bps)
		return NAN;
	/* 64 bits need no speed to be believed, and stated speeds are often too low: tunnels, bridges, radios */
	if (width != COUNTER_32)
		bps = poll->speed_bps ? fmax(bps, FAST_LINK_BPS) : FASTEST_LINK_BPS;
	return is_octets(field) ? bps / 8 : bps / LEAST_PACKET_BITS;
}

/* After how long a counter that is not of 64 bits may have wrapped unseen. */
static int64_t wrap_us(const struct link_poll *poll, enum profile_link_field field)
{
	double bps = poll->speed_bps ? (double)poll->speed_bps : ASSUMED_LINK_BPS;

	return counter_wrap_us(is_octets(field) ? bps / 8 : bps / LEAST_PACKET_BITS);
}

static double counter_value(struct link_poll *poll, const struct link_value *value, double scale,
			    enum profile_link_field field, int64_t dt_us,
			    struct poll_counts *counts)
{
	size_t i = field - PROFILE_LINK_VALUES;
	const struct counter_reading last = {poll->last_value[i], poll->last_width[i]};
	struct counter_reading now = {0};
	enum counter_outcome outcome;
	double rate = NAN;

	if (value) {
		now.value = value->u;
		now.width = width_of(value);
	}
	outcome = counter_rate(&last, &now, dt_us, max_per_s(poll, field, now.width), &rate);
	if (outcome == COUNTER_OK && now.width != COUNTER_64 && dt_us > wrap_us(poll, field))
		outcome = COUNTER_AMBIGUOUS;
	if (dt_us > 0) {
		counts->counter_resets += outcome == COUNTER_RESET;
		counts->counter_ambiguous += outcome == COUNTER_AMBIGUOUS;
		counts->counter_implausible += outcome == COUNTER_IMPLAUSIBLE;
	}
	poll->last_value[i] = now.value;
	poll->last_width[i] = now.width;
	return outcome == COUNTER_OK ? rate * scale : NAN;
}

static void set_live(struct device_link *link, enum profile_link_field field, double value)
{
	switch (field) {
	case PROFILE_LINK_IN_OCTETS:
		link->in_bps = value * 8;
		break;
	case PROFILE_LINK_OUT_OCTETS:
		link->out_bps = value * 8;
		break;
	case PROFILE_LINK_IN_ERRORS:
		link->in_errors_per_s = value;
		break;
	case PROFILE_LINK_OUT_ERRORS:
		link->out_errors_per_s = value;
		break;
	case PROFILE_LINK_IN_DISCARDS:
		link->in_discards_per_s = value;
		break;
	case PROFILE_LINK_OUT_DISCARDS:
		link->out_discards_per_s = value;
		break;
	default:
		break;
	}
}

/* When the values of a group were taken; local_us 0 if none came. */
static struct device_moment group_time(const struct link_poll_context *ctx,
				       const struct link_reading *reading, size_t g,
				       uint64_t sample_us)
{
	struct device_moment at = {0};
	const struct link_value *value;

	if (sample_us) {
		at.local_us = device_clock_local_us(ctx->clock, sample_us);
		return at;
	}
	for (size_t d = 0; d < ctx->links->groups[g].n_ds; d++) {
		value = value_of(ctx->links, reading, ctx->links->group_field[g][d], NULL);
		if (value)
			at = reading->moments[value->moment];
	}
	return at;
}

/*
 * How long the interval was. 0: no time has passed on the device, or so little (a poll out
 * of turn) that its length is not known well enough; then the next one will do. ret_vague:
 * it will never be known well enough, since the device has no clock and answers as it likes.
 */
static int64_t interval_us(const struct device_moment *from, const struct device_moment *to,
			   const struct link_poll_context *ctx, bool *ret_vague)
{
	bool own_clock = from->device_us && to->device_us;
	int64_t us, error_us, least_us;

	us = device_clock_interval_us(ctx->clock, from, to, &error_us);
	if (error_us <= us / EXACT_PART)
		return us;
	least_us = own_clock ? ctx->step_us / 4 * 3
			     : ctx->step_us / 4 * 11; /* what RRD files bridge */
	if (least_us < EXACT_WAIT_US)
		least_us = EXACT_WAIT_US;
	*ret_vague |= !own_clock;
	return us < least_us ? 0 : us;
}

/* How long it was for a group, and for each of its values: where the row came in several
 * answers, it came in other parts than the last time. */
struct group_times {
	int64_t us, value_us[SAMPLE_DS_MAX]; /* as interval_us() */
	bool vague;
};

static void set_times(const struct link_poll *poll, size_t g, const struct link_reading *reading,
		      const struct device_moment *now, const struct link_poll_context *ctx,
		      struct group_times *times)
{
	const struct link_value *value;
	enum profile_link_field field;

	times->us = interval_us(&poll->last[g], now, ctx, &times->vague);
	for (size_t d = 0; d < ctx->links->groups[g].n_ds; d++) {
		const struct device_moment *from, *to;

		field = ctx->links->group_field[g][d];
		value = value_of(ctx->links, reading, field, NULL);
		times->value_us[d] = times->us;
		if (!value || !is_counter(field))
			continue;
		from = &poll->last_at[field - PROFILE_LINK_VALUES];
		to = &reading->moments[value->moment];
		if (!from->local_us ||
		    (from->local_us == poll->last[g].local_us && to->local_us == now->local_us))
			continue;
		times->value_us[d] = interval_us(from, to, ctx, &times->vague);
		if (times->value_us[d] <= 0)
			times->us = 0; /* with the next reading */
	}
}

/* Nothing of it is known of a first reading. */
static void times_of(const struct link_poll *poll, size_t g, const struct link_reading *reading,
		     const struct device_moment *now, uint64_t sample_us,
		     const struct link_poll_context *ctx, struct group_times *ret)
{
	*ret = (struct group_times){0};
	if (!poll->last[g].local_us)
		return;
	if (!sample_us || !poll->sample_us) {
		set_times(poll, g, reading, now, ctx, ret);
		return;
	}
	ret->us = (int64_t)(sample_us - poll->sample_us);
	for (size_t d = 0; d < SAMPLE_DS_MAX; d++)
		ret->value_us[d] = ret->us;
}

/* The wall clock's view of the interval, unless it was set in between. */
static int64_t duration_ms(int64_t last_ms, int64_t now_ms, int64_t dt_us)
{
	int64_t mono_ms = (dt_us + 500) / 1000;
	int64_t wall_ms = now_ms - last_ms;

	return wall_ms > mono_ms - mono_ms / 8 && wall_ms < mono_ms + mono_ms / 8 ? wall_ms
										  : mono_ms;
}

static void emit(struct link_poll *poll, size_t g, const struct sample *sample,
		 const struct link_poll_context *ctx)
{
	const struct sample_group *group = &ctx->links->groups[g];

	for (size_t d = 0; d < group->n_ds; d++)
		ctx->counts->unknown_samples += isnan(sample->value[d]);
	ctx->counts->samples++;
	if (ctx->sample && poll->series[g].device_id)
		ctx->sample(ctx->data, sample);
}

static double field_value(struct link_poll *poll, enum profile_link_field field, int64_t us,
			  const struct link_reading *reading, const struct device_moment *now,
			  const struct link_poll_context *ctx)
{
	double scale = 1;
	const struct link_value *value = value_of(ctx->links, reading, field, &scale);

	if (!is_counter(field))
		return value ? (double)value->u * scale : NAN;
	poll->last_at[field - PROFILE_LINK_VALUES] = value ? reading->moments[value->moment] : *now;
	return counter_value(poll, value, scale, field, us, ctx->counts);
}

static void finish_group(struct link_poll *poll, size_t g, const struct link_reading *reading,
			 uint64_t sample_us, struct device_link *link,
			 const struct link_poll_context *ctx)
{
	const struct sample_group *group = &ctx->links->groups[g];
	struct device_moment now = group_time(ctx, reading, g, sample_us);
	bool seeded = poll->last[g].local_us != 0;
	struct sample sample = {.series = &poll->series[g]};
	enum profile_link_field field;
	struct group_times times;

	times_of(poll, g, reading, &now, sample_us, ctx, &times);
	if (!now.local_us || (seeded && times.us <= 0))
		return; /* nothing came, or nothing new */
	sample.time_ms = wall_map_ms(ctx->wall, now.local_us);
	sample.duration_ms = seeded ? duration_ms(poll->last_ms[g], sample.time_ms, times.us) : 0;
	for (size_t d = 0; d < group->n_ds; d++) {
		field = ctx->links->group_field[g][d];
		sample.value[d] = field_value(poll, field, times.vague ? 0 : times.value_us[d],
					      reading, &now, ctx);
		set_live(link, field, sample.value[d]);
	}
	poll->last[g] = now;
	poll->last_ms[g] = sample.time_ms;
	if (!seeded)
		return;
	link->sample_ms = sample.time_ms;
	emit(poll, g, &sample, ctx);
}

/* ---- the row ---- */

/* All that says which interface stands in this row, as one number; false: nothing does. */
static bool who_is_there(const struct link_poll *poll, const struct link_reading *reading,
			 const struct profile_links *links, uint64_t *ret)
{
	bool any = false;

	*ret = FNV1A_START;
	for (size_t c = links->span[PROFILE_LINK_CHECK].first;
	     c < links->span[PROFILE_LINK_CHECK].end; c++) {
		if (!reading->value[c].good)
			continue;
		*ret = fnv1a(*ret, &reading->value[c].u, sizeof(reading->value[c].u));
		any = true;
		if (!poll->shares_name)
			break;
	}
	return any;
}

/* Does the interface that was there still stand in this row? */
static bool same_interface(struct link_poll *poll, const struct link_reading *reading,
			   const struct link_poll_context *ctx)
{
	uint64_t hash;
	bool same;

	if (!who_is_there(poll, reading, ctx->links, &hash))
		return true;
	same = !poll->check_known || poll->check_hash == hash;
	poll->check_hash = hash;
	poll->check_known = true;
	return same;
}

static void check_discontinuity(struct link_poll *poll, const struct link_reading *reading,
				const struct link_poll_context *ctx)
{
	const struct link_value *value =
		value_of(ctx->links, reading, PROFILE_LINK_DISCONTINUITY, NULL);

	if (!value)
		return;
	if (poll->has_discontinuity && poll->discontinuity != value->u) {
		link_poll_forget(poll);
		ctx->counts->counter_resets++;
	}
	poll->has_discontinuity = true;
	poll->discontinuity = value->u;
}

enum link_poll_outcome link_poll_finish(struct link_poll *poll, struct link_reading *reading,
					struct device_link *link,
					const struct link_poll_context *ctx)
{
	const struct link_value *sample_time;
	uint64_t sample_us = 0;
	const struct link_value *admin;
	const struct link_value *oper;

	if (!reading->any || !same_interface(poll, reading, ctx)) {
		link_poll_forget(poll);
		return reading->any ? LINK_POLL_RENAMED : LINK_POLL_GONE;
	}
	if (poll->life != ctx->life)
		link_poll_forget(poll);
	poll->life = ctx->life;
	check_discontinuity(poll, reading, ctx);
	admin = value_of(ctx->links, reading, PROFILE_LINK_ADMIN, NULL);
	oper = value_of(ctx->links, reading, PROFILE_LINK_OPER, NULL);
	if (admin && admin->u <= LINK_ADMIN_MAX)
		link->admin = admin->u;
	if (oper && oper->u <= LINK_OPER_MAX)
		link->oper = oper->u;
	sample_time = value_of(ctx->links, reading, PROFILE_LINK_SAMPLE_TIME, NULL);
	if (sample_time)
		sample_us = sample_time->u;
	for (size_t g = 0; g < ctx->links->n_groups; g++)
		finish_group(poll, g, reading, sample_us, link, ctx);
	poll->sample_us = sample_us;
	if (!poll->narrowed)
		narrow(poll, ctx->links, reading);
	return LINK_POLL_OK;
}

int64_t link_poll_wrap_us(const struct link_poll *poll)
{
	for (size_t i = 0; i <= PROFILE_LINK_OUT_OCTETS - PROFILE_LINK_VALUES; i++)
		if ((poll->last_width[i] == COUNTER_32 || poll->last_width[i] == COUNTER_PLAIN) &&
		    poll->last_value[i])
			return wrap_us(poll, PROFILE_LINK_IN_OCTETS);
	return INT64_MAX;
}
