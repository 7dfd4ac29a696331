/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of variable bindings in its encoded form, counted by references. What is asked
 * for again and again (the same GET each cycle) is encoded once, and asking copies
 * nothing. Immutable; it may be shared by any number of targets.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

struct snmp_bindings {
	uint32_t refs, len;
	uint8_t octets[]; /* the encoded VarBindList, its SEQUENCE header included */
};

/* -EINVAL: a type that cannot be sent, or a name under 2 or over 128 arcs; -EMSGSIZE: over
 * 65,000 octets. */
int snmp_bindings_new(const struct snmp_varbind *varbinds, size_t n_varbinds,
		      struct snmp_bindings **ret);
struct snmp_bindings *snmp_bindings_ref(struct snmp_bindings *bindings);
struct snmp_bindings *snmp_bindings_unref(struct snmp_bindings *bindings);
void snmp_bindings_unrefp(struct snmp_bindings **bindings);
