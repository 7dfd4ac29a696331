/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the collector's HTTP API, over its control socket or TCP. */
#pragma once

#include <jansson.h>

enum ctl_outcome {
	CTL_OK,
	CTL_NOT_FOUND,	 /* the API knows no such thing */
	CTL_REFUSED,	 /* the API refused; error holds its words */
	CTL_UNREACHABLE, /* nobody answers; error says why */
	CTL_DENIED,	 /* the control socket is not for this user */
	CTL_BROKEN,	 /* an answer that is not the API's */
};

struct ctl_client {
	const char *server; /* "unix:/run/pantau/collector.sock" or "http://127.0.0.1:8080" */
	const char *token;  /* of a person or a program (RFC 6750, 2.1); NULL: none */
	long timeout_ms;    /* of the whole request; 0: 15 s */
	char error[512];    /* one line, in English, of the last call */
};

/* path: below /api/v1/, already escaped. ret_json is a new reference, on CTL_OK and, if the API sent one, on
 * CTL_REFUSED; else NULL. */
enum ctl_outcome ctl_client_get(struct ctl_client *client, const char *path, json_t **ret_json);
enum ctl_outcome ctl_client_post(struct ctl_client *client, const char *path, json_t **ret_json);
/* Percent-encodes text; the caller frees it with free(). NULL: out of memory. */
char *ctl_client_escape(const char *text);
