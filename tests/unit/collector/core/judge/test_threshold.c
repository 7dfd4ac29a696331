/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits in virtual time: how long, how far, for whom; what is unknown is no evidence. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/collector_conf.h"
#include "collector/core/device/inventory.h"
#include "collector/core/judge/threshold.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

struct world {
	struct collector_conf conf;
	struct threshold_set *set;
	struct inventory_entry entry;
	struct moment now;
	bool office;
	char text[400]; /* what was said, in order */
};

static void say(struct world *w, const char *what, const char *title, const char *object,
		double value, int64_t ms)
{
	const size_t n = strlen(w->text);

	snprintf(w->text + n, sizeof(w->text) - n, "%s %s %s %.0f %lld;", what, title, object,
		 value, (long long)ms);
}

static void begun(void *data, const struct threshold_conf *threshold, const char *device_id,
		  const char *object, double value, int64_t begin_ms)
{
	assert_string_equal(device_id, "d");
	say(data, "begun", threshold->title, object, value, begin_ms);
}

static void ended(void *data, const char *title, const char *device_id, const char *object,
		  double value, int64_t end_ms)
{
	assert_string_equal(device_id, "d");
	say(data, "ended", title, object, isfinite(value) ? value : -1, end_ms);
}

static void parse(struct collector_conf *ret, const char *text)
{
	struct conf_errors errors = {0};

	assert_int_equal(conf_parse("c.conf", (const uint8_t *)text, strlen(text),
				    COLLECTOR_CONF_KEYS, ret, &errors),
			 0);
	assert_int_equal(collector_conf_check(ret, &errors), 0);
}

static struct world *world(const char *text)
{
	struct world *w = calloc(1, sizeof(*w));
	const struct threshold_hooks hooks = {w, begun, ended};

	parse(&w->conf, text);
	w->entry = (struct inventory_entry){
		.id = TEXT("d"), .group = TEXT("g"), .provider = TEXT("p"), .kind = INVENTORY_OPD};
	w->now = (struct moment){1000000, 1000};
	assert_int_equal(
		threshold_set_new(w->conf.thresholds, w->conf.n_thresholds, &hooks, &w->set), 0);
	return w;
}

static void end_world(struct world *w)
{
	threshold_set_free(w->set);
	conf_free(COLLECTOR_CONF_KEYS, &w->conf);
	free(w);
}

/* The value of now, and a minute passes. */
static void minute(struct world *w, const char *object, double value)
{
	const struct threshold_value v = {&w->entry, object, "traffic", "load", value};

	threshold_set_put(w->set, &v, w->office, w->now);
	w->now.mono_ms += 60000;
	w->now.wall_ms += 60000;
	threshold_set_tick(w->set, w->now);
}

static void minutes(struct world *w, const double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		minute(w, "wan0", values[i]);
}

#define FULL                                                                                       \
	"threshold \"full\" { value = \"traffic.load\" above = \"80\" clear = \"70\" for = 3m }\n"
#define SAID(W, TEXT)                                                                              \
	do {                                                                                       \
		assert_string_equal((W)->text, TEXT);                                              \
		(W)->text[0] = '\0';                                                               \
	} while (0)

static void test_duration_and_hysteresis(void **state)
{
	struct world *w = world(FULL);

	(void)state;
	minutes(w, (double[]){90, 90, 90, 50}, 4); /* not long enough */
	SAID(w, "");
	minutes(w, (double[]){81, 82, 83}, 3);
	SAID(w, "");
	minute(w, "wan0", 84);
	SAID(w, "begun full wan0 84 1240000;");
	minutes(w, (double[]){79, 75, 71, 72, 90, 60, 60, 75}, 8); /* between, back, too short */
	SAID(w, "");
	minutes(w, (double[]){70, 60, 50, 40}, 4);
	SAID(w, "ended full wan0 40 1960000;");
	end_world(w);
}

static void test_unknown(void **state)
{
	struct world *w = world(FULL);

	(void)state;
	minutes(w, (double[]){90, NAN, NAN, 90}, 4); /* nothing says that it was less */
	SAID(w, "begun full wan0 90 1000000;");
	for (int i = 0; i < 58; i++)
		minute(w, "wan0", NAN);
	SAID(w, "");
	minute(w, "wan0", NAN);
	SAID(w, "ended full wan0 -1 4780000;");
	end_world(w);
}

