/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One rtnetlink request, answered within the request's own system call.
 */
#include "agent/io/path/gateway.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "agent/codec/path/route_parse.h"
#include "common/base/cleanup.h"

struct gateway {
	int fd;
	uint32_t seq;
};

int gateway_new(struct gateway **ret)
{
	cleanup_(gateway_freep) struct gateway *gateway = calloc(1, sizeof(*gateway));

	if (!gateway)
		return -ENOMEM;
	gateway->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (gateway->fd < 0)
		return -errno;
	*ret = steal_ptr(gateway);
	return 0;
}

struct gateway *gateway_free(struct gateway *gateway)
{
	if (gateway && gateway->fd >= 0)
		close(gateway->fd);
	free(gateway);
	return NULL;
}

void gateway_freep(struct gateway **gateway)
{
	*gateway = gateway_free(*gateway);
}

static void to_sockaddr(const struct route_gateway *from, struct sockaddr_storage *ret,
			socklen_t *ret_len)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	memset(ret, 0, sizeof(*ret));
	if (from->family == AF_INET) {
		memcpy(&v4.sin_addr, from->address, sizeof(v4.sin_addr));
		memcpy(ret, &v4, sizeof(v4));
		*ret_len = sizeof(v4);
		return;
	}
	memcpy(&v6.sin6_addr, from->address, sizeof(v6.sin6_addr));
	if (IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr))
		v6.sin6_scope_id = from->if_index;
	memcpy(ret, &v6, sizeof(v6));
	*ret_len = sizeof(v6);
}

int gateway_find(struct gateway *gateway, int family, struct sockaddr_storage *ret,
		 socklen_t *ret_len)
{
	static const char *const far[] = {"1.1.1.1", "2606:4700:4700::1111"};
	uint8_t request[ROUTE_REQUEST_SIZE], answer[4096], address[16];
	struct route_gateway found;
	ssize_t n;
	int r;

	inet_pton(family, far[family == AF_INET6], address);
	n = (ssize_t)route_put_request(request, family, address, ++gateway->seq);
	if (send(gateway->fd, request, (size_t)n, 0) < 0)
		return -errno;
	n = recv(gateway->fd, answer, sizeof(answer), MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	r = route_parse(answer, (size_t)n, &found);
	if (r == 0)
		to_sockaddr(&found, ret, ret_len);
	return r;
}
