/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values beside links: scalars, tables by object, aggregates, filters, shares. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "tests/unit/collector/core/poll/fake_device.h"

#include <cmocka.h>

#define BASE "1.3.6.1.4.1.32473"

static void oid(struct profile_oid *to, const char *text)
{
	assert_int_equal(oid_text_parse(text, to), 0);
}

static struct profile_group *add_group(struct profile *p, const char *name)
{
	struct profile_group *g;

	p->groups = realloc(p->groups, (p->n_groups + 1) * sizeof(*p->groups));
	g = &p->groups[p->n_groups++];
	*g = (struct profile_group){0};
	g->sample.name = strdup(name);
	return g;
}

static void add_term(struct profile_group *g, enum profile_term_use use, const char *text)
{
	struct profile_oid term;

	oid(&term, text);
	assert_int_equal(profile_group_add_term(g, use, &term), 0);
}

static struct profile_ds *add_ds(struct profile_group *g, const char *name, const char *text,
				 enum profile_rows rows)
{
	struct sample_ds *ds = &g->sample.ds[g->sample.n_ds];
	struct profile_ds *to = &g->ds[g->sample.n_ds++];

	strcpy(ds->name, name);
	ds->unit = "";
	to->min = to->max = NAN;
	to->rows = rows;
	add_term(g, PROFILE_TERM_VALUE, text);
	return to;
}

static void add_where(struct profile_where *where, size_t *n, const char *column,
		      const char *equals)
{
	oid(&where[*n].column, column);
	where[(*n)++].equals = strdup(equals);
}

static struct profile_set set;

static int setup(void **state)
{
	struct profile *p = calloc(1, sizeof(*p));
	struct profile_group *g;
	const char *problem, *name;

	(void)state;
	p->name = strdup("vendor");
	g = add_group(p, "health");
	add_ds(g, "temperature", BASE ".1.1.0 * 0.1", PROFILE_ROWS_ONE);
	add_ds(g, "signal", BASE ".1.2.0", PROFILE_ROWS_ONE);
	g->ds[1].max = 0;
	g = add_group(p, "clients");
	oid(&g->object, BASE ".2.1");
	add_ds(g, "total", BASE ".2.2", PROFILE_ROWS_SUM);
	g = add_group(p, "stations");
	add_ds(g, "n", BASE ".3.1", PROFILE_ROWS_COUNT);
	g = add_group(p, "cpu");
	add_ds(g, "mean", BASE ".4.1", PROFILE_ROWS_MEAN);
	add_ds(g, "most", BASE ".4.1", PROFILE_ROWS_MAX);
	g = add_group(p, "memory");
	oid(&g->where[0].column, BASE ".5.1");
	g->where[0].equals = strdup("1.3.6.1.2.1.25.2.1.2");
	g->n_where = 1;
	add_ds(g, "used", BASE ".5.3", PROFILE_ROWS_SUM);
	add_term(g, PROFILE_TERM_TOTAL, BASE ".5.2");
	g = add_group(p, "rates");
	add_ds(g, "per_s", BASE ".6.1.0", PROFILE_ROWS_ONE)->kind = PROFILE_COUNTER;
	g = add_group(p, "ports");
	g->object_index = PROFILE_INDEX_NUMBERS;
	add_ds(g, "per_s", BASE ".8.1", PROFILE_ROWS_ONE)->kind = PROFILE_COUNTER;
	g = add_group(p, "radios");
	oid(&g->object, BASE ".9.1");
	add_ds(g, "clients", BASE ".9.2", PROFILE_ROWS_SUM);
	g = add_group(p, "wlan");
	g->object_index = PROFILE_INDEX_LINK;
	add_ds(g, "n", BASE ".9.3", PROFILE_ROWS_ONE);
	g = add_group(p, "ssids");
	oid(&g->object, BASE ".10.1");
	add_ds(g, "sum", BASE ".10.2", PROFILE_ROWS_SUM)->min = 0;
	g->ds[0].max = 1000;
	g->ds[0].nothing[g->ds[0].n_nothing++] = 65535;
	add_ds(g, "mean", BASE ".10.2", PROFILE_ROWS_MEAN)->min = 0;
	g->ds[1].max = 1000;
	g = add_group(p, "storage");
	add_where(g->where, &g->n_where, BASE ".11.1", "2|7");
	add_where(g->where, &g->n_where, BASE ".11.5", "1");
	add_where(g->minus_where, &g->n_minus_where, BASE ".11.2", "buffers|cached");
	add_ds(g, "used", BASE ".11.4", PROFILE_ROWS_SUM);
	add_term(g, PROFILE_TERM_TOTAL, BASE ".11.3");
	g = add_group(p, "power");
	add_ds(g, "watts", BASE ".12.1.0", PROFILE_ROWS_ONE);
	add_ds(g, "volts", BASE ".12.2.0", PROFILE_ROWS_ONE);
	g = add_group(p, "power-table");
	g->instead_of = strdup("power");
	add_ds(g, "volts", BASE ".12.3", PROFILE_ROWS_MAX);
	g = add_group(p, "power-old");
	g->instead_of = strdup("power");
	add_ds(g, "watts", BASE ".12.4.0", PROFILE_ROWS_ONE);
	g = add_group(p, "slow");
	g->interval_ms = 60000;
	add_ds(g, "v", BASE ".7.1.0", PROFILE_ROWS_ONE);
	assert_int_equal(profile_finish(p, &problem), 0);
	set = (struct profile_set){.profiles = p, .n = 1};
	return profile_set_finish(&set, &name, &problem);
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&set);
	return 0;
}

