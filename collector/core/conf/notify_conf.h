/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of who is told what: channels, by which messages leave, and rules, which choose
 * channels for alerts. It holds tokens and passwords, so it has mode 0600. The structs, the
 * table of keys (common/conf/conf.h) and the checks that span them; reading the file is
 * collector/io/setup/setup.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/core/words/words.h"
#include "common/conf/conf.h"

enum {
	NOTIFY_CHANNELS_MAX = 32,
	NOTIFY_RULES_MAX = 64,
	NOTIFY_NAME_MAX = 32, /* octets of a channel's or rule's name */
};

enum channel_type {
	CHANNEL_TELEGRAM,
	CHANNEL_MAIL,
	CHANNEL_WEBHOOK,
	CHANNEL_SYSLOG,
	CHANNEL_COMMAND,
	CHANNEL_ALERTMANAGER,
	CHANNEL_TYPE_N
};
const char *channel_type_name(enum channel_type type); /* "telegram", ... */

/* Webhooks whose requests are known; what the section says goes before. */
enum channel_preset {
	PRESET_NONE,
	PRESET_NTFY,
	PRESET_GOTIFY,
	PRESET_FONNTE,
	PRESET_MATTERMOST,
};
enum channel_body { BODY_JSON, BODY_FORM, BODY_TEXT };
enum channel_transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS };
enum channel_security { SECURITY_TLS, SECURITY_STARTTLS, SECURITY_NONE }; /* of mail */

/* channel "noc" { ... } */
struct channel_conf {
	char *title;
	int type;	/* enum channel_type */
	int language;	/* enum words_lang */
	char *token;	/* of Telegram, of a preset: secret; {{token}} of a template */
	char *chat;	/* Telegram: chat's id, or @channel */
	char *target;	/* Fonnte: number or group; ntfy: topic; {{target}} */
	char *url;	/* webhook, alertmanager; Telegram: another server than api.telegram.org */
	char *method;	/* webhook */
	char **headers; /* webhook: "Name: value" */
	int body_type;	/* enum channel_body */
	char *body;	/* webhook: template; "" is the preset's or Pantau's own JSON */
	int preset;	/* enum channel_preset */
	int64_t ok_from, ok_to;	   /* webhook: HTTP status that is success */
	char *ok_field, *ok_value; /* and, if set, this member of the answer has this value */
	char *host;		   /* mail, syslog: name or address */
	int64_t port;		   /* 0: the usual one */
	int security;		   /* mail: enum channel_security */
	int transport;		   /* syslog: enum channel_transport */
	char *user, *password;	   /* mail, webhook (basic) */
	char *from, **to;	   /* mail */
	char *ca_file;		   /* PEM; "" is the system's */
	char **command;		   /* argv; the message comes on stdin */
	int64_t timeout_ms;
	int64_t least_pause_ms; /* between two messages */
	struct conf_places *places;
};

enum rule_when { WHEN_ALWAYS, WHEN_OFFICE, WHEN_OFF };

/* rule "noc" { ... }: all that is given must hold. */
struct rule_conf {
	char *title;
	int severity;		 /* enum severity: at least */
	int when;		 /* enum rule_when: as the alert begins or is told */
	int64_t off_hours_steps; /* outside office hours an alert counts so many severities less */
	char **groups, **kinds, **devices, **providers; /* any of; {} is all */
	char **alerts;					/* kinds of alerts; {} is all */
	char **channels;
	bool planned;	     /* what is in maintenance is told too */
	int64_t delay_ms;    /* what is over before is not told */
	int64_t repeat_ms;   /* while it lasts and nobody acknowledges; 0: never */
	int64_t escalate_ms; /* unacknowledged for so long: to escalate_to too; 0: never */
	char **escalate_to;
	struct conf_places *places;
};

/* heartbeat "..." { ... }: an address that misses us. */
struct heartbeat_conf {
	char *title;
	char *url, *ca_file;
	int64_t interval_ms;
	struct conf_places *places;
};

struct notify_conf {
	char *page_url;	  /* where links in messages lead; "": none */
	int64_t join_ms;  /* a storm's later alerts are listed in one message after so long */
	char *summary_at; /* "07:00"; "": none */
	char **summary_to;
	struct channel_conf *channels;
	size_t n_channels;
	struct rule_conf *rules;
	size_t n_rules;
	struct heartbeat_conf *heartbeats;
	size_t n_heartbeats;
	struct conf_places *places;
};

/* What thresholds have in common with rules. */
extern const struct conf_name CONF_SEVERITIES[], CONF_WHENS[];

extern const struct conf_key NOTIFY_CONF_KEYS[];

/* What no single key can say: one line in errors per mistake, none of which shows a secret.
 * Returns 0 or -EINVAL. */
int notify_conf_check(const struct notify_conf *conf, struct conf_errors *errors);
/* SIZE_MAX: there is none of that name. */
size_t notify_conf_channel(const struct notify_conf *conf, const char *title);
/* Minute of the day of summary_at, or -1: there is no summary. */
int notify_conf_summary_minute(const struct notify_conf *conf);
/* Overwrites every token and password, then frees. */
void notify_conf_wipe(struct notify_conf *conf);
