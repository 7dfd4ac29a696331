/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A buffer of nl80211's messages through the parser into a table of radios. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/codec/netlink/nl80211_parse.h"
#include "agent/core/link/wifi_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nl80211_stream stream = {data, size, 0};
	struct mib_wifi rows[WIFI_TABLE_MAX];
	static struct wifi_table table;
	enum nl80211_item item;
	struct nl80211_msg msg;
	uint32_t n;

	wifi_table_begin(&table);
	while ((item = nl80211_next(&stream, &msg)) != NL80211_END) {
		if (item == NL80211_REPORT)
			wifi_table_add(&table, &msg.report);
	}
	n = wifi_table_rows(&table, rows, WIFI_TABLE_MAX);
	for (uint32_t i = 1; i < n; i++) {
		if (rows[i].if_index <= rows[i - 1].if_index)
			abort();
	}
	return 0;
}
