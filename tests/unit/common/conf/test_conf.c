/* SPDX-License-Identifier: GPL-3.0-or-later */
/* common/conf/conf: what a table reads from a file, and the exact words about what is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup.h"
#include "common/conf/conf.h"

#include <cmocka.h>

struct probe {
	char *title;
	char *address;
	int64_t interval_ms;
	struct conf_places *places;
};

struct sample {
	int64_t interval_ms, ram_octets, retries;
	bool syslog;
	char *listen, *note;
	char **sites, **skipped;
	int level;
	struct probe *probes;
	size_t n_probes;
	char *community;
	struct conf_places *places;
};

static const char *check_listen(const char *value)
{
	return strchr(value, ':') ? NULL : "give ADDRESS:PORT";
}

static const struct conf_name LEVEL_NAMES[] = {{"error", 0}, {"warn", 1}, {"info", 2}, {NULL, 0}};

static const struct conf_key PROBE_KEYS[] = {
	CONF_STR_REQUIRED(struct probe, address, "address", "what is probed", NULL),
	CONF_INT(struct probe, interval_ms, "interval", 1000, 100, 60000, "ms", "how often"),
	CONF_END_PLACED(struct probe, places),
};

static const struct conf_key KEYS[] = {
	CONF_INT(struct sample, interval_ms, "interval", 10000, 1000, 3600000, "ms", "how often"),
	CONF_INT(struct sample, ram_octets, "ram", 1048576, 0, INT64_C(1) << 40, "octets",
		 "how much"),
	CONF_INT(struct sample, retries, "retries", 3, -1, 10, "", "how many"),
	CONF_BOOL(struct sample, syslog, "syslog", false, "log there"),
	CONF_STR(struct sample, listen, "listen", "127.0.0.1:8080", "where", check_listen),
	CONF_STR(struct sample, note, "note", NULL, "any text", NULL),
	CONF_STR_LIST(struct sample, sites, "sites", "which", NULL),
	CONF_STR_LIST_OR_NONE(struct sample, skipped, "skipped", "which not", NULL),
	CONF_ENUM(struct sample, level, "level", 2, LEVEL_NAMES, "how much to say"),
	CONF_SECTION(struct sample, probes, n_probes, "probe", PROBE_KEYS, struct probe,
		     "a target"),
	CONF_SECRET(struct sample, community, "community", "of v2c", check_listen),
	CONF_END_PLACED(struct sample, places),
};

static int parse(const char *text, struct sample *ret, struct conf_errors *errors)
{
	return conf_parse("f", (const uint8_t *)text, strlen(text), KEYS, ret, errors);
}

static void test_defaults(void **state)
{
	static const char *const empty[] = {"", "\n", "# nothing\n", "// nothing", "/* nothing */"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		struct conf_errors errors = {0};
		struct sample s = {0};

		assert_int_equal(parse(empty[i], &s, &errors), 0);
		assert_int_equal(errors.n, 0);
		assert_int_equal(s.interval_ms, 10000);
		assert_false(s.syslog);
		assert_string_equal(s.listen, "127.0.0.1:8080");
		assert_null(s.note);
		assert_non_null(s.sites);
		assert_null(s.sites[0]);
		assert_int_equal(s.level, 2);
		assert_int_equal(s.n_probes, 0);
		conf_free(KEYS, &s);
	}
}

/* What editors of Windows leave: a mark before the text, and ends of lines of two octets. */
static void test_windows(void **state)
{
	struct conf_errors errors = {0};
	struct sample s = {0};

	(void)state;
	assert_int_equal(
		parse("\xef\xbb\xbfnote = \"x\"\r\nretries = 5\r\nbad = 1\r\n", &s, &errors),
		-EINVAL);
	assert_int_equal(errors.n, 1);
	assert_non_null(strstr(errors.lines[0], "f:3: bad"));
	conf_free(KEYS, &s);
	conf_errors_deinit(&errors);
	assert_int_equal(parse("\xef\xbb\xbfnote = \"x\"\r\nretries = 5\r\n", &s, &errors), 0);
	assert_string_equal(s.note, "x");
	assert_int_equal(s.retries, 5);
	conf_free(KEYS, &s);
	conf_errors_deinit(&errors);
}

/* Braces with nothing between them: none where that can be meant, and a beginning. */
static void test_empty_lists(void **state)
{
	struct conf_errors errors = {0};
	struct sample s = {0};

	(void)state;
	assert_int_equal(parse("skipped = {}\nsites = {}\nsites += {a}\n"
			       "note = \"= {}\" # = {}\n",
			       &s, &errors),
			 0);
	assert_null(s.skipped[0]);
	assert_string_equal(s.sites[0], "a");
	assert_null(s.sites[1]);
	assert_string_equal(s.note, "= {}");
	conf_free(KEYS, &s);
}

