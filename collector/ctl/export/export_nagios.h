/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Object files of Nagios 4 (its "Object Definitions"): hosts with parents and groups, services that
 * ask check_pantau. They use the templates generic-host and generic-service and the contact group
 * admins, which are Debian's and the administrator's to change.
 */
#pragma once

#include <stdio.h>

#include "collector/ctl/export/export_site.h"

/* Commands, templates, groups. devices: the API's to GET devices. */
void export_nagios_begin(FILE *out, const struct export_options *options, const json_t *devices);
/* device: the API's to GET devices/ID. */
void export_nagios_device(FILE *out, const json_t *device);
