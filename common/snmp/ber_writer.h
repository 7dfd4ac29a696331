/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes BER by net-snmp's builders, from the end of a buffer to its front, so that every
 * length is known when its header is written and no longer than it must be. An error
 * sticks: write all, ask once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ber_writer {
	uint8_t *buf;
	size_t room, used; /* what is written are the last used octets of room */
	bool error;
};

/* The first octet of what is written so far. */
static inline const uint8_t *ber_front(const struct ber_writer *w)
{
	return w->buf + w->room - w->used;
}

void ber_put_int(struct ber_writer *w, long value);
/* type: ASN_COUNTER64, or one of the 32-bit types. */
void ber_put_unsigned(struct ber_writer *w, uint8_t type, uint64_t value);
/* octets may be NULL if len is 0. */
void ber_put_string(struct ber_writer *w, uint8_t type, const void *octets, size_t len);
/* 2 to 128 arcs. */
void ber_put_oid(struct ber_writer *w, const unsigned long *name, size_t len);
/* Octets as they are. */
void ber_put_raw(struct ber_writer *w, const void *octets, size_t len);
/* Wraps everything written since used was mark. */
void ber_put_header(struct ber_writer *w, uint8_t type, size_t mark);
