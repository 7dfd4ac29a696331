/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is sent an echo when, and what becomes of it, in virtual time: monotonic microseconds are
 * arguments. Each target has its slot in the interval, fixed by a hash of its name; slots that
 * are close together lie together, for what is dear is the wake-up. One echo of a target is
 * under way at a time. After a loss, or when asked to hurry, they follow each other quickly, as
 * long as that may tell something new. O(log n) per echo.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/timer_heap.h"

#define PING_PLAN_QUICK_US 1000000 /* between echoes of a target in doubt */

struct ping_target {
	struct timer_node node; /* first */
	uint32_t number;	/* in the plan's table; an echo carries it */
	uint64_t hash;
	int64_t sent_us;   /* the last echo */
	int64_t smooth_us; /* round trip; 0 unknown */
	uint16_t seq;	   /* of the last echo */
	bool waiting;	   /* for its answer */
	bool has_answer;   /* it came */
	uint8_t losses;	   /* in a row, up to PING_PLAN_QUICK_MAX */
};

enum { PING_PLAN_QUICK_MAX = 10 }; /* quick ones in a row; then the interval again */

struct ping_plan {
	struct timer_heap heap;
	int64_t base_us, interval_us;
	int64_t grid_us;	      /* slots are so far apart, or lie together */
	int64_t quick_free_us;	      /* the next quick echo of any target */
	struct ping_target **targets; /* by number; NULL: free */
	uint32_t n_numbers, room;
	size_t n;
};

/* base_us: slots count from there. interval_us: between two echoes of a target, > 0. */
void ping_plan_init(struct ping_plan *plan, int64_t base_us, int64_t interval_us);
void ping_plan_deinit(struct ping_plan *plan);

/* The first echo comes at the target's slot. Returns 0 or -ENOMEM. */
int ping_plan_add(struct ping_plan *plan, struct ping_target *target, uint64_t hash,
		  int64_t now_us);
void ping_plan_remove(struct ping_plan *plan, struct ping_target *target);
/* NULL: nobody has that number. */
struct ping_target *ping_plan_find(const struct ping_plan *plan, uint32_t number);

/* When ping_plan_next() has something to say; INT64_MAX: never. */
int64_t ping_plan_due_us(const struct ping_plan *plan);
enum ping_step {
	PING_STEP_NONE,
	PING_STEP_SEND, /* an echo with target->seq now; then ping_plan_sent() or _unsent() */
	PING_STEP_LOST, /* the one sent at target->sent_us */
};
enum ping_step ping_plan_next(struct ping_plan *plan, int64_t now_us, struct ping_target **ret);
/* When it left, more exactly. */
void ping_plan_sent(struct ping_target *target, int64_t sent_us);
/* It could not be sent for a reason of our own: it counts for nothing. */
void ping_plan_unsent(struct ping_plan *plan, struct ping_target *target, int64_t now_us);

enum ping_answer {
	PING_ANSWER_RIGHT,
	PING_ANSWER_LATE, /* its echo was given up: the target is there all the same */
	PING_ANSWER_DUPLICATE,
	PING_ANSWER_STRANGE, /* to nothing that was asked */
};
/* ret_rtt_us is set for PING_ANSWER_RIGHT. */
enum ping_answer ping_plan_answered(struct ping_plan *plan, struct ping_target *target,
				    uint16_t seq, int64_t received_us, int64_t *ret_rtt_us);

/* Somebody wants to know: an echo as soon as may be, unless one is under way. All quick ones
 * together are not more than a thousand a second. */
void ping_plan_hurry(struct ping_plan *plan, struct ping_target *target, int64_t now_us);
