/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent gives up what it needs no more once everything is open. */
#pragma once

#include <stdbool.h>

struct agent_conf;

/*
 * Before anything uses cryptography: OpenSSL, which net-snmp links, is to do without its
 * configuration file and its tables of error texts, 200 KiB that the agent never shows.
 */
void confine_crypto(void);

/*
 * Becomes conf->user (if one is named and we are root), gives it the state and run
 * directories, and enters the sandbox unless the configuration says no. raw_sockets: path
 * probes may have to open theirs again after a reload.
 * Returns 0, also where the kernel has no seccomp (logged); negative errno, logged: exit.
 */
int confine(const struct agent_conf *conf, bool raw_sockets);
