/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --once: what the agent sees, as a table for a person; no daemon, no state. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/agent.h"
#include "agent/core/link/link_table.h"
#include "agent/io/link/ethtool_sock.h"
#include "agent/io/link/rtnl_sock.h"
#include "agent/io/link/wifi_watch.h"
#include "agent/io/store/clock_state.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"

enum { ONCE_EVENTS = 16, ONCE_US = 1000000, ONCE_TRIES = 10 };

struct once {
	struct loop *loop;
	struct link_table *table;
	struct stamp now;
};

static void ignore_event(void *data, const struct link_event *event, const struct stamp *now)
{
	(void)data;
	(void)event;
	(void)now;
}

static void ignore_ask(void *data, uint32_t if_index)
{
	(void)data;
	(void)if_index;
}

/* Changes within the second: the second look sees them. */
static void ignore_change(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	(void)data;
	(void)item;
	(void)msg;
}

static void ignore_call(void *data)
{
	(void)data;
}

static void on_link(void *data, enum rtnl_item item, const struct rtnl_msg *msg)
{
	struct once *once = data;

	if (item == RTNL_LINK_NEW) {
		link_table_update(once->table, &msg->link, &once->now);
		link_table_sample(once->table, msg->link.if_index, &msg->link.counters, &once->now);
	}
}

/* -EAGAIN: the links changed under the look. */
static int look(struct once *once, struct rtnl_sock *rtnl)
{
	int r = -EAGAIN;

	for (int i = 0; i < ONCE_TRIES && r == -EAGAIN; i++) {
		clock_stamp(clock_state_read(), &once->now);
		link_table_dump_begin(once->table);
		r = rtnl_sock_dump_links(rtnl, on_link, once);
		if (r >= 0)
			link_table_dump_end(once->table, &once->now);
		else
			link_table_dump_abort(once->table);
	}
	return r;
}

static void ask_speeds(struct once *once)
{
	cleanup_(ethtool_sock_freep) struct ethtool_sock *ethtool = NULL;

	if (ethtool_sock_new(&ethtool) < 0)
		return;
	for (uint32_t i = 0; i < link_table_n(once->table); i++) {
		enum link_duplex duplex = LINK_DUPLEX_UNKNOWN;
		uint32_t if_index = link_table_row(once->table, i)->if_index, kbps = 0;

		ethtool_sock_ask(ethtool, if_index, &kbps, &duplex);
		link_table_speed(once->table, if_index, kbps, duplex);
	}
}

/* Names and aliases are whatever somebody set: not for the terminal to obey. */
static const char *printable(const char *text, char *buf, size_t size)
{
	size_t i = 0;

	for (; text[i] && i + 1 < size; i++) {
		unsigned char c = (unsigned char)text[i];

		buf[i] = c < 0x20 || c == 0x7f ? '?' : text[i];
	}
	buf[i] = '\0';
	return buf;
}

static void print_table(const struct link_table *table)
{
	printf("%5s %-15s %-14s %-8s %10s %12s %12s %20s %20s  %s\n", "index", "name", "state",
	       "role", "speed", "in bit/s", "out bit/s", "in octets", "out octets", "alias");
	for (uint32_t i = 0; i < link_table_n(table); i++) {
		const struct mib_link *row = link_table_row(table, i);
		char speed[16] = "-", name[MIB_NAME_SIZE], alias[MIB_ALIAS_SIZE];

		if (row->speed_kbps)
			snprintf(speed, sizeof(speed), "%uM", row->speed_kbps / 1000);
		printf("%5u %-15s %-14s %-8s %10s %12" PRIu64 " %12" PRIu64 " %20" PRIu64
		       " %20" PRIu64 "  %s\n",
		       row->if_index, printable(row->name, name, sizeof(name)),
		       link_mib_oper(row->oper), link_mib_role(row->role), speed, row->in_rate_bps,
		       row->out_rate_bps, row->counters.in_octets, row->counters.out_octets,
		       printable(row->alias, alias, sizeof(alias)));
	}
}

static void print_wifi(const struct link_table *table, const struct mib_data *data)
{
	if (!data->head->n_wifi)
		return;
	printf("\n%5s %-15s  %-32s %5s %5s %8s %6s %6s\n", "index", "name", "SSID", "MHz", "width",
	       "stations", "signal", "power");
	for (uint32_t i = 0; i < data->head->n_wifi; i++) {
		const struct mib_wifi *row = &data->wifi[i];
		const struct mib_link *link = link_table_by_index(table, row->if_index);
		char text[sizeof(row->ssid) + 1] = "";

		printf("%5u %-15s", row->if_index, link ? link->name : "?");
		/* An SSID is octets, not text: what could move a terminal is a dot. */
		for (size_t j = 0; j < row->ssid_len; j++)
			text[j] = row->ssid[j] >= ' ' && row->ssid[j] <= '~' ? (char)row->ssid[j]
									     : '.';
		printf("  %-32s", text);
		printf(" %5u %5u %8u %6d %6d\n", row->channel_mhz, row->width_mhz, row->stations,
		       row->signal_dbm, row->txpower_dbm);
	}
}

static void on_time(void *data)
{
	loop_stop(data);
}

/* For as long as a rate takes; the radios answer meanwhile. */
static int wait_for_rates(struct once *once, struct mib_data *data)
{
	cleanup_(wifi_watch_freep) struct wifi_watch *wifi = NULL;
	struct loop_timer *timer = NULL;
	int r = loop_timer_new(once->loop, on_time, once->loop, &timer);

	if (r < 0)
		return r;
	if (wifi_watch_new(once->loop, &wifi) < 0)
		wifi = NULL; /* links can be shown without */
	loop_timer_arm(timer, ONCE_US);
	r = loop_run(once->loop);
	loop_timer_free(timer);
	wifi_watch_publish(wifi, data);
	return r;
}

int agent_print_once(const struct agent_files *files)
{
	cleanup_(loop_freep) struct loop *loop = NULL; /* outlives what watches by it */
	cleanup_(link_table_freep) struct link_table *table = NULL;
	cleanup_(rtnl_sock_freep) struct rtnl_sock *rtnl = NULL;
	struct mib_sizes sizes = agent_conf_sizes(&files->conf);
	struct link_table_calls table_calls = {ignore_event, ignore_ask, NULL};
	struct rtnl_calls rtnl_calls = {ignore_change, ignore_call, ignore_call, NULL};
	cleanup_free void *mem = NULL, *hist = NULL;
	struct mib_data data;
	struct once once;
	int r;

	sizes.hist_minutes = 1;
	sizes.max_events = ONCE_EVENTS;
	mem = calloc(1, mib_data_size(&sizes));
	hist = calloc(1, mib_hist_size(&sizes));
	if (!mem || !hist)
		return -ENOMEM;
	r = mib_data_bind(&data, &sizes, mem, hist);
	if (r >= 0)
		r = loop_new(&loop);
	if (r >= 0)
		r = rtnl_sock_new(loop, &rtnl_calls, &rtnl);
	if (r >= 0)
		r = link_table_new(&files->conf, &data, 0, &table_calls, &table);
	if (r < 0)
		return r;
	once.loop = loop;
	once.table = table;
	r = look(&once, rtnl);
	if (r < 0)
		return r;
	ask_speeds(&once);
	r = wait_for_rates(&once, &data);
	r = r < 0 ? r : look(&once, rtnl);
	if (r < 0)
		return r;
	print_table(table);
	print_wifi(table, &data);
	return r;
}
