/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic as an exact function of time: how many octets passed between two moments, in
 * closed form, so that a counter can be asked for at any time, and a test knows what an
 * average must be. Pure.
 */
#pragma once

#include <stdint.h>

enum shape {
	SHAPE_FLAT,  /* the mean, always, to the octet */
	SHAPE_DAILY, /* a day's wave with a ten-minute ripple */
	SHAPE_BURST, /* every two minutes: 30 s at 3.4 times the mean, else a fifth of it
		      */
};

/*
 * Octets from time 0 to at_us (negative before 0), at mean octets_per_s. phase_s shifts
 * waves and bursts. Never falls with time.
 */
int64_t shape_octets(enum shape shape, uint64_t octets_per_s, double phase_s, int64_t at_us);
/* Octets per second at that moment. */
double shape_rate(enum shape shape, uint64_t octets_per_s, double phase_s, int64_t at_us);
