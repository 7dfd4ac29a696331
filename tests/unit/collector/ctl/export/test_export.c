/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects for Nagios and Icinga 2: parents and groups, and that what devices call themselves never becomes syntax. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ctl/export/export_icinga.h"
#include "collector/ctl/export/export_nagios.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static const struct export_options OPTIONS = {
	.plugin = "/p/check_pantau", .server = "http://127.0.0.1:8080", .token_file = "/etc/t"};

#define DEVICES                                                                                    \
	"[{\"id\":\"a\",\"kind\":\"opd\",\"kelurahan\":\"Kota Lama\"},"                            \
	"{\"id\":\"b\",\"kind\":\"opd\",\"kelurahan\":\"Kota Lama\"}]"

#define DEVICE(name, link)                                                                         \
	"{\"id\":\"opd-07\",\"kind\":\"opd\",\"name\":\"" name "\",\"address\":\"192.0.2.1\","     \
	"\"parent\":\"core-1\",\"backup_parents\":[\"core-2\"],\"kelurahan\":\"Kota Lama\","       \
	"\"links\":[{\"name\":\"" link "\",\"present\":true,\"main\":true,"                        \
	"\"capacity_in_bps\":1000},"                                                               \
	"{\"name\":\"lan\",\"present\":true,\"main\":false,\"role\":\"lan\"},"                     \
	"{\"name\":\"wan1\",\"present\":true,\"main\":false,\"role\":\"uplink\"}],"                \
	"\"metrics\":[{\"group\":\"path\",\"object\":\"gateway\",\"name\":\"loss\"},"              \
	"{\"group\":\"path\",\"object\":\"gateway\",\"name\":\"rtt\"}]}"

typedef void put_fn(FILE *out, const json_t *json);

static char *print(put_fn *put, const char *text)
{
	char *ret = NULL;
	size_t len;
	FILE *out = open_memstream(&ret, &len);
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(out);
	assert_non_null(json);
	put(out, json);
	fclose(out);
	json_decref(json);
	return ret;
}

static void nagios_begin(FILE *out, const json_t *devices)
{
	export_nagios_begin(out, &OPTIONS, devices);
}

static void icinga_begin(FILE *out, const json_t *devices)
{
	export_icinga_begin(out, &OPTIONS, devices);
}

static void assert_says(put_fn *put, const char *json, const char *want)
{
	cleanup_free char *text = print(put, json);

	if (!strstr(text, want))
		fail_msg("not there: %s\nin: %s", want, text);
}

static void assert_not(put_fn *put, const char *json, const char *unwanted)
{
	cleanup_free char *text = print(put, json);

	if (strstr(text, unwanted))
		fail_msg("there: %s\nin: %s", unwanted, text);
}

static size_t times(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		n++;
	}
	return n;
}

static void test_nagios(void **state)
{
	const char *device = DEVICE("Dinas; `id` $USER1$", "wan0");

	(void)state;
	assert_says(nagios_begin, DEVICES,
		    "'/p/check_pantau' -s 'http://127.0.0.1:8080' -k '/etc/t' -d '$HOSTNAME$'\n");
	assert_says(export_nagios_device, device, "\tparents                  core-1,core-2\n");
	assert_says(export_nagios_device, device, "pantau-kind-opd,pantau-kelurahan-Kota_Lama\n");
	assert_says(export_nagios_device, device, "alias                    Dinas   id   USER1 \n");
	assert_says(export_nagios_device, device, "check_pantau_link!wan0\n");
	assert_says(export_nagios_device, device, "check_pantau_link_state!wan1\n");
	assert_says(export_nagios_device, device, "check_pantau_path!gateway\n");
	assert_not(export_nagios_device, device, "lan\n");
}

static void test_icinga(void **state)
{
	const char *device = DEVICE("Dinas \\\" } $x$", "wan0");

	(void)state;
	assert_says(icinga_begin, DEVICES, "command = [ \"/p/check_pantau\" ]\n");
	assert_says(icinga_begin, DEVICES, "vars.pantau_token_file = \"/etc/t\"\n");
	assert_says(export_icinga_device, device, "display_name = \"Dinas \\\" } $$x$$\"\n");
	assert_says(export_icinga_device, device, "object Dependency \"opd-07-behind-core-2\"");
	assert_says(export_icinga_device, device, "redundancy_group = \"parents\"\n");
	assert_says(export_icinga_device, device, "object Service \"path gateway\"");
}

/* A group is made once, whoever is in it. */
static void test_groups(void **state)
{
	cleanup_free char *nagios = print(nagios_begin, DEVICES),
			  *icinga = print(icinga_begin, DEVICES);

	(void)state;
	assert_int_equal(times(nagios, "pantau-kelurahan-Kota_Lama\n"), 1);
	assert_int_equal(times(icinga, "object HostGroup \"pantau-kelurahan-Kota_Lama\""), 1);
}

/* A link's name is the device's: it is the argument of a command over there. */
static void test_hostile_links(void **state)
{
	static const char *const NAMES[] = {"x'; touch /tmp/y; '",
					    "a!b",
					    "a;b",
					    "$USER1$",
					    "-c",
					    " a",
					    "a\\nb",
					    "a\\\"b",
					    "e\\u0301"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		char device[1024];

		snprintf(device, sizeof(device), DEVICE("x", "%s"), NAMES[i]);
		assert_not(export_nagios_device, device, "check_pantau_link!");
		assert_says(export_nagios_device, device, "and no service\n");
		assert_says(export_icinga_device, device, "and no service\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nagios),
		cmocka_unit_test(test_icinga),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_hostile_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
