/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Outstanding requests by number. A number on the wire (request-id, msgID) is 31 bits:
 *
 *	bit 30      always set, so that the encoding is 4 octets long and never negative
 *	bits 4..29  the request's key, random, not guessable without seeing the traffic
 *	bits 0..3   which transmission of the request it is
 *
 * so an answer names the transmission it answers, and a request keeps one table entry.
 * Keys of requests that ended are remembered for a while, to tell a duplicate and a late
 * answer from a stray one.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/cleanup.h"

enum {
	REQUEST_TABLE_KEY_BITS = 26,
	REQUEST_TABLE_TRANSMISSIONS = 16,
	REQUEST_TABLE_MEMORY = 4096, /* ended keys remembered */
};

enum request_ended {
	REQUEST_ENDED_UNKNOWN,
	REQUEST_ENDED_ANSWERED,
	REQUEST_ENDED_SILENT,
};

struct request_node {
	struct request_node *next;
	uint32_t key;
};

struct request_table {
	struct request_node **buckets;
	size_t n_buckets, n; /* n_buckets: power of two */
	uint64_t random;
	uint32_t *ended; /* key << 2 | enum request_ended, by key */
};

/* seed: secret, from the system's random source. Returns 0 or -ENOMEM. */
must_check_ int request_table_init(struct request_table *table, uint64_t seed);
void request_table_deinit(struct request_table *table);
/* Gives the node a fresh key and enters it. Grows by itself; a table that cannot grow
 * works on, slower. */
void request_table_add(struct request_table *table, struct request_node *node);
/* Takes the node out and remembers how it ended. */
void request_table_remove(struct request_table *table, struct request_node *node,
			  enum request_ended how);

struct request_node *request_table_find(const struct request_table *table, uint32_t key);
/* How the request with that key ended, if it did so lately. */
enum request_ended request_table_ended(const struct request_table *table, uint32_t key);

/* A random number of 64 bits from the table's generator. */
uint64_t request_table_random(struct request_table *table);

static inline uint32_t request_table_wire_id(const struct request_node *node,
					     unsigned int transmission)
{
	return 1u << 30 | node->key << 4 | (transmission & 15);
}

/* Splits a number from the wire. Returns 0, or -EINVAL if no such number is ever given
 * out. */
must_check_ int request_table_split(int64_t wire_id, uint32_t *ret_key,
				    unsigned int *ret_transmission);
