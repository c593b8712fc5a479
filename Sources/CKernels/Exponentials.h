// Functions of sixteen floats, within a few units in the last place.

#ifndef CKERNELS_EXPONENTIALS_H
#define CKERNELS_EXPONENTIALS_H

#include "Lanes.h"

// The absolute values.
#define MAGNITUDE(x) ((Floats)((Ints)(x) & 0x7fffffff))
// The first, with the sign bits of the second.
#define SIGNED_AS(magnitude, sign) \
    ((Floats)((Ints)(magnitude) | ((Ints)(sign) & (int32_t)0x80000000)))

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

// The hyperbolic tangents, by the C library Cephes's polynomial near 0.
ALWAYS_INLINE void hyperbolic_tangent(Floats *values) {
    const Floats x = *values, size = MAGNITUDE(x), square = x * x;
    Floats near = SPLAT(-5.70498872745e-3f);
    near = near * square + 2.06390887954e-2f;
    near = near * square + -5.37397155531e-2f;
    near = near * square + 1.33314422036e-1f;
    near = near * square + -3.33332819422e-1f;
    near = near * square * x + x;
    Floats power = size * -2.0f;
    exponential(&power);
    const Floats far = (1.0f - power) / (1.0f + power);
    *values = SELECT(size >= SPLAT(0.625f), SIGNED_AS(far, x), near);
}

// 1 / (1 + e^-x).
ALWAYS_INLINE void sigmoid(Floats *values) {
    const Floats x = *values, zero = {};
    Floats power = -MAGNITUDE(x);
    exponential(&power);
    const Floats whole = 1.0f / (1.0f + power);
    *values = SELECT(x < zero, power * whole, whole);
}

// The normal distribution's share below x, and its density at x times the square root of 2 pi; by
// Cephes's polynomials for erf and erfc.
ALWAYS_INLINE void normal_distribution(const Floats *values, Floats *below, Floats *power) {
    const Floats x = *values * 0.70710678f, size = MAGNITUDE(x), square = x * x, zero = {};
    Floats near = SPLAT(7.853861353153693e-5f);
    near = near * square + -8.010193625184903e-4f;
    near = near * square + 5.188327685732524e-3f;
    near = near * square + -2.685381193529856e-2f;
    near = near * square + 1.128358514861418e-1f;
    near = near * square + -3.761262582423300e-1f;
    near = near * square + 1.128379165726710f;
    near = 0.5f + 0.5f * x * near;
    *power = *values * *values * -0.5f;
    exponential(power);
    const Floats inverse = 1.0f / SELECT(size > SPLAT(0.5f), size, SPLAT(0.5f));
    const Floats z = inverse * inverse;
    Floats middle = SPLAT(2.326819970068386e-2f);
    middle = middle * z + -1.387039388740657e-1f;
    middle = middle * z + 3.687424674597105e-1f;
    middle = middle * z + -5.824733027278666e-1f;
    middle = middle * z + 6.210004621745983e-1f;
    middle = middle * z + -4.944515323274145e-1f;
    middle = middle * z + 3.404879937665872e-1f;
    middle = middle * z + -2.741127028184656e-1f;
    middle = middle * z + 5.638259427386472e-1f;
    Floats far = SPLAT(-1.047766399936249e+1f);
    far = far * z + 1.297719955372516e+1f;
    far = far * z + -7.495518717768503f;
    far = far * z + 2.921019019210786f;
    far = far * z + -1.015265279202700f;
    far = far * z + 4.218463358204948e-1f;
    far = far * z + -2.820767439740514e-1f;
    far = far * z + 5.641895067754075e-1f;
    const Floats tail =
        *power * inverse * SELECT(size < SPLAT(2.0f), middle, far) * 0.5f;
    const Floats outer = SELECT(x < zero, tail, 1.0f - tail);
    *below = SELECT(size < SPLAT(1.0f), near, outer);
}

#endif
