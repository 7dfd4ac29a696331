/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request by libcurl (CURLOPT_UNIX_SOCKET_PATH(3)), its JSON answer by jansson. Blocks. */
#include "collector/ctl/commands/ctl_client.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "common/base/cleanup.h"

enum {
	BODY_MAX = 64 << 20,
	CONNECT_TIMEOUT_MS = 3000,
	TIMEOUT_MS = 15000,
	TOKEN_MAX = 512,
};

struct body {
	char *text;
	size_t len;
};

static size_t on_body(char *octets, size_t size, size_t n, void *data)
{
	struct body *body = data;
	size_t len = size * n;
	char *text;

	if (len > BODY_MAX - body->len)
		return 0;
	text = realloc(body->text, body->len + len + 1);
	if (!text)
		return 0;
	memcpy(text + body->len, octets, len);
	body->text = text;
	body->len += len;
	return len;
}

static int set_target(CURL *curl, const char *server, const char *path)
{
	cleanup_free char *url = NULL;
	bool local = strncmp(server, "unix:", 5) == 0;

	if (asprintf(&url, "%s/api/v1/%s", local ? "http://localhost" : server, path) < 0) {
		url = NULL;
		return -1;
	}
	if (local && curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, server + 5) != CURLE_OK)
		return -1;
	return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK ? 0 : -1;
}

static enum ctl_outcome judge(struct ctl_client *client, long status, json_t *json,
			      json_t **ret_json)
{
	const char *text;

	if (status >= 200 && status < 300 && json) {
		*ret_json = json;
		return CTL_OK;
	}
	text = json_string_value(json_object_get(json, "error"));
	if (text)
		snprintf(client->error, sizeof(client->error), "%s", text);
	else
		snprintf(client->error, sizeof(client->error), "%s: HTTP status %ld",
			 client->server, status);
	if (status == 404) {
		json_decref(json);
		return CTL_NOT_FOUND;
	}
	*ret_json = json;
	return json ? CTL_REFUSED : CTL_BROKEN;
}

/* libcurl tells a socket that may not be used from one that is not there by nothing. */
static bool is_denied(const char *server)
{
	return strncmp(server, "unix:", 5) == 0 && access(server + 5, W_OK) < 0 && errno == EACCES;
}

static long min_ms(long a, long b)
{
	return a < b ? a : b;
}

static void set_limits(CURL *curl, long timeout_ms)
{
	const long most = timeout_ms > 0 ? timeout_ms : TIMEOUT_MS;

	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, min_ms(most, CONNECT_TIMEOUT_MS));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, most);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "pantauctl/" PANTAU_VERSION);
}

/* To be freed after the request; NULL: no token. */
static struct curl_slist *set_token(CURL *curl, const char *token)
{
	char line[TOKEN_MAX];
	struct curl_slist *headers;

	if (!token)
		return NULL;
	snprintf(line, sizeof(line), "Authorization: Bearer %s", token);
	headers = curl_slist_append(NULL, line);
	explicit_bzero(line, sizeof(line));
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	return headers;
}

static enum ctl_outcome ask(struct ctl_client *client, const char *path, bool post,
			    json_t **ret_json)
{
	struct body body = {0};
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	enum ctl_outcome outcome = CTL_UNREACHABLE;
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0;

	*ret_json = NULL;
	if (curl && set_target(curl, client->server, path) == 0) {
		curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
		curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
		set_limits(curl, client->timeout_ms);
		headers = set_token(curl, client->token);
		if (post) {
			curl_easy_setopt(curl, CURLOPT_POST, 1L);
			curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
		}
		code = curl_easy_perform(curl);
	}
	if (code == CURLE_OK) {
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		outcome =
			judge(client, status,
			      json_loadb(body.text ? body.text : "", body.len, 0, NULL), ret_json);
	} else {
		snprintf(client->error, sizeof(client->error), "%s: %s", client->server,
			 curl_easy_strerror(code));
		if (is_denied(client->server))
			outcome = CTL_DENIED;
	}
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	free(body.text);
	return outcome;
}

enum ctl_outcome ctl_client_get(struct ctl_client *client, const char *path, json_t **ret_json)
{
	return ask(client, path, false, ret_json);
}

enum ctl_outcome ctl_client_post(struct ctl_client *client, const char *path, json_t **ret_json)
{
	return ask(client, path, true, ret_json);
}

char *ctl_client_escape(const char *text)
{
	static const char HEX[] = "0123456789ABCDEF";
	static const char PLAIN[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
	char *escaped = malloc(3 * strlen(text) + 1), *at = escaped;

	for (; escaped && *text; text++) {
		if (strchr(PLAIN, *text)) {
			*at++ = *text;
			continue;
		}
		*at++ = '%';
		*at++ = HEX[(unsigned char)*text >> 4];
		*at++ = HEX[(unsigned char)*text & 15];
	}
	if (escaped)
		*at = '\0';
	return escaped;
}
