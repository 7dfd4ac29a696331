/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To the octet what each kind of channel sends. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/notify/channel_request.h"
#include "collector/codec/notify/telegram.h"
#include "collector/codec/notify/webhook.h"
#include "tests/unit/collector/codec/notify/letter.h"

#include <cmocka.h>

static struct letter at_hand;

static int setup(void **state)
{
	(void)state;
	letter_init(&at_hand);
	return 0;
}

static struct notify_request build(const struct channel_conf *channel)
{
	struct notify_request request;

	assert_int_equal(channel_request_build(channel, &at_hand.letter, &request), 0);
	assert_string_equal(request.channel, "noc");
	assert_int_equal(request.timeout_ms, 15000);
	return request;
}

/* NULL: there is no such header. */
static const char *header(const struct notify_request *request, const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; request->headers[i]; i++) {
		if (strncmp(request->headers[i], name, strlen(name)) != 0)
			continue;
		assert_null(found);
		found = request->headers[i] + strlen(name);
	}
	return found;
}

/* ---- Telegram ---- */

static struct channel_conf telegram(void)
{
	struct channel_conf channel = channel_of(CHANNEL_TELEGRAM);

	channel.token = literal("1:abc");
	channel.chat = literal("-100123");
	return channel;
}

static void test_telegram(void **state)
{
	const struct channel_conf channel = telegram();
	struct notify_request request = build(&channel);

	(void)state;
	assert_string_equal(request.url, "https://api.telegram.org/bot1:abc/sendMessage");
	assert_string_equal(
		request.body,
		"{\"chat_id\":\"-100123\",\"text\":\"\xf0\x9f\x94\xb4 <b>RSUD &quot;Wahidin&quot; "
		"&amp; &lt;Kota&gt; tidak terjangkau</b>\\n<b>Sejak:</b> 14.05 WIB\\n3 lain di "
		"belakangnya\\nhttps://pantau.example/?a=1&amp;b=2\",\"parse_mode\":\"HTML\","
		"\"disable_web_page_preview\":true}");
	assert_string_equal(header(&request, "Content-Type: "), "application/json");
	assert_int_equal(request.dialect, NOTIFY_TELEGRAM);
	notify_request_deinit(&request);
}

static void test_telegram_thread(void **state)
{
	struct channel_conf channel = telegram();
	struct notify_request request;

	(void)state;
	channel.url = literal("https://bot.example.go.id/");
	letter_recovers(&at_hand);
	at_hand.letter.thread_remote = "4711";
	at_hand.letter.chat = "-100999";
	request = build(&channel);
	assert_string_equal(request.url, "https://bot.example.go.id/bot1:abc/sendMessage");
	assert_non_null(strstr(request.body, "\"chat_id\":\"-100999\""));
	assert_non_null(strstr(request.body, "\"reply_to_message_id\":4711,"
					     "\"allow_sending_without_reply\":true"));
	assert_non_null(strstr(request.body, "\xe2\x9c\x85"));
	notify_request_deinit(&request);
}

/* Lines are left out whole; the link stays. Telegram counts a smiley as two. */
static void test_telegram_length(void **state)
{
	struct notify_message *message = &at_hand.message;
	char *text;

	(void)state;
	message->n_lines = NOTIFY_LINES_MAX;
	for (size_t i = 0; i < NOTIFY_LINES_MAX; i++) {
		message->lines[i].label[0] = '\0';
		for (size_t n = 0; n < 316; n += 4)
			memcpy(message->lines[i].value + n, "\xf0\x9f\x94\xb4", 5);
	}
	text = telegram_text(message);
	/* 24 lines of 79 characters: 24 * 159 units are 3816 */
	assert_null(strstr(text, "\n\xe2\x80\xa6"));
	free(text);
	for (size_t i = 0; i < NOTIFY_LINES_MAX; i++)
		memset(message->lines[i].value, 'x', 300);
	text = telegram_text(message);
	assert_in_range(strlen(text), 3700, TELEGRAM_TEXT_MAX + 100); /* tags do not count */
	assert_non_null(strstr(text, "\n\xe2\x80\xa6\nhttps://pantau.example/?a=1&amp;b=2"));
	free(text);
}

