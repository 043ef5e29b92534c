/*
 * Loss of power for one process: whatever it has not flushed is lost.
 *
 * Loaded into a process with LD_PRELOAD. Every file under $POWER_FROM has a copy under $POWER_TO,
 * the disk that survives: a write reaches it only when fsync or fdatasync is called on its file.
 * $POWER_LEAK writes of a thousand reach it at once, whole or by half, as a disk is free to do.
 * With $POWER_DEAF flushing does nothing at all, to show that what is lost is missed.
 * Files that end in -shm are left out: they are shared memory and never flushed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 256

struct range { off_t from, to; };
struct file { char path[PATH_MAX]; struct range *ranges; size_t count, room; };

static struct file files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long long dice = 88172645463325252ULL;

static unsigned roll(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (unsigned)(dice >> 33);
}

/* The path of fd below $POWER_FROM, or 0 when it is not there. */
static int watched(int fd, char *path)
{
    const char *root = getenv("POWER_FROM");
    char link[64];
    ssize_t length;
    if (!root) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (strncmp(path, root, strlen(root)) != 0 || path[strlen(root)] != '/') return 0;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    return 1;
}

static void copy_of(const char *path, char *copy)
{
    snprintf(copy, PATH_MAX, "%s%s", getenv("POWER_TO"), path + strlen(getenv("POWER_FROM")));
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);

static void resolve(void)
{
    if (!real_pwrite) real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
}

static int open_copy(const char *path)
{
    char copy[PATH_MAX];
    copy_of(path, copy);
    make_folders(copy);
    return open(copy, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* Remembers what is to be flushed; lets some of it through at once. */
static void wrote(int fd, const void *bytes, size_t count, off_t at)
{
    char path[PATH_MAX];
    const char *leak = getenv("POWER_LEAK");
    struct file *entry = NULL;
    if (count == 0 || !watched(fd, path)) return;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < FILES && !entry; i++)
        if (files[i].path[0] == 0 || strcmp(files[i].path, path) == 0) entry = &files[i];
    if (!entry) abort();
    strcpy(entry->path, path);
    if (entry->count == entry->room) {
        entry->room = entry->room ? 2 * entry->room : 64;
        entry->ranges = realloc(entry->ranges, entry->room * sizeof *entry->ranges);
        if (!entry->ranges) abort();
    }
    entry->ranges[entry->count++] = (struct range){at, at + (off_t)count};
    if (leak && (int)(roll() % 1000) < atoi(leak)) {
        size_t part = roll() % 2 ? count : count / 2;
        int copy = open_copy(path);
        if (copy >= 0) {
            if (real_pwrite(copy, bytes, part, at) < 0) abort();
            close(copy);
        }
    }
    pthread_mutex_unlock(&lock);
}

/* Everything written so far to the file of fd is on the disk. */
static void flushed(int fd)
{
    char path[PATH_MAX], buffer[65536];
    struct stat status;
    int copy, own;
    if (getenv("POWER_DEAF") || !watched(fd, path)) return;
    pthread_mutex_lock(&lock);
    resolve();
    own = open(path, O_RDONLY | O_CLOEXEC);
    copy = own >= 0 ? open_copy(path) : -1;
    for (size_t i = 0; i < FILES && copy >= 0; i++) {
        if (strcmp(files[i].path, path) != 0) continue;
        for (size_t j = 0; j < files[i].count; j++) {
            off_t at = files[i].ranges[j].from;
            while (at < files[i].ranges[j].to) {
                size_t want = sizeof buffer;
                if ((off_t)want > files[i].ranges[j].to - at)
                    want = (size_t)(files[i].ranges[j].to - at);
                ssize_t got = pread(own, buffer, want, at);
                if (got <= 0) break;
                if (real_pwrite(copy, buffer, (size_t)got, at) < 0) abort();
                at += got;
            }
        }
        files[i].count = 0;
    }
    if (copy >= 0) {
        if (fstat(own, &status) == 0 && ftruncate(copy, status.st_size) != 0) abort();
        close(copy);
    }
    if (own >= 0) close(own);
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at)
{
    resolve();
    ssize_t done = real_pwrite(fd, bytes, count, at);
    if (done > 0) wrote(fd, bytes, (size_t)done, at);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return pwrite64(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    ssize_t done = real(fd, bytes, count);
    int saved = errno;
    if (done > 0 && getenv("POWER_FROM")) {
        resolve();
        off_t end = lseek(fd, 0, SEEK_CUR);
        if (end >= done) wrote(fd, bytes, (size_t)done, end - done);
    }
    errno = saved;
    return done;
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    flushed(fd);
    return real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    flushed(fd);
    return real(fd);
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    const char *root = getenv("POWER_FROM");
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    int done = real(from, to);
    if (done == 0 && root && strncmp(from, root, strlen(root)) == 0) {
        char old[PATH_MAX], new[PATH_MAX];
        copy_of(from, old);
        copy_of(to, new);
        real(old, new);
    }
    return done;
}

int unlink(const char *path)
{
    static int (*real)(const char *);
    const char *root = getenv("POWER_FROM");
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    int done = real(path);
    if (done == 0 && root && strncmp(path, root, strlen(root)) == 0) {
        char copy[PATH_MAX];
        copy_of(path, copy);
        real(copy);
    }
    return done;
}
