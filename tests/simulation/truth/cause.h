/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What gave cause for what: where a trouble is, or was a moment ago, a value may be unknown or
 * a device may be called silent. Anywhere else it may not.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	CAUSE_UNKNOWN = 1 << 0, /* values may be unknown */
	CAUSE_SILENT = 1 << 1,	/* it may be called down, or not be polled in time */
	CAUSE_CLOCK = 1 << 2,	/* the NOC's clock was set: times of samples may be off */
	CAUSE_AWAY = 1 << 3,	/* the NOC does not run, or just began to */
	CAUSE_LINK = 1 << 4,	/* its links may be called down */
};

struct cause_list;

struct cause_list *cause_list_new(void);
struct cause_list *cause_list_free(struct cause_list *list);
/* box: an index; -1: all. */
void cause_add(struct cause_list *list, int box, int64_t from_us, int64_t to_us, unsigned int what);
/* Whether any of that was so for the box at some time of that span. */
bool cause_has(const struct cause_list *list, int box, int64_t from_us, int64_t to_us,
	       unsigned int what);
