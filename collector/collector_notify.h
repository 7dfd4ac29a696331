/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling people: between the alerts, the plan of who is told what, the store that keeps
 * every message, and the processes that send. On the loop's thread.
 */
#pragma once

#include <stdint.h>

#include "collector/core/alert/alert_set.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/core/device/device_set.h"
#include "collector/core/notify/notify_message.h"
#include "collector/io/setup/setup.h"
#include "collector/io/store/store.h"
#include "common/base/stats.h"
#include "common/loop/loop.h"

struct collector_notify;

/* All but setup must outlive it; setup until collector_notify_set_setup(). devices: of now. */
struct collector_notify_deps {
	struct loop *loop;
	struct store *store;
	struct alert_set *alerts;
	const struct device_set *devices;
	const struct setup *setup;
};

/* After the alerts were restored, before the sandbox: starts the sending processes, takes up what was under way.
 * Returns 0 or negative errno. */
int collector_notify_new(const struct collector_notify_deps *deps, struct collector_notify **ret);
struct collector_notify *collector_notify_free(struct collector_notify *notify);

/* Something became of an alert. */
void collector_notify_alert(struct collector_notify *notify, const struct alert *alert,
			    enum alert_change change);
/* After a reload, the devices being the new ones. */
void collector_notify_set_setup(struct collector_notify *notify, const struct setup *setup);
/* A message by way of trial. Returns the delivery's id, -ENOENT: there is no such channel, or -ENOSPC. */
int64_t collector_notify_test(struct collector_notify *notify, const char *channel);
/* A stats_provider_fn; data is the struct collector_notify *. */
void collector_notify_emit_stats(void *notify, stats_emit_fn *emit, void *emit_data);
