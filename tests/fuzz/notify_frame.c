/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream of frames of any octets, read by both sides; the first octet is the size of the
 * pieces in which it comes. What is understood survives being told again. */
#include "collector/codec/notify/notify_frame.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"
#include "common/base/utf8_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_request(const char *text, size_t len)
{
	struct notify_request request, again;
	char *told;

	if (notify_request_parse(text, len, &request) < 0)
		return;
	told = notify_request_text(&request);
	if (!told || notify_request_parse(told, strlen(told), &again) < 0 ||
	    strcmp(again.body, request.body) != 0 || again.id != request.id)
		abort();
	free(told);
	notify_request_deinit(&request);
	notify_request_deinit(&again);
}

static void read_result(const char *text, size_t len)
{
	struct notify_result result, again;
	char *told;

	if (notify_result_parse(text, len, &result) < 0)
		return;
	if (!memchr(result.answer, 0, sizeof(result.answer)) ||
	    !utf8_text_is_valid(result.answer, strlen(result.answer)))
		abort();
	told = notify_result_text(&result);
	if (!told || notify_result_parse(told, strlen(told), &again) < 0 ||
	    memcmp(&again, &result, sizeof(result)) != 0)
		abort();
	free(told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct notify_buffer buffer = {0};
	const size_t piece = size > 0 ? data[0] + 1u : 1;
	int r = 0;

	for (size_t at = 1; at < size && r >= 0; at += piece) {
		const char *text;
		size_t len;

		if (notify_buffer_append(&buffer, data + at,
					 size - at < piece ? size - at : piece) < 0)
			break;
		while ((r = notify_frame_get(&buffer, &text, &len)) > 0) {
			read_request(text, len);
			read_result(text, len);
			notify_buffer_drop(&buffer, NOTIFY_FRAME_HEAD + len);
		}
	}
	notify_buffer_deinit(&buffer);
	return 0;
}
