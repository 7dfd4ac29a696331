/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The examples name every key with its unit and default and are right themselves; the
 * checks that span keys; no message shows a secret.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/conf/collector_conf.h"
#include "collector/core/conf/credentials_conf.h"
#include "common/base/cleanup.h"
#include "common/snmp/snmp_credential.h"

#include <cmocka.h>

static char *read_file(const char *name, size_t *ret_len)
{
	char path[512], *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", getenv("PANTAU_CONF_DIR"), name);
	file = fopen(path, "re");
	assert_non_null(file);
	*ret_len = fread(text, 1, 65535, file);
	fclose(file);
	return text;
}

static int parse_conf(const char *text, struct collector_conf *conf, struct conf_errors *errors)
{
	int r = conf_parse("c.conf", (const uint8_t *)text, strlen(text), COLLECTOR_CONF_KEYS, conf,
			   errors);

	if (r == 0)
		r = collector_conf_check(conf, errors);
	return r;
}

static int parse_credentials(const char *text, struct credentials_conf *conf,
			     struct conf_errors *errors)
{
	int r = conf_parse("s.conf", (const uint8_t *)text, strlen(text), CREDENTIALS_CONF_KEYS,
			   conf, errors);

	if (r == 0)
		r = credentials_conf_check(conf, errors);
	return r;
}

static void test_full_example_has_every_key(void **state)
{
	size_t len;
	char *text = read_file("pantau-collector.conf.full.example", &len);

	(void)state;
	assert_null(conf_key_missing_in(COLLECTOR_CONF_KEYS, text));
	free(text);
	text = read_file("credentials.conf.example", &len);
	assert_null(conf_key_missing_in(CREDENTIALS_CONF_KEYS, text));
	free(text);
}

static void test_man_page_has_every_key(void **state)
{
	size_t len;
	char *text = read_file("../collector/pantau-collector.conf.5", &len);

	(void)state;
	assert_null(conf_key_missing_in(COLLECTOR_CONF_KEYS, text));
	assert_null(conf_key_missing_in(CREDENTIALS_CONF_KEYS, text));
	free(text);
}

/* The comment lines right above "KEY =" in the full example, or above "#KEY =" where the default cannot be
 * written as a value. */
static void comment_of(const char *text, const char *key, char *buf, size_t size)
{
	char line[80];
	const char *at, *from;

	snprintf(line, sizeof(line), "\n%s = ", key);
	at = strstr(text, line);
	if (!at) {
		snprintf(line, sizeof(line), "\n#%s = ", key);
		at = strstr(text, line);
	}
	assert_non_null(at);
	/* back over the lines of this paragraph, which may serve two keys */
	for (from = at; from > text && strncmp(from, "\n#", 2) != 0; from--)
		;
	while (from > text) {
		const char *previous = from - 1;

		while (previous > text && *previous != '\n')
			previous--;
		if (previous[1] != '#' || strncmp(previous, "\n# ---", 6) == 0)
			break;
		from = previous;
	}
	snprintf(buf, size, "%.*s", (int)(at - from), from);
}

static void test_full_example_gives_defaults_and_units(void **state)
{
	size_t len;
	char *text = read_file("pantau-collector.conf.full.example", &len);

	(void)state;
	for (const struct conf_key *key = COLLECTOR_CONF_KEYS; key->type != CONF_TYPE_END; key++) {
		char comment[1024];

		if (key->type == CONF_TYPE_SECTION)
			continue; /* its keys have theirs beside them */
		comment_of(text, key->name, comment, sizeof(comment));
		if (!strstr(comment, "default"))
			fail_msg("no default is given for %s", key->name);
		if (key->type == CONF_TYPE_STR && key->def_str && key->def_str[0] &&
		    !strstr(comment, key->def_str) && !strstr(comment, "where they were installed"))
			fail_msg("%s: the default given is not %s", key->name, key->def_str);
	}
	free(text);
}

