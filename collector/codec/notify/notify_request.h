/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One message as the process that sends it (io/notify) needs it: where to, the octets, and how
 * to know that it was taken. It speaks of protocols, not of alerts; it holds the channel's secret.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "collector/core/conf/notify_conf.h"
#include "common/base/cleanup.h"

enum notify_protocol { NOTIFY_HTTP, NOTIFY_SMTP, NOTIFY_SYSLOG, NOTIFY_COMMAND, NOTIFY_PROTOCOL_N };

/* Which answers of HTTP are understood, beside the status and ok_field. */
enum notify_dialect {
	NOTIFY_PLAIN,
	NOTIFY_TELEGRAM, /* {"ok", "result", "parameters"} */
	NOTIFY_DIALECT_N
};

enum {
	NOTIFY_LIST_MAX = 64,		/* headers, receivers, arguments */
	NOTIFY_BODY_MAX = 128 * 1024,	/* octets */
	NOTIFY_TIMEOUT_MAX_MS = 120000, /* as the configuration's */
};

/* Texts and lists (ended by NULL) are owned, UTF-8; NULL where the protocol has none. */
struct notify_request {
	int64_t id;    /* the notifier's */
	char *channel; /* whose share of what is under way at once it takes */
	int protocol;  /* enum notify_protocol */
	int64_t timeout_ms;
	char *url, *method, **headers; /* HTTP */
	char *user, *password;	       /* HTTP (basic), SMTP */
	char *ca_file;		       /* PEM; NULL: the system's */
	int64_t ok_from, ok_to;	       /* HTTP: status that is success */
	char *ok_field, *ok_value;     /* and this member of the JSON answer; NULL: any */
	char *id_field; /* HTTP: member by which the receiver names the message; NULL: none */
	int dialect;	/* enum notify_dialect */
	char *host;	/* SMTP, syslog */
	int64_t port;
	int security;	    /* SMTP: enum channel_security */
	int transport;	    /* syslog: enum channel_transport */
	char *from, **to;   /* SMTP */
	char **argv, **env; /* command: env has "NAME=value" */
	char *body;	    /* what is sent; of a command: its input */
};

/* Overwrites what is in it. */
void notify_request_deinit(struct notify_request *request);

/* Appends a text to one of its lists. 0; -ENOMEM; -E2BIG: there are NOTIFY_LIST_MAX. */
must_check_ int notify_request_add(char ***list, const char *format, ...) printf_(2, 3);
/* Whether it has what its protocol needs. */
bool notify_request_is_whole(const struct notify_request *request);

/* As JSON text for the frame; NULL: out of memory, or a text is no UTF-8. Freed by the caller. */
char *notify_request_text(const struct notify_request *request);
/* 0; -EINVAL: not such a text, or one without what its protocol needs; -ENOMEM. */
must_check_ int notify_request_parse(const char *text, size_t len, struct notify_request *ret);
