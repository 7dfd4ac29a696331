/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the first users file. Keys are 24 letters and digits each, 143 bits: passphrases
 * of that length need no derivation to be strong, and survive being copied by hand.
 */
#include "agent/io/users_init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup_fd.h"

enum { KEY_LEN = 24, TEXT_MAX = 2048 };

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
		unlink(path); /* half a file would be in the way of the next attempt */
	return r;
}

static int keep_old(const char *path)
{
	char old[4096];

	if ((size_t)snprintf(old, sizeof(old), "%s.old", path) >= sizeof(old))
		return -ENAMETOOLONG;
	return rename(path, old) < 0 && errno != ENOENT ? -errno : 0;
}

/* /etc/pantau, on a router that has nothing of ours yet. */
static void make_directory(const char *path)
{
	char dir[4096];
	char *slash;

	if ((size_t)snprintf(dir, sizeof(dir), "%s", path) >= sizeof(dir))
		return;
	slash = strrchr(dir, '/');
	if (!slash || slash == dir)
		return;
	*slash = '\0';
	mkdir(dir, 0755); /* if it cannot be made, opening the file says why */
}

static int format_users(const char *name, const struct keys *keys, char *buf, size_t size)
{
	return snprintf(
		buf, size,
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
}

static int format_credential(const char *name, const struct keys *keys, char *buf,
			     size_t size)
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

int users_init(const char *path, const char *name, bool force, int out_fd)
{
	char text[TEXT_MAX];
	struct keys keys;
	int len, r;

	if (!*name || strlen(name) > 32 ||
	    strpbrk(name, "\"\\\n$")) /* RFC 3414: 1..32 octets */
		return -EINVAL;
	r = make_key(keys.auth);
	if (r == 0)
		r = make_key(keys.priv);
	if (r < 0)
		return r;
	len = format_users(name, &keys, text, sizeof(text));
	make_directory(path);
	if (force)
		r = keep_old(path);
	if (r == 0)
		r = write_file(path, text, (size_t)len);
	if (r == 0) {
		len = format_credential(name, &keys, text, sizeof(text));
		r = write_all(out_fd, text, (size_t)len);
	}
	explicit_bzero(text, sizeof(text));
	explicit_bzero(&keys, sizeof(keys));
	return r;
}
