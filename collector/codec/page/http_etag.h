/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entity tag of a body (RFC 9110, 8.8.3): the same for the same octets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HTTP_ETAG_SIZE = 20 }; /* with quotes and the terminating zero */

/* A strong tag, in quotes. */
void http_etag(const void *body, size_t len, char ret[static HTTP_ETAG_SIZE]);
/* The same for one who has the body's fnv1a() already. */
void http_etag_of(uint64_t digest, char ret[static HTTP_ETAG_SIZE]);
