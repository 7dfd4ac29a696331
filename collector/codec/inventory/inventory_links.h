/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The field of the inventory that sets the capacity of single links by hand:
 *
 *	ether1=100000; ether2=20000/5000
 *
 * in kbit/s; two numbers are those in and out as the interface counts them. A line break
 * separates like a semicolon. A name may contain anything but these two: the last '='
 * ends it.
 */
#pragma once

#include <stddef.h>

struct inventory_link;

/* The mistake that ended the reading. */
struct inventory_links_mistake {
	char item[65];	  /* as it stands there, cut */
	const char *what; /* "is ..." */
	const char *right;
};

/*
 * text: UTF-8. *ret: NULL if the field has no item, else freed with
 * inventory_links_free(); untouched on failure.
 * Returns 0, -EINVAL (ret_mistake is set) or -ENOMEM.
 */
int inventory_links_parse(const char *text, struct inventory_link **ret, size_t *ret_n,
			  struct inventory_links_mistake *ret_mistake);
