/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A head of any octets: what is taken is a clean path, and its length lies within the
 * input. */
#include "collector/codec/page/http_request.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request *request = malloc(sizeof(*request));
	const int r = http_request_parse(data, size, request);

	if (r > 0) {
		if ((size_t)r > size || r > HTTP_HEAD_MAX || request->path[0] != '/' ||
		    request->body_len > HTTP_BODY_MAX)
			abort();
		if (strstr(request->path, "/../") || strstr(request->path, "//"))
			abort();
		if (!utf8_text_is_valid(request->path, strlen(request->path)))
			abort();
	} else if (r == 0 && size >= HTTP_HEAD_MAX) {
		abort(); /* it would wait for ever */
	}
	free(request);
	return 0;
}
