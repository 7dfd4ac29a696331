/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer of any octets to each kind of request: what is made of it is bounded and clean. The
 * first two octets are the status, the third says how it ended and whom was asked. */
#include "collector/codec/notify/http_answer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t size)
{
	if (!memchr(text, 0, size) || !utf8_text_is_valid(text, strlen(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char field[] = "/result/0/ok", value[] = "true", id[] = "id";
	struct notify_request request = {.ok_from = 200, .ok_to = 299};
	struct http_answer answer;
	struct notify_result result = {.id = 3};
	char *body;

	if (size < 3)
		return 0;
	body = malloc(size - 3 + !(size - 3)); /* ends at the edge of what there is */
	memcpy(body, data + 3, size - 3);
	request.dialect = data[2] & 1 ? NOTIFY_TELEGRAM : NOTIFY_PLAIN;
	request.ok_field = data[2] & 2 ? field + (data[2] & 4 ? 10 : 0) : NULL;
	request.ok_value = value;
	request.id_field = data[2] & 8 ? id : NULL;
	answer = (struct http_answer){(data[0] << 8 | data[1]) % 1000, body, size - 3, data[2] & 16,
				      (int8_t)data[2] * (INT64_C(1) << 50)};
	http_answer_judge(&request, &answer, &result);
	check_text(result.answer, sizeof(result.answer));
	check_text(result.remote, sizeof(result.remote));
	check_text(result.moved_to, sizeof(result.moved_to));
	if (result.id != 3 || result.answer[0] == '\0' || result.retry_after_ms < 0 ||
	    result.retry_after_ms > NOTIFY_RETRY_MAX_MS)
		abort();
	if (result.outcome == DELIVERY_ARRIVED && (answer.status < 200 || answer.status > 299))
		abort();
	free(body);
	return 0;
}
