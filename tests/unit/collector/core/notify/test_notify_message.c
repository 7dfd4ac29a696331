/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people read of an alert, word for word. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/notify/notify_message.h"
#include "common/base/cleanup.h"
#include "common/base/utf8_text.h"

#include <cmocka.h>

#define TEXT(literal) ((char *)(literal)) /* never written */

static const struct inventory_entry OPD = {
	.id = TEXT("opd-07"),
	.name = TEXT("Dinas Kesehatan"),
	.address = TEXT("192.0.2.17"),
	.kelurahan = TEXT("Wates"),
	.kecamatan = TEXT("Magersari"),
	.provider = TEXT("Astinet"),
	.contract = TEXT("K-12/2026"),
};

/* A clock that stands at 14.05 of 1 December 2026, a minute per 60,000 ms. */
static struct local_time local_time(int64_t wall_ms)
{
	return (struct local_time){
		.year = 2026,
		.month = 12,
		.day = 1,
		.weekday = 2,
		.minute = 14 * 60 + 5 + (unsigned int)(wall_ms / 60000),
	};
}

static struct notify_reader reader(enum words_lang lang, const char *page_url)
{
	return (struct notify_reader){
		.lang = lang,
		.page_url = page_url,
		.place = "Kota Mojokerto",
		.zone = "WIB",
		.local_time = local_time,
	};
}

static struct alert cut(void)
{
	return (struct alert){
		.id = 12,
		.kind = ALERT_LINK_DOWN,
		.severity = SEVERITY_CRITICAL,
		.device_id = "opd-07",
		.link = "wan0",
		.begin_ms = 1,
		.cause = ALERT_CAUSE_LINE,
		.n_behind = 173,
		.value = NAN,
		.limit = NAN,
	};
}

static void test_begin(void **state)
{
	const struct notify_reader id = reader(WORDS_ID, "https://pantau.example/");
	const struct alert alert = cut();
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	notify_message_alert(&id, NOTIFY_BEGIN, &(struct notify_item){&alert, &OPD},
			     "Alun-alun, Pasar", &message);
	assert_string_equal(notify_message_text(&message, text, sizeof(text)),
			    "[genting] Dinas Kesehatan: tautan putus wan0\n"
			    "perangkat: opd-07, 192.0.2.17\n"
			    "lokasi: Wates, Magersari\n"
			    "penyedia: Astinet, K-12/2026\n"
			    "tautan: wan0\n"
			    "sejak: 1 Desember 2026 14.05 WIB\n"
			    "kemungkinan sebab: saluran\n"
			    "ikut terdampak: 173: Alun-alun, Pasar\n"
			    "https://pantau.example/#/alert/12\n");
}

/* Intranet or internet, here or there: of what lasts. */
static void test_trouble_at(void **state)
{
	const struct notify_reader en = reader(WORDS_EN, ""), id = reader(WORDS_ID, "");
	struct alert alert = cut();
	struct notify_item item = {&alert, &OPD, "line"};
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	notify_message_alert(&en, NOTIFY_BEGIN, &item, "", &message);
	assert_non_null(
		strstr(notify_message_text(&message, text, sizeof(text)),
		       "\nwhere it is: there, intranet: the line that leads there is down\n"));
	notify_message_alert(&id, NOTIFY_BEGIN, &item, "", &message);
	assert_non_null(strstr(notify_message_text(&message, text, sizeof(text)),
			       ": di sana, intranet: tautan ke sana putus\n"));
	alert.end_ms = 60000;
	notify_message_alert(&en, NOTIFY_RECOVERY, &item, "", &message);
	assert_null(strstr(notify_message_text(&message, text, sizeof(text)), "where it is"));
	alert.end_ms = 0;
	item.trouble_at = "";
	notify_message_alert(&en, NOTIFY_BEGIN, &item, "", &message);
	assert_null(strstr(notify_message_text(&message, text, sizeof(text)), "where it is"));
}

static void test_recovery(void **state)
{
	const struct notify_reader en = reader(WORDS_EN, "");
	struct alert alert = cut();
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	alert.end_ms = alert.begin_ms + 10 * 60000;
	alert.cause = ALERT_CAUSE_UNKNOWN;
	alert.n_behind = 0;
	snprintf(alert.acked_by, sizeof(alert.acked_by), "siti");
	snprintf(alert.note, sizeof(alert.note), "T-1");
	notify_message_alert(&en, NOTIFY_RECOVERY, &(struct notify_item){&alert, NULL}, "",
			     &message);
	assert_string_equal(notify_message_text(&message, text, sizeof(text)),
			    "[recovered] opd-07: link down wan0\n"
			    "link: wan0\n"
			    "since: 1 December 2026 14:05 WIB\n"
			    "until: 1 December 2026 14:15 WIB\n"
			    "lasted: 10 min\n"
			    "acknowledged by: siti\n"
			    "notes: T-1\n");
}

