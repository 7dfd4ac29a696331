/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's hold on a process that starts and kills workers for it: once in its sandbox
 * it may start none itself. Orders go over a socket pair of whole messages; a worker's own socket
 * travels with the order to start it. A worker that could not be started is seen as one
 * that died at once: its socket is closed.
 */
#pragma once

#include <stdint.h>

#include "common/base/cleanup.h"

struct starter;

enum { STARTER_WORKERS_MAX = 16, STARTER_MAGIC = 0x50535430 /* "PST0" */ };
enum { STARTER_START = 1, STARTER_KILL };

struct starter_order {
	uint32_t magic; /* STARTER_MAGIC: both ends are of one build */
	uint32_t what, worker;
};

/* Path of that program of ours: beside the running one (a build directory), else where it is installed.
 * Freed by the caller; NULL: out of memory. */
char *starter_program(const char *name);

/* argv[0] is the program's path; it ends with NULL, as env does, the environment (environ: ours). Returns 0 or negative errno: -EPERM once the
 * collector is in its sandbox. */
must_check_ int starter_new(char *const *argv, char *const *env, struct starter **ret);
/* All workers end with it. */
struct starter *starter_free(struct starter *starter);

/* Returns the socket to the new worker, or negative errno: -EPIPE if the starter is gone. */
must_check_ int starter_start(struct starter *starter, uint32_t worker);
/* Whatever it is doing; nothing happens if it is not running. */
void starter_kill(struct starter *starter, uint32_t worker);

/* ---- the process itself ---- */

/* In a new process whose descriptor 0 is its socket and which has no other but 1 and 2; it ends when
 * the call returns. */
typedef void starter_work_fn(void *data, uint32_t worker);

/* Serves orders on descriptor 0 until the collector closes it; then all workers end too. */
void starter_serve(starter_work_fn *work, void *data);
