/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the notification file, one table row each, and the checks that span rows. No
 * file is read here.
 */
#include "collector/core/conf/notify_conf.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/core/device/inventory.h"
#include "collector/core/device/severity.h"
#include "common/base/cleanup.h"
#include "common/conf/conf_terms.h"

enum { URL_MAX = 500, BODY_MAX = 4000, HEADER_MAX = 500 };

static const struct conf_name TYPES[] = {
	{"telegram", CHANNEL_TELEGRAM},
	{"mail", CHANNEL_MAIL},
	{"webhook", CHANNEL_WEBHOOK},
	{"syslog", CHANNEL_SYSLOG},
	{"command", CHANNEL_COMMAND},
	{"alertmanager", CHANNEL_ALERTMANAGER},
	{NULL, 0},
};
static const struct conf_name LANGUAGES[] = {{"id", WORDS_ID}, {"en", WORDS_EN}, {NULL, 0}};
static const struct conf_name PRESETS[] = {
	{"none", PRESET_NONE},
	{"ntfy", PRESET_NTFY},
	{"gotify", PRESET_GOTIFY},
	{"fonnte", PRESET_FONNTE},
	{"mattermost", PRESET_MATTERMOST},
	{NULL, 0},
};
static const struct conf_name BODIES[] = {
	{"json", BODY_JSON}, {"form", BODY_FORM}, {"text", BODY_TEXT}, {NULL, 0}};
static const struct conf_name TRANSPORTS[] = {
	{"udp", TRANSPORT_UDP}, {"tcp", TRANSPORT_TCP}, {"tls", TRANSPORT_TLS}, {NULL, 0}};
static const struct conf_name SECURITIES[] = {
	{"tls", SECURITY_TLS}, {"starttls", SECURITY_STARTTLS}, {"none", SECURITY_NONE}, {NULL, 0}};
const struct conf_name CONF_SEVERITIES[] = {
	{"info", SEVERITY_INFO},
	{"warning", SEVERITY_WARNING},
	{"major", SEVERITY_MAJOR},
	{"critical", SEVERITY_CRITICAL},
	{NULL, 0},
};
const struct conf_name CONF_WHENS[] = {
	{"always", WHEN_ALWAYS}, {"office", WHEN_OFFICE}, {"off-hours", WHEN_OFF}, {NULL, 0}};

const char *channel_type_name(enum channel_type type)
{
	assert((unsigned int)type < CHANNEL_TYPE_N);
	return TYPES[type].name;
}

static const char *check_url(const char *value)
{
	if (value[0] == '\0')
		return NULL;
	if (conf_is_line(value, URL_MAX) && !strpbrk(value, " \"<>") &&
	    (strncmp(value, "https://", 8) == 0 || strncmp(value, "http://", 7) == 0) &&
	    strchr("/:", value[strcspn(value, ":") + 3]) == NULL)
		return NULL;
	return "an address like https://gateway.example.go.id/send";
}

static const char *check_method(const char *value)
{
	static const char *const METHODS[] = {"POST", "PUT", "GET", "PATCH"};

	for (size_t i = 0; i < ARRAY_LEN(METHODS); i++) {
		if (strcmp(METHODS[i], value) == 0)
			return NULL;
	}
	return "POST, PUT, PATCH or GET";
}

