/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/ctl/export/export_nagios.h"

#include <string.h>

#include "collector/codec/page/member.h"
#include "common/base/cleanup.h"

/* A directive's value: ';' begins a remark, the others are Nagios' own or of macros. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || strchr(";$`\"'<>|\\!~&{}", *text) ? ' ' : *text,
		      out);
}

static void put_line(FILE *out, const char *key, const char *value)
{
	if (!value[0])
		return;
	fprintf(out, "\t%-24s ", key);
	put_text(out, value);
	fputc('\n', out);
}

static void put_command(FILE *out, const struct export_options *options, const char *name,
			const char *arguments)
{
	fprintf(out, "define command {\n\tcommand_name             %s\n", name);
	fprintf(out, "\tcommand_line             '%s' -s '%s'", options->plugin, options->server);
	if (options->token_file)
		fprintf(out, " -k '%s'", options->token_file);
	fprintf(out, " %s\n}\n", arguments);
}

static void put_templates(FILE *out)
{
	fputs("define host {\n"
	      "\tname                     pantau-host\n"
	      "\tuse                      generic-host\n"
	      "\tcontact_groups           admins\n"
	      "\tcheck_command            check_pantau_device\n"
	      "\tcheck_interval           1\n"
	      "\tretry_interval           1\n"
	      "\tmax_check_attempts       1\n"
	      "\tregister                 0\n"
	      "}\n"
	      "define service {\n"
	      "\tname                     pantau-service\n"
	      "\tuse                      generic-service\n"
	      "\tcheck_interval           1\n"
	      "\tretry_interval           1\n"
	      "\tmax_check_attempts       1\n"
	      "\tregister                 0\n"
	      "}\n",
	      out);
}

static void put_group(FILE *out, const struct export_group *group)
{
	fputs("define hostgroup {\n", out);
	put_line(out, "hostgroup_name", group->name);
	put_line(out, "alias", group->title);
	fputs("}\n", out);
}

void export_nagios_begin(FILE *out, const struct export_options *options, const json_t *devices)
{
	fputs("# Written by pantauctl export nagios; changes are lost with the next one.\n", out);
	put_command(out, options, "check_pantau_device", "-d '$HOSTNAME$'");
	put_command(out, options, "check_pantau_link", "-d '$HOSTNAME$' -L '$ARG1$' -w 80 -c 95");
	put_command(out, options, "check_pantau_link_state", "-d '$HOSTNAME$' -L '$ARG1$'");
	put_command(out, options, "check_pantau_path", "-d '$HOSTNAME$' -P '$ARG1$' -w 5 -c 20");
	put_command(out, options, "check_pantau_collector", "--collector");
	put_templates(out);
	export_site_each_group(out, devices, put_group);
	fputs("define host {\n"
	      "\tuse                      pantau-host\n"
	      "\thost_name                pantau-collector\n"
	      "\talias                    Pantau\n"
	      "\taddress                  127.0.0.1\n"
	      "\tcheck_command            check_pantau_collector\n"
	      "}\n"
	      "define service {\n"
	      "\tuse                      pantau-service\n"
	      "\thost_name                pantau-collector\n"
	      "\tservice_description      Pantau collector\n"
	      "\tcheck_command            check_pantau_collector\n"
	      "}\n",
	      out);
}

static void put_service(FILE *out, const json_t *device, const char *what, const char *command,
			const char *name)
{
	if (!export_site_is_plain(name)) {
		fprintf(out, "# %s: %s \"", member_text(device, "id"), what);
		put_text(out, name);
		fputs("\" has characters that may not stand here, and no service\n", out);
		return;
	}
	fputs("define service {\n\tuse                      pantau-service\n", out);
	put_line(out, "host_name", member_text(device, "id"));
	fprintf(out, "\tservice_description      %s %s\n", what, name);
	fprintf(out, "\tcheck_command            %s!%s\n}\n", command, name);
}

static void put_parents(FILE *out, const json_t *device)
{
	const json_t *backups = json_object_get(device, "backup_parents"), *backup;
	size_t i;

	if (!member_text(device, "parent")[0])
		return;
	fprintf(out, "\tparents                  %s", member_text(device, "parent"));
	json_array_foreach (backups, i, backup)
		fprintf(out, ",%s", json_string_value(backup));
	fputc('\n', out);
}

static void put_host_groups(FILE *out, const json_t *device)
{
	struct export_group group;
	size_t at = 0;
	const char *lead = "\thostgroups               ";

	for (; export_site_next_group(device, &at, &group); lead = ",")
		fprintf(out, "%s%s", lead, group.name);
	if (lead[0] == ',')
		fputc('\n', out);
}

void export_nagios_device(FILE *out, const json_t *device)
{
	const json_t *links = json_object_get(device, "links"), *link;
	const char *path;
	size_t i, at = 0;

	fputs("define host {\n\tuse                      pantau-host\n", out);
	put_line(out, "host_name", member_text(device, "id"));
	put_line(out, "alias", member_text(device, "name"));
	put_line(out, "display_name", member_text(device, "short_name"));
	put_line(out, "address", member_text(device, "address"));
	put_parents(out, device);
	put_host_groups(out, device);
	put_line(out, "notes", member_text(device, "contract"));
	put_line(out, "_SEVERITY", member_text(device, "severity"));
	fputs("}\n", out);
	json_array_foreach (links, i, link)
		if (export_site_wants_link(link))
			put_service(out, device, "Link",
				    export_site_has_load(link) ? "check_pantau_link"
							       : "check_pantau_link_state",
				    member_text(link, "name"));
	while ((path = export_site_next_path(device, &at)))
		put_service(out, device, "Path", "check_pantau_path", path);
}
