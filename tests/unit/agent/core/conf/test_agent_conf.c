/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent's keys: the examples name each of them, and mistakes are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/conf/agent_conf.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static char *read_text(const char *variable)
{
	const char *path = getenv(variable);
	FILE *file = path ? fopen(path, "r") : NULL;
	char *text = calloc(1, 65536);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

/* A line that begins with the key, perhaps after blanks or a comment sign, then mark. */
static bool has_line(const char *text, const char *key, const char *mark)
{
	size_t len = strlen(key);

	for (const char *at = strstr(text, key); at; at = strstr(at + 1, key)) {
		const char *before = at;

		while (before > text && strchr(" \t#", before[-1]))
			before--;
		if ((before == text || before[-1] == '\n') && strspn(at + len, mark))
			return true;
	}
	return false;
}

/* ".It Ic key" or as a section's title. */
static void expect_in_manual(const struct conf_key *keys, const char *text)
{
	char line[64];

	for (; keys->type != CONF_TYPE_END; keys++) {
		const char *form =
			keys->type == CONF_TYPE_SECTION ? "\n.Ss %s Qq" : "\n.It Ic %s\n";

		snprintf(line, sizeof(line), form, keys->name);
		if (!strstr(text, line))
			fail_msg("pantau-agent.conf.5 does not have the key %s", keys->name);
		if (keys->type == CONF_TYPE_SECTION)
			expect_in_manual(keys->keys, text);
	}
}

static void the_manual_has_every_key(void **state)
{
	cleanup_free char *text = read_text("AGENT_MANUAL");

	(void)state;
	expect_in_manual(AGENT_CONF_KEYS, text);
	expect_in_manual(AGENT_USERS_KEYS, text);
}

static void expect_keys(const struct conf_key *keys, const char *text, const char *where)
{
	for (; keys->type != CONF_TYPE_END; keys++) {
		if (!has_line(text, keys->name, " ="))
			fail_msg("%s does not show the key %s", where, keys->name);
		if (keys->type == CONF_TYPE_SECTION)
			expect_keys(keys->keys, text, where);
	}
}

static void examples_show_every_key(void **state)
{
	cleanup_free char *conf = read_text("AGENT_CONF_FULL"),
			  *users = read_text("AGENT_USERS_EXAMPLE");

	(void)state;
	expect_keys(AGENT_CONF_KEYS, conf, "pantau-agent.conf.full.example");
	expect_keys(AGENT_USERS_KEYS, users, "agent-users.conf.example");
}

static void check_example(const char *variable)
{
	cleanup_free char *conf_text = read_text(variable),
			  *users_text = read_text("AGENT_USERS_EXAMPLE");
	struct conf_errors errors = {0};
	struct agent_users users = {0};
	struct agent_conf conf = {0};

	conf_parse("x", (uint8_t *)conf_text, strlen(conf_text), AGENT_CONF_KEYS, &conf, &errors);
	conf_parse("u", (uint8_t *)users_text, strlen(users_text), AGENT_USERS_KEYS, &users,
		   &errors);
	agent_conf_check(&conf, &users, &errors);
	/* In order, but for the secrets, which an example cannot have. */
	for (size_t i = 0; i < errors.n; i++)
		if (!strstr(errors.lines[i], "still the example's"))
			fail_msg("%s", errors.lines[i]);
	assert_int_equal(errors.n, 3);
	conf_free(AGENT_CONF_KEYS, &conf);
	conf_free(AGENT_USERS_KEYS, &users);
	conf_errors_deinit(&errors);
}

static void examples_are_in_order(void **state)
{
	(void)state;
	check_example("AGENT_CONF_FULL");
	check_example("AGENT_CONF_MINIMAL");
}

#define RECEIVER(name) "receiver \"" name "\" { address = \"192.0.2.1:162\" user = \"u\" }\n"
#define NINE_RECEIVERS                                                                             \
	RECEIVER("1")                                                                              \
	RECEIVER("2")                                                                              \
	RECEIVER("3")                                                                              \
	RECEIVER("4") RECEIVER("5") RECEIVER("6") RECEIVER("7") RECEIVER("8") RECEIVER("9")

#define POLLED "community \"c\" { community = \"x\" poll = yes }"
#define USER   "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }"

/* One mistake each: what must stand in the one line that is told. */
static const struct {
	const char *conf, *users, *told;
} MISTAKES[] = {
	{"mode = standalone\n", "", "site-id"},
	{"site-id = \"a b\"\n", "", "1 to 32 of a-z"},
	{"site-id = \"a\"\nsite-idd = \"b\"\n", "", "site-id"},
	{"site-id = \"a\"\nsample-interval = 5ms\n", "", "sample-interval"},
	{"site-id = \"a\"\nlink \"x\" { role = uplnk }\n", "", "uplink"},
	{"site-id = \"a\"\nreceiver \"n\" { user = \"u\" }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }", "address"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"noc.example:162\" user = \"u\" }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }", "numeric"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1\" user = \"u\" }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }",
	 "192.0.2.10:162"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:70000\" user = \"u\" }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }", "65535"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" user = \"u\" }\n", "",
	 "user \"u\" is not in the users file"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" }\n", "",
	 "user is missing"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" version = v2c }\n", "",
	 "community is not in the users file"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" user = \"u\" events = "
	 "{\"linkdown\"} }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }",
	 "linkDown"},
	{"site-id = \"a\"\nlisten = {}\n", "", "x:2: listen: {} is an empty list"},
	{"site-id = \"a\"\n", "community \"c\" { community = \"x\" poll = yes sources = {} }",
	 "u:1: sources: {} is an empty list; give a network: 192.0.2.0/24"},
	{"site-id = \"a\"\n",
	 "user \"u\" { auth-passphrase = \"1234567\" priv-passphrase = \"12345678\" }",
	 "auth-passphrase"},
	{"site-id = \"a\"\n", "user \"u\" { auth = none priv-passphrase = \"12345678\" }",
	 "priv without auth"},
	{"site-id = \"a\"\n", "community \"c\" { poll = yes }",
	 "u:1: community \"c\": community is missing"},
	{"site-id = \"a\"\n", "\nuser \"u\" {\nauth-passphrase = \"12345678\"\n}",
	 "u:4: user \"u\": priv-passphrase is missing"},
	{"site-id = \"a\"\n", "\nuser \"u\" {\nauth-passphrase = \"1234\"\npriv = none\n}",
	 "u:3: user \"u\": auth-passphrase is too short"},
	{"site-id = \"a\"\npath-timeout = 2s\n", POLLED,
	 "x:2: path-timeout: longer than path-interval"},
	{"path-interval = 500ms\nsite-id = \"a\"\n", POLLED,
	 "x:1: path-interval: shorter than path-timeout, which is 1000ms"},
	{"site-id = \"a\"\nreceiver \"n\" {\naddress = \"192.0.2.1:162\"\nuser = \"u\"\n}\n", "",
	 "x:4: receiver \"n\": user \"u\" is not in the users file"},
	{"site-id = \"a\"\n", "community \"c\" { community = \"x\" sources = {\"10.0.0.0/33\"} }",
	 "u:1: sources: \"10.0.0.0/33\" is not right; a network: 192.0.2.0/24"},
	{"site-id = \"a\"\n", "", "agent-users.conf: has no user or community that may poll"},
	{"site-id = \"a\"\n", "# nothing\n", "pantau-agent --init --force"},
	{"site-id = \"a\"\n", "community \"c\" { community = \"x\" }",
	 "nobody would hear of this site"},
	{"site-id = \"a\"\n", "user \"u\" { auth = none priv = none }",
	 "may not poll without authentication"},
	{"site-id = \"a\"\n",
	 "user \"\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }",
	 "1 to 32 octets"},
	{"site-id = \"a\"\n",
	 "user \"123456789012345678901234567890123\" { auth-passphrase = \"12345678\" "
	 "priv-passphrase = \"12345678\" }",
	 "1 to 32 octets"},
	{"site-id = \"a\"\nreceiver \"12345678901234567890123456789012\" { address = "
	 "\"192.0.2.1:162\" user = \"u\" }\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }",
	 "1 to 31 octets"},
	{"site-id = \"a\"\n" NINE_RECEIVERS,
	 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" }",
	 "x:10: receiver: 9 of them; at most 8"},
	/* accepted once, and of no sense */
	{"site-id = \"OPD_1\"\n", "",
	 "x:1: site-id: \"OPD_1\" is not right; 1 to 32 of a-z, 0-9 and '-'"},
	{"site-id = \"a2345678901234567890123456789012x\"\n", "", "site-id"},
	{"site-id = \"-a\"\n", "", "site-id"},
	{"site-id = \"a\"\nsite-name = \"\xe9\"\n", "", "x:2: site-name"},
	{"site-id = \"a\"\ncontact = \"a\\nb\"\n", "", "x:2: contact"},
	{"site-id = \"a\"\nlink \"w\" { alias = \"a\\tb\" }\n", "", "x:2: alias"},
	{"site-id = \"a\"\nlink \"w\" { capacity = 100Mb }\n", "", "like 512k, 100M, 1G"},
	{"site-id = \"a\"\nagentx-socket = \"agentx/master\"\n", "",
	 "x:2: agentx-socket: \"agentx/master\" is not right; "
	 "/var/agentx/master"},
	{"site-id = \"a\"\nlisten = {\"0.0.0.0:161\",\n\"0.0.0.0:161\"}\n", POLLED,
	 "x:3: listen: \"0.0.0.0:161\" is there twice"},
	{"site-id = \"a\"\nexclude = {\"\"}\n", "", "x:2: exclude"},
	{"site-id = \"a\"\nlink \"\" { role = lan }\n", POLLED,
	 "x:2: link \"\": no link's name is empty"},
	{"site-id = \"a\"\nlink \"w*\" { role = lan }\nlink \"wan0\" { role = uplink }\n", POLLED,
	 "x:3: link \"wan0\": never counts, for link \"w*\" is before it; put it first"},
	{"site-id = \"a\"\nrun-dir = \"/d\"\nstate-dir = \"/d\"\n", POLLED,
	 "x:2: run-dir: is state-dir too; the history would wear its flash: give it a directory in "
	 "memory"},
	{"site-id = \"a\"\npath \"p\" { address = \"1.2.3.4.5\" }\n", "",
	 "x:2: address: \"1.2.3.4.5\" is not right; gateway"},
	{"site-id = \"a\"\npath \"p\" { address = \"192.0.2\" }\n", "",
	 "gateway6 or a numeric address"},
	{"site-id = \"a\"\npath \"p\" { address = \"::\" }\n", "", "gateway6 or a numeric address"},
	{"site-id = \"a\"\npath \"p\" { address = \"224.0.0.1\" }\n", "",
	 "gateway6 or a numeric address"},
	{"site-id = \"a\"\npath \"p\" { address = \"noc.example\" }\n", "",
	 "as getent hosts NAME shows it"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"noc.example:162\" user = \"u\" }\n", USER,
	 "port, as getent hosts NAME shows it: names"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"240.0.0.1:162\" user = \"u\" }\n", USER,
	 "x:2: address"},
	{"site-id = \"a\"\npath \"\" { address = gateway }\n", POLLED,
	 "x:2: path \"\": has no name"},
	{"site-id = \"a\"\npath-degraded-rtt = 2s\n", POLLED,
	 "x:2: path-degraded-rtt: is above path-timeout, so it is never reached; right: at most "
	 "1000ms"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"0.0.0.0:162\" user = \"u\" }\n", USER,
	 "x:2: address"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"224.0.0.1:162\" user = \"u\" }\n", USER,
	 "x:2: address"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"255.255.255.255:162\" user = \"u\" }\n",
	 USER, "x:2: address"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"[FF02::1]:162\" user = \"u\" }\n", USER,
	 "x:2: address"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"[fe80::1]:162\" user = \"u\" }\n", USER,
	 "interface"},
	{"site-id = \"a\"\nlisten = {\"[fe80::1]:161\"}\n", POLLED, "[fe80::10%eth0]:162"},
	{"site-id = \"a\"\npath \"p\" { address = \"fe80::1\" }\n", POLLED, "fe80::10%eth0"},
	{"site-id = \"a\"\nreceiver \"\" { address = \"192.0.2.1:162\" user = \"u\" }\n", USER,
	 "give one of 1 to 31 octets"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" user = \"u\"\ncommunity = "
	 "\"c\" }\n",
	 USER, "x:3: receiver \"n\": community is of v2c; leave it out, or set version = v2c"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" version = v2c community = "
	 "\"c\"\nuser = \"u\" }\n",
	 "community \"c\" { community = \"x\" }",
	 "x:3: receiver \"n\": user is of v3; leave it out, or set version = v3"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" user = \"u\"\nstandard = "
	 "no\nown = no }\n",
	 USER, "x:3: receiver \"n\": standard and own are both no, so it would be sent nothing"},
	{"site-id = \"a\"\nreceiver \"n\" { address = \"192.0.2.1:162\" user = \"u\" own = "
	 "no\nevents = {\"pathDown\"} }\n",
	 USER,
	 "x:3: receiver \"n\": events names neither linkDown nor linkUp, and own = no leaves "
	 "nothing else"},
	{"site-id = \"a\"\n",
	 "user \"u\" { auth-passphrase = \"12345678\" priv = none\npriv-passphrase = \"12345678\" "
	 "}",
	 "u:2: user \"u\": priv-passphrase is not used with priv = none"},
	{"site-id = \"a\"\n",
	 "user \"u\" { auth = none priv = none poll = no\nauth-passphrase = \"12345678\" }" POLLED,
	 "u:2: user \"u\": auth-passphrase is not used with auth = none"},
};

static void mistakes_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(MISTAKES); i++) {
		struct conf_errors errors = {0};
		struct agent_users users = {0};
		struct agent_conf conf = {0};
		const char *text = MISTAKES[i].conf, *users_text = MISTAKES[i].users;
		int r = conf_parse("x", (const uint8_t *)text, strlen(text), AGENT_CONF_KEYS, &conf,
				   &errors);

		if (r >= 0)
			r = conf_parse("u", (const uint8_t *)users_text, strlen(users_text),
				       AGENT_USERS_KEYS, &users, &errors);
		if (r >= 0)
			agent_conf_check(&conf, &users, &errors);
		if (errors.n != 1 || !strstr(errors.lines[0], MISTAKES[i].told))
			fail_msg("case %zu: %zu lines, the first \"%s\"", i, errors.n,
				 errors.n ? errors.lines[0] : "");
		conf_free(AGENT_CONF_KEYS, &conf);
		conf_free(AGENT_USERS_KEYS, &users);
		conf_errors_deinit(&errors);
	}
}

