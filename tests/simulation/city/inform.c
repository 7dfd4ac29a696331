/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes them, sends them, waits for the answers. RFC 3416 4.2.6 and 4.2.7. */
#include "tests/simulation/city/inform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/city/city.h"
#include "tests/simulation/city/noc.h"
#include "tests/simulation/truth/cause.h"

enum {
	PDU_RESPONSE = 0xa2,
	PDU_INFORM = 0xa6,
	PDU_TRAP = 0xa7,
	TRAP_PORT = 162,
	OWN_PORT = 40162,
	TRIES = 8,
	UNKNOWN_INDEX = 4711,
	FIRST_ID = 1000,
};

#define AGAIN_US (10 * STAGE_SECOND_US)

struct inform {
	struct stage_event again; /* first */
	struct city *city;
	int box;
	unsigned int number, tries;
	bool acknowledged;
	enum inform_way way;
	struct ber_msg msg;
};

struct inform_list {
	struct inform **informs;
	unsigned int n, room;
	struct net_port *ports[SCRIPT_BOXES_MAX];
};

struct inform_list *inform_list_new(void)
{
	struct inform_list *list = calloc(1, sizeof(*list));

	if (!list)
		abort();
	return list;
}

struct inform_list *inform_list_free(struct inform_list *list)
{
	for (unsigned int i = 0; i < list->n; i++) {
		stage_cancel(&list->informs[i]->again);
		free(list->informs[i]);
	}
	for (int i = 0; i < SCRIPT_BOXES_MAX; i++)
		net_close(list->ports[i]);
	free(list->informs);
	free(list);
	return NULL;
}

/* ---- what it says ---- */

static void add(struct ber_msg *msg, const char *name, const struct sim_value *value)
{
	struct oid oid;

	if (!oid_parse(name, &oid) || !ber_append_varbind(msg, &oid, value))
		abort();
}

static void add_oid(struct ber_msg *msg, const char *name, const char *text)
{
	struct sim_value value = {.type = SIM_OID};
	struct oid oid;

	if (!oid_parse(text, &oid))
		abort();
	value.bytes = oid.ids;
	value.len = oid.len;
	add(msg, name, &value);
}

static void add_link(struct ber_msg *msg, uint32_t index, bool up)
{
	char name[64];

	snprintf(name, sizeof(name), "1.3.6.1.2.1.2.2.1.1.%u", index);
	add(msg, name, &(struct sim_value){.type = SIM_INTEGER, .i = index});
	snprintf(name, sizeof(name), "1.3.6.1.2.1.2.2.1.7.%u", index);
	add(msg, name, &(struct sim_value){.type = SIM_INTEGER, .i = 1});
	snprintf(name, sizeof(name), "1.3.6.1.2.1.2.2.1.8.%u", index);
	add(msg, name, &(struct sim_value){.type = SIM_INTEGER, .i = up ? 1 : 2});
}

static void add_mark(struct ber_msg *msg, unsigned int number)
{
	char text[32];

	snprintf(text, sizeof(text), INFORM_MARK "%u;", number);
	add(msg, "1.3.6.1.4.1.99999.2.1.0",
	    &(struct sim_value){.type = SIM_OCTETS, .bytes = text, .len = strlen(text)});
}

static void add_sender(struct ber_msg *msg, uint32_t ip)
{
	const uint8_t octets[] = {ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255};

	add(msg, "1.3.6.1.6.3.18.1.3.0",
	    &(struct sim_value){.type = SIM_IPADDRESS, .bytes = octets, .len = sizeof(octets)});
}

