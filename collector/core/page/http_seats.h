/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which connection makes room for a new one when all places are taken. Places are shared by
 * door (a socket that is listened on), and those of a door by source (who is at the other
 * end). Whoever holds most gives first: one source may have all places while nobody else
 * wants any, and keeps no more than its share when others do.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HTTP_SEATS_MAX = 1024 };

/* In the order in which they are given up. */
enum http_seat_use {
	HTTP_SEAT_IDLE,
	HTTP_SEAT_ASKING, /* part of a request is there */
	HTTP_SEAT_REPLY,
	HTTP_SEAT_STREAM,
};

struct http_seat {
	unsigned int door;
	uint64_t source;
	enum http_seat_use use;
};

/*
 * seats: all that are taken, the oldest first, n <= HTTP_SEATS_MAX. Returns which of them door and
 * source may have; n: none, for the newcomer's source has its share already.
 */
size_t http_seats_give(const struct http_seat *seats, size_t n, unsigned int door, uint64_t source);
/* The same where a newcomer must always get one. n only if n is 0. */
size_t http_seats_must_give(const struct http_seat *seats, size_t n, unsigned int door,
			    uint64_t source);
