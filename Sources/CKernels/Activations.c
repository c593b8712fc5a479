#include "Activations.h"

#include "Exponentials.h"

ALWAYS_INLINE void apply(const LehrFunction function, Floats *values) {
    const Floats x = *values, zero = {};
    Floats below, power;
    switch (function) {
        case LEHR_IDENTITY: break;
        case LEHR_RELU: *values = SELECT(x < zero, zero, x); break;
        case LEHR_GELU:
            normal_distribution(&x, &below, &power);
            *values = x * below;
            break;
        case LEHR_TANH: hyperbolic_tangent(values); break;
        case LEHR_SILU:
            sigmoid(values);
            *values *= x;
            break;
    }
}

// The gradient times the slope, of what went out, but for GELU and SiLU of what came in.
ALWAYS_INLINE void apply_slope(const LehrFunction function, const Floats *values, Floats *gradient) {
    const Floats x = *values, zero = {};
    Floats below, power;
    switch (function) {
        case LEHR_IDENTITY: break;
        case LEHR_RELU: *gradient = SELECT(x > zero, *gradient, zero); break;
        case LEHR_GELU:
            normal_distribution(&x, &below, &power);
            *gradient *= below + x * power * 0.39894228f;
            break;
        case LEHR_TANH: *gradient *= 1.0f - x * x; break;
        case LEHR_SILU:
            below = x;
            sigmoid(&below);
            *gradient *= below * (1.0f + x * (1.0f - below));
            break;
    }
}

ALWAYS_INLINE void activate(
    const LehrFunction function, const LehrArea *area, const float *input, const float *bias,
    float *output) {
    for (size_t group = 0; group < area->groups; group++) {
        for (size_t channel = 0; channel < area->channels; channel++) {
            const size_t start = group * area->group_stride + channel * area->stride;
            const float shift = bias ? bias[channel] : 0;
            for (size_t i = 0; i < area->length; i += LANES) {
                Floats values = LOAD(input + start + i) + shift;
                apply(function, &values);
                STORE(output + start + i, values);
            }
        }
    }
}

ALWAYS_INLINE void activate_backward(
    const LehrFunction function, const LehrArea *area, const float *values, const float *bias,
    float *gradient, float *bias_gradient, bool adding) {
    for (size_t channel = 0; channel < area->channels; channel++) {
        const float shift =
            bias && (function == LEHR_GELU || function == LEHR_SILU) ? bias[channel] : 0;
        float total = bias_gradient && adding ? bias_gradient[channel] : 0;
        for (size_t group = 0; group < area->groups; group++) {
            const size_t start = group * area->group_stride + channel * area->stride;
            Floats sum = {};
            for (size_t i = 0; i < area->length; i += LANES) {
                const Floats x = LOAD(values + start + i) + shift;
                Floats passed = LOAD(gradient + start + i);
                apply_slope(function, &x, &passed);
                if (function != LEHR_IDENTITY) STORE(gradient + start + i, passed);
                sum += passed;
            }
            total += sum_of_lanes(&sum);
        }
        if (bias_gradient) bias_gradient[channel] = total;
    }
}

PER_INSTRUCTION_SET
void lehr_activate(
    LehrFunction function, LehrArea area, const float *input, const float *bias, float *output) {
    switch (function) {
        case LEHR_IDENTITY: activate(LEHR_IDENTITY, &area, input, bias, output); break;
        case LEHR_RELU: activate(LEHR_RELU, &area, input, bias, output); break;
        case LEHR_GELU: activate(LEHR_GELU, &area, input, bias, output); break;
        case LEHR_TANH: activate(LEHR_TANH, &area, input, bias, output); break;
        case LEHR_SILU: activate(LEHR_SILU, &area, input, bias, output); break;
    }
}

PER_INSTRUCTION_SET
void lehr_activate_backward(
    LehrFunction function, LehrArea area, const float *values, const float *bias, float *gradient,
    float *bias_gradient, bool adding) {
#define CASE(function) \
    case function: \
        activate_backward(function, &area, values, bias, gradient, bias_gradient, adding); \
        break
    switch (function) {
        CASE(LEHR_IDENTITY);
        CASE(LEHR_RELU);
        CASE(LEHR_GELU);
        CASE(LEHR_TANH);
        CASE(LEHR_SILU);
    }
#undef CASE
}

typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint64_t WideWords __attribute__((vector_size(128)));

