/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What receivers answer, on good days and bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/codec/notify/http_answer.h"

#include <cmocka.h>

static char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

enum receiver { PLAIN, FIELD, POINTER, TELEGRAM };

static struct notify_request request_to(enum receiver receiver)
{
	struct notify_request request = {.ok_from = 200, .ok_to = 299};

	if (receiver == PLAIN)
		return request;
	request.ok_field = literal(receiver == FIELD	 ? "status"
				   : receiver == POINTER ? "/a~1b/1/ok"
							 : "ok");
	request.ok_value = literal(receiver == POINTER ? "7" : "true");
	request.id_field = literal(receiver == FIELD ? "/id/0" : "/result/message_id");
	request.dialect = receiver == TELEGRAM ? NOTIFY_TELEGRAM : NOTIFY_PLAIN;
	return request;
}

static const struct {
	enum receiver receiver;
	int status;
	const char *body;
	bool cut;
	int64_t retry_after_s;
	enum delivery_outcome outcome;
	int64_t retry_after_ms;
	const char *answer, *remote, *moved_to;
} CASES[] = {
	{PLAIN, 200, "ok", false, 0, DELIVERY_ARRIVED, 0, "ok", "", ""},
	{PLAIN, 204, "", false, 0, DELIVERY_ARRIVED, 0, "status 204", "", ""},
	{PLAIN, 200, "half an", true, 9, DELIVERY_ARRIVED, 0, "half an", "", ""},
	{PLAIN, 302, "", false, 0, DELIVERY_REFUSED, 0, "status 302", "", ""},
	{PLAIN, 401,
	 "{\"error\":\"Unauthorized\",\"errorCode\":401,\"errorDescription\":\"no token\"}", false,
	 0, DELIVERY_REFUSED, 0, "no token", "", ""},
	{PLAIN, 500, "<h1>oops</h1>\n<p>\x1b[31m</p>", false, 0, DELIVERY_LATER, 0,
	 "<h1>oops</h1> <p> [31m</p>", "", ""},
	{PLAIN, 503, "", false, 120, DELIVERY_LATER, 120000, "status 503", "", ""},
	{PLAIN, 429, "", false, INT64_MAX, DELIVERY_LATER, NOTIFY_RETRY_MAX_MS, "status 429", "",
	 ""},
	{PLAIN, 429, "", false, -5, DELIVERY_LATER, 0, "status 429", "", ""},
	/* a gateway */
	{FIELD, 200, "{\"status\":true,\"id\":[\"80\",\"81\"],\"detail\":\"success!\"}", false, 0,
	 DELIVERY_ARRIVED, 0, "success!", "80", ""},
	{FIELD, 200, "{\"status\":\"true\",\"id\":[80]}", false, 0, DELIVERY_ARRIVED, 0,
	 "{\"status\":\"true\",\"id\":[80]}", "80", ""},
	{FIELD, 200, "{\"status\":false,\"reason\":\"device disconnected\"}", false, 0,
	 DELIVERY_LATER, 0, "device disconnected", "", ""},
	{FIELD, 200, "{\"reason\":\"\",\"error\":\"x\"}", false, 0, DELIVERY_LATER, 0, "x", "", ""},
	{FIELD, 200, "{\"Status\":true}", false, 0, DELIVERY_LATER, 0, "{\"Status\":true}", "", ""},
	{FIELD, 200, "[true]", false, 0, DELIVERY_LATER, 0, "[true]", "", ""},
	{FIELD, 200, "{\"status\":tr", false, 0, DELIVERY_UNKNOWN, 0, "{\"status\":tr", "", ""},
	{FIELD, 200, "{\"status\":true}", true, 0, DELIVERY_UNKNOWN, 0, "{\"status\":true}", "",
	 ""},
	{FIELD, 200, "", false, 0, DELIVERY_UNKNOWN, 0, "status 200", "", ""},
	{FIELD, 500, "{\"status\":true}", false, 0, DELIVERY_LATER, 0, "{\"status\":true}", "", ""},
	{POINTER, 201, "{\"a/b\":[0,{\"ok\":7}]}", false, 0, DELIVERY_ARRIVED, 0,
	 "{\"a/b\":[0,{\"ok\":7}]}", "", ""},
	{POINTER, 201, "{\"a/b\":[{\"ok\":7}]}", false, 0, DELIVERY_LATER, 0,
	 "{\"a/b\":[{\"ok\":7}]}", "", ""},
	/* Telegram */
	{TELEGRAM, 200, "{\"ok\":true,\"result\":{\"message_id\":4711,\"date\":1}}", false, 0,
	 DELIVERY_ARRIVED, 0, "{\"ok\":true,\"result\":{\"message_id\":4711,\"date\":1}}", "4711",
	 ""},
	{TELEGRAM, 429,
	 "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 35\","
	 "\"parameters\":{\"retry_after\":35}}",
	 false, 0, DELIVERY_LATER, 35000, "Too Many Requests: retry after 35", "", ""},
	{TELEGRAM, 400,
	 "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded "
	 "to a supergroup chat\",\"parameters\":{\"migrate_to_chat_id\":-1001234567890}}",
	 false, 0, DELIVERY_LATER, 0, "Bad Request: group chat was upgraded to a supergroup chat",
	 "", "-1001234567890"},
	{TELEGRAM, 400, "{\"ok\":false,\"description\":\"Bad Request: chat not found\"}", false, 0,
	 DELIVERY_REFUSED, 0, "Bad Request: chat not found", "", ""},
	{TELEGRAM, 400,
	 "{\"ok\":false,\"description\":\"x\",\"parameters\":{\"migrate_to_chat_id\":"
	 "\"evil\",\"retry_after\":\"y\"}}",
	 false, 0, DELIVERY_REFUSED, 0, "x", "", ""},
	{TELEGRAM, 403, "{\"ok\":false,\"description\":\"Forbidden: bot was kicked\"}", false, 0,
	 DELIVERY_REFUSED, 0, "Forbidden: bot was kicked", "", ""},
	{TELEGRAM, 502, "<html>", false, 0, DELIVERY_LATER, 0, "<html>", "", ""},
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const struct notify_request request = request_to(CASES[i].receiver);
		const struct http_answer answer = {CASES[i].status, CASES[i].body,
						   strlen(CASES[i].body), CASES[i].cut,
						   CASES[i].retry_after_s};
		struct notify_result result = {.id = 5, .moved_to = "rest of before"};

		http_answer_judge(&request, &answer, &result);
		assert_int_equal(result.id, 5);
		assert_int_equal(result.outcome, CASES[i].outcome);
		assert_int_equal(result.status, CASES[i].status);
		assert_int_equal(result.retry_after_ms, CASES[i].retry_after_ms);
		assert_string_equal(result.answer, CASES[i].answer);
		assert_string_equal(result.remote, CASES[i].remote);
		assert_string_equal(result.moved_to, CASES[i].moved_to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