/* ---- mail ---- */

static void test_mail(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_MAIL);
	char *to[] = {literal("a@example.go.id"), literal("b@example.go.id"), NULL};
	struct notify_request request;

	(void)state;
	channel.host = literal("mail.example.go.id");
	channel.from = literal("pantau@example.go.id");
	channel.to = to;
	channel.security = SECURITY_STARTTLS;
	strcpy(at_hand.message.lines[1].value, "Jl. Gajah Mada \xe2\x80\x94 =50% ");
	request = build(&channel);
	assert_int_equal(request.port, 25);
	assert_string_equal(request.to[1], "b@example.go.id");
	assert_string_equal(
		request.body,
		"Date: Sat, 21 Nov 2026 14:05:01 +0700\r\n"
		"From: Pantau <pantau@example.go.id>\r\n"
		"To: a@example.go.id,\r\n b@example.go.id\r\n"
		"Subject: =?utf-8?B?UlNVRCAiV2FoaWRpbiIgJiA8S290YT4gdGlkYWsgdGVyamFuZ2th?=\r\n"
		" =?utf-8?B?dQ==?=\r\n"
		"Message-ID: <pantau.m1.42@example.go.id>\r\n"
		"Importance: high\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative; boundary=\"=_pantau\"\r\n\r\n"
		"--=_pantau\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"RSUD \"Wahidin\" & <Kota> tidak terjangkau\r\n\r\n"
		"Sejak:=2014.05 WIB\r\n"
		"Jl. Gajah Mada =E2=80=94 =3D50%=20\r\n\r\n"
		"https://pantau.example/?a=3D1&b=3D2\r\n\r\n"
		"--=_pantau\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
		"<!DOCTYPE html>\r\n"
		"<html><body style=3D\"font-family:sans-serif\">\r\n"
		"<h2 "
		"style=3D\"color:#b91c1c\">RSUD=20&quot;Wahidin&quot;=20&amp;=20&lt;Kota&g=\r\n"
		"t; tidak terjangkau</h2>\r\n"
		"<table>\r\n"
		"<tr><th align=3D\"left\" valign=3D\"top\">Sejak</th><td>14.05 WIB</td></tr>\r\n"
		"<tr><td colspan=3D\"2\">Jl. Gajah Mada =E2=80=94 =3D50%=20</td></tr>\r\n"
		"</table>\r\n"
		"<p><a href=3D\"https://pantau.example/?a=3D1&amp;b=3D2\">https://pantau.examp=\r\n"
		"le/?a=3D1&amp;b=3D2</a></p>\r\n"
		"</body></html>\r\n\r\n"
		"--=_pantau--\r\n");
	notify_request_deinit(&request);
}

/* The second time it is the same Message-ID; a recovery answers the first; nothing gets into a header. */
static void test_mail_thread(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_MAIL);
	char *to[] = {literal("a@example.go.id"), NULL};
	struct notify_request request;

	(void)state;
	channel.host = literal("mail.example.go.id");
	channel.from = literal("pantau@example.go.id");
	channel.to = to;
	letter_recovers(&at_hand);
	at_hand.letter.now_ms += 3600000;
	at_hand.letter.utc_offset_min = -210;
	at_hand.letter.instance = "";
	strcpy(at_hand.message.title, "pulih\r\nBcc: x@example.com");
	request = build(&channel);
	assert_int_equal(request.port, 465);
	assert_non_null(strstr(request.body, "Date: Sat, 21 Nov 2026 04:35:01 -0330\r\n"));
	assert_non_null(strstr(request.body, "\r\nMessage-ID: <pantau.43@example.go.id>\r\n"
					     "In-Reply-To: <pantau.42@example.go.id>\r\n"
					     "References: <pantau.42@example.go.id>\r\nAuto"));
	assert_non_null(strstr(request.body, "=?utf-8?B?cHVsaWg/P0JjYzogeEBleGFtcGxlLmNvbQ==?="));
	assert_null(strstr(request.body, "\nBcc"));
	notify_request_deinit(&request);
}

