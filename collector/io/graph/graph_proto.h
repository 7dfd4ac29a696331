/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the pool and its workers say to each other over a socket pair: one request, one
 * reply header with a body of that many octets behind it. Both ends are of one build;
 * magic says so.
 */
#pragma once

#include <stdint.h>

enum {
	GRAPH_PROTO_MAGIC = 0x50475230, /* "PGR0" */
	GRAPH_BODY_MAX = 8 << 20,
};

struct graph_reply {
	uint32_t magic;
	uint32_t outcome; /* enum graph_outcome: OK, NO_FILE or FAILED */
	uint32_t len;	  /* of the body: picture, JSON, or the text of an error */
};
