/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run is made of: the devices of a city, and which trouble begins when. Drawn from a
 * seed, or read from a file such as a failing run prints:
 *
 *	seed 42
 *	hours 6
 *	interval 60
 *	box sw-3 narrow [PARENT]
 *	trouble SECOND FOR_SECONDS NAME BOX|- AMOUNT
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/simulation/city/box.h"

enum { SCRIPT_BOXES_MAX = 64, SCRIPT_TROUBLES_MAX = 128 };

struct trouble_kind;

struct script_box {
	char id[BOX_ID], parent[BOX_ID];
	const struct box_kind *kind;
};

struct script_trouble {
	const struct trouble_kind *kind;
	int64_t at_s, for_s;
	char box[BOX_ID]; /* "": none */
	int64_t amount;	  /* what it means is the kind's */
};

struct script {
	uint64_t seed;
	int64_t hours, interval_s;
	struct script_box boxes[SCRIPT_BOXES_MAX];
	unsigned int n_boxes;
	struct script_trouble troubles[SCRIPT_TROUBLES_MAX]; /* by time */
	unsigned int n_troubles;
};

void script_draw(uint64_t seed, struct script *ret);
void script_write(const struct script *script, FILE *to);
/* Returns 0, or the number of the line that is wrong. */
int script_read(FILE *from, struct script *ret);
