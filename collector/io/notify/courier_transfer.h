/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request under way. TLS is always verified, a redirect is not followed, nothing is asked of
 * the environment; each has a connection of its own, so libcurl repeats nothing by itself.
 */
#pragma once

#include <stdbool.h>

#include <curl/curl.h>

#include "collector/codec/notify/notify_request.h"
#include "collector/codec/notify/notify_result.h"
#include "common/base/cleanup.h"

enum { COURIER_ANSWER_MAX = 64 * 1024 /* octets of head and of body */ };

struct courier_transfer;

/* Takes over what is in the request, also on failure. The transfer is in multi until it is freed. 0; -ENOMEM;
 * -EINVAL: libcurl does not understand it. */
must_check_ int courier_transfer_new(CURLM *multi, struct notify_request *request,
				     struct courier_transfer **ret);
struct courier_transfer *courier_transfer_free(struct courier_transfer *transfer);
struct courier_transfer *courier_transfer_of(CURL *easy);

/* libcurl is done with it. True: result says what became of it; false: it is to be tended. */
bool courier_transfer_done(struct courier_transfer *transfer, CURLcode code,
			   struct notify_result *result);
/* A connection of syslog goes on by itself: every some milliseconds until it is true. */
bool courier_transfer_tend(struct courier_transfer *transfer, struct notify_result *result);
