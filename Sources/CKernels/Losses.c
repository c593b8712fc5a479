#include "Losses.h"

#include <math.h>

#include "Exponentials.h"

#define BIAS(label) (bias ? bias[label] : 0)

// The largest of each row's logits, as the bias has been added; NaN where one is NaN.
ALWAYS_INLINE void largest(
    Floats *out, const float *logits, const float *bias, size_t classes, size_t stride) {
    Floats most = LOAD(logits) + BIAS(0);
    for (size_t label = 1; label < classes; label++) {
        Floats logit = LOAD(logits + label * stride) + BIAS(label);
        most = SELECT(logit <= most, most, logit);
    }
    *out = most;
}

// Each output's sum over the rows.
ALWAYS_INLINE void bias_gradients(
    const float *gradient, float *bias_gradient, size_t outputs, size_t rows, size_t stride,
    bool adding) {
    for (size_t output = 0; bias_gradient && output < outputs; output++, gradient += stride) {
        Floats sum = {};
        for (size_t row = 0; row < rows; row += LANES) sum += LOAD(gradient + row);
        bias_gradient[output] = (adding ? bias_gradient[output] : 0) + sum_of_lanes(&sum);
    }
}

PER_INSTRUCTION_SET
double lehr_softmax_cross_entropy(
    const float *logits, const float *bias, const int32_t *labels, float *gradient,
    float *bias_gradient, size_t classes, size_t rows, size_t stride, float scale, bool adding) {
    const Floats zero = {};
    double loss = 0;
    float *const gradients = gradient;
    for (size_t row = 0; row < rows; row += LANES) {
        const size_t here = rows - row < LANES ? rows - row : LANES;
        Floats most, sum = {};
        largest(&most, logits, bias, classes, stride);
        float below[LANES];
        for (size_t lane = 0; lane < here; lane++) {
            below[lane] = logits[(size_t)labels[lane] * stride + lane] + BIAS(labels[lane]);
        }
        for (size_t label = 0; label < classes; label++) {
            Floats power = LOAD(logits + label * stride) + BIAS(label) - most;
            exponential(&power);
            STORE(gradient + label * stride, power);
            sum += power;
        }
        const Floats factor = SPLAT(scale) / sum;
        const Ints valid = FIRST_LANES(here);
        for (size_t label = 0; label < classes; label++) {
            Floats share = LOAD(gradient + label * stride) * factor;
            STORE(gradient + label * stride, SELECT(valid, share, zero));
        }
        float sums[LANES], mosts[LANES];
        STORE(sums, sum);
        STORE(mosts, most);
        for (size_t lane = 0; lane < here; lane++) {
            gradient[(size_t)labels[lane] * stride + lane] -= scale;
            loss += log((double)sums[lane]) - (double)(below[lane] - mosts[lane]);
        }
        logits += LANES;
        labels += LANES;
        gradient += LANES;
    }
    bias_gradients(gradients, bias_gradient, classes, rows, stride, adding);
    return loss;
}

