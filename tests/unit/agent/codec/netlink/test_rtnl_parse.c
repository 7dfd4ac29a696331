/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages as the kernel makes them, whole and cut. */
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/codec/netlink/ethtool_msg.h"
#include "agent/codec/netlink/nl_attr.h"
#include "agent/codec/netlink/rtnl_parse.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

struct maker {
	uint8_t buf[4096];
	size_t len;
};

static void put(struct maker *m, const void *p, size_t len)
{
	if (len)
		memcpy(m->buf + m->len, p, len);
	m->len += len;
}

static void attr(struct maker *m, uint16_t type, const void *p, size_t len)
{
	struct nlattr a = {(uint16_t)(sizeof(a) + len), type};

	put(m, &a, sizeof(a));
	put(m, p, len);
	while (m->len % 4)
		m->buf[m->len++] = 0;
}

static void attr_u32(struct maker *m, uint16_t type, uint32_t v)
{
	attr(m, type, &v, sizeof(v));
}

static void attr_u8(struct maker *m, uint16_t type, uint8_t v)
{
	attr(m, type, &v, sizeof(v));
}

static size_t begin(struct maker *m, uint16_t type, uint16_t flags)
{
	struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_seq = 42, .nlmsg_flags = flags};
	size_t at = m->len;

	put(m, &head, sizeof(head));
	return at;
}

static void finish(struct maker *m, size_t at)
{
	uint32_t len = (uint32_t)(m->len - at);

	memcpy(m->buf + at, &len, sizeof(len));
}

static void make_link(struct maker *m, uint16_t type, unsigned int flags, uint8_t operstate,
		      uint8_t carrier)
{
	struct ifinfomsg head = {.ifi_index = 7, .ifi_type = ARPHRD_ETHER, .ifi_flags = flags};
	struct rtnl_link_stats64 stats = {.rx_bytes = UINT64_C(5) << 40,
					  .tx_bytes = 2,
					  .rx_packets = 3,
					  .tx_packets = 4,
					  .rx_errors = 5,
					  .tx_errors = 6,
					  .rx_dropped = 7,
					  .tx_dropped = 8,
					  .multicast = 9,
					  .rx_missed_errors = 10,
					  .rx_nohandler = 11};
	uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
	struct maker info = {.len = 0};
	size_t at = begin(m, type, 0);

	attr(&info, IFLA_INFO_KIND, "veth", 5);
	put(m, &head, sizeof(head));
	attr(m, IFLA_IFNAME, "wan0", 5);
	attr_u32(m, IFLA_MTU, 1500);
	attr_u8(m, IFLA_OPERSTATE, operstate);
	attr_u8(m, IFLA_CARRIER, carrier);
	attr(m, IFLA_ADDRESS, mac, sizeof(mac));
	attr(m, IFLA_STATS64, &stats, sizeof(stats));
	attr_u32(m, IFLA_CARRIER_UP_COUNT, 21);
	attr_u32(m, IFLA_CARRIER_DOWN_COUNT, 20);
	attr(m, IFLA_LINKINFO | NLA_F_NESTED, info.buf, info.len);
	attr(m, IFLA_IFALIAS, "FO Diskominfo", 13); /* the kernel sends no NUL here */
	finish(m, at);
}

static enum rtnl_item parse(const struct maker *m, struct rtnl_msg *ret)
{
	const uint8_t *at = m->buf;
	size_t len = m->len;

	*ret = (struct rtnl_msg){0};
	return rtnl_parse(&at, &len, ret);
}

