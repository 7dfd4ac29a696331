/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the first users file. Keys are 24 letters and digits each, 143 bits: passphrases
 * of that length need no derivation to be strong, and survive being copied by hand.
 */
#include "agent/io/setup/users_init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"

enum { KEY_LEN = 24, TEXT_MAX = 2048, PATH_SIZE = 4096 };

struct keys {
	char auth[KEY_LEN + 1], priv[KEY_LEN + 1];
};

static int make_key(char ret[static KEY_LEN + 1])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const size_t n = sizeof(alphabet) - 1;
	size_t len = 0;

	while (len < KEY_LEN) {
		uint8_t octet;

		if (getrandom(&octet, 1, 0) != 1)
			return -EIO;
		/* Octets beyond the last whole alphabet would favour its first letters.
		 */
		if (octet < 256 / n * n)
			ret[len++] = alphabet[octet % n];
	}
	ret[KEY_LEN] = '\0';
	return 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_file(const char *path, const char *text, size_t len)
{
	cleanup_close int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, text, len);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r < 0)
		unlink(path);
	return r;
}

static int beside(const char *path, const char *suffix, char ret[static PATH_SIZE])
{
	int n = snprintf(ret, PATH_SIZE, "%s%s", path, suffix);

	return n < 0 || n >= PATH_SIZE ? -ENAMETOOLONG : 0;
}

static int put_in_place(const char *path, const char *new, bool force)
{
	char old[PATH_SIZE];
	int r = beside(path, ".old", old);

	if (r == 0 && force && rename(path, old) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0 && rename(new, path) < 0)
		r = -errno;
	return r;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* /etc/pantau, on a router that has nothing of ours yet. */
static void make_directory(const char *path)
{
	char dir[PATH_SIZE];
	char *slash;

	if (beside(path, "", dir) < 0)
		return;
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return;
	*slash = '\0';
	mkdir(dir, 0755); /* if it cannot be made, opening the file says why */
}

static int format_credential(const char *name, const struct keys *keys, char *buf, size_t size)
{
	return snprintf(buf, size,
			"# For the collector's credentials.conf:\n"
			"credential \"%s\" {\n"
			"\tversion = \"v3\"\n"
			"\tuser = \"%s\"\n"
			"\tauth = \"sha256\"\n"
			"\tauth-passphrase = \"%s\"\n"
			"\tpriv = \"aes128\"\n"
			"\tpriv-passphrase = \"%s\"\n"
			"}\n",
			name, name, keys->auth, keys->priv);
}

/* The keys are worth nothing to an agent whose manager never heard of them: the file takes
 * its name once they are told. */
static int write_and_tell(const char *path, const char *name, const struct keys *keys, bool force,
			  int out_fd)
{
	char text[TEXT_MAX], new[PATH_SIZE];
	int len = snprintf(text, sizeof(text),
			   "# Whom pantau-agent answers, and as whom it informs: "
			   "pantau-agent.conf(5).\n"
			   "# Made by pantau-agent --init. Secret: mode 0600, or it is refused.\n"
			   "\n"
			   "user \"%s\" {\n"
			   "\tauth = sha256\n"
			   "\tauth-passphrase = \"%s\"\n"
			   "\tpriv = aes128\n"
			   "\tpriv-passphrase = \"%s\"\n"
			   "}\n",
			   name, keys->auth, keys->priv);
	int r = beside(path, ".new", new);

	if (r < 0)
		return r;
	unlink(new); /* of an attempt that was killed */
	r = write_file(new, text, (size_t)len);
	if (r == 0) {
		len = format_credential(name, keys, text, sizeof(text));
		r = write_all(out_fd, text, (size_t)len);
		if (r == 0)
			r = put_in_place(path, new, force);
		if (r < 0)
			unlink(new);
	}
	explicit_bzero(text, sizeof(text));
	return r;
}

int users_init(const char *path, const char *name, bool force, int out_fd)
{
	struct keys keys;
	int r;

	if (!*name || strlen(name) > 32 || strpbrk(name, "\"\\\n$")) /* RFC 3414: 1..32 octets */
		return -EINVAL;
	if (!force && is_there(path))
		return -EEXIST;
	r = make_key(keys.auth);
	if (r == 0)
		r = make_key(keys.priv);
	if (r < 0)
		return r;
	make_directory(path);
	r = write_and_tell(path, name, &keys, force, out_fd);
	explicit_bzero(&keys, sizeof(keys));
	return r;
}