/* The values in the full example are the defaults: reading it changes nothing. */
static void test_full_example_is_the_default(void **state)
{
	struct collector_conf full = {0}, none = {0};
	struct conf_errors errors = {0};
	size_t len;
	char *text = read_file("pantau-collector.conf.full.example", &len);

	(void)state;
	assert_int_equal(parse_conf(text, &full, &errors), 0);
	assert_int_equal(parse_conf("", &none, &errors), 0);
	for (const struct conf_key *key = COLLECTOR_CONF_KEYS; key->type != CONF_TYPE_END; key++) {
		/* these two are where this build is installed */
		if (strcmp(key->name, "profiles-dir") == 0 || strcmp(key->name, "web-dir") == 0)
			continue;
		if (!conf_is_same(key, &full, &none))
			fail_msg("%s: the example's value is not the default", key->name);
	}
	assert_string_equal(full.trap_listen[1], none.trap_listen[1]);
	assert_string_equal(full.http_listen[0], none.http_listen[0]);
	conf_free(COLLECTOR_CONF_KEYS, &full);
	conf_free(COLLECTOR_CONF_KEYS, &none);
	free(text);
}

static void test_small_example_is_right(void **state)
{
	struct collector_conf conf = {0};
	struct conf_errors errors = {0};
	size_t len;
	char *text = read_file("pantau-collector.conf.example", &len);

	(void)state;
	assert_int_equal(parse_conf(text, &conf, &errors), 0);
	assert_int_equal(conf.poll_interval_ms, 60000);
	conf_free(COLLECTOR_CONF_KEYS, &conf);
	free(text);
}

/* What everybody knows is no secret. */
static void test_example_secrets_are_refused(void **state)
{
	struct credentials_conf conf = {0};
	struct conf_errors errors = {0};
	size_t len;
	char *text = read_file("credentials.conf.example", &len);

	(void)state;
	assert_int_equal(parse_credentials(text, &conf, &errors), -EINVAL);
	assert_int_equal(errors.n, 5);
	assert_string_equal(
		errors.lines[0],
		"s.conf:10: credential \"opd\": auth-passphrase: is still the example's; write "
		"your own");
	conf_errors_deinit(&errors);
	conf_free(CREDENTIALS_CONF_KEYS, &conf);
	free(text);
}

