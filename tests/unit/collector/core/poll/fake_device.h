/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device in virtual time for tests of polling: objects that grow at known rates, the
 * quirks of real agents, and a run of a poll session's cycle against it. No socket, no clock.
 */
#pragma once

#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "collector/core/device/profile.h"
#include "collector/core/poll/poll_session.h"
#include "collector/core/value/sample.h"

enum { FAKE_OBJECTS_MAX = 4096, FAKE_SAMPLES_MAX = 512, FAKE_PDU_MAX = 512 };

struct fake_object {
	snmp_oid_t oid[40];
	size_t len;
	uint8_t type;
	uint64_t base;	   /* value at the device's boot, or at set_at_us */
	double per_s;	   /* growth */
	int64_t set_at_us; /* 0: counts from boot */
	char text[64];	   /* octets */
	size_t text_len;
	snmp_oid_t value_oid[20];
	size_t value_len;
};

enum fake_too_much {
	FAKE_FITS,
	FAKE_TOO_BIG,
	FAKE_TOO_BIG_EMPTY,
	FAKE_SILENT,
	FAKE_CUT,
	FAKE_GEN_ERR
};

struct fake_sample {
	char object[64], group[20];
	int64_t time_ms, duration_ms;
	size_t n;
	double value[SAMPLE_DS_MAX];
};

struct fake {
	/* what the device is like */
	struct fake_object objects[FAKE_OBJECTS_MAX]; /* sorted */
	size_t n_objects;
	int64_t boot_us;
	int64_t renewed_us; /* counters are, so often; 0: always right */
	bool v1, dead, no_bulk, shuffled;
	bool bulk_gen_err; /* GETBULK is answered with genErr, error-index 1 */
	unsigned int
		lost; /* the so-manieth request from now on is lost with all its tries; 0: none */
	bool no_access; /* authorizationError to everything, as snmpd's VACM for a user without rights */
	enum fake_too_much too_much;
	size_t most;	  /* bindings it can bear; 0: any */
	int64_t delay_us; /* between asking and serving, and half of it back */
	int64_t (*extra_delay)(struct fake *fake); /* of this answer; may be NULL */
	bool (*successor)(struct fake *fake, const snmp_oid_t *oid, size_t len,
			  size_t *ret); /* instead of the next in order */

	/* the other side */
	struct poll_env env;
	struct inventory_entry entry;
	struct device *device;
	struct poll_session *session;
	int64_t now_us;
	bool keeps; /* as poller and engine do: requests that will be made again are kept, known
		       names not spelt out */

	/* what happened */
	struct fake_sample samples[FAKE_SAMPLES_MAX];
	size_t n_samples;
	unsigned int requests, discovering, silences, restarts, discoveries, link_changes,
		agent_restarts;
	size_t greatest;      /* bindings in one answer */
	unsigned int repeats; /* requests that were kept ones */
	uint64_t asked;	      /* a digest of all names that were asked for, in order */
	int64_t boot_ms;

	struct snmp_varbind kept[128]; /* the request of that number */
	snmp_oid_t kept_oids[128][128];
	uint32_t kept_number;
};

/* The profile set is the caller's. now_us starts at 1000 s. */
struct fake *fake_new(const struct profile_set *profiles, const char *profile, bool v1);
struct fake *fake_free(struct fake *fake);

void fake_set(struct fake *fake, const char *oid, uint8_t type, uint64_t value, double per_s);
void fake_set_text(struct fake *fake, const char *oid, const char *text);
void fake_set_octets(struct fake *fake, const char *oid, const void *octets, size_t len);
void fake_set_oid(struct fake *fake, const char *oid, const char *value);
void fake_unset(struct fake *fake, const char *oid);
/* The value a counter shows now; sets it to that at a new growth rate. */
void fake_change_rate(struct fake *fake, const char *oid, double per_s);
void fake_reboot(struct fake *fake); /* uptime and all growing values begin at 0 now */
/* ifDescr, ifType 6, ifOperStatus 1 and, as asked, ifXTable; octets grow at these rates. */
enum { FAKE_IF_X = 1, FAKE_IF_32 = 2 };
void fake_interface(struct fake *fake, uint32_t index, const char *name, unsigned int what,
		    double in_per_s, double out_per_s);
void fake_remove_interface(struct fake *fake, uint32_t index);

/* One cycle; returns what poll_session_end() says. */
enum poll_result fake_cycle(struct fake *fake, bool probe);
/* Lets time pass, then a cycle. */
enum poll_result fake_cycle_after(struct fake *fake, double seconds);
/* The last sample of that object and group; NULL if there is none since fake_forget(). */
const struct fake_sample *fake_last(const struct fake *fake, const char *object, const char *group);
void fake_forget(struct fake *fake);
/* The profile of ifTable and ifXTable, as conf/profiles/if-mib.conf has it, as a set of its own. */
void fake_if_mib(struct profile_set *ret);
