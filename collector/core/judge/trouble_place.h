/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operator's first question about a trouble: intranet or internet, here or there? Answered
 * from what is known already: the device's status, and what its agent's echoes to gateway, core
 * and beyond came back with in the last minute.
 */
#pragma once

#include "collector/core/device/device.h"

/* From here outwards. */
enum trouble_place {
	TROUBLE_NOWHERE, /* no trouble, or nothing is known */
	TROUBLE_HERE,	 /* this machine has no way out */
	TROUBLE_BEFORE,	 /* something between here and there, which has an alert of its own */
	TROUBLE_LINE,	 /* the line that leads there */
	TROUBLE_THERE,	 /* the device, or a line that nobody watches */
	TROUBLE_AGENT,	 /* its SNMP alone */
	TROUBLE_GATEWAY, /* it does not reach the next router */
	TROUBLE_CORE,	 /* that, but not the intranet's core */
	TROUBLE_BEYOND,	 /* the core, but not the internet */
	TROUBLE_PLACE_N
};

enum trouble_place trouble_place_of(const struct device *device);
const char *trouble_place_name(enum trouble_place place); /* the API's word; "" for NOWHERE */
