/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Syslog confirms nothing: libcurl connects (to a name, with TLS), then the message is written.
 * It counts as arrived when the other side's kernel has acknowledged all of it and nobody closed
 * the connection for a moment; by UDP when nobody said within that moment that it is unwelcome.
 */
#include "collector/io/notify/courier_transfer.h"

#include <assert.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "collector/codec/notify/http_answer.h"
#include "collector/codec/notify/notify_frame.h"
#include "common/base/text_clean.h"
#include "common/loop/loop.h"

enum { SETTLE_US = 100000 };

struct courier_transfer {
	CURLM *multi;
	CURL *easy;
	struct notify_request request;
	struct curl_slist *headers, *receivers;
	char *url;
	struct notify_buffer answer;
	size_t head;			       /* octets of headers */
	char refusal[DELIVERY_ANSWER_MAX + 1]; /* of mail: the last 4xx or 5xx */
	size_t sent;			       /* octets of the body */
	int64_t deadline_us, settle_us;	       /* settle_us 0: not all is written */
	char error[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls ---- */

/* Less than n ends the transfer: the answer is too large. */
static size_t on_body(char *octets, size_t one, size_t n, void *data)
{
	struct courier_transfer *transfer = data;
	const size_t room = COURIER_ANSWER_MAX - transfer->answer.len;
	const size_t take = n * one < room ? n * one : room;

	if (notify_buffer_append(&transfer->answer, octets, take) < 0)
		return 0;
	return take;
}

/* Headers, and all that a mail server says. */
static size_t on_head(char *octets, size_t one, size_t n, void *data)
{
	struct courier_transfer *transfer = data;

	n *= one;
	transfer->head += n;
	if (transfer->request.protocol == NOTIFY_SMTP && n > 0 &&
	    (octets[0] == '4' || octets[0] == '5'))
		text_clean((const uint8_t *)octets, n, transfer->refusal,
			   sizeof(transfer->refusal));
	return transfer->head <= COURIER_ANSWER_MAX ? n : 0;
}

static size_t on_read(char *buf, size_t one, size_t n, void *data)
{
	struct courier_transfer *transfer = data;
	const char *body = transfer->request.body + transfer->sent;
	const size_t take = strnlen(body, n * one);

	memcpy(buf, body, take);
	transfer->sent += take;
	return take;
}

/* What libcurl takes for a connection of TCP: connect(2) of a datagram socket succeeds at once. */
static curl_socket_t open_datagram(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)data;
	(void)purpose;
	return socket(address->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);
}

/* ---- options ---- */

/* An address of IPv6 in brackets, its zone as in a URL. */
static char *make_url(const char *scheme, const struct notify_request *request)
{
	const char *zone = strchr(request->host, '%');
	const int port = (int)request->port;
	char *url;
	int r;

	if (!strchr(request->host, ':'))
		r = asprintf(&url, "%s://%s:%d", scheme, request->host, port);
	else if (zone)
		r = asprintf(&url, "%s://[%.*s%%25%s]:%d", scheme, (int)(zone - request->host),
			     request->host, zone + 1, port);
	else
		r = asprintf(&url, "%s://[%s]:%d", scheme, request->host, port);
	return r < 0 ? NULL : url;
}

static int append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static int set_http(struct courier_transfer *transfer)
{
	const struct notify_request *request = &transfer->request;
	CURL *easy = transfer->easy;
	int r = append(&transfer->headers, "Expect:"); /* no waiting for 100 Continue */

	transfer->url = strdup(request->url);
	for (size_t i = 0; r == 0 && request->headers[i]; i++)
		r = append(&transfer->headers, request->headers[i]);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "Pantau/" PANTAU_VERSION);
	if (strcmp(request->method, "GET") != 0) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body));
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	}
	if (request->user)
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	return r;
}

static int set_mail(struct courier_transfer *transfer)
{
	const struct notify_request *request = &transfer->request;
	CURL *easy = transfer->easy;
	int r = 0;

	transfer->url = make_url(request->security == SECURITY_TLS ? "smtps" : "smtp", request);
	for (size_t i = 0; r == 0 && request->to[i]; i++)
		r = append(&transfer->receivers, request->to[i]);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	if (request->security != SECURITY_NONE)
		curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, request->from);
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, transfer->receivers);
	/* One address that is wrong must not keep the others from knowing. */
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)strlen(request->body));
	return r;
}

