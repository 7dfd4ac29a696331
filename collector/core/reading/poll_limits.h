/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much a device can be asked at once: learned from how it fails, remembered, and tried
 * again now and then. One struct per device.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum poll_trouble {
	POLL_TOO_BIG,	/* error-status tooBig, with or without bindings */
	POLL_TRUNCATED, /* fewer bindings than asked, without an error */
	POLL_SILENCE,	/* no answer, though the device answers less */
	POLL_GEN_ERROR, /* genErr that names no binding */
};

struct poll_limits {
	uint16_t varbinds; /* per request */
	uint16_t bulk;	   /* per answer of a GETBULK */
	uint8_t bulk_silences;
	uint16_t most;			/* what varbinds may grow back to */
	uint16_t proved;		/* most that were ever answered at once */
	uint16_t bulk_proved;		/* and that were asked for by a GETBULK that was */
	uint16_t doubted, bulk_doubted; /* so much of that met silence since; 0: none */
	uint16_t quiet_rounds;		/* without trouble, since it was lowered */
	uint16_t patience;		/* how many of them before the next greater size is tried */
	uint16_t return_rounds;		/* and before what was borne before is */
	bool grown;			/* the last change was such a trial */
	bool bulk_tried;		/* GETBULK is tried again */
	bool no_bulk;			/* v1, or the device does not answer GETBULK */
	bool no_bulk_learned;
	bool no_bulk_by_silence; /* which may have been the network's: tried again */
	uint8_t seen;		 /* bits of enum poll_trouble, for the operator */
};

/* octets: of an answer aimed at, which bounds GETBULK. */
void poll_limits_init(struct poll_limits *limits, unsigned int varbinds, unsigned int octets,
		      bool v1);
/*
 * A request of n bindings (or a GETBULK for n) met trouble. Returns whether there is
 * something smaller to try; false: it was one binding alone.
 */
bool poll_limits_lower(struct poll_limits *limits, unsigned int n, bool bulk,
		       enum poll_trouble trouble);
/* A request of n bindings (or a GETBULK for n) was answered: what a device bore once it bears, and
 * silence about as much is the network's. */
void poll_limits_answered(struct poll_limits *limits, unsigned int n, bool bulk);
/* Such a request met silence, or its time was over. Whether that says nothing of its size: as much
 * was answered before, and was not already met with silence since. */
bool poll_limits_is_chance(struct poll_limits *limits, unsigned int n, bool bulk);
/* The same trouble, silence or genErr, with one binding alone: it is not of the size, and trials that
 * failed meanwhile say nothing. */
void poll_limits_not_of_size(struct poll_limits *limits);
/* A cycle went well: soon what was borne before is asked again, and after some more the next
 * greater size, where the device itself did not say that it is too much (silence may have been the
 * network's, genErr that of a device out of order), and GETBULK, where it was silence. */
void poll_limits_relax(struct poll_limits *limits);
/* GETBULK's max-repetitions for this many columns; at least 1 (some agents hang on 0). */
int poll_limits_repetitions(const struct poll_limits *limits, unsigned int columns);