/* An encoded word is at most 75 characters and cuts no character (RFC 2047 2, 5). */
static void test_mail_subject(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_MAIL);
	char *to[] = {literal("a@example.go.id"), NULL};
	struct notify_request request;

	(void)state;
	channel.host = literal("m");
	channel.from = literal("p@m");
	channel.to = to;
	strcpy(at_hand.message.title, "x");
	for (size_t i = 0; i < 20; i++)
		strcat(at_hand.message.title, "\xe2\x80\x94");
	request = build(&channel);
	/* "x" and 12 dashes are 37 octets, the next would end at the 40th */
	assert_non_null(strstr(
		request.body,
		"Subject: =?utf-8?B?eOKAlOKAlOKAlOKAlOKAlOKAlOKAlOKAlOKAlOKAlOKAlOKAlA==?=\r\n"
		" =?utf-8?B?4oCU4oCU4oCU4oCU4oCU4oCU4oCU4oCU?=\r\n"));
	notify_request_deinit(&request);
}

/* ---- syslog ---- */

#define DATA                                                                                       \
	"<26>1 2026-11-21T07:05:01.456Z noc pantau-collector - begin [pantau@8072 what=\"begin\" " \
	"delivery=\"42\" alert=\"17\" kind=\"device-down\" severity=\"critical\" "                 \
	"device=\"opd-07\""
#define TEXT                                                                                       \
	" \xef\xbb\xbfRSUD \"Wahidin\" & <Kota> tidak terjangkau | Sejak: 14.05 WIB | 3 lain di "  \
	"belakangnya | https://pantau.example/?a=1&b=2"

static void test_syslog(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_SYSLOG);
	struct notify_request request;
	char framed[1024];

	(void)state;
	channel.host = literal("log.example.go.id");
	strcpy(at_hand.alert.link, "a\"b\\c]");
	request = build(&channel);
	assert_int_equal(request.port, 514);
	assert_string_equal(request.body, DATA " link=\"a\\\"b\\\\c\\]\"]" TEXT);
	snprintf(framed, sizeof(framed), "%zu %s", strlen(request.body), request.body);
	notify_request_deinit(&request);

	channel.transport = TRANSPORT_TLS;
	request = build(&channel);
	assert_int_equal(request.port, 6514);
	assert_string_equal(request.body, framed);
	notify_request_deinit(&request);
}

static void test_syslog_length(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_SYSLOG);
	struct notify_request request;

	(void)state;
	channel.host = literal("log");
	at_hand.message.n_lines = NOTIFY_LINES_MAX;
	for (size_t i = 0; i < NOTIFY_LINES_MAX; i++)
		for (size_t n = 0; n < 318; n += 3)
			memcpy(at_hand.message.lines[i].value + n, "\xe2\x80\x94", 4);
	request = build(&channel);
	assert_in_range(strlen(request.body), 2046, 2048);
	assert_int_equal((unsigned char)request.body[strlen(request.body) - 1], 0x94);
	notify_request_deinit(&request);
	channel.transport = TRANSPORT_TCP;
	request = build(&channel);
	assert_in_range(strlen(request.body), 5 + 7000, 5 + 8192);
	assert_int_equal(atoi(request.body), strlen(request.body) - 5);
	notify_request_deinit(&request);
}

/* ---- Alertmanager ---- */

