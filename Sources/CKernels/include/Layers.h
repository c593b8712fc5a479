#ifndef CKERNELS_LAYERS_H
#define CKERNELS_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Activations are feature-major: [features, rows], a feature's values `stride` floats after those
// of the one before. `stride` is a multiple of 16 and at least `rows`; what lies between `rows` and
// `stride` is readable, writable and means nothing.

#pragma clang assume_nonnull begin

/// `values = max(0, values + bias)`, in place; NaN stays NaN.
void lehr_add_bias_relu(
    float *values, const float *bias, size_t features, size_t rows, size_t stride);

/// Sets `gradient` to 0 where `values`, what `lehr_add_bias_relu` gave, is not above 0, and
/// `bias_gradient` [features] to the sums of what is left, which are added to it if `adding`.
void lehr_relu_backward(
    float *gradient, const float *values, float *bias_gradient, size_t features, size_t rows,
    size_t stride, bool adding);

/// Replaces logits without their bias [classes, rows] by the gradient of `scale` times the sum of
/// their softmax cross-entropies, sets `bias_gradient` [classes] or adds to it, and returns the
/// sum of the rows' losses.
///
/// Each label is in 0..<classes.
double lehr_softmax_cross_entropy(
    float *logits, const float *bias, const int32_t *labels, float *bias_gradient, size_t classes,
    size_t rows, size_t stride, float scale, bool adding);

/// Returns the sum of the rows' softmax cross-entropy and adds to `correct` the number of rows
/// whose first largest logit is the label's; `logits` [classes, rows] are without their bias.
double lehr_softmax_cross_entropy_loss(
    const float *logits, const float *bias, const int32_t *labels, size_t *correct, size_t classes,
    size_t rows, size_t stride);

#pragma clang assume_nonnull end

#endif
