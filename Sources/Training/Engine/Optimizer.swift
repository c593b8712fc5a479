import CKernels
import TrainingAPI

/// An update rule with what it remembers of past gradients.
///
/// The definitions are torch's, and those of its paper for Lion. Weight decay is added to the gradient,
/// or shrinks the weights by `rate · decay` where the rule decouples it. Factors are worked out in
/// doubles and become floats where a kernel takes them.
struct Optimizer {
    /// Neighbouring parameters that are updated alike.
    struct Span: Hashable {
        /// Where they lie; both ends are multiples of 16.
        var places: Range<Int>
        var settings: OptimizerSpecification.TensorSettings
    }

    /// What one update is made with.
    struct Settings {
        var rate: Double
        /// Stands for the rule's momentum or beta1 where it is given.
        var momentum: Double?
        /// The learning rate's peak, of which a decay coupled to the schedule is a share.
        var peak: Double
        /// What the gradient is multiplied by.
        var gradientScale = 1.0
        /// Whether changes and weights are summed beside the gradients.
        var measures = false
    }

    /// What counts from one update to the next beside the slots.
    struct Counters: Hashable, Sendable, Codable {
        /// The updates that the slots have gone through.
        var updates = 0
        /// Whether SGD's velocity has begun, which it does with the first momentum above 0.
        var hasVelocity = false
        /// NAdam's product of the momenta of all updates.
        var momentumProduct = 1.0
    }

    let rule: OptimizerSpecification.Rule
    /// What is remembered for each parameter, 0 at first but for Adagrad's sums: a velocity, or means
    /// and squares.
    let slots: [FloatBuffer]
    private let spans: [Span]
    private let coupling: OptimizerSpecification.DecayCoupling

    /// Makes the optimizer of arrays that `spans` cover.
    init(_ specification: OptimizerSpecification, spans: [Span]) throws(TrainingError) {
        rule = specification.rule
        coupling = specification.weightDecayCoupling
        self.spans = spans
        let count = spans.last?.places.upperBound ?? 0
        var slots: [FloatBuffer] = []
        for _ in 0..<rule.slotCount { slots.append(try FloatBuffer(count: count)) }
        if case .adagrad(let parameters) = rule {
            slots[0].elements.update(repeating: Float(parameters.initialAccumulator), count: count)
        }
        self.slots = slots
    }

    /// Makes an update, and returns the sums of squares that it saw.
    func update(
        _ parameters: FloatBuffer,
        gradients: FloatBuffer,
        _ settings: Settings,
        _ counters: inout Counters
    ) -> LehrSquares {
        counters.updates += 1
        let momentum = Momentum(rule, granted: settings.momentum, &counters)
        var total = LehrSquares(gradients: 0, changes: 0, weights: 0)
        for span in spans {
            let squares = pass(
                over: Arrays(parameters, gradients, slots, from: span.places.lowerBound),
                count: span.places.count,
                rate: settings.rate * span.settings.rateFactor,
                momentum,
                decay: decay(of: span, settings),
                counters
            )
            total.gradients += squares.gradients
            total.changes += squares.changes
            total.weights += squares.weights
        }
        return total
    }

    /// Makes an update of `count` parameters, and returns the sums of squares.
    private func pass(
        over arrays: Arrays,
        count: Int,
        rate: Double,
        _ momentum: Momentum,
        decay: LehrDecay,
        _ counters: Counters
    ) -> LehrSquares {
        let (weights, gradients) = (arrays.weights, arrays.gradients)
        switch rule {
        case .sgd(let parameters):
            guard momentum.beta > 0 else {
                return lehr_sgd(weights, gradients, count, decay, Float(rate))
            }
            let factors = LehrMomentum(parameters, rate: rate, momentum)
            return lehr_sgd_momentum(weights, gradients, arrays[0], count, decay, factors)
        case .adam(let parameters), .adamw(let parameters):
            let factors = LehrAdam(parameters, rate: rate, momentum, counters)
            return lehr_adam(weights, gradients, arrays[0], arrays[1], count, decay, factors)
        case .nadam(let parameters):
            let factors = LehrAdam(parameters, rate: rate, momentum, counters)
            return lehr_nadam(weights, gradients, arrays[0], arrays[1], count, decay, factors)
        case .rmsprop(let parameters):
            return lehr_rmsprop(
                weights,
                gradients,
                arrays[0],
                parameters.centered ? arrays[2] : nil,
                momentum.beta > 0 ? arrays[1] : nil,
                count,
                decay,
                LehrRMSprop(parameters, rate: rate, momentum)
            )
        case .adagrad(let parameters):
            let epsilon = Float(parameters.epsilon)
            return lehr_adagrad(weights, gradients, arrays[0], count, decay, Float(rate), epsilon)
        case .lion(let parameters):
            let factors = LehrLion(parameters, rate: rate, momentum)
            return lehr_lion(weights, gradients, arrays[0], count, decay, factors)
        }
    }

    /// How weights and gradients of a span are weighted before its update.
    private func decay(of span: Span, _ settings: Settings) -> LehrDecay {
        var decay = LehrDecay(
            gradient_scale: Float(settings.gradientScale),
            coupled_decay: 0,
            shrink: 1,
            measures: settings.measures
        )
        switch coupling {
        case .schedule:
            decay.shrink = Float(1 - settings.rate / settings.peak * span.settings.weightDecay)
        case .learningRate where rule.decouplesWeightDecay:
            decay.shrink = Float(
                1 - settings.rate * span.settings.rateFactor * span.settings.weightDecay
            )
        case .learningRate:
            decay.coupled_decay = Float(span.settings.weightDecay)
        }
        return decay
    }
}

extension Optimizer {
    /// Where the numbers of a span begin.
    struct Arrays {
        let weights: UnsafeMutablePointer<Float>
        let gradients: UnsafeMutablePointer<Float>
        private let slots: [FloatBuffer]
        private let offset: Int

        init(
            _ parameters: FloatBuffer,
            _ gradients: FloatBuffer,
            _ slots: [FloatBuffer],
            from offset: Int
        ) {
            weights = parameters.elements + offset
            self.gradients = gradients.elements + offset
            self.slots = slots
            self.offset = offset
        }

        /// The span's part of a slot.
        subscript(slot: Int) -> UnsafeMutablePointer<Float> { slots[slot].elements + offset }
    }
}
