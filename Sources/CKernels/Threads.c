#define _GNU_SOURCE
#include "Threads.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#if defined(__x86_64__)

#include <xmmintrin.h>

uint64_t lehr_flush_subnormals(void) {
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040);  // flush to zero, denormals are zero
    return mode;
}

void lehr_restore_float_mode(uint64_t mode) { _mm_setcsr((unsigned)mode); }

#elif defined(__aarch64__)

uint64_t lehr_flush_subnormals(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24)));
    return mode;
}

void lehr_restore_float_mode(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }

#else

uint64_t lehr_flush_subnormals(void) { return 0; }

void lehr_restore_float_mode(uint64_t mode) { (void)mode; }

#endif

int lehr_processor_count(void) {
    cpu_set_t allowed;
    // The main thread's id is the process's: what it may use is what the process was given.
    if (sched_getaffinity(getpid(), sizeof allowed, &allowed) != 0) return 1;
    return CPU_COUNT(&allowed);
}

int lehr_pin_thread(int index) {
    cpu_set_t allowed;
    if (sched_getaffinity(getpid(), sizeof allowed, &allowed) != 0) return errno;
    if (index < 0) return EINVAL;
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (!CPU_ISSET(processor, &allowed) || index-- > 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        return sched_setaffinity(0, sizeof one, &one) == 0 ? 0 : errno;
    }
    return EINVAL;
}
