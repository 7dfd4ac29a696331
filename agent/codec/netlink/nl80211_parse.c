/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads radios' messages. Decides what an attribute says; not which interface counts.
 * Source: linux/nl80211.h (Linux 6.1), genetlink.h; elements: IEEE 802.11-2020, 9.4.2.
 */
#include "agent/codec/netlink/nl80211_parse.h"

#include <assert.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <string.h>

#include "agent/codec/netlink/nl_attr.h"

enum { ELEMENT_SSID = 0 };

size_t nl80211_put_request(uint8_t buf[static NL80211_REQUEST_SIZE], uint16_t family,
			   enum nl80211_ask ask, uint32_t if_index, uint32_t seq)
{
	static const uint8_t commands[] = {
		[NL80211_ASK_FAMILY] = CTRL_CMD_GETFAMILY,
		[NL80211_ASK_INTERFACES] = NL80211_CMD_GET_INTERFACE,
		[NL80211_ASK_STATIONS] = NL80211_CMD_GET_STATION,
		[NL80211_ASK_SURVEY] = NL80211_CMD_GET_SURVEY,
		[NL80211_ASK_SCAN] = NL80211_CMD_GET_SCAN,
	};
	struct genlmsghdr genl = {.cmd = commands[ask]};
	struct nlattr attr = {.nla_type = NL80211_ATTR_IFINDEX, .nla_len = NLA_HDRLEN + 4};
	struct nlmsghdr head = {
		.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + (if_index ? NLA_HDRLEN + 4 : 0),
		.nlmsg_type = ask == NL80211_ASK_FAMILY ? GENL_ID_CTRL : family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.nlmsg_seq = seq,
	};
	uint8_t *at = buf;

	assert(family >= NLMSG_MIN_TYPE || ask == NL80211_ASK_FAMILY);
	memset(buf, 0, NL80211_REQUEST_SIZE);
	memcpy(at, &head, sizeof(head));
	at += NLMSG_HDRLEN;
	memcpy(at, &genl, sizeof(genl));
	at += GENL_HDRLEN;
	if (if_index) {
		memcpy(at, &attr, sizeof(attr));
		memcpy(at + NLA_HDRLEN, &if_index, sizeof(if_index));
	}
	return head.nlmsg_len;
}

static uint32_t width_of(uint32_t width)
{
	static const uint16_t MHZ[] = {
		[NL80211_CHAN_WIDTH_20_NOHT] = 20, [NL80211_CHAN_WIDTH_20] = 20,
		[NL80211_CHAN_WIDTH_40] = 40,	   [NL80211_CHAN_WIDTH_80] = 80,
		[NL80211_CHAN_WIDTH_80P80] = 160,  [NL80211_CHAN_WIDTH_160] = 160,
		[NL80211_CHAN_WIDTH_5] = 5,	   [NL80211_CHAN_WIDTH_10] = 10,
		[NL80211_CHAN_WIDTH_1] = 1,	   [NL80211_CHAN_WIDTH_2] = 2,
		[NL80211_CHAN_WIDTH_4] = 4,	   [NL80211_CHAN_WIDTH_8] = 8,
		[NL80211_CHAN_WIDTH_16] = 16,	   [NL80211_CHAN_WIDTH_320] = 320,
	};

	return width < sizeof(MHZ) / sizeof(MHZ[0]) ? MHZ[width] : 0;
}

static void parse_type(uint32_t type, struct wifi_report *report)
{
	report->serves = type == NL80211_IFTYPE_AP || type == NL80211_IFTYPE_AP_VLAN ||
			 type == NL80211_IFTYPE_P2P_GO || type == NL80211_IFTYPE_MESH_POINT;
	report->joins = type == NL80211_IFTYPE_STATION || type == NL80211_IFTYPE_P2P_CLIENT ||
			type == NL80211_IFTYPE_ADHOC;
}

static void parse_ssid(const struct nl_attr *attr, struct wifi_report *report)
{
	size_t len = attr->len < WIFI_SSID_MAX ? attr->len : WIFI_SSID_MAX;

	memcpy(report->ssid, attr->p, len);
	report->ssid_len = (uint8_t)len;
}

