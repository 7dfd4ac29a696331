/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hash of outstanding requests by key. Decides which key a request gets and whose a
 * number from the wire is; does not know what a request holds. The generator is
 * SplitMix64 (Steele, Lea, Flood 2014) from a secret seed: it has to keep off those who
 * cannot see the traffic, no more; those who can need not guess.
 */
#include "common/engine/request_table.h"

#include <errno.h>

enum { FIRST_BUCKETS = 256 };

int request_table_init(struct request_table *table, uint64_t seed)
{
	struct request_node **buckets = calloc(FIRST_BUCKETS, sizeof(struct request_node *));
	uint32_t *ended = calloc(REQUEST_TABLE_MEMORY, sizeof(*ended));

	if (!buckets || !ended) {
		free(buckets);
		free(ended);
		return -ENOMEM;
	}
	*table = (struct request_table){
		.buckets = buckets,
		.n_buckets = FIRST_BUCKETS,
		.random = seed,
		.ended = ended,
	};
	return 0;
}

void request_table_deinit(struct request_table *table)
{
	free(table->buckets);
	free(table->ended);
	*table = (struct request_table){0};
}

uint64_t request_table_random(struct request_table *table)
{
	uint64_t z = (table->random += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static struct request_node **bucket(const struct request_table *table, uint32_t key)
{
	return &table->buckets[key & (table->n_buckets - 1)]; /* keys are random already */
}

static void enter(struct request_table *table, struct request_node *node)
{
	struct request_node **head = bucket(table, node->key);

	node->next = *head;
	*head = node;
}

static void grow(struct request_table *table)
{
	struct request_node **old = table->buckets;
	size_t n_old = table->n_buckets;
	struct request_node **buckets = calloc(n_old * 2, sizeof(struct request_node *));

	if (!buckets)
		return;
	table->buckets = buckets;
	table->n_buckets = n_old * 2;
	for (size_t i = 0; i < n_old; i++) {
		while (old[i]) {
			struct request_node *node = old[i];

			old[i] = node->next;
			enter(table, node);
		}
	}
	free(old);
}

struct request_node *request_table_find(const struct request_table *table, uint32_t key)
{
	struct request_node *node = *bucket(table, key);

	while (node && node->key != key)
		node = node->next;
	return node;
}

void request_table_add(struct request_table *table, struct request_node *node)
{
	if (table->n >= table->n_buckets)
		grow(table);
	do {
		node->key =
			(uint32_t)(request_table_random(table) >> (64 - REQUEST_TABLE_KEY_BITS));
	} while (request_table_find(table, node->key));
	enter(table, node);
	table->n++;
}

void request_table_remove(struct request_table *table, struct request_node *node,
			  enum request_ended how)
{
	struct request_node **at = bucket(table, node->key);

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node->next = NULL;
	table->n--;
	table->ended[node->key % REQUEST_TABLE_MEMORY] = node->key << 2 | how;
}

enum request_ended request_table_ended(const struct request_table *table, uint32_t key)
{
	uint32_t entry = table->ended[key % REQUEST_TABLE_MEMORY];

	return entry >> 2 == key ? (enum request_ended)(entry & 3) : REQUEST_ENDED_UNKNOWN;
}

int request_table_split(int64_t wire_id, uint32_t *ret_key, unsigned int *ret_transmission)
{
	if (wire_id < 0 || wire_id >> 30 != 1)
		return -EINVAL;
	*ret_key = (uint32_t)(wire_id >> 4) & ((1u << REQUEST_TABLE_KEY_BITS) - 1);
	*ret_transmission = (unsigned int)wire_id & 15;
	return 0;
}
