/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worker that has the network: HTTP, mail and syslog by libcurl, all requests of one line at
 * once. It starts no program, writes no file and reads only certificates.
 */
#pragma once

#include <stdbool.h>

/* Serves the line on descriptor 0 until the collector closes it. Returns 0 or negative errno. */
int courier_run(bool sandbox);
