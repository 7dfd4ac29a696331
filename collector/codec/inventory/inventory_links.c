/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capacities of links from their field of the inventory. Which links a device has, it does
 * not know. */
#include "collector/codec/inventory/inventory_links.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/text/decimal_text.h"
#include "collector/core/device/iface_map.h"
#include "collector/core/device/inventory.h"

enum { ITEM_MAX = IFACE_KEY_MAX + 70 }; /* a name and two numbers */

struct item {
	const char *text;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct item trim(struct item item)
{
	while (item.len > 0 && is_blank(item.text[0])) {
		item.text++;
		item.len--;
	}
	while (item.len > 0 && is_blank(item.text[item.len - 1]))
		item.len--;
	return item;
}

static bool has_control(struct item item)
{
	for (size_t i = 0; i < item.len; i++) {
		if ((unsigned char)item.text[i] < 0x20 || item.text[i] == 0x7f)
			return true;
	}
	return false;
}

static bool copy_number(struct item item, char text[static ITEM_MAX + 1])
{
	item = trim(item);
	if (item.len > ITEM_MAX)
		return false;
	memcpy(text, item.text, item.len);
	text[item.len] = '\0';
	return true;
}

static bool has_groups(struct item item)
{
	char text[ITEM_MAX + 1];

	return copy_number(item, text) && decimal_text_has_groups(text);
}

static bool read_number(struct item item, uint64_t *ret_bps)
{
	char text[ITEM_MAX + 1];

	return copy_number(item, text) && decimal_text_kbps(text, ret_bps) && *ret_bps > 0;
}

/* "NUMBER" or "NUMBER/NUMBER". Returns what is wrong, or NULL. */
static const char *read_numbers(struct item item, struct inventory_link *link,
				const char **ret_right)
{
	const char *slash = memchr(item.text, '/', item.len);
	struct item in = item, out = item;

	if (slash) {
		in.len = (size_t)(slash - item.text);
		out = (struct item){slash + 1, item.len - in.len - 1};
	}
	if (has_groups(in) || has_groups(out)) {
		*ret_right = "write numbers without points and commas, e.g. ether1=20000";
		return "may be meant in thousands or in thousandths";
	}
	return read_number(in, &link->in_bps) && read_number(out, &link->out_bps)
		       ? NULL
		       : "is not a link with its capacity";
}

static const char *read_item(struct item item, struct inventory_link *link, const char **ret_right)
{
	const char *equals = memrchr(item.text, '=', item.len), *wrong;
	struct item name = item, numbers = {item.text + item.len, 0};

	*ret_right = "write e.g. ether1=20000, or ether1=20000/5000 for in and out, in kbit/s";
	if (equals) {
		name.len = (size_t)(equals - item.text);
		numbers = (struct item){equals + 1, item.len - name.len - 1};
	}
	name = trim(name);
	if (!equals || name.len == 0)
		return "is not a link with its capacity";
	wrong = read_numbers(numbers, link, ret_right);
	if (wrong)
		return wrong;
	*ret_right = "write the name that pantauctl device shows";
	if (name.len > IFACE_KEY_MAX || has_control(name))
		return "has a name that no link can have";
	link->name = strndup(name.text, name.len);
	return NULL;
}

static bool is_twice(const struct inventory_link *links, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (strcmp(links[i].name, links[n - 1].name) == 0)
			return true;
	}
	return false;
}

static int add_item(struct item item, struct inventory_link **links, size_t *n,
		    struct inventory_links_mistake *ret_mistake)
{
	struct inventory_link *grown = realloc(*links, (*n + 1) * sizeof(*grown));
	struct inventory_links_mistake mistake = {.what = NULL};

	if (!grown)
		return -ENOMEM;
	*links = grown;
	grown[*n] = (struct inventory_link){.name = NULL};
	mistake.what = read_item(item, &grown[*n], &mistake.right);
	if (!mistake.what && !grown[*n].name)
		return -ENOMEM;
	if (!mistake.what && is_twice(grown, ++*n)) {
		mistake.what = "names a link that was named before";
		mistake.right = "keep one of them";
	}
	if (!mistake.what)
		return 0;
	snprintf(mistake.item, sizeof(mistake.item), "%.*s", (int)item.len, item.text);
	*ret_mistake = mistake;
	return -EINVAL;
}

int inventory_links_parse(const char *text, struct inventory_link **ret, size_t *ret_n,
			  struct inventory_links_mistake *ret_mistake)
{
	struct inventory_link *links = NULL;
	size_t n = 0;
	int r = 0;

	while (r == 0 && *text) {
		struct item item = {text, strcspn(text, ";\n")};

		text += item.len + (text[item.len] != '\0');
		item = trim(item);
		if (item.len > 0)
			r = add_item(item, &links, &n, ret_mistake);
	}
	if (r < 0) {
		inventory_links_free(links, n);
		return r;
	}
	*ret = links;
	*ret_n = n;
	return 0;
}
