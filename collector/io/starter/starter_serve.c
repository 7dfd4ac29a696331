/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that forks workers: it reads nothing but orders. Descriptors through cmsg(3). */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/io/starter/starter.h"
#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"

/* By the worker's number; 0: not running. Only what is not reaped yet is ever killed, so
 * no number can be somebody else's by then. */
struct server {
	starter_work_fn *work;
	void *data;
	pid_t workers[STARTER_WORKERS_MAX];
};

union control {
	struct cmsghdr head;
	char octets[CMSG_SPACE(sizeof(int))];
};

/* 0, *ret_fd -1 if none came with it; -EPIPE at the end; or negative errno. */
static int receive(int socket, struct starter_order *ret, int *ret_fd)
{
	struct iovec data = {ret, sizeof(*ret)};
	union control control = {.octets = {0}};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	const ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	const struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (n <= 0)
		return n < 0 ? -errno : -EPIPE;
	*ret_fd = -1;
	if (head && head->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(head), sizeof(*ret_fd));
	return n == sizeof(*ret) ? 0 : -EPROTO;
}

/* In the child of fork(2); fd becomes descriptor 0. */
static void work(const struct server *server, uint32_t worker, int fd)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(fd, 0) < 0)
		return;
	close_range(3, ~0U, 0);
	server->work(server->data, worker);
}

static void reap(struct server *server)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < ARRAY_LEN(server->workers); i++)
			if (server->workers[i] == pid)
				server->workers[i] = 0;
}

static void obey(struct server *server, const struct starter_order *order, int fd)
{
	if (order->magic != STARTER_MAGIC || order->worker >= ARRAY_LEN(server->workers))
		return;
	if (order->what == STARTER_START && fd >= 0) {
		uint32_t number = order->worker;
		const pid_t parent = getpid();
		pid_t pid;

		if (server->workers[number]) /* the order to kill it did not arrive */
			kill(server->workers[number], SIGKILL);
		pid = fork();
		if (pid == 0) {
			/* the starter may have died before this was asked for */
			if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent)
				work(server, number, fd);
			_exit(EXIT_SUCCESS);
		}
		if (pid > 0)
			server->workers[number] = pid;
	} else if (order->what == STARTER_KILL && server->workers[order->worker]) {
		kill(server->workers[order->worker], SIGKILL);
	}
}

/* Returns false when the collector is gone. */
static bool take_order(struct server *server)
{
	struct starter_order order = {0};
	cleanup_close int fd = -1;
	int r = receive(0, &order, &fd);

	if (r == 0)
		obey(server, &order, fd);
	return r == 0 || r == -EAGAIN || r == -EINTR;
}

/* The collector ends it by closing the socket; signals to the whole group are the
 * collector's. */
static int watch_children(void)
{
	sigset_t child;

	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

void starter_serve(starter_work_fn *work_fn, void *data)
{
	struct server server = {.work = work_fn, .data = data};
	struct signalfd_siginfo info;
	const int children = watch_children();
	struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = children, .events = POLLIN}};

	if (children < 0)
		return;
	for (;;) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return;
		if (read(children, &info, sizeof(info)) > 0)
			reap(&server);
		if (fds[0].revents && !take_order(&server))
			return;
	}
}