static void parse_station(const struct nl_attr *nested, struct wifi_report *report)
{
	struct nl_attrs attrs = nl_attr_nested(nested);
	bool averaged = false;
	struct nl_attr attr;

	while (nl_attr_next(&attrs, &attr)) {
		if (attr.type == NL80211_STA_INFO_SIGNAL_AVG && attr.len) {
			averaged = true;
		} else if (attr.type != NL80211_STA_INFO_SIGNAL || !attr.len || averaged) {
			continue;
		}
		report->has_signal = true;
		report->signal_dbm = (int8_t)nl_attr_u8(&attr);
	}
}

static void parse_survey(const struct nl_attr *nested, struct wifi_report *report)
{
	struct nl_attrs attrs = nl_attr_nested(nested);
	struct nl_attr attr;

	while (nl_attr_next(&attrs, &attr)) {
		if (attr.type == NL80211_SURVEY_INFO_IN_USE) {
			report->in_use = true;
		} else if (attr.type == NL80211_SURVEY_INFO_NOISE && attr.len) {
			report->has_noise = true;
			report->noise_dbm = (int8_t)nl_attr_u8(&attr);
		}
	}
}

/* A network that hides its name sends none, or as many zeros. */
static bool is_name(const uint8_t *p, size_t len)
{
	while (len > 0 && p[len - 1] == 0)
		len--;
	return len > 0;
}

/* The first name among the elements of a beacon or a probe response. */
static void parse_elements(const struct nl_attr *attr, struct wifi_report *report)
{
	const uint8_t *p = attr->p;
	size_t left = attr->len, len;

	for (; left >= 2; p += 2 + len, left -= 2 + len) {
		len = p[1];
		if (len > left - 2)
			return;
		if (p[0] != ELEMENT_SSID)
			continue;
		if (len <= WIFI_SSID_MAX && is_name(p + 2, len)) {
			memcpy(report->ssid, p + 2, len);
			report->ssid_len = (uint8_t)len;
		}
		return;
	}
}

/* The probe response, where there was one, names also a network whose beacons do not; with
 * the beacon alone both attributes are the same. */
static void parse_bss(const struct nl_attr *nested, struct wifi_report *report)
{
	struct nl_attrs attrs = nl_attr_nested(nested);
	struct nl_attr attr;

	while (nl_attr_next(&attrs, &attr)) {
		if (attr.type == NL80211_BSS_STATUS && attr.len >= 4) {
			report->joined = nl_attr_u32(&attr) == NL80211_BSS_STATUS_ASSOCIATED ||
					 nl_attr_u32(&attr) == NL80211_BSS_STATUS_IBSS_JOINED;
		} else if ((attr.type == NL80211_BSS_INFORMATION_ELEMENTS ||
			    attr.type == NL80211_BSS_BEACON_IES) &&
			   !report->ssid_len) {
			parse_elements(&attr, report);
		}
	}
}

static void parse_attr(const struct nl_attr *attr, struct wifi_report *report)
{
	switch (attr->type) {
	case NL80211_ATTR_IFINDEX:
		report->if_index = nl_attr_u32(attr);
		break;
	case NL80211_ATTR_IFTYPE:
		parse_type(nl_attr_u32(attr), report);
		break;
	case NL80211_ATTR_SSID:
		parse_ssid(attr, report);
		break;
	case NL80211_ATTR_WIPHY_FREQ:
		report->freq_mhz = nl_attr_u32(attr);
		break;
	case NL80211_ATTR_CHANNEL_WIDTH:
		report->width_mhz = width_of(nl_attr_u32(attr));
		break;
	case NL80211_ATTR_WIPHY_TX_POWER_LEVEL: /* in hundredths of a dBm */
		report->has_power = attr->len >= 4;
		report->power_dbm = (int32_t)nl_attr_u32(attr) / 100;
		break;
	case NL80211_ATTR_STA_INFO:
		parse_station(attr, report);
		break;
	case NL80211_ATTR_SURVEY_INFO:
		parse_survey(attr, report);
		break;
	case NL80211_ATTR_BSS:
		parse_bss(attr, report);
		break;
	default:
		break;
	}
}

