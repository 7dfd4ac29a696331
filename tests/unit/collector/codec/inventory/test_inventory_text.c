/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Good inventories, and each mistake with the line that names it. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "collector/codec/inventory/inventory_check.h"
#include "collector/codec/inventory/inventory_text.h"
#include "common/conf/conf_errors.h"

#include <cmocka.h>

#define BACKUPS                                                                                    \
	"id,kind,name,address,credential,parent,backup_parents\nb,opd,B,192.0.2.2,k,,\nc,opd,C,"   \
	"192.0.2.3,k,,\n"                                                                          \
	"a,opd,A,192.0.2.1,k,"
#define HEAD	   "id,kind,name,address,credential,parent\n"
#define NAME_OF_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LINKS	   "id,kind,name,address,credential,link_capacity_kbps\na,opd,A,192.0.2.1,k,"

static int parse(const char *text, struct inventory *ret, struct conf_errors *errors)
{
	return inventory_text_parse("inv.csv", (const uint8_t *)text, strlen(text), ret, errors);
}

static void test_all_columns(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory;
	const struct inventory_entry *e;

	(void)state;
	assert_int_equal(
		parse("id,kind,name,address,port,profile,credential,parent,parent_port,medium,"
		      "capacity_down_kbps,capacity_up_kbps,kecamatan,kelurahan,provider,contract,"
		      "lat,lon,x,y,notes\n"
		      "opd-07,opd,Dinas Kesehatan,192.0.2.17,1161,opd-agent,kota,core-1,opd-07,"
		      "fiber,100000,2500,Magersari,Wates,Astinet,K-12/"
		      "2026,-7.47,112.43,10,20,\"a\nb\"\n"
		      "core-1,core,Core,2001:DB8:0::1,,,kota,,,,,,,,,,,,,,\n",
		      &inventory, &errors),
		0);
	assert_int_equal(errors.n, 0);
	assert_int_equal(inventory.n, 2);
	assert_string_equal(inventory.entries[0].id, "core-1");
	e = inventory_find(&inventory, "core-1");
	assert_string_equal(e->address, "2001:db8::1");
	assert_string_equal(e->profile, "auto");
	assert_string_equal(e->parent, "");
	assert_int_equal(e->port, 161);
	assert_true(isnan(e->lat) && isnan(e->y));
	e = inventory_find(&inventory, "opd-07");
	assert_int_equal(e->kind, INVENTORY_OPD);
	assert_int_equal(e->medium, LINK_MEDIUM_FIBER);
	assert_int_equal(e->port, 1161);
	assert_int_equal(e->capacity_down_bps, 100000000);
	assert_int_equal(e->capacity_up_bps, 2500000);
	assert_string_equal(e->parent_port, "opd-07");
	assert_string_equal(e->contract, "K-12/2026");
	assert_string_equal(e->notes, "a\nb");
	assert_true(e->lat < -7.4 && e->lon > 112);
	assert_int_equal(e->line, 2);
	assert_null(inventory_find(&inventory, "opd-08"));
	inventory_deinit(&inventory);
}

static void test_answers_from(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory;

	(void)state;
	assert_int_equal(parse("id,kind,name,address,credential,answers_from\n"
			       "a,opd,A,192.0.2.1,k,192.0.2.250\n"
			       "b,opd,B,192.0.2.2,k,Any\n"
			       "c,opd,C,192.0.2.3,k,\n"
			       "d,opd,D,2001:db8::4,k,2001:DB8:0::5\n",
			       &inventory, &errors),
			 0);
	assert_string_equal(inventory_find(&inventory, "a")->answers_from, "192.0.2.250");
	assert_string_equal(inventory_find(&inventory, "b")->answers_from, "any");
	assert_string_equal(inventory_find(&inventory, "c")->answers_from, "");
	assert_string_equal(inventory_find(&inventory, "d")->answers_from, "2001:db8::5");
	inventory_deinit(&inventory);
}

