/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entity tag of a body (RFC 9110, 8.8.3): the same for the same octets. */
#pragma once

#include <stddef.h>

enum { HTTP_ETAG_SIZE = 20 }; /* with quotes and the terminating zero */

/* A strong tag, in quotes. */
void http_etag(const void *body, size_t len, char ret[static HTTP_ETAG_SIZE]);
