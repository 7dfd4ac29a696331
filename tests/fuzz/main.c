/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replays stored inputs where libFuzzer is not linked: every file given, or every file
 * of every directory given, goes through the target once. So each crash that was ever
 * found stays found. Fails if there was no input at all.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(int fd, const char *name)
{
	cleanup_free uint8_t *data = NULL;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return -errno;
	/* Exactly as long as the input, so that a sanitizer sees one octet too many. */
	data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
	if (!data)
		return -ENOMEM;
	n = read(fd, data, (size_t)st.st_size);
	if (n != st.st_size)
		return -EIO;
	fprintf(stderr, "%s (%zd octets)\n", name, n);
	LLVMFuzzerTestOneInput(data, (size_t)n);
	return 1;
}

static int replay(int dir, const char *name);

static int replay_dir(int fd)
{
	DIR *dir = fdopendir(dup(fd));
	struct dirent *entry;
	int total = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		int n = entry->d_name[0] == '.' ? 0 : replay(fd, entry->d_name);

		if (n < 0) {
			total = n;
			break;
		}
		total += n;
	}
	closedir(dir);
	return total;
}

static int replay(int dir, const char *name)
{
	cleanup_close int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? replay_dir(fd) : replay_file(fd, name);
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay(AT_FDCWD, argv[i]);

		if (n < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(-n));
			return 1;
		}
		total += n;
	}
	fprintf(stderr, "%d inputs replayed\n", total);
	return total > 0 ? 0 : 1;
}
