/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs libconfuse over a file. libconfuse stops at the first mistake and keeps no line
 * numbers of values; so every value is taken as text with its place (a parse callback
 * makes a conf_raw_value), and a statement with an unknown key is blanked out and the
 * file read again. What values mean is conf.c's affair.
 * Source: libconfuse 3.3 tutorial and src/confuse.c.
 */
#include "common/conf/conf_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/cleanup.h"
#include "common/base/cleanup_fd.h"
#include "common/conf/conf.h"
#include "common/conf/conf_text.h"
#include "common/conf/conf_value.h"

#define MESSAGE_MAX 512
#define UNKNOWN_MAX 100 /* runs over one file */

/* What libconfuse says, what we say, and what would be right. */
static const struct {
	const char *says, *what, *right;
} SYNTAX[] = {
	{"missing equal sign", "no '=' after the key", "write KEY = VALUE"},
	{"missing opening brace", "no '{' after the section's name",
	 "write SECTION \"TITLE\" { ... }"},
	{"missing title", "the section has no title", "write SECTION \"TITLE\" { ... }"},
	{"found duplicate title", "a section of this kind and title exists already",
	 "give each a title of its own"},
	{"premature end of file", "the file ends inside a section, list or string",
	 "close what is open with '}' or '\"'"},
	{"unexpected closing brace", "a '}' that closes nothing", "remove it"},
	{"missing parenthesis", "no '(' after include", "write include(\"FILE\")"},
	{"wrong number of arguments", "include takes one file", "write include(\"FILE\")"},
};

#define SOURCES_MAX 64

/* A file: the first is the one asked for, the others are included. */
struct source {
	char *name;
	char *text;
	bool seen; /* its include() was met in this run */
};

/* libconfuse hands callbacks no pointer of ours; as its scanner is global, so is this. */
static _Thread_local struct run {
	struct source sources[SOURCES_MAX];
	size_t n_sources, source; /* how many; the one being read */
	struct conf_errors *errors;
	bool running;
	bool syntax_wrong;
	bool unknown; /* the run ended at an unknown key ... */
	unsigned int unknown_line;
	char unknown_key[64]; /* ... namely here */
} * current;

size_t conf_raw_end_line(char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '\n')
		text[len++] = '\n';
	text[len] = '\0';
	return len;
}

