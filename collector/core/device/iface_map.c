/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the key by which an interface is followed. Does not decide which interfaces are
 * watched. Source: RFC 2863 3.1.2 (ifIndex), 3.1.13 (ifName, ifAlias); devices in practice.
 */
#include "collector/core/device/iface_map.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cleanup.h"
#include "common/base/fnv1a.h"

enum evidence { EVIDENCE_DESCR, EVIDENCE_MAC, EVIDENCE_ALIAS, EVIDENCE_INDEX, EVIDENCE_N };

void iface_row_deinit(struct iface_row *row)
{
	free(row->name);
	free(row->descr);
	free(row->alias);
	*row = (struct iface_row){0};
}

/* A key of any length, cut to fit; what was cut off lives on as a hash. */
static void set_key(char key[IFACE_KEY_MAX + 1], const char *text)
{
	size_t len = strlen(text);
	size_t keep = IFACE_KEY_MAX - 9; /* "~" and 8 digits */

	if (len <= IFACE_KEY_MAX) {
		memcpy(key, text, len + 1);
		return;
	}
	while (keep && ((uint8_t)text[keep] & 0xc0) == 0x80)
		keep--; /* not within a character */
	snprintf(key, IFACE_KEY_MAX + 1, "%.*s~%08" PRIx32, (int)keep, text,
		 (uint32_t)fnv1a_text(FNV1A_START, text));
}

static bool has_mac(const struct iface_row *row)
{
	for (size_t i = 0; i < row->mac_len; i++)
		if (row->mac[i])
			return true;
	return false;
}

static void format_mac(const struct iface_row *row, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; has_mac(row) && i < row->mac_len && used + 4 < size; i++)
		used += snprintf(buf + used, size - used, "%s%02x", i ? ":" : "", row->mac[i]);
}

static void evidence_text(const struct iface_row *row, enum evidence kind, char *buf, size_t size)
{
	switch (kind) {
	case EVIDENCE_DESCR:
		snprintf(buf, size, "%s", row->descr ? row->descr : "");
		break;
	case EVIDENCE_MAC:
		format_mac(row, buf, size);
		break;
	case EVIDENCE_ALIAS:
		snprintf(buf, size, "%s", row->alias ? row->alias : "");
		break;
	default:
		snprintf(buf, size, "%" PRIu32, row->if_index);
	}
}

static void first_name(struct iface_row *row)
{
	static const enum evidence INSTEAD[] = {EVIDENCE_DESCR, EVIDENCE_ALIAS, EVIDENCE_MAC};
	char text[IFACE_TEXT_MAX + 1];

	snprintf(text, sizeof(text), "%s", row->name ? row->name : "");
	for (size_t i = 0; !text[0] && i < ARRAY_LEN(INSTEAD); i++) {
		evidence_text(row, INSTEAD[i], text, sizeof(text));
		row->unnamed = i > 0;
	}
	row->by_number = !text[0];
	if (row->by_number)
		snprintf(text, sizeof(text), "if%" PRIu32, row->if_index);
	set_key(row->key, text);
}

static int by_key(const void *a, const void *b)
{
	const struct iface_row *const *x = a, *const *y = b;
	int c = strcmp((*x)->key, (*y)->key);

	return c ? c : ((*x)->if_index > (*y)->if_index) - ((*x)->if_index < (*y)->if_index);
}

/* Does this evidence differ between all n rows that share a key, and is it never empty? */
static bool tells_apart(struct iface_row *const *rows, size_t n, enum evidence kind)
{
	char a[IFACE_TEXT_MAX + 1], b[IFACE_TEXT_MAX + 1];

	for (size_t i = 0; i < n; i++) {
		evidence_text(rows[i], kind, a, sizeof(a));
		if (!a[0])
			return false;
		for (size_t j = 0; j < i; j++) {
			evidence_text(rows[j], kind, b, sizeof(b));
			if (!strcmp(a, b))
				return false;
		}
	}
	return true;
}

/* Adds to the keys of n rows that share one what tells them apart. Many of them (a fault,
 * rather than a device) are told apart by ifIndex at once: comparing all pairs would cost. */
static void qualify(struct iface_row *const *rows, size_t n)
{
	char text[IFACE_TEXT_MAX + 1], long_key[2 * IFACE_TEXT_MAX + 2];
	enum evidence kind = n > 64 ? EVIDENCE_INDEX : EVIDENCE_DESCR;

	while (kind < EVIDENCE_INDEX && !tells_apart(rows, n, kind))
		kind++;
	for (size_t i = 0; i < n; i++) {
		rows[i]->repeated = true;
		rows[i]->by_number |= kind == EVIDENCE_INDEX;
		evidence_text(rows[i], kind, text, sizeof(text));
		snprintf(long_key, sizeof(long_key), "%s@%s", rows[i]->key, text);
		set_key(rows[i]->key, long_key);
	}
}

static size_t same_key_run(struct iface_row *const *rows, size_t n)
{
	size_t run = 1;

	while (run < n && !strcmp(rows[run]->key, rows[0]->key))
		run++;
	return run;
}

/* Qualifies every run of equal keys; returns whether there was one. */
static bool qualify_runs(struct iface_row **rows, size_t n)
{
	bool any = false;

	qsort(rows, n, sizeof(*rows), by_key);
	for (size_t i = 0, run; i < n; i += run) {
		run = same_key_run(rows + i, n - i);
		if (run > 1) {
			qualify(rows + i, run);
			any = true;
		}
	}
	return any;
}

int iface_map_name(struct iface_row *rows, size_t n)
{
	cleanup_free struct iface_row **sorted = calloc(n ? n : 1, sizeof(*sorted));

	assert(n == 0 || rows);
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		first_name(&rows[i]);
		sorted[i] = &rows[i];
	}
	/* A qualified key may meet a plain one ("a@1" may be a name): a second round settles it, the third finds none. */
	for (int round = 0; round < 3 && qualify_runs(sorted, n); round++)
		;
	return 0;
}
