#include "Optimizers.h"

#include "Lanes.h"

// Squares are summed in floats over this many elements, then in doubles.
enum { BLOCK = 4096 };

#define BLOCK_END(start, count) ((count) - (start) < BLOCK ? (count) : (start) + BLOCK)

// What a block's elements have come to.
typedef struct {
    Floats gradients, changes, weights;
} Sums;

ALWAYS_INLINE void add_block(LehrSquares *total, const Sums *block, bool measures) {
    total->gradients += sum_of_lanes(&block->gradients);
    if (!measures) return;
    total->changes += sum_of_lanes(&block->changes);
    total->weights += sum_of_lanes(&block->weights);
}

// Sixteen weights on their way through an update.
typedef struct {
    // The weights before, and as the update begins from them.
    Floats before, weight;
    // The gradient with scale and decay.
    Floats gradient;
} Lane;

ALWAYS_INLINE void begin(
    Lane *lane, Sums *sums, const float *weights, const float *gradients, const LehrDecay *decay) {
    const Floats gradient = LOAD(gradients);
    sums->gradients += gradient * gradient;
    lane->before = LOAD(weights);
    lane->weight = lane->before * decay->shrink;
    lane->gradient = gradient * decay->gradient_scale + lane->weight * decay->coupled_decay;
}

ALWAYS_INLINE void finish(
    const Lane *lane, Sums *sums, float *weights, const Floats *step, bool measures) {
    const Floats weight = lane->weight - *step;
    STORE(weights, weight);
    if (!measures) return;
    const Floats change = weight - lane->before;
    sums->changes += change * change;
    sums->weights += lane->before * lane->before;
}

// Runs a body that makes `step` of `lane`, for all weights, sixteen at a time; the loop that measures
// nothing stands by itself, so that it pays for nothing.
#define UPDATE(...)                                                      \
    LehrSquares total = {};                                              \
    if (decay.measures) {                                                \
        LOOP(true, __VA_ARGS__)                                          \
    } else {                                                             \
        LOOP(false, __VA_ARGS__)                                         \
    }                                                                    \
    return total;

#define LOOP(measures, ...)                                              \
    for (size_t start = 0; start < count; start += BLOCK) {              \
        const size_t end = BLOCK_END(start, count);                      \
        Sums sums = {};                                                  \
        for (size_t i = start; i < end; i += LANES) {                    \
            Lane lane;                                                   \
            begin(&lane, &sums, weights + i, gradients + i, &decay);     \
            Floats step;                                                 \
            __VA_ARGS__                                                  \
            finish(&lane, &sums, weights + i, &step, measures);          \
        }                                                                \
        add_block(&total, &sums, measures);                              \
    }

PER_INSTRUCTION_SET
LehrSquares lehr_sgd(
    float *weights, const float *gradients, size_t count, LehrDecay decay, float rate) {
    UPDATE(step = lane.gradient * rate;)
}

PER_INSTRUCTION_SET
LehrSquares lehr_sgd_momentum(
    float *weights, const float *gradients, float *velocities, size_t count, LehrDecay decay,
    LehrMomentum factors) {
    UPDATE(
        Floats velocity = LOAD(velocities + i) * factors.momentum
            + lane.gradient * factors.gradient_weight;
        STORE(velocities + i, velocity);
        if (factors.nesterov) velocity = lane.gradient + velocity * factors.momentum;
        step = velocity * factors.rate;
    )
}

// Moves Adam's mean and square on by a gradient, and gives the denominator.
ALWAYS_INLINE void move_moments(
    float *means, float *squares, const Floats *gradient, const LehrAdam *factors, Floats *mean,
    Floats *denominator) {
    *mean = LOAD(means);
    *mean += (*gradient - *mean) * factors->mean_weight;
    STORE(means, *mean);
    Floats square = LOAD(squares) * factors->square_decay
        + *gradient * *gradient * factors->square_weight;
    STORE(squares, square);
    *denominator = __builtin_elementwise_sqrt(square) / factors->root_correction + factors->epsilon;
}

