/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terms of a value amount to in one row: alternatives, sums, shares, "nothing", limits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/core/device/profile_group.h"
#include "collector/core/reading/group_value.h"

#include <cmocka.h>

enum { TERMS = 4, NOTHING = 2, MAP = 3 };

#define NONE INT64_MIN /* the device does not have it */
#define LOST INT64_MAX /* it has, but did not say */

struct row {
	const char *what;
	enum profile_rows rows;
	struct {
		enum profile_term_use use;
		double scale;
		int64_t answer;
	} terms[TERMS]; /* scale 0: no more */
	bool free_share;
	double min, max; /* both 0: none */
	double nothing[NOTHING];
	size_t n_nothing;
	struct {
		double from, to;
	} map[MAP];
	size_t n_map;
	enum group_word word;
	double value;
};

static const struct row ROWS[] = {
	{"a number",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 0.1, 415}},
	 .word = GROUP_WORD_GOOD,
	 .value = 41.5},
	{"not there", PROFILE_ROWS_ONE, {{PROFILE_TERM_VALUE, 1, NONE}}, .word = GROUP_WORD_NONE},
	{"nothing",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 65535}},
	 .nothing = {-1, 65535},
	 .n_nothing = 2,
	 .word = GROUP_WORD_NOTHING},
	{"nothing is what is sent, not what it is scaled to",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 0.1, 655350}},
	 .nothing = {65535},
	 .n_nothing = 1,
	 .word = GROUP_WORD_GOOD,
	 .value = 65535},
	{"negative nothing",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, -1}},
	 .nothing = {-1},
	 .n_nothing = 1,
	 .word = GROUP_WORD_NOTHING},
	{"above its limit",
	 PROFILE_ROWS_SUM,
	 {{PROFILE_TERM_VALUE, 1, 4294967295}},
	 .min = 0,
	 .max = 10000,
	 .word = GROUP_WORD_WRONG},
	{"below its limit",
	 PROFILE_ROWS_SUM,
	 {{PROFILE_TERM_VALUE, 1, -1}},
	 .min = 0,
	 .max = 10000,
	 .word = GROUP_WORD_WRONG},
	{"limits are of what it is scaled to",
	 PROFILE_ROWS_MAX,
	 {{PROFILE_TERM_VALUE, -1, 94}},
	 .min = -130,
	 .max = -1,
	 .word = GROUP_WORD_GOOD,
	 .value = -94},
	{"the first alternative",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 7}, {PROFILE_TERM_VALUE, 1, 8}},
	 .word = GROUP_WORD_GOOD,
	 .value = 7},
	{"the second, where the first is not there",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, NONE}, {PROFILE_TERM_VALUE, 1, 8}},
	 .word = GROUP_WORD_GOOD,
	 .value = 8},
	{"the second, where the first says nothing",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 0}, {PROFILE_TERM_VALUE, 1, 8}},
	 .nothing = {0},
	 .n_nothing = 1,
	 .word = GROUP_WORD_GOOD,
	 .value = 8},
	{"kbit/s of old firmware",
	 PROFILE_ROWS_MEAN,
	 {{PROFILE_TERM_VALUE, 1, 162000}, {PROFILE_TERM_VALUE, 1000, 162000}},
	 .min = 1e6,
	 .max = 1e11,
	 .word = GROUP_WORD_GOOD,
	 .value = 162e6},
	{"bit/s of new firmware",
	 PROFILE_ROWS_MEAN,
	 {{PROFILE_TERM_VALUE, 1, 39000000}, {PROFILE_TERM_VALUE, 1000, 39000000}},
	 .min = 1e6,
	 .max = 1e11,
	 .word = GROUP_WORD_GOOD,
	 .value = 39e6},
	{"no rate in either unit",
	 PROFILE_ROWS_MEAN,
	 {{PROFILE_TERM_VALUE, 1, 0}, {PROFILE_TERM_VALUE, 1000, 0}},
	 .min = 1e6,
	 .max = 1e11,
	 .word = GROUP_WORD_WRONG},
	{"free, caches and buffers are not in use",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 100},
	  {PROFILE_TERM_PLUS, 1, 50},
	  {PROFILE_TERM_PLUS, 1, 250},
	  {PROFILE_TERM_TOTAL, 1, 1000}},
	 .free_share = true,
	 .min = 0,
	 .max = 100,
	 .word = GROUP_WORD_GOOD,
	 .value = 60},
	{"no buffers",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 100},
	  {PROFILE_TERM_PLUS, 1, NONE},
	  {PROFILE_TERM_PLUS, 1, 250},
	  {PROFILE_TERM_TOTAL, 1, 1000}},
	 .free_share = true,
	 .min = 0,
	 .max = 100,
	 .word = GROUP_WORD_GOOD,
	 .value = 65},
	{"buffers that it did not tell",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 100},
	  {PROFILE_TERM_PLUS, 1, LOST},
	  {PROFILE_TERM_PLUS, 1, 250},
	  {PROFILE_TERM_TOTAL, 1, 1000}},
	 .free_share = true,
	 .min = 0,
	 .max = 100,
	 .word = GROUP_WORD_WRONG},
	{"caches off what is used",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 900},
	  {PROFILE_TERM_MINUS, 1, 400},
	  {PROFILE_TERM_TOTAL, 1, 1000}},
	 .min = 0,
	 .max = 100,
	 .word = GROUP_WORD_GOOD,
	 .value = 50},
	{"a share of used and free",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 30}, {PROFILE_TERM_TOTAL, 1, 30}, {PROFILE_TERM_TOTAL, 1, 90}},
	 .min = 0,
	 .max = 100,
	 .word = GROUP_WORD_GOOD,
	 .value = 25},
	{"a share of none",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 30}, {PROFILE_TERM_TOTAL, 1, NONE}},
	 .word = GROUP_WORD_WRONG},
	{"a share of zero",
	 PROFILE_ROWS_SUM,
	 {{PROFILE_TERM_VALUE, 1, 0}, {PROFILE_TERM_TOTAL, 1, 0}},
	 .word = GROUP_WORD_WRONG},
	{"the unit of a row",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 12}, {PROFILE_TERM_TIMES, 1, 4096}},
	 .word = GROUP_WORD_GOOD,
	 .value = 49152},
	{"a row without a unit",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 12}, {PROFILE_TERM_TIMES, 1, NONE}},
	 .word = GROUP_WORD_WRONG},
	{"digits behind the point",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 425}, {PROFILE_TERM_DECIMALS, 1, 1}},
	 .word = GROUP_WORD_GOOD,
	 .value = 42.5},
	{"more digits than there are",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 425}, {PROFILE_TERM_DECIMALS, 1, 300}},
	 .word = GROUP_WORD_WRONG},
	{"what a number stands for",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 5}},
	 .map = {{3, 1}, {5, 0}},
	 .n_map = 2,
	 .word = GROUP_WORD_GOOD,
	 .value = 0},
	{"a number that stands for nothing",
	 PROFILE_ROWS_ONE,
	 {{PROFILE_TERM_VALUE, 1, 1}},
	 .map = {{3, 1}, {5, 0}},
	 .n_map = 2,
	 .word = GROUP_WORD_NOTHING},
};

