/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's files in memory. Source: sqlite3.h (sqlite3_vfs, sqlite3_io_methods). */
#include "tests/simulation/stage/disk.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "common/base/queue.h"
#include "tests/simulation/stage/stage.h"

enum { SHM_REGIONS = 16 };

struct octets {
	uint8_t *p;
	size_t len, room;
};

/* A file and its -shm, which is one of all who have it open. */
struct disk_file {
	LIST_ENTRY(disk_file) entry;
	char *name;
	struct octets now, synced;
	void *shm[SHM_REGIONS];
	bool removed;
	unsigned int open;
};

struct open_file {
	sqlite3_file base; /* first */
	struct disk_file *file;
	bool temporary;
};

static LIST_HEAD(, disk_file) files;
static struct {
	bool full;
	int64_t full_since_us;
	uint64_t writes, cut_at;
	void (*cut)(void *data);
	void *cut_data;
} disk;

/* ---- what happens to it ---- */

static bool is_off(void)
{
	return stage_machine() && stage_machine()->off;
}

bool disk_takes(size_t octets)
{
	return !is_off() && (octets == 0 || !disk.full);
}

void disk_set_full(bool full)
{
	if (full && !disk.full)
		disk.full_since_us = stage_now_us();
	disk.full = full;
}

int64_t disk_full_since_us(void)
{
	return disk.full ? disk.full_since_us : INT64_MAX;
}

void disk_cut_after(unsigned int writes, void (*fn)(void *data), void *data)
{
	disk.cut_at = disk.writes + writes;
	disk.cut = fn;
	disk.cut_data = data;
}

uint64_t disk_writes(void)
{
	return disk.writes;
}

static void count_write(void)
{
	disk.writes++;
	if (!disk.cut || disk.writes < disk.cut_at)
		return;
	disk.cut(disk.cut_data);
	disk.cut = NULL;
}

/* ---- octets ---- */

static void resize(struct octets *o, size_t len)
{
	if (len > o->room) {
		o->room = len * 2;
		o->p = realloc(o->p, o->room);
		if (!o->p)
			abort();
	}
	if (len > o->len)
		memset(o->p + o->len, 0, len - o->len);
	o->len = len;
}

static void copy(struct octets *to, const struct octets *from)
{
	resize(to, from->len);
	if (from->len)
		memcpy(to->p, from->p, from->len);
}

static struct disk_file *find(const char *name)
{
	struct disk_file *file;

	LIST_FOREACH (file, &files, entry) {
		if (!file->removed && file->name && strcmp(file->name, name) == 0)
			return file;
	}
	return NULL;
}

static void drop(struct disk_file *file)
{
	LIST_REMOVE(file, entry);
	for (size_t i = 0; i < SHM_REGIONS; i++)
		free(file->shm[i]);
	free(file->now.p);
	free(file->synced.p);
	free(file->name);
	free(file);
}

void disk_lose_unsynced(void)
{
	struct disk_file *file;

	LIST_FOREACH (file, &files, entry)
		copy(&file->now, &file->synced);
}

void disk_end(void)
{
	struct disk_file *file;

	while ((file = LIST_FIRST(&files)))
		drop(file);
	memset(&disk, 0, sizeof(disk));
}

/* ---- an open file ---- */

static struct disk_file *of(sqlite3_file *f)
{
	return ((struct open_file *)f)->file;
}

static int on_close(sqlite3_file *f)
{
	struct disk_file *file = of(f);

	if (--file->open == 0 && file->removed)
		drop(file);
	return SQLITE_OK;
}

static int on_read(sqlite3_file *f, void *buf, int n, sqlite3_int64 at)
{
	const struct octets *now = &of(f)->now;
	size_t have = (size_t)at < now->len ? now->len - (size_t)at : 0;

	if (have >= (size_t)n) {
		memcpy(buf, now->p + at, (size_t)n);
		return SQLITE_OK;
	}
	memset(buf, 0, (size_t)n);
	if (have)
		memcpy(buf, now->p + at, have);
	return SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *f, const void *buf, int n, sqlite3_int64 at)
{
	struct octets *now = &of(f)->now;

	count_write();
	if (is_off())
		return SQLITE_IOERR_WRITE;
	if ((size_t)at + (size_t)n > now->len) {
		if (disk.full)
			return SQLITE_FULL;
		resize(now, (size_t)at + (size_t)n);
	}
	memcpy(now->p + at, buf, (size_t)n);
	return SQLITE_OK;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 len)
{
	count_write();
	if (is_off())
		return SQLITE_IOERR_TRUNCATE;
	resize(&of(f)->now, (size_t)len);
	return SQLITE_OK;
}

