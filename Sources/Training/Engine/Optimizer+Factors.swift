import CKernels
import Glibc
import TrainingAPI

extension Optimizer {
    /// The momenta of one update.
    struct Momentum {
        /// The rule's momentum or beta1, or what was granted in its place; 0 where there is none.
        let beta: Double
        /// Whether SGD's velocity begins with this update.
        let isFirst: Bool
        /// NAdam's momentum of this update; `beta` for other rules.
        let now: Double
        /// NAdam's momentum of the next update; `beta` for other rules.
        let next: Double

        /// Works out the momenta of the update that `counters` count already.
        init(
            _ rule: OptimizerSpecification.Rule,
            granted: Double?,
            _ counters: inout Counters
        ) {
            beta = granted ?? rule.momentum ?? 0
            isFirst = !counters.hasVelocity
            if beta > 0 { counters.hasVelocity = true }
            guard case .nadam(let parameters) = rule else {
                (now, next) = (beta, beta)
                return
            }
            // Source: Dozat 2016, "Incorporating Nesterov momentum into Adam", where it is μ_t.
            let (beta, decay) = (beta, parameters.momentumDecay)
            func momentum(ofUpdate update: Int) -> Double {
                beta * (1 - 0.5 * pow(0.96, Double(update) * decay))
            }
            now = momentum(ofUpdate: counters.updates)
            next = momentum(ofUpdate: counters.updates + 1)
            counters.momentumProduct *= now
        }
    }
}

extension LehrMomentum {
    /// The factors of an update; dampening begins after the velocity's first.
    init(
        _ parameters: OptimizerSpecification.StochasticGradientDescent,
        rate: Double,
        _ momentum: Optimizer.Momentum
    ) {
        self.init(
            rate: Float(rate),
            momentum: Float(momentum.beta),
            gradient_weight: momentum.isFirst ? 1 : Float(1 - parameters.dampening),
            nesterov: parameters.nesterov
        )
    }
}

extension LehrAdam {
    /// The factors of an update of Adam or AdamW.
    init(
        _ parameters: OptimizerSpecification.Adam,
        rate: Double,
        _ momentum: Optimizer.Momentum,
        _ counters: Optimizer.Counters
    ) {
        let updates = Double(counters.updates)
        self.init(
            mean_weight: Float(1 - momentum.beta),
            square_decay: Float(parameters.beta2),
            square_weight: Float(1 - parameters.beta2),
            mean_step: Float(rate / (1 - pow(momentum.beta, updates))),
            gradient_step: 0,
            root_correction: Float((1 - pow(parameters.beta2, updates)).squareRoot()),
            epsilon: Float(parameters.epsilon)
        )
    }

    /// The factors of an update of NAdam.
    init(
        _ parameters: OptimizerSpecification.NesterovAdam,
        rate: Double,
        _ momentum: Optimizer.Momentum,
        _ counters: Optimizer.Counters
    ) {
        self.init(parameters.adam, rate: rate, momentum, counters)
        let product = counters.momentumProduct
        gradient_step = Float(rate * (1 - momentum.now) / (1 - product))
        mean_step = Float(rate * momentum.next / (1 - product * momentum.next))
    }
}

extension LehrRMSprop {
    /// The factors of an update.
    init(
        _ parameters: OptimizerSpecification.RootMeanSquarePropagation,
        rate: Double,
        _ momentum: Optimizer.Momentum
    ) {
        self.init(
            rate: Float(rate),
            square_decay: Float(parameters.alpha),
            square_weight: Float(1 - parameters.alpha),
            epsilon: Float(parameters.epsilon),
            momentum: Float(momentum.beta)
        )
    }
}

extension LehrLion {
    /// The factors of an update.
    init(
        _ parameters: OptimizerSpecification.Lion,
        rate: Double,
        _ momentum: Optimizer.Momentum
    ) {
        self.init(
            rate: Float(rate),
            direction_mean: Float(momentum.beta),
            direction_gradient: Float(1 - momentum.beta),
            mean_decay: Float(parameters.beta2),
            mean_weight: Float(1 - parameters.beta2)
        )
    }
}
