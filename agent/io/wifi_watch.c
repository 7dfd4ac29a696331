/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks nl80211 for one dump after the other: all interfaces, then stations and channels
 * of each. Answers come by the loop, so a driver that thinks does not hold anything up.
 * What was read is shown once it is whole.
 */
#include "agent/io/wifi_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "agent/codec/ethtool_msg.h"
#include "agent/core/wifi_table.h"
#include "common/cleanup.h"
#include "common/log.h"
#include "common/loop.h"

enum { BUFFER = 32768 };

struct wifi_watch {
	int fd;
	struct loop_fd *watch;
	struct loop_timer *timer;
	uint16_t family;
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
	size_t len =
		nl80211_put_request(request, watch->family, what, if_index, ++watch->seq);

	watch->ask = what;
	watch->under_way = send(watch->fd, request, len, MSG_DONTWAIT) == (ssize_t)len;
}

static void finish(struct wifi_watch *watch)
{
	watch->under_way = false;
	watch->n_shown = wifi_table_rows(&watch->table, watch->shown, WIFI_TABLE_MAX);
}

/* Interfaces, then for each its stations and its channels. */
static void ask_next(struct wifi_watch *watch)
{
	if (watch->ask == NL80211_ASK_STATIONS) {
		ask(watch, NL80211_ASK_SURVEY, watch->table.rows[watch->at].row.if_index);
		return;
	}
	watch->at = watch->ask == NL80211_ASK_INTERFACES ? 0 : watch->at + 1;
	if (watch->at < watch->table.n)
		ask(watch, NL80211_ASK_STATIONS,
		    watch->table.rows[watch->at].row.if_index);
	else
		finish(watch);
}

static void on_message(struct wifi_watch *watch, enum nl80211_item item,
		       const struct nl80211_msg *msg)
{
	switch (item) {
	case NL80211_DONE:
	case NL80211_ERROR: /* EOPNOTSUPP of a driver without a survey: the rest still
			       counts */
		if (watch->under_way)
			ask_next(watch);
		break;
	default:
		wifi_table_add(&watch->table, item, msg);
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

	wifi_table_begin(&watch->table);
	ask(watch, NL80211_ASK_INTERFACES, 0);
	loop_timer_arm(watch->timer, WIFI_WATCH_US);
}

/* ---- start ---- */

/* The one question that is waited for; the kernel answers it at once. */
static int find_family(struct wifi_watch *watch)
{
	uint8_t request[ETHTOOL_MSG_SIZE];
	struct timeval patience = {.tv_sec = 1};
	size_t len = ethtool_put_family_request(request, "nl80211", ++watch->seq);
	ssize_t n;

	setsockopt(watch->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(watch->fd, request, len, 0) < 0)
		return -errno;
	n = recv(watch->fd, watch->buf, sizeof(watch->buf), 0);
	return n < 0 ? -errno : ethtool_get_family(watch->buf, (size_t)n, &watch->family);
}

static int start(struct wifi_watch *watch, struct loop *loop)
{
	int r;

	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (watch->fd < 0)
		return errno == EPROTONOSUPPORT ? -ENOENT : -errno;
	r = find_family(watch);
	if (r == 0)
		r = loop_fd_new(loop, watch->fd, LOOP_READ, on_readable, watch,
				&watch->watch);
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
		return 0; /* a kernel without Wi-Fi */
	if (r < 0)
		return r;
	log_debug("wifi", "msg=\"radios are watched\"");
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
