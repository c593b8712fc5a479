#include "Images.h"

#include <math.h>

#include "Lanes.h"

// The part of a window at `place` that lies inside an axis of `limit` values.
ALWAYS_INLINE void bounds(
    size_t place, size_t size, size_t stride, size_t padding, size_t limit, size_t *first,
    size_t *end) {
    const size_t start = place * stride, last = start + size;
    *first = start < padding ? 0 : start - padding;
    *end = last < padding ? 0 : (last - padding < limit ? last - padding : limit);
}

// The inside of a window, by its first and last rows and columns.
#define WINDOW_AT(window, y, x) \
    size_t top, bottom, left, right; \
    bounds(y, (window)->size_down, (window)->stride, (window)->padding, \
           (window)->source_height, &top, &bottom); \
    bounds(x, (window)->size_across, (window)->stride, (window)->padding, \
           (window)->source_width, &left, &right)

PER_INSTRUCTION_SET
void lehr_max_pool(LehrWindow window, size_t planes, const float *source, float *output) {
    for (size_t plane = 0; plane < planes; plane++) {
        for (size_t y = 0; y < window.height; y++) {
            for (size_t x = 0; x < window.width; x++, output += LANES) {
                WINDOW_AT(&window, y, x);
                Floats most = SPLAT(-INFINITY);
                for (size_t row = top; row < bottom; row++) {
                    const float *values = source + row * window.source_width * LANES;
                    for (size_t column = left; column < right; column++) {
                        const Floats value = LOAD(values + column * LANES);
                        // NaN is larger than all, as in torch.
                        most = SELECT((value > most) | (value != value), value, most);
                    }
                }
                STORE(output, most);
            }
        }
        source += window.source_height * window.source_width * LANES;
    }
}

ALWAYS_INLINE void max_pool_backward(
    const LehrWindow *window, size_t planes, const float *source, const float *output,
    const float *output_gradient, float *source_gradient, const bool tiles) {
    const Floats zero = {};
    const size_t plane = window->source_height * window->source_width * LANES;
    if (!tiles) memset(source_gradient, 0, planes * plane * sizeof *source_gradient);
    for (size_t count = 0; count < planes; count++) {
        for (size_t y = 0; y < window->height; y++) {
            for (size_t x = 0; x < window->width; x++) {
                WINDOW_AT(window, y, x);
                const Floats most = LOAD(output);
                Floats left_over = LOAD(output_gradient);
                for (size_t row = top; row < bottom; row++) {
                    for (size_t column = left; column < right; column++) {
                        const size_t place = (row * window->source_width + column) * LANES;
                        const Ints isMost = LOAD(source + place) == most;
                        const Floats passed = SELECT(isMost, left_over, zero);
                        left_over = SELECT(isMost, zero, left_over);
                        if (tiles) {
                            STORE(source_gradient + place, passed);
                        } else {
                            STORE(source_gradient + place, LOAD(source_gradient + place) + passed);
                        }
                    }
                }
                output += LANES;
                output_gradient += LANES;
            }
        }
        source += plane;
        source_gradient += plane;
    }
}

PER_INSTRUCTION_SET
void lehr_max_pool_backward(
    LehrWindow window, size_t planes, const float *source, const float *output,
    const float *output_gradient, float *source_gradient) {
    const bool tiles = window.stride == window.size_down && window.padding == 0
        && window.size_down == window.size_across
        && window.height * window.stride == window.source_height
        && window.width * window.stride == window.source_width;
    if (tiles) {
        max_pool_backward(
            &window, planes, source, output, output_gradient, source_gradient, true);
    } else {
        max_pool_backward(
            &window, planes, source, output, output_gradient, source_gradient, false);
    }
}

