/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every profile that comes with Pantau loads and is chosen; mistakes are named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/oid_text.h"
#include "collector/core/device/profile.h"
#include "collector/io/setup/profile_file.h"
#include "collector/io/setup/profile_text.h"

#include <cmocka.h>

static struct profile_set set;

static int setup(void **state)
{
	const char *dir = getenv("PANTAU_PROFILES");
	struct conf_errors errors = {0};
	int r;

	(void)state;
	if (!dir)
		return -1;
	r = profile_dir_load(dir, &set, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	return r;
}

static int teardown(void **state)
{
	(void)state;
	profile_set_deinit(&set);
	return 0;
}

/* The OIDs below which a device of the test has something. */
static bool probed(void *data, const struct profile_oid *oid)
{
	struct profile_oid has;

	for (const char *const *text = data; *text; text++) {
		assert_int_equal(oid_text_parse(*text, &has), 0);
		if (has.len >= oid->len && !memcmp(has.id, oid->id, oid->len * sizeof(oid->id[0])))
			return true;
	}
	return false;
}

struct choice {
	const char *object_id;
	const char *has[4];
	const char *profile;
};

#define PANTAU "1.3.6.1.4.1.8072.9999.9999.51.1.1.12.0"

static const struct choice CHOICES[] = {
	{"1.3.6.1.4.1.32473.1.2", {0}, "if-mib"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU}, "opd-agent"},
	{"1.3.6.1.4.1.8072.9999.9999.51", {PANTAU}, "opd-agent"},
	{"1.3.6.1.4.1.8072.3.2.10", {0}, "net-snmp"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.41112.1.6.1.2.1.8.1"}, "unifi"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.48690.2.2.1.1.1"}, "teltonika"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.4.1.66510.1.10.2.0"}, "openwrt"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU, "1.3.6.1.4.1.66510.1.10.2.0"}, "opd-agent"},
	{"1.3.6.1.4.1.14988.1", {0}, "routeros"},
	{"1.3.6.1.4.1.10002.1", {"1.3.6.1.4.1.41112.1.4.5.1.15.1"}, "airmax"},
	{"1.3.6.1.4.1.10002.1", {0}, "if-mib"},
	{"1.3.6.1.4.1.11863.3.2.10", {0}, "tplink-eap"},
	{"1.3.6.1.4.1.11863.5.34", {0}, "tplink-jetstream"},
	{"1.3.6.1.4.1.4881.1.2.1.1.1", {0}, "ruijie"},
	{"1.3.6.1.4.1.4881.1.2.1.1.1", {"1.3.6.1.4.1.4881.1.1.10.2.56.2.1.1.1.2.1"}, "ruijie-ac"},
	{"1.3.6.1.4.1.17713.22.1", {0}, "cambium-cnpilot"},
	{"1.3.6.1.4.1.17713.21", {0}, "cambium-epmp"},
	{"1.3.6.1.4.1.25053.3.1.14", {"1.3.6.1.4.1.25053.1.15.1.1.1.15.1.0"}, "ruckus-unleashed"},
	{"1.3.6.1.4.1.25053.3.1.5", {"1.3.6.1.4.1.25053.1.2.1.1.1.15.2.0"}, "ruckus-zonedirector"},
	{"1.3.6.1.4.1.25053.3.1.11", {"1.3.6.1.4.1.25053.1.4.1.1.1.15.2.0"}, "ruckus-smartzone"},
	{"1.3.6.1.4.1.25053.3.1.4", {"1.3.6.1.4.1.25053.1.1.12.1.1.1.3.1.3.1"}, "ruckus-ap"},
	{"1.3.6.1.4.1.14823.1.2.59", {"1.3.6.1.4.1.14823.2.3.3.1.2.1.1.1.1"}, "aruba-instant"},
	{"1.3.6.1.4.1.14823.1.1.9", {"1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.2.1"}, "aruba-controller"},
	{"1.3.6.1.4.1.2011.2.23", {0}, "huawei"},
	{"1.3.6.1.4.1.2011.2.240", {"1.3.6.1.4.1.2011.6.139.17.1.2.1.2.1.65"}, "huawei-ac"},
	{"1.3.6.1.4.1.9.1.2494", {0}, "cisco"},
	{"1.3.6.1.4.1.9.1.1069", {"1.3.6.1.4.1.14179.2.1.1.1.38.1"}, "cisco-wlc"},
	{"1.3.6.1.4.1.8072.3.2.10", {"1.3.6.1.2.1.33.1.1.2.0"}, "ups-mib"},
	{"1.3.6.1.4.1.8072.3.2.10", {PANTAU, "1.3.6.1.2.1.33.1.1.2.0"}, "opd-agent"},
	{"1.3.6.1.4.1.2011.2.248", {"1.3.6.1.4.1.2011.2.6.7.1.1.2.1.5.0.9"}, "huawei-smartax"},
	{"1.3.6.1.4.1.10002.1", {"1.3.6.1.4.1.41112.1.11.1.2.6.1"}, "airfiber60"},
};

