/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pings all devices: when (core/ping/ping_plan), what it amounts to (core/ping/ping_stats), over
 * one socket for each family (echo_port). It hands out results and samples; it judges no state.
 * Lives in the loop's thread; its hooks are called from there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/base/stats.h"
#include "common/icmp/icmp_socket.h"

struct device;
struct loop;
struct pinger;
struct sample;

/* None may add or remove devices. */
struct pinger_hooks {
	void *data;
	/* Of the last interval; copy what is needed. Its series lives until the device is removed. */
	void (*sample)(void *data, const struct sample *sample);
	/* An echo that was sent at sent_ms (wall) was answered or lost. */
	void (*result)(void *data, struct device *device, bool answered, int64_t sent_ms);
};

struct pinger_conf {
	int64_t interval_ms; /* between two echoes to a device */
	int64_t step_ms;     /* of samples */
};

struct pinger_stats {
	unsigned int devices;
	uint64_t sent, answered, lost, late, duplicates, strange;
	uint64_t no_way;    /* not sent: no route, no neighbour, forbidden; counted as lost */
	uint64_t no_room;   /* not sent: the kernel had no buffer; counted for nothing */
	uint64_t no_socket; /* devices of a family that there is no socket for */
};

enum { PINGER_V4, PINGER_V6, PINGER_SOCKETS };

/* socks: one of each family, fd -1 where there is none; they are the pinger's from now on, also if
 * it fails. Returns 0 or negative errno. */
int pinger_new(struct loop *loop, const struct pinger_conf *conf,
	       const struct icmp_socket socks[static PINGER_SOCKETS],
	       const struct pinger_hooks *hooks, struct pinger **ret);
struct pinger *pinger_free(struct pinger *pinger); /* removes all its devices first; returns NULL */

/* Begins to ping device at its slot; device->ping is the pinger's until pinger_remove(). Returns 0,
 * -EAFNOSUPPORT if there is no socket for that address, -EEXIST, -ENOMEM. */
int pinger_add(struct pinger *pinger, struct device *device, const struct sockaddr *address,
	       socklen_t len);
void pinger_remove(struct pinger *pinger,
		   struct device *device); /* no effect on one that is not its */
/* As soon as may be; no effect on a device that is not pinged. */
void pinger_hurry(struct pinger *pinger, struct device *device);

const struct pinger_stats *pinger_get_stats(const struct pinger *pinger);
/* A stats_provider_fn; data is the struct pinger *. */
void pinger_emit_stats(void *pinger, stats_emit_fn *emit, void *emit_data);
