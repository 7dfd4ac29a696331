/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A city under simulation: its devices, its network, its NOC, the troubles of its script, and
 * the truth that the invariants hold everything against.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/box.h"
#include "tests/simulation/city/network.h"
#include "tests/simulation/city/script.h"

struct cause_list;
struct inform_list;
struct noc;
struct trouble;

/* What was seen to be wrong, first of all. */
struct violation {
	const char *invariant; /* NULL: nothing */
	char box[BOX_ID], text[400];
	int64_t at_s; /* of the run */
};

struct city {
	const struct script *script;
	const char *dir; /* for files */
	bool loud;
	int64_t begun_us;
	struct box *boxes;
	struct line *lines; /* same index */
	size_t n_boxes;
	struct noc *noc;
	struct cause_list *causes;
	struct inform_list *informs;
	struct trouble *troubles; /* same index as the script's */
	void **notes;		  /* of the invariants, each its own */
	struct violation violation;
	struct {
		uint64_t samples, unknown, rows, events;
	} count;
};

/* Runs the script. Returns whether everything held; else ret says what did not. */
bool city_run(const struct script *script, const char *dir, bool loud, struct violation *ret,
	      struct city *ret_count);

/* The index of the box of that address or id; -1 none. */
int city_box_at(const struct city *city, uint32_t ip);
int city_box_of(const struct city *city, const char *id);
/* Seconds since the run began. */
double city_time_s(const struct city *city, int64_t at_us);
/* Something is not as it must be. box may be NULL: the NOC. Only the first counts, and none that is known (truth/known.h). */
void city_wrong(struct city *city, const char *invariant, const struct box *box, const char *fmt,
		...) printf_(4, 5);
