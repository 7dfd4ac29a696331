/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/io/notify/commander.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/io/notify/notifier.h"
#include "collector/io/notify/sender_line.h"
#include "common/base/cleanup.h"
#include "common/base/text_clean.h"
#include "common/loop/loop.h"

enum { OUTPUT_MAX = 4096, TURN_MS = 20 };

/* A command that runs, the leader of its own process group. */
struct command {
	struct notify_request request;
	pid_t pid;   /* 0: none runs here */
	int in, out; /* pipes; -1: closed */
	size_t written;
	char output[OUTPUT_MAX];
	size_t len;
	int64_t deadline_us;
};

struct commander {
	struct sender_line line;
	struct command commands[NOTIFIER_MAX];
};

/* ---- the child ---- */

/* In the child of fork(2). Signals that the worker ignores are as usual again. */
static void become(const struct notify_request *request, int in, int out)
{
	char **env = request->env;

	for (int signo = 1; signo < NSIG; signo++)
		signal(signo, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || setsid() < 0 || chdir("/") < 0)
		_exit(126);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	close_range(3, ~0U, 0);
	execve(request->argv[0], request->argv, env);
	dprintf(2, "%s: %s", request->argv[0], strerror(errno));
	_exit(127);
}

static int spawn(struct command *command)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return -EMFILE;
	}
	command->pid = fork();
	if (command->pid == 0)
		become(&command->request, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	command->in = in[1];
	command->out = out[0];
	fcntl(command->in, F_SETFL, O_NONBLOCK);
	fcntl(command->out, F_SETFL, O_NONBLOCK);
	return command->pid < 0 ? -EAGAIN : 0;
}

/* ---- its life ---- */

static void close_pipe(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void forget(struct command *command)
{
	close_pipe(&command->in);
	close_pipe(&command->out);
	notify_request_deinit(&command->request);
	*command = (struct command){.in = -1, .out = -1};
}

static void feed(struct command *command)
{
	const char *body = command->request.body + command->written;
	const ssize_t n = write(command->in, body, strlen(body));

	if (n > 0)
		command->written += (size_t)n;
	if (n < 0 ? errno != EAGAIN && errno != EINTR : body[n] == '\0')
		close_pipe(&command->in);
}

/* What is too much is read and thrown away, so that the command can go on. */
static void drain(struct command *command)
{
	char octets[OUTPUT_MAX];
	const ssize_t n = read(command->out, octets, sizeof(octets));
	const size_t room = OUTPUT_MAX - command->len;

	if (n > 0) {
		memcpy(command->output + command->len, octets, (size_t)n < room ? (size_t)n : room);
		command->len += (size_t)n < room ? (size_t)n : room;
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		close_pipe(&command->out);
	}
}

static void judge(const struct command *command, int status, struct notify_result *ret)
{
	*ret = (struct notify_result){.id = command->request.id, .outcome = DELIVERY_LATER};
	if (WIFEXITED(status)) {
		ret->status = WEXITSTATUS(status);
		ret->outcome = ret->status == 0 ? DELIVERY_ARRIVED : DELIVERY_LATER;
	}
	text_clean((const uint8_t *)command->output, command->len, ret->answer,
		   sizeof(ret->answer));
	if (ret->answer[0])
		return;
	if (WIFSIGNALED(status))
		snprintf(ret->answer, sizeof(ret->answer), "ended by signal %d", WTERMSIG(status));
	else
		snprintf(ret->answer, sizeof(ret->answer), "exit status %d", ret->status);
}

/* 1: it has ended, ret says how; 0: it runs. */
static int look_after(struct command *command, struct notify_result *ret)
{
	const bool late = loop_now_us() >= command->deadline_us;
	int status;

	if (late)
		kill(-command->pid, SIGKILL);
	if (waitpid(command->pid, &status, late ? 0 : WNOHANG) != command->pid)
		return 0;
	if (command->out >= 0) /* what it said last */
		drain(command);
	judge(command, status, ret);
	if (late) {
		ret->outcome = DELIVERY_LATER;
		snprintf(ret->answer, sizeof(ret->answer), "stopped, it took too long");
	}
	return 1;
}

/* ---- the line ---- */

static int begin(struct commander *commander, struct notify_request *request)
{
	struct notify_result failed = {.id = request->id,
				       .outcome = DELIVERY_LATER,
				       .answer = "no process could be started"};
	struct command *command = commander->commands;

	while (command->pid != 0)
		if (++command == commander->commands + NOTIFIER_MAX) {
			notify_request_deinit(request);
			return sender_line_tell(&commander->line, &failed);
		}
	command->request = *request;
	command->deadline_us = loop_now_us() + request->timeout_ms * 1000;
	if (request->protocol == NOTIFY_COMMAND &&
	    notify_request_add(&command->request.env, "PATH=/usr/local/bin:/usr/bin:/bin") == 0 &&
	    notify_request_add(&command->request.env, "LANG=C.UTF-8") == 0 && spawn(command) == 0)
		return 0;
	forget(command);
	return sender_line_tell(&commander->line, &failed);
}

static int take_requests(struct commander *commander)
{
	int r = sender_line_receive(&commander->line);

	while (r == 0) {
		struct notify_request request;

		r = sender_line_next(&commander->line, &request);
		if (r <= 0)
			break;
		r = begin(commander, &request);
	}
	return r;
}

/* An end of a process wakes nobody: while some run, there is a look every TURN_MS. */
static int wait_for_something(struct commander *commander)
{
	struct pollfd fds[1 + 2 * NOTIFIER_MAX] = {{.fd = 0, .events = POLLIN}};
	nfds_t n = 1;
	bool some = false;

	if (commander->line.out.len > 0)
		fds[0].events |= POLLOUT;
	for (size_t i = 0; i < NOTIFIER_MAX; i++) {
		const struct command *command = &commander->commands[i];

		some = some || command->pid != 0;
		fds[n++] = (struct pollfd){.fd = command->in, .events = POLLOUT};
		fds[n++] = (struct pollfd){.fd = command->out, .events = POLLIN};
	}
	if (poll(fds, n, some ? TURN_MS : -1) < 0 && errno != EINTR)
		return -errno;
	return 0;
}

static int turn(struct commander *commander)
{
	int r = wait_for_something(commander);

	if (r == 0)
		r = take_requests(commander);
	if (r == 0)
		r = sender_line_send(&commander->line);
	for (size_t i = 0; r == 0 && i < NOTIFIER_MAX; i++) {
		struct command *command = &commander->commands[i];
		struct notify_result result;

		if (command->pid == 0)
			continue;
		if (command->in >= 0)
			feed(command);
		if (command->out >= 0)
			drain(command);
		if (look_after(command, &result) == 0)
			continue;
		forget(command);
		r = sender_line_tell(&commander->line, &result);
	}
	return r;
}

int commander_run(void)
{
	cleanup_free struct commander *commander = calloc(1, sizeof(*commander));
	int r = 0;

	if (!commander)
		return -ENOMEM;
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < NOTIFIER_MAX; i++)
		commander->commands[i].in = commander->commands[i].out = -1;
	while (r == 0)
		r = turn(commander);
	return r;
}
