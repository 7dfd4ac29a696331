/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mkdir(2) and chown(2). Symbolic links are never followed: the directory belongs to an
 * unprivileged user, who could place one before a start as root. Nor is a file given that has
 * another name elsewhere.
 */
#include "agent/io/store/state_dirs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/system/log.h"

static int fail(const char *path, int err)
{
	log_error("state", "path=%s err=\"%s\"", path, strerror(err));
	return -err;
}

int state_dirs_make(const char *path)
{
	char at[256];
	int n = snprintf(at, sizeof(at), "%s", path);

	if (n < 0 || (size_t)n >= sizeof(at))
		return fail(path, ENAMETOOLONG);
	for (char *slash = strchr(at + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(at, 0755) < 0 && errno != EEXIST)
			return fail(at, errno);
		*slash = '/';
	}
	if (mkdir(at, 0750) < 0 && errno != EEXIST)
		return fail(at, errno);
	return 0;
}

int state_dirs_give(const char *path, const char *user)
{
	const struct passwd *pw = getpwnam(user);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir || !pw) {
		int err = dir ? ENOENT : errno;

		if (dir)
			closedir(dir);
		else if (fd >= 0)
			close(fd);
		return fail(dir ? user : path, err);
	}
	if (geteuid() == 0) {
		while ((entry = readdir(dir))) {
			const char *name = entry->d_name;
			struct stat st;

			if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			    S_ISREG(st.st_mode) && st.st_nlink == 1 &&
			    fchownat(fd, name, pw->pw_uid, pw->pw_gid, AT_SYMLINK_NOFOLLOW) < 0)
				fail(name, errno);
		}
		if (fchown(fd, pw->pw_uid, pw->pw_gid) < 0)
			fail(path, errno);
	}
	closedir(dir);
	return 0;
}
