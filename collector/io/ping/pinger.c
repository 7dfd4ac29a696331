/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides nothing; it carries between the plan, the sockets and the devices. */
#include "collector/io/ping/pinger.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/ping/ping_group.h"
#include "collector/core/ping/ping_plan.h"
#include "collector/core/ping/ping_stats.h"
#include "collector/core/value/sample.h"
#include "collector/io/ping/echo_port.h"
#include "common/base/cleanup.h"
#include "common/base/fnv1a.h"
#include "common/loop/loop.h"

enum { STEPS_PER_TURN = 256 };

#define US_PER_MS 1000
#define HOUR_US	  (3600 * INT64_C(1000000))

struct pinger_device {
	struct ping_target target; /* first */
	struct device *device;
	struct sockaddr_storage address;
	socklen_t len;
	struct ping_stats stats;
	struct series series;
	int64_t sample_us; /* when the last sample ended */
	struct pinger_device *next, *prev;
};

struct pinger {
	struct loop *loop;
	struct loop_timer *timer;
	int64_t timer_us; /* what it is armed for */
	struct pinger_conf conf;
	struct pinger_hooks hooks;
	struct ping_plan plan;
	struct echo_port *ports[PINGER_SOCKETS];
	struct pinger_device *devices;
	uint64_t cookie;
	uint16_t id; /* for raw sockets; ping sockets have the kernel's */
	struct pinger_stats stats;
};

static int port_of(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? PINGER_V6 : PINGER_V4;
}

static int64_t wall_ms_of(int64_t mono_us)
{
	return loop_wall_ms() - (loop_now_us() - mono_us) / US_PER_MS;
}

static void arm(struct pinger *pinger)
{
	const int64_t due_us = ping_plan_due_us(&pinger->plan);

	if (due_us == INT64_MAX) {
		loop_timer_disarm(pinger->timer);
		return;
	}
	if (due_us == pinger->timer_us && loop_timer_armed(pinger->timer))
		return;
	pinger->timer_us = due_us;
	loop_timer_arm(pinger->timer, due_us - loop_now_us());
}

/* ---- values ---- */

static void give_sample(struct pinger *pinger, struct pinger_device *pd, int64_t now_us)
{
	struct sample sample = {.series = &pd->series,
				.time_ms = loop_wall_ms(),
				.duration_ms = (now_us - pd->sample_us) / US_PER_MS};
	struct device *device = pd->device;

	pd->sample_us = now_us;
	if (!ping_stats_take(&pd->stats, sample.value))
		return;
	device->echo.sample_ms = sample.time_ms;
	memcpy(device->echo.value, sample.value, sizeof(device->echo.value));
	pinger->hooks.sample(pinger->hooks.data, &sample);
}

/* ---- out ---- */

static void send_echo(struct pinger *pinger, struct pinger_device *pd, int64_t now_us)
{
	const struct icmp_echo echo = {
		.id = pinger->id,
		.seq = pd->target.seq,
		.cookie = pinger->cookie,
		.target = pd->target.number,
	};

	if (now_us - pd->sample_us >= pinger->conf.step_ms * US_PER_MS)
		give_sample(pinger, pd, now_us);
	echo_port_put(pinger->ports[port_of(&pd->address)], &echo, &pd->address, pd->len, pd);
}

/* No route, no neighbour: lost like what is not answered, when its time is over. */
static void on_sent(void *data, void *owner, int64_t sent_us, int err)
{
	struct pinger *pinger = data;
	struct pinger_device *pd = owner;

	if (err == 0) {
		pinger->stats.sent++;
		ping_plan_sent(&pd->target, sent_us);
	} else if (err == EAGAIN || err == ENOBUFS || err == ENOMEM) {
		pinger->stats.no_room++;
		ping_plan_unsent(&pinger->plan, &pd->target, sent_us);
	} else {
		pinger->stats.no_way++;
	}
}

static void lose(struct pinger *pinger, struct pinger_device *pd)
{
	pinger->stats.lost++;
	ping_stats_lost(&pd->stats);
	pinger->hooks.result(pinger->hooks.data, pd->device, false, wall_ms_of(pd->target.sent_us));
}

