#include "Correlations.h"

size_t lehr_pooled_rows_count(LehrCorrelation sizes, size_t pool) {
    const size_t most = sizes.outputs < TILE ? sizes.outputs : TILE;
    return most * pool * sizes.width * LANES;
}

typedef uint8_t Places __attribute__((vector_size(16)));

// The largest value of each window in `pool` rows of one channel, not below 0, and where it lies.
ALWAYS_INLINE void pool_rows(
    const size_t pool, size_t width, const float *rows, float *output, uint8_t *places) {
    for (size_t x = 0; x < width / pool; x++) {
        Floats most = {};
        Ints place = (Ints){} + (int32_t)LEHR_NO_PLACE;
        for (size_t row = 0; row < pool; row++) {
            const float *values = rows + (row * width + x * pool) * LANES;
            for (size_t column = 0; column < pool; column++) {
                const Floats value = LOAD(values + column * LANES);
                // NaN is larger than all, as in torch; what a ReLU holds back has no place.
                const Ints larger = (value > most) | (value != value);
                most = SELECT(larger, value, most);
                place = (((Ints){} + (int32_t)(row * pool + column)) & larger) | (place & ~larger);
            }
        }
        STORE(output + x * LANES, most);
        if (places) {
            const Places narrow = __builtin_convertvector(place, Places);
            memcpy(places + x * LANES, &narrow, sizeof narrow);
        }
    }
}

PER_MULTIPLIER
void lehr_correlate_max_pool(
    LehrCorrelation sizes, size_t pool, const float *source, const float *packed, const float *bias,
    float *rows, float *output, uint8_t *places, size_t blocks) {
    const size_t source_block = sizes.inputs * sizes.source_height * sizes.source_width * LANES;
    const size_t row_length = sizes.width * LANES, rows_plane = pool * row_length;
    const size_t pooled_row = sizes.width / pool * LANES;
    const size_t plane = sizes.height / pool * pooled_row;
    for (size_t block = 0; block < blocks; block++, source += source_block) {
        for (size_t y = 0; y < sizes.height / pool; y++) {
            for (size_t tile = 0; tile < tile_count(sizes.outputs); tile++) {
                const size_t start = tile_start(sizes.outputs, tile);
                const size_t size = tile_start(sizes.outputs, tile + 1) - start;
                const float *own = packed + start * sizes.inputs * sizes.kernel * sizes.kernel;
                const float *own_bias = bias ? bias + start : NULL;
                for (size_t row = 0; row < pool; row++) {
                    const size_t from = y * pool + row;
                    float *to = rows + row * row_length;
                    CORRELATE_ROW(
                        size, &sizes, from, source, own, own_bias, to, rows_plane, false, false);
                }
                for (size_t channel = 0; channel < size; channel++) {
                    const float *own_rows = rows + channel * rows_plane;
                    const size_t at =
                        (block * sizes.outputs + start + channel) * plane + y * pooled_row;
                    uint8_t *own_places = places ? places + at : NULL;
                    if (pool == 2) pool_rows(2, sizes.width, own_rows, output + at, own_places);
                    else pool_rows(pool, sizes.width, own_rows, output + at, own_places);
                }
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_unpool(
    LehrCorrelation sizes, size_t pool, const float *gradient, const uint8_t *places,
    float *output) {
    const Floats zero = {};
    for (size_t channel = 0; channel < sizes.outputs; channel++) {
        for (size_t y = 0; y < sizes.height / pool; y++) {
            for (size_t x = 0; x < sizes.width / pool; x++, gradient += LANES, places += LANES) {
                const Floats slope = LOAD(gradient);
                Places narrow;
                memcpy(&narrow, places, sizeof narrow);
                const Ints place = __builtin_convertvector(narrow, Ints);
                float *to = output + (y * sizes.width + x) * pool * LANES;
                for (size_t down = 0; down < pool; down++, to += sizes.width * LANES) {
                    for (size_t across = 0; across < pool; across++) {
                        const Ints here = place == (int32_t)(down * pool + across);
                        STORE(to + across * LANES, SELECT(here, slope, zero));
                    }
                }
            }
        }
        output += sizes.height * sizes.width * LANES;
    }
}