static struct fake *make(void)
{
	struct fake *fake = fake_new(&set, "vendor", false);

	fake_set(fake, BASE ".1.1.0", SNMP_TYPE_INTEGER, 415, 0);
	fake_set_text(fake, BASE ".1.2.0", "-67 dBm"); /* some firmware writes numbers as text */
	fake_set_text(fake, BASE ".2.1.1", "Kota-WiFi");
	fake_set_text(fake, BASE ".2.1.2", "Kota-WiFi"); /* the same SSID on the other band */
	fake_set_text(fake, BASE ".2.1.3", "staf");
	fake_set(fake, BASE ".2.2.1", SNMP_TYPE_COUNTER32, 4, 0); /* a gauge in a counter's type */
	fake_set(fake, BASE ".2.2.2", SNMP_TYPE_COUNTER32, 14, 0);
	fake_set(fake, BASE ".2.2.3", SNMP_TYPE_GAUGE32, 2, 0);
	fake_set_octets(fake, BASE ".3.1.2.0.0.0.0.1.7", "\x02\0\0\0\0\x01", 6);
	fake_set_octets(fake, BASE ".3.1.2.0.0.0.0.2.7", "\x02\0\0\0\0\x02", 6);
	fake_set(fake, BASE ".4.1.1", SNMP_TYPE_INTEGER, 10, 0);
	fake_set(fake, BASE ".4.1.2", SNMP_TYPE_INTEGER, 30, 0);
	fake_set_oid(fake, BASE ".5.1.1", "1.3.6.1.2.1.25.2.1.4"); /* a disk */
	fake_set_oid(fake, BASE ".5.1.2", "1.3.6.1.2.1.25.2.1.2"); /* RAM */
	fake_set(fake, BASE ".5.2.1", SNMP_TYPE_INTEGER, 1000, 0);
	fake_set(fake, BASE ".5.2.2", SNMP_TYPE_INTEGER, 2000, 0);
	fake_set(fake, BASE ".5.3.1", SNMP_TYPE_INTEGER, 999, 0);
	fake_set(fake, BASE ".5.3.2", SNMP_TYPE_INTEGER, 500, 0);
	fake_set(fake, BASE ".6.1.0", SNMP_TYPE_COUNTER32, 0, 40);
	fake_set(fake, BASE ".7.1.0", SNMP_TYPE_GAUGE32, 1, 0);
	return fake;
}

static void assert_value(const struct fake *fake, const char *object, const char *group, size_t ds,
			 double wanted)
{
	const struct fake_sample *s = fake_last(fake, object, group);

	if (!s)
		fail_msg("%s/%s: no sample", group, object);
	if (!(fabs(s->value[ds] - wanted) <=
	      0.001 * fabs(wanted))) /* a counter counts whole things */
		fail_msg("%s/%s: %f instead of %f", group, object, s->value[ds], wanted);
}

static size_t samples_of(const struct fake *fake, const char *group)
{
	size_t n = 0;

	for (size_t i = 0; i < fake->n_samples; i++)
		n += !strcmp(fake->samples[i].group, group);
	return n;
}

