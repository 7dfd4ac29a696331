/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variable bindings as text for people and the log of notifications: one "oid = value" a
 * line. Octets are shown as text if they are UTF-8 without control characters, else in
 * hexadecimal; of more than a thousand the first, and how many there were. A community that a proxy passes on is a secret and left out. Pure.
 */
#pragma once

#include <stddef.h>

#include "common/snmp/snmp_value.h"

/* What stands for the value of snmpTrapCommunity.0. */
#define VARBIND_TEXT_HIDDEN "(hidden)"

/* Always ends with a NUL. What does not fit is cut, with "..." as last line. Returns the length. */
size_t varbind_text(const struct snmp_varbind *varbinds, size_t n, char *buf, size_t size);
