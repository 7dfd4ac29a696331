/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration of Icinga 2 (its "Object Types"): hosts with their parents as dependencies, groups,
 * services that ask check_pantau. It needs nothing but Icinga's own template library.
 */
#pragma once

#include <stdio.h>

#include "collector/ctl/export/export_site.h"

/* Commands, templates, groups. devices: the API's to GET devices. */
void export_icinga_begin(FILE *out, const struct export_options *options, const json_t *devices);
/* device: the API's to GET devices/ID. */
void export_icinga_device(FILE *out, const json_t *device);