static void test_below_and_objects(void **state)
{
	struct world *w = world("threshold \"low\" { value = \"traffic.load\" below = \"1\"\n"
				"clear = \"2\" for = 0s links = {\"wlan*\"} when = office }\n");

	(void)state;
	minute(w, "wlan0", 0);
	SAID(w, ""); /* nobody works */
	w->office = true;
	minute(w, "wan0", 0);
	SAID(w, "");
	minute(w, "wlan0", 0);
	minute(w, "wlan1", 0);
	SAID(w, "begun low wlan0 0 1120000;begun low wlan1 0 1180000;");
	minute(w, "wlan0", 1.5);
	minute(w, "wlan0", 2);
	SAID(w, "ended low wlan0 2 1300000;");
	threshold_set_forget(w->set, "d", w->now);
	SAID(w, "ended low wlan1 -1 1360000;");
	end_world(w);
}

static void test_places(void **state)
{
	static const struct {
		const char *where;
		bool meant;
	} CASES[] = {
		{"groups = {\"G\"}", true},   {"groups = {\"h\"}", false},
		{"kinds = {\"opd\"}", true},  {"kinds = {\"core\"}", false},
		{"devices = {\"e\"}", false}, {"providers = {\"p\"}", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char text[200];
		struct world *w;

		snprintf(
			text, sizeof(text),
			"threshold \"t\" { value = \"traffic.load\" above = \"1\" for = 0s\n%s }\n",
			CASES[i].where);
		w = world(text);
		minute(w, "wan0", 2);
		if ((w->text[0] != '\0') != CASES[i].meant)
			fail_msg("%s", CASES[i].where);
		end_world(w);
	}
}

/* An alert that was open before is open after, and ends once. */
static void test_restart_and_reload(void **state)
{
	struct world *w = world(FULL);
	struct collector_conf other = {0};

	(void)state;
	assert_true(threshold_set_wants(w->set, "traffic"));
	assert_false(threshold_set_wants(w->set, "errors"));
	assert_true(threshold_set_restore(w->set, "full", "d", "wan0", w->now));
	assert_false(threshold_set_restore(w->set, "gone", "d", "wan0", w->now));
	minutes(w, (double[]){90, 90}, 2);
	SAID(w, "");
	parse(&other, "threshold \"t\" { value = \"cpu.cpu\" above = \"1\" }\n" FULL);
	threshold_set_conf(w->set, other.thresholds, other.n_thresholds, w->now);
	conf_free(COLLECTOR_CONF_KEYS, &w->conf);
	w->conf = other;
	minute(w, "wan0", 90);
	SAID(w, "");
	other = (struct collector_conf){0};
	parse(&other, "");
	threshold_set_conf(w->set, other.thresholds, 0, w->now);
	SAID(w, "ended full wan0 -1 1180000;");
	conf_free(COLLECTOR_CONF_KEYS, &other);
	end_world(w);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *wrong;
	} CASES[] = {
		{"threshold \"t\" { above = \"1\" }",
		 "c.conf:1: threshold \"t\": value: is missing"},
		{"threshold \"T 1\" { value = \"a.b\" above = \"1\" }",
		 "c.conf:1: threshold \"T 1\": its title: is not a name"},
		{"threshold \"t\" { value = \"a.b\" }",
		 "c.conf:1: threshold \"t\": above: write a"},
		{"threshold \"t\" { value = \"a.b\" above = \"1\" below = \"2\" }",
		 "c.conf:1: threshold \"t\": above: write a"},
		{"threshold \"t\" { value = \"a.b\" above = \"1\" clear = \"2\" }",
		 "c.conf:1: threshold \"t\": clear: is above the limit"},
		{"threshold \"t\" { value = \"a.b\" below = \"2\" clear = \"1,5\" }",
		 "c.conf:1: threshold \"t\": clear: is below the limit"},
		{"threshold \"t\" { value = \"load\" above = \"1\" }", "c.conf:1: value: \"load\""},
		{"threshold \"t\" { value = \"a.b\" above = \"1.000.000\" }",
		 "c.conf:1: above: \"1.000.000\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct collector_conf conf = {0};
		int r = conf_parse("c.conf", (const uint8_t *)CASES[i].text, strlen(CASES[i].text),
				   COLLECTOR_CONF_KEYS, &conf, &errors);

		if (r == 0)
			r = collector_conf_check(&conf, &errors);
		assert_int_equal(r, -EINVAL);
		assert_int_equal(errors.n, 1);
		if (strncmp(errors.lines[0], CASES[i].wrong, strlen(CASES[i].wrong)) != 0)
			fail_msg("%s", errors.lines[0]);
		conf_errors_deinit(&errors);
		conf_free(COLLECTOR_CONF_KEYS, &conf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration_and_hysteresis), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_below_and_objects),	cmocka_unit_test(test_places),
		cmocka_unit_test(test_restart_and_reload),	cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
