/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders to start and kill, and their way through unix(7), cmsg(3). */
#include "collector/io/starter/starter.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PANTAU_LIBEXEC_DIR
#define PANTAU_LIBEXEC_DIR "/usr/libexec/pantau"
#endif

struct starter {
	pid_t pid;
	int fd;
};

union control {
	struct cmsghdr head;
	char octets[CMSG_SPACE(sizeof(int))];
};

/* fd travels along unless it is -1. */
static int send_order(int socket, const struct starter_order *order, int fd)
{
	struct iovec data = {(void *)(uintptr_t)order, sizeof(*order)};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	union control control = {.octets = {0}};

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* With fd as its descriptor 0 and no signal blocked: safe beside threads. */
static int spawn(char *const *argv, char *const *env, int fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	r = posix_spawn_file_actions_adddup2(&actions, fd, 0);
	if (r == 0)
		r = posix_spawn(ret_pid, argv[0], &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return -r;
}

char *starter_program(const char *name)
{
	char own[PATH_MAX], *path;
	const ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;

	own[n > 0 ? n : 0] = '\0';
	slash = strrchr(own, '/');
	if (asprintf(&path, "%.*s/%s", slash ? (int)(slash - own) : 0, own, name) < 0)
		return NULL;
	if (slash && access(path, X_OK) == 0)
		return path;
	free(path);
	return asprintf(&path, "%s/%s", PANTAU_LIBEXEC_DIR, name) < 0 ? NULL : path;
}

int starter_new(char *const *argv, char *const *env, struct starter **ret)
{
	struct starter *starter;
	int fds[2], r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	starter = calloc(1, sizeof(*starter));
	r = starter ? spawn(argv, env, fds[1], &starter->pid) : -ENOMEM;
	close(fds[1]);
	if (r < 0) {
		close(fds[0]);
		free(starter);
		return r;
	}
	starter->fd = fds[0];
	*ret = starter;
	return 0;
}

/* Its end follows from the end of the socket; init takes what is not ended yet. */
struct starter *starter_free(struct starter *starter)
{
	if (!starter)
		return NULL;
	close(starter->fd);
	waitpid(starter->pid, NULL, WNOHANG);
	free(starter);
	return NULL;
}

int starter_start(struct starter *starter, uint32_t worker)
{
	const struct starter_order order = {STARTER_MAGIC, STARTER_START, worker};
	int fds[2], r;

	assert(worker < STARTER_WORKERS_MAX);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	r = send_order(starter->fd, &order, fds[1]);
	close(fds[1]);
	if (r < 0)
		close(fds[0]);
	return r < 0 ? r : fds[0];
}

void starter_kill(struct starter *starter, uint32_t worker)
{
	const struct starter_order order = {STARTER_MAGIC, STARTER_KILL, worker};

	assert(worker < STARTER_WORKERS_MAX);
	/* Where it cannot be told it is gone, and its workers with it. */
	(void)!send_order(starter->fd, &order, -1);
}
