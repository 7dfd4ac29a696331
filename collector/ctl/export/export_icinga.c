/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/export/export_icinga.h"

#include <string.h>

#include "collector/codec/page/member.h"
#include "common/base/cleanup.h"

enum { NAME_OCTETS = 128 };

/* A string of the configuration's language; '$' would begin a macro. */
static void put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if ((unsigned char)*text < ' ')
			fputc(' ', out);
		else if (*text == '$')
			fputs("$$", out);
		else if (strchr("\\\"", *text))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void put_attribute(FILE *out, const char *key, const char *value)
{
	if (!value[0])
		return;
	fprintf(out, "\t%s = ", key);
	put_string(out, value);
	fputc('\n', out);
}

static void begin_object(FILE *out, const char *type, const char *name, const char *import)
{
	fprintf(out, "object %s ", type);
	put_string(out, name);
	fputs(" {\n", out);
	if (import)
		fprintf(out, "\timport \"%s\"\n", import);
}

static void put_command(FILE *out, const struct export_options *options)
{
	fputs("object CheckCommand \"check_pantau\" {\n\tcommand = [ ", out);
	put_string(out, options->plugin);
	fputs(" ]\n"
	      "\targuments = {\n"
	      "\t\t\"-s\" = \"$pantau_server$\"\n"
	      "\t\t\"-k\" = \"$pantau_token_file$\"\n"
	      "\t\t\"-d\" = \"$pantau_device$\"\n"
	      "\t\t\"-L\" = \"$pantau_link$\"\n"
	      "\t\t\"-P\" = \"$pantau_path$\"\n"
	      "\t\t\"-w\" = { value = \"$pantau_warning$\", repeat_key = true }\n"
	      "\t\t\"-c\" = { value = \"$pantau_critical$\", repeat_key = true }\n"
	      "\t\t\"--collector\" = { set_if = \"$pantau_collector$\" }\n"
	      "\t}\n",
	      out);
	put_attribute(out, "vars.pantau_server", options->server);
	put_attribute(out, "vars.pantau_token_file",
		      options->token_file ? options->token_file : "");
	fputs("}\n", out);
}

static void put_templates(FILE *out)
{
	fputs("template Host \"pantau-host\" {\n"
	      "\tcheck_command = \"check_pantau\"\n"
	      "\tcheck_interval = 1m\n"
	      "\tretry_interval = 1m\n"
	      "\tmax_check_attempts = 1\n"
	      "}\n"
	      "template Service \"pantau-service\" {\n"
	      "\tcheck_command = \"check_pantau\"\n"
	      "\tcheck_interval = 1m\n"
	      "\tretry_interval = 1m\n"
	      "\tmax_check_attempts = 1\n"
	      "}\n",
	      out);
}

static void put_group(FILE *out, const struct export_group *group)
{
	begin_object(out, "HostGroup", group->name, NULL);
	put_attribute(out, "display_name", group->title);
	fputs("}\n", out);
}

static void put_collector(FILE *out)
{
	begin_object(out, "Host", "pantau-collector", "pantau-host");
	fputs("\tdisplay_name = \"Pantau\"\n"
	      "\taddress = \"127.0.0.1\"\n"
	      "\tvars.pantau_collector = true\n"
	      "}\n",
	      out);
	begin_object(out, "Service", "collector", "pantau-service");
	fputs("\thost_name = \"pantau-collector\"\n\tdisplay_name = \"Pantau collector\"\n"
	      "\tvars.pantau_collector = true\n}\n",
	      out);
}

void export_icinga_begin(FILE *out, const struct export_options *options, const json_t *devices)
{
	fputs("/* Written by pantauctl export icinga2; changes are lost with the next one. */\n",
	      out);
	put_command(out, options);
	put_templates(out);
	export_site_each_group(out, devices, put_group);
	put_collector(out);
}

static void put_service(FILE *out, const json_t *device, const char *kind, const char *name,
			const char *thresholds)
{
	char title[NAME_OCTETS], variable[NAME_OCTETS];

	if (!export_site_is_plain(name)) {
		fprintf(out, "// %s: %s ", member_text(device, "id"), kind);
		put_string(out, name);
		fputs(" has characters that may not stand here, and no service\n", out);
		return;
	}
	snprintf(title, sizeof(title), "%s %s", kind, name);
	for (char *p = title; *p; p++)
		if (strchr("/!", *p))
			*p = '_'; /* part of URLs and of full names */
	begin_object(out, "Service", title, "pantau-service");
	put_attribute(out, "host_name", member_text(device, "id"));
	put_attribute(out, "vars.pantau_device", member_text(device, "id"));
	snprintf(variable, sizeof(variable), "vars.pantau_%s", kind);
	put_attribute(out, variable, name);
	fputs(thresholds, out);
	fputs("}\n", out);
}

static void put_dependency(FILE *out, const char *id, const char *parent, bool is_redundant)
{
	char name[NAME_OCTETS];

	snprintf(name, sizeof(name), "%s-behind-%s", id, parent);
	begin_object(out, "Dependency", name, NULL);
	put_attribute(out, "child_host_name", id);
	put_attribute(out, "parent_host_name", parent);
	if (is_redundant)
		fputs("\tredundancy_group = \"parents\"\n", out);
	fputs("\tdisable_notifications = true\n\tdisable_checks = false\n\tstates = [ Up ]\n}\n",
	      out);
}

/* Several parents excuse a device only together. */
static void put_dependencies(FILE *out, const json_t *device)
{
	const json_t *backups = json_object_get(device, "backup_parents"), *backup;
	const char *id = member_text(device, "id"), *parent = member_text(device, "parent");
	const bool is_redundant = json_array_size(backups) > 0;
	size_t i;

	if (!parent[0])
		return;
	put_dependency(out, id, parent, is_redundant);
	json_array_foreach (backups, i, backup)
		put_dependency(out, id, json_string_value(backup), is_redundant);
}

static void put_host_groups(FILE *out, const json_t *device)
{
	struct export_group group;
	size_t at = 0;

	fputs("\tgroups = [", out);
	while (export_site_next_group(device, &at, &group))
		fprintf(out, " \"%s\",", group.name);
	fputs(" ]\n", out);
}

void export_icinga_device(FILE *out, const json_t *device)
{
	const json_t *links = json_object_get(device, "links"), *link;
	const char *path;
	size_t i, at = 0;

	begin_object(out, "Host", member_text(device, "id"), "pantau-host");
	put_attribute(out, "display_name", member_text(device, "name"));
	put_attribute(out, "address", member_text(device, "address"));
	put_attribute(out, "notes", member_text(device, "contract"));
	put_attribute(out, "vars.pantau_device", member_text(device, "id"));
	put_attribute(out, "vars.severity", member_text(device, "severity"));
	put_host_groups(out, device);
	fputs("}\n", out);
	put_dependencies(out, device);
	json_array_foreach (links, i, link)
		if (export_site_wants_link(link))
			put_service(out, device, "link", member_text(link, "name"),
				    export_site_has_load(link)
					    ? "\tvars.pantau_warning = [ \"80\" ]\n"
					      "\tvars.pantau_critical = [ \"95\" ]\n"
					    : "");
	while ((path = export_site_next_path(device, &at)))
		put_service(out, device, "path", path,
			    "\tvars.pantau_warning = [ \"5\" ]\n"
			    "\tvars.pantau_critical = [ \"20\" ]\n");
}
