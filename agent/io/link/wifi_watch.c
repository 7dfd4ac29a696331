/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks nl80211 for one dump after the other: all interfaces, then stations and channels
 * of each. A client's network has its name from the interface, or else from what the kernel
 * remembers of scans: Linux since 5.19.2 tells the first only where the driver joins, not
 * wpa_supplicant (seen with 6.1.192). Answers come by the loop, so a driver that thinks does
 * not hold anything up. What was read is shown once it is whole.
 *
 * Drivers may come after the agent, go, and come again with another number of the family:
 * the kernel tells (the group "notify" of nlctrl, whose number is that of the family).
 */
#include "agent/io/link/wifi_watch.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/codec/netlink/nl80211_parse.h"
#include "agent/core/link/wifi_table.h"
#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "common/system/log.h"

enum { BUFFER = 32768 };

struct wifi_watch {
	int fd;
	struct loop_fd *watch;
	struct loop_timer *timer;
	uint16_t family; /* 0: the kernel has no Wi-Fi now */
	uint32_t seq;
	bool under_way;
	enum nl80211_ask ask; /* of the dump under way */
	uint32_t at;	      /* row whose stations or channels are being read */
	struct wifi_table table;
	struct mib_wifi shown[WIFI_TABLE_MAX];
	uint32_t n_shown;
	uint8_t buf[BUFFER];
};

/* ---- one dump after the other ---- */

static void ask(struct wifi_watch *watch, enum nl80211_ask what, uint32_t if_index)
{
	uint8_t request[NL80211_REQUEST_SIZE];
	size_t len = nl80211_put_request(request, watch->family, what, if_index, ++watch->seq);

	watch->ask = what;
	watch->under_way = send(watch->fd, request, len, MSG_DONTWAIT) == (ssize_t)len;
}

/* Interfaces, then for each its stations, its channels and, for a name, its scans. */
static void ask_next(struct wifi_watch *watch)
{
	if (watch->ask == NL80211_ASK_STATIONS) {
		ask(watch, NL80211_ASK_SURVEY, watch->table.rows[watch->at].row.if_index);
		return;
	}
	if (watch->ask == NL80211_ASK_SURVEY && wifi_table_nameless(&watch->table, watch->at)) {
		ask(watch, NL80211_ASK_SCAN, watch->table.rows[watch->at].row.if_index);
		return;
	}
	watch->at = watch->ask == NL80211_ASK_INTERFACES ? 0 : watch->at + 1;
	if (watch->at < watch->table.n) {
		ask(watch, NL80211_ASK_STATIONS, watch->table.rows[watch->at].row.if_index);
	} else {
		watch->under_way = false;
		watch->n_shown = wifi_table_rows(&watch->table, watch->shown, WIFI_TABLE_MAX);
	}
}

/* ---- what the kernel says ---- */

static void read_radios(struct wifi_watch *watch)
{
	wifi_table_begin(&watch->table);
	ask(watch, NL80211_ASK_INTERFACES, 0);
	loop_timer_arm(watch->timer, WIFI_WATCH_US);
}

static void on_done(struct wifi_watch *watch)
{
	if (!watch->under_way)
		return;
	if (watch->ask != NL80211_ASK_FAMILY) {
		ask_next(watch);
		return;
	}
	watch->under_way = false;
	if (watch->family)
		read_radios(watch);
}

static void on_message(struct wifi_watch *watch, enum nl80211_item item,
		       const struct nl80211_msg *msg)
{
	switch (item) {
	case NL80211_FAMILY:
		/* While the families are being read there can be no other dump. */
		watch->family = msg->family;
		if (!watch->under_way)
			read_radios(watch);
		break;
	case NL80211_FAMILY_GONE:
		watch->family = 0;
		watch->under_way = false;
		watch->n_shown = 0;
		loop_timer_disarm(watch->timer);
		break;
	case NL80211_ERROR:
		/* EOPNOTSUPP of a driver without a survey: the rest still counts. If not
		 * even the interfaces can be had, the number is not the family's any
		 * more: it is looked for with the next turn. */
		if (watch->ask == NL80211_ASK_INTERFACES)
			watch->family = 0;
		on_done(watch);
		break;
	case NL80211_DONE:
		on_done(watch);
		break;
	case NL80211_REPORT:
		wifi_table_add(&watch->table, &msg->report);
		break;
	case NL80211_OTHER:
	case NL80211_END:
		break;
	}
}

static void on_readable(void *data, int fd, unsigned int what)
{
	struct wifi_watch *watch = data;
	struct nl80211_stream stream;
	struct nl80211_msg msg;
	enum nl80211_item item;
	ssize_t n = recv(fd, watch->buf, sizeof(watch->buf), MSG_DONTWAIT | MSG_TRUNC);

	(void)what;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		watch->under_way = false; /* ENOBUFS: begun anew with the next turn */
	if (n <= 0 || (size_t)n > sizeof(watch->buf))
		return;
	/* seq changes when a dump ends and the next is asked for; that ends this buffer.
	 */
	stream = (struct nl80211_stream){watch->buf, (size_t)n, watch->seq};
	while ((item = nl80211_next(&stream, &msg)) != NL80211_END)
		on_message(watch, item, &msg);
}

/* A reading that is not through by now will not be. */
static void on_timer(void *data)
{
	struct wifi_watch *watch = data;

	if (watch->family)
		read_radios(watch);
	else
		ask(watch, NL80211_ASK_FAMILY, 0);
}

/* ---- start ---- */

static int start(struct wifi_watch *watch, struct loop *loop)
{
	const int group = GENL_ID_CTRL;
	int r;

	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (watch->fd < 0)
		return errno == EPROTONOSUPPORT ? -ENOENT : -errno;
	if (setsockopt(watch->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	r = loop_fd_new(loop, watch->fd, LOOP_READ, on_readable, watch, &watch->watch);
	if (r == 0)
		r = loop_timer_new(loop, on_timer, watch, &watch->timer);
	return r < 0 ? r : loop_timer_arm(watch->timer, 0);
}

int wifi_watch_new(struct loop *loop, struct wifi_watch **ret)
{
	cleanup_(wifi_watch_freep) struct wifi_watch *watch = calloc(1, sizeof(*watch));
	int r;

	*ret = NULL;
	if (!watch)
		return -ENOMEM;
	watch->fd = -1;
	r = start(watch, loop);
	if (r == -ENOENT)
		return 0; /* a kernel without generic netlink */
	if (r < 0)
		return r;
	*ret = steal_ptr(watch);
	return 0;
}

struct wifi_watch *wifi_watch_free(struct wifi_watch *watch)
{
	if (!watch)
		return NULL;
	loop_fd_free(watch->watch);
	loop_timer_free(watch->timer);
	if (watch->fd >= 0)
		close(watch->fd);
	free(watch);
	return NULL;
}

void wifi_watch_freep(struct wifi_watch **watch)
{
	*watch = wifi_watch_free(*watch);
}

void wifi_watch_publish(const struct wifi_watch *watch, struct mib_data *data)
{
	uint32_t n = watch ? watch->n_shown : 0;

	n = n < data->sizes.max_wifi ? n : data->sizes.max_wifi;
	if (n)
		memcpy(data->wifi, watch->shown, n * sizeof(data->wifi[0]));
	data->head->n_wifi = n;
}
