/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Netlink attributes (struct nlattr, netlink(7)) in a buffer that need not be aligned nor
 * well-formed: shared by the parsers of rtnetlink, ethtool and nl80211.
 *
 *	struct nl_attrs attrs = { p, len };
 *	struct nl_attr a;
 *	while (nl_attr_next(&attrs, &a)) ...
 */
#pragma once

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct nl_attrs {
	const uint8_t *p;
	size_t len;
};

struct nl_attr {
	uint16_t type; /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
	const uint8_t *p;
	size_t len;
};

/* False at the end or when the next length does not fit: what came before still counts,
 * as the kernel's own tools have it. */
static inline bool nl_attr_next(struct nl_attrs *attrs, struct nl_attr *ret)
{
	struct nlattr head;
	size_t step;

	if (attrs->len < sizeof(head))
		return false;
	memcpy(&head, attrs->p, sizeof(head));
	if (head.nla_len < sizeof(head) || head.nla_len > attrs->len)
		return false;
	ret->type = head.nla_type & NLA_TYPE_MASK;
	ret->p = attrs->p + sizeof(head);
	ret->len = head.nla_len - sizeof(head);
	step = NLA_ALIGN(head.nla_len);
	step = step < attrs->len ? step : attrs->len;
	attrs->p += step;
	attrs->len -= step;
	return true;
}

static inline struct nl_attrs nl_attr_nested(const struct nl_attr *attr)
{
	return (struct nl_attrs){attr->p, attr->len};
}

static inline uint32_t nl_attr_u32(const struct nl_attr *attr)
{
	uint32_t v = 0;

	if (attr->len >= sizeof(v))
		memcpy(&v, attr->p, sizeof(v));
	return v;
}

static inline uint8_t nl_attr_u8(const struct nl_attr *attr)
{
	return attr->len ? attr->p[0] : 0;
}

/* Copies text up to its NUL, cut to size - 1; ret is always terminated. The cut goes before
 * a character of UTF-8, not through it. */
static inline void nl_attr_str(const struct nl_attr *attr, char *ret, size_t size)
{
	size_t len = strnlen((const char *)attr->p, attr->len);
	size_t n = len < size - 1 ? len : size - 1;

	for (int i = 0; i < 3 && n && n < len && (attr->p[n] & 0xc0) == 0x80; i++)
		n--;
	memcpy(ret, attr->p, n);
	ret[n] = '\0';
}
