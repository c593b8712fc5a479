#ifndef CKERNELS_LOSSES_H
#define CKERNELS_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A model's outputs are feature-major: [outputs, rows], an output's values `stride` floats after those
// of the one before. `stride` is a multiple of 16 and at least `rows`; what lies between `rows` and
// `stride` is readable, writable and means nothing, but for gradients, where it is set to 0 up to the
// next multiple of 16. `bias`, where it is not null, is still to be added to the outputs, and then
// `bias_gradient` is set to its gradient, or that is added to it if `adding`.

#pragma clang assume_nonnull begin

/// Sets `gradient`, which may be `logits` itself, to that of `scale` times the sum of the rows'
/// softmax cross-entropies, and returns the sum.
///
/// Each label is in 0..<classes.
double lehr_softmax_cross_entropy(
    const float *logits, const float *_Nullable bias, const int32_t *labels, float *gradient,
    float *_Nullable bias_gradient, size_t classes, size_t rows, size_t stride, float scale,
    bool adding);

/// What the probabilities of the classes should be.
typedef struct {
    /// The rows' labels, of weight `share`.
    const int32_t *labels;
    /// The labels that share the rows with these, of weight `1 - share`.
    const int32_t *other_labels;
    float share;
    /// The share of a row that is spread over all classes.
    float smoothing;
    /// What each class's term is multiplied by; null for 1.
    const float *_Nullable weights;
} LehrClassTargets;

/// As `lehr_softmax_cross_entropy`, of the terms `weight · target · -log softmax(logits)`.
double lehr_weighted_cross_entropy(
    const float *logits, const float *_Nullable bias, LehrClassTargets targets, float *gradient,
    float *_Nullable bias_gradient, size_t classes, size_t rows, size_t stride, float scale,
    bool adding);

/// Returns the sum of the rows' softmax cross-entropy and adds to `correct` the number of rows
/// whose first largest logit is the label's.
double lehr_softmax_cross_entropy_loss(
    const float *logits, const float *_Nullable bias, const int32_t *labels, size_t *correct,
    size_t classes, size_t rows, size_t stride);

/// Returns the sum of the rows' losses, each the mean over its values, and sets `gradient`, which may
/// be `outputs` itself or null, to that of `scale` times the sum.
///
/// With d = output - target, [rows, values]: d² where `delta` is 0; else Huber's d²/2 where
/// |d| is at most `delta`, and `delta · (|d| - delta/2)` beyond.
double lehr_value_loss(
    const float *outputs, const float *_Nullable bias, const float *targets, float delta,
    float *_Nullable gradient, float *_Nullable bias_gradient, size_t values, size_t rows,
    size_t stride, float scale, bool adding);

#pragma clang assume_nonnull end

#endif