/* RFC 9110 5.6.2: a token, then a colon. */
static const char *check_header(const char *value)
{
	const size_t n = strspn(value, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	if (n > 0 && value[n] == ':' && conf_is_line(value, HEADER_MAX))
		return NULL;
	return "a header like Authorization: {{token}}";
}

static const char *check_body(const char *value)
{
	return strlen(value) <= BODY_MAX ? NULL : "at most 4000 octets";
}

static const char *check_host(const char *value)
{
	const size_t n = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789.-:%_");

	return value[n] == '\0' && n <= 253 ? NULL : "a name or an address, without a port";
}

static const char *check_mailbox(const char *value)
{
	const char *at = strrchr(value, '@');

	if (value[0] == '\0' || (at && at > value && at[1] != '\0' && conf_is_line(value, 254) &&
				 !strpbrk(value, " <>,;\"()")))
		return NULL;
	return "a mail address like noc@example.go.id";
}

static const char *check_time_of_day(const char *value)
{
	unsigned int hour, minute;
	int n = 0;

	if (value[0] == '\0' || (strspn(value, "0123456789:") == 5 &&
				 sscanf(value, "%2u:%2u%n", &hour, &minute, &n) == 2 && n == 5 &&
				 hour < 24 && minute < 60))
		return NULL;
	return "a time like 07:00, or \"\" for none";
}

static const char *check_program(const char *value)
{
	return conf_is_line(value, 1000) ? NULL : "one line; the program by its absolute path";
}

#define STR(S, f, n, d, h, check)  CONF_STR(struct S, f, n, d, h, check)
#define LIST(S, f, n, h, check)	   CONF_STR_LIST_OR_NONE(struct S, f, n, h, check)
#define MS(S, f, n, d, lo, hi, h)  CONF_INT(struct S, f, n, d, lo, hi, "ms", h)
#define ENUM(S, f, n, d, names, h) CONF_ENUM(struct S, f, n, d, names, h)

#define SECOND INT64_C(1000)
#define HOUR   INT64_C(3600000)

static const struct conf_key CHANNEL_KEYS[] = {
	ENUM(channel_conf, type, "type", CHANNEL_TYPE_N, TYPES, "how messages leave"),
	ENUM(channel_conf, language, "language", WORDS_ID, LANGUAGES, "language of its messages"),
	CONF_SECRET(struct channel_conf, token, "token",
		    "telegram: the bot's; ntfy, gotify, fonnte: the application's", NULL),
	STR(channel_conf, chat, "chat", "", "telegram: the chat's number, or @name",
	    conf_check_line),
	STR(channel_conf, target, "target", "", "fonnte: number or group; ntfy: topic",
	    conf_check_line),
	STR(channel_conf, url, "url", "", "webhook, alertmanager: where to", check_url),
	STR(channel_conf, method, "method", "POST", "webhook: of the request", check_method),
	LIST(channel_conf, headers, "headers", "webhook: further ones", check_header),
	ENUM(channel_conf, body_type, "body-type", BODY_JSON, BODIES,
	     "webhook: how {{words}} of the body are escaped, and its Content-Type"),
	STR(channel_conf, body, "body", "",
	    "webhook: with {{words}}; empty: the preset's, or all "
	    "that is known as JSON",
	    check_body),
	ENUM(channel_conf, preset, "preset", PRESET_NONE, PRESETS, "webhook: a known receiver"),
	CONF_INT(struct channel_conf, ok_from, "ok-from", 200, 100, 599, "",
		 "webhook: lowest HTTP status that is success"),
	CONF_INT(struct channel_conf, ok_to, "ok-to", 299, 100, 599, "",
		 "webhook: highest HTTP status that is success"),
	STR(channel_conf, ok_field, "ok-field", "",
	    "webhook: a member of the JSON answer that has to have the value ok-value",
	    conf_check_line),
	STR(channel_conf, ok_value, "ok-value", "true", "webhook: see ok-field", conf_check_line),
	STR(channel_conf, host, "host", "", "mail, syslog: the server", check_host),
	CONF_INT(struct channel_conf, port, "port", 0, 0, 65535, "",
		 "mail, syslog: 0 is 465 or 25, 514 or 6514"),
	ENUM(channel_conf, security, "security", SECURITY_TLS, SECURITIES,
	     "mail: TLS from the start, by STARTTLS (which must be offered), or none"),
	ENUM(channel_conf, transport, "transport", TRANSPORT_UDP, TRANSPORTS, "syslog"),
	STR(channel_conf, user, "user", "", "mail, webhook: to log in", conf_check_line),
	CONF_SECRET(struct channel_conf, password, "password", "mail, webhook: to log in", NULL),
	STR(channel_conf, from, "from", "", "mail: sender", check_mailbox),
	LIST(channel_conf, to, "to", "mail: receivers", check_mailbox),
	STR(channel_conf, ca_file, "ca-file", "",
	    "certificates that are trusted, as PEM; empty: the system's", conf_check_path_or_none),
	LIST(channel_conf, command, "command",
	     "command: the program and its arguments; the message comes as its input",
	     check_program),
	MS(channel_conf, timeout_ms, "timeout", 15 * SECOND, SECOND, 120 * SECOND,
	   "how long one try may take"),
	MS(channel_conf, least_pause_ms, "pause", 0, 0, HOUR, "least time between two messages"),
	CONF_END_PLACED(struct channel_conf, places),
};

static const struct conf_key RULE_KEYS[] = {
	ENUM(rule_conf, severity, "severity", SEVERITY_WARNING, CONF_SEVERITIES, "at least"),
	ENUM(rule_conf, when, "when", WHEN_ALWAYS, CONF_WHENS,
	     "in office hours, outside, or always"),
	CONF_INT(struct rule_conf, off_hours_steps, "off-hours-steps", 0, 0, 3, "",
		 "outside office hours an alert counts so many severities less; what is critical "
		 "stays so"),
	LIST(rule_conf, groups, "groups", "the inventory's group; {} is all", conf_check_line),
	LIST(rule_conf, kinds, "kinds", "core, opd, hotspot; {} is all", inventory_kind_problem),
	LIST(rule_conf, devices, "devices", "ids; {} is all", conf_check_line),
	LIST(rule_conf, providers, "providers", "the inventory's provider; {} is all",
	     conf_check_line),
	LIST(rule_conf, alerts, "alerts",
	     "kinds of alerts as pantauctl alerts shows them; {} is all", conf_check_line),
	LIST(rule_conf, channels, "channels", "who is told", conf_check_line),
	CONF_BOOL(struct rule_conf, planned, "planned", false, "also what is in maintenance"),
	MS(rule_conf, delay_ms, "delay", 0, 0, 24 * HOUR, "what is over before is not told"),
	MS(rule_conf, repeat_ms, "repeat", 0, 0, 168 * HOUR,
	   "again while it lasts and nobody acknowledges; 0: never"),
	MS(rule_conf, escalate_ms, "escalate-after", 0, 0, 168 * HOUR,
	   "unacknowledged for so long: to escalate-to too; 0: never"),
	LIST(rule_conf, escalate_to, "escalate-to", "channels", conf_check_line),
	CONF_END_PLACED(struct rule_conf, places),
};

static const struct conf_key HEARTBEAT_KEYS[] = {
	STR(heartbeat_conf, url, "url", "", "is asked by GET", check_url),
	STR(heartbeat_conf, ca_file, "ca-file", "", "as of a channel", conf_check_path_or_none),
	MS(heartbeat_conf, interval_ms, "interval", 60 * SECOND, 10 * SECOND, 24 * HOUR,
	   "how often"),
	CONF_END_PLACED(struct heartbeat_conf, places),
};

const struct conf_key NOTIFY_CONF_KEYS[] = {
	STR(notify_conf, page_url, "page-url", "", "where links in messages lead; empty: no links",
	    check_url),
	MS(notify_conf, join_ms, "join", 10 * SECOND, 0, 600 * SECOND,
	   "a storm: the first is told at once, those of this time after it in one message"),
	STR(notify_conf, summary_at, "summary-at", "", "daily summary; empty: none",
	    check_time_of_day),
	LIST(notify_conf, summary_to, "summary-to", "channels of the summary", conf_check_line),
	CONF_SECTION(struct notify_conf, channels, n_channels, "channel", CHANNEL_KEYS,
		     struct channel_conf, "a way by which messages leave"),
	CONF_SECTION(struct notify_conf, rules, n_rules, "rule", RULE_KEYS, struct rule_conf,
		     "which alerts go where"),
	CONF_SECTION(struct notify_conf, heartbeats, n_heartbeats, "heartbeat", HEARTBEAT_KEYS,
		     struct heartbeat_conf, "an address that misses us when we are gone"),
	CONF_END_PLACED(struct notify_conf, places),
};

size_t notify_conf_channel(const struct notify_conf *conf, const char *title)
{
	for (size_t i = 0; i < conf->n_channels; i++) {
		if (strcmp(conf->channels[i].title, title) == 0)
			return i;
	}
	return SIZE_MAX;
}

int notify_conf_summary_minute(const struct notify_conf *conf)
{
	unsigned int hour, minute;

	if (sscanf(conf->summary_at, "%2u:%2u", &hour, &minute) != 2)
		return -1;
	return (int)(hour * 60 + minute);
}

/* A section at hand. */
struct section {
	const char *word, *title;
	const struct conf_places *places;
	struct conf_errors *errors;
};

static void complain(const struct section *section, const char *key, const char *text)
{
	conf_errors_add(section->errors, "%s: %s \"%s\": %s: %s",
			conf_places_key(section->places, key), section->word, section->title, key,
			text);
}

static void need(const struct section *section, const char *key, const char *value,
		 const char *text)
{
	if (!value || value[0] == '\0')
		complain(section, key, text);
}

static void check_title(const struct section *section)
{
	const size_t n = strspn(section->title, "abcdefghijklmnopqrstuvwxyz0123456789-_");

	if (n == 0 || n > NOTIFY_NAME_MAX || section->title[n] != '\0')
		conf_errors_add(section->errors,
				"%s: %s \"%.40s\": is not a name; write 1 to 32 of a-z, 0-9, '-' "
				"and '_'",
				conf_places_end(section->places), section->word, section->title);
}

/* What each kind of channel cannot do without. */
static void check_webhook(const struct section *section, const struct channel_conf *c)
{
	if (c->preset != PRESET_FONNTE)
		need(section, "url", c->url, "is missing; write where the message is sent to");
	if (c->preset == PRESET_FONNTE || c->preset == PRESET_NTFY)
		need(section, "target", c->target,
		     "is missing; write the number, group or topic that receives");
	if (c->preset == PRESET_FONNTE || c->preset == PRESET_GOTIFY)
		need(section, "token", c->token, "is missing; write the token of the account");
	if (c->ok_from > c->ok_to)
		complain(section, "ok-from", "is above ok-to; exchange the two");
}

static void check_mail(const struct section *section, const struct channel_conf *c)
{
	need(section, "host", c->host, "is missing; write the name of the mail server");
	need(section, "from", c->from, "is missing; write the sender, e.g. pantau@example.go.id");
	if (!c->to[0])
		complain(section, "to", "is missing; write e.g. {\"noc@example.go.id\"}");
	if (c->security == SECURITY_NONE && c->password)
		complain(section, "password",
			 "would travel in clear text; write security = starttls or tls");
	if ((c->user[0] != '\0') != (c->password != NULL))
		complain(section, c->user[0] ? "password" : "user",
			 "is missing; write both, or neither");
}

static void check_channel(const struct section *section, const struct channel_conf *c)
{
	switch ((enum channel_type)c->type) {
	case CHANNEL_TELEGRAM:
		need(section, "token", c->token, "is missing; write the bot's token");
		need(section, "chat", c->chat, "is missing; write the chat's number");
		break;
	case CHANNEL_MAIL:
		check_mail(section, c);
		break;
	case CHANNEL_WEBHOOK:
		check_webhook(section, c);
		break;
	case CHANNEL_SYSLOG:
		need(section, "host", c->host, "is missing; write the server's name or address");
		break;
	case CHANNEL_COMMAND:
		if (!c->command[0] || c->command[0][0] != '/')
			complain(section, "command",
				 "has no program by its absolute path; write e.g. "
				 "{\"/usr/local/bin/tell\", \"noc\"}");
		break;
	case CHANNEL_ALERTMANAGER:
		need(section, "url", c->url, "is missing; write e.g. http://127.0.0.1:9093");
		break;
	case CHANNEL_TYPE_N:
	default:
		complain(section, "type",
			 "is missing; write telegram, mail, webhook, syslog, command or "
			 "alertmanager");
	}
	if (c->token && strstr(c->token, "CHANGE ME"))
		complain(section, "token", "is the example's; write your own");
	if (c->password && strstr(c->password, "CHANGE ME"))
		complain(section, "password", "is the example's; write your own");
}

static void check_names(const struct notify_conf *conf, const struct section *section,
			const char *key, char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (notify_conf_channel(conf, names[i]) != SIZE_MAX)
			continue;
		if (section->title[0])
			conf_errors_add(section->errors,
					"%s: %s \"%s\": %s: \"%.64s\" is no channel; write the "
					"name of a section channel",
					conf_places_value(section->places, key, i), section->word,
					section->title, key, names[i]);
		else
			conf_errors_add(section->errors,
					"%s: %s: \"%.64s\" is no channel; write the name of a "
					"section channel",
					conf_places_value(section->places, key, i), key, names[i]);
	}
}

