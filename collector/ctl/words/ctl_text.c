/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two columns of words, and numbers as people of either language write them. */
#include "collector/ctl/words/ctl_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/base/cleanup.h"

static const struct {
	const char *key, *id, *en;
} WORDS[] = {
	/* states */
	{"up", "hidup", "up"},
	{"down", "MATI", "DOWN"},
	{"degraded", "terganggu", "degraded"},
	{"suspect", "dicurigai", "suspect"},
	{"unreachable", "tak terjangkau", "unreachable"},
	{"auth-failed", "AUTENTIKASI GAGAL", "AUTH FAILED"},
	{"pending", "menunggu", "pending"},
	{"total", "jumlah", "total"},
	{"off", "dimatikan", "off"},
	{"unknown", "tidak diketahui", "unknown"},
	/* kinds */
	{"core", "inti", "core"},
	{"opd", "OPD", "OPD"},
	{"hotspot", "hotspot", "hotspot"},
	/* causes */
	{"no-answer", "tidak menjawab", "no answer"},
	{"link-down", "tautan putus", "link down"},
	{"parent-down", "induknya mati", "its parent is down"},
	{"refused", "agen SNMP tidak ada", "no SNMP agent"},
	{"no-route", "tidak ada rute", "no route"},
	{"unknown-user", "pengguna SNMPv3 tidak dikenal", "unknown SNMPv3 user"},
	{"wrong-key", "kunci SNMPv3 salah", "wrong SNMPv3 key"},
	{"wrong-privacy-key", "kunci privasi SNMPv3 salah", "wrong SNMPv3 privacy key"},
	{"no-access", "tanpa hak akses", "no access rights"},
	{"auth-other", "SNMPv3 ditolak", "SNMPv3 refused"},
	/* events */
	{"device-down", "perangkat mati", "device down"},
	{"device-up", "perangkat pulih", "device up"},
	{"link-up", "link pulih", "link up"},
	{"link-flapping", "link naik-turun", "link flapping"},
	{"link-settled", "link stabil", "link settled"},
	{"auth-ok", "autentikasi pulih", "auth ok"},
	{"device-restarted", "perangkat menyala ulang", "device restarted"},
	{"path-down", "jalur putus", "path down"},
	{"path-up", "jalur pulih", "path up"},
	{"collector-start", "kolektor mulai", "collector started"},
	{"collector-stop", "kolektor berhenti", "collector stopped"},
	{"notifications-lost", "notifikasi hilang", "notifications lost"},
	/* notifications */
	{"cold-start", "menyala", "cold start"},
	{"warm-start", "mulai ulang", "warm start"},
	{"authentication-failure", "permintaan tanpa hak", "request without authority"},
	{"agent-start", "agen mulai", "agent started"},
	{"agent-stop", "agen berhenti", "agent stopped"},
	{"link-added", "link baru", "link added"},
	{"link-removed", "link hilang", "link removed"},
	{"link-renamed", "link berganti nama", "link renamed"},
	{"path-degraded", "jalur terganggu", "path degraded"},
	{"clock-step", "jam disetel", "clock set"},
	{"events-dropped", "kejadian hilang", "events lost"},
	{"other", "lainnya", "other"},
	/* why a sender's last one was refused, or is nobody's: short, a table has 80 columns */
	{"sender.unknown-address", "alamat tak dikenal", "unknown address"},
	{"sender.malformed", "datagram rusak", "malformed datagram"},
	{"sender.wrong-pdu", "bukan trap/inform", "no trap or inform"},
	{"sender.bad-community", "community salah", "wrong community"},
	{"sender.unknown-user", "pengguna tak dikenal", "unknown user"},
	{"sender.weak-level", "tingkat keamanan lain", "other security level"},
	{"sender.wrong-key", "kunci salah", "wrong key"},
	{"sender.decrypt-error", "kunci privasi salah", "wrong privacy key"},
	{"sender.not-in-window", "terlambat/diulang", "late or repeated"},
	{"sender.downgraded", "community, bukan v3", "community, not v3"},
	{"sender.no-oid", "tanpa OID notifikasi", "no notification OID"},
	{"sender.bad-bindings", "isi rusak", "broken bindings"},
	{"sender.rate-limited", "terlalu banyak", "too many"},
	{"taken-now", "kini diterima; dulu ", "taken now; was "},
	/* headings */
	{"kind", "jenis", "kind"},
	{"id", "id", "id"},
	{"name", "nama", "name"},
	{"address", "alamat", "address"},
	{"status", "keadaan", "status"},
	{"cause", "sebab", "cause"},
	{"since", "sejak", "since"},
	{"for", "selama", "for"},
	{"in", "masuk", "in"},
	{"out", "keluar", "out"},
	{"capacity", "kapasitas", "capacity"},
	{"load", "beban", "load"},
	{"link", "link", "link"},
	{"role", "peran", "role"},
	{"errors", "galat/s", "errors/s"},
	{"time", "waktu", "time"},
	{"device", "perangkat", "device"},
	{"event", "kejadian", "event"},
	{"text", "keterangan", "text"},
	{"group", "kelompok", "group"},
	{"object", "objek", "object"},
	{"value", "nilai", "value"},
	{"provider", "penyedia", "provider"},
	{"parent", "induk", "parent"},
	{"place", "tempat", "place"},
	{"profile", "profil", "profile"},
	{"uptime", "menyala", "uptime"},
	{"rtt", "waktu bolak-balik", "round trip"},
	{"answered", "jawaban terakhir", "last answer"},
	{"polls", "polling", "polls"},
	{"system", "sistem", "system"},
	{"model", "model", "model"},
	{"firmware", "firmware", "firmware"},
	{"serial", "nomor seri", "serial number"},
	{"problem", "masalah", "problem"},
	{"received", "diterima", "received"},
	{"sender", "pengirim", "sender"},
	{"how", "cara", "how"},
	{"notification", "notifikasi", "notification"},
	{"why", "mengapa", "why"},
	{"count", "jumlah", "count"},
	{"first", "pertama", "first"},
	{"last", "terakhir", "last"},
	{"remark", "catatan", "remark"},
	{"at-once", "nilai sekaligus", "values at once"},
	{"running", "berjalan sejak", "running since"},
	{"version", "versi", "version"},
	/* why the last poll failed */
	{"poll-failed", "poling terakhir gagal", "last poll failed"},
	{"failure.timeout", "tidak ada jawaban dalam batas waktu", "no answer in time"},
	{"failure.refused", "tidak ada agen SNMP di sana", "no SNMP agent listens there"},
	{"failure.unreachable", "tidak ada rute ke sana", "no route to it"},
	{"failure.unknown-user", "pengguna SNMPv3 kita tidak dikenalnya",
	 "it does not know our SNMPv3 user"},
	{"failure.wrong-key", "kunci SNMPv3 salah: frasa sandi atau protokol autentikasi",
	 "wrong SNMPv3 key: authentication passphrase or protocol"},
	{"failure.decrypt-error", "kunci privasi SNMPv3 salah: frasa sandi atau protokol",
	 "wrong SNMPv3 privacy key: passphrase or protocol"},
	{"failure.unsupported-level", "tingkat keamanan SNMPv3 ini tidak dilayaninya",
	 "it does not serve this SNMPv3 security level"},
	{"failure.not-in-window", "jam SNMPv3-nya tidak sejalan",
	 "its SNMPv3 clock does not follow"},
	{"failure.no-access", "kita dikenal, tetapi tidak diberi hak akses",
	 "it knows us, but shows us nothing"},
	{"failure.malformed", "jawabannya tidak dapat dibaca", "its answer cannot be read"},
	{"failure.failed", "permintaan tidak dapat dikirim", "the request could not be sent"},
	/* how a device answers */
	{"remark.no-profile", "tidak ada profil yang cocok", "no profile fits it"},
	{"remark.access-limited", "kontrol aksesnya menolak sebagian yang ditanyakan",
	 "its access control refuses some of what is asked"},
	{"remark.no-links", "tidak menampakkan antarmuka: apakah pandangan kredensialnya dibatasi?",
	 "shows no interfaces: is the credential's view restricted?"},
	{"remark.too-many-links", "antarmukanya lebih banyak daripada yang diawasi per perangkat",
	 "has more interfaces than are watched of one device"},
	{"remark.too-big", "menjawab tooBig: ditanya lebih sedikit sekaligus",
	 "answers tooBig: asked for less at a time"},
	{"remark.cut-answers", "memotong jawabannya: ditanya lebih sedikit sekaligus",
	 "cuts its answers: asked for less at a time"},
	{"remark.silent-to-large", "diam pada permintaan besar: ditanya lebih sedikit sekaligus",
	 "silent to large requests: asked for less at a time"},
	{"remark.gen-errors", "menjawab genErr: ditanya lebih sedikit sekaligus",
	 "answers genErr: asked for less at a time"},
	{"remark.no-bulk", "tidak tahan GETBULK: tabelnya dibaca dengan GETNEXT",
	 "does not bear GETBULK: its tables are read by GETNEXT"},
	{"remark.out-of-order", "salah satu tabelnya tidak berurutan: tetap dibaca",
	 "a table of it is out of order: read nevertheless"},
	{"remark.loops", "salah satu tabelnya berulang: dibaca sejauh mungkin",
	 "a table of it repeats itself: read as far as it goes"},
	{"remark.other-names", "menjawab dalam urutan atau OID lain: dipilah menurut OID",
	 "answers in another order or under other OIDs than asked: taken by OID"},
	{"remark.wrong-types", "nilai dengan tipe yang tidak sesuai: tidak diketahui",
	 "values of a type that does not fit are unknown"},
	{"remark.no-uptime",
	 "tanpa uptime: selang diukur dengan jam kita, tidak diketahui bila lama jawabannya tidak "
	 "tetap",
	 "has no uptime: intervals are measured by our clock, unknown where its answers take "
	 "unevenly long"},
	{"remark.bad-uptime",
	 "sysUpTime-nya tidak menghitung perseratus detik: selang diukur dengan jam kita",
	 "its sysUpTime does not count hundredths of a second: intervals are measured by our "
	 "clock"},
	{"remark.partial-rows",
	 "ada antarmuka tanpa nilai yang dimiliki lainnya: dibaca dari tabel lain, atau tidak "
	 "diketahui",
	 "interfaces lack values that others have: read from the other table, or unknown"},
	{"remark.names-missing", "ada antarmuka tanpa nama: diikuti menurut alias atau alamat MAC",
	 "interfaces have no name: followed by alias or MAC address"},
	{"remark.names-repeated",
	 "nama antarmuka berulang: dibedakan menurut deskripsi, alamat, atau alias",
	 "interface names repeat: told apart by description, address or alias"},
	{"remark.known-by-number",
	 "antarmuka yang hanya dibedakan nomornya mulai dari awal bila nomornya berubah",
	 "interfaces that only their number tells apart begin anew when it changes"},
	{"remark.not-utf8", "teksnya bukan UTF-8: dibaca sebagai Latin-1",
	 "texts are not UTF-8: read as Latin-1"},
	{"remark.renumbered", "nomor antarmuka berubah: diikuti menurut nama",
	 "interfaces changed their numbers: followed by name"},
	{"remark.snmpv1",
	 "ditanya dengan SNMPv1, yang tidak punya penghitung 64 bit: beri kredensial SNMPv3 atau "
	 "v2c bila ia bisa",
	 "asked by SNMPv1, which has no counters of 64 bits: give it a credential of SNMPv3 or v2c "
	 "if it can"},
	{"remark.no-speed",
	 "tidak menyebut kecepatan link utamanya, atau link yang punya peran: tetapkan di "
	 "inventaris, atau bebannya tidak diketahui",
	 "states no speed of its main link, or of one with a role: give it in the inventory, or "
	 "the "
	 "load is unknown"},
	{"remark.32-bits", "ada antarmuka dengan penghitung 32 bit saja: ditanya lebih sering",
	 "interfaces have counters of 32 bits only: polled more often"},
	{"remark.ambiguous",
	 "penghitung 32 bit mungkin berputar lebih dari sekali: tidak diketahui",
	 "counters of 32 bits may have wrapped more than once: unknown"},
	{"remark.implausible",
	 "penghitung naik lebih dari yang dapat dibawa antarmukanya: tidak diketahui",
	 "counters grew by more than their interface can carry: unknown"},
	{"remark.stated-speed",
	 "membawa lebih dari kecepatan yang dinyatakannya: bebannya tidak diketahui",
	 "carries more than the speed it states: its load is unknown"},
	{"remark.unknown-link", "inventaris menetapkan kapasitas link yang tidak dimilikinya",
	 "the inventory sets the capacity of a link that it has not"},
	/* sentences */
	{"all-well", "Semua perangkat yang dikenal hidup.", "All known devices are up."},
	{"no-notifications", "Tidak ada notifikasi.", "No notifications."},
	{"no-senders", "Tidak ada notifikasi yang ditolak atau yang pengirimnya tidak dikenal.",
	 "No notifications were refused, and none is of an unknown sender."},
	{"older", "Yang lebih lama", "Older ones"},
	{"senders-dropped", "Pengirim yang dilupakan karena tempat habis",
	 "Senders forgotten to make room"},
	{"no-events", "Belum ada kejadian.", "No events yet."},
	{"not-running", "Kolektor tidak terjangkau; apakah berjalan?",
	 "The collector cannot be reached; is it running?"},
	{"denied", "Soket kolektor tidak boleh Anda pakai; jadilah anggota grup pantau, atau root.",
	 "You may not use the collector's socket; be in the group pantau, or root."},
	{"no-device", "tidak ada perangkat dengan id itu; lihat: pantauctl devices",
	 "no device has that id; see: pantauctl devices"},
	{"no-address", "bukan alamat numerik, atau antarmukanya tidak ada di mesin ini",
	 "not a numeric address, or its interface is not on this machine"},
	{"answer", "jawaban", "answer"},
	{"no-credential", "tidak ada kredensial yang diterima", "no credential is accepted"},
	{"fitting", "Profil yang cocok:", "Profiles that fit:"},
	{"chosen", "dipilih", "chosen"},
	{"any", "apa saja", "any"},
	{"probes", "uji", "probes"},
	{"priority", "prioritas", "priority"},
	{"lacking", "Diminta profil, tetapi tidak ada dalam rekaman:",
	 "Asked by the profile, but not in the recording:"},
	{"no-rates", "Penghitung dalam rekaman tidak bergerak: laju tidak dapat diketahui darinya.",
	 "A recording's counters stand still: no rates can be known from it."},
	{"unreadable", "baris dilewati karena tidak dapat dibaca",
	 "lines left out because they cannot be read"},
	{"repeated", "baris diabaikan karena OID-nya sudah ada sebelumnya",
	 "lines left out because their OID stands before"},
	{"no-profile", "tidak ada profil yang cocok", "no profile fits"},
	{"reloaded", "Konfigurasi baru dipakai.", "The new configuration is in use."},
	{"added", "perangkat baru", "devices are new"},
	{"removed", "tidak dipantau lagi", "are no longer watched"},
	{"in-all", "seluruhnya.", "in all."},
	{"not-reloaded", "Konfigurasi ditolak; yang lama tetap dipakai:",
	 "The configuration was refused; the old one runs on:"},
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
	static const char *const UNITS[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	size_t unit = 0;

	if (!isfinite(bps) || bps < 0)
		return unknown(buf);
	while (bps >= 999.95 && unit + 1 < ARRAY_LEN(UNITS)) {
		bps /= 1000;
		unit++;
	}
	snprintf(buf, CTL_TEXT_MAX, unit == 0 || bps >= 100 ? "%.0f %s" : "%.1f %s", bps,
		 UNITS[unit]);
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
		snprintf(buf, CTL_TEXT_MAX, id ? "%lld mnt %lld dtk" : "%lld min %lld s", s / 60,
			 s % 60);
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
