/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Socket activation (sd_listen_fds(3)) by hand. A socket stays in the network namespace
 * in which it was opened, so the demo's page is reachable on the host while the collector
 * that serves it lives in a namespace without a way out.
 *
 *	listen_fds ADDRESS PORT TRIES COMMAND...
 *		listens on ADDRESS and the first free of TRIES ports from PORT on, as
 *		descriptor 3, and becomes COMMAND with LISTEN_FDS=1 and
 * PANTAU_PAGE=ADDRESS:PORT listen_fds pass COMMAND... becomes COMMAND with LISTEN_PID set
 * to itself: the other half, behind programs that forked since
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_FD = 3 };

static int listen_on(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)address, sizeof(*address)) < 0 || listen(fd, 128) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

/* Only a port that is taken makes it try the next. */
static int listen_on_free(struct sockaddr_in *address, unsigned int port, unsigned int tries)
{
	int fd = -EADDRINUSE;

	for (unsigned int i = 0; i < tries && fd == -EADDRINUSE && port + i <= 65535; i++) {
		address->sin_port = htons((uint16_t)(port + i));
		fd = listen_on(address);
	}
	return fd;
}

static int move_to_first(int fd)
{
	if (fd == FIRST_FD)
		return 0;
	if (dup2(fd, FIRST_FD) < 0)
		return -errno;
	close(fd);
	return 0;
}

static int become(char **command)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	execvp(command[0], command);
	fprintf(stderr, "listen_fds: %s: %s\n", command[0], strerror(errno));
	return 127;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	char page[64];
	int fd;

	if (argc >= 3 && strcmp(argv[1], "pass") == 0)
		return become(argv + 2);
	if (argc < 5 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: listen_fds ADDRESS PORT TRIES COMMAND... | pass "
				"COMMAND...\n");
		return 2;
	}
	fd = listen_on_free(&address, (unsigned int)atoi(argv[2]), (unsigned int)atoi(argv[3]));
	if (fd < 0 || move_to_first(fd) < 0) {
		fprintf(stderr, "cannot listen on %s:%s: %s\n", argv[1], argv[2],
			strerror(fd < 0 ? -fd : errno));
		return 1;
	}
	snprintf(page, sizeof(page), "%s:%u", argv[1], ntohs(address.sin_port));
	setenv("PANTAU_PAGE", page, 1);
	return become(argv + 4);
}
