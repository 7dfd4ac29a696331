/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an operator should know of how a device answers: how it is served in spite of it, or
 * what of it is unknown because of it. Bits of device->remarks; the API has them by name.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What somebody can put right comes first, then what is unknown, then how it is served. */
enum device_remark {
	/* to be put right */
	REMARK_NO_PROFILE,
	REMARK_ACCESS_LIMITED,
	REMARK_NO_LINKS,
	REMARK_TOO_MANY_LINKS,
	REMARK_UNKNOWN_LINK,
	REMARK_SNMPV1,
	REMARK_NO_SPEED,
	REMARK_STATED_SPEED,
	/* its counters */
	REMARK_IMPLAUSIBLE,
	REMARK_AMBIGUOUS,
	REMARK_32_BITS,
	/* its clock */
	REMARK_NO_UPTIME,
	REMARK_BAD_UPTIME,
	/* its interfaces */
	REMARK_KNOWN_BY_NUMBER,
	REMARK_NAMES_MISSING,
	REMARK_NAMES_REPEATED,
	REMARK_RENUMBERED,
	REMARK_PARTIAL_ROWS,
	REMARK_NOT_UTF8,
	/* how it answers */
	REMARK_WRONG_TYPES,
	REMARK_OTHER_NAMES,
	REMARK_OUT_OF_ORDER,
	REMARK_LOOPS,
	/* how much it can be asked */
	REMARK_TOO_BIG,
	REMARK_CUT_ANSWERS,
	REMARK_SILENT_TO_LARGE,
	REMARK_GEN_ERRORS,
	REMARK_NO_BULK,
	DEVICE_REMARK_N
};

/* "too-big": for the API, and to translate by. */
const char *device_remark_name(enum device_remark remark);
/* In English. */
const char *device_remark_text(enum device_remark remark);
/* All of them, in English, joined by "; ". Returns buf. */
const char *device_remarks_describe(uint32_t remarks, char *buf, size_t size);
