/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/system/log: what a line looks like, what is held back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/system/log.h"

#include <cmocka.h>

struct seen {
	unsigned int lines;
	enum log_level level;
	char last[4096];
};

static void sink(void *data, enum log_level level, const char *line)
{
	struct seen *seen = data;

	seen->lines++;
	seen->level = level;
	snprintf(seen->last, sizeof(seen->last), "%s", line);
}

static void test_level(void **state)
{
	struct seen seen = {0};

	(void)state;
	log_open("test", LOG_TARGET_STDERR, LOG_LEVEL_WARN);
	log_set_sink(sink, &seen);
	log_info("poller", "device=%s", "a");
	assert_int_equal(seen.lines, 0);
	assert_false(log_enabled(LOG_LEVEL_INFO));
	errno = EAGAIN;
	log_warn("poller", "device=%s tries=%d", "opd-01", 3);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(seen.lines, 1);
	assert_int_equal(seen.level, LOG_LEVEL_WARN);
	assert_string_equal(seen.last, "poller: device=opd-01 tries=3");
	log_set_sink(NULL, NULL);
}

/* What a device sends cannot forge a second line or reach the terminal. */
static void test_control_characters(void **state)
{
	struct seen seen = {0};

	(void)state;
	log_set_sink(sink, &seen);
	log_error("trap", "text=%s", "a\nerror root: x\033[2J\x7f");
	assert_string_equal(seen.last, "trap: text=a error root: x [2J ");
	/* CSI of Latin-1, a text that reads backwards and its end, a line separator */
	log_error("trap", "text=%s",
		  "\xc2\x9b"
		  "2J\xe2\x80\xaemoc\xe2\x81\xa9"
		  "x\xe2\x80\xa8y");
	assert_string_equal(seen.last, "trap: text= 2J moc x y");
	/* that CSI as an octet, text that stays, a character that is cut off */
	log_error("trap", "text=%s",
		  "\x9b"
		  "1m Kelurahan \xc3\xa9 \xe2\x82");
	assert_string_equal(seen.last, "trap: text=?1m Kelurahan \xc3\xa9 ??");
	log_set_sink(NULL, NULL);
}

static void test_long_line(void **state)
{
	struct seen seen = {0};
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_set_sink(sink, &seen);
	log_error("trap", "%s", text);
	assert_int_equal(strlen(seen.last), 2047);
	assert_string_equal(seen.last + 2042, "xx...");
	log_set_sink(NULL, NULL);
}

/* A value cannot end itself and go on as the next field. */
static void test_values(void **state)
{
	static const struct {
		const char *text, *value, *quoted;
	} CASES[] = {
		{"", "", "\"\""},
		{"wan0", "wan0", "\"wan0\""},
		{"ge-0/0/1.10", "ge-0/0/1.10", "\"ge-0/0/1.10\""},
		{"Port 1", "\"Port 1\"", "\"Port 1\""},
		{"a device=core", "\"a device=core\"", "\"a device=core\""},
		{"a=b", "\"a=b\"", "\"a=b\""},
		{"x\" kind=up \"", "\"x\\\" kind=up \\\"\"", "\"x\\\" kind=up \\\"\""},
		{"x\\", "\"x\\\\\"", "\"x\\\\\""},
		{"a\nb", "\"a\nb\"", "\"a\nb\""}, /* log_line() makes a blank of it */
	};
	char buf[LOG_VALUE_SIZE], big[2 * LOG_VALUE_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_string_equal(log_value(CASES[i].text, buf), CASES[i].value);
		assert_string_equal(log_quoted(CASES[i].text, buf), CASES[i].quoted);
	}
	for (const char *fill = "x\"\\"; *fill; fill++) { /* cut within its marks */
		memset(big, *fill, sizeof(big) - 1);
		big[sizeof(big) - 1] = '\0';
		log_value(big, buf);
		assert_true(strlen(buf) < LOG_VALUE_SIZE);
		assert_int_equal(buf[strlen(buf) - 1], '"');
		assert_int_equal(strlen(buf) % 2, 0); /* no mark without its backslash */
	}
}

static void test_level_parse(void **state)
{
	static const struct {
		const char *text;
		int r;
		enum log_level level;
	} cases[] = {
		{"error", 0, LOG_LEVEL_ERROR},
		{"warn", 0, LOG_LEVEL_WARN},
		{"INFO", 0, LOG_LEVEL_INFO},
		{"debug", 0, LOG_LEVEL_DEBUG},
		{"", -EINVAL, 0},
		{"warning", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum log_level level = LOG_LEVEL_ERROR;

		assert_int_equal(log_level_parse(cases[i].text, &level), cases[i].r);
		assert_int_equal(level, cases[i].level);
	}
	assert_string_equal(log_level_name(LOG_LEVEL_WARN), "warn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level),	    cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_long_line),   cmocka_unit_test(test_values),
		cmocka_unit_test(test_level_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
