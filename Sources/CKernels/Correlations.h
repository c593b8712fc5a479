// The inner loops of a correlation, shared by those that store and those that pool.

#ifndef CKERNELS_CORRELATIONS_H
#define CKERNELS_CORRELATIONS_H

#include "Convolutions.h"
#include "Lanes.h"

// A product and a sum become one instruction where the processor has it: convolutions are where the
// time goes, and their bits may depend on the processor, as those of matrix products do.
#pragma STDC FP_CONTRACT ON

#if defined(__x86_64__) && defined(__linux__) && __has_attribute(target_clones)
#define PER_MULTIPLIER __attribute__((target_clones("default", "fma", "avx512f")))
#else
#define PER_MULTIPLIER
#endif

#define UNROLLED _Pragma("clang loop unroll(full)")

// The most channels whose sums are kept in registers at once: with AVX's sixteen registers twelve
// hold the sums of six channels, two the image and one a weight.
enum { TILE = 6 };

// Channels are cut into as few tiles as there can be, and these as equal as they can be.
ALWAYS_INLINE size_t tile_count(size_t channels) { return (channels + TILE - 1) / TILE; }

ALWAYS_INLINE size_t tile_start(size_t channels, size_t tile) {
    return tile * channels / tile_count(channels);
}

// Adds one tap of the kernel to the sums of `tile` channels.
#define ADD_TAP(value, weight) \
    do { \
        const Floats values = LOAD(value); \
        UNROLLED for (size_t channel = 0; channel < tile; channel++) { \
            sums[channel] += values * (weight)[channel]; \
        } \
    } while (0)

// One tile of `tile` channels along row `y` of one block, whose channels lie `plane` floats apart in
// `output`.
ALWAYS_INLINE void correlate_row(
    const size_t tile, const LehrCorrelation *sizes, size_t y, const float *source,
    const float *packed, const float *bias, float *output, size_t plane, bool relu, bool adding) {
    const Floats zero = {};
    const size_t kernel = sizes->kernel, step = sizes->tap_step * tile;
    const size_t source_plane = sizes->source_height * sizes->source_width * LANES;
    const size_t weights_plane = kernel * kernel * tile;
    const LehrTaps down = sizes->down[y];
    for (size_t x = 0; x < sizes->width; x++) {
        const LehrTaps across = sizes->across[x];
        float *place = output + x * LANES;
        Floats sums[TILE];
        UNROLLED for (size_t channel = 0; channel < tile; channel++) {
            sums[channel] = bias ? SPLAT(bias[channel]) : zero;
        }
        const float *image =
            source + ((size_t)down.source * sizes->source_width + (size_t)across.source) * LANES;
        const float *weights =
            packed + ((size_t)down.tap * kernel + (size_t)across.tap) * tile;
        for (size_t input = 0; input < sizes->inputs; input++) {
            const float *row = image, *row_weights = weights;
            for (int32_t j = 0; j < down.count; j++) {
                if (across.count == 3 && step == tile) {
                    // Most kernels have three columns: without a loop their products follow at once.
                    UNROLLED for (size_t i = 0; i < 3; i++) {
                        ADD_TAP(row + i * LANES, row_weights + i * tile);
                    }
                } else {
                    const float *value = row, *weight = row_weights;
                    for (int32_t i = 0; i < across.count; i++) {
                        ADD_TAP(value, weight);
                        value += LANES;
                        weight += step;
                    }
                }
                row += sizes->source_width * LANES;
                row_weights += step * kernel;
            }
            image += source_plane;
            weights += weights_plane;
        }
        UNROLLED for (size_t channel = 0; channel < tile; channel++) {
            Floats sum = sums[channel];
            if (adding) sum += LOAD(place + channel * plane);
            if (relu) sum = SELECT(sum < zero, zero, sum);
            STORE(place + channel * plane, sum);
        }
    }
}

#undef ADD_TAP

// The same for a tile of any number of channels.
#define CORRELATE_ROW(tile, ...) \
    switch (tile) { \
        case 1: correlate_row(1, __VA_ARGS__); break; \
        case 2: correlate_row(2, __VA_ARGS__); break; \
        case 3: correlate_row(3, __VA_ARGS__); break; \
        case 4: correlate_row(4, __VA_ARGS__); break; \
        case 5: correlate_row(5, __VA_ARGS__); break; \
        case 6: correlate_row(6, __VA_ARGS__); break; \
    }

#endif
