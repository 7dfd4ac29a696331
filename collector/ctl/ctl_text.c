/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two columns of words, and numbers as people of either language write them. */
#include "collector/ctl/ctl_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"

static const struct {
	const char *key, *id, *en;
} WORDS[] = {
	/* states */
	{ "up", "naik", "up" },
	{ "down", "MATI", "DOWN" },
	{ "degraded", "terganggu", "degraded" },
	{ "suspect", "diragukan", "suspect" },
	{ "unreachable", "tak terjangkau", "unreachable" },
	{ "auth-failed", "AUTENTIKASI GAGAL", "AUTH FAILED" },
	{ "pending", "menunggu", "pending" },
	{ "total", "jumlah", "total" },
	/* kinds */
	{ "core", "inti", "core" },
	{ "opd", "OPD", "OPD" },
	{ "hotspot", "hotspot", "hotspot" },
	/* causes */
	{ "no-answer", "tidak menjawab", "no answer" },
	{ "link-down", "link putus", "link down" },
	{ "parent-down", "induknya mati", "its parent is down" },
	{ "refused", "agen SNMP tidak ada", "no SNMP agent" },
	{ "no-route", "tanpa rute", "no route" },
	{ "unknown-user", "pengguna SNMPv3 tidak dikenal", "unknown SNMPv3 user" },
	{ "wrong-key", "kunci SNMPv3 salah", "wrong SNMPv3 key" },
	{ "wrong-privacy-key", "kunci privasi SNMPv3 salah", "wrong SNMPv3 privacy key" },
	{ "no-access", "tanpa hak akses", "no access rights" },
	{ "auth-other", "SNMPv3 ditolak", "SNMPv3 refused" },
	/* events */
	{ "device-down", "perangkat mati", "device down" },
	{ "device-up", "perangkat pulih", "device up" },
	{ "link-up", "link pulih", "link up" },
	{ "link-flapping", "link naik-turun", "link flapping" },
	{ "link-settled", "link stabil", "link settled" },
	{ "auth-ok", "autentikasi pulih", "auth ok" },
	{ "device-restarted", "perangkat menyala ulang", "device restarted" },
	{ "path-down", "jalur putus", "path down" },
	{ "path-up", "jalur pulih", "path up" },
	{ "collector-start", "kolektor mulai", "collector started" },
	{ "collector-stop", "kolektor berhenti", "collector stopped" },
	{ "notifications-lost", "notifikasi hilang", "notifications lost" },
	/* headings */
	{ "kind", "jenis", "kind" },
	{ "id", "id", "id" },
	{ "name", "nama", "name" },
	{ "address", "alamat", "address" },
	{ "status", "keadaan", "status" },
	{ "cause", "sebab", "cause" },
	{ "since", "sejak", "since" },
	{ "for", "selama", "for" },
	{ "in", "masuk", "in" },
	{ "out", "keluar", "out" },
	{ "capacity", "kapasitas", "capacity" },
	{ "load", "beban", "load" },
	{ "link", "link", "link" },
	{ "role", "peran", "role" },
	{ "errors", "galat/s", "errors/s" },
	{ "time", "waktu", "time" },
	{ "device", "perangkat", "device" },
	{ "event", "kejadian", "event" },
	{ "text", "keterangan", "text" },
	{ "group", "kelompok", "group" },
	{ "object", "objek", "object" },
	{ "value", "nilai", "value" },
	{ "provider", "penyedia", "provider" },
	{ "parent", "induk", "parent" },
	{ "place", "tempat", "place" },
	{ "profile", "profil", "profile" },
	{ "uptime", "menyala", "uptime" },
	{ "rtt", "waktu bolak-balik", "round trip" },
	{ "answered", "jawaban terakhir", "last answer" },
	{ "polls", "polling", "polls" },
	{ "system", "sistem", "system" },
	{ "problem", "masalah", "problem" },
	{ "running", "berjalan sejak", "running since" },
	{ "version", "versi", "version" },
	/* sentences */
	{ "all-well", "Semua perangkat yang dikenal naik.", "All known devices are up." },
	{ "no-events", "Belum ada kejadian.", "No events yet." },
	{ "not-running", "Kolektor tidak terjangkau; apakah berjalan?",
	  "The collector cannot be reached; is it running?" },
	{ "no-device", "tidak ada perangkat dengan id itu; lihat: pantauctl devices",
	  "no device has that id; see: pantauctl devices" },
	{ "answer", "jawaban", "answer" },
	{ "no-credential", "tidak ada kredensial yang diterima", "no credential is accepted" },
	{ "fitting", "Profil yang cocok:", "Profiles that fit:" },
	{ "chosen", "dipilih", "chosen" },
	{ "any", "apa saja", "any" },
	{ "probes", "uji", "probes" },
	{ "priority", "prioritas", "priority" },
	{ "lacking", "Diminta profil, tetapi tidak ada dalam rekaman:",
	  "Asked by the profile, but not in the recording:" },
	{ "no-rates", "Penghitung dalam rekaman tidak bergerak: laju tidak dapat diketahui darinya.",
	  "A recording's counters stand still: no rates can be known from it." },
	{ "repeated", "baris diabaikan karena OID-nya sudah ada sebelumnya",
	  "lines left out because their OID stands before" },
	{ "no-profile", "tidak ada profil yang cocok", "no profile fits" },
	{ "reloaded", "Konfigurasi baru dipakai.", "The new configuration is in use." },
	{ "added", "perangkat baru", "devices are new" },
	{ "removed", "tidak dipantau lagi", "are no longer watched" },
	{ "in-all", "seluruhnya.", "in all." },
	{ "not-reloaded", "Konfigurasi ditolak; yang lama tetap dipakai:",
	  "The configuration was refused; the old one runs on:" },
};

