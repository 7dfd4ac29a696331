/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass; words are written one behind the other into a chunk that has room for them all. The
 * syntax is that of libconfuse 3.3, but for variables of the environment. */
#include "common/conf/conf_reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 8
#define BLANK	  " \t\r\n\v\f"
#define SIGNS	  "={}(),"
#define NO_VALUE  "no value behind the '='; write KEY = VALUE"
#define VARIABLE  "${...} is not replaced; write it in single quotes"

struct conf_chunk {
	struct conf_chunk *next;
	char text[];
};

struct token {
	char sign; /* one of SIGNS, or '+': +=, 'w': a word, '\0': the end */
	struct conf_word word;
};

struct reader {
	struct conf_settings *all;
	struct conf_errors *errors;
	const char *file, *key;	     /* key: of this statement, for messages; or NULL */
	const char *p, *counted;     /* what is not read yet; up to where lines are counted */
	char *to;		     /* where the next word goes */
	unsigned int line;	     /* of the last token */
	unsigned int wide, wide_end; /* lines of the last string that goes over several */
	unsigned int depth;
	size_t value; /* number of the last KEY = VALUE in this section, from 1; 0: none */
};

printf_(3, 4) static int mistake(const struct reader *r, unsigned int line, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	/* Where one quote is missing, strings and what is between them change their parts. */
	if (r->wide > 0 && r->wide_end == line) {
		conf_errors_add(r->errors, "%s:%u: a string from here to line %u; close it here",
				r->file, r->wide, r->wide_end);
		return -EINVAL;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	conf_errors_add(r->errors, "%s:%u: %s%s%s", r->file, line, r->key ? r->key : "",
			r->key ? ": " : "", text);
	return -EINVAL;
}

/* What cannot stand here. Behind a value it was meant as a part of that, which may be secret. */
static int stray(struct reader *r, unsigned int line, const char *what)
{
	const struct conf_setting *last = r->value ? &r->all->settings[r->value - 1] : NULL;
	const struct conf_word *value = last ? &r->all->words[last->first] : NULL;

	if (!last || last->end != line)
		return mistake(r, line, "%s", what);
	r->key = last->key.text;
	if (last->key.line < value->line && !value->quoted)
		return mistake(r, last->key.line, NO_VALUE);
	return mistake(r, line, CONF_READER_WANTS_QUOTES, r->key);
}

static void count_lines(struct reader *r)
{
	for (; r->counted < r->p; r->counted++)
		r->line += *r->counted == '\n';
}

/* c: what stands behind a backslash in double quotes. Returns how many octets of it were meant. */
static size_t read_octet(const char *c, unsigned long *ret)
{
	static const char NAMES[] = "abefnrtv", MEANT[] = "\a\b\033\f\n\r\t\v";
	const bool hex = c[0] == 'x' && isxdigit((unsigned char)c[1]);
	const char *name = strchr(NAMES, *c);
	char digits[4] = "", *end;

	*ret = name ? (unsigned char)MEANT[name - NAMES] : (unsigned char)*c;
	if (!hex && !isdigit((unsigned char)*c))
		return 1;
	memcpy(digits, c + hex, strnlen(c + hex, hex ? 2 : 3));
	*ret = strtoul(digits, &end, hex ? 16 : 8);
	return hex + (size_t)(end - digits);
}

static int read_escape(struct reader *r, char quote, struct conf_word *word)
{
	const char c = r->p[1];
	unsigned long octet;

	if (c == quote || c == '\\' || c == '\n') {
		*r->to = c;
		r->to += c != '\n';
		r->p += 2;
	} else if (quote == '\'' || c == '\0') {
		*r->to++ = *r->p++;
	} else {
		word->doubt = CONF_DOUBT_ESCAPE;
		r->p += 1 + read_octet(r->p + 1, &octet);
		if (octet == 0 || octet > 255)
			return mistake(r, word->line, "\\ before a number; write \\\\ for a \\");
		*r->to++ = (char)octet;
	}
	return 0;
}

static int read_string(struct reader *r, struct conf_word *word)
{
	const char quote = *r->p++;

	word->quoted = true;
	while (*r->p != quote) {
		if (*r->p == '\0')
			return mistake(r, word->line, "a string is never closed; add a %c", quote);
		if (quote == '"' && strncmp(r->p, "${", 2) == 0 &&
		    r->p[strcspn(r->p, "}\"")] == '}')
			return mistake(r, r->line, VARIABLE);
		if (*r->p != '\\')
			*r->to++ = *r->p++;
		else if (read_escape(r, quote, word) < 0)
			return -EINVAL;
	}
	r->p++;
	*r->to++ = '\0';
	count_lines(r);
	if (r->line > word->line) {
		r->wide = r->wide_end == word->line ? r->wide : word->line;
		r->wide_end = r->line;
	}
	return 0;
}

static int skip_blank(struct reader *r)
{
	for (;;) {
		const char *end;

		r->p += strspn(r->p, BLANK);
		count_lines(r);
		if (*r->p == '#' || strncmp(r->p, "//", 2) == 0)
			end = r->p + strcspn(r->p, "\n");
		else if (strncmp(r->p, "/*", 2) != 0)
			return 0;
		else if ((end = strstr(r->p + 2, "*/")))
			end += 2;
		else
			return mistake(r, r->line, "a comment is never closed; add */");
		r->p = end;
	}
}

static int read_token(struct reader *r, struct token *ret)
{
	if (skip_blank(r) < 0)
		return -EINVAL;
	*ret = (struct token){'w', {.text = r->to, .line = r->line}};
	if (*r->p == '"' || *r->p == '\'')
		return read_string(r, &ret->word);
	if (*r->p != '\0' && !strchr(SIGNS, *r->p) && strncmp(r->p, "+=", 2) != 0) {
		const size_t n = strcspn(r->p, BLANK SIGNS "#+\"'");

		if (*r->p == ';')
			return mistake(r, r->line, "a ';', which ends nothing here; remove it");
		if (n == 0)
			return stray(r, r->line, "a '+' without its '='; write KEY += {VALUE}");
		if (r->p[n] == '{' && r->p[n - 1] == '$')
			return mistake(r, r->line, VARIABLE);
		ret->word.doubt = r->p[n] == '#' ? CONF_DOUBT_COMMENT : CONF_DOUBT_NONE;
		r->to = mempcpy(r->to, r->p, n);
		*r->to++ = '\0';
		r->p += n;
		return 0;
	}
	ret->sign = *r->p;
	r->p += ret->sign == '+' ? 2 : ret->sign != '\0';
	return 0;
}

/* An array that has grown by ones, with room for one more; NULL when out of memory. */
static void *room(void *array, size_t n, size_t size)
{
	return n & (n - 1) ? array : reallocarray(array, n > 0 ? 2 * n : 1, size);
}

static int add_word(struct reader *r, struct conf_setting *setting, const struct conf_word *word)
{
	struct conf_settings *all = r->all;
	struct conf_word *words = room(all->words, all->n_words, sizeof(*words));

	if (!words)
		return -ENOMEM;
	all->words = words;
	words[all->n_words++] = *word;
	setting->n++;
	setting->end = r->line;
	if (setting->kind == CONF_SETTING_VALUE)
		r->value = all->n;
	/* What stands right behind a value says that it has ended too early. */
	if (strchr(word->quoted ? BLANK SIGNS "#;/" : BLANK SIGNS "#+", *r->p))
		return 0;
	r->key = setting->key.text;
	return mistake(r, r->line, CONF_READER_WANTS_QUOTES, r->key);
}

static int read_list(struct reader *r, struct conf_setting *setting, char close)
{
	struct token token;
	int e;

	setting->kind = close == ')' ? CONF_SETTING_CALL : CONF_SETTING_LIST;
	setting->end = r->line;
	while ((e = read_token(r, &token)) == 0 && token.sign == 'w') {
		e = add_word(r, setting, &token.word);
		if (e == 0)
			e = read_token(r, &token);
		if (e < 0 || token.sign != ',')
			break;
	}
	if (e < 0 || token.sign == close)
		return e;
	return mistake(r, setting->end, "a ',' or '%c' is missing, or a ',' too many", close);
}

static int read_block(struct reader *r, size_t section);

static int read_statement(struct reader *r, const struct conf_word *key)
{
	struct conf_settings *all = r->all;
	struct conf_setting *settings = room(all->settings, all->n, sizeof(*settings)), *setting;
	struct token token;

	if (!settings)
		return -ENOMEM;
	all->settings = settings;
	setting = &settings[all->n++];
	*setting = (struct conf_setting){.file = r->file, .key = *key, .first = all->n_words};
	r->key = r->value > 0 && settings[r->value - 1].end == key->line ? NULL : key->text;
	if (read_token(r, &token) < 0)
		return -EINVAL;
	setting->append = token.sign == '+';
	if (token.sign == '=' || token.sign == '+') {
		r->key = setting->key.text;
		if (read_token(r, &token) < 0)
			return -EINVAL;
		if (token.sign == 'w')
			return add_word(r, setting, &token.word);
		if (token.sign == '{')
			return read_list(r, setting, '}');
		return mistake(r, setting->key.line, NO_VALUE);
	}
	if (token.sign == '(')
		return read_list(r, setting, ')');
	if (token.sign == 'w') {
		setting->title = token.word;
		if (read_token(r, &token) < 0)
			return -EINVAL;
	}
	if (token.sign == '{')
		return read_block(r, all->n);
	return stray(r, key->line, "neither '=' nor '{' behind it; write KEY = VALUE");
}

/* The inside of a section, whose number it is, from 1; 0: the file. */
static int read_block(struct reader *r, size_t section)
{
	struct conf_setting *setting;
	struct token token;
	int e;

	if (r->depth++ > DEPTH_MAX)
		return mistake(r, r->line, "a section too deep in others; is a '}' missing?");
	r->value = 0;
	while ((e = read_token(r, &token)) == 0 && token.sign == 'w' &&
	       (e = read_statement(r, &token.word)) == 0)
		r->key = NULL;
	if (e < 0 || (token.sign == '\0' && section == 0))
		return e;
	if (token.sign == '}' && section == 0)
		return mistake(r, r->line, "a '}' that closes nothing; remove it");
	if (token.sign == '{')
		return mistake(r, r->line, "a '{' behind no key; write SECTION \"TITLE\" { ... }");
	if (token.sign != '}' && token.sign != '\0')
		return stray(r, r->line, "a sign where a key is expected; write KEY = VALUE");
	setting = &r->all->settings[section - 1];
	setting->kind = CONF_SETTING_SECTION;
	setting->end = r->line;
	setting->inside = r->all->n - section;
	r->value = 0;
	r->depth--;
	r->key = setting->key.text;
	return token.sign ? 0 : mistake(r, setting->key.line, "is never closed; add a '}'");
}

int conf_reader_read(struct conf_settings *settings, const char *file, const char *text, size_t len,
		     struct conf_errors *errors)
{
	/* The file's name, the text, and each word of it with a NUL behind. */
	const size_t name = strlen(file) + 1, size = name + len + 1 + 2 * len;
	struct conf_chunk *chunk = malloc(sizeof(*chunk) + size);
	struct reader r = {.all = settings, .errors = errors, .line = 1};
	int e;

	if (!chunk)
		return -ENOMEM;
	chunk->next = settings->chunks;
	settings->chunks = chunk;
	r.file = memcpy(chunk->text, file, name);
	r.p = r.counted = memcpy(chunk->text + name, text, len);
	chunk->text[name + len] = '\0';
	r.to = chunk->text + name + len + 1;
	if (strlen(r.p) < len) {
		conf_errors_add(errors, "%s: holds a NUL octet; is it a text file?", file);
		return -EINVAL;
	}
	r.p += strncmp(r.p, "\ufeff", 3) == 0 ? 3 : 0; /* Windows puts it before UTF-8 */
	e = read_block(&r, 0);
	settings->end = settings->end > 0 ? settings->end : r.line;
	return e;
}

void conf_settings_deinit(struct conf_settings *settings)
{
	for (struct conf_chunk *next; settings->chunks; settings->chunks = next) {
		next = settings->chunks->next;
		free(settings->chunks);
	}
	free(settings->settings);
	free(settings->words);
	*settings = (struct conf_settings){0};
}
