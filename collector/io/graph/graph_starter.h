/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's hold on the process that starts and kills its graph workers
 * (graph_worker.c). Orders go over a socket pair of whole messages; a worker's own socket
 * travels with the order to start it. A worker that could not be started is seen as one
 * that died at once: its socket is closed.
 */
#pragma once

#include <stdint.h>

#include "common/base/cleanup.h"

struct graph_starter;

enum { GRAPH_STARTER_WORKERS_MAX = 16 };
enum { GRAPH_STARTER_START = 1, GRAPH_STARTER_KILL };

struct graph_starter_order {
	uint32_t magic; /* GRAPH_PROTO_MAGIC */
	uint32_t what, worker;
};

/* argv as pantau-graph-worker takes it, argv[0] its path; ends with NULL. Returns 0 or
 * negative errno: -EPERM once the collector is in its sandbox. */
must_check_ int graph_starter_new(char *const *argv, struct graph_starter **ret);
/* All workers end with it. */
struct graph_starter *graph_starter_free(struct graph_starter *starter);

/* Returns the socket to the new worker, or negative errno: -EPIPE if the starter is gone. */
must_check_ int graph_starter_start(struct graph_starter *starter, uint32_t worker);
/* Whatever it is doing; nothing happens if it is not running. */
void graph_starter_kill(struct graph_starter *starter, uint32_t worker);

/* The starter's own side: 0, *ret_fd -1 if none came with it; -EPIPE at the end; or negative
 * errno. */
must_check_ int graph_starter_receive(int socket, struct graph_starter_order *ret, int *ret_fd);
