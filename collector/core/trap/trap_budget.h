/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many notifications are taken, by what they proved. What forgery can send - anything that
 * proves nothing, anything by community - never pays from the budget of what a key has proved,
 * and senders that no device is never from that of the devices. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/cleanup.h"

struct trap_budget;

struct trap_budget_conf {
	double rate, burst;		/* per source: a second in the long run, and at once */
	double total_rate, total_burst; /* of all sources of one proof together; keys have none */
};

/* What a notification that was believed proved. */
enum trap_proof {
	TRAP_PROOF_UNKNOWN,   /* of no device: anybody's */
	TRAP_PROOF_COMMUNITY, /* or no security at all: a device's, as far as its address tells */
	TRAP_PROOF_KEY,
	TRAP_PROOF_N
};

enum trap_budget_answer {
	TRAP_BUDGET_TAKE,
	TRAP_BUDGET_SOURCE, /* this source sends too many */
	TRAP_BUDGET_TOTAL,  /* all sources that proved as much do together */
};

/* 0 or -ENOMEM. */
must_check_ int trap_budget_new(const struct trap_budget_conf *conf, struct trap_budget **ret);
struct trap_budget *trap_budget_free(struct trap_budget *budget);
void trap_budget_set(struct trap_budget *budget, const struct trap_budget_conf *conf);

/* A datagram of that source (a hash) proved nothing: whether it is within what may be answered and remembered. */
bool trap_budget_junk(struct trap_budget *budget, uint64_t source, int64_t now_ms);
/* Whether a source has sent more of these than that. */
bool trap_budget_is_junky(const struct trap_budget *budget, uint64_t source, int64_t now_ms);
/* A new notification of that source. */
enum trap_budget_answer trap_budget_take(struct trap_budget *budget, enum trap_proof proof,
					 uint64_t source, int64_t now_ms);
