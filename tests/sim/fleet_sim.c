/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_sim: one process that answers SNMP for very many devices, each at an address of
 * its own. The addresses need no interface: `ip route add local 198.51.100.0/24 dev lo`
 * makes the kernel deliver them all to one socket, and each answer leaves from the
 * address that was asked (IP_PKTINFO, ip(7)). Kept fast (recvmmsg, sendmmsg, no
 * allocation for a prompt answer): benchmarks measure pollers against it.
 *
 *	fleet_sim [--listen ADDRESS:PORT] [--control PATH] [--config FILE]
 *['DEVICE-LINE'...] fleet_sim --send PATH COMMAND...
 *
 * Device lines and commands: tests/sim/fleet.h, settings: tests/sim/device.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/base/cleanup.h"
#include "common/loop/loop.h"
#include "tests/sim/fleet.h"

#define BATCH	      64
#define DATAGRAM_MAX  2048
#define BUFFER_OCTETS (8 * 1024 * 1024)

/* Room for a control message, aligned as cmsg(3) wants it. */
struct control {
	_Alignas(struct cmsghdr) uint8_t octets[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

/* One place for a request and its answer. */
struct slot {
	uint8_t request[DATAGRAM_MAX];
	struct ber_msg answer;
	struct sockaddr_in peer;
	struct control control;
	struct iovec in, out;
};

/* An answer that waits. */
struct late {
	int64_t due_us;
	struct sockaddr_in peer;
	struct in_addr from;
	size_t len;
	uint8_t octets[];
};

struct sim {
	struct fleet fleet;
	struct loop *loop;
	int fd, control_fd;
	int64_t begun_us;
	uint32_t random;
	struct loop_timer *timer;
	struct late **heap; /* the soonest at 0 */
	size_t n_late, room;
	struct slot slots[BATCH];
	struct mmsghdr in[BATCH], out[BATCH];
	unsigned int n_out;
};

static int64_t now_us(const struct sim *sim)
{
	return loop_now_us() - sim->begun_us;
}

/* xorshift: the same run gives the same losses. */
static uint32_t chance(struct sim *sim, uint32_t below)
{
	sim->random ^= sim->random << 13;
	sim->random ^= sim->random >> 17;
	sim->random ^= sim->random << 5;
	return sim->random % below;
}

static void set_source(struct control *control, struct msghdr *msg, struct in_addr from)
{
	struct cmsghdr *header;
	struct in_pktinfo info = {.ipi_spec_dst = from};

	*control = (struct control){0};
	msg->msg_control = control;
	msg->msg_controllen = sizeof(*control);
	header = CMSG_FIRSTHDR(msg);
	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(header), &info, sizeof(info));
}

static bool asked_address(struct msghdr *msg, struct in_addr *ret)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		struct in_pktinfo info;

		if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		*ret = info.ipi_addr;
		return true;
	}
	return false;
}

static void flush(struct sim *sim)
{
	unsigned int sent = 0;

	while (sent < sim->n_out) {
		int n = sendmmsg(sim->fd, sim->out + sent, sim->n_out - sent, MSG_DONTWAIT);

		if (n < 0) {
			/* The one at the front cannot go; the others may. */
			sim->fleet.send_errors++;
			n = 1;
		}
		sent += (unsigned int)n;
	}
	sim->n_out = 0;
}

static void sift_down(struct sim *sim, size_t i)
{
	for (;;) {
		size_t child = 2 * i + 1;
		struct late *late = sim->heap[i];

		if (child + 1 < sim->n_late &&
		    sim->heap[child + 1]->due_us < sim->heap[child]->due_us)
			child++;
		if (child >= sim->n_late || late->due_us <= sim->heap[child]->due_us)
			return;
		sim->heap[i] = sim->heap[child];
		sim->heap[child] = late;
		i = child;
	}
}

static bool push(struct sim *sim, struct late *late)
{
	size_t i = sim->n_late;

	if (i == sim->room) {
		size_t room = sim->room ? sim->room * 2 : 64;
		struct late **heap = realloc(sim->heap, room * sizeof(struct late *));

		if (!heap)
			return false;
		sim->heap = heap;
		sim->room = room;
	}
	sim->n_late++;
	for (; i > 0 && sim->heap[(i - 1) / 2]->due_us > late->due_us; i = (i - 1) / 2)
		sim->heap[i] = sim->heap[(i - 1) / 2];
	sim->heap[i] = late;
	return true;
}

static void arm(struct sim *sim)
{
	if (sim->n_late)
		loop_timer_arm(sim->timer, sim->heap[0]->due_us - now_us(sim));
}

static void send_late(const struct sim *sim, struct late *late)
{
	struct iovec iov = {.iov_base = late->octets, .iov_len = late->len};
	struct msghdr msg = {.msg_name = &late->peer,
			     .msg_namelen = sizeof(late->peer),
			     .msg_iov = &iov,
			     .msg_iovlen = 1};
	struct control control;

	set_source(&control, &msg, late->from);
	/* Lost if it does not go: such is UDP. */
	(void)!sendmsg(sim->fd, &msg, MSG_DONTWAIT);
}