static void test_alertmanager(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_ALERTMANAGER);
	struct notify_request request;

	(void)state;
	channel.url = literal("http://127.0.0.1:9093/");
	request = build(&channel);
	assert_string_equal(request.url, "http://127.0.0.1:9093/api/v2/alerts");
	assert_string_equal(
		request.body,
		"[{\"labels\":{\"alertname\":\"device-down\",\"alert\":\"17\",\"job\":\"pantau\","
		"\"severity\":\"critical\",\"device\":\"opd-07\",\"group\":\"kesehatan\","
		"\"kind\":\"opd\",\"provider\":\"Telkom\"},"
		"\"annotations\":{\"summary\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak terjangkau\","
		"\"description\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak terjangkau\\nSejak: 14.05 "
		"WIB\\n3 lain di belakangnya\\nhttps://pantau.example/?a=1&b=2\","
		"\"cause\":\"line\",\"behind\":\"3\",\"name\":\"RSUD \\\"Wahidin\\\" & <Kota>\","
		"\"kelurahan\":\"Surodinawan\",\"contract\":\"K-1\"},"
		"\"startsAt\":\"2026-11-21T07:05:00.123Z\",\"endsAt\":\"2026-11-21T07:09:01.456Z\","
		"\"generatorURL\":\"https://pantau.example\"}]");
	notify_request_deinit(&request);
	letter_recovers(&at_hand);
	request = build(&channel);
	assert_non_null(strstr(request.body, "\"endsAt\":\"2026-11-21T07:06:00.123Z\""));
	notify_request_deinit(&request);
	at_hand.alert.end_ms = at_hand.alert.begin_ms - 5000; /* the clock was set back */
	request = build(&channel);
	assert_non_null(strstr(request.body, "\"endsAt\":\"2026-11-21T07:05:00.124Z\""));
	notify_request_deinit(&request);
}

/* ---- webhooks ---- */

static void test_own_webhook(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_WEBHOOK);
	char *headers[] = {literal("Authorization: Bearer {{token}}"),
			   literal("X-Title: {{title}}"), NULL};
	struct notify_request request;

	(void)state;
	channel.url = literal("https://tiket.example.go.id/api");
	channel.token = literal("s3cret");
	channel.headers = headers;
	channel.body = literal("{\"judul\":{{title}},\"di\":{{device}},\"no\":{{alert}},\"k\":{{"
			       "key}},\"x\":{{end}}}");
	channel.ok_field = literal("status");
	strcpy(at_hand.message.title, "{{token}}\r\nX: \"y\"");
	request = build(&channel);
	assert_string_equal(request.body,
			    "{\"judul\":\"{{token}}??X: \\u0022y\\u0022\",\"di\":\"opd-07\","
			    "\"no\":\"17\",\"k\":\"pantau.m1.42\",\"x\":\"\"}");
	assert_string_equal(header(&request, "Authorization: "), "Bearer s3cret");
	assert_string_equal(header(&request, "X-Title: "), "{{token}}??X: \"y\"");
	assert_string_equal(header(&request, "Content-Type: "), "application/json");
	assert_string_equal(header(&request, "Idempotency-Key: "), "pantau.m1.42");
	assert_string_equal(request.ok_value, "true");
	notify_request_deinit(&request);
}

static void test_everything(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_WEBHOOK);
	struct notify_request request;

	(void)state;
	channel.url = literal("http://a/");
	at_hand.alert.value = 91.5;
	request = build(&channel);
	assert_string_equal(
		request.body,
		"{\"key\":\"pantau.m1.42\",\"what\":\"begin\",\"severity\":\"critical\","
		"\"title\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak terjangkau\","
		"\"text\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak terjangkau\\nSejak: 14.05 WIB\\n3 "
		"lain di belakangnya\\nhttps://pantau.example/?a=1&b=2\","
		"\"url\":\"https://pantau.example/?a=1&b=2\",\"time_ms\":1795244701456,"
		"\"alerts\":[{\"id\":17,\"kind\":\"device-down\",\"severity\":\"critical\","
		"\"device\":\"opd-07\",\"name\":\"RSUD \\\"Wahidin\\\" & <Kota>\","
		"\"kelurahan\":\"Surodinawan\",\"provider\":\"Telkom\",\"contract\":\"K-1\","
		"\"link\":null,\"begin_ms\":1795244700123,\"end_ms\":null,\"cause\":\"line\","
		"\"behind\":3,\"detail\":null,\"value\":91.5,\"limit\":null,\"planned\":false,"
		"\"acked_by\":null}]}");
	assert_null(request.ok_field);
	notify_request_deinit(&request);
}

