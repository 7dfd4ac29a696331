/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of simulated devices. A new kind is a function here and a row in the table; what
 * it does that no other does is a field of struct box.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/box.h"

#define MBPS UINT64_C(1000000)

static void set_rates(struct port *port, struct dice *dice, int64_t now_us)
{
	for (int c = 0; c < PORT_COUNTERS; c++) {
		struct flow *flow = &port->flow[c];

		flow->phase_s = (double)dice_below(dice, 3600);
		flow->from_us = now_us;
		/* octets: 2 to 50 % of what it carries at the mean; the rest now and then */
		flow->per_s = c <= PORT_OUT_OCTETS ? (0.02 + 0.48 * dice_real(dice)) *
							     (double)port->speed_bps / 8
						   : 0.02 + 0.3 * dice_real(dice);
	}
}

static void add_port(struct box *box, struct dice *dice, const char *name, uint64_t speed_bps)
{
	struct port *port = &box->ports[box->n_ports++];
	uint64_t shown[PORT_COUNTERS];

	*port = (struct port){.index = (uint32_t)(box->n_ports + (box->n_ports > 2 ? 7 : 0)),
			      .present = true,
			      .type = 6,
			      .speed_bps = speed_bps,
			      .stated_bps = speed_bps};
	snprintf(port->name, sizeof(port->name), "%s", name);
	snprintf(port->descr, sizeof(port->descr), "port %.8s", name);
	snprintf(port->alias, sizeof(port->alias), "to %u", (unsigned int)dice_below(dice, 900));
	port->mac[0] = 2;
	port->mac[4] = (uint8_t)dice_below(dice, 256);
	port->mac[5] = (uint8_t)box->n_ports;
	set_rates(port, dice, box->boot_us);
	for (int c = 0; c < PORT_COUNTERS; c++)
		shown[c] = c <= PORT_OUT_OCTETS ? dice_below(dice, UINT64_C(1) << 36)
						: dice_below(dice, 10000);
	port_clear(port, shown, box->boot_us);
}

static void add_ports(struct box *box, struct dice *dice, unsigned int least, unsigned int most,
		      uint64_t speed_bps)
{
	unsigned int n = (unsigned int)dice_between(dice, least, most);
	char name[PORT_TEXT];

	for (unsigned int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "ge%u", i);
		add_port(box, dice, name, speed_bps);
	}
}

/* ---- the kinds ---- */

static void make_plain(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 6, 1000 * MBPS);
	box->host = true;
}

/* 32 bits at up to 100 Mbit/s: they wrap every few minutes. */
static void make_narrow(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 5, 100 * MBPS);
	box->lacks = BOX_LACKS_IFX;
}

static void make_stub(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 4, 100 * MBPS);
	box->stub = (enum box_stub)dice_between(dice, BOX_STUB_ZERO, BOX_STUB_CONST);
}

static void make_stepped(struct box *box, struct dice *dice)
{
	static const int64_t STEPS_S[] = {5, 10, 15, 30, 60};

	add_ports(box, dice, 2, 4, 100 * MBPS);
	box->step_us = STEPS_S[dice_below(dice, ARRAY_LEN(STEPS_S))] * STAGE_SECOND_US;
	box->vague = true;
	if (dice_chance(dice, 0.5))
		box->lacks = BOX_LACKS_HC;
}

/* All ports have one ifName. */
static void make_twins(struct box *box, struct dice *dice)
{
	bool same_descr = dice_chance(dice, 0.5);

	add_ports(box, dice, 3, 6, 1000 * MBPS);
	for (size_t i = 0; i < box->n_ports; i++) {
		strcpy(box->ports[i].name, "ether");
		if (same_descr)
			strcpy(box->ports[i].descr, "Ethernet");
	}
	box->lacks = dice_chance(dice, 0.5) ? BOX_LACKS_LAST_CHANGE : 0;
}

/* ifName is there, but empty. */
static void make_nameless(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 3, 6, 100 * MBPS);
	for (size_t i = 0; i < box->n_ports; i++)
		box->ports[i].name[0] = '\0';
	box->lacks = dice_chance(dice, 0.5) ? BOX_LACKS_LAST_CHANGE : 0;
}

