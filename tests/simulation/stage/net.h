/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams between ports of machines. What becomes of each on its way is decided by whoever
 * is asked (net_set_way): how late, how often, from which address it seems to come.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct net_port;

struct net_address {
	uint32_t ip; /* host order */
	uint16_t port;
};

typedef void net_arrival_fn(void *data, struct net_address from, uint8_t *octets, size_t len);

/* machine: whose code fn is, and at whose address the port is; 0: some free port. */
struct net_port *net_open(struct machine *machine, uint16_t port, net_arrival_fn *fn, void *data);
struct net_port *net_close(struct net_port *port);
struct net_address net_address_of(const struct net_port *port);
/* Octets are copied. What a machine that is off sends goes nowhere. */
void net_send(const struct net_port *from, struct net_address to, const void *octets, size_t len);
/* As if it came from there. */
void net_forge(struct net_address from, struct net_address to, const void *octets, size_t len);

/* The fate of one datagram: as many copies as there are delays. */
enum { NET_COPIES_MAX = 4 };
struct net_fate {
	unsigned int copies; /* 0: lost */
	int64_t delay_us[NET_COPIES_MAX];
	struct net_address from; /* as it will seem */
};
typedef void net_way_fn(void *data, struct net_address from, struct net_address to, size_t len,
			struct net_fate *fate);
void net_set_way(net_way_fn *fn, void *data);

/* What is under way is dropped. */
void net_end(void);
/* Datagrams handed over so far, and those to ports that nobody had open. */
uint64_t net_delivered(void);
