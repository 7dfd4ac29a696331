/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of pantau-collector.conf, one table row each, and the checks that span rows. No
 * file is read here.
 */
#include "collector/core/conf/collector_conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/calendar/office_hours.h"
#include "collector/core/page/http_hosts.h"
#include "collector/core/series/rrd_rra.h"
#include "common/base/cleanup.h"
#include "common/base/endpoint.h"
#include "common/conf/conf_terms.h"
#include "common/system/log.h"

enum { TIMEOUT_LEAST_MS = 10, PING_LEAST_MS = 1000 };

static const struct conf_name LANGUAGES[] = {
	{"id", WORDS_ID},
	{"en", WORDS_EN},
	{NULL, 0},
};

/* Like /usr/share/zoneinfo's names; it becomes the TZ of the graph workers. */
static const char *check_timezone(const char *value)
{
	size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_+-/");

	if (n > 0 && value[n] == '\0' && value[0] != '/' && value[n - 1] != '/')
		return NULL;
	return "a zone like Asia/Jakarta or UTC";
}

static const char *check_office_hours(const char *value)
{
	struct office_hours hours;

	return office_hours_parse(value, &hours) ? "hours like Mon-Thu 07:00-15:30, Fri "
						   "07:00-14:30 (or Sen-Kam, Jum; four spans a "
						   "day at most), or \"\" for always"
						 : NULL;
}

static const char *check_trap_listen(const char *value)
{
	return conf_is_endpoint(value) ? NULL
				       : "a numeric address and port: 0.0.0.0:162, [::]:162 or, "
					 "with its interface, [fe80::1%eth0]:162";
}

static const char *check_forwarder(const char *value)
{
	struct endpoint endpoint;

	return endpoint_parse_address(value, 162, &endpoint) == 0 && !endpoint_no_host(&endpoint)
		       ? NULL
		       : "a numeric address without port: 192.0.2.201, 2001:db8::201";
}

static const char *check_http_listen(const char *value)
{
	uint16_t fd;

	if (conf_is_endpoint(value))
		return NULL;
	if (strncmp(value, "unix:", 5) == 0 && !conf_check_socket_path(value + 5))
		return NULL;
	/* 0 to 2 are stdin, stdout and stderr. */
	if (strncmp(value, "fd:", 3) == 0 && endpoint_parse_port(value + 3, &fd) == 0 && fd >= 3 &&
	    fd < 1024)
		return NULL;
	return "127.0.0.1:8080, [::1]:8080, unix:/run/pantau/page.sock (at most 107 "
	       "octets of path) or fd:3";
}

static const char *check_http_host(const char *value)
{
	return http_hosts_is_name(value) ? NULL
					 : "a name without port, such as pantau.example.go.id";
}

static const char *check_run_dir(const char *value)
{
	if (!conf_check_absolute_path(value) &&
	    strlen(value) + strlen(COLLECTOR_CONTROL_SOCKET) <= CONF_SOCKET_PATH_MAX)
		return NULL;
	return "an absolute path of at most 92 octets, for a socket's path holds no more "
	       "(unix(7))";
}

static const char *check_source_v4(const char *value)
{
	return value[0] == '\0' || conf_is_address(value, CONF_ADDRESS_V4)
		       ? NULL
		       : "a numeric IPv4 address of this machine, or \"\"";
}

static const char *check_source_v6(const char *value)
{
	return value[0] == '\0' || conf_is_address(value, CONF_ADDRESS_V6)
		       ? NULL
		       : "a numeric IPv6 address of this machine, or \"\"";
}

/* librrd takes what it does not understand for a host's name, and waits for a resolver. */
static const char *check_rrdcached(const char *value)
{
	const char *path = strncmp(value, "unix:", 5) == 0 ? value + 5 : value;

	if (value[0] == '\0' || conf_is_endpoint(value) || !conf_check_socket_path(path))
		return NULL;
	return "unix:/run/rrdcached.sock, 127.0.0.1:42217, [::1]:42217, or \"\" for none";
}

#define INT(field, name, def, lo, hi, unit, help)                                                  \
	CONF_INT(struct collector_conf, field, name, def, lo, hi, unit, help)
#define STR(field, name, def, help, check)                                                         \
	CONF_STR(struct collector_conf, field, name, def, help, check)
#define LIST(field, name, help, check)                                                             \
	CONF_STR_LIST(struct collector_conf, field, name, help, check)

#define MINUTE INT64_C(60000)
#define DAY    INT64_C(86400000)

