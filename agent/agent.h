/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent: creates the modules and connects them. */
#pragma once

#include <stdbool.h>

#include "agent/io/setup/agent_conf_file.h"

struct agent;
struct loop;

/*
 * Starts everything: takes over history and event log, reads the links, listens, drops
 * privileges. files belongs to the agent afterwards, also on failure. conf_path is kept
 * by reference, for reloads. Returns 0 or negative errno, with the reason logged.
 */
int agent_new(struct loop *loop, const char *conf_path, struct agent_files *files,
	      struct agent **ret);
struct agent *agent_free(struct agent *agent);
void agent_freep(struct agent **agent);

/* SIGALRM ends the process if the loop stands still for so long: for service managers that
 * restart what ends, but do not watch it. */
void agent_set_alarm(struct agent *agent, unsigned int seconds);

/* Reads the configuration again. A bad one is logged, line by line, and changes nothing.
 */
void agent_reload(struct agent *agent);
/* Tells receivers, waits a moment for them, and stops the loop. */
void agent_stop(struct agent *agent);
/* One line per limit that has bitten, to the log (SIGUSR1). */
void agent_log_status(struct agent *agent);

/* --once: prints the links as a table after two samples. Returns 0 or negative errno. */
int agent_print_once(const struct agent_files *files);
