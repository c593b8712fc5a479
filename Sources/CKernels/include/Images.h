#ifndef CKERNELS_IMAGES_H
#define CKERNELS_IMAGES_H

#include <stdbool.h>
#include <stddef.h>

// Blocked images are [blocks, channels, height, width, 16]; see Convolutions.h.

#pragma clang assume_nonnull begin

/// A window that moves over an image.
typedef struct {
    size_t source_height, source_width;
    size_t height, width;
    size_t size_down, size_across;
    size_t stride, padding;
} LehrWindow;

/// The largest value of each window in `planes` planes; outside the image is -infinity.
void lehr_max_pool(LehrWindow window, size_t planes, const float *source, float *output);

/// The gradient of what came in: each window's goes to its first largest value.
void lehr_max_pool_backward(
    LehrWindow window, size_t planes, const float *source, const float *output,
    const float *output_gradient, float *source_gradient);

/// Sets `sums` [channels], or adds to them if `adding`, to each channel's sum of a gradient, where
/// `relu` of the part that passes `values` above 0.
void lehr_channel_sums(
    const float *gradient, const float *values, size_t blocks, size_t channels, size_t length,
    bool relu, float *sums, bool adding);

/// The mean of each window in `planes` planes; outside the image is 0 and counted.
void lehr_average_pool(LehrWindow window, size_t planes, const float *source, float *output);

/// The gradient of what came in.
void lehr_average_pool_backward(
    LehrWindow window, size_t planes, const float *output_gradient, float *source_gradient);

/// Copies rows [rows, places, channels] to [channels, places] with sixteen rows beside each other,
/// `feature_stride` floats from feature to feature and `block_stride` from sixteen rows to the next;
/// rows up to a multiple of sixteen are 0.
void lehr_transpose_rows(
    const float *rows, size_t count, size_t places, size_t channels, float *output,
    size_t feature_stride, size_t block_stride);

/// Copies rows [rows, places, channels] to [rows, channels, places].
void lehr_channels_first(
    const float *rows, size_t count, size_t places, size_t channels, float *output);

/// Copies `features` times sixteen rows of each block between two such arrangements.
void lehr_copy_blocks(
    const float *source, size_t source_feature, size_t source_block, float *output,
    size_t output_feature, size_t output_block, size_t features, size_t blocks);

/// Sets what lies past `rows` in the last sixteen of each feature [features, stride] to 0.
void lehr_clear_unused_rows(float *values, size_t features, size_t rows, size_t stride);

#pragma clang assume_nonnull end

#endif
