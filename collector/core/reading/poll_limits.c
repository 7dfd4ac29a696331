/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides how many bindings a device is asked for. Sources: RFC 3416 4.2 (tooBig, and that
 * an answer to GETBULK may be cut anywhere); RouterOS answers tooBig with an empty list, ZTE
 * hangs on max-repetitions 0, others stay silent above a size of their own.
 */
#include "collector/core/reading/poll_limits.h"

#include <assert.h>

#define REPETITIONS_MAX	  25
#define ROUNDS_TO_RELAX	  20 /* cycles; doubled each time that growing back fails */
#define ROUNDS_TO_RETURN  3  /* to what was borne before */
#define ROUNDS_RETURN_MAX 24
#define OCTETS_PER_CELL	  40 /* of a table: name, index and a number or a short text */
#define BULK_SILENCES_MAX 2
#define BULK_AGAIN	  10 /* bindings of the first GETBULK after silence */
#define ROUNDS_MAX	  5120

void poll_limits_init(struct poll_limits *limits, unsigned int varbinds, unsigned int octets,
		      bool v1)
{
	unsigned int fit = octets / OCTETS_PER_CELL;

	assert(varbinds > 0 && octets > 0);
	*limits = (struct poll_limits){
		.varbinds = varbinds,
		.bulk = varbinds < fit ? varbinds
			: fit	       ? fit
				       : 1,
		.most = varbinds,
		.no_bulk = v1,
	};
}

/* Halving and halving again is one trouble: only a trial that failed makes the next one later. */
static void lose_patience(struct poll_limits *limits, bool bulk)
{
	const bool was_tried = bulk ? limits->bulk_tried
				    : limits->grown && limits->quiet_rounds < limits->patience;

	if (!limits->patience)
		limits->patience = ROUNDS_TO_RELAX;
	else if (was_tried && limits->patience < ROUNDS_MAX)
		limits->patience *= 2;
	if (!limits->return_rounds)
		limits->return_rounds = ROUNDS_TO_RETURN;
	else if (!bulk && was_tried && limits->return_rounds < ROUNDS_RETURN_MAX)
		limits->return_rounds *= 2;
	limits->grown = limits->grown && bulk;
	limits->bulk_tried = limits->bulk_tried && !bulk;
	limits->quiet_rounds = 0;
}

bool poll_limits_lower(struct poll_limits *limits, unsigned int n, bool bulk,
		       enum poll_trouble trouble)
{
	limits->seen |= 1u << trouble;
	lose_patience(limits, bulk);
	if (bulk) {
		/* Silence may mean that GETBULK itself is the trouble: one smaller one is tried, then none. */
		limits->bulk = n / (trouble == POLL_SILENCE ? 4 : 2);
		if (trouble == POLL_SILENCE)
			limits->bulk_silences++;
		if (!limits->bulk || limits->bulk_silences >= BULK_SILENCES_MAX)
			limits->no_bulk = limits->no_bulk_learned = true;
		limits->no_bulk_by_silence = limits->no_bulk && trouble == POLL_SILENCE;
		return true;
	}
	if (n <= 1)
		return false;
	limits->varbinds = n / 2;
	if (trouble == POLL_TOO_BIG || trouble == POLL_TRUNCATED)
		limits->most = limits->varbinds; /* the device said so itself */
	return true;
}

void poll_limits_answered(struct poll_limits *limits, unsigned int n, bool bulk)
{
	uint16_t *proved = bulk ? &limits->bulk_proved : &limits->proved;
	uint16_t *doubted = bulk ? &limits->bulk_doubted : &limits->doubted;

	if (n > *proved)
		*proved = (uint16_t)n;
	if (n >= *doubted)
		*doubted = 0;
}

bool poll_limits_is_chance(struct poll_limits *limits, unsigned int n, bool bulk)
{
	uint16_t *doubted = bulk ? &limits->bulk_doubted : &limits->doubted;
	const bool was_doubted = *doubted;

	if (n > (bulk ? limits->bulk_proved : limits->proved))
		return false;
	*doubted = (uint16_t)n;
	return !was_doubted;
}

void poll_limits_not_of_size(struct poll_limits *limits)
{
	if (limits->patience)
		limits->patience = ROUNDS_TO_RETURN;
	if (limits->return_rounds)
		limits->return_rounds = ROUNDS_TO_RETURN;
}

static void grow(struct poll_limits *limits, unsigned int varbinds)
{
	limits->varbinds = (uint16_t)(varbinds < limits->most ? varbinds : limits->most);
	limits->grown = true;
	limits->quiet_rounds = 0;
}

void poll_limits_relax(struct poll_limits *limits)
{
	assert(limits->varbinds <= limits->most);
	if (limits->varbinds < limits->most && limits->varbinds < limits->proved) {
		if (++limits->quiet_rounds >= limits->return_rounds)
			grow(limits, limits->proved);
		return;
	}
	if (limits->varbinds >= limits->most && !limits->no_bulk_by_silence)
		return;
	/* one that went well is followed by the next soon */
	if (++limits->quiet_rounds < (limits->grown ? ROUNDS_TO_RETURN : limits->patience))
		return;
	if (limits->no_bulk_by_silence) {
		limits->quiet_rounds = 0;
		limits->no_bulk = limits->no_bulk_learned = limits->no_bulk_by_silence = false;
		limits->bulk_silences = BULK_SILENCES_MAX - 1; /* one more, and it is none again */
		limits->bulk = BULK_AGAIN;
		limits->bulk_tried = true;
		return;
	}
	grow(limits, limits->varbinds * 2u);
}

int poll_limits_repetitions(const struct poll_limits *limits, unsigned int columns)
{
	unsigned int n = limits->bulk / (columns ? columns : 1);

	return n < 1 ? 1 : n > REPETITIONS_MAX ? REPETITIONS_MAX : (int)n;
}
