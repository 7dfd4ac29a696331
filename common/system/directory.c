/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A path walked step by step. Whoever owns a directory on the way can put a link to /etc where
 * his own directory was, and a start as root would give it to him.
 * Source: open(2), symlink(7).
 */
#include "common/system/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"

static bool is_roots(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & 022);
}

/* make: makes the last one with that mode, unless it is there; 0: makes none. */
static int walk(const char *path, mode_t make)
{
	char left[PATH_MAX], *save = NULL, *name, *next;
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (path[0] != '/' || strlen(path) >= sizeof(left)) {
		close(fd);
		return -EINVAL;
	}
	strcpy(left, path);
	for (name = strtok_r(left, "/", &save); name; name = next) {
		const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
		int to;

		next = strtok_r(NULL, "/", &save);
		if (!next && make != 0 && mkdirat(fd, name, make) < 0 && errno != EEXIST) {
			const int err = errno;

			close(fd);
			return -err;
		}
		to = openat(fd, name, next && is_roots(fd) ? flags : flags | O_NOFOLLOW);
		if (to < 0)
			to = -errno;
		close(fd);
		if (to < 0)
			return to;
		fd = to;
	}
	return fd;
}

int directory_open(const char *path)
{
	return walk(path, 0);
}

int directory_make(const char *path, mode_t mode)
{
	int fd = walk(path, mode);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int directory_give(const char *path, uid_t uid, gid_t gid)
{
	cleanup_close int fd = directory_open(path);

	if (fd < 0)
		return fd;
	return fchown(fd, uid, gid) < 0 ? -errno : 0;
}
