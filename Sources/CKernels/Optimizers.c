#include "Optimizers.h"

#include "Lanes.h"

// Squares are summed in floats over this many elements, then in doubles.
enum { BLOCK = 4096 };

#define BLOCK_END(start, count) ((count) - (start) < BLOCK ? (count) : (start) + BLOCK)

PER_INSTRUCTION_SET
double lehr_sgd_momentum(
    float *weights, const float *gradients, float *velocities, size_t count, float rate,
    float momentum, float weight_decay, bool nesterov) {
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = BLOCK_END(start, count);
        Floats sum = {};
        for (size_t i = start; i < end; i += LANES) {
            Floats weight = LOAD(weights + i), gradient = LOAD(gradients + i);
            sum += gradient * gradient;
            gradient += weight * weight_decay;
            Floats velocity = LOAD(velocities + i) * momentum + gradient;
            STORE(velocities + i, velocity);
            Floats step = nesterov ? gradient + velocity * momentum : velocity;
            STORE(weights + i, weight - step * rate);
        }
        total += sum_of_lanes(&sum);
    }
    return total;
}

PER_INSTRUCTION_SET
double lehr_sgd(
    float *weights, const float *gradients, size_t count, float rate, float weight_decay) {
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = BLOCK_END(start, count);
        Floats sum = {};
        for (size_t i = start; i < end; i += LANES) {
            Floats weight = LOAD(weights + i), gradient = LOAD(gradients + i);
            sum += gradient * gradient;
            STORE(weights + i, weight - (gradient + weight * weight_decay) * rate);
        }
        total += sum_of_lanes(&sum);
    }
    return total;
}

PER_INSTRUCTION_SET
double lehr_adam(
    float *weights, const float *gradients, float *means, float *squares, size_t count,
    LehrAdam factors) {
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = BLOCK_END(start, count);
        Floats sum = {};
        for (size_t i = start; i < end; i += LANES) {
            Floats weight = LOAD(weights + i) * factors.shrink, gradient = LOAD(gradients + i);
            sum += gradient * gradient;
            gradient += weight * factors.coupled_decay;
            Floats mean = LOAD(means + i);
            mean += (gradient - mean) * factors.mean_weight;
            Floats square = LOAD(squares + i) * factors.square_decay
                + gradient * gradient * factors.square_weight;
            STORE(means + i, mean);
            STORE(squares + i, square);
            Floats root = __builtin_elementwise_sqrt(square) / factors.root_correction;
            STORE(weights + i, weight - mean / (root + factors.epsilon) * factors.step_size);
        }
        total += sum_of_lanes(&sum);
    }
    return total;
}