/* A receiver that was away for an hour learns of the begin first, and that it is the begin. */
static void test_begin_told_late(void **state)
{
	const struct notify_reader en = reader(WORDS_EN, "");
	struct alert alert = cut();
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	alert.end_ms = alert.begin_ms + 10 * 60000;
	alert.n_behind = 0;
	notify_message_alert(&en, NOTIFY_BEGIN, &(struct notify_item){&alert, NULL}, "", &message);
	assert_string_equal(notify_message_text(&message, text, sizeof(text)),
			    "[critical] opd-07: link down wan0\n"
			    "link: wan0\n"
			    "since: 1 December 2026 14:05 WIB\n"
			    "until: 1 December 2026 14:15 WIB\n"
			    "lasted: 10 min\n"
			    "likely cause: line\n");
}

/* What nobody answered is told in other words. */
static void test_titles(void **state)
{
	const struct notify_reader id = reader(WORDS_ID, "");
	struct alert alert = cut();
	struct notify_message message;
	const struct notify_item item = {&alert, NULL};

	(void)state;
	notify_message_alert(&id, NOTIFY_REPEAT, &item, "", &message);
	assert_string_equal(message.title,
			    "[genting, masih berlangsung] opd-07: tautan putus wan0");
	notify_message_alert(&id, NOTIFY_ESCALATION, &item, "", &message);
	assert_string_equal(message.title, "[genting, belum ditangani] opd-07: tautan putus wan0");
	alert.device_id[0] = alert.link[0] = '\0';
	alert.kind = ALERT_STORAGE_FAILED;
	alert.severity = SEVERITY_MAJOR;
	notify_message_alert(&id, NOTIFY_BEGIN, &item, "", &message);
	assert_string_equal(message.title, "[penting] kolektor Pantau: penyimpanan gagal");
}

static void test_list(void **state)
{
	const struct notify_reader id = reader(WORDS_ID, "https://p");
	struct alert alerts[30];
	struct notify_item items[30];
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(alerts); i++) {
		alerts[i] = cut();
		alerts[i].severity = i == 2 ? SEVERITY_MAJOR : SEVERITY_WARNING;
		items[i] = (struct notify_item){&alerts[i], i == 0 ? &OPD : NULL};
	}
	alerts[1].end_ms = alerts[1].begin_ms + 60000;
	notify_message_list(&id, items, 3, 3, &message);
	assert_string_equal(notify_message_text(&message, text, sizeof(text)),
			    "[penting] 3 gangguan\n"
			    "Dinas Kesehatan: tautan putus wan0 (1 Desember 2026 14.05 WIB)\n"
			    "opd-07: tautan putus wan0 (pulih, 1 mnt)\n"
			    "opd-07: tautan putus wan0 (1 Desember 2026 14.05 WIB)\n"
			    "https://p/#/alerts\n");
	notify_message_list(&id, items, 30, 170, &message);
	assert_int_equal(message.n_lines, NOTIFY_LINES_MAX);
	assert_string_equal(message.lines[NOTIFY_LINES_MAX - 1].value, "dan 147 lainnya");
}

static void test_summary(void **state)
{
	const struct notify_reader id = reader(WORDS_ID, "");
	const struct notify_day day = {.begun = 5, .ended = 4, .open = 1, .acked = 0};
	const struct alert alert = cut();
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	notify_message_summary(&id, &day, &(struct notify_item){&alert, &OPD}, 1, &message);
	assert_string_equal(notify_message_text(&message, text, sizeof(text)),
			    "ringkasan harian: Kota Mojokerto\n"
			    "gangguan terbuka: 1\n"
			    "di antaranya ditangani: 0\n"
			    "mulai dalam 24 jam: 5\n"
			    "selesai dalam 24 jam: 4\n"
			    "Dinas Kesehatan: tautan putus wan0 (1 Desember 2026 14.05 WIB)\n");
	/* Cut in whole lines. */
	assert_string_equal(notify_message_text(&message, text, 60),
			    "ringkasan harian: Kota Mojokerto\ngangguan terbuka: 1\n");
}

/* A name with octets that are no text does no harm. */
static void test_bad_names(void **state)
{
	const struct notify_reader id = reader(WORDS_ID, "");
	struct alert alert = cut();
	struct notify_message message;
	char text[NOTIFY_TEXT_SIZE];

	(void)state;
	snprintf(alert.link, sizeof(alert.link), "w\xff\n<b>\xe2\x80\xae");
	notify_message_alert(&id, NOTIFY_BEGIN, &(struct notify_item){&alert, NULL}, "", &message);
	notify_message_text(&message, text, sizeof(text));
	assert_true(utf8_text_is_valid(text, strlen(text)));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_non_null(strstr(message.title, "w?"
					      "?<b>?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begin),	 cmocka_unit_test(test_begin_told_late),
		cmocka_unit_test(test_recovery), cmocka_unit_test(test_trouble_at),
		cmocka_unit_test(test_titles),	 cmocka_unit_test(test_list),
		cmocka_unit_test(test_summary),	 cmocka_unit_test(test_bad_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
