#ifndef CKERNELS_CONVOLUTIONS_H
#define CKERNELS_CONVOLUTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Images are blocked: [blocks, channels, height, width, 16], the sixteen rows of a block beside each
// other, so that a kernel computes the same place of sixteen images at once, whatever the number of
// channels and without a rim around the image.

#pragma clang assume_nonnull begin

/// The part of a kernel's side that lies inside the image at one place along an axis.
typedef struct {
    /// The first place of the kernel.
    int32_t tap;
    /// The number of places.
    int32_t count;
    /// The place in the image under the first one; the next is under the next place.
    int32_t source;
} LehrTaps;

/// A convolution's sizes, and what its kernel sees at each place of its output.
typedef struct {
    size_t inputs, outputs;
    size_t source_height, source_width;
    size_t height, width;
    size_t kernel;
    /// The distance between the kernel's places that lie over neighbouring values of the image.
    size_t tap_step;
    /// One per place of the output, down and across.
    const LehrTaps *down, *across;
} LehrCorrelation;

/// The floats of weights that are packed for `lehr_correlate`.
size_t lehr_packed_count(size_t inputs, size_t outputs, size_t kernel);

/// Orders torch's weights [outputs, inputs, kernel, kernel] for a forward correlation.
void lehr_pack_weights(
    const float *weights, size_t inputs, size_t outputs, size_t kernel, float *packed);

/// Orders the same weights for the gradient of what came in: from outputs to inputs, the kernel
/// turned by half a circle.
void lehr_pack_turned_weights(
    const float *weights, size_t inputs, size_t outputs, size_t kernel, float *packed);

/// Correlates `blocks` blocks of images with packed weights.
///
/// `output = bias + Σ weight · source`, where `bias` is not null, and where `relu` the larger of that
/// and 0; where `adding` the sum is added to what is there.
void lehr_correlate(
    LehrCorrelation sizes, const float *source, const float *packed, const float *_Nullable bias,
    float *output, size_t blocks, bool relu, bool adding);

/// The place of a maximum that a ReLU holds back.
enum { LEHR_NO_PLACE = 255 };

/// The floats of `rows` in `lehr_correlate_max_pool`.
size_t lehr_pooled_rows_count(LehrCorrelation sizes, size_t pool);

/// Correlates as `lehr_correlate` does, and keeps of each square of `pool` by `pool` values the largest,
/// not below 0: what a ReLU gives, and a pooling whose windows lie beside each other.
///
/// Unless `places` is null, the place of each maximum in its window goes there, row by row, or
/// `LEHR_NO_PLACE`. A window has at most 255 places.
void lehr_correlate_max_pool(
    LehrCorrelation sizes, size_t pool, const float *source, const float *packed,
    const float *_Nullable bias, float *rows, float *output, uint8_t *_Nullable places, size_t blocks);

/// Sets one block of `output` to the gradient of what came into such a ReLU: each window's goes to the
/// place of its maximum. Rows and columns that no window has are left as they are.
void lehr_unpool(
    LehrCorrelation sizes, size_t pool, const float *gradient, const uint8_t *places,
    float *output);

/// The floats of `partial` in `lehr_weight_gradient`: sixteen for each weight.
size_t lehr_partial_count(size_t inputs, size_t outputs, size_t kernel);

/// The floats of `padded` in `lehr_weight_gradient`: a block's channels with a rim; none without padding.
size_t lehr_padded_count(size_t channels, size_t height, size_t width, size_t padding);

/// Adds to `partial` [outputs, inputs, kernel, kernel, 16] the gradient of a forward correlation of
/// stride `stride` and padding `padding` by its weights, from what came in and from the gradient of what
/// went out, whose unused rows are 0; lane by lane.
void lehr_weight_gradient(
    LehrCorrelation sizes, size_t stride, size_t padding, const float *source,
    const float *output_gradient, size_t blocks, float *padded, float *partial);

/// Sets `gradient`, or adds to it if `adding`, to the sums of the sixteen lanes of each of `weights`.
void lehr_sum_partial(const float *partial, size_t weights, float *gradient, bool adding);

#pragma clang assume_nonnull end

#endif