static void check_rule(const struct notify_conf *conf, const struct section *section,
		       const struct rule_conf *rule)
{
	check_names(conf, section, "channels", rule->channels);
	check_names(conf, section, "escalate-to", rule->escalate_to);
	if (!rule->channels[0])
		complain(section, "channels", "is missing; write who is told, e.g. {\"noc\"}");
	if (rule->escalate_ms > 0 && !rule->escalate_to[0])
		complain(section, "escalate-to", "is missing; write who is told then");
	if (rule->escalate_ms == 0 && rule->escalate_to[0])
		complain(section, "escalate-after", "is missing; write after how long, e.g. 15m");
}

static void check_sections(const struct notify_conf *conf, struct conf_errors *errors)
{
	for (size_t i = 0; i < conf->n_channels; i++) {
		const struct channel_conf *c = &conf->channels[i];
		const struct section section = {"channel", c->title, c->places, errors};

		check_title(&section);
		check_channel(&section, c);
	}
	for (size_t i = 0; i < conf->n_rules; i++) {
		const struct rule_conf *rule = &conf->rules[i];
		const struct section section = {"rule", rule->title, rule->places, errors};

		check_title(&section);
		check_rule(conf, &section, rule);
	}
	for (size_t i = 0; i < conf->n_heartbeats; i++) {
		const struct heartbeat_conf *beat = &conf->heartbeats[i];
		const struct section section = {"heartbeat", beat->title, beat->places, errors};

		check_title(&section);
		need(&section, "url", beat->url, "is missing; write the address that is asked");
	}
}

