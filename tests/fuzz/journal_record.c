/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of samples, as a crash, a full disk or a rotten disk may leave it; what is read is written again as it was. */
#include "collector/codec/series/journal_record.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/crc32.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* With a right check sum, or nothing behind the head would ever be read. */
static void try_one(uint8_t *octets, size_t size)
{
	struct journal_record record;
	uint8_t again[JOURNAL_RECORD_MAX];
	size_t n, body;
	uint32_t crc;

	if (size < JOURNAL_RECORD_HEAD)
		return;
	body = octets[4] | (size_t)octets[5] << 8;
	if (body > size - JOURNAL_RECORD_HEAD)
		return;
	crc = crc32_update(0, octets + 4, body + 4);
	for (int i = 0; i < 4; i++)
		octets[i] = (uint8_t)(crc >> (8 * i));
	n = journal_record_read(octets, size, &record);
	if (n == 0)
		return;
	if (n != JOURNAL_RECORD_HEAD + body)
		abort();
	if (record.type == JOURNAL_RECORD_SERIES && strlen(record.name) > 255)
		return;
	if (journal_record_write(&record, again) != n || memcmp(again, octets, n) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_record record;
	uint8_t *octets = malloc(size + 1);

	if (!octets)
		return 0;
	memcpy(octets, data, size);
	journal_record_read(octets, size, &record);
	try_one(octets, size);
	free(octets);
	return 0;
}
