/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of the journal of samples: there and back; cut and rotten ones are none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "collector/codec/series/journal_record.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static struct journal_record series_record(void)
{
	return (struct journal_record){
		.type = JOURNAL_RECORD_SERIES,
		.id = 70000,
		.n_ds = 2,
		.step_ms = 60000,
		.name = "opd-07/traffic-wan0.rrd",
		.ds = {{.name = "in", .min = 0, .max = NAN},
		       {.name = "out", .min = -1.5, .max = 1e12}},
	};
}

static struct journal_record sample_record(void)
{
	return (struct journal_record){.type = JOURNAL_RECORD_SAMPLE,
				       .id = 5,
				       .n_ds = 3,
				       .time_ms = 1796128047307,
				       .duration_ms = 10000,
				       .value = {1.25, NAN, -3e300}};
}

static void test_series(void **state)
{
	const struct journal_record record = series_record();
	struct journal_record got;
	uint8_t buf[JOURNAL_RECORD_MAX];
	const size_t len = journal_record_write(&record, buf);

	(void)state;
	assert_int_equal(journal_record_read(buf, len, &got), len);
	assert_int_equal(got.type, JOURNAL_RECORD_SERIES);
	assert_int_equal(got.id, 70000);
	assert_int_equal(got.n_ds, 2);
	assert_int_equal(got.step_ms, 60000);
	assert_string_equal(got.name, record.name);
	assert_string_equal(got.ds[0].name, "in");
	assert_true(got.ds[0].min == 0 && isnan(got.ds[0].max));
	assert_string_equal(got.ds[1].name, "out");
	assert_true(got.ds[1].min == -1.5 && got.ds[1].max == 1e12);
}

static void test_sample(void **state)
{
	const struct journal_record record = sample_record();
	struct journal_record got;
	uint8_t buf[JOURNAL_RECORD_MAX];
	const size_t len = journal_record_write(&record, buf);

	(void)state;
	assert_int_equal(journal_record_read(buf, len, &got), len);
	assert_int_equal(got.type, JOURNAL_RECORD_SAMPLE);
	assert_int_equal(got.id, 5);
	assert_int_equal(got.time_ms, 1796128047307);
	assert_int_equal(got.duration_ms, 10000);
	assert_true(got.value[0] == 1.25 && isnan(got.value[1]) && got.value[2] == -3e300);
}

/* The format is read again by later versions: 8 octets of head, all little-endian. */
static void test_layout(void **state)
{
	const struct journal_record record = {.type = JOURNAL_RECORD_SAMPLE,
					      .id = 0x01020304,
					      .n_ds = 1,
					      .time_ms = 0x1122334455,
					      .duration_ms = 0x0a0b,
					      .value = {1.0}};
	static const uint8_t BODY[] = {0x18, 0,	   2,	 1, 4, 3, 2,	1,    0x55, 0x44,
				       0x33, 0x22, 0x11, 0, 0, 0, 0x0b, 0x0a, 0,    0,
				       0,    0,	   0,	 0, 0, 0, 0xf0, 0x3f};
	uint8_t buf[JOURNAL_RECORD_MAX];

	(void)state;
	assert_int_equal(journal_record_write(&record, buf), 4 + sizeof(BODY));
	assert_memory_equal(buf + 4, BODY, sizeof(BODY));
}

static void test_longest(void **state)
{
	struct journal_record record = series_record(), got;
	uint8_t buf[JOURNAL_RECORD_MAX];
	size_t len;

	(void)state;
	record.n_ds = SAMPLE_DS_MAX;
	for (int i = 0; i < SAMPLE_DS_MAX; i++)
		memcpy(record.ds[i].name, "nineteen_characters", 20);
	memset(record.name, 'x', 255);
	record.name[255] = '\0';
	len = journal_record_write(&record, buf);
	assert_int_equal(journal_record_read(buf, len, &got), len);
	memset(record.name, 'x', 256);
	record.name[256] = '\0';
	assert_int_equal(journal_record_write(&record, buf), 0);
}

static void test_damage(void **state)
{
	const struct journal_record records[] = {series_record(), sample_record()};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct journal_record got;
		uint8_t buf[JOURNAL_RECORD_MAX];
		const size_t len = journal_record_write(&records[i], buf);

		for (size_t cut = 0; cut < len; cut++)
			assert_int_equal(journal_record_read(buf, cut, &got), 0);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(journal_record_read(buf, len, &got), 0);
			buf[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_series), cmocka_unit_test(test_sample),
		cmocka_unit_test(test_layout), cmocka_unit_test(test_longest),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