const struct conf_key COLLECTOR_CONF_KEYS[] = {
	STR(place, "place", "Kota Mojokerto", "name of the city or network, the page's heading",
	    conf_check_name),
	CONF_ENUM(struct collector_conf, language, "language", WORDS_ID, LANGUAGES,
		  "language in which the page starts"),
	STR(timezone, "timezone", "Asia/Jakarta", "zone of the times on page and graphs",
	    check_timezone),
	STR(office_hours, "office-hours", "Mon-Thu 07:00-15:30, Fri 07:00-14:30",
	    "when people work: outages outside of it matter less; empty: always",
	    check_office_hours),
	STR(holidays, "holidays", "",
	    "file of the days on which nobody works, a line each: 2026-01-01 Tahun Baru",
	    conf_check_path_or_none),

	STR(inventory, "inventory", "/etc/pantau/inventory.csv", "what is watched, as CSV",
	    conf_check_absolute_path),
	STR(credentials, "credentials", "/etc/pantau/credentials.conf",
	    "file of mode 0600 with SNMPv3 users and communities", conf_check_absolute_path),
	STR(notify, "notify", "", "file of mode 0600 that says who is told what; empty: nobody",
	    conf_check_path_or_none),
	STR(profiles_dir, "profiles-dir", PANTAU_PROFILES_DIR, "directory of the device profiles",
	    conf_check_absolute_path),
	STR(state_dir, "state-dir", "/var/lib/pantau", "events, notifications and device states",
	    conf_check_absolute_path),
	STR(rrd_dir, "rrd-dir", "/var/lib/pantau/rrd", "RRD files, one directory per device",
	    conf_check_absolute_path),
	STR(run_dir, "run-dir", "/run/pantau", "the control socket collector.sock", check_run_dir),
	STR(web_dir, "web-dir", PANTAU_WEB_DIR, "files of the NOC page", conf_check_absolute_path),

	STR(user, "user", "pantau", "user to become after the start as root; empty stays", NULL),
	STR(group, "group", "", "group to become; empty is the user's own", NULL),
	CONF_BOOL(struct collector_conf, sandbox, "sandbox", true,
		  "only the system calls that the collector needs (seccomp)"),
	CONF_ENUM(struct collector_conf, log_level, "log-level", LOG_LEVEL_INFO, CONF_LOG_LEVELS,
		  "least important message that is logged"),
	CONF_ENUM(struct collector_conf, log_target, "log-target", LOG_TARGET_STDERR,
		  CONF_LOG_TARGETS, "where messages go"),

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
	STR(source_v4, "source-v4", "",
	    "own IPv4 address for requests; empty lets the kernel choose", check_source_v4),
	STR(source_v6, "source-v6", "",
	    "own IPv6 address for requests; empty lets the kernel choose", check_source_v6),

	INT(ping_interval_ms, "ping-interval", 12000, 0, 60 * MINUTE, "ms",
	    "time between two pings of a device; one in doubt is pinged every second; 0: none"),

	INT(down_after, "down-after", 2, 1, 20, "",
	    "polls missed in a row that make a device down"),
	INT(parent_hold_ms, "parent-hold", 10000, 0, 10 * MINUTE, "ms",
	    "how long the verdict on a silent device waits for that on its parent"),

	LIST(trap_listen, "trap-listen",
	     "where notifications are received; default {\"0.0.0.0:162\", \"[::]:162\"}",
	     check_trap_listen),
	LIST(trap_forwarders, "trap-forwarders",
	     "senders that pass on the notifications of others; default none", check_forwarder),
	INT(trap_rate, "trap-rate", 50, 1, 100000, "",
	    "notifications per second and source, in the long run"),
	INT(trap_burst, "trap-burst", 500, 1, 1000000, "",
	    "notifications of one source taken at once"),
	INT(trap_total_rate, "trap-total-rate", 500, 1, 1000000, "",
	    "notifications per second of all unknown senders together, and as many of all "
	    "devices without SNMPv3"),
	INT(trap_total_burst, "trap-total-burst", 2000, 1, 10000000, "", "of these, taken at once"),
	INT(trap_receive_buffer, "trap-receive-buffer", 4 << 20, 65536, 256 << 20, "octets",
	    "kernel's buffer of each notification socket"),

	LIST(http_listen, "http-listen",
	     "where the page is served; default {\"127.0.0.1:8080\"}; the control socket "
	     "comes on top",
	     check_http_listen),
	LIST(http_hosts, "http-hosts",
	     "names by which browsers ask for the page, beside addresses, localhost and this "
	     "machine's own name",
	     check_http_host),
	STR(reload_token_file, "reload-token-file", "",
	    "file of mode 0600 with the token for POST /api/v1/reload; empty: control "
	    "socket only",
	    conf_check_path_or_none),
	INT(graph_workers, "graph-workers", 2, 1, 16, "", "processes that draw graphs"),
	INT(graph_cache, "graph-cache", 16 << 20, 0, 1 << 30, "octets",
	    "memory for graphs that are given again while they say what there is to say; "
	    "0: none"),
	STR(rrdcached, "rrdcached", "", "address of an rrdcached; empty writes the files here",
	    check_rrdcached),
	INT(rrd_write_interval_ms, "rrd-write-interval", 5 * MINUTE, 0, 60 * MINUTE, "ms",
	    "how long samples wait for their file, so that it is written with many at once; a "
	    "journal has them meanwhile; 0: each at once"),
	LIST(rra, "rra",
	     "archives of new RRD files; the default keeps 1 min for 7 days up to 1 day "
	     "for 10 years",
	     rrd_rra_check),

	INT(keep_events_ms, "keep-events", 800 * DAY, DAY, 4000 * DAY, "ms",
	    "how long events and outages are kept"),
	INT(keep_notifications_ms, "keep-notifications", 90 * DAY, DAY, 4000 * DAY, "ms",
	    "how long received notifications are kept"),
	INT(max_events, "max-events", 1000000, 1000, 100000000, "",
	    "events kept at most, the oldest go first"),
	INT(max_notifications, "max-notifications", 1000000, 1000, 100000000, "",
	    "notifications kept at most, the oldest go first"),
	CONF_SECTION(struct collector_conf, thresholds, n_thresholds, "threshold",
		     THRESHOLD_CONF_KEYS, struct threshold_conf,
		     "a limit on a stored value, beyond which there is an alert"),
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
						conf_places_value(conf->places, key, j), key,
						list[j]);
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
		conf_errors_add(errors,
				"%s: %s: is above %s, which is %lld%s by default; write "
				"%s = %lld%s too",
				conf_places_key(conf->places, b->least_key), b->least_key, b->key,
				(long long)b->value, b->unit, b->key, (long long)b->least, b->unit);
}

