/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulated device: its ports, its clock, and the ways in which it is no model agent. What
 * kinds there are is box_kind.c's table; how it answers is box_answer.c's and box_mib.c's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/ber.h"
#include "tests/simulation/city/port.h"
#include "tests/simulation/stage/net.h"
#include "tests/simulation/stage/stage.h"

enum { BOX_PORTS_MAX = 64, BOX_ID = 33 };

enum box_clock {
	BOX_CLOCK_RIGHT,
	BOX_CLOCK_NONE,	   /* no sysUpTime at all */
	BOX_CLOCK_SECONDS, /* counts seconds, not hundredths */
	BOX_CLOCK_COARSE,  /* renewed every so often */
};

enum box_bulk { BOX_BULK_OK, BOX_BULK_GEN_ERROR, BOX_BULK_SILENT };

enum box_stub {
	BOX_STUB_NONE,
	BOX_STUB_ZERO,
	BOX_STUB_ONES,	/* 2^64 - 1 for ever */
	BOX_STUB_CONST, /* some other number for ever */
};

/* Columns that it may lack */
enum {
	BOX_LACKS_IFX = 1 << 0,	   /* ifXTable */
	BOX_LACKS_HC = 1 << 1,	   /* ifXTable without 64-bit counters */
	BOX_LACKS_ERRORS = 1 << 2, /* and discards */
	BOX_LACKS_SPEED = 1 << 3,  /* ifHighSpeed; ifSpeed is there */
	BOX_LACKS_DISCONTINUITY = 1 << 4,
	BOX_LACKS_LAST_CHANGE = 1 << 5, /* ifTableLastChange */
	BOX_LACKS_ALIAS = 1 << 6,
	BOX_LACKS_NAME = 1 << 7,
};

struct box_kind;

struct box {
	char id[BOX_ID], parent[BOX_ID];
	char profile[24];
	const struct box_kind *kind;
	struct machine machine;
	struct net_port *net;
	struct dice dice;     /* its own chance */
	unsigned int version; /* 0: v1, 1: v2c */

	struct port ports[BOX_PORTS_MAX];
	size_t n_ports;

	/* its ways */
	unsigned int lacks;
	enum box_clock clock;
	int64_t coarse_us; /* BOX_CLOCK_COARSE: how often it is renewed */
	int32_t drift_ppm;
	enum box_bulk bulk;
	enum box_stub stub;
	int64_t step_us;	  /* counters are renewed so often; 0: always right */
	unsigned int most_asked;  /* tooBig beyond; 0: any */
	unsigned int most_octets; /* of an answer */
	int64_t think_us, think_jitter_us;
	bool host;		/* it has hrSystemUptime, which its agent's restart leaves alone */
	bool tells;		/* informs the NOC of its links */
	bool vague;		/* it may be unknown what passes through it */
	bool bulk_only_too_big; /* most_asked is of GETBULK alone */

	/* its state */
	bool dead, off;			/* says nothing; and has no power */
	int64_t boot_us, shown_boot_us; /* of its counters; of its sysUpTime (an agent's restart) */
	int64_t host_boot_us;		/* of its hrSystemUptime */
	int64_t table_changed_us;
	int64_t cut_until_us;	 /* GETNEXT and GETBULK end tables after two rows */
	int64_t errors_until_us; /* genErr to everything */
	int64_t slow_until_us;
	int64_t slow_by_us;

	/* what it met */
	uint64_t requests, answers;
	int64_t asked_us, answered_us; /* last */
};

void box_open(struct box *box);
void box_close(struct box *box);

int64_t box_uptime_ticks(const struct box *box, int64_t now_us);
int64_t box_host_ticks(const struct box *box, int64_t now_us);
/* Of when its counters tell, if they are read now. */
int64_t box_counters_us(const struct box *box, int64_t now_us);
/* Silent from now on; counters and clock begin anew when it is switched on. */
void box_switch_off(struct box *box);
void box_switch_on(struct box *box);
/* Its agent alone begins anew: sysUpTime, not the counters. */
void box_restart_agent(struct box *box);
/* Every port gets another one's ifIndex. */
void box_renumber(struct box *box, unsigned int by);
/* The port that the collector knows by that name; NULL: none. */
struct port *box_port(struct box *box, const char *key);
/* What it is known by, if the collector is right. */
void box_port_key(const struct box *box, const struct port *port, char *buf, size_t size);

/* box_mib.c. Sets ret to noSuchInstance if there is nothing. */
void box_mib_get(struct box *box, int64_t now_us, const struct oid *name, struct sim_value *ret);
/* False at the end; else name is the next one. */
bool box_mib_next(struct box *box, int64_t now_us, struct oid *name, struct sim_value *ret);

/* box_answer.c. False: it says nothing. */
bool box_answer(struct box *box, int64_t now_us, const uint8_t *octets, size_t len,
		struct ber_msg *ret);

/* box_kind.c */
struct box_kind {
	const char *name;
	unsigned int weight; /* how often it is drawn */
	void (*make)(struct box *box, struct dice *dice);
};
extern const struct box_kind BOX_KINDS[];
extern const size_t BOX_KINDS_N;
const struct box_kind *box_kind_find(const char *name);
/* Makes the box as that seed has it. */
void box_make(struct box *box, const char *id, const struct box_kind *kind, uint64_t seed,
	      uint32_t address);
