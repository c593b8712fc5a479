#include "Batches.h"

#include "Lanes.h"

typedef uint8_t Bytes __attribute__((vector_size(16)));

// Shuffled rows come from all over the memory; asked for this many rows ahead, they are there in
// time.
enum { ROWS_AHEAD = 6, CACHE_LINE = 64 };

ALWAYS_INLINE void prefetch(const void *start, size_t bytes) {
    for (size_t offset = 0; offset < bytes; offset += CACHE_LINE) {
        __builtin_prefetch((const char *)start + offset);
    }
}

PER_INSTRUCTION_SET
void lehr_gather_bytes(
    const uint8_t *source, size_t features, const uint32_t *rows, size_t count, const float *scale,
    const float *shift, float *out) {
    for (size_t row = 0; row < count; row++, out += features) {
        const uint8_t *sample = source + (size_t)rows[row] * features;
        if (row + ROWS_AHEAD < count) {
            prefetch(source + (size_t)rows[row + ROWS_AHEAD] * features, features);
        }
        size_t feature = 0;
        for (; feature + LANES <= features; feature += LANES) {
            Bytes bytes;
            memcpy(&bytes, sample + feature, sizeof bytes);
            Floats values = __builtin_convertvector(bytes, Floats);
            STORE(out + feature, values * LOAD(scale + feature) + LOAD(shift + feature));
        }
        for (; feature < features; feature++) {
            out[feature] = (float)sample[feature] * scale[feature] + shift[feature];
        }
    }
}

PER_INSTRUCTION_SET
void lehr_gather_floats(
    const float *source, size_t features, const uint32_t *rows, size_t count, const float *scale,
    const float *shift, float *out) {
    for (size_t row = 0; row < count; row++, out += features) {
        const float *sample = source + (size_t)rows[row] * features;
        if (row + ROWS_AHEAD < count) {
            const float *ahead = source + (size_t)rows[row + ROWS_AHEAD] * features;
            prefetch(ahead, features * sizeof *ahead);
        }
        size_t feature = 0;
        for (; feature + LANES <= features; feature += LANES) {
            Floats values = LOAD(sample + feature);
            STORE(out + feature, values * LOAD(scale + feature) + LOAD(shift + feature));
        }
        for (; feature < features; feature++) {
            out[feature] = sample[feature] * scale[feature] + shift[feature];
        }
    }
}

void lehr_gather_labels(const int32_t *source, const uint32_t *rows, size_t count, int32_t *out) {
    for (size_t row = 0; row < count; row++) out[row] = source[rows[row]];
}

void lehr_gather_values(
    const float *source, size_t width, const uint32_t *rows, size_t count, float *out) {
    for (size_t row = 0; row < count; row++, out += width) {
        memcpy(out, source + (size_t)rows[row] * width, width * sizeof *out);
    }
}

PER_INSTRUCTION_SET
void lehr_byte_moments(
    const uint8_t *source, size_t features, size_t channels, const uint32_t *rows, size_t count,
    uint64_t *sums, uint64_t *squares) {
    for (size_t row = 0; row < count; row++) {
        const uint8_t *sample = source + (size_t)rows[row] * features;
        if (channels == 1) {
            uint64_t sum = 0, square = 0;
            for (size_t feature = 0; feature < features; feature++) {
                uint32_t value = sample[feature];
                sum += value;
                square += value * value;
            }
            sums[0] += sum;
            squares[0] += square;
        } else {
            for (size_t feature = 0; feature < features; feature++) {
                uint64_t value = sample[feature];
                sums[feature % channels] += value;
                squares[feature % channels] += value * value;
            }
        }
    }
}