/* A second listener on it would find it taken. */
static void check_control_socket(const struct collector_conf *conf, struct conf_errors *errors)
{
	size_t len = strlen(conf->run_dir);

	for (size_t i = 0; conf->http_listen[i]; i++) {
		const char *value = conf->http_listen[i];

		if (strncmp(value, "unix:", 5) == 0 &&
		    strncmp(value + 5, conf->run_dir, len) == 0 &&
		    strcmp(value + 5 + len, COLLECTOR_CONTROL_SOCKET) == 0)
			conf_errors_add(errors,
					"%s: http-listen: \"%s\" is the control socket, "
					"which comes on top; "
					"leave it out",
					conf_places_value(conf->places, "http-listen", i), value);
	}
}

static void check_times(const struct collector_conf *conf, struct conf_errors *errors)
{
	if (conf->poll_interval_ms % 1000 != 0)
		conf_errors_add(errors,
				"%s: poll-interval: %lldms is the step of RRD files too; "
				"write whole seconds",
				conf_places_key(conf->places, "poll-interval"),
				(long long)conf->poll_interval_ms);
	if (conf->request_timeout_ms > 0 && conf->request_timeout_ms < TIMEOUT_LEAST_MS)
		conf_errors_add(errors,
				"%s: request-timeout: is below %dms; write 0 to follow "
				"the round trip, or at "
				"least %dms",
				conf_places_key(conf->places, "request-timeout"), TIMEOUT_LEAST_MS,
				TIMEOUT_LEAST_MS);
	if (conf->request_timeout_ms > conf->poll_interval_ms)
		conf_errors_add(errors,
				"%s: request-timeout: is above poll-interval; write at "
				"most %lldms",
				conf_places_key(conf->places, "request-timeout"),
				(long long)conf->poll_interval_ms);
}

static void check_pings(const struct collector_conf *conf, struct conf_errors *errors)
{
	if (conf->ping_interval_ms == 0 || conf->ping_interval_ms >= PING_LEAST_MS)
		return;
	conf_errors_add(errors,
			"%s: ping-interval: is below %dms; write 0 for no pings, or at least "
			"%dms",
			conf_places_key(conf->places, "ping-interval"), PING_LEAST_MS,
			PING_LEAST_MS);
}

