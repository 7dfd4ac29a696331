/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scope-bound release of memory (gcc and clang's cleanup attribute).
 *
 *	cleanup_free char *text = NULL;
 *	cleanup_(device_freep) struct device *device = NULL;
 *
 * Acquire into such a variable, return early on any error, and hand over at the
 * end with steal_ptr().
 */
#pragma once

#include <stdlib.h>

#define cleanup_(fn)  __attribute__((cleanup(fn)))
#define must_check_   __attribute__((warn_unused_result))
#define printf_(f, a) __attribute__((format(printf, f, a)))

/* Takes a pointer out of a variable, so that its cleanup finds NULL. */
#define steal_ptr(var)                                                                             \
	(__extension__({                                                                           \
		__typeof__(var) *steal_ = &(var);                                                  \
		__typeof__(var) stolen_ = *steal_;                                                 \
		*steal_ = NULL;                                                                    \
		stolen_;                                                                           \
	}))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static inline void cleanup_freep(void *p)
{
	free(*(void **)p);
}

#define cleanup_free cleanup_(cleanup_freep)
