/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the API's JSON to what a plugin answers. Figures are named as in the API; rates are in bits a
 * second, loads and losses in per cent.
 */
#pragma once

#include <jansson.h>

#include "collector/ctl/check/check_result.h"

/* status: a device's, as the API names it ("down"). A name that is not known is CHECK_UNKNOWN. */
enum check_state check_object_state(const char *status);

/* device: the API's to GET devices/ID. */
void check_object_device(struct check_result *result, enum words_lang lang, const json_t *device);
/* One of its links or paths, by name. */
void check_object_link(struct check_result *result, enum words_lang lang, const json_t *device,
		       const char *link);
void check_object_path(struct check_result *result, enum words_lang lang, const json_t *device,
		       const char *path);

/* Which devices count together; NULL: any. */
struct check_group {
	const char *kind, *group, *provider, *kelurahan;
};

/* devices: the API's to GET devices. Those of the group that are not up have a line each. */
void check_object_group(struct check_result *result, enum words_lang lang, const json_t *devices,
			const struct check_group *group);
/* status: the API's to GET status; the collector itself. */
void check_object_collector(struct check_result *result, enum words_lang lang,
			    const json_t *status);
