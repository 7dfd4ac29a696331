/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_pantau: a plugin for Nagios and Icinga. See check_pantau(1). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "collector/ctl/check/check_options.h"
#include "collector/ctl/commands/ctl_client.h"
#include "common/base/cleanup.h"

enum { PATH_MAX_OCTETS = 512, TOKEN_MAX = 256, PAUSE_MS = 100 };

/* The file's first line. False: it cannot be read, errno says why. */
static bool read_token(const char *path, char token[static TOKEN_MAX])
{
	FILE *file = fopen(path, "re");
	const bool is_read = file && fgets(token, TOKEN_MAX, file);

	if (file && !is_read)
		errno = ferror(file) ? errno : ENODATA; /* an empty one */
	if (file)
		fclose(file);
	if (is_read)
		token[strcspn(token, "\r\n")] = '\0';
	return is_read;
}

/* 0, or -1: out of memory. */
static int question(const struct check_options *options, char path[static PATH_MAX_OCTETS])
{
	cleanup_free char *id = NULL;

	if (!options->device) {
		strcpy(path, options->of_collector ? "status" : "devices");
		return 0;
	}
	id = ctl_client_escape(options->device);
	if (!id)
		return -1;
	snprintf(path, PATH_MAX_OCTETS, "devices/%s", id);
	return 0;
}

/* The figure that a threshold without a name is for. */
static const char *main_figure(const struct check_options *options)
{
	if (options->link)
		return "load";
	if (options->path)
		return "loss";
	if (options->of_group)
		return "not_up";
	return options->device ? "rtt" : NULL;
}

static void judge(const struct check_options *options, const json_t *json,
		  struct check_result *result)
{
	if (options->link)
		check_object_link(result, options->lang, json, options->link);
	else if (options->path)
		check_object_path(result, options->lang, json, options->path);
	else if (options->device)
		check_object_device(result, options->lang, json);
	else if (options->of_group)
		check_object_group(result, options->lang, json, &options->group);
	else
		check_object_collector(result, options->lang, json);
}

static int answer(const struct check_options *options, const json_t *json)
{
	cleanup_(check_result_freep) struct check_result *result = check_result_new(
		options->lang, options->thresholds, options->n_thresholds, main_figure(options));

	if (!result)
		return CHECK_UNKNOWN;
	judge(options, json, result);
	return (int)check_result_print(result, stdout);
}

/* An answer that did not come is no state of what was asked about; but the collector that was
 * asked for itself is down. */
static int complain(const struct check_options *options, enum ctl_outcome outcome,
		    const struct ctl_client *client)
{
	const bool is_down = options->of_collector && outcome == CTL_UNREACHABLE;
	const enum word word =
		outcome == CTL_NOT_FOUND ? WORD_CHECK_NO_DEVICE : WORD_CHECK_NO_COLLECTOR;
	char text[1024];

	printf("%s - %s\n", is_down ? "CRITICAL" : "UNKNOWN",
	       words_fill(text, sizeof(text), words_text(options->lang, word),
			  (const char *const[]){"device", options->device ? options->device : "",
						"error", client->error, NULL}));
	return is_down ? CHECK_CRITICAL : CHECK_UNKNOWN;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Nagios' first minute starts hundreds of plugins at once, more than the collector has seats for one address: who
 * finds none tries again while its time lasts. */
static enum ctl_outcome ask(struct ctl_client *client, const char *path, json_t **ret)
{
	const int64_t end_ms = now_ms() + client->timeout_ms;
	enum ctl_outcome outcome;
	int64_t left_ms;

	for (long pause_ms = PAUSE_MS;; pause_ms *= 2) {
		outcome = ctl_client_get(client, path, ret);
		left_ms = end_ms - now_ms() - pause_ms;
		if (outcome != CTL_UNREACHABLE || left_ms < PAUSE_MS)
			return outcome;
		usleep((useconds_t)pause_ms * 1000);
		client->timeout_ms = (long)left_ms;
	}
}

static int check(const struct check_options *options)
{
	struct ctl_client client = {.server = options->server, .timeout_ms = options->timeout_ms};
	char path[PATH_MAX_OCTETS], token[TOKEN_MAX] = "";
	enum ctl_outcome outcome = CTL_BROKEN;
	json_t *json = NULL;
	int status;

	if (options->token_file && !read_token(options->token_file, token)) {
		snprintf(client.error, sizeof(client.error), "%s: %s", options->token_file,
			 strerror(errno));
		return complain(options, outcome, &client);
	}
	client.token = options->token_file ? token : NULL;
	if (question(options, path) == 0)
		outcome = ask(&client, path, &json);
	status = outcome == CTL_OK ? answer(options, json) : complain(options, outcome, &client);
	json_decref(json);
	explicit_bzero(token, sizeof(token));
	return status;
}

int main(int argc, char **argv)
{
	struct check_options options;
	int status = check_options_read(argc, argv, &options);

	if (status >= 0)
		return status;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	status = check(&options);
	curl_global_cleanup();
	return status;
}
