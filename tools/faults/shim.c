/* Preloaded into a real Home Assistant: its clock can be set, and its disk be slow or
 * full, while it runs. What is to happen stands in a file that is mapped: whoever
 * writes there is obeyed at once. Only files whose path holds WORD are concerned.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define WORD "/.storage/inteltele."

struct wishes {
  int64_t ahead_ns;      /* by how much the wall clock is wrong */
  int64_t sync_takes_ms; /* how long the disk takes for a sync */
  int64_t full;          /* whether nothing fits on the disk any more */
};

static const struct wishes nothing;
static volatile const struct wishes *wished = &nothing;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("INTELTELE_SHIM");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(struct wishes), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) wished = mapped;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int is_ours(int file) {
  char link[64], path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, WORD) != NULL;
}

static int is_full(int file) {
  if (!wished->full || !is_ours(file)) return 0;
  errno = ENOSPC;
  return 1;
}

static void be_slow(int file) {
  if (wished->sync_takes_ms > 0 && is_ours(file)) usleep(wished->sync_takes_ms * 1000);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(clock_gettime);
  int failed = real(clock, now);
  if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t all = now->tv_nsec + wished->ahead_ns;
    int64_t seconds = all / 1000000000, rest = all % 1000000000;
    if (rest < 0) rest += 1000000000, seconds--;
    now->tv_sec += seconds;
    now->tv_nsec = rest;
  }
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *where) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (where) *where = exact.tv_sec;
  return exact.tv_sec;
}

int fsync(int file) {
  REAL(fsync);
  be_slow(file);
  return real(file);
}

int fdatasync(int file) {
  REAL(fdatasync);
  be_slow(file);
  return real(file);
}

ssize_t write(int file, const void *what, size_t size) {
  REAL(write);
  return is_full(file) ? -1 : real(file, what, size);
}

ssize_t pwrite(int file, const void *what, size_t size, off_t at) {
  REAL(pwrite);
  return is_full(file) ? -1 : real(file, what, size, at);
}

ssize_t pwrite64(int file, const void *what, size_t size, off64_t at) {
  REAL(pwrite64);
  return is_full(file) ? -1 : real(file, what, size, at);
}
