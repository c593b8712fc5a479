#ifndef CKERNELS_BATCHES_H
#define CKERNELS_BATCHES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Copies `count` samples of `features` bytes each, named by `rows`, to `out` [count, features] as
/// `byte * scale[feature] + shift[feature]`.
void lehr_gather_bytes(
    const uint8_t *source, size_t features, const uint32_t *rows, size_t count, const float *scale,
    const float *shift, float *out);

/// As `lehr_gather_bytes`, from floats.
void lehr_gather_floats(
    const float *source, size_t features, const uint32_t *rows, size_t count, const float *scale,
    const float *shift, float *out);

/// Copies the labels of `count` samples named by `rows` to `out`.
void lehr_gather_labels(const int32_t *source, const uint32_t *rows, size_t count, int32_t *out);

/// Copies the `width` values of each of `count` samples named by `rows` to `out` [count, width].
void lehr_gather_values(
    const float *source, size_t width, const uint32_t *rows, size_t count, float *out);

/// Adds each channel's values and their squares over `count` samples named by `rows` to `sums` and
/// `squares` [channels]; a sample's channels vary fastest. Exact up to 2^48 values.
void lehr_byte_moments(
    const uint8_t *source, size_t features, size_t channels, const uint32_t *rows, size_t count,
    uint64_t *sums, uint64_t *squares);

#pragma clang assume_nonnull end

#endif