/* Nothing but the number tells its ports apart. */
static void make_numbered(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 4, 8, 1000 * MBPS);
	for (size_t i = 0; i < box->n_ports; i++) {
		struct port *port = &box->ports[i];

		strcpy(port->name, "port");
		strcpy(port->descr, "port");
		port->alias[0] = '\0';
		memset(port->mac, 0, sizeof(port->mac));
	}
	box->lacks = dice_chance(dice, 0.5) ? BOX_LACKS_LAST_CHANGE : 0;
}

static void make_sparse(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 5, 100 * MBPS);
	box->lacks = (unsigned int)dice_below(dice, BOX_LACKS_NAME << 1) & ~BOX_LACKS_IFX;
}

static void make_bulk_error(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 5, 1000 * MBPS);
	box->bulk = dice_chance(dice, 0.7) ? BOX_BULK_GEN_ERROR : BOX_BULK_SILENT;
}

static void make_too_big(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 3, 8, 1000 * MBPS);
	box->bulk_only_too_big = dice_chance(dice, 0.5);
	if (dice_chance(dice, 0.5))
		box->most_asked = (unsigned int)dice_between(dice, 5, 20);
	else
		box->most_octets = 484;
}

static void make_slow(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 5, 1000 * MBPS);
	box->think_us = dice_between(dice, 100, 700) * 1000;
	box->think_jitter_us = dice_between(dice, 0, 300) * 1000;
}

static void make_old(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 4, 100 * MBPS);
	box->version = 0;
}

static void make_no_uptime(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 4, 1000 * MBPS);
	box->clock = BOX_CLOCK_NONE;
	box->vague = true;
}

static void make_seconds(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 4, 1000 * MBPS);
	box->clock = BOX_CLOCK_SECONDS;
	box->vague = true;
}

/* sysUpTime comes from a cache. */
static void make_coarse(struct box *box, struct dice *dice)
{
	add_ports(box, dice, 2, 4, 1000 * MBPS);
	box->clock = BOX_CLOCK_COARSE;
	box->vague = true;
	box->coarse_us = dice_between(dice, 1, 5) * STAGE_SECOND_US;
}

const struct box_kind BOX_KINDS[] = {
	{"plain", 5, make_plain},
	{"narrow", 3, make_narrow},
	{"stub", 2, make_stub},
	{"stepped", 2, make_stepped},
	{"twins", 2, make_twins},
	{"nameless", 2, make_nameless},
	{"numbered", 1, make_numbered},
	{"sparse", 2, make_sparse},
	{"bulk-error", 2, make_bulk_error},
	{"too-big", 2, make_too_big},
	{"slow", 2, make_slow},
	{"old", 2, make_old},
	{"no-uptime", 1, make_no_uptime},
	{"seconds", 1, make_seconds},
	{"coarse", 1, make_coarse},
};
const size_t BOX_KINDS_N = ARRAY_LEN(BOX_KINDS);

const struct box_kind *box_kind_find(const char *name)
{
	for (size_t i = 0; i < BOX_KINDS_N; i++)
		if (strcmp(BOX_KINDS[i].name, name) == 0)
			return &BOX_KINDS[i];
	return NULL;
}

void box_make(struct box *box, const char *id, const struct box_kind *kind, uint64_t seed,
	      uint32_t address)
{
	struct dice dice = dice_of(seed, id);
	int64_t up_us = dice_between(&dice, 3600, 200 * 86400) * STAGE_SECOND_US;

	*box = (struct box){.kind = kind, .version = 1, .profile = "if-mib"};
	snprintf(box->id, sizeof(box->id), "%s", id);
	box->machine = (struct machine){.name = box->id, .address = address};
	box->dice = dice_of(seed ^ 1, id);
	box->boot_us = stage_now_us();
	box->shown_boot_us = box->host_boot_us = box->boot_us - up_us;
	box->think_us = 200;
	box->think_jitter_us = 2000;
	box->drift_ppm = (int32_t)dice_between(&dice, -50, 50);
	kind->make(box, &dice);
	/* v1 has no informs */
	box->tells = box->version && dice_chance(&dice, 0.6);
}