static struct profile_group group_of(const struct row *row)
{
	struct profile_group group = {.sample.n_ds = 1};
	struct profile_ds *ds = &group.ds[0];

	ds->rows = (uint8_t)row->rows;
	ds->free_share = row->free_share;
	ds->min = row->min || row->max ? row->min : NAN;
	ds->max = row->min || row->max ? row->max : NAN;
	ds->n_nothing = (uint8_t)row->n_nothing;
	memcpy(ds->nothing, row->nothing, sizeof(row->nothing));
	ds->n_map = (uint8_t)row->n_map;
	memcpy(ds->map, row->map, sizeof(row->map));
	for (size_t t = 0; t < TERMS && row->terms[t].scale; t++) {
		const struct profile_oid oid = {
			.id = {1, 3, 6}, .len = 3, .scale = row->terms[t].scale};

		assert_int_equal(profile_group_add_term(&group, row->terms[t].use, &oid), 0);
	}
	assert_null(profile_group_finish(&group));
	return group;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		const struct row *row = &ROWS[i];
		struct profile_group group = group_of(row);
		struct group_value terms[TERMS] = {0};
		struct group_number number = {.value = NAN};
		uint32_t lacking = 0;
		enum group_word word;

		for (size_t t = 0; t < group.n_terms; t++) {
			const struct snmp_varbind vb = {.type = SNMP_TYPE_INTEGER,
							.v.i = row->terms[t].answer};

			lacking |= (uint32_t)(row->terms[t].answer == NONE) << t;
			if (row->terms[t].answer != NONE && row->terms[t].answer != LOST)
				group_value_set(&terms[t], &vb, "");
		}
		word = group_value_say(&group, 0, terms, lacking, &number);
		if (word != row->word)
			fail_msg("%s: word %d instead of %d", row->what, word, row->word);
		if (word == GROUP_WORD_GOOD &&
		    !(fabs(number.value - row->value) < 1e-6 * fabs(row->value) + 1e-9))
			fail_msg("%s: %f instead of %f", row->what, number.value, row->value);
	}
}

