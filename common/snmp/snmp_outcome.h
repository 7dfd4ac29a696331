/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a request ended, or a poll, and the words for it. */
#pragma once

#include <stdbool.h>

enum snmp_outcome {
	SNMP_OUTCOME_ANSWER,	   /* an answer; error_status may still be non-zero */
	SNMP_OUTCOME_TIMEOUT,	   /* nothing came within the deadline */
	SNMP_OUTCOME_REFUSED,	   /* ICMP port unreachable: the host lives, no agent listens */
	SNMP_OUTCOME_UNREACHABLE,  /* no route, network or host unreachable */
	SNMP_OUTCOME_UNKNOWN_USER, /* usmStatsUnknownUserNames */
	SNMP_OUTCOME_WRONG_KEY, /* usmStatsWrongDigests, or our check of the answer's digest failed */
	SNMP_OUTCOME_DECRYPT_ERROR, /* usmStatsDecryptionErrors: wrong privacy key or protocol */
	SNMP_OUTCOME_UNSUPPORTED_LEVEL, /* usmStatsUnsupportedSecLevels */
	SNMP_OUTCOME_NOT_IN_WINDOW,	/* time window, after one resynchronisation failed too */
	SNMP_OUTCOME_NO_ACCESS, /* the agent's access control refuses what is asked; the asker's verdict, not the engine's */
	SNMP_OUTCOME_MALFORMED, /* an answer from the right place with the right id that cannot be decoded */
	SNMP_OUTCOME_OTHER_SOURCE, /* nothing but answers from another address than was asked */
	SNMP_OUTCOME_FAILED,	/* local: out of memory, encoding, queue full; err holds -errno */
	SNMP_OUTCOME_CANCELLED, /* engine or target freed */
	SNMP_OUTCOME_N
};

/* "timeout", "wrong-key", ...: words of the API and the metrics. */
const char *snmp_outcome_name(enum snmp_outcome outcome);
/* User, key, decryption, level, window, access. */
bool snmp_outcome_is_auth(enum snmp_outcome outcome);
