/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recordings of devices as snmpsim and LibreNMS write them, one object per line:
 *
 *	OID|type|value
 *
 * type is the BER tag in decimal: 2 INTEGER, 4 OCTET STRING, 5 NULL, 6 OBJECT IDENTIFIER,
 * 64 IpAddress, 65 Counter32, 66 Gauge32, 67 TimeTicks, 68 Opaque, 70 Counter64. With an
 * "x" after 4, 64 or 68 the value is written in hex. Empty lines and those that begin
 * with
 * '#' say nothing. Values that a simulator would vary (snmpsim's "2:numeric") cannot be read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

struct conf_errors;

enum {
	SNMPREC_FILE_MAX = 64 << 20, /* octets of a recording */
	SNMPREC_ROWS_MAX = 2000000,
	SNMPREC_ARCS_MAX = 128, /* of a name or an OID value, RFC 2578 3.5 */
};

struct snmprec {
	struct snmp_varbind *rows; /* ascending by name, no name twice */
	size_t n;
	size_t n_repeated; /* lines left out because an earlier one has their name */
	size_t n_wrong;	   /* lines left out because they say nothing that can be read */
	snmp_oid_t *arcs;  /* what the rows point to */
	uint8_t *octets;
};

/*
 * Every mistake becomes one line in errors, "NAME:LINE: what is wrong"; name stands for
 * the file. A line that is wrong is left out: people cut and mask recordings by hand. ret is
 * untouched on failure; free it with snmprec_deinit(). Returns 0, -EINVAL (nothing is left,
 * or there is too much; errors has at least one line) or -ENOMEM.
 */
int snmprec_parse(const char *name, const uint8_t *text, size_t len, struct snmprec *ret,
		  struct conf_errors *errors);
void snmprec_deinit(struct snmprec *snmprec);
