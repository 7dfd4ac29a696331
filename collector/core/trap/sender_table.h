/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who sends notifications that are no device's, or that were refused, and why: for people
 * who wonder where a trap went. A fixed number of addresses is remembered; whoever was not
 * heard of longest makes room, which is counted, so that any number of forged addresses
 * costs nothing. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/endpoint.h"

enum sender_reason {
	SENDER_UNKNOWN_ADDRESS, /* taken, but no device has that address or site id */
	SENDER_MALFORMED,
	SENDER_WRONG_PDU,
	SENDER_BAD_COMMUNITY,
	SENDER_UNKNOWN_USER,
	SENDER_WEAK_LEVEL,
	SENDER_WRONG_KEY,
	SENDER_DECRYPT_ERROR,
	SENDER_NOT_IN_WINDOW,
	SENDER_DOWNGRADED,
	SENDER_FOREIGN,
	SENDER_NO_FORWARDER, /* taken, as of no device: it may not speak for the one it names */
	SENDER_NO_OID,
	SENDER_BAD_BINDINGS,
	SENDER_RATE_LIMITED,
	SENDER_REASON_N
};
const char *sender_reason_name(enum sender_reason reason); /* "unknown-address", ... */

struct sender {
	char source[ENDPOINT_ADDRESS_SIZE];
	uint64_t
		turn; /* rises by each that is noted, of whomever: who was heard of last has the highest */
	int64_t first_ms, last_ms; /* wall */
	int64_t accepted_ms;	 /* of its last one that was taken for a device's since; 0: none */
	uint64_t count, refused; /* refused: of these, not taken */
	enum sender_reason reason; /* of the last */
};

struct sender_table;

int sender_table_new(size_t max, struct sender_table **ret); /* 0 or -ENOMEM */
struct sender_table *sender_table_free(struct sender_table *table);

/* Another one of that source; now_ms is wall time. device: of a device's address, which no other
 * address pushes out. */
void sender_table_note(struct sender_table *table, const char *source, bool device,
		       enum sender_reason reason, int64_t now_ms);
/*
 * One of that source was taken for a device's. If no more was wrong than its time, a few times, it is forgotten: by
 * refusing, SNMPv3 tells a sender our time after we have started (RFC 3414 3.2 7 a).
 */
void sender_table_accepted(struct sender_table *table, const char *source, int64_t now_ms);
/* From before the start: count of unknown address. Who was heard of last is to come last. */
void sender_table_restore(struct sender_table *table, const char *source, uint64_t count,
			  int64_t first_ms, int64_t last_ms);

/* The one that was heard of last before that turn (0: at all); NULL: no more. Valid until the table changes. */
const struct sender *sender_table_before(const struct sender_table *table, uint64_t turn);
/* The next one after (older than) a sender of this table. */
const struct sender *sender_table_next(const struct sender_table *table,
				       const struct sender *sender);
size_t sender_table_n(const struct sender_table *table);
size_t sender_table_max(const struct sender_table *table);
uint64_t sender_table_dropped(const struct sender_table *table);
