/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the file name of a series; knows nothing of directories that exist or of RRD.
 *
 * Names come from devices (ifName, SSID), so they are hostile until encoded. The encoding
 * is injective: what is kept stands for itself, '%' is never kept, and '~' appears only
 * before the hash of a name that was cut.
 */
#include "collector/core/series/rrd_name.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/base/fnv1a.h"

enum {
	PART_MAX = 150,
	PART_KEEP = PART_MAX - 17, /* room for ~ and 16 digits */
	FILE_MAX = 240,		   /* GROUP-OBJECT.rrd must fit NAME_MAX (255) */
};

static bool is_kept(unsigned char c, bool dash)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || (c == '-' && dash);
}

/* Encodes text into a part of the name; ret holds PART_MAX + 1 octets. */
static size_t encode_part(const char *text, bool dash, char *ret)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0, cut = 0;

	for (const char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)*p;
		const bool keep = is_kept(c, dash) && !(c == '.' && p == text);

		if (len + 3 > PART_MAX) {
			sprintf(ret + cut, "~%016" PRIX64, fnv1a(FNV1A_START, text, strlen(text)));
			return cut + 17;
		}
		if (keep) {
			ret[len++] = (char)c;
		} else {
			ret[len++] = '%';
			ret[len++] = hex[c >> 4];
			ret[len++] = hex[c & 15];
		}
		if (len <= PART_KEEP)
			cut = len;
	}
	ret[len] = '\0';
	return len;
}

int rrd_name(const char *device, const char *group, const char *object, char *buf, size_t size)
{
	char device_part[PART_MAX + 1], group_part[PART_MAX + 1], object_part[PART_MAX + 1] = "";
	size_t group_len, object_len = 0;
	int len;

	if (!device || !*device || !group || !*group)
		return -EINVAL;
	encode_part(device, true, device_part);
	/* A '-' kept in a group could be taken for the one before the object. */
	group_len = encode_part(group, false, group_part);
	if (object && *object)
		object_len = encode_part(object, true, object_part);
	if (group_len + object_len > FILE_MAX)
		return -ENAMETOOLONG;
	len = snprintf(buf, size, "%s/%s%s%s.rrd", device_part, group_part, object_len ? "-" : "",
		       object_part);
	return (size_t)len < size ? len : -ENAMETOOLONG;
}