static void set_syslog(struct courier_transfer *transfer)
{
	const struct notify_request *request = &transfer->request;
	CURL *easy = transfer->easy;

	transfer->url = make_url(request->transport == TRANSPORT_TLS ? "https" : "http", request);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	if (request->transport != TRANSPORT_UDP)
		return;
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 0L);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_datagram);
}

static void set_common(struct courier_transfer *transfer)
{
	const struct notify_request *request = &transfer->request;
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	/* one of syslog stays for us to write to */
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, (long)(request->protocol != NOTIFY_SYSLOG));
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	if (request->user)
		curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
	if (request->password)
		curl_easy_setopt(easy, CURLOPT_PASSWORD, request->password);
	if (!request->ca_file)
		return;
	curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_file);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* that one alone */
}

static int set_up(struct courier_transfer *transfer)
{
	int r = 0;

	set_common(transfer);
	switch ((enum notify_protocol)transfer->request.protocol) {
	case NOTIFY_HTTP:
		r = set_http(transfer);
		break;
	case NOTIFY_SMTP:
		r = set_mail(transfer);
		break;
	case NOTIFY_SYSLOG:
		set_syslog(transfer);
		break;
	case NOTIFY_COMMAND:
	case NOTIFY_PROTOCOL_N:
	default:
		return -EINVAL;
	}
	if (r < 0 || !transfer->url)
		return -ENOMEM;
	if (curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->url) != CURLE_OK)
		return -EINVAL;
	return 0;
}

/* ---- life ---- */

int courier_transfer_new(CURLM *multi, struct notify_request *request,
			 struct courier_transfer **ret)
{
	struct courier_transfer *transfer = calloc(1, sizeof(*transfer));
	int r;

	if (!transfer) {
		notify_request_deinit(request);
		return -ENOMEM;
	}
	transfer->request = *request;
	*request = (struct notify_request){0};
	transfer->easy = curl_easy_init();
	transfer->deadline_us = loop_now_us() + transfer->request.timeout_ms * 1000;
	r = transfer->easy ? set_up(transfer) : -ENOMEM;
	if (r == 0 && curl_multi_add_handle(multi, transfer->easy) != CURLM_OK)
		r = -ENOMEM;
	if (r < 0) {
		courier_transfer_free(transfer);
		return r;
	}
	transfer->multi = multi;
	*ret = transfer;
	return 0;
}

struct courier_transfer *courier_transfer_free(struct courier_transfer *transfer)
{
	if (!transfer)
		return NULL;
	if (transfer->multi)
		curl_multi_remove_handle(transfer->multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->receivers);
	free(transfer->url);
	notify_buffer_deinit(&transfer->answer);
	notify_request_deinit(&transfer->request);
	free(transfer);
	return NULL;
}

struct courier_transfer *courier_transfer_of(CURL *easy)
{
	char *transfer = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
	assert(transfer);
	return (struct courier_transfer *)(void *)transfer;
}

/* ---- what became of it ---- */

static void say(struct notify_result *result, enum delivery_outcome outcome, const char *text)
{
	result->outcome = outcome;
	text_clean((const uint8_t *)text, strlen(text), result->answer, sizeof(result->answer));
}

/* A receiver that hangs, or cannot be reached: the same message may come again. */
static void say_failure(const struct courier_transfer *transfer, CURLcode code,
			struct notify_result *result)
{
	say(result, DELIVERY_LATER,
	    transfer->error[0] ? transfer->error : curl_easy_strerror(code));
}

static void judge_http(const struct courier_transfer *transfer, CURLcode code,
		       struct notify_result *result)
{
	const struct notify_buffer *body = &transfer->answer;
	struct http_answer answer = {
		.body = body->len > 0 ? (const char *)body->octets + body->at : "",
		.len = body->len,
		.cut = code != CURLE_OK,
	};
	curl_off_t wait = 0;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &wait);
	answer.status = (int)status;
	answer.retry_after_s = wait;
	/* A status is the receiver's word, even if the rest of the answer never came. */
	if (status >= 200)
		http_answer_judge(&transfer->request, &answer, result);
	else
		say_failure(transfer, code, result);
}