static void test_values(void **state)
{
	struct fake *fake = make();

	(void)state;
	assert_true(fake_cycle(fake, false));
	assert_value(fake, "", "health", 0, 41.5);
	assert_value(fake, "", "health", 1, -67);
	assert_value(fake, "Kota-WiFi", "clients", 0, 18);
	assert_value(fake, "staf", "clients", 0, 2);
	assert_value(fake, "", "stations", 0, 2);
	assert_value(fake, "", "cpu", 0, 20);
	assert_value(fake, "", "cpu", 1, 30);
	assert_value(fake, "", "memory", 0, 25);
	assert_null(fake_last(fake, "", "rates")); /* a counter's first reading says nothing */
	fake_cycle_after(fake, 10);
	assert_value(fake, "", "rates", 0, 40);
	assert_int_equal(fake->device->n_metrics, 10);
	fake_free(fake);
}

/* All tables are walked together, all scalars come with the first request. */
static void test_few_requests(void **state)
{
	struct fake *fake = make();

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_true(fake->requests <= 3);
	assert_value(fake, "", "cpu", 0, 20);
	assert_value(fake, "staf", "clients", 0, 2);
	fake_free(fake);
}

static void test_interval(void **state)
{
	struct fake *fake = make();
	unsigned int n = 0;

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	for (int i = 0; i < 60; i++) {
		fake->n_samples = 0;
		fake_cycle_after(fake, 10);
		n += fake_last(fake, "", "slow") != NULL;
	}
	assert_int_equal(n, 10);
	fake_free(fake);
}

/* Polls out of turn, and devices that are polled more often for their 32-bit counters, do not make it come sooner;
 * polls that are left out do not make it come later than the next. */
static void test_interval_is_time(void **state)
{
	struct fake *fake = make();
	unsigned int n = 0;

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	for (int i = 0; i < 180; i++) {
		fake->n_samples = 0;
		fake_cycle_after(fake, i % 9 ? 10.0 / 3 : 0.1); /* 0.1, and 8 thirds: 26.8 s */
		n += fake_last(fake, "", "slow") != NULL;
	}
	assert_in_range(n, 8, 10); /* of 535 s */
	fake->dead = true;
	for (int i = 0; i < 5; i++)
		fake_cycle_after(fake, 60);
	fake->dead = false;
	fake->n_samples = 0;
	fake_cycle_after(fake, 10);
	assert_non_null(fake_last(fake, "", "slow"));
	fake_free(fake);
}

static void test_unknowns(void **state)
{
	struct fake *fake = make();

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	fake_set(fake, BASE ".1.2.0", SNMP_TYPE_INTEGER, 65535, 0); /* "no signal" */
	fake_unset(fake, BASE ".3.1.2.0.0.0.0.1.7");
	fake_unset(fake, BASE ".3.1.2.0.0.0.0.2.7");
	fake_unset(fake, BASE ".2.2.3");
	fake_unset(fake, BASE ".2.1.3");
	fake_unset(fake, BASE ".2.2.1");
	fake_unset(fake, BASE ".2.2.2");
	fake_set_text(fake, BASE ".2.2.1", "1e308");
	fake_set_text(fake, BASE ".2.2.2", "1e308");
	fake_cycle_after(fake, 10);
	assert_true(isnan(fake_last(fake, "Kota-WiFi", "clients")->value[0])); /* not infinite */
	assert_true(isnan(fake_last(fake, "", "health")->value[1]));
	assert_value(fake, "", "stations", 0, 0); /* nobody is there: a fact */
	assert_true(isnan(
		fake_last(fake, "staf", "clients")->value[0])); /* the SSID is gone: unknown */
	fake_free(fake);
}

/* A row of nonsense is not hidden in a sum: it is unknown, and so is the sum; a mean and a
 * row that says that it has nothing do without. */
