/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An array of places, chained by hash for finding and in a ring by age for forgetting: one
 * of each takes the same few steps however many come. Place 0 is the ring's head.
 */
#include "collector/core/trap/sender_table.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/fnv1a.h"

enum { TIME_TRIES = 3 }; /* a sender that learns our time needs no more */

struct place {
	struct sender sender;  /* first: see sender_table_next() */
	uint32_t chain;	       /* next of the same bucket, or of the free ones; 0: none */
	uint32_t newer, older; /* in the ring */
	bool only_time;	       /* nothing was wrong but the time */
	bool device;	       /* of a device's address */
};

struct sender_table {
	size_t n, max, n_buckets; /* n_buckets: a power of two */
	uint32_t free;
	uint64_t turn, dropped;
	uint32_t *buckets;
	struct place *places; /* max + 1 */
};

static const char *const REASON_NAMES[SENDER_REASON_N] = {
	[SENDER_UNKNOWN_ADDRESS] = "unknown-address",
	[SENDER_MALFORMED] = "malformed",
	[SENDER_WRONG_PDU] = "wrong-pdu",
	[SENDER_BAD_COMMUNITY] = "bad-community",
	[SENDER_UNKNOWN_USER] = "unknown-user",
	[SENDER_WEAK_LEVEL] = "weak-level",
	[SENDER_WRONG_KEY] = "wrong-key",
	[SENDER_DECRYPT_ERROR] = "decrypt-error",
	[SENDER_NOT_IN_WINDOW] = "not-in-window",
	[SENDER_DOWNGRADED] = "downgraded",
	[SENDER_FOREIGN] = "foreign-key",
	[SENDER_NO_FORWARDER] = "no-forwarder",
	[SENDER_NO_OID] = "no-oid",
	[SENDER_BAD_BINDINGS] = "bad-bindings",
	[SENDER_RATE_LIMITED] = "rate-limited",
};

const char *sender_reason_name(enum sender_reason reason)
{
	return (unsigned int)reason < SENDER_REASON_N ? REASON_NAMES[reason] : "unknown";
}

int sender_table_new(size_t max, struct sender_table **ret)
{
	struct sender_table *table = calloc(1, sizeof(*table));

	if (!table)
		return -ENOMEM;
	table->max = max ? max : 1;
	for (table->n_buckets = 4; table->n_buckets < 2 * table->max;)
		table->n_buckets *= 2;
	table->buckets = calloc(table->n_buckets, sizeof(*table->buckets));
	table->places = calloc(table->max + 1, sizeof(*table->places));
	if (!table->buckets || !table->places) {
		sender_table_free(table);
		return -ENOMEM;
	}
	for (size_t i = table->max; i > 0; i--) {
		table->places[i].chain = table->free;
		table->free = (uint32_t)i;
	}
	*ret = table;
	return 0;
}

struct sender_table *sender_table_free(struct sender_table *table)
{
	if (table) {
		free(table->buckets);
		free(table->places);
		free(table);
	}
	return NULL;
}

static uint32_t *bucket_of(const struct sender_table *table, const char *source)
{
	const uint64_t hash = fnv1a_text(FNV1A_START, source);

	return &table->buckets[(hash ^ hash >> 32) & (table->n_buckets - 1)];
}

/* 0: not there. */
static uint32_t find(const struct sender_table *table, const char *source)
{
	uint32_t i = *bucket_of(table, source);

	while (i != 0 && strcmp(table->places[i].sender.source, source) != 0)
		i = table->places[i].chain;
	return i;
}

static void leave_ring(struct sender_table *table, uint32_t i)
{
	struct place *place = &table->places[i];

	table->places[place->newer].older = place->older;
	table->places[place->older].newer = place->newer;
}

static void become_newest(struct sender_table *table, uint32_t i)
{
	struct place *head = &table->places[0], *place = &table->places[i];

	assert(i > 0 && i <= table->max);
	place->newer = 0;
	place->older = head->older;
	table->places[head->older].newer = i;
	head->older = i;
	place->sender.turn = ++table->turn;
}