static void what_needs_no_one_to_poll(void **state)
{
	static const struct {
		const char *conf, *users;
		bool any;
	} CASES[] = {
		{"site-id = \"a\"\nmode = agentx\n", "", false},
		{"site-id = \"a\"\n" RECEIVER("noc"),
		 "user \"u\" { auth-passphrase = \"12345678\" priv-passphrase = \"12345678\" poll "
		 "= no }",
		 false},
		{"site-id = \"a\"\n", USER, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		const char *text = CASES[i].conf, *users_text = CASES[i].users;
		struct conf_errors errors = {0};
		struct agent_users users = {0};
		struct agent_conf conf = {0};

		assert_int_equal(conf_parse("x", (const uint8_t *)text, strlen(text),
					    AGENT_CONF_KEYS, &conf, &errors),
				 0);
		assert_int_equal(conf_parse("u", (const uint8_t *)users_text, strlen(users_text),
					    AGENT_USERS_KEYS, &users, &errors),
				 0);
		assert_int_equal(agent_conf_check(&conf, &users, &errors), 0);
		assert_int_equal(agent_users_any_poll(&users), CASES[i].any);
		conf_free(AGENT_CONF_KEYS, &conf);
		conf_free(AGENT_USERS_KEYS, &users);
	}
}

/* The words that the API and the terminal have too. */
static void words_of_links(void **state)
{
	struct conf_errors errors = {0};
	struct agent_conf conf;
	char text[160];

	(void)state;
	for (unsigned int i = 1; i <= 5; i++) {
		conf = (struct agent_conf){0};
		snprintf(text, sizeof(text),
			 "site-id = \"a\"\nlink \"x\" { role = \"%s\" medium = \"%s\" }\n",
			 link_mib_role(i), link_mib_medium(i));
		assert_int_equal(conf_parse("x", (const uint8_t *)text, strlen(text),
					    AGENT_CONF_KEYS, &conf, &errors),
				 0);
		assert_int_equal(errors.n, 0);
		assert_int_equal(conf.links[0].role, i);
		assert_int_equal(conf.links[0].medium, i);
		conf_free(AGENT_CONF_KEYS, &conf);
	}
}

static void link_local_addresses_have_their_interface(void **state)
{
	static const char TEXT[] =
		"site-id = \"a\"\nlisten = {\"[fe80::1%br-lan]:161\"}\n"
		"receiver \"n\" { address = \"[fe80::2%wan0]:162\" user = \"u\" }\n"
		"path \"p\" { address = \"fe80::2%wan0\" }\n";
	struct conf_errors errors = {0};
	struct agent_conf conf = {0};

	(void)state;
	assert_int_equal(conf_parse("x", (const uint8_t *)TEXT, strlen(TEXT), AGENT_CONF_KEYS,
				    &conf, &errors),
			 0);
	assert_string_equal(conf.listen[0], "[fe80::1%br-lan]:161");
	assert_string_equal(conf.receivers[0].address, "[fe80::2%wan0]:162");
	assert_string_equal(conf.paths[0].address, "fe80::2%wan0");
	conf_free(AGENT_CONF_KEYS, &conf);
}

static void the_first_section_that_matches_counts(void **state)
{
	static char first[] = "wan*", second[] = "*", x1[] = "veth*", x2[] = "lo";
	struct agent_conf_link links[] = {{.title = first, .role = LINK_ROLE_UPLINK},
					  {.title = second, .role = LINK_ROLE_LAN}};
	char *exclude[] = {x1, x2, NULL};
	struct agent_conf conf = {.links = links, .n_links = 2, .exclude = exclude};

	(void)state;
	assert_int_equal(agent_conf_link_for(&conf, "wan0")->role, LINK_ROLE_UPLINK);
	assert_int_equal(agent_conf_link_for(&conf, "eth0")->role, LINK_ROLE_LAN);
	assert_true(agent_conf_excludes(&conf, "veth12"));
	assert_true(agent_conf_excludes(&conf, "lo"));
	assert_false(agent_conf_excludes(&conf, "lo0"));
}

static void receivers_choose_events(void **state)
{
	static char down[] = "linkDown";
	char *events[] = {down, NULL};
	struct agent_conf_receiver some = {.events = events}, all = {0};

	(void)state;
	assert_true(agent_conf_receiver_wants(&some, EVENT_LINK_DOWN));
	assert_false(agent_conf_receiver_wants(&some, EVENT_LINK_UP));
	for (int type = 1; type <= EVENT_TYPE_MAX; type++) {
		assert_true(agent_conf_receiver_wants(&all, type));
		assert_int_equal(agent_event_parse(agent_event_name(type)), type);
	}
	assert_false(agent_conf_receiver_wants(&all, EVENT_TYPE_MAX + 1));
}

/* What a reload refuses, and what it takes over. */
static void some_keys_are_fixed(void **state)
{
	static const struct {
		const char *text, *fixed;
	} CASES[] = {
		{"mode = agentx", "mode"},
		{"listen = {\"127.0.0.1:1161\"}", "listen"},
		{"agentx-socket = \"/tmp/x\"", "agentx-socket"},
		{"max-links = 7", "max-links"},
		{"max-events = 500", "max-events"},
		{"history = 2h", "history"},
		{"sample-interval = 2s", "sample-interval"},
		{"state-dir = \"/tmp\"", "state-dir"},
		{"run-dir = \"/tmp\"", "run-dir"},
		{"user = \"nobody\"", "user"},
		{"sandbox = no", "sandbox"},
		{"", NULL},
		{"contact = \"x\"\nexclude = {\"wg*\"}\npath-interval = 5s", NULL},
	};
	struct conf_errors errors = {0};
	struct agent_conf old = {0};

	(void)state;
	assert_int_equal(
		conf_parse("x", (const uint8_t *)"site-id = a", 11, AGENT_CONF_KEYS, &old, &errors),
		0);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct agent_conf new = {0};
		char text[128];
		const char *fixed;

		snprintf(text, sizeof(text), "site-id = b\n%s\n", CASES[i].text);
		if (conf_parse("x", (const uint8_t *)text, strlen(text), AGENT_CONF_KEYS, &new,
			       &errors) < 0)
			fail_msg("%s: %s", text, errors.lines[0]);
		fixed = agent_conf_fixed_key(&old, &new);
		if (CASES[i].fixed)
			assert_string_equal(fixed, CASES[i].fixed);
		else
			assert_null(fixed);
		conf_free(AGENT_CONF_KEYS, &new);
	}
	conf_free(AGENT_CONF_KEYS, &old);
}

