/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the collector will get its addresses: what no file can say, for --check-config. */
#pragma once

#include "collector/core/conf/collector_conf.h"
#include "common/conf/conf_errors.h"

/* A line in warnings for each address that another program has now. A collector that runs already
 * has them itself, and systemd may keep the page's for it. */
void listen_check(const struct collector_conf *conf, struct conf_errors *warnings);
