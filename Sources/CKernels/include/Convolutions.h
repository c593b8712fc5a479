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

/// The floats of `partial` in `lehr_weight_gradient`.
size_t lehr_partial_count(size_t inputs, size_t outputs, size_t kernel);

/// Sets `gradient` [outputs, inputs, kernel, kernel], or adds to it if `adding`, to that of a forward
/// correlation of stride `stride` by its weights, from what came in and from the gradient of what
/// went out, whose unused rows are 0.
void lehr_weight_gradient(
    LehrCorrelation sizes, size_t stride, const float *source, const float *output_gradient,
    size_t blocks, float *partial, float *gradient, bool adding);

#pragma clang assume_nonnull end

#endif
