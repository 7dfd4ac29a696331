/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters over flows. */
#include "tests/simulation/city/port.h"

#include <stdlib.h>

#define ROOM_LEAST 64
#define MEMORY_US  (INT64_C(4) * 3600 * 1000000)

static uint64_t counted(const struct port *port, enum port_counter counter, int64_t as_of_us)
{
	uint64_t value = port->shown[counter];

	if (as_of_us > port->since_us)
		value += flow_total(&port->flow[counter], as_of_us) - port->since_total[counter];
	return value;
}

static uint64_t low_by(const struct port *port, enum port_counter counter, int64_t as_of_us)
{
	bool is_low =
		as_of_us < port->low_until_us && counted(port, counter, as_of_us) >= port->low_by;

	return is_low ? port->low_by : 0;
}

uint64_t port_counter(const struct port *port, enum port_counter counter, int64_t as_of_us)
{
	return counted(port, counter, as_of_us) - low_by(port, counter, as_of_us);
}

void port_clear(struct port *port, const uint64_t shown[PORT_COUNTERS], int64_t now_us)
{
	for (int c = 0; c < PORT_COUNTERS; c++) {
		port->shown[c] = shown ? shown[c] : 0;
		port->since_total[c] = flow_total(&port->flow[c], now_us);
	}
	port->since_us = now_us;
	port->low_until_us = 0;
}

void port_set_down(struct port *port, bool down, int64_t now_us)
{
	if (port->down == down)
		return;
	port->down = down;
	port->changed_us = now_us;
	for (int c = 0; c < PORT_COUNTERS; c++) {
		if (down)
			flow_stop(&port->flow[c], now_us);
		else
			flow_go_on(&port->flow[c], now_us);
	}
}

void port_deinit(struct port *port)
{
	free(port->readings);
}

/* Before a full ring overwrites what the longest silence may need. */
static void make_room(struct port *port, int64_t now_us)
{
	uint64_t room = port->room ? port->room * 2 : ROOM_LEAST;
	struct port_reading *readings;

	if (port->n_readings < port->room ||
	    (port->room &&
	     now_us - port->readings[port->n_readings % port->room].at_us > MEMORY_US))
		return;
	readings = calloc(room, sizeof(*readings));
	if (!readings)
		abort();
	for (uint64_t n = port->n_readings - port->room; n < port->n_readings; n++)
		readings[n % room] = port->readings[n % port->room];
	free(port->readings);
	port->readings = readings;
	port->room = room;
}

void port_said(struct port *port, int64_t now_us, int64_t as_of_us)
{
	struct port_reading *reading;

	if (port->n_readings && port_reading(port, 0)->at_us == now_us)
		return;
	make_room(port, now_us);
	reading = &port->readings[port->n_readings++ % port->room];
	reading->at_us = now_us;
	reading->as_of_us = as_of_us;
	for (int c = 0; c < PORT_COUNTERS; c++) {
		reading->total[c] = flow_total(&port->flow[c], as_of_us);
		reading->count[c] = port_counter(port, (enum port_counter)c, as_of_us);
	}
}

const struct port_reading *port_reading(const struct port *port, uint64_t n)
{
	if (n >= port->n_readings || n >= port->room)
		return NULL;
	return &port->readings[(port->n_readings - 1 - n) % port->room];
}
