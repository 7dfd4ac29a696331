/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the agent gives up once everything is open: system calls it does not need (seccomp,
 * where built with libseccomp) and the right to gain privileges. Capabilities and user are
 * common/privilege's.
 */
#pragma once

#include "common/cleanup.h"

/* After the last socket and file that needs root, before the loop runs; cannot be undone.
 * 0; -ENOSYS where seccomp is not there (built without it, or an old kernel); negative errno. */
must_check_ int sandbox_enter(void);
