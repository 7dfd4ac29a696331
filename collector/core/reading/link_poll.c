/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what a row of ifTable, ifXTable or PANTAU-MIB's link table says about its
 * interval. Sources: RFC 2863 3.1.5 (discontinuities), 3.1.6 (widths); that devices lack
 * columns, lie about types and keep 64-bit counters at zero is from practice.
 */
#include "collector/core/reading/link_poll.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "collector/core/device/device.h"
#include "collector/core/value/device_clock.h"
#include "common/base/fnv1a.h"

#define LEAST_PACKET_BITS (64 * 8.0)
#define FASTEST_LINK_BPS  400e9 /* where no speed is stated */
#define ASSUMED_LINK_BPS  1e9 /* where none is stated: what counters of 32 bits must be safe from */
#define ODD_READINGS_MAX  5
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
	poll->last = (struct link_base){0};
	poll->in_doubt = false;
	poll->sum_known = false;
	memset(poll->twin, 0, sizeof(poll->twin));
	memset(poll->owed_ms, 0, sizeof(poll->owed_ms));
}

void link_poll_widen(struct link_poll *poll, const struct profile_links *links)
{
	size_t polled = links->n_columns - links->first_polled;

	assert(links->first_polled <= links->n_columns);
	poll->have = polled < 64 ? (UINT64_C(1) << polled) - 1 : UINT64_MAX;
	poll->narrowed = false;
}