int notify_conf_check(const struct notify_conf *conf, struct conf_errors *errors)
{
	const struct section file = {"summary-to", "", conf->places, errors};
	const size_t before = errors->n;

	check_sections(conf, errors);
	check_names(conf, &file, "summary-to", conf->summary_to);
	if (conf->summary_at[0] && !conf->summary_to[0])
		conf_errors_add(errors, "%s: summary-to: is missing; write who gets the summary",
				conf_places_key(conf->places, "summary-at"));
	if (conf->n_channels > NOTIFY_CHANNELS_MAX || conf->n_rules > NOTIFY_RULES_MAX)
		conf_errors_add(errors, "%s: more than %d channels or %d rules; join some",
				conf_places_end(conf->places), NOTIFY_CHANNELS_MAX,
				NOTIFY_RULES_MAX);
	if (conf->n_channels > 0 && conf->n_rules == 0)
		conf_errors_add(errors,
				"%s: rule: there is none, so that nobody is told; write a section "
				"rule \"NAME\" { channels = {\"%s\"} }",
				conf_places_end(conf->places), conf->channels[0].title);
	return errors->n == before ? 0 : -EINVAL;
}

static void wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
}

void notify_conf_wipe(struct notify_conf *conf)
{
	for (size_t i = 0; i < conf->n_channels; i++) {
		wipe(conf->channels[i].token);
		wipe(conf->channels[i].password);
	}
	conf_free(NOTIFY_CONF_KEYS, conf);
}
