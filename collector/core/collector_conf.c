/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of pantau-collector.conf, one table row each, and the checks that span rows. No
 * file is read here.
 */
#include "collector/core/collector_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/rrd_rra.h"
#include "common/cleanup.h"
#include "common/conf_terms.h"
#include "common/log.h"

static const struct conf_name LANGUAGES[] = {
	{ "id", COLLECTOR_LANGUAGE_ID },
	{ "en", COLLECTOR_LANGUAGE_EN },
	{ NULL, 0 },
};

/* Like /usr/share/zoneinfo's names; it becomes the TZ of the graph workers. */
static const char *check_timezone(const char *value)
{
	size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_+-/");

	return n > 0 && value[n] == '\0' && value[0] != '/' ? NULL :
							      "a zone like Asia/Jakarta or UTC";
}

static const char *check_trap_listen(const char *value)
{
	return conf_is_endpoint(value) ? NULL :
				    "a numeric address and port: 0.0.0.0:162 or [::]:162";
}

static const char *check_http_listen(const char *value)
{
	if (conf_is_endpoint(value) || strncmp(value, "unix:/", 6) == 0)
		return NULL;
	if (strncmp(value, "fd:", 3) == 0 && conf_is_port(value + 3))
		return NULL;
	return "127.0.0.1:8080, [::1]:8080, unix:/run/pantau/collector.sock or fd:3";
}

static const char *check_source(const char *value)
{
	return strspn(value, "0123456789abcdefABCDEF:.") == strlen(value) ?
		       NULL :
		       "a numeric address of this machine";
}

#define INT(field, name, def, lo, hi, unit, help)                                         \
	CONF_INT(struct collector_conf, field, name, def, lo, hi, unit, help)
#define STR(field, name, def, help, check)                                                \
	CONF_STR(struct collector_conf, field, name, def, help, check)
#define LIST(field, name, help, check) CONF_STR_LIST(struct collector_conf, field, name, help, check)

#define MINUTE INT64_C(60000)
#define DAY    INT64_C(86400000)

const struct conf_key COLLECTOR_CONF_KEYS[] = {
	STR(place, "place", "Kota Mojokerto", "name of the city or network, the page's heading", NULL),
	CONF_ENUM(struct collector_conf, language, "language", COLLECTOR_LANGUAGE_ID, LANGUAGES,
		  "language in which the page starts"),
	STR(timezone, "timezone", "Asia/Jakarta", "zone of the times on page and graphs",
	    check_timezone),

	STR(inventory, "inventory", "/etc/pantau/inventory.csv", "what is watched, as CSV",
	    conf_check_absolute_path),
	STR(credentials, "credentials", "/etc/pantau/credentials.conf",
	    "file of mode 0600 with SNMPv3 users and communities", conf_check_absolute_path),
	STR(profiles_dir, "profiles-dir", PANTAU_PROFILES_DIR,
	    "directory of the device profiles", conf_check_absolute_path),
	STR(state_dir, "state-dir", "/var/lib/pantau", "events, notifications and device states",
	    conf_check_absolute_path),
	STR(rrd_dir, "rrd-dir", "/var/lib/pantau/rrd", "RRD files, one directory per device",
	    conf_check_absolute_path),
	STR(run_dir, "run-dir", "/run/pantau", "the control socket collector.sock", conf_check_absolute_path),
	STR(web_dir, "web-dir", PANTAU_WEB_DIR, "files of the NOC page", conf_check_absolute_path),

	STR(user, "user", "pantau", "user to become after the start as root; empty stays", NULL),
	STR(group, "group", "", "group to become; empty is the user's own", NULL),
	CONF_ENUM(struct collector_conf, log_level, "log-level", LOG_LEVEL_INFO, CONF_LOG_LEVELS,
		  "least important message that is logged"),
	CONF_ENUM(struct collector_conf, log_target, "log-target", LOG_TARGET_STDERR, CONF_LOG_TARGETS,
		  "where messages go"),

	INT(poll_interval_ms, "poll-interval", MINUTE, 1000, 60 * MINUTE, "ms",
	    "time between two polls of a device"),
	INT(discovery_interval_ms, "discovery-interval", 60 * MINUTE, MINUTE, DAY, "ms",
	    "time after which a device's interfaces and identity are read again"),
	INT(backoff_max_ms, "backoff-max", 5 * MINUTE, 1000, 60 * MINUTE, "ms",
	    "longest pause between two probes of a silent device"),
	INT(request_timeout_ms, "request-timeout", 0, 0, 60000, "ms",
	    "how long one transmission is waited for; 0 follows the measured round trip"),
	INT(request_tries, "request-tries", 5, 1, 10, "", "transmissions of a request at most"),
	INT(max_outstanding, "max-outstanding", 64, 1, 4096, "",
	    "requests under way at once, those that wait for a retry not counted"),
	INT(snmp_sockets, "snmp-sockets", 1, 1, 16, "", "UDP sockets per address family"),
	STR(source_v4, "source-v4", "", "own IPv4 address for requests; empty lets the kernel choose",
	    check_source),
	STR(source_v6, "source-v6", "", "own IPv6 address for requests; empty lets the kernel choose",
	    check_source),

	INT(down_after, "down-after", 2, 1, 20, "", "polls missed in a row that make a device down"),
	INT(parent_hold_ms, "parent-hold", 10000, 0, 10 * MINUTE, "ms",
	    "how long the verdict on a silent device waits for that on its parent"),

	LIST(trap_listen, "trap-listen",
	     "where notifications are received; default {\"0.0.0.0:162\", \"[::]:162\"}",
	     check_trap_listen),
	INT(trap_rate, "trap-rate", 50, 1, 100000, "",
	    "notifications per second and source, in the long run"),
	INT(trap_burst, "trap-burst", 500, 1, 1000000, "",
	    "notifications of one source taken at once"),
	INT(trap_receive_buffer, "trap-receive-buffer", 4 << 20, 65536, 256 << 20, "octets",
	    "kernel's buffer of each notification socket"),

	LIST(http_listen, "http-listen",
	     "where the page is served; default {\"127.0.0.1:8080\"}; the control socket comes on top",
	     check_http_listen),
	STR(reload_token_file, "reload-token-file", "",
	    "file of mode 0600 with the token for POST /api/v1/reload; empty: control socket only", NULL),
	INT(graph_workers, "graph-workers", 2, 1, 16, "", "processes that draw graphs"),
	STR(rrdcached, "rrdcached", "", "address of an rrdcached; empty writes the files here", NULL),
	LIST(rra, "rra", "archives of new RRD files; the default keeps 1 min for 7 days up to 1 day for 10 years",
	     rrd_rra_check),

	INT(keep_events_ms, "keep-events", 800 * DAY, DAY, 4000 * DAY, "ms",
	    "how long events and outages are kept"),
	INT(keep_notifications_ms, "keep-notifications", 90 * DAY, DAY, 4000 * DAY, "ms",
	    "how long received notifications are kept"),
	INT(max_events, "max-events", 1000000, 1000, 100000000, "",
	    "events kept at most, the oldest go first"),
	INT(max_notifications, "max-notifications", 1000000, 1000, 100000000, "",
	    "notifications kept at most, the oldest go first"),
	CONF_END_PLACED(struct collector_conf, places),
};

