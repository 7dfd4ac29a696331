/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can go wrong in a city, as a table: each kind says whom it befalls, how long it lasts,
 * what it does at its beginning and end, and what may be wrong because of it (truth/cause.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/simulation/city/script.h"
#include "tests/simulation/stage/stage.h"

struct city;

/* Under way, or about to be. */
struct trouble {
	struct stage_event begin, end, cut;
	struct city *city;
	const struct script_trouble *plan;
	int box;	  /* -1 none */
	int64_t unsure_s; /* a cut walk: until when it may not be known which ports there are */
};

enum trouble_reach {
	REACHES_ITSELF,
	SILENCES_ITSELF, /* nothing of the device is heard */
	SILENCES_BEHIND, /* nor of those behind it */
};

struct trouble_kind {
	const char *name;
	unsigned int weight; /* how often it is drawn; 0: only by a script's file */
	bool of_box;
	int64_t least_s, most_s; /* how long; 0: a moment */
	int64_t least, most;	 /* its amount */
	unsigned int excuses;	 /* CAUSE_... */
	enum trouble_reach reach;
	bool delays; /* answers come late, and it is not known when they were made */
	void (*begin)(struct trouble *trouble);
	void (*end)(struct trouble *trouble); /* NULL: nothing to end */
};
extern const struct trouble_kind TROUBLE_KINDS[];
extern const unsigned int TROUBLE_KINDS_N;
const struct trouble_kind *trouble_kind_find(const char *name);

/* Whether it is there, or was a moment ago, so that it may be why something is not right;
 * after_s: even so long ago. */
bool trouble_is_felt(const struct trouble *trouble, int64_t after_s);

/* Whether answers of the box are late, or were a while ago. */
bool trouble_delays(const struct city *city, const struct box *box);
/* Whether two are felt there within that time that make values unknown: what one alone would show the
 * other may hide. */
bool trouble_is_double(const struct city *city, const struct box *box, int64_t from_us,
		       int64_t to_us);
bool trouble_touches(const struct trouble *trouble, int64_t from_us, int64_t to_us);

/* Sets the script's troubles to begin and end at their times. */
void trouble_plan_all(struct city *city);
void trouble_free_all(struct city *city);
