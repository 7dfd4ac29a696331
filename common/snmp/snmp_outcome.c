/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of snmp_outcome.h. */
#include "common/snmp/snmp_outcome.h"

#include <stddef.h>

const char *snmp_outcome_name(enum snmp_outcome outcome)
{
	static const char *const NAMES[SNMP_OUTCOME_N] = {
		[SNMP_OUTCOME_ANSWER] = "answer",
		[SNMP_OUTCOME_TIMEOUT] = "timeout",
		[SNMP_OUTCOME_REFUSED] = "refused",
		[SNMP_OUTCOME_UNREACHABLE] = "unreachable",
		[SNMP_OUTCOME_UNKNOWN_USER] = "unknown-user",
		[SNMP_OUTCOME_WRONG_KEY] = "wrong-key",
		[SNMP_OUTCOME_DECRYPT_ERROR] = "decrypt-error",
		[SNMP_OUTCOME_UNSUPPORTED_LEVEL] = "unsupported-level",
		[SNMP_OUTCOME_NOT_IN_WINDOW] = "not-in-window",
		[SNMP_OUTCOME_NO_ACCESS] = "no-access",
		[SNMP_OUTCOME_MALFORMED] = "malformed",
		[SNMP_OUTCOME_OTHER_SOURCE] = "other-source",
		[SNMP_OUTCOME_FAILED] = "failed",
		[SNMP_OUTCOME_CANCELLED] = "cancelled",
	};

	return (size_t)outcome < SNMP_OUTCOME_N ? NAMES[outcome] : "unknown";
}

bool snmp_outcome_is_auth(enum snmp_outcome outcome)
{
	return outcome >= SNMP_OUTCOME_UNKNOWN_USER && outcome <= SNMP_OUTCOME_NO_ACCESS;
}
