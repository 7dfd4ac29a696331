/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For tests of the request engine: a loop with an engine, one request awaited, and
 * Debian's snmpd or snmptrapd started on a free loopback port with files of its own.
 */
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include "common/engine/snmp_engine.h"
#include "common/loop/loop.h"

/* An answer as kept after the callback. */
struct kept_answer {
	struct snmp_answer answer;
	struct snmp_varbind first; /* numbers only: its pointers are dead */
	char first_text[64];	   /* octets of the first binding */
	unsigned int calls;
};

struct engine_harness {
	struct loop *loop;
	struct snmp_engine *engine;
	char dir[64]; /* temporary; removed at the end */
};

void engine_harness_init(struct engine_harness *h);
void engine_harness_deinit(struct engine_harness *h);

/* A loopback address with a port that was free a moment ago. */
struct sockaddr_in harness_address(void);

/* One GET of sysDescr.0, awaited (10 s at most, tries of 300 ms). */
void harness_get(struct engine_harness *h, struct snmp_target *target, struct kept_answer *ret);
void harness_ask(struct engine_harness *h, struct snmp_target *target, const struct snmp_ask *ask,
		 struct kept_answer *ret);
/* Callback that fills a struct kept_answer and stops nothing. */
void harness_keep(void *kept, const struct snmp_answer *answer);
/* Runs the loop for that long, or until *calls reaches least. */
void harness_run(struct engine_harness *h, const unsigned int *calls, unsigned int least,
		 int64_t most_us);

struct snmp_target *harness_target(struct engine_harness *h, const struct sockaddr_in *addr,
				   const struct snmp_credential *cred);

/* Starts program (an snmpd or snmptrapd) with that configuration text on addr; waits
 * until it listens. -1: not installed. */
pid_t harness_daemon(struct engine_harness *h, const char *program, const char *conf,
		     const struct sockaddr_in *addr, const char *extra_address);
void harness_stop(pid_t pid);
