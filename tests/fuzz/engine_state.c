/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine's state file: what is accepted is written back as it was. */
#include "common/engine/engine_state.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snmp_identity id, back;
	char text[128];
	size_t len;

	if (engine_state_parse(data, size, &id) < 0)
		return 0;
	len = engine_state_format(&id, text, sizeof(text));
	if (engine_state_parse((const uint8_t *)text, len, &back) < 0 || back.boots != id.boots ||
	    back.engine_id_len != id.engine_id_len ||
	    memcmp(back.engine_id, id.engine_id, id.engine_id_len) != 0)
		abort();
	return 0;
}