static bool has_row_before(char *const *list, size_t i, const struct rrd_rra *rra)
{
	struct rrd_rra other;

	while (i-- > 0) {
		if (rrd_rra_parse(list[i], &other) == 0 && strcmp(other.cf, rra->cf) == 0 &&
		    other.row_s == rra->row_s)
			return true;
	}
	return false;
}

static void check_rras(const struct collector_conf *conf, struct conf_errors *errors)
{
	size_t n = list_len(conf->rra);
	bool average = n == 0;
	struct rrd_rra rra;

	if (n > RRD_RRA_MAX)
		conf_errors_add(errors, "%s: rra: %zu archives; write at most %d",
				conf_places_value(conf->places, "rra", RRD_RRA_MAX), n,
				RRD_RRA_MAX);
	for (size_t i = 0; i < n && rrd_rra_parse(conf->rra[i], &rra) == 0; i++) {
		const char *place = conf_places_value(conf->places, "rra", i);

		if (has_row_before(conf->rra, i, &rra))
			conf_errors_add(errors,
					"%s: rra: \"%s\" has the rows of one before it; keep one "
					"of the two",
					place, conf->rra[i]);
		if (rra.keep_s * 1000 < conf->poll_interval_ms)
			conf_errors_add(
				errors,
				"%s: rra: \"%s\" keeps less than a poll-interval; keep it longer",
				place, conf->rra[i]);
		average |= strcmp(rra.cf, "AVERAGE") == 0;
	}
	if (!average)
		conf_errors_add(errors,
				"%s: rra: none is AVERAGE, which graphs are drawn from; "
				"add one such as "
				"\"AVERAGE:0.5:5m:100d\"",
				conf_places_key(conf->places, "rra"));
}

int collector_conf_check(struct collector_conf *conf, struct conf_errors *errors)
{
	static const char *const TRAP_LISTEN[] = {"0.0.0.0:162", "[::]:162"};
	static const char *const HTTP_LISTEN[] = {"127.0.0.1:8080"};
	size_t before = errors->n;
	int r;
	const struct bound bounds[] = {
		{"backoff-max", "poll-interval", "ms", conf->backoff_max_ms,
		 conf->poll_interval_ms},
		{"discovery-interval", "poll-interval", "ms", conf->discovery_interval_ms,
		 conf->poll_interval_ms},
		{"trap-burst", "trap-rate", "", conf->trap_burst, conf->trap_rate},
		{"trap-total-burst", "trap-total-rate", "", conf->trap_total_burst,
		 conf->trap_total_rate},
	};

	r = default_list(&conf->trap_listen, TRAP_LISTEN, ARRAY_LEN(TRAP_LISTEN));
	if (r == 0)
		r = default_list(&conf->http_listen, HTTP_LISTEN, ARRAY_LEN(HTTP_LISTEN));
	if (r < 0)
		return r;
	check_list(conf, conf->trap_listen, "trap-listen", errors);
	check_list(conf, conf->trap_forwarders, "trap-forwarders", errors);
	check_list(conf, conf->http_listen, "http-listen", errors);
	check_control_socket(conf, errors);
	for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
		check_bound(conf, &bounds[i], errors);
	check_times(conf, errors);
	check_pings(conf, errors);
	check_rras(conf, errors);
	threshold_conf_check(conf->thresholds, conf->n_thresholds, errors);
	if (conf->group[0] != '\0' && conf->user[0] == '\0')
		conf_errors_add(errors,
				"%s: group: counts only together with user; name a user "
				"too, or leave it out",
				conf_places_key(conf->places, "group"));
	return errors->n == before ? 0 : -EINVAL;
}

/* What is taken over by a reload; everything else is read only once. */
static bool is_live(const char *name)
{
	static const char *const LIVE[] = {"inventory",	  "credentials",     "profiles-dir",
					   "trap-listen", "trap-forwarders", "trap-rate",
					   "trap-burst",  "trap-total-rate", "trap-total-burst",
					   "down-after",  "parent-hold",     "log-level"};

	for (size_t i = 0; i < ARRAY_LEN(LIVE); i++) {
		if (strcmp(LIVE[i], name) == 0)
			return true;
	}
	return false;
}

void collector_conf_restart_keys(const struct collector_conf *a, const struct collector_conf *b,
				 void (*fn)(void *data, const char *key), void *data)
{
	for (const struct conf_key *key = COLLECTOR_CONF_KEYS; key->type != CONF_TYPE_END; key++) {
		if (!is_live(key->name) && !conf_is_same(key, a, b))
			fn(data, key->name);
	}
}
