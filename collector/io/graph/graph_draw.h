/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request of the pool (graph_proto.h) answered, in a worker process. */
#pragma once

struct graph_request;

struct graph_draw {
	const char *rrd_dir;
	const char *daemon; /* rrdcached, which is told to flush first; NULL: none */
};

/* Writes the whole reply to descriptor 0. Returns 0; negative errno if nobody reads it, or
 * if request is none. */
int graph_draw_serve(const struct graph_draw *conf, struct graph_request *request);
