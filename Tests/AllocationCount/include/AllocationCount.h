#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdbool.h>

/// Whether allocations are counted in this build; a sanitizer has an allocator of its own, which is left alone.
bool allocations_are_counted(void);

/// How often the calling thread has asked the C library for memory since it began.
unsigned long allocation_count(void);

#endif
