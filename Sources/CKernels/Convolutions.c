#include "Convolutions.h"

#include "Lanes.h"

// A product and a sum become one instruction where the processor has it: convolutions are where the
// time goes, and their bits may depend on the processor, as those of matrix products do.
#pragma STDC FP_CONTRACT ON

#if defined(__x86_64__) && defined(__linux__) && __has_attribute(target_clones)
#define PER_MULTIPLIER __attribute__((target_clones("default", "fma", "avx512f")))
#else
#define PER_MULTIPLIER
#endif

#define UNROLLED _Pragma("clang loop unroll(full)")

// The most channels whose sums are kept in registers at once: with AVX's sixteen registers twelve
// hold the sums of six channels, two the image and one a weight.
enum { TILE = 6 };

// Channels are cut into as few tiles as there can be, and these as equal as they can be.
ALWAYS_INLINE size_t tile_count(size_t channels) { return (channels + TILE - 1) / TILE; }

ALWAYS_INLINE size_t tile_start(size_t channels, size_t tile) {
    return tile * channels / tile_count(channels);
}

size_t lehr_packed_count(size_t inputs, size_t outputs, size_t kernel) {
    return inputs * outputs * kernel * kernel;
}

// Packed weights are [tiles, inputs, kernel, kernel, channels of the tile].
static void pack(
    const float *weights, size_t inputs, size_t outputs, size_t area, size_t output_stride,
    size_t input_stride, bool turned, float *packed) {
    for (size_t tile = 0; tile < tile_count(outputs); tile++) {
        const size_t start = tile_start(outputs, tile), end = tile_start(outputs, tile + 1);
        for (size_t input = 0; input < inputs; input++) {
            for (size_t place = 0; place < area; place++) {
                const size_t from = input * input_stride + (turned ? area - 1 - place : place);
                for (size_t output = start; output < end; output++) {
                    *packed++ = weights[output * output_stride + from];
                }
            }
        }
    }
}

void lehr_pack_weights(
    const float *weights, size_t inputs, size_t outputs, size_t kernel, float *packed) {
    const size_t area = kernel * kernel;
    pack(weights, inputs, outputs, area, inputs * area, area, false, packed);
}

void lehr_pack_turned_weights(
    const float *weights, size_t inputs, size_t outputs, size_t kernel, float *packed) {
    const size_t area = kernel * kernel;
    pack(weights, outputs, inputs, area, area, inputs * area, true, packed);
}

// One tile of `tile` channels along row `y` of one block.
ALWAYS_INLINE void correlate_row(
    const size_t tile, const LehrCorrelation *sizes, size_t y, const float *source,
    const float *packed, const float *bias, float *output, bool relu, bool adding) {
    const Floats zero = {};
    const size_t kernel = sizes->kernel, step = sizes->tap_step * tile;
    const size_t source_plane = sizes->source_height * sizes->source_width * LANES;
    const size_t plane = sizes->height * sizes->width * LANES;
    const size_t weights_plane = kernel * kernel * tile;
    const LehrTaps down = sizes->down[y];
    for (size_t x = 0; x < sizes->width; x++) {
        const LehrTaps across = sizes->across[x];
        float *place = output + (y * sizes->width + x) * LANES;
        Floats sums[TILE];
        UNROLLED for (size_t channel = 0; channel < tile; channel++) {
            sums[channel] = bias ? SPLAT(bias[channel]) : zero;
        }
        const float *image =
            source + ((size_t)down.source * sizes->source_width + (size_t)across.source) * LANES;
        const float *weights =
            packed + ((size_t)down.tap * kernel + (size_t)across.tap) * tile;
        for (size_t input = 0; input < sizes->inputs; input++) {
            const float *row = image, *row_weights = weights;
            for (int32_t j = 0; j < down.count; j++) {
                const float *value = row, *weight = row_weights;
                for (int32_t i = 0; i < across.count; i++) {
                    const Floats values = LOAD(value);
                    UNROLLED for (size_t channel = 0; channel < tile; channel++) {
                        sums[channel] += values * weight[channel];
                    }
                    value += LANES;
                    weight += step;
                }
                row += sizes->source_width * LANES;
                row_weights += step * kernel;
            }
            image += source_plane;
            weights += weights_plane;
        }
        UNROLLED for (size_t channel = 0; channel < tile; channel++) {
            Floats sum = sums[channel];
            if (adding) sum += LOAD(place + channel * plane);
            if (relu) sum = SELECT(sum < zero, zero, sum);
            STORE(place + channel * plane, sum);
        }
    }
}

