/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples of one series that wait to be written, in the order in which they came. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SAMPLE_QUEUE_MAX = 256 };

/* One that waits; as many values as the series has data sources. */
struct sample_queue_entry {
	int64_t time_ms;      /* end of its interval, wall */
	uint32_t duration_ms; /* of the interval; 0: as the series' step */
	uint32_t segment;     /* of the journal that has it; 0: none has */
	double value[];
};

/* All zero: empty. */
struct sample_queue {
	unsigned char *octets;
	size_t n, size; /* entries; room for so many */
	size_t n_ds;	/* of each entry; set before the first put */
};

/* Appends one with room for its values, which the caller sets. NULL: full, or out of memory. */
struct sample_queue_entry *sample_queue_put(struct sample_queue *queue);
/* i < n */
const struct sample_queue_entry *sample_queue_at(const struct sample_queue *queue, size_t i);
/* Takes the first n out. */
void sample_queue_drop(struct sample_queue *queue, size_t n);
void sample_queue_clear(struct sample_queue *queue); /* and frees its memory */
