/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network for Prometheus: every device, link, path, radio and open alert, family by family, as
 * its "Exposition formats" page and OpenMetrics 1.0 ask: samples of a family together, base units,
 * what is not known left out. Labels: device, link, path, object; what changes seldom, as names and
 * places, stands in the _info families.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define NETWORK_METRICS_TEXT "text/plain; version=0.0.4; charset=utf-8"
#define NETWORK_METRICS_OPEN "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct alert;
struct device;

/* Whether who sends this Accept wants OpenMetrics. */
bool network_metrics_wants_open(const char *accept);

/* How many families there are of devices, by number from 0. */
size_t network_metrics_families(void);
/* HELP and TYPE of it. */
void network_metrics_family(FILE *out, size_t family, bool open);
/* Its samples of one device. */
void network_metrics_device(FILE *out, size_t family, const struct device *device);

/* The family of open alerts comes last. */
void network_metrics_alerts_begin(FILE *out, bool open);
void network_metrics_alert(FILE *out, const struct alert *alert);
void network_metrics_end(FILE *out, bool open);
