/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pantau-agent --init: a users file with one SNMPv3 user and random keys, and the section
 * that the collector's credential file needs for it.
 */
#pragma once

#include <stdbool.h>

/*
 * Creates path (mode 0600) and prints the collector's section to out_fd. An existing file is
 * left alone (-EEXIST) unless force is set, and then kept as path.old. If either cannot be
 * written nothing changes.
 * name: of the user, and of the credential in the collector's file: the site's id.
 * Returns 0 or negative errno; -EINVAL for a name that no user can have.
 */
int users_init(const char *path, const char *name, bool force, int out_fd);