static void test_choice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CHOICES) / sizeof(CHOICES[0]); i++) {
		const struct profile *p;
		struct profile_oid id;

		assert_int_equal(oid_text_parse(CHOICES[i].object_id, &id), 0);
		p = profile_set_choose(&set, id.id, id.len, probed, (void *)CHOICES[i].has);
		if (!p || strcmp(p->name, CHOICES[i].profile))
			fail_msg("%s: %s instead of %s", CHOICES[i].object_id,
				 p ? p->name : "nothing", CHOICES[i].profile);
	}
}

static void test_links(void **state)
{
	const struct profile *p = profile_set_find(&set, "if-mib");

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->links.n_groups, 2);
	assert_string_equal(p->links.groups[0].name, "traffic");
	assert_string_equal(p->links.groups[0].ds[0].name, "in");
	assert_string_equal(p->links.groups[0].ds[0].unit, "octets/s");
	assert_string_equal(p->links.groups[1].name, "errors");
	assert_int_equal(p->uptime.id[7], 3); /* sysUpTime by default */
	p = profile_set_find(&set, "opd-agent");
	assert_non_null(p);
	assert_true(p->clock_us.len && p->epoch.len && p->n_changed == 1);
	p = profile_set_find(
		&set, "unifi"); /* takes the links of if-mib, but skips what it says itself */
	assert_true(p->links.set && p->links.n_groups == 2 && p->links.n_skip_types == 1);
	assert_string_equal(p->links.skip_names[1], "vwire*");
	p = profile_set_find(&set, "routeros");
	assert_string_equal(p->links.skip_names[1], "veth*");
}

struct mistake {
	const char *text, *told;
};

