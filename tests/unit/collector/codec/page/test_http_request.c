/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads of requests: what is taken, what is refused and with which status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/page/http_request.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

/* From a heap copy of exact size, so that a sanitizer sees one octet too many. */
static int parse(const char *text, size_t len, struct http_request *ret)
{
	uint8_t *copy = malloc(len ? len : 1);
	int r;

	if (len)
		memcpy(copy, text, len);
	r = http_request_parse(copy, len, ret);
	free(copy);
	return r;
}

static void test_taken(void **state)
{
	static const struct {
		const char *text;
		enum http_method method;
		const char *path, *query;
		bool keep_alive;
		size_t body_len;
	} cases[] = {
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", HTTP_GET, "/", "", true, 0},
		{"GET / HTTP/1.0\r\n\r\n", HTTP_GET, "/", "", false, 0},
		{"HEAD /a?b=c&d HTTP/1.1\r\nConnection: close\r\n\r\n", HTTP_HEAD, "/a", "b=c&d",
		 false, 0},
		{"POST /r HTTP/1.1\r\ncontent-length:  12 \r\n\r\n", HTTP_POST, "/r", "", true, 12},
		{"DELETE /r HTTP/1.1\r\n\r\n", HTTP_OTHER, "/r", "", true, 0},
		{"GET /a%20b/%C3%A9?x=%20 HTTP/1.1\n\n", HTTP_GET, "/a b/\xc3\xa9", "x=%20", true,
		 0},
		{"GET /graphs/d/ge-0%2F0 HTTP/1.1\r\n\r\n", HTTP_GET, "/graphs/d/ge-0/0", "", true,
		 0},
		{"GET /a/ HTTP/1.1\r\n\r\n", HTTP_GET, "/a/", "", true, 0},
		{"GET /..a HTTP/1.1\r\n\r\n", HTTP_GET, "/..a", "", true, 0},
		{"\r\n\r\nGET / HTTP/1.1\r\n\r\n", HTTP_GET, "/", "", true, 0},
		{"GET /? HTTP/1.1\r\n\r\n", HTTP_GET, "/", "", true, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_request request;
		const size_t len = strlen(cases[i].text);

		/* nothing less than the whole is enough */
		for (size_t part = 0; part < len; part++)
			assert_int_equal(parse(cases[i].text, part, &request), 0);
		assert_int_equal(parse(cases[i].text, len, &request), (int)len);
		assert_int_equal(request.method, cases[i].method);
		assert_string_equal(request.path, cases[i].path);
		assert_string_equal(request.query, cases[i].query);
		assert_int_equal(request.keep_alive, cases[i].keep_alive);
		assert_int_equal(request.body_len, cases[i].body_len);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{"GET\r\n\r\n", -400},
		{"GET /\r\n\r\n", -400},
		{"GET / HTTP/2.0\r\n\r\n", -505},
		{"GET / FTP/1.1\r\n\r\n", -400},
		{" GET / HTTP/1.1\r\n\r\n", -400},
		{"GET  / HTTP/1.1\r\n\r\n", -400},
		{"GET / HTTP/1.1 \r\n\r\n", -505},
		{"G T / HTTP/1.1\r\n\r\n", -400},
		{"GET x HTTP/1.1\r\n\r\n", -400},
		{"GET http://x/ HTTP/1.1\r\n\r\n", -400},
		{"GET /#a HTTP/1.1\r\n\r\n", -400},
		{"GET /\xc3\xa9 HTTP/1.1\r\n\r\n", -400},
		{"GET /.. HTTP/1.1\r\n\r\n", -400},
		{"GET /a/../b HTTP/1.1\r\n\r\n", -400},
		{"GET /%2e%2e/etc/passwd HTTP/1.1\r\n\r\n", -400},
		{"GET /a%2F..%2Fb HTTP/1.1\r\n\r\n", -400},
		{"GET /./a HTTP/1.1\r\n\r\n", -400},
		{"GET //a HTTP/1.1\r\n\r\n", -400},
		{"GET /a%00 HTTP/1.1\r\n\r\n", -400},
		{"GET /a%ff HTTP/1.1\r\n\r\n", -400},
		{"GET /a%f HTTP/1.1\r\n\r\n", -400},
		{"GET / HTTP/1.1\r\nHost\r\n\r\n", -400},
		{"GET / HTTP/1.1\r\nHost : x\r\n\r\n", -400},
		{"GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", -400},
		{"GET / HTTP/1.1\r\nA: \x01\r\n\r\n", -400},
		{"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", -400},
		{"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", -400},
		{"POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n", -400},
		{"POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", -400},
		{"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", -413},
		{"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", -413},
		{"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", -501},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_request request = {.body_len = 77};

		assert_int_equal(parse(cases[i].text, strlen(cases[i].text), &request),
				 cases[i].want);
		assert_int_equal(request.body_len, 77);
	}
}

static void test_limits(void **state)
{
	char *big = malloc(HTTP_HEAD_MAX + 2);
	struct http_request request;
	size_t len;

	(void)state;
	memset(big, 'a', HTTP_HEAD_MAX + 1);
	memcpy(big, "GET /", 5);
	assert_int_equal(parse(big, HTTP_HEAD_MAX, &request), -414); /* a line without an end */
	memcpy(big + 2000, " HTTP/1.1\r\n\r\n", 13);
	assert_int_equal(parse(big, 2013, &request), -414);
	memcpy(big + 1000, " HTTP/1.1\r\nA: ", 14);
	memset(big + 1014, 'a', HTTP_HEAD_MAX - 1014);
	assert_int_equal(parse(big, HTTP_HEAD_MAX, &request), -431);
	len = (size_t)sprintf(big, "GET / HTTP/1.1\r\n");
	for (int i = 0; i <= HTTP_HEADERS_MAX; i++)
		len += (size_t)sprintf(big + len, "A: b\r\n");
	len += (size_t)sprintf(big + len, "\r\n");
	assert_int_equal(parse(big, len, &request), -431);
	free(big);
}

static void test_values(void **state)
{
	static const char text[] =
		"GET /s HTTP/1.1\r\nLast-Event-ID:\t17-4 \r\nIF-NONE-MATCH: \"a\"\r\n"
		"Authorization: Bearer x y\r\nX-Accept: no\r\n\r\nrest";
	struct http_request request;

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &request), (int)sizeof(text) - 1 - 4);
	assert_string_equal(request.last_event_id, "17-4");
	assert_string_equal(request.if_none_match, "\"a\"");
	assert_string_equal(request.authorization, "Bearer x y");
	assert_string_equal(request.accept, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
