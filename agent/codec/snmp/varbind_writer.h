/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a VarBindList (RFC 3416 3) from front to back into a buffer of fixed size: what
 * an agent answers with, one binding after the other until one does not fit. No
 * allocation, nothing copied twice.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

struct varbind_writer {
	uint8_t *start, *at, *end;
};

enum { VARBIND_WRITER_HEAD = 4 }; /* octets of the list's own header */

/* room: at least VARBIND_WRITER_HEAD, at most 65535 octets. */
void varbind_writer_init(struct varbind_writer *w, uint8_t *buf, size_t room);

/*
 * Appends a binding: its name, and a value by its type; the exceptions of RFC 3416
 * (SNMP_TYPE_NO_SUCH_OBJECT and so on) and SNMP_TYPE_NULL have none. False, and nothing
 * written, if there is no room for it, or if the name has under 2 or over 128 arcs.
 */
bool varbind_writer_add(struct varbind_writer *w, const struct snmp_varbind *varbind);

/* Completes the list: its length in octets from the start of the buffer. */
size_t varbind_writer_finish(struct varbind_writer *w);
