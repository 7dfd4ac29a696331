/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log lines: decides their form (priority, time, one line each) and hands them to
 * stderr, syslog(3) or a test's sink. What is worth a line is the caller's affair.
 * Source: sd-daemon(3) for "<n>" priorities, systemd.exec(5) for JOURNAL_STREAM.
 */
#include "common/system/log.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "common/base/utf8_text.h"

#define LOG_LINE_MAX 2048

static const struct {
	const char *name;
	int priority; /* RFC 5424 6.2.1 severity */
} LEVELS[] = {
	[LOG_LEVEL_ERROR] = {"error", LOG_ERR},
	[LOG_LEVEL_WARN] = {"warn", LOG_WARNING},
	[LOG_LEVEL_INFO] = {"info", LOG_INFO},
	[LOG_LEVEL_DEBUG] = {"debug", LOG_DEBUG},
};

/* Process-wide like stderr itself; written by log_open and log_set_sink only. */
static struct {
	enum log_target target;
	enum log_level max;
	bool journal;
	log_sink_fn *sink;
	void *sink_data;
} log_state = {.target = LOG_TARGET_STDERR, .max = LOG_LEVEL_INFO};

/* systemd sets JOURNAL_STREAM=DEVICE:INODE; the descriptor may have been redirected
 * since. */
static bool stderr_is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (!text || sscanf(text, "%llu:%llu", &dev, &ino) != 2 || fstat(STDERR_FILENO, &st) < 0)
		return false;
	return st.st_dev == dev && st.st_ino == ino;
}

void log_open(const char *ident, enum log_target target, enum log_level max)
{
	log_state.target = target;
	log_state.max = max;
	log_state.journal = stderr_is_journal();
	if (target == LOG_TARGET_SYSLOG)
		openlog(ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

int log_level_parse(const char *text, enum log_level *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(LEVELS); i++) {
		if (strcasecmp(text, LEVELS[i].name) == 0) {
			*ret = (enum log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *log_level_name(enum log_level level)
{
	return LEVELS[level].name;
}

bool log_enabled(enum log_level level)
{
	return level <= log_state.max;
}

void log_set_sink(log_sink_fn *fn, void *data)
{
	log_state.sink = fn;
	log_state.sink_data = data;
}

/*
 * Text from devices may end up in a line: a newline in it must not start a line of its
 * own, an escape sequence or what turns the direction of writing must not reach a terminal.
 * What is no text is one mark an octet.
 */
static void blank_unsafe(char *line)
{
	size_t len = strlen(line), used = 0, n;

	for (size_t i = 0; i < len; i += n ? n : 1) {
		n = utf8_text_char(line + i, len - i);
		if (!n) {
			line[used++] = '?';
		} else if (utf8_text_is_unsafe(line + i, n)) {
			line[used++] = ' ';
		} else {
			memmove(line + used, line + i, n);
			used += n;
		}
	}
	line[used] = '\0';
}

/* One write(2) a line, so that lines of threads and child processes do not mix. */
static void write_stderr(enum log_level level, const char *line)
{
	char buf[LOG_LINE_MAX + 64];
	size_t n;
	int r;

	if (log_state.journal) {
		n = (size_t)snprintf(buf, sizeof(buf), "<%d>", LEVELS[level].priority);
	} else {
		struct timespec now;
		struct tm tm;
		char date[32], zone[8];

		/* "2026-11-21T14:05:03.123+0700 " in local time; nothing under the journal, which has its
		 * own. */
		clock_gettime(CLOCK_REALTIME, &now);
		localtime_r(&now.tv_sec, &tm);
		strftime(date, sizeof(date), "%FT%T", &tm);
		strftime(zone, sizeof(zone), "%z", &tm);
		n = (size_t)snprintf(buf, sizeof(buf), "%s.%03ld%s ", date, now.tv_nsec / 1000000,
				     zone);
	}
	r = snprintf(buf + n, sizeof(buf) - n, "%s %s\n", LEVELS[level].name, line);
	if (r > 0)
		n += (size_t)r;
	/* Nowhere to report a failed write of the report to. */
	if (write(STDERR_FILENO, buf, n) < 0)
		return;
}

void log_line(enum log_level level, const char *subsystem, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	int saved_errno = errno;
	va_list ap;
	int n;

	assert((unsigned int)level <= LOG_LEVEL_DEBUG);
	if (!log_enabled(level))
		return;
	n = snprintf(line, sizeof(line), "%s: ", subsystem);
	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(line))
		memcpy(line + sizeof(line) - 4, "...", 4);
	blank_unsafe(line);
	if (log_state.sink)
		log_state.sink(log_state.sink_data, level, line);
	else if (log_state.target == LOG_TARGET_SYSLOG)
		syslog(LEVELS[level].priority, "%s", line);
	else
		write_stderr(level, line);
	errno = saved_errno;
}

const char *log_quoted(const char *text, char buf[static LOG_VALUE_SIZE])
{
	size_t n = 0;

	buf[n++] = '"';
	for (; *text && n < LOG_VALUE_SIZE - 3; text++) {
		if (*text == '"' || *text == '\\')
			buf[n++] = '\\';
		buf[n++] = *text;
	}
	buf[n++] = '"';
	buf[n] = '\0';
	return buf;
}

const char *log_value(const char *text, char buf[static LOG_VALUE_SIZE])
{
	/* what log_line() makes a blank of is one */
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("\"\\=", *p))
			return log_quoted(text, buf);
	}
	if (strlen(text) >= LOG_VALUE_SIZE)
		return log_quoted(text, buf);
	return strcpy(buf, text);
}