static void on_timer(void *data)
{
	struct sim *sim = data;
	int64_t now = now_us(sim);

	while (sim->n_late && sim->heap[0]->due_us <= now) {
		struct late *late = sim->heap[0];

		sim->heap[0] = sim->heap[--sim->n_late];
		if (sim->n_late)
			sift_down(sim, 0);
		send_late(sim, late);
		free(late);
	}
	arm(sim);
}

static void delay(struct sim *sim, const struct slot *slot, struct in_addr from, int64_t due_us)
{
	size_t len = ber_msg_len(&slot->answer);
	struct late *late = malloc(sizeof(*late) + len);

	if (!late)
		return;
	*late = (struct late){.due_us = due_us, .peer = slot->peer, .from = from, .len = len};
	memcpy(late->octets, slot->answer.head, len);
	if (!push(sim, late))
		free(late);
	else
		sim->fleet.delayed++;
}

static void answer(struct sim *sim, struct slot *slot, struct mmsghdr *in, int64_t now)
{
	struct device *device = NULL;
	struct in_addr from;
	struct msghdr *out = &sim->out[sim->n_out].msg_hdr;

	sim->fleet.datagrams++;
	if (asked_address(&in->msg_hdr, &from))
		device = fleet_find(&sim->fleet, ntohl(from.s_addr));
	if (!device) {
		sim->fleet.strangers++;
		return;
	}
	if (device->dead) {
		sim->fleet.dead++;
		return;
	}
	if (!agent_answer(device, now, slot->request, in->msg_len, &slot->answer,
			  &sim->fleet.stats))
		return;
	if (device->loss_percent && chance(sim, 100) < device->loss_percent) {
		sim->fleet.lost++;
		return;
	}
	if (device->delay_ms || device->jitter_ms) {
		int64_t jitter_us = device->jitter_ms ? chance(sim, device->jitter_ms * 1000) : 0;

		delay(sim, slot, from, now + device->delay_ms * INT64_C(1000) + jitter_us);
		return;
	}
	slot->out = (struct iovec){.iov_base = slot->answer.head,
				   .iov_len = ber_msg_len(&slot->answer)};
	*out = (struct msghdr){.msg_name = &slot->peer,
			       .msg_namelen = sizeof(slot->peer),
			       .msg_iov = &slot->out,
			       .msg_iovlen = 1};
	set_source(&slot->control, out, from);
	sim->n_out++;
}

static void on_datagrams(void *data, int fd, unsigned int what)
{
	struct sim *sim = data;
	int64_t now = now_us(sim);
	int n;

	(void)what;
	for (size_t i = 0; i < BATCH; i++) {
		struct slot *slot = &sim->slots[i];

		slot->in =
			(struct iovec){.iov_base = slot->request, .iov_len = sizeof(slot->request)};
		sim->in[i].msg_hdr = (struct msghdr){.msg_name = &slot->peer,
						     .msg_namelen = sizeof(slot->peer),
						     .msg_iov = &slot->in,
						     .msg_iovlen = 1,
						     .msg_control = &slot->control,
						     .msg_controllen = sizeof(slot->control)};
	}
	n = recvmmsg(fd, sim->in, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		answer(sim, &sim->slots[i], &sim->in[i], now);
	flush(sim);
	arm(sim);
}

static void on_control(void *data, int fd, unsigned int what)
{
	struct sim *sim = data;
	struct sockaddr_un peer;
	socklen_t peer_len = sizeof(peer);
	char command[1024], reply[1024];
	ssize_t n = recvfrom(fd, command, sizeof(command) - 1, MSG_DONTWAIT,
			     (struct sockaddr *)&peer, &peer_len);

	(void)what;
	if (n < 0)
		return;
	command[n] = '\0';
	fleet_command(&sim->fleet, command, now_us(sim), reply, sizeof(reply));
	(void)!sendto(fd, reply, strlen(reply), MSG_DONTWAIT, (struct sockaddr *)&peer, peer_len);
}

static void on_signal(void *data, int signo)
{
	struct sim *sim = data;

	(void)signo;
	loop_stop(sim->loop);
}

static int open_udp(const char *listen)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	int on = 1, size = BUFFER_OCTETS, fd;
	char host[64];
	unsigned int port;

	if (sscanf(listen, "%63[^:]:%u", host, &port) != 2 || port > 65535 ||
	    inet_pton(AF_INET, host, &addr.sin_addr) != 1)
		return -EINVAL;
	addr.sin_port = htons((uint16_t)port);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Beyond the system's limit where we may; else as much as it gives. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

static int open_control(const char *path, bool listen)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		return -errno;
	if (strlen(path) >= sizeof(addr.sun_path)) {
		close(fd);
		return -ENAMETOOLONG;
	}
	strcpy(addr.sun_path, path);
	if (listen) {
		unlink(path);
		r = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	} else {
		/* Bound to a name of the kernel's choice, so that the reply finds us. */
		r = bind(fd, (struct sockaddr *)&addr, sizeof(sa_family_t));
		if (r == 0)
			r = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
	}
	if (r < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int send_command(const char *path, char **words)
{
	char text[1024] = "";
	struct timeval wait = {.tv_sec = 5};
	int fd = open_control(path, false);
	ssize_t n;

	for (; *words; words++) {
		strncat(text, *words, sizeof(text) - strlen(text) - 1);
		if (words[1])
			strncat(text, " ", sizeof(text) - strlen(text) - 1);
	}
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0 ||
	    send(fd, text, strlen(text), 0) < 0 || (n = recv(fd, text, sizeof(text) - 1, 0)) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(fd < 0 ? -fd : errno));
		return 1;
	}
	close(fd);
	text[n] = '\0';
	puts(text);
	return strncmp(text, "error", 5) == 0;
}

