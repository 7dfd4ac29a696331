/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that answers as any number of devices at once: one socket on all of
 * 127.0.0.0/8, every GET is answered from the address it was sent to, with sysUpTime and
 * 4 interfaces x 7 columns (29 bindings) whose counters grow with time. SNMPv2c "public",
 * and one SNMPv3 user.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/types.h>

#include "common/snmp/snmp_message.h"

enum { BENCH_BINDINGS = 29, BENCH_INTERFACES = 4, BENCH_COLUMNS = 7 };

struct bench_responder {
	pid_t pid;
	in_port_t port; /* network byte order */
};

/* Starts the process. It ends with its parent. faulty: one device in ten is dead
 * (bench_is_dead), of the others' answers 5 in 100 are lost. */
void bench_responder_start(struct bench_responder *ret, bool faulty);
bool bench_is_dead(unsigned int i);
void bench_responder_stop(struct bench_responder *r);

/* Device number i: 127.1.0.1 and on. */
struct sockaddr_in bench_device(const struct bench_responder *r, unsigned int i);
/* The 29 names; arcs live in static memory. */
const struct snmp_varbind *bench_names(void);
/* The credential of SNMPv3, the engine id that all devices share, and keys for it. */
extern const struct snmp_credential BENCH_V3;
extern const uint8_t BENCH_ENGINE_ID[12];
/* A complete answer as the responder makes it; keys NULL: v2c. For measuring codecs
 * alone. */
size_t bench_answer(uint32_t id, const struct usm_keys *keys, uint32_t boots, uint32_t time,
		    uint8_t *buf, size_t room);
void bench_keys(struct usm_keys *ret);
