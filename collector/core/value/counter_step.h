/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices that renew their counters only every so often, all at once. Where that is less often than
 * they are polled, most readings say nothing, and one that does tells what passed in whole steps, not
 * since the reading before. How long a step is shows after some hundred of them, at once to
 * within what a rate may be off; until then it is not known over which time they grew. One struct per
 * device.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct counter_step {
	int64_t at_us;		      /* of the last reading; 0: none */
	int64_t still_us;	      /* of the last before they stood still; 0: they did not */
	int64_t anchor_lo, anchor_hi; /* a step was between these; 0: none is known */
	uint32_t n;		      /* steps since */
	uint32_t count;		      /* and in all: with gaps where some may be missing */
	int64_t lo_us, hi_us;	      /* a step takes so long */
	uint8_t irregular;	      /* times that no step fitted what was seen */
	bool suspected, quiet;	      /* stood still and went on; stands still for long */
};

/*
 * Notes that the device's counters were read; moved: any of them differs from the reading before.
 * patience_us: if all stand still for so long, nothing passes there. Returns whether it was a
 * reading: false, if they stood still for less.
 */
bool counter_step_note(struct counter_step *step, int64_t now_us, bool moved, int64_t patience_us);
/* Whether they seem to be renewed in steps. */
bool counter_step_is_suspected(const struct counter_step *step);
/* How long whole steps took since step->count was that; 0: not known well enough. */
int64_t counter_step_whole_us(const struct counter_step *step, uint32_t since_count);
