/// How a model's weights begin.
///
/// `fan_in` is the number of values that a weight's output sums over, `fan_out` the number of outputs
/// that an input has a share in. A batch normalization's scales begin at 1, its shifts at 0.
public struct Initialization: Hashable, Sendable {
    /// The distribution of the weights; with all but `pytorch` the biases begin at 0.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// What `torch.nn.Linear` and `Conv2d` draw: weights and biases from
        /// `U(-1/√fan_in, 1/√fan_in)`, which is `kaiming_uniform` with a = √5.
        case pytorch
        /// `U(-b, b)`, `b = gain · √(3 / fan_in)`; gain √2.
        ///
        /// Source: He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", equation 10.
        case kaimingUniform = "kaiming_uniform"
        /// `N(0, gain² / fan_in)`; gain √2. Source: as `kaimingUniform`.
        case kaimingNormal = "kaiming_normal"
        /// `U(-b, b)`, `b = gain · √(6 / (fan_in + fan_out))`; gain 1.
        ///
        /// Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward
        /// neural networks", equation 16.
        case xavierUniform = "xavier_uniform"
        /// `N(0, gain² · 2 / (fan_in + fan_out))`; gain 1. Source: as `xavierUniform`.
        case xavierNormal = "xavier_normal"
        /// `U(-b, b)`, `b = √(3 / fan_in)`.
        ///
        /// Source: LeCun, Bottou, Orr & Müller 1998, "Efficient backprop", section 4.6.
        case lecunUniform = "lecun_uniform"
        /// `N(0, 1 / fan_in)`. Source: as `lecunUniform`.
        case lecunNormal = "lecun_normal"
        /// Rows, or columns where those are fewer, that are orthogonal and of length `gain`; gain 1.
        ///
        /// Source: Saxe, McClelland & Ganguli 2014, "Exact solutions to the nonlinear dynamics of
        /// learning in deep linear neural networks".
        case orthogonal
        /// `N(0, std²)`; std 0.02.
        case normal
        /// Zeros, which only a model of one layer with weights can leave.
        case zeros
    }

    /// The distribution.
    public var scheme: Scheme
    /// What the deviation is multiplied by, or with `normal` the deviation itself.
    public var gain: Double

    /// Makes an initialization; `gain` is the scheme's own by default.
    public init(_ scheme: Scheme = .pytorch, gain: Double? = nil) {
        self.scheme = scheme
        self.gain = gain ?? scheme.standardGain
    }
}

extension Initialization.Scheme {
    /// The gain where none is given.
    public var standardGain: Double {
        switch self {
        case .kaimingUniform, .kaimingNormal: 2.0.squareRoot()
        case .normal: 0.02
        default: 1
        }
    }

    /// The name of the field that sets the gain; `nil` where there is nothing to set.
    var gainName: String? {
        switch self {
        case .kaimingUniform, .kaimingNormal, .xavierUniform, .xavierNormal, .orthogonal: "gain"
        case .normal: "std"
        case .pytorch, .lecunUniform, .lecunNormal, .zeros: nil
        }
    }
}