PER_INSTRUCTION_SET
LehrSquares lehr_adam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrDecay decay, LehrAdam factors) {
    UPDATE(
        Floats mean; Floats denominator;
        move_moments(means + i, squares + i, &lane.gradient, &factors, &mean, &denominator);
        step = mean / denominator * factors.mean_step;
    )
}

PER_INSTRUCTION_SET
LehrSquares lehr_nadam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrDecay decay, LehrAdam factors) {
    UPDATE(
        Floats mean; Floats denominator;
        move_moments(means + i, squares + i, &lane.gradient, &factors, &mean, &denominator);
        step = (lane.gradient * factors.gradient_step + mean * factors.mean_step) / denominator;
    )
}

PER_INSTRUCTION_SET
LehrSquares lehr_rmsprop(
    float *weights, const float *gradients, float *squares, float *means, float *velocities,
    size_t count, LehrDecay decay, LehrRMSprop factors) {
    const Floats zero = {};
    UPDATE(
        Floats square = LOAD(squares + i) * factors.square_decay
            + lane.gradient * lane.gradient * factors.square_weight;
        STORE(squares + i, square);
        if (means) {
            Floats mean = LOAD(means + i);
            mean += (lane.gradient - mean) * factors.square_weight;
            STORE(means + i, mean);
            square -= mean * mean;
            square = SELECT(square < zero, zero, square);
        }
        Floats quotient = lane.gradient / (__builtin_elementwise_sqrt(square) + factors.epsilon);
        if (velocities) {
            quotient += LOAD(velocities + i) * factors.momentum;
            STORE(velocities + i, quotient);
        }
        step = quotient * factors.rate;
    )
}

PER_INSTRUCTION_SET
LehrSquares lehr_adagrad(
    float *weights, const float *gradients, float *accumulators, size_t count, LehrDecay decay,
    float rate, float epsilon) {
    UPDATE(
        Floats square = LOAD(accumulators + i) + lane.gradient * lane.gradient;
        STORE(accumulators + i, square);
        step = lane.gradient / (__builtin_elementwise_sqrt(square) + epsilon) * rate;
    )
}

PER_INSTRUCTION_SET
LehrSquares lehr_lion(
    float *weights, const float *gradients, float *means, size_t count, LehrDecay decay,
    LehrLion factors) {
    const Floats zero = {}, up = SPLAT(factors.rate), down = -up;
    UPDATE(
        Floats mean = LOAD(means + i);
        Floats direction = mean * factors.direction_mean
            + lane.gradient * factors.direction_gradient;
        STORE(means + i, mean * factors.mean_decay + lane.gradient * factors.mean_weight);
        // What is neither above nor below 0 is 0 or NaN, and stays so.
        step = SELECT(direction > zero, up, SELECT(direction < zero, down, direction));
    )
}

PER_INSTRUCTION_SET
double lehr_sum_of_squares(const float *values, size_t count) {
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = BLOCK_END(start, count);
        Floats sum = {};
        for (size_t i = start; i < end; i += LANES) sum += LOAD(values + i) * LOAD(values + i);
        total += sum_of_lanes(&sum);
    }
    return total;
}

PER_INSTRUCTION_SET
double lehr_clamp(float *values, size_t count, float limit) {
    const Floats most = SPLAT(limit), least = -most;
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = BLOCK_END(start, count);
        Floats sum = {};
        for (size_t i = start; i < end; i += LANES) {
            Floats value = LOAD(values + i);
            sum += value * value;
            value = SELECT(value > most, most, value);
            STORE(values + i, SELECT(value < least, least, value));
        }
        total += sum_of_lanes(&sum);
    }
    return total;
}

PER_INSTRUCTION_SET
void lehr_average(float *averages, const float *values, size_t count, float weight) {
    for (size_t i = 0; i < count; i += LANES) {
        Floats average = LOAD(averages + i);
        STORE(averages + i, average + (LOAD(values + i) - average) * weight);
    }
}
