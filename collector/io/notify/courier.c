/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: curl_multi_poll(3) with the line beside libcurl's own sockets. */
#include "collector/io/notify/courier.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "collector/io/notify/courier_transfer.h"
#include "collector/io/notify/notifier.h"
#include "collector/io/notify/sender_line.h"
#include "common/system/sandbox.h"

enum { IDLE_MS = 1000, TEND_MS = 10 };

struct courier {
	CURLM *multi;
	struct sender_line line;
	struct courier_transfer *tended[NOTIFIER_MAX]; /* of syslog, connected */
	size_t n_tended;
};

/* ---- the sandbox ---- */

/* What looks up names is loaded at its first use, which the sandbox forbids: so before. */
static void load_resolvers(void)
{
	static const char *const MODULES[] = {
		"libnss_files.so.2",	    "libnss_dns.so.2",	      "libnss_resolve.so.2",
		"libnss_mymachines.so.2",   "libnss_myhostname.so.2", "libnss_mdns4_minimal.so.2",
		"libnss_mdns_minimal.so.2", "libnss_mdns4.so.2",      "libnss_mdns.so.2",
	};
	const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST};
	struct addrinfo *found;

	for (size_t i = 0; i < ARRAY_LEN(MODULES); i++)
		(void)!dlopen(MODULES[i], RTLD_NOW);
	if (getaddrinfo("127.0.0.1", NULL, &numeric, &found) == 0)
		freeaddrinfo(found);
}

/* It speaks to the network, reads certificates and the resolver's files, and no more. */
static int confine(void)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_INET6, 0};
	static const unsigned long ioctls[] = {SIOCOUTQ, 0};
	static const char *const *const calls[] = {SANDBOX_NETWORK, NULL};
	const struct sandbox_rules rules = {
		.calls = calls,
		.families = families,
		.ioctls = ioctls,
		.threads = true, /* libcurl's, each for a name */
		.read_only = true,
	};
	const int r = sandbox_enter(&rules);

	return r == -ENOSYS ? 0 : r;
}

/* ---- the line ---- */

/* What cannot be begun is told at once. */
static int begin(struct courier *courier, struct notify_request *request)
{
	struct notify_result result = {
		.id = request->id, .outcome = DELIVERY_REFUSED, .answer = "not a right address"};
	struct courier_transfer *transfer;
	const int r = courier_transfer_new(courier->multi, request, &transfer);

	if (r == 0)
		return 0;
	if (r == -ENOMEM)
		result.outcome = DELIVERY_LATER;
	return sender_line_tell(&courier->line, &result);
}

static int take_requests(struct courier *courier)
{
	int r = sender_line_receive(&courier->line);

	while (r == 0) {
		struct notify_request request;

		r = sender_line_next(&courier->line, &request);
		if (r <= 0)
			break;
		r = begin(courier, &request);
	}
	return r;
}

/* ---- transfers ---- */

static int finish_done(struct courier *courier)
{
	CURLMsg *message;
	int left, r = 0;

	while (r == 0 && (message = curl_multi_info_read(courier->multi, &left))) {
		struct courier_transfer *transfer = courier_transfer_of(message->easy_handle);
		struct notify_result result;

		if (courier_transfer_done(transfer, message->data.result, &result)) {
			courier_transfer_free(transfer);
			r = sender_line_tell(&courier->line, &result);
		} else if (courier->n_tended < ARRAY_LEN(courier->tended)) {
			courier->tended[courier->n_tended++] = transfer;
		} else {
			r = -EPROTO; /* more than a notifier sends */
		}
	}
	return r;
}

static int tend(struct courier *courier)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < courier->n_tended;) {
		struct notify_result result;

		if (!courier_transfer_tend(courier->tended[i], &result)) {
			i++;
			continue;
		}
		courier_transfer_free(courier->tended[i]);
		courier->tended[i] = courier->tended[--courier->n_tended];
		r = sender_line_tell(&courier->line, &result);
	}
	return r;
}

static int turn(struct courier *courier)
{
	struct curl_waitfd line = {.fd = 0, .events = CURL_WAIT_POLLIN};
	int running, r = 0;

	if (courier->line.out.len > 0)
		line.events |= CURL_WAIT_POLLOUT;
	if (curl_multi_poll(courier->multi, &line, 1, courier->n_tended ? TEND_MS : IDLE_MS,
			    NULL) != CURLM_OK)
		return -EIO;
	if (line.revents)
		r = take_requests(courier);
	if (r == 0)
		r = sender_line_send(&courier->line);
	if (r == 0 && curl_multi_perform(courier->multi, &running) != CURLM_OK)
		r = -EIO;
	if (r == 0)
		r = finish_done(courier);
	return r < 0 ? r : tend(courier);
}

int courier_run(bool sandbox)
{
	struct courier courier = {0};
	int r;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return -ENOMEM;
	courier.multi = curl_multi_init();
	if (!courier.multi)
		return -ENOMEM;
	/* Those that are connected for syslog are libcurl's to close when it has too many. */
	curl_multi_setopt(courier.multi, CURLMOPT_MAXCONNECTS, 2L * NOTIFIER_MAX);
	load_resolvers();
	r = sandbox ? confine() : 0;
	while (r == 0)
		r = turn(&courier);
	return r;
}
