/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nl80211 (linux/nl80211.h): requests for what the kernel knows of radios, and its
 * answers. Bytes only. The family's number, which it gets when the kernel's module is
 * loaded, is looked for among all families': to ask for it by name makes the kernel load
 * the module.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/link/wifi_report.h"

enum { NL80211_REQUEST_SIZE = 32 };

enum nl80211_ask {
	NL80211_ASK_FAMILY,
	NL80211_ASK_INTERFACES,
	NL80211_ASK_STATIONS,
	NL80211_ASK_SURVEY,
	NL80211_ASK_SCAN
};

/* A dump: of all families (family is not looked at), of all interfaces, or of one's
 * stations, channels or the networks it has heard. Returns the length. */
size_t nl80211_put_request(uint8_t buf[static NL80211_REQUEST_SIZE], uint16_t family,
			   enum nl80211_ask ask, uint32_t if_index, uint32_t seq);

enum nl80211_item {
	NL80211_END,	     /* of this buffer */
	NL80211_OTHER,	     /* a message that is none of these */
	NL80211_REPORT,	     /* report is set */
	NL80211_FAMILY,	     /* is there, or has come now */
	NL80211_FAMILY_GONE, /* its module was unloaded */
	NL80211_DONE,	     /* of the dump */
	NL80211_ERROR,	     /* err is set */
};

struct nl80211_msg {
	struct wifi_report report; /* REPORT */
	uint16_t family;	   /* FAMILY, FAMILY_GONE */
	int err;		   /* ERROR */
};

struct nl80211_stream {
	const uint8_t *p;
	size_t len;
	uint32_t seq; /* answers to other requests are NL80211_OTHER, but families' */
};

/* The next message of what one recv() gave. Broken messages end the buffer. */
enum nl80211_item nl80211_next(struct nl80211_stream *stream, struct nl80211_msg *ret);