static void test_limits_of_rows(void **state)
{
	static const struct {
		uint8_t type;
		uint64_t second;
		double sum, mean;
	} CASES[] = {
		{SNMP_TYPE_GAUGE32, 30, 42, 21},
		{SNMP_TYPE_GAUGE32, UINT32_MAX, NAN, 12},
		{SNMP_TYPE_INTEGER, (uint64_t)-1, NAN, 12},
		{SNMP_TYPE_GAUGE32, 65535, 12, 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct fake *fake = make();
		const struct fake_sample *s;

		fake_set_text(fake, BASE ".10.1.1", "kota");
		fake_set_text(fake, BASE ".10.1.2", "kota");
		fake_set(fake, BASE ".10.2.1", SNMP_TYPE_GAUGE32, 12, 0);
		fake_set(fake, BASE ".10.2.2", CASES[i].type, CASES[i].second, 0);
		fake_cycle(fake, false);
		s = fake_last(fake, "kota", "ssids");
		assert_non_null(s);
		if (isnan(CASES[i].sum) ? !isnan(s->value[0]) : s->value[0] != CASES[i].sum)
			fail_msg("case %zu: sum %f", i, s->value[0]);
		assert_true(s->value[1] == CASES[i].mean);
		fake_free(fake);
	}
}

/* Caches and buffers are in use by nobody; a row must fit all conditions. */
static void test_rows_taken_off(void **state)
{
	static const struct {
		int type;
		const char *name;
		int size, used, good;
	} ROWS[] = {
		{2, "physical", 1000, 900, 1}, {1, "buffers", 1000, 50, 1},
		{1, "cached", 400, 400, 1},    {1, "shared", 30, 30, 1},
		{7, "more", 1000, 150, 1},     {2, "bad", 9000, 9000, 2},
	};
	struct fake *fake = make();
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		const int cells[] = {ROWS[i].type, 0, ROWS[i].size, ROWS[i].used, ROWS[i].good};

		for (size_t c = 0; c < sizeof(cells) / sizeof(cells[0]); c++) {
			snprintf(name, sizeof(name), BASE ".11.%zu.%zu", c + 1, i + 1);
			if (c == 1)
				fake_set_text(fake, name, ROWS[i].name);
			else
				fake_set(fake, name, SNMP_TYPE_INTEGER, (uint64_t)cells[c], 0);
		}
	}
	fake_cycle(fake, false);
	assert_value(fake, "", "storage", 0, 30); /* (900 + 150 - 50 - 400) of 2000 */
	fake_free(fake);
}

/* One group stands for another as long as the device has nothing of that, under its name. */
static void test_instead_of(void **state)
{
	struct fake *fake = make();

	(void)state;
	fake_set(fake, BASE ".12.3.1", SNMP_TYPE_INTEGER, 12, 0);
	fake_set(fake, BASE ".12.3.2", SNMP_TYPE_INTEGER, 48, 0);
	fake_cycle(fake, false);
	assert_true(isnan(fake_last(fake, "", "power")->value[0]));
	assert_value(fake, "", "power", 1, 48);
	fake_set(fake, BASE ".12.4.0", SNMP_TYPE_INTEGER, 90, 0);
	poll_session_rediscover(fake->session);
	fake_forget(fake);
	fake_cycle_after(fake, 10); /* the first that gives something stays */
	assert_value(fake, "", "power", 1, 48);
	fake_set(fake, BASE ".12.1.0", SNMP_TYPE_INTEGER, 60, 0);
	fake_set(fake, BASE ".12.2.0", SNMP_TYPE_INTEGER, 230, 0);
	poll_session_rediscover(fake->session);
	fake_cycle_after(fake, 10);
	fake_forget(fake);
	fake_cycle_after(fake, 10); /* and gives way to the one that it stands for */
	assert_value(fake, "", "power", 0, 60);
	assert_value(fake, "", "power", 1, 230);
	assert_int_equal(samples_of(fake, "power"), 1);
	fake_unset(fake, BASE ".12.1.0");
	fake_unset(fake, BASE ".12.2.0");
	fake_cycle_after(fake, 10);
	fake_cycle_after(fake, 10); /* and is there again when that goes */
	assert_value(fake, "", "power", 1, 48);
	fake_free(fake);
}

/* Half of a table is not the sum of the whole. */
static void test_broken_walk(void **state)
{
	struct fake *fake = make();

	(void)state;
	fake_cycle(fake, false);
	fake_forget(fake);
	fake->env.max_links = 0; /* no room for any row */
	fake_cycle_after(fake, 10);
	assert_null(fake_last(fake, "", "stations"));
	assert_null(fake_last(fake, "", "cpu"));
	assert_non_null(fake_last(fake, "", "health"));
	fake_free(fake);
}

