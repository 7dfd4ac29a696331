/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is remembered of one link between polls, and how a reading of its row becomes
 * samples: which columns the row has, the counters' last values and times, whether they
 * still count from the same zero.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/core/device/profile.h"
#include "collector/core/reading/poll_counts.h"
#include "collector/core/value/counter.h"
#include "collector/core/value/counter_step.h"
#include "collector/core/value/device_clock.h"
#include "collector/core/value/wall_map.h"

struct device_link;

enum { LINK_POLL_COUNTERS = PROFILE_LINK_OUT_PACKETS - PROFILE_LINK_VALUES + 1 };

/* One value of a row as it came. */
struct link_value {
	bool good;	/* answered with a type that fits the column */
	uint8_t type;	/* enum snmp_type */
	uint8_t moment; /* index into the reading's */
	uint64_t u;
};

/* A row while its answers come in: one at a time per device. Its answers may be several, each of a moment of its own. */
enum { LINK_MOMENTS_MAX = PROFILE_CANDIDATES_MAX };
struct link_reading {
	bool any;
	uint8_t n_moments;
	struct device_moment moments[LINK_MOMENTS_MAX];
	struct link_value value[PROFILE_CANDIDATES_MAX]; /* by column - first_polled */
};

/* What the next reading is compared with. */
struct link_base {
	struct device_moment at[PROFILE_LINK_GROUPS_MAX]; /* local_us 0: none */
	int64_t ms[PROFILE_LINK_GROUPS_MAX];		  /* the wall time that was given to it */
	uint64_t value[LINK_POLL_COUNTERS];
	struct device_moment value_at[LINK_POLL_COUNTERS];
	uint8_t width[LINK_POLL_COUNTERS]; /* enum counter_width */
	uint64_t sample_us; /* the device's own sample time, where the profile has it */
	uint32_t steps[PROFILE_LINK_GROUPS_MAX]; /* of the device's counters, by then */
};

struct link_poll {
	uint32_t if_index;
	uint64_t check_hash; /* of the name that must stand in the row */
	uint32_t life;	     /* of the device when the counters were read */
	uint32_t cycle;	     /* in which it was read last */
	bool watched;	     /* in the last discovery, and not skipped */
	bool narrowed;	     /* have says what is asked; before, all columns are */
	bool undecided;	     /* of some counter two columns are asked: column */
	bool missed;	     /* not in the last walk, though it answered a GET */
	bool speed_asked;    /* anew, since it grew faster than it says */
	bool check_known, has_discontinuity;
	bool shares_name;   /* or has none: all check columns are looked at, not only the first */
	bool by_number;	    /* and none of them tells it from the others */
	uint64_t have;	    /* bit by column - first_polled */
	uint64_t speed_bps; /* 0 unknown */
	uint64_t discontinuity;
	struct link_base last;
	/* While in doubt, the reading before the one that went back or grew too fast: one of the
	 * two is what the next one belongs to. */
	struct link_base before;
	bool in_doubt;
	uint8_t odd_readings;	       /* since before */
	bool went_back, maybe_cleared; /* why it is in doubt; neither: it grew too fast */
	uint64_t seen_bps; /* proved by traffic, where the link states less or nothing */
	double doubt_bps;  /* the last growth that was not believed; 0 none */
	int64_t owed_ms
		[PROFILE_LINK_GROUPS_MAX]; /* in which nothing was renewed: of the next sample */
	uint64_t sum; /* of all counters at the last reading: whether any of them moved */
	bool sum_known;
	/* Of fields with two columns: the one that counts, once either was seen to move. */
	int8_t column[LINK_POLL_COUNTERS]; /* -1: not known yet */
	uint64_t twin[LINK_POLL_COUNTERS]; /* the other column's last value */
	struct series series[PROFILE_LINK_GROUPS_MAX];
};

/* All rows of a cycle: whether the device renewed its counters since the last one. */
struct link_round {
	bool compared; /* some row with an earlier reading of it */
	bool moved;    /* some differs */
	bool counted;  /* some counter is not zero */
	bool stood;    /* nothing was renewed */
};

/* What a reading is turned into samples with. */
struct link_poll_context {
	const struct profile_links *links;
	const struct device_clock *clock;
	const struct wall_map *wall;
	struct poll_counts *counts;
	uint32_t life;
	int64_t step_us; /* the interval that is aimed at */
	void *data;
	void (*sample)(void *data, const struct sample *sample);
	struct counter_step *step; /* NULL: not looked at */
	struct link_round *round;
	int64_t patience_us;
	/* Instead of that, for a row that is known by its number alone, and as long as no row moved. */
	void *hold_data;
	void (*hold)(void *data, size_t group, const struct sample *sample, uint32_t steps);
};

enum link_poll_outcome {
	LINK_POLL_OK,
	LINK_POLL_GONE,	   /* the row is not there any more */
	LINK_POLL_RENAMED, /* another interface stands in this row now */
	LINK_POLL_FASTER,  /* taken, but it grew faster than the link says it can: ask again */
};

/* A link at a new place, or the first time: what was read before does not count. */
void link_poll_begin(struct link_poll *poll, uint32_t if_index, const struct profile_links *links);
/* All columns are asked for once more, to see what the row has by now. */
void link_poll_widen(struct link_poll *poll, const struct profile_links *links);
/* Whether its name alone tells it from the others. */
void link_poll_set_shares_name(struct link_poll *poll, bool shares_name);
/* Forgets the last values: the next reading only seeds. */
void link_poll_forget(struct link_poll *poll);
/* Does the row have to be asked for this column (index - first_polled)? */
bool link_poll_asks(const struct link_poll *poll, size_t column);

/* Begins a row. */
void link_reading_begin(struct link_reading *reading, const struct profile_links *links);
/* Notes one binding of the row. */
struct snmp_varbind;
void link_reading_note(struct link_reading *reading, const struct profile_links *links,
		       size_t column, const struct snmp_varbind *vb,
		       const struct device_moment *when, struct poll_counts *counts);
/* The row is complete: hands out samples, sets link's live values. */
enum link_poll_outcome link_poll_finish(struct link_poll *poll, struct link_reading *reading,
					struct device_link *link,
					const struct link_poll_context *ctx);
/* Gives a sample the time that it is of; steps: as of the reading before. False: nothing was renewed,
 * it is of the next one's time. */
bool link_poll_settle(struct link_poll *poll, size_t group, struct sample *sample, uint32_t steps,
		      const struct link_poll_context *ctx);
/* Hands out a sample that was held. */
void link_poll_deliver(const struct link_poll *poll, size_t group, struct device_link *link,
		       const struct sample *sample, const struct link_poll_context *ctx);
/* Whether its last reading does not go on from the one before: another interface may stand there. */
bool link_poll_is_odd(const struct link_poll *poll);
/* Whether traffic proved that the link is faster than it says: its load is not known. */
bool link_poll_speed_is_contradicted(const struct link_poll *poll);
/* The longest pause after which the row's octets of 32 bits, if it has some that count, can still be followed. */
int64_t link_poll_wrap_us(const struct link_poll *poll);
