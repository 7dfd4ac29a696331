/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/codec/notify/webhook.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/codec/page/member.h"
#include "collector/core/device/inventory.h"
#include "collector/core/notify/message_template.h"

enum { HEADER_SIZE = 2048 };

/* ---- words ---- */

enum hook_word {
	HOOK_TITLE,
	HOOK_TEXT,
	HOOK_URL,
	HOOK_WHAT,
	HOOK_SEVERITY,
	HOOK_KEY,
	HOOK_ALERT,
	HOOK_KIND,
	HOOK_CAUSE,
	HOOK_DEVICE,
	HOOK_NAME,
	HOOK_LINK,
	HOOK_BEGIN,
	HOOK_END,
	HOOK_TOKEN,
	HOOK_TARGET,
	HOOK_N
};

static const char *const WORDS[] = {
	[HOOK_TITLE] = "title",	  [HOOK_TEXT] = "text",		[HOOK_URL] = "url",
	[HOOK_WHAT] = "what",	  [HOOK_SEVERITY] = "severity", [HOOK_KEY] = "key",
	[HOOK_ALERT] = "alert",	  [HOOK_KIND] = "kind",		[HOOK_CAUSE] = "cause",
	[HOOK_DEVICE] = "device", [HOOK_NAME] = "name",		[HOOK_LINK] = "link",
	[HOOK_BEGIN] = "begin",	  [HOOK_END] = "end",		[HOOK_TOKEN] = "token",
	[HOOK_TARGET] = "target",
};

struct words {
	struct template_word all[HOOK_N];
	char text[NOTIFY_TEXT_SIZE], key[96], alert[24], begin[24], end[24];
};

static const char *number(char *buf, size_t size, int64_t n)
{
	snprintf(buf, size, "%lld", (long long)n);
	return buf;
}

static void set(struct words *words, enum hook_word word, const char *text)
{
	words->all[word].text = text ? text : "";
}

/* Of the first alert; a list has its words in its text. Times are Unix seconds. */
static void set_alert(struct words *words, const struct notify_item *item)
{
	const struct alert *alert = item->alert;

	set(words, HOOK_ALERT, number(words->alert, sizeof(words->alert), alert->id));
	set(words, HOOK_KIND, alert_kind_name(alert->kind));
	set(words, HOOK_CAUSE, alert_cause_name(alert->cause));
	set(words, HOOK_DEVICE, alert->device_id);
	set(words, HOOK_NAME, item->entry ? item->entry->name : alert->device_id);
	set(words, HOOK_LINK, alert->link);
	set(words, HOOK_BEGIN, number(words->begin, sizeof(words->begin), alert->begin_ms / 1000));
	if (!alert_is_open(alert))
		set(words, HOOK_END, number(words->end, sizeof(words->end), alert->end_ms / 1000));
}

static const char *put_key(const struct channel_letter *letter, char *buf, size_t size)
{
	snprintf(buf, size, "pantau.%s%s%lld", letter->instance, letter->instance[0] ? "." : "",
		 (long long)letter->delivery->id);
	return buf;
}

static void set_words(const struct channel_conf *channel, const struct channel_letter *letter,
		      struct words *words)
{
	for (size_t i = 0; i < HOOK_N; i++)
		words->all[i] = (struct template_word){WORDS[i], "", false};
	if (letter->n_items > 0)
		set_alert(words, &letter->items[0]);
	set(words, HOOK_TITLE, letter->message->title);
	set(words, HOOK_TEXT, channel_letter_text(letter, words->text));
	set(words, HOOK_URL, letter->message->url);
	set(words, HOOK_WHAT, notify_what_name(letter->delivery->what));
	set(words, HOOK_SEVERITY, severity_name(letter->message->severity));
	set(words, HOOK_KEY, put_key(letter, words->key, sizeof(words->key)));
	set(words, HOOK_TOKEN, channel->token);
	set(words, HOOK_TARGET, channel->target);
}

/* ---- bodies ---- */

