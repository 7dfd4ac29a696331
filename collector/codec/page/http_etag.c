/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/page/http_etag.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/fnv1a.h"

void http_etag(const void *body, size_t len, char ret[static HTTP_ETAG_SIZE])
{
	http_etag_of(fnv1a(FNV1A_START, body, len), ret);
}

void http_etag_of(uint64_t digest, char ret[static HTTP_ETAG_SIZE])
{
	snprintf(ret, HTTP_ETAG_SIZE, "\"%016" PRIx64 "\"", digest);
}
