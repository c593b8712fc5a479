// Lets a process meet what no test can make real: a disk whose fsync fails, and a wall clock that is set.
//
// It is preloaded into a server under test and, through it, into its workers. What is to happen stands in
// a file that every process maps, so that a test changes it while they run. Only files of checkpoints and
// artifacts are met by the fault, and only CLOCK_REALTIME is moved: waits that are given an instant of it
// end when the moved clock says so, as the kernel's do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// The file; FaultShim.swift knows its layout.
struct control {
    _Atomic int64_t clock_step;      // nanoseconds that are added to the wall clock
    _Atomic int32_t fsyncs_to_fail;  // how many of the next are to fail
    _Atomic int32_t fsyncs_failed;   // how many have failed
    _Atomic int64_t stepped_reads;   // how often a moved clock was read
};

static struct control *control;

__attribute__((constructor)) static void attach(void) {
    const char *path = getenv("LEHR_TEST_FAULTS");
    if (path == NULL) return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) control = memory;
}

static void *next(const char *name, const char *version) {
    void *function = version == NULL ? NULL : dlvsym(RTLD_NEXT, name, version);
    return function != NULL ? function : dlsym(RTLD_NEXT, name);
}

// fsync

static int is_of_a_job(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "/data/files") != NULL;
}

int fsync(int file) {
    static int (*real)(int);
    if (real == NULL) real = next("fsync", NULL);
    if (control != NULL && control->fsyncs_to_fail > 0 && is_of_a_job(file)) {
        if (atomic_fetch_sub(&control->fsyncs_to_fail, 1) > 0) {
            atomic_fetch_add(&control->fsyncs_failed, 1);
            errno = EIO;
            return -1;
        }
        atomic_fetch_add(&control->fsyncs_to_fail, 1);
    }
    return real(file);
}

// The wall clock

static int64_t step(void) { return control == NULL ? 0 : control->clock_step; }

static int64_t in_nanoseconds(const struct timespec *time) {
    return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static struct timespec from_nanoseconds(int64_t nanoseconds) {
    return (struct timespec){nanoseconds / 1000000000, nanoseconds % 1000000000};
}

static int real_clock(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) real = next("clock_gettime", NULL);
    return real(clock, time);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = real_clock(clock, time);
    if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    int64_t offset = step();
    if (offset != 0) {
        *time = from_nanoseconds(in_nanoseconds(time) + offset);
        atomic_fetch_add_explicit(&control->stepped_reads, 1, memory_order_relaxed);
    }
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (result != NULL) *result = now.tv_sec;
    return now.tv_sec;
}

// Waits until an instant of the wall clock, in slices, so that they notice when it is set meanwhile.

static const int64_t slice = 50000000;

// The end of the next slice by the real clock, and whether it is the last one.
static struct timespec slice_end(const struct timespec *end, int *is_last) {
    struct timespec now;
    real_clock(CLOCK_REALTIME, &now);
    int64_t rest = in_nanoseconds(end) - (in_nanoseconds(&now) + step());
    *is_last = rest <= slice;
    return from_nanoseconds(in_nanoseconds(&now) + (*is_last ? rest : slice));
}

// Instants of a monotonic clock are small; those of the wall clock are not.
static int is_wall(const struct timespec *end) { return end->tv_sec > 1000000000; }

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict end) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (real == NULL) real = next("pthread_cond_timedwait", "GLIBC_2.3.2");
    if (control == NULL || !is_wall(end)) return real(condition, mutex, end);
    while (1) {
        int is_last;
        struct timespec until = slice_end(end, &is_last);
        int result = real(condition, mutex, &until);
        if (result != ETIMEDOUT || is_last) return result;
    }
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict end) {
    static int (*real)(sem_t *, const struct timespec *);
    if (real == NULL) real = next("sem_timedwait", NULL);
    if (control == NULL) return real(semaphore, end);
    while (1) {
        int is_last;
        struct timespec until = slice_end(end, &is_last);
        int result = real(semaphore, &until);
        if (result == 0 || errno != ETIMEDOUT || is_last) return result;
    }
}
