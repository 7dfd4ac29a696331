/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mistakes are named, "use" is resolved, and the manual has every key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/profile/profile_text.h"
#include "collector/core/device/profile.h"

#include <cmocka.h>

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_use),
		cmocka_unit_test(test_use_of_use), cmocka_unit_test(test_use_in_a_circle),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