static json_t *alert_json(const struct notify_item *item)
{
	const struct alert *alert = item->alert;
	json_t *json = json_object();

	member_put_integer(json, "id", alert->id);
	member_put_text(json, "kind", alert_kind_name(alert->kind));
	member_put_text(json, "severity", severity_name(alert->severity));
	member_put_text(json, "device", alert->device_id);
	member_put_text(json, "name", item->entry ? item->entry->name : NULL);
	member_put_known(json, "kelurahan", item->entry ? item->entry->kelurahan : "");
	member_put_known(json, "provider", item->entry ? item->entry->provider : "");
	member_put_known(json, "contract", item->entry ? item->entry->contract : "");
	member_put_known(json, "link", alert->link);
	member_put_integer(json, "begin_ms", alert->begin_ms);
	member_put_positive(json, "end_ms", alert->end_ms);
	member_put_text(json, "cause", alert_cause_name(alert->cause));
	member_put_integer(json, "behind", alert->n_behind);
	member_put_known(json, "detail", alert->detail);
	member_put_number(json, "value", alert->value);
	member_put_number(json, "limit", alert->limit);
	member_put_bool(json, "planned", alert->planned);
	member_put_known(json, "acked_by", alert->acked_by);
	return json;
}

static char *dump(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	return text;
}

static json_t *text_json(const struct channel_letter *letter)
{
	char text[NOTIFY_TEXT_SIZE];

	return json_string(channel_letter_text(letter, text));
}

char *webhook_json(const struct channel_letter *letter)
{
	json_t *json = json_object(), *alerts = json_array();
	char key[96];

	member_put_text(json, "key", put_key(letter, key, sizeof(key)));
	member_put_text(json, "what", notify_what_name(letter->delivery->what));
	member_put_text(json, "severity", severity_name(letter->message->severity));
	member_put_text(json, "title", letter->message->title);
	member_put(json, "text", text_json(letter));
	member_put_known(json, "url", letter->message->url);
	member_put_integer(json, "time_ms", letter->now_ms);
	for (size_t i = 0; i < letter->n_items; i++)
		json_array_append_new(alerts, alert_json(&letter->items[i]));
	member_put(json, "alerts", alerts);
	return dump(json);
}

/* https://docs.ntfy.sh/publish/#publish-as-json */
static char *ntfy_body(const struct channel_conf *channel, const struct channel_letter *letter)
{
	static const int PRIORITIES[] = {2, 3, 4, 5}; /* by severity */
	json_t *json = json_object();
	const bool over = letter->message->what == NOTIFY_RECOVERY;

	member_put_text(json, "topic", channel->target);
	member_put_text(json, "title", letter->message->title);
	member_put(json, "message", text_json(letter));
	member_put_integer(json, "priority", over ? 3 : PRIORITIES[letter->message->severity]);
	member_put(json, "tags", json_pack("[s]", over ? "white_check_mark" : "rotating_light"));
	if (letter->message->url[0])
		member_put_text(json, "click", letter->message->url);
	return dump(json);
}

/* https://gotify.net/docs/pushmsg, https://gotify.net/docs/msgextras */
static char *gotify_body(const struct channel_letter *letter)
{
	static const int PRIORITIES[] = {2, 4, 7,
					 9}; /* above 3 with sound, above 7 on the screen */
	json_t *json = json_object();
	const bool over = letter->message->what == NOTIFY_RECOVERY;

	member_put_text(json, "title", letter->message->title);
	member_put(json, "message", text_json(letter));
	member_put_integer(json, "priority", over ? 4 : PRIORITIES[letter->message->severity]);
	if (letter->message->url[0])
		member_put(json, "extras",
			   json_pack("{s{s{ss}}}", "client::notification", "click", "url",
				     letter->message->url));
	return dump(json);
}

/* Markdown means nothing in a name, and nobody is called by one (@channel). */
static void put_markdown(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]()#+-!|~<>", *text))
			fputc('\\', out);
		fputc(*text, out);
		if (*text == '@')
			fputs("\xe2\x80\x8b", out); /* zero width space */
	}
}

