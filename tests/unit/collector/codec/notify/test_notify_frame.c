/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames on a stream that comes in any pieces, and the two texts that travel in them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/notify_frame.h"
#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"

#include <cmocka.h>

static void test_pieces(void **state)
{
	struct notify_buffer out = {0}, in = {0};
	const char *text;
	size_t len, n = 0;

	(void)state;
	assert_int_equal(notify_frame_put(&out, "one", 3), 0);
	assert_int_equal(notify_frame_put(&out, "", 0), 0);
	assert_int_equal(notify_frame_put(&out, "three", 5), 0);
	assert_memory_equal(out.octets, "\0\0\0\003one\0\0\0\0\0\0\0\005three", 20);
	while (out.len > 0) {
		static const char *const WANTED[] = {"one", "", "three"};

		assert_int_equal(notify_buffer_append(&in, out.octets + out.at, 1), 0);
		notify_buffer_drop(&out, 1);
		if (notify_frame_get(&in, &text, &len) == 0)
			continue;
		assert_int_equal(len, strlen(WANTED[n]));
		assert_memory_equal(text, WANTED[n], len);
		notify_buffer_drop(&in, NOTIFY_FRAME_HEAD + len);
		n++;
	}
	assert_int_equal(n, 3);
	assert_int_equal(in.len, 0);
	assert_null(in.octets); /* nothing is kept of what was in it */
	notify_buffer_deinit(&out);
}

static void test_too_large(void **state)
{
	static char text[NOTIFY_FRAME_MAX + 1];
	struct notify_buffer buffer = {0};
	const char *got;
	size_t len;

	(void)state;
	assert_int_equal(notify_frame_put(&buffer, text, sizeof(text)), -EMSGSIZE);
	assert_int_equal(buffer.len, 0);
	assert_int_equal(notify_frame_put(&buffer, text, NOTIFY_FRAME_MAX), 0);
	assert_int_equal(notify_frame_get(&buffer, &got, &len), 1);
	assert_int_equal(len, NOTIFY_FRAME_MAX);
	notify_buffer_deinit(&buffer);
	assert_int_equal(notify_buffer_append(&buffer, "\0\010\0\001", 4), 0);
	assert_int_equal(notify_frame_get(&buffer, &got, &len), -EMSGSIZE);
	notify_buffer_deinit(&buffer);
}

/* ---- requests ---- */

static char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

static struct notify_request webhook(void)
{
	static char *headers[2];

	headers[0] = literal("Content-Type: text/plain");
	return (struct notify_request){
		.id = 7,
		.channel = literal("tiket"),
		.protocol = NOTIFY_HTTP,
		.timeout_ms = 15000,
		.url = literal("https://tiket.example.go.id/"),
		.method = literal("POST"),
		.headers = headers,
		.ok_from = 200,
		.ok_to = 299,
		.ok_field = literal("status"),
		.ok_value = literal("true"),
		.body = literal("Jl. Gajah Mada \xe2\x80\x94 \"putus\"\n"),
	};
}

static void test_request(void **state)
{
	struct notify_request request = webhook(), got;
	char *text = notify_request_text(&request);

	(void)state;
	assert_int_equal(notify_request_parse(text, strlen(text), &got), 0);
	assert_int_equal(got.id, 7);
	assert_string_equal(got.url, request.url);
	assert_string_equal(got.headers[0], "Content-Type: text/plain");
	assert_null(got.headers[1]);
	assert_string_equal(got.ok_value, "true");
	assert_string_equal(got.body, request.body);
	assert_null(got.user);
	assert_null(got.argv);
	notify_request_deinit(&got);
	free(text);
	request.body = literal("\xff");
	assert_null(notify_request_text(&request));
}

#define COMMON                                                                                     \
	"{\"id\":1,\"channel\":\"c\",\"timeout_ms\":1,\"ok_from\":0,\"ok_to\":0,\"dialect\":0,"    \
	"\"port\":0,"
