/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's configuration: the struct, the table of its keys (common/conf/conf.h) and the
 * checks that span keys. Reading the file is agent/io/setup/agent_conf_file.
 *
 * Two files: pantau-agent.conf (this struct), readable by anyone, and the users file it
 * names (struct agent_users), of mode 0600, which holds every secret.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/core/mib/mib_data.h"
#include "common/conf/conf.h"

enum agent_mode {
	AGENT_MODE_STANDALONE, /* answers SNMP itself */
	AGENT_MODE_AGENTX,     /* below an snmpd */
};

/* link "wlan*" { ... }: the first section whose title (a shell pattern) matches a name
 * counts. */
struct agent_conf_link {
	char *title;
	int role, medium;      /* enum link_role, link_medium */
	int64_t capacity_kbps; /* contracted; 0 unknown */
	char *alias;	       /* NULL: the kernel's ifalias */
	bool events;	       /* false: no linkDown, linkUp, ... for it; it is still measured */
};

/* path "noc" { ... }: what is probed by echo. */
struct agent_conf_path {
	char *title;
	char *address; /* "gateway", "gateway6" or a numeric address */
	struct conf_places *places;
};

enum agent_receiver_version { AGENT_RECEIVER_V2C, AGENT_RECEIVER_V3 };

enum {
	AGENT_CONF_RECEIVER_SIZE = 32, /* of a receiver's title, with the NUL */
	AGENT_CONF_RECEIVERS_MAX = 8,
};

/* receiver "noc" { ... }: to whom informs go. */
struct agent_conf_receiver {
	char *title;
	char *address;	 /* numeric, with port: "192.0.2.1:162", "[fe80::1%eth0]:162" */
	int version;	 /* enum agent_receiver_version */
	char *user;	 /* v3: of the users file */
	char *community; /* v2c: the title of a community section in the users file, not
			    the community itself */
	bool standard;	 /* linkDown and linkUp of IF-MIB */
	bool own;	 /* PANTAU-MIB's notifications */
	char **events;	 /* names of event types; NULL or empty: all */
	struct conf_places *places;
};

struct agent_conf {
	char *site_id, *site_name;
	char *contact, *location; /* sysContact, sysLocation when standalone */
	int mode;		  /* enum agent_mode */
	char **listen;
	char *agentx_socket;
	char *users_file, *state_dir, *run_dir;
	char *user; /* to drop to; "" stays */
	bool sandbox;
	int log_level;	/* enum log_level */
	int log_target; /* enum log_target */

	int64_t sample_interval_ms;
	int64_t history_ms;
	int64_t max_links, max_events;

	char **exclude;
	struct agent_conf_link *links;
	size_t n_links;

	int64_t flap_changes, flap_window_ms, flap_settle_ms;

	struct agent_conf_path *paths;
	size_t n_paths;
	int64_t path_interval_ms, path_timeout_ms;
	int64_t path_down_after, path_up_after;
	int64_t path_degraded_loss_permille, path_degraded_rtt_ms;

	struct agent_conf_receiver *receivers;
	size_t n_receivers;
	int64_t inform_timeout_ms, inform_backoff_max_ms;

	struct conf_places *places;
};

extern const struct conf_key AGENT_CONF_KEYS[];

/* The users file. */
struct agent_user {
	char *title;
	int auth, priv; /* enum snmp_auth, snmp_priv (common/snmp/snmp_credential.h) */
	char *auth_pass, *priv_pass;
	bool poll; /* may read this agent when it stands alone; others only name who
			informs are sent as */
	struct conf_places *places;
};

struct agent_community {
	char *title;
	char *community;
	bool poll;	/* may read this agent when it stands alone (v2c) */
	char **sources; /* networks from which it may: "192.0.2.0/24"; NULL: any */
	struct conf_places *places;
};

struct agent_users {
	struct agent_user *users;
	size_t n_users;
	struct agent_community *communities;
	size_t n_communities;
};

extern const struct conf_key AGENT_USERS_KEYS[];

/*
 * What no single key can say: receivers name users and communities that exist, no title
 * twice, events are known names. One line in errors each. Returns 0 or -EINVAL.
 */
int agent_conf_check(const struct agent_conf *conf, const struct agent_users *users,
		     struct conf_errors *errors);

/*
 * names: the links that there are, n of them. A line in warnings for each link section whose title
 * is no pattern and none of them: nothing is wrong with that where one comes and goes.
 */
void agent_conf_check_links(const struct agent_conf *conf, const char *const *names, size_t n,
			    struct conf_errors *warnings);

/* The first key that differs though it is fixed for the life of the process, or NULL. */
const char *agent_conf_fixed_key(const struct agent_conf *old, const struct agent_conf *new);

const struct agent_user *agent_users_find(const struct agent_users *users, const char *name);
const struct agent_community *agent_users_find_community(const struct agent_users *users,
							 const char *title);

/* Whether anybody may read an agent that stands alone. */
bool agent_users_any_poll(const struct agent_users *users);

/* The section for a link of this name, or NULL; whether exclude has it. */
const struct agent_conf_link *agent_conf_link_for(const struct agent_conf *conf, const char *name);
bool agent_conf_excludes(const struct agent_conf *conf, const char *name);

/* Whether this receiver wants Pantau's notification of this type (enum event_type). */
bool agent_conf_receiver_wants(const struct agent_conf_receiver *receiver, int event_type);

/* "linkDown" and the like, as in PANTAU-MIB; NULL for a number that is none. */
const char *agent_event_name(int event_type);
/* The type of that name or 0. */
int agent_event_parse(const char *name);

/* Sizes of the shared tables that this configuration asks for. */
struct mib_sizes agent_conf_sizes(const struct agent_conf *conf);
