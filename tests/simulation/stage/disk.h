/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The disk of the machine whose code is running. SQLite's files lie in memory here (disk.c is
 * its default VFS), and so do RRD files (rrd.c). It can be full, fail, or be cut after any
 * write: what was written before stays, as after a kill, or what was synced, as after a power cut.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Call once, before SQLite is used. */
void disk_open(void);
/* Files are gone. */
void disk_end(void);

/* Whether so many octets more find room, for one who is about to write. */
bool disk_takes(size_t octets);
void disk_set_full(bool full);
/* Since when it is full; INT64_MAX: it is not. */
int64_t disk_full_since_us(void);
/* After that many more writes and syncs of SQLite the machine is off: fn is called at once. */
void disk_cut_after(unsigned int writes, void (*fn)(void *data), void *data);
/* What was not synced is lost. */
void disk_lose_unsynced(void);
uint64_t disk_writes(void);