static void encode(struct inform *inform, const struct box *box, uint32_t index, bool up)
{
	const char *community = inform->way == INFORM_FORGED ? "guessed" : "kota";
	struct ber_msg *msg = &inform->msg;

	ber_msg_init(msg, 1400);
	add(msg, "1.3.6.1.2.1.1.3.0",
	    &(struct sim_value){.type = SIM_TIMETICKS,
				.u = (uint32_t)box_uptime_ticks(box, stage_now_us())});
	add_oid(msg, "1.3.6.1.6.3.1.1.4.1.0", up ? "1.3.6.1.6.3.1.1.5.4" : "1.3.6.1.6.3.1.1.5.3");
	add_link(msg, index, up);
	add_mark(msg, inform->number);
	if (inform->way == INFORM_FORWARDED)
		add_sender(msg, box->machine.address);
	ber_wrap(msg, 0x30, ber_msg_len(msg));
	ber_prepend_int(msg, SIM_INTEGER, 0);
	ber_prepend_int(msg, SIM_INTEGER, 0);
	ber_prepend_int(msg, SIM_INTEGER, FIRST_ID + inform->number);
	ber_wrap(msg, inform->way == INFORM_FORWARDED ? PDU_TRAP : PDU_INFORM, ber_msg_len(msg));
	ber_prepend_octets(msg, SIM_OCTETS, community, strlen(community));
	ber_prepend_int(msg, SIM_INTEGER, 1);
	ber_wrap(msg, 0x30, ber_msg_len(msg));
}

/* ---- how it goes ---- */

static void on_answer(void *data, struct net_address from, uint8_t *octets, size_t len)
{
	struct city *city = data;
	struct ber all = {.p = octets, .end = octets + len}, msg = ber_enter(&all, 0x30), pdu;
	struct inform_list *list = city->informs;
	uint8_t tag = 0;
	int64_t number;

	(void)from;
	(void)ber_integer(&msg);
	(void)ber_enter(&msg, SIM_OCTETS);
	pdu = ber_next(&msg, &tag);
	number = ber_integer(&pdu) - FIRST_ID;
	if (tag != PDU_RESPONSE || pdu.bad || number < 0 || number >= list->n)
		return;
	list->informs[number]->acknowledged = true;
	stage_cancel(&list->informs[number]->again);
}

static struct net_port *port_of(struct city *city, int box)
{
	struct net_port **port = &city->informs->ports[box];

	if (!*port)
		*port = net_open(&city->boxes[box].machine, OWN_PORT, on_answer, city);
	return *port;
}

/* Who sends it: one that is passed on comes from who stands before, if anybody does. */
static int sender(const struct inform *inform)
{
	int parent = city_box_of(inform->city, inform->city->boxes[inform->box].parent);

	return inform->way == INFORM_FORWARDED && parent >= 0 ? parent : inform->box;
}

static void on_again(void *data)
{
	struct inform *inform = data;
	struct city *city = inform->city;
	const struct net_address to = {noc_machine(city->noc)->address, TRAP_PORT};
	int from = sender(inform);

	if (!city->boxes[from].dead) {
		/* whatever it brings about is to be over soon */
		cause_add(city->causes, from, stage_now_us(),
			  stage_now_us() + (3 * city->script->interval_s + 90) * STAGE_SECOND_US,
			  inform->way == INFORM_FORGED ? 0 : CAUSE_LINK);
		net_send(port_of(city, from), to, inform->msg.head, ber_msg_len(&inform->msg));
	}
	if (inform->way == INFORM_ITSELF && ++inform->tries < TRIES)
		stage_set(&inform->again, stage_now_us() + AGAIN_US);
}

void inform_link(struct city *city, int box, int port, bool up, enum inform_way way)
{
	struct inform_list *list = city->informs;
	struct inform *inform = calloc(1, sizeof(*inform));

	if (list->n == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->informs = reallocarray(list->informs, list->room, sizeof(*list->informs));
	}
	if (!inform || !list->informs)
		abort();
	inform->again = (struct stage_event){
		.machine = &city->boxes[box].machine, .fn = on_again, .data = inform};
	inform->city = city;
	inform->box = box;
	inform->way = way;
	inform->number = list->n;
	list->informs[list->n++] = inform;
	encode(inform, &city->boxes[box],
	       port < 0 ? UNKNOWN_INDEX : city->boxes[box].ports[port].index, up);
	stage_set(&inform->again, stage_now_us() + 1000);
}

unsigned int inform_count(const struct city *city)
{
	return city->informs->n;
}

bool inform_is_acknowledged(const struct city *city, unsigned int number)
{
	return city->informs->informs[number]->acknowledged;
}

enum inform_way inform_way_of(const struct city *city, unsigned int number)
{
	return city->informs->informs[number]->way;
}

int inform_box(const struct city *city, unsigned int number)
{
	return city->informs->informs[number]->box;
}