PER_INSTRUCTION_SET
void lehr_channel_sums(
    const float *gradient, const float *values, size_t blocks, size_t channels, size_t length,
    bool relu, float *sums, bool adding) {
    const Floats zero = {};
    for (size_t channel = 0; channel < channels; channel++) {
        float total = adding ? sums[channel] : 0;
        for (size_t block = 0; block < blocks; block++) {
            const size_t start = (block * channels + channel) * length;
            Floats sum = {};
            for (size_t i = start; i < start + length; i += LANES) {
                const Floats slope = LOAD(gradient + i);
                sum += relu ? SELECT(LOAD(values + i) > zero, slope, zero) : slope;
            }
            total += sum_of_lanes(&sum);
        }
        sums[channel] = total;
    }
}

PER_INSTRUCTION_SET
void lehr_average_pool(LehrWindow window, size_t planes, const float *source, float *output) {
    const float share = 1 / (float)(window.size_down * window.size_across);
    for (size_t plane = 0; plane < planes; plane++) {
        for (size_t y = 0; y < window.height; y++) {
            for (size_t x = 0; x < window.width; x++, output += LANES) {
                WINDOW_AT(&window, y, x);
                Floats sum = {};
                for (size_t row = top; row < bottom; row++) {
                    const float *values = source + row * window.source_width * LANES;
                    for (size_t column = left; column < right; column++) {
                        sum += LOAD(values + column * LANES);
                    }
                }
                STORE(output, sum * share);
            }
        }
        source += window.source_height * window.source_width * LANES;
    }
}

PER_INSTRUCTION_SET
void lehr_average_pool_backward(
    LehrWindow window, size_t planes, const float *output_gradient, float *source_gradient) {
    const float share = 1 / (float)(window.size_down * window.size_across);
    const size_t plane = window.source_height * window.source_width * LANES;
    memset(source_gradient, 0, planes * plane * sizeof *source_gradient);
    for (size_t count = 0; count < planes; count++, source_gradient += plane) {
        for (size_t y = 0; y < window.height; y++) {
            for (size_t x = 0; x < window.width; x++, output_gradient += LANES) {
                WINDOW_AT(&window, y, x);
                const Floats slope = LOAD(output_gradient) * share;
                for (size_t row = top; row < bottom; row++) {
                    float *slopes = source_gradient + row * window.source_width * LANES;
                    for (size_t column = left; column < right; column++) {
                        STORE(slopes + column * LANES, LOAD(slopes + column * LANES) + slope);
                    }
                }
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_transpose_rows(
    const float *rows, size_t count, size_t places, size_t channels, float *output,
    size_t feature_stride, size_t block_stride) {
    const size_t features = places * channels;
    for (size_t start = 0; start < count; start += LANES, output += block_stride) {
        const size_t here = count - start < LANES ? count - start : LANES;
        for (size_t channel = 0; channel < channels; channel++) {
            for (size_t place = 0; place < places; place++) {
                float *out = output + (channel * places + place) * feature_stride;
                const float *in = rows + start * features + place * channels + channel;
                size_t lane = 0;
                for (; lane < here; lane++) out[lane] = in[lane * features];
                for (; lane < LANES; lane++) out[lane] = 0;
            }
        }
    }
}

void lehr_channels_first(
    const float *rows, size_t count, size_t places, size_t channels, float *output) {
    for (size_t row = 0; row < count; row++, rows += places * channels) {
        for (size_t channel = 0; channel < channels; channel++) {
            for (size_t place = 0; place < places; place++) {
                *output++ = rows[place * channels + channel];
            }
        }
    }
}

PER_INSTRUCTION_SET
void lehr_copy_blocks(
    const float *source, size_t source_feature, size_t source_block, float *output,
    size_t output_feature, size_t output_block, size_t features, size_t blocks) {
    for (size_t feature = 0; feature < features; feature++) {
        for (size_t block = 0; block < blocks; block++) {
            STORE(
                output + feature * output_feature + block * output_block,
                LOAD(source + feature * source_feature + block * source_block));
        }
    }
}

void lehr_clear_unused_rows(float *values, size_t features, size_t rows, size_t stride) {
    const size_t unused = (LANES - rows % LANES) % LANES;
    if (unused == 0) return;
    for (size_t feature = 0; feature < features; feature++) {
        memset(values + feature * stride + rows, 0, unused * sizeof *values);
    }
}
