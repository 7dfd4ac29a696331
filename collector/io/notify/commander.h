/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worker that runs the operator's commands: without a shell, with an environment of what the
 * message is about and nothing else, and with bounded time and output. It has no network of ours
 * and no secret. It cannot be in a sandbox, since a command may do anything.
 */
#pragma once

/* Serves the line on descriptor 0 until the collector closes it; commands that run end with it.
 * Returns 0 or negative errno. */
int commander_run(void);