static const struct mistake MISTAKES[] = {
	{"", "exactly one"},
	{"profile a {}\nprofile b {}", "a.conf:2: 2 profiles; exactly one"},
	{"profile a { colour = red }", "colour"},
	{"profile a { column name { oid = {\"1.3.x\"} } }", "numeric OID"},
	{"profile a {\ncolumn nam {\noid = {\"1.3.6\"}\n}\n}",
	 "a.conf:4: column \"nam\": no such meaning"},
	{"profile a {\n column name { }\n}", "a.conf:2: column \"name\": needs oid"},
	{"profile a { column in-octets { oid = {\"1.3.6\"} } }", "name"},
	{"profile a { column name { oid = {\"1.3.6\"} } column in-octets { oid = {\"1.3.6\"} } }",
	 "pairs"},
	{"profile a {\n\ngroup g { } }", "a.conf:3: profile \"a\""},
	{"profile a { group g { value v { } } }", "oid"},
	{"profile a { group g { value v { oid = \"1.3.6.1.0\" \nunit = \"furlong\"\n} } }",
	 "a.conf:2: value \"v\": unit"},
	{"profile a { group g { value \"a b\" { oid = \"1.3.6.1.0\" } } }", "data source"},
	{"profile a { group g { value v { oid = \"1.3.6.1.0*0\" } } }", "numeric OID"},
	{"profile a { group g { \nequals = \"1\"\nvalue v { oid = \"1.3.6.1.0\" } } }",
	 "a.conf:2: group \"g\": equals without where"},
	{"profile a { group g { value v { oid = \"1.3.6.1.0\" nothing = \"none\" } } }",
	 "a number"},
	{"profile a { group g { value v { oid = \"1.3.6.1.0\" map = {\"3=up\"} } } }",
	 "such as 3=1"},
	{"profile a { group g { value v { oid = \"1.3.6.1.0\"\nnothing = "
	 "{\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\n\"9\"} } } }",
	 "a.conf:3: value \"v\": 9 numbers; 8 at most"},
	{"profile a { group g { value v { kind = counter oid = {\"1.3.6.1.0\", \"1.3.6.2.0\"} } } "
	 "}",
	 "a counter has one oid"},
	{"profile a { group g { where = {\"1.3\", \"1.4\", \"1.5\", \"1.6\"} value v { oid = "
	 "\"1.3.6.1\" } } }",
	 "4 conditions; 3 at most"},
	{"profile a { group g { minus-where = \"1.3\" minus-equals = {\"1\", \"2\"} value v { oid "
	 "= "
	 "\"1.3.6.1\" } } }",
	 "minus-equals without minus-where"},
	{"profile a { group g { instead-of = \"h\" value v { oid = \"1.3.6.1.0\" } } }",
	 "no group"},
	{"profile a { group h { value w { oid = \"1.3.6.1.0\" } } group g { instead-of = \"h\" "
	 "value v "
	 "{ oid = \"1.3.6.1.0\" } } }",
	 "no value of that name"},
	{"profile a { hardware h { equals = \"3\" model = \"1.3.6.1\" } }",
	 "hardware \"h\": equals without where"},
	{"profile a { hardware h { model = {\"1.1\", \"1.1\", \"1.1\", \"1.1\", \"1.1\"} serial = "
	 "{\"1.1\", \"1.1\", \"1.1\", \"1.1\"} } }",
	 "hardware \"h\": more than 8 columns"},
	{"profile a { hardware h { colour = \"1.3.6.1\" } }", "colour"},
	{"profile a { group g { objects = \"1.3\" value v { oid = \"1.3.6.1\" } } }", "without"},
	{"profile a { priority = 1000 }", "100"},
	{"profile a { skip-types = {\"loop\"} }", "IANAifType"},
	{"profile a { probe = {\"1.3\", \"1.3\", \"1.3\", \"1.3\",\n\"1.3\"} }",
	 "a.conf:2: probe: 5 given; 4 at most"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(MISTAKES) / sizeof(MISTAKES[0]); i++) {
		struct conf_errors errors = {0};
		struct profile profile = {0};
		bool told = false;
		int r = profile_text_parse("a.conf", (const uint8_t *)MISTAKES[i].text,
					   strlen(MISTAKES[i].text), &profile, &errors);

		assert_int_equal(r, -22);
		assert_null(profile.name);
		for (size_t j = 0; j < errors.n; j++)
			told |= strstr(errors.lines[j], "a.conf") &&
				strstr(errors.lines[j], MISTAKES[i].told);
		if (!told)
			fail_msg("\"%s\": \"%s\"", MISTAKES[i].text,
				 errors.n ? errors.lines[0] : "no line");
		conf_errors_deinit(&errors);
	}
}

static void test_use(void **state)
{
	static const char BASE[] =
		"profile base { column name { oid = {\"1.3.6.1\"} } "
		"group cpu { value load { oid = \"1.3.6.2.0\" unit = \"%\" } } }";
	static const char TOP[] = "profile top { use = {\"base\"} match = {\"1.3.6.1.4.1.9\"} "
				  "group cpu { value other { oid = \"1.3.6.3.0\" } } }";
	struct conf_errors errors = {0};
	struct profile_set both = {.profiles = calloc(2, sizeof(struct profile)), .n = 2};
	const struct profile *top;
	const char *name, *problem;

	(void)state;
	assert_int_equal(profile_text_parse("t", (const uint8_t *)TOP, sizeof(TOP) - 1,
					    &both.profiles[0], &errors),
			 0);
	assert_int_equal(profile_text_parse("b", (const uint8_t *)BASE, sizeof(BASE) - 1,
					    &both.profiles[1], &errors),
			 0);
	assert_int_equal(profile_set_finish(&both, &name, &problem), 0);
	top = profile_set_find(&both, "top");
	assert_true(top->links.set);
	assert_int_equal(top->n_groups, 1); /* its own wins */
	assert_string_equal(top->groups[0].sample.ds[0].name, "other");
	profile_set_deinit(&both);
}

