// The inner loops of a weight gradient, for one width of vectors.
//
// Included by WeightGradients.c once for each width, with WIDTH, Vector and NAMED(name) defined. Sums
// of the sixteen lanes do not depend on how many of them are computed at once, so every width gives
// the same bits.

#define LOAD_VECTOR(from) \
    ({ Vector lanes_; memcpy(&lanes_, (from), sizeof lanes_); lanes_; })
#define STORE_VECTOR(to, value) \
    do { Vector lanes_ = (value); memcpy((to), &lanes_, sizeof lanes_); } while (0)

// Adds to the partial sums of `outputs` channels by one input channel and `taps` neighbouring places of
// one row of the kernel, over `rows` rows of the output.
ALWAYS_INLINE void NAMED(add_taps)(
    const size_t outputs, const size_t taps, const GradientSizes *sizes, size_t rows,
    const float *source, const float *gradient, float *partial) {
    const size_t step = sizes->stride * LANES, width = sizes->width, plane = sizes->plane;
    for (size_t lane = 0; lane < LANES; lane += WIDTH) {
        Vector sums[MOST_SUMS];
        float *own = partial + lane;
        UNROLLED for (size_t output = 0; output < outputs; output++) {
            UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                sums[output * taps + tap] =
                    LOAD_VECTOR(own + output * sizes->partial_stride + tap * LANES);
            }
        }
        const float *image_row = source + lane, *slope_row = gradient + lane;
        for (size_t y = 0; y < rows; y++) {
            const float *image = image_row, *slopes = slope_row;
            for (size_t x = 0; x < width; x++) {
                // Of sixteen registers twelve hold sums, three the image and one a slope.
                Vector values[MOST_TAPS];
                UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                    values[tap] = LOAD_VECTOR(image + tap * LANES);
                }
                UNROLLED for (size_t output = 0; output < outputs; output++) {
                    const Vector slope = LOAD_VECTOR(slopes + output * plane);
                    UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                        sums[output * taps + tap] += values[tap] * slope;
                    }
                }
                image += step;
                slopes += LANES;
            }
            image_row += sizes->stride * sizes->source_width * LANES;
            slope_row += width * LANES;
        }
        UNROLLED for (size_t output = 0; output < outputs; output++) {
            UNROLLED for (size_t tap = 0; tap < taps; tap++) {
                STORE_VECTOR(
                    own + output * sizes->partial_stride + tap * LANES,
                    sums[output * taps + tap]);
            }
        }
    }
}

#undef LOAD_VECTOR
#undef STORE_VECTOR
