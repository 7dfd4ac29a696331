/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table with linear probing beside a ring that says what came first. Keys are hashes
 * already, so they are used as they are.
 */
#include "collector/core/trap/recent_keys.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct slot {
	uint64_t key; /* 0: free */
	void *pointer;
	int64_t until_ms;
	size_t ring; /* its place there */
};

struct recent_keys {
	size_t capacity, n_slots; /* n_slots: a power of two, at least twice the capacity */
	struct slot *slots;
	uint64_t *ring; /* 0: was removed */
	size_t next;
};

int recent_keys_new(size_t capacity, struct recent_keys **ret)
{
	struct recent_keys *keys = calloc(1, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	keys->capacity = capacity ? capacity : 1;
	for (keys->n_slots = 4; keys->n_slots < 2 * keys->capacity;)
		keys->n_slots *= 2;
	keys->slots = calloc(keys->n_slots, sizeof(*keys->slots));
	keys->ring = calloc(keys->capacity, sizeof(*keys->ring));
	if (!keys->slots || !keys->ring) {
		recent_keys_free(keys);
		return -ENOMEM;
	}
	*ret = keys;
	return 0;
}

struct recent_keys *recent_keys_free(struct recent_keys *keys)
{
	if (keys) {
		free(keys->slots);
		free(keys->ring);
		free(keys);
	}
	return NULL;
}

static size_t home(const struct recent_keys *keys, uint64_t key)
{
	return (size_t)key & (keys->n_slots - 1);
}

static struct slot *find(struct recent_keys *keys, uint64_t key)
{
	size_t i = home(keys, key);

	while (keys->slots[i].key != 0 && keys->slots[i].key != key)
		i = (i + 1) & (keys->n_slots - 1);
	return &keys->slots[i];
}

static void drop(struct recent_keys *keys, uint64_t key)
{
	struct slot *slot = find(keys, key);

	if (slot->key == key) {
		size_t gap = (size_t)(slot - keys->slots);
		size_t i = gap, mask = keys->n_slots - 1;

		/* Those behind may have probed over it: they move up. */
		for (;;) {
			i = (i + 1) & mask;
			if (keys->slots[i].key == 0)
				break;
			if (((i - home(keys, keys->slots[i].key)) & mask) >= ((i - gap) & mask)) {
				keys->slots[gap] = keys->slots[i];
				gap = i;
			}
		}
		keys->slots[gap] = (struct slot){0};
	}
}

void recent_keys_add(struct recent_keys *keys, uint64_t key, void *pointer, int64_t until_ms)
{
	struct slot *slot;

	assert(keys->next < keys->capacity);
	if (key == 0)
		return;
	if (keys->ring[keys->next] != 0)
		drop(keys, keys->ring[keys->next]);
	keys->ring[keys->next] = key;
	slot = find(keys, key);
	*slot = (struct slot){key, pointer, until_ms, keys->next};
	keys->next = (keys->next + 1) % keys->capacity;
}

void recent_keys_remove(struct recent_keys *keys, uint64_t key)
{
	struct slot *slot = key ? find(keys, key) : NULL;

	if (!slot || slot->key != key)
		return;
	assert(keys->ring[slot->ring] == key);
	keys->ring[slot->ring] = 0;
	drop(keys, key);
}

void **recent_keys_find(struct recent_keys *keys, uint64_t key, int64_t now_ms)
{
	struct slot *slot = key ? find(keys, key) : NULL;

	if (!slot || slot->key != key)
		return NULL;
	if (now_ms >= slot->until_ms && !slot->pointer) {
		recent_keys_remove(keys, key);
		return NULL;
	}
	return &slot->pointer;
}
