/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The collector's configuration: the struct, the table of its keys (common/conf/conf.h) and the
 * checks that span keys. Reading the files is collector/io/setup/setup.
 *
 * pantau-collector.conf is readable by anyone; the credentials file it names
 * (credentials_conf.h), of mode 0600, holds every secret.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/conf/threshold_conf.h"
#include "collector/core/words/words.h"
#include "common/conf/conf.h"

enum { COLLECTOR_LISTEN_MAX = 8 };

#define COLLECTOR_CONTROL_SOCKET "/collector.sock" /* below run_dir */

struct collector_conf {
	char *inventory, *credentials, *profiles_dir;
	char *notify; /* the file of notify_conf.h; "": nobody is told */
	char *place;  /* the page's heading */
	char *state_dir, *run_dir, *rrd_dir, *web_dir;
	char *user, *group; /* to drop to; "" stays */
	bool sandbox;
	int log_level, log_target;
	int language; /* enum words_lang */
	char *timezone;
	char *office_hours, *holidays; /* collector/core/calendar */

	int64_t poll_interval_ms, discovery_interval_ms, backoff_max_ms;
	int64_t request_timeout_ms, request_tries, max_outstanding, snmp_sockets;
	char *source_v4, *source_v6;

	int64_t ping_interval_ms; /* 0: no pings */

	int64_t down_after, parent_hold_ms;

	char **trap_listen, **trap_forwarders;
	int64_t trap_rate, trap_burst, trap_total_rate, trap_total_burst, trap_receive_buffer;

	char **http_listen, **http_hosts;
	char *reload_token_file;
	int64_t graph_workers, graph_cache;
	char *rrdcached;
	int64_t rrd_write_interval_ms;
	char **rra;

	int64_t keep_events_ms, keep_notifications_ms, max_events, max_notifications;

	struct threshold_conf *thresholds;
	size_t n_thresholds;

	struct conf_places *places;
};

extern const struct conf_key COLLECTOR_CONF_KEYS[];

/*
 * Puts the defaults of lists in place and checks what no single key can say. One line in
 * errors per mistake. Returns 0, -EINVAL or -ENOMEM.
 */
int collector_conf_check(struct collector_conf *conf, struct conf_errors *errors);

/* Names the keys that differ and take effect only at a restart: calls fn for each. */
void collector_conf_restart_keys(const struct collector_conf *a, const struct collector_conf *b,
				 void (*fn)(void *data, const char *key), void *data);