static void forget(struct sender_table *table, uint32_t i)
{
	struct place *place = &table->places[i];
	uint32_t *at = bucket_of(table, place->sender.source);

	assert(i > 0 && i <= table->max && table->n > 0);
	while (*at != i)
		at = &table->places[*at].chain;
	*at = place->chain;
	leave_ring(table, i);
	place->chain = table->free;
	table->free = i;
	table->n--;
}

/* Who was not heard of longest, and is no device's address unless all are. 0: nobody, for one that is none itself. */
static uint32_t who_makes_room(const struct sender_table *table, bool device)
{
	uint32_t i = table->places[0].newer; /* the ring's other end: the oldest */

	while (i != 0 && table->places[i].device)
		i = table->places[i].newer;
	return i == 0 && device ? table->places[0].newer : i;
}

/* 0: there is no room for it. */
static uint32_t add(struct sender_table *table, const char *source, bool device)
{
	uint32_t *bucket = bucket_of(table, source), i;

	if (table->free == 0) {
		table->dropped++;
		i = who_makes_room(table, device);
		if (i == 0)
			return 0;
		forget(table, i);
	}
	i = table->free;
	table->free = table->places[i].chain;
	table->places[i] = (struct place){.chain = *bucket, .only_time = true};
	strcpy(table->places[i].sender.source, source);
	*bucket = i;
	table->n++;
	return i;
}

/* The place of that source, as the newest. NULL: no address is that long, or there is no room. */
static struct place *take_place(struct sender_table *table, const char *source, bool device,
				int64_t first_ms)
{
	uint32_t i;

	if (strlen(source) >= ENDPOINT_ADDRESS_SIZE)
		return NULL;
	i = find(table, source);
	if (i != 0) {
		leave_ring(table, i);
	} else {
		i = add(table, source, device);
		if (i == 0)
			return NULL;
		table->places[i].sender.first_ms = first_ms;
	}
	table->places[i].device = device;
	become_newest(table, i);
	return &table->places[i];
}

void sender_table_note(struct sender_table *table, const char *source, bool device,
		       enum sender_reason reason, int64_t now_ms)
{
	struct place *place = take_place(table, source, device, now_ms);

	if (!place)
		return;
	place->only_time = place->only_time && reason == SENDER_NOT_IN_WINDOW;
	place->sender.last_ms = now_ms;
	place->sender.count++;
	place->sender.refused += reason != SENDER_UNKNOWN_ADDRESS && reason != SENDER_NO_FORWARDER;
	place->sender.reason = reason;
}

void sender_table_accepted(struct sender_table *table, const char *source, int64_t now_ms)
{
	uint32_t i = find(table, source);

	if (i == 0)
		return;
	if (table->places[i].only_time && table->places[i].sender.count <= TIME_TRIES)
		forget(table, i);
	else
		table->places[i].sender.accepted_ms = now_ms;
}

void sender_table_restore(struct sender_table *table, const char *source, uint64_t count,
			  int64_t first_ms, int64_t last_ms)
{
	struct place *place = take_place(table, source, false, first_ms);

	if (!place)
		return;
	place->only_time = false;
	place->sender.last_ms = last_ms;
	place->sender.count += count;
	place->sender.reason = SENDER_UNKNOWN_ADDRESS;
}

static const struct sender *older_than(const struct sender_table *table, uint32_t i)
{
	const uint32_t older = table->places[i].older;

	return older ? &table->places[older].sender : NULL;
}

const struct sender *sender_table_before(const struct sender_table *table, uint64_t turn)
{
	const struct sender *sender = older_than(table, 0);

	while (sender && turn != 0 && sender->turn >= turn)
		sender = sender_table_next(table, sender);
	return sender;
}

const struct sender *sender_table_next(const struct sender_table *table,
				       const struct sender *sender)
{
	const struct place *place = (const void *)sender; /* its first member */

	assert(place > table->places && place <= table->places + table->max);
	return older_than(table, (uint32_t)(place - table->places));
}

size_t sender_table_n(const struct sender_table *table)
{
	return table->n;
}

size_t sender_table_max(const struct sender_table *table)
{
	return table->max;
}

uint64_t sender_table_dropped(const struct sender_table *table)
{
	return table->dropped;
}