PER_INSTRUCTION_SET
double lehr_weighted_cross_entropy(
    const float *logits, const float *bias, LehrClassTargets targets, float *gradient,
    float *bias_gradient, size_t classes, size_t rows, size_t stride, float scale, bool adding) {
    const Floats zero = {};
    const float spread = targets.smoothing / (float)classes, rest = 1 - targets.smoothing;
    double loss = 0;
    float *const gradients = gradient;
    for (size_t row = 0; row < rows; row += LANES, logits += LANES, gradient += LANES) {
        const Ints valid = FIRST_LANES(rows - row);
        Ints labels, others;
        memcpy(&labels, targets.labels + row, sizeof labels);
        memcpy(&others, targets.other_labels + row, sizeof others);
        Floats most, sum = {};
        largest(&most, logits, bias, classes, stride);
        for (size_t label = 0; label < classes; label++) {
            Floats power = LOAD(logits + label * stride) + BIAS(label) - most;
            exponential(&power);
            sum += power;
        }
        float sums[LANES];
        STORE(sums, sum);
        for (int lane = 0; lane < LANES; lane++) sums[lane] = (float)log((double)sums[lane]);
        const Floats logarithm = LOAD(sums);
        const Floats here = SPLAT(rest * targets.share), there = SPLAT(rest * (1 - targets.share));
        // The losses, and the sums of the targets, which weights may keep from 1.
        Floats losses = {}, wholes = {};
        for (size_t label = 0; label < classes; label++) {
            const Floats target =
                (SPLAT(spread) + SELECT(labels == (int32_t)label, here, zero)
                 + SELECT(others == (int32_t)label, there, zero))
                * (targets.weights ? targets.weights[label] : 1);
            const Floats below = LOAD(logits + label * stride) + BIAS(label) - most;
            losses += target * (logarithm - below);
            wholes += target;
        }
        for (size_t label = 0; label < classes; label++) {
            const Floats target =
                (SPLAT(spread) + SELECT(labels == (int32_t)label, here, zero)
                 + SELECT(others == (int32_t)label, there, zero))
                * (targets.weights ? targets.weights[label] : 1);
            Floats power = LOAD(logits + label * stride) + BIAS(label) - most;
            exponential(&power);
            const Floats slope = (power / sum * wholes - target) * scale;
            STORE(gradient + label * stride, SELECT(valid, slope, zero));
        }
        float lanes[LANES];
        STORE(lanes, losses);
        for (size_t lane = 0; lane < LANES && row + lane < rows; lane++) loss += lanes[lane];
    }
    bias_gradients(gradients, bias_gradient, classes, rows, stride, adding);
    return loss;
}

PER_INSTRUCTION_SET
double lehr_softmax_cross_entropy_loss(
    const float *logits, const float *bias, const int32_t *labels, size_t *correct, size_t classes,
    size_t rows, size_t stride) {
    double loss = 0;
    for (size_t row = 0; row < rows; row += LANES, logits += LANES, labels += LANES) {
        const size_t here = rows - row < LANES ? rows - row : LANES;
        Floats most, sum = {};
        largest(&most, logits, bias, classes, stride);
        Ints first = {};
        for (size_t label = classes; label-- > 0;) {
            Floats logit = LOAD(logits + label * stride) + BIAS(label);
            Ints isMost = logit == most;
            first = ((Ints){} + (int32_t)label & isMost) | (first & ~isMost);
            Floats power = logit - most;
            exponential(&power);
            sum += power;
        }
        float sums[LANES], mosts[LANES];
        STORE(sums, sum);
        STORE(mosts, most);
        int32_t firsts[LANES];
        memcpy(firsts, &first, sizeof firsts);
        for (size_t lane = 0; lane < here; lane++) {
            float logit = logits[(size_t)labels[lane] * stride + lane] + BIAS(labels[lane]);
            loss += log((double)sums[lane]) - (double)(logit - mosts[lane]);
            *correct += firsts[lane] == labels[lane];
        }
    }
    return loss;
}

double lehr_value_loss(
    const float *outputs, const float *bias, const float *targets, float delta, float *gradient,
    float *bias_gradient, size_t values, size_t rows, size_t stride, float scale, bool adding) {
    const float share = scale / (float)values;
    double loss = 0;
    for (size_t value = 0; value < values; value++) {
        for (size_t row = 0; row < rows; row++) {
            const float off = outputs[value * stride + row] + BIAS(value)
                - targets[row * values + value];
            const float size = fabsf(off);
            const bool isNear = delta == 0 || !(size > delta);
            if (delta == 0) {
                loss += (double)off * (double)off;
            } else {
                const double d = delta, s = size;
                loss += isNear ? s * s / 2 : d * (s - d / 2);
            }
            if (gradient) {
                const float slope = delta == 0 ? 2 * off : isNear ? off : copysignf(delta, off);
                gradient[value * stride + row] = slope * share;
            }
        }
        for (size_t row = rows; gradient && row % LANES != 0; row++) {
            gradient[value * stride + row] = 0;
        }
    }
    if (gradient) bias_gradients(gradient, bias_gradient, values, rows, stride, adding);
    return loss / (double)values;
}