// Philox4x32-10 of sixteen counters that differ in their first words.
//
// Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
ALWAYS_INLINE void philox(const LehrDropout *dropout, const Words *blocks, Words out[4]) {
    const Words zero = {};
    Words a = *blocks, b = zero + dropout->counter[0];
    Words c = zero + dropout->counter[1], d = zero + dropout->counter[2];
    uint32_t first = dropout->key[0], second = dropout->key[1];
    for (int round = 0; round < 10; round++) {
        const WideWords even = __builtin_convertvector(a, WideWords) * UINT64_C(0xD2511F53);
        const WideWords odd = __builtin_convertvector(c, WideWords) * UINT64_C(0xCD9E8D57);
        a = __builtin_convertvector(odd >> 32, Words) ^ b ^ first;
        b = __builtin_convertvector(odd, Words);
        c = __builtin_convertvector(even >> 32, Words) ^ d ^ second;
        d = __builtin_convertvector(even, Words);
        first += 0x9E3779B9;
        second += 0xBB67AE85;
    }
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
}

static const Words LANE_NUMBERS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

ALWAYS_INLINE uint16_t bits_of(const Ints *mask) {
    int32_t lanes[LANES];
    memcpy(lanes, mask, sizeof lanes);
    uint16_t bits = 0;
    for (int lane = 0; lane < LANES; lane++) bits |= (uint16_t)((lanes[lane] & 1) << lane);
    return bits;
}

// The sixteen values of feature `feature` from row `row` of the batch on.
#define VALUES_AT(area, row, feature) \
    ((area)->rows_along_length \
         ? (feature) * (area)->stride + (row) \
         : (row) / LANES * (area)->group_stride + (feature) * LANES)

PER_INSTRUCTION_SET
void lehr_dropout(
    LehrDropout dropout, LehrArea area, const float *input, float *output, uint16_t *masks) {
    const size_t features =
        area.rows_along_length ? area.channels : area.channels * (area.length / LANES);
    const size_t quads = (features + 3) / 4;
    const Floats zero = {};
    for (size_t row = 0; row < area.rows; row += LANES) {
        const Words rows = LANE_NUMBERS + (dropout.first_row + (uint32_t)row);
        for (size_t quad = 0; quad < quads; quad++) {
            const Words blocks = rows * (uint32_t)quads + (uint32_t)quad;
            Words words[4];
            philox(&dropout, &blocks, words);
            for (size_t i = 0; i < 4 && quad * 4 + i < features; i++) {
                const size_t feature = quad * 4 + i, place = VALUES_AT(&area, row, feature);
                const Ints kept = (Ints)((words[i] >> 8) >= dropout.threshold);
                masks[row / LANES * features + feature] = bits_of(&kept);
                STORE(output + place, SELECT(kept, LOAD(input + place) * dropout.scale, zero));
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_dropout_backward(
    LehrDropout dropout, LehrArea area, float *gradient, const uint16_t *masks) {
    const size_t features =
        area.rows_along_length ? area.channels : area.channels * (area.length / LANES);
    const Floats zero = {};
    const Ints bit = (Ints)((Words){} + 1 << LANE_NUMBERS);
    for (size_t row = 0; row < area.rows; row += LANES) {
        for (size_t feature = 0; feature < features; feature++) {
            const size_t place = VALUES_AT(&area, row, feature);
            const Ints kept = (bit & (int32_t)masks[row / LANES * features + feature]) != 0;
            Floats values = LOAD(gradient + place) * dropout.scale;
            STORE(gradient + place, SELECT(kept, values, zero));
        }
    }
}

PER_INSTRUCTION_SET
void lehr_add(LehrArea area, const float *left, const float *right, float *output) {
    for (size_t group = 0; group < area.groups; group++) {
        for (size_t channel = 0; channel < area.channels; channel++) {
            const size_t start = group * area.group_stride + channel * area.stride;
            for (size_t i = start; i < start + area.length; i += LANES) {
                STORE(output + i, LOAD(left + i) + LOAD(right + i));
            }
        }
    }
}

void lehr_copy(LehrArea area, const float *input, float *output) {
    for (size_t group = 0; group < area.groups; group++) {
        for (size_t channel = 0; channel < area.channels; channel++) {
            const size_t start = group * area.group_stride + channel * area.stride;
            memcpy(output + start, input + start, area.length * sizeof *output);
        }
    }
}