static void test_places(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory;
	const struct inventory_entry *e;

	(void)state;
	assert_int_equal(parse("id;kind;name;address;credential;parent;backup_parents;short_name;"
			       "group;severity;feeder\n"
			       "a;core;Core;192.0.2.1;k;;;;;;\n"
			       "b;opd;RSUD dr. Wahidin;192.0.2.2;k;a;\"c; d\";RSUD;rumah sakit;"
			       "critical;Meri\n"
			       "c;hotspot;Alun-alun;192.0.2.3;k;a;b;;;info;\n"
			       "d;opd;Dinas;192.0.2.4;k;a;;;;;\n",
			       &inventory, &errors),
			 0);
	e = inventory_find(&inventory, "b");
	assert_string_equal(e->short_name, "RSUD");
	assert_string_equal(e->group, "rumah sakit");
	assert_string_equal(e->feeder, "Meri");
	assert_int_equal(e->severity, SEVERITY_CRITICAL);
	assert_int_equal(e->n_backup_parents, 2);
	assert_string_equal(e->backup_parents[0], "c");
	assert_string_equal(e->backup_parents[1], "d");
	/* What is not given. */
	assert_int_equal(inventory_find(&inventory, "a")->severity, SEVERITY_CRITICAL);
	assert_int_equal(inventory_find(&inventory, "c")->severity, SEVERITY_INFO);
	e = inventory_find(&inventory, "d");
	assert_int_equal(e->severity, SEVERITY_MAJOR);
	assert_string_equal(e->short_name, "Dinas");
	assert_string_equal(e->group, "");
	assert_int_equal(e->n_backup_parents, 0);
	inventory_deinit(&inventory);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *csv, *address;
	} CASES[] = {
		{HEAD "a,opd,A,192.0.2.1,k,\n", "192.0.2.1"},
		{HEAD "a,opd,A,::FFFF:192.0.2.1,k,\n", "192.0.2.1"}, /* as its traps come */
		{HEAD "a,opd,A,fe80::0:17%eth0,k,\n", "fe80::17%eth0"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct inventory inventory;

		assert_int_equal(parse(CASES[i].csv, &inventory, &errors), 0);
		assert_string_equal(inventory.entries[0].address, CASES[i].address);
		inventory_deinit(&inventory);
	}
}

static void test_semicolons_and_decimal_commas(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory;

	(void)state;
	assert_int_equal(parse("id;kind;name;address;credential;capacity_up_kbps\n"
			       "hs-1;hotspot;Alun-alun, timur;198.51.100.9;kota;2500,0\n",
			       &inventory, &errors),
			 0);
	assert_string_equal(inventory.entries[0].name, "Alun-alun, timur");
	assert_int_equal(inventory.entries[0].capacity_up_bps, 2500000);
	inventory_deinit(&inventory);
}

/* What spreadsheets leave behind. */
static void test_leftovers(void **state)
{
	static const char *const CASES[] = {
		"id,kind,name,address,credential\nopd-1,opd,Dinas Satu,192.0.2.1,kota\n",
		"\xef\xbb\xbfsep=;\r\nid;kind;name;address;credential\r\n"
		"opd-1;opd;Dinas Satu;192.0.2.1;kota\r\n",
		"id\tkind\tname\taddress\tcredential\nopd-1\topd\tDinas Satu\t192.0.2.1\tkota\n",
		/* separators at the ends, in the header or not; rows that were emptied */
		"id,kind,name,address,credential,,\nopd-1,opd,Dinas Satu,192.0.2.1,kota,,\n,,,,,,\n"
		" ,\xc2\xa0,,,,,\n",
		"id,kind,name,address,credential\nopd-1,opd,Dinas "
		"Satu,192.0.2.1,kota,,,,\n,,,,\n,\n",
		"id,kind,name,address,credential,,,\nopd-1,opd,Dinas Satu,192.0.2.1,kota\n",
		/* blanks, and line breaks within cells */
		"Id, kind ,NAME,address,credential\n opd-1,opd ,Dinas Satu\xc2\xa0,\xe2\x80\x8b"
		"192.0.2.1 ,kota\t\n",
		"id,kind,\"name\n\",address,credential\nopd-1,opd,\"Dinas "
		"\r\nSatu\n\",\"192.0.2.1\n\""
		",kota\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct inventory inventory;

		if (parse(CASES[i], &inventory, &errors) < 0)
			fail_msg("%zu: %s", i, errors.lines[0]);
		assert_int_equal(inventory.n, 1);
		assert_string_equal(inventory.entries[0].id, "opd-1");
		assert_int_equal(inventory.entries[0].kind, INVENTORY_OPD);
		assert_string_equal(inventory.entries[0].name, "Dinas Satu");
		assert_string_equal(inventory.entries[0].address, "192.0.2.1");
		assert_string_equal(inventory.entries[0].credential, "kota");
		inventory_deinit(&inventory);
	}
}

