/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An inventory of any octets: parsed or refused, never both, never with an empty complaint. */
#include "collector/codec/inventory/inventory_text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/conf/conf_errors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_errors errors = {0};
	struct inventory inventory = {0};
	int r = inventory_text_parse("f", data, size, &inventory, &errors);

	if ((r == 0) != (errors.n == 0))
		abort();
	for (size_t i = 0; r == 0 && i < inventory.n; i++) {
		if (inventory_find(&inventory, inventory.entries[i].id) != &inventory.entries[i])
			abort();
	}
	inventory_deinit(&inventory);
	conf_errors_deinit(&errors);
	return 0;
}
