/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CRC-32 (ISO 3309, as in zlib and Ethernet) for records of state files: finds torn and
 * rotten ones; it is no protection against a person.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* crc of data, going on from an earlier result (0 to begin with). */
uint32_t crc32_update(uint32_t crc, const void *data, size_t len);
