/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks for something that changes something. */
#pragma once

#include <stdbool.h>

#include "collector/core/person/people.h"

struct http_exchange;

/*
 * Behind the control socket, whose mode says who may use it, the user of the machine is known
 * by the kernel and goes by his name. Elsewhere a token speaks for the person who has it. False:
 * it is not known who asks; ret is untouched.
 */
bool http_person_of(const struct http_exchange *exchange, struct people *people,
		    struct person *ret);
/* The same, and he may what that role may; if not, this has been replied: 401 or 403. */
bool http_person_permits(struct http_exchange *exchange, struct people *people,
			 enum person_role role, struct person *ret);
