/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One route message. Source: rtnetlink(7), linux/rtnetlink.h. */
#include "agent/codec/path/route_parse.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "agent/codec/netlink/nl_attr.h"

/* linux/in.h and sys/socket.h have no place in a parser. */
enum { FAMILY_INET = 2, FAMILY_INET6 = 10 };

static size_t address_len(int family)
{
	return family == FAMILY_INET ? 4 : family == FAMILY_INET6 ? 16 : 0;
}

size_t route_put_request(uint8_t buf[static ROUTE_REQUEST_SIZE], int family, const uint8_t *address,
			 uint32_t seq)
{
	size_t n = address_len(family);
	struct nlmsghdr head = {
		.nlmsg_len = (uint32_t)(NLMSG_LENGTH(sizeof(struct rtmsg)) + NLA_HDRLEN + n),
		.nlmsg_type = RTM_GETROUTE,
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = seq,
	};
	struct rtmsg route = {.rtm_family = (uint8_t)family, .rtm_dst_len = (uint8_t)(n * 8)};
	struct nlattr dst = {.nla_len = (uint16_t)(NLA_HDRLEN + n), .nla_type = RTA_DST};
	uint8_t *at = buf;

	memset(buf, 0, ROUTE_REQUEST_SIZE);
	memcpy(at, &head, sizeof(head));
	at += NLMSG_HDRLEN;
	memcpy(at, &route, sizeof(route));
	at += NLMSG_ALIGN(sizeof(route));
	memcpy(at, &dst, sizeof(dst));
	memcpy(at + NLA_HDRLEN, address, n);
	return head.nlmsg_len;
}

static void take_gateway(struct route_gateway *gateway, int family, const uint8_t *p, size_t len)
{
	size_t n = address_len(family);

	if (!n || len < n)
		return;
	gateway->family = family;
	memcpy(gateway->address, p, n);
}

static int parse_attrs(const struct rtmsg *route, const uint8_t *p, size_t len,
		       struct route_gateway *ret)
{
	struct route_gateway gateway = {0};
	struct nl_attrs attrs = {p, len};
	struct nl_attr attr;

	while (nl_attr_next(&attrs, &attr)) {
		uint16_t via;

		if (attr.type == RTA_OIF) {
			gateway.if_index = nl_attr_u32(&attr);
		} else if (attr.type == RTA_GATEWAY) {
			take_gateway(&gateway, route->rtm_family, attr.p, attr.len);
		} else if (attr.type == RTA_VIA && attr.len >= sizeof(via)) {
			memcpy(&via, attr.p, sizeof(via));
			take_gateway(&gateway, via, attr.p + sizeof(via), attr.len - sizeof(via));
		}
	}
	if (!gateway.family)
		return -ENODATA;
	*ret = gateway;
	return 0;
}

int route_parse(const uint8_t *octets, size_t len, struct route_gateway *ret)
{
	struct nlmsghdr head;
	struct rtmsg route;

	if (len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, octets, sizeof(head));
	if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > len)
		return -EBADMSG;
	octets += NLMSG_HDRLEN;
	len = head.nlmsg_len - NLMSG_HDRLEN;
	if (head.nlmsg_type == NLMSG_ERROR) {
		int32_t error;

		if (len < sizeof(error))
			return -EBADMSG;
		memcpy(&error, octets, sizeof(error));
		return error < 0 ? error : -EBADMSG;
	}
	if (head.nlmsg_type != RTM_NEWROUTE || len < sizeof(route))
		return -EBADMSG;
	memcpy(&route, octets, sizeof(route));
	if (route.rtm_type != RTN_UNICAST)
		return -ENETUNREACH;
	return parse_attrs(&route, octets + NLMSG_ALIGN(sizeof(route)),
			   len - NLMSG_ALIGN(sizeof(route)), ret);
}