/* Where keys stand, for checks that come later; a key that is missing belongs to the end. */
static void test_places(void **state)
{
	struct conf_errors errors = {0};
	struct sample s = {0};

	(void)state;
	assert_int_equal(parse("# one\nlevel = warn\nsites = {a,\n\n  b}\n"
			       "probe x {\n address = y\n}\nprobe y { address = z }\n\n",
			       &s, &errors),
			 0);
	assert_string_equal(conf_places_key(s.places, "level"), "f:2");
	assert_string_equal(conf_places_key(s.places, "sites"), "f:3");
	assert_string_equal(conf_places_value(s.places, "sites", 1), "f:5");
	assert_string_equal(conf_places_value(s.places, "probe", 0), "f:6");
	assert_string_equal(conf_places_value(s.places, "probe", 1), "f:9");
	assert_true(conf_places_has(s.places, "level"));
	assert_false(conf_places_has(s.places, "interval"));
	assert_string_equal(conf_places_key(s.places, "interval"), "f:11");
	assert_string_equal(conf_places_value(s.places, "sites", 2), "f:11");
	assert_string_equal(conf_places_key(s.probes[0].places, "address"), "f:7");
	assert_string_equal(conf_places_key(s.probes[0].places, "interval"), "f:8");
	assert_string_equal(conf_places_end(s.probes[1].places), "f:9");
	conf_free(KEYS, &s);
	assert_null(s.places);
}

static void test_values(void **state)
{
	struct conf_errors errors = {0};
	struct sample s = {0};

	(void)state;
	assert_int_equal(parse("interval = 5m\n"
			       "ram = 16M\n"
			       "retries = -1\n"
			       "syslog = on\n"
			       "listen = 0.0.0.0:80\n"
			       "note = \"Kota Mojokerto\"\n"
			       "sites = {opd-01, \"opd 02\"}\n"
			       "sites += {opd-03}\n"
			       "level = warn\n"
			       "probe \"gw\" {\n\taddress = 192.0.2.1\n\tinterval = 2s\n}\n"
			       "probe noc { address = 203.0.113.10 }\n",
			       &s, &errors),
			 0);
	assert_int_equal(errors.n, 0);
	assert_int_equal(s.interval_ms, 300000);
	assert_int_equal(s.ram_octets, 16777216);
	assert_int_equal(s.retries, -1);
	assert_true(s.syslog);
	assert_string_equal(s.listen, "0.0.0.0:80");
	assert_string_equal(s.note, "Kota Mojokerto");
	assert_string_equal(s.sites[0], "opd-01");
	assert_string_equal(s.sites[1], "opd 02");
	assert_string_equal(s.sites[2], "opd-03");
	assert_null(s.sites[3]);
	assert_int_equal(s.level, 1);
	assert_int_equal(s.n_probes, 2);
	assert_string_equal(s.probes[0].title, "gw");
	assert_int_equal(s.probes[0].interval_ms, 2000);
	assert_string_equal(s.probes[1].title, "noc");
	assert_string_equal(s.probes[1].address, "203.0.113.10");
	assert_int_equal(s.probes[1].interval_ms, 1000);
	conf_free(KEYS, &s);
	assert_null(s.note);
	assert_int_equal(s.n_probes, 0);
}

/* Whatever the environment says. */
static void test_secrets(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{"community = 'a:${HOME}b\\new'", "a:${HOME}b\\new"},
		{"community = \"a:\\\\b\\\"\"", "a:\\b\""},
		{"community = a:\\b//c # d", "a:\\b//c"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct conf_errors errors = {0};
		struct sample s = {0};

		assert_int_equal(parse(cases[i].text, &s, &errors), 0);
		assert_string_equal(s.community, cases[i].value);
		conf_free(KEYS, &s);
	}
}