static void on_timer(void *data)
{
	struct pinger *pinger = data;
	const int64_t now_us = loop_now_us();
	struct ping_target *target;

	for (int i = 0; i < STEPS_PER_TURN; i++) {
		const enum ping_step step = ping_plan_next(&pinger->plan, now_us, &target);

		if (step == PING_STEP_NONE)
			break;
		if (step == PING_STEP_SEND)
			send_echo(pinger, (struct pinger_device *)target, now_us);
		else
			lose(pinger, (struct pinger_device *)target);
	}
	for (size_t i = 0; i < PINGER_SOCKETS; i++) {
		if (pinger->ports[i])
			echo_port_flush(pinger->ports[i]);
	}
	pinger->timer_us = -1;
	arm(pinger);
}

/* ---- in ---- */

static bool same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
		       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
	return memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
		      &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

static void answered(struct pinger *pinger, struct pinger_device *pd, int64_t rtt_us)
{
	pinger->stats.answered++;
	ping_stats_answered(&pd->stats, rtt_us);
	pd->device->echo.last_rtt_ms = (double)rtt_us / US_PER_MS;
	pinger->hooks.result(pinger->hooks.data, pd->device, true, wall_ms_of(pd->target.sent_us));
}

static void on_answer(void *data, const struct icmp_echo *echo, const struct sockaddr_storage *from,
		      int64_t received_us)
{
	struct pinger *pinger = data;
	struct ping_target *target;
	struct pinger_device *pd;
	int64_t rtt_us;

	if (echo->cookie != pinger->cookie)
		return; /* to somebody else's ping: a raw socket hears them all */
	target = ping_plan_find(&pinger->plan, echo->target);
	pd = (struct pinger_device *)target;
	if (!target || !same_host(from, &pd->address)) {
		pinger->stats.strange++;
		return;
	}
	switch (ping_plan_answered(&pinger->plan, target, echo->seq, received_us, &rtt_us)) {
	case PING_ANSWER_RIGHT:
		answered(pinger, pd, rtt_us);
		break;
	case PING_ANSWER_LATE:
		pinger->stats.late++;
		pinger->hooks.result(pinger->hooks.data, pd->device, true,
				     wall_ms_of(target->sent_us));
		break;
	case PING_ANSWER_DUPLICATE:
		pinger->stats.duplicates++;
		break;
	case PING_ANSWER_STRANGE:
		pinger->stats.strange++;
		break;
	}
}

/* ---- life ---- */

static int open_ports(struct pinger *pinger, struct icmp_socket *socks)
{
	const struct echo_port_hooks hooks = {.data = pinger, .sent = on_sent, .answer = on_answer};

	for (size_t i = 0; i < PINGER_SOCKETS; i++) {
		int r = socks[i].fd < 0
				? 0
				: echo_port_new(pinger->loop, &socks[i], &hooks, &pinger->ports[i]);

		if (r < 0)
			return r;
		socks[i].fd = -1;
	}
	return 0;
}

static int start(struct pinger *pinger, struct icmp_socket *socks)
{
	const int64_t now_us = loop_now_us();
	int r;

	/* slots keep their place over a restart */
	ping_plan_init(&pinger->plan, now_us - loop_wall_ms() * US_PER_MS % HOUR_US,
		       pinger->conf.interval_ms * US_PER_MS);
	if (getrandom(&pinger->cookie, sizeof(pinger->cookie), 0) != sizeof(pinger->cookie))
		return -EIO;
	pinger->id = (uint16_t)getpid();
	r = open_ports(pinger, socks);
	return r < 0 ? r : loop_timer_new(pinger->loop, on_timer, pinger, &pinger->timer);
}

