/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides what of the radios' messages becomes a row. Signals are averaged in dBm: a mean
 * for people to compare, not a power.
 */
#include "agent/core/link/wifi_table.h"

#include <assert.h>
#include <string.h>

void wifi_table_begin(struct wifi_table *table)
{
	table->n = 0;
}

static struct wifi_table_row *find(struct wifi_table *table, uint32_t if_index)
{
	for (uint32_t i = 0; i < table->n; i++) {
		if (table->rows[i].row.if_index == if_index)
			return &table->rows[i];
	}
	return NULL;
}

/* A place for this index, in order; NULL if there is none. */
static struct wifi_table_row *insert(struct wifi_table *table, uint32_t if_index)
{
	uint32_t at = 0;

	if (table->n == WIFI_TABLE_MAX) {
		table->ignored_full++;
		return NULL;
	}
	while (at < table->n && table->rows[at].row.if_index < if_index)
		at++;
	memmove(&table->rows[at + 1], &table->rows[at], (table->n - at) * sizeof(table->rows[0]));
	table->n++;
	return &table->rows[at];
}

static void set_name(struct mib_wifi *row, const struct wifi_report *report)
{
	memcpy(row->ssid, report->ssid, report->ssid_len);
	row->ssid_len = report->ssid_len;
}

static void add_interface(struct wifi_table *table, const struct wifi_report *report)
{
	struct wifi_table_row *to = find(table, report->if_index);

	if ((!report->serves && !report->joins) || !report->if_index)
		return; /* monitors and the like */
	if (!to)
		to = insert(table, report->if_index);
	if (!to)
		return;
	*to = (struct wifi_table_row){0};
	to->row.if_index = report->if_index;
	to->joins = report->joins;
	set_name(&to->row, report);
	to->row.channel_mhz = report->freq_mhz;
	to->row.width_mhz = report->width_mhz;
	to->row.txpower_dbm = report->has_power ? report->power_dbm : 0;
}

static bool nameless(const struct wifi_table_row *row)
{
	return row->joins && row->row.ssid_len == 0;
}

void wifi_table_add(struct wifi_table *table, const struct wifi_report *report)
{
	struct wifi_table_row *row = find(table, report->if_index);

	if (report->kind == WIFI_REPORT_INTERFACE) {
		add_interface(table, report);
	} else if (report->kind == WIFI_REPORT_STATION && row) {
		row->row.stations++;
		if (report->has_signal) {
			row->signal_sum += report->signal_dbm;
			row->signals++;
		}
	} else if (report->kind == WIFI_REPORT_SURVEY && row && report->in_use &&
		   report->has_noise) {
		row->row.noise_dbm = report->noise_dbm;
	} else if (report->kind == WIFI_REPORT_SCAN_RESULT && row && report->joined &&
		   nameless(row)) {
		set_name(&row->row, report);
	}
}

bool wifi_table_nameless(const struct wifi_table *table, uint32_t at)
{
	assert(at < table->n);
	return nameless(&table->rows[at]);
}

uint32_t wifi_table_rows(const struct wifi_table *table, struct mib_wifi *ret, uint32_t max)
{
	uint32_t n = table->n < max ? table->n : max;

	assert(table->n <= WIFI_TABLE_MAX);
	for (uint32_t i = 0; i < n; i++) {
		const struct wifi_table_row *from = &table->rows[i];

		ret[i] = from->row;
		if (from->signals)
			ret[i].signal_dbm = from->signal_sum / (int32_t)from->signals;
	}
	return n;
}
