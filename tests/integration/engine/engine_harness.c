/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Harness of the request engine's integration tests; see the header. */
#include "engine_harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"

#include <cmocka.h>

void engine_harness_init(struct engine_harness *h)
{
	struct snmp_engine_conf conf = {.max_outstanding = 64, .sockets = 2};

	*h = (struct engine_harness){.dir = "/tmp/pantau-engine-XXXXXX"};
	assert_non_null(mkdtemp(h->dir));
	assert_int_equal(loop_new(&h->loop), 0);
	assert_int_equal(snmp_engine_new(h->loop, &conf, &h->engine), 0);
}

void engine_harness_deinit(struct engine_harness *h)
{
	char command[128];

	snmp_engine_free(h->engine);
	loop_free(h->loop);
	snprintf(command, sizeof(command), "rm -rf %s", h->dir);
	assert_int_equal(system(command), 0);
}

struct sockaddr_in harness_address(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof(addr);
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	return addr;
}

void harness_keep(void *data, const struct snmp_answer *answer)
{
	struct kept_answer *kept = data;
	const struct snmp_varbind *v = answer->varbinds;

	kept->calls++;
	kept->answer = *answer;
	kept->answer.varbinds = NULL;
	if (answer->outcome != SNMP_OUTCOME_ANSWER || answer->n_varbinds == 0)
		return;
	kept->first = *v;
	if (v->type == SNMP_TYPE_OCTETS)
		snprintf(kept->first_text, sizeof(kept->first_text), "%.*s", (int)v->v.octets.len,
			 (const char *)v->v.octets.p);
}

struct waiting {
	struct loop *loop;
	struct loop_timer *timer;
	const unsigned int *calls;
	unsigned int least;
	int64_t until_us;
};

static void on_tick(void *data)
{
	struct waiting *w = data;

	if (*w->calls >= w->least || loop_now_us() >= w->until_us)
		loop_stop(w->loop);
	else
		assert_int_equal(loop_timer_arm(w->timer, 500), 0);
}

void harness_run(struct engine_harness *h, const unsigned int *calls, unsigned int least,
		 int64_t most_us)
{
	struct waiting w = {
		.loop = h->loop,
		.calls = calls,
		.least = least,
		.until_us = loop_now_us() + most_us,
	};

	assert_int_equal(loop_timer_new(h->loop, on_tick, &w, &w.timer), 0);
	assert_int_equal(loop_timer_arm(w.timer, 0), 0);
	assert_int_equal(loop_run(h->loop), 0);
	loop_timer_free(w.timer);
}

void harness_ask(struct engine_harness *h, struct snmp_target *target, const struct snmp_ask *ask,
		 struct kept_answer *ret)
{
	*ret = (struct kept_answer){0};
	assert_int_equal(snmp_engine_ask(target, ask, harness_keep, ret, NULL), 0);
	assert_int_equal(ret->calls, 0); /* never from inside */
	harness_run(h, &ret->calls, 1, 12 * 1000 * 1000);
	assert_int_equal(ret->calls, 1);
}

void harness_get(struct engine_harness *h, struct snmp_target *target, struct kept_answer *ret)
{
	static const snmp_oid_t SYS_DESCR[] = {1, 3, 6, 1, 2, 1, 1, 1, 0};
	struct snmp_varbind v = {.name = SYS_DESCR, .name_len = ARRAY_LEN(SYS_DESCR)};
	struct snmp_ask ask = {
		.pdu = SNMP_PDU_GET,
		.varbinds = &v,
		.n_varbinds = 1,
		.deadline_us = loop_now_us() + 10 * 1000 * 1000,
		.timeout_us = 300 * 1000,
		.tries = 3,
	};

	harness_ask(h, target, &ask, ret);
}

struct snmp_target *harness_target(struct engine_harness *h, const struct sockaddr_in *addr,
				   const struct snmp_credential *cred)
{
	struct snmp_target *target = NULL;

	assert_int_equal(snmp_target_new(h->engine, (const struct sockaddr *)addr, sizeof(*addr),
					 cred, &target),
			 0);
	return target;
}

/* ---- daemons ---- */

static void write_conf(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Whether somebody has bound the port. */
static bool listens(const struct sockaddr_in *addr)
{
	cleanup_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) < 0 && errno == EADDRINUSE;
}

static void pause_ms(long ms)
{
	struct timespec ts = {.tv_nsec = ms * 1000000};

	nanosleep(&ts, NULL);
}

pid_t harness_daemon(struct engine_harness *h, const char *program, const char *conf,
		     const struct sockaddr_in *addr, const char *extra)
{
	char path[128], pid_file[128], log_arg[128], where[64];
	pid_t pid;

	if (access(program, X_OK) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/%d.conf", h->dir, ntohs(addr->sin_port));
	snprintf(pid_file, sizeof(pid_file), "%s/%d.pid", h->dir, ntohs(addr->sin_port));
	snprintf(log_arg, sizeof(log_arg), "%s/%d.log", h->dir, ntohs(addr->sin_port));
	snprintf(where, sizeof(where), "udp:127.0.0.1:%d", ntohs(addr->sin_port));
	write_conf(path, conf);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("SNMP_PERSISTENT_DIR", h->dir, 1); /* boots are kept there */
		setenv("SNMPCONFPATH", h->dir, 1);	  /* and not /etc/snmp */
		setenv("MIBS", "", 1);
		execl(program, program, "-f", "-c", path, "-p", pid_file, "-Lf", log_arg, where,
		      extra, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 500 && !listens(addr); i++)
		pause_ms(10);
	assert_true(listens(addr));
	return pid;
}

void harness_stop(pid_t pid)
{
	int status;

	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}
