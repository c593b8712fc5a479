// Sixteen floats at a time, on whatever the processor has.
//
// The compiler lowers these vectors to the target's own registers. Sums run over sixteen fixed
// lanes and are never contracted to fused multiply-adds, so a kernel gives the same bits on every
// instruction set.

#ifndef CKERNELS_LANES_H
#define CKERNELS_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Compiles a function once per instruction set; the dynamic linker picks the best at load.
#if defined(__x86_64__) && defined(__linux__) && __has_attribute(target_clones)
#define PER_INSTRUCTION_SET __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define PER_INSTRUCTION_SET
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { LANES = 16 };

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));

// Loads and stores need no alignment. Macros, because a vector argument has no fixed calling
// convention across instruction sets.
#define LOAD(from) \
    ({ Floats lanes_; memcpy(&lanes_, (from), sizeof lanes_); lanes_; })
#define STORE(to, value) \
    do { Floats lanes_ = (value); memcpy((to), &lanes_, sizeof lanes_); } while (0)
#define SPLAT(value) ((Floats){} + (value))

// `value` where `mask` is set, else `other`; keeps every bit, NaN included.
#define SELECT(mask, value, other) \
    ((Floats)(((Ints)(value) & (mask)) | ((Ints)(other) & ~(mask))))

// Set in the first `count` lanes.
#define FIRST_LANES(count) \
    ((Ints){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} < (int32_t)(count))

// The sum of the lanes, halving the vector each time.
ALWAYS_INLINE float sum_of_lanes(const Floats *lanes) {
    float sums[LANES];
    memcpy(sums, lanes, sizeof sums);
    for (int width = LANES / 2; width > 0; width /= 2) {
        for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
    }
    return sums[0];
}

#endif
