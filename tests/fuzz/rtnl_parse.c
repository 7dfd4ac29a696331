/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of rtnetlink and ethtool, and what link_table makes of them. */
#include "agent/codec/netlink/rtnl_parse.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "agent/codec/netlink/ethtool_msg.h"
#include "agent/core/history/history.h"
#include "agent/core/link/link_memory.h"
#include "agent/core/link/link_table.h"

static const struct agent_conf CONF = {
	.flap_changes = 6,
	.flap_window_ms = 60000,
	.flap_settle_ms = 30000,
};

static void on_event(void *data, const struct link_event *event, const struct stamp *now)
{
	(void)data;
	(void)event;
	(void)now;
}

static void on_ask(void *data, uint32_t if_index)
{
	(void)data;
	(void)if_index;
}

static void feed(struct link_table *table, const uint8_t *data, size_t size)
{
	struct stamp now = {.us = 1, .wall_ms = 1, .clock = CLOCK_UNKNOWN};
	struct rtnl_msg msg = {0};
	enum rtnl_item item;

	while ((item = rtnl_parse(&data, &size, &msg)) != RTNL_END) {
		now.us += 1000000;
		now.wall_ms += 1000;
		if (item == RTNL_LINK_NEW)
			link_table_update(table, &msg.link, &now);
		else if (item == RTNL_LINK_DEL)
			link_table_remove(table, msg.link.if_index, &now);
		else if (item == RTNL_STATS)
			link_table_sample(table, msg.if_index, &msg.counters, &now);
		link_table_tick(table, &now);
		link_memory_assign_slots(table);
	}
	link_table_minute(table, 7, &now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mib_sizes sizes = {.max_links = 4, .max_events = 4, .hist_minutes = 8};
	struct link_table_calls calls = {on_event, on_ask, NULL};
	void *mem = calloc(1, mib_data_size(&sizes)), *hist = calloc(1, mib_hist_size(&sizes));
	struct link_table *table = NULL;
	enum link_duplex duplex;
	struct mib_data tables;
	uint32_t a, b;
	uint16_t id;

	if (!mem || !hist || mib_data_bind(&tables, &sizes, mem, hist) < 0 ||
	    link_table_new(&CONF, &tables, 1, &calls, &table) < 0)
		abort();
	feed(table, data, size);
	ethtool_get_family(data, size, &id);
	ethtool_get_linkmodes(data, size, &a, &b, &duplex);
	link_table_free(table);
	free(mem);
	free(hist);
	return 0;
}
