/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The router's radios by nl80211 (generic netlink): network name, channel, stations,
 * signal. Asked every WIFI_WATCH_US, one dump at a time, while the kernel has Wi-Fi; a
 * router without radios costs nothing.
 */
#pragma once

#include "agent/core/mib/mib_data.h"

struct loop;
struct wifi_watch;

enum { WIFI_WATCH_US = 10000000 };

/* Without generic netlink in the kernel *ret is NULL, which all functions here accept, and 0 is
 * returned. */
int wifi_watch_new(struct loop *loop, struct wifi_watch **ret);
struct wifi_watch *wifi_watch_free(struct wifi_watch *watch);
void wifi_watch_freep(struct wifi_watch **watch);

/* Copies the last whole reading to the rows of mib_data. */
void wifi_watch_publish(const struct wifi_watch *watch, struct mib_data *data);
