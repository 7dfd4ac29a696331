/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One reading of the router's radios, put together from nl80211's messages: a row per
 * interface that serves or joins a network, with its stations counted and their signal
 * averaged.
 */
#pragma once

#include <stdbool.h>

#include "agent/core/link/wifi_report.h"
#include "agent/core/mib/mib_data.h"

enum { WIFI_TABLE_MAX = 16 };

struct wifi_table_row {
	struct mib_wifi row;
	int32_t signal_sum;
	uint32_t signals;
	bool joins; /* another's network */
};

struct wifi_table {
	struct wifi_table_row rows[WIFI_TABLE_MAX]; /* sorted by if_index */
	uint32_t n;
	uint64_t ignored_full; /* interfaces beyond WIFI_TABLE_MAX */
};

void wifi_table_begin(struct wifi_table *table);

/* A report of any kind; those of interfaces that have no row are passed over. */
void wifi_table_add(struct wifi_table *table, const struct wifi_report *report);

/* Whether the row at this place joins networks and nothing has told the name of one yet:
 * the results of its scans may. */
bool wifi_table_nameless(const struct wifi_table *table, uint32_t at);

/* Copies the rows, at most max. Returns how many. */
uint32_t wifi_table_rows(const struct wifi_table *table, struct mib_wifi *ret, uint32_t max);
