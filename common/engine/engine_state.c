/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides the engine's id and boots. Source: RFC 3411 5 (SnmpEngineID), RFC 3414 2.2.1-2.
 */
#include "common/engine/engine_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/base/cleanup_fd.h"
#include "common/system/log.h"

enum {
	TEXT_MAX = 128,
	RANDOM_LEN = 12,
};

static const char MAGIC[] = "pantau-engine 1 ";

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int engine_state_parse(const uint8_t *text, size_t len, struct snmp_identity *ret)
{
	struct snmp_identity id = {0};
	size_t at = sizeof(MAGIC) - 1;
	uint64_t boots = 0;

	if (len < at || memcmp(text, MAGIC, at) != 0)
		return -EBADMSG;
	for (; at + 1 < len && text[at] != ' '; at += 2) {
		int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);

		if (high < 0 || low < 0 || id.engine_id_len == USM_ENGINE_ID_MAX)
			return -EBADMSG;
		id.engine_id[id.engine_id_len++] = (uint8_t)(high << 4 | low);
	}
	if (id.engine_id_len < USM_ENGINE_ID_MIN || at >= len || text[at++] != ' ')
		return -EBADMSG;
	for (; at < len && text[at] >= '0' && text[at] <= '9'; at++) {
		boots = boots * 10 + (text[at] - '0');
		if (boots > USM_BOOTS_MAX)
			return -EBADMSG;
	}
	if (boots < 1 || at + 1 != len || text[at] != '\n')
		return -EBADMSG;
	id.boots = (uint32_t)boots;
	*ret = id;
	return 0;
}

size_t engine_state_format(const struct snmp_identity *identity, char *buf, size_t size)
{
	size_t at = (size_t)snprintf(buf, size, "%s", MAGIC);

	for (size_t i = 0; i < identity->engine_id_len; i++)
		at += (size_t)snprintf(buf + at, size - at, "%02x", identity->engine_id[i]);
	return at + (size_t)snprintf(buf + at, size - at, " %u\n", identity->boots);
}

/* Format 5 (octets) below net-snmp's enterprise number, which the MIB's root uses too. */
static int make_id(struct snmp_identity *ret)
{
	static const uint8_t head[] = {0x80, 0x00, 0x1f, 0x88, 0x05};

	memcpy(ret->engine_id, head, sizeof(head));
	if (getrandom(ret->engine_id + sizeof(head), RANDOM_LEN, 0) != RANDOM_LEN)
		return -EIO;
	ret->engine_id_len = sizeof(head) + RANDOM_LEN;
	ret->boots = 0;
	return 0;
}

/* 0; -ENOENT if there is none; -EBADMSG if it is damaged. */
static int read_state(int dir, struct snmp_identity *ret)
{
	cleanup_close int fd = openat(dir, "engine", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint8_t text[TEXT_MAX];
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, text, sizeof(text));
	if (len < 0)
		return -errno;
	return engine_state_parse(text, (size_t)len, ret);
}

static int write_state(int dir, const struct snmp_identity *identity)
{
	cleanup_close int fd = openat(dir, "engine.new",
				      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char text[TEXT_MAX];
	size_t len = engine_state_format(identity, text, sizeof(text));

	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len)
		return errno ? -errno : -EIO;
	if (fsync(fd) < 0 || renameat(dir, "engine.new", dir, "engine") < 0 || fsync(dir) < 0)
		return -errno;
	return 0;
}

int engine_state_start(const char *state_dir, int64_t now_us, struct snmp_identity *ret)
{
	cleanup_close int dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct snmp_identity id = {0};
	int r;

	if (dir < 0)
		return -errno;
	r = read_state(dir, &id);
	if (r == -EBADMSG) {
		log_warn("snmp",
			 "file=%s/engine err=\"damaged; kept as engine.bad, the engine id is a "
			 "new one\"",
			 state_dir);
		renameat(dir, "engine", dir, "engine.bad");
	}
	if (r == -EBADMSG || r == -ENOENT)
		r = make_id(&id);
	if (r < 0)
		return r;
	if (id.boots < USM_BOOTS_MAX)
		id.boots++;
	r = write_state(dir, &id);
	if (r < 0)
		return r;
	id.start_us = now_us;
	*ret = id;
	return 0;
}

int engine_state_temporary(int64_t now_us, struct snmp_identity *ret)
{
	struct snmp_identity id = {.start_us = now_us};
	int r = make_id(&id);

	if (r < 0)
		return r;
	id.boots = 1;
	*ret = id;
	return 0;
}
