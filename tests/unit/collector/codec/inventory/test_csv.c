/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as "field|field" joined by ';', with '!' and the outcome's number for mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/inventory/csv.h"

#include <cmocka.h>

static void read_all(const char *text, size_t len, char *out, size_t size)
{
	struct csv_reader *reader = malloc(sizeof(*reader));
	/* a heap copy of exact size: a sanitizer sees one octet too many */
	uint8_t *copy = malloc(len ? len : 1);
	struct csv_record record;
	enum csv_outcome outcome;
	size_t used = 0;

	if (len)
		memcpy(copy, text, len);
	csv_init(reader, copy, len);
	out[0] = '\0';
	while ((outcome = csv_next(reader, &record)) != CSV_END) {
		used += (size_t)snprintf(out + used, size - used, "%u:", record.line);
		if (outcome != CSV_RECORD)
			used += (size_t)snprintf(out + used, size - used, "!%d", outcome);
		for (size_t i = 0; i < record.n; i++)
			used += (size_t)snprintf(out + used, size - used, "%s%s", i ? "|" : "",
						 record.field[i]);
		used += (size_t)snprintf(out + used, size - used, ";");
	}
	free(copy);
	free(reader);
}

static void test_texts(void **state)
{
	static const struct {
		const char *text, *expect;
	} CASES[] = {
		{"", ""},
		{"\n\r\n# remark, with comma\n", ""},
		{"a,b", "1:a|b;"},
		{"a,b\r\nc,d\r\n", "1:a|b;2:c|d;"},
		{"a,,c\n,,\n", "1:a||c;2:||;"},
		{"\xef\xbb\xbfid,name\n", "1:id|name;"},
		{"\"a,b\",\"say \"\"hi\"\"\"\n", "1:a,b|say \"hi\";"},
		{"\"two\nlines\",x\ny,z\n", "1:two\nlines|x;3:y|z;"},
		{"a;b\n1,5;2\n", "1:a|b;2:1,5|2;"},
		/* Tabs, and what Excel says of its separator. */
		{"a\tb\n1,5\t2;3\n", "1:a|b;2:1,5|2;3;"},
		{"sep=;\r\na;b,c,d\r\n", "2:a|b,c,d;"},
		{"\xef\xbb\xbfSEP=,\na,b;c;d\n", "2:a|b;c;d;"},
		{"sep=\t\na\tb\n", "2:a|b;"},
		{"sep=;;\na;b\n", "1:sep=||;2:a|b;"},
		{"sep=", "1:sep=;"},
		/* The first record's count, not those of remarks before it or of quoted fields. */
		{"# a; b; c\n\n\"x;y;z\",b\n", "3:x;y;z|b;"},
		{"\"x\n;;;\",b\nc,d\n", "1:x\n;;;|b;3:c|d;"},
		{"a,b\n\"# c, d\",\ne,f\n", "1:a|b;3:e|f;"},
		{"a,b;c\n", "1:a|b;c;"},
		{"a\"b,c\nd,e\n", "1:!2;2:d|e;"},
		{"\"a\"b,c\nd,e\n", "1:!2;2:d|e;"},
		{"x\n\"open\nnever\n", "1:x;2:!3;"},
		{"\"\"\n", "1:;"},
		{"a,\"\"", "1:a|;"},
		{"a,\r", "1:a|;"},
		{"a\rb\n", "1:a\rb;"},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		read_all(CASES[i].text, strlen(CASES[i].text), out, sizeof(out));
		assert_string_equal(out, CASES[i].expect);
	}
}

static void test_nul_is_refused(void **state)
{
	char out[64];

	(void)state;
	read_all("a\0b\nc\n", 6, out, sizeof(out));
	assert_string_equal(out, "1:!5;");
}

static void test_limits(void **state)
{
	static char text[CSV_RECORD_MAX + 100];
	static char out[CSV_RECORD_MAX + 200];

	(void)state;
	memset(text, 'a', CSV_RECORD_MAX - 1); /* the longest that fits, with its NUL */
	text[CSV_RECORD_MAX - 1] = '\n';
	read_all(text, CSV_RECORD_MAX, out, sizeof(out));
	assert_int_equal(strlen(out), 2 + CSV_RECORD_MAX - 1 + 1);
	memset(text, 'a', CSV_RECORD_MAX);
	memcpy(text + CSV_RECORD_MAX, "\nb\n", 3);
	read_all(text, CSV_RECORD_MAX + 3, out, sizeof(out));
	assert_string_equal(out, "1:!4;2:b;");
	memset(text, ',', CSV_FIELDS_MAX);
	text[CSV_FIELDS_MAX] = '\n';
	read_all(text, CSV_FIELDS_MAX + 1, out, sizeof(out));
	assert_string_equal(out, "1:!4;");
	read_all(text + 1, CSV_FIELDS_MAX, out, sizeof(out));
	assert_int_equal(strlen(out), 2 + CSV_FIELDS_MAX - 1 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_nul_is_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
