/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nl80211_parse and wifi_table on messages put together by the kernel's headers: an access
 * point with stations, a mesh and a client, a monitor that is none, drivers that leave out
 * what they do not know, and what is damaged.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nl80211.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/codec/netlink/nl80211_parse.h"
#include "agent/core/link/wifi_table.h"

#include <cmocka.h>

enum { FAMILY = 30, SEQ = 7 };

struct writer {
	uint8_t buf[4096];
	size_t len, message, nest;
};

/* ---- messages, as the kernel lays them out ---- */

static void begin(struct writer *w, uint16_t type, uint8_t cmd)
{
	const struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_seq = SEQ};
	const struct genlmsghdr genl = {.cmd = cmd};

	w->message = w->len;
	memcpy(w->buf + w->len, &head, sizeof(head));
	memcpy(w->buf + w->len + NLMSG_HDRLEN, &genl, sizeof(genl));
	w->len += NLMSG_HDRLEN + GENL_HDRLEN;
}

static void put(struct writer *w, uint16_t type, const void *p, uint16_t len)
{
	const struct nlattr attr = {.nla_type = type, .nla_len = (uint16_t)(NLA_HDRLEN + len)};

	memcpy(w->buf + w->len, &attr, sizeof(attr));
	if (len)
		memcpy(w->buf + w->len + NLA_HDRLEN, p, len);
	w->len += NLA_ALIGN(attr.nla_len);
}

static void put_u32(struct writer *w, uint16_t type, uint32_t value)
{
	put(w, type, &value, 4);
}

static void put_s8(struct writer *w, uint16_t type, int8_t value)
{
	put(w, type, &value, 1);
}

static void nest(struct writer *w, uint16_t type)
{
	w->nest = w->len;
	put(w, type | NLA_F_NESTED, NULL, 0);
}

static void end_nest(struct writer *w)
{
	const uint16_t len = (uint16_t)(w->len - w->nest);

	memcpy(w->buf + w->nest, &len, sizeof(len));
}

static void end(struct writer *w)
{
	const uint32_t len = (uint32_t)(w->len - w->message);

	memcpy(w->buf + w->message, &len, sizeof(len));
}

static void put_interface(struct writer *w, uint32_t if_index, uint32_t type, const char *ssid)
{
	begin(w, FAMILY, NL80211_CMD_NEW_INTERFACE);
	put_u32(w, NL80211_ATTR_IFINDEX, if_index);
	put_u32(w, NL80211_ATTR_IFTYPE, type);
	if (ssid)
		put(w, NL80211_ATTR_SSID, ssid, (uint16_t)strlen(ssid));
	put_u32(w, NL80211_ATTR_WIPHY_FREQ, 5180);
	put_u32(w, NL80211_ATTR_CHANNEL_WIDTH, NL80211_CHAN_WIDTH_80);
	put_u32(w, NL80211_ATTR_WIPHY_TX_POWER_LEVEL, 2300);
	end(w);
}

static void put_station(struct writer *w, uint32_t if_index, int8_t signal, int8_t average)
{
	begin(w, FAMILY, NL80211_CMD_NEW_STATION);
	put_u32(w, NL80211_ATTR_IFINDEX, if_index);
	nest(w, NL80211_ATTR_STA_INFO);
	put_u32(w, NL80211_STA_INFO_INACTIVE_TIME, 100);
	if (average)
		put_s8(w, NL80211_STA_INFO_SIGNAL_AVG, average);
	if (signal)
		put_s8(w, NL80211_STA_INFO_SIGNAL, signal);
	end_nest(w);
	end(w);
}

static void put_survey(struct writer *w, uint32_t if_index, bool in_use, int8_t noise)
{
	begin(w, FAMILY, NL80211_CMD_NEW_SURVEY_RESULTS);
	put_u32(w, NL80211_ATTR_IFINDEX, if_index);
	nest(w, NL80211_ATTR_SURVEY_INFO);
	put_u32(w, NL80211_SURVEY_INFO_FREQUENCY, 5180);
	if (noise)
		put_s8(w, NL80211_SURVEY_INFO_NOISE, noise);
	if (in_use)
		put(w, NL80211_SURVEY_INFO_IN_USE, NULL, 0);
	end_nest(w);
	end(w);
}

