/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scope-bound release of descriptors, as cleanup.h's of memory; apart from it, since what
 * has descriptors is not core/ or codec/.
 *
 *	cleanup_close int fd = -1;
 */
#pragma once

#include <unistd.h>

#include "common/base/cleanup.h"

static inline void cleanup_closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define cleanup_close cleanup_(cleanup_closep)