void link_poll_begin(struct link_poll *poll, uint32_t if_index, const struct profile_links *links)
{
	link_poll_forget(poll);
	link_poll_widen(poll, links);
	memset(poll->column, -1, sizeof(poll->column));
	poll->seen_bps = 0;
	poll->doubt_bps = 0;
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
	if (vb->type != SNMP_TYPE_OCTETS || !vb->v.octets.len)
		return false; /* an empty text tells nobody apart */
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
	bool is_empty;

	value->type = vb->type;
	value->moment = note_moment(reading, when);
	if (vb->type >= SNMP_TYPE_NO_SUCH_OBJECT || vb->type == SNMP_TYPE_NULL)
		return;
	if (links->columns[links->first_polled + column].field == PROFILE_LINK_CHECK)
		value->good = note_name(value, vb);
	else
		value->good = note_number(value, vb);
	reading->any |= value->good;
	is_empty = vb->type == SNMP_TYPE_OCTETS && !vb->v.octets.len;
	counts->wrong_types += !value->good && !is_empty;
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

/* The first column of a field that answered, from column `from` on; -1 if none did. */
static int next_column(const struct profile_links *links, const struct link_reading *reading,
		       enum profile_link_field field, int from)
{
	for (int c = from < links->span[field].first ? links->span[field].first : from;
	     c < links->span[field].end; c++) {
		if (reading->value[c].good)
			return c;
	}
	return -1;
}

/*
 * Which column of a counter is read. Firmware that knows no 64-bit counters lets them stand
 * at zero, at 2^64-1 or anywhere, while their 32-bit twin counts: the first that is seen to
 * move is the one, and until then both are asked for.
 */
static void choose_column(struct link_poll *poll, const struct profile_links *links,
			  const struct link_reading *reading, enum profile_link_field field)
{
	size_t i = field - PROFILE_LINK_VALUES;
	bool was_read = poll->last.width[i] != COUNTER_NONE;
	int first, twin;

	if (poll->column[i] >= 0 && reading->value[poll->column[i]].good)
		return;
	first = next_column(links, reading, field, 0);
	if (first < 0)
		return;
	twin = next_column(links, reading, field, first + 1);
	if (twin < 0 || (was_read && reading->value[first].u != poll->last.value[i])) {
		poll->column[i] = (int8_t)first;
	} else if (!reading->value[first].u && reading->value[twin].u) {
		poll->column[i] = (int8_t)twin;
	} else if (was_read && poll->twin[i] && reading->value[twin].u != poll->twin[i]) {
		poll->column[i] = (int8_t)twin;
		poll->last.value[i] = poll->twin[i]; /* its own last reading */
		poll->last.width[i] = (uint8_t)width_of(&reading->value[twin]);
		poll->in_doubt = false;
	} else {
		poll->twin[i] = reading->value[twin].u;
	}
}

/* The column of a field in this reading; -1 if none answered. */
static int best_column(const struct link_poll *poll, const struct profile_links *links,
		       const struct link_reading *reading, enum profile_link_field field)
{
	int chosen = is_counter(field) ? poll->column[field - PROFILE_LINK_VALUES] : -1;

	return chosen >= 0 && reading->value[chosen].good ? chosen
							  : next_column(links, reading, field, 0);
}

static uint64_t bit(int column)
{
	return column < 0 ? 0 : UINT64_C(1) << column;
}

/* What has to be asked of this row from now on: of each field the column that is read, and its
 * twin while it is not known which of the two counts. */
static void narrow(struct link_poll *poll, const struct profile_links *links,
		   const struct link_reading *reading)
{
	uint64_t have = 0;

	poll->undecided = false;
	for (size_t f = PROFILE_LINK_POLLED; f < PROFILE_LINK_FIELD_N; f++) {
		int best = best_column(poll, links, reading, f);

		have |= bit(best);
		if (best < 0 || !is_counter(f) || poll->column[f - PROFILE_LINK_VALUES] >= 0)
			continue;
		have |= bit(next_column(links, reading, f, best + 1));
		poll->undecided = true;
	}
	for (size_t c = links->span[PROFILE_LINK_CHECK].first;
	     poll->shares_name && c < links->span[PROFILE_LINK_CHECK].end; c++)
		if (reading->value[c].good)
			have |= bit((int)c);
	poll->have = have;
	poll->narrowed = true;
}

static const struct link_value *value_of(const struct link_poll *poll,
					 const struct profile_links *links,
					 const struct link_reading *reading,
					 enum profile_link_field field, double *ret_scale)
{
	int c = best_column(poll, links, reading, field);

	if (c < 0)
		return NULL;
	if (ret_scale)
		*ret_scale = links->columns[links->first_polled + c].oid.scale;
	return &reading->value[c];
}

/* ---- rates ---- */

/* The most a counter of this field can grow in a second, by what the link says of its speed and
 * what its traffic has proved. NAN: a wrap cannot be told from a clear. */
static double max_per_s(const struct link_poll *poll, enum profile_link_field field,
			enum counter_width width)
{
	uint64_t bps = poll->speed_bps ? poll->speed_bps : ASSUMED_LINK_BPS;

	if (width != COUNTER_64 && !poll->speed_bps && !poll->seen_bps)
		return NAN;
	if (bps < poll->seen_bps)
		bps = poll->seen_bps;
	return is_octets(field) ? (double)bps / 8 : (double)bps / LEAST_PACKET_BITS;
}

/* After how long a counter that is not of 64 bits may have wrapped unseen. */
static int64_t wrap_us(const struct link_poll *poll, enum profile_link_field field)
{
	double bps = (double)(poll->speed_bps ? poll->speed_bps : ASSUMED_LINK_BPS);

	bps = fmax(bps, (double)poll->seen_bps);
	return counter_wrap_us(is_octets(field) ? bps / 8 : bps / LEAST_PACKET_BITS);
}

/* A row compared with an earlier reading of it. */
struct row_rates {
	struct device_moment at[PROFILE_LINK_GROUPS_MAX]; /* local_us 0: nothing came */
	int64_t dt_us[PROFILE_LINK_GROUPS_MAX];		  /* 0: seeds, or nothing new */
	bool seeded[PROFILE_LINK_GROUPS_MAX];
	int64_t from_ms[PROFILE_LINK_GROUPS_MAX]; /* wall time of the earlier reading */
	bool vague[PROFILE_LINK_GROUPS_MAX];	  /* the length of the interval is not known */
	int64_t value_us[LINK_POLL_COUNTERS];
	struct device_moment value_at[LINK_POLL_COUNTERS];
	struct counter_reading now[LINK_POLL_COUNTERS];
	uint8_t outcome[LINK_POLL_COUNTERS]; /* enum counter_outcome */
	double rate[LINK_POLL_COUNTERS];     /* NAN unless COUNTER_OK */
	bool any;			     /* some counter was compared */
	bool went_back;	 /* the row is not what the earlier reading went on to */
	bool near_zero;	 /* and stands where it would after a clear */
	double fast_bps; /* octets that grew by more than is believed; 0 none */
};

/*
 * All counters of a row are judged together: a clear takes them all, though some look as if
 * they had wrapped. One of errors or discards that goes back by itself is a fault of the
 * device's and no clear: after one it stands near zero.
 */
static void note_reset(enum profile_link_field field, const struct counter_reading *now,
		       double most, struct row_rates *row)
{
	bool near_zero = isnan(most) || (double)now->value <= most;

	row->near_zero |= near_zero;
	row->went_back |= near_zero || is_octets(field) || field >= PROFILE_LINK_IN_PACKETS;
}

static void compare(const struct link_poll *poll, const struct link_base *base,
		    enum profile_link_field field, int64_t dt_us, struct row_rates *row)
{
	size_t i = field - PROFILE_LINK_VALUES;
	const struct counter_reading then = {base->value[i], base->width[i]};
	const struct counter_reading *now = &row->now[i];
	double max = max_per_s(poll, field, now->width);
	enum counter_outcome outcome = counter_rate(&then, now, dt_us, max, &row->rate[i]);

	if (outcome == COUNTER_OK && now->width != COUNTER_64 && dt_us > wrap_us(poll, field))
		outcome = COUNTER_AMBIGUOUS;
	row->outcome[i] = outcome;
	if (outcome != COUNTER_OK)
		row->rate[i] = NAN;
	row->any |= dt_us > 0 && outcome != COUNTER_MISSING && outcome != COUNTER_FIRST;
	if (outcome == COUNTER_RESET)
		note_reset(field, now, max * COUNTER_SLACK * (double)dt_us / 1e6, row);
	if (outcome == COUNTER_IMPLAUSIBLE && is_octets(field))
		row->fast_bps = fmax(row->fast_bps,
				     (double)(now->value - then.value) * 8e6 / (double)dt_us);
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
static struct device_moment group_time(const struct link_poll *poll,
				       const struct link_poll_context *ctx,
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
		value = value_of(poll, ctx->links, reading, ctx->links->group_field[g][d], NULL);
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
	/* and not that of an agent that was restarted in between */
	bool own_clock = from->device_us && to->device_us > from->device_us &&
			 !device_clock_is_coarse(ctx->clock);
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

/* The wall clock's view of the interval, unless it was set in between. */
static int64_t duration_ms(int64_t last_ms, int64_t now_ms, int64_t dt_us)
{
	int64_t mono_ms = (dt_us + 500) / 1000;
	int64_t wall_ms = now_ms - last_ms;

	return wall_ms > mono_ms - mono_ms / 8 && wall_ms < mono_ms + mono_ms / 8 ? wall_ms
										  : mono_ms;
}

void link_poll_deliver(const struct link_poll *poll, size_t g, struct device_link *link,
		       const struct sample *sample, const struct link_poll_context *ctx)
{
	const struct sample_group *group = &ctx->links->groups[g];

	assert(g < ctx->links->n_groups);
	for (size_t d = 0; d < group->n_ds; d++) {
		set_live(link, ctx->links->group_field[g][d], sample->value[d]);
		ctx->counts->unknown_samples += isnan(sample->value[d]);
	}
	link->sample_ms = sample->time_ms;
	ctx->counts->samples++;
	if (ctx->sample && poll->series[g].device_id)
		ctx->sample(ctx->data, sample);
}

/* How long it was for each value: where the row came in several answers, it came in other
 * parts than the last time. */
static void set_value_times(const struct link_base *base, size_t g,
			    const struct link_reading *reading, const struct link_poll *poll,
			    const struct link_poll_context *ctx, struct row_rates *row, bool *vague)
{
	for (size_t d = 0; d < ctx->links->groups[g].n_ds; d++) {
		enum profile_link_field field = ctx->links->group_field[g][d];
		size_t i = field - PROFILE_LINK_VALUES;
		const struct link_value *value = value_of(poll, ctx->links, reading, field, NULL);
		const struct device_moment *from, *to;

		if (!value || !is_counter(field))
			continue;
		from = &base->value_at[i];
		to = &reading->moments[value->moment];
		if (!from->local_us ||
		    (from->local_us == base->at[g].local_us && to->local_us == row->at[g].local_us))
			continue;
		row->value_us[i] = interval_us(from, to, ctx, vague);
		if (row->value_us[i] <= 0)
			row->dt_us[g] = 0; /* with the next reading */
	}
}

static void set_times(const struct link_poll *poll, const struct link_base *base, size_t g,
		      const struct link_reading *reading, uint64_t sample_us,
		      const struct link_poll_context *ctx, struct row_rates *row)
{
	const bool own_time = sample_us && base->sample_us;
	bool vague = false;

	row->at[g] = group_time(poll, ctx, reading, g, sample_us);
	row->seeded[g] = base->at[g].local_us != 0;
	row->from_ms[g] = base->ms[g];
	if (!row->at[g].local_us || !row->seeded[g])
		return;
	row->dt_us[g] = own_time ? (int64_t)(sample_us - base->sample_us)
				 : interval_us(&base->at[g], &row->at[g], ctx, &vague);
	for (size_t d = 0; d < ctx->links->groups[g].n_ds; d++) {
		if (is_counter(ctx->links->group_field[g][d]))
			row->value_us[ctx->links->group_field[g][d] - PROFILE_LINK_VALUES] =
				row->dt_us[g];
	}
	if (!own_time)
		set_value_times(base, g, reading, poll, ctx, row, &vague);
	row->vague[g] = vague;
}

static void compare_row(const struct link_poll *poll, const struct link_base *base,
			const struct link_reading *reading, uint64_t sample_us,
			const struct link_poll_context *ctx, struct row_rates *row)
{
	*row = (struct row_rates){0};
	for (size_t g = 0; g < ctx->links->n_groups; g++) {
		set_times(poll, base, g, reading, sample_us, ctx, row);
		for (size_t d = 0; d < ctx->links->groups[g].n_ds; d++) {
			enum profile_link_field field = ctx->links->group_field[g][d];
			size_t i = field - PROFILE_LINK_VALUES;
			const struct link_value *value =
				value_of(poll, ctx->links, reading, field, NULL);

			if (!is_counter(field))
				continue;
			row->value_at[i] = value ? reading->moments[value->moment] : row->at[g];
			if (value)
				row->now[i] = (struct counter_reading){value->u, width_of(value)};
			compare(poll, base, field,
				row->vague[g] || !row->dt_us[g] ? 0 : row->value_us[i], row);
		}
	}
}

static bool fits(const struct row_rates *row)
{
	return row->any && !row->went_back && row->fast_bps <= 0;
}

static void make_unknown(struct row_rates *row)
{
	for (size_t i = 0; i < LINK_POLL_COUNTERS; i++)
		row->rate[i] = NAN;
}

/* The least speed that lines are built with that carries as much. */
static uint64_t line_speed(double bps)
{
	static const uint64_t MBPS[] = {10, 100, 1000, 2500, 10000, 25000, 40000, 100000};

	for (size_t i = 0; i < sizeof(MBPS) / sizeof(MBPS[0]); i++) {
		if (bps <= (double)MBPS[i] * 1e6)
			return MBPS[i] * 1000000;
	}
	return (uint64_t)FASTEST_LINK_BPS;
}

/* Growth that is beyond what the link states is believed once it was seen twice; at once after another
 * where it may be another interface's. */
static bool is_proved(const struct link_poll *poll, const struct row_rates *row)
{
	return (poll->in_doubt || !poll->shares_name) && !row->went_back && row->fast_bps > 0 &&
	       row->fast_bps <= FASTEST_LINK_BPS && row->fast_bps < poll->doubt_bps * 2 &&
	       row->fast_bps > poll->doubt_bps / 2;
}

static void begin_doubt(struct link_poll *poll, struct row_rates *row)
{
	poll->before = poll->last;
	poll->in_doubt = true;
	poll->odd_readings = 1;
	poll->maybe_cleared = row->near_zero;
	poll->went_back = row->went_back;
	if (row->fast_bps > 0)
		poll->doubt_bps = row->fast_bps;
	make_unknown(row);
}

/*
 * What the row did since the last reading. A reading that went back or grew too fast is
 * unknown, and does not yet become the base of the next one: that one shows whether the
 * device began anew (it goes on from the odd reading), or gave one odd number (it goes on
 * from the reading before: both intervals have one mean), or, where it could be either,
 * nothing. One that went back to where no clear leaves it may be odd for more than one reading:
 * the reading before stays a base for ODD_READINGS_MAX of them.
 */
static void judge_row(struct link_poll *poll, const struct link_reading *reading,
		      uint64_t sample_us, const struct link_poll_context *ctx,
		      struct row_rates *row)
{
	struct row_rates since_before;

	compare_row(poll, &poll->last, reading, sample_us, ctx, row);
	if (!row->any)
		return;
	if (is_proved(poll, row)) {
		poll->seen_bps = line_speed(row->fast_bps);
		poll->in_doubt = false;
		compare_row(poll, &poll->last, reading, sample_us, ctx, row);
		return;
	}
	if (!poll->in_doubt) {
		if (!fits(row))
			begin_doubt(poll, row);
		return;
	}
	compare_row(poll, &poll->before, reading, sample_us, ctx, &since_before);
	poll->in_doubt = false;
	if (!fits(row) && !fits(&since_before)) {
		begin_doubt(poll, row);
	} else if (fits(&since_before) && poll->odd_readings > 1) {
		make_unknown(row); /* what was told meanwhile is in it */
	} else if (fits(&since_before) && fits(row) && poll->by_number) {
		make_unknown(row); /* one odd number, or another interface from then on */
	} else if (!fits(row) || (fits(&since_before) && !poll->maybe_cleared)) {
		*row = since_before;
	} else if (fits(&since_before) && poll->maybe_cleared) {
		make_unknown(row);
	} else if (poll->went_back && !poll->maybe_cleared) {
		poll->in_doubt = poll->odd_readings++ < ODD_READINGS_MAX;
	}
}

static void count_outcomes(const struct row_rates *row, struct poll_counts *counts)
{
	for (size_t i = 0; i < LINK_POLL_COUNTERS; i++) {
		counts->counter_resets += row->outcome[i] == COUNTER_RESET;
		counts->counter_ambiguous += row->outcome[i] == COUNTER_AMBIGUOUS;
		counts->counter_implausible += row->outcome[i] == COUNTER_IMPLAUSIBLE;
	}
}

/* ---- the round ---- */

/* The first row that moved tells of the whole device. What a device dates itself is never old. */
static void note_round(struct link_poll *poll, const struct row_rates *row, bool own_time,
		       const struct link_poll_context *ctx)
{
	struct link_round *round = ctx->round;
	const bool was_known = poll->sum_known;
	const uint64_t before = poll->sum;

	poll->sum = 0;
	for (size_t i = 0; i < LINK_POLL_COUNTERS; i++)
		poll->sum += row->now[i].value;
	poll->sum_known = true;
	round->compared |= was_known;
	round->counted |= poll->sum != 0;
	if (round->moved || !(own_time || (was_known && poll->sum != before)))
		return;
	round->moved = true;
	if (!own_time)
		(void)counter_step_note(ctx->step, row->at[0].local_us, true, ctx->patience_us);
}

static bool is_growth(const struct sample *sample)
{
	for (size_t d = 0; d < sample->series->group->n_ds; d++)
		if (sample->value[d] > 0)
			return true;
	return false;
}

bool link_poll_settle(struct link_poll *poll, size_t g, struct sample *sample, uint32_t steps,
		      const struct link_poll_context *ctx)
{
	const double ms = (double)sample->duration_ms;
	double over_ms;

	assert(g < PROFILE_LINK_GROUPS_MAX);
	if (ctx->round->stood && !is_growth(sample)) {
		poll->owed_ms[g] += sample->duration_ms;
		return false;
	}
	sample->duration_ms += poll->owed_ms[g];
	over_ms = counter_step_is_suspected(ctx->step)
			  ? (double)counter_step_whole_us(ctx->step, steps) / 1000
			  : (double)sample->duration_ms;
	if (over_ms == ms)
		return true;
	poll->owed_ms[g] = 0;
	for (size_t d = 0; ms > 0 && d < sample->series->group->n_ds; d++)
		sample->value[d] = over_ms > 0 ? sample->value[d] * ms / over_ms : NAN;
	return true;
}

static void finish_group(struct link_poll *poll, size_t g, const struct link_reading *reading,
			 const struct row_rates *row, struct device_link *link,
			 const struct link_poll_context *ctx)
{
	const struct sample_group *group = &ctx->links->groups[g];
	struct sample sample = {.series = &poll->series[g]};
	const int64_t dt_us = row->dt_us[g];
	const uint32_t steps = poll->last.steps[g];

	if (!row->at[g].local_us || (row->seeded[g] && dt_us <= 0))
		return; /* nothing came, or nothing new */
	sample.time_ms = wall_map_ms(ctx->wall, row->at[g].local_us);
	sample.duration_ms =
		row->seeded[g] ? duration_ms(row->from_ms[g], sample.time_ms, dt_us) : 0;
	for (size_t d = 0; d < group->n_ds; d++) {
		enum profile_link_field field = ctx->links->group_field[g][d];
		size_t i = field - PROFILE_LINK_VALUES;
		const struct link_value *value;
		double scale = 1;

		value = value_of(poll, ctx->links, reading, field, &scale);
		if (is_counter(field)) {
			sample.value[d] = row->seeded[g] ? row->rate[i] * scale : NAN;
			poll->last.value_at[i] = row->value_at[i];
			poll->last.value[i] = row->now[i].value;
			poll->last.width[i] = (uint8_t)row->now[i].width;
		} else {
			sample.value[d] = value ? (double)value->u * scale : NAN;
		}
		if (!row->seeded[g])
			set_live(link, field, sample.value[d]);
	}
	poll->last.at[g] = row->at[g];
	poll->last.ms[g] = sample.time_ms;
	poll->last.steps[g] = ctx->step ? ctx->step->count : 0;
	if (!row->seeded[g])
		return;
	if (ctx->hold && (poll->by_number || !ctx->round->moved))
		ctx->hold(ctx->hold_data, g, &sample, steps);
	else if (!ctx->round || link_poll_settle(poll, g, &sample, steps, ctx))
		link_poll_deliver(poll, g, link, &sample, ctx);
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
		value_of(poll, ctx->links, reading, PROFILE_LINK_DISCONTINUITY, NULL);

	if (!value)
		return;
	if (poll->has_discontinuity && poll->discontinuity != value->u) {
		link_poll_forget(poll);
		ctx->counts->counter_resets++;
	}
	poll->has_discontinuity = true;
	poll->discontinuity = value->u;
}

static void take_states(const struct link_poll *poll, const struct link_reading *reading,
			struct device_link *link, const struct profile_links *links)
{
	const struct link_value *admin = value_of(poll, links, reading, PROFILE_LINK_ADMIN, NULL);
	const struct link_value *oper = value_of(poll, links, reading, PROFILE_LINK_OPER, NULL);

	if (admin && admin->u <= LINK_ADMIN_MAX)
		link->admin = admin->u;
	if (oper && oper->u <= LINK_OPER_MAX)
		link->oper = oper->u;
}

enum link_poll_outcome link_poll_finish(struct link_poll *poll, struct link_reading *reading,
					struct device_link *link,
					const struct link_poll_context *ctx)
{
	const struct link_value *sample_time;
	uint64_t sample_us;
	struct row_rates row;

	assert(ctx->links->n_groups <= PROFILE_LINK_GROUPS_MAX);
	if (!reading->any || !same_interface(poll, reading, ctx)) {
		link_poll_forget(poll);
		return reading->any ? LINK_POLL_RENAMED : LINK_POLL_GONE;
	}
	if (poll->life != ctx->life)
		link_poll_forget(poll);
	poll->life = ctx->life;
	check_discontinuity(poll, reading, ctx);
	take_states(poll, reading, link, ctx->links);
	for (size_t f = PROFILE_LINK_VALUES; f < PROFILE_LINK_VALUES + LINK_POLL_COUNTERS; f++)
		choose_column(poll, ctx->links, reading, f);
	sample_time = value_of(poll, ctx->links, reading, PROFILE_LINK_SAMPLE_TIME, NULL);
	sample_us = sample_time ? sample_time->u : 0;
	judge_row(poll, reading, sample_us, ctx, &row);
	if (row.any)
		count_outcomes(&row, ctx->counts);
	if (ctx->round)
		note_round(poll, &row, sample_us != 0, ctx);
	for (size_t g = 0; g < ctx->links->n_groups; g++)
		finish_group(poll, g, reading, &row, link, ctx);
	poll->last.sample_us = sample_us;
	if (!poll->narrowed || poll->undecided)
		narrow(poll, ctx->links, reading);
	return row.fast_bps > 0 ? LINK_POLL_FASTER : LINK_POLL_OK;
}

bool link_poll_is_odd(const struct link_poll *poll)
{
	return poll->in_doubt && poll->odd_readings == 1;
}

bool link_poll_speed_is_contradicted(const struct link_poll *poll)
{
	return poll->speed_bps && (double)poll->seen_bps > (double)poll->speed_bps * COUNTER_SLACK;
}

int64_t link_poll_wrap_us(const struct link_poll *poll)
{
	for (size_t i = 0; i <= PROFILE_LINK_OUT_OCTETS - PROFILE_LINK_VALUES; i++)
		if ((poll->last.width[i] == COUNTER_32 || poll->last.width[i] == COUNTER_PLAIN) &&
		    poll->last.value[i])
			return wrap_us(poll, PROFILE_LINK_IN_OCTETS);
	return INT64_MAX;
}
