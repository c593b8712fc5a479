#ifndef CKERNELS_OPTIMIZERS_H
#define CKERNELS_OPTIMIZERS_H

#include <stdbool.h>
#include <stddef.h>

// Every array has `count` floats, a multiple of 16. Each update makes one pass over them.
//
// A pass begins alike for all rules: `weight *= shrink`, and
// `g = gradient_scale * gradient + coupled_decay * weight`.

#pragma clang assume_nonnull begin

/// What the passes of all rules begin with.
typedef struct {
    /// What gradients are multiplied by first.
    float gradient_scale;
    /// The factor of the weights that is added to the gradient.
    float coupled_decay;
    /// What the weights are multiplied by before the update.
    float shrink;
    /// Whether changes and weights are summed too, which can make a pass half as long again.
    bool measures;
} LehrDecay;

/// What a pass saw, as sums of squares.
typedef struct {
    /// Of the gradients as they came in.
    double gradients;
    /// Of the differences between the new weights and the old; 0 unless they are measured.
    double changes;
    /// Of the weights before the pass; 0 unless they are measured.
    double weights;
} LehrSquares;

/// One update of plain stochastic gradient descent: `weight -= rate * g`.
LehrSquares lehr_sgd(
    float *weights, const float *gradients, size_t count, LehrDecay decay, float rate);

/// The factors of one update of stochastic gradient descent with momentum.
typedef struct {
    float rate;
    /// The share of the last velocity that is kept.
    float momentum;
    /// The share of the gradient that enters the velocity: `1 - dampening`, or 1 at first.
    float gradient_weight;
    bool nesterov;
} LehrMomentum;

/// One update of stochastic gradient descent with momentum.
///
/// `velocity = momentum * velocity + gradient_weight * g`, and `weight -= rate * velocity`, or with
/// Nesterov `weight -= rate * (g + momentum * velocity)`.
LehrSquares lehr_sgd_momentum(
    float *weights, const float *gradients, float *velocities, size_t count, LehrDecay decay,
    LehrMomentum factors);

/// The factors of one Adam update, made from the rate, the decays and the count of updates.
typedef struct {
    /// `1 - beta1`.
    float mean_weight;
    /// `beta2`.
    float square_decay;
    /// `1 - beta2`.
    float square_weight;
    /// What the mean is multiplied by: `rate / (1 - beta1^t)`.
    float mean_step;
    /// What NAdam multiplies the gradient by.
    float gradient_step;
    /// `sqrt(1 - beta2^t)`.
    float root_correction;
    /// What is added to the root in the denominator.
    float epsilon;
} LehrAdam;

/// One update of Adam or AdamW; `gradient_step` is not read.
///
/// `mean += mean_weight * (g - mean)`, `square = square_decay * square + square_weight * g * g`, and
/// `weight -= mean_step * mean / (sqrt(square) / root_correction + epsilon)`.
LehrSquares lehr_adam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrDecay decay, LehrAdam factors);

/// One update of NAdam: as Adam's, with `mean_step * mean + gradient_step * g` over the denominator.
LehrSquares lehr_nadam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrDecay decay, LehrAdam factors);

/// The factors of one RMSprop update.
typedef struct {
    float rate;
    /// `alpha`.
    float square_decay;
    /// `1 - alpha`.
    float square_weight;
    /// What is added to the root in the denominator.
    float epsilon;
    /// The share of the last velocity that is kept.
    float momentum;
} LehrRMSprop;

/// One update of RMSprop.
///
/// `square = square_decay * square + square_weight * g * g`; with `means`, which makes it centred,
/// `mean += square_weight * (g - mean)` and the root is that of `max(0, square - mean * mean)`.
/// `weight -= rate * g / (root + epsilon)`; with `velocities` that quotient is added to
/// `momentum * velocity` and the sum taken in its place.
LehrSquares lehr_rmsprop(
    float *weights, const float *gradients, float *squares, float *_Nullable means,
    float *_Nullable velocities, size_t count, LehrDecay decay, LehrRMSprop factors);

/// One update of Adagrad: `accumulator += g * g`, and
/// `weight -= rate * g / (sqrt(accumulator) + epsilon)`.
LehrSquares lehr_adagrad(
    float *weights, const float *gradients, float *accumulators, size_t count, LehrDecay decay,
    float rate, float epsilon);

/// The factors of one Lion update.
typedef struct {
    float rate;
    /// `beta1`.
    float direction_mean;
    /// `1 - beta1`.
    float direction_gradient;
    /// `beta2`.
    float mean_decay;
    /// `1 - beta2`.
    float mean_weight;
} LehrLion;

/// One update of Lion.
///
/// `weight -= rate * sign(direction_mean * mean + direction_gradient * g)`, then
/// `mean = mean_decay * mean + mean_weight * g`.
LehrSquares lehr_lion(
    float *weights, const float *gradients, float *means, size_t count, LehrDecay decay,
    LehrLion factors);

/// The sum of the squares of `values`.
double lehr_sum_of_squares(const float *values, size_t count);

/// Holds each of `values` between `-limit` and `limit`, NaN apart; returns the sum of the squares
/// that they had.
double lehr_clamp(float *values, size_t count, float limit);

/// `average += weight * (value - average)` for each of `values`.
void lehr_average(float *averages, const float *values, size_t count, float weight);

#pragma clang assume_nonnull end

#endif