/* A network that the interface has heard of; elements are id, length, content. */
static void put_bss(struct writer *w, uint32_t if_index, int status, const char *elements,
		    uint16_t len, const char *beacon, uint16_t beacon_len)
{
	begin(w, FAMILY, NL80211_CMD_NEW_SCAN_RESULTS);
	put_u32(w, NL80211_ATTR_IFINDEX, if_index);
	nest(w, NL80211_ATTR_BSS);
	put_u32(w, NL80211_BSS_FREQUENCY, 5180);
	if (elements)
		put(w, NL80211_BSS_INFORMATION_ELEMENTS, elements, len);
	if (beacon)
		put(w, NL80211_BSS_BEACON_IES, beacon, beacon_len);
	if (status >= 0)
		put_u32(w, NL80211_BSS_STATUS, (uint32_t)status);
	end_nest(w);
	end(w);
}

/* Everything in the buffer into a table; returns what the last report was. */
static enum wifi_report_kind feed(const struct writer *w, struct wifi_table *table)
{
	struct nl80211_stream stream = {w->buf, w->len, SEQ};
	enum wifi_report_kind last = WIFI_REPORT_OTHER;
	enum nl80211_item item;
	struct nl80211_msg msg;

	while ((item = nl80211_next(&stream, &msg)) != NL80211_END) {
		if (item == NL80211_REPORT)
			wifi_table_add(table, &msg.report);
		last = msg.report.kind;
	}
	return last;
}

/* ---- tests ---- */

static void test_access_point(void **state)
{
	struct wifi_table table = {0};
	struct writer w = {0};
	struct mib_wifi row;

	(void)state;
	put_interface(&w, 4, NL80211_IFTYPE_AP, "Wifi Publik Kota");
	put_station(&w, 4, -60, 0);
	put_station(&w, 4, -90, -70); /* the average counts */
	put_station(&w, 4, 0, 0);     /* a driver that tells no signal */
	put_survey(&w, 4, false, -120);
	put_survey(&w, 4, true, -95);
	put_survey(&w, 4, false, -110);
	wifi_table_begin(&table);
	assert_int_equal(feed(&w, &table), WIFI_REPORT_SURVEY);
	assert_int_equal(wifi_table_rows(&table, &row, 1), 1);
	assert_int_equal(row.if_index, 4);
	assert_int_equal(row.ssid_len, 16);
	assert_memory_equal(row.ssid, "Wifi Publik Kota", 16);
	assert_int_equal(row.channel_mhz, 5180);
	assert_int_equal(row.width_mhz, 80);
	assert_int_equal(row.txpower_dbm, 23);
	assert_int_equal(row.stations, 3);
	assert_int_equal(row.signal_dbm, -65);
	assert_int_equal(row.noise_dbm, -95);
}

static void test_kinds(void **state)
{
	struct mib_wifi rows[WIFI_TABLE_MAX];
	struct wifi_table table = {0};
	struct writer w = {0};

	(void)state;
	put_interface(&w, 9, NL80211_IFTYPE_STATION, "backhaul");
	put_interface(&w, 3, NL80211_IFTYPE_MONITOR, NULL);
	put_interface(&w, 5, NL80211_IFTYPE_MESH_POINT, NULL);
	put_interface(&w, 7, NL80211_IFTYPE_AP, "x");
	put_station(&w, 3, -50, 0); /* of an interface without a row */
	put_station(&w, 77, -50, 0);
	feed(&w, &table);
	assert_int_equal(wifi_table_rows(&table, rows, WIFI_TABLE_MAX), 3);
	assert_int_equal(rows[0].if_index, 5);
	assert_int_equal(rows[1].if_index, 7);
	assert_int_equal(rows[2].if_index, 9);
	assert_int_equal(rows[0].ssid_len, 0);
	assert_int_equal(rows[0].stations, 0);
	assert_int_equal(wifi_table_rows(&table, rows, 2), 2);
}