PER_MULTIPLIER
void lehr_correlate(
    LehrCorrelation sizes, const float *source, const float *packed, const float *bias,
    float *output, size_t blocks, bool relu, bool adding) {
    const size_t source_block = sizes.inputs * sizes.source_height * sizes.source_width * LANES;
    const size_t plane = sizes.height * sizes.width * LANES;
    for (size_t block = 0; block < blocks; block++, source += source_block) {
        // Row by row, so that the image's rows stay near while all channels pass.
        for (size_t y = 0; y < sizes.height; y++) {
            for (size_t tile = 0; tile < tile_count(sizes.outputs); tile++) {
                const size_t start = tile_start(sizes.outputs, tile);
                const size_t size = tile_start(sizes.outputs, tile + 1) - start;
                const float *own = packed + start * sizes.inputs * sizes.kernel * sizes.kernel;
                const float *own_bias = bias ? bias + start : NULL;
                float *out = output + (block * sizes.outputs + start) * plane;
#define CASE(size) \
    case size: correlate_row(size, &sizes, y, source, own, own_bias, out, relu, adding); break
                switch (size) {
                    CASE(1);
                    CASE(2);
                    CASE(3);
                    CASE(4);
                    CASE(5);
                    CASE(6);
                }
#undef CASE
            }
        }
    }
}

size_t lehr_partial_count(size_t inputs, size_t outputs, size_t kernel) {
    return inputs * outputs * kernel * kernel * LANES;
}

// The places x for which x * stride + tap - padding lies in 0..<limit.
ALWAYS_INLINE void places_inside(
    ptrdiff_t offset, ptrdiff_t stride, ptrdiff_t limit, ptrdiff_t places, ptrdiff_t *first,
    ptrdiff_t *end) {
    *first = offset < 0 ? (-offset + stride - 1) / stride : 0;
    const ptrdiff_t last = (limit - 1 - offset) / stride;
    *end = limit - 1 - offset < 0 ? 0 : (last + 1 < places ? last + 1 : places);
}

static const float ZEROS[LANES];

// Adds to the partial sums of `outputs` channels by one input channel, one row of the kernel and
// `taps` of its columns from `tap` on, over the rows `top` to `bottom` of the output.
ALWAYS_INLINE void gradient_tile(
    const size_t outputs, const size_t taps, const LehrCorrelation *sizes, ptrdiff_t stride,
    ptrdiff_t row_offset, ptrdiff_t column_offset, const float *source, const float *gradient,
    ptrdiff_t top, ptrdiff_t bottom, float *partial, size_t output_stride) {
    const ptrdiff_t height = (ptrdiff_t)sizes->source_height;
    const ptrdiff_t source_width = (ptrdiff_t)sizes->source_width;
    const ptrdiff_t width = (ptrdiff_t)sizes->width;
    const size_t plane = sizes->height * sizes->width * LANES;
    ptrdiff_t first_row, end_row;
    places_inside(row_offset, stride, height, (ptrdiff_t)sizes->height, &first_row, &end_row);
    if (first_row < top) first_row = top;
    if (end_row > bottom) end_row = bottom;
    if (first_row >= end_row) return;
    // Between `first` and `end` all taps are inside; at other places some may be.
    ptrdiff_t first, unused, end;
    places_inside(column_offset, stride, source_width, width, &first, &unused);
    places_inside(column_offset + (ptrdiff_t)taps - 1, stride, source_width, width, &unused, &end);
    if (first > width) first = width;
    if (end < first) end = first;
    Floats sums[TILE];
    UNROLLED for (size_t output = 0; output < outputs; output++) {
        UNROLLED for (size_t tap = 0; tap < taps; tap++) {
            sums[output * taps + tap] = LOAD(partial + output * output_stride + tap * LANES);
        }
    }
    for (ptrdiff_t y = first_row; y < end_row; y++) {
        const float *image =
            source + ((y * stride + row_offset) * source_width + column_offset) * LANES;
        const float *out = gradient + y * width * LANES;
        for (ptrdiff_t x = first; x < end; x++) {
            const float *values = image + x * stride * LANES;
            UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                const Floats value = LOAD(values + tap * LANES);
                UNROLLED for (size_t output = 0; output < outputs; output++) {
                    sums[output * taps + tap] += value * LOAD(out + output * plane + x * LANES);
                }
            }
        }
    }
    // At the edges some taps lie outside, where zeros stand in for the image.
    for (ptrdiff_t x = first > 0 ? 0 : end; x < width; x = x + 1 == first ? end : x + 1) {
        const float *values[TILE];
        ptrdiff_t steps[TILE];
        UNROLLED for (size_t tap = 0; tap < taps; tap++) {
            const ptrdiff_t column = x * stride + column_offset + (ptrdiff_t)tap;
            const bool inside = column >= 0 && column < source_width;
            const ptrdiff_t row = first_row * stride + row_offset;
            values[tap] = inside ? source + (row * source_width + column) * LANES : ZEROS;
            steps[tap] = inside ? stride * source_width * LANES : 0;
        }
        for (ptrdiff_t y = first_row; y < end_row; y++) {
            const float *out = gradient + (y * width + x) * LANES;
            UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                const Floats value = LOAD(values[tap]);
                values[tap] += steps[tap];
                UNROLLED for (size_t output = 0; output < outputs; output++) {
                    sums[output * taps + tap] += value * LOAD(out + output * plane);
                }
            }
        }
    }
    UNROLLED for (size_t output = 0; output < outputs; output++) {
        UNROLLED for (size_t tap = 0; tap < taps; tap++) {
            STORE(partial + output * output_stride + tap * LANES, sums[output * taps + tap]);
        }
    }
}