int pinger_new(struct loop *loop, const struct pinger_conf *conf,
	       const struct icmp_socket socks[static PINGER_SOCKETS],
	       const struct pinger_hooks *hooks, struct pinger **ret)
{
	struct icmp_socket left[PINGER_SOCKETS] = {socks[PINGER_V4], socks[PINGER_V6]};
	struct pinger *pinger = calloc(1, sizeof(*pinger));
	int r = -ENOMEM;

	assert(conf->interval_ms > 0 && conf->step_ms > 0 && hooks->sample && hooks->result);
	if (pinger) {
		pinger->loop = loop;
		pinger->conf = *conf;
		pinger->hooks = *hooks;
		r = start(pinger, left);
	}
	if (r < 0) {
		for (size_t i = 0; i < PINGER_SOCKETS; i++)
			icmp_socket_close(&left[i]);
		pinger_free(pinger);
		return r;
	}
	*ret = pinger;
	return 0;
}

struct pinger *pinger_free(struct pinger *pinger)
{
	if (!pinger)
		return NULL;
	while (pinger->devices)
		pinger_remove(pinger, pinger->devices->device);
	loop_timer_free(pinger->timer);
	for (size_t i = 0; i < PINGER_SOCKETS; i++)
		echo_port_free(pinger->ports[i]);
	ping_plan_deinit(&pinger->plan);
	free(pinger);
	return NULL;
}

/* A raw socket of IPv6 takes a port for a protocol. */
static void set_address(struct pinger_device *pd, const struct sockaddr *address, socklen_t len)
{
	memcpy(&pd->address, address, len);
	pd->len = len;
	if (pd->address.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&pd->address)->sin6_port = 0;
}

/* Whole polling intervals, for the files of a device are read together. */
static int64_t series_step_ms(const struct pinger_conf *conf)
{
	const int64_t steps = (conf->interval_ms + conf->step_ms - 1) / conf->step_ms;

	return steps * conf->step_ms;
}

int pinger_add(struct pinger *pinger, struct device *device, const struct sockaddr *address,
	       socklen_t len)
{
	const uint64_t hash = fnv1a_text(FNV1A_START, device->entry->id);
	struct pinger_device *pd;
	int r;

	loop_assert_thread(pinger->loop);
	assert(len <= sizeof(pd->address));
	if (device->ping)
		return -EEXIST;
	pd = calloc(1, sizeof(*pd));
	if (!pd)
		return -ENOMEM;
	set_address(pd, address, len);
	if (!pinger->ports[port_of(&pd->address)]) {
		pinger->stats.no_socket++;
		free(pd);
		return -EAFNOSUPPORT;
	}
	pd->device = device;
	pd->stats = ping_stats_new();
	pd->sample_us = loop_now_us();
	pd->series = (struct series){.device_id = device->entry->id,
				     .object = "",
				     .group = &PING_GROUP,
				     .step_ms = series_step_ms(&pinger->conf)};
	r = ping_plan_add(&pinger->plan, &pd->target, hash ^ hash >> 29, loop_now_us());
	if (r < 0) {
		free(pd);
		return r;
	}
	pd->next = pinger->devices;
	if (pd->next)
		pd->next->prev = pd;
	pinger->devices = pd;
	pinger->stats.devices++;
	device->ping = pd;
	arm(pinger);
	return 0;
}

void pinger_remove(struct pinger *pinger, struct device *device)
{
	struct pinger_device *pd = device->ping;

	if (!pd)
		return;
	loop_assert_thread(pinger->loop);
	assert(pd->device == device && pinger->stats.devices > 0);
	ping_plan_remove(&pinger->plan, &pd->target);
	if (pd->prev)
		pd->prev->next = pd->next;
	else
		pinger->devices = pd->next;
	if (pd->next)
		pd->next->prev = pd->prev;
	pinger->stats.devices--;
	device->ping = NULL;
	device->echo = (struct device_echo){.last_rtt_ms = NAN};
	free(pd);
}

void pinger_hurry(struct pinger *pinger, struct device *device)
{
	struct pinger_device *pd = device->ping;

	if (!pd)
		return;
	loop_assert_thread(pinger->loop);
	ping_plan_hurry(&pinger->plan, &pd->target, loop_now_us());
	arm(pinger);
}

const struct pinger_stats *pinger_get_stats(const struct pinger *pinger)
{
	return &pinger->stats;
}