/* https://developers.mattermost.com/integrate/webhooks/incoming/ */
static char *mattermost_body(const struct channel_letter *letter)
{
	const struct notify_message *message = letter->message;
	cleanup_free char *text = NULL;
	json_t *json;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fputs("**", out);
	put_markdown(out, message->title);
	fputs("**", out);
	for (size_t i = 0; i < message->n_lines; i++) {
		fputs("\n", out);
		put_markdown(out, message->lines[i].label);
		fputs(message->lines[i].label[0] ? ": " : "", out);
		put_markdown(out, message->lines[i].value);
	}
	if (message->url[0])
		fprintf(out, "\n<%s>", message->url);
	if (fclose(out) != 0)
		return NULL;
	json = json_object();
	member_put_text(json, "username", "Pantau");
	member_put(json, "text", json_string(text));
	return dump(json);
}

static int fill(const char *template, const struct words *words, enum template_escape escape,
		char **ret)
{
	char *body = malloc(NOTIFY_BODY_MAX);
	int r = body ? message_template_fill(template, words->all, HOOK_N, escape, body,
					     NOTIFY_BODY_MAX)
		     : -ENOMEM;

	if (r >= 0)
		*ret = body;
	else
		free(body);
	return r < 0 ? r : 0;
}

static int set_body(const struct channel_conf *channel, const struct channel_letter *letter,
		    const struct words *words, struct notify_request *ret)
{
	static const enum template_escape ESCAPES[] = {[BODY_JSON] = TEMPLATE_JSON,
						       [BODY_FORM] = TEMPLATE_FORM,
						       [BODY_TEXT] = TEMPLATE_TEXT};

	if (channel->body[0])
		return fill(channel->body, words, ESCAPES[channel->body_type], &ret->body);
	switch ((enum channel_preset)channel->preset) {
	case PRESET_NTFY:
		ret->body = ntfy_body(channel, letter);
		return 0;
	case PRESET_GOTIFY:
		ret->body = gotify_body(letter);
		return 0;
	case PRESET_FONNTE: /* https://docs.fonnte.com/api-send-message/ */
		return fill("target={{target}}&message={{text}}&countryCode=62", words,
			    TEMPLATE_FORM, &ret->body);
	case PRESET_MATTERMOST:
		ret->body = mattermost_body(letter);
		return 0;
	case PRESET_NONE:
	default:
		ret->body = webhook_json(letter);
		return 0;
	}
}

/* ---- headers ---- */

static bool has_header(const struct channel_conf *channel, const char *name)
{
	const size_t n = strlen(name);

	for (size_t i = 0; channel->headers[i]; i++) {
		if (strncasecmp(channel->headers[i], name, n) == 0 && channel->headers[i][n] == ':')
			return true;
	}
	return false;
}

/* Unless the section has one of that name. value NULL: none. */
static int add_header(const struct channel_conf *channel, const char *name, const char *value,
		      struct notify_request *ret)
{
	if (!value || has_header(channel, name))
		return 0;
	return notify_request_add(&ret->headers, "%s: %s", name, value);
}

static const char *content_type(const struct channel_conf *channel)
{
	static const char *const TYPES[] = {
		[BODY_JSON] = "application/json",
		[BODY_FORM] = "application/x-www-form-urlencoded",
		[BODY_TEXT] = "text/plain; charset=utf-8",
	};

	if (channel->body[0] == '\0')
		return TYPES[channel->preset == PRESET_FONNTE ? BODY_FORM : BODY_JSON];
	return TYPES[channel->body_type];
}

static int add_token(const struct channel_conf *channel, struct notify_request *ret)
{
	cleanup_free char *bearer = NULL;

	if (!channel->token)
		return 0;
	if (channel->preset == PRESET_GOTIFY)
		return add_header(channel, "X-Gotify-Key", channel->token, ret);
	if (channel->preset == PRESET_FONNTE)
		return add_header(channel, "Authorization", channel->token, ret);
	if (channel->preset != PRESET_NTFY)
		return 0;
	if (asprintf(&bearer, "Bearer %s", channel->token) < 0) {
		bearer = NULL;
		return -ENOMEM;
	}
	return add_header(channel, "Authorization", bearer, ret);
}

static int add_own_headers(const struct channel_conf *channel, const struct words *words,
			   struct notify_request *ret)
{
	int r = 0;

