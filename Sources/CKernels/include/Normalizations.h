#ifndef CKERNELS_NORMALIZATIONS_H
#define CKERNELS_NORMALIZATIONS_H

#include "Areas.h"

#pragma clang assume_nonnull begin

/// Normalizes each channel by the mean and population variance of the batch.
///
/// `output = (input - mean) / sqrt(variance + epsilon) * scale + shift`. Keeps the means and the
/// inverse roots in `means` and `inverses` [channels], and moves the running statistics by the share
/// `momentum` to the batch's, the variance to the unbiased one.
void lehr_batch_norm(
    LehrArea area, const float *input, const float *scale, const float *shift, float epsilon,
    float momentum, float *running_mean, float *running_variance, float *means, float *inverses,
    float *output);

/// Turns the gradient of what went out into that of what came in, in place, and sets the gradients of
/// `scale` and `shift`, or adds to them if `adding`.
void lehr_batch_norm_backward(
    LehrArea area, const float *input, const float *scale, const float *means,
    const float *inverses, float *gradient, float *scale_gradient, float *shift_gradient,
    bool adding);

/// Normalizes each channel by the running statistics.
void lehr_batch_norm_evaluation(
    LehrArea area, const float *input, const float *scale, const float *shift, float epsilon,
    const float *running_mean, const float *running_variance, float *output);

#pragma clang assume_nonnull end

#endif