static int usage(void)
{
	fputs("fleet_sim [--listen ADDRESS:PORT] [--control PATH] [--config FILE] "
	      "['DEVICE-LINE'...]\n"
	      "fleet_sim --send PATH COMMAND...\n",
	      stderr);
	return 2;
}

struct options {
	const char *listen, *control, *config, *send;
};

static bool parse_options(int argc, char **argv, struct options *ret)
{
	static const struct option known[] = {{"listen", required_argument, NULL, 'l'},
					      {"control", required_argument, NULL, 'c'},
					      {"config", required_argument, NULL, 'f'},
					      {"send", required_argument, NULL, 's'},
					      {0}};
	int c;

	while ((c = getopt_long(argc, argv, "+", known, NULL)) >= 0) {
		if (c == 'l')
			ret->listen = optarg;
		else if (c == 'c')
			ret->control = optarg;
		else if (c == 'f')
			ret->config = optarg;
		else if (c == 's')
			ret->send = optarg;
		else
			return false;
	}
	return true;
}

static int load(struct sim *sim, const struct options *options, char **lines)
{
	char error[256];

	if (options->config && fleet_load(&sim->fleet, options->config, 0) < 0)
		return -EINVAL;
	for (; *lines; lines++) {
		if (fleet_line(&sim->fleet, *lines, 0, error, sizeof(error)) < 0) {
			fprintf(stderr, "%s\n", error);
			return -EINVAL;
		}
	}
	return 0;
}

static int run(struct sim *sim, const struct options *options)
{
	struct loop_fd *watch = NULL, *control = NULL;
	struct loop_signal *term = NULL, *intr = NULL;
	int r;

	sim->fd = open_udp(options->listen);
	if (sim->fd < 0)
		return sim->fd;
	sim->control_fd = options->control ? open_control(options->control, true) : -1;
	if (options->control && sim->control_fd < 0)
		return sim->control_fd;
	r = loop_timer_new(sim->loop, on_timer, sim, &sim->timer);
	if (r == 0)
		r = loop_fd_new(sim->loop, sim->fd, LOOP_READ, on_datagrams, sim, &watch);
	if (r == 0 && sim->control_fd >= 0)
		r = loop_fd_new(sim->loop, sim->control_fd, LOOP_READ, on_control, sim, &control);
	if (r == 0)
		r = loop_signal_new(sim->loop, SIGTERM, on_signal, sim, &term);
	if (r == 0)
		r = loop_signal_new(sim->loop, SIGINT, on_signal, sim, &intr);
	if (r == 0) {
		printf("ready: %zu devices on %s\n", sim->fleet.n, options->listen);
		fflush(stdout);
		r = loop_run(sim->loop);
	}
	loop_signal_free(term);
	loop_signal_free(intr);
	loop_fd_free(watch);
	loop_fd_free(control);
	loop_timer_free(sim->timer);
	if (options->control)
		unlink(options->control);
	return r;
}

int main(int argc, char **argv)
{
	static struct sim sim = {.random = 88172645, .fd = -1, .control_fd = -1};
	struct options options = {.listen = "0.0.0.0:161"};
	char reply[1024];
	int r;

	if (!parse_options(argc, argv, &options))
		return usage();
	if (options.send)
		return send_command(options.send, argv + optind);
	sim.begun_us = loop_now_us();
	r = loop_new(&sim.loop);
	if (r == 0)
		r = load(&sim, &options, argv + optind);
	if (r == 0)
		r = run(&sim, &options);
	if (r < 0) {
		fprintf(stderr, "fleet_sim: %s\n", strerror(-r));
	} else {
		fleet_command(&sim.fleet, "stats", 0, reply, sizeof(reply));
		puts(reply);
	}
	while (sim.n_late)
		free(sim.heap[--sim.n_late]);
	free(sim.heap);
	fleet_deinit(&sim.fleet);
	loop_free(sim.loop);
	return r < 0;
}