	for (size_t i = 0; r == 0 && channel->headers[i]; i++) {
		char header[HEADER_SIZE];

		r = message_template_fill(channel->headers[i], words->all, HOOK_N, TEMPLATE_TEXT,
					  header, sizeof(header));
		if (r >= 0)
			r = notify_request_add(&ret->headers, "%s", header);
	}
	return r;
}

/* ---- the request ---- */

static void set_success(const struct channel_conf *channel, struct notify_request *ret)
{
	const bool fonnte = channel->preset == PRESET_FONNTE;

	ret->ok_from = channel->ok_from;
	ret->ok_to = channel->ok_to;
	if (channel->ok_field[0] || fonnte) {
		ret->ok_field = strdup(channel->ok_field[0] ? channel->ok_field : "status");
		ret->ok_value = strdup(channel->ok_field[0] ? channel->ok_value : "true");
	}
	if (fonnte)
		ret->id_field = strdup("/id/0");
	else if (channel->preset == PRESET_NTFY || channel->preset == PRESET_GOTIFY)
		ret->id_field = strdup("id");
}

static char *address(const struct channel_conf *channel)
{
	const size_t n = strlen(channel->url);
	char *url;

	if (channel->preset == PRESET_FONNTE && n == 0)
		return strdup("https://api.fonnte.com/send");
	if (channel->preset != PRESET_GOTIFY || channel->body[0])
		return strdup(channel->url);
	return asprintf(&url, "%s%smessage", channel->url,
			n > 0 && channel->url[n - 1] == '/' ? "" : "/") < 0
		       ? NULL
		       : url;
}

int webhook_request(const struct channel_conf *channel, const struct channel_letter *letter,
		    struct notify_request *ret)
{
	struct words words;
	char key[96];
	int r;

	set_words(channel, letter, &words);
	ret->protocol = NOTIFY_HTTP;
	ret->url = address(channel);
	ret->method = strdup(channel->method);
	set_success(channel, ret);
	r = set_body(channel, letter, &words, ret);
	if (r == 0)
		r = add_header(channel, "Content-Type", content_type(channel), ret);
	if (r == 0)
		r = add_header(channel, "Idempotency-Key", put_key(letter, key, sizeof(key)), ret);
	if (r == 0)
		r = add_token(channel, ret);
	return r < 0 ? r : add_own_headers(channel, &words, ret);
}

/* ---- checks ---- */

static void check_words(const struct channel_conf *channel, const char *key, size_t n,
			const char *text, struct conf_errors *errors)
{
	char wrong[64];

	if (message_template_is_right(text, WORDS, HOOK_N, wrong, sizeof(wrong)))
		return;
	conf_errors_add(errors,
			"%s: channel \"%s\": %s: \"%s\" is no word; write one of title, text, url, "
			"what, severity, key, alert, kind, cause, device, name, link, begin, end, "
			"token and target, between {{ and }}",
			conf_places_value(channel->places, key, n), channel->title, key, wrong);
}

/* As it would be with a text in each place. */
static void check_json(const struct channel_conf *channel, struct conf_errors *errors)
{
	struct template_word words[HOOK_N];
	cleanup_free char *body = malloc(NOTIFY_BODY_MAX);
	json_t *json = NULL;

	for (size_t i = 0; i < HOOK_N; i++)
		words[i] = (struct template_word){WORDS[i], "x", false};
	if (body && message_template_fill(channel->body, words, HOOK_N, TEMPLATE_JSON, body,
					  NOTIFY_BODY_MAX) >= 0)
		json = json_loads(body, 0, NULL);
	if (!json)
		conf_errors_add(errors,
				"%s: channel \"%s\": body: is no JSON when it is filled in; write "
				"{{words}} without quotes, or another body-type",
				conf_places_key(channel->places, "body"), channel->title);
	json_decref(json);
}

void webhook_check(const struct channel_conf *channel, struct conf_errors *errors)
{
	const size_t before = errors->n;

	check_words(channel, "body", 0, channel->body, errors);
	for (size_t i = 0; channel->headers[i]; i++)
		check_words(channel, "headers", i, channel->headers[i], errors);
	if (errors->n == before && channel->body[0] && channel->body_type == BODY_JSON)
		check_json(channel, errors);
}
