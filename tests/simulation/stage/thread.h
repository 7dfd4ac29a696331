/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads of the real programs, one running at a time: a thread runs when the stage says so,
 * until it waits for a condition. pthread_create() and what goes with it are replaced at link
 * time (--wrap); a thread that is signalled runs a moment later, as long as a disk may take.
 */
#pragma once

#include <stdint.h>

#include "common/base/queue.h"

/* Who wants to know that a thread ran: it may have left something for a loop. */
struct thread_watch {
	LIST_ENTRY(thread_watch) entry;
	void (*fn)(void *data);
	void *data;
};
void thread_watch_add(struct thread_watch *watch, void (*fn)(void *data), void *data);
void thread_watch_remove(struct thread_watch *watch);

/* How long the thread that runs has been at it: a microsecond more each time it looks at a clock,
 * so that who waits for one to move on does not wait for ever. 0: no thread runs. */
int64_t thread_elapsed_us(void);
