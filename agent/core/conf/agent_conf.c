/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of pantau-agent.conf and of the users file, one table row each. The checks that
 * span rows are agent_conf_check.c's. No file is read here.
 */
#include "agent/core/conf/agent_conf.h"

#include <fnmatch.h>
#include <string.h>

#include "common/base/endpoint.h"
#include "common/conf/conf_terms.h"
#include "common/snmp/snmp_credential.h"
#include "common/system/log.h"

static const struct conf_name MODES[] = {
	{"standalone", AGENT_MODE_STANDALONE},
	{"agentx", AGENT_MODE_AGENTX},
	{NULL, 0},
};

static const struct conf_name ROLES[] = {
	{"other", LINK_ROLE_OTHER}, {"uplink", LINK_ROLE_UPLINK},   {"backup", LINK_ROLE_BACKUP},
	{"lan", LINK_ROLE_LAN},	    {"hotspot", LINK_ROLE_HOTSPOT}, {NULL, 0},
};

static const struct conf_name MEDIA[] = {
	{"other", LINK_MEDIUM_OTHER},	    {"fiber", LINK_MEDIUM_FIBER},
	{"wireless", LINK_MEDIUM_WIRELESS}, {"copper", LINK_MEDIUM_COPPER},
	{"cellular", LINK_MEDIUM_CELLULAR}, {NULL, 0},
};

static const struct conf_name RECEIVER_VERSIONS[] = {
	{"v3", AGENT_RECEIVER_V3},
	{"v2c", AGENT_RECEIVER_V2C},
	{NULL, 0},
};

static const char *const EVENT_NAMES[EVENT_TYPE_MAX + 1] = {
	[EVENT_AGENT_START] = "agentStart",	[EVENT_AGENT_STOP] = "agentStop",
	[EVENT_LINK_DOWN] = "linkDown",		[EVENT_LINK_UP] = "linkUp",
	[EVENT_LINK_FLAPPING] = "linkFlapping", [EVENT_LINK_SETTLED] = "linkSettled",
	[EVENT_LINK_ADDED] = "linkAdded",	[EVENT_LINK_REMOVED] = "linkRemoved",
	[EVENT_LINK_RENAMED] = "linkRenamed",	[EVENT_PATH_DOWN] = "pathDown",
	[EVENT_PATH_DEGRADED] = "pathDegraded", [EVENT_PATH_UP] = "pathUp",
	[EVENT_CLOCK_STEP] = "clockStep",	[EVENT_EVENTS_DROPPED] = "eventsDropped",
};

const char *agent_event_name(int event_type)
{
	if (event_type < 1 || event_type > EVENT_TYPE_MAX)
		return NULL;
	return EVENT_NAMES[event_type];
}

int agent_event_parse(const char *name)
{
	for (int i = 1; i <= EVENT_TYPE_MAX; i++) {
		if (!strcmp(name, EVENT_NAMES[i]))
			return i;
	}
	return 0;
}

static const char *check_event(const char *value)
{
	if (agent_event_parse(value))
		return NULL;
	return "one of linkDown, linkUp, linkFlapping, linkSettled, linkAdded, "
	       "linkRemoved, "
	       "linkRenamed, pathDown, pathDegraded, pathUp, agentStart, agentStop, "
	       "clockStep, "
	       "eventsDropped";
}

/* What the collector's inventory can hold: it finds the site of a notification by it. */
static const char *check_site_id(const char *value)
{
	size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (value[0] != '-' && n > 0 && n <= 32 && value[n] == '\0')
		return NULL;
	return "1 to 32 of a-z, 0-9 and '-', as in the collector's inventory: "
	       "opd-kominfo";
}

static const char *check_display(const char *value)
{
	return conf_is_line(value, 255) ? NULL : "one line of at most 255 octets (RFC 3418)";
}

static const char *check_alias(const char *value)
{
	return conf_is_line(value, MIB_ALIAS_SIZE - 1)
		       ? NULL
		       : "one line of at most 64 octets (ifAlias, RFC 2863)";
}

static const char *check_pattern(const char *value)
{
	return value[0] ? NULL : "a link's name or a shell pattern: \"veth*\"";
}

static const char *check_agentx_socket(const char *value)
{
	return !conf_check_socket_path(value) || conf_is_endpoint(value)
		       ? NULL
		       : "/var/agentx/master (at most 107 octets), or 127.0.0.1:705";
}

