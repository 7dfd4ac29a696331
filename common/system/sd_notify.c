/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The service manager's side of a daemon's life; decides nothing.
 * Source: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3).
 */
#include "common/system/sd_notify.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/base/cleanup_fd.h"
#include "common/base/number_text.h"

#define LISTEN_FDS_MAX 64

int sd_notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;
	cleanup_close int fd = -1;

	assert(state[0] != '\0');
	if (len == 0)
		return 0;
	if ((path[0] != '/' && path[0] != '@') || len >= sizeof(addr.sun_path))
		return -EINVAL;
	memcpy(addr.sun_path, path, len);
	/* '@' stands for the abstract namespace, unix(7). */
	if (path[0] == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&addr,
		   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		return -errno;
	return 1;
}

/* Such variables are for one process: they survive fork(2) and exec(2) into others. */
static bool is_for_us(const char *pid_variable)
{
	uint64_t pid;

	return number_text(getenv(pid_variable), 1, INT32_MAX, &pid) && (pid_t)pid == getpid();
}

int64_t sd_notify_watchdog_us(void)
{
	uint64_t us;

	if (!number_text(getenv("WATCHDOG_USEC"), 1, INT64_MAX, &us) ||
	    (getenv("WATCHDOG_PID") && !is_for_us("WATCHDOG_PID")))
		return 0;
	return (int64_t)us;
}

int sd_listen_fds(void)
{
	uint64_t n;

	if (!number_text(getenv("LISTEN_FDS"), 1, LISTEN_FDS_MAX, &n) || !is_for_us("LISTEN_PID"))
		return 0;
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + (int)n; fd++)
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
			return -errno;
	return (int)n;
}
