/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device that is only a sorted list of objects, recorded once: it answers the poll
 * session as an agent would, without a socket and in virtual time. Its sysUpTime goes on,
 * all else stands still, so that no rate can be known from it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_value.h"

struct poll_ask;
struct poll_session;
struct profile;
struct profile_oid;

struct recording_device {
	const struct snmp_varbind *rows; /* ascending by name, no name twice; the caller's */
	size_t n;
	int64_t taken_us; /* virtual time at which sysUpTime was as recorded */
};

/* The first row not before the name; after: behind it. NULL: none. */
const struct snmp_varbind *recording_device_find(const struct recording_device *recording,
						 const snmp_oid_t *name, size_t len, bool after);
/* Is there anything at or below the OID? */
bool recording_device_has(const struct recording_device *recording, const struct profile_oid *oid);

/* Answers what was asked into ret, which has room for so many; what does not fit is cut,
 * as GETBULK may be (RFC 3416 4.2.3). Returns how many bindings. They point into the
 * recording and into asked. */
size_t recording_device_answer(const struct recording_device *recording, const struct poll_ask *ask,
			       const struct snmp_varbind *asked, int64_t now_us,
			       struct snmp_varbind *ret, size_t room);

/* A whole cycle of the session; max_varbinds is its env's. 0, -EIO (nothing was answered)
 * or -ENOMEM. */
int recording_device_poll(const struct recording_device *recording, struct poll_session *session,
			  size_t max_varbinds, int64_t now_us);

/* Calls fn for each value that the profile asks for and the recording has under none of
 * its alternatives: group is "links" or the group's name, oid the best alternative. */
typedef void recording_device_lack_fn(void *data, const char *group, const char *name,
				      const struct profile_oid *oid);
void recording_device_lacks(const struct recording_device *recording, const struct profile *profile,
			    recording_device_lack_fn *fn, void *data);
