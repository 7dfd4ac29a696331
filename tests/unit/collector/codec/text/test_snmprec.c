/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of recordings, written back as "OID=type:value;" in the order of an agent's walk,
 * or the first complaint. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/snmprec.h"
#include "common/conf/conf_errors.h"

#include <cmocka.h>

enum { OUT_MAX = 4096 };

struct out {
	char text[OUT_MAX];
	size_t used;
};

static void printf_(2, 3) put(struct out *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out->used += (size_t)vsnprintf(out->text + out->used, OUT_MAX - out->used, fmt, args);
	va_end(args);
	assert_true(out->used < OUT_MAX);
}

static void put_oid(struct out *out, const snmp_oid_t *oid, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put(out, "%s%lu", i ? "." : "", oid[i]);
}

static void put_row(struct out *out, const struct snmp_varbind *row)
{
	put_oid(out, row->name, row->name_len);
	put(out, "=%u:", row->type);
	switch (row->type) {
	case SNMP_TYPE_INTEGER:
		put(out, "%" PRId64, row->v.i);
		break;
	case SNMP_TYPE_OID:
		put_oid(out, row->v.oid.p, row->v.oid.len);
		break;
	case SNMP_TYPE_OCTETS:
		put(out, "%.*s", (int)row->v.octets.len, (const char *)row->v.octets.p);
		break;
	case SNMP_TYPE_IPADDRESS:
	case SNMP_TYPE_OPAQUE:
		for (size_t i = 0; i < row->v.octets.len; i++)
			put(out, "%02x", row->v.octets.p[i]);
		break;
	case SNMP_TYPE_NULL:
		break;
	default:
		put(out, "%" PRIu64, row->v.u);
	}
	put(out, ";");
}

static void read_all(const char *text, size_t len, struct out *out)
{
	/* a heap copy of exact size: a sanitizer sees one octet too many */
	uint8_t *copy = malloc(len ? len : 1);
	struct conf_errors errors = {0};
	struct snmprec rec = {0};
	int r;

	out->used = 0;
	out->text[0] = '\0';
	memcpy(copy, text, len);
	r = snmprec_parse("f", copy, len, &rec, &errors);
	free(copy);
	if (r < 0)
		put(out, "%s", errors.lines[0]);
	else
		assert_int_equal(errors.n, rec.n_wrong);
	for (size_t i = 0; r == 0 && i < errors.n; i++)
		put(out, "%s;", errors.lines[i]);
	for (size_t i = 0; i < rec.n; i++)
		put_row(out, &rec.rows[i]);
	if (rec.n_repeated)
		put(out, "repeated %zu", rec.n_repeated);
	snmprec_deinit(&rec);
	conf_errors_deinit(&errors);
}