/* What there is not now may come; a slip is told with what there is. */
static void test_missing_links(void **state)
{
	static const char text[] = "site-id = \"a\"\nexclude = {\"veth*\"}\n"
				   "link \"wan0\" { role = uplink }\n"
				   "link \"wann1\" {\n role = uplink\n}\n"
				   "link \"lte*\" { role = backup }\n"
				   "link \"veth0\" { }\nlink \"ppp7\" { }\n";
	static const char *const names[] = {"lo", "wan0", "wan1", "lan0"};
	struct conf_errors errors = {0};
	struct agent_conf conf = {0};

	(void)state;
	assert_int_equal(conf_parse("x", (const uint8_t *)text, strlen(text), AGENT_CONF_KEYS,
				    &conf, &errors),
			 0);
	agent_conf_check_links(&conf, names, ARRAY_LEN(names), &errors);
	assert_int_equal(errors.n, 3);
	assert_string_equal(errors.lines[0],
			    "x:4: link \"wann1\": there is no link of this name now (did you mean "
			    "wan1?); there are lo, wan0, wan1, lan0");
	assert_string_equal(errors.lines[1],
			    "x:8: link \"veth0\": exclude leaves it out, so it is not "
			    "watched");
	assert_string_equal(errors.lines[2],
			    "x:9: link \"ppp7\": there is no link of this name now; "
			    "there are lo, wan0, wan1, lan0");
	conf_errors_deinit(&errors);
	agent_conf_check_links(&conf, NULL, 0, &errors);
	assert_non_null(strstr(errors.lines[0],
			       "wan0\": there is no link of this name now; there are none"));
	conf_errors_deinit(&errors);
	conf_free(AGENT_CONF_KEYS, &conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing_links),
		cmocka_unit_test(examples_show_every_key),
		cmocka_unit_test(the_manual_has_every_key),
		cmocka_unit_test(examples_are_in_order),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(what_needs_no_one_to_poll),
		cmocka_unit_test(words_of_links),
		cmocka_unit_test(link_local_addresses_have_their_interface),
		cmocka_unit_test(the_first_section_that_matches_counts),
		cmocka_unit_test(receivers_choose_events),
		cmocka_unit_test(some_keys_are_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