static void test_full(void **state)
{
	struct wifi_table table = {0};
	struct writer w = {0};

	(void)state;
	for (uint32_t i = 1; i <= WIFI_TABLE_MAX + 3; i++) {
		w.len = 0;
		put_interface(&w, 100 - i, NL80211_IFTYPE_AP, "x");
		feed(&w, &table);
	}
	assert_int_equal(table.n, WIFI_TABLE_MAX);
	assert_int_equal(table.ignored_full, 3);
	wifi_table_begin(&table);
	assert_int_equal(table.n, 0);
}

static void test_done_and_errors(void **state)
{
	struct nl80211_stream stream;
	struct nl80211_msg msg;
	struct writer w = {0};
	int32_t error = -EOPNOTSUPP;

	(void)state;
	begin(&w, NLMSG_ERROR, 0);
	memcpy(w.buf + NLMSG_HDRLEN, &error, sizeof(error));
	end(&w);
	begin(&w, NLMSG_DONE, 0);
	end(&w);
	stream = (struct nl80211_stream){w.buf, w.len, SEQ};
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_ERROR);
	assert_int_equal(msg.err, -EOPNOTSUPP);
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_DONE);
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_END);
	/* of another request */
	stream = (struct nl80211_stream){w.buf, w.len, SEQ + 1};
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_OTHER);
}

/* Linux since 5.19.2 tells no name with the interface when wpa_supplicant has joined: it is
 * that of the network which the scan shows as associated. */
static void test_name_by_scan(void **state)
{
	static const char OTHER[] = "\0\5other\1\1\x82", OURS[] = "\1\1\x82\0\4ours";
	struct wifi_table table = {0};
	struct writer w = {0};
	struct mib_wifi row;

	(void)state;
	put_interface(&w, 4, NL80211_IFTYPE_STATION, NULL);
	feed(&w, &table);
	assert_true(wifi_table_nameless(&table, 0));
	put_bss(&w, 4, -1, OTHER, sizeof(OTHER) - 1, NULL, 0);
	put_bss(&w, 4, NL80211_BSS_STATUS_AUTHENTICATED, OTHER, sizeof(OTHER) - 1, NULL, 0);
	put_bss(&w, 77, NL80211_BSS_STATUS_ASSOCIATED, OTHER, sizeof(OTHER) - 1, NULL, 0);
	feed(&w, &table);
	assert_true(wifi_table_nameless(&table, 0));
	put_bss(&w, 4, NL80211_BSS_STATUS_ASSOCIATED, OURS, sizeof(OURS) - 1, NULL, 0);
	put_bss(&w, 4, NL80211_BSS_STATUS_ASSOCIATED, OTHER, sizeof(OTHER) - 1, NULL, 0);
	assert_int_equal(feed(&w, &table), WIFI_REPORT_SCAN_RESULT);
	assert_false(wifi_table_nameless(&table, 0));
	assert_int_equal(wifi_table_rows(&table, &row, 1), 1);
	assert_int_equal(row.ssid_len, 4);
	assert_memory_equal(row.ssid, "ours", 4);
	assert_int_equal(row.stations, 0);
}

/* What the interface says itself counts; an access point is never asked. */
static void test_name_by_interface(void **state)
{
	static const char OTHER[] = "\0\5other";
	struct mib_wifi rows[2];
	struct wifi_table table = {0};
	struct writer w = {0};

	(void)state;
	put_interface(&w, 4, NL80211_IFTYPE_STATION, "ours");
	put_interface(&w, 5, NL80211_IFTYPE_AP, NULL);
	put_bss(&w, 4, NL80211_BSS_STATUS_ASSOCIATED, OTHER, sizeof(OTHER) - 1, NULL, 0);
	put_bss(&w, 5, NL80211_BSS_STATUS_ASSOCIATED, OTHER, sizeof(OTHER) - 1, NULL, 0);
	feed(&w, &table);
	assert_false(wifi_table_nameless(&table, 0));
	assert_false(wifi_table_nameless(&table, 1));
	assert_int_equal(wifi_table_rows(&table, rows, 2), 2);
	assert_memory_equal(rows[0].ssid, "ours", 4);
	assert_int_equal(rows[1].ssid_len, 0);
}

