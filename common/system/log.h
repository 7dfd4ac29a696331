/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging: lines of key=value text to stderr (with <n> priorities under systemd,
 * sd-daemon(3)) or to syslog(3). Never hand it a community string, a passphrase or
 * a key: there is no level at which those are logged.
 *
 *	log_warn("poller", "device=%s err=%s", id, text);
 *
 * The first argument names the subsystem. The sink is process-wide by nature (like
 * stderr itself); it is set once at start, before threads.
 */
#pragma once

#include <stdbool.h>

#include "common/base/cleanup.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_target {
	LOG_TARGET_STDERR,
	LOG_TARGET_SYSLOG,
};

/* ident: program name, kept by reference. Detects systemd's journal (JOURNAL_STREAM). */
void log_open(const char *ident, enum log_target target, enum log_level max);

/* "error", "warn", "info", "debug". Returns 0 or -EINVAL. */
int log_level_parse(const char *text, enum log_level *ret);

const char *log_level_name(enum log_level level);

/* Whether a line of this level would be written, where making its text is costly. */
bool log_enabled(enum log_level level);

/* Where lines go instead of stderr/syslog, for tests; NULL restores. */
typedef void log_sink_fn(void *data, enum log_level level, const char *line);
void log_set_sink(log_sink_fn *fn, void *data);

/* errno is kept. Control characters, of Latin-1 too, and marks that turn the direction of writing become
 * spaces, octets that are no UTF-8 question marks; a line is cut at 2047 octets, ending in "...". */
void log_line(enum log_level level, const char *subsystem, const char *fmt, ...) printf_(3, 4);

/*
 * A value that comes from outside, so that it cannot end itself and begin another: log_quoted() as
 * "it is", with a backslash before quotation marks and backslashes; log_value() the same where it
 * has blanks or any of these or an equals sign in it, else as it is. What does not fit is cut.
 * Return buf.
 */
enum { LOG_VALUE_SIZE = 512 };
const char *log_quoted(const char *text, char buf[static LOG_VALUE_SIZE]);
const char *log_value(const char *text, char buf[static LOG_VALUE_SIZE]);

#define log_error(subsystem, ...) log_line(LOG_LEVEL_ERROR, subsystem, __VA_ARGS__)
#define log_warn(subsystem, ...)  log_line(LOG_LEVEL_WARN, subsystem, __VA_ARGS__)
#define log_info(subsystem, ...)  log_line(LOG_LEVEL_INFO, subsystem, __VA_ARGS__)
#define log_debug(subsystem, ...) log_line(LOG_LEVEL_DEBUG, subsystem, __VA_ARGS__)
