/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who an SNMP engine is: RFC 3411 3.1.1, RFC 3414 2.2. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/snmp/snmp_credential.h"

struct snmp_identity {
	uint8_t engine_id[USM_ENGINE_ID_MAX];
	size_t engine_id_len;
	uint32_t boots;
	int64_t start_us; /* monotonic time at which engine time was 0 */
};