/* Hidden networks send no name or zeros in beacons; elements may be cut short or too long. */
static void test_name_in_elements(void **state)
{
	char beyond[2 + 64] = {0, 64};
	const struct {
		const char *elements, *beacon, *name;
		uint16_t len, beacon_len;
	} cases[] = {
		{"\0\0\1\1x", "\0\2ok", "ok", 5, 4},
		{"\0\4\0\0\0\0", "\0\2ok", "ok", 6, 4},
		{"\0\2ok", "\0\2no", "ok", 4, 4},
		{NULL, "\0\2ok", "ok", 0, 4},
		{"\0\5ok", NULL, "", 4, 0},
		{"\1\x09x\0\2ok", NULL, "", 7, 0},
		{"\0", NULL, "", 1, 0},
		{"", NULL, "", 0, 0},
		{beyond, NULL, "", sizeof(beyond), 0},
	};

	(void)state;
	memset(beyond + 2, 'n', sizeof(beyond) - 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wifi_table table = {0};
		struct writer w = {0};
		struct mib_wifi row;

		put_interface(&w, 4, NL80211_IFTYPE_STATION, NULL);
		put_bss(&w, 4, NL80211_BSS_STATUS_ASSOCIATED, cases[i].elements, cases[i].len,
			cases[i].beacon, cases[i].beacon_len);
		feed(&w, &table);
		assert_int_equal(wifi_table_rows(&table, &row, 1), 1);
		assert_int_equal(row.ssid_len, strlen(cases[i].name));
		assert_memory_equal(row.ssid, cases[i].name, row.ssid_len);
	}
}

/* A name longer than a name can be, a width nobody knows, attributes cut short. */
static void test_odd(void **state)
{
	struct wifi_table table = {0};
	struct mib_wifi row;
	struct writer w = {0};
	char name[64];

	(void)state;
	memset(name, 'n', sizeof(name));
	begin(&w, FAMILY, NL80211_CMD_NEW_INTERFACE);
	put_u32(&w, NL80211_ATTR_IFINDEX, 2);
	put_u32(&w, NL80211_ATTR_IFTYPE, NL80211_IFTYPE_AP);
	put(&w, NL80211_ATTR_SSID, name, sizeof(name));
	put_u32(&w, NL80211_ATTR_CHANNEL_WIDTH, 4000000000u);
	put(&w, NL80211_ATTR_WIPHY_FREQ, name, 2);
	put(&w, NL80211_ATTR_WIPHY_TX_POWER_LEVEL, name, 1);
	put(&w, NL80211_ATTR_STA_INFO, name, 3);
	end(&w);
	feed(&w, &table);
	assert_int_equal(wifi_table_rows(&table, &row, 1), 1);
	assert_int_equal(row.ssid_len, 32);
	assert_int_equal(row.width_mhz, 0);
	assert_int_equal(row.channel_mhz, 0);
	assert_int_equal(row.txpower_dbm, 0);
}

/* Every prefix of a buffer, and every length in it off by some: never beyond its end. */
static void test_cut_short(void **state)
{
	struct wifi_table table = {0};
	struct writer w = {0};

	(void)state;
	put_interface(&w, 4, NL80211_IFTYPE_AP, "x");
	put_station(&w, 4, -60, 0);
	put_interface(&w, 5, NL80211_IFTYPE_STATION, NULL);
	put_bss(&w, 5, NL80211_BSS_STATUS_ASSOCIATED, "\1\1x\0\2ok", 7, "\0\2ok", 4);
	for (size_t len = w.len; len > 0; len--) {
		struct writer cut = w;

		cut.len = len;
		feed(&cut, &table);
	}
	for (size_t i = 0; i < w.len; i++) {
		struct writer odd = w;

		odd.buf[i] ^= 0x15;
		feed(&odd, &table);
	}
	assert_true(table.n > 0);
}

