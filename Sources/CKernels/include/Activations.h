#ifndef CKERNELS_ACTIVATIONS_H
#define CKERNELS_ACTIVATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "Areas.h"

#pragma clang assume_nonnull begin

/// A function of each value.
typedef enum {
    LEHR_IDENTITY,
    LEHR_RELU,
    LEHR_GELU,
    LEHR_TANH,
    LEHR_SILU,
} LehrFunction;

/// `output = function(input + bias)`, a channel's `bias` where it is not null; in place where `output`
/// is `input`. NaN stays NaN.
void lehr_activate(
    LehrFunction function, LehrArea area, const float *input, const float *_Nullable bias,
    float *output);

/// Multiplies `gradient` by the function's slope, and sets `bias_gradient`, where it is not null, to
/// each channel's sum, or adds to it if `adding`.
///
/// `values` are what went out of the function, but for GELU and SiLU what came in, without `bias`.
void lehr_activate_backward(
    LehrFunction function, LehrArea area, const float *values, const float *_Nullable bias,
    float *gradient, float *_Nullable bias_gradient, bool adding);

/// A dropout layer's random stream, the places it stands at, and its rate.
typedef struct {
    /// Philox's key, and the words of its counter but for the first.
    uint32_t key[2], counter[3];
    /// The place of the batch's first row in the update.
    uint32_t first_row;
    /// A value is kept where its 24 random bits are at least this.
    uint32_t threshold;
    /// What is kept is multiplied by this.
    float scale;
} LehrDropout;

/// Zeroes values by a mask that it sets, one bit for each, and multiplies the others; in place where
/// `output` is `input`.
///
/// The random word of feature f in row r of the update is that of index `r * F + f`, F being the
/// number of features rounded up to a multiple of 4.
void lehr_dropout(
    LehrDropout dropout, LehrArea area, const float *input, float *output, uint16_t *masks);

/// Does to a gradient what `lehr_dropout` did to the values.
void lehr_dropout_backward(
    LehrDropout dropout, LehrArea area, float *gradient, const uint16_t *masks);

/// `output = left + right`; in place where `output` is one of them.
void lehr_add(LehrArea area, const float *left, const float *right, float *output);

/// Copies an area's values to an equal one.
void lehr_copy(LehrArea area, const float *input, float *output);

#pragma clang assume_nonnull end

#endif