/* Every mistake of a file, in the words that the operator reads. */
static void test_mistakes(void **state)
{
	static const struct {
		const char *text;
		const char *lines[4];
	} cases[] = {
		{"intervall = 5s\n", {"f:1: intervall: unknown key; did you mean interval?"}},
		{"colour = red\n",
		 {"f:1: colour: unknown key; known here: interval, ram, retries, syslog, "
		  "listen, note, "
		  "sites, skipped, level, probe, community"}},
		{"\nprobe a {\n address = x\n intervl = 3s\n}\n",
		 {"f:4: intervl: unknown key; did you mean interval?"}},
		{"interval = soon\n",
		 {"f:1: interval: \"soon\" is not a number that fits here; give a number "
		  "of milliseconds, "
		  "or like 500ms, 10s, 5m, 2h, 1d"}},
		{"interval = 2h30m\n",
		 {"f:1: interval: \"2h30m\" is not a number that fits here; give a "
		  "number of milliseconds, "
		  "or like 500ms, 10s, 5m, 2h, 1d"}},
		{"interval = 500ms\n",
		 {"f:1: interval: \"500ms\" is out of range; give 1000 to 3600000 ms"}},
		{"retries = 99999999999999999999\n",
		 {"f:1: retries: \"99999999999999999999\" is out of range; give -1 to "
		  "10"}},
		{"syslog = maybe\n",
		 {"f:1: syslog: \"maybe\" is neither yes nor no; give yes or no"}},
		{"level = loud\n",
		 {"f:1: level: \"loud\" is not known; give one of error warn info"}},
		{"listen = here\n", {"f:1: listen: \"here\" is not right; give ADDRESS:PORT"}},
		{"community = geheim\n",
		 {"f:1: community: \"(not shown)\" is not right; give ADDRESS:PORT"}},
		{"note = {a, b}\n", {"f:1: note: \"b\" is a second value; this key takes one"}},
		{"note = a\n\nnote = b\n",
		 {"f:3: note: was given in f:1 already; keep one of the two"}},
		{"probe a {\n interval = 1s\n}\n",
		 {"f:3: address: is missing in section \"a\"; add address = ... (what is "
		  "probed)"}},
		{"sites = {}\n",
		 {"f:1: sites: {} is an empty list; give at least one value, or leave "
		  "the key out"}},
		{"level = warn\nsites =\n{ # none\n}\n",
		 {"f:2: sites: {} is an empty list; give at least one value, or leave "
		  "the key out"}},
		{"interval = {}\nnote = {/* */}\n",
		 {"f:1: interval: {} is an empty list; give one value",
		  "f:2: note: {} is an empty list; give one value"}},
		{"probe a {\n address = {}\n}\n",
		 {"f:2: address: {} is an empty list; give one value"}},
		{"sites = {}\nsites = {a}\n",
		 {"f:2: sites: was given in f:1 already; keep one of the two"}},
		{"note\nlevel = info\n",
		 {"f:1: note: neither '=' nor '{' behind it; write KEY = VALUE"}},
		{"probe a {address = x}\nprobe a {address = y}\n",
		 {"f:2: probe: there is a \"a\" already; give each a title of its own"}},
		{"probe {address = x}\n",
		 {"f:1: probe: has no title; write probe \"TITLE\" { ... }"}},
		{"probe = a\n", {"f:1: probe: is a section; write probe \"TITLE\" { ... }"}},
		{"note \"a\" { b = c }\n", {"f:1: note: is no section; write note = VALUE"}},
		{"sites(a)\n", {"f:1: sites: is no section; write sites = {VALUE, VALUE}"}},
		{"note = \"a\" note += \"b\"\n",
		 {"f:1: note: was given in f:1 already; keep one of the two"}},
		/* The key that a slip hides is not missing too. */
		{"probe a {\n adress = x\n}\n",
		 {"f:2: adress: unknown key; did you mean address?"}},
		/* Secrets are exactly what they look like, and never shown. */
		{"community = \"a\\b:\"\n",
		 {"f:1: community: a backslash in double quotes; write it in single quotes, or "
		  "\\\\ for each backslash"}},
		{"community = a:#b\n",
		 {"f:1: community: a '#' right behind it begins a comment; write it in quotes, or "
		  "a blank before the '#'"}},
		{"community = a: geheim = b\n",
		 {"f:1: community: more than one word; write community = \"...\", and \\\" for a "
		  "quote in it"}},
		{"probe \"a\\b\" { address = x }\n",
		 {"f:1: probe: a backslash in the title; write it in single quotes"}},
		/* What messages quote is one line. */
		{"level = \"lo\nud\"\n",
		 {"f:1: level: \"lo ud\" is not known; give one of error warn info"}},
		/* A mistake of syntax is told alone. */
		{"colour = red\nnote = a b\n",
		 {"f:2: note: more than one word; write note = \"...\", and \\\" for a quote in "
		  "it"}},
		{"include(\"/etc/passwd\")\n",
		 {"f:1: include: unknown key; known here: interval, ram, retries, "
		  "syslog, listen, note, "
		  "sites, skipped, level, probe, community"}},
		/* All at once: unknown statements of every shape do not hide what
		   follows. */
		{"# one\n\nnote = \"# none\" # two\n// three\n/* four\nfive */\nlisten = "
		 "a//b\ninterval = 1\n",
		 {"f:7: listen: \"a//b\" is not right; give ADDRESS:PORT",
		  "f:8: interval: \"1\" is out of range; give 1000 to 3600000 ms"}},
		{"# one\nprobe \"x\" { # two\n# three\n}\n# four\n",
		 {"f:4: address: is missing in section \"x\"; add address = ... (what is probed)"}},
		{"colou = {a,\n b}\nstop \"x y\" { z { a = \"}\" } # }\n}\ninterval = "
		 "1\nlisen = \"a\\\"\"\n",
		 {"f:1: colou: unknown key; known here: interval, ram, retries, syslog, "
		  "listen, note, "
		  "sites, skipped, level, probe, community",
		  "f:3: stop: unknown key; known here: interval, ram, retries, syslog, "
		  "listen, note, "
		  "sites, skipped, level, probe, community",
		  "f:5: interval: \"1\" is out of range; give 1000 to 3600000 ms",
		  "f:6: lisen: unknown key; did you mean listen?"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static const struct sample zero;
		struct conf_errors errors = {0};
		struct sample s = {0};
		size_t n = 0;

		assert_int_equal(parse(cases[i].text, &s, &errors), -EINVAL);
		for (; n < ARRAY_LEN(cases[i].lines) && cases[i].lines[n]; n++) {
			assert_true(n < errors.n);
			assert_string_equal(errors.lines[n], cases[i].lines[n]);
		}
		assert_int_equal(errors.n, n);
		assert_memory_equal(&s, &zero, sizeof(s));
		conf_errors_deinit(&errors);
	}
}

/* One key at a time: only that key differs, and only from the first. */
static void test_same(void **state)
{
	static const struct {
		const char *text, *key;
	} CASES[] = {
		{"interval = 10s", NULL}, /* the default, written out */
		{"interval = 9s", "interval"},
		{"ram = 1", "ram"},
		{"syslog = yes", "syslog"},
		{"listen = \"a:1\"", "listen"},
		{"note = \"\"", NULL}, /* nothing, and nothing written out */
		{"note = \"x\"", "note"},
		{"sites = {\"a\"}", "sites"},
		{"level = error", "level"},
		{"probe \"p\" { address = \"a\" }", NULL}, /* sections are another's business */
	};
	struct conf_errors errors = {0};
	struct sample none = {0}, two = {0}, other = {0};

	(void)state;
	assert_int_equal(parse("", &none, &errors), 0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct sample s = {0};

		assert_int_equal(parse(CASES[i].text, &s, &errors), 0);
		for (const struct conf_key *key = KEYS; key->type != CONF_TYPE_END; key++) {
			bool same = !CASES[i].key || strcmp(key->name, CASES[i].key) != 0;

			assert_int_equal(conf_is_same(key, &none, &s), same);
			assert_int_equal(conf_is_same(key, &s, &none), same);
		}
		conf_free(KEYS, &s);
	}
	/* lists that begin alike, and of one length */
	assert_int_equal(parse("sites = {\"a\", \"b\"}", &two, &errors), 0);
	assert_int_equal(parse("sites = {\"a\", \"c\"}", &other, &errors), 0);
	assert_false(conf_is_same(&KEYS[6], &two, &other));
	assert_true(conf_is_same(&KEYS[6], &two, &two));
	conf_free(KEYS, &two);
	conf_free(KEYS, &other);
	conf_free(KEYS, &none);
}

static void test_print_and_missing(void **state)
{
	char buf[4096] = "";
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	conf_print_keys(KEYS, fds[1]);
	close(fds[1]);
	assert_true(read(fds[0], buf, sizeof(buf) - 1) > 0);
	close(fds[0]);
	assert_non_null(strstr(buf, "interval (10000 ms, 1000 to 3600000)  how often\n"));
	assert_non_null(strstr(buf, "level (error|warn|info, info)  how much to say\n"));
	assert_non_null(strstr(buf, "probe \"TITLE\" { ... }  a target\n    address (required)"));
	assert_null(conf_key_missing_in(KEYS, buf));
	assert_string_equal(conf_key_missing_in(KEYS, "my-interval intervals"), "interval");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),    cmocka_unit_test(test_windows),
		cmocka_unit_test(test_empty_lists), cmocka_unit_test(test_places),
		cmocka_unit_test(test_values),	    cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_mistakes),    cmocka_unit_test(test_print_and_missing),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