static void test_requests(void **state)
{
	uint8_t buf[NL80211_REQUEST_SIZE];
	struct nlmsghdr head;
	uint32_t if_index;

	(void)state;
	assert_int_equal(nl80211_put_request(buf, FAMILY, NL80211_ASK_INTERFACES, 0, 3), 20);
	memcpy(&head, buf, sizeof(head));
	assert_int_equal(head.nlmsg_type, FAMILY);
	assert_int_equal(head.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(head.nlmsg_len, 20);
	assert_int_equal(buf[16], NL80211_CMD_GET_INTERFACE);
	assert_int_equal(nl80211_put_request(buf, FAMILY, NL80211_ASK_STATIONS, 12, 3), 28);
	assert_int_equal(buf[16], NL80211_CMD_GET_STATION);
	memcpy(&if_index, buf + 24, sizeof(if_index));
	assert_int_equal(if_index, 12);
	assert_int_equal(nl80211_put_request(buf, FAMILY, NL80211_ASK_SCAN, 12, 3), 28);
	assert_int_equal(buf[16], NL80211_CMD_GET_SCAN);
}

static void put_family(struct writer *w, uint8_t cmd, uint16_t id, const char *name)
{
	begin(w, GENL_ID_CTRL, cmd);
	if (name)
		put(w, CTRL_ATTR_FAMILY_NAME, name, (uint16_t)(strlen(name) + 1));
	put(w, CTRL_ATTR_FAMILY_ID, &id, sizeof(id));
	end(w);
}

/* Among others, and unasked: the kernel's word has another sequence number. */
static void test_families(void **state)
{
	struct nl80211_stream stream;
	struct writer w = {0};
	struct nl80211_msg msg;
	uint8_t buf[NL80211_REQUEST_SIZE];
	struct nlmsghdr head;

	(void)state;
	put_family(&w, CTRL_CMD_NEWFAMILY, 16, "nlctrl");
	put_family(&w, CTRL_CMD_NEWFAMILY, FAMILY, NL80211_GENL_NAME);
	put_family(&w, CTRL_CMD_DELFAMILY, FAMILY, NL80211_GENL_NAME);
	put_family(&w, CTRL_CMD_DELFAMILY, 31, "taskstats");
	put_family(&w, CTRL_CMD_NEWFAMILY, 0, NL80211_GENL_NAME);
	put_family(&w, CTRL_CMD_NEWFAMILY, FAMILY, NULL);
	put_family(&w, CTRL_CMD_NEWMCAST_GRP, FAMILY, NL80211_GENL_NAME);
	stream = (struct nl80211_stream){w.buf, w.len, SEQ + 1};
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_OTHER);
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_FAMILY);
	assert_int_equal(msg.family, FAMILY);
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_FAMILY_GONE);
	for (int i = 0; i < 4; i++)
		assert_int_equal(nl80211_next(&stream, &msg), NL80211_OTHER);
	assert_int_equal(nl80211_next(&stream, &msg), NL80211_END);

	assert_int_equal(nl80211_put_request(buf, 0, NL80211_ASK_FAMILY, 0, 3), 20);
	memcpy(&head, buf, sizeof(head));
	assert_int_equal(head.nlmsg_type, GENL_ID_CTRL);
	assert_int_equal(head.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(buf[16], CTRL_CMD_GETFAMILY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_access_point),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_done_and_errors),
		cmocka_unit_test(test_name_by_scan),
		cmocka_unit_test(test_name_by_interface),
		cmocka_unit_test(test_name_in_elements),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
