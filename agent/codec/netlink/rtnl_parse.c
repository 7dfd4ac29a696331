/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RTM_NEWLINK, RTM_DELLINK, RTM_NEWSTATS and what frames them, to structs in the terms of
 * RFC 2863. What a change means is link_table's business. Source: rtnetlink(7),
 * linux/if_link.h; operstate in Documentation/networking/operstates.rst.
 */
#include "agent/codec/netlink/rtnl_parse.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "agent/codec/netlink/nl_attr.h"

/* IANAifType-MIB */
enum {
	IANA_OTHER = 1,
	IANA_ETHERNET = 6,
	IANA_PPP = 23,
	IANA_LOOPBACK = 24,
	IANA_WIFI = 71,
	IANA_TUNNEL = 131
};

static uint16_t iana_type(uint16_t arp_type)
{
	switch (arp_type) {
	case ARPHRD_ETHER:
		return IANA_ETHERNET;
	case ARPHRD_LOOPBACK:
		return IANA_LOOPBACK;
	case ARPHRD_PPP:
		return IANA_PPP;
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return IANA_TUNNEL;
	case ARPHRD_IEEE80211:
	case ARPHRD_IEEE80211_RADIOTAP:
		return IANA_WIFI;
	default:
		return IANA_OTHER;
	}
}

/*
 * ifOperStatus from IFLA_OPERSTATE and flags. Drivers that do not maintain operstate (lo,
 * tun, dummy) say IF_OPER_UNKNOWN for ever; IFF_RUNNING is what tells there.
 */
static uint8_t oper_status(uint8_t operstate, unsigned int flags)
{
	switch (operstate) {
	case IF_OPER_UP:
		return LINK_OPER_UP;
	case IF_OPER_DOWN:
		return LINK_OPER_DOWN;
	case IF_OPER_NOTPRESENT:
		return LINK_OPER_NOT_PRESENT;
	case IF_OPER_LOWERLAYERDOWN:
		return LINK_OPER_LOWER_LAYER_DOWN;
	case IF_OPER_TESTING:
		return LINK_OPER_TESTING;
	case IF_OPER_DORMANT:
		return LINK_OPER_DORMANT;
	default:
		if (!(flags & IFF_UP))
			return LINK_OPER_DOWN;
		return flags & IFF_RUNNING ? LINK_OPER_UP : LINK_OPER_DOWN;
	}
}

/* len: an older kernel's struct is shorter, its missing fields are 0. */
static void copy_counters(const struct nl_attr *attr, struct link_counters *ret)
{
	struct rtnl_link_stats64 s = {0};

	memcpy(&s, attr->p, attr->len < sizeof(s) ? attr->len : sizeof(s));
	*ret = (struct link_counters){
		.in_octets = s.rx_bytes,
		.out_octets = s.tx_bytes,
		.in_packets = s.rx_packets,
		.out_packets = s.tx_packets,
		.in_errors = s.rx_errors,
		.out_errors = s.tx_errors,
		/* rx_missed_errors: frames the host had no buffer for (RFC 2863's
		   discards) */
		.in_discards = s.rx_dropped + s.rx_missed_errors,
		.out_discards = s.tx_dropped,
		.in_multicast = s.multicast,
		.in_unknown_protos = s.rx_nohandler,
	};
}

static void copy_mac(const struct nl_attr *attr, uint8_t *ret_mac, uint8_t *ret_len)
{
	*ret_len = (uint8_t)(attr->len < MIB_MAC_SIZE ? attr->len : MIB_MAC_SIZE);
	memcpy(ret_mac, attr->p, *ret_len);
}

static void parse_link_info(const struct nl_attr *attr, struct link_report *link)
{
	struct nl_attrs attrs = nl_attr_nested(attr);
	struct nl_attr a;

	while (nl_attr_next(&attrs, &a)) {
		if (a.type == IFLA_INFO_KIND)
			nl_attr_str(&a, link->kind, sizeof(link->kind));
	}
}

static void parse_link_attr(const struct nl_attr *a, struct link_report *link, uint8_t *operstate)
{
	switch (a->type) {
	case IFLA_IFNAME:
		nl_attr_str(a, link->name, sizeof(link->name));
		break;
	case IFLA_IFALIAS:
		nl_attr_str(a, link->alias, sizeof(link->alias));
		break;
	case IFLA_ADDRESS:
		copy_mac(a, link->mac, &link->mac_len);
		break;
	case IFLA_PERM_ADDRESS:
		copy_mac(a, link->perm_mac, &link->perm_mac_len);
		break;
	case IFLA_MTU:
		link->mtu = nl_attr_u32(a);
		break;
	case IFLA_MASTER:
		link->master = nl_attr_u32(a);
		break;
	case IFLA_OPERSTATE:
		*operstate = nl_attr_u8(a);
		break;
	case IFLA_CARRIER:
		link->carrier = nl_attr_u8(a);
		break;
	case IFLA_CARRIER_UP_COUNT:
		link->carrier_ups = nl_attr_u32(a);
		break;
	case IFLA_CARRIER_DOWN_COUNT:
		link->carrier_downs = nl_attr_u32(a);
		link->has_carrier_counts = a->len >= sizeof(uint32_t);
		break;
	case IFLA_STATS64:
		copy_counters(a, &link->counters);
		link->has_counters = true;
		break;
	case IFLA_LINKINFO:
		parse_link_info(a, link);
		break;
	}
}

static enum rtnl_item parse_link(const uint8_t *body, size_t len, uint16_t type,
				 struct link_report *link)
{
	struct nl_attrs attrs;
	struct ifinfomsg head;
	struct nl_attr a;
	uint8_t operstate = 0;

