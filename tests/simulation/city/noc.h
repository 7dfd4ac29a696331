/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The NOC's server: the real collector with its files, which is started, stopped, killed,
 * reloaded. What it says (samples, events) goes to the invariants.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/simulation/stage/stage.h"

struct city;
struct collector;
struct noc;

#define NOC_BACKOFF_MAX_US (300 * STAGE_SECOND_US)

struct noc *noc_new(struct city *city);
struct noc *noc_free(struct noc *noc);

/* Writes the files anew and starts. */
void noc_start(struct noc *noc);
void noc_stop(struct noc *noc);
/* As by SIGKILL: what it has in memory is gone. */
void noc_kill(struct noc *noc);
void noc_reload(struct noc *noc);

struct machine *noc_machine(struct noc *noc);
/* NULL: it does not run. */
struct collector *noc_collector(const struct noc *noc);
int64_t noc_started_us(const struct noc *noc);
/* What was told after that may have been lost when it ended last; 0: nothing was. */
int64_t noc_lost_from_us(const struct noc *noc);
