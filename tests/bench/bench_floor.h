/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The floor that a poller is held against, measured in the same run: net-snmp's codec
 * alone (create + build + parse + free of one GET of 29 bindings and its answer), and the
 * same datagrams by raw sendmmsg/recvmmsg, window 64, nothing else. And what benchmarks
 * share for measuring. CPU time of this process; who answers is not counted.
 */
#pragma once

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "bench_responder.h"

struct bench_codec {
	netsnmp_session session;
	uint8_t answer[4096], engine_id[12];
	size_t answer_len;
};

/* Of the process so far. */
double bench_cpu_us(void);
long bench_rss_kib(void);
/* Sorts values. */
double bench_median(double *values, int n);

/* keys NULL: v2c; else authPriv with them. init_snmp() comes before. */
void bench_codec_init(struct bench_codec *c, const struct usm_keys *keys);
/* Per request and answer. */
double bench_codec_us(struct bench_codec *c);
/* Per datagram and answer, over that many devices of a running responder, v2c. */
double bench_mmsg_us(const struct bench_responder *r, unsigned int devices);
