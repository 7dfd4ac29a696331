/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends messages by the channels of a notification file, as the collector would, and prints what
 * became of them:
 *
 *	channel_tool NOTIFY.CONF PANTAU-NOTIFY sandbox|-
 *
 * Each line of its input is one message: CHANNEL WHAT ID THREAD REMOTE CHAT, "-" for what there is
 * not; each line of its output is CHANNEL ID OUTCOME STATUS RETRY_MS REMOTE MOVED_TO MS ANSWER.
 * At the end of the input, and of what is under way, come the notifier's figures.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/codec/notify/channel_request.h"
#include "collector/core/conf/notify_conf.h"
#include "collector/io/notify/notifier.h"
#include "common/loop/loop.h"
#include "common/system/log.h"
#include "tests/unit/collector/codec/notify/letter.h"

enum { LINE_SIZE = 512 };

struct tool {
	struct loop *loop;
	struct notifier *notifier;
	struct notify_conf conf;
	struct loop_fd *input;
	char line[LINE_SIZE];
	size_t len, in_flight;
	bool ended;
};

struct message {
	struct tool *tool;
	char channel[40];
	int64_t id, begun_us;
};

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static void print(const struct message *message, const struct notify_result *result)
{
	printf("%s %" PRId64 " %s %d %" PRId64 " %s %s %" PRId64 " %s\n", message->channel,
	       message->id, notify_outcome_name(result->outcome), result->status,
	       result->retry_after_ms, or_dash(result->remote), or_dash(result->moved_to),
	       (loop_now_us() - message->begun_us) / 1000, or_dash(result->answer));
	fflush(stdout);
}

static void end_if_done(struct tool *tool)
{
	if (tool->ended && tool->in_flight == 0)
		loop_stop(tool->loop);
}

static void on_result(void *data, const struct notify_result *result)
{
	struct message *message = data;
	struct tool *tool = message->tool;

	print(message, result);
	free(message);
	tool->in_flight--;
	end_if_done(tool);
}

static int send_letter(struct tool *tool, struct letter *l, struct message *message)
{
	const size_t at = notify_conf_channel(&tool->conf, message->channel);
	struct notify_request request = {0};
	int r = -ENOENT;

	if (at != SIZE_MAX)
		r = channel_request_build(&tool->conf.channels[at], &l->letter, &request);
	if (r == 0)
		r = notifier_send(tool->notifier, &request, on_result, message);
	notify_request_deinit(&request);
	return r;
}

static void take_line(struct tool *tool, const char *line)
{
	struct message *message = calloc(1, sizeof(*message));
	char what[16] = "", thread[24] = "", remote[64] = "", chat[40] = "";
	struct letter l;
	int r;

	letter_init(&l);
	if (sscanf(line, "%39s %15s %" SCNd64 " %23s %63s %39s", message->channel, what,
		   &message->id, thread, remote, chat) != 6) {
		fprintf(stderr, "not a message: %s\n", line);
		exit(EXIT_FAILURE);
	}
	l.letter.now_ms = loop_wall_ms();
	l.alert.begin_ms = l.letter.now_ms - 60000;
	if (strcmp(what, "recovery") == 0)
		letter_recovers(&l);
	l.delivery.id = message->id;
	l.delivery.thread = atoll(thread);
	l.letter.thread_remote = strcmp(remote, "-") == 0 ? "" : remote;
	l.letter.chat = strcmp(chat, "-") == 0 ? "" : chat;
	message->tool = tool;
	message->begun_us = loop_now_us();
	r = send_letter(tool, &l, message);
	if (r == 0) {
		tool->in_flight++;
		return;
	}
	printf("%s %" PRId64 " not-sent %s\n", message->channel, message->id, strerror(-r));
	fflush(stdout);
	free(message);
}

static void on_input(void *data, int fd, unsigned int what)
{
	struct tool *tool = data;
	const ssize_t n = read(fd, tool->line + tool->len, LINE_SIZE - tool->len);
	char *end;

	(void)what;
	if (n <= 0) {
		loop_fd_set(tool->input, 0);
		tool->ended = true;
		end_if_done(tool);
		return;
	}
	tool->len += (size_t)n;
	while ((end = memchr(tool->line, '\n', tool->len))) {
		const size_t used = (size_t)(end - tool->line) + 1;

		*end = '\0';
		take_line(tool, tool->line);
		memmove(tool->line, tool->line + used, tool->len - used);
		tool->len -= used;
	}
}

static void print_figure(void *data, const struct stats_figure *figure)
{
	(void)data;
	printf("%s %.0f\n", figure->name, figure->value);
}

static int read_conf(const char *path, struct notify_conf *ret)
{
	static uint8_t text[65536];
	struct conf_errors errors = {0};
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = read(fd, text, sizeof(text));
	int r = n < 0 ? -errno : conf_parse(path, text, (size_t)n, NOTIFY_CONF_KEYS, ret, &errors);

	if (r == 0)
		r = notify_conf_check(ret, &errors);
	for (size_t i = 0; i < errors.n; i++)
		fprintf(stderr, "%s\n", errors.lines[i]);
	conf_errors_deinit(&errors);
	close(fd);
	return r;
}

int main(int argc, char **argv)
{
	struct tool tool = {0};
	const struct notifier_conf conf = {.program = argc > 2 ? argv[2] : NULL,
					   .sandbox = argc > 3 && strcmp(argv[3], "sandbox") == 0};

	log_open("channel_tool", LOG_TARGET_STDERR, LOG_LEVEL_DEBUG);
	if (argc != 4 || read_conf(argv[1], &tool.conf) < 0 || loop_new(&tool.loop) < 0 ||
	    notifier_new(tool.loop, &conf, &tool.notifier) < 0 ||
	    loop_fd_new(tool.loop, 0, LOOP_READ, on_input, &tool, &tool.input) < 0)
		return EXIT_FAILURE;
	loop_run(tool.loop);
	notifier_emit_stats(tool.notifier, print_figure, NULL);
	notifier_free(tool.notifier);
	loop_fd_free(tool.input);
	loop_free(tool.loop);
	notify_conf_wipe(&tool.conf);
	return EXIT_SUCCESS;
}