/* The parts of a sum that is a share are handed out as they are. */
static void test_share_of_a_sum(void **state)
{
	static const struct row ROW = {"",
				       PROFILE_ROWS_SUM,
				       {{PROFILE_TERM_VALUE, 1, 1},
					{PROFILE_TERM_TIMES, 1, 2},
					{PROFILE_TERM_TOTAL, 1, 3}}};
	struct profile_group group = group_of(&ROW);
	struct group_value terms[3] = {0};
	struct group_number number;

	(void)state;
	group_value_set(&terms[0], &(struct snmp_varbind){.type = SNMP_TYPE_GAUGE32, .v.u = 100},
			"");
	group_value_set(&terms[1], &(struct snmp_varbind){.type = SNMP_TYPE_GAUGE32, .v.u = 1024},
			"");
	group_value_set(&terms[2], &(struct snmp_varbind){.type = SNMP_TYPE_GAUGE32, .v.u = 400},
			"");
	assert_int_equal(group_value_say(&group, 0, terms, 0, &number), GROUP_WORD_GOOD);
	assert_true(number.value == 102400 && number.total == 409600);
}

static void test_texts(void **state)
{
	static const struct {
		const char *text, *after;
		bool good;
		double number;
	} TEXTS[] = {
		{"-67 dBm", "", true, -67},
		{"4.5", "", true, 4.5},
		{"N/A", "", false, 0},
		{"", "", false, 0},
		{"nan", "", false, 0},
		{"    5 Secs ( 96.3762%)   60 Secs ( 62.8549%)", "60 Secs (", true, 62.8549},
		{"    5 Secs ( 96.3762%)", "60 Secs (", false, 0},
		{"60 Secs (", "60 Secs (", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		struct snmp_varbind vb = {.type = SNMP_TYPE_OCTETS};
		struct group_value value;

		vb.v.octets.p = (const uint8_t *)TEXTS[i].text;
		vb.v.octets.len = strlen(TEXTS[i].text);
		assert_int_equal(group_value_set(&value, &vb, TEXTS[i].after), TEXTS[i].good);
		if (TEXTS[i].good)
			assert_true(value.number == TEXTS[i].number);
	}
}

static void test_what_is_no_group(void **state)
{
	struct profile_group group = {0};
	const struct profile_oid oid = {.len = 1, .scale = 1};

	(void)state;
	assert_non_null(profile_group_finish(&group));
	group.sample.n_ds = 1;
	assert_non_null(profile_group_finish(&group));
	assert_int_equal(profile_group_add_term(&group, PROFILE_TERM_TOTAL, &oid), 0);
	assert_int_equal(profile_group_add_term(&group, PROFILE_TERM_VALUE, &oid), -22);
	assert_non_null(profile_group_finish(&group)); /* a share of something is not enough */
	group = (struct profile_group){.sample.n_ds = 1};
	group.ds[0].kind = PROFILE_COUNTER;
	for (size_t i = 0; i < PROFILE_TERMS_MAX; i++)
		assert_int_equal(profile_group_add_term(&group, PROFILE_TERM_VALUE, &oid), 0);
	assert_int_equal(profile_group_add_term(&group, PROFILE_TERM_VALUE, &oid), -28);
	assert_non_null(profile_group_finish(&group)); /* a counter of several */
}

/* The limits of a row are not those of a sum: the file must take what rows add up to. */
static void test_limits_of_a_sum(void **state)
{
	struct row row = {"", PROFILE_ROWS_SUM, {{PROFILE_TERM_VALUE, 1, 1}}, .min = 0, .max = 100};
	struct profile_group group = group_of(&row);

	(void)state;
	assert_true(group.sample.ds[0].min == 0 && isnan(group.sample.ds[0].max));
	row.rows = PROFILE_ROWS_MAX;
	group = group_of(&row);
	assert_true(group.sample.ds[0].min == 0 && group.sample.ds[0].max == 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_share_of_a_sum),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_what_is_no_group),
		cmocka_unit_test(test_limits_of_a_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
