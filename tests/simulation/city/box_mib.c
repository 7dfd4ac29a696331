/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a simulated device has, in the order of names. Source: RFC 3418, RFC 2863. */
#include <string.h>

#include "common/base/cleanup.h"
#include "tests/simulation/city/box.h"

enum { IF_TABLE = 2, IFX_TABLE = 31, SCALAR = 0, OBJECT_LEN = 10 };

struct object {
	uint32_t oid[12];
	uint8_t len, table, column; /* column of a table; of a scalar: which */
};

enum scalar {
	SYS_DESCR,
	SYS_OBJECT_ID,
	SYS_UPTIME,
	SYS_NAME,
	IF_NUMBER,
	HOST_UPTIME,
	IF_TABLE_LAST_CHANGE
};

#define SYSTEM(n)                                                                                  \
	{                                                                                          \
		1, 3, 6, 1, 2, 1, 1, n                                                             \
	}
#define IFT(n)                                                                                     \
	{                                                                                          \
		{1, 3, 6, 1, 2, 1, 2, 2, 1, n}, 10, IF_TABLE, n                                    \
	}
#define IFX(n)                                                                                     \
	{                                                                                          \
		{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, n}, 11, IFX_TABLE, n                               \
	}

static const struct object OBJECTS[] = {
	{SYSTEM(1), 8, SCALAR, SYS_DESCR},
	{SYSTEM(2), 8, SCALAR, SYS_OBJECT_ID},
	{SYSTEM(3), 8, SCALAR, SYS_UPTIME},
	{SYSTEM(5), 8, SCALAR, SYS_NAME},
	{{1, 3, 6, 1, 2, 1, 2, 1}, 8, SCALAR, IF_NUMBER},
	IFT(1),
	IFT(2),
	IFT(3),
	IFT(4),
	IFT(5),
	IFT(6),
	IFT(7),
	IFT(8),
	IFT(9),
	IFT(10),
	IFT(13),
	IFT(14),
	IFT(16),
	IFT(19),
	IFT(20),
	{{1, 3, 6, 1, 2, 1, 25, 1, 1}, 9, SCALAR, HOST_UPTIME},
	IFX(1),
	IFX(6),
	IFX(10),
	IFX(15),
	IFX(18),
	IFX(19),
	{{1, 3, 6, 1, 2, 1, 31, 1, 5}, 9, SCALAR, IF_TABLE_LAST_CHANGE},
};

static const uint32_t OBJECT_ID[] = {1, 3, 6, 1, 4, 1, 99999, 1};

static void set_number(struct sim_value *ret, uint8_t type, uint64_t u)
{
	ret->type = type;
	ret->u = u;
	ret->i = (int64_t)u;
}

static void set_text(struct sim_value *ret, const void *octets, size_t len)
{
	ret->type = SIM_OCTETS;
	ret->bytes = octets;
	ret->len = len;
}

static void scalar(const struct box *box, int64_t now_us, enum scalar which, struct sim_value *ret)
{
	size_t present = 0;

	switch (which) {
	case SYS_DESCR:
	case SYS_NAME:
		set_text(ret, box->id, strlen(box->id));
		break;
	case SYS_OBJECT_ID:
		ret->type = SIM_OID;
		ret->bytes = OBJECT_ID;
		ret->len = ARRAY_LEN(OBJECT_ID);
		break;
	case SYS_UPTIME:
		set_number(ret, SIM_TIMETICKS, (uint32_t)box_uptime_ticks(box, now_us));
		break;
	case HOST_UPTIME:
		set_number(ret, SIM_TIMETICKS, (uint32_t)box_host_ticks(box, now_us));
		break;
	case IF_NUMBER:
		for (size_t i = 0; i < box->n_ports; i++)
			present += box->ports[i].present;
		set_number(ret, SIM_INTEGER, present);
		break;
	case IF_TABLE_LAST_CHANGE:
		set_number(ret, SIM_TIMETICKS,
			   box->table_changed_us > box->shown_boot_us
				   ? (uint64_t)box_uptime_ticks(box, box->table_changed_us)
				   : 0);
	}
}

static void counter(struct box *box, int64_t now_us, struct port *port, enum port_counter which,
		    struct sim_value *ret)
{
	int64_t as_of_us = box_counters_us(box, now_us);

	port_said(port, now_us, as_of_us);
	set_number(ret, SIM_COUNTER32, (uint32_t)port_counter(port, which, as_of_us));
}

static void wide(struct box *box, int64_t now_us, struct port *port, enum port_counter which,
		 struct sim_value *ret)
{
	static const uint64_t STUB[] = {
		[BOX_STUB_ZERO] = 0, [BOX_STUB_ONES] = UINT64_MAX, [BOX_STUB_CONST] = 12345};

	counter(box, now_us, port, which, ret);
	set_number(ret, SIM_COUNTER64,
		   box->stub ? STUB[box->stub]
			     : port_counter(port, which, box_counters_us(box, now_us)));
}