// All places of a kernel between `inputs` channels and `outputs` others, `taps` columns at a time.
ALWAYS_INLINE void gradient_tiles(
    const size_t outputs, const size_t taps, const LehrCorrelation *sizes, size_t stride,
    const float *source, const float *gradient, float *partial) {
    const ptrdiff_t kernel = (ptrdiff_t)sizes->kernel, height = (ptrdiff_t)sizes->height;
    const size_t area = sizes->kernel * sizes->kernel;
    const size_t source_plane = sizes->source_height * sizes->source_width * LANES;
    const size_t output_stride = sizes->inputs * area * LANES;
    // The padding is what the first place's kernel has before the image.
    const ptrdiff_t padding = sizes->down[0].tap;
    // So many rows that those of the gradient stay in the first cache while all inputs pass.
    const size_t row_bytes = (outputs + stride) * sizes->width * LANES * sizeof(float);
    const ptrdiff_t at_once = row_bytes < 20480 ? (ptrdiff_t)(20480 / row_bytes) : 1;
    for (ptrdiff_t top = 0; top < height; top += at_once) {
        const ptrdiff_t bottom = top + at_once < height ? top + at_once : height;
        for (size_t input = 0; input < sizes->inputs; input++) {
            float *sums = partial + input * area * LANES;
            for (ptrdiff_t row = 0; row < kernel; row++) {
                ptrdiff_t column = 0;
#define TAKE(count) \
    gradient_tile( \
        outputs, count, sizes, (ptrdiff_t)stride, row - padding, column - padding, \
        source + input * source_plane, gradient, top, bottom, \
        sums + (row * kernel + column) * LANES, output_stride)
                for (; column + (ptrdiff_t)taps <= kernel; column += (ptrdiff_t)taps) TAKE(taps);
                for (; column < kernel; column++) TAKE(1);
#undef TAKE
            }
        }
    }
}

PER_MULTIPLIER
void lehr_weight_gradient(
    LehrCorrelation sizes, size_t stride, const float *source, const float *output_gradient,
    size_t blocks, float *partial, float *gradient, bool adding) {
    const size_t area = sizes.kernel * sizes.kernel;
    const size_t source_block = sizes.inputs * sizes.source_height * sizes.source_width * LANES;
    const size_t plane = sizes.height * sizes.width * LANES;
    const size_t output_stride = sizes.inputs * area * LANES;
    const size_t at_once = sizes.kernel >= 3 ? 2 : sizes.kernel == 2 ? 3 : 6;
    memset(partial, 0, sizes.outputs * output_stride * sizeof(float));
    for (size_t block = 0; block < blocks; block++) {
        const float *images = source + block * source_block;
        const float *gradients = output_gradient + block * sizes.outputs * plane;
        for (size_t output = 0; output < sizes.outputs;) {
            const size_t left = sizes.outputs - output, count = left < at_once ? 1 : at_once;
            const float *own = gradients + output * plane;
            float *sums = partial + output * output_stride;
            if (count == 1) {
                gradient_tiles(1, 1, &sizes, stride, images, own, sums);
            } else if (sizes.kernel >= 3) {
                gradient_tiles(2, 3, &sizes, stride, images, own, sums);
            } else if (sizes.kernel == 2) {
                gradient_tiles(3, 2, &sizes, stride, images, own, sums);
            } else {
                gradient_tiles(6, 1, &sizes, stride, images, own, sums);
            }
            output += count;
        }
    }
    for (size_t index = 0; index < sizes.outputs * sizes.inputs * area; index++) {
        const Floats lanes = LOAD(partial + index * LANES);
        gradient[index] = (adding ? gradient[index] : 0) + sum_of_lanes(&lanes);
    }
}
