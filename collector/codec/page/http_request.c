/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parses request heads; knows neither sockets nor routes. Source: RFC 9112 (message
 * syntax), RFC 9110 (semantics), RFC 3986 2.1 (percent-encoding).
 *
 * Transfer codings in requests are refused (501): nothing that talks to Pantau needs one,
 * and their disagreement with Content-Length is how requests are smuggled.
 */
#include "collector/codec/page/http_request.h"

#include <string.h>
#include <strings.h>

#include "collector/codec/page/query_text.h"
#include "common/base/cleanup.h"

struct line {
	const char *p;
	size_t len;
};

/* Takes the next line without its CR LF (a lone LF is taken too, RFC 9112 2.2). False at
 * the end of buf. */
static bool next_line(const uint8_t *buf, size_t len, size_t *at, struct line *ret)
{
	const uint8_t *lf = *at < len ? memchr(buf + *at, '\n', len - *at) : NULL;
	size_t end;

	if (!lf)
		return false;
	end = (size_t)(lf - buf);
	ret->p = (const char *)buf + *at;
	ret->len = end - *at;
	if (ret->len && ret->p[ret->len - 1] == '\r')
		ret->len--;
	*at = end + 1;
	return true;
}

static bool is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_printable(const struct line *text)
{
	for (size_t i = 0; i < text->len; i++)
		if ((unsigned char)text->p[i] < 0x20 ? text->p[i] != '\t' : text->p[i] == 0x7f)
			return false;
	return true;
}

static bool line_is(const struct line *line, const char *text)
{
	return line->len == strlen(text) && memcmp(line->p, text, line->len) == 0;
}

/* Cuts line at the first c; ret gets what is before it. False if there is none. */
static bool cut(struct line *line, char c, struct line *ret)
{
	const char *found = line->len ? memchr(line->p, c, line->len) : NULL;

	if (!found)
		return false;
	*ret = (struct line){line->p, (size_t)(found - line->p)};
	line->len -= ret->len + 1;
	line->p = found + 1;
	return true;
}

static bool has_bad_segment(const char *path)
{
	for (const char *p = path; *p == '/';) {
		const size_t len = strcspn(++p, "/");

		if ((len == 0 && p[len]) || (len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return true;
		p += len;
	}
	return false;
}

static int parse_target(struct line target, struct http_request *ret)
{
	struct line path;

	if (target.len >= HTTP_TARGET_MAX)
		return -414;
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.p[i] <= 0x20 || (unsigned char)target.p[i] >= 0x7f ||
		    target.p[i] == '#')
			return -400;
	if (cut(&target, '?', &path)) {
		memcpy(ret->query, target.p, target.len);
		ret->query[target.len] = '\0';
	} else {
		path = target;
	}
	if (!path.len || path.p[0] != '/')
		return -400;
	if (query_text_decode(path.p, path.len, false, ret->path, sizeof(ret->path)) < 0)
		return -400;
	return has_bad_segment(ret->path) ? -400 : 0;
}

static int parse_request_line(struct line line, struct http_request *ret)
{
	struct line method, target;

	if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target) || !method.len)
		return -400;
	for (size_t i = 0; i < method.len; i++)
		if (!is_token(method.p[i]))
			return -400;
	if (line_is(&line, "HTTP/1.0"))
		ret->http10 = true;
	else if (!line_is(&line, "HTTP/1.1"))
		return line.len >= 5 && memcmp(line.p, "HTTP/", 5) == 0 ? -505 : -400;
	ret->keep_alive = !ret->http10;
	ret->method = line_is(&method, "GET")	 ? HTTP_GET
		      : line_is(&method, "HEAD") ? HTTP_HEAD
		      : line_is(&method, "POST") ? HTTP_POST
						 : HTTP_OTHER;
	return parse_target(target, ret);
}

static int parse_length(const struct line *value, bool *seen, struct http_request *ret)
{
	size_t n = 0;

	if (*seen || !value->len || value->len > 9)
		return value->len > 9 ? -413 : -400;
	for (size_t i = 0; i < value->len; i++) {
		if (value->p[i] < '0' || value->p[i] > '9')
			return -400;
		n = n * 10 + (size_t)(value->p[i] - '0');
	}
	if (n > HTTP_BODY_MAX)
		return -413;
	*seen = true;
	ret->body_len = n;
	return 0;
}

/* Values that do not fit are left out: none that Pantau acts on is that long. A host or an
 * origin that does not fit is none of ours. */
static void keep_value(const struct line *name, const struct line *value, struct http_request *ret)
{
	const struct {
		const char *name;
		char *to;
	} kept[] = {{"authorization", ret->authorization},
		    {"if-none-match", ret->if_none_match},
		    {"last-event-id", ret->last_event_id},
		    {"accept", ret->accept},
		    {"host", ret->host},
		    {"origin", ret->origin}};

	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		if (name->len != strlen(kept[i].name) ||
		    strncasecmp(name->p, kept[i].name, name->len) != 0)
			continue;
		if (value->len >= HTTP_VALUE_MAX &&
		    (kept[i].to == ret->host || kept[i].to == ret->origin)) {
			strcpy(kept[i].to, "?");
		} else if (value->len < HTTP_VALUE_MAX) {
			memcpy(kept[i].to, value->p, value->len);
			kept[i].to[value->len] = '\0';
		}
	}
}

static bool name_is(const struct line *name, const char *text)
{
	return name->len == strlen(text) && strncasecmp(name->p, text, name->len) == 0;
}

static int parse_header(struct line line, bool *length_seen, struct http_request *ret)
{
	struct line name;

	if (!cut(&line, ':', &name) || !name.len || !is_printable(&line))
		return -400;
	for (size_t i = 0; i < name.len; i++)
		if (!is_token(name.p[i]))
			return -400; /* also folded lines, RFC 9112 5.2 */
	while (line.len && (line.p[0] == ' ' || line.p[0] == '\t'))
		line.p++, line.len--;
	while (line.len && (line.p[line.len - 1] == ' ' || line.p[line.len - 1] == '\t'))
		line.len--;
	if (name_is(&name, "content-length"))
		return parse_length(&line, length_seen, ret);
	if (name_is(&name, "transfer-encoding"))
		return -501;
	if (name_is(&name, "connection") && line.len == 5 && strncasecmp(line.p, "close", 5) == 0)
		ret->keep_alive = false;
	keep_value(&name, &line, ret);
	return 0;
}

int http_request_parse(const uint8_t *buf, size_t len, struct http_request *ret)
{
	struct http_request request = {0};
	bool length_seen = false;
	struct line line;
	size_t at = 0;
	int r = 0;

	if (len > HTTP_HEAD_MAX)
		len = HTTP_HEAD_MAX;
	/* Empty lines before a request are skipped, RFC 9112 2.2. */
	while (len - at >= 2 && buf[at] == '\r' && buf[at + 1] == '\n')
		at += 2;
	if (!next_line(buf, len, &at, &line))
		return len >= HTTP_HEAD_MAX ? -414 : 0;
	r = parse_request_line(line, &request);
	for (int n = 0; r == 0; n++) {
		if (!next_line(buf, len, &at, &line))
			return len >= HTTP_HEAD_MAX ? -431 : 0;
		if (line.len == 0)
			break;
		r = n < HTTP_HEADERS_MAX ? parse_header(line, &length_seen, &request) : -431;
	}
	if (r < 0)
		return r;
	*ret = request;
	return (int)at;
}
