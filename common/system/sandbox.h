/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a daemon gives up once everything is open: system calls it does not need (seccomp,
 * where built with libseccomp) and the right to gain privileges. What is not listed fails
 * with EPERM, so that a C library which tries something new goes on without it; what only
 * an intruder wants ends the process. Capabilities and user are common/system/privilege's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/cleanup.h"

/* NULL-terminated names of system calls. Names that an architecture lacks are skipped. */
extern const char *const SANDBOX_WRITE_FILES[]; /* change, make, rename and remove files */
extern const char *const SANDBOX_NETWORK[];	/* all about sockets but making them */

struct sandbox_rules {
	/* NULL-terminated lists of what is allowed besides what any program of ours needs:
	 * memory, waiting, clocks, signals, reading files, writing to what is open. */
	const char *const *const *calls;
	/* Of socket(2) that may be made; 0 (AF_UNSPEC) ends it. Any or none on i386, whose C
	 * library makes them by socketcall(2): no filter sees into its arguments. */
	const int *families;
	const unsigned long *ioctls; /* requests; 0 ends it */
	bool threads;		     /* may be started; processes never */
	bool read_only;		     /* files are opened for reading only, and none is made */
};

/*
 * After the last socket and file that needs root, before the loop runs; cannot be undone.
 * Counts for all threads. 0; -ENOSYS where seccomp is not there (built without it, or an
 * old kernel): privileges cannot be gained even so; negative errno.
 */
must_check_ int sandbox_enter(const struct sandbox_rules *rules);
