/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In place of the collector's page: who looks at the events. */
#pragma once

struct event;

typedef void page_event_fn(void *data, const struct event *event);
void page_watch(page_event_fn *fn, void *data);
