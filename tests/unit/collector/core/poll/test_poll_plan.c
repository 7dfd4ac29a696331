/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that are kept from cycle to cycle, and answers without the names that were asked
 * for: two devices of the same fate, one polled so and one with requests that are made anew
 * each time and all names spelt out, must be asked the same and give the same.
 */
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

enum { RUNS = 40, CYCLES = 60, INTERFACES = 6 };

#define SCALAR "1.3.6.1.4.1.32473.1.%u.0"

static struct profile_set profiles;

static void add_term(struct profile_group *g, enum profile_term_use use, unsigned int n)
{
	struct profile_oid oid;
	char text[40];

	snprintf(text, sizeof(text), SCALAR, n);
	assert_int_equal(oid_text_parse(text, &oid), 0);
	assert_int_equal(profile_group_add_term(g, use, &oid), 0);
}

static void add_scalar(struct profile *p, const char *name, unsigned int n, int64_t interval_ms)
{
	struct profile_group *g = &p->groups[p->n_groups++];

	g->sample.name = strdup(name);
	g->sample.n_ds = 1;
	strcpy(g->sample.ds[0].name, "v");
	g->ds[0].min = g->ds[0].max = NAN;
	add_term(g, PROFILE_TERM_VALUE, n);
	add_term(g, PROFILE_TERM_TOTAL, n + 1);
	g->interval_ms = interval_ms;
}

/* Links, a group of scalars at every poll and one at every third. */
static int setup(void **state)
{
	const char *problem;
	struct profile *p;

	(void)state;
	fake_if_mib(&profiles);
	p = &profiles.profiles[0];
	p->groups = calloc(2, sizeof(*p->groups));
	assert_non_null(p->groups);
	add_scalar(p, "often", 1, 0);
	add_scalar(p, "seldom", 3, 30000);
	return profile_finish(p, &problem);
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&profiles);
	return 0;
}

static void set_scalars(struct fake *fake)
{
	char text[40];

	for (unsigned int n = 1; n <= 4; n++) {
		snprintf(text, sizeof(text), SCALAR, n);
		fake_set(fake, text, SNMP_TYPE_GAUGE32, 10 * n, 0);
	}
}

static struct fake *make(bool keeps, bool v1)
{
	struct fake *fake = fake_new(&profiles, "auto", v1);

	fake->keeps = keeps;
	set_scalars(fake);
	for (uint32_t i = 1; i <= INTERFACES; i++)
		fake_interface(fake, i, (char[]){'e', (char)('0' + i), '\0'},
			       FAKE_IF_X | FAKE_IF_32, 1000.0 * i, 2000.0 * i);
	return fake;
}

static void test_same_request_again(void **state)
{
	struct fake *fake = make(true, false);

	(void)state;
	assert_true(fake_cycle(fake, false));
	/* rows are narrowed to what they have, and once it is known which counters count */
	for (int i = 0; i < 2; i++)
		assert_true(fake_cycle_after(fake, 10));
	fake->repeats = 0;
	fake_forget(fake);
	for (int i = 0; i < 6; i++)
		assert_true(fake_cycle_after(fake, 10));
	/* one request each; the third and sixth ask for "seldom" too, and so do those after */
	assert_in_range(fake->repeats, 2, 4);
	assert_int_equal(fake->requests, 6);
	assert_non_null(fake_last(fake, "e6", "traffic"));
	fake_free(fake);
}

/* A change of fortune, the same for both by their own generators. */
static void mishap(struct fake *fake, unsigned int *seed)
{
	char text[64];
	unsigned int i = (unsigned int)rand_r(seed) % INTERFACES + 1;

	switch (rand_r(seed) % 16) {
	case 0:
		fake_remove_interface(fake, i);
		break;
	case 1:
		fake_interface(fake, i, (char[]){'e', (char)('0' + i), '\0'},
			       FAKE_IF_X | FAKE_IF_32, 1000.0 * i, 2000.0 * i);
		break;
	case 2: /* renumbered, or another interface in that row */
		fake_remove_interface(fake, i);
		fake_interface(fake, i + INTERFACES, (char[]){'e', (char)('0' + i), '\0'},
			       FAKE_IF_X, 500, 600);
		break;
	case 3:
		fake_reboot(fake);
		break;
	case 4:
		fake->dead = !fake->dead;
		break;
	case 5:
		fake->too_much = (enum fake_too_much)(rand_r(seed) % (FAKE_GEN_ERR + 1));
		fake->most = (size_t)(rand_r(seed) % 12) + 2;
		break;
	case 6:
		fake->most = 0;
		break;
	case 7:
		fake->shuffled = !fake->shuffled;
		break;
	case 8:
		fake_unset(fake, "1.3.6.1.2.1.1.3.0");
		break;
	case 9:
		fake_set(fake, "1.3.6.1.2.1.1.3.0", SNMP_TYPE_TIMETICKS, 0, 100);
		break;
	case 10:
		snprintf(text, sizeof(text), SCALAR, i % 4 + 1);
		fake_unset(fake, text);
		break;
	case 11:
		set_scalars(fake);
		break;
	case 12:
		poll_session_rediscover(fake->session);
		break;
	case 13:
		fake->no_access = !fake->no_access;
		break;
	default: /* one cell of a row */
		snprintf(text, sizeof(text), "1.3.6.1.2.1.2.2.1.14.%u", i);
		fake_unset(fake, text);
	}
}

static void assert_same_samples(const struct fake *a, const struct fake *b)
{
	assert_int_equal(a->n_samples, b->n_samples);
	for (size_t i = 0; i < a->n_samples; i++) {
		assert_string_equal(a->samples[i].object, b->samples[i].object);
		assert_string_equal(a->samples[i].group, b->samples[i].group);
		assert_int_equal(a->samples[i].time_ms, b->samples[i].time_ms);
		assert_memory_equal(a->samples[i].value, b->samples[i].value,
				    a->samples[i].n * sizeof(double));
	}
}

static unsigned int run_both(unsigned int seed)
{
	struct fake *kept = make(true, seed % 4 == 3), *plain = make(false, seed % 4 == 3);
	unsigned int seeds[] = {seed, seed}, repeats;
	bool silent = false;

	for (int i = 0; i < CYCLES; i++) {
		if (rand_r(&seed) % 3 == 0) {
			mishap(kept, &seeds[0]);
			mishap(plain, &seeds[1]);
		}
		kept->now_us += 10000000;
		plain->now_us += 10000000;
		assert_int_equal(fake_cycle(kept, silent), fake_cycle(plain, silent));
		silent = kept->dead;
		assert_int_equal(kept->requests, plain->requests);
		assert_int_equal(kept->asked, plain->asked);
		assert_same_samples(kept, plain);
		fake_forget(kept);
		fake_forget(plain);
	}
	repeats = kept->repeats;
	assert_int_equal(plain->repeats, 0);
	fake_free(kept);
	fake_free(plain);
	return repeats;
}

static void test_same_as_made_anew(void **state)
{
	unsigned int repeats = 0;

	(void)state;
	for (unsigned int seed = 1; seed <= RUNS; seed++)
		repeats += run_both(seed);
	assert_in_range(repeats, RUNS * CYCLES / 10, RUNS * CYCLES); /* else it tests little */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_request_again),
		cmocka_unit_test(test_same_as_made_anew),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
