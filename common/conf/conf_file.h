/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration files on the disk: what they include, and who may read those with secrets.
 */
#pragma once

#include <sys/types.h>

#include "common/conf/conf.h"

enum { CONF_FILE_OCTETS_MAX = 1024 * 1024, CONF_FILES_MAX = 64 };

/*
 * Reads the file at path into ret_conf as conf_take() does. include("other.conf") at its top
 * level, or at that of an included one, reads another file behind those before it; a relative
 * name belongs to the file that it stands in.
 * Returns 0; -EINVAL, or -errno if a file cannot be read, with at least one line in errors.
 */
int conf_load(const char *path, const struct conf_key *keys, void *ret_conf,
	      struct conf_errors *errors);
/*
 * The same for files with secrets: -EPERM, and a line in errors that gives the command, unless
 * each is a regular file without permissions for group and others, and of root, the caller
 * or owner: a daemon that starts as root and becomes that user reads it again at a reload.
 */
int conf_load_secrets(const char *path, uid_t owner, const struct conf_key *keys, void *ret_conf,
		      struct conf_errors *errors);
/* Only looks whether a file is one for secrets. */
int conf_file_check_secret(const char *path, uid_t owner, struct conf_errors *errors);