static void test_lines(void **state)
{
	static const struct {
		const char *text, *expect;
	} CASES[] = {
		{"1.3.6|2|5", "1.3.6=2:5;"},
		{".1.3.6|2|-2147483648\r\n", "1.3.6=2:-2147483648;"},
		{"# remark|2|1\n\n1.3|4|\n", "1.3=4:;"},
		{"1.3|4|a|b c\n", "1.3=4:a|b c;"},
		{"1.3|4x|4B6f7461\n", "1.3=4:Kota;"},
		{"1.3|5|\n", "1.3=5:;"},
		{"1.3|6|1.3.6.1.4.1\n", "1.3=6:1.3.6.1.4.1;"},
		{"1.3|6|.0.0\n", "1.3=6:0.0;"},
		{"1.3|64|192.0.2.1\n", "1.3=64:c0000201;"},
		{"1.3|64x|C0000201\n", "1.3=64:c0000201;"},
		{"1.3|65|4294967295\n", "1.3=65:4294967295;"},
		{"1.3|66|0\n1.4|67|8\n", "1.3=66:0;1.4=67:8;"},
		{"1.3|68x|9f78\n", "1.3=68:9f78;"},
		{"1.3|70|18446744073709551615\n", "1.3=70:18446744073709551615;"},
		/* as an agent walks: by number, the shorter first */
		{"1.10|2|1\n1.9|2|2\n1.9.1|2|3\n", "1.9=2:2;1.9.1=2:3;1.10=2:1;"},
		{"1.4294967295|2|1\n", "1.4294967295=2:1;"},
		/* the first of a name counts */
		{"1.3|2|1\n1.2|2|0\n1.3|2|2\n", "1.2=2:0;1.3=2:1;repeated 1"},
		/* mistakes */
		{"", "f: no objects in it"},
		{"# only this\n", "f: no objects in it"},
		/* a line that is wrong is named and left out */
		{"1.3|2|1\nhello\n", "f:2: no OID|type|value;1.3=2:1;"},
		{"1.3|4x|abc\n1.4|4|b\n1.5|66|x\n1.6|4|c\n",
		 "f:1: an odd number of hex digits;f:3: no number in the type's "
		 "range;1.4=4:b;1.6=4:c;"},
		{"hello\n", "f:1: no OID|type|value"},
		{"1.3|2\n", "f:1: no OID|type|value"},
		{"1.3|2:numeric|1\n", "f:1: the type is no number with or without \"x\""},
		{"1.3||1\n", "f:1: the type is no number with or without \"x\""},
		{"1.3|x|1\n", "f:1: the type is no number with or without \"x\""},
		{"1.3|3|1\n", "f:1: a type other than 2, 4, 5, 6, 64 to 68 and 70"},
		{"1.3|69|1\n", "f:1: a type other than 2, 4, 5, 6, 64 to 68 and 70"},
		{"1.3|2x|1\n", "f:1: \"x\" goes with the types 4, 64 and 68 only"},
		{"\n1..3|2|1\n", "f:2: no OID of at most 128 numbers"},
		{"|2|1\n", "f:1: no OID of at most 128 numbers"},
		{"1.3.|2|1\n", "f:1: no OID of at most 128 numbers"},
		{"1.4294967296|2|1\n", "f:1: no OID of at most 128 numbers"},
		{"1.3|6|\n", "f:1: no OID of at most 128 numbers"},
		{"1.3|2|\n", "f:1: no number in the type's range"},
		{"1.3|2|1 \n", "f:1: no number in the type's range"},
		{"1.3|65|4294967296\n", "f:1: no number in the type's range"},
		{"1.3|66|-1\n", "f:1: no number in the type's range"},
		{"1.3|70|18446744073709551616\n", "f:1: no number in the type's range"},
		{"1.3|4x|abc\n", "f:1: an odd number of hex digits"},
		{"1.3|4x|ag\n", "f:1: no hex digits"},
		{"1.3|64|1.2.3\n", "f:1: no IPv4 address"},
		{"1.3|64|1.2.3.256\n", "f:1: no IPv4 address"},
		{"1.3|64x|C00002\n", "f:1: no IPv4 address"},
	};
	static struct out out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		read_all(CASES[i].text, strlen(CASES[i].text), &out);
		if (strcmp(out.text, CASES[i].expect) != 0)
			fail_msg("\"%s\": \"%s\", expected \"%s\"", CASES[i].text, out.text,
				 CASES[i].expect);
	}
}

static void test_longest_name(void **state)
{
	static struct out out;
	char text[400] = "1";

	(void)state;
	for (int i = 1; i < SNMPREC_ARCS_MAX; i++)
		strcat(text, ".1");
	strcat(text, "|2|1");
	read_all(text, strlen(text), &out);
	assert_int_equal(out.text[0], '1');
	memmove(text + 2, text, strlen(text) + 1);
	memcpy(text, "1.", 2);
	read_all(text, strlen(text), &out);
	assert_string_equal(out.text, "f:1: no OID of at most 128 numbers");
}

/* Whole walks of large devices have tens of megabytes. */
static void test_size(void **state)
{
	enum { LINES = 400000 };
	static const char LINE[] = "1.3.6.1.2.1.1%06zu|4|as long as descriptions are, %06zu\n";
	size_t used = 0, room = (size_t)LINES * sizeof(LINE) * 2;
	char *text = malloc(room);
	struct conf_errors errors = {0};
	struct snmprec rec = {0};

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < LINES; i++)
		used += (size_t)snprintf(text + used, room - used, LINE, i, i);
	assert_true(used > 16 << 20);
	assert_int_equal(snmprec_parse("f", (const uint8_t *)text, used, &rec, &errors), 0);
	assert_int_equal(rec.n, LINES);
	snmprec_deinit(&rec);
	assert_int_equal(
		snmprec_parse("f", (const uint8_t *)text, SNMPREC_FILE_MAX + 1, &rec, &errors),
		-22);
	assert_string_equal(errors.lines[0], "f: more than 64 MiB or 2000000 lines");
	conf_errors_deinit(&errors);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_longest_name),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