static void add(struct profile_set *to, const char *text)
{
	struct conf_errors errors = {0};

	to->profiles = realloc(to->profiles, (to->n + 1) * sizeof(*to->profiles));
	assert_int_equal(profile_text_parse("t", (const uint8_t *)text, strlen(text),
					    &to->profiles[to->n++], &errors),
			 0);
}

/* Groups of one name that show the same stand for each other, through those that use others. */
static void test_use_of_use(void **state)
{
	struct profile_set all = {0};
	const struct profile *top;
	const char *name, *problem;

	(void)state;
	add(&all, "profile top { use = {\"middle\"} group cpu { value load { oid = \"1.3.1.0\" } "
		  "value more { oid = \"1.3.2.0\" } } }");
	add(&all,
	    "profile middle { use = {\"base\"} group cpu { value load { oid = \"1.3.3.0\" } } "
	    "group memory { value used { oid = \"1.3.4.0\" } } }");
	add(&all,
	    "profile base { column name { oid = \"1.3.9\" } group cpu { value more { oid = "
	    "\"1.3.5.0\" } } group memory { value used { oid = \"1.3.6.0\" unit = \"%\" } } }");
	assert_int_equal(profile_set_finish(&all, &name, &problem), 0);
	top = profile_set_find(&all, "top");
	assert_true(top->links.set);
	assert_int_equal(top->n_groups,
			 3); /* the base's is another memory, and middle's cpu had no "more" */
	assert_string_equal(top->groups[1].sample.name, "cpu");
	assert_int_equal(top->groups[1].stands_for, 0);
	assert_int_equal(top->groups[1].sample.n_ds, 2);
	assert_int_equal(top->groups[1].ds[1].end, 0); /* it has no "more" */
	assert_int_equal(top->groups[2].stands_for, -1);
	profile_set_deinit(&all);
}

static void test_use_in_a_circle(void **state)
{
	struct profile_set all = {0};
	const char *name, *problem;

	(void)state;
	add(&all, "profile a { use = {\"b\"} column name { oid = \"1.3.9\" } }");
	add(&all, "profile b { use = {\"c\"} }");
	add(&all, "profile c { use = {\"a\"} }");
	assert_int_equal(profile_set_finish(&all, &name, &problem), -22);
	assert_non_null(strstr(problem, "leads back"));
	profile_set_deinit(&all);
}

/* pantau-profile(5) names every key, every meaning of a column and every choice. */
static void test_manual(void **state)
{
	const char *path = getenv("PANTAU_PROFILE_MANUAL");
	static char text[65536];
	FILE *file;

	(void)state;
	assert_non_null(path);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_null(profile_text_missing_in(text));
	for (size_t i = 0; i < PROFILE_LINK_FIELD_N; i++)
		if (!strstr(text, profile_link_field_name(i)))
			fail_msg("%s", profile_link_field_name(i));
}

static void test_directories(void **state)
{
	struct conf_errors errors = {0};
	struct profile_set none = {0};

	(void)state;
	assert_int_equal(profile_dir_load("/nonexistent", &none, &errors), -2);
	assert_int_equal(errors.n, 1);
	conf_errors_deinit(&errors);
}

static void test_oid_text(void **state)
{
	static const char *const BAD[] = {
		"",	  ".",
		"1",	  "1.",
		"1..3",	  "1.3.6.x",
		"3.1",	  "1.4294967296",
		"1.3 4",  "1.3*",
		"1.3*0",  "1.3*nan",
		"1.3*2x", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1"};
	struct profile_oid oid;

	(void)state;
	assert_int_equal(oid_text_parse(" .1.3.6.1.4294967295 * 0.1 ", &oid), 0);
	assert_int_equal(oid.len, 5);
	assert_int_equal(oid.id[4], 4294967295u);
	assert_true(oid.scale > 0.099 && oid.scale < 0.101);
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		if (oid_text_parse(BAD[i], &oid) != -22)
			fail_msg("\"%s\" was taken", BAD[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),		cmocka_unit_test(test_links),
		cmocka_unit_test(test_mistakes),	cmocka_unit_test(test_use),
		cmocka_unit_test(test_directories),	cmocka_unit_test(test_oid_text),
		cmocka_unit_test(test_manual),		cmocka_unit_test(test_use_of_use),
		cmocka_unit_test(test_use_in_a_circle),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