static void a_link_has_all_its_fields(void **state)
{
	struct maker m = {.len = 0};
	struct rtnl_msg msg;
	const struct link_report *link = &msg.link;

	(void)state;
	make_link(&m, RTM_NEWLINK, IFF_UP | IFF_RUNNING | IFF_PROMISC, 6, 1);
	assert_int_equal(parse(&m, &msg), RTNL_LINK_NEW);
	assert_int_equal(msg.seq, 42);
	assert_int_equal(link->if_index, 7);
	assert_string_equal(link->name, "wan0");
	assert_string_equal(link->alias, "FO Diskominfo");
	assert_string_equal(link->kind, "veth");
	assert_int_equal(link->if_type, 6);
	assert_int_equal(link->oper, LINK_OPER_UP);
	assert_int_equal(link->admin, LINK_ADMIN_UP);
	assert_true(link->promiscuous && !link->is_loopback && link->carrier);
	assert_int_equal(link->mtu, 1500);
	assert_int_equal(link->mac_len, 6);
	assert_true(link->has_counters && link->has_carrier_counts);
	assert_int_equal(link->carrier_ups, 21);
	assert_int_equal(link->carrier_downs, 20);
	assert_int_equal(link->counters.in_octets, UINT64_C(5) << 40);
	assert_int_equal(link->counters.in_discards, 17);
	assert_int_equal(link->counters.in_unknown_protos, 11);
}

static const struct {
	uint8_t operstate, carrier;
	unsigned int flags;
	enum link_oper oper;
} STATES[] = {
	{6, 1, IFF_UP | IFF_RUNNING, LINK_OPER_UP},
	{6, 0, IFF_UP | IFF_RUNNING, LINK_OPER_DOWN}, /* the link watch has not run yet */
	{2, 0, IFF_UP, LINK_OPER_DOWN},
	{7, 0, IFF_UP, LINK_OPER_DOWN},
	{3, 0, IFF_UP, LINK_OPER_LOWER_LAYER_DOWN},
	{1, 0, 0, LINK_OPER_NOT_PRESENT},
	{4, 1, IFF_UP, LINK_OPER_TESTING},
	{5, 1, IFF_UP, LINK_OPER_DORMANT},
	{0, 1, IFF_UP | IFF_RUNNING, LINK_OPER_UP}, /* drivers without operstate */
	{0, 1, IFF_UP, LINK_OPER_DOWN},
	{0, 1, IFF_RUNNING, LINK_OPER_DOWN},
};

static void oper_status_is_that_of_rfc_2863(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(STATES); i++) {
		struct maker m = {.len = 0};
		struct rtnl_msg msg;

		make_link(&m, RTM_NEWLINK, STATES[i].flags, STATES[i].operstate, STATES[i].carrier);
		assert_int_equal(parse(&m, &msg), RTNL_LINK_NEW);
		if (msg.link.oper != STATES[i].oper)
			fail_msg("case %zu: %u", i, msg.link.oper);
	}
}

static void a_port_that_left_its_bridge_is_not_gone(void **state)
{
	struct ifinfomsg head = {.ifi_family = 7 /* AF_BRIDGE */, .ifi_index = 7};
	struct maker m = {.len = 0};
	struct rtnl_msg msg;
	size_t at = begin(&m, RTM_DELLINK, 0);

	(void)state;
	put(&m, &head, sizeof(head));
	finish(&m, at);
	assert_int_equal(parse(&m, &msg), RTNL_OTHER);
	m.len = 0;
	make_link(&m, RTM_DELLINK, 0, 2, 0);
	assert_int_equal(parse(&m, &msg), RTNL_LINK_DEL);
	assert_int_equal(msg.link.if_index, 7);
}

/* Wireless extensions tell of scans and associations in a RTM_NEWLINK of their own, with no
 * more of the link than its name: it would empty all else. */
static void a_wireless_event_is_no_news_of_the_link(void **state)
{
	struct ifinfomsg head = {
		.ifi_index = 7, .ifi_type = ARPHRD_ETHER, .ifi_flags = IFF_UP | IFF_RUNNING};
	uint8_t event[16] = {sizeof(event), 0, 0x19, 0x8b}; /* SIOCGIWSCAN: a scan is over */
	struct maker m = {.len = 0};
	struct rtnl_msg msg;
	size_t at = begin(&m, RTM_NEWLINK, 0);

	(void)state;
	put(&m, &head, sizeof(head));
	attr(&m, IFLA_IFNAME, "wlan0", 6);
	attr(&m, IFLA_WIRELESS, event, sizeof(event));
	finish(&m, at);
	assert_int_equal(parse(&m, &msg), RTNL_OTHER);
}

