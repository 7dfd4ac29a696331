/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From root to a user of our own, with no more capabilities than named. */
#pragma once

#include <stddef.h>

/*
 * Becomes user (and its groups, or only group if that is not NULL), for good: real,
 * effective and saved ids, empty ambient and bounding sets, no_new_privs.
 * caps: what is kept, CAP_* of <linux/capability.h>; n_caps of them, may be 0.
 * Call it before threads are started; sockets and files that need root come first.
 * Returns 0, also if the process has that user's ids already and is not root;
 * -ENOENT if there is no such user or group, -EPERM if we are not root; else -errno.
 * After an error the process may be half-way: exit.
 */
int privilege_drop(const char *user, const char *group, const int *caps, size_t n_caps);

/*
 * Gives up every capability but those of caps that we have, for this thread and those that
 * it starts: effective, permitted and ambient ones, the bounding set where that may be; and
 * the right to gain any. For a process that stays who it is. Returns 0 or -errno.
 */
int privilege_keep(const int *caps, size_t n_caps);

/*
 * No core file of this process, whoever would write it, and no look into its memory for other
 * processes of its user: there are keys in it. Before secrets are read; and again after
 * privileges were given up, which may undo it (proc(5), suid_dumpable). Programs that it
 * executes are as before. Returns 0 or -errno.
 */
int privilege_hide_memory(void);
