/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directories that root makes for a user who may have been there before it. */
#pragma once

#include <sys/types.h>

#include "common/base/cleanup.h"

/*
 * Opens an absolute path. A symbolic link on the way is followed only where nobody but root can have
 * placed it: in a directory of root's that group and others cannot write. The last one is never
 * followed. Returns a descriptor or -errno; -ELOOP, -ENOTDIR: a link, or what is no directory.
 */
must_check_ int directory_open(const char *path);
/* Makes it, unless it is there, in a directory that is found in the same way. 0 or -errno, the same. */
must_check_ int directory_make(const char *path, mode_t mode);
/* Opens it likewise, and makes it uid's and gid's. 0 or -errno. */
must_check_ int directory_give(const char *path, uid_t uid, gid_t gid);