static void a_dump_of_statistics(void **state)
{
	struct rtnl_link_stats64 stats = {.rx_bytes = 1000};
	struct maker m = {.len = 0};
	const uint8_t *at = m.buf;
	struct rtnl_msg msg;
	size_t len;

	(void)state;
	for (uint32_t i = 1; i <= 3; i++) {
		struct if_stats_msg head = {.ifindex = i};
		size_t begun =
			begin(&m, RTM_NEWSTATS, NLM_F_MULTI | (i == 3 ? NLM_F_DUMP_INTR : 0));

		stats.rx_bytes += i;
		put(&m, &head, sizeof(head));
		attr(&m, IFLA_STATS_LINK_64, &stats,
		     sizeof(stats) - (i == 2 ? 16 : 0)); /* an older kernel's */
		finish(&m, begun);
	}
	finish(&m, begin(&m, NLMSG_DONE, 0));
	len = m.len;
	for (uint32_t i = 1; i <= 3; i++) {
		assert_int_equal(rtnl_parse(&at, &len, &msg), RTNL_STATS);
		assert_int_equal(msg.if_index, i);
		assert_int_equal(msg.counters.in_octets, 1000 + i * (i + 1) / 2);
		assert_int_equal(msg.interrupted, i == 3);
	}
	assert_int_equal(rtnl_parse(&at, &len, &msg), RTNL_DONE);
	assert_int_equal(rtnl_parse(&at, &len, &msg), RTNL_END);
}

/* What goes wrong within a dump is told in its last message: it is then not all of it. */
static void a_dump_that_ends_with_an_error(void **state)
{
	static const struct {
		int32_t status;
		enum rtnl_item item;
	} CASES[] = {{0, RTNL_DONE}, {7, RTNL_DONE}, {-90, RTNL_ERROR}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct maker m = {.len = 0};
		struct rtnl_msg msg;
		size_t at = begin(&m, NLMSG_DONE, NLM_F_MULTI);

		put(&m, &CASES[i].status, sizeof(CASES[i].status));
		finish(&m, at);
		assert_int_equal(parse(&m, &msg), CASES[i].item);
		assert_int_equal(msg.error, CASES[i].item == RTNL_ERROR ? CASES[i].status : 0);
	}
}

static void errors_and_routes(void **state)
{
	struct rtmsg route = {.rtm_family = 2, .rtm_flags = RTNH_F_LINKDOWN};
	struct maker m = {.len = 0};
	struct rtnl_msg msg;
	int32_t error = -101;
	size_t at = begin(&m, NLMSG_ERROR, 0);

	(void)state;
	put(&m, &error, sizeof(error));
	finish(&m, at);
	assert_int_equal(parse(&m, &msg), RTNL_ERROR);
	assert_int_equal(msg.error, -101);
	m.len = 0;
	at = begin(&m, RTM_NEWROUTE, 0);
	put(&m, &route, sizeof(route));
	attr_u32(&m, RTA_OIF, 3);
	finish(&m, at);
	assert_int_equal(parse(&m, &msg), RTNL_ROUTE);
	assert_int_equal(msg.if_index, 3);
	assert_true(msg.link_down);
}

/* Cut anywhere, and with any octet changed: an end, and no more read than is there. */
static void any_cut_and_any_octet_is_borne(void **state)
{
	struct maker m = {.len = 0};

	(void)state;
	make_link(&m, RTM_NEWLINK, IFF_UP, 6, 1);
	for (size_t cut = 0; cut <= m.len; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1); /* its end is the heap's edge */
		const uint8_t *at = copy;
		struct rtnl_msg msg;
		size_t len = cut;

		memcpy(copy, m.buf, cut);
		while (rtnl_parse(&at, &len, &msg) != RTNL_END)
			;
		free(copy);
	}
	for (size_t i = 0; i < m.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			uint8_t *copy = malloc(m.len);
			const uint8_t *at = copy;
			struct rtnl_msg msg;
			size_t len = m.len;

			memcpy(copy, m.buf, m.len);
			copy[i] ^= (uint8_t)(1 << bit);
			while (rtnl_parse(&at, &len, &msg) != RTNL_END)
				;
			free(copy);
		}
	}
}