static const char *check_endpoint(const char *value)
{
	if (endpoint_is_name(value))
		return "a numeric address and port, as getent hosts NAME shows it: names are not "
		       "resolved, for the line to the name server may be cut";
	return conf_is_endpoint(value) ? NULL
				       : "a numeric address and port (1 to 65535): "
					 "192.0.2.10:162, [2001:db8::10]:162 or, with its "
					 "interface, [fe80::10%eth0]:162";
}

static const char *check_receiver_address(const char *value)
{
	struct endpoint endpoint;

	if (endpoint_parse(value, &endpoint) < 0)
		return check_endpoint(value);
	/* Nobody, or many, of whom no single one could acknowledge. */
	return endpoint_no_host(&endpoint) ? "the address of the receiver: 192.0.2.10:162 or "
					     "[2001:db8::10]:162"
					   : NULL;
}

static const struct conf_key LINK_KEYS[] = {
	CONF_ENUM(struct agent_conf_link, role, "role", LINK_ROLE_OTHER, ROLES,
		  "what the link is for"),
	CONF_ENUM(struct agent_conf_link, medium, "medium", LINK_MEDIUM_OTHER, MEDIA,
		  "what it is made of"),
	CONF_INT(struct agent_conf_link, capacity_kbps, "capacity", 0, 0, 4000000000, "kbps",
		 "contracted capacity; 0 is unknown, then the speed counts"),
	CONF_STR(struct agent_conf_link, alias, "alias", NULL,
		 "description shown as ifAlias instead of the kernel's", check_alias),
	CONF_BOOL(struct agent_conf_link, events, "events", true,
		  "whether its changes are events; it is measured in any case"),
	CONF_END,
};

static const struct conf_key RECEIVER_KEYS[] = {
	CONF_STR_REQUIRED(struct agent_conf_receiver, address, "address",
			  "numeric address and port to which informs go", check_receiver_address),
	CONF_ENUM(struct agent_conf_receiver, version, "version", AGENT_RECEIVER_V3,
		  RECEIVER_VERSIONS, "SNMP version; v2c only where the receiver can do no better"),
	CONF_STR(struct agent_conf_receiver, user, "user", NULL,
		 "v3: name of a user section in the users file", NULL),
	CONF_STR(struct agent_conf_receiver, community, "community", NULL,
		 "v2c: title of a community section in the users file", NULL),
	CONF_BOOL(struct agent_conf_receiver, standard, "standard", true,
		  "send IF-MIB's linkDown and linkUp; no where an snmpd beside sends "
		  "them too"),
	CONF_BOOL(struct agent_conf_receiver, own, "own", true, "send PANTAU-MIB's notifications"),
	CONF_STR_LIST(struct agent_conf_receiver, events, "events",
		      "only these event types; all if it is left out", check_event),
	CONF_END_PLACED(struct agent_conf_receiver, places),
};

static const char *check_path(const char *value)
{
	if (!strcmp(value, "gateway") || !strcmp(value, "gateway6"))
		return NULL;
	if (conf_is_address(value, CONF_ADDRESS_ANY) && strlen(value) < MIB_ADDRESS_SIZE)
		return NULL;
	if (endpoint_is_name(value))
		return "gateway, gateway6 or an address, as getent hosts NAME shows it: names are "
		       "not resolved, for the line to the name server may be cut";
	return "gateway, gateway6 or a numeric address: 192.0.2.10, 2001:db8::10 or, with its "
	       "interface, fe80::10%eth0";
}

static const struct conf_key PATH_KEYS[] = {
	CONF_STR(struct agent_conf_path, address, "address", NULL,
		 "gateway, gateway6 or a numeric address", check_path),
	CONF_END_PLACED(struct agent_conf_path, places),
};