/* Of a kind with many texts some are told, the others counted. */
static void test_many_alike(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory = {0};
	char text[4096] = HEAD;

	(void)state;
	for (int i = 0; i < 30; i++)
		sprintf(text + strlen(text), "d%d,opd,D,host-%d,k,\n", i, i);
	assert_int_equal(parse(text, &inventory, &errors), -EINVAL);
	assert_int_equal(errors.n, 5);
	assert_non_null(strstr(errors.lines[3], "inv.csv:5: address: \"host-3\" is a name"));
	assert_non_null(strstr(errors.lines[4], "\"host-4\" is a name"));
	assert_non_null(strstr(errors.lines[4], " (the like in lines 7, 8, 9, 10 and 21 more)"));
	conf_errors_deinit(&errors);
}

/* A chain of any length ends; too long a one is told, and so is none that leads into a circle. */
static void test_long_chains(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory = {0};
	static char text[8192] = HEAD;

	(void)state;
	for (int i = 0; i < 66; i++)
		sprintf(text + strlen(text), "d%d,opd,D,192.0.2.%d,k,d%d\n", i, i + 1, i + 1);
	sprintf(text + strlen(text), "d66,opd,D,192.0.2.67,k,\n");
	assert_int_equal(parse(text, &inventory, &errors), -EINVAL);
	assert_int_equal(errors.n, 2);
	assert_string_equal(errors.lines[0],
			    "inv.csv:2: parent: \"d0\" has more than 64 parents before "
			    "it; leave out some");
	conf_errors_deinit(&errors);
	strcpy(strrchr(text, ','), ",d65\n");
	assert_int_equal(parse(text, &inventory, &errors), -EINVAL);
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.lines[0],
			    "inv.csv:67: parent: the parents of d65, d66 lead in a circle; "
			    "leave the parent of the one nearest to the core empty");
	conf_errors_deinit(&errors);
}

static void test_link_capacities(void **state)
{
	static const struct {
		const char *name;
		uint64_t in_bps, out_bps;
	} EXPECTED[] = {
		{"ether1", 100000000, 100000000},
		{"ether2-WAN ISP", 20000000, 5500000},
		{"Gi0/1=x", 1000000, 1000000},
		{"wlan\xc3\xa9", 2000000, 3000000},
	};
	struct conf_errors errors = {0};
	struct inventory inventory;
	const struct inventory_entry *e;

	(void)state;
	assert_int_equal(parse(LINKS "\" ether1 = 100000;ether2-WAN ISP=20000/5500,0;\r\n"
				     "Gi0/1=x=1000; ;\nwlan\xc3\xa9=2000 / 3000;\"\n"
				     "b,opd,B,192.0.2.2,k,\n",
			       &inventory, &errors),
			 0);
	e = inventory_find(&inventory, "a");
	assert_int_equal(e->n_links, ARRAY_LEN(EXPECTED));
	for (size_t i = 0; i < ARRAY_LEN(EXPECTED); i++) {
		assert_string_equal(e->links[i].name, EXPECTED[i].name);
		assert_int_equal(e->links[i].in_bps, EXPECTED[i].in_bps);
		assert_int_equal(e->links[i].out_bps, EXPECTED[i].out_bps);
	}
	assert_ptr_equal(inventory_find_link(e, "Gi0/1=x"), &e->links[2]);
	assert_null(inventory_find_link(e, "Gi0/1"));
	assert_int_equal(inventory_find(&inventory, "b")->n_links, 0);
	inventory_deinit(&inventory);
}

