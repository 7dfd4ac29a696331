/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries datagrams; decides nothing. One network, as there is one stage. */
#include "tests/simulation/stage/net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/queue.h"
#include "tests/simulation/stage/stage.h"

enum { EPHEMERAL = 32768, BUCKETS = 256 };

struct net_port {
	LIST_ENTRY(net_port) entry;
	struct machine *machine;
	struct net_address address;
	net_arrival_fn *fn;
	void *data;
};

struct datagram {
	struct stage_event event; /* first */
	LIST_ENTRY(datagram) entry;
	struct net_address from, to;
	size_t len;
	uint8_t octets[];
};

static LIST_HEAD(, net_port) ports[BUCKETS];
static LIST_HEAD(, datagram) flying;
static net_way_fn *way;
static void *way_data;
static uint64_t delivered;

static unsigned int bucket(struct net_address a)
{
	return (a.ip * 31 + a.ip / 256 + a.port) % BUCKETS;
}

static struct net_port *find(struct net_address a)
{
	struct net_port *port;

	LIST_FOREACH (port, &ports[bucket(a)], entry) {
		if (port->address.ip == a.ip && port->address.port == a.port)
			return port;
	}
	return NULL;
}

struct net_port *net_open(struct machine *machine, uint16_t number, net_arrival_fn *fn, void *data)
{
	struct net_address address = {machine->address, number ? number : EPHEMERAL};
	struct net_port *port = calloc(1, sizeof(*port));

	if (!port)
		abort();
	while (find(address)) {
		assert(!number); /* taken */
		address.port++;
	}
	*port = (struct net_port){.machine = machine, .address = address, .fn = fn, .data = data};
	LIST_INSERT_HEAD(&ports[bucket(address)], port, entry);
	return port;
}

struct net_port *net_close(struct net_port *port)
{
	if (!port)
		return NULL;
	LIST_REMOVE(port, entry);
	free(port);
	return NULL;
}

struct net_address net_address_of(const struct net_port *port)
{
	return port->address;
}

static void drop(struct datagram *d)
{
	stage_cancel(&d->event);
	LIST_REMOVE(d, entry);
	free(d);
}

static void on_arrival(void *data)
{
	struct datagram *d = data;
	struct net_port *port = find(d->to);
	struct machine *before;

	if (port && !port->machine->off) {
		/* a machine that is stopped finds it when it goes on */
		if (port->machine->stalled_until_us > stage_now_us()) {
			stage_set(&d->event, port->machine->stalled_until_us);
			return;
		}
		delivered++;
		before = stage_enter(port->machine);
		port->fn(port->data, d->from, d->octets, d->len);
		stage_enter(before);
	}
	drop(d);
}

static void fly(struct net_address from, struct net_address to, const void *octets, size_t len,
		int64_t delay_us)
{
	struct datagram *d = calloc(1, sizeof(*d) + len);

	if (!d)
		abort();
	d->event = (struct stage_event){.fn = on_arrival, .data = d};
	d->from = from;
	d->to = to;
	d->len = len;
	memcpy(d->octets, octets, len);
	LIST_INSERT_HEAD(&flying, d, entry);
	stage_set(&d->event, stage_now_us() + delay_us);
}

void net_forge(struct net_address from, struct net_address to, const void *octets, size_t len)
{
	struct net_fate fate = {.copies = 1, .from = from};

	if (way)
		way(way_data, from, to, len, &fate);
	for (unsigned int i = 0; i < fate.copies; i++)
		fly(fate.from, to, octets, len, fate.delay_us[i]);
}

void net_send(const struct net_port *from, struct net_address to, const void *octets, size_t len)
{
	if (!from->machine->off)
		net_forge(from->address, to, octets, len);
}

void net_set_way(net_way_fn *fn, void *data)
{
	way = fn;
	way_data = data;
}

void net_end(void)
{
	struct datagram *d;

	while ((d = LIST_FIRST(&flying)))
		drop(d);
	delivered = 0;
	way = NULL;
}

uint64_t net_delivered(void)
{
	return delivered;
}
