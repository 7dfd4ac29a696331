/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides what text is an OID. Source: RFC 2578 3.5 (at most 128 arcs; fewer are enough here). */
#include "collector/codec/text/oid_text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/core/device/profile.h"

static const char *parse_arc(const char *p, snmp_oid_t *ret)
{
	char *end;

	if (!isdigit((unsigned char)*p))
		return NULL;
	errno = 0;
	*ret = strtoul(p, &end, 10);
	return errno || *ret > UINT32_MAX ? NULL : end;
}

static int parse_factor(const char *p, double *ret)
{
	char *end;

	p += strspn(p, " ");
	if (*p != '*')
		return *p ? -EINVAL : 0;
	p++;
	*ret = strtod(p, &end);
	end += strspn(end, " ");
	return end == p || *end || !isfinite(*ret) || *ret == 0 ? -EINVAL : 0;
}

int oid_text_parse(const char *text, struct profile_oid *ret)
{
	struct profile_oid oid = {.scale = 1};
	const char *p = text + strspn(text, " ");

	if (*p == '.')
		p++;
	for (;;) {
		if (oid.len >= PROFILE_OID_LEN_MAX)
			return -EINVAL;
		p = parse_arc(p, &oid.id[oid.len]);
		if (!p)
			return -EINVAL;
		oid.len++;
		if (*p != '.')
			break;
		p++;
	}
	if (oid.len < 2 || oid.id[0] > 2 || parse_factor(p, &oid.scale) < 0)
		return -EINVAL;
	*ret = oid;
	return 0;
}