/* NULL-terminated copy of n texts. */
static char **copy_list(const char *const *texts, size_t n)
{
	char **list = calloc(n + 1, sizeof(*list));

	for (size_t i = 0; list && i < n; i++) {
		list[i] = strdup(texts[i]);
		if (!list[i]) {
			while (i-- > 0)
				free(list[i]);
			free(list);
			return NULL;
		}
	}
	return list;
}

static int default_list(char ***list, const char *const *texts, size_t n)
{
	if (*list && (*list)[0])
		return 0;
	free(*list);
	*list = copy_list(texts, n);
	return *list ? 0 : -ENOMEM;
}

static size_t list_len(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

static void check_list(const struct collector_conf *conf, char *const *list, const char *key,
		       struct conf_errors *errors)
{
	size_t n = list_len(list);

	if (n > COLLECTOR_LISTEN_MAX)
		conf_errors_add(errors, "%s: %s: %zu addresses; write at most %d",
				conf_places_value(conf->places, key, COLLECTOR_LISTEN_MAX), key, n,
				COLLECTOR_LISTEN_MAX);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			if (strcmp(list[i], list[j]) == 0)
				conf_errors_add(errors, "%s: %s: \"%s\" is there twice; keep one",
						conf_places_value(conf->places, key, j), key, list[j]);
		}
	}
}

/* Two numbers of one unit, the first of which must not be below the second. */
struct bound {
	const char *key, *least_key, *unit;
	int64_t value, least;
};

/* Whichever of the two is in the file is what somebody has to change. */
static void check_bound(const struct collector_conf *conf, const struct bound *b,
			struct conf_errors *errors)
{
	if (b->value >= b->least)
		return;
	if (conf_places_has(conf->places, b->key))
		conf_errors_add(errors, "%s: %s: is below %s; write at least %lld%s",
				conf_places_key(conf->places, b->key), b->key, b->least_key,
				(long long)b->least, b->unit);
	else
		conf_errors_add(errors, "%s: %s: is above %s, which is %lld%s by default; write %s = %lld%s too",
				conf_places_key(conf->places, b->least_key), b->least_key, b->key,
				(long long)b->value, b->unit, b->key, (long long)b->least, b->unit);
}

static void check_bounds(const struct collector_conf *conf, struct conf_errors *errors)
{
	const struct bound bounds[] = {
		{ "backoff-max", "poll-interval", "ms", conf->backoff_max_ms, conf->poll_interval_ms },
		{ "discovery-interval", "poll-interval", "ms", conf->discovery_interval_ms,
		  conf->poll_interval_ms },
		{ "trap-burst", "trap-rate", "", conf->trap_burst, conf->trap_rate },
	};

	for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
		check_bound(conf, &bounds[i], errors);
}

int collector_conf_check(struct collector_conf *conf, struct conf_errors *errors)
{
	static const char *const TRAP_LISTEN[] = { "0.0.0.0:162", "[::]:162" };
	static const char *const HTTP_LISTEN[] = { "127.0.0.1:8080" };
	size_t before = errors->n;
	int r;

	r = default_list(&conf->trap_listen, TRAP_LISTEN, ARRAY_LEN(TRAP_LISTEN));
	if (r == 0)
		r = default_list(&conf->http_listen, HTTP_LISTEN, ARRAY_LEN(HTTP_LISTEN));
	if (r < 0)
		return r;
	check_list(conf, conf->trap_listen, "trap-listen", errors);
	check_list(conf, conf->http_listen, "http-listen", errors);
	check_bounds(conf, errors);
	return errors->n == before ? 0 : -EINVAL;
}
