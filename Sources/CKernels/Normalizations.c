#include "Normalizations.h"

#include <math.h>

#include "Lanes.h"

// The number of values in a channel.
ALWAYS_INLINE double value_count(const LehrArea *area) {
    const size_t places = area->rows_along_length ? 1 : area->length / LANES;
    return (double)area->rows * (double)places;
}

// The lanes that hold rows of the batch, at value `i` of a group.
#define ROWS_AT(area, group, i) \
    FIRST_LANES((area)->rows - ((area)->rows_along_length ? (i) : (group) * LANES))

PER_INSTRUCTION_SET
void lehr_batch_norm(
    LehrArea area, const float *input, const float *scale, const float *shift, float epsilon,
    float momentum, float *running_mean, float *running_variance, float *means, float *inverses,
    float *output) {
    const double count = value_count(&area);
    const Floats zero = {};
    for (size_t channel = 0; channel < area.channels; channel++) {
        const float *values = input + channel * area.stride;
        double total = 0;
        for (size_t group = 0; group < area.groups; group++) {
            Floats sum = {};
            for (size_t i = 0; i < area.length; i += LANES) {
                const Floats value = LOAD(values + group * area.group_stride + i);
                sum += SELECT(ROWS_AT(&area, group, i), value, zero);
            }
            total += sum_of_lanes(&sum);
        }
        const float mean = (float)(total / count);
        double squares = 0;
        for (size_t group = 0; group < area.groups; group++) {
            Floats sum = {};
            for (size_t i = 0; i < area.length; i += LANES) {
                const Floats off = LOAD(values + group * area.group_stride + i) - mean;
                sum += SELECT(ROWS_AT(&area, group, i), off * off, zero);
            }
            squares += sum_of_lanes(&sum);
        }
        const float inverse = (float)(1 / sqrt(squares / count + (double)epsilon));
        means[channel] = mean;
        inverses[channel] = inverse;
        running_mean[channel] += momentum * (mean - running_mean[channel]);
        running_variance[channel] +=
            momentum * ((float)(squares / (count - 1)) - running_variance[channel]);
        const float factor = inverse * scale[channel];
        float *out = output + channel * area.stride;
        for (size_t group = 0; group < area.groups; group++) {
            for (size_t i = 0; i < area.length; i += LANES) {
                const size_t place = group * area.group_stride + i;
                STORE(out + place, (LOAD(values + place) - mean) * factor + shift[channel]);
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_batch_norm_backward(
    LehrArea area, const float *input, const float *scale, const float *means,
    const float *inverses, float *gradient, float *scale_gradient, float *shift_gradient,
    bool adding) {
    const double count = value_count(&area);
    const Floats zero = {};
    for (size_t channel = 0; channel < area.channels; channel++) {
        const float *values = input + channel * area.stride;
        float *slopes = gradient + channel * area.stride;
        double total = 0, product = 0;
        for (size_t group = 0; group < area.groups; group++) {
            Floats sum = {}, products = {};
            for (size_t i = 0; i < area.length; i += LANES) {
                const size_t place = group * area.group_stride + i;
                const Floats slope = LOAD(slopes + place);
                sum += slope;
                products += slope * (LOAD(values + place) - means[channel]);
            }
            total += sum_of_lanes(&sum);
            product += sum_of_lanes(&products);
        }
        product *= inverses[channel];
        scale_gradient[channel] = (adding ? scale_gradient[channel] : 0) + (float)product;
        shift_gradient[channel] = (adding ? shift_gradient[channel] : 0) + (float)total;
        const float mean_slope = (float)(total / count);
        const float mean_product = (float)(product / count) * inverses[channel];
        const float factor = scale[channel] * inverses[channel];
        for (size_t group = 0; group < area.groups; group++) {
            for (size_t i = 0; i < area.length; i += LANES) {
                const size_t place = group * area.group_stride + i;
                const Floats off = (LOAD(values + place) - means[channel]) * mean_product;
                const Floats slope = (LOAD(slopes + place) - mean_slope - off) * factor;
                STORE(slopes + place, SELECT(ROWS_AT(&area, group, i), slope, zero));
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_batch_norm_evaluation(
    LehrArea area, const float *input, const float *scale, const float *shift, float epsilon,
    const float *running_mean, const float *running_variance, float *output) {
    for (size_t channel = 0; channel < area.channels; channel++) {
        const float root = sqrtf(running_variance[channel] + epsilon);
        const float factor = scale[channel] / root, mean = running_mean[channel];
        for (size_t group = 0; group < area.groups; group++) {
            const size_t start = group * area.group_stride + channel * area.stride;
            for (size_t i = start; i < start + area.length; i += LANES) {
                STORE(output + i, (LOAD(input + i) - mean) * factor + shift[channel]);
            }
        }
    }
}