int conf_raw_read(const char *path, char **ret_text, size_t *ret_len)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	cleanup_free char *text = NULL;
	struct stat st;
	size_t len = 0;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	text = malloc(CONF_RAW_FILE_MAX + 3);
	if (!text)
		return -ENOMEM;
	while ((n = read(fd, text + len, CONF_RAW_FILE_MAX + 1 - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return -errno;
	if (len > CONF_RAW_FILE_MAX)
		return -EFBIG;
	*ret_len = conf_raw_end_line(text, len);
	*ret_text = steal_ptr(text);
	return 0;
}

static int take_value(cfg_t *cfg, cfg_opt_t *opt, const char *text, void *result)
{
	size_t len = strlen(text);
	struct conf_raw_value *value = calloc(1, sizeof(*value) + len + 1);

	if (!value)
		return -1;
	value->file = strdup(cfg->filename);
	if (!value->file) {
		free(value);
		return -1;
	}
	value->key = opt->name;
	value->line = (unsigned int)cfg->line;
	value->position = opt->nvalues - 1;
	value->empty = strcmp(text, CONF_TEXT_EMPTY) == 0;
	memcpy(value->text, text, len);
	*(void **)result = value;
	return 0;
}

/* libconfuse drops a value while it reads only because the key came again. */
static void drop_value(void *data)
{
	struct conf_raw_value *value = data;

	if (current && current->running && value->position == 0)
		conf_errors_add(current->errors,
				"%s:%u: %s: is given again further down; keep one of the two",
				value->file, value->line, value->key);
	free(value->file);
	free(value);
}

static const char *nearest_key(const cfg_t *cfg, const char *text)
{
	const char *best = NULL;
	unsigned int distance = 0;

	for (const cfg_opt_t *opt = cfg->opts; opt->name; opt++)
		conf_value_nearer(text, opt->name, &best, &distance);
	return best;
}

/* A list of what is possible, when nothing is near. */
static void list_keys(const cfg_t *cfg, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (const cfg_opt_t *opt = cfg->opts; opt->name && n < size; opt++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? ", " : "", opt->name);
}

static void report_unknown(const cfg_t *cfg, const char *key)
{
	const char *near = nearest_key(cfg, key);
	char known[MESSAGE_MAX];

	if (near) {
		conf_errors_add(current->errors, "%s:%d: %s: unknown key; did you mean %s?",
				cfg->filename, cfg->line, key, near);
		return;
	}
	list_keys(cfg, known, sizeof(known));
	conf_errors_add(current->errors, "%s:%d: %s: unknown key; known here: %s", cfg->filename,
			cfg->line, key, known);
}

static void note_unknown(const cfg_t *cfg, const char *message)
{
	const char *from = strchr(message, '\'');
	const char *to = from ? strrchr(message, '\'') : NULL;
	char *key = current->unknown_key;

	if (!from || to <= from)
		return;
	snprintf(key, sizeof(current->unknown_key), "%.*s", (int)(to - from - 1), from + 1);
	report_unknown(cfg, key);
	current->unknown = true;
	current->unknown_line = (unsigned int)cfg->line;
}

static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char message[MESSAGE_MAX];

	vsnprintf(message, sizeof(message), fmt, ap);
	if (strncmp(message, "no such option", 14) == 0) {
		note_unknown(cfg, message);
		return;
	}
	current->syntax_wrong = true;
	for (size_t i = 0; i < ARRAY_LEN(SYNTAX); i++) {
		const char *key = strchr(message, '\'');

		if (strncmp(message, SYNTAX[i].says, strlen(SYNTAX[i].says)) != 0)
			continue;
		conf_errors_add(current->errors, "%s:%d: %s%s%s; %s", cfg->filename, cfg->line,
				key ? key : "", key ? ": " : "", SYNTAX[i].what, SYNTAX[i].right);
		return;
	}
	conf_errors_add(current->errors,
			"%s:%d: syntax: %s; write KEY = VALUE or SECTION \"TITLE\" { ... }",
			cfg->filename, cfg->line, message);
}

/* Makes text ready for libconfuse; says what it would not notice. */
static int prepare(struct source *source, struct conf_errors *errors)
{
	unsigned int line;
	char *marked;

	conf_text_blank_comments(source->text);
	line = conf_text_open_brace(source->text);
	if (line > 0) {
		conf_errors_add(errors, "%s:%u: this '{' is never closed; add the '}'",
				source->name, line);
		return -EINVAL;
	}
	marked = conf_text_mark_empty(source->text);
	if (!marked)
		return -ENOMEM;
	free(source->text);
	source->text = marked;
	return 0;
}

static void include_error(const cfg_t *cfg, const char *path, const char *what)
{
	conf_errors_add(current->errors, "%s:%d: include: %s: %s", cfg->filename, cfg->line, path,
			what);
	current->syntax_wrong = true;
}

/* Takes path over. An earlier run over the same files has read it already. */
static int add_source(const cfg_t *cfg, char *path)
{
	struct source *source = current->sources;
	size_t len;
	int r;

	for (; source < current->sources + current->n_sources; source++) {
		if (strcmp(source->name, path) != 0)
			continue;
		if (source->seen || source == current->sources)
			include_error(cfg, path, "is included already; include it once");
		source->seen = true;
		free(path);
		return current->syntax_wrong ? -1 : 0;
	}
	if (current->n_sources == SOURCES_MAX) {
		include_error(cfg, path, "is one file too many; include at most 63");
		free(path);
		return -1;
	}
	*source = (struct source){.name = path, .seen = true};
	r = conf_raw_read(path, &source->text, &len);
	if (r < 0)
		include_error(cfg, path, strerror(-r));
	current->n_sources++;
	return r < 0 || prepare(source, current->errors) < 0 ? -1 : 0;
}

/*
 * Included files are read after the one that includes them: libconfuse's own include
 * leaves its stack of files behind when one has a mistake, so that reloads would run
 * into its limit. Relative to the file with the include, not to the working directory.
 */
static int on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	const char *slash = strrchr(cfg->filename, '/');
	char *path;

	(void)opt;
	if (argc != 1) {
		include_error(cfg, "", "takes one file; write include(\"FILE\")");
		return -1;
	}
	if (argv[0][0] == '/' || !slash)
		path = strdup(argv[0]);
	else if (asprintf(&path, "%.*s/%s", (int)(slash - cfg->filename), cfg->filename, argv[0]) <
		 0)
		path = NULL;
	return path ? add_source(cfg, path) : -1;
}

static void free_opts(cfg_opt_t *opts)
{
	for (cfg_opt_t *opt = opts; opt && opt->name; opt++)
		free_opts(opt->subopts);
	free(opts);
}

static void free_optsp(cfg_opt_t **opts)
{
	free_opts(*opts);
}