	if (len < sizeof(head))
		return RTNL_MALFORMED;
	memcpy(&head, body, sizeof(head));
	/* Bridges tell of their ports with family AF_BRIDGE: another table, and its
	 * RTM_DELLINK means that a port left the bridge, not that the link is gone. */
	if (head.ifi_family != 0 || head.ifi_index <= 0)
		return RTNL_OTHER;
	*link = (struct link_report){0};
	link->carrier = true;
	attrs = (struct nl_attrs){body + NLMSG_ALIGN(sizeof(head)),
				  len - NLMSG_ALIGN(sizeof(head))};
	while (nl_attr_next(&attrs, &a)) {
		/* Wireless extensions' own events: a name, and nothing else of the link. */
		if (a.type == IFLA_WIRELESS)
			return RTNL_OTHER;
		parse_link_attr(&a, link, &operstate);
	}
	link->if_index = (uint32_t)head.ifi_index;
	link->if_type = iana_type(head.ifi_type);
	link->admin = head.ifi_flags & IFF_UP ? LINK_ADMIN_UP : LINK_ADMIN_DOWN;
	link->promiscuous = head.ifi_flags & IFF_PROMISC;
	link->is_loopback = head.ifi_flags & IFF_LOOPBACK;
	link->oper = oper_status(operstate, head.ifi_flags);
	/* The carrier goes first; operstate follows when the kernel's link watch has run.
	 * A message between the two has the new carrier count with the old operstate. */
	if (link->oper == LINK_OPER_UP && !link->carrier)
		link->oper = LINK_OPER_DOWN;
	if (type == RTM_DELLINK)
		return RTNL_LINK_DEL;
	return link->name[0] ? RTNL_LINK_NEW : RTNL_MALFORMED;
}

static enum rtnl_item parse_stats(const uint8_t *body, size_t len, struct rtnl_msg *ret)
{
	struct if_stats_msg head;
	struct nl_attrs attrs;
	struct nl_attr a;

	if (len < sizeof(head))
		return RTNL_MALFORMED;
	memcpy(&head, body, sizeof(head));
	attrs = (struct nl_attrs){body + sizeof(head), len - sizeof(head)};
	while (nl_attr_next(&attrs, &a)) {
		if (a.type != IFLA_STATS_LINK_64)
			continue;
		ret->if_index = head.ifindex;
		copy_counters(&a, &ret->counters);
		return RTNL_STATS;
	}
	return RTNL_OTHER;
}

/* The kernel's function that fills a dump may fail half-way: its error is the last
 * message's word. */
static enum rtnl_item parse_done(const uint8_t *body, size_t len, struct rtnl_msg *ret)
{
	int32_t status;

	if (len < sizeof(status))
		return RTNL_DONE;
	memcpy(&status, body, sizeof(status));
	if (status >= 0)
		return RTNL_DONE;
	ret->error = status;
	return RTNL_ERROR;
}

static enum rtnl_item parse_route(const uint8_t *body, size_t len, struct rtnl_msg *ret)
{
	struct nl_attrs attrs;
	struct rtmsg head;
	struct nl_attr a;

	if (len < sizeof(head))
		return RTNL_MALFORMED;
	memcpy(&head, body, sizeof(head));
	ret->link_down = head.rtm_flags & (RTNH_F_LINKDOWN | RTNH_F_DEAD);
	attrs = (struct nl_attrs){body + sizeof(head), len - sizeof(head)};
	while (nl_attr_next(&attrs, &a)) {
		if (a.type != RTA_OIF)
			continue;
		ret->if_index = nl_attr_u32(&a);
		return RTNL_ROUTE;
	}
	return RTNL_OTHER;
}

static enum rtnl_item parse_body(uint16_t type, const uint8_t *body, size_t len,
				 struct rtnl_msg *ret)
{
	switch (type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return parse_link(body, len, type, &ret->link);
	case RTM_NEWSTATS:
		return parse_stats(body, len, ret);
	case RTM_NEWADDR: {
		uint32_t if_index;

		/* struct ifaddrmsg: family, prefixlen, flags, scope, then the index */
		if (len < 8)
			return RTNL_MALFORMED;
		memcpy(&if_index, body + 4, sizeof(if_index));
		ret->if_index = if_index;
		return RTNL_ADDRESS;
	}
	case RTM_NEWROUTE:
		return parse_route(body, len, ret);
	case NLMSG_DONE:
		return parse_done(body, len, ret);
	case NLMSG_ERROR: {
		int32_t error;

		if (len < sizeof(error))
			return RTNL_MALFORMED;
		memcpy(&error, body, sizeof(error));
		ret->error = error;
		return RTNL_ERROR;
	}
	case NLMSG_OVERRUN:
		return RTNL_OVERRUN;
	default:
		return RTNL_OTHER;
	}
}

enum rtnl_item rtnl_parse(const uint8_t **buf, size_t *len, struct rtnl_msg *ret)
{
	const uint8_t *at = *buf;
	struct nlmsghdr head;
	size_t step;

	if (!*len)
		return RTNL_END;
	if (*len < sizeof(head))
		goto malformed;
	memcpy(&head, at, sizeof(head));
	if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > *len)
		goto malformed;
	step = NLMSG_ALIGN((size_t)head.nlmsg_len);
	step = step < *len ? step : *len;
	*buf += step;
	*len -= step;
	ret->seq = head.nlmsg_seq;
	ret->interrupted = head.nlmsg_flags & NLM_F_DUMP_INTR;
	return parse_body(head.nlmsg_type, at + sizeof(head), head.nlmsg_len - sizeof(head), ret);
malformed:
	*buf += *len;
	*len = 0;
	return RTNL_MALFORMED;
}
