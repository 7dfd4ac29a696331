/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector as a whole: makes the modules, connects them, ends them. Everything runs on
 * one loop's thread but the store's and the RRD writer's threads and the graph workers.
 */
#pragma once

#include "common/conf/conf_errors.h"

struct collector;
struct icmp_socket;

/*
 * Reads and checks everything that path (pantau-collector.conf) leads to, opens sockets and
 * files, starts polling. pings: what may carry echoes of IPv4 and of IPv6, opened before root was
 * given up; they are the collector's from now on. NULL: it pings nobody. Returns 0; -EINVAL with lines in errors; else negative errno, and
 * the log says of what.
 */
int collector_new(const char *path, const struct icmp_socket *pings, struct collector **ret,
		  struct conf_errors *errors);
/* Writes out what is queued; returns NULL. */
struct collector *collector_free(struct collector *collector);
void collector_freep(struct collector **collector);

/* Runs until SIGTERM or SIGINT. Returns 0 or negative errno. */
int collector_run(struct collector *collector);