static void test_too_large_body(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_WEBHOOK);
	static char body[4001];
	struct notify_request request;

	(void)state;
	for (size_t i = 0; i + 8 < sizeof(body); i += 8)
		memcpy(body + i, "{{text}}", 9);
	channel.url = literal("http://a/");
	channel.body_type = BODY_TEXT;
	channel.body = body;
	at_hand.message.n_lines = 10;
	for (size_t i = 0; i < 10; i++)
		memset(at_hand.message.lines[i].value, 'x', 300);
	assert_int_equal(channel_request_build(&channel, &at_hand.letter, &request), -E2BIG);
	notify_request_deinit(&request);
}

static const char FONNTE[] =
	"target=6281%2C6282&message=RSUD%20%22Wahidin%22%20%26%20%3CKota%3E%20tidak%20terjangkau"
	"%0ASejak%3A%2014.05%20WIB%0A3%20lain%20di%20belakangnya%0Ahttps%3A%2F%2Fpantau.example%2F"
	"%3Fa%3D1%26b%3D2&countryCode=62";

#define LINES                                                                                      \
	"RSUD \\\"Wahidin\\\" & <Kota> tidak terjangkau\\nSejak: 14.05 WIB\\n3 lain di "           \
	"belakangnya\\nhttps://pantau.example/?a=1&b=2"

static void test_presets(void **state)
{
	static const struct {
		enum channel_preset preset;
		const char *url, *wanted_url, *header, *value, *id, *body;
	} CASES[] = {
		{PRESET_NTFY, "https://ntfy.example.go.id", "https://ntfy.example.go.id",
		 "Authorization: ", "Bearer tok", "id",
		 "{\"topic\":\"6281,6282\",\"title\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak "
		 "terjangkau\",\"message\":\"" LINES "\",\"priority\":5,"
		 "\"tags\":[\"rotating_light\"],\"click\":\"https://pantau.example/?a=1&b=2\"}"},
		{PRESET_GOTIFY, "https://gotify.example.go.id/",
		 "https://gotify.example.go.id/message", "X-Gotify-Key: ", "tok", "id",
		 "{\"title\":\"RSUD \\\"Wahidin\\\" & <Kota> tidak "
		 "terjangkau\",\"message\":\"" LINES
		 "\",\"priority\":9,\"extras\":{\"client::notification\":{\"click\":{\"url\":"
		 "\"https://pantau.example/?a=1&b=2\"}}}}"},
		{PRESET_FONNTE, "", "https://api.fonnte.com/send", "Authorization: ", "tok",
		 "/id/0", FONNTE},
		{PRESET_MATTERMOST, "https://chat.example.go.id/hooks/x",
		 "https://chat.example.go.id/hooks/x", "Content-Type: ", "application/json", NULL,
		 "{\"username\":\"Pantau\",\"text\":\"**RSUD \\\"Wahidin\\\" & \\\\<Kota\\\\> "
		 "tidak "
		 "terjangkau**\\nSejak: 14.05 WIB\\n3 lain di belakangnya\\n"
		 "<https://pantau.example/?a=1&b=2>\"}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct channel_conf channel = channel_of(CHANNEL_WEBHOOK);
		struct notify_request request;

		channel.preset = CASES[i].preset;
		channel.url = literal(CASES[i].url);
		channel.token = literal("tok");
		channel.target = literal("6281,6282");
		request = build(&channel);
		assert_string_equal(request.url, CASES[i].wanted_url);
		assert_string_equal(header(&request, CASES[i].header), CASES[i].value);
		assert_string_equal(request.body, CASES[i].body);
		assert_int_equal(!request.id_field, !CASES[i].id);
		if (CASES[i].id)
			assert_string_equal(request.id_field, CASES[i].id);
		if (CASES[i].preset == PRESET_FONNTE)
			assert_string_equal(request.ok_field, "status");
		notify_request_deinit(&request);
	}
}

/* The section's own header goes before the preset's, and nobody is called by a name. */
static void test_preset_details(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_WEBHOOK);
	char *headers[] = {literal("authorization: Basic x"), NULL};
	struct notify_request request;

	(void)state;
	channel.preset = PRESET_NTFY;
	channel.url = literal("http://n");
	channel.token = literal("tok");
	channel.headers = headers;
	request = build(&channel);
	assert_null(header(&request, "Authorization: "));
	assert_string_equal(header(&request, "authorization: "), "Basic x");
	notify_request_deinit(&request);
	channel.preset = PRESET_MATTERMOST;
	strcpy(at_hand.message.title, "AP @all *x*");
	request = build(&channel);
	assert_non_null(strstr(request.body, "**AP @\xe2\x80\x8b"
					     "all \\\\*x\\\\***"));
	notify_request_deinit(&request);
}

