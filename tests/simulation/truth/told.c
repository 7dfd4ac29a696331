/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was acknowledged is in the store, and nothing is there twice or was forged. The store is
 * read as it lies on the disk in the end, after all kills and cuts.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "tests/simulation/city/city.h"
#include "tests/simulation/city/inform.h"
#include "tests/simulation/truth/invariant.h"

static void check_whose(struct city *city, unsigned int number, const char *device)
{
	const struct box *box = &city->boxes[inform_box(city, number)];

	if (strcmp(device, box->id) != 0)
		city_wrong(city, "told", box, "%u is of %s, the store says %s", number, box->id,
			   device);
}

static void count_rows(struct city *city, unsigned int *count)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	const char *mark;
	char path[300];
	unsigned long number;

	snprintf(path, sizeof(path), "%s/state/pantau.db", city->dir);
	if (sqlite3_open(path, &db) == SQLITE_OK)
		sqlite3_prepare_v2(db, "SELECT text, device FROM notifications", -1, &stmt, NULL);
	while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
		mark = strstr((const char *)sqlite3_column_text(stmt, 0), INFORM_MARK);
		number = mark ? strtoul(mark + strlen(INFORM_MARK), NULL, 10) : ULONG_MAX;
		if (number >= inform_count(city))
			continue;
		count[number]++;
		check_whose(city, (unsigned int)number, (const char *)sqlite3_column_text(stmt, 1));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void on_end(struct city *city, void *notes)
{
	unsigned int n = inform_count(city), *count = calloc(n + 1, sizeof(*count));

	(void)notes;
	if (!count)
		abort();
	count_rows(city, count);
	for (unsigned int i = 0; i < n; i++) {
		const struct box *box = &city->boxes[inform_box(city, i)];

		if (inform_way_of(city, i) == INFORM_FORGED && count[i])
			city_wrong(city, "told", box, "%u was forged, and is stored", i);
		else if (inform_is_acknowledged(city, i) && !count[i])
			city_wrong(city, "told", box, "%u was acknowledged, and is lost", i);
		else if (count[i] > 1)
			city_wrong(city, "told", box, "%u is stored %u times", i, count[i]);
	}
	free(count);
}

const struct invariant INVARIANT_TOLD = {
	.name = "told",
	.what = "what was acknowledged is stored once, as whose it is, and nothing forged",
	.end = on_end,
};
