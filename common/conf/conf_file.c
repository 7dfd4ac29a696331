/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens, reads and closes. The permissions are those of what was opened, not of its name. */
#include "common/conf/conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"
#include "common/conf/conf_reader.h"

struct loader {
	struct conf_settings settings;
	struct conf_errors *errors;
	bool secret;
	uid_t owner; /* secret: may own it */
	char *files[CONF_FILES_MAX];
	size_t n_files;
};

static void loader_deinit(struct loader *loader)
{
	conf_settings_deinit(&loader->settings);
	for (size_t i = 0; i < loader->n_files; i++)
		free(loader->files[i]);
}

static int check_secret(const struct stat *st, const char *path, uid_t owner,
			struct conf_errors *errors)
{
	if (!S_ISREG(st->st_mode))
		conf_errors_add(errors, "%s: is not a regular file", path);
	else if (st->st_uid != 0 && st->st_uid != geteuid() && st->st_uid != owner)
		conf_errors_add(errors, "%s: holds secrets but belongs to user %u; chown %u %s",
				path, st->st_uid, owner, path);
	else if (st->st_mode & 077)
		conf_errors_add(errors, "%s: holds secrets but has mode %04o; chmod 0600 %s", path,
				st->st_mode & 07777, path);
	else
		return 0;
	return -EPERM;
}

int conf_file_check_secret(const char *path, uid_t owner, struct conf_errors *errors)
{
	struct stat st;
	int r;

	if (stat(path, &st) == 0)
		return check_secret(&st, path, owner, errors);
	r = -errno;
	conf_errors_add(errors, "%s: cannot be read: %s", path, strerror(-r));
	return r;
}

static int read_text(int fd, char **ret, size_t *ret_len)
{
	cleanup_free char *text = malloc(CONF_FILE_OCTETS_MAX + 1);
	size_t len = 0;
	ssize_t n;

	if (!text)
		return -ENOMEM;
	while ((n = read(fd, text + len, CONF_FILE_OCTETS_MAX + 1 - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return -errno;
	if (len > CONF_FILE_OCTETS_MAX)
		return -EFBIG;
	*ret_len = len;
	*ret = steal_ptr(text);
	return 0;
}

/* why: "FILE:LINE: include: " or "", for messages. path is taken over, NULL: out of memory. */
static int add_file(struct loader *loader, const char *why, char *path)
{
	cleanup_close int fd = -1;
	cleanup_free char *text = NULL;
	struct stat st = {0};
	size_t len = 0;
	int r;

	if (!path)
		return -ENOMEM;
	loader->files[loader->n_files++] = path;
	/* A pipe must not hold up who does not want one. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (loader->secret ? O_NONBLOCK : 0));
	r = fd < 0 || fstat(fd, &st) < 0 ? -errno : S_ISDIR(st.st_mode) ? -EISDIR : 0;
	if (r == 0 && loader->secret && check_secret(&st, path, loader->owner, loader->errors) < 0)
		return -EPERM;
	if (r == 0)
		r = read_text(fd, &text, &len);
	if (r < 0) {
		conf_errors_add(
			loader->errors, "%s%s: cannot be read: %s%s", why, path, strerror(-r),
			loader->secret && r == -EACCES ? "; chown it to the user that this runs as"
						       : "");
		return r;
	}
	return conf_reader_read(&loader->settings, path, text, len, loader->errors);
}

static char *path_beside(const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');
	char *ret;

	if (path[0] == '/' || !slash)
		return strdup(path);
	return asprintf(&ret, "%.*s/%s", (int)(slash - file), file, path) < 0 ? NULL : ret;
}

static bool is_read(const struct loader *loader, const char *path)
{
	for (size_t i = 0; i < loader->n_files; i++)
		if (strcmp(loader->files[i], path) == 0)
			return true;
	return false;
}

static int add_included(struct loader *loader, struct conf_setting *call)
{
	const struct conf_word *name = &loader->settings.words[call->first];
	cleanup_free char *why = NULL, *path = NULL;

	call->kind = CONF_SETTING_DONE;
	if (asprintf(&why, "%s:%u: include: ", call->file, call->key.line) < 0) {
		why = NULL;
		return -ENOMEM;
	}
	if (call->n != 1) {
		conf_errors_add(loader->errors, "%stakes one file; write include(\"FILE\")", why);
		return -EINVAL;
	}
	path = path_beside(call->file, name->text);
	if (!path)
		return -ENOMEM;
	if (loader->n_files == CONF_FILES_MAX || is_read(loader, path)) {
		conf_errors_add(loader->errors, "%s%s: %s", why, path,
				loader->n_files == CONF_FILES_MAX
					? "is one file too many; include at most 63"
					: "is included already; include it once");
		return -EINVAL;
	}
	return add_file(loader, why, steal_ptr(path));
}

/* What an included file says stands behind all that was read before it. */
static int load(struct loader *loader, const char *path, const struct conf_key *keys,
		void *ret_conf)
{
	struct conf_settings *all = &loader->settings;
	int r = add_file(loader, "", strdup(path));

	for (size_t i = 0; r == 0 && i < all->n; i += 1 + all->settings[i].inside) {
		if (all->settings[i].kind == CONF_SETTING_CALL &&
		    strcmp(all->settings[i].key.text, "include") == 0)
			r = add_included(loader, &all->settings[i]);
	}
	return r < 0 ? r : conf_take(path, all, keys, ret_conf, loader->errors);
}

int conf_load(const char *path, const struct conf_key *keys, void *ret_conf,
	      struct conf_errors *errors)
{
	cleanup_(loader_deinit) struct loader loader = {.errors = errors};

	return load(&loader, path, keys, ret_conf);
}

int conf_load_secrets(const char *path, uid_t owner, const struct conf_key *keys, void *ret_conf,
		      struct conf_errors *errors)
{
	cleanup_(loader_deinit) struct loader loader = {
		.errors = errors, .secret = true, .owner = owner};

	return load(&loader, path, keys, ret_conf);
}
