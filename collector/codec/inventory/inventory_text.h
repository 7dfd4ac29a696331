/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inventory from its CSV text. The first record names the columns, in any order:
 *
 *	id*  kind*  name*  address*  credential*  port  profile  parent  parent_port  medium
 *	capacity_down_kbps  capacity_up_kbps  link_capacity_kbps  kecamatan  kelurahan
 *	provider  contract  lat  lon  x  y  notes	(* must be there and filled in)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/core/device/inventory.h"

struct conf_errors;

enum {
	INVENTORY_TEXT_MAX = 32 << 20, /* octets of a file */
	INVENTORY_ENTRIES_MAX = 200000,
};

/*
 * Every mistake of the file becomes one line in errors, "NAME:LINE: COLUMN: what is wrong;
 * what would be right": unknown and missing columns, bad values, duplicate ids and
 * addresses, parents that do not exist, parents in a circle.
 * name stands for the file in messages. ret is untouched on failure; free it with
 * inventory_deinit(). Returns 0, -EINVAL (errors has at least one line) or -ENOMEM.
 */
int inventory_text_parse(const char *name, const uint8_t *text, size_t len, struct inventory *ret,
			 struct conf_errors *errors);
