/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mapped file on a file system that becomes full: who writes to a hole of it, or reads one of
 * a tmpfs, gets SIGBUS. Under guard the page comes from memory instead, empty, and goes with the
 * process. One mapping per process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* start: of a mapping, until page_guard_clear(), which comes before it is unmapped. Returns 0 or
 * -errno. */
int page_guard_set(void *start, size_t size);
void page_guard_clear(const void *start);

/* Whether a page was replaced since page_guard_set(). */
bool page_guard_was_hit(void);
