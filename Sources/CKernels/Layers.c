#include "Layers.h"

#include <math.h>

#include "Lanes.h"

PER_INSTRUCTION_SET
void lehr_add_bias_relu(
    float *values, const float *bias, size_t features, size_t rows, size_t stride) {
    const Floats zero = {};
    for (size_t feature = 0; feature < features; feature++, values += stride) {
        for (size_t row = 0; row < rows; row += LANES) {
            Floats sum = LOAD(values + row) + bias[feature];
            STORE(values + row, SELECT(sum < zero, zero, sum));
        }
    }
}

PER_INSTRUCTION_SET
void lehr_relu_backward(
    float *gradient, const float *values, float *bias_gradient, size_t features, size_t rows,
    size_t stride, bool adding) {
    const Floats zero = {};
    for (size_t feature = 0; feature < features; feature++) {
        Floats sum = {};
        for (size_t row = 0; row < rows; row += LANES) {
            Ints open = (LOAD(values + row) > zero) & FIRST_LANES(rows - row);
            Floats passed = SELECT(open, LOAD(gradient + row), zero);
            STORE(gradient + row, passed);
            sum += passed;
        }
        bias_gradient[feature] = (adding ? bias_gradient[feature] : 0) + sum_of_lanes(&sum);
        gradient += stride;
        values += stride;
    }
}

// e to the `exponents`, which are at most 0; 0 below -87. Within 2 units in the last place.
ALWAYS_INLINE void exponential(Floats *exponents) {
    const Floats x = *exponents;
    // Adding 1.5 * 2^23 rounds to the nearest integer, which then stands in the low bits.
    const Floats shifter = SPLAT(12582912.0f);
    Floats shifted = x * SPLAT(1.44269504f) + shifter;
    Ints power = (Ints)shifted - (Ints)shifter;
    Floats whole = shifted - shifter;
    // ln 2 in two parts: the first has so few bits that its product with `whole` is exact.
    Floats r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    // Taylor's series; the first term left out is below 6e-9 of the sum for |r| <= ln 2 / 2.
    Floats sum = SPLAT(1.0f / 5040);
    sum = sum * r + 1.0f / 720;
    sum = sum * r + 1.0f / 120;
    sum = sum * r + 1.0f / 24;
    sum = sum * r + 1.0f / 6;
    sum = sum * r + 0.5f;
    sum = sum * r + 1.0f;
    sum = sum * r + 1.0f;
    Floats scale = (Floats)((power + 127) << 23);
    const Floats zero = {};
    *exponents = SELECT(x < SPLAT(-87.0f), zero, sum * scale);
}

// The largest of each row's logits, as the bias has been added; NaN where one is NaN.
ALWAYS_INLINE void largest(
    Floats *out, const float *logits, const float *bias, size_t classes, size_t stride) {
    Floats most = LOAD(logits) + bias[0];
    for (size_t label = 1; label < classes; label++) {
        Floats logit = LOAD(logits + label * stride) + bias[label];
        most = SELECT(logit <= most, most, logit);
    }
    *out = most;
}

PER_INSTRUCTION_SET
double lehr_softmax_cross_entropy(
    float *logits, const float *bias, const int32_t *labels, float *bias_gradient, size_t classes,
    size_t rows, size_t stride, float scale, bool adding) {
    const Floats zero = {};
    double loss = 0;
    for (size_t row = 0; row < rows; row += LANES, logits += LANES, labels += LANES) {
        const size_t here = rows - row < LANES ? rows - row : LANES;
        Floats most, sum = {};
        largest(&most, logits, bias, classes, stride);
        float below[LANES];
        for (size_t lane = 0; lane < here; lane++) {
            below[lane] = logits[(size_t)labels[lane] * stride + lane] + bias[labels[lane]];
        }
        for (size_t label = 0; label < classes; label++) {
            Floats power = LOAD(logits + label * stride) + bias[label] - most;
            exponential(&power);
            STORE(logits + label * stride, power);
            sum += power;
        }
        const Floats factor = SPLAT(scale) / sum;
        const Ints valid = FIRST_LANES(here);
        for (size_t label = 0; label < classes; label++) {
            Floats share = LOAD(logits + label * stride) * factor;
            STORE(logits + label * stride, SELECT(valid, share, zero));
        }
        float sums[LANES], mosts[LANES];
        STORE(sums, sum);
        STORE(mosts, most);
        for (size_t lane = 0; lane < here; lane++) {
            logits[(size_t)labels[lane] * stride + lane] -= scale;
            loss += log((double)sums[lane]) - (double)(below[lane] - mosts[lane]);
        }
    }
    logits -= (rows + LANES - 1) / LANES * LANES;
    for (size_t label = 0; label < classes; label++, logits += stride) {
        Floats sum = {};
        for (size_t row = 0; row < rows; row += LANES) sum += LOAD(logits + row);
        bias_gradient[label] = (adding ? bias_gradient[label] : 0) + sum_of_lanes(&sum);
    }
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
            Floats logit = LOAD(logits + label * stride) + bias[label];
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
            float logit = logits[(size_t)labels[lane] * stride + lane] + bias[labels[lane]];
            loss += log((double)sums[lane]) - (double)(logit - mosts[lane]);
            *correct += firsts[lane] == labels[lane];
        }
    }
    return loss;
}
