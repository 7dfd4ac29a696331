/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks for something that changes something. */
#pragma once

#include <stdbool.h>

#include "collector/core/person/person.h"

struct http_exchange;

/*
 * Behind the control socket, whose mode says who may use it, the user of the machine is known
 * by the kernel and goes by his name. False: it is not known who asks; ret is untouched.
 */
bool http_person_of(const struct http_exchange *exchange, struct person *ret);
