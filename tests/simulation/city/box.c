/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated device's life: its sockets, its clocks, its ports' names and numbers. */
#include "tests/simulation/city/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_US INT64_C(10000)

/* A request that waits until the device has thought about it. */
struct thought {
	struct stage_event event; /* first */
	struct box *box;
	struct net_address from;
	size_t len;
	uint8_t octets[];
};

static void on_thought(void *data)
{
	struct thought *thought = data;
	struct box *box = thought->box;
	int64_t now_us = stage_now_us();
	struct ber_msg msg;

	if (!box->dead && box_answer(box, now_us, thought->octets, thought->len, &msg)) {
		box->answers++;
		box->answered_us = now_us;
		net_send(box->net, thought->from, msg.head, ber_msg_len(&msg));
	}
	free(thought);
}

static int64_t think_us(struct box *box, int64_t now_us)
{
	int64_t us = box->think_us + dice_between(&box->dice, 0, box->think_jitter_us);

	return now_us < box->slow_until_us ? us + box->slow_by_us : us;
}

static void on_request(void *data, struct net_address from, uint8_t *octets, size_t len)
{
	struct box *box = data;
	struct thought *thought;

	box->requests++;
	box->asked_us = stage_now_us();
	if (box->dead)
		return;
	thought = calloc(1, sizeof(*thought) + len);
	if (!thought)
		abort();
	thought->event =
		(struct stage_event){.machine = &box->machine, .fn = on_thought, .data = thought};
	thought->box = box;
	thought->from = from;
	thought->len = len;
	memcpy(thought->octets, octets, len);
	stage_set(&thought->event, stage_now_us() + think_us(box, stage_now_us()));
}

void box_open(struct box *box)
{
	box->net = net_open(&box->machine, 161, on_request, box);
}

void box_close(struct box *box)
{
	box->net = net_close(box->net);
	for (size_t i = 0; i < box->n_ports; i++)
		port_deinit(&box->ports[i]);
}

/* ---- clocks ---- */

int64_t box_uptime_ticks(const struct box *box, int64_t now_us)
{
	int64_t up_us = now_us - box->shown_boot_us;

	up_us += up_us / 1000000 * box->drift_ppm;
	switch (box->clock) {
	case BOX_CLOCK_SECONDS:
		return up_us / STAGE_SECOND_US;
	case BOX_CLOCK_COARSE:
		return (up_us - up_us % box->coarse_us) / TICK_US;
	default:
		return up_us / TICK_US;
	}
}

int64_t box_host_ticks(const struct box *box, int64_t now_us)
{
	int64_t up_us = now_us - box->host_boot_us;

	return (up_us + up_us / 1000000 * box->drift_ppm) / TICK_US;
}

int64_t box_counters_us(const struct box *box, int64_t now_us)
{
	return box->step_us ? now_us - (now_us - box->boot_us) % box->step_us : now_us;
}

void box_switch_off(struct box *box)
{
	int64_t now_us = stage_now_us();

	box->dead = box->off = true;
	for (size_t i = 0; i < box->n_ports; i++)
		for (int c = 0; c < PORT_COUNTERS; c++)
			flow_stop(&box->ports[i].flow[c], now_us);
}

void box_switch_on(struct box *box)
{
	int64_t now_us = stage_now_us();

	box->dead = box->off = false;
	box->boot_us = box->shown_boot_us = box->host_boot_us = box->table_changed_us = now_us;
	for (size_t i = 0; i < box->n_ports; i++) {
		struct port *port = &box->ports[i];

		for (int c = 0; c < PORT_COUNTERS && !port->down; c++)
			flow_go_on(&port->flow[c], now_us);
		port_clear(port, NULL, now_us);
	}
}

void box_restart_agent(struct box *box)
{
	box->shown_boot_us = stage_now_us();
}

/* ---- names and numbers ---- */

void box_renumber(struct box *box, unsigned int by)
{
	uint32_t index[BOX_PORTS_MAX];

	for (size_t i = 0; i < box->n_ports; i++)
		index[i] = box->ports[(i + by) % box->n_ports].index;
	for (size_t i = 0; i < box->n_ports; i++)
		box->ports[i].index = index[i];
	box->table_changed_us = stage_now_us();
}

static void first_name(const struct box *box, const struct port *port, char *buf, size_t size)
{
	const uint8_t *mac = port->mac;
	bool named = !(box->lacks & (BOX_LACKS_IFX | BOX_LACKS_NAME)) && port->name[0];

	if (named)
		snprintf(buf, size, "%s", port->name);
	else if (port->descr[0])
		snprintf(buf, size, "%s", port->descr);
	else if (!(box->lacks & (BOX_LACKS_IFX | BOX_LACKS_ALIAS)) && port->alias[0])
		snprintf(buf, size, "%s", port->alias);
	else if (memcmp(mac, (uint8_t[6]){0}, 6) != 0)
		snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
			 mac[4], mac[5]);
	else
		snprintf(buf, size, "if%u", port->index);
}

/* The evidences that tell ports of one name apart, in the collector's order. */
static void evidence(const struct box *box, const struct port *port, int which, char *buf,
		     size_t size)
{
	const uint8_t *mac = port->mac;

	buf[0] = '\0';
	if (which == 0)
		snprintf(buf, size, "%s", port->descr);
	else if (which == 1 && memcmp(mac, (uint8_t[6]){0}, 6) != 0)
		snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
			 mac[4], mac[5]);
	else if (which == 2 && !(box->lacks & (BOX_LACKS_IFX | BOX_LACKS_ALIAS)))
		snprintf(buf, size, "%s", port->alias);
	else if (which == 3)
		snprintf(buf, size, "%u", port->index);
}

static bool shares(const struct box *box, const char *name, size_t i, size_t j)
{
	char other[PORT_TEXT];

	first_name(box, &box->ports[j], other, sizeof(other));
	return i != j && box->ports[j].present && strcmp(name, other) == 0;
}

static bool tells_apart(const struct box *box, const char *name, int which)
{
	char a[PORT_TEXT], b[PORT_TEXT];

	for (size_t i = 0; i < box->n_ports; i++) {
		if (!shares(box, name, BOX_PORTS_MAX, i))
			continue;
		evidence(box, &box->ports[i], which, a, sizeof(a));
		if (!a[0])
			return false;
		for (size_t j = 0; j < i; j++) {
			evidence(box, &box->ports[j], which, b, sizeof(b));
			if (shares(box, name, BOX_PORTS_MAX, j) && strcmp(a, b) == 0)
				return false;
		}
	}
	return true;
}

void box_port_key(const struct box *box, const struct port *port, char *buf, size_t size)
{
	char name[PORT_TEXT], text[PORT_TEXT];
	bool shared = false;
	int which = 0;

	first_name(box, port, name, sizeof(name));
	for (size_t j = 0; j < box->n_ports; j++)
		shared |= shares(box, name, (size_t)(port - box->ports), j);
	snprintf(buf, size, "%s", name);
	if (!shared)
		return;
	while (which < 3 && !tells_apart(box, name, which))
		which++;
	evidence(box, port, which, text, sizeof(text));
	snprintf(buf, size, "%s@%s", name, text);
}

struct port *box_port(struct box *box, const char *key)
{
	char own[2 * PORT_TEXT];

	for (size_t i = 0; i < box->n_ports; i++) {
		box_port_key(box, &box->ports[i], own, sizeof(own));
		if (box->ports[i].present && strcmp(own, key) == 0)
			return &box->ports[i];
	}
	return NULL;
}
