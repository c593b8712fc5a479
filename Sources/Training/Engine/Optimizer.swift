import CKernels
import Glibc
import TrainingAPI

/// An update rule with what it remembers of past gradients.
///
/// The definitions are torch's: weight decay of SGD and Adam is added to the gradient, that of AdamW
/// shrinks the weights by `rate · decay`. Factors are worked out in doubles and become floats where
/// a kernel takes them.
struct Optimizer {
    private let rule: OptimizerSpecification
    /// SGD's velocity, or Adam's means and squares; as long as the parameters, 0 at first.
    let slots: [FloatBuffer]

    init(_ rule: OptimizerSpecification, count: Int) throws(TrainingError) {
        self.rule = rule
        var slots: [FloatBuffer] = []
        for _ in 0..<rule.slotCount {
            slots.append(try FloatBuffer(count: count))
        }
        self.slots = slots
    }

    /// Makes update `step`, 0-based, and returns the sum of the squared gradients.
    ///
    /// `momentum` stands for SGD's momentum or Adam's beta1 where it is given.
    func update(
        _ parameters: FloatBuffer,
        gradients: FloatBuffer,
        step: Int,
        rate: Double,
        momentum: Double?
    ) -> Double {
        let (weights, gradients, count) =
            (parameters.elements, gradients.elements, parameters.count)
        switch rule {
        case .sgd(let rule):
            // A momentum that is granted may rise from 0: the velocity is then kept from the first.
            guard rule.momentum > 0 || momentum != nil else {
                return lehr_sgd(weights, gradients, count, Float(rate), Float(rule.weightDecay))
            }
            return lehr_sgd_momentum(
                weights,
                gradients,
                slots[0].elements,
                count,
                Float(rate),
                Float(momentum ?? rule.momentum),
                Float(rule.weightDecay),
                rule.nesterov
            )
        case .adam(let rule):
            var factors = LehrAdam(rule, step: step, rate: rate, momentum: momentum)
            factors.coupled_decay = Float(rule.weightDecay)
            return lehr_adam(
                weights,
                gradients,
                slots[0].elements,
                slots[1].elements,
                count,
                factors
            )
        case .adamw(let rule):
            var factors = LehrAdam(rule, step: step, rate: rate, momentum: momentum)
            factors.shrink = Float(1 - rate * rule.weightDecay)
            return lehr_adam(
                weights,
                gradients,
                slots[0].elements,
                slots[1].elements,
                count,
                factors
            )
        }
    }
}

extension LehrAdam {
    /// The factors of update `step`, 0-based, without weight decay.
    fileprivate init(
        _ rule: OptimizerSpecification.Adam,
        step: Int,
        rate: Double,
        momentum: Double?
    ) {
        let beta1 = momentum ?? rule.beta1
        let updates = Double(step + 1)
        self.init(
            mean_weight: Float(1 - beta1),
            square_decay: Float(rule.beta2),
            square_weight: Float(1 - rule.beta2),
            step_size: Float(rate / (1 - pow(beta1, updates))),
            root_correction: Float((1 - pow(rule.beta2, updates)).squareRoot()),
            epsilon: Float(rule.epsilon),
            coupled_decay: 0,
            shrink: 1
        )
    }
}
