/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/export/export_site.h"

#include <stdio.h>
#include <string.h>

#include "collector/codec/page/member.h"
#include "common/base/cleanup.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum { NAME_MAX_OCTETS = 64 };

bool export_site_is_plain(const char *name)
{
	const size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_OCTETS && name[0] != '-' &&
	       strspn(name, LETTERS "._:/@+- ") == len && name[0] != ' ' && name[len - 1] != ' ';
}

bool export_site_wants_link(const json_t *link)
{
	return member_bool(link, "present") &&
	       (member_bool(link, "main") || strcmp(member_text(link, "role"), "uplink") == 0);
}

bool export_site_has_load(const json_t *link)
{
	return member_number(link, "capacity_in_bps") > 0 ||
	       member_number(link, "capacity_out_bps") > 0;
}

static bool is_path(const json_t *metric)
{
	return strcmp(member_text(metric, "group"), "path") == 0 &&
	       strcmp(member_text(metric, "name"), "loss") == 0;
}

const char *export_site_next_path(const json_t *device, size_t *at)
{
	const json_t *metrics = json_object_get(device, "metrics"), *metric;

	while ((metric = json_array_get(metrics, (*at)++)))
		if (is_path(metric))
			return member_text(metric, "object");
	return NULL;
}

bool export_site_next_group(const json_t *device, size_t *at, struct export_group *ret)
{
	static const char *const KINDS[] = {"kind", "group", "kelurahan", "provider"};

	while (*at < ARRAY_LEN(KINDS)) {
		const char *kind = KINDS[(*at)++];

		ret->title = member_text(device, kind);
		if (!ret->title[0])
			continue;
		snprintf(ret->name, sizeof(ret->name), "pantau-%s-%s", kind, ret->title);
		for (char *p = ret->name; *p; p++)
			if (!strchr(LETTERS "._-", *p))
				*p = '_';
		return true;
	}
	return false;
}

void export_site_each_group(FILE *out, const json_t *devices, export_group_fn *fn)
{
	json_t *seen = json_object();
	const json_t *device;
	struct export_group group;
	size_t i;

	json_array_foreach (devices, i, device) {
		for (size_t at = 0; export_site_next_group(device, &at, &group);) {
			if (json_object_get(seen, group.name))
				continue;
			json_object_set_new(seen, group.name, json_true());
			fn(out, &group);
		}
	}
	json_decref(seen);
}
