/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimals with point or comma. */
#include "collector/codec/text/decimal_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KBPS_MAX 1e9

bool decimal_text_parse(const char *text, double *ret)
{
	char copy[32];
	char *end;
	size_t n = strlen(text);
	double value;

	if (n == 0 || n >= sizeof(copy) || strspn(text, "+-.,0123456789") != n)
		return false;
	memcpy(copy, text, n + 1);
	for (char *p = copy; *p; p++) {
		if (*p == ',')
			*p = '.';
	}
	value = strtod(copy, &end);
	if (*end != '\0' || !isfinite(value))
		return false;
	*ret = value;
	return true;
}

bool decimal_text_has_groups(const char *text)
{
	static const char DIGITS[] = "0123456789";
	size_t n;

	text += *text == '-' || *text == '+';
	n = strspn(text, DIGITS);
	if (n == 0 || n > 3 || text[0] == '0' || text[n] == '\0')
		return false;
	for (text += n; *text == '.' || *text == ','; text += 4) {
		if (strspn(text + 1, DIGITS) < 3)
			return false;
	}
	return *text == '\0';
}

bool decimal_text_kbps(const char *text, uint64_t *ret_bps)
{
	double value;

	if (!decimal_text_parse(text, &value) || value < 0 || value > KBPS_MAX)
		return false;
	*ret_bps = (uint64_t)llround(value * 1e3);
	return true;
}