/* RFC 5321 4.2.1: 5yz will be the same the next time. libcurl's own status may be that of a step
 * in between, of a login say. */
static void judge_mail(const struct courier_transfer *transfer, CURLcode code,
		       struct notify_result *result)
{
	const bool silent = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR;

	if (code == CURLE_OK) {
		result->status = 250;
		/* of several receivers one may have been refused */
		say(result, DELIVERY_ARRIVED,
		    transfer->refusal[0] ? transfer->refusal : "accepted");
		return;
	}
	if (silent || transfer->refusal[0] == '\0') {
		say_failure(transfer, code, result);
		return;
	}
	result->status = atoi(transfer->refusal);
	say(result, transfer->refusal[0] == '5' ? DELIVERY_REFUSED : DELIVERY_LATER,
	    transfer->refusal);
}

bool courier_transfer_done(struct courier_transfer *transfer, CURLcode code,
			   struct notify_result *result)
{
	*result = (struct notify_result){.id = transfer->request.id};
	switch ((enum notify_protocol)transfer->request.protocol) {
	case NOTIFY_HTTP:
		judge_http(transfer, code, result);
		return true;
	case NOTIFY_SMTP:
		judge_mail(transfer, code, result);
		return true;
	case NOTIFY_SYSLOG:
	case NOTIFY_COMMAND:
	case NOTIFY_PROTOCOL_N:
	default:
		if (code != CURLE_OK)
			say_failure(transfer, code, result);
		return code != CURLE_OK;
	}
}

/* ---- syslog, once connected ---- */

static curl_socket_t socket_of(const struct courier_transfer *transfer)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(transfer->easy, CURLINFO_ACTIVESOCKET, &fd);
	return fd;
}

/* False: it is over, result says why. */
static bool write_rest(struct courier_transfer *transfer, struct notify_result *result)
{
	const char *body = transfer->request.body;
	const size_t len = strlen(body);

	while (transfer->sent < len) {
		size_t n = 0;
		const CURLcode code = curl_easy_send(transfer->easy, body + transfer->sent,
						     len - transfer->sent, &n);

		if (code == CURLE_AGAIN)
			return true;
		if (code != CURLE_OK) {
			say_failure(transfer, code, result);
			return false;
		}
		transfer->sent += n;
	}
	transfer->settle_us = loop_now_us() + SETTLE_US;
	return true;
}

/* Whether the kernel keeps nothing that the other side did not acknowledge. */
static bool is_acknowledged(curl_socket_t fd)
{
	int waiting = 0;

	return ioctl(fd, SIOCOUTQ, &waiting) < 0 || waiting == 0;
}

static int socket_error(curl_socket_t fd)
{
	int err = 0;
	socklen_t len = sizeof(err);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0 ? errno : err;
}

/* Nothing is expected from the other side; an end or an alert means that it did not want it. */
static bool is_open(const struct courier_transfer *transfer)
{
	char octets[64];
	size_t n;

	return curl_easy_recv(transfer->easy, octets, sizeof(octets), &n) == CURLE_AGAIN;
}

static void judge_syslog(const struct courier_transfer *transfer, struct notify_result *result)
{
	const bool datagram = transfer->request.transport == TRANSPORT_UDP;
	const int err = socket_error(socket_of(transfer));

	if (err != 0)
		say(result, DELIVERY_LATER, strerror(err));
	else if (!datagram && !is_open(transfer))
		say(result, DELIVERY_LATER, "the receiver closed the connection");
	else
		say(result, DELIVERY_ARRIVED, datagram ? "sent" : "received");
}

bool courier_transfer_tend(struct courier_transfer *transfer, struct notify_result *result)
{
	const int64_t now_us = loop_now_us();

	*result = (struct notify_result){.id = transfer->request.id};
	if (transfer->settle_us == 0 && !write_rest(transfer, result))
		return true;
	if (transfer->settle_us != 0 && now_us >= transfer->settle_us &&
	    (transfer->request.transport == TRANSPORT_UDP ||
	     is_acknowledged(socket_of(transfer)))) {
		judge_syslog(transfer, result);
		return true;
	}
	if (now_us < transfer->deadline_us)
		return false;
	say(result, DELIVERY_LATER, "the receiver takes nothing");
	return true;
}
