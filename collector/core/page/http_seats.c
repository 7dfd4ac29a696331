/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Max-min fairness between doors and, within a door, between sources. */
#include "collector/core/page/http_seats.h"

#include <assert.h>
#include <stdlib.h>

struct load {
	uint64_t key;
	size_t n;
};

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The key that most seats have, and how many have the newcomer's. */
static struct load heaviest(uint64_t *keys, size_t n, uint64_t own, size_t *ret_own)
{
	struct load most = {own, 0};
	size_t run = 0;

	*ret_own = 0;
	qsort(keys, n, sizeof(*keys), compare);
	for (size_t i = 0; i < n; i++) {
		run = i > 0 && keys[i] == keys[i - 1] ? run + 1 : 1;
		*ret_own += keys[i] == own;
		if (run > most.n)
			most = (struct load){keys[i], run};
	}
	return most;
}

static struct load heaviest_source(const struct http_seat *seats, size_t n, unsigned int door,
				   uint64_t own, size_t *ret_own)
{
	uint64_t keys[HTTP_SEATS_MAX];
	size_t n_keys = 0;

	for (size_t i = 0; i < n; i++) {
		if (seats[i].door == door)
			keys[n_keys++] = seats[i].source;
	}
	return heaviest(keys, n_keys, own, ret_own);
}

/* The first to be given up of a door's seats; source NULL: of any. No use beyond most. */
static size_t pick(const struct http_seat *seats, size_t n, unsigned int door,
		   const uint64_t *source, enum http_seat_use most)
{
	size_t found = n;

	for (size_t i = 0; i < n; i++) {
		if (seats[i].door != door || (source && seats[i].source != *source) ||
		    seats[i].use > most)
			continue;
		if (found == n || seats[i].use < seats[found].use)
			found = i;
	}
	return found;
}

size_t http_seats_give(const struct http_seat *seats, size_t n, unsigned int door, uint64_t source)
{
	struct load most;
	size_t own;
	uint64_t keys[HTTP_SEATS_MAX];

	assert(n <= HTTP_SEATS_MAX);
	for (size_t i = 0; i < n; i++)
		keys[i] = seats[i].door;
	most = heaviest(keys, n, door, &own);
	if (most.n > own + 1) {
		door = (unsigned int)most.key;
		most = heaviest_source(seats, n, door, 0, &own);
		return pick(seats, n, door, &most.key, HTTP_SEAT_STREAM);
	}
	most = heaviest_source(seats, n, door, source, &own);
	if (most.n > own + 1)
		return pick(seats, n, door, &most.key, HTTP_SEAT_STREAM);
	/* One of its own, or of those who would be left with less than it: only what does nothing yet. */
	return pick(seats, n, door, most.n > own ? NULL : &source, HTTP_SEAT_ASKING);
}

size_t http_seats_must_give(const struct http_seat *seats, size_t n, unsigned int door,
			    uint64_t source)
{
	const size_t given = http_seats_give(seats, n, door, source);

	return given < n ? given : pick(seats, n, door, NULL, HTTP_SEAT_STREAM);
}
