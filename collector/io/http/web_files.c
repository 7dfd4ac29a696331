/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the page's directory. Files of unknown kind and dot files are left out, so that
 * an editor's leftovers are not served.
 */
#include "collector/io/http/web_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"

enum {
	FILES_MAX = 128,
	OCTETS_MAX = 8 << 20,
	DEPTH_MAX = 3,
};

struct web_files {
	struct web_file files[FILES_MAX];
	size_t n, octets;
};

static const char *type_of(const char *name)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{".html", "text/html; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".json", "application/json"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".woff2", "font/woff2"},
		{".webmanifest", "application/manifest+json"},
	};
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < ARRAY_LEN(types); i++)
		if (strcmp(end, types[i].end) == 0)
			return types[i].type;
	return NULL;
}

static int read_whole(int dir_fd, const char *name, struct web_file *file)
{
	cleanup_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > OCTETS_MAX)
		return -E2BIG;
	file->data = malloc((size_t)st.st_size + 1);
	if (!file->data)
		return -ENOMEM;
	while (file->len < (size_t)st.st_size) {
		n = read(fd, file->data + file->len, (size_t)st.st_size - file->len);
		if (n < 0)
			return -errno;
		if (n == 0)
			break; /* it shrank: what is there counts */
		file->len += (size_t)n;
	}
	return 0;
}

static int add_file(struct web_files *files, int dir_fd, const char *prefix, const char *name)
{
	const char *type = type_of(name);
	struct web_file *file = &files->files[files->n];
	int r;

	if (!type)
		return 0;
	if (files->n == FILES_MAX)
		return -E2BIG;
	files->n++;
	if (asprintf(&file->path, "%s%s", prefix, strcmp(name, "index.html") == 0 ? "" : name) <
	    0) {
		file->path = NULL;
		return -ENOMEM;
	}
	file->type = type;
	r = read_whole(dir_fd, name, file);
	if (r < 0)
		return r;
	files->octets += file->len;
	http_etag(file->data, file->len, file->etag);
	return files->octets > OCTETS_MAX ? -E2BIG : 0;
}

static int read_dir(struct web_files *files, int parent_fd, const char *name, const char *prefix,
		    int depth);

static int add_entry(struct web_files *files, int fd, const char *prefix,
		     const struct dirent *entry, int depth)
{
	cleanup_free char *deeper = NULL;
	struct stat st;

	if (entry->d_name[0] == '.' || fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISREG(st.st_mode))
		return add_file(files, fd, prefix, entry->d_name);
	if (!S_ISDIR(st.st_mode) || depth >= DEPTH_MAX)
		return 0;
	if (asprintf(&deeper, "%s%s/", prefix, entry->d_name) < 0) {
		deeper = NULL;
		return -ENOMEM;
	}
	return read_dir(files, fd, entry->d_name, deeper, depth + 1);
}

static int read_dir(struct web_files *files, int parent_fd, const char *name, const char *prefix,
		    int depth)
{
	const int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;
	int r = 0;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (r == 0 && (entry = readdir(dir)))
		r = add_entry(files, fd, prefix, entry, depth);
	closedir(dir);
	return r;
}

int web_files_new(const char *dir, struct web_files **ret)
{
	struct web_files *files = calloc(1, sizeof(*files));
	int r;

	if (!files)
		return -ENOMEM;
	r = read_dir(files, AT_FDCWD, dir, "/", 0);
	if (r == 0 && !web_files_find(files, "/"))
		r = -ENOENT;
	if (r < 0) {
		web_files_free(files);
		return r;
	}
	*ret = files;
	return 0;
}

struct web_files *web_files_free(struct web_files *files)
{
	if (!files)
		return NULL;
	for (size_t i = 0; i < files->n; i++) {
		free(files->files[i].path);
		free(files->files[i].data);
	}
	free(files);
	return NULL;
}

int web_files_put(struct web_files *files, const char *path, const char *type, char *data,
		  size_t len)
{
	struct web_file *file = (struct web_file *)web_files_find(files, path);
	cleanup_free char *copy = file ? NULL : strdup(path);

	assert(files->n <= FILES_MAX && path[0] == '/');
	if (!file && (!copy || files->n == FILES_MAX)) {
		free(data);
		return copy ? -E2BIG : -ENOMEM;
	}
	if (!file) {
		file = &files->files[files->n++];
		file->path = steal_ptr(copy);
	}
	free(file->data);
	file->data = data;
	file->len = len;
	file->type = type;
	http_etag(data, len, file->etag);
	return 0;
}

const struct web_file *web_files_find(const struct web_files *files, const char *path)
{
	for (size_t i = 0; files && i < files->n; i++)
		if (strcmp(files->files[i].path, path) == 0)
			return &files->files[i];
	return NULL;
}