#define REST "\"security\":0,\"transport\":0,\"body\":\"\""

static void test_not_requests(void **state)
{
	static const char *const RIGHT[] = {
		COMMON REST ",\"protocol\":2,\"host\":\"h\"}",
		COMMON REST ",\"protocol\":3,\"argv\":[\"/bin/true\"],\"env\":[]}",
		COMMON REST ",\"protocol\":1,\"host\":\"h\",\"from\":\"a\",\"to\":[\"b\"]}",
	};
	static const char *const WRONG[] = {
		"",
		"[]",
		"{}",
		COMMON REST "}",
		COMMON REST ",\"protocol\":4,\"host\":\"h\"}",
		COMMON REST ",\"protocol\":-1,\"host\":\"h\"}",
		COMMON REST ",\"protocol\":2}",
		COMMON REST ",\"protocol\":2,\"host\":7}",
		COMMON REST ",\"protocol\":2,\"host\":\"h\\u0000\"}",
		COMMON REST ",\"protocol\":2,\"host\":\"h\",\"host\":\"g\"}",
		COMMON REST ",\"protocol\":3,\"argv\":[\"true\"],\"env\":[]}",
		COMMON REST ",\"protocol\":3,\"argv\":[],\"env\":[]}",
		COMMON REST ",\"protocol\":3,\"argv\":[\"/x\",1],\"env\":[]}",
		COMMON REST ",\"protocol\":1,\"host\":\"h\",\"from\":\"a\",\"to\":[]}",
		COMMON REST ",\"protocol\":0,\"url\":\"u\",\"method\":\"m\"}",
		COMMON REST
		",\"protocol\":0,\"url\":\"u\",\"method\":\"m\",\"headers\":[],\"ok_field\":\"f\"}",
	};
	struct notify_request got = {.id = 99};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(RIGHT); i++) {
		assert_int_equal(notify_request_parse(RIGHT[i], strlen(RIGHT[i]), &got), 0);
		notify_request_deinit(&got);
	}
	got.id = 99;
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
		assert_int_equal(notify_request_parse(WRONG[i], strlen(WRONG[i]), &got), -EINVAL);
	assert_int_equal(got.id, 99);
}

/* ---- results ---- */

static void test_result(void **state)
{
	const struct notify_result result = {
		.id = 7,
		.outcome = DELIVERY_LATER,
		.status = 429,
		.retry_after_ms = 5000,
		.remote = "4711",
		.answer = "Too Many Requests",
		.moved_to = "-100123",
	};
	struct notify_result got;
	char *text = notify_result_text(&result);

	(void)state;
	assert_int_equal(notify_result_parse(text, strlen(text), &got), 0);
	assert_memory_equal(&got, &result, sizeof(got));
	assert_string_equal(notify_result_view(&got).remote, "4711");
	assert_int_equal(notify_result_view(&got).outcome, DELIVERY_LATER);
	free(text);
}

/* From a process that has gone mad. */
static void test_wild_results(void **state)
{
	static const char WILD[] = "{\"outcome\":\"refused\",\"id\":-5,\"status\":99999,"
				   "\"retry_after_ms\":9223372036854775807,"
				   "\"answer\":\"a\\nb\\u202ec\",\"remote\":7}";
	struct notify_result got;

	(void)state;
	assert_int_equal(notify_result_parse(WILD, strlen(WILD), &got), 0);
	assert_int_equal(got.id, -5);
	assert_int_equal(got.status, 999);
	assert_int_equal(got.retry_after_ms, NOTIFY_RETRY_MAX_MS);
	assert_string_equal(got.answer, "a?b?c");
	assert_string_equal(got.remote, "");
	assert_int_equal(notify_result_parse("{\"outcome\":\"sent\"}", 18, &got), -EINVAL);
	assert_int_equal(notify_result_parse("null", 4, &got), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),	cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_request), cmocka_unit_test(test_not_requests),
		cmocka_unit_test(test_result),	cmocka_unit_test(test_wild_results),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