static void test_conf_mistakes(void **state)
{
	static const struct {
		const char *text, *names;
	} CASES[] = {
		{"poll-interval = 10", "poll-interval"},
		{"\npoll-interval = 10m",
		 "c.conf:2: poll-interval: is above backoff-max, which is 300000ms by "
		 "default; write backoff-max = 600000ms too"},
		{"backoff-max = 4m\npoll-interval = 5m\n",
		 "c.conf:1: backoff-max: is below poll-interval; write "
		 "at least 300000ms"},
		{"poll-intervall = 10s", "poll-interval"},
		{"\n\ntrap-burst = 10",
		 "c.conf:3: trap-burst: is below trap-rate; write at least 50"},
		{"trap-total-rate = 3000",
		 "c.conf:1: trap-total-rate: is above trap-total-burst, which is 2000 by "
		 "default; write trap-total-burst = 3000 too"},
		{"trap-rate = 600",
		 "c.conf:1: trap-rate: is above trap-burst, which is 500 by default; write "
		 "trap-burst = 600 too"},
		{"trap-listen = {\"localhost:162\"}", "trap-listen"},
		{"trap-forwarders = {\"192.0.2.201:162\"}", "trap-forwarders"},
		{"trap-forwarders = {\"relay.example\"}", "trap-forwarders"},
		{"trap-forwarders = {\"192.0.2.1\", \"192.0.2.1\"}", "trap-forwarders"},
		{"trap-listen = {\"0.0.0.0:162\",\n \"0.0.0.0:162\"}",
		 "c.conf:2: trap-listen: \"0.0.0.0:162\" is "
		 "there twice"},
		{"http-listen = "
		 "{\n\"[::]:1\",\n\"[::]:2\",\n\"[::]:3\",\n\"[::]:4\",\n\"[::]:5\",\n\"[::]:6\","
		 "\n\"[::]:7\""
		 ",\n\"[::]:8\",\n\"[::]:9\"}",
		 "c.conf:10: http-listen: 9 addresses; write at most 8"},
		{"trap-listen = {\"0.0.0.0:99999\"}", "trap-listen"},
		{"trap-listen = {\"[fe80::1]:162\"}", "[fe80::1%eth0]:162"},
		{"http-listen = {\"[::1:80\"}", "http-listen"},
		{"inventory = \"inventory.csv\"", "inventory"},
		{"timezone = \"/etc/passwd\"", "timezone"},
		{"language = fr", "language"},
		{"rra = {}", "c.conf:1: rra: {} is an empty list; give CF:XFF:ROW:KEEP"},
		{"trap-listen = {}",
		 "c.conf:1: trap-listen: {} is an empty list; give a numeric address and port"},
		{"http-listen = {}", "c.conf:1: http-listen: {} is an empty list"},
		/* accepted once, and of no sense */
		{"place = \"\"", "c.conf:1: place: \"\" is not right; a name"},
		{"place = \"Kota\\nMojokerto\"", "place"},
		{"place = \"\xe9\"", "one line of UTF-8"},
		{"rrdcached = \"relative/x\"", "c.conf:1: rrdcached: \"relative/x\" is not right; "
					       "unix:/run/rrdcached.sock"},
		{"rrdcached = \"localhost\"", "rrdcached"},
		{"rrdcached = \"unix:run/x\"", "rrdcached"},
		{"reload-token-file = \"token\"", "c.conf:1: reload-token-file"},
		{"source-v4 = \"::1\"",
		 "c.conf:1: source-v4: \"::1\" is not right; a numeric IPv4 address"},
		{"source-v4 = \"192.0.2\"", "source-v4"},
		{"source-v6 = \"192.0.2.1\"", "c.conf:1: source-v6"},
		{"source-v6 = \"abba\"", "source-v6"},
		{"http-listen = {\"fd:2\"}", "c.conf:1: http-listen"},
		{"http-listen = {\"fd:2000\"}", "c.conf:1: http-listen"},
		{"http-listen = {\"unix:/\"}", "c.conf:1: http-listen"},
		{"run-dir = \"/r\"\nhttp-listen = {\"unix:/r/collector.sock\"}",
		 "c.conf:2: http-listen: \"unix:/r/collector.sock\" is the control socket, which "
		 "comes on top; leave "
		 "it out"},
		{"run-dir = "
		 "\"/"
		 "a23456789012345678901234567890123456789012345678901234567890123456789012345678901"
		 "2345678"
		 "901234\"",
		 "c.conf:1: run-dir"},
		{"timezone = \"Asia/\"", "c.conf:1: timezone"},
		{"ping-interval = 500ms",
		 "c.conf:1: ping-interval: is below 1000ms; write 0 for no pings, or at least "
		 "1000ms"},
		{"poll-interval = 1500ms",
		 "c.conf:1: poll-interval: 1500ms is the step of RRD files too; write whole "
		 "seconds"},
		{"request-timeout = 2",
		 "c.conf:1: request-timeout: is below 10ms; write 0 to follow the round trip, or "
		 "at least 10ms"},
		{"poll-interval = 5s\nrequest-timeout = 6s",
		 "c.conf:2: request-timeout: is above poll-interval; write "
		 "at most 5000ms"},
		{"user = \"\"\ngroup = \"noc\"", "c.conf:2: group: counts only together with user"},
		{"rra = {\"MAX:0.5:5m:100d\"}",
		 "c.conf:1: rra: none is AVERAGE, which graphs are drawn from; add one "
		 "such as \"AVERAGE:0.5:5m:100d\""},
		{"rra = {\"AVERAGE:0.5:5m:100d\",\n\"AVERAGE:0.1:5m:7d\"}",
		 "c.conf:2: rra: \"AVERAGE:0.1:5m:7d\" has the "
		 "rows of one before it"},
		{"poll-interval = 5m\nrra = {\"AVERAGE:0.5:1m:3m\"}",
		 "c.conf:2: rra: \"AVERAGE:0.5:1m:3m\" keeps less "
		 "than a poll-interval"},
		{"poll-interval = {}", "c.conf:1: poll-interval: {} is an empty list"},
		{"discovery-interval = 1m\npoll-interval=2m", "c.conf:1: discovery-interval"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct collector_conf conf = {0};
		struct conf_errors errors = {0};

		if (parse_conf(CASES[i].text, &conf, &errors) != -EINVAL)
			fail_msg("accepted: %s", CASES[i].text);
		if (errors.n != 1 || !strstr(errors.lines[0], CASES[i].names))
			fail_msg("%s: %zu lines, the first %s", CASES[i].text, errors.n,
				 errors.lines[0]);
		assert_memory_equal(errors.lines[0], "c.conf", 6);
		conf_errors_deinit(&errors);
		conf_free(COLLECTOR_CONF_KEYS, &conf);
	}
}

/* What the new checks must let through. */
static void test_conf_rights(void **state)
{
	static const char *const CASES[] = {
		"rrdcached = \"\"",
		"rrdcached = \"unix:/run/rrdcached.sock\"",
		"rrdcached = \"/run/rrdcached.sock\"",
		"rrdcached = \"[::1]:42217\"",
		"source-v4 = \"192.0.2.1\"\nsource-v6 = \"2001:db8::1\"",
		"source-v4 = \"\"",
		"http-listen = {\"fd:3\", \"unix:/run/pantau/page.sock\", \"[::1]:8080\"}",
		"reload-token-file = \"/etc/pantau/token\"",
		"user = \"\"\ngroup = \"\"",
		"poll-interval = 1s\nrequest-timeout = 1s",
		"timezone = \"America/Argentina/Buenos_Aires\"",
		"timezone = \"Etc/GMT+7\"",
		"rra = {\"AVERAGE:0.5:5m:100d\", \"MAX:0.5:5m:100d\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct collector_conf conf = {0};
		struct conf_errors errors = {0};

		if (parse_conf(CASES[i], &conf, &errors) != 0)
			fail_msg("%s: %s", CASES[i], errors.n ? errors.lines[0] : "refused");
		conf_free(COLLECTOR_CONF_KEYS, &conf);
	}
}

static void note_key(void *data, const char *key)
{
	char(*keys)[256] = data;

	strcat(*keys, key);
	strcat(*keys, " ");
}

/* What a reload takes over needs no restart. */
static void test_restart_keys(void **state)
{
	struct collector_conf a = {0}, b = {0};
	struct conf_errors errors = {0};
	char keys[256] = "";

	(void)state;
	assert_int_equal(parse_conf("", &a, &errors), 0);
	assert_int_equal(parse_conf("inventory = \"/x.csv\"\ndown-after = 7\nlog-level = debug\n"
				    "trap-listen = {\"127.0.0.1:9162\"}\n",
				    &b, &errors),
			 0);
	collector_conf_restart_keys(&a, &b, note_key, &keys);
	assert_string_equal(keys, "");
	conf_free(COLLECTOR_CONF_KEYS, &b);
	assert_int_equal(parse_conf("state-dir = \"/x\"\nsandbox = no\npoll-interval = 30s\n"
				    "http-listen = {\"127.0.0.1:9\"}\n",
				    &b, &errors),
			 0);
	collector_conf_restart_keys(&a, &b, note_key, &keys);
	assert_string_equal(keys, "state-dir sandbox poll-interval http-listen ");
	conf_free(COLLECTOR_CONF_KEYS, &a);
	conf_free(COLLECTOR_CONF_KEYS, &b);
}

static void test_too_many_rras(void **state)
{
	struct collector_conf conf = {0};
	struct conf_errors errors = {0};
	char text[2048] = "rra = {", one[64];

	(void)state;
	for (int i = 1; i <= 25; i++) {
		snprintf(one, sizeof(one), "%s\"AVERAGE:0.5:%dm:100d\"", i > 1 ? ",\n" : "", i);
		strcat(text, one);
	}
	strcat(text, "}\n");
	assert_int_equal(parse_conf(text, &conf, &errors), -EINVAL);
	assert_string_equal(errors.lines[0], "c.conf:25: rra: 25 archives; write at most 24");
	conf_errors_deinit(&errors);
	conf_free(COLLECTOR_CONF_KEYS, &conf);
}

static void test_credential_mistakes(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *says;
	} CASES[] = {
		{"", 1, "there is none"},
		{"credential \"a\" { user=\"u\" auth-passphrase=\"geheim-1\" }", 1,
		 "priv-passphrase"},
		{"credential \"a\" { user=\"u\" auth-passphrase=\"kurz\" "
		 "priv-passphrase=\"geheim-2\" }",
		 1, "too short"},
		{"credential \"a\" { auth-passphrase=\"geheim-1\" priv-passphrase=\"geheim-2\" }",
		 1, "user"},
		{"credential \"a\" { user=\"u\" auth=\"none\" priv-passphrase=\"geheim-2\" }", 1,
		 "needs authentication"},
		{"credential \"a\" { version=\"v2c\" }", 1, "community: is missing"},
		{"credential \"a\" { version=\"v2c\" community=\"geheim-1\" user=\"u\" }", 1,
		 "is of v3"},
		{"credential \"a\" { user=\"u\" auth-passphrase=\"geheim-1\" "
		 "priv-passphrase=\"geheim-2\" "
		 "community=\"geheim-3\" }",
		 1, "is of v1 and v2c"},
		{"credential \"a\" { version=\"v4\" }", 1, "version"},
		{"credential \"\" { version=\"v2c\" community=\"geheim-1\" }", 1, "has no name"},
		{"credential \"a\" { user=\"u\" "
		 "auth-passphrase=\"geheim-1\"\npriv=none\npriv-passphrase=\"geheim-2\" }",
		 1,
		 "s.conf:3: credential \"a\": priv-passphrase: is not used with priv = \"none\""},
		{"credential \"a\" { user=\"u\" auth=none\nauth-passphrase=\"geheim-1\"\npriv=none "
		 "}",
		 1,
		 "s.conf:2: credential \"a\": auth-passphrase: is not used with auth = \"none\""},
		{"credential \"a\" { version=\"v2c\" "
		 "community=\"geheim-1\"\nauth-passphrase=\"geheim-1\" }",
		 1, "s.conf:2: credential \"a\": auth-passphrase: is of v3"},
		{"credential \"a\" { version=\"v1\" community=\"geheim-1\"\npriv=aes128 }", 1,
		 "s.conf:2: credential \"a\": priv: is of v3"},
		{"credential \"a\" { version=\"v2c\" community=\"geheim-1\" }\n"
		 "credential \"b\" { user=\"x\" }",
		 2, "auth-passphrase: is missing"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct credentials_conf conf = {0};
		struct conf_errors errors = {0};

		if (parse_credentials(CASES[i].text, &conf, &errors) != -EINVAL)
			fail_msg("accepted: %s", CASES[i].text);
		if (errors.n != CASES[i].n || !strstr(errors.lines[0], CASES[i].says))
			fail_msg("%s: %zu lines, the first %s", CASES[i].text, errors.n,
				 errors.lines[0]);
		for (size_t j = 0; j < errors.n; j++) {
			assert_null(strstr(errors.lines[j], "geheim"));
			assert_null(strstr(errors.lines[j], "kurz"));
		}
		conf_errors_deinit(&errors);
		conf_free(CREDENTIALS_CONF_KEYS, &conf);
	}
}

static void test_credentials(void **state)
{
	struct credentials_conf conf = {0};
	struct conf_errors errors = {0};

	(void)state;
	assert_int_equal(
		parse_credentials(
			"credential \"opd\" { user=\"u\" auth-passphrase=\"12345678\" "
			"priv-passphrase=\"abcdefgh\" }\n"
			"credential \"sw\" { version=\"v2c\" community=\"x\" traps=no }\n"
			"credential \"old\" { user=\"v\" auth=\"md5\" auth-passphrase=\"12345678\" "
			"priv=\"none\" }\n"
			"credential \"cisco\" { user=\"w\" auth=\"sha1\" "
			"auth-passphrase=\"12345678\" "
			"priv=\"aes256c\" priv-passphrase=\"abcdefgh\" }",
			&conf, &errors),
		0);
	assert_int_equal(conf.n_credentials, 4);
	assert_int_equal(credentials_conf_find(&conf, "cisco")->priv, SNMP_PRIV_AES256_CISCO);
	assert_int_equal(credentials_conf_find(&conf, "opd")->auth, SNMP_AUTH_SHA256);
	assert_int_equal(credentials_conf_find(&conf, "opd")->priv, SNMP_PRIV_AES128);
	assert_false(credentials_conf_find(&conf, "sw")->traps);
	assert_int_equal(credentials_conf_find(&conf, "old")->priv, SNMP_PRIV_NONE);
	assert_null(credentials_conf_find(&conf, "new"));
	conf_free(CREDENTIALS_CONF_KEYS, &conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_example_has_every_key),
		cmocka_unit_test(test_man_page_has_every_key),
		cmocka_unit_test(test_full_example_gives_defaults_and_units),
		cmocka_unit_test(test_full_example_is_the_default),
		cmocka_unit_test(test_small_example_is_right),
		cmocka_unit_test(test_example_secrets_are_refused),
		cmocka_unit_test(test_conf_mistakes),
		cmocka_unit_test(test_conf_rights),
		cmocka_unit_test(test_restart_keys),
		cmocka_unit_test(test_too_many_rras),
		cmocka_unit_test(test_credential_mistakes),
		cmocka_unit_test(test_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
