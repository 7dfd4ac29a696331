/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's table of sockets tells anybody whose they are, and the descriptors of all
 * processes, which root may read, tell which process.
 * Source: proc_net_udp(5), proc_pid_fd(5).
 */
#include "common/loop/port_holder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"
#include "common/base/number_text.h"
#include "common/base/socket_row.h"
#include "common/base/utf8_text.h"
#include "common/loop/endpoint_zone.h"

/* ---- whose socket ---- */

static bool find_in(const char *table, int type, const struct sockaddr_storage *addr,
		    struct socket_row *ret)
{
	FILE *file = fopen(table, "re");
	bool found = false;
	char line[512];

	while (file && !found && fgets(line, sizeof(line), file))
		found = socket_row_parse(line, ret) &&
			(type == SOCK_DGRAM || ret->state == SOCKET_ROW_LISTEN) &&
			socket_row_takes(ret, addr);
	if (file)
		fclose(file);
	return found;
}

static bool find_row(int type, const struct sockaddr_storage *addr, struct socket_row *ret)
{
	/* of "self": what a service sees that is shown nothing but processes (ProcSubset=pid) */
	if (type == SOCK_DGRAM)
		return find_in("/proc/self/net/udp", type, addr, ret) ||
		       find_in("/proc/self/net/udp6", type, addr, ret);
	return find_in("/proc/self/net/tcp", type, addr, ret) ||
	       find_in("/proc/self/net/tcp6", type, addr, ret);
}

/* ---- which process ---- */

/* Whether one of the descriptors in the directory is that socket. */
static bool has_socket(int fds, const char *socket)
{
	DIR *dir = fdopendir(fds);
	struct dirent *e;
	bool found = false;

	if (!dir) {
		close(fds);
		return false;
	}
	while (!found && (e = readdir(dir))) {
		char link[64];
		const ssize_t n = readlinkat(dirfd(dir), e->d_name, link, sizeof(link) - 1);

		link[n > 0 ? n : 0] = '\0';
		found = strcmp(link, socket) == 0;
	}
	closedir(dir);
	return found;
}

static void read_name(const char *pid, struct port_holder *holder)
{
	char path[64], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);
	file = fopen(path, "re");
	if (file && fgets(name, sizeof(name), file))
		name[strcspn(name, "\n")] = '\0';
	if (file)
		fclose(file);
	utf8_text_clean(name, holder->process, sizeof(holder->process));
}

static void find_process(uint64_t inode, struct port_holder *holder)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	char socket[64];

	snprintf(socket, sizeof(socket), "socket:[%llu]", (unsigned long long)inode);
	while (dir && holder->pid == 0 && (e = readdir(dir))) {
		char path[64];
		uint64_t pid;
		int fds;

		if (!number_text(e->d_name, 1, INT_MAX, &pid))
			continue;
		snprintf(path, sizeof(path), "%.16s/fd", e->d_name);
		fds = openat(dirfd(dir), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fds < 0 || !has_socket(fds, socket))
			continue;
		holder->pid = (pid_t)pid;
		read_name(e->d_name, holder);
	}
	if (dir)
		closedir(dir);
}

int port_holder_find(int type, const struct sockaddr_storage *addr, struct port_holder *ret)
{
	struct socket_row row;

	if (!find_row(type, addr, &row))
		return -ENOENT;
	*ret = (struct port_holder){.uid = row.uid};
	find_process(row.inode, ret);
	return 0;
}

/* ---- in words ---- */

const char *port_holder_text(const struct port_holder *holder,
			     char buf[static PORT_HOLDER_TEXT_SIZE])
{
	const struct passwd *user = getpwuid(holder->uid);
	char number[16];

	snprintf(number, sizeof(number), "%lu", (unsigned long)holder->uid);
	if (holder->pid != 0)
		snprintf(buf, PORT_HOLDER_TEXT_SIZE, "%s (process %ld, user %.32s)",
			 holder->process, (long)holder->pid, user ? user->pw_name : number);
	else
		snprintf(buf, PORT_HOLDER_TEXT_SIZE, "a process of the user %.32s",
			 user ? user->pw_name : number);
	return buf;
}

const char *port_holder_problem(int type, const char *text, int err,
				char buf[static PORT_HOLDER_PROBLEM_SIZE])
{
	char holder_text[PORT_HOLDER_TEXT_SIZE], problem[ENDPOINT_ZONE_PROBLEM_SIZE];
	struct port_holder holder;
	struct endpoint endpoint;

	if (err != -EADDRINUSE || endpoint_zone_parse(text, &endpoint) < 0 ||
	    port_holder_find(type, &endpoint.addr, &holder) < 0)
		snprintf(buf, PORT_HOLDER_PROBLEM_SIZE, "%s",
			 endpoint_zone_problem(text, err, problem));
	else
		snprintf(buf, PORT_HOLDER_PROBLEM_SIZE,
			 "is taken by %s; stop that, or write another port%s",
			 port_holder_text(&holder, holder_text),
			 holder.pid != 0 ? "" : "; as root, --check-config says which process");
	return buf;
}

static bool is_of(const struct port_holder *holder, const char *process, const char *user)
{
	const struct passwd *pw = user && user[0] ? getpwnam(user) : NULL;

	if (holder->pid != 0) /* the kernel cuts names */
		return strncmp(holder->process, process, sizeof(holder->process) - 1) == 0;
	return holder->uid == (pw ? pw->pw_uid : geteuid());
}

bool port_holder_is_other(int type, const char *text, const char *process, const char *user,
			  char buf[static PORT_HOLDER_PROBLEM_SIZE])
{
	struct port_holder holder;
	struct endpoint endpoint;

	if (endpoint_zone_parse(text, &endpoint) < 0 ||
	    port_holder_find(type, &endpoint.addr, &holder) < 0 || is_of(&holder, process, user))
		return false;
	port_holder_problem(type, text, -EADDRINUSE, buf);
	return true;
}
