/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a command's arguments to the API's answer, and what is in it. */
#pragma once

#include <stdint.h>

#include <jansson.h>

#include "collector/ctl/commands/ctl_commands.h"

enum { CTL_QUERY_MAX = 512 }; /* octets of a path with its query */

/* Reads "--KEY VALUE" pairs of the named keys (NULL ends them) into the path's query. 0, or -1 for wrong use. */
int ctl_read_filters(const struct ctl *ctl, int argc, char **argv, const char *const *keys,
		     char path[static CTL_QUERY_MAX]);

/* The collector's status. From then on times are shown as of its clock and in its zone, whatever this terminal's are. */
enum ctl_outcome ctl_ask_clock(struct ctl *ctl, json_t **ret_status);
/* The clock, then what path gives; *ret as ctl_client_get(). */
enum ctl_outcome ctl_ask(struct ctl *ctl, const char *path, json_t **ret);

/* Takes the reference; returns EXIT_SUCCESS. */
int ctl_print_json(json_t *json);
