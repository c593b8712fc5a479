#include "Correlations.h"

size_t lehr_partial_count(size_t inputs, size_t outputs, size_t kernel) {
    return inputs * outputs * kernel * kernel * LANES;
}

size_t lehr_padded_count(size_t channels, size_t height, size_t width, size_t padding) {
    return padding == 0 ? 0 : channels * (height + 2 * padding) * (width + 2 * padding) * LANES;
}

// The most sums that are kept in registers at once, and the most places of a kernel's row among them.
enum { MOST_SUMS = 12, MOST_TAPS = 3 };

// The sizes of one block with its rim; distances are floats.
typedef struct {
    size_t inputs, kernel, stride;
    // The image with its rim, and the distance of its channels.
    size_t source_width, source_plane;
    // The output, and the distances of its channels in the gradient and in the partial sums.
    size_t height, width, plane, partial_stride;
} GradientSizes;

// Registers of sixteen lanes hold the sums of a tile at once, those of eight half of the lanes.
#define WIDTH 16
#define Vector Floats
#define NAMED(name) name##_in_16
#include "WeightGradientTile.h"
#undef WIDTH
#undef Vector
#undef NAMED

typedef float HalfFloats __attribute__((vector_size(32)));
#define WIDTH 8
#define Vector HalfFloats
#define NAMED(name) name##_in_8
#include "WeightGradientTile.h"
#undef WIDTH
#undef Vector
#undef NAMED

// Whether the processor has registers of sixteen lanes.
ALWAYS_INLINE bool has_wide_registers(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f");
#else
    return false;
#endif
}

// All places of a kernel between the inputs and `outputs` channels of one block.
ALWAYS_INLINE void add_channels(
    const size_t outputs, const bool is_wide, const GradientSizes *sizes, const float *source,
    const float *gradient, float *partial) {
    const size_t kernel = sizes->kernel;
    // So many rows that those of the gradient stay in the first cache while all inputs pass.
    const size_t row_bytes = (outputs + sizes->stride) * sizes->width * LANES * sizeof(float);
    const size_t at_once = row_bytes < 20480 ? 20480 / row_bytes : 1;
    for (size_t top = 0; top < sizes->height; top += at_once) {
        const size_t rows = sizes->height - top < at_once ? sizes->height - top : at_once;
        const float *slopes = gradient + top * sizes->width * LANES;
        for (size_t input = 0; input < sizes->inputs; input++) {
            for (size_t row = 0; row < kernel; row++) {
                const float *image = source + input * sizes->source_plane
                    + (top * sizes->stride + row) * sizes->source_width * LANES;
                float *sums = partial + (input * kernel + row) * kernel * LANES;
                size_t column = 0;
#define TAKE(taps) \
    do { \
        const float *from = image + column * LANES; \
        float *own = sums + column * LANES; \
        if (is_wide) add_taps_in_16(outputs, taps, sizes, rows, from, slopes, own); \
        else add_taps_in_8(outputs, taps, sizes, rows, from, slopes, own); \
        column += taps; \
    } while (0)
                while (column + 3 <= kernel) TAKE(3);
                if (column + 2 == kernel) TAKE(2);
                if (column + 1 == kernel) TAKE(1);
#undef TAKE
            }
        }
    }
}

// Copies a block's channels into the middle of larger ones.
static void copy_inside(
    const LehrCorrelation *sizes, size_t padding, const float *source, float *padded) {
    const size_t row = sizes->source_width * LANES;
    const size_t padded_row = row + 2 * padding * LANES;
    for (size_t input = 0; input < sizes->inputs; input++) {
        float *to = padded + padding * (padded_row + LANES);
        for (size_t y = 0; y < sizes->source_height; y++, source += row, to += padded_row) {
            memcpy(to, source, row * sizeof *to);
        }
        padded += (sizes->source_height + 2 * padding) * padded_row;
    }
}

PER_MULTIPLIER
void lehr_weight_gradient(
    LehrCorrelation sizes, size_t stride, size_t padding, const float *source,
    const float *output_gradient, size_t blocks, float *padded, float *partial) {
    const size_t height = sizes.source_height + 2 * padding;
    const size_t width = sizes.source_width + 2 * padding;
    const size_t source_block = sizes.inputs * sizes.source_height * sizes.source_width * LANES;
    const GradientSizes own_sizes = {
        .inputs = sizes.inputs,
        .kernel = sizes.kernel,
        .stride = stride,
        .source_width = width,
        .source_plane = height * width * LANES,
        .height = sizes.height,
        .width = sizes.width,
        .plane = sizes.height * sizes.width * LANES,
        .partial_stride = sizes.inputs * sizes.kernel * sizes.kernel * LANES,
    };
    const bool is_wide = has_wide_registers();
    if (padding > 0) memset(padded, 0, sizes.inputs * own_sizes.source_plane * sizeof *padded);
    for (size_t block = 0; block < blocks; block++, source += source_block) {
        if (padding > 0) copy_inside(&sizes, padding, source, padded);
        const float *images = padding > 0 ? padded : source;
        for (size_t output = 0; output < sizes.outputs;) {
            const size_t left = sizes.outputs - output;
            float *sums = partial + output * own_sizes.partial_stride;
#define TAKE(outputs) \
    do { \
        if (is_wide) add_channels(outputs, true, &own_sizes, images, output_gradient, sums); \
        else add_channels(outputs, false, &own_sizes, images, output_gradient, sums); \
        output_gradient += outputs * own_sizes.plane; \
        output += outputs; \
    } while (0)
            if (left >= 4) TAKE(4);
            else if (left >= 2) TAKE(2);
            else TAKE(1);
#undef TAKE
        }
    }
}

PER_INSTRUCTION_SET
void lehr_sum_partial(const float *partial, size_t weights, float *gradient, bool adding) {
    for (size_t index = 0; index < weights; index++) {
        const Floats lanes = LOAD(partial + index * LANES);
        gradient[index] = (adding ? gradient[index] : 0) + sum_of_lanes(&lanes);
    }
}