static int on_sync(sqlite3_file *f, int flags)
{
	(void)flags;
	count_write();
	if (is_off())
		return SQLITE_IOERR_FSYNC;
	copy(&of(f)->synced, &of(f)->now);
	return SQLITE_OK;
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)of(f)->now.len;
	return SQLITE_OK;
}

static int on_lock(sqlite3_file *f, int level)
{
	(void)f;
	(void)level;
	return SQLITE_OK;
}

static int on_check_reserved(sqlite3_file *f, int *ret)
{
	(void)f;
	*ret = 0;
	return SQLITE_OK;
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int on_sector_size(sqlite3_file *f)
{
	(void)f;
	return 4096;
}

static int on_characteristics(sqlite3_file *f)
{
	(void)f;
	return 0;
}

static int on_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
	struct disk_file *file = of(f);

	*ret = NULL;
	if (region >= SHM_REGIONS)
		return SQLITE_FULL;
	if (!file->shm[region] && extend)
		file->shm[region] = calloc(1, (size_t)size);
	*ret = file->shm[region];
	return SQLITE_OK;
}

static int on_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	(void)f;
	(void)offset;
	(void)n;
	(void)flags;
	return SQLITE_OK;
}

static void on_shm_barrier(sqlite3_file *f)
{
	(void)f;
}

/* The last one to close it: it is made anew from the WAL. */
static int on_shm_unmap(sqlite3_file *f, int remove)
{
	struct disk_file *file = of(f);

	(void)remove;
	for (size_t i = 0; i < SHM_REGIONS; i++) {
		free(file->shm[i]);
		file->shm[i] = NULL;
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods METHODS = {
	.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_lock,
	.xCheckReservedLock = on_check_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_characteristics,
	.xShmMap = on_shm_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_shm_barrier,
	.xShmUnmap = on_shm_unmap,
};

/* ---- the directory ---- */

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct disk_file *file = name ? find(name) : NULL;

	(void)vfs;
	f->pMethods = NULL;
	if (!file) {
		if (!(flags & SQLITE_OPEN_CREATE) || is_off())
			return SQLITE_CANTOPEN;
		file = calloc(1, sizeof(*file));
		if (!file)
			return SQLITE_NOMEM;
		file->name = name ? strdup(name) : NULL;
		file->removed = !name || flags & SQLITE_OPEN_DELETEONCLOSE;
		LIST_INSERT_HEAD(&files, file, entry);
	}
	file->open++;
	((struct open_file *)f)->file = file;
	f->pMethods = &METHODS;
	if (ret_flags)
		*ret_flags = flags;
	return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct disk_file *file = find(name);

	(void)vfs;
	(void)sync;
	count_write();
	if (is_off())
		return SQLITE_IOERR_DELETE;
	if (!file)
		return SQLITE_IOERR_DELETE_NOENT;
	file->removed = true;
	if (!file->open)
		drop(file);
	return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	(void)vfs;
	(void)flags;
	*ret = find(name) != NULL;
	return SQLITE_OK;
}

static int on_full_path(sqlite3_vfs *vfs, const char *name, int size, char *ret)
{
	(void)vfs;
	sqlite3_snprintf(size, ret, "%s", name);
	return SQLITE_OK;
}

static int on_randomness(sqlite3_vfs *vfs, int n, char *ret)
{
	(void)vfs;
	for (int i = 0; i < n; i++)
		ret[i] = (char)dice_next(stage_dice());
	return n;
}

static int on_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static int on_time(sqlite3_vfs *vfs, double *ret)
{
	(void)vfs;
	*ret = 2440587.5 + (double)stage_wall_us(stage_machine()) / 86400e6;
	return SQLITE_OK;
}

void disk_open(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1,
		.szOsFile = sizeof(struct open_file),
		.mxPathname = 512,
		.zName = "stage",
		.xOpen = on_open,
		.xDelete = on_delete,
		.xAccess = on_access,
		.xFullPathname = on_full_path,
		.xRandomness = on_randomness,
		.xSleep = on_sleep,
		.xCurrentTime = on_time,
	};

	sqlite3_vfs_register(&vfs, 1);
}
