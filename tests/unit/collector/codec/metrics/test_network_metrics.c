/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network for Prometheus: base units, what is unknown left out, names escaped. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/codec/metrics/network_metrics.h"
#include "collector/core/alert/alert.h"
#include "collector/core/device/device.h"
#include "collector/core/device/inventory.h"
#include "common/base/cleanup.h"

#include <cmocka.h>

static struct inventory_entry entry = {.id = (char[]){"opd-07"},
				       .kind = INVENTORY_OPD,
				       .name = (char[]){"Dinas \"A\" \\ \nB"},
				       .address = (char[]){"192.0.2.1"},
				       .severity = SEVERITY_MAJOR,
				       .capacity_down_bps = 8000000,
				       .capacity_up_bps = 4000000};

static struct device_link links[] = {
	{.name = (char[]){"wan0"},
	 .alias = (char[]){""},
	 .present = true,
	 .role = LINK_ROLE_UPLINK,
	 .oper = LINK_OPER_UP,
	 .in_bps = 4000000,
	 .out_bps = NAN,
	 .in_errors_per_s = 0.5,
	 .out_errors_per_s = NAN,
	 .in_discards_per_s = NAN,
	 .out_discards_per_s = NAN},
	{.name = (char[]){"lan0"},
	 .alias = (char[]){""},
	 .oper = LINK_OPER_DOWN,
	 .in_bps = 0,
	 .out_bps = 0},
};

static struct device_metric metrics[] = {
	{.group = "path", .object = "core", .name = "rtt", .unit = "ms", .value = 12.5},
	{.group = "path", .object = "core", .name = "loss", .unit = "%", .value = 5},
	{.group = "clients", .object = "WiFi", .name = "clients", .unit = "clients", .value = 7},
	{.group = "hardware", .object = "", .name = "cpu", .unit = "%", .value = 30},
	{.group = "hardware", .object = "", .name = "temperature", .unit = "C", .value = NAN},
};

static struct device device_of(enum device_status status)
{
	return (struct device){.entry = &entry,
			       .status = status,
			       .since_ms = 1700000000500,
			       .uptime_s = -1,
			       .rtt_ms = 2,
			       .links = links,
			       .n_links = 2,
			       .metrics = metrics,
			       .n_metrics = ARRAY_LEN(metrics),
			       .count = {.polls = 3, .answers = 2}};
}

/* All of one device, as a page. */
static char *page(const struct device *device, bool open)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < network_metrics_families(); i++) {
		network_metrics_family(out, i, open);
		network_metrics_device(out, i, device);
	}
	network_metrics_alerts_begin(out, open);
	network_metrics_end(out, open);
	fclose(out);
	return text;
}

static void assert_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at || (at != text && at[-1] != '\n') || at[strlen(line)] != '\n')
		fail_msg("no line \"%s\" in\n%s", line, text);
}

static void test_values(void **state)
{
	const struct device device = device_of(DEVICE_UP);
	cleanup_free char *text = page(&device, false);

	(void)state;
	assert_line(text, "pantau_device_up{device=\"opd-07\"} 1");
	assert_line(text, "pantau_device_since_timestamp_seconds{device=\"opd-07\"} 1700000000");
	assert_line(text, "pantau_device_polls_total{device=\"opd-07\"} 3");
	assert_line(text, "pantau_device_state{device=\"opd-07\",status=\"up\",cause=\"\"} 1");
	assert_line(text, "pantau_link_up{device=\"opd-07\",link=\"wan0\"} 1");
	assert_line(text, "pantau_link_up{device=\"opd-07\",link=\"lan0\"} 0");
	assert_line(text,
		    "pantau_link_receive_bytes_per_second{device=\"opd-07\",link=\"wan0\"} 500000");
	assert_line(text, "pantau_link_receive_capacity_bytes_per_second{device=\"opd-07\",link="
			  "\"wan0\"} 1000000");
	assert_line(text, "pantau_link_load_ratio{device=\"opd-07\",link=\"wan0\"} 0.5");
	assert_line(text, "pantau_path_round_trip_seconds{device=\"opd-07\",path=\"core\"} 0.0125");
	assert_line(text, "pantau_path_loss_ratio{device=\"opd-07\",path=\"core\"} 0.05");
	assert_line(text, "pantau_wifi_clients{device=\"opd-07\",ssid=\"WiFi\"} 7");
	assert_line(text, "pantau_device_value{device=\"opd-07\",group=\"hardware\",object=\"\","
			  "value=\"cpu\",unit=\"%\"} 30");
	assert_non_null(strstr(text, "name=\"Dinas \\\"A\\\" \\\\ \\nB\""));
	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "transmit_bytes_per_second{device=\"opd-07\",link=\"wan0\"}"));
	assert_null(strstr(text, "pantau_device_uptime_seconds{"));
	assert_null(strstr(text, "temperature"));
}

/* What was measured before it fell silent is not what is. */
static void test_down(void **state)
{
	const struct device device = device_of(DEVICE_DOWN);
	cleanup_free char *text = page(&device, false);

	(void)state;
	assert_line(text, "pantau_device_up{device=\"opd-07\"} 0");
	assert_line(text, "pantau_link_up{device=\"opd-07\",link=\"lan0\"} 0");
	assert_null(strstr(text, "pantau_link_up{device=\"opd-07\",link=\"wan0\"}"));
	assert_null(strstr(text, "pantau_link_receive_bytes_per_second{"));
	assert_null(strstr(text, "pantau_path_loss_ratio{"));
	assert_null(strstr(text, "pantau_device_value{"));
}

static void test_pending(void **state)
{
	const struct device device = device_of(DEVICE_PENDING);
	cleanup_free char *text = page(&device, false);

	(void)state;
	assert_null(strstr(text, "pantau_device_up{"));
}

static void test_open(void **state)
{
	const struct device device = device_of(DEVICE_UP);
	cleanup_free char *text = page(&device, true);

	(void)state;
	assert_line(text, "# TYPE pantau_device_polls counter");
	assert_line(text, "pantau_device_polls_total{device=\"opd-07\"} 3");
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
	assert_true(network_metrics_wants_open("application/openmetrics-text;version=1.0.0,*/*"));
	assert_false(network_metrics_wants_open("text/plain"));
	assert_false(network_metrics_wants_open(""));
}

static void test_alert(void **state)
{
	struct alert alert = {.kind = ALERT_LINK_DOWN,
			      .severity = SEVERITY_MAJOR,
			      .device_id = "core-1",
			      .link = "sfp\"1",
			      .cause = ALERT_CAUSE_LINE};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	network_metrics_alert(out, &alert);
	strcpy(alert.acked_by, "siti");
	network_metrics_alert(out, &alert);
	fclose(out);
	assert_string_equal(text, "pantau_alert{device=\"core-1\",link=\"sfp\\\"1\",kind=\"link-"
				  "down\",severity=\"major\",cause=\"line\"} 1\n"
				  "pantau_alert{device=\"core-1\",link=\"sfp\\\"1\",kind=\"link-"
				  "down\",severity=\"major\",cause=\"line\"} 2\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),	cmocka_unit_test(test_down),
		cmocka_unit_test(test_pending), cmocka_unit_test(test_open),
		cmocka_unit_test(test_alert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
