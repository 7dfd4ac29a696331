/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices for tests of polling that all have the same profile (fake_if_mib()), and what such
 * tests look at. A check that fails ends the test. */
#pragma once

#include <stdbool.h>

#include "collector/core/device/device_remark.h"
#include "tests/unit/collector/core/poll/fake_device.h"

/* For the group of tests: the profile comes and goes. */
int fake_check_setup(void **state);
int fake_check_teardown(void **state);

/* A device without interfaces; profile: its name, or "auto". */
struct fake *fake_check_bare(const char *profile);
/* One with eth0 (125000 and 50000 octets/s in and out) and eth1 (1000 and 2000). */
struct fake *fake_check_two(bool v1);

void fake_check_rate(double value, double expected);
/* The last sample of the link's traffic, in octets/s. */
void fake_check_traffic(const struct fake *fake, const char *object, double in, double out);
/* The operator is told this of the device, in so many words. */
void fake_check_remark(const struct fake *fake, enum device_remark remark);
void fake_check_no_remarks(const struct fake *fake);
