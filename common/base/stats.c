/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/stats.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

static double read_integer(const void *at, size_t size)
{
	uint64_t u64;
	uint32_t u32;
	uint8_t u8;

	switch (size) {
	case sizeof(u64):
		memcpy(&u64, at, sizeof(u64));
		return (double)u64;
	case sizeof(u32):
		memcpy(&u32, at, sizeof(u32));
		return u32;
	default:
		assert(size == sizeof(u8));
		memcpy(&u8, at, sizeof(u8));
		return u8;
	}
}

void stats_emit_rows(const struct stats_row *rows, size_t n_rows, const void *module,
		     stats_emit_fn *emit, void *emit_data)
{
	for (const struct stats_row *row = rows; row < rows + n_rows; row++) {
		for (size_t i = 0; i < row->n; i++) {
			const char *at = (const char *)module + row->offset + i * row->size;
			const struct stats_figure figure = {
				.name = row->name,
				.help = row->help,
				.type = row->type,
				.label_name = row->label_name,
				.label_value = row->label ? row->label(i) : NULL,
				.value = read_integer(at, row->size) * row->scale,
			};

			if (!row->label || figure.label_value)
				emit(emit_data, &figure);
		}
	}
}