enum ctl_lang ctl_lang_of(const char *locale)
{
	bool id = locale && strncmp(locale, "id", 2) == 0 && strchr("_.@", locale[2]);

	return id ? CTL_LANG_ID : CTL_LANG_EN;
}

const char *ctl_word(enum ctl_lang lang, const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
		if (strcmp(WORDS[i].key, word) == 0)
			return lang == CTL_LANG_ID ? WORDS[i].id : WORDS[i].en;
	}
	return word;
}

static const char *unknown(char *buf)
{
	return strcpy(buf, "-");
}

/* The C locale writes the point. */
static const char *point(enum ctl_lang lang, char *buf)
{
	char *dot = strchr(buf, '.');

	if (dot && lang == CTL_LANG_ID)
		*dot = ',';
	return buf;
}

const char *ctl_number(enum ctl_lang lang, double value, char *buf)
{
	if (!isfinite(value))
		return unknown(buf);
	if (value == floor(value) && fabs(value) < 1e15)
		snprintf(buf, CTL_TEXT_MAX, "%.0f", value);
	else
		snprintf(buf, CTL_TEXT_MAX, fabs(value) < 10 ? "%.2f" : "%.1f", value);
	return point(lang, buf);
}

const char *ctl_rate(enum ctl_lang lang, double bps, char *buf)
{
	static const char *const UNITS[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
	size_t unit = 0;

	if (!isfinite(bps) || bps < 0)
		return unknown(buf);
	while (bps >= 999.95 && unit + 1 < ARRAY_LEN(UNITS)) {
		bps /= 1000;
		unit++;
	}
	snprintf(buf, CTL_TEXT_MAX, unit == 0 || bps >= 100 ? "%.0f %s" : "%.1f %s", bps, UNITS[unit]);
	return point(lang, buf);
}

const char *ctl_duration(enum ctl_lang lang, int64_t ms, char *buf)
{
	bool id = lang == CTL_LANG_ID;
	long long s = ms / 1000;

	if (ms < 0)
		return unknown(buf);
	if (s < 60)
		snprintf(buf, CTL_TEXT_MAX, id ? "%lld dtk" : "%lld s", s);
	else if (s < 3600)
		snprintf(buf, CTL_TEXT_MAX, id ? "%lld mnt %lld dtk" : "%lld min %lld s", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buf, CTL_TEXT_MAX, id ? "%lld jam %lld mnt" : "%lld h %lld min", s / 3600,
			 s / 60 % 60);
	else
		snprintf(buf, CTL_TEXT_MAX, id ? "%lld hari %lld jam" : "%lld d %lld h", s / 86400,
			 s / 3600 % 24);
	return buf;
}

const char *ctl_time(int64_t time_ms, int64_t now_ms, char *buf)
{
	time_t t = (time_t)(time_ms / 1000), now = (time_t)(now_ms / 1000);
	struct tm then, today;

	if (time_ms <= 0 || !localtime_r(&t, &then) || !localtime_r(&now, &today))
		return unknown(buf);
	if (then.tm_year == today.tm_year && then.tm_yday == today.tm_yday)
		strftime(buf, CTL_TEXT_MAX, "%H:%M:%S", &then);
	else
		strftime(buf, CTL_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &then);
	return buf;
}
