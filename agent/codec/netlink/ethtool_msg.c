/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ETHTOOL_MSG_LINKMODES_GET and the look-up of the family's number, as bytes. */
#include "agent/codec/netlink/ethtool_msg.h"

#include <assert.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <string.h>

#include "agent/codec/netlink/nl_attr.h"

struct writer {
	uint8_t *buf;
	size_t len;
};

static void put(struct writer *w, const void *p, size_t len)
{
	memcpy(w->buf + w->len, p, len);
	w->len += len;
}

static void begin(struct writer *w, uint16_t type, uint32_t seq, uint8_t cmd)
{
	struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = seq};
	struct genlmsghdr genl = {.cmd = cmd, .version = 1};

	memset(w->buf, 0, ETHTOOL_MSG_SIZE);
	put(w, &head, sizeof(head));
	put(w, &genl, sizeof(genl));
}

static size_t finish(struct writer *w)
{
	uint32_t len = (uint32_t)w->len;

	memcpy(w->buf, &len, sizeof(len));
	return w->len;
}

static void put_attr(struct writer *w, uint16_t type, const void *p, size_t len)
{
	struct nlattr head = {(uint16_t)(sizeof(head) + len), type};

	put(w, &head, sizeof(head));
	put(w, p, len);
	w->len = NLA_ALIGN(w->len);
}

size_t ethtool_put_family_request(uint8_t buf[ETHTOOL_MSG_SIZE], const char *family, uint32_t seq)
{
	struct writer w = {buf, 0};

	begin(&w, GENL_ID_CTRL, seq, CTRL_CMD_GETFAMILY);
	assert(strlen(family) < GENL_NAMSIZ);
	put_attr(&w, CTRL_ATTR_FAMILY_NAME, family, strlen(family) + 1);
	return finish(&w);
}

size_t ethtool_put_linkmodes_request(uint8_t buf[ETHTOOL_MSG_SIZE], uint16_t family_id,
				     uint32_t if_index, uint32_t seq)
{
	struct nlattr header = {(uint16_t)(2 * sizeof(header) + sizeof(if_index)),
				ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED};
	struct writer w = {buf, 0};

	begin(&w, family_id, seq, ETHTOOL_MSG_LINKMODES_GET);
	put(&w, &header, sizeof(header));
	put_attr(&w, ETHTOOL_A_HEADER_DEV_INDEX, &if_index, sizeof(if_index));
	return finish(&w);
}

/* The attributes of the first message, or the kernel's error. */
static int open_answer(const uint8_t *buf, size_t len, struct nl_attrs *ret)
{
	struct nlmsghdr head;
	int32_t error;

	if (len < sizeof(head) + sizeof(struct genlmsghdr))
		return -EINVAL;
	memcpy(&head, buf, sizeof(head));
	if (head.nlmsg_len > len || head.nlmsg_len < sizeof(head) + sizeof(struct genlmsghdr))
		return -EINVAL;
	if (head.nlmsg_type == NLMSG_ERROR) {
		memcpy(&error, buf + sizeof(head), sizeof(error));
		return error < 0 && error > -4096 ? error : -EINVAL;
	}
	if (head.nlmsg_type < NLMSG_MIN_TYPE)
		return -EINVAL;
	ret->p = buf + sizeof(head) + sizeof(struct genlmsghdr);
	ret->len = head.nlmsg_len - sizeof(head) - sizeof(struct genlmsghdr);
	return 0;
}

int ethtool_get_family(const uint8_t *buf, size_t len, uint16_t *ret_id)
{
	struct nl_attrs attrs;
	struct nl_attr a;
	int r = open_answer(buf, len, &attrs);

	if (r < 0)
		return r;
	while (nl_attr_next(&attrs, &a)) {
		if (a.type != CTRL_ATTR_FAMILY_ID || a.len < sizeof(*ret_id))
			continue;
		memcpy(ret_id, a.p, sizeof(*ret_id));
		return 0;
	}
	return -EINVAL;
}

static uint32_t header_index(const struct nl_attr *header)
{
	struct nl_attrs attrs = nl_attr_nested(header);
	struct nl_attr a;

	while (nl_attr_next(&attrs, &a)) {
		if (a.type == ETHTOOL_A_HEADER_DEV_INDEX)
			return nl_attr_u32(&a);
	}
	return 0;
}

static enum link_duplex duplex_of(uint8_t v)
{
	if (v == DUPLEX_HALF)
		return LINK_DUPLEX_HALF;
	return v == DUPLEX_FULL ? LINK_DUPLEX_FULL : LINK_DUPLEX_UNKNOWN;
}

int ethtool_get_linkmodes(const uint8_t *buf, size_t len, uint32_t *ret_if_index,
			  uint32_t *ret_speed_kbps, enum link_duplex *ret_duplex)
{
	enum link_duplex duplex = LINK_DUPLEX_UNKNOWN;
	uint32_t if_index = 0, mbps = 0;
	struct nl_attrs attrs;
	struct nl_attr a;
	int r = open_answer(buf, len, &attrs);

	if (r < 0)
		return r;
	while (nl_attr_next(&attrs, &a)) {
		if (a.type == ETHTOOL_A_LINKMODES_HEADER)
			if_index = header_index(&a);
		else if (a.type == ETHTOOL_A_LINKMODES_SPEED)
			mbps = nl_attr_u32(&a);
		else if (a.type == ETHTOOL_A_LINKMODES_DUPLEX)
			duplex = duplex_of(nl_attr_u8(&a));
	}
	if (!if_index)
		return -EINVAL;
	*ret_if_index = if_index;
	/* SPEED_UNKNOWN is -1; 4 Tbit/s is what 32 bits of kbit/s hold. */
	*ret_speed_kbps = mbps > 4000000 ? 0 : mbps * 1000;
	*ret_duplex = duplex;
	return 0;
}
