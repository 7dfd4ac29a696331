/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traffic in closed form; each shape's integral stands beside its rate. */
#include "tests/sim/shape.h"

#include <math.h>

#define MILLION	     1000000
#define DAY_S	     86400.0
#define DAY_SWING    0.6
#define RIPPLE_S     600.0
#define RIPPLE_SWING 0.3
#define BURST_S	     120.0
#define BURST_LONG_S 30.0
#define BURST_HIGH   3.4 /* 0.25 * 3.4 + 0.75 * 0.2 = 1 */
#define BURST_LOW    0.2
#define TAU	     6.283185307179586

/* 1 + swing * sin has the integral t - swing * period / tau * cos. */
static double wave(double t, double period, double swing)
{
	return -swing * period / TAU * cos(TAU * t / period);
}

static double burst_seconds(double t)
{
	double whole = floor(t / BURST_S), rest = t - whole * BURST_S;
	double high = rest < BURST_LONG_S ? rest : BURST_LONG_S;

	return whole * BURST_S + high * BURST_HIGH + (rest - high) * BURST_LOW;
}

/* Seconds at the mean rate that give the same octets as the shape from some fixed moment
 * to t. */
static double integral(enum shape shape, double t)
{
	if (shape == SHAPE_BURST)
		return burst_seconds(t);
	return t + wave(t, DAY_S, DAY_SWING) + wave(t, RIPPLE_S, RIPPLE_SWING);
}

/* In parts, of which none leaves 64 bits: a 32-bit machine has no wider type. */
static int64_t flat_octets(int64_t octets_per_s, int64_t at_us)
{
	int64_t rest = at_us % MILLION;

	return at_us / MILLION * octets_per_s + rest * (octets_per_s / MILLION) +
	       rest * (octets_per_s % MILLION) / MILLION;
}

int64_t shape_octets(enum shape shape, uint64_t octets_per_s, double phase_s, int64_t at_us)
{
	double seconds;

	if (shape == SHAPE_FLAT)
		return flat_octets((int64_t)octets_per_s, at_us);
	seconds = integral(shape, phase_s + (double)at_us / 1e6) - integral(shape, phase_s);
	return (int64_t)floor(seconds * (double)octets_per_s);
}

double shape_rate(enum shape shape, uint64_t octets_per_s, double phase_s, int64_t at_us)
{
	double t = phase_s + (double)at_us / 1e6, factor = 1;

	if (shape == SHAPE_BURST)
		factor = t - floor(t / BURST_S) * BURST_S < BURST_LONG_S ? BURST_HIGH : BURST_LOW;
	else if (shape == SHAPE_DAILY)
		factor = 1 + DAY_SWING * sin(TAU * t / DAY_S) +
			 RIPPLE_SWING * sin(TAU * t / RIPPLE_S);
	return factor * (double)octets_per_s;
}
