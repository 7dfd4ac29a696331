/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether an inventory as a whole is right. */
#pragma once

#include <stddef.h>

struct conf_errors;
struct inventory;
struct inventory_mistakes;

/*
 * Ids and addresses that are there twice, parents that do not exist or lead in a circle.
 * The entries are in the order of their ids, then lines. Returns 0, whatever mistakes got,
 * or -ENOMEM.
 */
int inventory_check(const struct inventory *inventory, struct inventory_mistakes *mistakes);

/*
 * Checks that every entry's credential (which = "credential") or profile ("profile") is
 * one of the n names; "NAME:LINE: COLUMN: what is wrong; what would be right" for those that are
 * not, and name stands for the file. "auto" is always a known profile.
 * Asked when those files have been read. Returns 0 or -EINVAL.
 */
int inventory_check_names(const char *name, const struct inventory *inventory, const char *which,
			  const char *const *names, size_t n, struct conf_errors *errors);