static cfg_opt_t *make_opts(const struct conf_key *keys, bool may_include)
{
	size_t n = 0;
	cfg_opt_t *opts;

	while (keys[n].type != CONF_TYPE_END)
		n++;
	opts = calloc(n + 2, sizeof(*opts));
	if (!opts)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		opts[i].name = keys[i].name;
		if (keys[i].type == CONF_TYPE_SECTION || keys[i].type == CONF_TYPE_GROUP) {
			opts[i].type = CFGT_SEC;
			opts[i].flags = keys[i].type == CONF_TYPE_GROUP
						? CFGF_NODEFAULT
						: CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
			opts[i].subopts = make_opts(keys[i].keys, false);
			if (!opts[i].subopts) {
				free_opts(opts);
				return NULL;
			}
			continue;
		}
		/* Lists take a bare value too; conf.c refuses more than one where one is
		 * meant. */
		opts[i].type = CFGT_PTR;
		opts[i].flags = CFGF_LIST | CFGF_NODEFAULT;
		opts[i].parsecb = take_value;
		opts[i].freecb = drop_value;
	}
	if (may_include)
		opts[n] = (cfg_opt_t)CFG_FUNC("include", on_include);
	return opts;
}

void conf_raw_freep(cfg_t **cfg)
{
	if (*cfg)
		cfg_free(*cfg);
}

static int parse_source(cfg_t *cfg, const struct source *source)
{
	FILE *file = fmemopen(source->text, strlen(source->text), "r");
	int r;

	free(cfg->filename);
	cfg->filename = strdup(source->name);
	if (!cfg->filename || !file) {
		if (file)
			fclose(file);
		return -ENOMEM;
	}
	current->running = true;
	r = cfg_parse_fp(cfg, file);
	current->running = false;
	fclose(file);
	return r == CFG_SUCCESS ? 0 : -EINVAL;
}

/* Sources grow while they are read. */
static int parse_sources(cfg_t *cfg)
{
	struct run *run = current;
	int r = 0, line = 0;

	for (size_t i = 1; i < run->n_sources; i++)
		run->sources[i].seen = false;
	for (run->source = 0; r == 0 && run->source < run->n_sources; run->source++) {
		r = parse_source(cfg, &run->sources[run->source]);
		if (run->source == 0)
			line = cfg->line;
		if (r < 0)
			return r;
	}
	/* Keys that are missing belong at the end of the first. */
	free(cfg->filename);
	cfg->line = line;
	cfg->filename = strdup(run->sources[0].name);
	return cfg->filename ? 0 : -ENOMEM;
}

static int parse_once(const cfg_opt_t *opts, cfg_t **ret)
{
	/* cfg_init copies the options, it only lacks a const. */
	cleanup_(conf_raw_freep) cfg_t *cfg = cfg_init((cfg_opt_t *)(uintptr_t)opts, CFGF_NONE);
	int r;

	if (!cfg)
		return -ENOMEM;
	cfg_set_error_function(cfg, on_error);
	r = parse_sources(cfg);
	if (r == 0)
		*ret = steal_ptr(cfg);
	return r;
}

/* Errors of an earlier run come again, but for those of the keys blanked since. */
static int parse_all(const cfg_opt_t *opts, struct run *run, cfg_t **ret)
{
	struct conf_errors *errors = run->errors, unknown = {0}, last = {0};
	int r = -EINVAL;

	for (unsigned int i = 0; i < UNKNOWN_MAX; i++) {
		conf_errors_deinit(&last);
		run->errors = &last;
		run->unknown = false;
		r = parse_once(opts, ret);
		if (r != -EINVAL || !run->unknown || run->syntax_wrong)
			break;
		conf_errors_move(&unknown, &last, last.n - 1);
		if (!conf_text_blank_statement(run->sources[run->source].text, run->unknown_line,
					       run->unknown_key))
			break;
	}
	run->errors = errors;
	conf_errors_move(errors, &unknown, 0);
	conf_errors_move(errors, &last, 0);
	conf_errors_deinit(&unknown);
	conf_errors_deinit(&last);
	return r;
}

int conf_raw_parse(const char *name, const char *text, const struct conf_key *keys,
		   bool may_include, struct conf_errors *errors, cfg_t **ret)
{
	cleanup_(free_optsp) cfg_opt_t *opts = make_opts(keys, may_include);
	struct run run = {.n_sources = 1, .errors = errors};
	int r = -ENOMEM;

	run.sources[0] = (struct source){.name = strdup(name), .text = strdup(text)};
	if (opts && run.sources[0].name && run.sources[0].text)
		r = prepare(&run.sources[0], errors);
	if (r == 0) {
		current = &run;
		r = parse_all(opts, &run, ret);
		current = NULL;
	}
	for (size_t i = 0; i < run.n_sources; i++) {
		free(run.sources[i].name);
		free(run.sources[i].text);
	}
	return r;
}