const struct conf_key AGENT_CONF_KEYS[] = {
	CONF_STR_REQUIRED(struct agent_conf, site_id, "site-id",
			  "id of this site in the collector's inventory", check_site_id),
	CONF_STR(struct agent_conf, site_name, "site-name", "", "name of this site for people",
		 check_display),
	CONF_STR(struct agent_conf, contact, "contact", "", "standalone: sysContact",
		 check_display),
	CONF_STR(struct agent_conf, location, "location", "",
		 "standalone: sysLocation; the site's name if empty", check_display),
	CONF_ENUM(struct agent_conf, mode, "mode", AGENT_MODE_STANDALONE, MODES,
		  "answer SNMP alone, or as AgentX sub-agent of an snmpd"),
	CONF_STR_LIST(struct agent_conf, listen, "listen",
		      "standalone: addresses on which SNMP is answered; all on port 161 "
		      "if left out",
		      check_endpoint),
	CONF_STR(struct agent_conf, agentx_socket, "agentx-socket", "/var/agentx/master",
		 "agentx: socket of the snmpd", check_agentx_socket),
	CONF_STR(struct agent_conf, users_file, "users-file", "/etc/pantau/agent-users.conf",
		 "file of mode 0600 with SNMPv3 users and v2c communities",
		 conf_check_absolute_path),
	CONF_STR(struct agent_conf, state_dir, "state-dir", "/var/lib/pantau-agent",
		 "directory of the event log; must survive a power loss", conf_check_absolute_path),
	CONF_STR(struct agent_conf, run_dir, "run-dir", "/run/pantau-agent",
		 "directory of the history, in memory (tmpfs)", conf_check_absolute_path),
	CONF_STR(struct agent_conf, user, "user", "", "user to become after the start; empty stays",
		 NULL),
	CONF_BOOL(struct agent_conf, sandbox, "sandbox", true,
		  "only the system calls that the agent needs (seccomp)"),
	CONF_ENUM(struct agent_conf, log_level, "log-level", LOG_LEVEL_INFO, CONF_LOG_LEVELS,
		  "least important message that is logged"),
	CONF_ENUM(struct agent_conf, log_target, "log-target", LOG_TARGET_STDERR, CONF_LOG_TARGETS,
		  "where messages go"),
	CONF_INT(struct agent_conf, sample_interval_ms, "sample-interval", 1000, 100, 60000, "ms",
		 "how often counters are read"),
	CONF_INT(struct agent_conf, history_ms, "history", 86400000, 3600000, 604800000, "ms",
		 "how long minutes are kept: 138 KiB of memory per link and day"),
	CONF_INT(struct agent_conf, max_links, "max-links", 128, 1, MIB_LINKS_MAX, "",
		 "links that are watched at most"),
	CONF_INT(struct agent_conf, max_events, "max-events", 1024, 16, 65536, "",
		 "events that are kept at most"),
	CONF_STR_LIST_OR_NONE(
		struct agent_conf, exclude, "exclude",
		"shell patterns of links that are not watched: {\"veth*\", \"docker*\"}",
		check_pattern),
	CONF_SECTION(struct agent_conf, links, n_links, "link", LINK_KEYS, struct agent_conf_link,
		     "what is known of links whose name matches the title, a shell pattern"),
	CONF_INT(struct agent_conf, flap_changes, "flap-changes", 6, 2, 1000, "",
		 "linkDown and linkUp in flap-window after which a link counts as "
		 "flapping"),
	CONF_INT(struct agent_conf, flap_window_ms, "flap-window", 60000, 1000, 3600000, "ms",
		 "window for flap-changes"),
	CONF_INT(struct agent_conf, flap_settle_ms, "flap-settle", 30000, 1000, 3600000, "ms",
		 "how long a flapping link must be quiet to count as settled"),
	CONF_SECTION(struct agent_conf, paths, n_paths, "path", PATH_KEYS, struct agent_conf_path,
		     "what is probed by ICMP echo"),
	CONF_INT(struct agent_conf, path_interval_ms, "path-interval", 1000, 200, 60000, "ms",
		 "how often each path is probed"),
	CONF_INT(struct agent_conf, path_timeout_ms, "path-timeout", 1000, 10, 60000, "ms",
		 "how long an answer is waited for, at most path-interval"),
	CONF_INT(struct agent_conf, path_down_after, "path-down-after", 3, 1, 1000, "",
		 "probes lost in a row after which a path is down"),
	CONF_INT(struct agent_conf, path_up_after, "path-up-after", 3, 1, 1000, "",
		 "probes answered in a row after which it is up again"),
	CONF_INT(struct agent_conf, path_degraded_loss_permille, "path-degraded-loss", 100, 0, 1000,
		 "permille", "loss over the last 32 probes from which a path is degraded; 0 never"),
	CONF_INT(struct agent_conf, path_degraded_rtt_ms, "path-degraded-rtt", 0, 0, 60000, "ms",
		 "mean round trip from which a path is degraded; 0 never"),
	CONF_SECTION(struct agent_conf, receivers, n_receivers, "receiver", RECEIVER_KEYS,
		     struct agent_conf_receiver, "to whom informs are sent"),
	CONF_INT(struct agent_conf, inform_timeout_ms, "inform-timeout", 3200, 50, 60000, "ms",
		 "how long an acknowledgement is waited for before the inform is sent "
		 "again"),
	CONF_INT(struct agent_conf, inform_backoff_max_ms, "inform-backoff-max", 30000, 1000,
		 3600000, "ms", "longest pause between two attempts"),
	CONF_END_PLACED(struct agent_conf, places),
};

