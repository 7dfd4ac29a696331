/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams over loopback: more than a batch of them, who sent them, and from which of our
 * addresses the answer comes. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/endpoint.h"
#include "common/loop/loop.h"
#include "common/loop/udp_listen.h"
#include "common/system/log.h"

#include <cmocka.h>

enum { BATCH = 4, ROUNDS = 2, SENT = 11, GIVE_UP_US = 5000000 };

struct server {
	struct loop *loop;
	struct udp_listen *listen;
	struct loop_timer *timer;
	unsigned int wanted, got;
	unsigned int turn_of[SENT + 1]; /* in which turn of the loop each one came */
	unsigned int turn;
	int answered;
};

/* The answer is the question, backwards. */
static void on_datagram(void *data, const struct udp_listen_peer *peer, uint8_t *octets, size_t len)
{
	struct server *server = data;

	assert_true(len > 0 && octets[0] == 'q');
	octets[0] = 'a';
	server->answered += udp_listen_send(peer, octets, len);
	server->turn_of[server->got] = server->turn;
	if (++server->got == server->wanted)
		loop_stop(server->loop);
}

static void on_give_up(void *data)
{
	loop_stop(((struct server *)data)->loop);
}

static int setup(void **state)
{
	struct server *server = calloc(1, sizeof(*server));

	assert_int_equal(loop_new(&server->loop), 0);
	assert_int_equal(loop_timer_new(server->loop, on_give_up, server, &server->timer), 0);
	*state = server;
	return 0;
}

static int teardown(void **state)
{
	struct server *server = *state;

	udp_listen_free(server->listen);
	loop_timer_free(server->timer);
	loop_free(server->loop);
	free(server);
	return 0;
}

static struct udp_listen_conf conf_of(struct server *server)
{
	return (struct udp_listen_conf){.subsystem = "test",
					.fn = on_datagram,
					.data = server,
					.batch = BATCH,
					.rounds = ROUNDS,
					.receive_buffer = 100000};
}

/* A port that nobody has. Returns it. */
static unsigned int listen_anywhere(struct server *server, const char *host)
{
	const struct udp_listen_conf conf = conf_of(server);
	char address[80];

	for (unsigned int port = 20000 + (unsigned int)getpid() % 20000;; port++) {
		int r;

		snprintf(address, sizeof(address), "%s:%u", host, port);
		r = udp_listen_new(server->loop, address, &conf, &server->listen);
		if (r == 0)
			return port;
		if (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL)
			skip();
		assert_int_equal(r, -EADDRINUSE);
	}
}

static void wait_for(struct server *server, unsigned int n)
{
	server->wanted = n;
	loop_timer_arm(server->timer, GIVE_UP_US);
	if (server->got < n)
		loop_run(server->loop);
	assert_int_equal(server->got, n);
	assert_int_equal(server->answered, 0);
}

static int connected(const char *host, unsigned int port)
{
	struct endpoint to;
	int fd;

	assert_int_equal(endpoint_parse_address(host, (uint16_t)port, &to), 0);
	fd = socket(to.addr.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to.addr, to.len) < 0)
		skip();
	return fd;
}

/* A connected socket takes only what comes from the address that it asked. */
static void expect_answer(int fd, const char *text)
{
	struct timeval patience = {.tv_sec = 3};
	char got[16] = "";

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(recv(fd, got, sizeof(got), 0), strlen(text));
	assert_string_equal(got, text);
}

static void test_answer_from_the_address_asked(void **state)
{
	static const char *const HOSTS[] = {"127.0.0.1", "127.0.0.2", "127.9.8.7"};
	struct server *server = *state;
	unsigned int port = listen_anywhere(server, "0.0.0.0");

	for (unsigned int i = 0; i < ARRAY_LEN(HOSTS); i++) {
		int fd = connected(HOSTS[i], port);

		assert_int_equal(send(fd, "q1", 2, 0), 2);
		wait_for(server, i + 1);
		expect_answer(fd, "a1");
		close(fd);
	}
}

static void test_ipv6(void **state)
{
	struct server *server = *state;
	unsigned int port = listen_anywhere(server, "[::]");
	int fd = connected("::1", port);

	assert_int_equal(send(fd, "q6", 2, 0), 2);
	wait_for(server, 1);
	expect_answer(fd, "a6");
	close(fd);
}

static void on_turn(void *data)
{
	struct server *server = data;

	server->turn++;
	loop_timer_arm(server->timer, 0);
}

/* More than one turn may take: none is lost, and others had their turn between. */
static void test_batches(void **state)
{
	struct server *server = *state;
	unsigned int port = listen_anywhere(server, "127.0.0.1");
	int fd = connected("127.0.0.1", port);
	struct loop_timer *turns;

	for (unsigned int i = 0; i < SENT; i++) {
		char text[8];
		int n = snprintf(text, sizeof(text), "q%u", i);

		assert_int_equal(send(fd, text, (size_t)n, 0), n);
	}
	assert_int_equal(loop_timer_new(server->loop, on_turn, server, &turns), 0);
	loop_timer_free(server->timer);
	server->timer = turns;
	server->wanted = SENT;
	loop_timer_arm(turns, 0);
	loop_run(server->loop);
	assert_int_equal(server->got, SENT);
	assert_int_equal(server->turn_of[0], server->turn_of[BATCH * ROUNDS - 1]);
	assert_true(server->turn_of[BATCH * ROUNDS] > server->turn_of[0]);
	for (unsigned int i = 0; i < SENT; i++) {
		char text[8];

		snprintf(text, sizeof(text), "a%u", i);
		expect_answer(fd, text);
	}
	assert_int_equal(udp_listen_drops(server->listen), 0);
	close(fd);
}

static void quiet(void *data, enum log_level level, const char *line)
{
	(void)level;
	assert_non_null(strstr(line, "this machine has no such address yet"));
	++*(int *)data;
}

static void test_addresses(void **state)
{
	struct server *server = *state;
	const struct udp_listen_conf conf = conf_of(server);
	int lines = 0;

	assert_int_equal(udp_listen_new(server->loop, "127.0.0.1", &conf, &server->listen),
			 -EINVAL);
	assert_int_equal(udp_listen_new(server->loop, "127.0.0.1:0", &conf, &server->listen),
			 -EINVAL);
	assert_int_equal(
		udp_listen_new(server->loop, "[fe80::1%nowhere0]:162", &conf, &server->listen),
		-ENODEV);
	assert_null(server->listen);
	log_set_sink(quiet, &lines);
	assert_int_equal(listen_anywhere(server, "203.0.113.251") > 0, 1);
	log_set_sink(NULL, NULL);
	assert_int_equal(lines, 1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_answer_from_the_address_asked),
		CASE(test_ipv6),
		CASE(test_batches),
		CASE(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
