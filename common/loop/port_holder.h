/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has the port that we want, for the person who has to decide which of the two shall. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/endpoint.h"

struct port_holder {
	uid_t uid;
	pid_t pid;	  /* 0: not ours to see; root sees all */
	char process[16]; /* "" with pid 0 */
};

enum { PORT_HOLDER_TEXT_SIZE = 96, PORT_HOLDER_PROBLEM_SIZE = 256 };

/* type: SOCK_DGRAM or SOCK_STREAM. 0, or -ENOENT: nobody, as far as this machine's tables tell. */
int port_holder_find(int type, const struct sockaddr_storage *addr, struct port_holder *ret);

/* "snmptrapd (process 812, user Debian-snmp)" or "a process of the user Debian-snmp". Returns buf. */
const char *port_holder_text(const struct port_holder *holder,
			     char buf[static PORT_HOLDER_TEXT_SIZE]);

/* What to say of err, -errno of opening the address in text: endpoint_zone_problem(), and for
 * -EADDRINUSE who has it and what to do. type as above. Returns buf. */
const char *port_holder_problem(int type, const char *text, int err,
				char buf[static PORT_HOLDER_PROBLEM_SIZE]);

/* For a look beside the daemon that may run already, with process as its program's name: whether somebody
 * else has the address, by port_holder_problem()'s words then. user: as whom the daemon runs, which
 * is all there is to go by where processes cannot be seen; "" or NULL is us. */
bool port_holder_is_other(int type, const char *text, const char *process, const char *user,
			  char buf[static PORT_HOLDER_PROBLEM_SIZE]);
