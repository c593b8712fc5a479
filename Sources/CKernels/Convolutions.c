#include "Correlations.h"

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
                float *row =
                    output + (block * sizes.outputs + start) * plane + y * sizes.width * LANES;
                CORRELATE_ROW(size, &sizes, y, source, own, own_bias, row, plane, relu, adding);
            }
        }
    }
}