static size_t make_linkmodes(struct maker *m, uint32_t mbps, uint8_t duplex)
{
	struct genlmsghdr genl = {.cmd = ETHTOOL_MSG_LINKMODES_GET_REPLY, .version = 1};
	struct nlattr index = {8, ETHTOOL_A_HEADER_DEV_INDEX};
	uint8_t header[8];
	uint32_t seven = 7;
	size_t at = begin(m, 0x20, 0);

	memcpy(header, &index, sizeof(index));
	memcpy(header + 4, &seven, sizeof(seven));
	put(m, &genl, sizeof(genl));
	attr(m, ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED, header, sizeof(header));
	attr_u32(m, ETHTOOL_A_LINKMODES_SPEED, mbps);
	attr_u8(m, ETHTOOL_A_LINKMODES_DUPLEX, duplex);
	finish(m, at);
	return m->len;
}

static void speed_and_duplex(void **state)
{
	static const struct {
		uint32_t mbps;
		uint8_t duplex;
		uint32_t kbps;
		enum link_duplex expected;
	} CASES[] = {
		{1000, DUPLEX_FULL, 1000000, LINK_DUPLEX_FULL},
		{10, DUPLEX_HALF, 10000, LINK_DUPLEX_HALF},
		{(uint32_t)SPEED_UNKNOWN, DUPLEX_UNKNOWN, 0, LINK_DUPLEX_UNKNOWN},
		{800000, DUPLEX_FULL, 800000000, LINK_DUPLEX_FULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct maker m = {.len = 0};
		enum link_duplex duplex;
		uint32_t if_index, kbps;
		size_t len = make_linkmodes(&m, CASES[i].mbps, CASES[i].duplex);

		assert_int_equal(ethtool_get_linkmodes(m.buf, len, &if_index, &kbps, &duplex), 0);
		assert_int_equal(if_index, 7);
		assert_int_equal(kbps, CASES[i].kbps);
		assert_int_equal(duplex, CASES[i].expected);
		for (size_t cut = 0; cut < len; cut++)
			ethtool_get_linkmodes(m.buf, cut, &if_index, &kbps, &duplex);
		assert_int_equal(ethtool_get_linkmodes(m.buf, 10, &if_index, &kbps, &duplex), -22);
	}
}

/* 256 octets of alias are the kernel's limit, 64 are SNMP's. */
static void long_aliases_are_cut_between_characters(void **state)
{
	static const struct {
		const char *last;
		size_t before, kept;
	} CASES[] = {
		{"x", 63, 64},
		{"xy", 63, 64},
		{"\xc3\xa9", 62, 64},
		{"\xc3\xa9", 63, 63},
		{"\xe2\x9c\x93", 62, 62},
		{"\xe2\x9c\x93", 61, 64},
		{"\xf0\x9f\x8c\x90", 61, 61},
		{"\xf0\x9f\x8c\x90", 60, 64},
		{"\x80\x80\x80\x80\x80\x80\x80\x80", 60, 61},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		char text[300], got[65];
		struct nl_attr a = {.p = (const uint8_t *)text};

		memset(text, 'a', sizeof(text));
		strcpy(text + CASES[i].before, CASES[i].last);
		a.len = strlen(text) + 1;
		nl_attr_str(&a, got, sizeof(got));
		assert_int_equal(strlen(got), CASES[i].kept);
		assert_memory_equal(got, text, CASES[i].kept);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_aliases_are_cut_between_characters),
		cmocka_unit_test(a_link_has_all_its_fields),
		cmocka_unit_test(oper_status_is_that_of_rfc_2863),
		cmocka_unit_test(a_port_that_left_its_bridge_is_not_gone),
		cmocka_unit_test(a_wireless_event_is_no_news_of_the_link),
		cmocka_unit_test(a_dump_of_statistics),
		cmocka_unit_test(a_dump_that_ends_with_an_error),
		cmocka_unit_test(errors_and_routes),
		cmocka_unit_test(any_cut_and_any_octet_is_borne),
		cmocka_unit_test(speed_and_duplex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