static enum nl80211_item parse_family(const struct genlmsghdr *genl, struct nl_attrs attrs,
				      struct nl80211_msg *msg)
{
	char name[GENL_NAMSIZ] = "";
	struct nl_attr attr;

	while (nl_attr_next(&attrs, &attr)) {
		if (attr.type == CTRL_ATTR_FAMILY_ID && attr.len >= sizeof(msg->family))
			memcpy(&msg->family, attr.p, sizeof(msg->family));
		else if (attr.type == CTRL_ATTR_FAMILY_NAME)
			nl_attr_str(&attr, name, sizeof(name));
	}
	if (strcmp(name, NL80211_GENL_NAME) != 0 || msg->family < NLMSG_MIN_TYPE)
		return NL80211_OTHER;
	if (genl->cmd == CTRL_CMD_NEWFAMILY)
		return NL80211_FAMILY;
	return genl->cmd == CTRL_CMD_DELFAMILY ? NL80211_FAMILY_GONE : NL80211_OTHER;
}

static enum wifi_report_kind kind_of(uint8_t command)
{
	switch (command) {
	case NL80211_CMD_NEW_INTERFACE:
		return WIFI_REPORT_INTERFACE;
	case NL80211_CMD_NEW_STATION:
		return WIFI_REPORT_STATION;
	case NL80211_CMD_NEW_SURVEY_RESULTS:
		return WIFI_REPORT_SURVEY;
	case NL80211_CMD_NEW_SCAN_RESULTS:
		return WIFI_REPORT_SCAN_RESULT;
	default:
		return WIFI_REPORT_OTHER;
	}
}

static enum nl80211_item parse_body(const uint8_t *body, size_t len, struct nl80211_msg *msg)
{
	struct genlmsghdr genl;
	struct nl_attrs attrs;
	struct nl_attr attr;

	if (len < GENL_HDRLEN)
		return NL80211_OTHER;
	memcpy(&genl, body, sizeof(genl));
	attrs = (struct nl_attrs){body + GENL_HDRLEN, len - GENL_HDRLEN};
	while (nl_attr_next(&attrs, &attr))
		parse_attr(&attr, &msg->report);
	msg->report.kind = kind_of(genl.cmd);
	return msg->report.kind ? NL80211_REPORT : NL80211_OTHER;
}

enum nl80211_item nl80211_next(struct nl80211_stream *stream, struct nl80211_msg *ret)
{
	const uint8_t *body;
	struct nlmsghdr head;
	size_t step, len;

	*ret = (struct nl80211_msg){0};
	if (stream->len < sizeof(head))
		return NL80211_END;
	memcpy(&head, stream->p, sizeof(head));
	if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > stream->len)
		return NL80211_END;
	body = stream->p + NLMSG_HDRLEN;
	len = head.nlmsg_len - NLMSG_HDRLEN;
	step = NLMSG_ALIGN(head.nlmsg_len);
	step = step < stream->len ? step : stream->len;
	stream->p += step;
	stream->len -= step;
	/* The kernel's own word, unasked, has no sequence number. */
	if (head.nlmsg_type == GENL_ID_CTRL) {
		struct genlmsghdr genl;

		if (len < GENL_HDRLEN)
			return NL80211_OTHER;
		memcpy(&genl, body, sizeof(genl));
		return parse_family(&genl, (struct nl_attrs){body + GENL_HDRLEN, len - GENL_HDRLEN},
				    ret);
	}
	if (head.nlmsg_seq != stream->seq)
		return NL80211_OTHER;
	if (head.nlmsg_type == NLMSG_ERROR) {
		int32_t error = -EBADMSG;

		if (len >= sizeof(error))
			memcpy(&error, body, sizeof(error));
		ret->err = error;
		return error ? NL80211_ERROR : NL80211_OTHER; /* 0: an acknowledgement */
	}
	if (head.nlmsg_type == NLMSG_DONE)
		return NL80211_DONE;
	return head.nlmsg_type < NLMSG_MIN_TYPE ? NL80211_OTHER : parse_body(body, len, ret);
}