/* ---- others ---- */

static void test_command(void **state)
{
	struct channel_conf channel = channel_of(CHANNEL_COMMAND);
	char *command[] = {literal("/usr/local/bin/sirene"), literal("%s 30"), NULL};
	struct notify_request request;

	(void)state;
	channel.command = command;
	request = build(&channel);
	assert_string_equal(request.argv[1], "%s 30");
	assert_null(request.argv[2]);
	assert_string_equal(request.env[0], "PANTAU_WHAT=begin");
	assert_string_equal(request.env[1], "PANTAU_SEVERITY=critical");
	assert_string_equal(request.env[6], "PANTAU_DEVICE=opd-07");
	assert_null(request.env[7]);
	assert_string_equal(request.body,
			    "RSUD \"Wahidin\" & <Kota> tidak terjangkau\nSejak: 14.05 "
			    "WIB\n3 lain di belakangnya\n"
			    "https://pantau.example/?a=1&b=2\n");
	notify_request_deinit(&request);
}

static void test_heartbeat(void **state)
{
	struct heartbeat_conf heartbeat = {
		.title = literal("w"), .url = literal("https://w/"), .ca_file = literal("/ca.pem")};
	struct notify_request request;

	(void)state;
	assert_int_equal(channel_request_heartbeat(&heartbeat, &request), 0);
	assert_string_equal(request.method, "GET");
	assert_string_equal(request.ca_file, "/ca.pem");
	notify_request_deinit(&request);
}

/* A name that was cut within a character still makes a request. */
static void test_broken_texts(void **state)
{
	struct channel_conf channel = telegram();
	struct notify_request request;
	char *text;

	(void)state;
	strcpy(at_hand.message.title, "RSUD \xe2\x80");
	request = build(&channel);
	assert_non_null(strstr(request.body, "RSUD ?"
					     "?</b>"));
	text = notify_request_text(&request);
	assert_non_null(text);
	free(text);
	notify_request_deinit(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_telegram, setup),
		cmocka_unit_test_setup(test_telegram_thread, setup),
		cmocka_unit_test_setup(test_telegram_length, setup),
		cmocka_unit_test_setup(test_mail, setup),
		cmocka_unit_test_setup(test_mail_thread, setup),
		cmocka_unit_test_setup(test_mail_subject, setup),
		cmocka_unit_test_setup(test_syslog, setup),
		cmocka_unit_test_setup(test_syslog_length, setup),
		cmocka_unit_test_setup(test_alertmanager, setup),
		cmocka_unit_test_setup(test_own_webhook, setup),
		cmocka_unit_test_setup(test_everything, setup),
		cmocka_unit_test_setup(test_too_large_body, setup),
		cmocka_unit_test_setup(test_presets, setup),
		cmocka_unit_test_setup(test_preset_details, setup),
		cmocka_unit_test_setup(test_command, setup),
		cmocka_unit_test_setup(test_heartbeat, setup),
		cmocka_unit_test_setup(test_broken_texts, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
