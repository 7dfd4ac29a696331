/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pantauctl shows of notifications and senders, in both languages, in 80 columns; and that every reason has its
 * explanation in the manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/core/trap/sender_table.h"
#include "collector/core/trap/trap_map.h"
#include "collector/ctl/words/ctl_notification_text.h"

#include <cmocka.h>

#define NOW_MS INT64_C(1795303900000) /* 2026-11-22 06:31:40 in Mojokerto */

typedef void show_fn(enum words_lang lang, int64_t now_ms, const json_t *answer, FILE *out);

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "Asia/Jakarta", 1);
	tzset();
	return 0;
}

static const char *show(show_fn *fn, enum words_lang lang, const char *answer)
{
	static char buf[4096];
	json_t *json = json_loads(answer, 0, NULL);
	FILE *out = fmemopen(buf, sizeof(buf), "w");

	assert_non_null(json);
	fn(lang, NOW_MS, json, out);
	fclose(out);
	json_decref(json);
	return buf;
}

/* In characters. */
static size_t widest(const char *text)
{
	size_t most = 0, n = 0;

	for (; *text; text++) {
		n = *text == '\n' ? 0 : n + ((*text & 0xc0) != 0x80);
		most = n > most ? n : most;
	}
	return most;
}

static void test_notifications(void **state)
{
	static const char ANSWER[] = "{\"notifications\":["
				     "{\"id\":9,\"received_ms\":1795303800000,\"device\":null,"
				     "\"source\":\"192.0.2.9\",\"version\":\"v2c\","
				     "\"inform\":false,\"oid\":\"1.3.6.1.4.1.14988.1.1.99999.12345."
				     "6.7.8\",\"name\":null,\"kind\":\"other\"},"
				     "{\"id\":8,\"received_ms\":1795275000000,\"device\":\"opd-"
				     "07\",\"source\":\"192.0.2.1\",\"version\":\"v3\","
				     "\"inform\":true,\"oid\":\"1.3.6.1.6.3.1.1.5.3\",\"name\":"
				     "\"linkDown\",\"kind\":\"link-down\",\"link\":\"wan0\"},"
				     "{\"id\":7,\"received_ms\":1795275000000,\"device\":\"opd-"
				     "07\",\"source\":\"192.0.2.1\",\"version\":\"v1\","
				     "\"inform\":false,\"oid\":\"1.3.6.1.6.3.1.1.5.6\",\"name\":"
				     "\"egpNeighborLoss\",\"kind\":\"other\"}],"
				     "\"before\":7}";

	(void)state;
	assert_string_equal(show(ctl_notification_text, WORDS_EN, ANSWER),
			    "received             sender     how        link  notification\n"
			    "2026-11-21 22:30:00  opd-07     v1 trap          egpNeighborLoss\n"
			    "2026-11-21 22:30:00  opd-07     v3 inform  wan0  link down\n"
			    "06:30:00             192.0.2.9  v2c trap         \xe2\x80\xa6"
			    "1.14988.1.1.99999.12345.6.7.8\n"
			    "Older ones: --before 7\n");
	assert_non_null(strstr(show(ctl_notification_text, WORDS_ID, ANSWER),
			       "  v3 inform  wan0    tautan putus\n"));
	assert_non_null(strstr(show(ctl_notification_text, WORDS_ID, ANSWER),
			       "Yang lebih lama: --before 7\n"));
	assert_string_equal(
		show(ctl_notification_text, WORDS_ID, "{\"notifications\":[],\"before\":null}"),
		"Tidak ada notifikasi.\n");
}

static void test_senders(void **state)
{
	static const char ANSWER[] =
		"{\"senders\":["
		"{\"turn\":9,\"source\":\"192.0.2.9\",\"device\":null,\"first_ms\":1795275000000,"
		"\"last_ms\":1795303800000,\"count\":1234567,\"refused\":7,\"reason\":\"bad-"
		"community\",\"accepted_ms\":null},"
		"{\"turn\":8,\"source\":\"2001:db8:1234:5678:a1b2:c3ff:fed4:e5f6\",\"device\":"
		"\"opd-07\","
		"\"first_ms\":1795275000000,\"last_ms\":1795275000000,\"count\":3,\"refused\":3,"
		"\"reason\":\"wrong-key\","
		"\"accepted_ms\":1795303800000}],\"before\":null,\"remembered\":2,\"most\":512,"
		"\"dropped\":12}";

	(void)state;
	assert_string_equal(
		show(ctl_sender_text, WORDS_EN, ANSWER),
		"address    device    count  first       last        why\n"
		"2001:db8:1234:5678:a1b2:c3ff:fed4:e5f6\n"
		"           opd-07        3  2026-11-21  2026-11-21  taken now; was wrong key\n"
		"192.0.2.9          1234567  2026-11-21  06:30:00    wrong community\n"
		"Senders forgotten to make room: 12\n");
	assert_non_null(strstr(show(ctl_sender_text, WORDS_ID, ANSWER), "  community salah\n"));
	assert_non_null(strstr(show(ctl_sender_text, WORDS_ID, "{\"senders\":[],\"before\":null}"),
			       "Tidak ada"));
}

static void test_width(void **state)
{
	static const char NOTIFICATIONS[] =
		"{\"notifications\":[{\"received_ms\":1795275000000,\"device\":null,"
		"\"source\":\"2001:db8:1234:5678:a1b2:c3ff:fed4:e5f6\",\"version\":\"v2c\","
		"\"inform\":true,"
		"\"oid\":\"1.3.6.1.4.1.14988.1.1.99999.12345.6.7.8\",\"kind\":\"other\"},"
		"{\"received_ms\":1795275000000,\"device\":\"abcdefghijklmnopqrstuvwxyz012345\","
		"\"version\":\"v2c\","
		"\"inform\":true,\"oid\":\"1.3\",\"kind\":\"authentication-failure\","
		"\"link\":\"abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz\"}]}";
	char senders[1024];

	(void)state;
	for (enum words_lang lang = 0; lang < WORDS_LANG_N; lang++) {
		assert_true(widest(show(ctl_notification_text, lang, NOTIFICATIONS)) <= 80);
		for (int i = 0; i < SENDER_REASON_N; i++) {
			snprintf(senders, sizeof(senders),
				 "{\"senders\":[{\"source\":\"255.255.255.255\",\"device\":\"%s\","
				 "\"first_ms\":1795275000000,"
				 "\"last_ms\":1795275000000,\"count\":123456789,\"reason\":\"%s\","
				 "\"accepted_ms\":%s}]}",
				 i % 2 ? "abcdefghijklmnopqrstuvwxyz012345" : "opd-07",
				 sender_reason_name((enum sender_reason)i),
				 i % 3 ? "null" : "1795303800000");
			assert_true(widest(show(ctl_sender_text, lang, senders)) <= 80);
		}
	}
}

static void test_manual(void **state)
{
	static char manual[65536];
	FILE *file = fopen(getenv("PANTAU_MANUAL"), "re");
	char key[64];

	(void)state;
	assert_non_null(file);
	manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
	fclose(file);
	for (int i = 0; i < SENDER_REASON_N; i++) {
		const char *name = sender_reason_name((enum sender_reason)i);

		snprintf(key, sizeof(key), "\n.It Cm %s\n", name);
		if (!strstr(manual, key))
			fail_msg("the manual does not tell what %s means", name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notifications),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
