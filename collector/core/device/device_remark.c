/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides nothing: the words for what poll_remarks.c finds. */
#include "collector/core/device/device_remark.h"

#include <stdio.h>

_Static_assert(DEVICE_REMARK_N <= 32, "device->remarks has 32 bits");

static const struct {
	const char *name, *text;
} REMARKS[DEVICE_REMARK_N] = {
	[REMARK_NO_PROFILE] = {"no-profile", "no profile fits it"},
	[REMARK_ACCESS_LIMITED] = {"access-limited",
				   "its access control refuses some of what is asked"},
	[REMARK_NO_LINKS] = {"no-links",
			     "shows no interfaces: is the credential's view restricted?"},
	[REMARK_TOO_MANY_LINKS] = {"too-many-links",
				   "has more interfaces than are watched of one device"},
	[REMARK_TOO_BIG] = {"too-big", "answers tooBig: asked for less at a time"},
	[REMARK_CUT_ANSWERS] = {"cut-answers", "cuts its answers: asked for less at a time"},
	[REMARK_SILENT_TO_LARGE] = {"silent-to-large",
				    "silent to large requests: asked for less at a time"},
	[REMARK_GEN_ERRORS] = {"gen-errors", "answers genErr: asked for less at a time"},
	[REMARK_NO_BULK] = {"no-bulk", "does not bear GETBULK: its tables are read by GETNEXT"},
	[REMARK_OUT_OF_ORDER] = {"out-of-order",
				 "a table of it is out of order: read nevertheless"},
	[REMARK_LOOPS] = {"loops", "a table of it repeats itself: read as far as it goes"},
	[REMARK_OTHER_NAMES] =
		{"other-names",
		 "answers in another order or under other OIDs than asked: taken by OID"},
	[REMARK_WRONG_TYPES] = {"wrong-types", "values of a type that does not fit are unknown"},
	[REMARK_NO_UPTIME] = {"no-uptime", "has no uptime: intervals are measured by our clock, "
					   "unknown where its answers take unevenly long"},
	[REMARK_BAD_UPTIME] = {"bad-uptime", "its sysUpTime does not count hundredths of a second: "
					     "intervals are measured by our clock"},
	[REMARK_PARTIAL_ROWS] =
		{"partial-rows",
		 "interfaces lack values that others have: read from the other table, or unknown"},
	[REMARK_NAMES_MISSING] = {"names-missing",
				  "interfaces have no name: followed by alias or MAC address"},
	[REMARK_NAMES_REPEATED] =
		{"names-repeated",
		 "interface names repeat: told apart by description, address or alias"},
	[REMARK_KNOWN_BY_NUMBER] =
		{"known-by-number",
		 "interfaces that only their number tells apart begin anew when it changes"},
	[REMARK_NOT_UTF8] = {"not-utf8", "texts are not UTF-8: read as Latin-1"},
	[REMARK_RENUMBERED] = {"renumbered", "interfaces changed their numbers: followed by name"},
	[REMARK_SNMPV1] = {"snmpv1", "asked by SNMPv1, which has no counters of 64 bits: give it a "
				     "credential of SNMPv3 or v2c if it can"},
	[REMARK_NO_SPEED] = {"no-speed", "states no speed of its main link, or of one with a role: "
					 "give it in the inventory, or the load is unknown"},
	[REMARK_32_BITS] = {"32-bits",
			    "interfaces have counters of 32 bits only: polled more often"},
	[REMARK_AMBIGUOUS] = {"ambiguous",
			      "counters of 32 bits may have wrapped more than once: unknown"},
	[REMARK_IMPLAUSIBLE] = {"implausible",
				"counters grew by more than their interface can carry: unknown"},
	[REMARK_STATED_SPEED] = {"stated-speed",
				 "carries more than the speed it states: its load is unknown"},
	[REMARK_UNKNOWN_LINK] = {"unknown-link",
				 "the inventory sets the capacity of a link that it has not"},
};

const char *device_remark_name(enum device_remark remark)
{
	return (unsigned int)remark < DEVICE_REMARK_N ? REMARKS[remark].name : "unknown";
}

const char *device_remark_text(enum device_remark remark)
{
	return (unsigned int)remark < DEVICE_REMARK_N ? REMARKS[remark].text : "";
}

const char *device_remarks_describe(uint32_t remarks, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 0; i < DEVICE_REMARK_N && used < size; i++)
		if (remarks >> i & 1)
			used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? "; " : "",
						 REMARKS[i].text);
	return buf;
}