/* Each text has exactly one mistake; the line begins as given. */
/* Nothing is asked of it, so it needs no credential, and no file defines its profile. */
static void test_pinged_alone(void **state)
{
	static const char *const PROFILES[] = {"if-mib"}, *const CREDENTIALS[] = {"k"};
	struct conf_errors errors = {0};
	struct inventory inventory;

	(void)state;
	assert_int_equal(parse("id,kind,name,address,credential,profile\n"
			       "a,hotspot,A,192.0.2.1,,ping\n"
			       "b,hotspot,B,192.0.2.2,k,ping\n"
			       "c,opd,C,192.0.2.3,k,if-mib\n",
			       &inventory, &errors),
			 0);
	assert_true(inventory_is_pinged_alone(inventory_find(&inventory, "a")));
	assert_false(inventory_is_pinged_alone(inventory_find(&inventory, "c")));
	assert_int_equal(inventory_check_names("i", &inventory, "profile", PROFILES, 1, &errors),
			 0);
	assert_int_equal(
		inventory_check_names("i", &inventory, "credential", CREDENTIALS, 1, &errors), 0);
	/* one that is given is looked at all the same */
	assert_int_equal(
		inventory_check_names("i", &inventory, "credential", CREDENTIALS, 0, &errors),
		-EINVAL);
	conf_errors_deinit(&errors);
	inventory_deinit(&inventory);
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text, *begins;
	} CASES[] = {
		{"", "inv.csv:1: header: is missing"},
		{HEAD, "inv.csv:1: there is no device below the header; write a line for each"},
		{"# mine\n" HEAD "# none yet\n\n",
		 "inv.csv:2: there is no device below the header"},
		{HEAD "a,opd,A,192.0.2.999,k,\n",
		 "inv.csv:2: address: \"192.0.2.999\" is not an IP address; write e.g. 192.0.2.17"},
		{HEAD "a,opd,A,2001:db8::g,k,\n", "inv.csv:2: address: \"2001:db8::g\" is not an "
						  "IP address; write e.g. 2001:db8::17"},
		{HEAD "a,opd,A,fe80::17,k,\n",
		 "inv.csv:2: address: \"fe80::17\" is not an IP address; write e.g. 2001:db8::17 "
		 "or, with the interface that leads there, fe80::17%eth0"},
		{HEAD "a,opd,A,router.example,k,\n",
		 "inv.csv:2: address: \"router.example\" is a name; write its address, as getent "
		 "hosts NAME shows it"},
		{HEAD "a,opd,A,0.0.0.0,k,\n",
		 "inv.csv:2: address: \"0.0.0.0\" is nobody's address; write the address of the "
		 "device itself"},
		{HEAD "a,opd,A,224.0.0.1,k,\n",
		 "inv.csv:2: address: \"224.0.0.1\" is a multicast group"},
		{HEAD "a,opd,A,255.255.255.255,k,\n",
		 "inv.csv:2: address: \"255.255.255.255\" is the broadcast address"},
		{HEAD "a,opd,A,ff02::1,k,\n",
		 "inv.csv:2: address: \"ff02::1\" is a multicast group"},
		{HEAD "a,opd,A,192.0.2.1,k,\nb,opd,B,::ffff:192.0.2.1,k,\n",
		 "inv.csv:3: address: 192.0.2.1 port 161 is also in line 2"},
		{HEAD "OPD 1,opd,A,192.0.2.1,k,\n", "inv.csv:2: id: \"OPD 1\" is not an id; write"},
		{HEAD "../x,opd,A,192.0.2.1,k,\n", "inv.csv:2: id: \"../x\" is not an id"},
		{HEAD "-a,opd,A,192.0.2.1,k,\n", "inv.csv:2: id: \"-a\" is not an id"},
		{HEAD ",opd,A,192.0.2.1,k,\n", "inv.csv:2: id: is empty; fill it in"},
		{HEAD "a,site,A,192.0.2.1,k,\n",
		 "inv.csv:2: kind: \"site\" is not a kind; write core"},
		{HEAD "a,opd,A,192.0.2.1,,\n", "inv.csv:2: credential: is empty"},
		{"id,kind,name,address,profile,credential\na,opd,A,192.0.2.1,auto,\n",
		 "inv.csv:2: credential: is empty"},
		{HEAD "a,opd,A\xff,192.0.2.1,k,\n", "inv.csv:2: name: \"(octets)\" is not UTF-8"},
		{HEAD "a,opd,A\001B,192.0.2.1,k,\n",
		 "inv.csv:2: name: \"(text)\" has a control character"},
		{HEAD "a,opd,A,192.0.2.1,k,b\n",
		 "inv.csv:2: parent: \"b\" is not in the inventory"},
		{HEAD "a,opd,A,192.0.2.1,k\n", "inv.csv:2: has 5 fields; the header has 6"},
		{HEAD "a,opd,A,192.0.2.1,k,,,b\n", "inv.csv:2: has 8 fields; the header has 6"},
		{"id,kind,name,address,credential,,\na,opd,A,192.0.2.1,k,,x\n",
		 "inv.csv:2: field 7 has no name in the header (line 1)"},
		/* One mistake of the whole file. */
		{"\xff\xfei\0d\0", "inv.csv:1: is UTF-16; save the spreadsheet as CSV in UTF-8"},
		{"a,opd,A,192.0.2.1,k\nb,opd,B,192.0.2.2,k\n",
		 "inv.csv:1: header: is missing, or not separated by commas, semicolons or tabs"},
		{"id|kind|name|address|credential\na|opd|A|192.0.2.1|k\n",
		 "inv.csv:1: header: is missing"},
		{"id,kind,name,addres,credential\na,opd,A,192.0.2.1,k\n",
		 "inv.csv:1: header: \"addres\" is not a column; did you mean address?"},
		/* One mistake of many lines. */
		{HEAD "a,opd,A,192.0.2.1,k,x\nb,opd,B,192.0.2.2,k,x\nc,opd,C,192.0.2.3,k,x\n",
		 "inv.csv:2: parent: \"x\" is not in the inventory; write the id of another line, "
		 "or "
		 "leave it empty (so in lines 3, 4)"},
		{HEAD "a,OPD,A,192.0.2.1,k,\nb,OPD,B,192.0.2.2,k,\nc,OPD,C,192.0.2.3,k,\n"
		      "d,OPD,D,192.0.2.4,k,\ne,OPD,E,192.0.2.5,k,\nf,OPD,F,192.0.2.6,k,\n"
		      "g,OPD,G,192.0.2.7,k,\n",
		 "inv.csv:2: kind: \"OPD\" is not a kind; write core, opd or hotspot (so in lines "
		 "3, 4, "
		 "5, 6 and 2 more)"},
		{HEAD "a,opd,A,192.0.2.1,k,b\nb,opd,B,192.0.2.2,k,c\nc,opd,C,192.0.2.3,k,b\n"
		      "d,opd,D,192.0.2.4,k,c\n",
		 "inv.csv:3: parent: the parents of b, c lead in a circle; leave the parent of the "
		 "one "
		 "nearest to the core empty"},
		{HEAD "a,opd,A,192.0.2.1,k,a\n",
		 "inv.csv:2: parent: the parents of a lead in a circle"},
		{HEAD "a,opd,A,192.0.2.1,k,\n\na,opd,B,192.0.2.2,k,\n",
		 "inv.csv:4: id: \"a\" is also in line 2"},
		{HEAD "a,opd,A,192.0.2.1,k,\nb,opd,B,192.0.2.1,k,\n",
		 "inv.csv:3: address: 192.0.2.1 port 161 is also in line 2"},
		{HEAD "a,opd,\"A,192.0.2.1,k,\n", "inv.csv:2: a quoted field never ends"},
		{HEAD "a,opd,A\"B,192.0.2.1,k,\n", "inv.csv:2: a quote in the wrong place"},
		{"id,kind,name,address,credential,colour\na,opd,A,192.0.2.1,k,red\n",
		 "inv.csv:1: header: \"colour\" is not a column; known are id, kind,"},
		{"id,kind,name,address,credential,id\na,opd,A,192.0.2.1,k,b\n",
		 "inv.csv:1: header: column \"id\" is there twice"},
		{"id,kind,name,address\na,opd,A,192.0.2.1\n",
		 "inv.csv:1: header: column \"credential\" is missing"},
		{"id,kind,name,address,credential,port\na,opd,A,192.0.2.1,k,70000\n",
		 "inv.csv:2: port: \"70000\" is not a UDP port; write 1 to 65535"},
		{"id,kind,name,address,credential,severity\na,opd,A,192.0.2.1,k,high\n",
		 "inv.csv:2: severity: \"high\" is not a severity; write critical, major"},
		{"id,kind,name,address,credential,short_name\na,opd,A,192.0.2.1,k,"
		 "Dinas Pendidikan dan Kebudayaan Kota Mojokerto\n",
		 "inv.csv:2: short_name: \"Dinas Pendidikan dan Kebudayaan Kota Mojokerto\" is not "
		 "short"},
		{"id,kind,name,address,credential,answers_from\na,opd,A,192.0.2.1,k,0.0.0.0\n",
		 "inv.csv:2: answers_from: \"0.0.0.0\" is not an address that could answer"},
		{BACKUPS ",b\n",
		 "inv.csv:4: backup_parents: has no parent beside it; write the first of them as "
		 "parent"},
		{BACKUPS "b,b\n",
		 "inv.csv:4: backup_parents: \"b\" is the device itself or its parent"},
		{BACKUPS "b,a\n",
		 "inv.csv:4: backup_parents: \"a\" is the device itself or its parent"},
		{BACKUPS "b,x\n", "inv.csv:4: backup_parents: \"x\" is not in the inventory"},
		{BACKUPS "b,B_1\n", "inv.csv:4: backup_parents: \"B_1\" is not an id"},
		{BACKUPS "b,c c c c\n", "inv.csv:4: backup_parents: \"c\" is one too many"},
		{"id,kind,name,address,credential,medium\na,opd,A,192.0.2.1,k,fibre\n",
		 "inv.csv:2: medium: \"fibre\" is not a medium; write fiber"},
		{"id,kind,name,address,credential,capacity_down_kbps\na,opd,A,192.0.2.1,k,fast\n",
		 "inv.csv:2: capacity_down_kbps: \"fast\" is not a number of kbit/s; write e.g. "
		 "20000"},
		{"id,kind,name,address,credential,capacity_down_kbps\na,opd,A,192.0.2.1,k,100."
		 "000\n",
		 "inv.csv:2: capacity_down_kbps: \"100.000\" may be meant in thousands or in "
		 "thousandths; write it without points and commas, e.g. 20000 for 20 Mbit/s"},
		{"id;kind;name;address;credential;capacity_up_kbps\na;opd;A;192.0.2.1;k;200,000\n",
		 "inv.csv:2: capacity_up_kbps: \"200,000\" may be meant in thousands"},
		{"id,kind,name,address,credential,capacity_up_kbps\na,opd,A,192.0.2.1,k,1.000."
		 "000\n",
		 "inv.csv:2: capacity_up_kbps: \"1.000.000\" may be meant in thousands"},
		{LINKS "ether1=100.000\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=100.000\" may be meant in thousands or "
		 "in "
		 "thousandths; write numbers without points and commas, e.g. ether1=20000"},
		{LINKS "ether1=1000/5.000\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=1000/5.000\" may be meant in thousands"},
		{LINKS "ether1\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1\" is not a link with its capacity"},
		{LINKS "ether1=\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=\" is not a link with its capacity"},
		{LINKS "=1000\n",
		 "inv.csv:2: link_capacity_kbps: \"=1000\" is not a link with its capacity"},
		{LINKS "ether1=fast\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=fast\" is not a link with its capacity"},
		{LINKS "ether1=0\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=0\" is not a link with its capacity"},
		{LINKS "ether1=1000/\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=1000/\" is not a link with its capacity"},
		{LINKS "ether1=1000/0\n", "inv.csv:2: link_capacity_kbps: \"ether1=1000/0\" is not "
					  "a link with its capacity"},
		{LINKS "ether1=1/2/3\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=1/2/3\" is not a link with its capacity"},
		{LINKS "ether1=1e3\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=1e3\" is not a link with its capacity"},
		{LINKS "ether1=100M\n",
		 "inv.csv:2: link_capacity_kbps: \"ether1=100M\" is not a link with its capacity"},
		{LINKS "ether1=1;ether1=2\n", "inv.csv:2: link_capacity_kbps: \"ether1=2\" names a "
					      "link that was named before; keep one"},
		{LINKS NAME_OF_64 "=1\n", "inv.csv:2: link_capacity_kbps: \"" NAME_OF_64
					  "\" has a name that no link can have"},
		{LINKS "\xff=1\n", "inv.csv:2: link_capacity_kbps: \"(octets)\" is not UTF-8"},
		{"id,kind,name,address,credential,lat\na,opd,A,192.0.2.1,k,112.4\n",
		 "inv.csv:2: lat: \"112.4\" is not a latitude"},
		{"id,kind,name,address,credential,x\na,opd,A,192.0.2.1,k,nan\n",
		 "inv.csv:2: x: \"nan\" is not a coordinate"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct conf_errors errors = {0};
		struct inventory inventory = {0};

		assert_int_equal(parse(CASES[i].text, &inventory, &errors), -EINVAL);
		assert_null(inventory.entries);
		assert_int_equal(errors.n, 1);
		assert_memory_equal(errors.lines[0], CASES[i].begins, strlen(CASES[i].begins));
		conf_errors_deinit(&errors);
	}
}

