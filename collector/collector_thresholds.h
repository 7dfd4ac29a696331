/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits on values: samples in, alerts out. On the loop's thread. */
#pragma once

#include "collector/core/alert/alert_set.h"
#include "collector/core/device/device_set.h"
#include "collector/core/value/sample.h"
#include "collector/io/setup/setup.h"
#include "common/loop/loop.h"

struct collector_thresholds;

/* All must outlive it, but setup, which is that of now until collector_thresholds_set_setup(). */
struct collector_thresholds_deps {
	struct loop *loop;
	struct alert_set *alerts;
	const struct device_set *devices;
	const struct setup *setup;
};

/* After the alerts were restored. 0 or negative errno. */
int collector_thresholds_new(const struct collector_thresholds_deps *deps,
			     struct collector_thresholds **ret);
struct collector_thresholds *collector_thresholds_free(struct collector_thresholds *thresholds);
void collector_thresholds_sample(struct collector_thresholds *thresholds,
				 const struct sample *sample);
void collector_thresholds_forget(struct collector_thresholds *thresholds, const char *device_id);
/* After a reload; the old setup is still there, the devices are the new ones. */
void collector_thresholds_set_setup(struct collector_thresholds *thresholds,
				    const struct setup *setup);
