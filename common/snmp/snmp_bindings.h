/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of struct snmp_bindings, for those who send it; its functions are in
 * snmp_engine.h. */
#pragma once

#include "common/engine/snmp_engine.h"

/* The encoded VarBindList, its SEQUENCE header included. Refers to nothing. */
struct snmp_bindings {
	uint32_t refs, len;
	uint8_t octets[];
};