static void test_all_mistakes_in_one_pass(void **state)
{
	struct conf_errors errors = {0};
	struct inventory inventory = {0};

	(void)state;
	assert_int_equal(parse(HEAD "a,opd,A,192.0.2.1,k,b\n"
				    "b,opd,B,192.0.2.2,k,c\n"
				    "c,opd,C,192.0.2.3,k,a\n"
				    "X,what,D,nowhere,,\n",
			       &inventory, &errors),
			 -EINVAL);
	assert_int_equal(errors.n, 1 + 4);
	assert_string_equal(errors.lines[0],
			    "inv.csv:2: parent: the parents of a, b, c lead in a circle; leave the "
			    "parent of the one nearest to the core empty");
	assert_string_equal(errors.lines[1],
			    "inv.csv:5: id: \"X\" is not an id; write 1 to 32 of a-z, 0-9 and '-', "
			    "e.g. opd-07");
	assert_string_equal(errors.lines[2],
			    "inv.csv:5: kind: \"what\" is not a kind; write core, opd or hotspot");
	assert_non_null(strstr(errors.lines[3], "inv.csv:5: address: \"nowhere\" is a name"));
	assert_string_equal(errors.lines[4], "inv.csv:5: credential: is empty; fill it in");
	conf_errors_deinit(&errors);
}

static void test_names(void **state)
{
	static const char *const NAMES[] = {"kota", "lama"};
	struct conf_errors errors = {0};
	struct inventory inventory;

	(void)state;
	assert_int_equal(parse(HEAD "a,opd,A,192.0.2.1,kota,\nb,opd,B,192.0.2.2,baru,\n",
			       &inventory, &errors),
			 0);
	assert_int_equal(
		inventory_check_names("inv.csv", &inventory, "credential", NAMES, 2, &errors),
		-EINVAL);
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.lines[0],
			    "inv.csv:3: credential: \"baru\" is not defined; write the title of a "
			    "section of the credentials file");
	assert_int_equal(inventory_check_names("inv.csv", &inventory, "profile", NULL, 0, &errors),
			 0);
	conf_errors_deinit(&errors);
	inventory_deinit(&inventory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_columns),
		cmocka_unit_test(test_answers_from),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_semicolons_and_decimal_commas),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_many_alike),
		cmocka_unit_test(test_long_chains),
		cmocka_unit_test(test_link_capacities),
		cmocka_unit_test(test_pinged_alone),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_all_mistakes_in_one_pass),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
