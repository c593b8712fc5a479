#ifndef CKERNELS_OPTIMIZERS_H
#define CKERNELS_OPTIMIZERS_H

#include <stdbool.h>
#include <stddef.h>

// Every array has `count` floats, a multiple of 16. Each function makes one pass over them and
// returns the sum of the squared gradients as they came in.

#pragma clang assume_nonnull begin

/// One update of stochastic gradient descent with momentum.
///
/// `g = gradient + weight_decay * weight`, `velocity = momentum * velocity + g`, and
/// `weight -= rate * velocity`, or with Nesterov `weight -= rate * (g + momentum * velocity)`.
double lehr_sgd_momentum(
    float *weights, const float *gradients, float *velocities, size_t count, float rate,
    float momentum, float weight_decay, bool nesterov);

/// One update of plain stochastic gradient descent: `weight -= rate * g`.
double lehr_sgd(
    float *weights, const float *gradients, size_t count, float rate, float weight_decay);

/// The factors of one Adam update, made from the rate, the decays and the count of updates.
typedef struct {
    /// `1 - beta1`.
    float mean_weight;
    /// `beta2`.
    float square_decay;
    /// `1 - beta2`.
    float square_weight;
    /// `rate / (1 - beta1^t)`.
    float step_size;
    /// `sqrt(1 - beta2^t)`.
    float root_correction;
    /// What is added to the root in the denominator.
    float epsilon;
    /// The factor of the weights that is added to the gradient.
    float coupled_decay;
    /// What the weights are multiplied by before the update.
    float shrink;
} LehrAdam;

/// One update of Adam or AdamW.
///
/// `weight *= shrink`, `g = gradient + coupled_decay * weight`, `mean += mean_weight * (g - mean)`,
/// `square = square_decay * square + square_weight * g * g`, and
/// `weight -= step_size * mean / (sqrt(square) / root_correction + epsilon)`.
double lehr_adam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrAdam factors);

#pragma clang assume_nonnull end

#endif