static const struct conf_key USER_KEYS[] = {
	CONF_ENUM(struct agent_user, auth, "auth", SNMP_AUTH_SHA256, CONF_AUTHS, "authentication"),
	CONF_SECRET(struct agent_user, auth_pass, "auth-passphrase", "at least 8 characters", NULL),
	CONF_ENUM(struct agent_user, priv, "priv", SNMP_PRIV_AES128, CONF_PRIVS, "encryption"),
	CONF_SECRET(struct agent_user, priv_pass, "priv-passphrase", "at least 8 characters", NULL),
	CONF_BOOL(struct agent_user, poll, "poll", true,
		  "may read this agent when it stands alone"),
	CONF_END_PLACED(struct agent_user, places),
};

static const struct conf_key COMMUNITY_KEYS[] = {
	CONF_SECRET(struct agent_community, community, "community", "the community string", NULL),
	CONF_BOOL(struct agent_community, poll, "poll", false,
		  "may read this agent by v2c when it stands alone"),
	CONF_STR_LIST(struct agent_community, sources, "sources",
		      "networks from which it may read: {\"192.0.2.0/24\"}", conf_check_network),
	CONF_END_PLACED(struct agent_community, places),
};

const struct conf_key AGENT_USERS_KEYS[] = {
	CONF_SECTION(struct agent_users, users, n_users, "user", USER_KEYS, struct agent_user,
		     "an SNMPv3 user"),
	CONF_SECTION(struct agent_users, communities, n_communities, "community", COMMUNITY_KEYS,
		     struct agent_community, "a v2c community"),
	CONF_END,
};

bool agent_users_any_poll(const struct agent_users *users)
{
	for (size_t i = 0; i < users->n_users; i++) {
		if (users->users[i].poll)
			return true;
	}
	for (size_t i = 0; i < users->n_communities; i++) {
		if (users->communities[i].poll)
			return true;
	}
	return false;
}

const struct agent_user *agent_users_find(const struct agent_users *users, const char *name)
{
	for (size_t i = 0; i < users->n_users; i++) {
		if (!strcmp(users->users[i].title, name))
			return &users->users[i];
	}
	return NULL;
}

const struct agent_community *agent_users_find_community(const struct agent_users *users,
							 const char *title)
{
	for (size_t i = 0; i < users->n_communities; i++) {
		if (!strcmp(users->communities[i].title, title))
			return &users->communities[i];
	}
	return NULL;
}

const struct agent_conf_link *agent_conf_link_for(const struct agent_conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_links; i++) {
		if (!fnmatch(conf->links[i].title, name, 0))
			return &conf->links[i];
	}
	return NULL;
}

bool agent_conf_excludes(const struct agent_conf *conf, const char *name)
{
	for (char **p = conf->exclude; p && *p; p++) {
		if (!fnmatch(*p, name, 0))
			return true;
	}
	return false;
}

bool agent_conf_receiver_wants(const struct agent_conf_receiver *receiver, int event_type)
{
	const char *name = agent_event_name(event_type);

	if (!receiver->events || !receiver->events[0])
		return name != NULL;
	for (char **p = receiver->events; name && *p; p++) {
		if (!strcmp(*p, name))
			return true;
	}
	return false;
}

struct mib_sizes agent_conf_sizes(const struct agent_conf *conf)
{
	return (struct mib_sizes){
		.max_links = (uint32_t)conf->max_links,
		.max_wifi = 16,
		.max_paths = MIB_PATHS_MAX,
		.max_events = (uint32_t)conf->max_events,
		.hist_minutes = (uint32_t)(conf->history_ms / 60000),
	};
}

const char *agent_conf_fixed_key(const struct agent_conf *old, const struct agent_conf *new)
{
	static const char *const FIXED[] = {"mode",	  "listen",  "agentx-socket",	"max-links",
					    "max-events", "history", "sample-interval", "state-dir",
					    "run-dir",	  "user",    "sandbox"};

	for (const struct conf_key *key = AGENT_CONF_KEYS; key->type != CONF_TYPE_END; key++) {
		for (size_t i = 0; i < ARRAY_LEN(FIXED); i++) {
			if (strcmp(key->name, FIXED[i]) == 0 && !conf_is_same(key, old, new))
				return key->name;
		}
	}
	return NULL;
}
