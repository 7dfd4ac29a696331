/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The NOC page's files, read into memory once. A request is matched against what was
 * found, never against the file system, so no path leads out of the directory and no read
 * blocks.
 */
#pragma once

#include <stddef.h>

#include "collector/codec/page/http_etag.h"

struct web_files;

struct web_file {
	char *path;	  /* "/", "/app.js", "/vendor/uplot/uPlot.esm.js" */
	const char *type; /* content type */
	char etag[HTTP_ETAG_SIZE];
	char *data;
	size_t len;
};

/* Reads dir: known kinds of files, at most 128 of them, 8 MiB in all, three levels deep.
 * index.html is "/" too. Returns 0, -ENOENT (no index.html), -E2BIG, -ENOMEM or -errno.
 */
int web_files_new(const char *dir, struct web_files **ret);
/* One more, in place of one of that path. data is taken in any case. 0, -E2BIG or -ENOMEM. */
int web_files_put(struct web_files *files, const char *path, const char *type, char *data,
		  size_t len);
struct web_files *web_files_free(struct web_files *files);
const struct web_file *web_files_find(const struct web_files *files, const char *path);