static void test_restart_of_counters(void **state)
{
	struct fake *fake = make();

	(void)state;
	fake_cycle(fake, false);
	fake_cycle_after(fake, 10);
	fake_reboot(fake);
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_true(!fake_last(fake, "", "rates") || isnan(fake_last(fake, "", "rates")->value[0]));
	fake_cycle_after(fake, 10);
	assert_value(fake, "", "rates", 0, 40);
	fake_free(fake);
}

/* Radios by the name of their access point, and by that of the link whose ifIndex they have. */
static void test_names_of_objects(void **state)
{
	struct fake *fake = make();
	struct device_link links[] = {{.name = (char *)"wlan1", .if_index = 7, .present = true}};

	(void)state;
	fake_set_text(fake, BASE ".9.1.1.2.3", "lobby");
	fake_set(fake, BASE ".9.2.1.2.3.0", SNMP_TYPE_GAUGE32, 4, 0);
	fake_set(fake, BASE ".9.2.1.2.3.1", SNMP_TYPE_GAUGE32, 5, 0);
	fake_set(fake, BASE ".9.2.1.2.4.0", SNMP_TYPE_GAUGE32, 6, 0);
	fake_set(fake, BASE ".9.3.7", SNMP_TYPE_GAUGE32, 8, 0);
	fake_set(fake, BASE ".9.3.8", SNMP_TYPE_GAUGE32, 9, 0);
	fake->device->links = links;
	fake->device->n_links = 1;
	for (int i = 0; i < 2; i++)
		fake_cycle_after(fake, 10);
	assert_value(fake, "lobby.0", "radios", 0, 4);
	assert_value(fake, "lobby.1", "radios", 0, 5);
	assert_value(fake, "1.2.4.0", "radios", 0, 6);
	assert_null(fake_last(fake, "lobby", "radios")); /* has no value of its own */
	assert_value(fake, "wlan1", "wlan", 0, 8);
	assert_value(fake, "8", "wlan", 0, 9);
	fake->device->links = NULL;
	fake->device->n_links = 0;
	fake_free(fake);
}

static int64_t up_to_two_seconds(struct fake *fake)
{
	return fake->requests * 701 % 2000 * INT64_C(1000);
}

/* However late the answers: right to 0.1 %, or unknown. A scalar is dated by sysUpTime, a table by when it was read. */
static void test_late_counters(void **state)
{
	struct fake *fake = make();
	unsigned int known = 0;

	(void)state;
	fake_set(fake, BASE ".6.1.0", SNMP_TYPE_COUNTER64, 0, 1e6);
	fake_set(fake, BASE ".8.1.1", SNMP_TYPE_COUNTER64, 0, 1e6);
	for (int i = 0; i < 5; i++)
		fake_cycle_after(fake, 9.987);
	assert_value(fake, "", "rates", 0, 1e6);
	assert_value(fake, "1", "ports", 0, 1e6);
	fake->extra_delay = up_to_two_seconds;
	for (int i = 0; i < 60; i++) {
		fake->n_samples = 0;
		fake_cycle_after(fake, 9.987);
		for (size_t n = 0; n < fake->n_samples; n++) {
			const struct fake_sample *s = &fake->samples[n];

			if ((strcmp(s->group, "rates") && strcmp(s->group, "ports")) ||
			    isnan(s->value[0]))
				continue;
			if (fabs(s->value[0] - 1e6) > 1e3)
				fail_msg("%s: %f", s->group, s->value[0]);
			known += !strcmp(s->group, "rates");
		}
	}
	assert_true(known > 20);
	fake_free(fake);
}

static void test_absent_is_not_asked(void **state)
{
	struct fake *fake = fake_new(&set, "vendor", false);
	unsigned int first;

	(void)state;
	fake_cycle(fake, false);
	first = fake->requests;
	fake_forget(fake);
	fake_cycle_after(fake, 10);
	assert_true(fake->requests < first);
	assert_null(fake_last(fake, "", "health"));
	fake_free(fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_few_requests),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_interval_is_time),
		cmocka_unit_test(test_unknowns),
		cmocka_unit_test(test_limits_of_rows),
		cmocka_unit_test(test_rows_taken_off),
		cmocka_unit_test(test_instead_of),
		cmocka_unit_test(test_broken_walk),
		cmocka_unit_test(test_restart_of_counters),
		cmocka_unit_test(test_names_of_objects),
		cmocka_unit_test(test_late_counters),
		cmocka_unit_test(test_absent_is_not_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