static void if_cell(struct box *box, int64_t now_us, struct port *port, uint8_t column,
		    struct sim_value *ret)
{
	switch (column) {
	case 1:
		set_number(ret, SIM_INTEGER, port->index);
		break;
	case 2:
		set_text(ret, port->descr, strlen(port->descr));
		break;
	case 3:
		set_number(ret, SIM_INTEGER, port->type);
		break;
	case 4:
		set_number(ret, SIM_INTEGER, 1500);
		break;
	case 5:
		set_number(ret, SIM_GAUGE32,
			   port->stated_bps > UINT32_MAX ? UINT32_MAX : port->stated_bps);
		break;
	case 6:
		set_text(ret, port->mac, memcmp(port->mac, (uint8_t[6]){0}, 6) ? 6 : 0);
		break;
	case 7:
		set_number(ret, SIM_INTEGER, 1);
		break;
	case 8:
		set_number(ret, SIM_INTEGER, port->down ? 2 : 1);
		break;
	case 9:
		set_number(ret, SIM_TIMETICKS,
			   port->changed_us > box->shown_boot_us
				   ? (uint64_t)box_uptime_ticks(box, port->changed_us)
				   : 0);
		break;
	case 10:
		counter(box, now_us, port, PORT_IN_OCTETS, ret);
		break;
	case 13:
		counter(box, now_us, port, PORT_IN_DISCARDS, ret);
		break;
	case 14:
		counter(box, now_us, port, PORT_IN_ERRORS, ret);
		break;
	case 16:
		counter(box, now_us, port, PORT_OUT_OCTETS, ret);
		break;
	case 19:
		counter(box, now_us, port, PORT_OUT_DISCARDS, ret);
		break;
	case 20:
		counter(box, now_us, port, PORT_OUT_ERRORS, ret);
		break;
	default:
		break;
	}
}

static void ifx_cell(struct box *box, int64_t now_us, struct port *port, uint8_t column,
		     struct sim_value *ret)
{
	switch (column) {
	case 1:
		set_text(ret, port->name, strlen(port->name));
		break;
	case 6:
		wide(box, now_us, port, PORT_IN_OCTETS, ret);
		break;
	case 10:
		wide(box, now_us, port, PORT_OUT_OCTETS, ret);
		break;
	case 15:
		set_number(ret, SIM_GAUGE32, port->stated_bps / 1000000);
		break;
	case 18:
		set_text(ret, port->alias, strlen(port->alias));
		break;
	case 19:
		set_number(ret, SIM_TIMETICKS, 0);
		break;
	default:
		break;
	}
}

static bool lacks(const struct box *box, const struct object *object)
{
	unsigned int is = 0;

	if (object->table == IFX_TABLE) {
		is = BOX_LACKS_IFX;
		is |= object->column == 1 ? BOX_LACKS_NAME : 0;
		is |= object->column == 6 || object->column == 10 ? BOX_LACKS_HC : 0;
		is |= object->column == 15 ? BOX_LACKS_SPEED : 0;
		is |= object->column == 18 ? BOX_LACKS_ALIAS : 0;
		is |= object->column == 19 ? BOX_LACKS_DISCONTINUITY : 0;
		if (box->version == 0 && (object->column == 6 || object->column == 10))
			return true; /* v1 has no Counter64 */
	} else if (object->table == IF_TABLE) {
		is = (object->column >= 13 && object->column != 16) ? BOX_LACKS_ERRORS : 0;
	} else if (object->column == SYS_UPTIME) {
		return box->clock == BOX_CLOCK_NONE;
	} else if (object->column == HOST_UPTIME) {
		return !box->host;
	} else if (object->column == IF_TABLE_LAST_CHANGE) {
		is = BOX_LACKS_LAST_CHANGE | BOX_LACKS_IFX;
	}
	return box->lacks & is;
}

static void cell(struct box *box, int64_t now_us, const struct object *object, uint32_t index,
		 struct sim_value *ret)
{
	ret->type = SIM_NO_SUCH_INSTANCE;
	if (lacks(box, object)) {
		ret->type = SIM_NO_SUCH_OBJECT;
		return;
	}
	if (object->table == SCALAR) {
		if (index == 0)
			scalar(box, now_us, object->column, ret);
		return;
	}
	for (size_t i = 0; i < box->n_ports; i++) {
		struct port *port = &box->ports[i];

		if (!port->present || port->index != index)
			continue;
		if (object->table == IF_TABLE)
			if_cell(box, now_us, port, object->column, ret);
		else
			ifx_cell(box, now_us, port, object->column, ret);
	}
}

void box_mib_get(struct box *box, int64_t now_us, const struct oid *name, struct sim_value *ret)
{
	ret->type = SIM_NO_SUCH_OBJECT;
	for (size_t i = 0; i < ARRAY_LEN(OBJECTS); i++) {
		const struct object *object = &OBJECTS[i];

		if (name->len == object->len + 1u &&
		    !memcmp(name->ids, object->oid, object->len * sizeof(uint32_t)))
			cell(box, now_us, object, name->ids[object->len], ret);
	}
}

/* The least index above that; with cut tables only two of them are there. */
static bool next_index(const struct box *box, int64_t now_us, const struct object *object,
		       int64_t after, uint32_t *ret)
{
	unsigned int below = 0;
	bool found = false;

	if (object->table == SCALAR) {
		*ret = 0;
		return after < 0;
	}
	for (size_t i = 0; i < box->n_ports; i++) {
		const struct port *port = &box->ports[i];

		if (!port->present)
			continue;
		below += port->index <= after;
		if (port->index > after && (!found || port->index < *ret)) {
			*ret = port->index;
			found = true;
		}
	}
	return found && !(now_us < box->cut_until_us && below >= 2);
}

bool box_mib_next(struct box *box, int64_t now_us, struct oid *name, struct sim_value *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(OBJECTS); i++) {
		const struct object *object = &OBJECTS[i];
		bool within = name->len > object->len &&
			      !memcmp(name->ids, object->oid, object->len * sizeof(uint32_t));
		int64_t after = within ? (int64_t)name->ids[object->len] : -1;
		uint32_t index = 0;

		if (lacks(box, object))
			continue;
		if (!within && oid_compare(name->ids, name->len, object->oid, object->len) > 0)
			continue;
		if (!next_index(box, now_us, object, after, &index))
			continue;
		memcpy(name->ids, object->oid, object->len * sizeof(uint32_t));
		name->ids[object->len] = index;
		name->len = object->len + 1u;
		cell(box, now_us, object, index, ret);
		return true;
	}
	return false;
}
